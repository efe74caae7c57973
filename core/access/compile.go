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
// It fails where an id is 0 or used twice, where anything names what is not
// there, where the account is disabled, where a grant is of a custom role of
// another workspace or region or of a tenant role that nobody grants, where a group holds a group, and where
// levels, capabilities, powers or the policy are none.
func Compile(st State) (*Snapshot, error) {
	if st.Policy > Strict {
		return nil, fmt.Errorf("compile access: policy %d does not exist", st.Policy)
	}
	s := &Snapshot{revision: st.Revision, now: st.Now, policy: st.Policy}
	steps := []func(State) error{
		s.addPrincipals, s.addGroups, s.addPolicies, s.addTenant,
		s.addWorkspaces, s.addRoles, s.addGrants, s.addMembers, s.addEngines,
	}
	for _, step := range steps {
		if err := step(st); err != nil {
			return nil, fmt.Errorf("compile access: %w", err)
		}
	}
	s.addEnds()
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
		if p.Disabled != 0 {
			if p.Power == PowerAccount {
				return fmt.Errorf("principal %d: the account cannot be disabled", p.ID)
			}
			s.disable(p)
			continue
		}
		if p.Power != PowerNone {
			s.powers[p.ID] = p.Power
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
		if err := s.addRole(r); err != nil {
			return err
		}
	}
	s.sortOffers()
	return nil
}

func (s *Snapshot) addRole(r Role) error {
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
	return nil
}

func (s *Snapshot) sortOffers() {
	slices.Sort(s.assignable)
	for _, pl := range s.workspaces {
		slices.Sort(pl.customs)
	}
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

// addGrants hands every workspace its grants, sorted.
func (s *Snapshot) addGrants(st State) error {
	if err := checkGrantIDs(st.Grants); err != nil {
		return err
	}
	groups, err := groupByWorkspace(s, st.Grants, func(g Grant) WorkspaceID { return g.Workspace })
	if err != nil {
		return fmt.Errorf("grants: %w", err)
	}
	for ws, grants := range groups {
		slices.SortFunc(grants, func(a, b Grant) int {
			if a.Principal != b.Principal {
				return cmp.Compare(a.Principal, b.Principal)
			}
			return cmp.Compare(a.ID, b.ID)
		})
		pl := s.workspaces[ws]
		for _, g := range grants {
			if err := s.checkRole(g); err != nil {
				return err
			}
			pl.nextEnd = sooner(pl.nextEnd, g.Until, s.now)
		}
		pl.grants = grants
	}
	return nil
}

func checkGrantIDs(grants []Grant) error {
	var highest GrantID
	for _, g := range grants {
		highest = max(highest, g.ID)
	}
	seen := newIDSet(len(grants), uint64(highest))
	for _, g := range grants {
		if g.ID == 0 || !seen.add(uint64(g.ID)) {
			return fmt.Errorf("grant %d: id is 0 or used twice", g.ID)
		}
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
	groups, err := groupByWorkspace(s, st.Members, func(m Member) WorkspaceID { return m.Workspace })
	if err != nil {
		return fmt.Errorf("members: %w", err)
	}
	known := s.principalSet()
	s.masks = newMaskTable(max(len(st.Members), len(st.Grants)))
	// In order, so that one state always makes the same table.
	for _, ws := range s.workspaceIDs() {
		listed := groups[ws]
		sortMembers(listed)
		if err := s.addMembersOf(s.workspaces[ws], slices.Compact(listed), known); err != nil {
			return err
		}
	}
	return nil
}

// groupByWorkspace copies a list so that what is of one workspace lies
// together, and returns the part of each. Lists are long and workspaces are
// many, so that counting beats sorting.
func groupByWorkspace[T any](s *Snapshot, list []T, workspace func(T) WorkspaceID) (map[WorkspaceID][]T, error) {
	index := make(map[WorkspaceID]int, len(s.workspaces))
	for _, ws := range s.workspaceIDs() {
		index[ws] = len(index)
	}
	ends := make([]int, len(index))
	places := make([]int32, len(list))
	for i, item := range list {
		at, found := index[workspace(item)]
		if !found {
			return nil, fmt.Errorf("there is no workspace %d", workspace(item))
		}
		places[i] = int32(at) //nolint:gosec // workspaces are fewer
		ends[at]++
	}
	starts := make([]int, len(ends))
	for at, n := range ends {
		if at > 0 {
			starts[at] = ends[at-1]
			ends[at] = ends[at-1] + n
		}
	}
	grouped := make([]T, len(list))
	next := slices.Clone(starts)
	for i, at := range places {
		grouped[next[at]] = list[i]
		next[at]++
	}
	groups := make(map[WorkspaceID][]T, len(index))
	for ws, at := range index {
		groups[ws] = grouped[starts[at]:ends[at]:ends[at]]
	}
	return groups, nil
}
