// Package directory is the screen of the tenant's principals, in the admin center.
package directory

import (
	"context"
	"strconv"

	"reeve/core/action"
	"reeve/core/control"
	core "reeve/core/directory"
	"reeve/core/list"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// List is the principals of the tenant.
type List struct {
	*screen.List[core.User]
	env *screen.Env
}

// NewList makes the screen.
func NewList(env *screen.Env, at route.Route) *List {
	s := &List{env: env}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[core.User]{
		Name: "users",
		Columns: []widget.Column{
			{ID: "name", Title: title("account"), Min: 12, Ideal: 24, Flex: 2},
			{ID: "type", Title: title("type"), Min: 8, Ideal: 10},
			{ID: "status", Title: title("status"), Min: 8, Ideal: 9, Priority: 1},
			{ID: "power", Title: title("power"), Min: 10, Ideal: 28, Flex: 1, Priority: 2, NoMatch: true},
			{ID: "workspaces", Title: title("workspaces"), Min: 10, Ideal: 11, Align: paint.Right, NoMatch: true},
			{ID: "email", Title: title("email"), Min: 22, Ideal: 26, Priority: 4},
			{ID: "keys", Title: title("keys"), Min: 4, Ideal: 4, Align: paint.Right, Priority: 5, NoMatch: true},
			{ID: "source", Title: title("from"), Min: 10, Ideal: 10, Priority: 3},
			{ID: "os_user", Title: title("os_user"), Min: 8, Ideal: 14, Priority: 6, NoMatch: true},
			{ID: "created", Title: title("created"), Min: 10, Ideal: 10, Priority: 7, NoMatch: true},
		},
		Sortable: []string{"name", "type", "status", "email", "created"},
		Fields:   []string{"name", "type", "status", "email", "source"},
		Cells:    fill,
		ID:       func(u core.User) int64 { return int64(u.ID) },
		Label:    func(u core.User) string { return u.Name },
		Load:     func(ctx context.Context, q list.Query) (list.Page[core.User], error) { return env.Users.List(ctx, q) },
		Record:   func(u core.User) any { return u },
	}, at.Query)
	return s
}

func fill(env *screen.Env, u core.User, cells []widget.Cell) {
	power := widget.Cell{}
	switch {
	case u.Kind == core.Account:
		power = widget.Cell{Text: env.Text("power.account"), Role: theme.Accent}
	case u.FullAccess:
		power = widget.Cell{Text: env.Text("power.full_access"), Role: theme.Accent}
	}
	cells[0] = widget.Cell{Text: u.Name}
	cells[1] = widget.Cell{Text: env.Text("kind." + string(u.Kind)), Role: theme.Muted}
	cells[2] = widget.Cell{Text: env.Text("user.status." + string(u.Status)), Role: statusRole(u.Status)}
	cells[3] = power
	cells[4] = widget.Cell{Text: strconv.Itoa(u.Workspaces), Role: theme.Muted}
	cells[5] = widget.Cell{Text: u.Email, Role: theme.Muted}
	cells[6] = widget.Cell{Role: theme.Muted}
	if u.Keys > 0 {
		cells[6].Text = strconv.Itoa(u.Keys)
	}
	cells[7] = widget.Cell{Text: u.Source, Role: theme.Muted}
	cells[8] = widget.Cell{Text: u.OSUser, Role: theme.Faint}
	cells[9] = widget.Cell{Text: env.Day(u.CreatedAt), Role: theme.Faint}
}

// statusRole is the colour of a status.
func statusRole(s core.Status) theme.Role {
	switch s {
	case core.Disabled:
		return theme.Warning
	case core.Vanished:
		return theme.Danger
	default:
		return theme.Faint
	}
}

// Title implements screen.Screen.
func (s *List) Title() string { return s.env.Text("nav.admin") }

// Scopes implements screen.Screen.
func (s *List) Scopes() []action.Scope { return []action.Scope{action.ScopeUsers, action.ScopeLists} }

