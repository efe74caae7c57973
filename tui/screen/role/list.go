// Package role is the screens of a workspace's roles: the list and the matrix editor.
package role

import (
	"context"
	"strconv"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	core "reeve/core/role"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// List is the roles of a workspace, built-in ones first.
type List struct {
	*screen.List[core.Role]
	acts
}

// NewList makes the screen.
func NewList(env *screen.Env, at route.Route) *List {
	s := &List{acts: newActs(env, at)}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[core.Role]{
		Name: "roles-" + at.Workspace,
		Columns: []widget.Column{
			{ID: "name", Title: title("role"), Min: 29, Ideal: 29, Flex: 2},
			{ID: "type", Title: title("type"), Min: 8, Ideal: 9},
			{ID: "members", Title: title("members"), Min: 7, Ideal: 8, Align: paint.Right, NoMatch: true},
			{ID: "write", Title: title("write"), Min: 6, Ideal: 7, Align: paint.Right, Priority: 2, NoMatch: true},
			{ID: "read", Title: title("read"), Min: 6, Ideal: 7, Align: paint.Right, Priority: 2, NoMatch: true},
			{ID: "none", Title: title("none"), Min: 6, Ideal: 7, Align: paint.Right, Priority: 2, NoMatch: true},
			{ID: "code", Title: title("code"), Min: 14, Ideal: 26, Priority: 4},
			{ID: "modified", Title: title("modified"), Min: 20, Ideal: 24, Flex: 1, Priority: 3, NoMatch: true},
		},
		Sortable: []string{"name", "type", "code"},
		Fields:   []string{"type", "name", "code"},
		Cells:    fill,
		ID:       func(r core.Role) int64 { return int64(r.ID) },
		Label:    func(r core.Role) string { return r.Name },
		Load:     screen.Short(func(ctx context.Context) ([]core.Role, error) { return env.Roles.List(ctx, s.ref) }, s.field),
		Record:   func(r core.Role) any { return r },
	}, at.Query)
	return s
}

func fill(env *screen.Env, r core.Role, cells []widget.Cell) {
	var counts [3]int
	for _, m := range access.WorkspaceModules() {
		counts[r.Levels.Get(m)]++
	}
	name, kind := widget.Cell{Text: env.Say.Say(control.RoleName(r.Role))}, widget.Cell{Text: env.Text("role.builtin"), Role: theme.Faint}
	modified := widget.Cell{Text: env.Text("role.fixed"), Role: theme.Faint}
	if r.Kind == access.Custom {
		name.Text += "*"
		kind = widget.Cell{Text: env.Text("role.custom"), Role: theme.Accent}
		modified = widget.Cell{Text: env.Ago(r.ModifiedAt) + " · " + r.ModifiedBy, Role: theme.Muted}
	}
	cells[0], cells[1] = name, kind
	cells[2] = widget.Cell{Text: strconv.Itoa(r.Holders)}
	cells[3] = widget.Cell{Text: strconv.Itoa(counts[access.Write]), Role: theme.Muted}
	cells[4] = widget.Cell{Text: strconv.Itoa(counts[access.Read]), Role: theme.Muted}
	cells[5] = widget.Cell{Text: strconv.Itoa(counts[access.None]), Role: theme.Muted}
	cells[6] = widget.Cell{Text: r.Code, Role: theme.Faint}
	cells[7] = modified
}

func (s *List) field(r core.Role, name string) string {
	kind := s.env.Text("role.builtin")
	if r.Kind == access.Custom {
		kind = s.env.Text("role.custom")
	}
	label := s.env.Say.Say(control.RoleName(r.Role))
	switch name {
	case "name":
		return label
	case "type":
		return kind
	case "code":
		return r.Code
	}
	return label + " " + kind + " " + r.Code
}

// Title implements screen.Screen.
func (s *List) Title() string { return s.env.Text("tab.roles") }

// Scopes implements screen.Screen.
func (s *List) Scopes() []action.Scope { return []action.Scope{action.ScopeRoles, action.ScopeLists} }

// Verdict implements screen.Screen.
func (s *List) Verdict(id action.ID) control.Verdict {
	switch id {
	case action.RoleClone, action.RoleCompare, action.RoleDelete, action.RoleShow, action.RoleCopy, action.RoleHolders:
		r, ok := s.Selected()
		if !ok {
			return control.Impossible("list.no_row", nil)
		}
		return s.verdict(id, r)
	}
	return s.List.Verdict(id)
}

// Act implements screen.Screen.
func (s *List) Act(id action.ID) []screen.Event {
	if id == action.RoleCreate {
		return s.create()
	}
	if r, ok := s.Selected(); ok {
		switch id {
		case action.Open, action.RoleShow:
			return []screen.Event{s.edit(r.Name, r.Kind, r.Code)}
		case action.RoleClone:
			return s.clone(r)
		case action.RoleCompare:
			return s.compare(r)
		case action.RoleHolders:
			return []screen.Event{screen.Open{Route: route.Route{Kind: route.Members, Region: s.ref.Region, Workspace: s.ref.Workspace,
				Query: "role:" + strconv.Quote(r.Name)}}}
		case action.RoleCopy:
			return s.copy(r)
		case action.RoleDelete:
			return s.remove(r)
		}
	}
	events, _ := s.List.Act(id)
	return events
}

// edit opens a role: a custom one by its name, which people know, a built-in one by its code, which every language shares.
func (a acts) edit(name string, kind access.RoleKind, code string) screen.Event {
	if kind == access.Builtin {
		name = code
	}
	return screen.Open{Route: route.Route{Kind: route.Role, Region: a.ref.Region, Workspace: a.ref.Workspace, Item: name}}
}

// Question implements screen.Asked: about one who holds the role under the cursor.
func (s *List) Question() (screen.Question, bool) {
	r, ok := s.Selected()
	return screen.Question{Role: r.Code}, ok
}

var (
	_ screen.Screen = (*List)(nil)
	_ screen.Asked  = (*List)(nil)
)
