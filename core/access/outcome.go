package access

import (
	"cmp"
	"slices"
)

// This file says what becomes of each contribution to an answer on the
// workspace plane.

// overview is what one has to know of all contributions to judge each.
type overview struct {
	policy   Policy
	closed   bool
	barred   bool // by a policy, or by being disabled
	powerful bool
	denied   bool  // a custom role in force says None
	highest  Level // of what roles in force give
}

func view(policy Policy, list []Contribution) overview {
	v := overview{policy: policy}
	for _, c := range list {
		switch {
		case c.Effect == Expired:
		case c.Kind == WorkspaceClosed:
			v.closed = true
		case c.bars():
			v.barred = true
		case c.isPower():
			v.powerful = true
		case c.denies():
			v.denied = true
		case c.Kind == BuiltinRole || c.Kind == CustomRole:
			v.highest = max(v.highest, c.Level)
		}
	}
	return v
}

// isPower says whether this is a power and no role.
func (c Contribution) isPower() bool {
	return c.Kind == Account || c.Kind == FullAccess || c.Kind == AdministratorAccess
}

// denies says whether this is the None of a custom role.
func (c Contribution) denies() bool { return c.Kind == CustomRole && c.Level == None }

// outcome puts the rule of settle into words for one contribution.
func (v overview) outcome(c Contribution) Outcome {
	switch {
	case c.Effect == Expired:
		return Expired
	case c.Kind == WorkspaceClosed:
		return Decides
	case v.closed:
		return Overridden
	case c.bars():
		return Decides
	case v.barred:
		return Overridden
	case c.isPower() || c.Kind == NotMember:
		return Decides
	case v.powerful:
		return v.belowPower(c)
	case c.denies():
		return v.denial()
	case v.denied && (v.policy == Strict || c.Kind == MemberDefault):
		return Overridden
	case c.Kind == MemberDefault && v.highest == None:
		return Decides
	case c.Kind != MemberDefault && c.Level != None && c.Level == v.highest:
		return Decides
	}
	return Weaker
}

func (v overview) belowPower(c Contribution) Outcome {
	if c.denies() {
		return Overridden
	}
	return Weaker
}

func (v overview) denial() Outcome {
	if v.policy == Additive && v.highest != None {
		return Overridden
	}
	return Removes
}

// raiseEqual tells what gives as much as what decides from what is weaker: to
// take away what decides would change nothing where there is such a one.
func raiseEqual(list []Contribution) []Contribution {
	highest := None
	for _, c := range list {
		if c.Effect == Decides {
			highest = max(highest, c.Level)
		}
	}
	for i, c := range list {
		if c.Effect == Weaker && c.Level != None && c.Level == highest {
			list[i].Effect = Also
		}
	}
	return list
}

// sortContributions puts the strongest first.
func sortContributions(list []Contribution) {
	slices.SortFunc(list, func(a, b Contribution) int {
		return cmp.Or(
			cmp.Compare(rank(a.Effect), rank(b.Effect)),
			cmp.Compare(b.Level, a.Level),
			cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Role, b.Role),
			cmp.Compare(a.TenantRole, b.TenantRole),
			cmp.Compare(a.Policy, b.Policy),
			cmp.Compare(a.Grant, b.Grant),
			cmp.Compare(a.Through, b.Through),
		)
	})
}

// rank orders outcomes by how much they had to do with the answer.
func rank(o Outcome) int {
	switch o {
	case Decides:
		return 0
	case Removes:
		return 1
	case Also:
		return 2
	case Weaker:
		return 3
	case Overridden:
		return 4
	case Expired:
		return 5
	}
	return 6
}
