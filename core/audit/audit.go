// Package audit is the log of every act as people use it: searched, read, verified and exported. The entries themselves and
// their chain are in audit/chain; only the gate writes them.
package audit

import (
	"context"
	"errors"
	"io/fs"
	"strconv"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/audit/chain"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/message"
)

// Search narrows the log. Empty fields narrow nothing.
type Search struct {
	// Who is part of the actor's name, What of the act or its target, Where of the region or the workspace.
	Who, What, Where string
	// Since and Until bound the time: Since <= at < Until.
	Since, Until time.Time
	// Query pages through the entries, newest first unless it sorts otherwise. Its filter fields: who, what, where, target,
	// outcome, face, request, session.
	Query list.Query
}

func fields() []list.Field {
	return append(list.Texts("who", "what", "where", "target", "request", "session"), list.OneOf("outcome", chain.Done, chain.Denied),
		list.OneOf("face", control.FaceConsole, control.FaceCommand, control.FaceSetup, control.FaceKeeper), list.Numbered("id"), list.Days("at"))
}

// View is which entries the caller may read: all of them, or one's own and those of the workspaces one administers.
type View struct {
	All       bool
	Principal access.PrincipalID
}

// Store is what this area needs of storage.
type Store interface {
	List(ctx context.Context, v View, s Search) (list.Page[chain.Entry], error)
	// Get finds an entry by number; ok is false if there is none that the view shows.
	Get(ctx context.Context, v View, seq int64) (e chain.Entry, ok bool, err error)
	// Walk hands over all entries in the order of the log, verified or not, until fn fails.
	Walk(ctx context.Context, fn func(*chain.Entry) error) error
}

// Checkpoints is where the newest head is kept outside the database.
type Checkpoints interface {
	// Load reads the kept head; ok is false if none is kept. A kept head that was tampered with is an error.
	Load() (h chain.Head, ok bool, err error)
	// Files names the file of the head and that of the key which signs it.
	Files() (head, key string)
	// CheckKey says why the key cannot be used; fs.ErrNotExist is in the error if there is none.
	CheckKey() error
}

// Service is the area's acts.
type Service struct {
	gate  *control.Gate
	store Store
	kept  Checkpoints
}

// New makes the service. kept may be nil.
func New(gate *control.Gate, store Store, kept Checkpoints) *Service {
	return &Service{gate: gate, store: store, kept: kept}
}

// List searches the log.
func (s *Service) List(ctx context.Context, q Search) (list.Page[chain.Entry], error) {
	return control.Ask(ctx, s.gate, control.Query[list.Page[chain.Entry]]{
		Action: action.AuditList,
		Do: func(ctx context.Context, _ control.Target, by control.Viewer) (list.Page[chain.Entry], error) {
			if err := q.Query.Check(fields()...); err != nil {
				return list.Page[chain.Entry]{}, err
			}
			return s.store.List(ctx, view(by), q)
		},
	})
}

// Show reads one entry.
func (s *Service) Show(ctx context.Context, seq int64) (chain.Entry, error) {
	return control.Ask(ctx, s.gate, control.Query[chain.Entry]{
		Action: action.AuditShow,
		Do: func(ctx context.Context, _ control.Target, by control.Viewer) (chain.Entry, error) {
			e, ok, err := s.store.Get(ctx, view(by), seq)
			if err == nil && !ok {
				err = &fault.NotFound{What: "audit_entry", Name: strconv.FormatInt(seq, 10)}
			}
			return e, err
		},
	})
}

// Verify reads the whole log and holds it against its own chain and against a head kept outside: the given one, or, if that is
// nil, the one kept beside the database.
func (s *Service) Verify(ctx context.Context, head *chain.Head) (chain.Report, error) {
	return control.Ask(ctx, s.gate, control.Query[chain.Report]{
		Action: action.AuditVerify,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (chain.Report, error) {
			var source string
			var unchecked []message.Text
			notes := s.keyNotes()
			against := head
			if against == nil {
				notes = nil
				var err error
				if against, source, unchecked, err = s.outside(); err != nil {
					return chain.Report{}, err
				}
			}
			v := chain.NewVerifier(against)
			err := s.store.Walk(ctx, func(e *chain.Entry) error { v.Next(e); return ctx.Err() })
			r := v.Report()
			if head == nil && against != nil && against.Since > 1 {
				notes = append(notes, message.Text{ID: "audit.note.since", Args: message.Args{"Since": against.Since}})
			}
			r.Source, r.Unchecked, r.Notes = source, unchecked, notes
			return r, err
		},
	})
}

