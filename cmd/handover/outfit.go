package handover

import (
	"context"

	"reeve/core/access"
	"reeve/core/engine"
	"reeve/core/group"
	"reeve/core/workspace"
)

// Outfit is what default workspaces are made with, of the areas that sell it.
func Outfit(groups group.Defaults, engines engine.Defaults) workspace.Outfit {
	return workspace.Outfit{Groups: defaultGroups{groups}, Engines: engines}
}

type defaultGroups struct{ group.Defaults }

// MakeDefault implements workspace.DefaultGroups.
func (d defaultGroups) MakeDefault(ctx context.Context, region string, ws access.WorkspaceID, by access.Principal) (workspace.Group, bool, error) {
	g, ok, err := d.Make(ctx, region, ws, by)
	return workspace.Group{ID: uint32(g.ID), Name: g.Name}, ok, err
}
