package group_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/group"
	"reeve/storage"
	"reeve/storage/storagetest"
)

// Whoever may not come in is told what stands in the way first, and what to do about it.
func TestTheStateIsToldBeforeTheAssociation(t *testing.T) {
	for name, c := range map[string]struct {
		bring    func(y *yard)
		why, way string
	}{
		"starting": {func(y *yard) { y.create(form("rg")) }, "fault.group.run.unbound.busy", "fault.group.run.unbound.then"},
		"updating": {func(y *yard) {
			y.subscribed("rg", 4, 3, false)
			if _, err := y.groups.Scale(y.As("lin"), y.ref("rg"), group.Scaling{Size: 8}); err != nil {
				y.t.Fatal(err)
			}
		}, "fault.group.run.unbound.busy", "fault.group.run.unbound.then"},
		"running": {func(y *yard) { y.asUsed("rg") }, "fault.group.run.unbound", "fault.group.run.unbound.next"},
		"frozen":  {func(y *yard) { y.asUsed("rg"); y.Pass(8 * day); y.keep() }, "fault.group.state", "fault.group.state.frozen"},
		"owing": {func(y *yard) {
			y.asUsed("rg")
			if _, err := y.groups.SetArrears(y.As(storagetest.Owner), y.Now().Add(-day)); err != nil {
				y.t.Fatal(err)
			}
			id := y.get("rg").ID
			for range 20 { // used all the time, so that it is not frozen
				y.Pass(day)
				if err := y.DB.Write(y.process("ann"), func(ctx context.Context) error {
					return storage.NewGroupRuns(y.DB).Touch(ctx, id, y.Now())
				}); err != nil {
					y.t.Fatal(err)
				}
				y.keep()
			}
		}, "fault.group.run.suspended", "fault.group.run.suspended.next"},
		"released": {func(y *yard) {
			y.asUsed("rg")
			if _, err := y.groups.Unsubscribe(y.As("lin"), y.ref("rg"), 0, ""); err != nil {
				y.t.Fatal(err)
			}
		}, "fault.group.state", "fault.group.state.releasing"},
		"of an older type": {func(y *yard) {
			if err := y.DB.Write(y.process("ann"), func(ctx context.Context) error {
				_, err := storage.NewGroups(y.DB).Insert(ctx, group.Group{Region: storagetest.Home, Name: "rg", Type: "exclusive-scheduling", Spec: "8/16",
					Billing: group.Subscription, Status: group.Running, CreatedAt: y.Now()}, 1)
				return err
			}); err != nil {
				y.t.Fatal(err)
			}
			if _, err := y.groups.Load(y.As("lin"), y.ref("rg")); reason(err) != "group.no_runs" {
				y.t.Errorf("its load: %v", err)
			}
			if _, err := y.runs.List(y.As("lin"), y.ref("rg"), group.RunQuery{}); reason(err) != "group.no_runs" {
				y.t.Errorf("its runs: %v", err)
			}
		}, "fault.group.legacy", ""},
		"expired": {func(y *yard) { y.subscribed("rg", 4, 1, false); y.Pass(32 * day); y.keep() }, "fault.group.state", "fault.group.state.expired"},
	} {
		y := newYard(t)
		c.bring(y)
		_, _, err := y.try("rg", group.Scheduling, 0.5)
		var refused *fault.Refused
		if !errors.As(err, &refused) || refused.Reason.ID != c.why || refused.Way.ID != c.way {
			t.Errorf("%s: told %v", name, err)
			continue
		}
		if at, has := refused.Way.Args["At"]; has && at == "" {
			t.Errorf("%s: it is not told when", name)
		}
	}
}

// What failed and is paid as it is used cannot be scaled to try again.
func TestTheWayOutOfAFailureIsOneThatCanBeGone(t *testing.T) {
	s := open(t)
	s.host.provide = errors.New("no room")
	s.create(form("rg"))
	s.Pass(time.Hour)
	s.keep()
	_, err := s.groups.Associate(s.As("lin"), s.ref("rg"), group.Binding{Workspaces: []string{"sales"}})
	var refused *fault.Refused
	if !errors.As(err, &refused) || refused.Way.ID != "fault.group.state.failed.as_used" {
		t.Errorf("told %v", err)
	}
}

