package storage

import (
	"context"
	"slices"

	"reeve/core/access"
)

const (
	placeColumns = "w.id, w.name, w.status IN (" + openStatuses + ") AND w.deleted_at = 0, w.region, w.mode = 'standard', w.dev_role_disabled"
	grantColumns = "g.id, g.workspace_id, g.principal_id, g.role_id, g.granted_by, g.granted_at, g.until"
)

// openStatuses are those in which members may enter a workspace, as workspace.States has them.
const openStatuses = "'normal', 'updating', 'update-failed'"

// scanPlace also notes where the Develop role is switched off.
func (l *loading) scanPlace(row scanner) (w access.Workspace, err error) {
	var off bool
	err = row.Scan(&w.ID, &w.Name, &w.Open, &w.Region, &w.Standard, &off)
	if off {
		l.noDevelop[w.ID] = true
	}
	return w, err
}

// dropDevelop takes away what the Develop role grants where it is switched off. Who holds it keeps it, and it gives nothing.
func (l *loading) dropDevelop() {
	if len(l.noDevelop) > 0 {
		l.st.Grants = slices.DeleteFunc(l.st.Grants, func(g access.Grant) bool { return g.Role == developRole && l.noDevelop[g.Workspace] })
	}
}

func scanGrant(row scanner) (g access.Grant, err error) {
	err = row.Scan(&g.ID, &g.Workspace, &g.Principal, &g.Role, &g.By, &g.At, &g.Until)
	return g, err
}

func scanMembership(row scanner) (m access.Member, err error) {
	err = row.Scan(&m.Workspace, &m.Principal)
	return m, err
}

