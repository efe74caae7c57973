package access

import (
	"iter"
	"slices"
)

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
	var holders []Holder
	var reasons []Contribution // one list serves all; each holder gets its own closed part of it
	for h := range s.Holding(ws, m, level) {
		if holders == nil {
			pl := s.workspaces[ws]
			holders = make([]Holder, 0, len(pl.members)+len(s.powerful))
			reasons = make([]Contribution, 0, len(pl.members)+len(pl.grants))
		}
		start := len(reasons)
		reasons = append(reasons, h.Because...)
		h.Because = slices.Clip(reasons[start:])
		holders = append(holders, h)
	}
	return holders
}

// Holding hands over one by one what WhoCan lists, without keeping any: what a
// holder's Because points to is good until the next one.
func (s *Snapshot) Holding(ws WorkspaceID, m Module, level Level) iter.Seq[Holder] {
	return func(yield func(Holder) bool) {
		need := needed(m, level)
		pl, found := s.workspaces[ws]
		if need == 0 || !found || !pl.Open {
			return
		}
		var reasons []Contribution
		members, masks, powerful := pl.members, pl.masks, s.powerful
		var walk grantWalk
		walk.over(pl)
		var roles roleCache
		grouped := len(s.groups) > 0
		for len(members) > 0 || len(powerful) > 0 {
			p, hasPower := next(members, powerful)
			grants := walk.of(p)
			var held Levels
			if len(members) > 0 && members[0] == p {
				held, members, masks = masks[0].levels(), members[1:], masks[1:]
			} else {
				held = s.Levels(ws, p) // who is no member, but has a power
			}
			if hasPower {
				powerful = powerful[1:]
			}
			if held&need == 0 || grouped && s.isGroup(p) {
				continue
			}
			reasons = reasons[:0]
			if hasPower || grouped && len(s.groupsOf[p]) > 0 {
				reasons = s.contributions(reasons, pl, p, grants, m)
				reasons = slices.DeleteFunc(reasons, func(c Contribution) bool { return !c.gives(level) })
				sortContributions(reasons)
			} else {
				reasons = s.plainWays(reasons, &roles, grants, m, level)
			}
			if !yield(Holder{Principal: p, Level: held.Get(m), Because: reasons}) {
				return
			}
		}
	}
}

// next is the least of two sorted lists, and whether the second has it. One of
// them must hold something.
func next(members, powerful []PrincipalID) (p PrincipalID, hasPower bool) {
	switch {
	case len(powerful) == 0:
		return members[0], false
	case len(members) == 0 || powerful[0] <= members[0]:
		return powerful[0], true
	}
	return members[0], false
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
		switch highest {
		case None:
		case byDefault.Level:
			byDefault.Effect = Also
		default:
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
	return (c.Effect == Decides || c.Effect == Also || c.Effect == Weaker) && c.Level >= level
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
