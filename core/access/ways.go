package access

import (
	"cmp"
	"slices"
)

// Through is how a role would reach a principal.
type Through string

const (
	// ThroughAdd grants the role to who is a member already.
	ThroughAdd Through = "add"
	// ThroughJoin makes the principal a member with the role.
	ThroughJoin Through = "join"
)

// Way is a role or a policy that, granted, would turn a refusal into yes. One
// of Role, TenantRole and Policy is set. In the tenant plane Adds and Removes
// count capabilities, in the console plane the console's actions.
type Way struct {
	Role       RoleID
	TenantRole TenantRoleID
	Policy     PolicyID
	// Adds is the number of other modules on which it would raise the
	// principal's level, and Removes of those on which it would lower it.
	Adds    int
	Removes int
	Through Through
}

const (
	maxWays = 5
	maxAsk  = 5
)

// waysTo offers roles that would allow what was refused.
func (s *Snapshot) waysTo(pl *place, q Question) []Way {
	need := needed(q.Module, q.Level)
	return s.offer(pl, q.Principal, q.Module, func(_ *compiledRole, after Levels) bool {
		return after&need != 0
	})
}

// waysToAdminister offers roles that administer.
func (s *Snapshot) waysToAdminister(pl *place, p PrincipalID) []Way {
	barred := s.Barred(p, ScopePage)
	return s.offer(pl, p, 0, func(role *compiledRole, _ Levels) bool { return role.Administers && !barred })
}

// offer tries every role that can be granted in the workspace by settling the
// principal's levels with it, and keeps the cheapest of those that suffice:
// those that change the least besides what was asked.
func (s *Snapshot) offer(
	pl *place, p PrincipalID, asked Module, suffices func(role *compiledRole, after Levels) bool,
) []Way {
	if _, known := s.Principal(p); !known || pl.ID == 0 {
		return nil
	}
	member := s.IsMember(pl.ID, p)
	through := ThroughJoin
	if member {
		through = ThroughAdd
	}
	st := s.standing(s.held(pl, p, pl.grantsOf(p)), member)
	before := s.Levels(pl.ID, p)
	var candidates []candidate
	for _, id := range slices.Concat(s.assignable, pl.customs) {
		role := s.roles[id]
		after := s.settle(pl.Open, p, st.with(role))
		if suffices(role, after) {
			raised, lowered := after&^before&^cells(asked), before&^after&^cells(asked)
			candidates = append(candidates, candidate{
				Way:         Way{Role: id, Adds: raised.touched(), Removes: lowered.touched(), Through: through},
				steps:       raised.steps(),
				administers: role.Administers,
			})
		}
	}
	return cheapest(candidates)
}

// candidate is a way with what else tells cheap from dear.
type candidate struct {
	Way
	steps       int // by how many levels it raises the other modules, all together
	administers bool
}

// cheapest are the best few, best first: what adds to the fewest modules, by
// the fewest levels, removes the least, and does not make an administrator.
func cheapest(candidates []candidate) []Way {
	slices.SortFunc(candidates, func(a, b candidate) int {
		return cmp.Or(
			cmp.Compare(a.Adds, b.Adds),
			cmp.Compare(a.steps, b.steps),
			cmp.Compare(a.Removes, b.Removes),
			falseFirst(a.administers, b.administers),
			cmp.Compare(a.Role, b.Role),
			cmp.Compare(a.TenantRole, b.TenantRole),
			cmp.Compare(a.Policy, b.Policy),
		)
	})
	var ways []Way
	for _, c := range candidates[:min(len(candidates), maxWays)] {
		ways = append(ways, c.Way)
	}
	return ways
}

func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// whomToAsk lists a few who could grant it: administrators of the workspace,
// and last the powers above it. Nobody is sent to themselves.
func (s *Snapshot) whomToAsk(pl *place, asker PrincipalID) []PrincipalID {
	if pl.ID == 0 {
		return nil
	}
	var list []PrincipalID
	for _, p := range pl.administrators {
		if len(list) < maxAsk && p != asker && s.Power(p) == PowerNone {
			list = append(list, p)
		}
	}
	for _, p := range s.powerful {
		if len(list) < maxAsk && p != asker {
			list = append(list, p)
		}
	}
	return list
}