func TestTheWaysOutOfStates(t *testing.T) {
	s := open(t)
	s.subscribed("rg", 4, 3, false)
	s.host.provide = errors.New("no room")
	if _, err := s.groups.Scale(s.As("lin"), s.ref("rg"), group.Scaling{Size: 8}); err != nil {
		t.Fatal(err)
	}
	s.Pass(time.Hour)
	s.keep()
	_, err := s.groups.SetSlots(s.As("lin"), s.ref("rg"), 9, 0)
	var refused *fault.Refused
	if !errors.As(err, &refused) || refused.Way.ID != "fault.group.state.update_failed" {
		t.Errorf("told %v", err)
	}
	if _, err := s.groups.Start(s.As("lin"), s.ref("rg"), 0); !errors.As(err, &refused) || refused.Reason.ID != "fault.group.billing_only" || fmt.Sprint(refused.Reason.Args["Only"]) != "{billing.pay-as-you-go map[]}" {
		t.Errorf("told %v", err)
	}
}

// ids are the sentences of an effect.
func ids(notes []group.Note) string {
	var list []string
	for _, n := range notes {
		list = append(list, strings.TrimPrefix(n.Text.ID, "group.note."))
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func TestAPreviewNamesOnlyWhatTheChangeBrings(t *testing.T) {
	y := newYard(t)
	y.pool("rg", 8)
	for range 3 {
		y.enter("rg", group.DataIntegration, 2)
	}
	y.enter("rg", group.Scheduling, 1)
	y.enter("rg", group.DataIntegration, 4) // waits: the group is full
	limit := func(slots int, edit group.QuotaEdit) string {
		t.Helper()
		var e group.Effect
		var err error
		if slots > 0 {
			e, err = y.groups.SetSlots(y.As("lin"), y.ref("rg"), slots, 0)
		} else {
			e, err = y.groups.SetQuota(y.As("lin"), y.ref("rg"), edit)
		}
		if err != nil {
			t.Fatal(err)
		}
		return ids(e.Notes)
	}
	quota := func(m group.Module, low, high int) group.QuotaEdit {
		return group.QuotaEdit{Set: group.Shares{{Module: m, Min: low, Max: most(high)}}}
	}
	for _, c := range []struct {
		what string
		got  string
		want string
	}{
		{"less for what runs", limit(0, quota(group.DataIntegration, 0, 4)), "over"},
		{"something else", limit(0, quota(group.DataService, 0, 4)), ""},
		{"still less for what runs, and never for what waits", limit(0, quota(group.DataIntegration, 0, 3)), "never over"},
		{"the slots, while that is so", limit(7, group.QuotaEdit{}), "concurrency"},
		{"a guarantee that others can use up", limit(0, quota(group.DataAnalysis, 2, 8)), "kept starved"},
		{"another one, while that is so", limit(0, quota(group.PersonalDev, 1, 8)), "kept starved"},
		{"nothing of either", limit(0, quota(group.DataService, 0, 5)), "kept"},
	} {
		if c.got != c.want {
			t.Errorf("%s: told %q, want %q", c.what, c.got, c.want)
		}
	}
}

func TestNamesOfRunsWithSpacesAreQuoted(t *testing.T) {
	y := newYard(t)
	y.pool("rg", 8)
	if _, err := y.runs.Enter(y.As("ann"), group.Entry{Group: "rg", Workspace: control.Ref{Region: storagetest.Home, Workspace: "sales"},
		Module: string(group.Scheduling), CU: 4, Name: "nightly load", Machine: "here", Token: "t"}); err != nil {
		t.Fatal(err)
	}
	e, err := y.groups.PreviewScale(y.As("lin"), y.ref("rg"), group.Scaling{Size: 2})
	if told := fmt.Sprint(e.Notes); err != nil || !strings.Contains(told, "“nightly load” (sales)") {
		t.Errorf("told %s (%v)", told, err)
	}
}

func TestWhatAnOrderCostsIsASentence(t *testing.T) {
	for price, want := range map[group.Money]string{55_210_000: "{group.price map[Price:$55.21]}", -55_210_000: "{group.refund map[Price:$55.21]}", 0: "{group.price.none map[]}"} {
		if got := fmt.Sprint(group.Order{Price: price}.Cost()); got != want {
			t.Errorf("%d: %s, want %s", price, got, want)
		}
	}
	if got := group.Money(-55_210_000).Dollars(); got != "-$55.21" {
		t.Errorf("in a list: %s", got)
	}
}