// keyNotes say how the key beside the database is when a head from elsewhere is verified against, which does not need it:
// what became of the key is a trace of what became of the head that it signs.
func (s *Service) keyNotes() []message.Text {
	if s.kept == nil {
		return nil
	}
	_, key := s.kept.Files()
	if t, bad := keyFault(s.kept.CheckKey(), key); bad {
		return []message.Text{t}
	}
	return []message.Text{{ID: "audit.note.key", Args: message.Args{"Path": key}}}
}

// keyFault says what is wrong with the key.
func keyFault(err error, key string) (t message.Text, bad bool) {
	switch {
	case err == nil:
		return t, false
	case errors.Is(err, fs.ErrNotExist):
		return message.Text{ID: "audit.unchecked.no_key", Args: message.Args{"Path": key}}, true
	}
	return message.Text{ID: "audit.unchecked.bad_key", Args: message.Args{"Path": key, "Evidence": err.Error()}}, true
}

// outside is the head kept beside the database with its file or, if there is none, what cannot be checked without it. The
// gate keeps a head after each entry, the very first one included, so that a log without one has lost it or was copied
// without it: either way nothing tells whether its end is there.
func (s *Service) outside() (head *chain.Head, source string, unchecked []message.Text, err error) {
	if s.kept == nil {
		return nil, "", []message.Text{{ID: "audit.unchecked.none"}}, nil
	}
	file, key := s.kept.Files()
	kept, ok, err := s.kept.Load()
	if err != nil {
		return nil, "", nil, &fault.Unavailable{What: message.Text{ID: "fault.audit.checkpoint"}, Evidence: err.Error(),
			Way: message.Text{ID: "fault.audit.checkpoint.next"}, Err: err}
	}
	if ok {
		return &kept, file, nil, nil
	}
	unchecked = []message.Text{{ID: "audit.unchecked.missing", Args: message.Args{"Path": file}}}
	// Loading asks for the key only when there is something signed. What became of it is a trace of what became of the head.
	if t, bad := keyFault(s.kept.CheckKey(), key); bad {
		unchecked = append(unchecked, t)
	}
	return nil, "", unchecked, nil
}

// Checkpoint is the newest head, to be kept somewhere else and given to Verify later.
func (s *Service) Checkpoint(ctx context.Context) (chain.Head, error) {
	return control.Ask(ctx, s.gate, control.Query[chain.Head]{
		Action: action.AuditCheckpoint,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (chain.Head, error) {
			page, err := s.store.List(ctx, View{All: true}, Search{Query: list.Query{Limit: 1}})
			if err != nil || len(page.Items) == 0 {
				return chain.Head{}, err
			}
			e := page.Items[0]
			return chain.Head{Seq: e.Seq, Hash: e.Hash, At: e.At}, nil
		},
	})
}

// Export hands over the entries that a search finds, oldest first. That the log was exported is itself an entry.
func (s *Service) Export(ctx context.Context, q Search, fn func(*chain.Entry) error) error {
	if _, err := control.Do(ctx, s.gate, control.Change[int]{
		Action: action.AuditExport,
		Apply: func(context.Context, control.Target, control.Actor) (control.Applied[int], error) {
			return control.Applied[int]{After: map[string]string{"who": q.Who, "what": q.What, "where": q.Where, "filter": q.Query.Filter.String()}}, nil
		},
	}); err != nil {
		return err
	}
	q.Query.Sort, q.Query.Limit = list.Sort{Field: "id"}, list.MaxLimit
	for {
		page, err := s.List(ctx, q)
		if err != nil {
			return err
		}
		for i := range page.Items {
			if err := fn(&page.Items[i]); err != nil {
				return err
			}
		}
		if len(page.Items) < list.MaxLimit {
			return nil
		}
		q.Query.From = &page.Keys[len(page.Keys)-1]
	}
}

func view(by control.Viewer) View { return View{All: by.Everything, Principal: by.Principal} }
