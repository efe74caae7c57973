package workspace

import (
	"cmp"
	"context"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
	core "reeve/core/workspace"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// row is one line of the settings: a setting, or something of the workspace that belongs beside them.
type row struct {
	w       core.Workspace
	section core.Section
	key     string
	// setting is nil for what is not set here.
	setting *core.Setting
}

// The rows that are no settings.
const (
	rowMode     = "mode"
	rowClusters = "cluster_management"
)

// Settings is the settings of a workspace, section by section, each changed in its place.
type Settings struct {
	*screen.List[row]
	acts
	ref control.Ref
}

// NewSettings makes the screen.
func NewSettings(env *screen.Env, at route.Route) *Settings {
	s := &Settings{acts: acts{env: env}, ref: control.Ref{Region: at.Region, Workspace: at.Workspace}}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[row]{
		Name: "settings-" + at.Workspace,
		Columns: []widget.Column{
			{ID: "section", Title: title("section"), Min: 11, Ideal: 12, Priority: 3, NoMatch: true},
			{ID: "setting", Title: title("setting"), Min: 18, Ideal: 26},
			{ID: "value", Title: title("value"), Min: 14, Ideal: 18, Flex: 1},
			{ID: "about", Title: title("about"), Min: 20, Ideal: 48, Flex: 4, Priority: 4, NoMatch: true},
		},
		Fields: []string{"section", "setting", "value"},
		Cells:  s.fill,
		ID:     func(r row) int64 { return place(r.key) },
		Label:  func(r row) string { return env.Text("setting." + r.key) },
		Load:   screen.Short(s.load, s.field),
		Empty:  func() widget.Empty { return widget.Empty{Title: env.Text("list.loading")} },
		Record: func(r row) any { return map[string]any{"key": r.key, "value": s.text(r)} },
	}, at.Query)
	return s
}

// place is the identity of a row: where it stands among all of them.
func place(key string) int64 {
	for i, r := range rows(core.Workspace{}) {
		if r.key == key {
			return int64(i) + 1
		}
	}
	return 0
}

// rows are the lines for a workspace.
func rows(w core.Workspace) []row {
	list := []row{{w: w, section: core.SectionGeneral, key: rowMode}}
	for _, s := range core.AllSettings() {
		list = append(list, row{w: w, section: s.Section, key: s.Key, setting: &s})
		if s.Key == "new_data_studio" {
			list = append(list, row{w: w, section: s.Section, key: rowClusters})
		}
	}
	return list
}

func (s *Settings) load(ctx context.Context) ([]row, error) {
	w, err := s.env.Workspaces.Settings(ctx, s.ref)
	if err != nil {
		return nil, err
	}
	return rows(w), nil
}

// text is the value of a row in words.
func (s *Settings) text(r row) string {
	env := s.env
	switch {
	case r.key == rowMode:
		return env.Text("mode." + string(r.w.Mode))
	case r.key == rowClusters:
		return env.Text("setting.value." + onOffWord(!r.w.NewDataStudio))
	case r.setting.Kind == core.KindSwitch, r.setting.Kind == core.KindChoice:
		return env.Text("setting.value." + r.setting.Text(r.w))
	case r.key == "cycle_time" && r.w.CycleTime == "":
		return env.Text("setting.value.random")
	case r.key == "time_zone" && r.w.TimeZone == "":
		return env.Text("setting.value.region")
	case r.key == "personal_dev_shutdown" && r.w.PersonalDevShutdown == 0:
		return env.Text("setting.value.off")
	}
	return strings.ReplaceAll(r.setting.Text(r.w), ",", ", ")
}

func (s *Settings) about(r row) string {
	text := s.env.Text("setting." + r.key + ".about")
	if r.setting != nil && r.setting.OneWay {
		text += " · " + s.env.Text("setting.one_way")
	}
	return text
}

func (s *Settings) fill(env *screen.Env, r row, cells []widget.Cell) {
	cells[0] = widget.Cell{Text: env.Text("setting.section." + string(r.section)), Role: theme.Faint}
	cells[1] = widget.Cell{Text: env.Text("setting." + r.key)}
	cells[2] = widget.Cell{Text: cmp.Or(s.text(r), "-"), Role: theme.Accent}
	if r.setting == nil {
		cells[2].Role = theme.Muted
	}
	cells[3] = widget.Cell{Text: s.about(r), Role: theme.Muted}
}

