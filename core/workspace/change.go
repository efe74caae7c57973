package workspace

import (
	"context"
	"slices"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/message"
)

// Update is what can be edited of a workspace. A nil field stays as it is.
type Update struct {
	DisplayName *string
	Description *string
	// Tag sets tags, and Untag takes those with these keys away.
	Tag   []Tag
	Untag []string
	// Version is the version that was read; 0 takes whatever stands, for commands that read and write in one go.
	Version int64
}

// Update edits display name, description and tags. The name never changes.
func (s *Service) Update(ctx context.Context, ref control.Ref, in Update) (Workspace, error) {
	var tags []Tag
	return s.change(ctx, edit{
		id: action.WorkspaceUpdate, event: EventEdit, version: in.Version, target: s.at(ref),
		check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			var bad faults
			if in.DisplayName != nil {
				bad.rule("display_name", displayRule, *in.DisplayName)
			}
			if in.Description != nil {
				bad.rule("description", aboutRule, *in.Description)
			}
			if len(in.Tag)+len(in.Untag) == 0 {
				return bad, nil
			}
			before, err := s.store.Get(ctx, t.Workspace)
			tags = bad.retag(before.Tags, in)
			return bad, err
		},
		apply: func(_ context.Context, w *Workspace) error {
			if in.DisplayName != nil {
				w.DisplayName = strings.TrimSpace(*in.DisplayName)
			}
			if in.Description != nil {
				w.Description = *in.Description
			}
			if len(in.Tag)+len(in.Untag) > 0 {
				w.Tags = tags
			}
			return nil
		},
	})
}

// retag are the tags after an update.
func (f *faults) retag(before []Tag, in Update) []Tag {
	kept := slices.DeleteFunc(slices.Clone(before), func(t Tag) bool {
		return slices.Contains(in.Untag, t.Key) || slices.ContainsFunc(in.Tag, func(n Tag) bool { return n.Key == t.Key })
	})
	for _, key := range in.Untag {
		if !slices.ContainsFunc(before, func(t Tag) bool { return t.Key == key }) {
			*f = append(*f, fault.Field{Name: "untag", Unknown: true, Text: message.Text{ID: "fault.workspace.tag.none", Args: message.Args{"Key": key}}})
		}
	}
	return f.tags("tag", append(kept, in.Tag...))
}

// Disable closes a workspace: nobody enters it, and its modules answer nobody, until it is enabled. Members and roles stay.
func (s *Service) Disable(ctx context.Context, ref control.Ref, version int64) (Workspace, error) {
	return s.move(ctx, action.WorkspaceDisable, ref, version, EventDisable)
}

// Enable opens a disabled workspace again.
func (s *Service) Enable(ctx context.Context, ref control.Ref, version int64) (Workspace, error) {
	return s.move(ctx, action.WorkspaceEnable, ref, version, EventEnable)
}

// Suspend closes a workspace whose bill is overdue.
func (s *Service) Suspend(ctx context.Context, ref control.Ref, version int64) (Workspace, error) {
	return s.move(ctx, action.WorkspaceSuspend, ref, version, EventSuspend)
}

// Resume gives a workspace that was overdue the state it had before.
func (s *Service) Resume(ctx context.Context, ref control.Ref, version int64) (Workspace, error) {
	return s.move(ctx, action.WorkspaceResume, ref, version, EventResume)
}

// move lets an event change the state.
func (s *Service) move(ctx context.Context, id action.ID, ref control.Ref, version int64, e Event) (Workspace, error) {
	return s.change(ctx, edit{id: id, event: e, version: version, target: s.anywhere(ref), apply: func(_ context.Context, w *Workspace) error {
		to := w.after(e)
		w.ResumesTo = ""
		if to == Overdue {
			w.ResumesTo = w.Status
		}
		w.Status = to
		return nil
	}})
}

// Contents tells what goes with a workspace if it is deleted.
func (s *Service) Contents(ctx context.Context, ref control.Ref) (Contents, error) {
	return control.Ask(ctx, s.gate, control.Query[Contents]{
		Action: action.WorkspaceShow,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Contents, error) {
			return s.contents(ctx, t.Workspace)
		},
	})
}

// contents are what storage counts and what the areas beside this one know.
func (s *Service) contents(ctx context.Context, ws access.WorkspaceID) (c Contents, err error) {
	if c, err = s.store.Contents(ctx, ws); err != nil {
		return c, err
	}
	if s.near.Engines != nil {
		if c.Engines, err = s.near.Engines.Names(ctx, ws); err != nil {
			return c, err
		}
	}
	if s.near.Sources != nil {
		if c.Sources, err = s.near.Sources.Names(ctx, ws); err != nil {
			return c, err
		}
	}
	if s.near.Running != nil {
		n, known, err := s.near.Running.RunningInstances(ctx, ws)
		if err != nil {
			return c, err
		}
		if known {
			c.Running = &n
		}
	}
	return c, nil
}

// Delete puts a workspace into the bin for BinDays, with its name reserved and everything in it kept but out of force.
// confirm must be the workspace's name, in any case, if there is anything in it.
func (s *Service) Delete(ctx context.Context, ref control.Ref, version int64, confirm string) (Workspace, error) {
	return s.change(ctx, edit{
		id: action.WorkspaceDelete, event: EventDelete, version: version, target: s.anywhere(ref),
		check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			contents, err := s.store.Contents(ctx, t.Workspace)
			if err != nil || contents.Empty() || strings.EqualFold(confirm, t.WorkspaceName) {
				return nil, err
			}
			what := "fault.workspace.confirm"
			if confirm != "" {
				what = "fault.workspace.confirm.wrong"
			}
			return []fault.Field{{Name: "confirm", Text: message.Text{ID: what, Args: message.Args{
				"Given": confirm, "Name": t.WorkspaceName, "Members": contents.Members, "Roles": contents.CustomRoles}}}}, nil
		},
		apply: func(_ context.Context, w *Workspace) error {
			now := s.gate.Now()
			purge := now.AddDate(0, 0, BinDays)
			w.RestoresTo, w.Status, w.DeletedAt, w.PurgeAt = w.Status, w.after(EventDelete), &now, &purge
			return nil
		},
	})
}

