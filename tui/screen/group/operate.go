package group

import (
	"context"
	"strconv"

	"reeve/core/action"
	core "reeve/core/group"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// deed is an operation on a group: rehearse tells what do would do.
type deed struct {
	// short is the word of the act, said what is said when it was done.
	short, said string
	grave       bool
	// unnamed lets a grave one be agreed to without the name of the group being typed.
	unnamed      bool
	rehearse, do func(context.Context) (core.Effect, error)
	// then is what follows once it was done; nil for nothing.
	then func(core.Group) []screen.Event
}

// propose rehearses an operation, shows what it would do, and does it on a yes. box is the form it was asked for in, nil if
// there is none.
func (a acts) propose(box *screen.FormBox, g core.Group, d deed) []screen.Event {
	env := a.env
	failed := env.Fail
	if box != nil {
		failed = box.Failed
	}
	return []screen.Event{screen.Run("rehearse", "", d.rehearse, func(e core.Effect, err error) []screen.Event {
		if err != nil {
			return failed(err)
		}
		var events []screen.Event
		if box != nil {
			events = append(events, screen.Hide{Overlay: box})
		}
		return append(events, screen.Show{Overlay: a.agree(g, d, e)})
	})}
}

// agree asks for a yes to what an operation would do.
func (a acts) agree(g core.Group, d deed, e core.Effect) screen.Overlay {
	env := a.env
	dialog := widget.NewDialog(env.With("group.propose", message.Args{"Operation": env.Text(d.short), "Name": g.Name}), a.told(e),
		widget.Choice{ID: "no", Label: env.Text("dialog.cancel"), Key: "n"},
		widget.Choice{ID: "yes", Label: env.Text(d.short), Key: "y", Danger: d.grave})
	if d.grave && !d.unnamed && len(g.Workspaces) > 0 {
		dialog.RequireName(env.With("dialog.type_name", message.Args{"Name": g.Name}), g.Name)
	}
	return screen.Ask(dialog, func(choice string) []screen.Event {
		if choice != "yes" {
			return nil
		}
		return a.carry(d)
	})
}

func (a acts) carry(d deed) []screen.Event {
	return []screen.Event{screen.Run("operate", a.env.Text("job.saving"), d.do, func(e core.Effect, err error) []screen.Event {
		if err != nil {
			return a.env.Fail(err)
		}
		events := []screen.Event{did(d.said, e.After)}
		if d.then != nil {
			events = append(events, d.then(e.After)...)
		}
		return events
	})}
}

// told is what an operation would do in lines: what it costs, and what is to be known, the gravest first.
func (a acts) told(e core.Effect) []widget.BodyLine {
	env := a.env
	var lines []widget.BodyLine
	if e.Order != nil {
		lines = append(lines, widget.BodyLine{Text: env.Say.Say(e.Order.Cost()), Role: theme.Text})
	}
	for _, n := range e.Notes {
		role := theme.Muted
		if n.Grave {
			role = theme.Warning
		}
		lines = append(lines, widget.BodyLine{Text: env.Say.Say(n.Text), Role: role})
	}
	return lines
}

func (a acts) scale(g core.Group) []screen.Event {
	env := a.env
	fields := []*widget.Field{widget.TextField("size", env.Text("column.size_cu"), strconv.Itoa(g.Size)).
		WithHelp(env.With("group.size.help", message.Args{"Least": env.Groups.Terms().Size.Smallest, "Most": env.Groups.Terms().Size.Largest})).WithLimit(6)}
	if g.Allows(core.Undo) == nil {
		fields = append(fields, widget.ToggleField("undo", env.Text("group.undo"), false).WithHelp(env.Text("group.undo.help")))
	}
	form := widget.NewForm(fields...)
	var box *screen.FormBox
	box = screen.NewQuestionBox(env, env.With("group.scale.title", message.Args{"Name": g.Name}), form, func(f *widget.Form) []screen.Event {
		in, said := core.Scaling{Size: number(f.Value("size")), Version: g.Version}, "group.scaled"
		if in.Undo = f.On("undo"); in.Undo {
			said = "group.undone"
		}
		return a.propose(box, g, deed{short: "action.group.scale.short", said: said,
			rehearse: func(ctx context.Context) (core.Effect, error) { return env.Groups.PreviewScale(ctx, ref(g), in) },
			do:       func(ctx context.Context) (core.Effect, error) { return env.Groups.Scale(ctx, ref(g), in) }})
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

func (a acts) renew(g core.Group) []screen.Event {
	env := a.env
	form := widget.NewForm(widget.TextField("duration", env.Text("column.duration"), "1").WithHelp(env.Text("group.renew.help")).WithLimit(8).WithValidate(a.lasting))
	var box *screen.FormBox
	box = screen.NewQuestionBox(env, env.With("group.renew.title", message.Args{"Name": g.Name}), form, func(f *widget.Form) []screen.Event {
		in := core.Renewal{Version: g.Version}
		in.Duration, in.Unit = duration(f.Value("duration"))
		return a.propose(box, g, deed{short: "action.group.renew.short", said: "group.renewed",
			rehearse: func(ctx context.Context) (core.Effect, error) { return env.Groups.PreviewRenew(ctx, ref(g), in) },
			do:       func(ctx context.Context) (core.Effect, error) { return env.Groups.Renew(ctx, ref(g), in) }})
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

func (a acts) convert(g core.Group) []screen.Event {
	env := a.env
	if g.Allows(core.Undo) == nil {
		undo := core.Conversion{Undo: true, Version: g.Version}
		return a.propose(nil, g, deed{short: "group.undo.short", said: "group.undone",
			rehearse: func(ctx context.Context) (core.Effect, error) { return env.Groups.PreviewConvert(ctx, ref(g), undo) },
			do:       func(ctx context.Context) (core.Effect, error) { return env.Groups.Convert(ctx, ref(g), undo) }})
	}
	form := widget.NewForm(
		widget.TextField("size", env.Text("column.size_cu"), "").WithHelp(env.With("group.size.help", message.Args{
			"Least": env.Groups.Terms().Size.Smallest, "Most": env.Groups.Terms().Size.Largest})).WithLimit(6),
		widget.TextField("duration", env.Text("column.duration"), "1").WithHelp(env.Text("group.renew.help")).WithLimit(8).WithValidate(a.lasting),
	)
	var box *screen.FormBox
	box = screen.NewQuestionBox(env, env.With("group.convert.title", message.Args{"Name": g.Name}), form, func(f *widget.Form) []screen.Event {
		in := core.Conversion{Size: number(f.Value("size")), Version: g.Version}
		in.Duration, in.Unit = duration(f.Value("duration"))
		return a.propose(box, g, deed{short: "action.group.convert.short", said: "group.converted",
			rehearse: func(ctx context.Context) (core.Effect, error) { return env.Groups.PreviewConvert(ctx, ref(g), in) },
			do:       func(ctx context.Context) (core.Effect, error) { return env.Groups.Convert(ctx, ref(g), in) }})
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

func (a acts) autoRenew(g core.Group) []screen.Event {
	short, said := "action.group.auto_renew.short", "group.auto_renew.on"
	switch {
	case g.AutoRenew:
		short, said = "group.auto_renew.short.off", "group.auto_renew.off"
	case g.Status == core.Expired:
		said = "group.auto_renew.expired"
	}
	return a.propose(nil, g, deed{short: short, said: said,
		rehearse: func(ctx context.Context) (core.Effect, error) {
			return a.env.Groups.PreviewSetAutoRenew(ctx, ref(g), !g.AutoRenew, g.Version)
		},
		do: func(ctx context.Context) (core.Effect, error) {
			return a.env.Groups.SetAutoRenew(ctx, ref(g), !g.AutoRenew, g.Version)
		}})
}

func (a acts) start(g core.Group) []screen.Event {
	return a.propose(nil, g, deed{short: "action.group.start.short", said: "group.started",
		rehearse: func(ctx context.Context) (core.Effect, error) {
			return a.env.Groups.PreviewStart(ctx, ref(g), g.Version)
		},
		do: func(ctx context.Context) (core.Effect, error) { return a.env.Groups.Start(ctx, ref(g), g.Version) }})
}

func (a acts) slots(g core.Group) []screen.Event {
	env := a.env
	limits := env.Groups.Terms().Slots
	form := widget.NewForm(widget.TextField("slots", env.Text("column.slots"), strconv.Itoa(g.Slots)).
		WithHelp(env.With("group.slots.help", message.Args{"Least": limits.Least, "Most": limits.Most})).WithLimit(4))
	var box *screen.FormBox
	box = screen.NewQuestionBox(env, env.With("group.slots.title", message.Args{"Name": g.Name}), form, func(f *widget.Form) []screen.Event {
		n := number(f.Value("slots"))
		return a.propose(box, g, deed{short: "group.slots.short", said: "group.slots_set",
			rehearse: func(ctx context.Context) (core.Effect, error) {
				return env.Groups.PreviewSetSlots(ctx, ref(g), n, g.Version)
			},
			do: func(ctx context.Context) (core.Effect, error) { return env.Groups.SetSlots(ctx, ref(g), n, g.Version) }})
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

// orders shows what was ordered, newest first.
func (a acts) orders(g core.Group) []screen.Event {
	env := a.env
	return []screen.Event{screen.Run("orders", "", func(ctx context.Context) ([]core.Order, error) { return env.Groups.Orders(ctx, ref(g)) },
		func(all []core.Order, err error) []screen.Event {
			if err != nil {
				return env.Fail(err)
			}
			return []screen.Event{screen.Show{Overlay: &screen.Pages{Title: env.With("group.orders.title", message.Args{"Name": g.Name}), Width: 84,
				Lines: func(th *theme.Theme, w int) []string {
					var lines []string
					for _, o := range all {
						role := theme.Muted
						switch o.State {
						case core.OrderOpen:
							role = theme.Accent
						case core.OrderFailed:
							role = theme.Danger
						case core.OrderDone:
						}
						l := paint.NewLine(th, w).Cell(theme.Muted, env.Day(o.At), 11, paint.Left).Gap(1).Cell(theme.Text, env.Text("group.order."+string(o.Kind)), 16, paint.Left).Gap(1).
							Cell(role, env.Text("group.order.state."+string(o.State)), 9, paint.Left).Gap(1).Cell(theme.Text, o.Price.Dollars(), 12, paint.Right).Gap(2)
						lines = append(lines, l.Text(theme.Muted, o.By).String())
					}
					return lines
				}}}}
		})}
}

// byAct begins the operations that only the state decides on.
func (a acts) byAct(id action.ID, g core.Group) []screen.Event {
	switch id {
	case action.GroupScale:
		return a.scale(g)
	case action.GroupRenew:
		return a.renew(g)
	case action.GroupAutoRenew:
		return a.autoRenew(g)
	case action.GroupConvert:
		return a.convert(g)
	case action.GroupSlots:
		return a.slots(g)
	case action.GroupStart:
		return a.start(g)
	case action.GroupNetwork:
		return a.network(g)
	case action.GroupRoute:
		return a.route(g)
	case action.GroupOrders:
		return a.orders(g)
	case action.GroupRuns:
		return []screen.Event{screen.Open{Route: route.Route{Kind: route.Runs, Region: g.Region, Item: g.Name}}}
	case action.GroupQuota:
		return a.quota(g)
	}
	return nil
}
