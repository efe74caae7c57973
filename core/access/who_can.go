package access

import "slices"

// Holder is somebody who may do what was asked.
type Holder struct {
	Principal PrincipalID
	// Level is the level held, which may be above the one asked for.
	Level Level
	// Because are the ways it was got, strongest first: all that would have to
	// go for the access to go.
	Because []Contribution
}

// WhoCan lists everybody who may use the module of the workspace at the level,
// by id, powers included and groups left out.
func (s *Snapshot) WhoCan(ws WorkspaceID, m Module, level Level) []Holder {
	need := needed(m, level)
	pl, found := s.workspaces[ws]
	if need == 0 || !found || !pl.Open {
		return nil
	}
	candidates := union(nil, pl.members, s.powerful)
	holders := make([]Holder, 0, len(candidates))
	// One list serves all reasons; each holder gets its own closed part of it.
	reasons := make([]Contribution, 0, len(candidates)+len(pl.grants))
	members, masks, powerful := pl.members, pl.masks, s.powerful
	var walk grantWalk
	walk.over(pl)
	var roles roleCache
	for _, p := range candidates {
		grants := walk.of(p)
		var held Levels
		if len(members) > 0 && members[0] == p {
			held, members, masks = masks[0].levels(), members[1:], masks[1:]
		} else {
			held = s.Levels(ws, p) // who is no member, but has a power
		}
		for len(powerful) > 0 && powerful[0] < p {
			powerful = powerful[1:]
		}
		if held&need == 0 || s.isGroup(p) {
			continue
		}
		start := len(reasons)
		if hasPower := len(powerful) > 0 && powerful[0] == p; hasPower || len(s.groupsOf[p]) > 0 {
			reasons = s.contributions(reasons, pl, p, grants, m)
			ways := slices.DeleteFunc(reasons[start:], func(c Contribution) bool { return !c.gives(level) })
			sortContributions(ways)
			reasons = reasons[:start+len(ways)]
		} else {
			reasons = s.plainWays(reasons, &roles, grants, m, level)
		}
		holders = append(holders, Holder{Principal: p, Level: held.Get(m), Because: slices.Clip(reasons[start:])})
	}
	return holders
}

// plainWays appends what contributions would, of what gives the level, for a
// member who has the level and neither power nor group. Nearly everybody is
// such a member, and workspaces have many.
func (s *Snapshot) plainWays(dst []Contribution, roles *roleCache, grants []Grant, m Module, level Level) []Contribution {
	start, highest, denied := len(dst), None, false
	for i := range grants {
		g := &grants[i]
		if !g.inForce(s.now) {
			continue
		}
		role := roles.get(s, g.Role)
		cell := role.gives.Get(m)
		highest = max(highest, cell)
		denied = denied || role.denies&cells(m) != 0
		if cell >= level {
			kind := BuiltinRole
			if role.Kind == Custom {
				kind = CustomRole
			}
			dst = append(dst, Contribution{
				Kind: kind, Level: cell, Role: g.Role, Grant: g.ID, By: g.By, At: g.At, Until: g.Until,
			})
		}
	}
	for i := start; i < len(dst); i++ {
		if dst[i].Level < highest {
			dst[i].Effect = Weaker
		}
	}
	if len(dst) > start+1 {
		sortContributions(dst[start:])
	}
	if level == Read && !denied {
		byDefault := Contribution{Kind: MemberDefault, Level: Read}
		if highest != None {
			byDefault.Effect = Weaker
		}
		dst = append(dst, byDefault)
	}
	return dst
}

// roleCache remembers the roles looked up last: many members hold few roles.
type roleCache [16]*compiledRole

func (c *roleCache) get(s *Snapshot, id RoleID) *compiledRole {
	slot := &c[id%RoleID(len(c))]
	if *slot == nil || (*slot).ID != id {
		*slot = s.roles[id]
	}
	return *slot
}

// gives says whether the contribution alone would be enough for the level.
func (c Contribution) gives(level Level) bool {
	return (c.Effect == Decides || c.Effect == Weaker) && c.Level >= level
}

// grantWalk hands out the grants of a workspace to principals asked for in
// the order of their ids, in one pass.
type grantWalk struct{ rest []Grant }

func (w *grantWalk) over(pl *place) { w.rest = pl.grants }

func (w *grantWalk) of(p PrincipalID) []Grant {
	for len(w.rest) > 0 && w.rest[0].Principal < p {
		w.rest = w.rest[1:]
	}
	n := countOf(w.rest, p)
	mine := w.rest[:n:n]
	w.rest = w.rest[n:]
	return mine
}

// union appends to dst what is in either list. Both are sorted and without
// repetitions, and so is the result.
func union(dst, a, b []PrincipalID) []PrincipalID {
	for len(a) > 0 && len(b) > 0 {
		least := min(a[0], b[0])
		if a[0] == least {
			a = a[1:]
		}
		if b[0] == least {
			b = b[1:]
		}
		dst = append(dst, least)
	}
	return append(append(dst, a...), b...)
}
