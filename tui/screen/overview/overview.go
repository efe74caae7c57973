// Package overview is the first screen: how far workspaces are set up, which of them one uses most, what needs attention, what
// changed lately and what is new.
package overview

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/core/action"
	"reeve/core/audit"
	"reeve/core/audit/chain"
	"reeve/core/control"
	"reeve/core/list"
	"reeve/core/member"
	core "reeve/core/overview"
	"reeve/core/region"
	"reeve/core/workspace"
	"reeve/tui/route"
	"reeve/tui/screen"
)

// latest is how many changes are shown at most, and shown how many workspaces.
const latest, shown = 12, 8

// soon is how long before their end one's own roles are announced.
const soon = 14 * 24 * time.Hour

// Overview is the screen.
type Overview struct {
	env    *screen.Env
	region string
	loaded loaded
	ready  bool
	failed error
	// turned is the workspace whose steps are shown, as its place among the checklists.
	turned int
	board  board
}

// loaded is what the screen is made of.
type loaded struct {
	overview core.Overview
	regions  []region.Region
	entries  []chain.Entry
	ending   []member.Ending
	// links are the addresses of the modules.
	links []workspace.Link
}

// New makes the screen; the region is the one that one is in.
func New(env *screen.Env, region string) *Overview { return &Overview{env: env, region: region} }

// Start implements screen.Screen.
func (s *Overview) Start() []screen.Event { return s.Refresh() }

// Refresh implements screen.Screen.
func (s *Overview) Refresh() []screen.Event {
	return []screen.Event{screen.Run("overview", "", s.load, func(l loaded, err error) []screen.Event {
		if s.failed = err; err == nil {
			s.loaded, s.ready = l, true
			s.turned = max(0, min(s.turned, len(l.overview.Checklists)-1))
			s.board.set(s.sections())
		}
		return []screen.Event{screen.Changed{}}
	})}
}

func (s *Overview) load(ctx context.Context) (l loaded, err error) {
	env := s.env
	if l.overview, err = env.Overviews.Show(ctx, "", shown); err != nil {
		return l, err
	}
	all, err := env.Regions.List(ctx)
	if err != nil {
		return l, err
	}
	for _, r := range all {
		if r.Active {
			l.regions = append(l.regions, r)
		}
	}
	page, err := env.Audit.List(ctx, audit.Search{Query: list.Query{Limit: latest}})
	if err != nil {
		return l, err
	}
	l.entries = page.Items
	if l.ending, err = env.Members.EndingOwn(ctx, soon); err != nil {
		return l, err
	}
	l.links, err = env.Workspaces.Links(ctx)
	return l, err
}

// Title implements screen.Screen.
func (s *Overview) Title() string { return s.env.Text("nav.overview") }

// Scopes implements screen.Screen.
func (s *Overview) Scopes() []action.Scope { return []action.Scope{action.ScopeOverview} }

// Verdict implements screen.Screen.
func (s *Overview) Verdict(id action.ID) control.Verdict {
	if id == action.OverviewNext || id == action.OverviewTurn {
		c, ok := s.checklist()
		if !ok {
			return control.Impossible("overview.none", nil)
		}
		if _, open := c.Next(); !open && id == action.OverviewNext {
			return control.Impossible("overview.complete", nil)
		}
		if id == action.OverviewTurn && len(s.loaded.overview.Checklists) < 2 {
			return control.Impossible("overview.single", nil)
		}
	}
	return control.Possible()
}

// checklist is the one that is shown.
func (s *Overview) checklist() (core.Checklist, bool) {
	if s.turned >= len(s.loaded.overview.Checklists) {
		return core.Checklist{}, false
	}
	return s.loaded.overview.Checklists[s.turned], true
}

// Act implements screen.Screen.
func (s *Overview) Act(id action.ID) []screen.Event {
	switch id {
	case action.OverviewOpen:
		return s.board.open()
	case action.OverviewNext:
		if c, ok := s.checklist(); ok {
			if step, open := c.Next(); open {
				return s.do(c, step)
			}
		}
	case action.OverviewTurn:
		s.turned = (s.turned + 1) % max(1, len(s.loaded.overview.Checklists))
		s.board.set(s.sections())
		return []screen.Event{screen.Changed{}}
	case action.AlertLimit:
		return s.limitAlerts()
	}
	return nil
}

// do goes where a step is done.
func (s *Overview) do(c core.Checklist, step core.Check) []screen.Event {
	at := route.Route{Kind: route.Details, Region: c.Region, Workspace: c.Workspace}
	switch step.Step {
	case core.StepWorkspace:
	case core.StepGroup:
		at = route.Route{Kind: route.Groups, Region: c.Region}
	case core.StepMembers:
		at.Kind, at.Begin = route.Members, string(action.MemberAdd)
	case core.StepEngine:
		at.Kind, at.Begin = route.Engines, string(action.EngineAdd)
	case core.StepSource:
		at.Kind, at.Begin = route.Sources, string(action.SourceAdd)
	}
	if step.Done() || step.Missing == core.MissingTest || step.Missing == core.MissingReach {
		at.Begin = ""
	}
	return []screen.Event{screen.Open{Route: at}}
}

// Key implements screen.Screen.
func (s *Overview) Key(k tea.KeyPressMsg) ([]screen.Event, bool) {
	switch k.String() {
	case "up", "k":
		s.board.move(-1)
	case "down", "j":
		s.board.move(1)
	case "pgup":
		s.board.move(-10)
	case "pgdown":
		s.board.move(10)
	case "g", "home":
		s.board.move(-len(s.board.rows()))
	case "G", "end":
		s.board.move(len(s.board.rows()))
	default:
		return nil, false
	}
	return nil, true
}

// View implements screen.Screen.
func (s *Overview) View(w, h int) string {
	env := s.env
	if s.failed != nil && !s.ready {
		return env.ErrorBox(s.failed, w, h)
	}
	if !s.ready {
		return env.Loading(w, h)
	}
	return s.board.view(looked{w: w, theme: env.Theme, exact: env.Exact, minute: env.Now().Unix() / 60}, h)
}

var (
	_ screen.Screen = (*Overview)(nil)
)
