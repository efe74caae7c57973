package group

import (
	"context"
	"strconv"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	core "reeve/core/group"
	"reeve/core/list"
	"reeve/core/message"
	"reeve/core/workspace"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/widget"
)

// acts are what the list and the details do alike.
type acts struct{ env *screen.Env }

// operationOf is what an act does to a group; empty for an act that is not done to one.
func operationOf(id action.ID) core.Operation {
	switch id {
	case action.GroupAssociate, action.GroupDissociate:
		return core.Bind
	case action.GroupRename:
		return core.Rename
	case action.GroupUnsubscribe:
		return core.Unsubscribe
	case action.GroupScale:
		return core.Scale
	case action.GroupRenew, action.GroupAutoRenew:
		return core.Renew
	case action.GroupConvert:
		return core.Convert
	case action.GroupQuota, action.GroupSlots:
		return core.Limit
	case action.GroupNetwork, action.GroupRoute:
		return core.Networking
	case action.GroupStart:
		return core.Start
	case action.GroupOrders, action.GroupRuns, action.GroupMetrics:
		return core.View
	}
	return ""
}

// verdict on an act that is done to one group, beyond what the viewer's standing allows: its state may not let it.
func (a acts) verdict(id action.ID, g core.Group) control.Verdict {
	op := operationOf(id)
	if op == "" {
		return control.Possible()
	}
	if (id == action.GroupScale && g.Billing == core.Subscription || id == action.GroupConvert && g.Billing == core.PayAsYouGo) && g.Allows(core.Undo) == nil {
		return control.Possible() // what failed can be given up
	}
	if refused := g.Allows(op); refused != nil {
		return control.Verdict{Reason: message.Text{ID: "literal", Args: message.Args{"Text": a.env.Sentence(refused)}}}
	}
	if (id == action.GroupRuns || id == action.GroupMetrics) && g.Type != core.Serverless {
		return control.Impossible("group.no_runs", message.Args{"Name": g.Name})
	}
	if id == action.GroupDissociate && len(g.Workspaces) == 0 {
		return control.Impossible("group.no_workspaces", message.Args{"Name": g.Name})
	}
	return control.Possible()
}

// one begins an act on one group.
func (a acts) one(id action.ID, g core.Group) []screen.Event {
	switch id {
	case action.GroupAssociate:
		return a.associate(g)
	case action.GroupDissociate:
		return a.dissociate(g)
	case action.GroupRename:
		return a.rename(g)
	case action.GroupUnsubscribe:
		return a.unsubscribe(g)
	}
	return a.byAct(id, g)
}

func ref(g core.Group) core.Ref { return core.Ref{Region: g.Region, Name: g.Name} }

