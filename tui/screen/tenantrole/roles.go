package tenantrole

import (
	"context"
	"strconv"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
	core "reeve/core/tenantrole"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// Roles is the tenant roles of a region, built-in ones first.
type Roles struct {
	*screen.List[core.Role]
	acts
}

// NewRoles makes the screen.
func NewRoles(env *screen.Env, at route.Route) *Roles {
	s := &Roles{acts: acts{env: env, region: at.Region}}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[core.Role]{
		Name: "tenant-roles-" + at.Region,
		Columns: []widget.Column{
			{ID: "name", Title: title("role"), Min: 18, Ideal: 32, Flex: 1},
			{ID: "type", Title: title("type"), Min: 8, Ideal: 9},
			{ID: "members", Title: title("holders"), Min: 8, Ideal: 8, Align: paint.Right, NoMatch: true},
			{ID: "grants", Title: title("grants"), Min: 24, Ideal: 50, Flex: 4, Priority: 2},
		},
		Sortable: []string{"name", "type"},
		Fields:   []string{"grants", "name", "type"},
		Cells:    s.fill,
		ID:       func(r core.Role) int64 { return int64(r.ID) },
		Label:    func(r core.Role) string { return r.Name },
		Load:     screen.Short(func(ctx context.Context) ([]core.Role, error) { return env.TenantRoles.List(ctx, at.Region) }, s.field),
		Record:   func(r core.Role) any { return r },
	}, at.Query)
	return s
}

func (s *Roles) fill(env *screen.Env, r core.Role, cells []widget.Cell) {
	cells[0], cells[1] = widget.Cell{Text: s.name(r)}, widget.Cell{Text: env.Text("role.builtin"), Role: theme.Faint}
	if r.Kind == access.Custom {
		cells[0].Text += "*"
		cells[1] = widget.Cell{Text: env.Text("role.custom"), Role: theme.Accent}
	}
	cells[2] = widget.Cell{Text: strconv.Itoa(r.Holders)}
	if r.Code == core.OwnerRole || r.Code == core.MemberRole {
		cells[2] = widget.Cell{Text: env.Text("tenant_role.by_itself"), Role: theme.Faint}
	}
	cells[3] = widget.Cell{Text: s.grants(r), Role: theme.Muted}
}

// grants names what a role grants, module by module.
func (s *Roles) grants(r core.Role) string {
	switch {
	case r.Everything:
		return s.env.Text("tenant_role.everything")
	case r.Capabilities == 0:
		return s.env.Text("tenant_role.nothing")
	}
	var parts []string
	for _, c := range access.AllCapabilities() {
		if r.Capabilities.Has(c) {
			parts = append(parts, s.env.Text("capability."+c.Code()))
		}
	}
	return strings.Join(parts, " · ")
}

func (s *Roles) field(r core.Role, name string) string {
	kind := s.env.Text("role.builtin")
	if r.Kind == access.Custom {
		kind = s.env.Text("role.custom")
	}
	switch name {
	case "name":
		return s.name(r)
	case "type":
		return kind
	case "grants":
		return s.grants(r)
	}
	return s.name(r) + " " + kind + " " + r.Code + " " + s.grants(r)
}

// Title implements screen.Screen.
func (s *Roles) Title() string { return s.env.Text("tab.tenant-roles") }

// Scopes implements screen.Screen.
func (s *Roles) Scopes() []action.Scope {
	return []action.Scope{action.ScopeTenantRoles, action.ScopeLists}
}

// Verdict implements screen.Screen.
func (s *Roles) Verdict(id action.ID) control.Verdict {
	switch id {
	case action.TenantRoleSet, action.TenantRoleDelete:
		r, ok := s.Selected()
		if !ok {
			return control.Impossible("list.no_row", nil)
		}
		if r.Kind == access.Builtin {
			return control.Impossible("fault.role.builtin", message.Args{"Role": core.RoleName(r.TenantRole)})
		}
		return control.Possible()
	}
	return s.List.Verdict(id)
}

// Act implements screen.Screen.
func (s *Roles) Act(id action.ID) []screen.Event {
	switch id {
	case action.TenantRoleCreate:
		return s.create()
	case action.TenantSetRule:
		return s.env.SetRule()
	}
	if r, ok := s.Selected(); ok {
		switch id {
		case action.TenantRoleSet:
			return s.edit(r)
		case action.TenantRoleDelete:
			return s.remove(r)
		case action.Open:
			if s.env.May(action.TenantRoleSet).OK && r.Kind == access.Custom {
				return s.edit(r)
			}
			return []screen.Event{screen.Open{Route: route.Route{Kind: route.TenantMembers, Region: s.region, Query: "role:" + strconv.Quote(s.name(r))}}}
		}
	}
	events, _ := s.List.Act(id)
	return events
}

