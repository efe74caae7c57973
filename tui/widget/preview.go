package widget

import (
	"reeve/tui/paint"
	"reeve/tui/theme"
)

// EffectKind is what an act does to somebody.
type EffectKind uint8

// The kinds, in the order they are to be shown: losses first.
const (
	EffectLoses EffectKind = iota
	EffectKeeps
	EffectGains
	EffectGrants
	EffectUnseen
)

// Effect is one line of a preview.
type Effect struct {
	Kind EffectKind
	// Word is the kind in words: loses, keeps, gains, grants, unseen.
	Word string
	// Count is who or how many, What what about it, Where in which places.
	Count, What, Where string
	// Names are said on a line of their own, under it.
	Names string
}

// Preview is the box that says what an act would do before it is done.
type Preview struct {
	Title, Revision string
	Effects         []Effect
	// Keys are the ways on.
	Keys []FooterKey
}

// Render draws the box w cells wide and at most h lines high, showing the
// lines from top on. It returns how many lines there are in all, for
// scrolling.
func (p Preview) Render(th *theme.Theme, w, h, top int) (box string, total int) {
	inner := max(w-4, 1)
	lines := p.lines(th, inner)
	total = len(lines)
	room := h - 2
	var foot []string
	if len(p.Keys) > 0 && room > 2 {
		foot = []string{keyLine(th, p.Keys, inner)}
		room--
	}
	if room < total {
		top = max(min(top, total-max(room, 0)), 0)
		lines = lines[top : top+max(room, 0)]
	}
	return paint.Box(th, p.Title, p.Revision, append(lines, foot...), w), total
}

func (p Preview) lines(th *theme.Theme, w int) []string {
	word, count, what := 0, 0, 0
	for _, e := range p.Effects {
		word = max(word, paint.Width(e.Word))
		count = max(count, paint.Width(e.Count))
		if e.Where != "" {
			what = max(what, paint.Width(e.What))
		}
	}
	word, count = min(word, w/4), min(count, w/4)
	what = min(what, max(w-word-count-2-3*columnGap-12, 0))
	l := paint.NewLine(th, w)
	var lines []string
	last := EffectLoses
	for i, e := range p.Effects {
		if i > 0 && e.Kind != last {
			lines = append(lines, paint.Empty(w))
		}
		last = e.Kind
		role, text := effectRoles(e.Kind)
		l.Reset(w).Gap(2).Cell(role, e.Word, word, paint.Left).Gap(columnGap)
		l.Cell(text, e.Count, count, paint.Left).Gap(columnGap)
		whatRole := theme.Muted
		if e.Kind == EffectLoses || e.Kind == EffectGains {
			whatRole = theme.Text
		}
		if e.Where != "" {
			l.Cell(whatRole, e.What, what, paint.Left).Gap(columnGap).Text(theme.Muted, e.Where)
		} else {
			l.Text(whatRole, e.What)
		}
		lines = append(lines, l.String())
		if e.Names != "" {
			for _, part := range paint.Wrap(e.Names, max(w-2-word-columnGap, 1)) {
				lines = append(lines, l.Reset(w).Gap(2+word+columnGap).Text(theme.Muted, part).String())
			}
		}
	}
	return lines
}

// effectRoles returns how the word and the count of a kind are drawn.
func effectRoles(k EffectKind) (word, count theme.Role) {
	switch k {
	case EffectLoses:
		return theme.DangerStrong, theme.Text
	case EffectGains:
		return theme.GoodStrong, theme.Text
	case EffectGrants:
		return theme.WarningStrong, theme.Text
	case EffectUnseen:
		return theme.Faint, theme.Muted
	case EffectKeeps:
		return theme.Muted, theme.Text
	default:
		return theme.Muted, theme.Text
	}
}
