package widget

import (
	"math"

	"reeve/tui/paint"
	"reeve/tui/theme"
)

// Gauge is a bar that shows how much of something is used. The amounts are in
// any one unit; negative ones and NaN count as 0.
type Gauge struct {
	Used, Max float64
	// Floor is the guaranteed amount, drawn as a mark; 0 draws none.
	Floor float64
	// Scale is the amount at the right end of the bar; Max when 0. With a
	// Scale larger than Max the end of what is allowed is drawn as a mark, and
	// bars below one another can be compared.
	Scale float64
	// High is the part of Max from which on the bar warns; 0.9 when 0.
	High float64
}

// Draw adds the bar to a line in w cells.
func (g Gauge) Draw(l *paint.Line, w int) {
	w = min(w, l.Room())
	if w <= 0 {
		return
	}
	used, limit := amount(g.Used), amount(g.Max)
	scale := max(amount(g.Scale), limit)
	cells := func(v float64) int {
		if scale == 0 {
			return 0
		}
		return int(min(math.Round(v/scale*float64(w)), float64(w)))
	}
	fill := cells(used)
	if fill == 0 && used > 0 {
		fill = 1
	}
	end, floor := w, -1
	if amount(g.Scale) > limit {
		end = min(max(cells(limit), fill, 1), w)
	}
	if f := amount(g.Floor); f > 0 {
		floor = max(cells(f)-1, 0)
	}
	th := l.Theme()
	for i := range w {
		switch {
		case i == floor:
			l.Repeat(theme.Text, th.Glyphs.Floor, 1)
		case i < fill:
			l.Repeat(g.role(), th.Glyphs.Block, 1)
		case i < end:
			l.Repeat(theme.GaugeRest, th.Glyphs.Rest, 1)
		case i == end && amount(g.Scale) > limit:
			l.Repeat(theme.Muted, th.Glyphs.Limit, 1)
		default:
			l.Gap(1)
		}
	}
}

// Render draws the bar alone.
func (g Gauge) Render(th *theme.Theme, w int) string {
	l := paint.NewLine(th, w)
	g.Draw(l, w)
	return l.String()
}

// role says how near the limit the used amount is.
func (g Gauge) role() theme.Role {
	high := g.High
	if high <= 0 {
		high = 0.9
	}
	used, limit := amount(g.Used), amount(g.Max)
	switch {
	case limit > 0 && used > limit:
		return theme.GaugeFull
	case limit > 0 && used >= high*limit:
		return theme.GaugeHigh
	default:
		return theme.GaugeUsed
	}
}

// amount returns v as a finite amount not below 0.
func amount(v float64) float64 {
	if math.IsNaN(v) || v < 0 {
		return 0
	}
	return min(v, math.MaxFloat64/4)
}

// Chart draws values as columns, h lines high, the newest at the right end;
// w and h in cells. top is the value of a full column; the largest value when
// 0. Where there are more values than cells each cell shows the largest of
// its share, so that no peak is lost.
func Chart(th *theme.Theme, values []float64, top float64, w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	columns := peaks(values, w)
	if amount(top) == 0 {
		for _, v := range columns {
			top = max(top, v)
		}
	}
	levels := len(th.Glyphs.Spark)
	lines := make([]string, h)
	l := paint.NewLine(th, w)
	for y := range h {
		l.Reset(w).Gap(w - len(columns))
		for _, v := range columns {
			l.Repeat(theme.Accent, columnGlyph(th, v, top, levels, h, h-1-y), 1)
		}
		lines[y] = l.String()
	}
	return paint.Join(lines...)
}

// columnGlyph returns what a column of value v shows in its line from below.
func columnGlyph(th *theme.Theme, v, top float64, levels, h, line int) string {
	if top <= 0 {
		return " "
	}
	full := int(min(math.Round(v/top*float64(levels*h)), float64(levels*h)))
	part := min(max(full-line*levels, 0), levels)
	if line == 0 && v > 0 {
		part = max(part, 1)
	}
	if part == 0 {
		return " "
	}
	return string(th.Glyphs.Spark[part-1])
}

// peaks reduces the values to at most n, each the largest of its share.
func peaks(values []float64, n int) []float64 {
	out := make([]float64, min(n, len(values)))
	for i := range out {
		from, to := i*len(values)/len(out), (i+1)*len(values)/len(out)
		for _, v := range values[from:to] {
			out[i] = max(out[i], amount(v))
		}
	}
	return out
}
