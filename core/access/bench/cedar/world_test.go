package cedar

import (
	"math/rand/v2"
	"slices"
	"testing"

	"reeve/assets"
	"reeve/core/access"
)

const worldNow = 1_000_000

// builtins is what every world begins with: the roles and policies as shipped.
type builtins struct {
	roles       []access.Role
	tenantRoles []access.TenantRole
	documents   []access.Document
}

func loadBuiltins(t testing.TB) builtins {
	t.Helper()
	roles, err := access.LoadBuiltins(assets.Roles())
	if err != nil {
		t.Fatal(err)
	}
	tenantRoles, err := access.LoadTenantBuiltins(assets.TenantRoles())
	if err != nil {
		t.Fatal(err)
	}
	documents, err := access.LoadPolicies(assets.Policies())
	if err != nil {
		t.Fatal(err)
	}
	return builtins{roles, tenantRoles, documents}
}

// chance makes a world. The same seed makes the same one.
type chance struct{ *rand.Rand }

func newChance(seed int) chance {
	return chance{rand.New(rand.NewPCG(uint64(seed), 11))} //nolint:gosec // tests want repeatable chance
}

func (c chance) oneIn(n int) bool { return c.IntN(n) == 0 }

func pick[T any](c chance, list []T) T { return list[c.IntN(len(list))] }

// The regions of a world; no tenant role is ever held in the last.
func regions() []string { return []string{"north", "south", "nowhere-yet"} }

// world is a small state with some of everything: both rules, closed workspaces,
// powers, groups, members without roles, custom roles with gaps, policies that
// bar, and grants of all kinds that are over, end this second or end later.
func (c chance) world(b builtins) access.State {
	st := access.State{
		Now:         worldNow,
		Policy:      pick(c, []access.Policy{access.Additive, access.Strict}),
		Roles:       slices.Clone(b.roles),
		TenantRoles: slices.Clone(b.tenantRoles),
		Documents:   slices.Clone(b.documents),
	}
	c.addPeople(&st)
	c.addWorkspaces(&st)
	c.addTenant(&st)
	c.addPolicies(&st)
	return st
}

func (c chance) addPeople(st *access.State) {
	for i := range access.PrincipalID(8) {
		p := access.Principal{ID: i*3 + 1}
		switch {
		case i == 0 && c.oneIn(2):
			p.Power = access.PowerAccount
		case c.oneIn(12):
			p.Power = pick(c, []access.Power{access.PowerFullAccess, access.PowerAdministrator})
		}
		st.Principals = append(st.Principals, p)
	}
	for i := range access.PrincipalID(3) {
		group := access.Principal{ID: 100 + i, Group: true}
		for _, p := range st.Principals[:8] {
			if c.oneIn(4) {
				st.Groups = append(st.Groups, access.GroupMember{Group: group.ID, Member: p.ID})
			}
		}
		st.Principals = append(st.Principals, group)
	}
}

func (c chance) addWorkspaces(st *access.State) {
	builtin := len(st.Roles)
	for i := range access.WorkspaceID(3) {
		w := access.Workspace{ID: i*5 + 2, Open: !c.oneIn(5), Region: pick(c, regions())}
		st.Workspaces = append(st.Workspaces, w)
		for j := range access.RoleID(3) {
			st.Roles = append(st.Roles, access.Role{
				ID: 1000 + access.RoleID(i)*10 + j, Kind: access.Custom, Workspace: w.ID,
				Levels: c.levels(), Assignable: true, Administers: c.oneIn(8),
			})
		}
	}
	for range c.IntN(10) {
		st.Members = append(st.Members, access.Member{Workspace: pick(c, st.Workspaces).ID, Principal: pick(c, st.Principals).ID})
	}
	// A built-in role with gaps is not shipped, but the rule covers it.
	st.Roles = append(st.Roles, access.Role{ID: 99, Kind: access.Builtin, Levels: c.levels(), Assignable: true})
	for i := range c.IntN(60) {
		role := pick(c, st.Roles)
		if c.oneIn(2) {
			role = pick(c, st.Roles[builtin:])
		}
		ws := role.Workspace
		if ws == 0 {
			ws = pick(c, st.Workspaces).ID
		}
		st.Grants = append(st.Grants, access.Grant{
			ID: access.GrantID(i + 1), Workspace: ws, Principal: pick(c, st.Principals).ID, Role: role.ID, Until: c.until(),
		})
	}
}