// Restore takes a workspace out of the bin, in the status it had when it was deleted. What the console itself gives back is
// not documented; everything comes back here, because nothing in the bin was changed.
func (s *Service) Restore(ctx context.Context, ref control.Ref) (Workspace, error) {
	return s.change(ctx, edit{id: action.WorkspaceRestore, event: EventRestore, target: s.inBin(ref), apply: func(_ context.Context, w *Workspace) error {
		w.Status, w.RestoresTo, w.DeletedAt, w.PurgeAt = w.after(EventRestore), "", nil, nil
		return nil
	}})
}

// Reserved lists the names that the bin keeps from being used in a region, with the time they become free.
func (s *Service) Reserved(ctx context.Context, region string) (map[string]time.Time, error) {
	page, err := s.Bin(ctx, region, list.Query{Limit: list.MaxLimit})
	if err != nil {
		return nil, err
	}
	names := map[string]time.Time{}
	for _, w := range page.Items {
		names[w.Name] = *w.PurgeAt
	}
	return names, nil
}

// at finds a workspace that is not in the bin.
func (s *Service) at(ref control.Ref) func(ctx context.Context) (control.Target, error) {
	return func(ctx context.Context) (control.Target, error) {
		t, err := s.store.Place(ctx, ref)
		t.Kind, t.Name = "workspace", t.WorkspaceName
		return t, err
	}
}

// binned finds a workspace in the bin.
func (s *Service) binned(ref control.Ref) func(ctx context.Context) (control.Target, error) {
	return func(ctx context.Context) (control.Target, error) {
		t, err := s.store.BinPlace(ctx, ref, s.gate.Now())
		t.Kind, t.Name = "workspace", t.WorkspaceName
		return t, err
	}
}

// anywhere finds a workspace, in the bin if there is none outside: whoever does something to one that was deleted is to
// hear that.
func (s *Service) anywhere(ref control.Ref) func(ctx context.Context) (control.Target, error) {
	return either(s.at(ref), s.binned(ref))
}

// inBin is anywhere with the bin first.
func (s *Service) inBin(ref control.Ref) func(ctx context.Context) (control.Target, error) {
	return either(s.binned(ref), s.at(ref))
}

func either(first, second func(ctx context.Context) (control.Target, error)) func(ctx context.Context) (control.Target, error) {
	return func(ctx context.Context) (control.Target, error) {
		t, err := first(ctx)
		if err == nil || fault.KindOf(err) != fault.KindNotFound {
			return t, err
		}
		if other, otherErr := second(ctx); otherErr == nil {
			return other, nil
		}
		return t, err
	}
}

// edit is a change of one record.
type edit struct {
	id      action.ID
	event   Event
	version int64
	target  func(context.Context) (control.Target, error)
	// check may be nil. The state has allowed the event before it is asked.
	check func(context.Context, control.Target) ([]fault.Field, error)
	apply func(context.Context, *Workspace) error
}

func (s *Service) change(ctx context.Context, e edit) (Workspace, error) {
	return control.Do(ctx, s.gate, s.editing(e))
}

// editing reads the record, lets apply change it, and writes it if nobody else did meanwhile.
func (s *Service) editing(e edit) control.Change[Workspace] {
	return control.Change[Workspace]{
		Action: e.id, Target: e.target,
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			w, err := s.store.Get(ctx, t.Workspace)
			if err == nil {
				err = w.Allows(e.event)
			}
			if err != nil || e.check == nil {
				return nil, err
			}
			return e.check(ctx, t)
		},
		Apply: func(ctx context.Context, t control.Target, _ control.Actor) (control.Applied[Workspace], error) {
			before, after, err := write(ctx, s.store, t.Workspace, e.version, e.apply)
			if err != nil {
				return control.Applied[Workspace]{}, err
			}
			if before.Version == after.Version {
				return control.Applied[Workspace]{Value: after, Nothing: true}, nil
			}
			return control.Applied[Workspace]{Value: after, Before: before, After: after}, nil
		},
	}
}

// write changes a record, if what apply makes of it differs, and returns it before and after. The version is raised when
// anything was written.
func write(ctx context.Context, store Store, ws access.WorkspaceID, version int64, apply func(context.Context, *Workspace) error) (before, after Workspace, err error) {
	if before, err = store.Get(ctx, ws); err != nil {
		return before, after, err
	}
	after = before
	if err := apply(ctx, &after); err != nil {
		return before, after, err
	}
	if version != 0 && version != before.Version {
		return before, after, &fault.Conflict{What: "workspace", Name: before.Name, Read: version, Now: before.Version, Mine: after, Theirs: before}
	}
	if same(before, after) {
		return before, after, nil
	}
	ok, err := store.Update(ctx, after)
	if err == nil && !ok {
		err = &fault.Conflict{What: "workspace", Name: before.Name, Read: before.Version, Now: before.Version + 1, Mine: after, Theirs: before}
	}
	after.Version++
	return before, after, err
}
