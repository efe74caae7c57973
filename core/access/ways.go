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

// Way is a role that, granted, would turn a refusal into yes.
type Way struct {
	Role RoleID
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
	return s.offer(pl, p, 0, func(role *compiledRole, _ Levels) bool { return role.Administers })
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
	st := s.standing(pl.grantsOf(p), member)
	before := s.Levels(pl.ID, p)
	var ways []Way
	for _, id := range slices.Concat(s.assignable, pl.customs) {
		role := s.roles[id]
		after := settle(s.policy, pl.Open, s.Power(p), st.with(role))
		if suffices(role, after) {
			ways = append(ways, Way{
				Role:    id,
				Adds:    (after &^ before &^ cells(asked)).touched(),
				Removes: (before &^ after &^ cells(asked)).touched(),
				Through: through,
			})
		}
	}
	s.sortWays(ways)
	return ways[:min(len(ways), maxWays)]
}

// sortWays puts the cheapest first; of two equal ones, that which does not
// make an administrator.
func (s *Snapshot) sortWays(ways []Way) {
	administers := func(w Way) int {
		if s.roles[w.Role].Administers {
			return 1
		}
		return 0
	}
	slices.SortFunc(ways, func(a, b Way) int {
		return cmp.Or(
			cmp.Compare(a.Adds, b.Adds),
			cmp.Compare(a.Removes, b.Removes),
			cmp.Compare(administers(a), administers(b)),
			cmp.Compare(a.Role, b.Role),
		)
	})
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
