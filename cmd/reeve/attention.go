package main

import (
	"context"
	"strconv"
	"time"

	"reeve/core/alert"
	"reeve/core/fault"
	"reeve/core/group"
	"reeve/core/overview"
	"reeve/core/region"
)

// watchers are the areas that the overview asks for what needs attention, each as whoever looks at it.
func (s *system) watchers() []overview.Watcher {
	return []overview.Watcher{editionWatch{s.regions, s}, groupWatch{s.groups, s}, alertWatch{s.alerts, s}, requestWatch{s}}
}

// regionsIn are the activated regions that an overview is about.
func (s *system) regionsIn(ctx context.Context, only string) ([]region.Region, error) {
	all, err := s.regions.List(ctx)
	var in []region.Region
	for _, r := range all {
		if r.Active && (only == "" || r.ID == only) {
			in = append(in, r)
		}
	}
	return in, err
}

// editionWatch tells of editions that end, from their first reminder on.
type editionWatch struct {
	regions *region.Service
	s       *system
}

// Attention implements overview.Watcher.
func (w editionWatch) Attention(ctx context.Context, only string) (found []overview.Attention, err error) {
	regions, err := w.s.regionsIn(ctx, only)
	for _, r := range regions {
		if r.EndsAt != nil && r.EndsAt.Sub(w.s.gate.Now()) <= w.regions.Remind() {
			found = append(found, overview.Attention{Kind: overview.KindEdition, Region: r.ID, Name: string(r.Edition), At: r.EndsAt,
				Urgent: !r.EndsAt.After(w.s.gate.Now())})
		}
	}
	return found, err
}

// nearFull is the share of a resource group's size from which its use needs attention. It is ours.
const nearFull = 0.8

// groupWatch tells of subscriptions of resource groups that end, from their first reminder on, unless they renew themselves, and of
// groups that are nearly full.
type groupWatch struct {
	groups *group.Service
	s      *system
}

// Attention implements overview.Watcher.
func (w groupWatch) Attention(ctx context.Context, only string) (found []overview.Attention, err error) {
	regions, err := w.s.regionsIn(ctx, only)
	if err != nil {
		return nil, err
	}
	now, days := w.s.gate.Now(), w.s.terms.Here().ReminderDays
	for _, r := range regions {
		groups, err := w.groups.List(ctx, r.ID)
		if fault.KindOf(err) == fault.KindDenied && err != nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		used, err := w.groups.Used(ctx, r.ID)
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			if cu, size := used[g.ID].CU(), float64(g.Size); size > 0 && cu >= nearFull*size {
				found = append(found, overview.Attention{Kind: overview.KindLoad, Region: r.ID, Name: g.Name, Used: cu, Size: size, Urgent: cu >= size})
			}
			if g.ExpiresAt == nil || g.AutoRenew && g.Status != group.Expired || len(days) == 0 ||
				g.ExpiresAt.Sub(now) > time.Duration(days[0])*24*time.Hour {
				continue
			}
			found = append(found, overview.Attention{Kind: overview.KindGroup, Region: r.ID, Name: g.Name, At: g.ExpiresAt, Urgent: !g.ExpiresAt.After(now)})
		}
	}
	return found, nil
}

// alertWatch tells of limits of alerts.
type alertWatch struct {
	alerts *alert.Service
	s      *system
}

// Attention implements overview.Watcher.
func (w alertWatch) Attention(ctx context.Context, only string) (found []overview.Attention, err error) {
	regions, err := w.s.regionsIn(ctx, only)
	if err != nil {
		return nil, err
	}
	for _, r := range regions {
		budgets, err := w.alerts.Budgets(ctx, r.ID)
		if err != nil {
			return nil, err
		}
		for _, b := range budgets {
			if b.Usable && b.PerDay != alert.Unlimited {
				found = append(found, overview.Attention{Kind: overview.KindAlerts, Region: r.ID, Name: string(b.Channel),
					Used: float64(b.Today), Size: float64(b.PerDay), Urgent: b.Left() == 0})
			}
		}
	}
	return found, nil
}

// requestWatch tells of requests for access that wait to be decided, and of one's own that were.
type requestWatch struct{ s *system }

// Attention implements overview.Watcher.
func (w requestWatch) Attention(ctx context.Context, only string) (found []overview.Attention, err error) {
	n, err := w.s.requests.Waiting(ctx, only)
	if err != nil {
		return nil, err
	}
	if n > 0 {
		found = append(found, overview.Attention{Kind: overview.KindRequests, Region: only, Name: strconv.Itoa(n), Used: float64(n)})
	}
	answered, err := w.s.requests.Answered(ctx)
	for _, r := range answered {
		if only == "" || r.Region == only {
			found = append(found, overview.Attention{Kind: overview.KindAnswer, Region: r.Region, Name: strconv.FormatInt(int64(r.ID), 10)})
		}
	}
	return found, err
}
