package app_test

import (
	"context"
	"time"

	"reeve/core/control"
	"reeve/core/group"
)

const (
	groups = "cn-hangzhou/-/groups"
	rgProd = groups + "/rg_prod"
)

// keep moves everything that is due of the resource groups, as the keeper does.
func (w *world) keep() {
	w.t.Helper()
	ctx := control.WithActor(context.Background(), control.Actor{Name: "keeper", Face: control.FaceKeeper})
	for {
		moved, err := w.services.Groups.MoveDue(ctx)
		if err != nil {
			w.t.Fatal(err)
		}
		if !moved {
			return
		}
	}
}

// grouped buys a subscription that two workspaces use and one that is paid as it is used, and lets a third start.
func grouped(w *world) {
	w.t.Helper()
	root := w.ctx(w.t, "root")
	buy := func(in group.Create) {
		w.t.Helper()
		in.Region, in.VPC, in.VSwitch = "cn-hangzhou", "vpc-bp1aevy8sofi8mh1q", "vsw-bp12mw1f8k3jgygk9"
		if _, err := w.services.Groups.Create(root, in); err != nil {
			w.t.Fatal(err)
		}
	}
	buy(group.Create{Name: "rg_prod", Billing: group.Subscription, Size: 32, Duration: 3, CIDR: "192.168.10.0/24", Remark: "生产"})
	buy(group.Create{Name: "rg_dev"})
	w.clock.Pass(time.Hour)
	w.keep()
	if _, err := w.services.Groups.Associate(root, group.Ref{Region: "cn-hangzhou", Name: "rg_prod"}, group.Binding{Workspaces: []string{"sales_dw", "risk_dw"}}); err != nil {
		w.t.Fatal(err)
	}
	buy(group.Create{Name: "rg_night", Billing: group.Subscription, Size: 8, Duration: 1, AutoRenew: true})
}

// groupScenes are the screens of resource groups.
func groupScenes() []scene {
	return []scene{
		{name: "groups", who: "root", link: groups, before: grouped, rows: true},
		{name: "groups-empty", who: "root", link: groups},
		{name: "groups-refused", who: "m.ito", link: groups, before: grouped},
		{name: "groups-expired", who: "root", link: groups, before: func(w *world) { grouped(w); w.clock.Pass(97 * 24 * time.Hour); w.keep() }, rows: true},
		{name: "resource-group", who: "root", link: rgProd, before: grouped},
		{name: "resource-group-starting", who: "root", link: groups + "/rg_night", before: grouped},
		{name: "resource-group-missing", who: "root", link: groups + "/rg_prdo", before: grouped},
		{name: "resource-group-refused", who: "lin.chen", link: rgProd, before: grouped, keys: "x"},
		{name: "resource-group-create", who: "root", link: groups, keys: "a"},
		{name: "resource-group-create-fault", who: "root", link: groups, before: grouped, keys: "a text:rg_prod tab right tab text:1 tab tab tab tab tab text:21.0.0.0/16 ctrl+s"},
		{name: "resource-group-associate", who: "root", link: rgProd, before: grouped, keys: "b"},
		{name: "resource-group-dissociate", who: "root", link: rgProd, before: grouped, keys: "D"},
		{name: "resource-group-rename", who: "root", link: rgProd, before: grouped, keys: "m"},
		{name: "resource-group-unsubscribe", who: "root", link: rgProd, before: grouped, keys: "x"},
		{name: "resource-group-waits", who: "root", link: groups + "?q=night", before: grouped, keys: "b"},
	}
}
