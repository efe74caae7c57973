package directory

import (
	"cmp"
	"slices"

	"reeve/core/access"
	"reeve/core/text"
)

// memberships finds out who comes into groups and who leaves them. Only who comes from the same source does: whoever else is
// in a group was put there by hand and stays.
func (c *comparison) memberships(r Reading) {
	people, fresh, vanished := c.addressed()
	going := map[access.PrincipalID]bool{}
	for _, k := range c.plan.Vanish {
		going[k.ID] = true
	}
	coming := map[string]bool{}
	for _, g := range c.plan.AddGroups {
		coming[g.ID] = true
	}
	for _, g := range r.Groups {
		k := c.known[g.ID]
		if k == nil && !coming[g.ID] || k != nil && !k.Group {
			continue
		}
		m := Membership{Name: text.Normal(g.Name), NewGroup: g.ID}
		var had []access.PrincipalID
		if k != nil {
			m = Membership{Name: k.Name, Group: k.ID}
			had = k.Members
		}
		wanted, kept := map[access.PrincipalID]bool{}, map[access.PrincipalID]bool{}
		for _, member := range g.Members[:min(len(g.Members), maxMembers)] {
			if id, ok := people[member]; ok {
				wanted[id] = true
			} else if id, ok := fresh[member]; ok {
				m.AddNew = append(m.AddNew, id)
			} else if id, ok := vanished[member]; ok {
				kept[id] = true
			} else {
				c.plan.Unknown++
			}
		}
		for id := range wanted {
			if _, in := slices.BinarySearch(had, id); !in {
				m.Add = append(m.Add, id)
			}
		}
		for _, id := range had {
			if !wanted[id] && !kept[id] {
				m.Remove = append(m.Remove, id)
				if !going[id] { // who goes themselves is counted once
					c.plan.Gone.Members++
				}
			}
		}
		slices.Sort(m.Add)
		slices.Sort(m.AddNew)
		m.AddNew = slices.Compact(m.AddNew)
		if len(m.Add)+len(m.AddNew)+len(m.Remove) > 0 {
			c.plan.Members = append(c.plan.Members, m)
		}
	}
	slices.SortFunc(c.plan.Members, func(a, b Membership) int { return cmp.Compare(text.Fold(a.Name), text.Fold(b.Name)) })
}

// addressed are the people of the source by what groups call them: by id who is known and there, by their entry's id who is
// new, and by id who vanished, whom groups may still name: they keep their place, and come into no other.
func (c *comparison) addressed() (people map[string]access.PrincipalID, fresh map[string]string, vanished map[string]access.PrincipalID) {
	people, fresh, vanished = map[string]access.PrincipalID{}, map[string]string{}, map[string]access.PrincipalID{}
	now := make(map[string]Entry, len(c.plan.Change))
	for _, ch := range c.plan.Change {
		now[ch.Known.Entry.ID] = ch.Now
	}
	gone := make(map[access.PrincipalID]bool, len(c.plan.Vanish))
	for _, k := range c.plan.Vanish {
		gone[k.ID] = true
	}
	for id, k := range c.known {
		e, changed := now[id]
		if !changed {
			e = k.Entry
		}
		switch {
		case k.Group:
		case gone[k.ID] || k.Vanished && !changed:
			vanished[e.DN], vanished[uid(e.Name)] = k.ID, k.ID
		default:
			people[e.DN], people[uid(e.Name)] = k.ID, k.ID
		}
	}
	for _, e := range c.plan.Add {
		fresh[e.DN], fresh[uid(e.Name)] = e.ID, e.ID
	}
	return people, fresh, vanished
}

// uid is how groups of the POSIX kind name a member.
func uid(name string) string { return "uid:" + text.Fold(text.Normal(name)) }
