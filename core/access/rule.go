package access

// This file is the rule itself. Checks, explanations, offers and previews all
// come here, so that there is one place that decides.

// compiledRole is a role with its cells as the rule uses them.
type compiledRole struct {
	Role
	// gives are the cells of the workspace modules.
	gives Levels
	// denies is Write on every module where a custom role says None. A
	// built-in role denies nothing.
	denies Levels
}

func compileRole(r Role) *compiledRole {
	c := &compiledRole{Role: r, gives: r.Levels & workspaceCells}
	if r.Kind == Custom {
		for _, m := range WorkspaceModules() {
			if c.gives.Get(m) == None {
				c.denies |= cells(m)
			}
		}
	}
	return c
}

// standing is what the roles of one principal in one workspace come to.
type standing struct {
	member      bool
	given       Levels
	denied      Levels
	administers bool
}

// with is the standing with one more role in force, which makes its holder a
// member.
func (st standing) with(r *compiledRole) standing {
	return standing{
		member:      true,
		given:       st.given | r.gives,
		denied:      st.denied | r.denies,
		administers: st.administers || r.Administers,
	}
}

// settle is the rule for one principal: who is barred, by a policy or by being disabled, has nothing.
func (s *Snapshot) settle(open bool, p PrincipalID, st standing) Levels {
	if s.Barred(p, ScopePage) {
		return AllWorkspace(None)
	}
	return settle(s.policy, open, s.Power(p), st)
}

// settle is the rule for the roles: the levels that a standing comes to in a workspace.
func settle(policy Policy, open bool, power Power, st standing) Levels {
	switch {
	case !open:
		return AllWorkspace(None)
	case power != PowerNone:
		return AllWorkspace(Write)
	case !st.member:
		return AllWorkspace(None)
	}
	byDefault := AllWorkspace(Read)
	if policy == Strict {
		return (st.given | byDefault) &^ st.denied
	}
	return st.given | byDefault&^st.denied
}
