// Package point is the screen of the permission points of the built-in roles: a table to read, finer than the levels that
// decide.
package point

import (
	"context"
	"hash/fnv"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/question"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// List is the points against the built-in roles.
type List struct {
	*screen.List[question.Point]
	env *screen.Env
}

// New makes the screen.
func New(env *screen.Env, at route.Route) *List {
	s := &List{env: env}
	columns := []widget.Column{
		{ID: "module", Title: env.Text("column.module"), Min: 18, Ideal: 22, Priority: 9},
		{ID: "point", Title: env.Text("column.point"), Min: 30, Ideal: 40, Flex: 1},
	}
	for i, code := range env.Points.Roles {
		columns = append(columns, widget.Column{ID: code, Title: env.Text("role.short." + code), Min: 7, Ideal: 7, Align: paint.Center, Priority: 1 + i/4, NoMatch: true})
	}
	s.List = screen.NewList(env, screen.Spec[question.Point]{
		Name: "permissions", Columns: columns, Sortable: []string{"module", "point"}, Fields: []string{"module", "point"},
		Cells: fill,
		ID: func(p question.Point) int64 {
			h := fnv.New32a()
			_, _ = h.Write([]byte(p.Module + "/" + p.Name))
			return int64(h.Sum32())
		},
		Label: func(p question.Point) string { return p.Name },
		Load: screen.Short(func(ctx context.Context) ([]question.Point, error) {
			// The points are the same everywhere; a workspace that is not there has none all the same.
			_, err := env.Workspaces.Get(ctx, control.Ref{Region: at.Region, Workspace: at.Workspace})
			if fault.KindOf(err) == fault.KindNotFound {
				return nil, err
			}
			return append([]question.Point(nil), env.Points.Points...), nil
		}, field),
		Record: func(p question.Point) any { return s.record(p) },
	}, at.Query)
	return s
}

func fill(env *screen.Env, p question.Point, cells []widget.Cell) {
	cells[0], cells[1] = widget.Cell{Text: p.Module, Role: theme.Muted}, widget.Cell{Text: p.Name}
	for i, tick := range p.Ticks {
		switch tick {
		case question.Yes:
			cells[2+i] = widget.Cell{Text: env.Theme.Glyphs.Check, Role: theme.Good}
		case question.No:
			cells[2+i] = widget.Cell{Text: env.Theme.Glyphs.Speck, Role: theme.Faint}
		case question.Unknown:
			cells[2+i] = widget.Cell{Text: "?", Role: theme.Warning}
		}
	}
}

func (s *List) record(p question.Point) map[string]string {
	out := map[string]string{"module": p.Module, "point": p.Name}
	for i, code := range s.env.Points.Roles {
		out[code] = p.Ticks[i].String()
	}
	return out
}

func field(p question.Point, name string) string {
	switch name {
	case "module":
		return p.Module + " " + p.ModuleZH
	case "point":
		return p.Name + " " + p.NameZH
	}
	return p.Module + " " + p.ModuleZH + " " + p.Name + " " + p.NameZH
}

// Title implements screen.Screen.
func (s *List) Title() string { return s.env.Text("tab.permissions") }

// Scopes implements screen.Screen.
func (s *List) Scopes() []action.Scope { return []action.Scope{action.ScopePoints, action.ScopeLists} }

// Verdict implements screen.Screen.
func (s *List) Verdict(id action.ID) control.Verdict { return s.List.Verdict(id) }

// Act implements screen.Screen.
func (s *List) Act(id action.ID) []screen.Event {
	if id == action.Open {
		if p, ok := s.Selected(); ok {
			return []screen.Event{screen.Show{Overlay: s.card(p)}}
		}
	}
	events, _ := s.List.Act(id)
	return events
}

// card says of one point who has it, role by role, and what that rests on.
func (s *List) card(p question.Point) screen.Overlay {
	env := s.env
	return &screen.Pages{Title: p.Name, Note: p.Module, Width: 72, Lines: func(th *theme.Theme, w int) []string {
		lines := []string{paint.NewLine(th, w).Text(theme.Muted, p.ModuleZH+"  "+p.NameZH).String(), paint.Empty(w)}
		for i, code := range env.Points.Roles {
			role := theme.Faint
			switch p.Ticks[i] {
			case question.Yes:
				role = theme.Good
			case question.Unknown:
				role = theme.Warning
			case question.No:
			}
			lines = append(lines, paint.NewLine(th, w).Cell(theme.Text, env.Text("role."+code), 30, paint.Left).Text(role, env.Text("tick."+p.Ticks[i].String())).String())
		}
		lines = append(lines, paint.Empty(w), paint.NewLine(th, w).Text(theme.Faint, env.Text("point.basis."+string(p.Basis))).String())
		for _, line := range paint.Wrap(env.Text("point.note"), w) {
			lines = append(lines, paint.NewLine(th, w).Text(theme.Faint, line).String())
		}
		return lines
	}}
}

var (
	_ screen.Screen = (*List)(nil)
)
