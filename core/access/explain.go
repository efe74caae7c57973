package access

import (
	"cmp"
	"slices"
)

// ContributionKind is where a contribution comes from.
type ContributionKind uint8

const (
	// Account is the power of the account itself.
	Account ContributionKind = iota
	// FullAccess is the power of AliyunDataWorksFullAccess.
	FullAccess
	// BuiltinRole is a grant of a built-in role.
	BuiltinRole
	// CustomRole is a grant of a custom role.
	CustomRole
	// MemberDefault is what every member may do without any role.
	MemberDefault
	// NotMember is the absence of a membership.
	NotMember
	// WorkspaceClosed is that nobody enters the workspace.
	WorkspaceClosed
	// WrongPlane is that a workspace was asked about what it does not govern,
	// or a region about what lies in workspaces.
	WrongPlane
	// AdministratorAccess is the power of the policy of that name.
	AdministratorAccess
	// PolicyDeny is a statement of a policy that denies.
	PolicyDeny
	// PolicyAllow is a statement of a policy that allows.
	PolicyAllow
	// NoPolicy is that no policy allows a console operation; roles never do.
	NoPolicy
	// TenantMember is what everybody in the tenant may do without any grant.
	TenantMember
	// BuiltinTenantRole is a grant of a built-in tenant role.
	BuiltinTenantRole
	// CustomTenantRole is a grant of a custom tenant role.
	CustomTenantRole
	// NotInTenant is that the principal is nobody of the tenant, or a group,
	// which is no member of it.
	NotInTenant
)

// Outcome is what became of a contribution under the rule.
type Outcome uint8

const (
	// Decides: the effective level is this contribution's.
	Decides Outcome = iota
	// Weaker: it gives no more than what decides already does.
	Weaker
	// Removes: a None of a custom role that took something away.
	Removes
	// Overridden: it would have its effect, were it not for what decides.
	Overridden
	// Expired: a grant that is over and counts for nothing.
	Expired
)

// Contribution is one thing that speaks for or against an answer.
type Contribution struct {
	Kind   ContributionKind
	Effect Outcome
	// Level is what it alone gives on the module.
	Level Level
	// What follows tells the grant, and is zero where there is none. Grant is
	// the id of a grant of Role, of a grant of TenantRole or of the attachment
	// of Policy, whichever is set.
	Role       RoleID
	TenantRole TenantRoleID
	Policy     PolicyID
	// Through is the user group that was granted it; 0 for the principal itself.
	Through PrincipalID
	By      PrincipalID
	Grant   GrantID
	At      int64 // Unix seconds
	Until   int64 // Unix seconds, 0 = open ended
}

// Explanation is an answer with its reasons.
type Explanation struct {
	Question Question
	// Administer marks the answer to "may administer the workspace", whose
	// question names no module and no level.
	Administer bool
	// Tenant is the question of the tenant plane and Console that of the
	// console plane; where one is set, Question is zero.
	Tenant   TenantQuestion
	Console  ConsoleQuestion
	Allowed  bool
	Revision uint64
	// Effective is the level held on the module; when asked about
	// administering, Write for yes and None for no.
	Effective Level
	// Because has the strongest first: what decides or removes, then what is
	// weaker, overridden and over.
	Because []Contribution
	// Ways are roles that would turn a refusal, and Ask those who can grant
	// them. Both are empty where the answer is yes.
	Ways []Way
	Ask  []PrincipalID
}

// Explain answers the question as Decide does and says why.
func (s *Snapshot) Explain(q Question) Explanation {
	e := Explanation{
		Question:  q,
		Allowed:   s.Decide(q),
		Revision:  s.revision,
		Effective: s.Level(q.Workspace, q.Principal, q.Module),
	}
	if cells(q.Module)&workspaceCells == 0 {
		e.Because = []Contribution{{Kind: WrongPlane, Effect: Decides}}
		return e
	}
	pl := s.place(q.Workspace)
	e.Because = s.contributions(nil, pl, q.Principal, pl.grantsOf(q.Principal), q.Module)
	sortContributions(e.Because)
	if !e.Allowed {
		e.Ways = s.waysTo(pl, q)
		e.Ask = s.whomToAsk(pl, q.Principal)
	}
	return e
}

