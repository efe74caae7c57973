package group

import (
	"context"
	"strconv"
	"strings"

	core "reeve/core/group"
	"reeve/core/message"
	"reeve/tui/screen"
	"reeve/tui/widget"
)

// network binds a VPC, or lets one go: the bindings there are stand first in the list.
func (a acts) network(g core.Group) []screen.Event {
	env := a.env
	items := []widget.Item{{ID: "", Cells: []string{env.Text("group.network.add")}}}
	for _, n := range g.Networks {
		items = append(items, widget.Item{ID: strconv.FormatInt(n.ID, 10), Cells: []string{env.Text("group.network.unbind"), n.VPC + " / " + n.VSwitch, env.Text("group.area." + string(n.Area)), n.CIDR}})
	}
	return []screen.Event{screen.Show{Overlay: screen.Pick(widget.NewPicker(env.With("group.network.title", message.Args{"Name": g.Name}), items, ""), func(p *widget.Picker) []screen.Event {
		id, _ := strconv.ParseInt(p.Chosen(), 10, 64)
		if id == 0 {
			return a.bindVPC(g)
		}
		return a.propose(nil, g, deed{short: "group.network.unbind.short", said: "group.network.unbound", grave: true, unnamed: true,
			rehearse: func(ctx context.Context) (core.Effect, error) {
				return env.Groups.PreviewRemoveNetwork(ctx, ref(g), id, g.Version)
			},
			do: func(ctx context.Context) (core.Effect, error) {
				return env.Groups.RemoveNetwork(ctx, ref(g), id, g.Version)
			}})
	})}}
}

func (a acts) bindVPC(g core.Group) []screen.Event {
	env := a.env
	form := widget.NewForm(
		widget.SelectField("area", env.Text("column.area"), []widget.Option{
			{ID: string(core.General), Label: env.Text("group.area.general")}, {ID: string(core.DataServiceArea), Label: env.Text("group.area.data-service")},
		}, string(core.General)),
		widget.TextField("vpc", env.Text("column.vpc"), "").WithLimit(64),
		widget.TextField("vswitch", env.Text("column.vswitch"), "").WithLimit(64),
		widget.TextField("cidr", env.Text("column.cidr"), "").WithHelp(env.Text("group.cidr.help")).WithLimit(20),
	)
	var box *screen.FormBox
	box = screen.NewQuestionBox(env, env.With("group.network.title", message.Args{"Name": g.Name}), form, func(f *widget.Form) []screen.Event {
		in := core.VPC{Area: core.Area(f.Value("area")), VPC: f.Value("vpc"), VSwitch: f.Value("vswitch"), CIDR: f.Value("cidr"), Version: g.Version}
		return a.propose(box, g, deed{short: "group.network.bind.short", said: "group.network.bound",
			rehearse: func(ctx context.Context) (core.Effect, error) { return env.Groups.PreviewAddNetwork(ctx, ref(g), in) },
			do:       func(ctx context.Context) (core.Effect, error) { return env.Groups.AddNetwork(ctx, ref(g), in) }})
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

// route adds a route, or drops one.
func (a acts) route(g core.Group) []screen.Event {
	env := a.env
	var items []widget.Item
	for _, n := range g.Networks {
		items = append(items, widget.Item{ID: "n" + strconv.FormatInt(n.ID, 10), Cells: []string{env.Text("group.route.add"), env.Text("group.area." + string(n.Area)), n.VPC + " / " + n.VSwitch}})
		for _, r := range n.Routes {
			items = append(items, widget.Item{ID: "r" + strconv.FormatInt(r.ID, 10), Cells: []string{env.Text("group.route.drop"), r.CIDR, n.VPC}})
		}
	}
	return []screen.Event{screen.Show{Overlay: screen.Pick(widget.NewPicker(env.With("group.route.title", message.Args{"Name": g.Name}), items, ""), func(p *widget.Picker) []screen.Event {
		chosen := p.Chosen()
		id, err := strconv.ParseInt(strings.TrimLeft(chosen, "nr"), 10, 64)
		switch {
		case err != nil:
			return nil
		case strings.HasPrefix(chosen, "r"):
			return a.propose(nil, g, deed{short: "group.route.drop.short", said: "group.route.dropped", grave: true, unnamed: true,
				rehearse: func(ctx context.Context) (core.Effect, error) {
					return env.Groups.PreviewRemoveRoute(ctx, ref(g), id, g.Version)
				},
				do: func(ctx context.Context) (core.Effect, error) {
					return env.Groups.RemoveRoute(ctx, ref(g), id, g.Version)
				}})
		}
		return a.addRoute(g, id)
	})}}
}

func (a acts) addRoute(g core.Group, network int64) []screen.Event {
	env := a.env
	form := widget.NewForm(widget.TextField("cidr", env.Text("column.cidr"), "").WithHelp(env.Text("group.route.help")).WithLimit(20))
	var box *screen.FormBox
	box = screen.NewQuestionBox(env, env.With("group.route.title", message.Args{"Name": g.Name}), form, func(f *widget.Form) []screen.Event {
		cidr := f.Value("cidr")
		return a.propose(box, g, deed{short: "group.route.add.short", said: "group.route.added",
			rehearse: func(ctx context.Context) (core.Effect, error) {
				return env.Groups.PreviewAddRoute(ctx, ref(g), network, cidr, g.Version)
			},
			do: func(ctx context.Context) (core.Effect, error) {
				return env.Groups.AddRoute(ctx, ref(g), network, cidr, g.Version)
			}})
	})
	return []screen.Event{screen.Show{Overlay: box}}
}
