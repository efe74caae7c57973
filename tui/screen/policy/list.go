// Package policy is the screens of the console plane: the policies and to whom they are attached.
package policy

import (
	"context"
	"strconv"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
	core "reeve/core/policy"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// List is the policies of the tenant, system ones first.
type List struct {
	*screen.List[core.Policy]
	acts
}

// NewList makes the screen.
func NewList(env *screen.Env, at route.Route) *List {
	s := &List{acts: acts{env: env}}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[core.Policy]{
		Name: "policies",
		Columns: []widget.Column{
			{ID: "name", Title: title("policy"), Min: 20, Ideal: 29, Flex: 2},
			{ID: "type", Title: title("type"), Min: 8, Ideal: 9},
			{ID: "attached", Title: title("attached"), Min: 8, Ideal: 9, Align: paint.Right, NoMatch: true},
			{ID: "statements", Title: title("statements"), Min: 10, Ideal: 11, Align: paint.Right, Priority: 2, NoMatch: true},
			{ID: "denies", Title: title("denies"), Min: 8, Ideal: 8, Align: paint.Right, Priority: 2, NoMatch: true},
			{ID: "modified", Title: title("modified"), Min: 18, Ideal: 24, Flex: 1, Priority: 3, NoMatch: true},
		},
		Sortable: []string{"name", "type"},
		Fields:   []string{"type", "name"},
		Cells:    s.fill,
		ID:       func(p core.Policy) int64 { return int64(p.ID) },
		Label:    func(p core.Policy) string { return p.Name },
		Load:     screen.Short(func(ctx context.Context) ([]core.Policy, error) { return env.Policies.List(ctx) }, s.field),
		Record:   func(p core.Policy) any { return p },
	}, at.Query)
	return s
}

func (s *List) kind(p core.Policy) string {
	if p.System {
		return s.env.Text("policy.system")
	}
	return s.env.Text("role.custom")
}

func (s *List) fill(env *screen.Env, p core.Policy, cells []widget.Cell) {
	denies := 0
	for _, st := range p.Statements {
		if st.Deny {
			denies++
		}
	}
	kind, modified := widget.Cell{Text: s.kind(p), Role: theme.Faint}, widget.Cell{Text: env.Text("role.fixed"), Role: theme.Faint}
	if !p.System {
		kind.Role = theme.Accent
		modified = widget.Cell{Text: env.Ago(p.ModifiedAt) + " · " + p.ModifiedBy, Role: theme.Muted}
	}
	cells[0], cells[1] = widget.Cell{Text: p.Name}, kind
	cells[2] = widget.Cell{Text: strconv.Itoa(p.Attached)}
	cells[3] = widget.Cell{Text: strconv.Itoa(len(p.Statements)), Role: theme.Muted}
	cells[4] = widget.Cell{Text: strconv.Itoa(denies), Role: theme.Muted}
	if denies > 0 {
		cells[4].Role = theme.Warning
	}
	cells[5] = modified
}

func (s *List) field(p core.Policy, name string) string {
	switch name {
	case "name":
		return p.Name
	case "type":
		return s.kind(p)
	}
	return p.Name + " " + s.kind(p)
}

// Title implements screen.Screen.
func (s *List) Title() string { return s.env.Text("tab.policies") }

// Scopes implements screen.Screen.
func (s *List) Scopes() []action.Scope {
	return []action.Scope{action.ScopePolicies, action.ScopeLists}
}

// Verdict implements screen.Screen.
func (s *List) Verdict(id action.ID) control.Verdict {
	switch id {
	case action.PolicyUpdate, action.PolicyDelete, action.PolicyAttach, action.PolicyDetach, action.PolicySimulate:
		p, ok := s.Selected()
		if !ok {
			return control.Impossible("list.no_row", nil)
		}
		return s.verdict(id, p)
	}
	return s.List.Verdict(id)
}

// Act implements screen.Screen.
func (s *List) Act(id action.ID) []screen.Event {
	if id == action.PolicyCreate {
		return s.create()
	}
	if p, ok := s.Selected(); ok {
		if id == action.Open {
			return []screen.Event{screen.Open{Route: route.Route{Kind: route.Policy, Item: p.Name}}}
		}
		if events := s.one(id, p); events != nil {
			return events
		}
	}
	events, _ := s.List.Act(id)
	return events
}

// verdict on an act that is done to one policy, beyond what the viewer's standing allows.
func (a acts) verdict(id action.ID, p core.Policy) control.Verdict {
	switch {
	case p.System && (id == action.PolicyUpdate || id == action.PolicyDelete):
		return control.Impossible("policy.fixed", message.Args{"Name": p.Name})
	case p.Attached == 0 && id == action.PolicyDetach:
		return control.Impossible("policy.nowhere", message.Args{"Name": p.Name})
	}
	return control.Possible()
}

var (
	_ screen.Screen = (*List)(nil)
)
