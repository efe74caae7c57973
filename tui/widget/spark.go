package widget

import (
	"math"

	"reeve/tui/paint"
	"reeve/tui/theme"
)

// Spark adds values to a line as columns of one cell in at most w cells, the
// newest at the right end. top is the value of a full column; the largest
// value when 0. A NaN is a value that is not known, and shows as an empty cell.
func Spark(l *paint.Line, role theme.Role, values []float64, top float64, w int) {
	w = min(w, l.Room())
	if w <= 0 {
		return
	}
	if len(values) > w {
		values = values[len(values)-w:]
	}
	if amount(top) == 0 {
		for _, v := range values {
			top = max(top, amount(v))
		}
	}
	l.Gap(w - len(values))
	th := l.Theme()
	for _, v := range values {
		switch {
		case math.IsNaN(v):
			l.Gap(1)
		case amount(v) == 0:
			l.Repeat(role, string(th.Glyphs.Spark[:1]), 1)
		default:
			l.Repeat(role, columnGlyph(th, v, top, len(th.Glyphs.Spark), 1, 0), 1)
		}
	}
}
