package access

import "slices"

// TenantRole finds a tenant role by id.
func (s *Snapshot) TenantRole(id TenantRoleID) (TenantRole, bool) {
	r, found := s.tenant.roles[id]
	return r, found
}

// TenantRolesOf lists the tenant roles that the principal holds in the region
// by grants in force, directly or through a group, by id. The tenant member's,
// which nobody grants, is not among them.
func (s *Snapshot) TenantRolesOf(region string, p PrincipalID) []TenantRoleID {
	var list []TenantRoleID
	for _, g := range s.tenantGrantsOf(region, p) {
		if g.inForce(s.now) {
			list = append(list, g.Role)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// TenantHoldersOf lists the people who hold the tenant role by a grant in force
// in the region, directly or through a group, by id.
func (s *Snapshot) TenantHoldersOf(region string, role TenantRoleID) []PrincipalID {
	var list []PrincipalID
	for _, g := range s.tenant.grants {
		if g.Region == region && g.Role == role && g.inForce(s.now) {
			list = append(list, s.reach(g.Principal)...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// TenantWhoCan lists everybody who has the capability in the region, by id,
// powers included and groups left out.
func (s *Snapshot) TenantWhoCan(region string, c Capability) []Holder {
	var holders []Holder
	for _, p := range s.principals {
		if p.Group || !s.CapabilitiesOf(region, p.ID).Has(c) {
			continue
		}
		ways := slices.DeleteFunc(s.tenantContributions(TenantQuestion{p.ID, region, c}), func(one Contribution) bool {
			return !one.gives(c.Level())
		})
		holders = append(holders, Holder{Principal: p.ID, Level: c.Level(), Because: slices.Clip(ways)})
	}
	return holders
}

// ExplainTenant answers the question as DecideTenant does and says why. A
// contribution's level is that of the capability where it gives it, and None
// where it does not.
func (s *Snapshot) ExplainTenant(q TenantQuestion) Explanation {
	e := Explanation{Tenant: q, Allowed: s.DecideTenant(q), Revision: s.revision}
	if e.Allowed {
		e.Effective = q.Capability.Level()
	}
	if q.Region == "" || !q.Capability.valid() {
		e.Because = []Contribution{{Kind: WrongPlane, Effect: Decides}}
		return e
	}
	e.Because = s.tenantContributions(q)
	if !e.Allowed {
		e.Ways = s.tenantWaysTo(q)
		e.Ask = s.whomToAskInTenant(q.Region, q.Principal)
		s.askToEnable(&e, q.Principal)
	}
	return e
}

// tenantContributions gathers all that speaks for and against a capability,
// strongest first.
func (s *Snapshot) tenantContributions(q TenantQuestion) []Contribution {
	p, level := q.Principal, q.Capability.Level()
	levelIf := func(given bool) Level {
		if given {
			return level
		}
		return None
	}
	var list []Contribution
	if s.Barred(p, ScopePage) {
		list = s.appendBars(list, p)
	}
	list = s.appendPowers(list, p)
	for _, g := range s.tenantGrantsOf(q.Region, p) {
		role := s.tenant.roles[g.Role]
		c := Contribution{
			Kind: BuiltinTenantRole, Level: levelIf(role.gives().Has(q.Capability)),
			TenantRole: g.Role, Grant: g.ID, By: g.By, At: g.At, Until: g.Until,
		}
		if role.Kind == Custom {
			c.Kind = CustomTenantRole
		}
		if g.Principal != p {
			c.Through = g.Principal
		}
		if !g.inForce(s.now) {
			c.Effect = Expired
		}
		list = append(list, c)
	}
	switch {
	case s.isTenantMember(p):
		c := Contribution{Kind: TenantMember, TenantRole: s.tenant.automatic}
		c.Level = levelIf(s.tenant.byDefault.Has(q.Capability))
		list = append(list, c)
	case s.Power(p) == PowerNone:
		list = append(list, Contribution{Kind: NotInTenant})
	}
	v := s.tenantView(q, list)
	for i, c := range list {
		list[i].Effect = v.outcome(c)
	}
	raiseEqual(list)
	sortContributions(list)
	return list
}

// tenantOverview is what one has to know of all contributions to judge each.
type tenantOverview struct {
	barred   bool
	powerful bool
	custom   bool // a custom role is in force
	closed   bool // under Strict, one of them grants nothing on the module
	granted  bool // a role in force gives the capability
	implied  bool // the tenant member's role would give it
	denies   func(Contribution) bool
}

func (s *Snapshot) tenantView(q TenantQuestion, list []Contribution) tenantOverview {
	v := tenantOverview{denies: func(c Contribution) bool {
		return s.policy == Strict && s.tenant.roles[c.TenantRole].denies().Has(q.Capability)
	}}
	for _, c := range list {
		switch {
		case c.Effect == Expired:
		case c.bars():
			v.barred = true
		case c.isPower():
			v.powerful = true
		case c.Kind == TenantMember:
			v.implied = c.Level != None
		case c.Kind == CustomTenantRole || c.Kind == BuiltinTenantRole:
			v.granted = v.granted || c.Level != None
			if c.Kind == CustomTenantRole {
				v.custom = true
				v.closed = v.closed || v.denies(c)
			}
		}
	}
	return v
}

// outcome puts the rule of settleTenant into words for one contribution.
func (v tenantOverview) outcome(c Contribution) Outcome {
	switch {
	case c.Effect == Expired:
		return Expired
	case c.bars():
		return Decides
	case v.barred:
		return Overridden
	case c.isPower():
		return Decides
	case v.powerful:
		return Weaker
	case c.Kind == CustomTenantRole && v.denies(c):
		return Removes
	case v.closed:
		return Overridden
	case c.Kind == CustomTenantRole && c.Level == None:
		return v.silence()
	case c.Kind == TenantMember:
		return v.membership()
	case c.Kind == NotInTenant:
		return v.absence()
	case c.Level != None:
		return Decides
	}
	return Weaker
}

// silence is the outcome of a custom role that does not give the capability:
// it takes away what the tenant member's role would give.
func (v tenantOverview) silence() Outcome {
	switch {
	case !v.implied:
		return Weaker
	case v.granted:
		return Overridden
	}
	return Removes
}

func (v tenantOverview) membership() Outcome {
	switch {
	case v.implied && v.custom:
		return Overridden
	case v.granted:
		return Weaker
	}
	return Decides
}

func (v tenantOverview) absence() Outcome {
	if v.granted {
		return Weaker
	}
	return Decides
}

// tenantWaysTo offers tenant roles that would give a capability that was
// refused.
func (s *Snapshot) tenantWaysTo(q TenantQuestion) []Way {
	if _, known := s.Principal(q.Principal); !known {
		return nil
	}
	held := s.tenantRolesOf(q.Region, q.Principal)
	before := s.CapabilitiesOf(q.Region, q.Principal)
	var candidates []candidate
	for _, role := range s.tenant.roles {
		if !role.Assignable || role.Kind == Custom && role.Region != q.Region {
			continue
		}
		after := s.settleTenant(q.Region, q.Principal, append(slices.Clone(held), role))
		if after.Has(q.Capability) {
			added, removed := (after &^ before).Without(q.Capability), before&^after
			candidates = append(candidates, candidate{
				Way:         Way{TenantRole: role.ID, Adds: added.count(), Removes: removed.count(), Through: ThroughAdd},
				administers: role.Everything,
			})
		}
	}
	return cheapest(candidates)
}

// whomToAskInTenant lists a few who can grant tenant roles: administrators of
// the tenant in the region, and last the powers above them.
func (s *Snapshot) whomToAskInTenant(region string, asker PrincipalID) []PrincipalID {
	var administrators []PrincipalID
	for _, role := range s.tenant.roles {
		if role.Everything {
			administrators = append(administrators, s.TenantHoldersOf(region, role.ID)...)
		}
	}
	slices.Sort(administrators)
	var list []PrincipalID
	for _, p := range slices.Compact(administrators) {
		if len(list) < maxAsk && p != asker && s.Power(p) == PowerNone && s.AdministersTenant(region, p) {
			list = append(list, p)
		}
	}
	for _, p := range s.powerful {
		if len(list) < maxAsk && p != asker && s.AdministersTenant(region, p) {
			list = append(list, p)
		}
	}
	return list
}
