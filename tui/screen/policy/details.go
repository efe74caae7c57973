package policy

import (
	"context"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	core "reeve/core/policy"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
)

// Details is one policy: its document, and to whom it is attached.
type Details struct {
	acts
	screen.Sheet[state]

	at   route.Route
	text []string // of the document, line by line
}

// state is what the screen shows.
type state struct {
	policy   core.Policy
	attached []core.Attachment
}

// NewDetails makes the screen.
func NewDetails(env *screen.Env, at route.Route) *Details {
	return &Details{acts: acts{env: env}, at: at}
}

// Start implements screen.Screen.
func (s *Details) Start() []screen.Event { return s.Refresh() }

// Refresh implements screen.Screen.
func (s *Details) Refresh() []screen.Event {
	return []screen.Event{s.Load("policy", func(ctx context.Context) (now state, err error) {
		if now.policy, err = s.env.Policies.Get(ctx, s.at.Item); err != nil {
			return now, err
		}
		now.attached, err = s.env.Policies.Attachments(ctx, s.at.Item)
		return now, err
	}, func() {
		s.text = strings.Split(strings.TrimRight(string(access.FormatDocument(s.Thing.policy.Document)), "\n"), "\n")
	})}
}

// Title implements screen.Screen.
func (s *Details) Title() string { return s.at.Item }

// Scopes implements screen.Screen.
func (s *Details) Scopes() []action.Scope { return []action.Scope{action.ScopePolicy} }

// Verdict implements screen.Screen.
func (s *Details) Verdict(id action.ID) control.Verdict {
	return s.Sheet.Verdict(func() control.Verdict { return s.verdict(id, s.Thing.policy) })
}

// Act implements screen.Screen.
func (s *Details) Act(id action.ID) []screen.Event { return s.one(id, s.Thing.policy) }

// View implements screen.Screen.
func (s *Details) View(w, h int) string {
	return s.Draw(s.env, w, h, func() (head, body []string) {
		kind := s.env.Text("role.custom")
		if s.Thing.policy.System {
			kind = s.env.Text("policy.system") + " · " + s.env.Text("role.fixed")
		}
		return []string{s.env.Heading(s.Thing.policy.Name, kind, "", theme.Muted, w), paint.Empty(w)}, s.body(w)
	})
}

// body is the document, and below it to whom the policy is attached.
func (s *Details) body(w int) []string {
	env, th := s.env, s.env.Theme
	var body []string
	for _, line := range s.text {
		role := theme.Text
		if strings.Contains(line, `"Deny"`) {
			role = theme.Danger
		}
		body = append(body, paint.NewLine(th, w).Gap(1).Text(role, line).String())
	}
	body = append(body, paint.Empty(w), paint.NewLine(th, w).Gap(1).Text(theme.Header, env.Text("policy.attached_to")).String())
	if len(s.Thing.attached) == 0 {
		body = append(body, paint.NewLine(th, w).Gap(1).Text(theme.Muted, env.Text("policy.attached_to.nobody")).String())
	}
	for _, at := range s.Thing.attached {
		l := paint.NewLine(th, w).Gap(1).Cell(theme.Text, at.User, 24, paint.Left).Gap(1).Cell(theme.Muted, env.Text("kind."+at.Kind), 10, paint.Left).Gap(1).
			Cell(theme.Muted, env.Day(at.At)+", "+at.By, 28, paint.Left).Gap(1)
		if until := env.Until(at.Until); until != "" {
			l.Text(theme.Warning, env.Text("column.until")+" "+until)
		}
		body = append(body, l.String())
	}
	return body
}

var _ screen.Screen = (*Details)(nil)
