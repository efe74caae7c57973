package storage

import (
	"context"
	"fmt"
	"slices"

	"reeve/core/access"
	"reeve/core/engine"
	"reeve/core/text"
)

// Engines keeps the compute engines of workspaces with the mappings of roles and accounts.
type Engines struct{ states }

var _ engine.Store = Engines{}

// NewEngines makes the store.
func NewEngines(db *DB, builtins Builtins) Engines {
	return Engines{states{Places{db}, builtins}}
}

const engineColumns = "e.id, e.workspace_id, e.name, e.type, e.dev_identity, e.prod_identity"

// engineTypes are the types of engines as they are stored, by number.
func engineTypes() []string { return []string{"maxcompute", "emr", "cdh", "other"} }

func engineType(e access.EngineType) (string, error) {
	if types := engineTypes(); int(e) < len(types) {
		return types[e], nil
	}
	return "", fmt.Errorf("there is no type %d of engines", e)
}

func scanAccessEngine(row scanner) (e access.Engine, err error) {
	var kind string
	err = row.Scan(&e.ID, &e.Workspace, &e.Name, &kind, &e.DevIdentity, &e.ProdIdentity)
	e.Type = access.EngineType(max(0, slices.Index(engineTypes(), kind))) // #nosec G115 -- one of four
	return e, err
}

// List returns the engines of the workspace by name, with the mappings of custom roles and of accounts.
func (s Engines) List(ctx context.Context, ws access.WorkspaceID) (found []engine.Engine, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		found, err = s.list(ctx, where{}.with("e.workspace_id = ?", ws))
		return err
	})
	return found, err
}

func (s Engines) list(ctx context.Context, among where) ([]engine.Engine, error) {
	found, err := all(ctx, s.db, "reading the engines", func(row scanner) (e engine.Engine, err error) {
		e.Engine, err = scanAccessEngine(behind{row, []any{&e.Version}})
		return e, err
	}, "SELECT e.version, "+engineColumns+" FROM engine e"+among.sql()+" ORDER BY e.name_key", among.args...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	at := make(map[uint32]int, len(found))
	for i, e := range found {
		at[e.ID] = i
	}
	if err := each(ctx, s.db, "reading the mappings of roles", func(row scanner) error {
		var id uint32
		m := engine.RoleMapping{Kind: access.Custom}
		err := row.Scan(&id, &m.Role, &m.Code, &m.Name, &m.EngineRole)
		if err == nil {
			found[at[id]].Roles = append(found[at[id]].Roles, m)
		}
		return err
	}, "SELECT m.engine_id, m.role_id, r.code, r.name, m.engine_role FROM engine e JOIN engine_mapping m ON m.engine_id = e.id JOIN role r ON r.id = m.role_id"+
		among.sql()+" ORDER BY r.name_key", among.args...); err != nil {
		return nil, err
	}
	return found, each(ctx, s.db, "reading the mappings of accounts", func(row scanner) error {
		var id uint32
		var m engine.AccountMapping
		err := row.Scan(&id, &m.Principal, &m.User, &m.Account)
		if err == nil {
			found[at[id]].Accounts = append(found[at[id]].Accounts, m)
		}
		return err
	}, "SELECT m.engine_id, m.principal_id, p.name, m.account FROM engine e JOIN account_mapping m ON m.engine_id = e.id JOIN principal p ON p.id = m.principal_id"+
		among.sql()+" ORDER BY p.name_key", among.args...)
}

// Insert binds an engine and returns it with its id, in version 1.
func (s Engines) Insert(ctx context.Context, ws access.WorkspaceID, e engine.Engine) (engine.Engine, error) {
	none := engine.Engine{}
	kind, err := engineType(e.Type)
	if err != nil {
		return none, err
	}
	id, err := s.db.insertRow(ctx, "binding an engine",
		"INSERT INTO engine (workspace_id, name, name_key, type, dev_identity, prod_identity) VALUES (?, ?, ?, ?, ?, ?)",
		ws, e.Name, text.Fold(e.Name), kind, e.DevIdentity, e.ProdIdentity)
	if err != nil {
		return none, err
	}
	made, err := s.list(ctx, where{}.with("e.id = ?", id))
	if err == nil && len(made) == 0 {
		err = errMissing("engine", id)
	}
	if err != nil {
		return none, err
	}
	return made[0], nil
}

// Delete removes an engine if the version still is version, with its mappings; otherwise ok is false.
func (s Engines) Delete(ctx context.Context, id uint32, version int64) (ok bool, err error) {
	n, err := s.db.exec(ctx, "removing an engine", "DELETE FROM engine WHERE id = ? AND version = ?", id, version)
	return n == 1, err
}

// raise raises the version of an engine if it still is version.
func (s Engines) raise(ctx context.Context, id uint32, version int64) (ok bool, err error) {
	n, err := s.db.exec(ctx, "changing an engine", "UPDATE engine SET version = version + 1 WHERE id = ? AND version = ?", id, version)
	return n == 1, err
}

// SetIdentities sets the access identities of an engine, empty for none, and raises its version if it still is version; otherwise ok
// is false.
func (s Engines) SetIdentities(ctx context.Context, id uint32, dev, prod string, version int64) (ok bool, err error) {
	n, err := s.db.exec(ctx, "changing the identities of an engine",
		"UPDATE engine SET dev_identity = ?, prod_identity = ?, version = version + 1 WHERE id = ? AND version = ?", dev, prod, id, version)
	return n == 1, err
}

// MapRole maps a custom role, or with an empty engine role takes its mapping away, and raises the engine's version if it
// still is version; otherwise ok is false.
func (s Engines) MapRole(ctx context.Context, id uint32, r access.RoleID, engineRole string, version int64) (ok bool, err error) {
	const doing = "mapping a role"
	if ok, err = s.raise(ctx, id, version); err != nil || !ok {
		return false, err
	}
	if engineRole == "" {
		_, err = s.db.exec(ctx, doing, "DELETE FROM engine_mapping WHERE engine_id = ? AND role_id = ?", id, r)
		return true, err
	}
	_, err = s.db.exec(ctx, doing, `INSERT INTO engine_mapping (engine_id, role_id, engine_role) VALUES (?, ?, ?)
		ON CONFLICT (engine_id, role_id) DO UPDATE SET engine_role = excluded.engine_role`, id, r, engineRole)
	return true, err
}

// MapAccount maps a member, or with an empty account takes the mapping away; ok as in MapRole.
func (s Engines) MapAccount(ctx context.Context, id uint32, p access.PrincipalID, account string, version int64) (ok bool, err error) {
	const doing = "mapping an account"
	if ok, err = s.raise(ctx, id, version); err != nil || !ok {
		return false, err
	}
	if account == "" {
		_, err = s.db.exec(ctx, doing, "DELETE FROM account_mapping WHERE engine_id = ? AND principal_id = ?", id, p)
		return true, err
	}
	_, err = s.db.exec(ctx, doing, `INSERT INTO account_mapping (engine_id, principal_id, account) VALUES (?, ?, ?)
		ON CONFLICT (engine_id, principal_id) DO UPDATE SET account = excluded.account`, id, p, account)
	return true, err
}
