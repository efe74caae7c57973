package widget

import (
	"reeve/tui/paint"
	"reeve/tui/theme"
)

// Widest a dialog becomes.
const dialogWidth = 72

// Render draws the dialog as a box that fits in w×h cells, to be laid over a
// frame; the box is as large as it needs.
func (d *Dialog) Render(th *theme.Theme, w, h int) string {
	bw := min(dialogWidth, w-2)
	if bw < 12 {
		bw = w
	}
	inner := max(bw-4, 1)
	var tail []string
	nameAt := -1
	if d.Name != "" {
		for _, line := range paint.Wrap(d.NamePrompt, inner) {
			tail = append(tail, paint.NewLine(th, inner).Text(theme.Muted, line).String())
		}
		nameAt = len(tail)
		tail = append(tail, d.nameLine(th, inner), paint.Empty(inner))
	}
	tail = append(tail, d.choiceLines(th, inner)...)
	if said, wrong := d.said(); said != "" {
		role := theme.Faint
		if wrong {
			role = theme.Danger
		}
		for _, line := range paint.Wrap(said, inner) {
			tail = append(tail, paint.NewLine(th, inner).Text(role, line).String())
		}
	}
	body := d.bodyLines(th, inner)
	if room := h - 2 - len(tail) - 1; len(body) > room {
		body = body[:max(room, 0)]
		if len(body) > 0 {
			body[len(body)-1] = paint.NewLine(th, inner).Text(theme.Faint, th.Glyphs.Ellipsis).String()
		}
	}
	lines := body
	if len(body) > 0 {
		lines = append(lines, paint.Empty(inner))
	}
	nameAt += len(lines)
	lines = append(lines, tail...)
	// In a very low window the choices matter most; they are the last lines.
	cut := max(len(lines)-max(h-2, 0), 0)
	d.cursorOK = d.Name != "" && d.inInput && nameAt >= cut
	d.cursorX, d.cursorY = d.input.Column()+2, nameAt-cut+1
	return paint.Overlaid(th, d.Title, "", lines[cut:], bw)
}

// Cursor returns where the cursor stands in the box; ok is false when no name
// is being typed.
func (d *Dialog) Cursor() (x, y int, ok bool) { return d.cursorX, d.cursorY, d.cursorOK }

func (d *Dialog) bodyLines(th *theme.Theme, w int) []string {
	var out []string
	for _, b := range d.Body {
		for _, line := range paint.Wrap(b.Text, w) {
			out = append(out, paint.NewLine(th, w).Text(b.Role, line).String())
		}
	}
	return out
}

func (d *Dialog) nameLine(th *theme.Theme, w int) string {
	l := paint.NewLine(th, w)
	l.Text(theme.Accent, th.Glyphs.Marker).Gap(1)
	d.input.Draw(l, w-4, d.inInput)
	if d.nameMatches() {
		l.To(w-1).Text(theme.GoodStrong, th.Glyphs.Check)
	}
	return l.String()
}

// choiceLines draws the choices in one line where they fit, else one a line,
// and under them why the one under the cursor is not possible.
func (d *Dialog) choiceLines(th *theme.Theme, w int) []string {
	need := 0
	for _, c := range d.choices {
		need += choiceWidth(c) + 2
	}
	l := paint.NewLine(th, w)
	var out []string
	for i, c := range d.choices {
		if need-2 > w && i > 0 {
			out = append(out, l.String())
			l.Reset(w)
		}
		d.choice(l, c, i == d.at && !d.inInput)
		l.Gap(2)
	}
	out = append(out, l.String())
	if d.at < len(d.choices) && !d.inInput {
		if why := d.refusal(d.choices[d.at]); why != "" {
			for _, line := range paint.Wrap(why, w) {
				out = append(out, l.Reset(w).Text(theme.Faint, line).String())
			}
		}
	}
	return out
}

func choiceWidth(c Choice) int {
	n := paint.Width(c.Label) + 2
	if c.Key != "" {
		n += paint.Width(c.Key) + 1
	}
	return n
}

func (d *Dialog) choice(l *paint.Line, c Choice, here bool) {
	role, key := theme.Text, theme.Key
	switch {
	case d.refusal(c) != "":
		role, key = theme.Disabled, theme.Disabled
	case c.Danger:
		role, key = theme.Danger, theme.DangerStrong
	case here:
		role = theme.Title
	}
	if here {
		l.On(theme.Selected).Text(theme.Bar, l.Theme().Glyphs.Bar)
	} else {
		l.Gap(1)
	}
	if c.Key != "" {
		l.Text(key, c.Key).Gap(1)
	}
	l.Text(role, c.Label).Gap(1).On(theme.Plain)
}
