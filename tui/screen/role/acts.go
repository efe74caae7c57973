package role

import (
	"context"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
	core "reeve/core/role"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// acts are what the list and the editor do alike.
type acts struct {
	env *screen.Env
	ref control.Ref
}

func newActs(env *screen.Env, at route.Route) acts {
	return acts{env: env, ref: control.Ref{Region: at.Region, Workspace: at.Workspace}}
}

// verdict on an act that is done to one role, beyond what the viewer's standing allows.
func (a acts) verdict(id action.ID, r core.Role) control.Verdict {
	if r.Kind == access.Builtin && (id == action.RoleDelete || id == action.RoleSet || id == action.RolePreview || id == action.RoleCopy) {
		return control.Impossible("fault.role.builtin", message.Args{"Role": control.RoleName(r.Role)})
	}
	return control.Possible()
}

func (a acts) nameForm() *widget.Form {
	env := a.env
	return widget.NewForm(widget.TextField("name", env.Text("column.role"), "").WithHelp(env.Text("role.name.help")).WithLimit(80).
		WithValidate(func(s string) string {
			if what, bad := core.NameFault(s); bad {
				return env.Say.Say(what)
			}
			return ""
		}))
}

// made is the form that makes a role and opens it in the editor.
func (a acts) made(title string, form *widget.Form, do func(ctx context.Context, f *widget.Form) (core.Role, error)) []screen.Event {
	env := a.env
	var box *screen.FormBox
	box = screen.NewFormBox(env, title, form, func(f *widget.Form) []screen.Event {
		return []screen.Event{screen.Run("make", env.Text("job.saving"), func(ctx context.Context) (core.Role, error) { return do(ctx, f) },
			func(r core.Role, err error) []screen.Event {
				if err != nil {
					return box.Failed(err)
				}
				return []screen.Event{
					screen.Hide{Overlay: box},
					screen.Did{Text: message.Text{ID: "role.created", Args: message.Args{"Name": r.Name}}},
					a.edit(r.Name, r.Kind, r.Code),
				}
			})}
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

func (a acts) create() []screen.Event {
	env := a.env
	form := widget.NewForm(
		a.nameForm().Field("name"),
		widget.SelectField("start", env.Text("role.start"), a.beginnings(), "none"),
	)
	return a.made(env.With("role.create.title", message.Args{"Workspace": a.ref.Workspace}), form, func(ctx context.Context, f *widget.Form) (core.Role, error) {
		levels, err := a.levelsOf(f.Value("start"))
		if err != nil {
			return core.Role{}, err
		}
		return env.Roles.Create(ctx, a.ref, f.Value("name"), levels)
	})
}

// beginnings are what a new role can begin with: one level for all modules, or a template.
func (a acts) beginnings() []widget.Option {
	env := a.env
	options := []widget.Option{
		{ID: access.None.String(), Label: env.Text("level.none"), Detail: env.Text("role.start.none")},
		{ID: access.Read.String(), Label: env.Text("level.read"), Detail: env.Text("role.start.read")},
	}
	for _, t := range env.Templates {
		options = append(options, widget.Option{ID: t.Code, Label: env.Say.Say(t.Name()), Detail: env.Say.Say(t.About())})
	}
	return options
}

// levelsOf are the levels that a beginning stands for.
func (a acts) levelsOf(beginning string) (access.Levels, error) {
	if level, err := access.ParseLevel(beginning); err == nil {
		return access.AllWorkspace(level), nil
	}
	t, err := a.env.Templates.Find(beginning)
	return t.Levels, err
}

func (a acts) clone(r core.Role) []screen.Event {
	title := a.env.With("role.clone.title", message.Args{"Role": control.RoleName(r.Role)})
	return a.made(title, a.nameForm(), func(ctx context.Context, f *widget.Form) (core.Role, error) {
		return a.env.Roles.Clone(ctx, a.ref, r.Code, f.Value("name"))
	})
}

// compare picks another role, then lays both side by side.
func (a acts) compare(r core.Role) []screen.Event {
	env := a.env
	return []screen.Event{screen.Run("roles", "", func(ctx context.Context) ([]core.Role, error) { return env.Roles.List(ctx, a.ref) },
		func(roles []core.Role, err error) []screen.Event {
			if err != nil {
				return env.Fail(err)
			}
			var items []widget.Item
			for _, other := range roles {
				if other.ID != r.ID {
					items = append(items, widget.Item{ID: other.Code, Cells: []string{env.Say.Say(control.RoleName(other.Role))}})
				}
			}
			p := widget.NewPicker(env.With("role.compare.title", message.Args{"Role": control.RoleName(r.Role)}), items, "")
			p.NoMatch = env.Text("list.no_match")
			return []screen.Event{screen.Show{Overlay: screen.Pick(p, func(p *widget.Picker) []screen.Event {
				other := p.Chosen()
				return []screen.Event{screen.Run("compare", "", func(ctx context.Context) (core.Comparison, error) {
					return env.Roles.Compare(ctx, a.ref, r.Code, other)
				}, func(c core.Comparison, err error) []screen.Event {
					if err != nil {
						return env.Fail(err)
					}
					return []screen.Event{screen.Show{Overlay: a.sideBySide(c)}}
				})}
			})}}
		})}
}

// remove previews the deletion, taking the role away from whoever holds it.
func (a acts) remove(r core.Role) []screen.Event {
	env := a.env
	in := core.Removal{TakeAway: true, Version: r.Version}
	title := env.With("role.delete.title", message.Args{"Name": r.Name})
	verb := env.Text("action.role.delete.short")
	if r.Holders > 0 {
		verb = env.With("role.delete.take_away", message.Args{"Count": r.Holders})
	}
	return []screen.Event{screen.Run("preview", "", func(ctx context.Context) (control.Outcome, error) {
		return env.Roles.PreviewDelete(ctx, a.ref, r.Code, in)
	}, func(o control.Outcome, err error) []screen.Event {
		if err != nil {
			return env.Fail(err)
		}
		return []screen.Event{screen.Show{Overlay: env.Preview(o, title, verb, func() []screen.Event {
			return []screen.Event{screen.Run("delete", env.Text("job.saving"), func(ctx context.Context) (core.Role, error) {
				return env.Roles.Delete(ctx, a.ref, r.Code, in)
			}, func(gone core.Role, err error) []screen.Event {
				if err != nil {
					return env.Fail(err)
				}
				return []screen.Event{screen.Did{Text: message.Text{ID: "role.deleted", Args: message.Args{"Name": gone.Name}}}}
			})}
		})}}
	})}
}

// sideBySide shows two roles and where they differ.
func (a acts) sideBySide(c core.Comparison) screen.Overlay {
	env := a.env
	left, right := env.Say.Say(control.RoleName(c.Left.Role)), env.Say.Say(control.RoleName(c.Right.Role))
	return &screen.Pages{Title: left + " / " + right, Note: env.With("role.differences", message.Args{"Count": len(c.Differences)}), Width: 88,
		Lines: func(th *theme.Theme, w int) []string {
			return a.compared(th, w, left, right, c.Left.Levels, c.Right.Levels)
		}}
}