// addWorkspaces reads the workspaces of the scope with what is granted in them.
func (l *loading) addWorkspaces(ctx context.Context) error {
	steps := []func(context.Context) error{l.addCustomRoles, l.addAll, l.addEngines}
	query, args := "SELECT "+placeColumns+" FROM workspace w", []any(nil)
	switch {
	case l.scope.Everything && l.about():
		steps = []func(context.Context) error{l.addEverywhere, l.addHeldRoles}
	case l.scope.Everything:
	case l.scope.Workspace == 0:
		return nil
	case l.about():
		steps[1] = l.addOne
		fallthrough
	default:
		query, args = query+" WHERE w.id = ?", []any{l.scope.Workspace}
	}
	var err error
	if l.st.Workspaces, err = all(ctx, l.db, "reading the workspaces", l.scanPlace, query, args...); err != nil || len(l.st.Workspaces) == 0 {
		return err
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	l.dropDevelop()
	return nil
}

// inScope narrows a query to the workspace of the scope, if it has one.
func (l *loading) inScope(column string) where {
	w := where{}
	if !l.scope.Everything {
		w.add(column+" = ?", l.scope.Workspace)
	}
	return w
}

func (l *loading) addCustomRoles(ctx context.Context) error {
	return l.appendRoles(ctx, l.inScope("r.workspace_id"))
}

// addHeldRoles reads the custom roles that the grants are of.
func (l *loading) addHeldRoles(ctx context.Context) error {
	var held []access.RoleID
	for _, g := range l.st.Grants {
		held = append(held, g.Role)
	}
	return l.appendRoles(ctx, where{}.with("r.id IN (SELECT value FROM json_each(?))", set(held)))
}

func (l *loading) appendRoles(ctx context.Context, among where) error {
	customs, err := l.db.customRoles(ctx, among)
	for _, r := range customs {
		l.st.Roles = append(l.st.Roles, r.Role)
	}
	return err
}

// addAll reads all members with all their grants.
func (l *loading) addAll(ctx context.Context) (err error) {
	w := l.inScope("g.workspace_id")
	if l.st.Grants, err = all(ctx, l.db, "reading the grants", scanGrant,
		"SELECT "+grantColumns+" FROM role_grant g"+w.sql(), w.args...); err != nil {
		return err
	}
	w = l.inScope("workspace_id")
	l.st.Members, err = all(ctx, l.db, "reading the members", scanMembership,
		"SELECT workspace_id, principal_id FROM member"+w.sql(), w.args...)
	for _, m := range l.st.Members {
		l.helpers[m.Principal] = true
	}
	return err
}

// scopedGrants are the grants of some principals and those of some roles. Each half of the union is one look-up in an index
// for each of them; CROSS JOIN keeps SQLite from reading all grants of the workspace instead.
const scopedGrants = `SELECT ` + grantColumns + ` FROM json_each(?2) p CROSS JOIN role_grant g ON g.workspace_id = ?1 AND g.principal_id = p.value UNION
	SELECT ` + grantColumns + ` FROM json_each(?3) r CROSS JOIN role_grant g ON g.workspace_id = ?1 AND g.role_id = r.value`

// addOne reads the grants of the principal and its groups, those of roles that administer, and the memberships of all their
// holders.
func (l *loading) addOne(ctx context.Context) (err error) {
	administering := l.builtins.administering()
	if l.st.Grants, err = all(ctx, l.db, "reading the grants", scanGrant,
		scopedGrants, l.scope.Workspace, set(l.own), set(administering)); err != nil {
		return err
	}
	ids := append([]access.PrincipalID(nil), l.own...)
	for _, g := range l.st.Grants {
		ids = append(ids, g.Principal)
		for _, r := range administering {
			if g.Role == r {
				l.helpers[g.Principal] = true
			}
		}
	}
	l.st.Members, err = all(ctx, l.db, "reading the members", scanMembership,
		"SELECT workspace_id, principal_id FROM member WHERE workspace_id = ? AND principal_id IN (SELECT value FROM json_each(?))",
		l.scope.Workspace, set(ids))
	return err
}

// grantsEverywhere are the grants of some principals in all workspaces. Grants are found through memberships, which are the
// ones with an index by principal.
const grantsEverywhere = `SELECT ` + grantColumns + ` FROM json_each(?) p CROSS JOIN member m ON m.principal_id = p.value
	CROSS JOIN role_grant g ON g.workspace_id = m.workspace_id AND g.principal_id = m.principal_id`

// addEverywhere reads the memberships and grants of the principal and its groups in all workspaces.
func (l *loading) addEverywhere(ctx context.Context) (err error) {
	if l.st.Grants, err = all(ctx, l.db, "reading the grants", scanGrant, grantsEverywhere, set(l.own)); err != nil {
		return err
	}
	l.st.Members, err = all(ctx, l.db, "reading the members", scanMembership,
		"SELECT workspace_id, principal_id FROM member WHERE principal_id IN (SELECT value FROM json_each(?))", set(l.own))
	return err
}

// addEngines reads the engines with their mappings.
func (l *loading) addEngines(ctx context.Context) (err error) {
	w := l.inScope("e.workspace_id")
	if l.st.Engines, err = all(ctx, l.db, "reading the engines", scanAccessEngine,
		"SELECT "+engineColumns+" FROM engine e"+w.sql(), w.args...); err != nil || len(l.st.Engines) == 0 {
		return err
	}
	if l.st.EngineMappings, err = all(ctx, l.db, "reading the mappings of roles", func(row scanner) (m access.EngineMapping, err error) {
		err = row.Scan(&m.Engine, &m.Role, &m.EngineRole)
		return m, err
	}, "SELECT m.engine_id, m.role_id, m.engine_role FROM engine e JOIN engine_mapping m ON m.engine_id = e.id"+w.sql(), w.args...); err != nil {
		return err
	}
	if l.about() {
		w.add("m.principal_id IN (SELECT value FROM json_each(?))", set(l.own))
	}
	l.st.AccountMappings, err = all(ctx, l.db, "reading the mappings of accounts", func(row scanner) (m access.AccountMapping, err error) {
		err = row.Scan(&m.Engine, &m.Principal, &m.Account)
		return m, err
	}, "SELECT m.engine_id, m.principal_id, m.account FROM engine e JOIN account_mapping m ON m.engine_id = e.id"+w.sql(), w.args...)
	return err
}
