package group

import (
	"context"
	"errors"
	"slices"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// Update is what can be edited of a group in nearly every state. A nil field stays as it is.
type Update struct {
	Name   *string
	Remark *string
	// Version is the version that was read; 0 takes whatever stands, for commands that read and write in one go.
	Version int64
}

// Update edits name and remark.
func (s *Service) Update(ctx context.Context, ref Ref, in Update) (Group, error) {
	return control.Do(ctx, s.gate, s.edit(action.GroupRename, Rename, ref, in.Version, func(ctx context.Context, g Group) ([]fault.Field, error) {
		var bad faults
		if in.Remark != nil {
			bad.rule("remark", noteRule, *in.Remark)
		}
		if in.Name == nil || strings.EqualFold(*in.Name, g.Name) {
			return bad, nil
		}
		bad.rule("name", nameRule, *in.Name)
		taken, err := s.taken(ctx, g.Region, *in.Name)
		return append(bad, taken...), err
	}, func(_ context.Context, g *Group) error {
		if in.Name != nil {
			g.Name = *in.Name
		}
		if in.Remark != nil {
			g.Remark = *in.Remark
		}
		return nil
	}))
}

// Unsubscribe gives a group up: what is left of a subscription is refunded, and its work can no longer run. confirm must be
// the group's name, in any case, if a workspace is associated with it. version is the version that was read; 0 takes whatever
// stands.
func (s *Service) Unsubscribe(ctx context.Context, ref Ref, version int64, confirm string) (Group, error) {
	return control.Do(ctx, s.gate, s.edit(action.GroupUnsubscribe, Unsubscribe, ref, version, func(_ context.Context, g Group) ([]fault.Field, error) {
		if len(g.Workspaces) == 0 || strings.EqualFold(confirm, g.Name) {
			return nil, nil
		}
		return []fault.Field{{Name: "confirm", Text: message.Text{ID: "fault.group.confirm", Args: message.Args{
			"Name": g.Name, "Workspaces": strings.Join(g.Names(), ", ")}}}}, nil
	}, func(_ context.Context, g *Group) error {
		return g.move(EventUnsubscribe, s.gate.Now(), s.terms)
	}))
}

// edit reads a group, lets change change it, and writes it if nobody else did meanwhile.
func (s *Service) edit(id action.ID, op Operation, ref Ref, version int64,
	check func(context.Context, Group) ([]fault.Field, error), change func(context.Context, *Group) error,
) control.Change[Group] {
	return control.Change[Group]{
		Action: id,
		Target: s.on(ref),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			g, err := s.find(ctx, Ref{Region: t.Region, Name: t.Name})
			if err != nil {
				return nil, err
			}
			if refused := g.Allows(op); refused != nil {
				return nil, refused
			}
			return check(ctx, g)
		},
		Apply: func(ctx context.Context, t control.Target, _ control.Actor) (control.Applied[Group], error) {
			none := control.Applied[Group]{}
			before, err := s.find(ctx, Ref{Region: t.Region, Name: t.Name})
			if err != nil {
				return none, err
			}
			after := before
			if err := change(ctx, &after); err != nil {
				return none, err
			}
			if version != 0 && version != before.Version {
				return none, conflict(before, version, after)
			}
			after, err = s.write(ctx, before, after)
			changed := at(after)
			return control.Applied[Group]{Value: after, Before: before, After: after, Target: &changed}, err
		},
	}
}

// write keeps a changed group and plans what falls due.
func (s *Service) write(ctx context.Context, before, after Group) (Group, error) {
	now := s.gate.Now()
	ok, err := s.store.Update(ctx, after, now)
	if err == nil && !ok {
		err = conflict(before, before.Version, after)
	}
	if err != nil {
		return before, err
	}
	after.Version++
	return after, s.plan(ctx, after, now)
}

// Binding names workspaces to associate with a group, or to dissociate from it.
type Binding struct {
	Workspaces []string
	// Version as in Update.
	Version int64
}

