// Package token is the screen of the tokens with which other programs ask who may do what.
package token

import (
	"context"
	"strings"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	core "reeve/core/token"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// List is the tokens by name, those that are over included.
type List struct {
	*screen.List[core.Token]
	env *screen.Env
}

// NewList makes the screen.
func NewList(env *screen.Env, at route.Route) *List {
	s := &List{env: env}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[core.Token]{
		Name: "tokens",
		Columns: []widget.Column{
			{ID: "name", Title: title("token"), Min: 12, Ideal: 20},
			{ID: "for", Title: title("used_by"), Min: 12, Ideal: 20, Flex: 1, Priority: 1},
			{ID: "scopes", Title: title("may_ask"), Min: 17, Ideal: 25},
			{ID: "until", Title: title("until"), Min: 16, Ideal: 16, NoMatch: true},
			{ID: "state", Title: title("status"), Min: 9, Ideal: 9},
			{ID: "created", Title: title("created"), Min: 11, Ideal: 11, Priority: 2, NoMatch: true},
			{ID: "by", Title: title("created_by"), Min: 10, Ideal: 14, Priority: 3, NoMatch: true},
		},
		Sortable: []string{"name", "for", "until", "created"},
		Fields:   []string{"name", "for", "scopes", "state"},
		Cells:    s.fill,
		ID:       func(t core.Token) int64 { return screen.NamedID(t.Name) },
		Label:    func(t core.Token) string { return t.Name },
		Load:     screen.Short(func(ctx context.Context) ([]core.Token, error) { return env.Tokens.List(ctx) }, s.field),
		Empty: func() widget.Empty {
			return widget.Empty{Title: env.Text("tokens.empty"), Purpose: env.Text("tokens.empty.purpose"),
				Keys: []widget.FooterKey{{Key: "a", Title: env.Text("action.token.create.short")}}}
		},
		Record: func(t core.Token) any { return t },
	}, at.Query)
	return s
}

// warnWithin is how long before its end a token is shown as ending: about as long as it takes to make another and hand it out. It
// is ours.
const warnWithin = 14 * 24 * time.Hour

// state is how a token stands, as an id of a message and a colour.
func (s *List) state(t core.Token) (string, theme.Role) {
	now := s.env.Now()
	switch {
	case t.Ended(now):
		return "token.state.ended", theme.Danger
	case t.Ended(now.Add(warnWithin)):
		return "token.state.ending", theme.Warning
	}
	return "token.state.valid", theme.Good
}

func scopes(t core.Token) string {
	words := make([]string, len(t.Scopes))
	for i, scope := range t.Scopes {
		words[i] = string(scope)
	}
	return strings.Join(words, ", ")
}

// field is what the filter and the sort see of a token. Times are written so that their order is that of the letters.
func (s *List) field(t core.Token, name string) string {
	const form = "20060102150405"
	state, _ := s.state(t)
	switch name {
	case "name":
		return t.Name
	case "for":
		return t.For
	case "scopes":
		return scopes(t)
	case "state":
		return s.env.Text(state)
	case "until":
		return t.Until.UTC().Format(form)
	case "created":
		return t.CreatedAt.UTC().Format(form)
	}
	return t.Name + " " + t.For + " " + scopes(t) + " " + s.env.Text(state)
}

func (s *List) fill(env *screen.Env, t core.Token, cells []widget.Cell) {
	state, role := s.state(t)
	cells[0], cells[1] = widget.Cell{Text: t.Name}, widget.Cell{Text: t.For, Role: theme.Muted}
	cells[2] = widget.Cell{Text: scopes(t)}
	cells[3] = widget.Cell{Text: env.Until(&t.Until), Role: theme.Muted}
	cells[4] = widget.Cell{Text: env.Text(state), Role: role}
	cells[5], cells[6] = widget.Cell{Text: env.Ago(t.CreatedAt), Role: theme.Faint}, widget.Cell{Text: t.CreatedBy, Role: theme.Faint}
}

// Title implements screen.Screen.
func (s *List) Title() string { return s.env.Text("tab.tokens") }

// Scopes implements screen.Screen.
func (s *List) Scopes() []action.Scope {
	return []action.Scope{action.ScopeTokens, action.ScopeLists}
}

// Verdict implements screen.Screen.
func (s *List) Verdict(id action.ID) control.Verdict {
	switch id {
	case action.TokenRevoke:
		if _, ok := s.Selected(); !ok {
			return control.Impossible("list.no_row", nil)
		}
	case action.Open:
		return control.Impossible("token.all_shown", nil)
	}
	return s.List.Verdict(id)
}

// Act implements screen.Screen.
func (s *List) Act(id action.ID) []screen.Event {
	switch id {
	case action.TokenCreate:
		return s.create()
	case action.TokenRevoke:
		if t, ok := s.Selected(); ok {
			return s.revoke(t)
		}
	}
	events, _ := s.List.Act(id)
	return events
}

var _ screen.Screen = (*List)(nil)
