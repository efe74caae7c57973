package source

import (
	"context"
	"strings"

	"reeve/core/message"
	core "reeve/core/source"
	"reeve/core/workspace"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// add asks what the source is, and then how it is reached, which depends on it.
func (s *List) add() []screen.Event {
	env := s.env
	var types []widget.Option
	for _, kind := range env.Sources.Types().All {
		types = append(types, widget.Option{ID: kind.Code, Label: kind.Name})
	}
	form := widget.NewForm(
		widget.TextField("name", env.Text("column.source"), "").WithLimit(255),
		widget.SelectField("type", env.Text("column.type"), types, types[0].ID).WithHelp(env.Text("source.add.type.help")),
		widget.TextField("description", env.Text("column.description"), "").WithLimit(3000),
	)
	var box *screen.FormBox
	box = screen.NewQuestionBox(env, env.With("source.add.title", message.Args{"Workspace": s.ref.Workspace}), form, func(f *widget.Form) []screen.Event {
		return []screen.Event{screen.Run("source", env.Text("job.saving"), func(ctx context.Context) (workspace.Workspace, error) {
			return env.Workspaces.Get(ctx, s.ref)
		}, func(w workspace.Workspace, err error) []screen.Event {
			if err != nil {
				return box.Failed(err)
			}
			in := core.Create{Name: strings.TrimSpace(f.Value("name")), Type: f.Value("type"), Description: f.Value("description")}
			return append([]screen.Event{screen.Hide{Overlay: box}}, s.properties(in, environments(w))...)
		})}
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

// environments are those of a workspace, production first: it is the one that every source has.
func environments(w workspace.Workspace) []core.Environment {
	if w.Mode == workspace.Standard {
		return []core.Environment{core.Prod, core.Dev}
	}
	return []core.Environment{core.Prod}
}

// properties asks how a new source is reached.
func (s *List) properties(in core.Create, envs []core.Environment) []screen.Event {
	env := s.env
	kind, _ := env.Sources.Types().Find(in.Type)
	form := widget.NewForm(s.fields(kind, core.Source{}, envs)...)
	return s.form(env.With("source.properties.title", message.Args{"Name": in.Name}), form, "source.added", func(ctx context.Context, f *widget.Form) (core.Source, error) {
		in.Connections = given(f, kind, envs)
		return env.Sources.Create(ctx, s.ref, in)
	})
}

// update asks how a source is reached from now on.
func (s *List) update(one core.Source) []screen.Event {
	env := s.env
	kind, known := env.Sources.Types().Find(one.Type)
	if !known {
		return []screen.Event{screen.Say{Level: widget.ToastWarning, Text: message.Text{ID: "fault.source.type",
			Args: message.Args{"Type": one.Type, "Types": strings.Join(env.Sources.Types().Codes(), ", ")}}}}
	}
	var envs []core.Environment
	for _, c := range one.Connections {
		envs = append(envs, c.Environment)
	}
	form := widget.NewForm(s.fields(kind, one, envs)...)
	return s.form(env.With("source.properties.title", message.Args{"Name": one.Name}), form, "source.updated", func(ctx context.Context, f *widget.Form) (core.Source, error) {
		return env.Sources.Update(ctx, s.ref, one.Name, core.Update{Connections: given(f, kind, envs), Version: one.Version})
	})
}

// fields are the properties of each environment, as they are now.
func (s *List) fields(kind core.Type, one core.Source, envs []core.Environment) []*widget.Field {
	env := s.env
	fields := []*widget.Field{widget.NoteField(env.Text("source.properties.note"))}
	for _, e := range envs {
		c, _ := one.In(e)
		fields = append(fields, widget.NoteField(env.Text("source.env."+string(e))))
		for _, p := range kind.Properties {
			fields = append(fields, s.field(e, p, c.Properties[p.Name]))
		}
	}
	return fields
}

func (s *List) field(e core.Environment, p core.Property, now string) *widget.Field {
	key := core.FieldName(e, p.Name)
	if p.Kind == core.KindChoice {
		var options []widget.Option
		for _, choice := range p.Choices {
			options = append(options, widget.Option{ID: choice, Label: choice})
		}
		if now == "" && p.Required {
			now = p.Choices[0]
		}
		return widget.SelectField(key, p.Name, options, now)
	}
	f := widget.TextField(key, p.Name, now).WithLimit(1024)
	switch {
	case p.Kind == core.KindAddresses:
		f.WithHelp(s.env.Text("source.addresses.help"))
	case p.Kind == core.KindEndpoint:
		f.WithHelp(s.env.Text("source.endpoint.help"))
	case p.Kind == core.KindJDBC:
		f.WithHelp(s.env.Text("source.jdbc.help"))
	case !p.Required:
		f.WithHelp(s.env.Text("source.optional.help"))
	}
	return f
}

// given is what was filled in.
func given(f *widget.Form, kind core.Type, envs []core.Environment) map[core.Environment]core.Properties {
	all := map[core.Environment]core.Properties{}
	for _, e := range envs {
		all[e] = core.Properties{}
		for _, p := range kind.Properties {
			all[e][p.Name] = f.Value(core.FieldName(e, p.Name))
		}
	}
	return all
}

// form is a form that makes or changes a source.
func (s *List) form(title string, form *widget.Form, said string, do func(context.Context, *widget.Form) (core.Source, error)) []screen.Event {
	env := s.env
	var box *screen.FormBox
	box = screen.NewFormBox(env, title, form, func(f *widget.Form) []screen.Event {
		return []screen.Event{screen.Run("source", env.Text("job.saving"), func(ctx context.Context) (core.Source, error) { return do(ctx, f) },
			func(one core.Source, err error) []screen.Event {
				if err != nil {
					return box.Failed(err)
				}
				return []screen.Event{screen.Hide{Overlay: box}, screen.Did{Text: message.Text{ID: said, Args: message.Args{"Name": one.Name}}}}
			})}
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

func (s *List) delete(one core.Source) []screen.Event {
	env := s.env
	d := widget.NewDialog(env.With("source.delete.title", message.Args{"Name": one.Name}),
		[]widget.BodyLine{{Text: env.Text("source.delete.effect"), Role: theme.Warning}},
		widget.Choice{ID: "no", Label: env.Text("dialog.cancel"), Key: "n"}, widget.Choice{ID: "yes", Label: env.Text("action.source.delete.short"), Key: "y", Danger: true})
	return []screen.Event{screen.Show{Overlay: screen.Ask(d, func(choice string) []screen.Event {
		if choice != "yes" {
			return nil
		}
		return []screen.Event{screen.Run("delete", env.Text("job.saving"), func(ctx context.Context) (core.Source, error) {
			return env.Sources.Delete(ctx, s.ref, one.Name, "", one.Version)
		}, func(gone core.Source, err error) []screen.Event {
			if err != nil {
				return env.Fail(err)
			}
			return []screen.Event{screen.Did{Text: message.Text{ID: "source.deleted", Args: message.Args{"Name": gone.Name}}}}
		})}
	})}}
}
