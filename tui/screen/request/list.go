// Package request is the screens of requests for access: the list of them, and one with what was decided.
package request

import (
	"context"
	"strconv"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/list"
	core "reeve/core/request"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// List is the requests: all that the viewer may see, those that wait for them, or their own.
type List struct {
	*screen.List[core.Request]
	acts
	view core.View
}

// NewList makes the screen; the item of the route is the view.
func NewList(env *screen.Env, at route.Route) *List {
	s := &List{acts: acts{env: env}, view: core.View(at.Item)}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[core.Request]{
		Name: "requests",
		Columns: []widget.Column{
			{ID: "id", Title: title("request"), Min: 4, Ideal: 7, Align: paint.Right, NoMatch: true},
			{ID: "user", Title: title("account"), Min: 10, Ideal: 14, Flex: 1},
			{ID: "role", Title: title("asked_for"), Min: 28, Ideal: 36, Flex: 3},
			{ID: "state", Title: title("status"), Min: 9, Ideal: 10},
			{ID: "until", Title: title("until"), Min: 10, Ideal: 18, Priority: 3, NoMatch: true},
			{ID: "asked", Title: title("asked"), Min: 9, Ideal: 11, Priority: 2, NoMatch: true},
			{ID: "because", Title: title("reason"), Min: 14, Ideal: 24, Flex: 3, Priority: 1, NoMatch: true},
		},
		Sortable: []string{"id", "user", "role", "where", "state", "asked"},
		Fields:   []string{"state", "user", "role", "where", "kind"},
		Cells:    fill,
		ID:       func(r core.Request) int64 { return int64(r.ID) },
		Label:    func(r core.Request) string { return strconv.FormatInt(int64(r.ID), 10) },
		Load: func(ctx context.Context, q list.Query) (list.Page[core.Request], error) {
			return env.Requests.List(ctx, s.view, q)
		},
		Empty: func() widget.Empty {
			return widget.Empty{Title: env.Text("requests.empty." + s.named()), Purpose: env.Text("requests.empty.purpose"),
				Keys: []widget.FooterKey{{Key: "ctrl+a", Title: env.Text("action.request.create.short")}, {Key: "o", Title: env.Text("action.request.turn.short")}}}
		},
		Record: func(r core.Request) any { return r },
	}, at.Query)
	return s
}

// named is what the messages about the view end with.
func (s *List) named() string {
	if s.view == core.All {
		return "all"
	}
	return string(s.view)
}

func fill(env *screen.Env, r core.Request, cells []widget.Cell) {
	cells[0] = widget.Cell{Text: strconv.FormatInt(int64(r.ID), 10), Role: theme.Faint}
	cells[1] = widget.Cell{Text: r.User}
	cells[2] = widget.Cell{Text: env.Say.Say(r.Words())}
	cells[3] = widget.Cell{Text: env.Text("request.state." + string(r.State)), Role: stateRole(r.State)}
	cells[4] = widget.Cell{Text: ending(env, r.End()), Role: theme.Muted}
	cells[5] = widget.Cell{Text: env.Ago(r.AskedAt), Role: theme.Muted}
	cells[6] = widget.Cell{Text: r.Why, Role: theme.Muted}
}

// Title implements screen.Screen.
func (s *List) Title() string { return s.env.Text("requests.title." + s.named()) }

// Scopes implements screen.Screen.
func (s *List) Scopes() []action.Scope {
	return []action.Scope{action.ScopeRequests, action.ScopeLists}
}

// Verdict implements screen.Screen.
func (s *List) Verdict(id action.ID) control.Verdict {
	if of(id) {
		r, ok := s.Selected()
		if !ok {
			return control.Impossible("list.no_row", nil)
		}
		return s.verdict(id, r)
	}
	return s.List.Verdict(id)
}

// views are the views in the order in which they are turned.
var views = [...]core.View{core.All, core.ToDecide, core.Own}

// Act implements screen.Screen.
func (s *List) Act(id action.ID) []screen.Event {
	if id == action.RequestTurn {
		next := core.All
		for i, v := range views {
			if v == s.view {
				next = views[(i+1)%len(views)]
			}
		}
		return []screen.Event{screen.Open{Route: route.Route{Kind: route.Requests, Item: string(next)}, Replace: true}}
	}
	if r, ok := s.Selected(); ok {
		if id == action.Open {
			return []screen.Event{screen.Open{Route: route.Route{Kind: route.Request, Item: strconv.FormatInt(int64(r.ID), 10)}}}
		}
		if of(id) {
			return s.one(id, r)
		}
	}
	events, _ := s.List.Act(id)
	return events
}

var _ screen.Screen = (*List)(nil)
