package overview

import (
	"slices"
	"strconv"

	"reeve/core/audit/chain"
	"reeve/core/fault"
	"reeve/core/message"
	core "reeve/core/overview"
	"reeve/core/workspace"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// sections are the boxes, the most useful first; those that have nothing to say are left out.
func (s *Overview) sections() []section {
	var all []section
	for _, make := range []func() section{s.steps, s.attention, s.ending, s.used, s.uses, s.changes, s.places, s.news} {
		if one := make(); len(one.rows) > 0 {
			all = append(all, one)
		}
	}
	return all
}

func leads(r route.Route) func() []screen.Event {
	return func() []screen.Event { return []screen.Event{screen.Open{Route: r}} }
}

// steps are the five steps of one workspace.
func (s *Overview) steps() section {
	env := s.env
	c, ok := s.checklist()
	if !ok {
		return section{title: env.Text("overview.steps"), rows: []row{{
			draw: func(l *paint.Line) { l.Text(theme.Muted, env.Text("overview.steps.none")) },
			open: leads(route.Route{Kind: route.Workspaces, Region: s.region}),
		}}}
	}
	sec := section{
		title: env.With("overview.steps.of", message.Args{"Workspace": c.Workspace}),
		note:  env.With("overview.steps.done", message.Args{"Done": c.Done(), "All": len(c.Steps)}),
	}
	next, open := c.Next()
	for i, step := range c.Steps {
		sec.rows = append(sec.rows, row{
			draw: func(l *paint.Line) {
				sign, role := env.Theme.Glyphs.Check, theme.Good
				if !step.Done() {
					sign, role = env.Theme.Glyphs.Circle, theme.Warning
				}
				l.Text(role, sign).Gap(1).Cell(theme.Faint, strconv.Itoa(i+1), 2, paint.Left).
					Cell(theme.Text, env.Text("overview.step."+string(step.Step)), 24, paint.Left).Gap(1)
				if step.Done() {
					l.Text(theme.Muted, widget.Grouped(step.Count))
					return
				}
				l.Text(theme.Warning, env.Text("overview.missing."+string(step.Step)+"."+string(step.Missing)))
				if open && step == next {
					l.Gap(2).Text(theme.Key, "n").Gap(1).Text(theme.KeyTitle, env.Text("overview.do."+string(step.Step)))
				}
			},
			open: func() []screen.Event { return s.do(c, step) },
		})
	}
	return sec
}

// attention is what ends, is full or nearly so.
func (s *Overview) attention() section {
	env := s.env
	sec := section{title: env.Text("overview.attention")}
	for _, a := range s.loaded.overview.Attention {
		at := route.Route{Kind: route.Regions}
		switch a.Kind {
		case core.KindGroup, core.KindLoad:
			at = route.Route{Kind: route.Group, Region: a.Region, Item: a.Name}
		case core.KindRequests:
			at = route.Route{Kind: route.Requests, Item: route.ViewToDecide}
		case core.KindAnswer:
			at = route.Route{Kind: route.Request, Item: a.Name}
		case core.KindEdition, core.KindAlerts:
		}
		sec.rows = append(sec.rows, row{
			draw: func(l *paint.Line) {
				l.Text(loudness(a), env.Theme.Glyphs.Warn).Gap(1).Cell(theme.Text, env.Say.Say(a.Words(env.Until(a.At))), l.Room()-16, paint.Left).Gap(1).Text(theme.Muted, a.Region)
			},
			open: leads(at),
		})
	}
	return sec
}

// loudness is how much something that needs attention stands out.
func loudness(a core.Attention) theme.Role {
	switch {
	case a.Urgent:
		return theme.Danger
	case a.Kind == core.KindAnswer, a.Kind == core.KindAlerts && a.Used*5 < a.Size*4:
		return theme.Muted
	}
	return theme.Warning
}

// ending are the viewer's own roles that end soon.
func (s *Overview) ending() section {
	env := s.env
	sec := section{title: env.Text("overview.ending")}
	for _, e := range s.loaded.ending {
		to := route.Route{Kind: route.Members, Region: e.Region, Workspace: e.WorkspaceName}
		switch e.Grant {
		case fault.GrantPolicy:
			to = route.Route{Kind: route.Policy, Item: e.Name}
		case fault.GrantTenantRole:
			to = route.Route{Kind: route.TenantMembers, Region: e.Region}
		case fault.GrantWorkspaceRole:
		}
		sec.rows = append(sec.rows, row{
			draw: func(l *paint.Line) {
				l.Cell(theme.Warning, env.Until(&e.Until), 17, paint.Left).Gap(1).Cell(theme.Text, env.EndingRole(e), 28, paint.Left).Gap(1).
					Text(theme.Muted, env.EndingAt(e))
			},
			open: leads(to),
		})
	}
	return sec
}

// used are the workspaces that the viewer was in most.
func (s *Overview) used() section {
	env := s.env
	sec := section{title: env.Text("overview.used"), note: env.With("overview.used.days", message.Args{"Days": core.VisitDays})}
	for _, c := range s.loaded.overview.Checklists {
		if c.Visits == 0 {
			continue
		}
		sec.rows = append(sec.rows, row{
			draw: func(l *paint.Line) {
				l.Cell(theme.Text, c.Workspace, 28, paint.Left).Gap(1).Cell(theme.Muted, c.Region, 16, paint.Left).Gap(1).
					Cell(theme.Muted, env.With("overview.visits", message.Args{"Count": c.Visits}), 10, paint.Left).Gap(1)
				if done := c.Done(); done < len(c.Steps) {
					l.Text(theme.Warning, env.With("overview.steps.done", message.Args{"Done": done, "All": len(c.Steps)}))
				}
			},
			open: leads(route.Route{Kind: route.Details, Region: c.Region, Workspace: c.Workspace}),
		})
	}
	return sec
}

// uses are the core use cases, as links into the platform for the workspace whose steps are shown.
func (s *Overview) uses() section {
	env := s.env
	c, ok := s.checklist()
	if !ok {
		return section{}
	}
	sec := section{title: env.Text("overview.uses"), note: c.Workspace}
	unset := 0
	for _, use := range core.UseCases() {
		if !slices.ContainsFunc(s.loaded.links, func(l workspace.Link) bool { return l.Module == use.Module && l.URL != "" }) {
			unset++
			continue
		}
		sec.rows = append(sec.rows, row{
			draw: func(l *paint.Line) {
				l.Cell(theme.Text, env.Text("overview.use."+use.ID), 28, paint.Left).Gap(1).Text(theme.Muted, env.Text("module."+use.Module))
			},
			open: func() []screen.Event { return env.GoTo(c.Region, c.Workspace, use.Module) },
		})
	}
	if unset > 0 {
		sec.rows = append(sec.rows, row{draw: func(l *paint.Line) {
			l.Text(theme.Muted, env.With("overview.uses.unset", message.Args{"Count": unset}))
		}})
	}
	return sec
}

// places are the regions.
func (s *Overview) places() section {
	env := s.env
	sec := section{title: env.Text("overview.regions")}
	for _, r := range s.loaded.regions {
		count := env.With("region.workspaces", message.Args{"Count": r.Workspaces})
		sec.rows = append(sec.rows, row{
			draw: func(l *paint.Line) {
				l.Cell(theme.Text, r.ID, 20, paint.Left).Gap(1).Cell(theme.Accent, env.Text("edition."+string(r.Edition)), 14, paint.Left).
					Text(theme.Muted, count)
			},
			open: leads(route.Route{Kind: route.Workspaces, Region: r.ID}),
		})
	}
	return sec
}

// changes are the latest entries of the audit.
func (s *Overview) changes() section {
	env := s.env
	sec := section{title: env.Text("overview.latest")}
	for _, e := range s.loaded.entries {
		role := theme.Text
		if e.Outcome == chain.Denied {
			role = theme.Danger
		}
		where := e.Region
		if e.Workspace != "" {
			where += "/" + e.Workspace
		}
		sec.rows = append(sec.rows, row{
			draw: func(l *paint.Line) {
				l.Cell(theme.Muted, env.Ago(e.At), 11, paint.Left).Gap(1).Cell(theme.Text, e.Actor, 12, paint.Left).Gap(1).
					Cell(role, e.Action, 21, paint.Left).Gap(1)
				rest := l.Room() - 1
				l.Cell(theme.Text, e.Target, rest/2, paint.Left).Gap(1).Text(theme.Muted, where)
			},
			open: leads(route.Route{Kind: route.Entry, Item: strconv.FormatInt(e.Seq, 10)}),
		})
	}
	if len(sec.rows) == 0 {
		sec.rows = []row{{draw: func(l *paint.Line) { l.Text(theme.Muted, env.Text("audit.empty")) }}}
	}
	return sec
}

// news is what is new in the newest version of the program.
func (s *Overview) news() section {
	env := s.env
	if len(env.Releases) == 0 {
		return section{}
	}
	r := env.Releases[0]
	sec := section{title: env.With("overview.news", message.Args{"Version": r.Version}), note: r.Date}
	for _, note := range r.In(env.Say.Language()) {
		for _, line := range paint.Wrap(note, 90) {
			sec.rows = append(sec.rows, row{draw: func(l *paint.Line) { l.Text(theme.Muted, line) }})
		}
	}
	return sec
}
