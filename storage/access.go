package storage

import (
	"context"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/edition"
	"reeve/core/question"
)

// Ids of the built-in roles that storage itself grants and asks for, as the data of built-in roles has them.
const (
	ownerRole access.RoleID = 1
	adminRole access.RoleID = 2
)

// states reads what decisions depend on, for the areas that work with the built-in roles.
type states struct {
	Places
	builtins []access.Role
}

// GateStore is what the gate needs.
type GateStore struct{ states }

var _ control.Store = GateStore{}

// NewGateStore makes the store of the gate. builtins are the built-in roles.
func NewGateStore(db *DB, builtins []access.Role) GateStore {
	return GateStore{states{Places{db}, builtins}}
}

// Questions is what questions of access need.
type Questions struct{ states }

var _ question.Store = Questions{}

// NewQuestions makes the store. builtins are the built-in roles.
func NewQuestions(db *DB, builtins []access.Role) Questions {
	return Questions{states{Places{db}, builtins}}
}

// Named finds a principal by name; fault.NotFound with near names otherwise.
func (s Questions) Named(ctx context.Context, name string) (access.Principal, error) {
	return s.db.named(ctx, name)
}

// Write runs fn in the one writing transaction; it commits when fn returns nil.
func (s GateStore) Write(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.db.Write(ctx, fn)
}

// Read runs fn on one consistent state.
func (s GateStore) Read(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.db.Read(ctx, fn)
}

// EditionOf is the edition of a region; ok is false when it is not activated.
func (s GateStore) EditionOf(ctx context.Context, region string) (e edition.Edition, ok bool, err error) {
	return one(ctx, s.db, "reading the edition of a region", value[edition.Edition], "SELECT edition FROM region WHERE id = ?", region)
}

// AccessState reads what decisions depend on, within a scope: always the powers and the built-in roles; with a workspace
// also that one, its custom roles, and its members with their grants: all of them, or with a principal that one and those
// who administer, whose other grants are left out. Who granted what is among the principals, for explanations. Now is
// not set.
func (s states) AccessState(ctx context.Context, scope control.Scope) (st access.State, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		st = access.State{Roles: append([]access.Role(nil), s.builtins...)}
		if err := s.addTenant(ctx, &st); err != nil {
			return err
		}
		open, found, err := one(ctx, s.db, "reading a workspace", scanPlace,
			"SELECT id, name, status = 'normal' AND deleted_at = 0 FROM workspace WHERE id = ?", scope.Workspace)
		if err != nil {
			return err
		}
		if found {
			st.Workspaces = []access.Workspace{open}
			if err := s.addWorkspace(ctx, &st, scope); err != nil {
				return err
			}
		}
		return s.addPrincipals(ctx, &st, scope)
	})
	return st, err
}

func scanPlace(row scanner) (w access.Workspace, err error) {
	err = row.Scan(&w.ID, &w.Name, &w.Open)
	return w, err
}

// addTenant reads the revision and the policy. A new database has no tenant yet, and the zero policy is the default.
func (s states) addTenant(ctx context.Context, st *access.State) error {
	_, _, err := one(ctx, s.db, "reading the revision", func(row scanner) (none struct{}, err error) {
		var strict bool
		err = row.Scan(&st.Revision, &strict)
		if strict {
			st.Policy = access.Strict
		}
		return none, err
	}, "SELECT r.value, coalesce((SELECT t.policy = 'strict' FROM tenant t), 0) FROM revision r")
	return err
}

func (s states) addWorkspace(ctx context.Context, st *access.State, scope control.Scope) error {
	customs, err := s.db.customRoles(ctx, scope.Workspace)
	if err != nil {
		return err
	}
	for _, r := range customs {
		st.Roles = append(st.Roles, r.Role)
	}
	if scope.Principal == 0 {
		return s.addAll(ctx, st, scope.Workspace)
	}
	return s.addOne(ctx, st, scope)
}

const grantColumns = "g.id, g.workspace_id, g.principal_id, g.role_id, g.granted_by, g.granted_at, g.until"

func (s states) addAll(ctx context.Context, st *access.State, ws access.WorkspaceID) (err error) {
	if st.Grants, err = all(ctx, s.db, "reading the grants", scanGrant,
		"SELECT "+grantColumns+" FROM role_grant g WHERE g.workspace_id = ?", ws); err != nil {
		return err
	}
	st.Members, err = all(ctx, s.db, "reading the members", scanMembership,
		"SELECT workspace_id, principal_id FROM member WHERE workspace_id = ?", ws)
	return err
}

// scopedGrants are the grants of one principal and those of some roles. Each half of the union is one look-up in an index;
// CROSS JOIN keeps SQLite from reading all grants of the workspace instead.
const scopedGrants = `SELECT ` + grantColumns + ` FROM role_grant g WHERE g.workspace_id = ?1 AND g.principal_id = ?2 UNION
	SELECT ` + grantColumns + ` FROM json_each(?3) r CROSS JOIN role_grant g ON g.workspace_id = ?1 AND g.role_id = r.value`

// addOne reads the grants of one principal, those of roles that administer, and the memberships of all their holders.
func (s states) addOne(ctx context.Context, st *access.State, scope control.Scope) (err error) {
	if st.Grants, err = all(ctx, s.db, "reading the grants", scanGrant,
		scopedGrants, scope.Workspace, scope.Principal, set(s.administering())); err != nil {
		return err
	}
	ids := []access.PrincipalID{scope.Principal}
	for _, g := range st.Grants {
		ids = append(ids, g.Principal)
	}
	st.Members, err = all(ctx, s.db, "reading the members", scanMembership,
		"SELECT workspace_id, principal_id FROM member WHERE workspace_id = ? AND principal_id IN (SELECT value FROM json_each(?))",
		scope.Workspace, set(ids))
	return err
}

func scanMembership(row scanner) (m access.Member, err error) {
	err = row.Scan(&m.Workspace, &m.Principal)
	return m, err
}

func (s states) administering() []access.RoleID {
	var ids []access.RoleID
	for _, r := range s.builtins {
		if r.Administers {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func scanGrant(row scanner) (g access.Grant, err error) {
	err = row.Scan(&g.ID, &g.Workspace, &g.Principal, &g.Role, &g.By, &g.At, &g.Until)
	return g, err
}

// addPrincipals reads the powers and everyone whom the state names.
func (s states) addPrincipals(ctx context.Context, st *access.State, scope control.Scope) error {
	named := map[access.PrincipalID]bool{scope.Principal: true}
	for _, m := range st.Members {
		named[m.Principal] = true
	}
	for _, g := range st.Grants {
		named[g.Principal], named[g.By] = true, true
	}
	delete(named, 0)
	ids := make([]access.PrincipalID, 0, len(named))
	for id := range named {
		ids = append(ids, id)
	}
	var err error
	st.Principals, err = all(ctx, s.db, "reading the principals", scanPrincipal, `SELECT `+principalColumns+` FROM principal p
		WHERE p.id IN (SELECT value FROM json_each(?) UNION SELECT id FROM principal WHERE kind = 'account' OR full_access = 1)`, set(ids))
	return err
}
