package widget

import (
	"reeve/tui/paint"
	"reeve/tui/theme"
)

// ListStatus is the line under a table: how many rows, the filter, the sort,
// the marks, each in words.
type ListStatus struct {
	// Count is said first, for example "4 of 1 284".
	Count string
	// Parts follow with space between them; those that do not fit are left
	// out whole, the last first.
	Parts []string
	// Marked is said at the right end, for example "2 marked".
	Marked string
}

// Render draws the line.
func (s ListStatus) Render(th *theme.Theme, w int) string {
	const gap = 3
	// The count changes with every move of the cursor; in the terminal's own text it costs a few bytes only.
	l := paint.NewLine(th, w).Gap(gutter).Text(theme.Blank, s.Count)
	marked := paint.Width(s.Marked)
	for _, p := range s.Parts {
		if p == "" {
			continue
		}
		if gap+paint.Width(p)+marked+1 > l.Room() {
			break
		}
		l.Gap(gap).Text(theme.Faint, p)
	}
	if marked > 0 {
		l.Right(theme.Accent, s.Marked)
	}
	return l.String()
}
