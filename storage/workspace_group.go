package storage

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/fault"
	"reeve/core/group"
	"reeve/core/text"
	"reeve/core/workspace"
)

// WorkspaceGroups is what the area of workspaces needs to know of resource groups.
type WorkspaceGroups struct{ groups Groups }

var _ workspace.Groups = WorkspaceGroups{}

// NewWorkspaceGroups makes the store.
func NewWorkspaceGroups(db *DB) WorkspaceGroups { return WorkspaceGroups{NewGroups(db)} }

// Usable finds a group by its name among those associated with the workspace; fault.NotFound, with near ones, otherwise.
func (s WorkspaceGroups) Usable(ctx context.Context, ws access.WorkspaceID, name string) (workspace.Group, error) {
	all, err := s.groups.OfWorkspace(ctx, ws)
	if err != nil {
		return workspace.Group{}, err
	}
	g, err := groupNamed(all, name)
	return workspace.Group{ID: uint32(g.ID), Name: g.Name}, err
}

// Offered finds a group of a region that takes workspaces; fault.NotFound, with near ones, if there is none of that name.
func (s WorkspaceGroups) Offered(ctx context.Context, region, name string) error {
	_, err := s.offered(ctx, region, name)
	return err
}

func (s WorkspaceGroups) offered(ctx context.Context, region, name string) (group.Group, error) {
	all, err := s.groups.List(ctx, region)
	if err != nil {
		return group.Group{}, err
	}
	g, err := groupNamed(all, name)
	if err != nil {
		return g, err
	}
	if refused := g.Allows(group.Bind); refused != nil {
		return g, refused
	}
	return g, nil
}

// Associate associates a group with a new workspace of its region.
func (s WorkspaceGroups) Associate(ctx context.Context, region, name string, ws access.WorkspaceID, by access.PrincipalID, at time.Time) (workspace.Group, error) {
	g, err := s.offered(ctx, region, name)
	if err != nil {
		return workspace.Group{}, err
	}
	// The version was read in this very transaction.
	_, err = s.groups.Associate(ctx, g.ID, []access.WorkspaceID{ws}, by, at, g.Version)
	return workspace.Group{ID: uint32(g.ID), Name: g.Name}, err
}

func groupNamed(among []group.Group, name string) (group.Group, error) {
	names := make([]string, len(among))
	for i, g := range among {
		if text.Fold(g.Name) == text.Fold(name) {
			return g, nil
		}
		names[i] = g.Name
	}
	return group.Group{}, &fault.NotFound{What: "group", Name: name, Nearest: text.Nearest(name, names, nearNames)}
}