func (s *Settings) field(r row, name string) string {
	switch name {
	case "section":
		return s.env.Text("setting.section." + string(r.section))
	case "setting":
		return r.key + " " + s.env.Text("setting."+r.key)
	case "value":
		return s.text(r)
	}
	return r.key + " " + s.env.Text("setting."+r.key) + " " + s.text(r) + " " + s.about(r)
}

// told is how many lines the setting under the cursor is told in whole, and roomy the height from which there is room for them.
const told, roomy = 3, 14

// View implements screen.Screen. Below the list stands the setting under the cursor in whole, for columns cut it.
func (s *Settings) View(w, h int) string {
	r, ok := s.Selected()
	if !ok || h < roomy {
		return s.List.View(w, h)
	}
	th := s.env.Theme
	var lines []string
	for _, part := range []struct {
		role theme.Role
		text string
	}{{theme.Accent, cmp.Or(s.text(r), "-")}, {theme.Muted, s.about(r)}} {
		for _, line := range paint.Wrap(part.text, w-6) {
			lines = append(lines, paint.NewLine(th, w-6).Text(part.role, line).String())
		}
	}
	for len(lines) < told {
		lines = append(lines, paint.Empty(w-6))
	}
	box := paint.Lines(paint.Box(th, s.env.Text("setting."+r.key), "", lines[:told], w-2))
	for i := range box {
		box[i] = " " + box[i]
	}
	return paint.Join(s.List.View(w, h-len(box)), paint.Sized(box, w, len(box)))
}

// Title implements screen.Screen.
func (s *Settings) Title() string { return s.env.Text("tab.settings") }

// Scopes implements screen.Screen.
func (s *Settings) Scopes() []action.Scope {
	return []action.Scope{action.ScopeSettings, action.ScopeLists}
}

// Verdict implements screen.Screen.
func (s *Settings) Verdict(id action.ID) control.Verdict {
	r, ok := s.Selected()
	switch id {
	case action.WorkspaceSet:
		switch {
		case !ok:
			return control.Impossible("list.no_row", nil)
		case r.key == rowClusters:
			return control.Impossible("setting.cluster_management.fixed", nil)
		case r.key == rowMode:
			return refusal(r.w.Upgradable())
		case r.setting.OneWay && r.setting.Value(r.w) == true:
			return control.Impossible("setting.one_way.on", message.Args{"Setting": message.Text{ID: "setting." + r.key}})
		}
		return refusal(r.w.Allows(core.EventEdit))
	case action.WorkspaceUpgrade:
		if !ok {
			return control.Impossible("list.no_row", nil)
		}
		return refusal(r.w.Upgradable())
	}
	return s.List.Verdict(id)
}

// Act implements screen.Screen.
func (s *Settings) Act(id action.ID) []screen.Event {
	r, ok := s.Selected()
	switch {
	case !ok:
	case id == action.WorkspaceUpgrade, id == action.WorkspaceSet && r.key == rowMode:
		if v := s.env.May(action.WorkspaceUpgrade); !v.OK {
			return []screen.Event{screen.Say{Level: widget.ToastWarning, Text: v.Reason}}
		}
		return s.upgrade(r.w)
	case id == action.WorkspaceSet:
		return s.change(r)
	}
	events, _ := s.List.Act(id)
	return events
}

