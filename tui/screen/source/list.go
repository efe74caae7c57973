// Package source is the screen of the data sources of a workspace: how each is reached from development and from production,
// and whether it was when somebody last tried.
package source

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
	core "reeve/core/source"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// List is the data sources of a workspace.
type List struct {
	*screen.List[core.Source]
	env *screen.Env
	ref control.Ref
}

// NewList makes the screen.
func NewList(env *screen.Env, at route.Route) *List {
	s := &List{env: env, ref: control.Ref{Region: at.Region, Workspace: at.Workspace}}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[core.Source]{
		Name: "sources-" + at.Workspace,
		Columns: []widget.Column{
			{ID: "name", Title: title("source"), Min: 14, Ideal: 24, Flex: 1},
			{ID: "type", Title: title("type"), Min: 10, Ideal: 12},
			{ID: "dev", Title: title("dev"), Min: 13, Ideal: 15, NoMatch: true},
			{ID: "prod", Title: title("prod"), Min: 13, Ideal: 15, NoMatch: true},
			{ID: "where", Title: title("where"), Min: 16, Ideal: 34, Flex: 1, Priority: 2},
			{ID: "modified", Title: title("modified"), Min: 12, Ideal: 14, Priority: 4, NoMatch: true},
		},
		Sortable: []string{"name", "type"},
		Fields:   []string{"name", "type", "where"},
		Cells:    fill,
		ID:       func(one core.Source) int64 { return int64(one.ID) },
		Label:    func(one core.Source) string { return one.Name },
		Load: screen.Short(func(ctx context.Context) ([]core.Source, error) { return env.Sources.List(ctx, s.ref) },
			func(one core.Source, name string) string { return field(one, name) }),
		Empty: func() widget.Empty {
			return widget.Empty{Title: env.Text("sources.empty"), Purpose: env.Text("sources.empty.purpose"),
				Keys: []widget.FooterKey{{Key: "a", Title: env.Text("action.source.add.short")}}}
		},
		Record: func(one core.Source) any { return one },
	}, at.Query)
	return s
}

func fill(env *screen.Env, one core.Source, cells []widget.Cell) {
	cells[0], cells[1] = widget.Cell{Text: one.Name}, widget.Cell{Text: one.Type, Role: theme.Muted}
	for i, e := range core.Environments() {
		text, role := state(env, one, e)
		cells[2+i] = widget.Cell{Text: text, Role: role}
	}
	cells[4] = widget.Cell{Text: where(one), Role: theme.Muted}
	cells[5] = widget.Cell{}
	for _, c := range one.Connections {
		cells[5] = widget.Cell{Text: env.Ago(c.ModifiedAt), Role: theme.Muted}
	}
}

// state is what the last test of an environment came to.
func state(env *screen.Env, one core.Source, e core.Environment) (string, theme.Role) {
	switch c, there := one.In(e); {
	case !there:
		return env.Text("source.none"), theme.Faint
	case c.Tested == nil:
		return env.Text("source.untested"), theme.Muted
	case c.Tested.Connected:
		return env.Text("source.connected"), theme.Good
	}
	return env.Text("source.not_connected"), theme.Danger
}

// where is how production is reached, or the only environment there is: what stands in the properties that say it.
func where(one core.Source) string {
	c, there := one.In(core.Prod)
	if !there {
		c, _ = one.In(core.Dev)
	}
	for _, name := range []string{"address", "jdbcUrl", "endpoint", "host"} {
		if v := c.Properties[name]; v != "" {
			return v
		}
	}
	return ""
}

func field(one core.Source, name string) string {
	switch name {
	case "name":
		return one.Name
	case "type":
		return one.Type
	case "where":
		return where(one)
	}
	return one.Name + " " + one.Type + " " + where(one)
}

// Title implements screen.Screen.
func (s *List) Title() string { return s.env.Text("tab.sources") }

// Scopes implements screen.Screen.
func (s *List) Scopes() []action.Scope { return []action.Scope{action.ScopeSources, action.ScopeLists} }

