// Package figure is the screen of the key figures of a workspace: the previous business date against the day before, its hours, and the
// days before.
package figure

import (
	"context"
	"math"
	"strings"

	"reeve/core/action"
	"reeve/core/control"
	core "reeve/core/figure"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// Figures is the key figures of one workspace.
type Figures struct {
	screen.Sheet[core.Figures]

	env *screen.Env
	ref control.Ref
}

// New makes the screen.
func New(env *screen.Env, at route.Route) *Figures {
	return &Figures{env: env, ref: control.Ref{Region: at.Region, Workspace: at.Workspace}}
}

// Start implements screen.Screen.
func (s *Figures) Start() []screen.Event { return s.Refresh() }

// Refresh implements screen.Screen.
func (s *Figures) Refresh() []screen.Event {
	return []screen.Event{s.Load("figures", func(ctx context.Context) (core.Figures, error) {
		return s.env.Figures.Show(ctx, s.ref, core.DefaultDays)
	}, nil)}
}

// Title implements screen.Screen.
func (s *Figures) Title() string { return s.env.Text("tab.figures") }

// Scopes implements screen.Screen.
func (s *Figures) Scopes() []action.Scope { return []action.Scope{action.ScopeFigures} }

// Verdict implements screen.Screen.
func (s *Figures) Verdict(action.ID) control.Verdict { return control.Possible() }

// Act implements screen.Screen.
func (s *Figures) Act(id action.ID) []screen.Event {
	if id == action.FigureIngestions {
		return s.ingestions()
	}
	return nil
}

// besideFrom is the width from which on the hours stand beside the figures.
const besideFrom = 97

// View implements screen.Screen.
func (s *Figures) View(w, h int) string {
	env := s.env
	if s.Loaded && s.Thing.Empty() {
		return widget.Empty{Title: env.Text("figures.empty"), Purpose: env.Text("figures.empty.purpose"), Keys: []widget.FooterKey{
			{Key: "reeve ingest openlineage FILE", Title: env.Text("figures.empty.events")},
			{Key: "reeve ingest figures FILE", Title: env.Text("figures.empty.days")},
		}}.Render(env.Theme, w, h)
	}
	return s.Draw(env, w, h, func() (head, body []string) {
		about := env.With("figures.about", message.Args{"Zone": s.Thing.Zone})
		return []string{env.Heading(s.Thing.Yesterday().Date.String(), about, s.last(), s.lastRole(), w), paint.Empty(w)}, s.body(w)
	})
}

// body is the sums of the day and its hours, side by side where there is room, and below them the days before.
func (s *Figures) body(w int) []string {
	env := s.env
	lines := []string{}
	if w >= besideFrom {
		left := 58
		sums, hours := s.sums(left-4), s.hours(w-left-6)
		for len(hours) < len(sums) {
			hours = append(hours, "")
		}
		lines = append(lines, paint.Lines(paint.Beside([]string{
			paint.Box(env.Theme, env.Text("figures.sums"), "", sums, left),
			paint.Box(env.Theme, env.Text("figures.by_hour"), s.most(), hours, w-left-2)}, []int{left + 1, w - left - 1}))...)
		for i := range lines {
			lines[i] = " " + lines[i]
		}
	} else {
		for _, line := range s.sums(w - 2) {
			lines = append(lines, " "+line)
		}
		lines = append(lines, paint.Empty(w), paint.NewLine(env.Theme, w).Gap(1).Text(theme.Header, env.Text("figures.hours")).Right(theme.Faint, s.most()).String())
		for _, line := range s.hours(w - 2) {
			lines = append(lines, " "+line)
		}
	}
	return append(append(lines, paint.Empty(w)), s.days(w)...)
}

// last says what was sent last for the workspace.
func (s *Figures) last() string {
	last := s.Thing.Last
	said := s.env.With("figures.last", message.Args{"When": s.env.Ago(last.BeganAt), "Who": last.ByName})
	if last.Malformed > 0 {
		said = s.env.With("figures.last.malformed", message.Args{"Count": last.Malformed}) + " · " + said
	}
	return said
}

func (s *Figures) lastRole() theme.Role {
	if s.Thing.Last.Malformed > 0 {
		return theme.Warning
	}
	return theme.Muted
}

// kind is one of the figures that a day has.
type kind struct {
	id   string
	role theme.Role
	of   func(core.Day) *int64
}

func kinds() []kind {
	runs := func(of func(core.Runs) int64) func(core.Day) *int64 {
		return func(d core.Day) *int64 {
			if d.Runs == nil {
				return nil
			}
			n := of(*d.Runs)
			return &n
		}
	}
	return []kind{
		{"succeeded", theme.Good, runs(func(r core.Runs) int64 { return r.Succeeded })},
		{"failed", theme.Danger, runs(func(r core.Runs) int64 { return r.Failed })},
		{"running", theme.Accent, runs(func(r core.Runs) int64 { return r.Running })},
		{"issues", theme.Warning, func(d core.Day) *int64 { return d.Issues }},
		{"models", theme.Accent, func(d core.Day) *int64 { return d.Models }},
		{"metrics", theme.Accent, func(d core.Day) *int64 { return d.Metrics }},
	}
}

func number(n *int64) string {
	if n == nil {
		return "-"
	}
	return screen.Number(*n)
}

// difference is how a figure has changed since the day before; empty where one of both is not known.
func difference(now, before *int64) string {
	switch {
	case now == nil || before == nil:
		return ""
	case *now == *before:
		return "="
	case *now > *before:
		return "+" + screen.Number(*now-*before)
	}
	return "−" + screen.Number(*before-*now)
}

// sums is a line for each figure: the previous business date, the change since the day before, and all the days.
func (s *Figures) sums(w int) []string {
	env := s.env
	spark := core.DefaultDays
	name := max(10, min(18, w-spark-22))
	l := paint.NewLine(env.Theme, w)
	lines := []string{l.Cell(theme.Faint, "", name, paint.Left).Cell(theme.Faint, s.Thing.Yesterday().Date.String(), 11, paint.Right).
		Cell(theme.Faint, env.Text("figures.change"), 9, paint.Right).Gap(2).Text(theme.Faint, env.With("figures.days", message.Args{"Count": len(s.Thing.Days)})).String()}
	for _, k := range kinds() {
		now := k.of(s.Thing.Yesterday())
		role := theme.Title
		if k.id == "failed" && now != nil && *now > 0 {
			role = theme.DangerStrong
		}
		values := make([]float64, len(s.Thing.Days))
		for i, d := range s.Thing.Days {
			if values[i] = math.NaN(); k.of(d) != nil {
				values[i] = float64(*k.of(d))
			}
		}
		l.Reset(w).Cell(theme.Muted, env.Text("column."+k.id), name, paint.Left).Cell(role, number(now), 11, paint.Right).
			Cell(theme.Muted, difference(now, k.of(s.Thing.Before())), 9, paint.Right).Gap(2)
		widget.Spark(l, k.role, values, 0, spark)
		lines = append(lines, l.String())
	}
	return lines
}

// most says how many runs the fullest hour has.
func (s *Figures) most() string {
	var most int64
	for _, r := range s.Thing.Yesterday().Hours {
		most = max(most, r.Total())
	}
	if most == 0 {
		return ""
	}
	return s.env.With("figures.most", message.Args{"N": screen.Number(most)})
}

// hours are the runs of the previous business date by the hour in which they started: all as columns, and those that failed below.
func (s *Figures) hours(w int) []string {
	env, day := s.env, s.Thing.Yesterday()
	if day.Source != core.FromEvents {
		return []string{paint.NewLine(env.Theme, w).Text(theme.Muted, env.Text("figures.no_hours")).String()}
	}
	wide := 1
	if w >= 2*len(day.Hours)+9 {
		wide = 2
	}
	var all, failed []float64
	for _, r := range day.Hours {
		for range wide {
			all = append(all, float64(r.Total()))
			f := math.NaN()
			if r.Failed > 0 {
				f = float64(r.Failed)
			}
			failed = append(failed, f)
		}
	}
	const label = 9
	lines := make([]string, 0, 6)
	for i, line := range paint.Lines(widget.Chart(env.Theme, all, 0, len(all), 3)) {
		name := ""
		if i == 2 {
			name = env.Text("figures.runs")
		}
		lines = append(lines, paint.NewLine(env.Theme, label).Cell(theme.Faint, name, label, paint.Left).String()+line)
	}
	axis := paint.NewLine(env.Theme, w).Gap(label)
	for _, hour := range []string{"00", "06", "12", "18"} {
		axis.Cell(theme.Faint, hour, 6*wide, paint.Left)
	}
	l := paint.NewLine(env.Theme, w).Cell(theme.Faint, env.Text("column.failed"), label-1, paint.Left).Gap(1)
	widget.Spark(l, theme.Danger, failed, 0, len(failed))
	return append(lines, axis.String(), l.String())
}

// days is a line for each day, the newest first.
func (s *Figures) days(w int) []string {
	env := s.env
	widths := [...]int{10, 7, 8, 7, 7, 8}
	more := max(0, min(5, (w-76)/7))
	l := paint.NewLine(env.Theme, w)
	l.Gap(1).Cell(theme.Header, env.Text("column.date"), 10+more, paint.Left)
	for i, k := range kinds() {
		l.Cell(theme.Header, strings.ToLower(env.Text("column."+k.id+".short")), widths[i]+more, paint.Right)
	}
	lines := []string{l.String()}
	row := func(d core.Day, role theme.Role, note string) {
		l.Reset(w).Gap(1).Cell(role, d.Date.String(), 10+more, paint.Left)
		for i, k := range kinds() {
			r := theme.Text
			if n := k.of(d); n == nil || *n == 0 {
				r = theme.Faint
			} else if k.id == "failed" {
				r = theme.Danger
			}
			l.Cell(r, number(k.of(d)), widths[i]+more, paint.Right)
		}
		lines = append(lines, l.Gap(2).Text(theme.Faint, note).String())
	}
	row(s.Thing.Today, theme.Muted, env.Text("figures.today"))
	for i := len(s.Thing.Days) - 1; i >= 0; i-- {
		d := s.Thing.Days[i]
		note := ""
		if d.Source == core.FromSent {
			note = env.Text("figures.sent")
		}
		row(d, theme.Text, note)
	}
	return lines
}

var _ screen.Screen = (*Figures)(nil)
