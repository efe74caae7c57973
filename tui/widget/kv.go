package widget

import (
	"reeve/tui/paint"
	"reeve/tui/theme"
)

// KV is one labelled value of a details pane. Role is that of the value. One
// with an empty Label continues the value above; an empty KV is an empty
// line.
type KV struct {
	Label, Value string
	Role         theme.Role
}

// Details draws labelled values, labels left and values wrapped beside them.
func Details(th *theme.Theme, values []KV, w int) []string {
	if w <= 0 {
		return nil
	}
	label := 0
	for _, v := range values {
		label = max(label, paint.Width(v.Label))
	}
	label = min(label, w/3)
	var lines []string
	l := paint.NewLine(th, w)
	for _, v := range values {
		name := v.Label
		for _, part := range paint.Wrap(v.Value, max(w-label-4, 1)) {
			l.Reset(w).Gap(1).Cell(theme.Faint, name, label, paint.Left).Gap(2).Text(v.Role, part)
			lines = append(lines, l.String())
			name = ""
		}
	}
	return lines
}