// ExplainAdministers answers as Administers does and says why.
func (s *Snapshot) ExplainAdministers(ws WorkspaceID, p PrincipalID) Explanation {
	e := Explanation{
		Question:   Question{Principal: p, Workspace: ws},
		Administer: true,
		Allowed:    s.Administers(ws, p),
		Revision:   s.revision,
	}
	if e.Allowed {
		e.Effective = Write
	}
	pl := s.place(ws)
	e.Because = s.administration(pl, p)
	sortContributions(e.Because)
	if !e.Allowed {
		e.Ways = s.waysToAdminister(pl, p)
		e.Ask = s.whomToAsk(pl, p)
	}
	return e
}

// administration gathers what speaks for and against administering.
func (s *Snapshot) administration(pl *place, p PrincipalID) []Contribution {
	var list []Contribution
	powerful := pl.ID != 0 && s.Power(p) != PowerNone
	if powerful {
		list = append(list, s.powerOf(p))
	}
	administers := powerful
	for _, g := range pl.grantsOf(p) {
		c := s.fromGrant(g, None)
		if s.roles[g.Role].Administers {
			c.Level = Write
		}
		switch {
		case c.Effect == Expired:
		case powerful || c.Level == None:
			c.Effect = Weaker
		default:
			c.Effect, administers = Decides, true
		}
		list = append(list, c)
	}
	if administers {
		return list
	}
	if s.IsMember(pl.ID, p) {
		return append(list, Contribution{Kind: MemberDefault, Effect: Decides})
	}
	return append(list, Contribution{Kind: NotMember, Effect: Decides})
}

// contributions appends to dst everything that bears on one member and one
// workspace module, with its outcome. grants are those of the principal.
func (s *Snapshot) contributions(
	dst []Contribution, pl *place, p PrincipalID, grants []Grant, m Module,
) []Contribution {
	start := len(dst)
	powerful := pl.ID != 0 && s.Power(p) != PowerNone
	member := s.IsMember(pl.ID, p)
	if pl.ID != 0 && !pl.Open {
		dst = append(dst, Contribution{Kind: WorkspaceClosed})
	}
	if powerful {
		dst = append(dst, s.powerOf(p))
	}
	for _, g := range grants {
		dst = append(dst, s.fromGrant(g, s.roles[g.Role].gives.Get(m)))
	}
	if member {
		dst = append(dst, Contribution{Kind: MemberDefault, Level: Read})
	}
	if !member && !powerful {
		dst = append(dst, Contribution{Kind: NotMember})
	}
	v := view(s.policy, dst[start:])
	for i := start; i < len(dst); i++ {
		dst[i].Effect = v.outcome(dst[i])
	}
	return dst
}

func (s *Snapshot) powerOf(p PrincipalID) Contribution {
	kind := FullAccess
	if s.Power(p) == PowerAccount {
		kind = Account
	}
	return Contribution{Kind: kind, Level: Write}
}

// fromGrant is a grant as a contribution; only Expired is set as its outcome.
func (s *Snapshot) fromGrant(g Grant, level Level) Contribution {
	c := Contribution{
		Kind: BuiltinRole, Level: level,
		Role: g.Role, Grant: g.ID, By: g.By, At: g.At, Until: g.Until,
	}
	if s.roles[g.Role].Kind == Custom {
		c.Kind = CustomRole
	}
	if !g.inForce(s.now) {
		c.Effect = Expired
	}
	return c
}

// overview is what one has to know of all contributions to judge each.
type overview struct {
	policy   Policy
	closed   bool
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
		case c.Kind == Account || c.Kind == FullAccess:
			v.powerful = true
		case c.denies():
			v.denied = true
		case c.Kind == BuiltinRole || c.Kind == CustomRole:
			v.highest = max(v.highest, c.Level)
		}
	}
	return v
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
	case c.Kind == Account || c.Kind == FullAccess || c.Kind == NotMember:
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

// sortContributions puts the strongest first.
func sortContributions(list []Contribution) {
	slices.SortFunc(list, func(a, b Contribution) int {
		return cmp.Or(
			cmp.Compare(rank(a.Effect), rank(b.Effect)),
			cmp.Compare(b.Level, a.Level),
			cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Role, b.Role),
			cmp.Compare(a.Grant, b.Grant),
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
	case Weaker:
		return 2
	case Overridden:
		return 3
	case Expired:
		return 4
	}
	return 5
}
