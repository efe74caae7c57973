package storage

import (
	"context"
	"encoding/json"

	"reeve/core/access"
	"reeve/core/source"
	"reeve/core/text"
)

// Sources keeps the data sources of workspaces.
type Sources struct{ Places }

var _ source.Store = Sources{}

// NewSources makes the store.
func NewSources(db *DB) Sources { return Sources{Places{db}} }

// List returns the sources of the workspace by name, with their connections.
func (s Sources) List(ctx context.Context, ws access.WorkspaceID) (found []source.Source, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if found, err = all(ctx, s.db, "reading the data sources", func(row scanner) (one source.Source, err error) {
			err = row.Scan(&one.ID, &one.Name, &one.Type, &one.Version)
			one.Connections = []source.Connection{}
			return one, err
		}, "SELECT id, name, type, version FROM source WHERE workspace_id = ? ORDER BY name_key", ws); err != nil {
			return err
		}
		at := make(map[uint32]int, len(found))
		for i, one := range found {
			at[one.ID] = i
		}
		return each(ctx, s.db, "reading the connections of data sources", func(row scanner) error {
			id, c, err := scanConnection(row)
			if err == nil {
				found[at[id]].Connections = append(found[at[id]].Connections, c)
			}
			return err
		}, `SELECT c.source_id, c.environment, c.mode, c.properties, c.description, c.created_at, `+everOf+"c.created_by"+orNobody+`, c.modified_at,
			`+everOf+"c.modified_by"+orNobody+`, c.tested_at, `+everOf+"c.tested_by"+orNobody+`, c.connected, c.stages
			FROM source s JOIN source_connection c ON c.source_id = s.id
			WHERE s.workspace_id = ? ORDER BY c.source_id, c.environment`, ws)
	})
	return found, err
}

func scanConnection(row scanner) (id uint32, c source.Connection, err error) {
	var created, modified, tested int64
	var test source.Test
	var properties, stages string
	if err = row.Scan(&id, &c.Environment, &c.Mode, &properties, &c.Description, &created, &c.CreatedBy, &modified, &c.ModifiedBy,
		&tested, &test.By, &test.Connected, &stages); err != nil {
		return id, c, err
	}
	c.CreatedAt, c.ModifiedAt = moment(created), moment(modified)
	if err = json.Unmarshal([]byte(properties), &c.Properties); err != nil || tested == 0 {
		return id, c, err
	}
	test.At, c.Tested = moment(tested), &test
	return id, c, json.Unmarshal([]byte(stages), &test.Stages)
}

// Standard says whether the workspace keeps development and production apart.
func (s Sources) Standard(ctx context.Context, ws access.WorkspaceID) (bool, error) {
	standard, ok, err := one(ctx, s.db, "reading the mode of a workspace", value[bool], "SELECT mode = 'standard' FROM workspace WHERE id = ?", ws)
	if err == nil && !ok {
		err = errMissing("workspace", ws)
	}
	return standard, err
}

// Insert makes a source without connections, in version 1, and returns its id.
func (s Sources) Insert(ctx context.Context, ws access.WorkspaceID, name, kind string) (uint32, error) {
	id, err := s.db.insertRow(ctx, "making a data source", "INSERT INTO source (workspace_id, name, name_key, type) VALUES (?, ?, ?, ?)",
		ws, name, text.Fold(name), kind)
	return uint32(id), err // #nosec G115 -- ids count up from 1
}

// Raise raises the version if it still is version; otherwise ok is false.
func (s Sources) Raise(ctx context.Context, id uint32, version int64) (ok bool, err error) {
	n, err := s.db.exec(ctx, "changing a data source", "UPDATE source SET version = version + 1 WHERE id = ? AND version = ?", id, version)
	return n == 1, err
}

// Put writes a connection in place of the one in its environment, whose maker it keeps; the last test is forgotten.
func (s Sources) Put(ctx context.Context, id uint32, c source.Connection, by access.PrincipalID) error {
	properties, err := json.Marshal(c.Properties)
	if err != nil {
		return err
	}
	_, err = s.db.exec(ctx, "changing a data source", `INSERT INTO source_connection
		(source_id, environment, mode, properties, description, created_at, created_by, modified_at, modified_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (source_id, environment) DO UPDATE SET mode = excluded.mode, properties = excluded.properties, description = excluded.description,
		modified_at = excluded.modified_at, modified_by = excluded.modified_by, tested_at = 0, tested_by = NULL, connected = 0, stages = '[]'`,
		id, string(c.Environment), c.Mode, string(properties), c.Description, unix(c.CreatedAt), by, unix(c.ModifiedAt), by)
	return err
}

// Drop removes the connection of an environment.
func (s Sources) Drop(ctx context.Context, id uint32, env source.Environment) error {
	_, err := s.db.exec(ctx, "changing a data source", "DELETE FROM source_connection WHERE source_id = ? AND environment = ?", id, string(env))
	return err
}

// Delete removes a source with its connections if the version still is version; otherwise ok is false.
func (s Sources) Delete(ctx context.Context, id uint32, version int64) (ok bool, err error) {
	n, err := s.db.exec(ctx, "deleting a data source", "DELETE FROM source WHERE id = ? AND version = ?", id, version)
	return n == 1, err
}

// SaveTest keeps a test as the last one of a connection.
func (s Sources) SaveTest(ctx context.Context, id uint32, env source.Environment, t source.Test, by access.PrincipalID) error {
	stages, err := json.Marshal(t.Stages)
	if err != nil {
		return err
	}
	_, err = s.db.exec(ctx, "keeping a test", "UPDATE source_connection SET tested_at = ?, tested_by = ?, connected = ?, stages = ? WHERE source_id = ? AND environment = ?",
		unix(t.At), by, t.Connected, string(stages), id, string(env))
	return err
}
