package access

// This file is the rule of the tenant plane. Checks, explanations, offers and
// previews all come here.

// settleTenant is what tenant roles in force come to for one principal.
func (s *Snapshot) settleTenant(region string, p PrincipalID, roles []TenantRole) Capabilities {
	switch {
	case region == "" || s.Barred(p, ScopePage):
		return 0
	case s.Power(p) != PowerNone:
		return everyCapability
	}
	var given, denied Capabilities
	custom := false
	for _, r := range roles {
		given |= r.gives()
		if r.Kind == Custom {
			custom = true
			denied |= r.denies()
		}
	}
	if !custom && s.isTenantMember(p) {
		given |= s.tenant.byDefault
	}
	if s.policy == Strict {
		given &^= denied
	}
	return given
}

// gives are the capabilities of the role.
func (r TenantRole) gives() Capabilities {
	if r.Everything {
		return everyCapability
	}
	return r.Capabilities
}

// denies are all capabilities of the modules on which a custom role could speak
// and grants nothing. A built-in role denies nothing.
func (r TenantRole) denies() Capabilities {
	if r.Kind != Custom {
		return 0
	}
	var denied Capabilities
	for _, m := range GlobalModules() {
		if all := ofModule(m); r.Capabilities&all == 0 {
			denied |= all
		}
	}
	return denied
}

// CapabilitiesOf is everything the principal may do on the tenant plane of a
// region.
func (s *Snapshot) CapabilitiesOf(region string, p PrincipalID) Capabilities {
	if held, found := s.tenant.settled[regionKey{region, p}]; found {
		return held
	}
	return s.settleTenant(region, p, nil)
}

// DecideTenant answers the question of the tenant plane.
func (s *Snapshot) DecideTenant(q TenantQuestion) bool {
	return s.CapabilitiesOf(q.Region, q.Principal).Has(q.Capability)
}

// DecideModule answers a question about a global module; about any other the
// answer is no.
func (s *Snapshot) DecideModule(q ModuleQuestion) bool {
	if !q.Module.valid() || q.Module.Plane() != PlaneGlobal {
		return false
	}
	return s.CapabilitiesOf(q.Region, q.Principal)&enough(q.Module, q.Level) != 0
}

// AdministersTenant says whether the principal manages tenant roles in the
// region: by a power, or as tenant administrator. Who is barred from pages
// manages nothing.
func (s *Snapshot) AdministersTenant(region string, p PrincipalID) bool {
	if region == "" || s.Barred(p, ScopePage) {
		return false
	}
	if s.Power(p) != PowerNone {
		return true
	}
	for _, r := range s.tenantRolesOf(region, p) {
		if r.Everything {
			return true
		}
	}
	return false
}
