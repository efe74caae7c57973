package request

import (
	"context"
	"strconv"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
	core "reeve/core/request"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// Details is one request: who asked for what and why, and what was decided.
type Details struct {
	acts
	screen.Sheet[core.Request]

	at route.Route
}

// NewDetails makes the screen.
func NewDetails(env *screen.Env, at route.Route) *Details {
	return &Details{acts: acts{env: env}, at: at}
}

// Start implements screen.Screen.
func (s *Details) Start() []screen.Event { return s.Refresh() }

// Refresh implements screen.Screen.
func (s *Details) Refresh() []screen.Event {
	n, _ := strconv.ParseInt(s.at.Item, 10, 64)
	return []screen.Event{s.Load("request", func(ctx context.Context) (core.Request, error) { return s.env.Requests.Get(ctx, core.ID(n)) }, nil)}
}

// Title implements screen.Screen.
func (s *Details) Title() string { return s.at.Item }

// Scopes implements screen.Screen.
func (s *Details) Scopes() []action.Scope { return []action.Scope{action.ScopeRequest} }

// Verdict implements screen.Screen.
func (s *Details) Verdict(id action.ID) control.Verdict {
	return s.Sheet.Verdict(func() control.Verdict { return s.verdict(id, s.Thing) })
}

// Act implements screen.Screen.
func (s *Details) Act(id action.ID) []screen.Event { return s.one(id, s.Thing) }

// View implements screen.Screen.
func (s *Details) View(w, h int) string {
	return s.Draw(s.env, w, h, func() (head, body []string) {
		env, r := s.env, s.Thing
		return []string{env.Heading(env.Say.Say(r.Words()), env.Text("request.kind."+string(r.Kind)), env.Text("request.state."+string(r.State)), stateRole(r.State), w), paint.Empty(w)},
			widget.Details(env.Theme, s.values(), w)
	})
}

// values are what there is to say of the request.
func (s *Details) values() []widget.KV {
	env, r := s.env, s.Thing
	var values []widget.KV
	say := func(id, value string, role theme.Role) {
		if value != "" {
			values = append(values, widget.KV{Label: env.Text("column." + id), Value: value, Role: role})
		}
	}
	say("account", r.User, theme.Text)
	say("reason", r.Why, theme.Text)
	end := ending(s.env, r.End())
	if end == "" {
		end = env.Text("request.open")
	}
	say("until", end, theme.Text)
	say("asked", env.Ago(r.AskedAt), theme.Muted)
	if r.State == core.Pending {
		say("expires", env.Until(&r.ExpiresAt), theme.Muted)
		return values
	}
	if r.DecidedBy != "" {
		say("decided", env.With("request.decided", message.Args{"By": r.DecidedBy, "When": env.Ago(*r.DecidedAt)}), theme.Text)
	}
	say("note", r.Note, theme.Text)
	if r.Given != nil {
		given := env.Say.Say(r.Given.Words(r.Kind))
		if until := env.Until(r.Given.Until); until != "" {
			given = env.With("request.given_until", message.Args{"Role": given, "Until": until})
		}
		say("granted", given, theme.Good)
	}
	return values
}

var _ screen.Screen = (*Details)(nil)
