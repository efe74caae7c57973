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
		roles := roleCache{module: m}
		grouped := len(s.groups) > 0
		for len(members) > 0 || len(powerful) > 0 {
			// Up to the next who has a power they are members and nothing else.
			plain := len(members)
			if len(powerful) > 0 {
				plain, _ = slices.BinarySearch(members, powerful[0])
			}
			for i, p := range members[:plain] {
				held := masks[i].levels()
				if held&need == 0 || grouped && s.isGroup(p) {
					continue
				}
				if grouped && len(s.groupsOf[p]) > 0 {
					reasons = s.allWays(reasons[:0], pl, p, walk.of(p), m, level)
				} else {
					reasons = s.plainWays(reasons[:0], &roles, walk.from(p), p, level)
				}
				if !yield(Holder{Principal: p, Level: held.Get(m), Because: reasons}) {
					return
				}
			}
			members, masks = members[plain:], masks[plain:]
			if len(powerful) == 0 {
				return
			}
			p := powerful[0]
			powerful = powerful[1:]
			held := s.Levels(ws, p)
			if len(members) > 0 && members[0] == p {
				held, members, masks = masks[0].levels(), members[1:], masks[1:]
			}
			if held&need == 0 || grouped && s.isGroup(p) {
				continue
			}
			reasons = s.allWays(reasons[:0], pl, p, walk.of(p), m, level)
			if !yield(Holder{Principal: p, Level: held.Get(m), Because: reasons}) {
				return
			}
		}
	}
}

// allWays appends all contributions that give the level, strongest first.
func (s *Snapshot) allWays(dst []Contribution, pl *place, p PrincipalID, grants []Grant, m Module, level Level) []Contribution {
	dst = slices.DeleteFunc(s.contributions(dst, pl, p, grants, m), func(c Contribution) bool { return !c.gives(level) })
	sortContributions(dst)
	return dst
}

// plainWays appends what contributions would, of what gives the level, for a
// member who has the level and neither power nor group. Nearly everybody is
// such a member, and workspaces have many. Their grants stand first in the list.
func (s *Snapshot) plainWays(dst []Contribution, roles *roleCache, grants []Grant, p PrincipalID, level Level) []Contribution {
	start, highest, denied := len(dst), None, false
	for i := range grants {
		g := &grants[i]
		if g.Principal != p {
			break
		}
		if g.Until != 0 && !g.inForce(s.now) {
			continue
		}
		way := roles.get(s, g.Role)
		highest = max(highest, way.level)
		denied = denied || way.denies
		if way.level >= level {
			dst = append(dst, Contribution{}) // and filled in place, which takes half of what a copy does
			c := &dst[len(dst)-1]
			c.Kind, c.Level, c.Role, c.By, c.Grant, c.At, c.Until = way.kind, way.level, g.Role, g.By, g.ID, g.At, g.Until
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
		dst = append(dst, Contribution{})
		c := &dst[len(dst)-1]
		c.Kind, c.Level, c.Effect = MemberDefault, Read, beside(highest)
	}
	return dst
}

// beside is what the member default of reading comes to beside the highest level
// of a role: without branches, for which of them it is cannot be foreseen.
func beside(highest Level) Outcome {
	return [...]Outcome{None: Decides, Read: Also, Write: Weaker}[highest]
}

// roleWay is what a role does about one module.
type roleWay struct {
	id     RoleID
	level  Level
	denies bool
	kind   ContributionKind // none of them while the slot is empty
}

// roleCache remembers what the roles looked up last do about its module: many
// members hold few roles.
type roleCache struct {
	module Module
	slots  [16]roleWay
}

func (c *roleCache) get(s *Snapshot, id RoleID) *roleWay {
	slot := &c.slots[id%RoleID(len(c.slots))]
	if slot.id != id || slot.kind == 0 {
		role := s.roles[id]
		*slot = roleWay{id: id, level: role.gives.Get(c.module), denies: role.denies&cells(c.module) != 0, kind: BuiltinRole}
		if role.Kind == Custom {
			slot.kind = CustomRole
		}
	}
	return slot
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
	n := countOf(w.from(p), p)
	mine := w.rest[:n:n]
	w.rest = w.rest[n:]
	return mine
}

// from is what is left from the principal on, whose grants stand first in it.
func (w *grantWalk) from(p PrincipalID) []Grant {
	n := 0
	for n < len(w.rest) && w.rest[n].Principal < p {
		n++
	}
	w.rest = w.rest[n:]
	return w.rest
}
