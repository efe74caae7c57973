package role

import (
	"reeve/core/access"
	"reeve/tui/paint"
	"reeve/tui/theme"
)

// compared draws two sets of levels side by side, a line for each module; where they differ a sign says which has more.
func (a acts) compared(th *theme.Theme, w int, left, right string, l, r access.Levels) []string {
	env := a.env
	column := max(12, (w-28)/2)
	lines := []string{paint.NewLine(th, w).Clip(theme.Header, env.Text("column.module"), 24).To(25).
		Cell(theme.Header, left, column, paint.Left).Gap(1).Cell(theme.Header, right, column, paint.Left).String()}
	for _, m := range access.WorkspaceModules() {
		x, y := l.Get(m), r.Get(m)
		lr, rr, sign, sr := theme.Muted, theme.Muted, "", theme.Muted
		switch {
		case x > y:
			lr, rr, sign, sr = theme.Text, theme.WarningStrong, th.Glyphs.Minus, theme.Danger
		case x < y:
			lr, rr, sign, sr = theme.Text, theme.WarningStrong, th.Glyphs.Plus, theme.Good
		}
		lines = append(lines, paint.NewLine(th, w).Clip(theme.Text, env.Text("module."+m.Code()), 24).To(25).
			Cell(lr, env.Text("level."+x.String()), column, paint.Left).Gap(1).
			Cell(rr, env.Text("level."+y.String()), column-2, paint.Left).Text(sr, sign).String())
	}
	return lines
}
