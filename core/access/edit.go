package access

import "slices"

// The functions here make the state an edit would lead to, for previews. Each
// returns a copy and leaves its receiver as it was; what they do not change
// is shared between both and must not be written to.

// WithRoleLevels is the state with other levels on one role.
func (st State) WithRoleLevels(id RoleID, levels Levels) State {
	st.Roles = slices.Clone(st.Roles)
	for i := range st.Roles {
		if st.Roles[i].ID == id {
			st.Roles[i].Levels = levels
		}
	}
	return st
}

// WithoutRole is the state without a role, its grants and its mappings to
// engines. Who holds it stays a member only where listed as one.
func (st State) WithoutRole(id RoleID) State {
	st.Roles = without(st.Roles, func(r Role) bool { return r.ID == id })
	st.Grants = without(st.Grants, func(g Grant) bool { return g.Role == id })
	st.EngineMappings = without(st.EngineMappings, func(m EngineMapping) bool { return m.Role == id })
	return st
}

// WithGrants is the state with some grants taken away and others added.
// An added grant without an id gets the next free one.
func (st State) WithGrants(add []Grant, remove []GrantID) State {
	gone := make(map[GrantID]bool, len(remove))
	for _, id := range remove {
		gone[id] = true
	}
	var last GrantID
	for _, g := range slices.Concat(st.Grants, add) {
		last = max(last, g.ID)
	}
	grants := without(st.Grants, func(g Grant) bool { return gone[g.ID] })
	for _, g := range add {
		if g.ID == 0 {
			last++
			g.ID = last
		}
		grants = append(grants, g)
	}
	st.Grants = grants
	return st
}

// WithMembers is the state with some members taken out and others added. Who
// is taken out loses all roles in that workspace.
func (st State) WithMembers(add, remove []Member) State {
	gone := make(map[Member]bool, len(remove))
	for _, m := range remove {
		gone[m] = true
	}
	st.Members = append(without(st.Members, func(m Member) bool { return gone[m] }), add...)
	st.Grants = without(st.Grants, func(g Grant) bool { return gone[Member{g.Workspace, g.Principal}] })
	return st
}

// without is a new list of what is not dropped.
func without[T any](list []T, drop func(T) bool) []T {
	kept := make([]T, 0, len(list))
	for _, item := range list {
		if !drop(item) {
			kept = append(kept, item)
		}
	}
	return kept
}
