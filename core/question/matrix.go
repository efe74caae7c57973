package question

import (
	"context"
	"errors"
	"fmt"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
)

// UserMatrix is everything that a user may do in a workspace and around it.
type UserMatrix struct {
	Target control.Target
	User   access.Principal
	// Cells are all workspace modules, in the order of the matrix, with what speaks for and against each level.
	Cells []access.Cell
	// Administers says that the user manages members and roles of the workspace.
	Administers bool
	// Capabilities are those of the tenant plane in the workspace's region.
	Capabilities access.Capabilities
	// Engines is what the user may do in the engines of the workspace.
	Engines  []access.EngineRight
	Snapshot *access.Snapshot
}

// MatrixOfUser is the effective permissions of a user in a workspace.
func (s *Service) MatrixOfUser(ctx context.Context, ref control.Ref, user string) (UserMatrix, error) {
	var found access.Principal
	return control.Ask(ctx, s.gate, control.Query[UserMatrix]{
		Action: action.AccessMatrix,
		Target: func(ctx context.Context) (t control.Target, err error) {
			if t, err = s.store.Place(ctx, ref); err != nil {
				return t, err
			}
			found, err = s.store.Named(ctx, user)
			t.Kind, t.Name, t.About = "user", user, found.ID
			return t, err
		},
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (UserMatrix, error) {
			snap, err := s.gate.Snapshot(ctx, control.Scope{Workspace: t.Workspace, Region: t.Region, Principal: found.ID})
			if err != nil {
				return UserMatrix{}, err
			}
			return UserMatrix{
				Target: t, User: found, Snapshot: snap,
				Cells:        snap.MatrixOf(t.Workspace, found.ID),
				Administers:  snap.Administers(t.Workspace, found.ID),
				Capabilities: snap.CapabilitiesOf(t.Region, found.ID),
				Engines:      snap.EngineRights(t.Workspace, found.ID),
			}, nil
		},
	})
}

// RoleMatrix is what a role gives, by itself.
type RoleMatrix struct {
	Target control.Target
	Role   access.Role
	// Modules are all workspace modules, in the order of the matrix; Role.Levels has their levels.
	Modules []access.Module
}

// MatrixOfRole is what a role of a workspace gives to whoever holds nothing else.
func (s *Service) MatrixOfRole(ctx context.Context, ref control.Ref, role string) (RoleMatrix, error) {
	return control.Ask(ctx, s.gate, control.Query[RoleMatrix]{
		Action: action.AccessMatrix,
		Target: s.about(ref, "role", role),
		Do: func(ctx context.Context, t control.Target, by control.Viewer) (RoleMatrix, error) {
			state, err := s.store.AccessState(ctx, control.Scope{Workspace: t.Workspace, Principal: by.Principal})
			if err != nil {
				return RoleMatrix{}, err
			}
			r, err := roleNamed(state.Roles, role)
			return RoleMatrix{Target: t, Role: r, Modules: access.WorkspaceModules()}, err
		},
	})
}

// WorkspaceMatrix is a page of the members of a workspace with what each may do.
type WorkspaceMatrix struct {
	Target   control.Target
	Modules  []access.Module
	Page     list.Page[MemberRow]
	Snapshot *access.Snapshot
}

// MemberRow is one member of a workspace in its matrix.
type MemberRow struct {
	Principal access.Principal
	// Levels are the effective ones, by module.
	Levels      access.Levels
	Administers bool
}

// MatrixOfWorkspace is the effective permissions of the members of a workspace, a page at a time; a power without membership
// makes no row.
func (s *Service) MatrixOfWorkspace(ctx context.Context, ref control.Ref, q list.Query) (WorkspaceMatrix, error) {
	return control.Ask(ctx, s.gate, control.Query[WorkspaceMatrix]{
		Action: action.AccessMatrix,
		Target: s.about(ref, "", ""),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (WorkspaceMatrix, error) {
			none := WorkspaceMatrix{}
			if err := q.Check(list.Texts("name")...); err != nil {
				return none, err
			}
			members, err := s.store.Members(ctx, t.Workspace, q)
			if err != nil {
				return none, err
			}
			snap, err := s.gate.Snapshot(ctx, control.Scope{Workspace: t.Workspace})
			if err != nil {
				return none, err
			}
			out := WorkspaceMatrix{Target: t, Modules: access.WorkspaceModules(), Snapshot: snap}
			out.Page.Keys, out.Page.Total, out.Page.Start = members.Keys, members.Total, members.Start
			for _, p := range members.Items {
				out.Page.Items = append(out.Page.Items, MemberRow{Principal: p, Levels: snap.Levels(t.Workspace, p.ID),
					Administers: snap.Administers(t.Workspace, p.ID)})
			}
			return out, nil
		},
	})
}

// about is the target of a question that is about nobody in particular.
func (s *Service) about(ref control.Ref, kind, name string) func(context.Context) (control.Target, error) {
	return func(ctx context.Context) (control.Target, error) {
		t, err := s.store.Place(ctx, ref)
		t.Kind, t.Name, t.About = kind, name, everybody
		return t, err
	}
}

// roleNamed finds a role by name or code; fault.NotFound with near names otherwise.
func roleNamed(roles []access.Role, name string) (access.Role, error) {
	r, err := access.FindRole(roles, name)
	var unknown *access.UnknownError
	switch {
	case errors.As(err, &unknown):
		return r, &fault.NotFound{What: "role", Name: name, Nearest: unknown.Nearest}
	case err != nil:
		return r, fmt.Errorf("finding role %q: %w", name, err)
	}
	return r, nil
}
