package request

import (
	"context"
	"errors"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
	"reeve/core/message"
	"reeve/core/text"
)

// Wanted is what somebody asks for.
type Wanted struct {
	Kind Kind
	// Region may be empty where the name of the workspace is unique; a tenant role needs it.
	Region    string
	Workspace string
	// Role is what a person would call the role, or the policy.
	Role string
	// Why is the reason, 3 to 500 characters.
	Why string
	End End
}

// Made is a request that was made, with whom it waits for.
type Made struct {
	Request
	// Ask names some of those who may decide it.
	Ask []string `json:"ask"`
}

// words is the rule for reasons and notes. It is ours.
var words = text.Rule{Min: 3, Max: 500}

// notes is that for notes that may be left out.
var notes = text.Rule{Max: 500}

// WhyFault says what is wrong with a reason by itself, for forms that answer while one types.
func WhyFault(why string) (message.Text, bool) {
	t, ok := words.Check(strings.TrimSpace(why))
	return t, !ok
}

// NoteFault says what is wrong with a note that may be empty.
func NoteFault(note string) (message.Text, bool) {
	t, ok := notes.Check(strings.TrimSpace(note))
	return t, !ok
}

func wrongWords(field, said string, optional bool) []fault.Field {
	check := WhyFault
	if optional {
		check = NoteFault
	}
	if t, wrong := check(said); wrong {
		return []fault.Field{{Name: field, Text: t}}
	}
	return nil
}

func unknownKind() error { return fault.OneField("kind", "fault.request.kind", nil) }

// Create asks for a grant. Anybody may ask for a built-in role of any workspace whose name they know, and its members for its custom
// roles too; a name that is not there is told as it is told everywhere.
func (s *Service) Create(ctx context.Context, in Wanted) (Made, error) {
	in.Why = strings.TrimSpace(in.Why)
	in.End.At = guard.End(in.End.At)
	return control.Do(ctx, s.gate, control.Change[Made]{
		Action: action.RequestCreate,
		Target: func(ctx context.Context) (control.Target, error) {
			t, err := s.where(in)(ctx)
			t.Kind, t.Name = kind, in.Role
			return t, err
		},
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			bad := append(wrongWords("because", in.Why, false), wrongEnd(s.gate.Now(), in.End)...)
			_, wrong, err := s.find(ctx, in.Kind, t, in.Role)
			return append(bad, wrong...), err
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Made], error) {
			none := control.Applied[Made]{}
			role, _, err := s.find(ctx, in.Kind, t, in.Role)
			if err != nil {
				return none, err
			}
			r := in.request(t, role, by, s.gate.Now())
			if err := s.refuseSame(ctx, r); err != nil {
				return none, err
			}
			if err := s.refuseHeld(ctx, r, r.User, r.Role, r.End().From(s.gate.Now())); err != nil {
				return none, err
			}
			if r, err = s.store.Insert(ctx, r); err != nil {
				return none, err
			}
			ask, err := s.whomToAsk(ctx, r.place())
			return control.Applied[Made]{Value: Made{Request: r, Ask: ask}, After: r, Target: r.target()}, err
		},
	})
}

func (in Wanted) request(t control.Target, role Role, by control.Actor, now time.Time) Request {
	r := Request{User: by.Name, Requester: by.Principal, Kind: in.Kind, Region: t.Region, Workspace: t.WorkspaceName, WorkspaceID: t.Workspace,
		Role: role, Why: in.Why, Lasts: int64(in.End.After / time.Second), State: Pending, AskedAt: now, ExpiresAt: now.AddDate(0, 0, Days), Version: 1}
	if !in.End.At.IsZero() && in.End.After <= 0 {
		end := in.End.At
		r.Until = &end
		if end.Before(r.ExpiresAt) {
			r.ExpiresAt = end // by then there is nothing left to grant
		}
	}
	return r
}

// wrongEnd says what is wrong with the end of what is to be granted.
func wrongEnd(now time.Time, e End) []fault.Field {
	if e.After < 0 || e.After > 0 && !e.At.IsZero() {
		return []fault.Field{{Name: "until", Text: message.Text{ID: "fault.request.end"}}}
	}
	return guard.Until(now, e.From(now))
}

// find finds what is asked for, saying what is wrong with its name.
func (s *Service) find(ctx context.Context, k Kind, t control.Target, name string) (Role, []fault.Field, error) {
	giver, ok := s.givers[k]
	if !ok {
		return Role{}, nil, unknownKind()
	}
	if strings.TrimSpace(name) == "" {
		return Role{}, []fault.Field{{Name: "role", Text: message.Text{ID: "fault.member.no_role"}}}, nil
	}
	within, err := s.within(ctx, k, t)
	if err != nil {
		return Role{}, nil, err
	}
	role, err := giver.Find(ctx, t, name, within)
	var missing *fault.NotFound
	if errors.As(err, &missing) {
		return role, []fault.Field{{Name: "role", Unknown: true, Text: message.Text{ID: "fault.request.role." + string(k),
			Args: message.Args{"Name": name, "Nearest": strings.Join(missing.Nearest, ", ")}}}}, nil
	}
	return role, nil, err
}

// refuseSame refuses what the same person waits for already.
func (s *Service) refuseSame(ctx context.Context, r Request) error {
	id, waits, err := s.store.Same(ctx, r, s.gate.Now())
	if err != nil || !waits {
		return err
	}
	args := message.Args{"ID": int64(id), "What": r.Words()}
	return &fault.Refused{Reason: message.Text{ID: "fault.request.same", Args: args}, Way: message.Text{ID: "fault.request.same.next", Args: args}}
}

// refuseHeld refuses what is held already, as long as it would be.
func (s *Service) refuseHeld(ctx context.Context, r Request, user string, role Role, until time.Time) error {
	have, held, err := s.givers[r.Kind].Held(ctx, r.place().Target, user, role)
	if err != nil || !held || !have.IsZero() && (until.IsZero() || until.After(have)) {
		return err
	}
	return &fault.Refused{Reason: message.Text{ID: "fault.request.held", Args: message.Args{"User": r.User, "What": what(r.Kind, role, r.Workspace, r.Region)}},
		Way: message.Text{ID: "fault.request.held.next"}}
}

// whomToAsk names some of those who may make the grants of a place by hand.
func (s *Service) whomToAsk(ctx context.Context, p Place) ([]string, error) {
	err := s.gate.Also(ctx, byHand(p.Kind), p.Target)
	var denied *fault.Denied
	if errors.As(err, &denied) {
		return denied.Ask, nil
	}
	if err != nil {
		return nil, err
	}
	return s.others(ctx, p)
}

// others names some of those who may decide what whoever asks could decide, were it not their own.
func (s *Service) others(ctx context.Context, p Place) ([]string, error) {
	by, _ := control.ActorOf(ctx)
	snap, err := s.gate.Snapshot(ctx, control.Scope{Workspace: p.Target.Workspace, Region: p.Target.Region, Principal: by.Principal})
	if err != nil {
		return nil, err
	}
	ids := snap.Powerful()
	if p.Kind == WorkspaceRole {
		ids = append(snap.ExplainAdministers(p.Target.Workspace, 0).Ask, ids...) // as nobody is told whom to ask
	}
	var names []string
	seen := map[access.PrincipalID]bool{by.Principal: true}
	for _, id := range ids {
		if one, ok := snap.Principal(id); ok && !seen[id] && len(names) < askLimit {
			seen[id], names = true, append(names, one.Name)
		}
	}
	return names, nil
}

// askLimit bounds the people that an answer names.
const askLimit = 5
