// Package audit is the screens of the audit: the log, searched and verified, and one entry with what it changed.
package audit

import (
	"context"
	"slices"
	"strconv"

	"reeve/core/action"
	core "reeve/core/audit"
	"reeve/core/audit/chain"
	"reeve/core/control"
	"reeve/core/list"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// List is the log, newest first.
type List struct {
	*screen.List[chain.Entry]
	env *screen.Env
}

// NewList makes the screen.
func NewList(env *screen.Env, at route.Route) *List {
	s := &List{env: env}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[chain.Entry]{
		Name: "audit",
		Columns: []widget.Column{
			{ID: "id", Title: title("entry"), Min: 5, Ideal: 6, Align: paint.Right, NoMatch: true},
			{ID: "at", Title: title("when"), Min: 10, Ideal: 11, NoMatch: true},
			{ID: "who", Title: title("who"), Min: 12, Ideal: 14, Flex: 1},
			{ID: "what", Title: title("what"), Min: 18, Ideal: 21},
			{ID: "target", Title: title("target"), Min: 14, Ideal: 20, Flex: 3, Priority: 1},
			{ID: "where", Title: title("where"), Min: 18, Ideal: 24, Flex: 2, Priority: 3},
			{ID: "outcome", Title: title("outcome"), Min: 8, Ideal: 8, Priority: 2},
			{ID: "face", Title: title("face"), Min: 8, Ideal: 8, Priority: 5},
		},
		Sortable: []string{"id", "at"},
		Hidden:   []string{},
		Fields:   []string{"who", "what", "where", "target", "outcome", "face", "session"},
		Cells:    fill,
		ID:       func(e chain.Entry) int64 { return e.Seq },
		Label:    func(e chain.Entry) string { return strconv.FormatInt(e.Seq, 10) },
		Load: func(ctx context.Context, q list.Query) (list.Page[chain.Entry], error) {
			return env.Audit.List(ctx, core.Search{Query: q})
		},
		Empty: func() widget.Empty {
			return widget.Empty{Title: env.Text("audit.empty"), Purpose: env.Text("audit.empty.purpose")}
		},
		Record: func(e chain.Entry) any { return e },
	}, at.Query)
	return s
}

func fill(env *screen.Env, e chain.Entry, cells []widget.Cell) {
	where := e.Region
	if e.Workspace != "" {
		where += "/" + e.Workspace
	}
	outcome := widget.Cell{Text: env.Text("outcome." + string(e.Outcome)), Role: theme.Faint}
	if e.Outcome == chain.Denied {
		outcome.Role = theme.Danger
	}
	cells[0] = widget.Cell{Text: strconv.FormatInt(e.Seq, 10), Role: theme.Faint}
	cells[1] = widget.Cell{Text: env.Ago(e.At), Role: theme.Muted}
	cells[2] = widget.Cell{Text: e.Actor}
	cells[3] = widget.Cell{Text: e.Action}
	cells[4] = widget.Cell{Text: e.Target}
	cells[5] = widget.Cell{Text: where, Role: theme.Muted}
	cells[6] = outcome
	cells[7] = widget.Cell{Text: e.Face, Role: theme.Faint}
}

// Title implements screen.Screen.
func (s *List) Title() string { return s.env.Text("nav.audit") }

// Scopes implements screen.Screen.
func (s *List) Scopes() []action.Scope { return []action.Scope{action.ScopeAudit, action.ScopeLists} }

// Act implements screen.Screen.
func (s *List) Act(id action.ID) []screen.Event {
	switch id {
	case action.Open:
		if e, ok := s.Selected(); ok {
			return []screen.Event{screen.Open{Route: route.Route{Kind: route.Entry, Item: strconv.FormatInt(e.Seq, 10)}}}
		}
	case action.AuditVerify:
		return s.verify()
	}
	events, _ := s.List.Act(id)
	return events
}

func (s *List) verify() []screen.Event {
	env := s.env
	return []screen.Event{screen.Run("verify", env.Text("audit.verifying"), func(ctx context.Context) (chain.Report, error) {
		return env.Audit.Verify(ctx, nil)
	}, func(r chain.Report, err error) []screen.Event {
		if err != nil {
			return env.Fail(err)
		}
		return []screen.Event{screen.Show{Overlay: s.report(r)}}
	})}
}

func (s *List) report(r chain.Report) screen.Overlay {
	env := s.env
	return &screen.Pages{Title: env.Text("audit.report.title"), Width: 84, Lines: func(th *theme.Theme, w int) []string {
		var lines []string
		say := func(role theme.Role, text string) {
			for _, line := range paint.Wrap(text, w) {
				lines = append(lines, paint.NewLine(th, w).Text(role, line).String())
			}
		}
		switch {
		case r.OK():
			say(theme.GoodStrong, th.Glyphs.Check+" "+env.With("audit.report.ok", message.Args{"Count": r.Entries}))
		case len(r.Findings) == 0:
			say(theme.Warning, env.With("audit.report.ok", message.Args{"Count": r.Entries}))
		default:
			say(theme.DangerStrong, th.Glyphs.Cross+" "+env.With("audit.report.broken", message.Args{"Count": len(r.Findings)}))
		}
		lines = append(lines, paint.Empty(w))
		for _, f := range r.Findings {
			say(theme.Danger, env.Say.Say(f.What))
		}
		if r.Checkpoint != nil {
			say(theme.Muted, env.With("audit.report.checkpoint", message.Args{"Seq": r.Checkpoint.Seq}))
		}
		for _, u := range slices.Concat(r.Unchecked, r.Notes) {
			say(theme.Warning, env.Say.Say(u))
		}
		return lines
	}}
}

// Verdict implements screen.Screen.
func (s *List) Verdict(id action.ID) control.Verdict { return s.List.Verdict(id) }

var _ screen.Screen = (*List)(nil)
