package group

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"reeve/core/action"
	"reeve/core/control"
)

// move brings a group into the state that an event leads to, with the times that belong to it. An event that means nothing in
// the state is an error: whoever calls has asked Allows, or knows the table.
func (g *Group) move(e Event, at time.Time, terms Terms) error {
	to, ok := g.Status.after(e)
	if !ok {
		return fmt.Errorf("group %s is %s, which %s does not change", g.Name, g.Status, e)
	}
	g.Status, g.BusyUntil, g.ReleaseAt = to, nil, nil
	if e != EventFailed && e != EventTimeout {
		g.Problem = ""
	}
	switch to {
	case Starting:
		g.BusyUntil = ptr(at.Add(terms.Times.Start))
	case Updating:
		g.BusyUntil = ptr(at.Add(terms.Times.Update))
	case Deleting:
		g.BusyUntil = ptr(at.Add(terms.Times.Release))
	case Expired:
		g.ReleaseAt = ptr(at.Add(terms.Here().Grace))
	case Running:
		if at.After(g.UsedAt) && (e == EventReady || e == EventUndo) {
			g.UsedAt = at // what was just made ready has not been idle
		}
	case Frozen, CreateFailed, UpdateFailed, DeleteFailed, TimedOut, Deleted:
	}
	return nil
}

// timed are the events that fall due, in the order in which those of the same second happen.
func timed() []Event {
	return []Event{EventArrears, EventAutoRenew, EventExpire, EventGraceOver, EventIdle, EventNetwork, EventReady, EventReleased, EventRemind}
}

// dues are when what falls due by itself, in the state that the group is in.
func (g Group) dues(terms Terms) map[Event]time.Time {
	d := map[Event]time.Time{}
	if g.Type != Serverless { // what befalls the older types is not for us to decide
		return d
	}
	switch {
	case g.BusyUntil != nil && g.Status == Deleting:
		d[EventReleased] = *g.BusyUntil
	case g.BusyUntil != nil:
		d[EventReady] = *g.BusyUntil
	}
	if g.ReleaseAt != nil {
		d[EventGraceOver] = *g.ReleaseAt
	}
	if _, ends := g.Status.after(EventExpire); ends && g.ExpiresAt != nil {
		d[EventExpire] = *g.ExpiresAt
		if g.AutoRenew {
			d[EventAutoRenew] = g.ExpiresAt.Add(-terms.RenewBefore)
		} else {
			d[EventRemind] = g.reminder(terms)
		}
	}
	if _, freezes := g.Status.after(EventIdle); freezes && g.Billing == PayAsYouGo && g.Type == Serverless {
		d[EventIdle] = g.UsedAt.AddDate(0, 0, terms.FreezeDays)
	}
	if g.ArrearsSince != nil && g.Billing == PayAsYouGo && g.Status != Deleting && g.Status != Deleted {
		d[EventArrears] = g.arrearsStep(terms)
	}
	for _, n := range g.Networks {
		if n.BusyUntil != nil && (d[EventNetwork].IsZero() || n.BusyUntil.Before(d[EventNetwork])) {
			d[EventNetwork] = *n.BusyUntil
		}
	}
	return d
}

