package role

import (
	"context"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
	"reeve/core/message"
)

// Edit is new levels for a custom role.
type Edit struct {
	// Levels are the new levels, by module; modules that are not named stay as they are.
	Levels map[access.Module]access.Level
	// Version is the version that was read; 0 takes whatever stands, for commands that read and write in one go.
	Version int64
	// OwnLoss says that whoever asks means to lose rights of their own; without it such a change is refused.
	OwnLoss bool
}

// Set changes the levels of a custom role.
func (s *Service) Set(ctx context.Context, ref control.Ref, name string, in Edit) (Role, error) {
	return control.Do(ctx, s.gate, s.set(ref, name, in))
}

// PreviewSet tells who would lose and gain what.
func (s *Service) PreviewSet(ctx context.Context, ref control.Ref, name string, in Edit) (control.Outcome, error) {
	in.OwnLoss = true // a preview is what tells of it
	return control.Preview(ctx, s.gate, s.set(ref, name, in))
}

func (s *Service) set(ref control.Ref, name string, in Edit) control.Change[Role] {
	return control.Change[Role]{
		Action: action.RoleSet,
		Target: control.AtThing(s.store, ref, "role", name),
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Role], error) {
			none := control.Applied[Role]{}
			before, err := s.custom(ctx, t.Workspace, name)
			if err != nil {
				return none, err
			}
			levels := before.Levels
			for m, l := range in.Levels {
				levels = levels.With(m, l)
			}
			after := before
			after.Levels = levels
			if in.Version != 0 && in.Version != before.Version {
				return none, conflict(before, after, in.Version)
			}
			if levels == before.Levels {
				return control.Applied[Role]{Value: before, Nothing: true}, nil
			}
			after.ModifiedAt, after.ModifiedBy = s.gate.Now(), by.Name
			w, err := guard.Begin(ctx, s.store, control.Scope{Workspace: t.Workspace}, by, s.gate.Now())
			if err != nil {
				return none, err
			}
			ok, err := s.store.SetLevels(ctx, before.ID, levels, before.Version, by.Principal, after.ModifiedAt)
			if err != nil {
				return none, err
			}
			if !ok {
				return none, conflict(before, after, before.Version)
			}
			now, err := w.End(ctx, in.OwnLoss)
			if err != nil {
				return none, err
			}
			if exceeds(w.Before(), now, t, by, before, levels) {
				return none, guard.Exceeds(control.RoleName(before.Role))
			}
			after.Version++
			return control.Applied[Role]{Value: after, Before: before, After: after, Target: named(t, before)}, nil
		},
	}
}

// exceeds says whether an edit makes a role say more than before, and more than the editor holds: whoever holds the role would
// be granted it.
func exceeds(before, after *access.Snapshot, t control.Target, by control.Actor, was Role, levels access.Levels) bool {
	if before.Power(by.Principal) != access.PowerNone || was.Holders == 0 {
		return false
	}
	for _, m := range access.WorkspaceModules() {
		if levels.Get(m) > was.Levels.Get(m) {
			return after.ExceedsGrantor(t.Workspace, by.Principal, was.ID)
		}
	}
	return false
}

// Removal is how a role is deleted.
type Removal = guard.Removal

// Delete removes a custom role.
func (s *Service) Delete(ctx context.Context, ref control.Ref, name string, in Removal) (Role, error) {
	return control.Do(ctx, s.gate, s.remove(ref, name, in))
}

// PreviewDelete tells who would lose what.
func (s *Service) PreviewDelete(ctx context.Context, ref control.Ref, name string, in Removal) (control.Outcome, error) {
	in.OwnLoss = true
	return control.Preview(ctx, s.gate, s.remove(ref, name, in))
}

func (s *Service) remove(ref control.Ref, name string, in Removal) control.Change[Role] {
	return control.Change[Role]{
		Action: action.RoleDelete,
		Target: control.AtThing(s.store, ref, "role", name),
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Role], error) {
			r, err := s.custom(ctx, t.Workspace, name)
			if err != nil {
				return control.Applied[Role]{}, err
			}
			return guard.Delete(ctx, s.store, control.Scope{Workspace: t.Workspace}, by, s.gate.Now(), in, guard.Deletion[Role]{
				Thing: r, Version: r.Version, Holders: r.Holders, Target: named(t, r),
				Held:     func(ctx context.Context) error { return s.held(ctx, t, r) },
				Conflict: func(read int64) error { return conflict(r, Role{}, read) },
				Delete:   func(ctx context.Context) (bool, error) { return s.store.Delete(ctx, r.ID, r.Version) },
			})
		},
	}
}

func (s *Service) held(ctx context.Context, t control.Target, r Role) error {
	names, err := s.store.Holders(ctx, t.Workspace, r.ID, guard.NamedHolders)
	if err != nil {
		return err
	}
	return guard.Held("fault.role.held", "fault.role.held.next", r.Name, r.Holders, names)
}

// custom finds a role that may be changed.
func (s *Service) custom(ctx context.Context, ws access.WorkspaceID, name string) (Role, error) {
	r, err := s.find(ctx, ws, name)
	if err == nil && r.Kind == access.Builtin {
		err = &fault.Refused{
			Reason: message.Text{ID: "fault.role.builtin", Args: message.Args{"Role": control.RoleName(r.Role)}},
			Way:    message.Text{ID: "fault.role.builtin.next"},
		}
	}
	return r, err
}

// named is the target under the role's own name, by whatever name or code it was asked for.
func named(t control.Target, r Role) *control.Target {
	t.Name = r.Name
	return &t
}

func conflict(theirs, mine Role, read int64) error {
	return &fault.Conflict{What: "role", Name: theirs.Name, Read: read, Now: theirs.Version, Mine: mine, Theirs: theirs, By: theirs.ModifiedBy}
}
