package screen

import (
	"strings"

	"reeve/core/figure"
	"reeve/core/message"
	"reeve/tui/widget"
)

// FigureLine is the figures of the previous business date in one line; when nothing was ever sent it says so.
func (e *Env) FigureLine(f figure.Figures) string {
	if f.Empty() {
		return e.Text("figures.none")
	}
	day := f.Yesterday()
	var parts []string
	add := func(id string, n int64) {
		parts = append(parts, e.With(id, message.Args{"Count": n, "N": Number(n)}))
	}
	if day.Runs != nil {
		add("figures.n.succeeded", day.Runs.Succeeded)
		add("figures.n.failed", day.Runs.Failed)
		add("figures.n.running", day.Runs.Running)
	}
	if day.Issues != nil {
		add("figures.n.issues", *day.Issues)
	}
	if day.Models != nil {
		add("figures.n.models", *day.Models)
	}
	if day.Metrics != nil {
		add("figures.n.metrics", *day.Metrics)
	}
	if len(parts) == 0 {
		parts = append(parts, e.Text("figures.nothing"))
	}
	return day.Date.String() + ": " + strings.Join(parts, " · ")
}

// Number is a figure as people read it.
func Number(n int64) string { return widget.Grouped(int(n)) }
