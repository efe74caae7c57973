package storage

import (
	"context"
	"errors"
	"strconv"
	"time"

	"reeve/core/access"
	"reeve/core/role"
	"reeve/core/text"
)

// Roles keeps the custom roles of workspaces.
type Roles struct{ states }

var _ role.Store = Roles{}

// NewRoles makes the store.
func NewRoles(db *DB, builtins Builtins) Roles {
	return Roles{states{Places{db}, builtins}}
}

// ofWorkspace narrows custom roles to those of one workspace.
func ofWorkspace(ws access.WorkspaceID) where { return where{}.with("r.workspace_id = ?", ws) }

// customRoles reads custom roles by name, without their holders.
func (db *DB) customRoles(ctx context.Context, among where) ([]role.Role, error) {
	roles, err := all(ctx, db, "reading the roles", scanRole,
		`SELECT r.id, r.code, r.name, r.workspace_id, r.created_at, `+everOf+"r.created_by"+orNobody+`, r.modified_at,
			`+everOf+"r.modified_by"+orNobody+`, r.version
		FROM role r
		`+among.sql()+" ORDER BY r.name_key", among.args...)
	if err != nil || len(roles) == 0 {
		return nil, err
	}
	at := make(map[access.RoleID]int, len(roles))
	for i, r := range roles {
		at[r.ID] = i
	}
	err = each(ctx, db, "reading the levels of roles", func(row scanner) error {
		var id access.RoleID
		var code, name string
		if err := row.Scan(&id, &code, &name); err != nil {
			return err
		}
		module, err := access.ParseModule(access.PlaneWorkspace, code)
		if err != nil {
			return err
		}
		level, err := access.ParseLevel(name)
		roles[at[id]].Levels = roles[at[id]].Levels.With(module, level)
		return err
	}, "SELECT l.role_id, l.module, l.level FROM role r JOIN role_module l ON l.role_id = r.id"+among.sql(), among.args...)
	return roles, err
}

func scanRole(row scanner) (r role.Role, err error) {
	var created, modified int64
	err = row.Scan(&r.ID, &r.Code, &r.Name, &r.Workspace, &created, &r.CreatedBy, &modified, &r.ModifiedBy, &r.Version)
	r.Kind, r.Assignable = access.Custom, true
	r.CreatedAt, r.ModifiedAt = moment(created), moment(modified)
	return r, err
}

// List returns the built-in roles, then the custom ones of the workspace by name.
func (s Roles) List(ctx context.Context, ws access.WorkspaceID) (roles []role.Role, err error) {
	db := s.db
	err = db.Read(ctx, func(ctx context.Context) error {
		roles = nil
		for _, r := range s.builtins.Roles {
			roles = append(roles, role.Role{Role: r})
		}
		customs, err := db.customRoles(ctx, ofWorkspace(ws))
		if err != nil {
			return err
		}
		roles = append(roles, customs...)
		holders := map[access.RoleID]int{}
		if err := each(ctx, db, "counting the holders of roles", func(row scanner) error {
			var id access.RoleID
			var n int
			err := row.Scan(&id, &n)
			holders[id] = n
			return err
		}, "SELECT role_id, count(*) FROM role_grant WHERE workspace_id = ? AND (until = 0 OR until > ?) GROUP BY role_id", ws, db.now()); err != nil {
			return err
		}
		for i := range roles {
			roles[i].Holders = holders[roles[i].ID]
		}
		return nil
	})
	return roles, err
}

// Somewhere reports whether any workspace has a role that a person would call so, built-in or custom; if none, which
// built-in ones come near. It is not for a gate to answer: a session is narrowed to roles before it asks for anything.
func (s Roles) Somewhere(ctx context.Context, name string) (there bool, near []string, err error) {
	_, err = access.FindRole(s.builtins.Roles, name)
	var unknown *access.UnknownError
	switch {
	case err == nil:
		return true, nil, nil
	case errors.As(err, &unknown):
		near = unknown.Nearest
	}
	_, found, err := one(ctx, s.db, "looking a role up", value[int64], "SELECT id FROM role WHERE name_key = ? OR lower(code) = ? LIMIT 1", text.Fold(name), text.Fold(name))
	return found, near, err
}

