package directory

import (
	"context"
	"strconv"
	"strings"

	core "reeve/core/directory"
	"reeve/core/message"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// sources shows the LDAP servers, to add one or to do something with one.
func (s *List) sources() []screen.Event {
	env := s.env
	return []screen.Event{screen.Run("sources", "", env.Directories.List, func(found []core.Source, err error) []screen.Event {
		if err != nil {
			return env.Fail(err)
		}
		var items []widget.Item
		for i, f := range found {
			when := env.Text("time.never")
			if f.SyncedAt != nil {
				when = env.Ago(*f.SyncedAt)
			}
			items = append(items, widget.Item{ID: strconv.Itoa(i), Cells: []string{f.Name, f.URL, when}})
		}
		items = append(items, widget.Item{ID: "new", Cells: []string{env.Text("sources.new")}})
		pick := widget.NewPicker(env.Text("sources.title"), items, "")
		pick.Hint, pick.NoMatch = env.Text("sources.hint"), env.Text("list.no_match")
		return []screen.Event{screen.Show{Overlay: screen.Pick(pick, func(p *widget.Picker) []screen.Event {
			at, err := strconv.Atoi(p.Chosen())
			if err != nil {
				return s.editSource(core.Source{Settings: core.Settings{Preset: core.OpenLDAP, Share: core.DefaultShare}})
			}
			return s.withSource(found[at])
		})}}
	})}
}

// withSource asks what is to be done with a source.
func (s *List) withSource(src core.Source) []screen.Event {
	env := s.env
	var items []widget.Item
	for _, id := range []string{"change", "test", "sync", "remove"} {
		items = append(items, widget.Item{ID: id, Cells: []string{env.Text("sources.what." + id)}})
	}
	return []screen.Event{screen.Show{Overlay: screen.Pick(widget.NewPicker(env.With("sources.what", message.Args{"Name": src.Name}), items, ""), func(p *widget.Picker) []screen.Event {
		switch p.Chosen() {
		case "change":
			return s.editSource(src)
		case "test":
			return s.testSource(src)
		case "sync":
			return env.SyncSource(src.Name)
		case "remove":
			return s.removeSource(src)
		}
		return nil
	})}}
}

// sourceForm are the settings of a source; a new one is asked for its name as well.
func (s *List) sourceForm(src core.Source) *widget.Form {
	env := s.env
	label := func(id string) string { return env.Text("sources.field." + id) }
	text := func(id, value string) *widget.Field {
		return widget.TextField(id, label(id), value).WithHelp(env.Text("cli.directory." + id)).WithLimit(1024)
	}
	onOff := func(id, help string, on bool) *widget.Field {
		return widget.ToggleField(id, label(id), on).WithHelp(env.Text("cli.directory."+help)).WithWords(env.Text("dialog.yes"), env.Text("dialog.no"))
	}
	var fields []*widget.Field
	if src.ID == 0 {
		fields = append(fields, widget.TextField("name", label("name"), "").WithLimit(64))
	}
	fields = append(fields,
		widget.SelectField("preset", label("preset"), []widget.Option{
			{ID: string(core.OpenLDAP), Label: env.Text("sources.preset.openldap")}, {ID: string(core.ActiveDirectory), Label: env.Text("sources.preset.ad")},
		}, string(src.Preset)),
		text("url", src.URL), onOff("start_tls", "starttls", src.StartTLS), onOff("plaintext", "plaintext", src.Plaintext), text("ca_file", src.CAFile),
		text("bind_dn", src.BindDN), text("password_from", src.PasswordFrom), text("base", src.Base), text("user_filter", src.UserFilter),
		onOff("read_groups", "groups", src.Settings.Groups), text("group_base", src.GroupBase), text("group_filter", src.GroupFilter),
		widget.TextField("share", label("share"), strconv.Itoa(src.Share)).WithHelp(env.Text("cli.directory.share")).WithLimit(3),
		onOff("vanished", "vanished_may_act", src.VanishedMayAct),
	)
	return widget.NewForm(fields...)
}

// filled are the settings that the form says; what it does not ask for stays.
func filled(f *widget.Form, src core.Source) core.EditSource {
	in := core.EditSource{Settings: src.Settings, VanishedMayAct: f.On("vanished"), Version: src.Version}
	in.Preset, in.StartTLS, in.Plaintext, in.Settings.Groups = core.Preset(f.Value("preset")), f.On("start_tls"), f.On("plaintext"), f.On("read_groups")
	for id, to := range map[string]*string{"url": &in.URL, "ca_file": &in.CAFile, "bind_dn": &in.BindDN, "password_from": &in.PasswordFrom, "base": &in.Base,
		"user_filter": &in.UserFilter, "group_base": &in.GroupBase, "group_filter": &in.GroupFilter} {
		*to = strings.TrimSpace(f.Value(id))
	}
	share, err := strconv.Atoi(strings.TrimSpace(f.Value("share")))
	if err != nil {
		share = -1 // no number is no share, which the service says
	}
	in.Share = share
	return in
}

// editSource asks for the settings of a source, new or not, and saves them.
func (s *List) editSource(src core.Source) []screen.Event {
	env := s.env
	title := env.Text("sources.add")
	if src.ID != 0 {
		title = env.With("sources.change", message.Args{"Name": src.Name})
	}
	var box *screen.FormBox
	box = screen.NewFormBox(env, title, s.sourceForm(src), func(f *widget.Form) []screen.Event {
		in := filled(f, src)
		return []screen.Event{screen.Run("source", env.Text("job.saving"), func(ctx context.Context) (core.Source, error) {
			if src.ID == 0 {
				return env.Directories.Add(ctx, core.NewSource{Name: f.Value("name"), Settings: in.Settings, VanishedMayAct: in.VanishedMayAct})
			}
			return env.Directories.Update(ctx, src.Name, in)
		}, func(saved core.Source, err error) []screen.Event {
			if err != nil {
				events := box.Failed(err)
				if problem := env.Fields(err)["password"]; problem != "" { // what is asked for is where it is
					f.SetErrors(map[string]string{"password_from": problem})
				}
				return events
			}
			return []screen.Event{screen.Hide{Overlay: box}, screen.Did{Text: message.Text{ID: "sources.saved", Args: message.Args{"Name": saved.Name}}}}
		})}
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

// testSource tries to reach a source and shows how far it came.
func (s *List) testSource(src core.Source) []screen.Event {
	env := s.env
	return []screen.Event{screen.Run("source", env.Text("sync.reading"), func(ctx context.Context) ([]core.Stage, error) { return env.Directories.Test(ctx, src.Name) },
		func(stages []core.Stage, err error) []screen.Event {
			if err != nil {
				return env.Fail(err)
			}
			return []screen.Event{screen.Show{Overlay: &screen.Pages{Title: env.With("sources.tested", message.Args{"Name": src.Name}), Width: 96,
				Lines: func(th *theme.Theme, w int) []string { return stageLines(env.Say.Say, th, w, stages) }}}}
		})}
}

func (s *List) removeSource(src core.Source) []screen.Event {
	env := s.env
	args := message.Args{"Name": src.Name}
	d := widget.NewDialog(env.With("sources.what", args), []widget.BodyLine{{Text: env.Text("sources.remove.body")}},
		widget.Choice{ID: "no", Label: env.Text("dialog.cancel"), Key: "n"},
		widget.Choice{ID: "yes", Label: env.Text("action.directory.source_remove.short"), Key: "y", Danger: true})
	return []screen.Event{screen.Show{Overlay: screen.Ask(d, func(choice string) []screen.Event {
		if choice != "yes" {
			return nil
		}
		return []screen.Event{screen.Run("source", env.Text("job.saving"), func(ctx context.Context) (core.Source, error) { return env.Directories.Remove(ctx, src.Name) },
			func(gone core.Source, err error) []screen.Event {
				if err != nil {
					return env.Fail(err)
				}
				return []screen.Event{screen.Did{Text: message.Text{ID: "sources.removed", Args: message.Args{"Name": gone.Name}}}}
			})}
	})}}
}
