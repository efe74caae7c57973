package access

import "slices"

// Narrowed is the state in which the principal acts with only these of its
// workspace roles: its other grants, its power, its tenant roles and what its
// policies allow are left out. Nothing is widened by it: what a custom role or
// a policy takes away stays away, so that grants of custom roles are replaced
// by grants of roles that take away the same and give nothing beyond what
// everybody has.
func (st State) Narrowed(p PrincipalID, workspaceRoles []RoleID) State {
	n := narrowing{State: st, principal: p, keep: workspaceRoles}
	n.Principals = slices.Clone(st.Principals)
	for i := range n.Principals {
		if n.Principals[i].ID == p {
			n.Principals[i].Power = PowerNone
		}
	}
	n.groups = map[PrincipalID]bool{p: true}
	for _, m := range st.Groups {
		if m.Member == p {
			n.groups[m.Group] = true
		}
	}
	n.Groups = without(st.Groups, func(m GroupMember) bool { return m.Member == p })
	n.workspacePlane()
	n.tenantPlane()
	n.consolePlane()
	return n.State
}

// narrowing is Narrowed under way. The principal has left its groups, and what
// came through them is granted to it directly.
type narrowing struct {
	State
	principal PrincipalID
	keep      []RoleID
	groups    map[PrincipalID]bool // its groups and itself
}

// mine says whether a grant to one of the groups counts as the principal's.
func (n *narrowing) mine(p PrincipalID) bool { return n.groups[p] }

func (n *narrowing) workspacePlane() {
	roles := map[RoleID]Role{}
	var lastRole RoleID
	for _, r := range n.Roles {
		roles[r.ID], lastRole = r, max(lastRole, r.ID)
	}
	var lastGrant GrantID
	for _, g := range n.Grants {
		lastGrant = max(lastGrant, g.ID)
	}
	members := slices.Clone(n.Members)
	for _, m := range n.Members {
		if n.mine(m.Principal) {
			members = append(members, Member{m.Workspace, n.principal})
		}
	}
	grants := without(n.Grants, func(g Grant) bool { return g.Principal == n.principal })
	rest := slices.Clone(n.Roles)
	shadows := map[RoleID]RoleID{}
	for _, g := range n.Grants {
		if !n.mine(g.Principal) || !g.inForce(n.Now) {
			continue
		}
		members = append(members, Member{g.Workspace, n.principal})
		role := roles[g.Role]
		if !slices.Contains(n.keep, g.Role) {
			if role.Kind != Custom {
				continue
			}
			if shadows[role.ID] == 0 {
				lastRole++
				shadows[role.ID] = lastRole
				rest = append(rest, shadow(role, lastRole))
			}
			g.Role = shadows[role.ID]
		}
		if g.Principal != n.principal {
			lastGrant++
			g.ID, g.Principal = lastGrant, n.principal
		}
		grants = append(grants, g)
	}
	n.Members, n.Grants, n.Roles = members, grants, rest
}

// shadow is a role that takes away what the custom role does and gives nothing
// that a member would not have.
func shadow(r Role, id RoleID) Role {
	var levels Levels
	for _, m := range WorkspaceModules() {
		levels = levels.With(m, min(Read, r.Levels.Get(m)))
	}
	r.ID, r.Levels, r.Administers, r.Owner, r.Assignable, r.EngineRole = id, levels, false, false, false, ""
	return r
}

func (n *narrowing) tenantPlane() {
	roles := map[TenantRoleID]TenantRole{}
	var lastRole TenantRoleID
	var byDefault Capabilities
	for _, r := range n.TenantRoles {
		roles[r.ID], lastRole = r, max(lastRole, r.ID)
		if r.Automatic {
			byDefault = r.Capabilities
		}
	}
	var lastGrant GrantID
	for _, g := range n.TenantGrants {
		lastGrant = max(lastGrant, g.ID)
	}
	grants := without(n.TenantGrants, func(g TenantGrant) bool { return g.Principal == n.principal })
	rest := slices.Clone(n.TenantRoles)
	for _, g := range n.TenantGrants {
		role := roles[g.Role]
		if !n.mine(g.Principal) || !g.inForce(n.Now) || role.Kind != Custom {
			continue
		}
		lastRole++
		role.ID, role.Assignable, role.Capabilities = lastRole, false, role.Capabilities&byDefault
		rest = append(rest, role)
		lastGrant++
		g.ID, g.Principal, g.Role = lastGrant, n.principal, role.ID
		grants = append(grants, g)
	}
	n.TenantGrants, n.TenantRoles = grants, rest
}

func (n *narrowing) consolePlane() {
	documents := map[PolicyID]Document{}
	var lastDocument PolicyID
	for _, d := range n.Documents {
		documents[d.ID], lastDocument = d, max(lastDocument, d.ID)
	}
	var lastAttachment GrantID
	for _, a := range n.Attachments {
		lastAttachment = max(lastAttachment, a.ID)
	}
	attachments := without(n.Attachments, func(a Attachment) bool { return a.Principal == n.principal })
	rest := slices.Clone(n.Documents)
	for _, a := range n.Attachments {
		d := documents[a.Policy]
		d.Statements = without(d.Statements, func(s Statement) bool { return !s.Deny })
		if !n.mine(a.Principal) || !a.inForce(n.Now) || len(d.Statements) == 0 {
			continue
		}
		lastDocument++
		d.ID, d.System, d.Power = lastDocument, false, PowerNone
		rest = append(rest, d)
		lastAttachment++
		a.ID, a.Principal, a.Policy = lastAttachment, n.principal, d.ID
		attachments = append(attachments, a)
	}
	n.Attachments, n.Documents = attachments, rest
}
