package group

import (
	"context"
	"errors"
	"fmt"
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
	case Running, Frozen, CreateFailed, UpdateFailed, DeleteFailed, TimedOut, Deleted:
	}
	return nil
}

// timed are the events that fall due.
func timed() []Event {
	return []Event{EventReady, EventReleased, EventAutoRenew, EventExpire, EventGraceOver}
}

// dues are when what falls due by itself, in the state that the group is in.
func (g Group) dues(terms Terms) map[Event]time.Time {
	d := map[Event]time.Time{}
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
		}
	}
	return d
}

// plan writes down when what falls due of a group.
func (s *Service) plan(ctx context.Context, g Group, _ time.Time) error {
	due := g.dues(s.terms)
	for _, e := range timed() {
		if err := s.store.Plan(ctx, Due{Group: g.ID, What: e, At: due[e]}); err != nil {
			return err
		}
	}
	return nil
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
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[Group], error) {
			if due.Group == 0 {
				return control.Applied[Group]{Nothing: true}, nil
			}
			before, err := s.store.Get(ctx, due.Group)
			if err != nil {
				return control.Applied[Group]{}, err
			}
			after, err := s.moved(ctx, before, due)
			if err != nil {
				return control.Applied[Group]{}, err
			}
			after, err = s.write(ctx, before, after)
			return control.Applied[Group]{Value: after, Before: before, After: after}, err
		},
	})
	return due.Group != 0 && err == nil, err
}

// moved is what becomes of a group when something falls due.
func (s *Service) moved(ctx context.Context, g Group, due Due) (Group, error) {
	event := due.What
	var problem error
	if event == EventAutoRenew {
		g.ExpiresAt = ptr(later(*g.ExpiresAt, 1))
		return g, nil
	}
	if event == EventReady {
		problem = s.host.Provide(ctx, g)
	}
	if event == EventReleased {
		problem = s.host.Release(ctx, g)
	}
	if problem != nil {
		event = EventFailed
		if errors.Is(problem, context.DeadlineExceeded) {
			event = EventTimeout
		}
		g.Problem = problem.Error()
	}
	return g, g.move(event, due.At, s.terms)
}
