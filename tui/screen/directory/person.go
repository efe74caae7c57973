package directory

import (
	"context"
	"strings"

	"reeve/core/control"
	core "reeve/core/directory"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// names are the names of users.
func names(users []core.User) []string {
	list := make([]string, len(users))
	for i, u := range users {
		list[i] = u.Name
	}
	return list
}

// shown is a user with what there is to see of them.
type shown struct {
	user  core.User
	keys  []core.Key
	holds core.Holdings
}

// show tells everything of one user over the list.
func (s *List) show(u core.User) []screen.Event {
	env := s.env
	return []screen.Event{screen.Run("show", "", func(ctx context.Context) (got shown, err error) {
		if got.user, err = env.Users.Get(ctx, u.Name); err != nil {
			return got, err
		}
		if got.keys, err = env.Users.KeysOf(ctx, u.Name); err != nil {
			return got, err
		}
		got.holds, err = env.Users.Holdings(ctx, u.Name)
		return got, err
	}, func(got shown, err error) []screen.Event {
		if err != nil {
			return env.Fail(err)
		}
		return []screen.Event{screen.Show{Overlay: s.card(got)}}
	})}
}

func (s *List) card(got shown) screen.Overlay {
	env, u := s.env, got.user
	return &screen.Pages{Title: u.Name, Note: env.Text("kind." + string(u.Kind)), Width: 96, Lines: func(th *theme.Theme, w int) []string {
		var values []widget.KV
		add := func(label, value string, role theme.Role) {
			if value != "" {
				values = append(values, widget.KV{Label: label, Value: value, Role: role})
			}
		}
		status := env.Text("user.status." + string(u.Status))
		if u.Since != nil {
			status += "  " + env.With("why.disabled_since", message.Args{"When": env.Day(*u.Since)})
		}
		column := func(id string) string { return env.Text("column." + id) }
		add(column("status"), status, statusRole(u.Status))
		add(column("display_name"), u.DisplayName, theme.Text)
		add(column("email"), u.Email, theme.Text)
		add(column("phone"), u.Phone, theme.Text)
		add(column("from"), u.Source, theme.Text)
		add(column("external_id"), u.ExternalID, theme.Faint)
		add(column("os_user"), u.OSUser, theme.Text)
		add(column("created"), env.Day(u.CreatedAt), theme.Muted)
		values = append(values, widget.KV{})
		for _, held := range []struct {
			label string
			names []string
		}{
			{column("workspaces"), got.holds.Workspaces}, {column("owner"), got.holds.Owns}, {column("workspaces_created"), got.holds.Made}, {column("tenant_roles"), got.holds.TenantRoles},
			{column("policy"), got.holds.Policies}, {column("groups"), got.holds.Groups}, {column("members"), got.holds.Members},
			{env.Text("tab.engines"), got.holds.Engines}, {env.Text("leaving.kind.identity"), got.holds.Identities}, {column("requests"), got.holds.Requests},
		} {
			add(held.label, screen.Some(held.names), theme.Text)
		}
		for i, k := range got.keys {
			label := ""
			if i == 0 {
				label = column("keys")
			}
			values = append(values, widget.KV{Label: label, Value: k.Fingerprint},
				widget.KV{Value: strings.TrimSpace(k.Type + "  " + k.Comment + "  " + env.Day(k.AddedAt) + " · " + k.AddedBy), Role: theme.Muted})
		}
		return append(widget.Details(th, values, w), paint.Empty(w), paint.NewLine(th, w).Gap(1).
			Text(theme.Key, "esc").Gap(1).Text(theme.KeyTitle, env.Text("action.console.back.short")).String())
	}}
}

// update changes how somebody is shown and reached.
func (s *List) update(u core.User) []screen.Event {
	env := s.env
	form := widget.NewForm(
		widget.TextField("display_name", env.Text("column.display_name"), u.DisplayName).WithLimit(128),
		widget.TextField("email", env.Text("column.email"), u.Email).WithLimit(254),
		widget.TextField("phone", env.Text("column.phone"), u.Phone).WithLimit(32),
	)
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.With("user.update.title", message.Args{"Name": u.Name}), form, func(f *widget.Form) []screen.Event {
		display, email, phone := f.Value("display_name"), f.Value("email"), f.Value("phone")
		in := core.Edit{DisplayName: &display, Email: &email, Phone: &phone, Version: u.Version}
		return []screen.Event{screen.Run("update", env.Text("job.saving"), func(ctx context.Context) (core.User, error) { return env.Users.Update(ctx, u.Name, in) },
			func(after core.User, err error) []screen.Event {
				if err != nil {
					return box.Failed(err)
				}
				return []screen.Event{screen.Hide{Overlay: box}, screen.Did{Text: message.Text{ID: "user.updated", Args: message.Args{"Name": after.Name}}}}
			})}
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

// disable shows first what the users would lose.
func (s *List) disable(users []core.User) []screen.Event {
	env, in := s.env, core.Batch{Names: names(users)}
	return env.Confirm(env.Fail, nil, env.Text("action.user.disable.short"),
		func(ctx context.Context) (control.Outcome, error) { return env.Users.PreviewDisable(ctx, in) },
		func() []screen.Event {
			in.OwnLoss = true // the preview has said so
			return s.batch("user.disabled", func(ctx context.Context) ([]core.User, error) { return env.Users.Disable(ctx, in) })
		})
}

// enable shows first what the users would gain.
func (s *List) enable(users []core.User) []screen.Event {
	env, in := s.env, core.Batch{Names: names(users)}
	return env.Confirm(env.Fail, nil, env.Text("action.user.enable.short"),
		func(ctx context.Context) (control.Outcome, error) { return env.Users.PreviewEnable(ctx, in) },
		func() []screen.Event {
			return s.batch("user.enabled", func(ctx context.Context) ([]core.User, error) { return env.Users.Enable(ctx, in) })
		})
}

// batch is one change of several users.
func (s *List) batch(done string, do func(context.Context) ([]core.User, error)) []screen.Event {
	env := s.env
	return []screen.Event{screen.Run("batch", env.Text("job.saving"), do, func(users []core.User, err error) []screen.Event {
		if err != nil {
			return env.Fail(err)
		}
		s.Unmark()
		return []screen.Event{screen.Did{Text: message.Text{ID: done, Args: message.Args{"Count": len(users), "Names": screen.Some(names(users))}}}}
	})}
}

// addKeys takes lines as they stand in authorized_keys.
func (s *List) addKeys(u core.User) []screen.Event {
	env := s.env
	var box *screen.TextBox
	box = screen.NewTextBox(env, env.With("user.keys.title", message.Args{"Name": u.Name}), "", env.Text("action.user.key_add.short"),
		func(_ *screen.TextBox, lines string) []screen.Event {
			return []screen.Event{screen.Run("keys", env.Text("job.saving"), func(ctx context.Context) ([]core.Key, error) { return env.Users.AddKeys(ctx, u.Name, lines) },
				func(added []core.Key, err error) []screen.Event {
					if err != nil {
						return box.Failed(err)
					}
					return []screen.Event{screen.Hide{Overlay: box}, screen.Did{Text: message.Text{ID: "user.keys.added", Args: message.Args{"Count": len(added), "Name": u.Name}}}}
				})}
		})
	return []screen.Event{screen.Show{Overlay: box}}
}

// removeKey lets one choose which key goes.
func (s *List) removeKey(u core.User) []screen.Event {
	env := s.env
	return []screen.Event{screen.Run("keys", "", func(ctx context.Context) ([]core.Key, error) { return env.Users.KeysOf(ctx, u.Name) },
		func(keys []core.Key, err error) []screen.Event {
			if err != nil {
				return env.Fail(err)
			}
			var items []widget.Item
			for _, k := range keys {
				items = append(items, widget.Item{ID: k.Fingerprint, Cells: []string{k.Fingerprint, k.Comment}})
			}
			return []screen.Event{screen.Show{Overlay: screen.Pick(widget.NewPicker(env.With("user.keys.remove", message.Args{"Name": u.Name}), items, ""),
				func(p *widget.Picker) []screen.Event {
					chosen := p.Chosen()
					if chosen == "" {
						return nil
					}
					return []screen.Event{screen.Run("keys", env.Text("job.saving"), func(ctx context.Context) (core.Key, error) {
						return env.Users.RemoveKey(ctx, u.Name, chosen)
					}, func(k core.Key, err error) []screen.Event {
						if err != nil {
							return env.Fail(err)
						}
						return []screen.Event{screen.Did{Text: message.Text{ID: "user.keys.removed", Args: message.Args{"Fingerprint": k.Fingerprint, "Name": u.Name}}}}
					})}
				})}}
		})}
}