// Associate lets workspaces run work in a group: all of them, or none if anything is wrong.
func (s *Service) Associate(ctx context.Context, ref Ref, in Binding) (Group, error) {
	return control.Do(ctx, s.gate, s.bind(action.GroupAssociate, ref, in, "fault.group.associated", false,
		func(ctx context.Context, g Group, ids []access.WorkspaceID, by control.Actor) (bool, error) {
			return s.store.Associate(ctx, g.ID, ids, by.Principal, s.gate.Now(), g.Version)
		}))
}

// Dissociate ends that. Tasks that are set to run in the group can then not run any more.
func (s *Service) Dissociate(ctx context.Context, ref Ref, in Binding) (Group, error) {
	return control.Do(ctx, s.gate, s.bind(action.GroupDissociate, ref, in, "fault.group.not_associated", true,
		func(ctx context.Context, g Group, ids []access.WorkspaceID, _ control.Actor) (bool, error) {
			return s.store.Dissociate(ctx, g.ID, ids, g.Version)
		}))
}

// bind changes which workspaces are associated; each of them has to be associated already, or must not be.
func (s *Service) bind(id action.ID, ref Ref, in Binding, wrong string, already bool,
	do func(context.Context, Group, []access.WorkspaceID, control.Actor) (bool, error),
) control.Change[Group] {
	return control.Change[Group]{
		Action: id,
		Target: s.on(ref),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			g, err := s.find(ctx, Ref{Region: t.Region, Name: t.Name})
			if err != nil {
				return nil, err
			}
			if refused := g.Allows(Bind); refused != nil {
				return nil, refused
			}
			found, bad, err := s.workspaces(ctx, g.Region, in.Workspaces)
			for _, w := range found {
				if slices.ContainsFunc(g.Workspaces, func(one Workspace) bool { return one.ID == w.ID }) != already {
					bad = append(bad, fault.Field{Name: "workspace", Text: message.Text{ID: wrong, Args: message.Args{"Workspace": w.Name, "Name": g.Name}}})
				}
			}
			return bad, err
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Group], error) {
			none := control.Applied[Group]{}
			before, err := s.find(ctx, Ref{Region: t.Region, Name: t.Name})
			if err != nil {
				return none, err
			}
			if in.Version != 0 && in.Version != before.Version {
				return none, conflict(before, in.Version, nil)
			}
			found, _, err := s.workspaces(ctx, before.Region, in.Workspaces)
			if err != nil {
				return none, err
			}
			ids := make([]access.WorkspaceID, len(found))
			for i, w := range found {
				ids[i] = w.ID
			}
			ok, err := do(ctx, before, ids, by)
			if err == nil && !ok {
				err = conflict(before, before.Version, nil)
			}
			if err != nil {
				return none, err
			}
			after, err := s.store.Get(ctx, before.ID)
			return control.Applied[Group]{Value: after, Before: before, After: after}, err
		},
	}
}

// workspaces finds workspaces of a region by name, each once, and says which names nothing has.
func (s *Service) workspaces(ctx context.Context, region string, names []string) ([]Workspace, faults, error) {
	names = fold(names)
	if len(names) == 0 {
		return nil, faults{{Name: "workspace", Text: message.Text{ID: "fault.group.no_workspace"}}}, nil
	}
	var found []Workspace
	var bad faults
	for _, name := range names {
		t, err := s.store.Place(ctx, control.Ref{Region: region, Workspace: name})
		var missing *fault.NotFound
		switch {
		case errors.As(err, &missing):
			bad = append(bad, fault.Field{Name: "workspace", Unknown: true, Text: message.Text{ID: "fault.group.workspace",
				Args: message.Args{"Name": name, "Region": region}}})
		case err != nil:
			return nil, nil, err
		default:
			found = append(found, Workspace{ID: t.Workspace, Name: t.WorkspaceName})
		}
	}
	return found, bad, nil
}
