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
	var walk grantWalk
	walk.over(pl)
	for _, p := range candidates {
		grants := walk.of(p)
		held := s.Levels(ws, p)
		if held&need == 0 || s.isGroup(p) {
			continue
		}
		start := len(reasons)
		reasons = s.contributions(reasons, pl, p, grants, m)
		ways := slices.DeleteFunc(reasons[start:], func(c Contribution) bool { return !c.gives(level) })
		sortContributions(ways)
		reasons = reasons[:start+len(ways)]
		holders = append(holders, Holder{Principal: p, Level: held.Get(m), Because: slices.Clip(ways)})
	}
	return holders
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
