package group

import (
	"fmt"
	"strconv"
	"time"

	core "reeve/core/group"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// sideBySide is the width from which on panels stand beside one another.
const sideBySide = 96

// panels are what the group does now: how full it is, by module, and what waits and runs.
func (s *Details) panels(w int) []string {
	half := (w - 2) / 2
	var lines []string
	if w < sideBySide {
		lines = append(append(s.now(w), paint.Empty(w)), s.historyBox(w)...)
	} else {
		lines = paint.Lines(paint.Beside([]string{paint.Join(s.now(half)...), "", paint.Join(s.historyBox(w - 2 - half)...)}, []int{half, 2, w - 2 - half}))
	}
	lines = append(lines, paint.Empty(w))
	lines = append(lines, s.byModule(w)...)
	lines = append(lines, paint.Empty(w))
	if w < sideBySide {
		return append(append(lines, s.waiting(w)...), s.running(w)...)
	}
	return append(lines, paint.Lines(paint.Beside([]string{paint.Join(s.waiting(half)...), "", paint.Join(s.running(w - 2 - half)...)}, []int{half, 2, w - 2 - half}))...)
}

// box is a panel of lines.
func (s *Details) box(title, right string, lines []string, w int) []string {
	return paint.Lines(paint.Box(s.env.Theme, title, right, lines, w))
}

// halves says an amount of CU with its half.
func halves(h core.Half) string { return strconv.FormatFloat(h.CU(), 'f', 1, 64) }

// now is how much of the group is in use.
func (s *Details) now(w int) []string {
	env, inner := s.env, w-4
	used := s.Thing.load.Use.Total()
	bar := func(id string, gauge widget.Gauge, value string) string {
		l := paint.NewLine(env.Theme, inner).Cell(theme.Muted, env.Text(id), min(14, inner/4), paint.Left).Gap(1)
		gauge.Draw(l, max(4, inner-l.Used()-22))
		return l.Right(theme.Text, value).String()
	}
	memory := func(cu float64) string { return strconv.FormatFloat(4*cu, 'f', 0, 64) }
	size := float64(s.Thing.group.Size)
	return s.box(env.Text("group.panel.now"), "", []string{
		bar("group.panel.cu", widget.Gauge{Used: used.CU(), Max: size}, halves(used)+" / "+strconv.Itoa(s.Thing.group.Size)+" CU"),
		bar("group.panel.memory", widget.Gauge{Used: 4 * used.CU(), Max: 4 * size}, memory(used.CU())+" / "+memory(size)+" GiB"),
		bar("group.panel.slots", widget.Gauge{Used: float64(s.Thing.load.Use.Slots), Max: float64(s.Thing.group.Slots)}, strconv.Itoa(s.Thing.load.Use.Slots)+" / "+strconv.Itoa(s.Thing.group.Slots)),
	}, w)
}

// byModule is what each module uses, is kept and may use.
func (s *Details) byModule(w int) []string {
	env, inner := s.env, w-4
	glyphs := env.Theme.Glyphs
	var lines []string
	borrowed := core.Half(0)
	for _, m := range core.Modules() {
		q, used := s.Thing.group.Shares.Of(m), s.Thing.load.Use.Modules[m]
		borrowed += max(0, used-core.Half(2*q.Min))
		most, limit := env.Text("group.no_cap"), float64(s.Thing.group.Size)
		if q.Max != nil {
			most, limit = strconv.Itoa(*q.Max), float64(*q.Max)
		}
		l := paint.NewLine(env.Theme, inner).Cell(theme.Text, env.Text("group.module."+string(m)), min(22, inner/3), paint.Left).Gap(1)
		widget.Gauge{Used: used.CU(), Max: limit, Floor: float64(q.Min), Scale: float64(s.Thing.group.Size)}.Draw(l, max(4, inner-l.Used()-38))
		l.Right(theme.Muted, env.With("group.panel.limits", message.Args{"Used": fmt.Sprintf("%5s", halves(used)), "Min": fmt.Sprintf("%4d", q.Min), "Max": fmt.Sprintf("%6s", most)}))
		lines = append(lines, l.String())
	}
	lends := "group.panel.lends"
	if !s.Thing.group.Lends {
		lends = "group.panel.keeps"
	}
	lines = append(lines, paint.NewLine(env.Theme, inner).Text(theme.Muted, env.With("group.panel.free", message.Args{
		"Free": s.Thing.group.Size - s.Thing.group.Shares.Guaranteed(), "Borrowed": halves(borrowed)})+" · "+env.Text(lends)).String())
	return s.box(env.Text("group.panel.modules"), env.With("group.panel.legend", message.Args{"Min": glyphs.Floor, "Max": glyphs.Limit}), lines, w)
}

// waiting counts why work waits.
func (s *Details) waiting(w int) []string {
	env, inner := s.env, w-4
	var lines []string
	for _, c := range s.Thing.load.Reasons {
		role := theme.Warning
		if c.Reason == core.WaitNever {
			role = theme.Danger
		}
		l := paint.NewLine(env.Theme, inner).Cell(role, strconv.Itoa(c.Count), 4, paint.Left)
		lines = append(lines, l.Text(theme.Text, env.Text("group.wait."+string(c.Reason))).String())
	}
	if len(s.Thing.load.Waiting) == 0 {
		lines = append(lines, paint.NewLine(env.Theme, inner).Text(theme.Muted, env.Text("group.panel.nothing_waits")).String())
	}
	return s.box(env.Text("group.panel.waiting"), strconv.Itoa(len(s.Thing.load.Waiting)), lines, w)
}

// runningShown bounds the running work that is named.
const runningShown = 8

// running names what runs.
func (s *Details) running(w int) []string {
	env, inner := s.env, w-4
	var lines []string
	for _, r := range s.Thing.load.Running[:min(len(s.Thing.load.Running), runningShown)] {
		name := r.Name
		if r.Limits == core.LimitsSoft {
			name += " · " + env.Text("run.limits.soft")
		}
		l := paint.NewLine(env.Theme, inner).Cell(theme.Text, name, max(8, inner-32), paint.Left).Gap(1).
			Cell(theme.Muted, r.WorkspaceName, 15, paint.Left).Gap(1).Cell(theme.Text, halves(r.CU), 5, paint.Right).Gap(1)
		lines = append(lines, l.Cell(theme.Muted, since(env.Now(), *r.Since), 8, paint.Right).String())
	}
	if len(s.Thing.load.Running) == 0 {
		lines = append(lines, paint.NewLine(env.Theme, inner).Text(theme.Muted, env.Text("group.panel.nothing_runs")).String())
	}
	return s.box(env.Text("group.panel.running"), strconv.Itoa(len(s.Thing.load.Running)), lines, w)
}

// since is how long something has run.
func since(now, at time.Time) string {
	d := max(0, now.Sub(at)).Truncate(time.Minute)
	if d >= 48*time.Hour {
		return strconv.Itoa(int(d.Hours()/24)) + " d"
	}
	return strconv.Itoa(int(d.Hours())) + ":" + strconv.Itoa(100 + int(d.Minutes())%60)[1:]
}
