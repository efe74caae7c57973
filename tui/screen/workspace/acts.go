package workspace

import (
	"context"
	"strings"

	"reeve/core/action"
	"reeve/core/message"
	"reeve/core/text"
	core "reeve/core/workspace"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// acts are what the list, the bin and the details do alike.
type acts struct{ env *screen.Env }

// one begins an act on one workspace.
func (a acts) one(id action.ID, w core.Workspace) []screen.Event {
	switch id {
	case action.WorkspaceUpdate:
		return a.update(w)
	case action.WorkspaceDisable:
		return a.disable(w)
	case action.WorkspaceEnable:
		return a.enable(w)
	case action.WorkspaceDelete:
		return a.remove(w)
	case action.WorkspaceUpgrade:
		return a.upgrade(w)
	case action.WorkspaceGoTo:
		return a.goTo(w)
	case action.WorkspaceManage:
		return []screen.Event{screen.Open{Route: route.Route{Kind: route.Settings, Region: w.Region, Workspace: w.Name}}}
	case action.WorkspaceSource:
		return []screen.Event{screen.Open{Route: route.Route{Kind: route.Sources, Region: w.Region, Workspace: w.Name, Begin: string(action.SourceAdd)}}}
	case action.WorkspaceEngine:
		return []screen.Event{screen.Open{Route: route.Route{Kind: route.Engines, Region: w.Region, Workspace: w.Name, Begin: string(action.EngineAdd)}}}
	}
	return nil
}

// rowActs are the acts on one workspace that the list and the details have alike.
func rowActs() []action.ID {
	return []action.ID{action.WorkspaceUpdate, action.WorkspaceDisable, action.WorkspaceEnable, action.WorkspaceDelete, action.WorkspaceUpgrade,
		action.WorkspaceGoTo, action.WorkspaceManage, action.WorkspaceEngine, action.WorkspaceSource}
}

func (a acts) create(region string) []screen.Event {
	env := a.env
	form := widget.NewForm(
		widget.TextField("name", env.Text("column.name"), "").WithHelp(env.Text("workspace.name.help")).WithLimit(64).
			WithValidate(func(s string) string { return said(env, s, core.NameFault) }),
		widget.TextField("display_name", env.Text("column.display_name"), "").WithHelp(env.Text("workspace.display_name.help")).WithLimit(80),
		widget.TextField("description", env.Text("column.description"), "").WithLimit(520),
		widget.SelectField("mode", env.Text("column.mode"), []widget.Option{
			{ID: "standard", Label: env.Text("mode.standard"), Detail: env.Text("mode.standard.detail")},
			{ID: "simple", Label: env.Text("mode.simple"), Detail: env.Text("mode.simple.detail")},
		}, "standard"),
		widget.SelectField("template", env.Text("column.template"), []widget.Option{
			{ID: "all-features", Label: env.Text("template.all-features")},
			{ID: "openlake", Label: env.Text("template.openlake"), Detail: env.Text("template.openlake.detail")},
		}, "all-features"),
		widget.TextField("admin", env.Text("column.admins"), "").WithHelp(env.Text("workspace.admins.help")),
		onOff(env, "new_data_studio", true),
		onOff(env, "ai_workspace", true),
		onOff(env, "dev_role_disabled", false),
		widget.TextField("default_resource_group", env.Text("setting.default_resource_group"), "").WithHelp(env.Text("workspace.group.help")),
		widget.TextField("aliyun_resource_group_id", env.Text("column.aliyun_group"), core.DefaultAliyunGroup).WithLimit(80).WithHelp(env.Text("workspace.aliyun_group.help")),
		widget.TextField("tag", env.Text("setting.tags"), "").WithHelp(env.Text("setting.tags.about")),
	)
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.With("workspace.create.title", message.Args{"Region": region}), form, func(f *widget.Form) []screen.Event {
		in := core.Create{
			Region: region, Name: f.Value("name"), DisplayName: f.Value("display_name"), Description: f.Value("description"),
			Mode: core.Mode(f.Value("mode")), Template: core.Template(f.Value("template")), Admins: screen.Words(f.Value("admin")),
			DevRoleDisabled: f.Value("dev_role_disabled") == "true", DefaultGroup: strings.TrimSpace(f.Value("default_resource_group")),
			AliyunGroup: strings.TrimSpace(f.Value("aliyun_resource_group_id")),
		}
		studio, ai := f.Value("new_data_studio") == "true", f.Value("ai_workspace") == "true"
		in.NewDataStudio, in.AIWorkspace = &studio, &ai
		for _, word := range core.SplitList(f.Value("tag")) {
			in.Tags = append(in.Tags, core.ParseTag(word))
		}
		return []screen.Event{screen.Run("create", env.With("workspace.creating", message.Args{"Name": in.Name}),
			func(ctx context.Context) (core.Workspace, error) { return env.Workspaces.Create(ctx, in) },
			func(w core.Workspace, err error) []screen.Event {
				if err != nil {
					return box.Failed(err)
				}
				return []screen.Event{
					screen.Hide{Overlay: box},
					screen.Did{Text: message.Text{ID: "workspace.created", Args: message.Args{"Name": w.Name}}},
					screen.Open{Route: route.Route{Kind: route.Details, Region: w.Region, Workspace: w.Name}},
				}
			})}
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

// onOff is a switch of the form.
func onOff(env *screen.Env, key string, on bool) *widget.Field {
	return widget.ToggleField(key, env.Text("setting."+key), on).WithWords(env.Text("setting.value.on"), env.Text("setting.value.off")).
		WithHelp(env.Text("setting." + key + ".about"))
}

func said(env *screen.Env, s string, rule func(string) (message.Text, bool)) string {
	what, bad := rule(s)
	if !bad {
		return ""
	}
	return env.Say.Say(what)
}

func (a acts) update(w core.Workspace) []screen.Event {
	env := a.env
	form := widget.NewForm(
		widget.TextField("display_name", env.Text("column.display_name"), w.DisplayName).WithLimit(80).
			WithValidate(func(s string) string { return said(env, s, core.DisplayNameFault) }),
		widget.TextField("description", env.Text("column.description"), w.Description).WithLimit(520),
	)
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.With("workspace.update.title", message.Args{"Name": w.Name}), form, func(f *widget.Form) []screen.Event {
		display, about := f.Value("display_name"), f.Value("description")
		return a.run("update", box.Failed, func(ctx context.Context) (core.Workspace, error) {
			return env.Workspaces.Update(ctx, ref(w), core.Update{DisplayName: &display, Description: &about, Version: w.Version})
		}, func(after core.Workspace) []screen.Event {
			return []screen.Event{screen.Hide{Overlay: box}, screen.Did{
				Text: message.Text{ID: "workspace.updated", Args: message.Args{"Name": w.Name}},
				Undo: func() []screen.Event {
					return a.run("undo", env.Fail, func(ctx context.Context) (core.Workspace, error) {
						return env.Workspaces.Update(ctx, ref(w), core.Update{DisplayName: &w.DisplayName, Description: &w.Description, Version: after.Version})
					}, a.undone)
				}}}
		})
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

func (a acts) disable(w core.Workspace) []screen.Event {
	return []screen.Event{screen.Run("contents", "", func(ctx context.Context) (core.Contents, error) { return a.env.Workspaces.Contents(ctx, ref(w)) },
		func(c core.Contents, err error) []screen.Event {
			if err != nil {
				return a.env.Fail(err)
			}
			return a.disabling(w, c)
		})}
}

// consequences are what a workspace leaves behind when it is closed or goes.
func (a acts) consequences(c core.Contents) []widget.BodyLine {
	var body []widget.BodyLine
	if c.Running != nil {
		body = append(body, widget.BodyLine{Text: a.env.With("workspace.goes.running", message.Args{"Count": *c.Running}), Role: theme.Warning})
	}
	if len(c.Engines) > 0 {
		body = append(body, widget.BodyLine{Text: a.env.With("workspace.goes.engines", message.Args{"Names": strings.Join(c.Engines, ", ")}), Role: theme.Warning})
	}
	if len(c.Sources) > 0 {
		body = append(body, widget.BodyLine{Text: a.env.With("workspace.goes.sources", message.Args{"Names": strings.Join(c.Sources, ", ")}), Role: theme.Warning})
	}
	return body
}

func (a acts) disabling(w core.Workspace, c core.Contents) []screen.Event {
	env := a.env
	body := []widget.BodyLine{{Text: env.With("workspace.disable.effect", message.Args{"Count": w.Members}), Role: theme.Warning},
		{Text: env.Text("workspace.disable.instances"), Role: theme.Muted}}
	body = append(append(body, a.consequences(c)...), widget.BodyLine{Text: env.Text("workspace.disable.stays"), Role: theme.Muted})
	d := widget.NewDialog(env.With("workspace.disable.title", message.Args{"Name": w.Name}), body, widget.Choice{ID: "no", Label: env.Text("dialog.cancel"), Key: "n"},
		widget.Choice{ID: "yes", Label: env.Text("action.workspace.disable.short"), Key: "y"})
	return []screen.Event{screen.Show{Overlay: screen.Ask(d, func(choice string) []screen.Event {
		if choice != "yes" {
			return nil
		}
		return a.run("disable", env.Fail, func(ctx context.Context) (core.Workspace, error) {
			return env.Workspaces.Disable(ctx, ref(w), w.Version)
		}, func(after core.Workspace) []screen.Event {
			return []screen.Event{screen.Did{Text: message.Text{ID: "workspace.disabled", Args: message.Args{"Name": w.Name}},
				Undo: func() []screen.Event { return a.enable(after) }}}
		})
	})}}
}

func (a acts) enable(w core.Workspace) []screen.Event {
	return a.run("enable", a.env.Fail, func(ctx context.Context) (core.Workspace, error) {
		return a.env.Workspaces.Enable(ctx, ref(w), w.Version)
	}, func(core.Workspace) []screen.Event {
		return []screen.Event{screen.Did{Text: message.Text{ID: "workspace.enabled", Args: message.Args{"Name": w.Name}}}}
	})
}

// remove asks first what goes with the workspace, then shows it with the question.
func (a acts) remove(w core.Workspace) []screen.Event {
	env := a.env
	return []screen.Event{screen.Run("contents", "", func(ctx context.Context) (core.Contents, error) { return env.Workspaces.Contents(ctx, ref(w)) },
		func(c core.Contents, err error) []screen.Event {
			if err != nil {
				return env.Fail(err)
			}
			return []screen.Event{screen.Show{Overlay: a.removing(w, c)}}
		})}
}

func (a acts) removing(w core.Workspace, c core.Contents) screen.Overlay {
	env := a.env
	body := []widget.BodyLine{}
	if c.Empty() {
		body = append(body, widget.BodyLine{Text: env.Text("workspace.delete.empty"), Role: theme.Muted})
	} else {
		body = append(body, widget.BodyLine{Text: env.Text("workspace.delete.goes"), Role: theme.Danger},
			widget.BodyLine{Text: env.With("workspace.delete.members", message.Args{"Count": c.Members})},
			widget.BodyLine{Text: env.With("workspace.delete.grants", message.Args{"Count": c.Grants})},
			widget.BodyLine{Text: env.With("workspace.delete.roles", message.Args{"Count": c.CustomRoles})})
	}
	body = append(body, a.consequences(c)...)
	body = append(body, widget.BodyLine{Text: env.With("workspace.delete.bin", message.Args{"Days": core.BinDays}), Role: theme.Muted})
	d := widget.NewDialog(env.With("workspace.delete.title", message.Args{"Name": w.Name}), body,
		widget.Choice{ID: "no", Label: env.Text("dialog.cancel"), Key: "n"},
		widget.Choice{ID: "yes", Label: env.Text("action.workspace.delete.short"), Key: "y", Danger: true})
	if !c.Empty() {
		d.RequireName(env.With("dialog.type_name", message.Args{"Name": w.Name}), w.Name).WithTyping(env.Text("dialog.typing"),
			func(typed string) string {
				return env.With("dialog.wrong_name", message.Args{"Typed": text.Clean(typed)})
			})
	}
	return screen.Ask(d, func(choice string) []screen.Event {
		if choice != "yes" {
			return nil
		}
		return a.run("delete", env.Fail, func(ctx context.Context) (core.Workspace, error) {
			return env.Workspaces.Delete(ctx, ref(w), w.Version, w.Name)
		}, func(after core.Workspace) []screen.Event {
			return []screen.Event{
				screen.Did{Text: message.Text{ID: "workspace.deleted", Args: message.Args{"Name": w.Name, "Days": core.BinDays}},
					Undo: func() []screen.Event { return a.restore(after) }},
				screen.Open{Route: route.Route{Kind: route.Workspaces, Region: w.Region}, Replace: true},
			}
		})
	})
}

func (a acts) restore(w core.Workspace) []screen.Event {
	return a.run("restore", a.env.Fail, func(ctx context.Context) (core.Workspace, error) { return a.env.Workspaces.Restore(ctx, ref(w)) },
		func(core.Workspace) []screen.Event {
			return []screen.Event{screen.Did{Text: message.Text{ID: "workspace.restored", Args: message.Args{"Name": w.Name}}}}
		})
}

func (a acts) undone(core.Workspace) []screen.Event {
	return []screen.Event{screen.Did{Text: message.Text{ID: "undo.done"}}}
}

// run is one change of a workspace with what to do when it failed and when it was made.
func (a acts) run(key string, failed func(error) []screen.Event, do func(context.Context) (core.Workspace, error),
	done func(core.Workspace) []screen.Event,
) []screen.Event {
	return []screen.Event{screen.Run(key, a.env.Text("job.saving"), do, func(w core.Workspace, err error) []screen.Event {
		if err != nil {
			return failed(err)
		}
		return done(w)
	})}
}
