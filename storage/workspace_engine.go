package storage

import (
	"context"

	"reeve/core/access"
	"reeve/core/workspace"
)

// WorkspaceEngines is what the area of workspaces needs to know of engines.
type WorkspaceEngines struct{ db *DB }

var _ workspace.Engines = WorkspaceEngines{}

// NewWorkspaceEngines makes the store.
func NewWorkspaceEngines(db *DB) WorkspaceEngines { return WorkspaceEngines{db} }

// Names are the engines bound to the workspace, by name.
func (s WorkspaceEngines) Names(ctx context.Context, ws access.WorkspaceID) ([]string, error) {
	return all(ctx, s.db, "reading the engines", value[string], "SELECT name FROM engine WHERE workspace_id = ? ORDER BY name_key", ws)
}

// The access identities that are no user's, and what ends the name of a project of development, in the words of the
// documentation of the upgrade.
const (
	executor       = "Executor"
	taskOwner      = "Task Owner"
	cloudAccount   = "Alibaba Cloud Account"
	developmentEnd = "_dev"
)

// Double makes each engine a pair. A MaxCompute project gets a second one, named after the first whatever it is called, in
// which everybody works as themselves; in production tasks that ran as their owners run as the account. The other kinds of
// engines are one physical engine in both environments, used in both as the same identity.
func (s WorkspaceEngines) Double(ctx context.Context, ws access.WorkspaceID) ([]workspace.EnginePair, error) {
	const doing = "doubling the engines"
	if _, err := s.db.exec(ctx, doing, `UPDATE engine SET version = version + 1,
		dev_project = CASE WHEN type = 'maxcompute' THEN name || ?2 ELSE dev_project END,
		dev_identity = CASE WHEN type = 'maxcompute' THEN ?3 ELSE prod_identity END,
		prod_identity = CASE WHEN type = 'maxcompute' AND lower(prod_identity) = lower(?4) THEN ?5 ELSE prod_identity END
		WHERE workspace_id = ?1`, ws, developmentEnd, executor, taskOwner, cloudAccount); err != nil {
		return nil, err
	}
	pairs := []workspace.EnginePair{}
	err := each(ctx, s.db, doing, func(row scanner) error {
		var p workspace.EnginePair
		err := row.Scan(&p.Engine, &p.Type, &p.DevProject, &p.DevIdentity, &p.ProdIdentity)
		pairs = append(pairs, p)
		return err
	}, "SELECT name, type, dev_project, dev_identity, prod_identity FROM engine WHERE workspace_id = ? ORDER BY name_key", ws)
	return pairs, err
}
