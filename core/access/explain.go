package access

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
	// Disabled is that the principal is disabled, since At.
	Disabled
	// Vanished is that the directory the principal came from no longer has it,
	// since At.
	Vanished
)

// Outcome is what became of a contribution under the rule.
type Outcome uint8

const (
	// Decides: the effective level is this contribution's.
	Decides Outcome = iota
	// Weaker: it gives less than what decides.
	Weaker
	// Removes: a None of a custom role that took something away.
	Removes
	// Overridden: it would have its effect, were it not for what decides.
	Overridden
	// Expired: a grant that is over and counts for nothing.
	Expired
	// Also: it gives as much as what decides, and would decide were that not there.
	Also
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
	// Because has the strongest first: what decides or removes, then what gives
	// the same and what is weaker, overridden and over.
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
		s.askToEnable(&e, q.Principal)
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
		s.askToEnable(&e, p)
	}
	return e
}

// administration gathers what speaks for and against administering.
func (s *Snapshot) administration(pl *place, p PrincipalID) []Contribution {
	var list []Contribution
	powerful := pl.ID != 0 && s.Power(p) != PowerNone
	if powerful {
		list = s.appendPowers(list, p)
	}
	administers := powerful
	for _, g := range s.held(pl, p, pl.grantsOf(p)) {
		c := s.fromGrant(p, g, None)
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
	switch {
	case s.Barred(p, ScopePage):
		return s.appendBars(overrideAll(list), p)
	case administers:
		return raiseEqual(list)
	case s.IsMember(pl.ID, p):
		return append(list, Contribution{Kind: MemberDefault, Effect: Decides, Through: s.memberThrough(pl, p)})
	}
	return append(list, Contribution{Kind: NotMember, Effect: Decides})
}

// overrideAll is what becomes of contributions beside a bar.
func overrideAll(list []Contribution) []Contribution {
	for i := range list {
		if list[i].Effect != Expired {
			list[i].Effect = Overridden
		}
	}
	return list
}

// contributions appends to dst everything that bears on one member and one
// workspace module, with its outcome. own are the grants of the principal.
func (s *Snapshot) contributions(
	dst []Contribution, pl *place, p PrincipalID, own []Grant, m Module,
) []Contribution {
	start := len(dst)
	powerful := pl.ID != 0 && s.Power(p) != PowerNone
	membership, member := s.masks.get(memberKey(pl.ID, p))
	if pl.ID != 0 && !pl.Open {
		dst = append(dst, Contribution{Kind: WorkspaceClosed})
	}
	if s.Barred(p, ScopePage) {
		dst = s.appendBars(dst, p)
	}
	if powerful {
		dst = s.appendPowers(dst, p)
	}
	for _, g := range s.held(pl, p, own) {
		dst = append(dst, s.fromGrant(p, g, s.roles[g.Role].gives.Get(m)))
	}
	if member {
		c := Contribution{Kind: MemberDefault, Level: Read}
		if membership&directBit == 0 {
			c.Through = s.firstGroupIn(pl.ID, p)
		}
		dst = append(dst, c)
	}
	if !member && !powerful {
		dst = append(dst, Contribution{Kind: NotMember})
	}
	v := view(s.policy, dst[start:])
	for i := start; i < len(dst); i++ {
		dst[i].Effect = v.outcome(dst[i])
	}
	raiseEqual(dst[start:])
	return dst
}

// memberThrough is the group that makes the principal a member, or 0 where it
// is one by itself.
func (s *Snapshot) memberThrough(pl *place, p PrincipalID) PrincipalID {
	if m, _ := s.masks.get(memberKey(pl.ID, p)); m&directBit != 0 {
		return 0
	}
	return s.firstGroupIn(pl.ID, p)
}

// fromGrant is a grant as a contribution to what the principal may; only
// Expired is set as its outcome.
func (s *Snapshot) fromGrant(p PrincipalID, g Grant, level Level) Contribution {
	c := Contribution{
		Kind: BuiltinRole, Level: level, Through: g.through(p),
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
