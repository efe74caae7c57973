package access

import (
	"cmp"
	"fmt"
	"slices"
)

// Compile turns a state into a snapshot. The state may be changed afterwards;
// the snapshot keeps copies. Grants of one role to one principal may repeat,
// and so may members.
//
// It fails where an id is 0 or used twice, where a grant or a member names
// what is not there, where a grant is of a custom role of another workspace,
// and where levels or policy are none.
func Compile(st State) (*Snapshot, error) {
	if st.Policy > Strict {
		return nil, fmt.Errorf("compile access: policy %d does not exist", st.Policy)
	}
	s := &Snapshot{revision: st.Revision, now: st.Now, policy: st.Policy}
	steps := []func(State) error{s.addPrincipals, s.addWorkspaces, s.addRoles, s.addGrants, s.addMembers}
	for _, step := range steps {
		if err := step(st); err != nil {
			return nil, fmt.Errorf("compile access: %w", err)
		}
	}
	s.addHolders()
	return s, nil
}

func (s *Snapshot) addPrincipals(st State) error {
	s.principals = slices.Clone(st.Principals)
	slices.SortFunc(s.principals, func(a, b Principal) int { return cmp.Compare(a.ID, b.ID) })
	s.powers = map[PrincipalID]Power{}
	var last PrincipalID
	for _, p := range s.principals {
		if p.ID == last { // also an id of 0, which sorts first
			return fmt.Errorf("principal %d: id is 0 or used twice", p.ID)
		}
		last = p.ID
		if p.Power != PowerNone {
			s.powers[p.ID] = p.Power
			s.powerful = append(s.powerful, p.ID)
		}
	}
	return nil
}

func (s *Snapshot) addWorkspaces(st State) error {
	s.workspaces = make(map[WorkspaceID]*place, len(st.Workspaces))
	for _, w := range st.Workspaces {
		if _, taken := s.workspaces[w.ID]; taken || w.ID == 0 {
			return fmt.Errorf("workspace %d: id is 0 or used twice", w.ID)
		}
		s.workspaces[w.ID] = &place{Workspace: w}
	}
	return nil
}

func (s *Snapshot) addRoles(st State) error {
	s.roles = make(map[RoleID]*compiledRole, len(st.Roles))
	for _, r := range st.Roles {
		if _, taken := s.roles[r.ID]; taken || r.ID == 0 {
			return fmt.Errorf("role %d: id is 0 or used twice", r.ID)
		}
		if !r.Levels.valid() {
			return fmt.Errorf("role %d %q: levels are malformed", r.ID, r.Name)
		}
		if err := s.offerRole(r); err != nil {
			return err
		}
		s.roles[r.ID] = compileRole(r)
	}
	slices.Sort(s.assignable)
	for _, pl := range s.workspaces {
		slices.Sort(pl.customs)
	}
	return nil
}

// offerRole notes where a role can be granted.
func (s *Snapshot) offerRole(r Role) error {
	offered := &s.assignable
	switch r.Kind {
	case Builtin:
		if r.Workspace != 0 {
			return fmt.Errorf("role %d %q: a built-in role belongs to no workspace", r.ID, r.Name)
		}
	case Custom:
		pl, found := s.workspaces[r.Workspace]
		if !found {
			return fmt.Errorf("role %d %q: there is no workspace %d", r.ID, r.Name, r.Workspace)
		}
		offered = &pl.customs
	default:
		return fmt.Errorf("role %d %q: kind %d does not exist", r.ID, r.Name, r.Kind)
	}
	if r.Assignable {
		*offered = append(*offered, r.ID)
	}
	return nil
}

// addGrants sorts the grants and hands every workspace its own.
func (s *Snapshot) addGrants(st State) error {
	if err := checkGrantIDs(st.Grants); err != nil {
		return err
	}
	grants := slices.Clone(st.Grants)
	if !slices.IsSortedFunc(grants, compareGrants) {
		slices.SortFunc(grants, compareGrants)
	}
	for len(grants) > 0 {
		ws := grants[0].Workspace
		n := 0
		for n < len(grants) && grants[n].Workspace == ws {
			n++
		}
		pl, found := s.workspaces[ws]
		if !found {
			return fmt.Errorf("grant %d: there is no workspace %d", grants[0].ID, ws)
		}
		pl.grants = grants[:n:n]
		for _, g := range pl.grants {
			if err := s.checkRole(g); err != nil {
				return err
			}
		}
		grants = grants[n:]
	}
	return nil
}

func compareGrants(a, b Grant) int {
	if c := cmp.Compare(memberKey(a.Workspace, a.Principal), memberKey(b.Workspace, b.Principal)); c != 0 {
		return c
	}
	return cmp.Compare(a.ID, b.ID)
}

func checkGrantIDs(grants []Grant) error {
	ids := make([]GrantID, len(grants))
	for i, g := range grants {
		ids[i] = g.ID
	}
	slices.Sort(ids)
	var last GrantID
	for _, id := range ids {
		if id == last {
			return fmt.Errorf("grant %d: id is 0 or used twice", id)
		}
		last = id
	}
	return nil
}

func (s *Snapshot) checkRole(g Grant) error {
	role, found := s.roles[g.Role]
	if !found {
		return fmt.Errorf("grant %d: there is no role %d", g.ID, g.Role)
	}
	if role.Kind == Custom && role.Workspace != g.Workspace {
		return fmt.Errorf("grant %d: role %d belongs to workspace %d, not %d", g.ID, g.Role, role.Workspace, g.Workspace)
	}
	return nil
}

// addMembers finds out who belongs to which workspace and settles what each
// may do there.
func (s *Snapshot) addMembers(st State) error {
	keys := make([]uint64, 0, len(st.Members))
	for _, m := range st.Members {
		if _, found := s.workspaces[m.Workspace]; !found {
			return fmt.Errorf("member %d: there is no workspace %d", m.Principal, m.Workspace)
		}
		keys = append(keys, memberKey(m.Workspace, m.Principal))
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)

	known := s.principalSet()
	s.masks = make(map[uint64]mask, max(len(keys), len(st.Grants)))
	for _, ws := range s.workspaceIDs() {
		n := 0
		for n < len(keys) && WorkspaceID(keys[n]>>32) == ws {
			n++
		}
		if err := s.addMembersOf(s.workspaces[ws], keys[:n], known); err != nil {
			return err
		}
		keys = keys[n:]
	}
	return nil
}