// Verdict implements screen.Screen.
func (s *List) Verdict(id action.ID) control.Verdict {
	switch id {
	case action.SourceShow, action.SourceUpdate, action.SourceTest, action.SourceDelete:
		if _, ok := s.Selected(); !ok {
			return control.Impossible("list.no_row", nil)
		}
		return control.Possible()
	}
	return s.List.Verdict(id)
}

// Act implements screen.Screen.
func (s *List) Act(id action.ID) []screen.Event {
	if id == action.SourceAdd {
		return s.add()
	}
	if one, ok := s.Selected(); ok {
		switch id {
		case action.Open, action.SourceShow:
			return []screen.Event{screen.Show{Overlay: s.card(one)}}
		case action.SourceUpdate:
			return s.update(one)
		case action.SourceTest:
			return s.test(one)
		case action.SourceDelete:
			return s.delete(one)
		}
	}
	events, _ := s.List.Act(id)
	return events
}

// card shows the connections of a source, each with its last test.
func (s *List) card(one core.Source) screen.Overlay {
	return &screen.Pages{Title: one.Name, Note: one.Type, Width: 84, Lines: func(th *theme.Theme, w int) []string {
		var lines []string
		for _, c := range one.Connections {
			lines = append(lines, s.connection(th, w, one, c)...)
		}
		return append(lines, note(th, w, s.env.Text("source.test.from"))...)
	}}
}

func (s *List) connection(th *theme.Theme, w int, one core.Source, c core.Connection) []string {
	env := s.env
	said, role := state(env, one, c.Environment)
	if c.Tested != nil {
		said += ", " + env.Ago(c.Tested.At) + ", " + c.Tested.By
	}
	lines := []string{paint.NewLine(th, w).Text(theme.Title, env.Text("source.env."+string(c.Environment))).Right(role, said).String()}
	for _, name := range slices.Sorted(maps.Keys(c.Properties)) {
		for i, part := range paint.Wrap(c.Properties[name], max(8, w-18)) {
			if i > 0 {
				name = ""
			}
			lines = append(lines, paint.NewLine(th, w).Cell(theme.Muted, name, 18, paint.Left).Text(theme.Text, part).String())
		}
	}
	lines = append(lines, note(th, w, c.Description)...)
	if c.Tested != nil {
		lines = append(lines, stages(env, th, w, *c.Tested)...)
	}
	return append(lines, paint.Empty(w))
}

func stages(env *screen.Env, th *theme.Theme, w int, t core.Test) []string {
	var lines []string
	for _, stage := range t.Stages {
		said, role := env.Text("source.stage.failed"), theme.Danger
		if stage.OK {
			said, role = env.Text("source.stage.done"), theme.Good
		}
		lines = append(lines, paint.NewLine(th, w).Cell(role, said, 8, paint.Left).Cell(theme.Text, env.Text("source.stage."+stage.Name), 9, paint.Left).
			Text(theme.Text, stage.Target).Right(theme.Faint, strconv.FormatInt(stage.Milliseconds, 10)+" ms").String())
		if stage.Evidence != "" {
			for _, part := range paint.Wrap(stage.Evidence, max(8, w-8)) {
				lines = append(lines, paint.NewLine(th, w).Gap(8).Text(theme.Muted, part).String())
			}
		}
	}
	return lines
}

func note(th *theme.Theme, w int, s string) []string {
	var lines []string
	for _, part := range paint.Wrap(strings.TrimSpace(s), w) {
		if part != "" {
			lines = append(lines, paint.NewLine(th, w).Text(theme.Muted, part).String())
		}
	}
	return lines
}

// test tries to reach the source and shows what came of it.
func (s *List) test(one core.Source) []screen.Event {
	env := s.env
	return []screen.Event{screen.Run("test", env.With("source.testing", message.Args{"Name": one.Name}), func(ctx context.Context) (core.Source, error) {
		return env.Sources.Test(ctx, s.ref, one.Name, "")
	}, func(after core.Source, err error) []screen.Event {
		if err != nil {
			return env.Fail(err)
		}
		box := s.card(after)
		return append(s.Refresh(), screen.Show{Overlay: box})
	})}
}

var _ screen.Screen = (*List)(nil)
