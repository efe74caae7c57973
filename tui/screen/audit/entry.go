package audit

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reeve/core/action"
	"reeve/core/audit/chain"
	"reeve/core/control"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// Entry is one act: who, where, when, and what the record was before and after.
type Entry struct {
	env    *screen.Env
	at     route.Route
	entry  chain.Entry
	loaded bool
	failed error
	top    int
	total  int
	height int
}

// NewEntry makes the screen.
func NewEntry(env *screen.Env, at route.Route) *Entry { return &Entry{env: env, at: at} }

// Start implements screen.Screen.
func (s *Entry) Start() []screen.Event {
	seq, err := strconv.ParseInt(s.at.Item, 10, 64)
	if err != nil {
		seq = 0
	}
	return []screen.Event{screen.Run("entry", "", func(ctx context.Context) (chain.Entry, error) { return s.env.Audit.Show(ctx, seq) },
		func(e chain.Entry, err error) []screen.Event {
			s.failed = err
			if err == nil {
				s.entry, s.loaded = e, true
			}
			return nil
		})}
}

// Refresh implements screen.Screen: an entry never changes.
func (s *Entry) Refresh() []screen.Event { return nil }

// Title implements screen.Screen.
func (s *Entry) Title() string { return s.at.Item }

// Scopes implements screen.Screen.
func (s *Entry) Scopes() []action.Scope { return []action.Scope{action.ScopeEntry} }

// Verdict implements screen.Screen.
func (s *Entry) Verdict(action.ID) control.Verdict { return control.Possible() }

// Act implements screen.Screen.
func (s *Entry) Act(id action.ID) []screen.Event {
	if id == action.CopyCell && s.loaded {
		data, err := json.Marshal(s.entry)
		if err != nil {
			return s.env.Fail(err)
		}
		return []screen.Event{screen.Copy{Text: string(data)}}
	}
	return nil
}

// Key implements screen.Screen.
func (s *Entry) Key(k tea.KeyPressMsg) ([]screen.Event, bool) {
	switch k.String() {
	case "up", "k":
		s.top--
	case "down", "j":
		s.top++
	case "pgup":
		s.top -= s.height
	case "pgdown", "space":
		s.top += s.height
	default:
		return nil, false
	}
	s.top = max(0, min(s.top, s.total-s.height))
	return nil, true
}

// View implements screen.Screen.
func (s *Entry) View(w, h int) string {
	env := s.env
	if s.failed != nil {
		return env.ErrorBox(s.failed, w, h)
	}
	if !s.loaded {
		return env.Loading(w, h)
	}
	e := s.entry
	note, role := env.Text("outcome."+string(e.Outcome)), theme.Good
	if e.Outcome == chain.Denied {
		role = theme.Danger
	}
	where := strings.Trim(e.Region+"/"+e.Workspace, "/")
	label := func(id string) string { return env.Text("column." + id) }
	head, _ := widget.Details(env.Theme, []widget.KV{
		{Label: label("who"), Value: e.Actor + " · " + e.Face},
		{Label: label("when"), Value: e.At.Local().Format("2006-01-02 15:04:05") + " · " + env.Ago(e.At)},
		{Label: label("where"), Value: orDash(where)},
		{Label: label("target"), Value: orDash(strings.TrimSpace(e.Kind + " " + e.Target))},
		{Label: label("session"), Value: orDash(e.Session), Role: theme.Muted},
		{Label: label("request"), Value: orDash(e.Request), Role: theme.Muted},
		{Label: label("hash"), Value: hex.EncodeToString(e.Hash), Role: theme.Faint},
	}, 0, w, 7)
	body := s.changes(w)
	s.height, s.total = max(1, h-9), len(body)
	s.top = max(0, min(s.top, s.total-s.height))
	lines := []string{env.Heading(e.Action, "#"+strconv.FormatInt(e.Seq, 10), note, role, w), head, paint.Empty(w)}
	lines = append(lines, body[s.top:min(len(body), s.top+s.height)]...)
	return paint.Sized(paint.Lines(paint.Join(lines...)), w, h)
}

// changes draws before and after, line against line: lines only before carry a minus, lines only after a plus.
func (s *Entry) changes(w int) []string {
	th := s.env.Theme
	var lines []string
	for _, c := range diff(pretty(s.entry.Before), pretty(s.entry.After)) {
		role, sign := theme.Muted, " "
		switch c.sign {
		case '-':
			role, sign = theme.Danger, th.Glyphs.Minus
		case '+':
			role, sign = theme.Good, th.Glyphs.Plus
		}
		lines = append(lines, paint.NewLine(th, w).Gap(1).Text(role, sign).Gap(1).Text(role, c.text).String())
	}
	return lines
}

func pretty(data json.RawMessage) []string {
	if len(data) == 0 || string(data) == "null" {
		return nil
	}
	var buf bytes.Buffer
	if err := json.Indent(&buf, data, "", "  "); err != nil {
		return []string{string(data)}
	}
	return strings.Split(buf.String(), "\n")
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

var _ screen.Screen = (*Entry)(nil)
