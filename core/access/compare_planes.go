package access

import "slices"

// comparePlanes adds what differs on the tenant and the console plane.
func (c *comparison) comparePlanes() {
	regions := append(slices.Concat(c.before.tenant.regions, c.after.tenant.regions), elsewhere)
	slices.Sort(regions)
	people := c.people()
	for _, region := range slices.Compact(regions) {
		c.tenant(region, people)
	}
	c.console(people)
}

// people are all who are somebody in either state, by id.
func (c *comparison) people() []PrincipalID {
	var list []PrincipalID
	for _, s := range []*Snapshot{c.before, c.after} {
		for _, p := range s.principals {
			if !c.before.isGroup(p.ID) && !c.after.isGroup(p.ID) {
				list = append(list, p.ID)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (c *comparison) tenant(region string, people []PrincipalID) {
	var lost, gained [lastCapability + 1][]PrincipalID
	for _, p := range people {
		was, is := c.before.CapabilitiesOf(region, p), c.after.CapabilitiesOf(region, p)
		if was == is {
			continue
		}
		for _, one := range (was &^ is).List() {
			lost[one] = append(lost[one], p)
		}
		for _, one := range (is &^ was).List() {
			gained[one] = append(gained[one], p)
		}
	}
	name := region
	if region == elsewhere {
		name = ""
	}
	for _, one := range AllCapabilities() {
		if len(lost[one]) > 0 {
			c.effect.TenantLosses = append(c.effect.TenantLosses, TenantChange{name, one, lost[one]})
		}
		if len(gained[one]) > 0 {
			c.effect.TenantGains = append(c.effect.TenantGains, TenantChange{name, one, gained[one]})
		}
	}
}
