package bootstrap

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	core "reeve/core/bootstrap"
	"reeve/tui/screen"
	"reeve/tui/widget"
)

func (w *wizard) text(key, label, value, help string) *widget.Field {
	f := widget.TextField(key, w.env.Text(label), value)
	if help != "" {
		f.WithHelp(w.env.Text(help))
	}
	return f
}

func (w *wizard) options(prefix string, ids ...string) []widget.Option {
	var all []widget.Option
	for _, id := range ids {
		all = append(all, widget.Option{ID: id, Label: w.env.Text(prefix + id)})
	}
	return all
}

func (w *wizard) workspace() *widget.Form {
	s := w.start.Workspace
	return widget.NewForm(
		w.text("workspace.name", "column.name", s.Name, "workspace.name.help"),
		w.text("workspace.display_name", "column.display_name", s.DisplayName, "workspace.display_name.help"),
		widget.SelectField("workspace.mode", w.env.Text("column.mode"), w.options("mode.", "standard", "simple"), cmp.Or(s.Mode, "standard")),
		widget.SelectField("workspace.template", w.env.Text("column.template"), w.options("template.", "all-features", "openlake"), cmp.Or(s.Template, "all-features")),
		w.text("workspace.admins", "column.admins", strings.Join(s.Admins, ", "), "workspace.admins.help"),
	)
}

func (w *wizard) group() *widget.Form {
	g, c := core.Group{}, core.NewGroup{}
	if w.start.Group != nil {
		g = *w.start.Group
	}
	if g.Create != nil {
		c = *g.Create
	}
	size := ""
	if c.Size > 0 {
		size = strconv.Itoa(c.Size)
	}
	return widget.NewForm(
		w.text("resource_group.name", "bootstrap.part.2", g.Name, "bootstrap.empty.help"),
		widget.ToggleField("buy", w.env.Text("bootstrap.buy"), g.Create != nil).WithWords(w.env.Text("bootstrap.yes"), w.env.Text("bootstrap.no")),
		widget.SelectField("resource_group.create.billing", w.env.Text("bootstrap.billing"), w.options("billing.", "pay-as-you-go", "subscription"), cmp.Or(c.Billing, "pay-as-you-go")),
		w.text("resource_group.create.size", "bootstrap.cu", size, "bootstrap.cu.help"),
		w.text("resource_group.create.vpc", "bootstrap.vpc", c.VPC, ""),
		w.text("resource_group.create.vswitch", "bootstrap.vswitch", c.VSwitch, ""),
	)
}

// memberRows is how many sets of people with the same roles the wizard asks for.
const memberRows = 3

func (w *wizard) members() *widget.Form {
	var fields []*widget.Field
	for i := range memberRows {
		var m core.Member
		if i < len(w.start.Members) {
			m = w.start.Members[i]
		}
		fields = append(fields, w.text(fmt.Sprintf("users%d", i), "bootstrap.users", m.User, "bootstrap.users.help"),
			w.text(fmt.Sprintf("roles%d", i), "bootstrap.roles", strings.Join(m.Roles, ", "), "bootstrap.roles.help"))
	}
	return widget.NewForm(fields...)
}

func (w *wizard) engine() *widget.Form {
	var e core.Engine
	if w.start.Engine != nil {
		e = *w.start.Engine
	}
	return widget.NewForm(
		w.text("engine.name", "column.engine", e.Name, "bootstrap.empty.help"),
		widget.SelectField("engine.type", w.env.Text("column.type"), w.options("engine.type.", "maxcompute", "emr", "cdh", "other"), cmp.Or(e.Type, "maxcompute")),
		w.text("engine.dev_identity", "column.dev_identity", e.DevIdentity, "engine.identity.help"),
		w.text("engine.prod_identity", "column.prod_identity", e.ProdIdentity, "engine.identity.help"),
	)
}

