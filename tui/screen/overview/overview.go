// Package overview is the first screen: where one is, what is there, and what changed lately.
package overview

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/core/action"
	"reeve/core/audit"
	"reeve/core/audit/chain"
	"reeve/core/control"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/message"
	"reeve/core/region"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
)

// latest is how many changes are shown at most.
const latest = 30

// Overview is the screen.
type Overview struct {
	env     *screen.Env
	region  string
	regions []region.Region
	counts  []string // of the workspaces of each region, in words
	entries []chain.Entry
	ending  []member.Ending
	loaded  bool
	failed  error
	cursor  int

	// words are the box of the latest changes as it was put into words last, for what worded says.
	words  []string
	worded worded
}

// worded is what the lines of the latest changes depend on.
type worded struct {
	w, rows int
	theme   *theme.Theme
	exact   bool
	minute  int64
}

type loaded struct {
	regions []region.Region
	entries []chain.Entry
	ending  []member.Ending
}

// soon is how long before their end one's own roles are announced.
const soon = 14 * 24 * time.Hour

// New makes the screen; the region is the one that one is in.
func New(env *screen.Env, region string) *Overview { return &Overview{env: env, region: region} }

// Start implements screen.Screen.
func (s *Overview) Start() []screen.Event { return s.Refresh() }

// Refresh implements screen.Screen.
func (s *Overview) Refresh() []screen.Event {
	env := s.env
	return []screen.Event{screen.Run("overview", "", func(ctx context.Context) (l loaded, err error) {
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
		l.entries = page.Items
		if err == nil {
			l.ending, err = env.Members.EndingOwn(ctx, soon)
		}
		return l, err
	}, func(l loaded, err error) []screen.Event {
		if s.failed = err; err == nil {
			s.regions, s.entries, s.ending, s.loaded = l.regions, l.entries, l.ending, true
			s.words, s.counts = nil, nil
			for _, r := range s.regions {
				s.counts = append(s.counts, env.With("region.workspaces", message.Args{"Count": r.Workspaces}))
			}
			s.cursor = max(0, min(s.cursor, len(s.regions)-1))
		}
		return []screen.Event{screen.Changed{}}
	})}
}

// Title implements screen.Screen.
func (s *Overview) Title() string { return s.env.Text("nav.overview") }

// Scopes implements screen.Screen.
func (s *Overview) Scopes() []action.Scope { return []action.Scope{action.ScopeOverview} }

// Verdict implements screen.Screen.
func (s *Overview) Verdict(action.ID) control.Verdict { return control.Possible() }

// Act implements screen.Screen.
func (s *Overview) Act(id action.ID) []screen.Event {
	if id == action.OverviewOpen && s.cursor < len(s.regions) {
		return []screen.Event{screen.Open{Route: route.Route{Kind: route.Workspaces, Region: s.regions[s.cursor].ID}}}
	}
	return nil
}

// Key implements screen.Screen.
func (s *Overview) Key(k tea.KeyPressMsg) ([]screen.Event, bool) {
	switch k.String() {
	case "up", "k":
		s.cursor--
	case "down", "j":
		s.cursor++
	default:
		return nil, false
	}
	s.cursor = max(0, min(s.cursor, len(s.regions)-1))
	return nil, true
}

// View implements screen.Screen.
func (s *Overview) View(w, h int) string {
	env, th := s.env, s.env.Theme
	if s.failed != nil && !s.loaded {
		return env.ErrorBox(s.failed, w, h)
	}
	if !s.loaded {
		return env.Loading(w, h)
	}
	lines := paint.Lines(paint.Box(th, env.Text("overview.regions"), "", s.regionLines(w-6), w-2))
	if len(s.ending) > 0 {
		lines = append(lines, paint.Empty(w))
		lines = append(lines, paint.Lines(paint.Box(th, env.Text("overview.ending"), "", s.endingLines(w-6), w-2))...)
	}
	if free := h - len(lines) - 3; free > 0 {
		return paint.Sized(slices.Concat(indented(lines), []string{paint.Empty(w)}, s.changes(w, free)), w, h)
	}
	return paint.Sized(indented(lines), w, h)
}

func (s *Overview) regionLines(w int) []string {
	env, th := s.env, s.env.Theme
	var lines []string
	for i, r := range s.regions {
		l := paint.NewLine(th, w)
		if i == s.cursor {
			l.On(theme.Selected).Text(theme.Bar, th.Glyphs.Bar)
		} else {
			l.Gap(1)
		}
		l.Gap(1).Cell(theme.Text, r.ID, 20, paint.Left).Gap(1).Cell(theme.Muted, r.English, max(10, min(34, w-60)), paint.Left).Gap(1).
			Cell(theme.Accent, env.Text("edition."+string(r.Edition)), 14, paint.Left).
			Text(theme.Muted, s.counts[i])
		if i == s.cursor {
			l.Fill(theme.Blank, " ")
		}
		lines = append(lines, l.String())
	}
	return lines
}

func (s *Overview) endingLines(w int) []string {
	var lines []string
	for _, e := range s.ending {
		lines = append(lines, paint.NewLine(s.env.Theme, w).Cell(theme.Warning, s.env.Until(&e.Until), 17, paint.Left).Gap(1).
			Cell(theme.Text, s.env.EndingRole(e), 28, paint.Left).Gap(1).Text(theme.Muted, e.Region+"/"+e.WorkspaceName).String())
	}
	return lines
}

func indented(lines []string) []string {
	for i := range lines {
		lines[i] = " " + lines[i]
	}
	return lines
}

// changes is the box of the latest changes, of at most so many rows.
func (s *Overview) changes(w, rows int) []string {
	now := worded{w: w, rows: rows, theme: s.env.Theme, exact: s.env.Exact, minute: s.env.Now().Unix() / 60}
	if s.words == nil || s.worded != now {
		entries := s.sayEntries(w - 6)
		box := paint.Box(s.env.Theme, s.env.Text("overview.latest"), "", entries[:min(len(entries), rows)], w-2)
		s.words, s.worded = indented(paint.Lines(box)), now
	}
	return s.words
}

func (s *Overview) sayEntries(w int) []string {
	env, th := s.env, s.env.Theme
	if len(s.entries) == 0 {
		return []string{paint.NewLine(th, w).Text(theme.Muted, env.Text("audit.empty")).String()}
	}
	var lines []string
	for _, e := range s.entries {
		role := theme.Text
		if e.Outcome == chain.Denied {
			role = theme.Danger
		}
		where := e.Region
		if e.Workspace != "" {
			where += "/" + e.Workspace
		}
		l := paint.NewLine(th, w).Cell(theme.Muted, env.Ago(e.At), 11, paint.Left).Gap(1).Cell(theme.Text, e.Actor, 12, paint.Left).Gap(1).
			Cell(role, e.Action, 21, paint.Left).Gap(1)
		rest := l.Room() - 1
		lines = append(lines, l.Cell(theme.Text, e.Target, rest/2, paint.Left).Gap(1).Text(theme.Muted, where).String())
	}
	return lines
}

var (
	_ screen.Screen = (*Overview)(nil)
)
