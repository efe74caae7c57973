package access

import (
	"cmp"
	"fmt"
	"slices"
)

// tenantPlane is what tenant roles come to.
type tenantPlane struct {
	roles  map[TenantRoleID]TenantRole
	grants []TenantGrant // by principal, then id; ended ones included
	// regions are those that a grant or a custom role names, sorted.
	regions []string
	// byDefault are the capabilities of who holds nothing but membership.
	byDefault Capabilities
	automatic TenantRoleID // the tenant member's role, or 0
	// settled has who holds a tenant role in force in a region, groups included.
	settled map[regionKey]Capabilities
	nextEnd int64
}

type regionKey struct {
	region    string
	principal PrincipalID
}

// addTenant settles what tenant roles and grants come to. The policies must
// have been settled before.
func (s *Snapshot) addTenant(st State) error {
	s.tenant = tenantPlane{}
	if err := s.addTenantRoles(st.TenantRoles); err != nil {
		return err
	}
	if err := s.addTenantGrants(st.TenantGrants); err != nil {
		return err
	}
	t := &s.tenant
	slices.Sort(t.regions)
	t.regions = slices.Compact(t.regions)
	t.settled = map[regionKey]Capabilities{}
	for _, g := range t.grants {
		if !g.inForce(s.now) {
			continue
		}
		for _, p := range append([]PrincipalID{g.Principal}, s.groups[g.Principal]...) {
			key := regionKey{g.Region, p}
			if _, done := t.settled[key]; !done {
				t.settled[key] = s.settleTenant(g.Region, p, s.tenantRolesOf(g.Region, p))
			}
		}
	}
	return nil
}

func (s *Snapshot) addTenantRoles(roles []TenantRole) error {
	t := &s.tenant
	t.roles = make(map[TenantRoleID]TenantRole, len(roles))
	for _, r := range roles {
		if _, taken := t.roles[r.ID]; taken || r.ID == 0 {
			return fmt.Errorf("tenant role %d: id is 0 or used twice", r.ID)
		}
		if problem := r.problem(); problem != "" {
			return fmt.Errorf("tenant role %d %q: %s", r.ID, r.Name, problem)
		}
		if r.Automatic {
			if t.automatic != 0 {
				return fmt.Errorf("tenant role %d %q: another is automatic too", r.ID, r.Name)
			}
			t.automatic, t.byDefault = r.ID, r.Capabilities
		}
		if r.Kind == Custom {
			t.regions = append(t.regions, r.Region)
		}
		t.roles[r.ID] = r
	}
	return nil
}

// problem is what is wrong with the role, or "".
func (r TenantRole) problem() string {
	switch {
	case r.Kind > Custom:
		return fmt.Sprintf("kind %d does not exist", r.Kind)
	case r.Capabilities&^everyCapability != 0:
		return "a capability does not exist"
	case r.Kind == Builtin && r.Region != "":
		return "a built-in role belongs to no region"
	case r.Automatic && (r.Kind == Custom || r.Everything || r.GrantedBy != Nobody):
		return "it cannot be automatic"
	case r.Kind == Custom && r.Region == "":
		return "a custom role needs a region"
	case r.Kind == Custom && r.Everything:
		return "a custom role cannot have everything"
	case r.Kind == Custom && r.Capabilities&^CapabilitySet(CustomCapabilities()...) != 0:
		return "a capability is not offered to custom roles"
	}
	return ""
}

func (s *Snapshot) addTenantGrants(grants []TenantGrant) error {
	t := &s.tenant
	t.grants = slices.Clone(grants)
	slices.SortFunc(t.grants, func(a, b TenantGrant) int {
		return cmp.Or(cmp.Compare(a.Principal, b.Principal), cmp.Compare(a.ID, b.ID))
	})
	seen := make(map[GrantID]bool, len(grants))
	for _, g := range t.grants {
		if g.ID == 0 || seen[g.ID] {
			return fmt.Errorf("tenant grant %d: id is 0 or used twice", g.ID)
		}
		seen[g.ID] = true
		role, found := t.roles[g.Role]
		switch {
		case g.Region == "":
			return fmt.Errorf("tenant grant %d: it names no region", g.ID)
		case !found:
			return fmt.Errorf("tenant grant %d: there is no tenant role %d", g.ID, g.Role)
		case role.Kind == Custom && role.Region != g.Region:
			return fmt.Errorf("tenant grant %d: role %d belongs to %s, not %s", g.ID, g.Role, role.Region, g.Region)
		case role.Kind == Builtin && role.GrantedBy == Nobody:
			return fmt.Errorf("tenant grant %d: role %d is granted by nobody", g.ID, g.Role)
		}
		if _, known := s.Principal(g.Principal); !known {
			return fmt.Errorf("tenant grant %d: there is no principal %d", g.ID, g.Principal)
		}
		t.regions = append(t.regions, g.Region)
		t.nextEnd = sooner(t.nextEnd, g.Until, s.now)
	}
	return nil
}

// tenantGrantsOf are the grants that bear on a principal in a region: its own,
// then those of its groups; ended ones included.
func (s *Snapshot) tenantGrantsOf(region string, p PrincipalID) []TenantGrant {
	var list []TenantGrant
	for _, holder := range append([]PrincipalID{p}, s.groupsOf[p]...) {
		from, _ := slices.BinarySearchFunc(s.tenant.grants, holder, func(g TenantGrant, p PrincipalID) int {
			return cmp.Compare(g.Principal, p)
		})
		for _, g := range s.tenant.grants[from:] {
			if g.Principal != holder {
				break
			}
			if g.Region == region {
				list = append(list, g)
			}
		}
	}
	return list
}

// tenantRolesOf are the roles held by grants in force, by id, each once.
func (s *Snapshot) tenantRolesOf(region string, p PrincipalID) []TenantRole {
	var list []TenantRole
	for _, id := range s.TenantRolesOf(region, p) {
		list = append(list, s.tenant.roles[id])
	}
	return list
}

// isTenantMember says whether the principal has the automatic role.
func (s *Snapshot) isTenantMember(p PrincipalID) bool {
	_, known := s.Principal(p)
	return known && !s.isGroup(p)
}
