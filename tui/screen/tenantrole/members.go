// Package tenantrole is the screens of a region's tenant roles: who holds which, and what the roles grant.
package tenantrole

import (
	"context"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/list"
	core "reeve/core/tenantrole"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// Members is everybody of the tenant with the tenant roles they hold in a region.
type Members struct {
	*screen.List[core.Member]
	acts
}

// NewMembers makes the screen.
func NewMembers(env *screen.Env, at route.Route) *Members {
	s := &Members{acts: acts{env: env, region: at.Region}}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[core.Member]{
		Name: "tenant-members-" + at.Region,
		Columns: []widget.Column{
			{ID: "name", Title: title("account"), Min: 14, Ideal: 22, Flex: 1},
			{ID: "type", Title: title("type"), Min: 9, Ideal: 10, Priority: 2},
			{ID: "role", Title: title("tenant_roles"), Min: 24, Ideal: 50, Flex: 4},
			{ID: "automatic", Title: title("automatic"), Min: 14, Ideal: 16, Priority: 3, NoMatch: true},
		},
		Sortable: []string{"name", "type"},
		Fields:   []string{"role", "name", "type"},
		Cells:    s.fill,
		ID:       func(m core.Member) int64 { return int64(m.Principal) },
		Label:    func(m core.Member) string { return m.Name },
		Load: func(ctx context.Context, q list.Query) (list.Page[core.Member], error) {
			return env.TenantRoles.Members(ctx, at.Region, q)
		},
		Record: func(m core.Member) any { return m },
	}, at.Query)
	return s
}

func (s *Members) fill(env *screen.Env, m core.Member, cells []widget.Cell) {
	cells[0] = widget.Cell{Text: m.Name}
	cells[1] = widget.Cell{Text: env.Text("kind." + m.Kind), Role: theme.Muted}
	cells[2] = widget.Cell{Text: roles(env, m)}
	cells[3] = widget.Cell{}
	if m.Automatic != "" {
		cells[3] = widget.Cell{Text: env.Text("tenantrole." + m.Automatic), Role: theme.Faint}
	}
}

// roles names what a principal was granted; custom roles carry a star and an end its date.
func roles(env *screen.Env, m core.Member) string {
	names := make([]string, len(m.Roles))
	for i, r := range m.Roles {
		names[i] = heldName(env, r)
		if until := env.Until(r.Until); until != "" {
			names[i] += " (" + until + ")"
		}
	}
	return strings.Join(names, ", ")
}

func heldName(env *screen.Env, r core.Held) string {
	if r.Kind == access.Builtin {
		return env.Text("tenantrole." + r.Code)
	}
	return r.Name + "*"
}

// Title implements screen.Screen.
func (s *Members) Title() string { return s.env.Text("tab.tenant-members") }

// Scopes implements screen.Screen.
func (s *Members) Scopes() []action.Scope {
	return []action.Scope{action.ScopeTenantMembers, action.ScopeLists}
}

// Verdict implements screen.Screen.
func (s *Members) Verdict(id action.ID) control.Verdict {
	switch id {
	case action.Open:
		if v := s.env.May(action.TenantMemberGrant); !v.OK {
			return v // opening a row begins to grant
		}
	case action.TenantMemberGrant, action.TenantMemberRevoke:
		chosen := s.Chosen()
		if len(chosen) == 0 {
			return control.Impossible("list.no_row", nil)
		}
		if id == action.TenantMemberRevoke && len(held(chosen)) == 0 {
			return control.Impossible("tenant_member.nothing", nil)
		}
	}
	return s.List.Verdict(id)
}

// Act implements screen.Screen.
func (s *Members) Act(id action.ID) []screen.Event {
	switch id {
	case action.TenantMemberGrant, action.Open:
		return s.grant(s.Chosen(), s.Unmark)
	case action.TenantMemberRevoke:
		return s.revoke(s.Chosen(), s.Unmark)
	}
	events, _ := s.List.Act(id)
	return events
}

// held are the roles that any of the members was granted, by code.
func held(members []core.Member) map[string]bool {
	codes := map[string]bool{}
	for _, m := range members {
		for _, r := range m.Roles {
			codes[r.Code] = true
		}
	}
	return codes
}

var _ screen.Screen = (*Members)(nil)

// Question implements screen.Asked.
func (s *Members) Question() (screen.Question, bool) {
	m, ok := s.Selected()
	return screen.Question{User: m.Name}, ok
}