func (a acts) create(region string) []screen.Event {
	env := a.env
	terms := env.Groups.Terms()
	form := widget.NewForm(
		widget.TextField("name", env.Text("column.name"), "").WithHelp(env.Text("group.name.help")).WithLimit(130).
			WithValidate(func(s string) string {
				if what, bad := core.NameFault(s); bad {
					return env.Say.Say(what)
				}
				return ""
			}),
		widget.SelectField("billing", env.Text("column.billing"), []widget.Option{
			{ID: string(core.PayAsYouGo), Label: env.Text("billing.pay-as-you-go"), Detail: env.With("group.pay_as_you_go.detail", message.Args{"Size": terms.Size.PayAsYouGo})},
			{ID: string(core.Subscription), Label: env.Text("billing.subscription"), Detail: env.With("group.subscription.detail", message.Args{"Size": terms.Size.Smallest})},
		}, string(core.PayAsYouGo)),
		widget.TextField("size", env.Text("column.size"), "").WithHelp(env.Text("group.subscription.help")).WithLimit(6),
		widget.TextField("duration", env.Text("column.duration"), "").WithHelp(env.Text("group.duration.help")).WithLimit(8).WithValidate(a.lasting),
		widget.ToggleField("auto_renew", env.Text("column.auto_renew"), false),
		widget.TextField("vpc", env.Text("column.vpc"), "").WithLimit(64),
		widget.TextField("vswitch", env.Text("column.vswitch"), "").WithLimit(64),
		widget.TextField("cidr", env.Text("column.cidr"), "").WithHelp(env.Text("group.cidr.help")).WithLimit(20),
		widget.TextField("remark", env.Text("column.remark"), "").WithLimit(130),
	)
	var box *screen.FormBox
	box = screen.NewQuestionBox(env, env.With("group.create.title", message.Args{"Region": region}), form, func(f *widget.Form) []screen.Event {
		in := core.Create{Region: region, Name: f.Value("name"), Billing: core.Billing(f.Value("billing")), Size: number(f.Value("size")),
			AutoRenew: f.Value("auto_renew") == "true", VPC: f.Value("vpc"), VSwitch: f.Value("vswitch"), CIDR: f.Value("cidr"), Remark: f.Value("remark")}
		in.Duration, in.Unit = duration(f.Value("duration"))
		return a.propose(box, core.Group{Name: in.Name}, deed{short: "action.group.create.short", said: "group.created",
			rehearse: func(ctx context.Context) (core.Effect, error) { return env.Groups.PreviewCreate(ctx, in) },
			do:       effectOf(func(ctx context.Context) (core.Group, error) { return env.Groups.Create(ctx, in) })})
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

// number is a number typed; what is none becomes one that no rule lets pass, and empty is 0.
func number(s string) int {
	s = strings.TrimSpace(s)
	n, err := strconv.Atoi(s)
	if err != nil && s != "" {
		return -1
	}
	return n
}

// duration reads 3, 3m and 1y: months unless it ends with y.
func duration(s string) (int, core.Unit) {
	s = strings.ToLower(strings.TrimSpace(s))
	switch {
	case s == "":
		return 0, ""
	case strings.HasSuffix(s, "y"):
		return number(strings.TrimSuffix(s, "y")), core.Year
	}
	return number(strings.TrimSuffix(s, "m")), core.Month
}

// lasting says what is wrong with no time at all; nothing typed is the usual time.
func (a acts) lasting(s string) string {
	if n, unit := duration(s); n == 0 && strings.TrimSpace(s) != "" {
		return a.env.Say.Say(a.env.Groups.Terms().NoTime(unit))
	}
	return ""
}

// associate lets one choose among the workspaces of the region that are not associated yet.
func (a acts) associate(g core.Group) []screen.Event {
	env := a.env
	return []screen.Event{screen.Run("workspaces", "", func(ctx context.Context) ([]workspace.Workspace, error) {
		return screen.All(ctx, func(ctx context.Context, q list.Query) (list.Page[workspace.Workspace], error) {
			return env.Workspaces.List(ctx, g.Region, q)
		}, list.Query{}, workspaceLimit)
	}, func(all []workspace.Workspace, err error) []screen.Event {
		if err != nil {
			return env.Fail(err)
		}
		has := map[access.WorkspaceID]bool{}
		for _, w := range g.Workspaces {
			has[w.ID] = true
		}
		var items []widget.Item
		for _, w := range all {
			if !has[w.ID] {
				items = append(items, widget.Item{ID: w.Name, Cells: []string{w.Name, w.DisplayName}})
			}
		}
		if len(items) == 0 {
			return []screen.Event{screen.Say{Level: widget.ToastInfo, Text: message.Text{ID: "group.all_associated", Args: message.Args{"Name": g.Name}}}}
		}
		return a.pick("group.associate.title", g, items, func(names []string) []screen.Event {
			in := core.Binding{Workspaces: names, Version: g.Version}
			return a.propose(nil, g, deed{short: "action.group.associate.short", said: "group.bound",
				rehearse: func(ctx context.Context) (core.Effect, error) { return env.Groups.PreviewAssociate(ctx, ref(g), in) },
				do:       func(ctx context.Context) (core.Effect, error) { return env.Groups.Associate(ctx, ref(g), in) }})
		})
	})}
}

// workspaceLimit bounds the workspaces that are offered; others can be named by command.
const workspaceLimit = 2000

func (a acts) dissociate(g core.Group) []screen.Event {
	var items []widget.Item
	for _, w := range g.Workspaces {
		items = append(items, widget.Item{ID: w.Name, Cells: []string{w.Name, a.env.Text("group.dissociate.effect")}, Checked: len(g.Workspaces) == 1})
	}
	return a.pick("group.dissociate.title", g, items, func(names []string) []screen.Event {
		in := core.Binding{Workspaces: names, Version: g.Version}
		return a.propose(nil, g, deed{short: "action.group.dissociate.short", said: "group.bound",
			rehearse: func(ctx context.Context) (core.Effect, error) { return a.env.Groups.PreviewDissociate(ctx, ref(g), in) },
			do:       func(ctx context.Context) (core.Effect, error) { return a.env.Groups.Dissociate(ctx, ref(g), in) }})
	})
}

// effectOf is an operation that answers with the group alone.
func effectOf(do func(context.Context) (core.Group, error)) func(context.Context) (core.Effect, error) {
	return func(ctx context.Context) (core.Effect, error) {
		g, err := do(ctx)
		return core.Effect{After: g}, err
	}
}

// pick lets one choose several workspaces and goes on with them.
func (a acts) pick(title string, g core.Group, items []widget.Item, then func(names []string) []screen.Event) []screen.Event {
	env := a.env
	p := widget.NewPicker(env.With(title, message.Args{"Name": g.Name}), items, "")
	p.Several, p.Hint, p.NoMatch = true, env.Text("member.roles.hint"), env.Text("list.no_match")
	return []screen.Event{screen.Show{Overlay: screen.Pick(p, func(p *widget.Picker) []screen.Event {
		if names := p.Checked(); len(names) > 0 {
			return then(names)
		}
		return nil
	})}}
}

func (a acts) rename(g core.Group) []screen.Event {
	env := a.env
	form := widget.NewForm(
		widget.TextField("name", env.Text("column.name"), g.Name).WithLimit(130),
		widget.TextField("remark", env.Text("column.remark"), g.Remark).WithLimit(130),
	)
	var box *screen.FormBox
	box = screen.NewQuestionBox(env, env.With("group.rename.title", message.Args{"Name": g.Name}), form, func(f *widget.Form) []screen.Event {
		name, remark := f.Value("name"), f.Value("remark")
		in := core.Update{Name: &name, Remark: &remark, Version: g.Version}
		return a.propose(box, g, deed{short: "action.group.rename.short", said: "group.renamed",
			rehearse: func(ctx context.Context) (core.Effect, error) { return env.Groups.PreviewUpdate(ctx, ref(g), in) },
			do:       func(ctx context.Context) (core.Effect, error) { return env.Groups.Update(ctx, ref(g), in) },
			then: func(after core.Group) []screen.Event {
				if after.Name == g.Name {
					return nil
				}
				return []screen.Event{screen.Open{Route: route.Route{Kind: route.Group, Region: g.Region, Item: after.Name}}}
			}})
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

func (a acts) unsubscribe(g core.Group) []screen.Event {
	return a.propose(nil, g, deed{short: "action.group.unsubscribe.short", said: "group.unsubscribed", grave: true,
		rehearse: func(ctx context.Context) (core.Effect, error) { return a.env.Groups.PreviewUnsubscribe(ctx, ref(g)) },
		do: func(ctx context.Context) (core.Effect, error) {
			return a.env.Groups.Unsubscribe(ctx, ref(g), g.Version, g.Name)
		}})
}

// run is one change of a group with what to do when it failed and when it was made.
func (a acts) run(key string, failed func(error) []screen.Event, do func(context.Context) (core.Group, error),
	done func(core.Group) []screen.Event,
) []screen.Event {
	return []screen.Event{screen.Run(key, a.env.Text("job.saving"), do, func(g core.Group, err error) []screen.Event {
		if err != nil {
			return failed(err)
		}
		return done(g)
	})}
}

func did(said string, g core.Group) screen.Event {
	return screen.Did{Text: message.Text{ID: said, Args: message.Args{"Name": g.Name}}}
}
