package policy

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

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
	at       route.Route
	policy   core.Policy
	text     []string // of the document, line by line
	attached []core.Attachment
	loaded   bool
	failed   error
	top      int
	last     int
	page     int
}

type loaded struct {
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
	return []screen.Event{screen.Run("policy", "", func(ctx context.Context) (l loaded, err error) {
		if l.policy, err = s.env.Policies.Get(ctx, s.at.Item); err != nil {
			return l, err
		}
		l.attached, err = s.env.Policies.Attachments(ctx, s.at.Item)
		return l, err
	}, func(l loaded, err error) []screen.Event {
		if s.failed = err; err == nil {
			s.policy, s.attached, s.loaded = l.policy, l.attached, true
			s.text = strings.Split(strings.TrimRight(string(access.FormatDocument(s.policy.Document)), "\n"), "\n")
		}
		return []screen.Event{screen.Changed{}}
	})}
}

// Title implements screen.Screen.
func (s *Details) Title() string { return s.at.Item }

// Scopes implements screen.Screen.
func (s *Details) Scopes() []action.Scope { return []action.Scope{action.ScopePolicy} }

// Verdict implements screen.Screen.
func (s *Details) Verdict(id action.ID) control.Verdict {
	if !s.loaded {
		return control.Impossible("list.loading", nil)
	}
	return s.verdict(id, s.policy)
}

// Act implements screen.Screen.
func (s *Details) Act(id action.ID) []screen.Event { return s.one(id, s.policy) }

// Key implements screen.Screen.
func (s *Details) Key(k tea.KeyPressMsg) ([]screen.Event, bool) {
	switch k.String() {
	case "up", "k":
		s.top--
	case "down", "j":
		s.top++
	case "pgup":
		s.top -= s.page
	case "pgdown", "space":
		s.top += s.page
	default:
		return nil, false
	}
	s.top = max(0, min(s.top, s.last))
	return nil, true
}

// View implements screen.Screen.
func (s *Details) View(w, h int) string {
	env, th := s.env, s.env.Theme
	if s.failed != nil && !s.loaded {
		return env.ErrorBox(s.failed, w, h)
	}
	if !s.loaded {
		return env.Loading(w, h)
	}
	kind := env.Text("role.custom")
	if s.policy.System {
		kind = env.Text("policy.system") + " · " + env.Text("role.fixed")
	}
	var body []string
	for _, line := range s.text {
		role := theme.Text
		if strings.Contains(line, `"Deny"`) {
			role = theme.Danger
		}
		body = append(body, paint.NewLine(th, w).Gap(1).Text(role, line).String())
	}
	body = append(body, paint.Empty(w), paint.NewLine(th, w).Gap(1).Text(theme.Header, env.Text("policy.attached_to")).String())
	if len(s.attached) == 0 {
		body = append(body, paint.NewLine(th, w).Gap(1).Text(theme.Muted, env.Text("policy.attached_to.nobody")).String())
	}
	for _, at := range s.attached {
		l := paint.NewLine(th, w).Gap(1).Cell(theme.Text, at.User, 24, paint.Left).Gap(1).Cell(theme.Muted, env.Text("kind."+at.Kind), 10, paint.Left).Gap(1).
			Cell(theme.Muted, env.Day(at.At)+", "+at.By, 28, paint.Left).Gap(1)
		if until := env.Until(at.Until); until != "" {
			l.Text(theme.Warning, env.Text("column.until")+" "+until)
		}
		body = append(body, l.String())
	}
	s.page = max(1, h-2)
	s.last = max(0, len(body)-s.page)
	s.top = min(s.top, s.last)
	lines := append([]string{env.Heading(s.policy.Name, kind, "", theme.Muted, w), paint.Empty(w)}, body[s.top:min(len(body), s.top+s.page)]...)
	return paint.Sized(lines, w, h)
}

var _ screen.Screen = (*Details)(nil)
