package group

import (
	"slices"
	"strconv"

	core "reeve/core/group"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// slots stands among the modules for the concurrency of scheduling, and whole for the group.
const (
	whole = ""
	slots = "slots"
)

// shownParts are what the history can be of, in the order in which the keys go through them.
func shownParts() []string {
	parts := []string{whole}
	for _, m := range core.Modules() {
		parts = append(parts, string(m))
	}
	return append(parts, slots)
}

// nextWindow is the window after one; the first after the last.
func nextWindow(w core.Window) core.Window {
	all := core.Windows()
	return all[(slices.Index(all, w)+1)%len(all)]
}

// turn goes on to another part of the history.
func (s *Details) turn(by int) {
	parts := shownParts()
	s.part = parts[(slices.Index(parts, s.part)+by+len(parts))%len(parts)]
}

// chartHeight is how many lines the history has: as many as what stands beside it.
const chartHeight = 3

// historyBox is what was in use in the window, of the part that is shown.
func (s *Details) historyBox(w int) []string {
	env, inner := s.env, w-4
	values, top, unit := s.Thing.history.CU, float64(s.Thing.group.Size), "CU"
	name := env.Text("group.panel.history.whole")
	switch {
	case s.part == slots:
		values, top, unit, name = s.Thing.history.Slots, float64(s.Thing.group.Slots), "", env.Text("group.panel.slots")
	case s.part != whole:
		m := core.Module(s.part)
		values, name = s.Thing.history.Modules[m], env.Text("group.module."+s.part)
		if q := s.Thing.group.Shares.Of(m); q.Max != nil {
			top = float64(*q.Max)
		}
	}
	most := 0.0
	for _, v := range values {
		most = max(most, v)
	}
	var lines []string
	if most == 0 {
		lines = append(lines, paint.Empty(inner), paint.NewLine(env.Theme, inner).Text(theme.Muted, env.Text("group.panel.history.none")).String(), paint.Empty(inner))
	} else {
		if s.Thing.group.Billing == core.PayAsYouGo && s.part != slots {
			top = 0 // a ceiling that is never come near to would press everything flat
		}
		lines = paint.Lines(widget.Chart(env.Theme, spread(values, inner), max(top, 0), inner, chartHeight))
	}
	right := env.With("group.panel.history.most", message.Args{"Most": strconv.FormatFloat(most, 'f', 1, 64), "Unit": unit})
	window := " > · " + env.Text("group.window."+string(s.window))
	name = paint.Cut(name, max(1, w-paint.Width(window)-paint.Width(right)-edges), env.Theme.Glyphs.Ellipsis)
	return s.box("< "+name+window, right, lines, w)
}

// edges are the cells that a box needs in its upper edge beside its words, and the two before the name: of which window the chart is has
// to be read however narrow it is.
const edges = 10

// spread makes the values as many as there are cells, so that a window always fills the chart; where there are more values than cells
// the chart takes the largest of each.
func spread(values []float64, w int) []float64 {
	if len(values) == 0 || len(values) >= w {
		return values
	}
	out := make([]float64, w)
	for i := range out {
		out[i] = values[i*len(values)/w]
	}
	return out
}
