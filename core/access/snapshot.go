package access

import (
	"cmp"
	"slices"
)

// Snapshot answers questions about one state. It never changes and may be
// used by any number of goroutines at once. The zero Snapshot is an empty
// region, in which every answer is no.
type Snapshot struct {
	revision uint64
	now      int64
	policy   Policy

	nextEnd int64 // of anything in force; 0 where nothing ends

	// masks has one entry for every membership; all of Decide is a look-up here.
	masks maskTable
	// What follows serves the questions why and who, and needs no speed per
	// member: everything is found through the workspace.
	workspaces map[WorkspaceID]*place
	roles      map[RoleID]*compiledRole
	assignable []RoleID // built-in roles that can be granted, sorted
	principals []Principal
	powers     map[PrincipalID]Power
	powerful   []PrincipalID                 // the people among the keys of powers, sorted
	groups     map[PrincipalID][]PrincipalID // the members of every group, sorted
	groupsOf   map[PrincipalID][]PrincipalID // the groups of who is in any, sorted
	disabled   map[PrincipalID]Principal     // who may do nothing

	console consolePlane
	tenant  tenantPlane
	engines enginePlane
}

// place is a workspace with what is granted in it.
type place struct {
	Workspace
	members        []PrincipalID // sorted
	masks          []mask        // of members, in their order: lists read them faster than the table
	administrators []PrincipalID // the people who administer by a role, sorted
	grants         []Grant       // by principal, then id; ended ones included
	nextEnd        int64         // of the grants in force; 0 where none ends
	customs        []RoleID      // its custom roles that can be granted, sorted
}

// mask is what one member may do: the levels, already settled by the rule,
// and above them the bits of an administrator and of who is a member by itself
// and not only through a group.
type mask uint64

const (
	administersBit mask = 1 << 63
	directBit      mask = 1 << 62
)

func (m mask) levels() Levels { return Levels(m &^ (administersBit | directBit)) }

// memberKey is the key of masks: both ids in one integer.
func memberKey(ws WorkspaceID, p PrincipalID) uint64 { return uint64(ws)<<32 | uint64(p) }

// Rule is how several roles add up in this state.
func (s *Snapshot) Rule() Policy { return s.policy }

// Revision is the revision of the state the answers are about.
func (s *Snapshot) Revision() uint64 { return s.revision }

// Decide answers the question. It allocates nothing.
func (s *Snapshot) Decide(q Question) bool {
	need := needed(q.Module, q.Level)
	if m, member := s.masks.get(memberKey(q.Workspace, q.Principal)); member {
		return Levels(m)&need != 0
	}
	return s.strangerLevels(q.Workspace, q.Principal)&need != 0
}

// Levels is what the principal may do on every workspace module.
func (s *Snapshot) Levels(ws WorkspaceID, p PrincipalID) Levels {
	if m, member := s.masks.get(memberKey(ws, p)); member {
		return m.levels()
	}
	return s.strangerLevels(ws, p)
}

// Level is what the principal may do on one module; None on a global one.
func (s *Snapshot) Level(ws WorkspaceID, p PrincipalID, m Module) Level {
	return s.Levels(ws, p).Get(m)
}

// strangerLevels are the levels of who is no member, which only a power gives.
func (s *Snapshot) strangerLevels(ws WorkspaceID, p PrincipalID) Levels {
	if _, powerful := s.powers[p]; !powerful {
		return 0
	}
	pl, exists := s.workspaces[ws]
	return s.settle(exists && pl.Open, p, standing{})
}

// IsMember says whether the principal belongs to the workspace. A power alone
// makes nobody a member.
func (s *Snapshot) IsMember(ws WorkspaceID, p PrincipalID) bool {
	_, member := s.masks.get(memberKey(ws, p))
	return member
}

// MembersOf lists the members of a workspace by id, groups and those who are members through them included.
func (s *Snapshot) MembersOf(ws WorkspaceID) []PrincipalID {
	if pl, found := s.workspaces[ws]; found {
		return slices.Clone(pl.members)
	}
	return nil
}

