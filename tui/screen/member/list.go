// Package member is the screen of a workspace's members.
package member

import (
	"context"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/list"
	core "reeve/core/member"
	"reeve/core/message"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// List is the members of a workspace.
type List struct {
	*screen.List[core.Member]
	env *screen.Env
	ref control.Ref
	at  route.Route
}

// NewList makes the screen.
func NewList(env *screen.Env, at route.Route) *List {
	s := &List{env: env, at: at, ref: control.Ref{Region: at.Region, Workspace: at.Workspace}}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[core.Member]{
		Name: "members-" + at.Workspace,
		Columns: []widget.Column{
			{ID: "name", Title: title("account"), Min: 11, Ideal: 22, Flex: 2},
			{ID: "type", Title: title("type"), Min: 8, Ideal: 9, Priority: 4},
			{ID: "role", Title: title("roles"), Min: 28, Ideal: 36, Flex: 4},
			{ID: "status", Title: title("status"), Min: 8, Ideal: 9, Priority: 5},
			{ID: "display_name", Title: title("display_name"), Min: 10, Ideal: 16, Priority: 7},
			{ID: "added", Title: title("added"), Min: 10, Ideal: 10, Priority: 3, NoMatch: true},
			{ID: "added_by", Title: title("added_by"), Min: 8, Ideal: 12, Priority: 6, NoMatch: true},
			{ID: "active", Title: title("active"), Min: 11, Ideal: 14, Priority: 2, NoMatch: true},
		},
		Sortable: []string{"name", "type", "role", "status", "added", "active"},
		Hidden:   []string{"added_by", "display_name"},
		Fields:   []string{"role", "name", "type", "status", "active", "unused"},
		Cells:    s.fill,
		ID:       func(m core.Member) int64 { return int64(m.Principal) },
		Label:    func(m core.Member) string { return m.Name },
		Load: func(ctx context.Context, q list.Query) (list.Page[core.Member], error) {
			return env.Members.List(ctx, s.ref, q)
		},
		Empty: func() widget.Empty {
			return widget.Empty{Title: env.Text("members.empty"), Purpose: env.Text("members.empty.purpose"),
				Keys: []widget.FooterKey{{Key: "a", Title: env.Text("action.member.add.short")}}}
		},
		// Roles are written as an import reads them.
		Exported: func(env *screen.Env, m core.Member, cells []widget.Cell) {
			s.fill(env, m, cells)
			row := core.RowOf(m)
			for i := range row.Roles {
				row.Roles[i].Own = row.Roles[i].Until != ""
			}
			cells[2] = widget.Cell{Text: row.Cell()}
		},
		Record: func(m core.Member) any { return m },
	}, at.Query)
	return s
}

func (s *List) fill(env *screen.Env, m core.Member, cells []widget.Cell) {
	cells[0] = widget.Cell{Text: m.Name}
	cells[1] = widget.Cell{Text: env.Text("kind." + m.Kind), Role: theme.Muted}
	cells[2] = widget.Cell{Text: roles(env, m)}
	if endsSoon(m, env.Now()) {
		cells[2].Role = theme.Warning
	}
	cells[3] = statusCell(env, m.Status)
	cells[4] = widget.Cell{Text: m.DisplayName, Role: theme.Muted}
	cells[5] = widget.Cell{Text: env.Day(m.AddedAt), Role: theme.Muted}
	cells[6] = widget.Cell{Text: m.AddedBy, Role: theme.Muted}
	cells[7] = widget.Cell{Text: env.Text("time.never"), Role: theme.Faint}
	if m.Active != nil {
		cells[7] = widget.Cell{Text: env.Ago(*m.Active), Role: theme.Muted}
	}
}

// endsSoon tells of a member one of whose roles ends within a week.
func endsSoon(m core.Member, now time.Time) bool {
	for _, r := range m.Roles {
		if r.Until != nil && r.Until.Sub(now) < 7*24*time.Hour {
			return true
		}
	}
	return false
}

