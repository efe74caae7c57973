package engine

import (
	"context"

	"reeve/core/access"
)

// defaultPrefix begins the name of the MaxCompute project that a default workspace is bound to, as the documentation has it.
// What follows it is not published; ours is what the name of the workspace ends in.
const defaultPrefix = "default_datasource_"

// Defaults binds the engines of default workspaces, as part of activating their regions.
type Defaults struct{ store Store }

// NewDefaults makes it.
func NewDefaults(store Store) Defaults { return Defaults{store} }

// BindDefault binds a MaxCompute project to a new default workspace.
func (d Defaults) BindDefault(ctx context.Context, ws access.WorkspaceID, suffix string) error {
	_, err := d.store.Insert(ctx, ws, Engine{Version: 1, Engine: access.Engine{Workspace: ws, Name: defaultPrefix + suffix, Type: access.MaxCompute}})
	return err
}
