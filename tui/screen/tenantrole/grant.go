package tenantrole

import (
	"context"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/message"
	core "reeve/core/tenantrole"
	"reeve/tui/screen"
	"reeve/tui/widget"
)

// acts are what the screens of a region's tenant roles do alike.
type acts struct {
	env    *screen.Env
	region string
}

// grant asks which roles and until when, shows the effect, and gives them. A custom role may take access away, which is why
// the effect comes first here too.
func (a acts) grant(members []core.Member, done func()) []screen.Event {
	return a.withRoles(func(roles []core.Role) []screen.Event {
		env := a.env
		var options []widget.Option
		for _, r := range roles {
			if r.Assignable {
				options = append(options, widget.Option{ID: r.Code, Label: a.name(r)})
			}
		}
		form := widget.NewForm(widget.MultiField("role", env.Text("column.tenant_roles"), options, nil).WithValidate(env.SomeRole), env.UntilField())
		var box *screen.FormBox
		box = screen.NewFormBox(env, a.title("tenant_member.grant.title", members), form, func(f *widget.Form) []screen.Event {
			until, _ := env.ParseUntil(f.Value("until"))
			in := core.Batch{Users: names(members), Roles: f.Values("role"), Until: until}
			return a.env.Confirm(box.Failed, []screen.Event{screen.Hide{Overlay: box}}, env.Text("action.tenant_member.grant.short"),
				func(ctx context.Context) (control.Outcome, error) {
					return env.TenantRoles.PreviewGrant(ctx, a.region, in)
				},
				func() []screen.Event {
					in.OwnLoss = true // the preview has said so
					return a.change("grant", "tenant_member.granted", done, func(ctx context.Context) ([]core.Member, error) {
						return env.TenantRoles.Grant(ctx, a.region, in)
					})
				})
		})
		return []screen.Event{screen.Show{Overlay: box}}
	})
}

// revoke asks which of the roles held, shows the effect, and takes them away.
func (a acts) revoke(members []core.Member, done func()) []screen.Event {
	return a.withRoles(func(roles []core.Role) []screen.Event {
		env := a.env
		codes := held(members)
		var items []widget.Item
		for _, r := range roles {
			if codes[r.Code] {
				items = append(items, widget.Item{ID: r.Code, Cells: []string{a.name(r)}, Checked: len(codes) == 1})
			}
		}
		p := widget.NewPicker(a.title("tenant_member.revoke.title", members), items, "")
		p.Several, p.Hint, p.NoMatch = true, env.Text("member.roles.hint"), env.Text("list.no_match")
		return []screen.Event{screen.Show{Overlay: screen.Pick(p, func(p *widget.Picker) []screen.Event {
			in := core.Batch{Users: names(members), Roles: p.Checked()}
			return a.env.Confirm(env.Fail, nil, env.Text("action.tenant_member.revoke.short"),
				func(ctx context.Context) (control.Outcome, error) {
					return env.TenantRoles.PreviewRevoke(ctx, a.region, in)
				},
				func() []screen.Event {
					in.OwnLoss = true
					return a.change("revoke", "tenant_member.revoked", done, func(ctx context.Context) ([]core.Member, error) {
						return env.TenantRoles.Revoke(ctx, a.region, in)
					})
				})
		})}}
	})
}

func (a acts) withRoles(then func([]core.Role) []screen.Event) []screen.Event {
	return []screen.Event{screen.Run("roles", "", func(ctx context.Context) ([]core.Role, error) { return a.env.TenantRoles.List(ctx, a.region) },
		func(roles []core.Role, err error) []screen.Event {
			if err != nil {
				return a.env.Fail(err)
			}
			return then(roles)
		})}
}

func (a acts) change(key, said string, done func(), do func(context.Context) ([]core.Member, error)) []screen.Event {
	return []screen.Event{screen.Run(key, a.env.Text("job.saving"), do, func(changed []core.Member, err error) []screen.Event {
		if err != nil {
			return a.env.Fail(err)
		}
		done()
		return []screen.Event{screen.Did{Text: message.Text{ID: said, Args: message.Args{"Count": len(changed)}}}}
	})}
}

func (a acts) name(r core.Role) string {
	if r.Kind == access.Builtin {
		return a.env.Text("tenantrole." + r.Code)
	}
	return r.Name
}

func (a acts) title(id string, members []core.Member) string {
	if len(members) == 1 {
		return a.env.With(id, message.Args{"Count": 1, "Name": members[0].Name, "Region": a.region})
	}
	return a.env.With(id, message.Args{"Count": len(members), "Name": "", "Region": a.region})
}

func names(members []core.Member) []string {
	out := make([]string, len(members))
	for i, m := range members {
		out[i] = m.Name
	}
	return out
}
