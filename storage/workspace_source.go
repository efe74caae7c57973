package storage

import (
	"context"

	"reeve/core/access"
	"reeve/core/source"
	"reeve/core/workspace"
)

// WorkspaceSources is what the area of workspaces needs to know of data sources.
type WorkspaceSources struct{ db *DB }

var _ workspace.Sources = WorkspaceSources{}

// NewWorkspaceSources makes the store.
func NewWorkspaceSources(db *DB) WorkspaceSources { return WorkspaceSources{db} }

// Names are the data sources of the workspace, by name.
func (s WorkspaceSources) Names(ctx context.Context, ws access.WorkspaceID) ([]string, error) {
	return all(ctx, s.db, "reading the data sources", value[string], "SELECT name FROM source WHERE workspace_id = ? ORDER BY name_key", ws)
}

// Double copies the connection of each source to the environment of development: it leads to the same database, and was not
// tested from there. A source that has one there already keeps it.
func (s WorkspaceSources) Double(ctx context.Context, ws access.WorkspaceID) ([]string, error) {
	const doing = "doubling the data sources"
	const lacking = `SELECT s.id FROM source s JOIN source_connection c ON c.source_id = s.id AND c.environment = ?2
		WHERE s.workspace_id = ?1 AND NOT EXISTS (SELECT 1 FROM source_connection d WHERE d.source_id = s.id AND d.environment = ?3)`
	ids, err := all(ctx, s.db, doing, value[int64], lacking, ws, string(source.Prod), string(source.Dev))
	if err != nil || len(ids) == 0 {
		return []string{}, err
	}
	if _, err := s.db.exec(ctx, doing, `INSERT INTO source_connection
		(source_id, environment, mode, properties, description, created_at, created_by, modified_at, modified_by)
		SELECT source_id, ?, mode, properties, description, created_at, created_by, modified_at, modified_by FROM source_connection
		WHERE environment = ? AND source_id IN (SELECT value FROM json_each(?))`, string(source.Dev), string(source.Prod), set(ids)); err != nil {
		return nil, err
	}
	if _, err := s.db.exec(ctx, doing, "UPDATE source SET version = version + 1 WHERE id IN (SELECT value FROM json_each(?))", set(ids)); err != nil {
		return nil, err
	}
	return all(ctx, s.db, doing, value[string], "SELECT name FROM source WHERE id IN (SELECT value FROM json_each(?)) ORDER BY name_key", set(ids))
}
