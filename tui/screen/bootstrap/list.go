// Package bootstrap is the screens of setting a workspace up in one go: the wizard that asks for the five parts, the plan they
// come to, the run that carries it out, and the runs of a region.
package bootstrap

import (
	"context"
	"strconv"

	"reeve/core/action"
	core "reeve/core/bootstrap"
	"reeve/core/control"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// List is the runs of a region.
type List struct {
	*screen.List[core.Run]
	env    *screen.Env
	region string
}

// NewList makes the screen.
func NewList(env *screen.Env, at route.Route) *List {
	s := &List{env: env, region: at.Region}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[core.Run]{
		Name: "bootstraps-" + at.Region,
		Columns: []widget.Column{
			{ID: "id", Title: title("run"), Min: 5, Ideal: 6, Align: paint.Right},
			{ID: "workspace", Title: title("workspace"), Min: 16, Ideal: 30, Flex: 1},
			{ID: "state", Title: title("status"), Min: 14, Ideal: 16},
			{ID: "steps", Title: title("steps"), Min: 7, Ideal: 8, NoMatch: true},
			{ID: "by", Title: title("by"), Min: 12, Ideal: 16, Priority: 2},
			{ID: "created", Title: title("created"), Min: 12, Ideal: 14, Priority: 3, NoMatch: true},
		},
		Sortable: []string{"workspace", "state"},
		Fields:   []string{"workspace", "state", "by"},
		Cells:    fill,
		ID:       func(r core.Run) int64 { return int64(r.ID) },
		Label:    func(r core.Run) string { return strconv.FormatInt(int64(r.ID), 10) },
		Load:     screen.Short(func(ctx context.Context) ([]core.Run, error) { return env.Bootstraps.List(ctx, s.region) }, s.field),
		Empty: func() widget.Empty {
			return widget.Empty{Title: env.Text("bootstraps.empty"), Purpose: env.Text("bootstraps.empty.purpose"),
				Keys: []widget.FooterKey{{Key: "N", Title: env.Text("action.workspace.bootstrap.short")}}}
		},
		Record: func(r core.Run) any { return r },
	}, at.Query)
	return s
}

func fill(env *screen.Env, r core.Run, cells []widget.Cell) {
	over := 0
	for _, p := range r.Steps {
		if p.Over() {
			over++
		}
	}
	state := r.State()
	cells[0], cells[1] = widget.Cell{Text: strconv.FormatInt(int64(r.ID), 10)}, widget.Cell{Text: r.Spec.Workspace.Name}
	cells[2] = widget.Cell{Text: env.Text("bootstrap.state." + string(state)), Role: stateRole(state)}
	cells[3] = widget.Cell{Text: strconv.Itoa(over) + "/" + strconv.Itoa(len(r.Steps)), Role: theme.Muted}
	cells[4], cells[5] = widget.Cell{Text: r.CreatedBy, Role: theme.Muted}, widget.Cell{Text: env.Ago(r.CreatedAt), Role: theme.Muted}
}

func (s *List) field(r core.Run, name string) string {
	state := s.env.Text("bootstrap.state." + string(r.State()))
	switch name {
	case "workspace":
		return r.Spec.Workspace.Name
	case "state":
		return state
	case "by":
		return r.CreatedBy
	}
	return r.Spec.Workspace.Name + " " + state + " " + r.CreatedBy
}

func (s *List) ask() []screen.Event {
	return []screen.Event{screen.Show{Overlay: newWizard(s.env, core.Spec{Region: s.region}, s.env.Bootstraps.Begin)}}
}

// Title implements screen.Screen.
func (s *List) Title() string { return s.env.Text("bootstraps.title") }

// Scopes implements screen.Screen.
func (s *List) Scopes() []action.Scope {
	return []action.Scope{action.ScopeBootstraps, action.ScopeLists}
}

// Verdict implements screen.Screen.
func (s *List) Verdict(id action.ID) control.Verdict {
	if id == action.BootstrapDelete {
		if _, ok := s.Selected(); !ok {
			return control.Impossible("list.no_row", nil)
		}
		return control.Possible()
	}
	return s.List.Verdict(id)
}

// Act implements screen.Screen.
func (s *List) Act(id action.ID) []screen.Event {
	if id == action.WorkspaceBootstrap {
		return s.ask()
	}
	if r, ok := s.Selected(); ok {
		switch id {
		case action.Open:
			return []screen.Event{open(r, "")}
		case action.BootstrapDelete:
			return forget(s.env, r)
		}
	}
	events, _ := s.List.Act(id)
	return events
}

var _ screen.Screen = (*List)(nil)