// Verdict implements screen.Screen.
func (s *List) Verdict(id action.ID) control.Verdict {
	u, ok := s.Selected()
	switch id {
	case action.UserGroupSetMembers, action.UserShow, action.UserUpdate, action.UserDisable, action.UserEnable, action.UserDelete,
		action.UserKeyAdd, action.UserKeyRemove:
		if !ok {
			return control.Impossible("list.no_row", nil)
		}
	}
	name := message.Args{"Name": u.Name, "Source": u.Source}
	switch {
	case id == action.UserGroupSetMembers && u.Kind != core.UserGroup:
		return control.Impossible("user_group.not_one", name)
	case (id == action.UserDisable || id == action.UserDelete) && u.Kind == core.Account:
		return control.Impossible("fault.user.account", nil)
	case id == action.UserUpdate && u.Source != "":
		return control.Impossible("user.sourced", name)
	case id == action.UserKeyAdd && u.Kind == core.UserGroup:
		return control.Impossible("fault.key.group", name)
	case id == action.UserKeyRemove && u.Keys == 0:
		return control.Impossible("user.no_keys", name)
	}
	return s.List.Verdict(id)
}

// Act implements screen.Screen.
func (s *List) Act(id action.ID) []screen.Event {
	switch id {
	case action.UserAdd:
		return s.add()
	case action.UserGroupAdd:
		return s.addGroup()
	case action.TenantSetRule:
		return s.env.SetRule()
	case action.DirectorySync:
		return s.env.SyncDirectory()
	case action.DirectoryManage:
		return s.sources()
	}
	u, ok := s.Selected()
	if do, known := s.onOne()[id]; ok && known {
		return do(u)
	}
	events, _ := s.List.Act(id)
	return events
}

// onOne are the acts on the row under the cursor, or on those that are marked.
func (s *List) onOne() map[action.ID]func(core.User) []screen.Event {
	return map[action.ID]func(core.User) []screen.Event{
		action.UserGroupSetMembers: s.setMembers,
		action.Open: func(u core.User) []screen.Event {
			if u.Kind == core.UserGroup {
				return s.setMembers(u)
			}
			return s.show(u)
		},
		action.UserShow:      s.show,
		action.UserUpdate:    s.update,
		action.UserDisable:   func(core.User) []screen.Event { return s.disable(s.Chosen()) },
		action.UserEnable:    func(core.User) []screen.Event { return s.enable(s.Chosen()) },
		action.UserDelete:    func(core.User) []screen.Event { return s.remove(s.Chosen()) },
		action.UserKeyAdd:    s.addKeys,
		action.UserKeyRemove: s.removeKey,
	}
}

func (s *List) add() []screen.Event {
	env := s.env
	form := widget.NewForm(
		widget.TextField("name", env.Text("user.names"), "").WithHelp(env.Text("user.names.help")).WithLimit(2000),
		widget.SelectField("type", env.Text("column.type"), []widget.Option{
			{ID: string(core.RAMUser), Label: env.Text("kind.ram-user")}, {ID: string(core.RAMRole), Label: env.Text("kind.ram-role")},
		}, string(core.RAMUser)),
		widget.ToggleField("full_access", env.Text("user.full_access"), false).WithHelp(env.Text("user.full_access.help")).
			WithWords(env.Text("dialog.yes"), env.Text("dialog.no")),
	)
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.Text("user.add.title"), form, func(f *widget.Form) []screen.Event {
		in := core.Add{Names: screen.Words(f.Value("name")), Kind: core.Kind(f.Value("type")), FullAccess: f.On("full_access")}
		return []screen.Event{screen.Run("add", env.Text("job.saving"), func(ctx context.Context) ([]core.User, error) { return env.Users.Add(ctx, in) },
			func(added []core.User, err error) []screen.Event {
				if err != nil {
					return box.Failed(err)
				}
				return []screen.Event{screen.Hide{Overlay: box}, screen.Did{Text: message.Text{ID: "user.added", Args: message.Args{"Count": len(added)}}}}
			})}
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

var _ screen.Screen = (*List)(nil)

// Question implements screen.Asked.
func (s *List) Question() (screen.Question, bool) {
	u, ok := s.Selected()
	return screen.Question{User: u.Name}, ok
}
