package access

import (
	"fmt"
	"slices"
)

// GroupMember says that a principal belongs to a user group. Groups are flat:
// a group holds no group.
type GroupMember struct {
	Group  PrincipalID
	Member PrincipalID
}

// addGroups notes who belongs to which group, both ways.
func (s *Snapshot) addGroups(st State) error {
	for _, p := range s.principals {
		if p.Group {
			if s.groups == nil {
				s.groups = map[PrincipalID][]PrincipalID{}
				s.groupsOf = map[PrincipalID][]PrincipalID{}
			}
			s.groups[p.ID] = nil
		}
	}
	for _, m := range st.Groups {
		if !s.isGroup(m.Group) {
			return fmt.Errorf("group %d: it is no group", m.Group)
		}
		if _, known := s.Principal(m.Member); !known {
			return fmt.Errorf("group %d: there is no principal %d", m.Group, m.Member)
		}
		if s.isGroup(m.Member) {
			return fmt.Errorf("group %d: its member %d is a group itself", m.Group, m.Member)
		}
		if s.isDisabled(m.Group) {
			continue
		}
		s.groups[m.Group] = append(s.groups[m.Group], m.Member)
		s.groupsOf[m.Member] = append(s.groupsOf[m.Member], m.Group)
	}
	for _, index := range []map[PrincipalID][]PrincipalID{s.groups, s.groupsOf} {
		for id, list := range index {
			slices.Sort(list)
			index[id] = slices.Compact(list)
		}
	}
	return nil
}

func (s *Snapshot) isGroup(p PrincipalID) bool {
	_, is := s.groups[p]
	return is
}

// reach are the people whom something given to the principal reaches: the
// members of a group, anybody else alone.
func (s *Snapshot) reach(p PrincipalID) []PrincipalID {
	if people, is := s.groups[p]; is {
		return people
	}
	return []PrincipalID{p}
}

// GroupsOf lists the user groups the principal belongs to, by id.
func (s *Snapshot) GroupsOf(p PrincipalID) []PrincipalID { return slices.Clone(s.groupsOf[p]) }

// PeopleOf lists the members of a user group, by id; a disabled one has none.
func (s *Snapshot) PeopleOf(group PrincipalID) []PrincipalID { return slices.Clone(s.groups[group]) }

// held are the grants that bear on a principal in a workspace, given its own:
// those and the grants of its groups, which name the group as principal.
func (s *Snapshot) held(pl *place, p PrincipalID, own []Grant) []Grant {
	groups := s.groupsOf[p]
	if len(groups) == 0 {
		return own
	}
	list := slices.Clone(own)
	for _, group := range groups {
		list = append(list, pl.grantsOf(group)...)
	}
	return list
}

// through is the group a grant came through to the principal, or 0.
func (g Grant) through(p PrincipalID) PrincipalID {
	if g.Principal == p {
		return 0
	}
	return g.Principal
}

// membersThroughGroups are those whom the groups among the members of a
// workspace make members of it. Both lists are sorted by principal.
func (s *Snapshot) membersThroughGroups(pl *place, listed []Member) []Member {
	if len(s.groups) == 0 {
		return nil
	}
	var inherited []Member
	for rest := (membership{listed: listed, grants: pl.grants}); ; {
		p, grants, isListed, more := rest.next()
		if !more {
			return inherited
		}
		if s.isGroup(p) && s.standing(grants, isListed).member {
			for _, person := range s.groups[p] {
				inherited = append(inherited, Member{pl.ID, person})
			}
		}
	}
}

// firstGroupIn is the first of the principal's groups that is a member of the
// workspace, or 0.
func (s *Snapshot) firstGroupIn(ws WorkspaceID, p PrincipalID) PrincipalID {
	for _, group := range s.groupsOf[p] {
		if s.IsMember(ws, group) {
			return group
		}
	}
	return 0
}