// capabilities are the grants that a custom role can be given, module by module.
func (a acts) capabilities() []widget.Option {
	var options []widget.Option
	for _, c := range access.CustomCapabilities() {
		options = append(options, widget.Option{ID: c.Code(), Label: a.env.Text("capability." + c.Code())})
	}
	return options
}

func chosen(f *widget.Form) access.Capabilities {
	var set access.Capabilities
	for _, code := range f.Values("grants") {
		if c, err := access.ParseCapability(code); err == nil {
			set = set.With(c)
		}
	}
	return set
}

func (s *Roles) create() []screen.Event {
	env := s.env
	form := widget.NewForm(
		widget.TextField("name", env.Text("column.role"), "").WithHelp(env.Text("role.name.help")).WithLimit(80).WithValidate(func(v string) string {
			if what, bad := core.NameFault(v); bad {
				return env.Say.Say(what)
			}
			return ""
		}),
		widget.MultiField("grants", env.Text("column.grants"), s.capabilities(), nil).WithHelp(env.Text("tenant_role.grants.help")),
	)
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.With("tenant_role.create.title", message.Args{"Region": s.region}), form, func(f *widget.Form) []screen.Event {
		return []screen.Event{screen.Run("create", env.Text("job.saving"), func(ctx context.Context) (core.Role, error) {
			return env.TenantRoles.Create(ctx, s.region, f.Value("name"), chosen(f))
		}, func(r core.Role, err error) []screen.Event {
			if err != nil {
				return box.Failed(err)
			}
			return []screen.Event{screen.Hide{Overlay: box}, screen.Did{Text: message.Text{ID: "role.created", Args: message.Args{"Name": r.Name}}}}
		})}
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

func (s *Roles) edit(r core.Role) []screen.Event {
	env := s.env
	var current []string
	for _, c := range access.AllCapabilities() {
		if r.Capabilities.Has(c) {
			current = append(current, c.Code())
		}
	}
	form := widget.NewForm(widget.MultiField("grants", env.Text("column.grants"), s.capabilities(), current).WithHelp(env.Text("tenant_role.grants.help")))
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.With("tenant_role.edit.title", message.Args{"Name": r.Name}), form, func(f *widget.Form) []screen.Event {
		in := core.Edit{Capabilities: chosen(f), Version: r.Version}
		return s.env.Confirm(box.Failed, []screen.Event{screen.Hide{Overlay: box}}, env.Text("form.save"),
			func(ctx context.Context) (control.Outcome, error) {
				return env.TenantRoles.PreviewSet(ctx, s.region, r.Code, in)
			},
			func() []screen.Event {
				in.OwnLoss = true // the preview has said so
				return s.save("set", func(ctx context.Context) (core.Role, error) { return env.TenantRoles.Set(ctx, s.region, r.Code, in) }, "tenant_role.saved")
			})
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

func (s *Roles) remove(r core.Role) []screen.Event {
	env := s.env
	in := core.Removal{TakeAway: true, Version: r.Version}
	verb := env.Text("action.tenant_role.delete.short")
	if r.Holders > 0 {
		verb = env.With("role.delete.take_away", message.Args{"Count": r.Holders})
	}
	return s.env.Confirm(env.Fail, nil, verb,
		func(ctx context.Context) (control.Outcome, error) {
			return env.TenantRoles.PreviewDelete(ctx, s.region, r.Code, in)
		},
		func() []screen.Event {
			in.OwnLoss = true
			return s.save("delete", func(ctx context.Context) (core.Role, error) { return env.TenantRoles.Delete(ctx, s.region, r.Code, in) }, "role.deleted")
		})
}

func (s *Roles) save(key string, do func(context.Context) (core.Role, error), said string) []screen.Event {
	return []screen.Event{screen.Run(key, s.env.Text("job.saving"), do, func(r core.Role, err error) []screen.Event {
		if err != nil {
			return s.env.Fail(err)
		}
		return []screen.Event{screen.Did{Text: message.Text{ID: said, Args: message.Args{"Name": r.Name}}}}
	})}
}

// Question implements screen.Asked: about one who holds the role under the cursor.
func (s *Roles) Question() (screen.Question, bool) {
	r, ok := s.Selected()
	return screen.Question{Role: r.Code}, ok
}

var (
	_ screen.Screen = (*Roles)(nil)
	_ screen.Asked  = (*Roles)(nil)
)
