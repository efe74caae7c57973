package storage

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/fault"
	"reeve/core/group"
)

func (s stores) resourceGroup(t *testing.T, name string) (g group.Group) {
	t.Helper()
	s.do(t, func(ctx context.Context) (err error) {
		ends := sampleTime.AddDate(0, 1, 0)
		g, err = s.groups.Insert(ctx, group.Group{Region: home, Name: name, Type: group.Serverless, Billing: group.Subscription, Size: 8, Slots: 50,
			Status: group.Running, VPC: "vpc-1", VSwitch: "vsw-1", CIDR: "10.0.0.0/24", ExpiresAt: &ends, AutoRenew: true, CreatedAt: sampleTime}, 1)
		return err
	})
	return g
}

func groupLife(t *testing.T, s stores) {
	sales, risk := s.workspace(t, home, "sales_dw"), s.workspace(t, home, "risk_dw")
	g := s.resourceGroup(t, "RG_prod")
	s.resourceGroup(t, "rg_dev")
	if g.ID == 0 || g.Version != 1 || g.CreatedBy != "acme" || g.Size != 8 || !g.AutoRenew || g.ExpiresAt == nil || g.BusyUntil != nil || g.Workspaces == nil {
		t.Errorf("made %+v", g)
	}
	err := s.gate.Write(t.Context(), func(ctx context.Context) error {
		_, err := s.groups.Insert(ctx, group.Group{Region: home, Name: "rg_PROD", Type: group.Serverless, Billing: group.PayAsYouGo, Status: group.Running, CreatedAt: sampleTime}, 1)
		return err
	})
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) || invalid.Fields[0].Name != "name" {
		t.Errorf("a second group of the name: %v", err)
	}
	s.do(t, func(ctx context.Context) error {
		ok, err := s.groups.Associate(ctx, g.ID, []access.WorkspaceID{sales.ID, risk.ID}, 1, sampleTime, 1)
		stale, err2 := s.groups.Associate(ctx, g.ID, []access.WorkspaceID{sales.ID}, 1, sampleTime, 1)
		gone, err3 := s.groups.Dissociate(ctx, g.ID, []access.WorkspaceID{risk.ID}, 1)
		return wanted(errors.Join(err, err2, err3), ok && !stale && !gone, true)
	})
	found, ok, err := s.groups.Find(t.Context(), " CN-Hangzhou", "rg_prod ")
	if err != nil || !ok || !slices.Equal(found.Names(), []string{"risk_dw", "sales_dw"}) || found.Version != 2 {
		t.Errorf("found %+v %v %v", found, ok, err)
	}
	if of, err := s.groups.OfWorkspace(t.Context(), sales.ID); err != nil || len(of) != 1 || of[0].ID != g.ID {
		t.Errorf("of the workspace: %+v %v", of, err)
	}
	s.do(t, func(ctx context.Context) error {
		ok, err := s.groups.Dissociate(ctx, g.ID, []access.WorkspaceID{risk.ID, 99}, 2)
		return wanted(err, ok, true)
	})
	changed, busy := found, sampleTime.Add(time.Hour)
	changed.Name, changed.Remark, changed.Status, changed.Problem, changed.BusyUntil, changed.Version = "rg_main", "r", group.Updating, "p", &busy, 3
	s.do(t, func(ctx context.Context) error {
		ok, err := s.groups.Update(ctx, changed, sampleTime)
		stale, err2 := s.groups.Update(ctx, changed, sampleTime)
		return wanted(errors.Join(err, err2), ok && !stale, true)
	})
	got, err := s.groups.Get(t.Context(), g.ID)
	if err != nil || got.Name != "rg_main" || got.Status != group.Updating || got.Problem != "p" || !got.BusyUntil.Equal(busy) || got.Version != 4 || !slices.Equal(got.Names(), []string{"sales_dw"}) {
		t.Errorf("changed to %+v %v", got, err)
	}
	got.Status = group.Deleted
	s.do(t, func(ctx context.Context) error {
		ok, err := s.groups.Update(ctx, got, sampleTime)
		return wanted(err, ok, true)
	})
	s.resourceGroup(t, "rg_main") // the name is free
	if list, err := s.groups.List(t.Context(), home); err != nil || len(list) != 2 || list[0].Name != "rg_dev" || list[1].ID == g.ID {
		t.Errorf("listed %+v %v", list, err)
	}
	if of, err := s.groups.OfWorkspace(t.Context(), sales.ID); err != nil || len(of) != 0 {
		t.Errorf("a released group is still there: %+v %v", of, err)
	}
	if gone, err := s.groups.Get(t.Context(), g.ID); err != nil || gone.Status != group.Deleted {
		t.Errorf("what was released is %+v %v", gone, err)
	}
}

func groupDues(t *testing.T, s stores) {
	one, two := s.resourceGroup(t, "one"), s.resourceGroup(t, "two")
	next := func() group.Due {
		d, _, err := s.groups.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if _, ok, err := s.groups.Next(t.Context()); ok || err != nil {
		t.Errorf("something falls due: %v", err)
	}
	plan := func(g group.Group, what group.Event, at time.Time) {
		s.do(t, func(ctx context.Context) error { return s.groups.Plan(ctx, group.Due{Group: g.ID, What: what, At: at}) })
	}
	late, early := sampleTime.Add(time.Hour), sampleTime
	plan(one, group.EventExpire, late)
	plan(two, group.EventReady, early)
	if d := next(); d.Group != two.ID || d.What != group.EventReady || !d.At.Equal(early) {
		t.Errorf("first falls due %+v", d)
	}
	plan(two, group.EventReady, late.Add(time.Hour))
	if d := next(); d.Group != one.ID || d.What != group.EventExpire {
		t.Errorf("after putting off falls due %+v", d)
	}
	plan(one, group.EventExpire, time.Time{})
	if d := next(); d.Group != two.ID {
		t.Errorf("after taking away falls due %+v", d)
	}
}
