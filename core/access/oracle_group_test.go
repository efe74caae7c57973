package access

// What the prose says of groups and powers, read from one end to the other.

// counts says whether something given to the holder counts for p: they are one,
// or p is a member of the group.
func (o oracle) counts(holder, p PrincipalID) bool {
	if holder == p {
		return true
	}
	for _, m := range o.Groups {
		if m.Group == holder && m.Member == p && !o.isDisabled(holder) {
			return true
		}
	}
	return false
}

// isDisabled says whether p may do nothing whatever it holds.
func (o oracle) isDisabled(p PrincipalID) bool {
	who, _ := o.find(p)
	return who.Disabled != 0
}

// find is the principal and whether there is one.
func (o oracle) find(p PrincipalID) (Principal, bool) {
	for _, candidate := range o.Principals {
		if candidate.ID == p {
			return candidate, true
		}
	}
	return Principal{}, false
}

// policies are those attached to p or its groups and not over.
func (o oracle) policies(p PrincipalID) []Document {
	var list []Document
	for _, a := range o.Attachments {
		if !o.counts(a.Principal, p) || a.Until != 0 && a.Until <= o.Now {
			continue
		}
		for _, d := range o.Documents {
			if d.ID == a.Policy {
				list = append(list, d)
			}
		}
	}
	return list
}

// power is the strongest of what p is and what its policies make it.
func (o oracle) power(p PrincipalID) Power {
	strength := map[Power]int{PowerNone: 0, PowerFullAccess: 1, PowerAdministrator: 2, PowerAccount: 3}
	best := PowerNone
	if found, ok := o.find(p); ok {
		best = found.Power
	}
	if o.isDisabled(p) {
		return PowerNone
	}
	for _, d := range o.policies(p) {
		if strength[d.Power] > strength[best] {
			best = d.Power
		}
	}
	return best
}
