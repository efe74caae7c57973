package storage

import (
	"context"
	"maps"
	"slices"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/edition"
)

// Ids of the built-in roles that storage itself grants and asks for, as the data of built-in roles has them.
const (
	ownerRole access.RoleID = 1
	adminRole access.RoleID = 2
	// developRole can be switched off in a workspace.
	developRole access.RoleID = 4
	visitorRole access.RoleID = 7
)

// GateStore is what the gate needs.
type GateStore struct{ states }

var _ control.Store = GateStore{}

// NewGateStore makes the store of the gate.
func NewGateStore(db *DB, builtins Builtins) GateStore {
	return GateStore{states{Places{db}, builtins}}
}

// Write runs fn in the one writing transaction; it commits when fn returns nil.
func (s GateStore) Write(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.db.Write(ctx, fn)
}

// Rehearse runs fn as Write does, and keeps nothing of it.
func (s GateStore) Rehearse(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.db.Rehearse(ctx, fn)
}

// Read runs fn on one consistent state.
func (s GateStore) Read(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.db.Read(ctx, fn)
}

// EditionOf is the edition of a region; ok is false when it is not activated.
func (s GateStore) EditionOf(ctx context.Context, region string) (e edition.Edition, ok bool, err error) {
	return one(ctx, s.db, "reading the edition of a region", value[edition.Edition], "SELECT edition FROM region WHERE id = ?", region)
}

// AccessState reads what decisions depend on, within a scope: always the powers, the built-in roles of all planes and the
// system policies; with a workspace also that one, its custom roles and engines, its members and their grants; with a region
// its custom tenant roles, and everybody with what is granted there. With a principal only that one and its groups are read,
// and besides those who could help: who administers the workspace, governs the region or has a power. Who granted what is
// among the principals, for explanations. Now is not set.
func (s states) AccessState(ctx context.Context, scope control.Scope) (access.State, error) {
	l := loading{db: s.db, builtins: s.builtins, scope: scope}
	err := s.db.Read(ctx, l.run)
	return l.st, err
}

// loading is one reading of the state.
type loading struct {
	db       *DB
	builtins Builtins
	scope    control.Scope
	st       access.State
	// own are the principal of the scope and the groups it is in, whose grants it has; empty for everybody.
	own []access.PrincipalID
	// helpers are the holders who could help beside own: groups among them are read with all their members.
	helpers map[access.PrincipalID]bool
	// noDevelop are the workspaces where the Develop role gives nothing.
	noDevelop map[access.WorkspaceID]bool
}

func (l *loading) run(ctx context.Context) error {
	l.helpers, l.noDevelop = map[access.PrincipalID]bool{}, map[access.WorkspaceID]bool{}
	l.st = access.State{
		Roles:       append([]access.Role(nil), l.builtins.Roles...),
		TenantRoles: append([]access.TenantRole(nil), l.builtins.TenantRoles...),
		Documents:   append([]access.Document(nil), l.builtins.Documents...),
		EngineRoles: l.builtins.EngineRoles,
	}
	for _, step := range []func(context.Context) error{
		l.addTenant, l.findOwn, l.addWorkspaces, l.addTenantPlane, l.addPolicies, l.addGroups, l.addPrincipals,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// about says that the state is read for one principal.
func (l *loading) about() bool { return l.scope.Principal != 0 }

// addTenant reads the revision and the policy. A new database has no tenant yet, and the zero policy is the default.
func (l *loading) addTenant(ctx context.Context) error {
	_, _, err := one(ctx, l.db, "reading the revision", func(row scanner) (none struct{}, err error) {
		var strict bool
		err = row.Scan(&l.st.Revision, &strict)
		if strict {
			l.st.Policy = access.Strict
		}
		return none, err
	}, "SELECT r.value, coalesce((SELECT t.policy = 'strict' FROM tenant t), 0) FROM revision r")
	return err
}

// findOwn finds the groups of the principal.
func (l *loading) findOwn(ctx context.Context) error {
	if !l.about() {
		return nil
	}
	groups, err := all(ctx, l.db, "reading the groups of a user", value[access.PrincipalID],
		"SELECT group_id FROM group_member WHERE principal_id = ?", l.scope.Principal)
	l.own = append(groups, l.scope.Principal)
	for _, g := range groups {
		l.st.Groups = append(l.st.Groups, access.GroupMember{Group: g, Member: l.scope.Principal})
	}
	return err
}

// addGroups reads who is in the groups that hold anything of what was read.
func (l *loading) addGroups(ctx context.Context) error {
	const doing = "reading the members of groups"
	const members = "SELECT group_id, principal_id FROM group_member"
	if l.scope.Everything && !l.about() {
		return l.appendGroups(ctx, doing, members)
	}
	holding, err := l.holdingGroups(ctx)
	if err != nil || len(holding) == 0 {
		return err
	}
	// The memberships of the principal itself were read with its groups.
	return l.appendGroups(ctx, doing, members+" WHERE group_id IN (SELECT value FROM json_each(?)) AND principal_id <> ?",
		set(holding), l.scope.Principal)
}

// holdingGroups are the groups among the helpers. Few helpers are looked up as they are: who is no group has no members.
func (l *loading) holdingGroups(ctx context.Context) ([]access.PrincipalID, error) {
	if l.about() {
		return slices.Collect(maps.Keys(l.helpers)), nil
	}
	groups, err := all(ctx, l.db, "reading the groups", value[access.PrincipalID], "SELECT id FROM principal WHERE kind = 'group'")
	return slices.DeleteFunc(groups, func(g access.PrincipalID) bool { return !l.helpers[g] }), err
}

func (l *loading) appendGroups(ctx context.Context, doing, query string, args ...any) error {
	return each(ctx, l.db, doing, func(row scanner) error {
		var m access.GroupMember
		err := row.Scan(&m.Group, &m.Member)
		l.st.Groups = append(l.st.Groups, m)
		return err
	}, query, args...)
}

// addPrincipals reads the account and everyone whom the state names; everybody, where everybody has something without a grant.
func (l *loading) addPrincipals(ctx context.Context) (err error) {
	const doing, query = "reading the principals", "SELECT " + principalColumns + " FROM principal p"
	if !l.about() && (l.scope.Everything || l.scope.Region != "") {
		l.st.Principals, err = all(ctx, l.db, doing, scanPrincipal, query)
		return err
	}
	l.st.Principals, err = all(ctx, l.db, doing, scanPrincipal, query+
		" WHERE p.id IN (SELECT value FROM json_each(?) UNION SELECT id FROM principal WHERE kind = 'account')", set(l.named()))
	return err
}

// named is everyone whom the state names.
func (l *loading) named() []access.PrincipalID {
	named := map[access.PrincipalID]bool{}
	for _, p := range l.own {
		named[p] = true
	}
	for _, m := range l.st.Members {
		named[m.Principal] = true
	}
	for _, g := range l.st.Grants {
		named[g.Principal], named[g.By] = true, true
	}
	for _, g := range l.st.TenantGrants {
		named[g.Principal], named[g.By] = true, true
	}
	for _, a := range l.st.Attachments {
		named[a.Principal], named[a.By] = true, true
	}
	for _, m := range l.st.Groups {
		named[m.Group], named[m.Member] = true, true
	}
	for _, m := range l.st.AccountMappings {
		named[m.Principal] = true
	}
	delete(named, 0)
	ids := make([]access.PrincipalID, 0, len(named))
	for id := range named {
		ids = append(ids, id)
	}
	return ids
}