// Administers says whether the principal manages members and roles of the
// workspace: by a role that administers, or by a power. It holds in a closed
// workspace too, which somebody must be able to put in order and open. Who is
// barred from pages administers nothing.
func (s *Snapshot) Administers(ws WorkspaceID, p PrincipalID) bool {
	if m, member := s.masks.get(memberKey(ws, p)); member && m&administersBit != 0 {
		return true
	}
	_, exists := s.workspaces[ws]
	return exists && s.Power(p) != PowerNone && !s.Barred(p, ScopePage)
}

// Powerful are the people with a power, by id.
func (s *Snapshot) Powerful() []PrincipalID { return slices.Clone(s.powerful) }

// Power is the power of the principal; PowerNone also for an unknown one and
// for who is disabled.
func (s *Snapshot) Power(p PrincipalID) Power { return s.powers[p] }

// Principal finds a principal by id.
func (s *Snapshot) Principal(id PrincipalID) (Principal, bool) {
	i, found := slices.BinarySearchFunc(s.principals, id, func(p Principal, id PrincipalID) int {
		return cmp.Compare(p.ID, id)
	})
	if !found {
		return Principal{}, false
	}
	return s.principals[i], true
}

// Workspace finds a workspace by id.
func (s *Snapshot) Workspace(id WorkspaceID) (Workspace, bool) {
	if pl, found := s.workspaces[id]; found {
		return pl.Workspace, true
	}
	return Workspace{}, false
}

// Role finds a role by id.
func (s *Snapshot) Role(id RoleID) (Role, bool) {
	if r, found := s.roles[id]; found {
		return r.Role, true
	}
	return Role{}, false
}

// RolesOf lists the roles that the principal holds in the workspace by grants
// in force, its own and those of its groups, by id.
func (s *Snapshot) RolesOf(ws WorkspaceID, p PrincipalID) []RoleID {
	pl := s.place(ws)
	var list []RoleID
	for _, g := range s.held(pl, p, pl.grantsOf(p)) {
		if g.inForce(s.now) {
			list = append(list, g.Role)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// HoldersOf lists the people who hold the role by a grant in force in any
// workspace, directly or through a group, by id. It takes one pass over the
// grants of all workspaces, for a custom role over those of its own.
func (s *Snapshot) HoldersOf(role RoleID) []PrincipalID {
	r, found := s.roles[role]
	if !found {
		return nil
	}
	var list []PrincipalID
	if r.Kind == Custom {
		list = s.holdersIn(nil, s.place(r.Workspace), role)
	} else {
		for _, pl := range s.workspaces {
			list = s.holdersIn(list, pl, role)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// holdersIn appends the people who hold the role in one workspace.
func (s *Snapshot) holdersIn(dst []PrincipalID, pl *place, role RoleID) []PrincipalID {
	for _, g := range pl.grants {
		if g.Role == role && g.inForce(s.now) {
			dst = append(dst, s.reach(g.Principal)...)
		}
	}
	return dst
}

// place is the workspace, or an empty one nobody can enter.
func (s *Snapshot) place(ws WorkspaceID) *place {
	if pl, found := s.workspaces[ws]; found {
		return pl
	}
	return &place{}
}

// grantsOf are the grants of one principal, ended ones included.
func (pl *place) grantsOf(p PrincipalID) []Grant {
	from, found := slices.BinarySearchFunc(pl.grants, p, byPrincipal)
	if !found {
		return nil
	}
	return pl.grants[from : from+countOf(pl.grants[from:], p)]
}

// countOf is how many grants at the beginning of the list are the principal's.
func countOf(grants []Grant, p PrincipalID) int {
	n := 0
	for n < len(grants) && grants[n].Principal == p {
		n++
	}
	return n
}

func byPrincipal(g Grant, p PrincipalID) int { return cmp.Compare(g.Principal, p) }

// standing adds up the grants in force among those that bear on one member.
func (s *Snapshot) standing(grants []Grant, listed bool) standing {
	st := standing{member: listed}
	for _, g := range grants {
		if g.inForce(s.now) {
			st = st.with(s.roles[g.Role])
		}
	}
	return st
}
