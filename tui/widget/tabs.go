package widget

import (
	"reeve/tui/paint"
	"reeve/tui/theme"
)

// Tabs draws the tabs of a place in one line, the chosen one marked on either
// side so that it shows without colour. Where they do not all fit, those
// around the chosen one are shown between arrows.
func Tabs(th *theme.Theme, titles []string, here, w int) string {
	l := paint.NewLine(th, w)
	if len(titles) == 0 {
		return l.String()
	}
	here = max(min(here, len(titles)-1), 0)
	from, to := tabsInSight(titles, here, w)
	if from > 0 {
		l.Text(theme.Faint, th.Glyphs.Left)
	} else {
		l.Gap(1)
	}
	for i := from; i < to; i++ {
		room := l.Room()
		if to < len(titles) {
			room--
		}
		if i == here {
			l.On(theme.Selected).Text(theme.Bar, th.Glyphs.Bar).Clip(theme.TabHere, titles[i], room-2).Gap(1).On(theme.Plain)
		} else {
			l.Gap(1).Clip(theme.TabIdle, titles[i], room-2).Gap(1)
		}
	}
	if to < len(titles) {
		l.Right(theme.Faint, th.Glyphs.Right)
	}
	return l.String()
}

// tabsInSight returns the tabs to show: as many around the chosen one as fit.
func tabsInSight(titles []string, here, w int) (from, to int) {
	const pad = 2
	from, to = here, here+1
	used := paint.Width(titles[here]) + pad + 2
	for grown := true; grown; {
		grown = false
		if from > 0 && used+paint.Width(titles[from-1])+pad <= w {
			from--
			used += paint.Width(titles[from]) + pad
			grown = true
		}
		if to < len(titles) && used+paint.Width(titles[to])+pad <= w {
			used += paint.Width(titles[to]) + pad
			to++
			grown = true
		}
	}
	return from, to
}
