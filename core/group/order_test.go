package group_test

import (
	"context"
	"errors"
	"testing"

	"reeve/core/fault"
	"reeve/core/group"
)

// Each operation is rehearsed without a trace and then makes one order; those that bring the group into another state are open until
// it is there.
func TestEachOperationIsAnOrderThatWasRehearsed(t *testing.T) {
	s := open(t)
	s.subscribed("rg_prod", 8, 1, false)
	s.asUsed("rg_dev")
	lin, prod, dev := s.As("lin"), s.ref("rg_prod"), s.ref("rg_dev")
	name, most := "rg_main", 4
	var g group.Group
	type both struct {
		kind         group.OrderKind
		of           group.Ref
		state        group.OrderState
		rehearse, do func() (group.Effect, error)
	}
	op := func(kind group.OrderKind, of group.Ref, state group.OrderState, rehearse, do func() (group.Effect, error)) both {
		return both{kind, of, state, rehearse, do}
	}
	vpc := group.VPC{VPC: "vpc-2", VSwitch: "vsw-2"}
	quota := group.QuotaEdit{Set: group.Shares{{Module: group.Scheduling, Max: &most}}}
	sales := group.Binding{Workspaces: []string{"sales"}}
	for _, o := range []both{
		op(group.OrderQuota, prod, group.OrderDone,
			func() (group.Effect, error) { return s.groups.PreviewSetQuota(lin, prod, quota) },
			func() (group.Effect, error) { return s.groups.SetQuota(lin, prod, quota) }),
		op(group.OrderSlots, prod, group.OrderDone,
			func() (group.Effect, error) { return s.groups.PreviewSetSlots(lin, prod, 7, 0) },
			func() (group.Effect, error) { return s.groups.SetSlots(lin, prod, 7, 0) }),
		op(group.OrderAutoRenew, prod, group.OrderDone,
			func() (group.Effect, error) { return s.groups.PreviewSetAutoRenew(lin, prod, true, 0) },
			func() (group.Effect, error) { return s.groups.SetAutoRenew(lin, prod, true, 0) }),
		op(group.OrderNetwork, prod, group.OrderDone,
			func() (group.Effect, error) { return s.groups.PreviewAddNetwork(lin, prod, vpc) },
			func() (group.Effect, error) { return s.groups.AddNetwork(lin, prod, vpc) }),
		op(group.OrderRoute, prod, group.OrderDone,
			func() (group.Effect, error) {
				return s.groups.PreviewAddRoute(lin, prod, g.Networks[0].ID, "172.20.0.0/16", 0)
			},
			func() (group.Effect, error) {
				return s.groups.AddRoute(lin, prod, g.Networks[0].ID, "172.20.0.0/16", 0)
			}),
		op(group.OrderRoute, prod, group.OrderDone,
			func() (group.Effect, error) {
				return s.groups.PreviewRemoveRoute(lin, prod, g.Networks[0].Routes[0].ID, 0)
			},
			func() (group.Effect, error) { return s.groups.RemoveRoute(lin, prod, g.Networks[0].Routes[0].ID, 0) }),
		op(group.OrderNetwork, prod, group.OrderDone,
			func() (group.Effect, error) {
				return s.groups.PreviewRemoveNetwork(lin, prod, g.Networks[len(g.Networks)-1].ID, 0)
			},
			func() (group.Effect, error) {
				return s.groups.RemoveNetwork(lin, prod, g.Networks[len(g.Networks)-1].ID, 0)
			}),
		op(group.OrderAssociate, prod, group.OrderDone,
			func() (group.Effect, error) { return s.groups.PreviewAssociate(lin, prod, sales) },
			func() (group.Effect, error) { return s.groups.Associate(lin, prod, sales) }),
		op(group.OrderDissociate, prod, group.OrderDone,
			func() (group.Effect, error) { return s.groups.PreviewDissociate(lin, prod, sales) },
			func() (group.Effect, error) { return s.groups.Dissociate(lin, prod, sales) }),
		op(group.OrderRenew, prod, group.OrderDone,
			func() (group.Effect, error) { return s.groups.PreviewRenew(lin, prod, group.Renewal{}) },
			func() (group.Effect, error) { return s.groups.Renew(lin, prod, group.Renewal{}) }),
		op(group.OrderScale, prod, group.OrderOpen,
			func() (group.Effect, error) { return s.groups.PreviewScale(lin, prod, group.Scaling{Size: 10}) },
			func() (group.Effect, error) { return s.groups.Scale(lin, prod, group.Scaling{Size: 10}) }),
		op(group.OrderStart, dev, group.OrderOpen,
			func() (group.Effect, error) { return s.groups.PreviewStart(lin, dev, 0) },
			func() (group.Effect, error) { return s.groups.Start(lin, dev, 0) }),
		op(group.OrderConvert, dev, group.OrderOpen,
			func() (group.Effect, error) { return s.groups.PreviewConvert(lin, dev, group.Conversion{Size: 4}) },
			func() (group.Effect, error) { return s.groups.Convert(lin, dev, group.Conversion{Size: 4}) }),
		op(group.OrderUnsubscribe, prod, group.OrderOpen,
			func() (group.Effect, error) { return s.groups.PreviewUnsubscribe(lin, prod) },
			func() (group.Effect, error) { return s.groups.Unsubscribe(lin, prod, 0, "rg_prod") }),
		op(group.OrderRename, dev, group.OrderDone,
			func() (group.Effect, error) { return s.groups.PreviewUpdate(lin, dev, group.Update{Name: &name}) },
			func() (group.Effect, error) { return s.groups.Update(lin, dev, group.Update{Name: &name}) }),
	} {
		switch o.kind { //nolint:exhaustive // the others need nothing first
		case group.OrderStart:
			s.at(s.Now().Add(8 * day))
		case group.OrderConvert, group.OrderRename:
			s.serving("rg_dev")
		}
		g = s.get(o.of.Name)
		told, err := o.rehearse()
		if err != nil {
			t.Fatalf("rehearsing %s: %v", o.kind, err)
		}
		before := s.get(o.of.Name)
		e, err := o.do()
		if err != nil {
			t.Fatalf("%s: %v", o.kind, err)
		}
		if before.Version != told.Before.Version || e.After.Version != told.After.Version || len(e.Notes) != len(told.Notes) {
			t.Errorf("%s: rehearsed %+v, done %+v", o.kind, told, e)
		}
		if made := s.orders(e.After.Name); e.Order == nil || made[0].Kind != o.kind || made[0].State != o.state || made[0].By != "lin" || len(made) > 1 && made[1].ID == e.Order.ID {
			t.Errorf("%s made the orders %+v", o.kind, made)
		}
	}
	s.serving("rg_main")
	if made := s.orders("rg_main"); made[0].Kind != group.OrderRename || made[1].Kind != group.OrderConvert || made[1].State != group.OrderDone || made[2].State != group.OrderDone {
		t.Errorf("at the end the orders are %+v", made)
	}
}