// Holders names up to limit members holding the role, by name.
func (s Roles) Holders(ctx context.Context, ws access.WorkspaceID, id access.RoleID, limit int) ([]string, error) {
	return all(ctx, s.db, "reading the holders of a role", value[string],
		`SELECT p.name FROM role_grant g JOIN principal p ON p.id = g.principal_id
		WHERE g.workspace_id = ? AND g.role_id = ? AND (g.until = 0 OR g.until > ?) ORDER BY p.name_key LIMIT ?`, ws, id, s.db.now(), limit)
}

// Insert makes a custom role and returns it with its id and its code.
func (s Roles) Insert(ctx context.Context, ws access.WorkspaceID, r role.Role, by access.PrincipalID) (role.Role, error) {
	const doing = "making a role"
	db, key := s.db, text.Fold(r.Name)
	// The code comes from the id, which is known only afterwards; no code looks like this one in between.
	id, err := db.insertRow(ctx, doing,
		`INSERT INTO role (workspace_id, name, name_key, code, created_at, created_by, modified_at, modified_by, version)
		VALUES (?, ?, ?, 'new/' || ? || '/' || ?, ?, ?, ?, ?, 1)`,
		ws, r.Name, key, ws, key, unix(r.CreatedAt), by, unix(r.ModifiedAt), by)
	if err != nil {
		return role.Role{}, err
	}
	if _, err := db.exec(ctx, doing, "UPDATE role SET code = ? WHERE id = ?", roleCode(id), id); err != nil {
		return role.Role{}, err
	}
	if err := s.writeLevels(ctx, access.RoleID(id), r.Levels); err != nil { // #nosec G115 -- ids count up from 1000
		return role.Role{}, err
	}
	roles, err := db.customRoles(ctx, ofWorkspace(ws))
	for _, made := range roles {
		if int64(made.ID) == id {
			return made, err
		}
	}
	if err == nil {
		err = errMissing("role", id)
	}
	return role.Role{}, err
}

// roleCode is the code of the custom role with an id.
func roleCode(id int64) string { return "base_role_" + strconv.FormatInt(id, 36) }

func (s Roles) writeLevels(ctx context.Context, id access.RoleID, levels access.Levels) error {
	for _, m := range access.WorkspaceModules() {
		_, err := s.db.exec(ctx, "writing the levels of a role",
			"INSERT INTO role_module (role_id, module, level) VALUES (?, ?, ?) ON CONFLICT (role_id, module) DO UPDATE SET level = excluded.level",
			id, m.Code(), levels.Get(m).String())
		if err != nil {
			return err
		}
	}
	return nil
}

// SetLevels writes levels if the version still is version, and raises it; otherwise ok is false.
func (s Roles) SetLevels(ctx context.Context, id access.RoleID, levels access.Levels, version int64, by access.PrincipalID, at time.Time) (ok bool, err error) {
	n, err := s.db.exec(ctx, "changing a role",
		"UPDATE role SET modified_at = ?, modified_by = ?, version = version + 1 WHERE id = ? AND version = ?", unix(at), by, id, version)
	if err != nil || n == 0 {
		return false, err
	}
	return true, s.writeLevels(ctx, id, levels)
}

// Delete removes the role if the version still is version, with all grants of it; otherwise ok is false. The versions of
// those who held it are raised, for their roles have changed.
func (s Roles) Delete(ctx context.Context, id access.RoleID, version int64) (ok bool, err error) {
	const doing = "deleting a role"
	db := s.db
	ws, found, err := one(ctx, db, doing, value[access.WorkspaceID], "SELECT workspace_id FROM role WHERE id = ? AND version = ?", id, version)
	if err != nil || !found {
		return false, err
	}
	for _, step := range []string{
		`UPDATE member SET version = version + 1 WHERE workspace_id = ?1
			AND principal_id IN (SELECT principal_id FROM role_grant WHERE workspace_id = ?1 AND role_id = ?2)`,
		"DELETE FROM role_grant WHERE workspace_id = ?1 AND role_id = ?2",
		"DELETE FROM role WHERE workspace_id = ?1 AND id = ?2",
	} {
		if _, err := db.exec(ctx, doing, step, ws, id); err != nil {
			return false, err
		}
	}
	return true, nil
}
