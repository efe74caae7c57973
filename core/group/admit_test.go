package group_test

import (
	"slices"
	"testing"

	"reeve/core/group"
)

func TestWorkIsLetInOrToldWhyItWaits(t *testing.T) {
	base := group.Group{Type: group.Serverless, Billing: group.Subscription, Size: 10, Slots: 2, Status: group.Running, Lends: true,
		Workspaces: []group.Workspace{{ID: 1}}, Networks: []group.Network{{Area: group.General, Status: group.NetworkRunning}},
		Shares: group.Shares{{Module: group.Scheduling, Min: 4, Max: most(8)}, {Module: group.DataIntegration, Min: 2, Max: most(4)}}}
	with := func(change func(*group.Group)) group.Group {
		g := base
		change(&g)
		return g
	}
	use := func(scheduling, integration, service group.Half, slots int) group.Use {
		return group.Use{Slots: slots, Modules: map[group.Module]group.Half{
			group.Scheduling: scheduling, group.DataIntegration: integration, group.DataService: service}}
	}
	none := group.Use{}
	for name, c := range map[string]struct {
		g    group.Group
		use  group.Use
		d    group.Demand
		want group.Reason
	}{
		"there is room":                     {base, none, group.Demand{Workspace: 1, Module: group.Scheduling, CU: 16}, ""},
		"a task without CU":                 {base, use(16, 4, 0, 0), group.Demand{Workspace: 1, Module: group.Scheduling, Slot: true}, ""},
		"more than the module ever has":     {base, none, group.Demand{Workspace: 1, Module: group.Scheduling, CU: 17}, group.WaitNever},
		"more than the group has":           {base, none, group.Demand{Workspace: 1, Module: group.DataService, CU: 21}, group.WaitNever},
		"never, also of a stranger":         {base, none, group.Demand{Workspace: 2, Module: group.DataService, CU: 21}, group.WaitNever},
		"not associated":                    {base, none, group.Demand{Workspace: 2, Module: group.Scheduling, CU: 1}, group.WaitUnbound},
		"starting":                          {with(func(g *group.Group) { g.Status = group.Starting }), none, group.Demand{Workspace: 1, Module: group.Scheduling, CU: 1}, group.WaitUpdating},
		"updating goes on":                  {with(func(g *group.Group) { g.Status = group.Updating }), none, group.Demand{Workspace: 1, Module: group.Scheduling, CU: 1}, ""},
		"frozen":                            {with(func(g *group.Group) { g.Status = group.Frozen }), none, group.Demand{Workspace: 1, Module: group.Scheduling, CU: 1}, group.WaitStopped},
		"expired":                           {with(func(g *group.Group) { g.Status = group.Expired }), none, group.Demand{Workspace: 1, Module: group.Scheduling, CU: 1}, group.WaitStopped},
		"in arrears":                        {with(func(g *group.Group) { g.Suspended = true }), none, group.Demand{Workspace: 1, Module: group.Scheduling, CU: 1}, group.WaitStopped},
		"no network":                        {with(func(g *group.Group) { g.Networks = nil }), none, group.Demand{Workspace: 1, Module: group.Scheduling, CU: 1}, group.WaitNetwork},
		"slots":                             {base, use(2, 0, 0, 2), group.Demand{Workspace: 1, Module: group.Scheduling, Slot: true}, group.WaitSlots},
		"slots are for scheduling alone":    {base, use(2, 0, 0, 2), group.Demand{Workspace: 1, Module: group.DataIntegration, CU: 1}, ""},
		"the module is full":                {base, use(0, 8, 0, 0), group.Demand{Workspace: 1, Module: group.DataIntegration, CU: 1}, group.WaitModule},
		"the group is full":                 {base, use(8, 4, 8, 0), group.Demand{Workspace: 1, Module: group.DataIntegration, CU: 1}, group.WaitPool},
		"what is kept is lent":              {base, use(0, 0, 10, 0), group.Demand{Workspace: 1, Module: group.DataService, CU: 10}, ""},
		"what is kept is not lent":          {with(func(g *group.Group) { g.Lends = false }), use(0, 0, 4, 0), group.Demand{Workspace: 1, Module: group.DataService, CU: 5}, group.WaitGuarantee},
		"what is used of it is not kept":    {with(func(g *group.Group) { g.Lends = false }), use(8, 4, 4, 0), group.Demand{Workspace: 1, Module: group.DataService, CU: 4}, ""},
		"more than is ever lent":            {with(func(g *group.Group) { g.Lends = false }), none, group.Demand{Workspace: 1, Module: group.DataService, CU: 9}, group.WaitNever},
		"all that is ever lent":             {with(func(g *group.Group) { g.Lends = false }), none, group.Demand{Workspace: 1, Module: group.DataService, CU: 8}, ""},
		"its own guarantee is always there": {with(func(g *group.Group) { g.Lends = false }), use(0, 0, 8, 0), group.Demand{Workspace: 1, Module: group.Scheduling, CU: 8}, ""},
	} {
		why, ok := c.g.Admit(c.use, c.d, group.TaskLimits{Usual: 64})
		if why != c.want || ok != (c.want == "") {
			t.Errorf("%s: %q %v, want %q", name, why, ok, c.want)
		}
	}
}

func TestReasonsAreRanked(t *testing.T) {
	got := group.Ranked([]group.Reason{group.WaitSlots, group.WaitModule, group.WaitModule, group.WaitPool})
	if !slices.Equal(got, []group.Count{{group.WaitModule, 2}, {group.WaitSlots, 1}, {group.WaitPool, 1}}) {
		t.Errorf("ranked %v", got)
	}
}

func TestWhatIfTellsWhatOtherLimitsWouldDo(t *testing.T) {
	g := group.Group{Type: group.Serverless, Billing: group.Subscription, Size: 10, Slots: 50, Status: group.Running, Lends: true,
		Workspaces: []group.Workspace{{ID: 1}}, Networks: []group.Network{{Area: group.General, Status: group.NetworkRunning}}}
	wait := group.Demand{Workspace: 1, Module: group.DataIntegration, CU: 8}
	l := group.Load{Use: group.Use{Modules: map[group.Module]group.Half{group.Scheduling: 14}}, Waiting: []group.Run{{ID: 1, Demand: wait}, {ID: 2, Demand: wait}}}
	if w := l.Try(g, group.TaskLimits{Usual: 64}); len(w.Starts) != 0 || len(w.Never) != 0 || len(w.Over) != 0 {
		t.Errorf("as it is: %+v", w)
	}
	g.Shares = group.Shares{{Module: group.Scheduling, Max: most(5)}, {Module: group.DataIntegration, Max: most(3)}}
	if w := l.Try(g, group.TaskLimits{Usual: 64}); w.Over[group.Scheduling] != 4 || len(w.Never) != 2 {
		t.Errorf("with less for each: %+v", w)
	}
	g.Shares, g.Size = nil, 12
	if w := l.Try(g, group.TaskLimits{Usual: 64}); len(w.Starts) != 1 {
		t.Errorf("with more: %+v", w)
	}
}
