package engine

import (
	"context"
	"strings"

	core "reeve/core/engine"
	"reeve/core/message"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

func (s *List) add() []screen.Event {
	env := s.env
	var types []widget.Option
	for _, code := range []string{"maxcompute", "emr", "cdh", "other"} {
		types = append(types, widget.Option{ID: code, Label: env.Text("engine.type." + code)})
	}
	form := widget.NewForm(append([]*widget.Field{
		widget.TextField("name", env.Text("column.engine"), "").WithLimit(80),
		widget.SelectField("type", env.Text("column.type"), types, "maxcompute"),
	}, s.identities("", "")...)...)
	return s.form(env.With("engine.add.title", message.Args{"Workspace": s.ref.Workspace}), form, "engine.added", func(ctx context.Context, f *widget.Form) (core.Engine, error) {
		return env.Engines.Add(ctx, s.ref, core.Add{Name: strings.TrimSpace(f.Value("name")), Type: f.Value("type"),
			DevIdentity: f.Value("dev_identity"), ProdIdentity: f.Value("prod_identity")})
	})
}

// identities are the fields for as whom an engine's tasks run.
func (s *List) identities(dev, prod string) []*widget.Field {
	help := s.env.Text("engine.identity.help")
	return []*widget.Field{
		widget.TextField("dev_identity", s.env.Text("column.dev_identity"), dev).WithHelp(help),
		widget.TextField("prod_identity", s.env.Text("column.prod_identity"), prod).WithHelp(help),
	}
}

func (s *List) setIdentities(e core.Engine) []screen.Event {
	env := s.env
	form := widget.NewForm(s.identities(e.DevIdentity, e.ProdIdentity)...)
	return s.form(env.With("engine.identity.title", message.Args{"Name": e.Name}), form, "engine.identity_set", func(ctx context.Context, f *widget.Form) (core.Engine, error) {
		dev, prod := f.Value("dev_identity"), f.Value("prod_identity")
		return env.Engines.SetIdentities(ctx, s.ref, core.IdentityChange{Engine: e.Name, Dev: &dev, Prod: &prod, Version: e.Version})
	})
}

func (s *List) mapRole(e core.Engine) []screen.Event {
	env := s.env
	form := widget.NewForm(
		widget.TextField("role", env.Text("column.role"), "").WithHelp(env.Text("engine.map_role.help")),
		widget.TextField("engine_role", env.Text("column.engine_role"), "").WithHelp(env.Text("engine.unmap.help")),
	)
	return s.form(env.With("engine.map.title", message.Args{"Name": e.Name}), form, "engine.mapped", func(ctx context.Context, f *widget.Form) (core.Engine, error) {
		return env.Engines.MapRole(ctx, s.ref, core.RoleMap{Engine: e.Name, Role: f.Value("role"), EngineRole: f.Value("engine_role"), Version: e.Version})
	})
}

func (s *List) mapAccount(e core.Engine) []screen.Event {
	env := s.env
	form := widget.NewForm(
		widget.TextField("user", env.Text("column.account"), ""),
		widget.TextField("account", env.Text("column.engine_account"), "").WithHelp(env.Text("engine.unmap.help")),
	)
	return s.form(env.With("engine.map.title", message.Args{"Name": e.Name}), form, "engine.mapped", func(ctx context.Context, f *widget.Form) (core.Engine, error) {
		return env.Engines.MapAccount(ctx, s.ref, core.AccountMap{Engine: e.Name, User: f.Value("user"), Account: f.Value("account"), Version: e.Version})
	})
}

func (s *List) remove(e core.Engine) []screen.Event {
	env := s.env
	d := widget.NewDialog(env.With("engine.remove.title", message.Args{"Name": e.Name}),
		[]widget.BodyLine{{Text: env.With("engine.remove.effect", message.Args{"Count": len(e.Roles) + len(e.Accounts)}), Role: theme.Warning}},
		widget.Choice{ID: "no", Label: env.Text("dialog.cancel"), Key: "n"}, widget.Choice{ID: "yes", Label: env.Text("action.engine.remove.short"), Key: "y", Danger: true})
	return []screen.Event{screen.Show{Overlay: screen.Ask(d, func(choice string) []screen.Event {
		if choice != "yes" {
			return nil
		}
		return []screen.Event{screen.Run("remove", env.Text("job.saving"), func(ctx context.Context) (core.Engine, error) {
			return env.Engines.Remove(ctx, s.ref, e.Name, e.Version)
		}, func(gone core.Engine, err error) []screen.Event {
			if err != nil {
				return env.Fail(err)
			}
			return []screen.Event{screen.Did{Text: message.Text{ID: "engine.removed", Args: message.Args{"Name": gone.Name}}}}
		})}
	})}}
}

// form is a form that changes an engine.
func (s *List) form(title string, form *widget.Form, said string, do func(context.Context, *widget.Form) (core.Engine, error)) []screen.Event {
	env := s.env
	var box *screen.FormBox
	box = screen.NewFormBox(env, title, form, func(f *widget.Form) []screen.Event {
		return []screen.Event{screen.Run("engine", env.Text("job.saving"), func(ctx context.Context) (core.Engine, error) { return do(ctx, f) },
			func(e core.Engine, err error) []screen.Event {
				if err != nil {
					return box.Failed(err)
				}
				return []screen.Event{screen.Hide{Overlay: box}, screen.Did{Text: message.Text{ID: said, Args: message.Args{"Name": e.Name}}}}
			})}
	})
	return []screen.Event{screen.Show{Overlay: box}}
}
