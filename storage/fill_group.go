package storage

import (
	"context"
	"fmt"
	"time"

	"reeve/assets"
	"reeve/core/access"
	"reeve/core/group"
)

// sampleGroups are the resource groups of the sample: of every way to pay, in most states, and two of older types.
func (f Fill) sampleGroups(terms group.Terms) []group.Group {
	in := func(d time.Duration) *time.Time { t := f.At.Add(d); return &t }
	const day = 24 * time.Hour
	most := func(n int) *int { return &n }
	made := f.At.Add(-300 * day)
	groups := []group.Group{
		{Name: "rg_etl", Billing: group.Subscription, Size: 64, Status: group.Running, ExpiresAt: in(71 * day), AutoRenew: true, CIDR: "10.20.0.0/20",
			Shares: group.Shares{{Module: group.Scheduling, Min: 16, Max: most(48)}, {Module: group.DataIntegration, Min: 12, Max: most(24)}, {Module: group.DataService, Max: most(16)}}},
		{Name: "rg_finance", Billing: group.Subscription, Size: 16, Status: group.Running, ExpiresAt: in(9 * day), CIDR: "10.20.16.0/20",
			Shares: group.Shares{{Module: group.Scheduling, Min: 8}}},
		{Name: "rg_archive", Billing: group.Subscription, Size: 8, Status: group.Expired, ExpiresAt: in(-9 * day), ReleaseAt: in(6 * day)},
		{Name: "rg_ml", Billing: group.PayAsYouGo, Size: terms.Size.PayAsYouGo, Status: group.Running, UsedAt: f.At.Add(-2 * day)},
		{Name: "rg_sandbox", Billing: group.PayAsYouGo, Size: terms.Size.PayAsYouGo, Status: group.Frozen, UsedAt: f.At.Add(-40 * day)},
		{Name: "rg_quarter", Billing: group.Subscription, Size: 4, Status: group.UpdateFailed, Problem: "no room in the zone", ExpiresAt: in(40 * day)},
		{Name: "exclusive_2023", Type: "exclusive-scheduling", Spec: "8/16", Billing: group.Subscription, Status: group.Running, ExpiresAt: in(150 * day)},
		{Name: "shared_scheduling", Type: "shared-scheduling", Spec: "shared", Billing: group.PayAsYouGo, Status: group.Running},
	}
	for i := range groups {
		g := &groups[i]
		g.Region, g.CreatedAt, g.Slots, g.Lends, g.VPC, g.VSwitch = f.Region, made, terms.Slots.Usual, true, "vpc-bp1aevy8sofi8mh1q", fmt.Sprintf("vsw-bp%02d", i)
		if g.Type == "" {
			g.Type = group.Serverless
		}
		if g.Type == "shared-scheduling" { // those have no network of one's own
			g.VPC, g.VSwitch = "", ""
		}
		if g.UsedAt.IsZero() {
			g.UsedAt = made.Add(time.Minute)
		}
	}
	return groups
}

// addResourceGroups makes the resource groups, and lets the first workspaces of the region run work in them. It leaves names alone
// that are taken.
func (w *filler) addResourceGroups(ctx context.Context) error {
	terms, err := group.LoadTerms(assets.Groups())
	if err != nil {
		return err
	}
	spaces, err := all(ctx, w.tables.db, "reading the workspaces", value[access.WorkspaceID],
		"SELECT id FROM workspace WHERE region = ? AND deleted_at = 0 ORDER BY id LIMIT 24", w.Region)
	if err != nil {
		return err
	}
	s := NewGroups(w.tables.db)
	for i, g := range w.sampleGroups(terms) {
		if _, there, err := s.Find(ctx, w.Region, g.Name); err != nil || there {
			if err != nil {
				return err
			}
			continue
		}
		from := min(len(spaces), 3*i)
		if err := s.addSample(ctx, g, terms, spaces[from:min(len(spaces), from+1+i%4)], w.Owner); err != nil {
			return err
		}
	}
	return nil
}

// addSample makes one group with what belongs to it.
func (s Groups) addSample(ctx context.Context, g group.Group, terms group.Terms, spaces []access.WorkspaceID, by access.PrincipalID) error {
	made, err := s.Insert(ctx, g, by)
	if err != nil {
		return err
	}
	g.ID, g.Version = made.ID, made.Version
	if g.Type == group.Serverless {
		for _, area := range []group.Area{group.General, group.DataServiceArea} {
			if _, err := s.InsertNetwork(ctx, g.ID, group.Network{Area: area, VPC: g.VPC, VSwitch: g.VSwitch, CIDR: g.CIDR, Status: group.NetworkRunning}); err != nil {
				return err
			}
		}
	}
	if _, err := s.Update(ctx, g, g.CreatedAt); err != nil {
		return err
	}
	for _, d := range g.Plan(terms) {
		if err := s.Plan(ctx, d); err != nil {
			return err
		}
	}
	_, err = s.Associate(ctx, g.ID, spaces, by, g.CreatedAt, g.Version+1)
	return err
}
