package app_test

import (
	"context"
	"time"

	"reeve/core/control"
	"reeve/core/group"
	"reeve/storage"
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

// legacy keeps a group of an older type.
func legacy(w *world) {
	w.t.Helper()
	if err := w.db.Write(context.Background(), func(ctx context.Context) error {
		ends := w.clock.Now().AddDate(0, 3, 0)
		_, err := storage.NewGroups(w.db).Insert(ctx, group.Group{Region: "cn-hangzhou", Name: "exclusive_2023", Type: "exclusive-scheduling", Spec: "8/16",
			Billing: group.Subscription, Status: group.Running, ExpiresAt: &ends, CreatedAt: w.clock.Now()}, 1)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
}

// busy lets work run and wait in rg_prod, end in it, and be metered.
func busy(w *world) {
	w.t.Helper()
	grouped(w)
	root, ref := w.ctx(w.t, "root"), group.Ref{Region: "cn-hangzhou", Name: "rg_prod"}
	ctx := control.WithActor(root, control.Actor{Principal: 1, Name: "root", Face: control.FaceKeeper})
	most := 8
	if _, err := w.services.Groups.SetQuota(root, ref, group.QuotaEdit{Set: group.Shares{{Module: group.DataIntegration, Min: 4, Max: &most}}}); err != nil {
		w.t.Fatal(err)
	}
	var tickets []group.Ticket
	come := func(name, workspace string, m group.Module, cu float64) group.Ticket {
		w.t.Helper()
		st, err := w.services.Runs.Enter(root, group.Entry{Group: "rg_prod", Workspace: control.Ref{Region: "cn-hangzhou", Workspace: workspace}, Module: string(m), CU: cu,
			Name: name, Machine: "worker-1", Token: name})
		if err != nil {
			w.t.Fatal(err)
		}
		tickets = append(tickets, group.Ticket{ID: st.Run.ID, Token: name})
		return tickets[len(tickets)-1]
	}
	done := come("daily_sales", "sales_dw", group.Scheduling, 6)
	failed := come("scores", "risk_dw", group.Scheduling, 2)
	come("load_orders", "sales_dw", group.DataIntegration, 6)
	come("日报", "sales_dw", group.Scheduling, 12)
	come("sync_crm", "risk_dw", group.DataIntegration, 4)
	come("backfill", "risk_dw", group.Scheduling, 16)
	for i := range 60 {
		w.clock.Pass(30 * time.Second)
		for _, t := range tickets {
			if _, err := w.services.Runs.Beat(ctx, t, group.Spent{CPU: time.Duration(i) * 20 * time.Second, Memory: 900, MemoryNow: 700}, group.LimitsSoft); err != nil {
				w.t.Fatal(err)
			}
		}
		end := map[int]group.Ending{20: {Outcome: group.RunFailed, Code: 2}, 40: {Outcome: group.RunDone}}[i]
		ended := map[int]group.Ticket{20: failed, 40: done}[i]
		if end.Outcome == "" {
			continue
		}
		if _, err := w.services.Runs.End(ctx, ended, end); err != nil {
			w.t.Fatal(err)
		}
	}
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
		{name: "resource-group-identity", who: "root", link: rgProd, before: grouped, keys: "end pgdown pgdown"},
		{name: "resource-group-unbind", who: "root", link: rgProd, before: grouped, keys: "D enter"},
		{name: "resource-group-buy", who: "root", link: groups, keys: "a text:rg_new tab right tab text:16 tab tab tab text:vpc-bp1aevy8sofi8mh1q tab text:vsw-bp12mw1f8k3jgygk9 ctrl+s"},
		{name: "resource-group-scale", who: "root", link: rgProd, before: grouped, keys: "S ctrl+u text:16 ctrl+s"},
		{name: "resource-group-scale-fault", who: "root", link: rgProd, before: grouped, keys: "S ctrl+u text:1 ctrl+s"},
		{name: "resource-group-updating", who: "root", link: rgProd, before: grouped, keys: "S ctrl+u text:64 ctrl+s y"},
		{name: "resource-group-renew", who: "root", link: rgProd, before: grouped, keys: "r ctrl+u text:1y ctrl+s"},
		{name: "resource-group-convert", who: "root", link: groups + "/rg_dev", before: grouped, keys: "C text:8 ctrl+s"},
		{name: "resource-group-quota", who: "root", link: rgProd, before: grouped, keys: "Q text:8 tab text:24 tab text:6 tab text:8"},
		{name: "resource-group-quota-fault", who: "root", link: rgProd, before: grouped, keys: "Q text:30 down text:9 down right text:40"},
		{name: "resource-group-quota-set", who: "root", link: rgProd, before: grouped, keys: "Q text:8 tab text:24 tab text:6 tab text:8 ctrl+s"},
		{name: "resource-group-slots", who: "root", link: rgProd, before: grouped, keys: "L ctrl+u text:201 ctrl+s"},
		{name: "resource-group-slots-told", who: "root", link: rgProd, before: busy, keys: "L ctrl+u text:1 ctrl+s"},
		{name: "resource-group-auto-renew", who: "root", link: rgProd, before: grouped, keys: "A"},
		{name: "resource-group-start", who: "root", link: groups + "/rg_dev", before: func(w *world) { grouped(w); w.clock.Pass(8 * 24 * time.Hour); w.keep() }, keys: "t"},
		{name: "resource-group-bind-told", who: "root", link: rgProd, before: grouped, keys: "n enter tab text:vpc-2 tab text:vsw-2 tab text:10.9.0.0/16 ctrl+s"},
		{name: "resource-group-route-told", who: "root", link: rgProd, before: grouped, keys: "o enter text:172.20.0.0/16 ctrl+s"},
		{name: "resource-group-renamed", who: "root", link: rgProd, before: grouped, keys: "m ctrl+u text:rg_main ctrl+s"},
		{name: "resource-group-networks", who: "root", link: rgProd, before: grouped, keys: "n"},
		{name: "resource-group-bind-vpc", who: "root", link: rgProd, before: grouped, keys: "n enter tab text:vpc-2 tab text:vsw-2 tab text:21.0.0.0/16 ctrl+s"},
		{name: "resource-group-routes", who: "root", link: rgProd, before: grouped, keys: "o"},
		{name: "resource-group-orders", who: "root", link: rgProd, before: grouped, keys: "i"},
		{name: "resource-group-frozen", who: "root", link: groups + "/rg_dev", before: func(w *world) { grouped(w); w.clock.Pass(8 * 24 * time.Hour); w.keep() }},
		{name: "resource-group-legacy", who: "root", link: groups + "/exclusive_2023", before: legacy, keys: "Q"},
		{name: "resource-group-busy", who: "root", link: rgProd, before: busy},
		{name: "resource-group-history", who: "root", link: rgProd, before: busy, keys: "h right right"},
		{name: "resource-group-what-if", who: "root", link: rgProd, before: busy, keys: "S ctrl+u text:12 ctrl+s"},
		{name: "resource-group-let-go", who: "root", link: rgProd, before: busy, keys: "D space enter"},
		{name: "runs", who: "root", link: rgProd + "/runs", before: busy, rows: true},
		{name: "runs-empty", who: "root", link: groups + "/rg_dev/runs", before: grouped},
		{name: "runs-refused", who: "m.ito", link: rgProd + "/runs", before: busy},
		{name: "runs-missing", who: "root", link: groups + "/rg_prdo/runs", before: grouped},
		{name: "run", who: "root", link: rgProd + "/runs", before: busy, keys: "down enter"},
		{name: "run-release", who: "root", link: rgProd + "/runs", before: busy, keys: "down space down space x"},
		{name: "resource-group-waits", who: "root", link: groups + "?q=night", before: grouped, keys: "b"},
	}
}
