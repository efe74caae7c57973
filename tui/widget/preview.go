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
		if room > total+1 {
			foot = append([]string{paint.Empty(inner)}, foot...)
		}
		room -= len(foot)
	}
	if room < total {
		top = max(min(top, total-max(room, 0)), 0)
		lines = lines[top : top+max(room, 0)]
	}
	return paint.Box(th, p.Title, p.Revision, append(lines, foot...), w), total
}

// effectColumns are the widths of the columns of a preview.
type effectColumns struct{ word, count, what int }

func (p Preview) columns(w int) effectColumns {
	var c effectColumns
	for _, e := range p.Effects {
		c.word = max(c.word, paint.Width(e.Word))
		c.count = max(c.count, paint.Width(e.Count))
		if e.Where != "" {
			c.what = max(c.what, paint.Width(e.What))
		}
	}
	c.word, c.count = min(c.word, w/4), min(c.count, w/4)
	return c
}

func (p Preview) lines(th *theme.Theme, w int) []string {
	c := p.columns(w)
	var lines []string
	for i, e := range p.Effects {
		if i > 0 && e.Kind != p.Effects[i-1].Kind {
			lines = append(lines, paint.Empty(w))
		}
		lines = append(lines, e.lines(th, c, w)...)
	}
	return lines
}

// lines draws one effect. Nothing of it is cut for want of room: who loses
// what must be read in full, so it goes on in the next line.
func (e Effect) lines(th *theme.Theme, c effectColumns, w int) []string {
	wordRole, countRole, whatRole := effectRoles(e.Kind)
	l := paint.NewLine(th, w)
	names := effectIndent + c.word + columnGap
	l.Gap(effectIndent).Cell(wordRole, e.Word, c.word, paint.Left).Gap(columnGap)
	if e.Count != "" {
		l.Cell(countRole, e.Count, c.count, paint.Left).Gap(columnGap)
	}
	at := l.Used()
	var lines, below []string
	if e.Where != "" && at+c.what+columnGap+paint.Width(e.Where) <= w {
		l.Cell(whatRole, e.What, c.what, paint.Left).Gap(columnGap).Text(theme.Muted, e.Where)
		lines = append(lines, l.String())
	} else {
		for _, part := range paint.Wrap(e.What, max(w-at, 1)) {
			lines = append(lines, l.To(at).Text(whatRole, part).String())
			l.Reset(w)
		}
		if e.Where != "" {
			below = append(below, e.Where)
		}
	}
	if e.Names != "" {
		below = append(below, e.Names)
	}
	for _, text := range below {
		for _, part := range paint.Wrap(text, max(w-names, 1)) {
			lines = append(lines, l.Reset(w).Gap(names).Text(theme.Muted, part).String())
		}
	}
	return lines
}

// Cells before the word of an effect.
const effectIndent = 2

// effectRoles returns how the word, the count and the rest of a kind are
// drawn.
func effectRoles(k EffectKind) (word, count, what theme.Role) {
	switch k {
	case EffectLoses:
		return theme.DangerStrong, theme.Text, theme.Text
	case EffectGains:
		return theme.GoodStrong, theme.Text, theme.Text
	case EffectGrants:
		return theme.WarningStrong, theme.Text, theme.Muted
	case EffectUnseen:
		return theme.Faint, theme.Muted, theme.Muted
	case EffectKeeps:
		return theme.Muted, theme.Text, theme.Muted
	default:
		return theme.Muted, theme.Text, theme.Muted
	}
}
