package widget

import (
	"reeve/tui/paint"
	"reeve/tui/theme"
)

// Cells of one level column, of the change sign, and of the least label.
const (
	levelWidth    = 7
	signWidth     = 4
	leastLabel    = 12
	noteGap       = 2
	matrixMarkers = levelWidth*int(levelCount) + signWidth
)

// Render draws the header and the rows in sight.
func (m *Matrix) Render(th *theme.Theme, w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	m.body = max(h-1, 1)
	m.top = scrollWindow(m.top, m.row, len(m.rows), m.body)
	label := m.labelWidth(w)
	l := paint.NewLine(th, w)
	lines := make([]string, 0, h)
	lines = append(lines, m.head(l, w, label))
	for y := range h - 1 {
		l.Reset(w)
		if i := m.top + y; i < len(m.rows) {
			m.draw(l, i, label)
		}
		lines = append(lines, l.String())
	}
	return paint.Join(lines...)
}

// labelWidth gives the labels what they need, and the notes the rest.
func (m *Matrix) labelWidth(w int) int {
	need := paint.Width(m.Titles[0])
	for _, r := range m.rows {
		need = max(need, paint.Width(r.Label))
	}
	need += 2
	room := w - 1 - matrixMarkers
	return max(min(need, max(room*2/3, leastLabel)), 0)
}

func (m *Matrix) head(l *paint.Line, w, label int) string {
	l.Reset(w).Gap(1).Cell(theme.Header, m.Titles[0], label, paint.Left)
	for level := range levelCount {
		role := theme.Header
		if level == m.column && !m.blurred && !m.ReadOnly {
			role = theme.HeaderSort
		}
		l.Cell(role, m.Titles[1+level], levelWidth, paint.Center)
	}
	return l.Gap(signWidth+noteGap-1).Text(theme.Header, m.Titles[4]).String()
}

func (m *Matrix) draw(l *paint.Line, i, label int) {
	r := m.rows[i]
	g := &l.Theme().Glyphs
	here := i == m.row
	name := theme.Text
	switch {
	case here && m.blurred:
		l.Text(theme.Faint, g.Bar)
	case here:
		l.On(theme.Selected).Text(theme.Bar, g.Bar)
		name = theme.Title
	default:
		l.Gap(1)
	}
	l.Cell(name, r.Label, label, paint.Left)
	for level := range levelCount {
		glyph, role := levelGlyph(g, r, level)
		m.drawLevel(l, glyph, role, here && level == m.column)
	}
	sign, role := changeSign(g, r)
	l.Cell(role, sign, signWidth-2, paint.Left).Gap(noteGap + 1)
	note := theme.Muted
	if r.Level != r.Original {
		note = theme.Text
	}
	l.Text(note, r.Note)
}

// drawLevel draws one cell of the matrix; the one under the cursor stands
// between two small marks, because its place is not visible otherwise.
func (m *Matrix) drawLevel(l *paint.Line, glyph string, role theme.Role, cursor bool) {
	if !cursor || m.blurred || m.ReadOnly {
		l.Cell(role, glyph, levelWidth, paint.Center)
		return
	}
	l.Gap(levelWidth/2-1).Text(theme.Faint, "[").Text(role, glyph).Text(theme.Faint, "]").Gap(levelWidth/2 - 1)
}

// levelGlyph says how a cell is painted: the chosen level as a dot, where it
// was before as a ring, others as specks.
func levelGlyph(g *theme.Glyphs, r MatrixRow, level Level) (string, theme.Role) {
	switch {
	case level == r.Level && r.Level != r.Original:
		return g.Dot, theme.Warning
	case level == r.Level && level == LevelNone:
		return g.Dot, theme.Muted
	case level == r.Level:
		return g.Dot, theme.Accent
	case level == r.Original:
		return g.Ring, theme.Faint
	default:
		return g.Speck, theme.Line
	}
}

// changeSign says whether a row has more or less than before, without colour.
func changeSign(g *theme.Glyphs, r MatrixRow) (string, theme.Role) {
	switch {
	case r.Level > r.Original:
		return g.Plus, theme.GoodStrong
	case r.Level < r.Original:
		return g.Minus, theme.DangerStrong
	default:
		return "", theme.Blank
	}
}
