package access

import (
	"cmp"
	"fmt"
	"slices"
)

// membership gathers the members of a workspace from the two lists that name
// them, both sorted by principal: those listed, and the holders of grants.
type membership struct {
	listed []Member
	grants []Grant
}

// next takes out the first principal, with its grants.
func (ms *membership) next() (p PrincipalID, grants []Grant, listed bool, more bool) {
	switch {
	case len(ms.listed) == 0 && len(ms.grants) == 0:
		return 0, nil, false, false
	case len(ms.listed) == 0:
		p = ms.grants[0].Principal
	case len(ms.grants) == 0:
		p = ms.listed[0].Principal
	default:
		p = min(ms.grants[0].Principal, ms.listed[0].Principal)
	}
	n := countOf(ms.grants, p)
	grants, ms.grants = ms.grants[:n], ms.grants[n:]
	if len(ms.listed) > 0 && ms.listed[0].Principal == p {
		ms.listed, listed = ms.listed[1:], true
	}
	return p, grants, listed, true
}

// addMembersOf settles the members of one workspace.
func (s *Snapshot) addMembersOf(pl *place, listed []Member, known *idSet) error {
	all := listed
	if inherited := s.membersThroughGroups(pl, listed); len(inherited) > 0 {
		all = slices.Concat(listed, inherited)
		sortMembers(all)
		all = slices.Compact(all)
	}
	members := make([]PrincipalID, 0, max(len(all), len(pl.grants)))
	masks := make([]mask, 0, cap(members))
	rest := membership{listed: all, grants: pl.grants}
	for {
		p, own, isListed, more := rest.next()
		if !more {
			break
		}
		if !known.has(uint64(p)) {
			return fmt.Errorf("workspace %d: there is no principal %d", pl.ID, p)
		}
		st := s.standing(s.held(pl, p, own), isListed)
		if !st.member {
			continue // all its grants have ended
		}
		members = append(members, p)
		m := s.maskFor(pl, p, st)
		if s.standing(own, isListed && (len(all) == len(listed) || isIn(listed, p))).member {
			m |= directBit
		}
		if m&administersBit != 0 && !s.isGroup(p) {
			pl.administrators = append(pl.administrators, p)
		}
		masks = append(masks, m)
		s.masks.set(memberKey(pl.ID, p), m)
	}
	pl.members, pl.masks = exactly(members), exactly(masks)
	return nil
}

// maskFor is what a standing comes to; whether the member is one by itself is
// not part of it.
func (s *Snapshot) maskFor(pl *place, p PrincipalID, st standing) mask {
	m := mask(s.settle(pl.Open, p, st))
	if st.administers && !s.Barred(p, ScopePage) {
		m |= administersBit
	}
	return m
}

func sortMembers(list []Member) {
	slices.SortFunc(list, func(a, b Member) int { return cmp.Compare(a.Principal, b.Principal) })
}

func isIn(sorted []Member, p PrincipalID) bool {
	_, found := slices.BinarySearchFunc(sorted, p, func(m Member, p PrincipalID) int { return cmp.Compare(m.Principal, p) })
	return found
}

// exactly is the list without room to grow: there are many, and they stay.
func exactly[T any](list []T) []T {
	if cap(list) == len(list) {
		return list
	}
	exact := make([]T, len(list))
	copy(exact, list)
	return exact
}

// principalSet are the ids of all principals.
func (s *Snapshot) principalSet() *idSet {
	if len(s.principals) == 0 {
		return newIDSet(0, 0)
	}
	set := newIDSet(len(s.principals), uint64(s.principals[len(s.principals)-1].ID))
	for _, p := range s.principals {
		set.add(uint64(p.ID))
	}
	return set
}

// workspaceIDs are the ids of all workspaces, sorted.
func (s *Snapshot) workspaceIDs() []WorkspaceID {
	ids := make([]WorkspaceID, 0, len(s.workspaces))
	for id := range s.workspaces {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
