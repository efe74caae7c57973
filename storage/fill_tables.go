package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// loader inserts many rows into one table, many with each statement.
type loader struct {
	db      *DB
	into    string // table and columns
	row     string // the values of one row, a ? for each argument
	columns int
	first   []*loader // tables whose rows these rows point at
	pending []any
	many    *sql.Stmt
}

// manyArguments bounds the arguments of one statement.
const manyArguments = 900

func newLoader(db *DB, into, row string, first ...*loader) *loader {
	return &loader{db: db, into: into, row: row, columns: strings.Count(row, "?"), first: first}
}

func (l *loader) batch() int { return manyArguments / l.columns }

func (l *loader) statement(rows int) string {
	return "INSERT INTO " + l.into + " VALUES " + strings.Repeat(l.row+", ", rows-1) + l.row
}

func (l *loader) add(ctx context.Context, values ...any) error {
	l.pending = append(l.pending, values...)
	if len(l.pending) < l.batch()*l.columns {
		return nil
	}
	return l.flush(ctx)
}

// flush inserts what is pending, after what it points at.
func (l *loader) flush(ctx context.Context) error {
	if len(l.pending) == 0 {
		return nil
	}
	for _, other := range l.first {
		if err := other.flush(ctx); err != nil {
			return err
		}
	}
	err := l.insert(ctx)
	l.pending = l.pending[:0]
	if err != nil {
		return fmt.Errorf("inserting into %s: %w", l.into, err)
	}
	return nil
}

func (l *loader) insert(ctx context.Context) (err error) {
	rows := len(l.pending) / l.columns
	if rows < l.batch() {
		_, err = l.db.q(ctx).ExecContext(ctx, l.statement(rows), l.pending...)
		return err
	}
	if l.many == nil {
		if l.many, err = l.db.transaction(ctx).PrepareContext(ctx, l.statement(rows)); err != nil {
			return err
		}
	}
	_, err = l.many.ExecContext(ctx, l.pending...)
	return err
}

func (l *loader) close() error {
	if l.many == nil {
		return nil
	}
	return l.many.Close()
}

// sampleTables are the tables that sample data goes into.
type sampleTables struct {
	db                                       *DB
	principals, principalText                *loader
	workspaces, workspaceText, roles, levels *loader
	members, grants, timed                   *loader
	engines, engineRoles                     *loader
}

func newSampleTables(db *DB) sampleTables {
	t := sampleTables{db: db}
	t.principals = newLoader(db, "principal (id, name, name_key, display_name, display_key, kind, created_at, email, email_key, disabled_at, status)",
		"(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
	t.principalText = newLoader(db, "principal_text (rowid, name, display_name, email)", "(?, ?, ?, ?)")
	t.workspaces = newLoader(db, `workspace (id, region, name, name_key, display_name, display_key, mode, template, status,
		owner_id, created_at, created_by, deleted_at, purge_at)`, "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
	t.workspaceText = newLoader(db, "workspace_text (rowid, name, display_name)", "(?, ?, ?)")
	t.roles = newLoader(db, "role (id, workspace_id, name, name_key, code, created_at, created_by, modified_at, modified_by)",
		"(?, ?, ?, ?, ?, ?, ?, ?, ?)", t.workspaces)
	t.levels = newLoader(db, "role_module (role_id, module, level)", "(?, ?, ?)", t.roles)
	t.members = newLoader(db, "member (workspace_id, principal_id, name_key, added_at, added_by, active_at, version)",
		"(?, ?, ?, ?, ?, ?, 1)", t.workspaces)
	t.grants = newLoader(db, "role_grant (workspace_id, principal_id, role_id, granted_at, granted_by)", "(?, ?, ?, ?, ?)", t.members)
	t.timed = newLoader(db, "role_grant (workspace_id, principal_id, role_id, granted_at, granted_by, until)", "(?, ?, ?, ?, ?, ?)", t.members)
	t.engines = newLoader(db, "engine (id, workspace_id, name, name_key, type, dev_identity, prod_identity)", "(?, ?, ?, ?, ?, ?, ?)", t.workspaces)
	t.engineRoles = newLoader(db, "engine_mapping (engine_id, role_id, engine_role)", "(?, ?, ?)", t.engines, t.roles)
	return t
}

func (t sampleTables) loaders() []*loader {
	return []*loader{t.principals, t.principalText, t.workspaces, t.workspaceText, t.roles, t.levels, t.members, t.grants, t.timed, t.engines, t.engineRoles}
}

func (t sampleTables) flush(ctx context.Context) error {
	for _, l := range t.loaders() {
		if err := l.flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

// touch raises the revision: whoever has read the state before must read it again.
func (t sampleTables) touch(ctx context.Context) error {
	_, err := t.db.exec(ctx, "raising the revision", "UPDATE revision SET value = value + 1 WHERE id = 1")
	return err
}

func (t sampleTables) close() error {
	var err error
	for _, l := range t.loaders() {
		err = errors.Join(err, l.close())
	}
	return err
}
