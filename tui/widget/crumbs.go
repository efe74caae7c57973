package widget

import (
	"reeve/tui/paint"
	"reeve/tui/theme"
)

// Crumbs is the first line of the frame: where one is, and who.
type Crumbs struct {
	// Logo is the name of the program; Path the places from the outermost to
	// this one.
	Logo string
	Path []string
	// Session is said first at the right end, and stays however narrow the
	// window: that one can change nothing, or has less than one is used to.
	Session string
	// Who is said at the right end: the person, by which right, the edition.
	// It is cut from its end where there is little room.
	Who []string
	// Production colours the line and Warning is said before the places, so
	// that the colour is not alone.
	Production bool
	Warning    string
}

// Render draws the line. Where it is narrow, first what is said about the
// person gives way, then the outer places; what kind of session it is stays.
func (c Crumbs) Render(th *theme.Theme, w int) string {
	l := paint.NewLine(th, w).Gap(1)
	if c.Logo != "" {
		l.Text(theme.Logo, c.Logo).Gap(2)
	}
	here := theme.CrumbHere
	if c.Production {
		here = theme.Production
		if c.Warning != "" {
			l.Text(theme.Production, c.Warning).Gap(2)
		}
	}
	who := c.who(th, l.Room()-c.pathWidth(th, 0)-3)
	room := l.Room() - 1
	taken := 0
	if who != "" {
		taken = paint.Width(who) + 2
	}
	room -= taken
	first := 0
	for first < len(c.Path)-1 && c.pathWidth(th, first) > room {
		first++
	}
	if first > 0 {
		l.Text(theme.Faint, th.Glyphs.Ellipsis).Gap(1)
	}
	for i := first; i < len(c.Path); i++ {
		if i > 0 {
			l.Text(theme.Faint, th.Glyphs.Crumb).Gap(1)
		}
		role := theme.Crumb
		if i == len(c.Path)-1 {
			role = here
		}
		clip := l.Room() - 1
		if c.Session != "" {
			clip -= taken
		}
		l.Clip(role, c.Path[i], max(1, clip)).Gap(1)
	}
	if who != "" && l.Room() > paint.Width(who) {
		l.To(w-1-paint.Width(who)).Text(theme.Muted, who)
	}
	return l.String()
}

// pathWidth is the width of the places from first on.
func (c Crumbs) pathWidth(th *theme.Theme, first int) int {
	n := -1 // no space after the last
	if first > 0 {
		n += 2
	}
	for i := first; i < len(c.Path); i++ {
		n += paint.Width(c.Path[i]) + 1
		if i > 0 {
			n += paint.Width(th.Glyphs.Crumb) + 1
		}
	}
	return n
}

// who joins as many of the parts about the person as fit.
func (c Crumbs) who(th *theme.Theme, w int) string {
	text := c.Session
	for _, part := range c.Who {
		next := part
		if text != "" {
			next = text + " " + th.Glyphs.Speck + " " + part
		}
		if paint.Width(next) > w {
			break
		}
		text = next
	}
	return text
}