func (c chance) addTenant(st *access.State) {
	for i, region := range regions()[:2] {
		for j := range 2 {
			role := access.TenantRole{
				ID: access.TenantRoleID(1000 + 10*i + j), Kind: access.Custom, Region: region,
				Assignable: true, GrantedBy: access.TenantAdministrators,
			}
			for _, capability := range access.CustomCapabilities() {
				if c.oneIn(3) {
					role.Capabilities = role.Capabilities.With(capability)
				}
			}
			st.TenantRoles = append(st.TenantRoles, role)
		}
	}
	for i := range c.IntN(12) {
		role := pick(c, st.TenantRoles)
		if c.oneIn(3) {
			role = pick(c, st.TenantRoles[len(st.TenantRoles)-4:])
		}
		if role.GrantedBy == access.Nobody {
			continue
		}
		region := role.Region
		if region == "" {
			region = pick(c, regions()[:2])
		}
		st.TenantGrants = append(st.TenantGrants, access.TenantGrant{
			ID: access.GrantID(i + 1), Region: region, Principal: pick(c, st.Principals).ID, Role: role.ID, Until: c.until(),
		})
	}
}

func (c chance) addPolicies(st *access.State) {
	for i := range access.PolicyID(3) {
		d := access.Document{ID: 1000 + i}
		for range 1 + c.IntN(3) {
			d.Statements = append(d.Statements, c.statement())
		}
		st.Documents = append(st.Documents, d)
	}
	for i := range c.IntN(8) {
		d := pick(c, st.Documents)
		if d.Power != access.PowerNone && c.oneIn(2) {
			d = st.Documents[len(st.Documents)-1]
		}
		st.Attachments = append(st.Attachments, access.Attachment{
			ID: access.GrantID(i + 1), Principal: pick(c, st.Principals).ID, Policy: d.ID, Until: c.until(),
		})
	}
}

// statement uses no "?": Cedar has only the star.
func (c chance) statement() access.Statement {
	actions := []string{
		"*", "dataworks:*", "DataWorks:Create*", "dataworks:*workspace", "dataworks:ListContacts", "dataworks:*e*R*", "bss:*", "bss:PayOrder",
	}
	resources := []string{
		"*", "acs:dataworks:*:*:*", "acs:dataworks:north:*:*", "acs:dataworks:*:*:workspace/*", "acs:dataworks:*:*:workspace/ws2",
		"*:exclusive_resource_group/*", "acs:dataworks:south:*:workspace/ws*",
	}
	scopes := [][]string{nil, nil, {access.ScopePage}, {access.ScopeOpenAPI}, {access.ScopeOpenAPI, access.ScopePage}}
	s := access.Statement{Deny: c.oneIn(3), Scopes: pick(c, scopes)}
	for range 1 + c.IntN(2) {
		s.Actions = append(s.Actions, pick(c, actions))
		s.Resources = append(s.Resources, pick(c, resources))
	}
	return s
}

func (c chance) levels() access.Levels {
	var levels access.Levels
	for _, m := range append(access.WorkspaceModules(), access.GlobalModules()...) {
		levels = levels.With(m, pick(c, []access.Level{access.None, access.None, access.Read, access.Write}))
	}
	return levels
}

func (c chance) until() int64 {
	return pick(c, []int64{0, 0, 0, worldNow - 1, worldNow, worldNow + 1})
}