// What was paid as used and could not become a subscription goes on as before; it has not been idle meanwhile.
func TestAConversionThatFailedIsGivenUp(t *testing.T) {
	s := open(t)
	s.asUsed("rg_dev")
	lin, dev := s.As("lin"), s.ref("rg_dev")
	s.host.provide = errors.New("no room")
	if _, err := s.groups.Convert(lin, dev, group.Conversion{Size: 4}); err != nil {
		t.Fatal(err)
	}
	s.at(s.Now().Add(10 * day))
	g := s.get("rg_dev")
	if refused := g.Allows(group.Convert); g.Status != group.UpdateFailed || refused == nil || refused.Way.ID != "fault.group.state.update_failed.as_used" {
		t.Fatalf("it is %s, and another try is %v", g.Status, refused)
	}
	e, err := s.groups.Convert(lin, dev, group.Conversion{Undo: true})
	if err != nil || e.After.Status != group.Running || e.After.Billing != group.PayAsYouGo || e.After.Problem != "" || e.Order.Kind != group.OrderUndo || e.Order.Price != 0 {
		t.Errorf("given up it is %+v %+v %v", e.After, e.Order, err)
	}
	s.at(s.Now().Add(6 * day))
	if g = s.get("rg_dev"); g.Status != group.Running {
		t.Errorf("six days after it came back it is %s", g.Status)
	}
}

// What was never in service has nothing to go back to.
func TestWhatWasNeverInServiceIsNotPutIntoIt(t *testing.T) {
	s := open(t)
	s.host.provide = errors.New("no room")
	in := form("rg_prod")
	in.Billing, in.Size = group.Subscription, 4
	s.create(in)
	s.at(s.Now().Add(s.terms.Times.Start))
	if _, err := s.groups.Scale(s.As("lin"), s.ref("rg_prod"), group.Scaling{Size: 6}); err != nil {
		t.Fatal(err)
	}
	s.host.provide = context.Canceled
	s.at(s.Now().Add(s.terms.Times.Update))
	_, err := s.groups.Scale(s.As("lin"), s.ref("rg_prod"), group.Scaling{Undo: true})
	var refused *fault.Refused
	if g := s.get("rg_prod"); g.Status != group.UpdateFailed || !errors.As(err, &refused) || refused.Way.ID != "fault.group.state.failed" {
		t.Errorf("it is %s, and giving up is %v", g.Status, err)
	}
}
