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
func (s *Service) Update(ctx context.Context, ref Ref, in Update) (Effect, error) {
	return control.Do(ctx, s.gate, s.update(ref, in))
}

// PreviewUpdate tells what that would do.
func (s *Service) PreviewUpdate(ctx context.Context, ref Ref, in Update) (Effect, error) {
	return control.Rehearse(ctx, s.gate, s.update(ref, in))
}

func (s *Service) update(ref Ref, in Update) control.Change[Effect] {
	return s.edit(action.GroupRename, Rename, ref, in.Version, func(ctx context.Context, g Group) ([]fault.Field, error) {
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
	}, func(_ context.Context, e *Effect) error {
		if in.Name != nil {
			e.After.Name = *in.Name
			if !strings.EqualFold(*in.Name, e.Before.Name) {
				e.note(false, "group.note.renamed", message.Args{"Name": e.Before.Name, "New": *in.Name})
			}
		}
		if in.Remark != nil {
			e.After.Remark = *in.Remark
		}
		return nil
	})
}

// Unsubscribe gives a group up: what is left of a subscription is refunded, and its work can no longer run. confirm must be
// the group's name, in any case, if a workspace is associated with it. version is the version that was read; 0 takes whatever
// stands.
func (s *Service) Unsubscribe(ctx context.Context, ref Ref, version int64, confirm string) (Effect, error) {
	return control.Do(ctx, s.gate, s.unsubscribe(ref, version, confirm, false))
}

// PreviewUnsubscribe tells what that would do.
func (s *Service) PreviewUnsubscribe(ctx context.Context, ref Ref) (Effect, error) {
	return control.Rehearse(ctx, s.gate, s.unsubscribe(ref, 0, "", true))
}

func (s *Service) unsubscribe(ref Ref, version int64, confirm string, sure bool) control.Change[Effect] {
	return s.edit(action.GroupUnsubscribe, Unsubscribe, ref, version, func(_ context.Context, g Group) ([]fault.Field, error) {
		if sure || len(g.Workspaces) == 0 || strings.EqualFold(confirm, g.Name) {
			return nil, nil
		}
		return []fault.Field{{Name: "confirm", Text: message.Text{ID: "fault.group.confirm", Args: message.Args{
			"Name": g.Name, "Workspaces": strings.Join(g.Names(), ", ")}}}}, nil
	}, func(ctx context.Context, e *Effect) error {
		if err := s.order(ctx, e, Order{Kind: OrderUnsubscribe}); err != nil {
			return err
		}
		if err := s.hits(ctx, e, nil); err != nil {
			return err
		}
		e.defaults(nil)
		e.note(true, "group.note.unsubscribed", nil)
		if len(e.Before.Workspaces) > 0 {
			e.note(true, "group.note.workspaces", message.Args{"Workspaces": strings.Join(e.Before.Names(), ", ")})
		}
		return e.After.move(EventUnsubscribe, s.gate.Now(), s.terms)
	})
}

// edit reads a group, lets change change it, and writes it if nobody else did meanwhile.
func (s *Service) edit(id action.ID, op Operation, ref Ref, version int64,
	check func(context.Context, Group) ([]fault.Field, error), change func(context.Context, *Effect) error,
) control.Change[Effect] {
	return control.Change[Effect]{
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
			if check == nil {
				return nil, nil
			}
			return check(ctx, g)
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Effect], error) {
			none := control.Applied[Effect]{}
			before, err := s.find(ctx, Ref{Region: t.Region, Name: t.Name})
			if err != nil {
				return none, err
			}
			if version != 0 && version != before.Version {
				return none, conflict(before, version, nil)
			}
			e := Effect{Before: before, After: before, by: by}
			if err := change(ctx, &e); err != nil {
				return none, err
			}
			if e.Order == nil {
				if err := s.order(ctx, &e, Order{Kind: kinds()[id]}); err != nil {
					return none, err
				}
			}
			e.After, err = s.write(ctx, before, e.After)
			changed := at(e.After)
			return control.Applied[Effect]{Value: e, Before: before, After: e.After, Target: &changed}, err
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
	return after, s.plan(ctx, after)
}

// Binding names workspaces to associate with a group, or to dissociate from it.
type Binding struct {
	Workspaces []string
	// Version as in Update.
	Version int64
}

// Associate lets workspaces run work in a group: all of them, or none if anything is wrong.
func (s *Service) Associate(ctx context.Context, ref Ref, in Binding) (Effect, error) {
	return control.Do(ctx, s.gate, s.associate(ref, in))
}

// PreviewAssociate tells what that would do.
func (s *Service) PreviewAssociate(ctx context.Context, ref Ref, in Binding) (Effect, error) {
	return control.Rehearse(ctx, s.gate, s.associate(ref, in))
}

func (s *Service) associate(ref Ref, in Binding) control.Change[Effect] {
	return s.bind(action.GroupAssociate, ref, in, "fault.group.associated", false,
		func(ctx context.Context, e *Effect, ids []access.WorkspaceID, names string) (bool, error) {
			e.note(false, "group.note.associated", message.Args{"Workspaces": names})
			return s.store.Associate(ctx, e.Before.ID, ids, e.by.Principal, s.gate.Now(), e.Before.Version)
		})
}

// Dissociate ends that. Tasks that are set to run in the group can then not run any more.
func (s *Service) Dissociate(ctx context.Context, ref Ref, in Binding) (Effect, error) {
	return control.Do(ctx, s.gate, s.dissociate(ref, in))
}

// PreviewDissociate tells what that would do.
func (s *Service) PreviewDissociate(ctx context.Context, ref Ref, in Binding) (Effect, error) {
	return control.Rehearse(ctx, s.gate, s.dissociate(ref, in))
}

func (s *Service) dissociate(ref Ref, in Binding) control.Change[Effect] {
	return s.bind(action.GroupDissociate, ref, in, "fault.group.not_associated", true,
		func(ctx context.Context, e *Effect, ids []access.WorkspaceID, names string) (bool, error) {
			if err := s.hits(ctx, e, ids); err != nil {
				return false, err
			}
			e.defaults(ids)
			e.note(true, "group.note.dissociated", message.Args{"Workspaces": names})
			return s.store.Dissociate(ctx, e.Before.ID, ids, e.Before.Version)
		})
}

// bind changes which workspaces are associated; each of them has to be associated already, or must not be.
func (s *Service) bind(id action.ID, ref Ref, in Binding, wrong string, already bool,
	do func(ctx context.Context, e *Effect, ids []access.WorkspaceID, names string) (bool, error),
) control.Change[Effect] {
	return control.Change[Effect]{
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
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Effect], error) {
			none := control.Applied[Effect]{}
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
			ids, names := make([]access.WorkspaceID, len(found)), make([]string, len(found))
			for i, w := range found {
				ids[i], names[i] = w.ID, w.Name
			}
			e := Effect{Before: before, by: by}
			ok, err := do(ctx, &e, ids, strings.Join(names, ", "))
			if err == nil && !ok {
				err = conflict(before, before.Version, nil)
			}
			if err != nil {
				return none, err
			}
			if err := s.order(ctx, &e, Order{Kind: kinds()[id]}); err != nil {
				return none, err
			}
			e.After, err = s.store.Get(ctx, before.ID)
			return control.Applied[Effect]{Value: e, Before: before, After: e.After}, err
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
		case !slices.ContainsFunc(found, func(w Workspace) bool { return w.ID == t.Workspace }):
			found = append(found, Workspace{ID: t.Workspace, Name: t.WorkspaceName})
		}
	}
	return found, bad, nil
}
