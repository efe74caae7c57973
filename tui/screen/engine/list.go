// Package engine is the screen of the compute engines of a workspace: which are bound, and through what the roles and members
// of the workspace get rights in them.
package engine

import (
	"context"
	"strconv"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	core "reeve/core/engine"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// List is the engines of a workspace.
type List struct {
	*screen.List[core.Engine]
	env *screen.Env
	ref control.Ref
}

// NewList makes the screen.
func NewList(env *screen.Env, at route.Route) *List {
	s := &List{env: env, ref: control.Ref{Region: at.Region, Workspace: at.Workspace}}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[core.Engine]{
		Name: "engines-" + at.Workspace,
		Columns: []widget.Column{
			{ID: "name", Title: title("engine"), Min: 14, Ideal: 22, Flex: 1},
			{ID: "type", Title: title("type"), Min: 11, Ideal: 12},
			{ID: "rights", Title: title("rights"), Min: 20, Ideal: 32, Flex: 1, Priority: 2, NoMatch: true},
			{ID: "dev", Title: title("dev_identity"), Min: 14, Ideal: 16, Priority: 4},
			{ID: "prod", Title: title("prod_identity"), Min: 15, Ideal: 16, Priority: 3},
			{ID: "mappings", Title: title("mappings"), Min: 9, Ideal: 9, Align: paint.Right, Priority: 1, NoMatch: true},
		},
		Sortable: []string{"name", "type"},
		Fields:   []string{"name", "type"},
		Cells:    fill,
		ID:       func(e core.Engine) int64 { return int64(e.ID) },
		Label:    func(e core.Engine) string { return e.Name },
		Load:     screen.Short(func(ctx context.Context) ([]core.Engine, error) { return env.Engines.List(ctx, s.ref) }, field),
		Empty: func() widget.Empty {
			return widget.Empty{Title: env.Text("engines.empty"), Purpose: env.Text("engines.empty.purpose"),
				Keys: []widget.FooterKey{{Key: "a", Title: env.Text("action.engine.add.short")}}}
		},
		Record: func(e core.Engine) any { return e },
	}, at.Query)
	return s
}

func fill(env *screen.Env, e core.Engine, cells []widget.Cell) {
	code := core.TypeCode(e.Type)
	cells[0], cells[1] = widget.Cell{Text: e.Name}, widget.Cell{Text: env.Text("engine.type." + code), Role: theme.Muted}
	cells[2] = widget.Cell{Text: env.Text("engine.rights." + code), Role: theme.Muted}
	cells[3], cells[4] = widget.Cell{Text: e.DevIdentity, Role: theme.Muted}, widget.Cell{Text: e.ProdIdentity, Role: theme.Muted}
	cells[5] = widget.Cell{Text: strconv.Itoa(len(e.Roles) + len(e.Accounts)), Role: theme.Muted}
}

func field(e core.Engine, name string) string {
	switch name {
	case "name":
		return e.Name
	case "type":
		return core.TypeCode(e.Type)
	}
	return e.Name + " " + core.TypeCode(e.Type) + " " + e.DevIdentity + " " + e.ProdIdentity
}

// Title implements screen.Screen.
func (s *List) Title() string { return s.env.Text("tab.engines") }

// Scopes implements screen.Screen.
func (s *List) Scopes() []action.Scope { return []action.Scope{action.ScopeEngines, action.ScopeLists} }

// Verdict implements screen.Screen.
func (s *List) Verdict(id action.ID) control.Verdict {
	switch id {
	case action.EngineMapRole, action.EngineMapAccount, action.EngineSetIdentity, action.EngineRemove:
		e, ok := s.Selected()
		switch {
		case !ok:
			return control.Impossible("list.no_row", nil)
		case id == action.EngineMapRole && e.Type != access.MaxCompute:
			return control.Impossible("engine.no_roles", message.Args{"Name": e.Name})
		case id == action.EngineMapAccount && e.Type != access.EMR && e.Type != access.CDH:
			return control.Impossible("engine.no_accounts", message.Args{"Name": e.Name})
		}
		return control.Possible()
	}
	return s.List.Verdict(id)
}

// Act implements screen.Screen.
func (s *List) Act(id action.ID) []screen.Event {
	if id == action.EngineAdd {
		return s.add()
	}
	if e, ok := s.Selected(); ok {
		switch id {
		case action.Open:
			return []screen.Event{screen.Show{Overlay: s.card(e)}}
		case action.EngineMapRole:
			return s.mapRole(e)
		case action.EngineMapAccount:
			return s.mapAccount(e)
		case action.EngineSetIdentity:
			return s.setIdentities(e)
		case action.EngineRemove:
			return s.remove(e)
		}
	}
	events, _ := s.List.Act(id)
	return events
}

// card shows the mappings of one engine.
func (s *List) card(e core.Engine) screen.Overlay {
	env := s.env
	return &screen.Pages{Title: e.Name, Note: env.Text("engine.type." + core.TypeCode(e.Type)), Width: 84, Lines: func(th *theme.Theme, w int) []string {
		var lines []string
		row := func(left, right string, role theme.Role) {
			lines = append(lines, paint.NewLine(th, w).Cell(theme.Text, left, 30, paint.Left).Text(theme.Faint, th.Glyphs.Arrow).Gap(1).Text(role, right).String())
		}
		for _, line := range paint.Wrap(env.Text("engine.rights."+core.TypeCode(e.Type)), w) {
			lines = append(lines, paint.NewLine(th, w).Text(theme.Muted, line).String())
		}
		lines = append(lines, paint.Empty(w))
		for _, m := range e.Roles {
			name, role := m.Name, theme.Accent
			if m.Fixed() {
				name, role = env.Text("role."+m.Code), theme.Muted
			}
			row(name, m.EngineRole, role)
		}
		for _, m := range e.Accounts {
			row(m.User, m.Account, theme.Accent)
		}
		return lines
	}}
}

var _ screen.Screen = (*List)(nil)
