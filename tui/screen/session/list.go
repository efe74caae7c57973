// Package session is the screen of the consoles that are open: who has them, from where, and what they look at.
package session

import (
	"context"

	"reeve/core/action"
	"reeve/core/control"
	core "reeve/core/session"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// List is the sessions that are open: all for administrators of the account, one's own for everybody else.
type List struct {
	*screen.List[core.Session]
	env *screen.Env
}

// NewList makes the screen.
func NewList(env *screen.Env, at route.Route) *List {
	s := &List{env: env}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[core.Session]{
		Name: "sessions",
		Columns: []widget.Column{
			{ID: "user", Title: title("account"), Min: 10, Ideal: 14, Flex: 1},
			{ID: "face", Title: title("face"), Min: 7, Ideal: 8},
			{ID: "address", Title: title("from_address"), Min: 15, Ideal: 21, Priority: 1},
			{ID: "place", Title: title("looks_at"), Min: 20, Ideal: 40, Flex: 4},
			{ID: "seen", Title: title("there_since"), Min: 11, Ideal: 12, Priority: 4, NoMatch: true},
			{ID: "begun", Title: title("begun"), Min: 11, Ideal: 12, Priority: 3, NoMatch: true},
			{ID: "state", Title: title("status"), Min: 12, Ideal: 12, Priority: 2, NoMatch: true},
			{ID: "id", Title: title("session"), Min: 12, Ideal: 26},
			{ID: "fingerprint", Title: title("keys"), Min: 20, Ideal: 50},
			{ID: "certificate", Title: title("certificate"), Min: 11, Ideal: 16},
		},
		Sortable: []string{"user", "face", "address", "place", "begun", "seen"},
		Hidden:   []string{"seen", "id", "fingerprint", "certificate"},
		Fields:   []string{"user", "face", "address", "place", "id", "fingerprint", "certificate"},
		Cells:    fill,
		ID:       func(one core.Session) int64 { return screen.NamedID(one.ID) },
		Label:    func(one core.Session) string { return one.ID },
		Load:     screen.Short(func(ctx context.Context) ([]core.Session, error) { return env.Sessions.List(ctx) }, field),
		Empty: func() widget.Empty {
			return widget.Empty{Title: env.Text("sessions.empty"), Purpose: env.Text("sessions.empty.purpose")}
		},
		Record: func(one core.Session) any { return one },
	}, at.Query)
	return s
}

// field is what the filter and the sort see of a session. Times are written so that their order is that of the letters.
func field(one core.Session, name string) string {
	const form = "20060102150405"
	switch name {
	case "user":
		return one.User
	case "face":
		return string(one.Face)
	case "address":
		return one.Address
	case "place":
		return one.Place
	case "id":
		return one.ID
	case "fingerprint":
		return one.Fingerprint
	case "certificate":
		return one.Certificate
	case "begun":
		return one.BegunAt.UTC().Format(form)
	case "seen":
		return one.SeenAt.UTC().Format(form)
	}
	return one.User + " " + string(one.Face) + " " + one.Address + " " + one.Place
}

func fill(env *screen.Env, one core.Session, cells []widget.Cell) {
	state := widget.Cell{}
	switch {
	case one.EndBy != "":
		state = widget.Cell{Text: env.Text("session.state.ending"), Role: theme.Warning}
	case one.ID == env.Actor.Session:
		state = widget.Cell{Text: env.Text("session.state.this"), Role: theme.Accent}
	}
	address := widget.Cell{Text: one.Address, Role: theme.Muted}
	if one.Address == "" {
		address = widget.Cell{Text: env.Text("session.here"), Role: theme.Faint}
	}
	cells[0] = widget.Cell{Text: one.User}
	cells[1] = widget.Cell{Text: env.Text("face." + string(one.Face)), Role: theme.Muted}
	cells[2], cells[3] = address, widget.Cell{Text: one.Place}
	cells[4] = widget.Cell{Text: env.Ago(one.SeenAt), Role: theme.Muted}
	cells[5] = widget.Cell{Text: env.Ago(one.BegunAt), Role: theme.Muted}
	cells[6], cells[7] = state, widget.Cell{Text: one.ID, Role: theme.Faint}
	cells[8] = widget.Cell{Text: one.Fingerprint, Role: theme.Faint}
	cells[9] = widget.Cell{Text: one.Certificate, Role: theme.Faint}
}

// Title implements screen.Screen.
func (s *List) Title() string { return s.env.Text("tab.sessions") }

// Scopes implements screen.Screen.
func (s *List) Scopes() []action.Scope {
	return []action.Scope{action.ScopeSessions, action.ScopeLists}
}

// Verdict implements screen.Screen.
func (s *List) Verdict(id action.ID) control.Verdict {
	one, ok := s.Selected()
	switch id {
	case action.SessionEnd, action.SessionAudit:
		if !ok {
			return control.Impossible("list.no_row", nil)
		}
	case action.Open:
		if _, err := route.Parse(one.Place); ok && (one.Place == "" || err != nil) {
			return control.Impossible("session.nowhere", nil) // a console that has not said yet where it is, or a command
		}
	}
	return s.List.Verdict(id)
}

// Act implements screen.Screen.
func (s *List) Act(id action.ID) []screen.Event {
	if id == action.SessionNotify {
		return s.notify()
	}
	if one, ok := s.Selected(); ok {
		switch id {
		case action.Open:
			return s.follow(one)
		case action.SessionEnd:
			return s.end(s.Chosen())
		case action.SessionAudit:
			return []screen.Event{screen.Open{Route: route.Route{Kind: route.Audit, Query: "session:" + one.ID}}}
		}
	}
	events, _ := s.List.Act(id)
	return events
}

// follow goes where a session is.
func (s *List) follow(one core.Session) []screen.Event {
	to, err := route.Parse(one.Place)
	if err != nil {
		return s.env.Fail(err)
	}
	return []screen.Event{screen.Open{Route: to}}
}

var _ screen.Screen = (*List)(nil)
