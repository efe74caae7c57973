package widget

import (
	"reeve/tui/paint"
	"reeve/tui/theme"
)

// NavItem is one area of the console.
type NavItem struct {
	Key, Title string
	// Attention shows a dot: something there needs a look.
	Attention bool
	// Disabled dims what the person may not open.
	Disabled bool
}

// Nav draws the pane at the left, with a line at its right edge; here is the
// index of the area one is in, -1 for none.
func Nav(th *theme.Theme, items []NavItem, here, w, h int) string {
	var frame []byte
	l := paint.NewLine(th, w)
	for y := range max(h, 0) {
		if y > 0 {
			frame = append(frame, '\n')
		}
		l.Reset(w)
		if i := y - 1; i >= 0 && i < len(items) {
			navLine(l, items[i], i == here, w)
		}
		frame = l.On(theme.Plain).To(w-1).Text(theme.Line, th.Glyphs.BoxV).Append(frame)
	}
	return string(frame)
}

func navLine(l *paint.Line, it NavItem, here bool, w int) {
	g := &l.Theme().Glyphs
	title := theme.Muted
	switch {
	case here:
		l.On(theme.Selected).Text(theme.Bar, g.Bar)
		title = theme.Title
	case it.Disabled:
		title = theme.Disabled
	}
	if !here {
		l.Gap(1)
	}
	l.Gap(1).Text(theme.Faint, it.Key).Gap(1)
	end := w - 2 // the line and a space before it
	if it.Attention {
		l.Clip(title, it.Title, end-l.Used()-2).To(end-1).Text(theme.Warning, g.Dot)
		return
	}
	l.Clip(title, it.Title, end-l.Used()).To(end)
}

// NavWidth returns the width the pane needs for its items.
func NavWidth(items []NavItem) int {
	n := 0
	for _, it := range items {
		need := paint.Width(it.Key) + paint.Width(it.Title)
		if it.Attention {
			need += 2
		}
		n = max(n, need)
	}
	return n + 5 // the bar, two spaces, and the line with a space before it
}
