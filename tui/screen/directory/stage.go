package directory

import (
	core "reeve/core/directory"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/theme"
)

// stageLines are the stages of reaching a server, the one that failed with what the other side said.
func stageLines(say func(message.Text) string, th *theme.Theme, w int, stages []core.Stage) []string {
	var lines []string
	for _, st := range stages {
		sign, role := th.Glyphs.Check, theme.Good
		if !st.OK {
			sign, role = th.Glyphs.Cross, theme.Danger
		}
		detail := st.Detail
		if st.Fault.ID != "" {
			detail = say(st.Fault)
		}
		for i, part := range paint.Wrap(detail, max(1, w-14)) {
			l := paint.NewLine(th, w)
			if i == 0 {
				l.Text(role, sign).Gap(1).Cell(theme.Text, st.Name, 11, paint.Left).Text(theme.Muted, part)
			} else {
				l.Gap(13).Text(theme.Muted, part)
			}
			lines = append(lines, l.String())
		}
	}
	return lines
}