func (w *wizard) source() *widget.Form {
	var d core.Source
	if w.start.Source != nil {
		d = *w.start.Source
	}
	var types []widget.Option
	for _, kind := range w.env.Sources.Types().All {
		var names []string
		for _, p := range kind.Properties {
			if p.Required {
				names = append(names, p.Name)
			}
		}
		types = append(types, widget.Option{ID: kind.Code, Label: kind.Name, Detail: strings.Join(names, " ")})
	}
	return widget.NewForm(
		w.text("data_source.name", "column.source", d.Name, "bootstrap.empty.help"),
		widget.SelectField("data_source.type", w.env.Text("column.type"), types, cmp.Or(d.Type, types[0].ID)),
		w.text("data_source.prod", "column.prod", assigned(d.Prod), "bootstrap.properties.help").WithLimit(4000),
		w.text("data_source.dev", "column.dev", assigned(d.Dev), "bootstrap.properties.help").WithLimit(4000),
		widget.ToggleField("test", w.env.Text("bootstrap.try"), !d.Untested).WithWords(w.env.Text("bootstrap.yes"), w.env.Text("bootstrap.no")),
	)
}

// assigned writes properties as NAME=VALUE.
func assigned(p map[string]string) string {
	var words []string
	for name, value := range p {
		words = append(words, name+"="+value)
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// properties reads NAME=VALUE with spaces between; nil if nothing was typed. A word without = is a property without a value,
// which the plan then refuses by name.
func properties(typed string) map[string]string {
	var p map[string]string
	for _, word := range strings.Fields(typed) {
		name, value, _ := strings.Cut(word, "=")
		if p == nil {
			p = map[string]string{}
		}
		p[name] = value
	}
	return p
}

// spec is what was asked for.
func (w *wizard) spec() core.Spec {
	f := w.forms
	s := core.Spec{Region: w.start.Region, Workspace: core.Workspace{Name: f[0].Value("workspace.name"), DisplayName: f[0].Value("workspace.display_name"),
		Description: w.start.Workspace.Description, Mode: f[0].Value("workspace.mode"), Template: f[0].Value("workspace.template"),
		Admins: screen.Words(f[0].Value("workspace.admins"))}}
	if name := f[1].Value("resource_group.name"); name != "" && !w.skip[1] {
		s.Group = &core.Group{Name: name}
		if f[1].On("buy") {
			size, _ := strconv.Atoi(f[1].Value("resource_group.create.size"))
			s.Group.Create = &core.NewGroup{Billing: f[1].Value("resource_group.create.billing"), Size: size,
				VPC: f[1].Value("resource_group.create.vpc"), VSwitch: f[1].Value("resource_group.create.vswitch")}
		}
	}
	w.rows = nil
	for i := range memberRows {
		if w.skip[2] {
			break
		}
		for _, user := range screen.Words(f[2].Value(fmt.Sprintf("users%d", i))) {
			s.Members, w.rows = append(s.Members, core.Member{User: user, Roles: screen.Words(f[2].Value(fmt.Sprintf("roles%d", i)))}), append(w.rows, i)
		}
	}
	if len(w.start.Members) > memberRows && !w.skip[2] {
		for _, m := range w.start.Members[memberRows:] {
			s.Members, w.rows = append(s.Members, m), append(w.rows, memberRows-1)
		}
	}
	if name := f[3].Value("engine.name"); name != "" && !w.skip[3] {
		s.Engine = &core.Engine{Name: name, Type: f[3].Value("engine.type"), DevIdentity: f[3].Value("engine.dev_identity"), ProdIdentity: f[3].Value("engine.prod_identity")}
	}
	if name := f[4].Value("data_source.name"); name != "" && !w.skip[4] {
		s.Source = &core.Source{Name: name, Type: f[4].Value("data_source.type"), Prod: properties(f[4].Value("data_source.prod")),
			Dev: properties(f[4].Value("data_source.dev")), Untested: !f[4].On("test")}
	}
	return s
}
