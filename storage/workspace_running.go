package storage

import (
	"context"

	"reeve/core/access"
	"reeve/core/figure"
	"reeve/core/workspace"
)

// WorkspaceRunning is what the area of workspaces needs to know of runs.
type WorkspaceRunning struct{ db *DB }

var _ workspace.Running = WorkspaceRunning{}

// NewWorkspaceRunning makes the store.
func NewWorkspaceRunning(db *DB) WorkspaceRunning { return WorkspaceRunning{db} }

// RunningInstances counts the runs of which no end has been told; known is false if no run of the workspace ever was.
func (s WorkspaceRunning) RunningInstances(ctx context.Context, ws access.WorkspaceID) (n int, known bool, err error) {
	_, _, err = one(ctx, s.db, "counting running instances", func(row scanner) (none struct{}, err error) {
		return none, row.Scan(&n, &known)
	}, `SELECT (SELECT count(*) FROM figure_run WHERE workspace_id = ?1 AND state = ?2),
		EXISTS (SELECT 1 FROM figure_run WHERE workspace_id = ?1) OR EXISTS (SELECT 1 FROM figure_hour WHERE workspace_id = ?1)`, ws, int64(figure.Running))
	return n, known, err
}