// roles names a member's roles; custom ones carry a star, as in the role list, and those that end their date.
func roles(env *screen.Env, m core.Member) string {
	if len(m.Roles) == 1 {
		return roleName(env, m.Roles[0])
	}
	var b strings.Builder
	for i, r := range m.Roles {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(roleName(env, r))
	}
	return b.String()
}

func roleName(env *screen.Env, r core.Held) string {
	name := r.Name + "*"
	if r.Kind == access.Builtin {
		name = env.Text("role." + r.Code)
	}
	if r.Until == nil {
		return name
	}
	return name + " (" + env.Until(r.Until) + ")"
}

// Title implements screen.Screen.
func (s *List) Title() string { return s.env.Text("tab.members") }

// Scopes implements screen.Screen.
func (s *List) Scopes() []action.Scope { return []action.Scope{action.ScopeMembers, action.ScopeLists} }

// Verdict implements screen.Screen.
func (s *List) Verdict(id action.ID) control.Verdict {
	switch id {
	case action.UserLeave:
		chosen := s.Chosen()
		switch {
		case len(chosen) == 0:
			return control.Impossible("list.no_row", nil)
		case len(chosen) > 1:
			return control.Impossible("leaving.one", nil)
		case chosen[0].Kind == "group":
			return control.Impossible("fault.leaving.group", message.Args{"Name": chosen[0].Name})
		case owner(chosen[0]):
			return control.Impossible("fault.leaving.account", message.Args{"Name": chosen[0].Name})
		}
		return control.Possible()
	case action.MemberSetRoles, action.MemberRemove, action.MemberUntil:
		chosen := s.Chosen()
		if len(chosen) == 0 {
			return control.Impossible("list.no_row", nil)
		}
		for _, m := range chosen {
			if owner(m) {
				return control.Impossible("fault.member.owner", message.Args{"Name": m.Name})
			}
		}
		return control.Possible()
	}
	return s.List.Verdict(id)
}

func owner(m core.Member) bool {
	for _, r := range m.Roles {
		if r.Code == core.OwnerRole {
			return true
		}
	}
	return false
}

// Act implements screen.Screen.
func (s *List) Act(id action.ID) []screen.Event {
	switch id {
	case action.MemberAdd:
		return s.add()
	case action.MemberSetRoles:
		return s.setRoles(s.Chosen())
	case action.MemberRemove:
		return s.remove(s.Chosen())
	case action.MemberCard:
		if m, ok := s.Selected(); ok {
			return []screen.Event{screen.Show{Overlay: s.card(m)}}
		}
		return nil
	case action.MemberDormant:
		return s.dormant()
	case action.ReviewList:
		return []screen.Event{screen.Open{Route: route.Route{Kind: route.Reviews, Region: s.at.Region, Workspace: s.at.Workspace}}}
	case action.UserLeave:
		return leave(s.env, s.Chosen()[0].Name)
	case action.MemberImport:
		return s.importing()
	case action.MemberUntil:
		return s.until(s.Chosen())
	case action.Open:
		return s.open()
	}
	events, _ := s.List.Act(id)
	return events
}

// dormantDays is for how many days access was not used that is shown as such.
const dormantDays = "90"

// dormant shows the members who did not use the workspace for long; they can be marked, removed, or given an end like any others.
func (s *List) dormant() []screen.Event {
	at := s.at
	at.Query = "unused:" + dormantDays
	return []screen.Event{screen.Open{Route: at}}
}

// open shows everything that a member may do here.
func (s *List) open() []screen.Event {
	m, ok := s.Selected()
	if !ok {
		return nil
	}
	return []screen.Event{screen.Open{Route: route.Route{Kind: route.Member, Region: s.at.Region, Workspace: s.at.Workspace, Item: m.Name}}}
}

// Question implements screen.Asked.
func (s *List) Question() (screen.Question, bool) {
	m, ok := s.Selected()
	return screen.Question{User: m.Name}, ok
}

var (
	_ screen.Screen = (*List)(nil)
	_ screen.Asked  = (*List)(nil)
)
