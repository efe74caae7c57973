package audit

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"

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
	screen.Sheet[chain.Entry]

	env *screen.Env
	at  route.Route
}

// NewEntry makes the screen.
func NewEntry(env *screen.Env, at route.Route) *Entry { return &Entry{env: env, at: at} }

// Start implements screen.Screen.
func (s *Entry) Start() []screen.Event {
	seq, err := strconv.ParseInt(s.at.Item, 10, 64)
	if err != nil {
		seq = 0
	}
	return []screen.Event{s.Load("entry", func(ctx context.Context) (chain.Entry, error) { return s.env.Audit.Show(ctx, seq) }, nil)}
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
	if id == action.CopyCell && s.Loaded {
		data, err := json.Marshal(s.Thing)
		if err != nil {
			return s.env.Fail(err)
		}
		return []screen.Event{screen.Copy{Text: string(data)}}
	}
	return nil
}

// View implements screen.Screen.
func (s *Entry) View(w, h int) string {
	return s.Draw(s.env, w, h, func() (head, body []string) { return append(s.head(w), paint.Empty(w)), s.changes(w) })
}

// head says who did what where and when.
func (s *Entry) head(w int) []string {
	env, e := s.env, s.Thing
	note, role := env.Text("outcome."+string(e.Outcome)), theme.Good
	if e.Outcome == chain.Denied {
		role = theme.Danger
	}
	where := strings.Trim(e.Region+"/"+e.Workspace, "/")
	label := func(id string) string { return env.Text("column." + id) }
	return append([]string{env.Heading(e.Action, "#"+strconv.FormatInt(e.Seq, 10), note, role, w)}, widget.Details(env.Theme, []widget.KV{
		{Label: label("who"), Value: e.Actor + " · " + e.Face},
		{Label: label("when"), Value: e.At.Local().Format("2006-01-02 15:04:05") + " · " + env.Ago(e.At)},
		{Label: label("where"), Value: cmp.Or(where, "-")},
		{Label: label("target"), Value: cmp.Or(strings.TrimSpace(e.Kind+" "+e.Target), "-")},
		{Label: label("session"), Value: cmp.Or(e.Session, "-"), Role: theme.Muted},
		{Label: label("request"), Value: cmp.Or(e.Request, "-"), Role: theme.Muted},
		{Label: label("hash"), Value: hex.EncodeToString(e.Hash), Role: theme.Faint},
	}, w)...)
}

// changes draws before and after, line against line: lines only before carry a minus, lines only after a plus.
func (s *Entry) changes(w int) []string {
	th := s.env.Theme
	var lines []string
	for _, c := range diff(pretty(s.Thing.Before), pretty(s.Thing.After)) {
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

var _ screen.Screen = (*Entry)(nil)