// change begins to change a setting, in the way of its kind.
func (s *Settings) change(r row) []screen.Event {
	switch {
	case r.setting.Kind == core.KindSwitch && r.setting.OneWay:
		return s.askOneWay(r)
	case r.setting.Kind == core.KindSwitch:
		value := "on"
		if r.setting.Text(r.w) == "on" {
			value = "off"
		}
		return s.set(r, value, nil)
	case r.setting.Kind == core.KindChoice:
		return s.choose(r)
	}
	env := s.env
	form := widget.NewForm(widget.TextField(r.key, env.Text("setting."+r.key), r.setting.Text(r.w)).WithHelp(s.about(r)).WithLimit(4000).
		WithValidate(func(v string) string {
			return said(env, v, func(v string) (message.Text, bool) { return core.SettingFault(r.w, r.key, v) })
		}))
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.With("setting.change.title", message.Args{"Name": r.w.Name}), form, func(f *widget.Form) []screen.Event {
		return s.set(r, f.Value(r.key), box)
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

func (s *Settings) choose(r row) []screen.Event {
	var items []widget.Item
	for _, o := range r.setting.Options {
		items = append(items, widget.Item{ID: o, Cells: []string{s.env.Text("setting.value." + o)}})
	}
	p := widget.NewPicker(s.env.Text("setting."+r.key), items, r.setting.Text(r.w))
	p.Hint = s.about(r)
	return []screen.Event{screen.Show{Overlay: screen.Pick(p, func(p *widget.Picker) []screen.Event {
		if p.Chosen() == "" {
			return nil
		}
		return s.set(r, p.Chosen(), nil)
	})}}
}

// askOneWay says what cannot be undone, and who loses by it, before it switches.
func (s *Settings) askOneWay(r row) []screen.Event {
	env := s.env
	in := core.SettingsUpdate{Values: []core.SettingValue{{Key: r.key, Value: "on"}}, Irreversible: true, Version: r.w.Version}
	return []screen.Event{screen.Run("preview", "", func(ctx context.Context) (control.Outcome, error) {
		return env.Workspaces.PreviewSet(ctx, s.ref, in)
	}, func(o control.Outcome, err error) []screen.Event {
		if err != nil {
			return env.Fail(err)
		}
		losers := map[access.PrincipalID]bool{}
		for _, l := range o.Effect.Losses {
			for _, p := range l.Principals {
				losers[p] = true
			}
		}
		body := []widget.BodyLine{{Text: s.about(r), Role: theme.Muted}, {Text: env.With("setting.one_way.loses", message.Args{"Count": len(losers)}), Role: theme.Warning},
			{Text: env.Text("setting.one_way.never"), Role: theme.Danger}}
		d := widget.NewDialog(env.With("setting.one_way.title", message.Args{"Setting": message.Text{ID: "setting." + r.key}, "Name": r.w.Name}), body,
			widget.Choice{ID: "no", Label: env.Text("dialog.cancel"), Key: "n"}, widget.Choice{ID: "yes", Label: env.Text("setting.switch_on"), Key: "y", Danger: true})
		return []screen.Event{screen.Show{Overlay: screen.Ask(d, func(choice string) []screen.Event {
			if choice != "yes" {
				return nil
			}
			return s.run("set", env.Fail, func(ctx context.Context) (core.Workspace, error) { return env.Workspaces.Set(ctx, s.ref, in) },
				func(core.Workspace) []screen.Event { return []screen.Event{s.did(r, nil)} })
		})}}
	})}
}

func (s *Settings) did(r row, undo func() []screen.Event) screen.Event {
	return screen.Did{Text: message.Text{ID: "setting.set", Args: message.Args{"Setting": message.Text{ID: "setting." + r.key}}}, Undo: undo}
}

// set writes one setting. What was there can be brought back.
func (s *Settings) set(r row, value string, box *screen.FormBox) []screen.Event {
	env, failed := s.env, s.env.Fail
	if box != nil {
		failed = box.Failed
	}
	write := func(value string, version int64) func(context.Context) (core.Workspace, error) {
		return func(ctx context.Context) (core.Workspace, error) {
			return env.Workspaces.Set(ctx, s.ref, core.SettingsUpdate{Values: []core.SettingValue{{Key: r.key, Value: value}}, Version: version})
		}
	}
	return s.run("set", failed, write(value, r.w.Version), func(after core.Workspace) []screen.Event {
		events := []screen.Event{s.did(r, func() []screen.Event {
			return s.run("undo", env.Fail, write(r.setting.Text(r.w), after.Version), s.undone)
		})}
		if box != nil {
			events = append([]screen.Event{screen.Hide{Overlay: box}}, events...)
		}
		return events
	})
}

var _ screen.Screen = (*Settings)(nil)
