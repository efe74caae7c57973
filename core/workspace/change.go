package workspace

import (
	"context"
	"strings"
	"time"

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
	// Version is the version that was read; 0 takes whatever stands, for commands that read and write in one go.
	Version int64
}

// Update edits display name and description. The name never changes.
func (s *Service) Update(ctx context.Context, ref control.Ref, in Update) (Workspace, error) {
	return s.change(ctx, action.WorkspaceUpdate, ref, in.Version, func(context.Context, control.Target) ([]fault.Field, error) {
		var bad faults
		if in.DisplayName != nil {
			bad.rule("display_name", displayRule, *in.DisplayName)
		}
		if in.Description != nil {
			bad.rule("description", aboutRule, *in.Description)
		}
		return bad, nil
	}, func(w *Workspace) error {
		if in.DisplayName != nil {
			w.DisplayName = strings.TrimSpace(*in.DisplayName)
		}
		if in.Description != nil {
			w.Description = *in.Description
		}
		return nil
	})
}

// Disable closes a workspace: nobody enters it, and its modules answer nobody, until it is enabled. Members and roles stay.
func (s *Service) Disable(ctx context.Context, ref control.Ref, version int64) (Workspace, error) {
	return s.setStatus(ctx, action.WorkspaceDisable, ref, version, Disabled)
}

// Enable opens a disabled workspace again.
func (s *Service) Enable(ctx context.Context, ref control.Ref, version int64) (Workspace, error) {
	return s.setStatus(ctx, action.WorkspaceEnable, ref, version, Normal)
}

func (s *Service) setStatus(ctx context.Context, id action.ID, ref control.Ref, version int64, to Status) (Workspace, error) {
	return s.change(ctx, id, ref, version, nil, func(w *Workspace) error {
		if w.Status == to {
			return &fault.Refused{Reason: message.Text{ID: "fault.workspace.already." + string(to), Args: message.Args{"Name": w.Name}}}
		}
		w.Status = to
		return nil
	})
}

// Contents tells what goes with a workspace if it is deleted.
func (s *Service) Contents(ctx context.Context, ref control.Ref) (Contents, error) {
	return control.Ask(ctx, s.gate, control.Query[Contents]{
		Action: action.WorkspaceShow,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Contents, error) {
			return s.store.Contents(ctx, t.Workspace)
		},
	})
}

// Delete puts a workspace into the bin for BinDays, with its name reserved and everything in it kept but out of force.
// confirm must be the workspace's name, in any case, if there is anything in it.
func (s *Service) Delete(ctx context.Context, ref control.Ref, version int64, confirm string) (Workspace, error) {
	return s.change(ctx, action.WorkspaceDelete, ref, version, func(ctx context.Context, t control.Target) ([]fault.Field, error) {
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
	}, func(w *Workspace) error {
		now := s.gate.Now()
		purge := now.AddDate(0, 0, BinDays)
		w.RestoresTo, w.Status, w.DeletedAt, w.PurgeAt = w.Status, Deleted, &now, &purge
		return nil
	})
}

// Restore takes a workspace out of the bin, in the status it had when it was deleted. What the console itself gives back is
// not documented; everything comes back here, because nothing in the bin was changed.
func (s *Service) Restore(ctx context.Context, ref control.Ref) (Workspace, error) {
	target := func(ctx context.Context) (control.Target, error) {
		t, err := s.store.BinPlace(ctx, ref, s.gate.Now())
		t.Kind, t.Name = "workspace", t.WorkspaceName
		return t, err
	}
	return s.changeAt(ctx, action.WorkspaceRestore, target, 0, nil, func(w *Workspace) error {
		w.Status, w.RestoresTo, w.DeletedAt, w.PurgeAt = w.RestoresTo, "", nil, nil
		return nil
	})
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

func (s *Service) change(ctx context.Context, id action.ID, ref control.Ref, version int64,
	check func(context.Context, control.Target) ([]fault.Field, error), edit func(*Workspace) error,
) (Workspace, error) {
	return s.changeAt(ctx, id, func(ctx context.Context) (control.Target, error) {
		t, err := s.store.Place(ctx, ref)
		t.Kind, t.Name = "workspace", t.WorkspaceName
		return t, err
	}, version, check, edit)
}

// changeAt reads the record, lets edit change it, and writes it if nobody else did meanwhile.
func (s *Service) changeAt(ctx context.Context, id action.ID, target func(context.Context) (control.Target, error), version int64,
	check func(context.Context, control.Target) ([]fault.Field, error), edit func(*Workspace) error,
) (Workspace, error) {
	return control.Do(ctx, s.gate, control.Change[Workspace]{
		Action: id, Target: target, Check: check,
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Workspace], error) {
			none := control.Applied[Workspace]{}
			before, err := s.store.Get(ctx, t.Workspace)
			if err != nil {
				return none, err
			}
			after := before
			if err := edit(&after); err != nil {
				return none, err
			}
			if version != 0 && version != before.Version {
				return none, &fault.Conflict{What: "workspace", Name: before.Name, Read: version, Now: before.Version, Mine: after, Theirs: before}
			}
			ok, err := s.store.Update(ctx, after)
			if err != nil {
				return none, err
			}
			if !ok {
				return none, &fault.Conflict{What: "workspace", Name: before.Name, Read: before.Version, Now: before.Version + 1, Mine: after, Theirs: before}
			}
			after.Version++
			return control.Applied[Workspace]{Value: after, Before: before, After: after}, nil
		},
	})
}