// reminder is when one is next reminded of the end; the zero time when no more.
func (g Group) reminder(terms Terms) (next time.Time) {
	for _, days := range terms.Here().ReminderDays {
		at := g.ExpiresAt.AddDate(0, 0, -days)
		if (g.RemindedAt == nil || at.After(*g.RemindedAt)) && at.After(g.CreatedAt) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}

// arrearsStep is when arrears are next spoken of, or go too far; the zero time when no more.
func (g Group) arrearsStep(terms Terms) (next time.Time) {
	if g.Suspended {
		return next
	}
	next = g.ArrearsSince.Add(terms.Arrears.Stop)
	for _, hours := range terms.Arrears.ReminderHours {
		at := g.ArrearsSince.Add(time.Duration(hours) * time.Hour)
		if (g.RemindedAt == nil || at.After(*g.RemindedAt)) && at.Before(next) {
			next = at
		}
	}
	return next
}

// plan writes down when what falls due of a group.
func (s *Service) plan(ctx context.Context, g Group) error {
	for _, d := range g.Plan(s.terms) {
		if err := s.store.Plan(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// Plan is when each event falls due of the group; the zero time for one that does not.
func (g Group) Plan(terms Terms) []Due {
	due := g.dues(terms)
	plan := make([]Due, 0, len(timed()))
	for _, e := range timed() {
		plan = append(plan, Due{Group: g.ID, What: e, At: due[e]})
	}
	return plan
}

// NextDue is when the next group falls due; the zero time if none will.
func (s *Service) NextDue(ctx context.Context) (time.Time, error) {
	return control.Ask(ctx, s.gate, control.Query[time.Time]{
		Action: action.KeeperDue,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (time.Time, error) {
			d, _, err := s.store.Next(ctx)
			return d.At, err
		},
	})
}

// MoveDue moves the group that has been due longest, in one change; moved is false when none is due. What happens is reckoned
// from when it was due, not from when it is noticed: after a week of being switched off everything stands as if it had not been.
func (s *Service) MoveDue(ctx context.Context) (moved bool, err error) {
	var due Due
	_, err = control.Do(ctx, s.gate, control.Change[Group]{
		Action: action.GroupDue,
		Target: func(ctx context.Context) (control.Target, error) {
			var ok bool
			if due, ok, err = s.store.Next(ctx); err != nil || !ok || due.At.After(s.gate.Now()) {
				due = Due{}
				return control.Target{Kind: kind}, err
			}
			g, err := s.store.Get(ctx, due.Group)
			return at(g), err
		},
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[Group], error) {
			if due.Group == 0 {
				return control.Applied[Group]{Nothing: true}, nil
			}
			before, err := s.store.Get(ctx, due.Group)
			if err != nil {
				return control.Applied[Group]{}, err
			}
			e := Effect{Before: before, After: before, by: by}
			if err := s.happen(ctx, &e, due); err != nil {
				return control.Applied[Group]{}, err
			}
			after, err := s.write(ctx, before, e.After)
			return control.Applied[Group]{Value: after, Before: before, After: after}, err
		},
	})
	return due.Group != 0 && err == nil, err
}

// happen does to a group what has fallen due.
func (s *Service) happen(ctx context.Context, e *Effect, due Due) error {
	g := &e.After
	switch due.What { //nolint:exhaustive // the others do not fall due
	case EventReady:
		return s.ready(ctx, e, due)
	case EventReleased:
		return s.settle(ctx, e, due, s.host.Release(ctx, *g))
	case EventAutoRenew:
		if err := s.order(ctx, e, Order{Kind: OrderRenew, Months: 1}); err != nil {
			return err
		}
		g.ExpiresAt = ptr(g.month(-1))
		return nil
	case EventRemind:
		g.RemindedAt = ptr(due.At)
		return nil
	case EventArrears:
		g.RemindedAt = ptr(due.At)
		g.Suspended = !due.At.Before(g.ArrearsSince.Add(s.terms.Arrears.Stop))
		return nil
	case EventNetwork:
		return s.connect(ctx, g, due.At)
	}
	return g.move(due.What, due.At, s.terms)
}

// ready asks the host for what was ordered. Only then does the group have it.
func (s *Service) ready(ctx context.Context, e *Effect, due Due) error {
	o, open, err := s.store.OpenOrder(ctx, e.Before.ID)
	if err != nil {
		return err
	}
	wanted := e.Before
	if open && e.Before.Status == Updating {
		wanted.Size = o.Size
		if o.Kind == OrderConvert {
			wanted.Billing, wanted.ExpiresAt = Subscription, ptr(later(due.At, o.Months))
			wanted.ArrearsSince, wanted.Suspended, wanted.RemindedAt = nil, false, nil
		}
	}
	problem := s.host.Provide(ctx, wanted)
	if problem == nil {
		e.After = wanted
	}
	return s.settle(ctx, e, due, problem)
}

// settle brings a group where the host's answer leads, and closes what was ordered.
func (s *Service) settle(ctx context.Context, e *Effect, due Due, problem error) error {
	event, state := due.What, OrderDone
	if problem != nil {
		event, state, e.After.Problem = EventFailed, OrderFailed, problem.Error()
		if errors.Is(problem, context.DeadlineExceeded) {
			event = EventTimeout
		}
	}
	o, open, err := s.store.OpenOrder(ctx, e.Before.ID)
	if err != nil {
		return err
	}
	if open {
		o.State, o.DoneAt = state, ptr(due.At)
		if err := s.store.UpdateOrder(ctx, o); err != nil {
			return err
		}
	}
	return e.After.move(event, due.At, s.terms)
}

// connect lets bindings work, or be gone, that were to by now.
func (s *Service) connect(ctx context.Context, g *Group, at time.Time) error {
	var left []Network
	for _, n := range slices.Clone(g.Networks) {
		if n.BusyUntil == nil || n.BusyUntil.After(at) {
			left = append(left, n)
			continue
		}
		n.BusyUntil = nil
		switch n.Status {
		case NetworkCreating:
			n.Status = NetworkRunning
			left = append(left, n)
		case NetworkDeleting, NetworkRunning:
			n.Status = ""
		}
		if err := s.store.UpdateNetwork(ctx, n); err != nil {
			return err
		}
	}
	g.Networks = left
	return nil
}
