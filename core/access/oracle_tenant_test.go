package access

// What the prose says of the tenant plane.

// can says whether p has the capability in the region.
func (o oracle) can(region string, p PrincipalID, c Capability) bool {
	who, exists := o.find(p)
	if region == "" || c < DataMapUse || c > ComplianceManage || !exists || o.isDisabled(p) || o.isBarred(p, "Page") {
		return false
	}
	if o.power(p) != PowerNone {
		return true
	}
	granted, holdsCustom := false, false
	for _, r := range o.tenantRoles(region, p) {
		if r.Everything || r.Capabilities.Has(c) {
			granted = true
		}
		if r.Kind == Custom {
			holdsCustom = true
			if o.Policy == Strict && grantsNothingOnTheModuleOf(r, c) {
				return false
			}
		}
	}
	if holdsCustom || who.Group {
		return granted
	}
	for _, r := range o.TenantRoles {
		if r.Code == "tenant_member" && r.Capabilities.Has(c) {
			return true
		}
	}
	return granted
}

// grantsNothingOnTheModuleOf says so of a module a custom role can speak of.
func grantsNothingOnTheModuleOf(r TenantRole, c Capability) bool {
	if c.Module() == OpenPlatform || c.Module() == Compliance {
		return false
	}
	for _, other := range AllCapabilities() {
		if other.Module() == c.Module() && r.Capabilities.Has(other) {
			return false
		}
	}
	return true
}

func (o oracle) tenantRoles(region string, p PrincipalID) []TenantRole {
	var list []TenantRole
	for _, g := range o.TenantGrants {
		if g.Region != region || !o.counts(g.Principal, p) || g.Until != 0 && g.Until <= o.Now {
			continue
		}
		for _, r := range o.TenantRoles {
			if r.ID == g.Role {
				list = append(list, r)
			}
		}
	}
	return list
}

// canModule says whether p may use the global module at the level.
func (o oracle) canModule(region string, p PrincipalID, m Module, level Level) bool {
	if m < DataMap || m > GlobalDataAnalysis {
		return false
	}
	for _, c := range AllCapabilities() {
		if c.Module() != m || !o.can(region, p, c) {
			continue
		}
		if level == Read || level == Write && c.Level() == Write {
			return true
		}
	}
	return false
}

func (o oracle) administersTenant(region string, p PrincipalID) bool {
	if region == "" || o.isDisabled(p) || o.isBarred(p, "Page") {
		return false
	}
	for _, r := range o.tenantRoles(region, p) {
		if r.Everything {
			return true
		}
	}
	return o.power(p) != PowerNone
}
