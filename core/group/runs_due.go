package group

import (
	"context"
	"time"

	"reeve/core/action"
	"reeve/core/control"
)

// NextDue is when the first lease ends, what a run left is to be ended here, or minutes are to be forgotten; the zero time if none
// of it will be.
func (s *Runs) NextDue(ctx context.Context) (time.Time, error) {
	return control.Ask(ctx, s.gate, control.Query[time.Time]{
		Action: action.KeeperDue,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (time.Time, error) {
			next, err := s.forgets(ctx)
			if err != nil {
				return time.Time{}, err
			}
			if r, ok, err := s.store.Lapsing(ctx); err != nil {
				return time.Time{}, err
			} else if ok {
				next = sooner(next, *r.Lease)
			}
			left, err := s.leaving(ctx)
			if err == nil && left != nil {
				next = sooner(next, *left.LeftAt)
			}
			return next, err
		},
	})
}

// sooner is the earlier of two times, the zero time being none.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// forgets is when the oldest minute is to be forgotten: an hour after it may be, so that many are at once.
func (s *Runs) forgets(ctx context.Context) (time.Time, error) {
	oldest, ok, err := s.store.OldestMinute(ctx)
	if err != nil || !ok {
		return time.Time{}, err
	}
	return time.Unix(oldest*60, 0).UTC().Add(s.terms.Runs.Minutes + time.Hour), nil
}

// MoveDue ends the run that has been silent longest, or what one left, or forgets old minutes; moved is false when none of it is due.
// What a run held is metered until its lease ended, whenever that is noticed.
func (s *Runs) MoveDue(ctx context.Context) (moved bool, err error) {
	lost, err := s.due(ctx, s.lapsing)
	if err != nil {
		return false, err
	}
	if lost == nil {
		if moved, err = s.clear(ctx); moved || err != nil {
			return moved, err
		}
		return s.forget(ctx)
	}
	swept := s.leftovers != nil && lost.State == RunRunning && s.leftovers.Reaches(*lost)
	if swept {
		// Before its CU are given to others, and outside the transaction: ending processes takes a while.
		if err := s.leftovers.End(ctx, *lost); err != nil {
			return false, err
		}
	}
	var r Run
	var g Group
	_, err = control.Do(ctx, s.gate, control.Change[Run]{
		Action: action.GroupRunLost,
		Target: func(ctx context.Context) (control.Target, error) {
			var ok bool
			if r, ok, err = s.store.Lapsing(ctx); err != nil || !ok || r.Lease.After(s.gate.Now()) || r.ID != lost.ID {
				r = Run{}
				return control.Target{Kind: kind}, err
			}
			g, err = s.store.Get(ctx, r.Group)
			return runTarget(g, r), err
		},
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[Run], error) {
			if r.ID == 0 {
				return control.Applied[Run]{Nothing: true}, nil
			}
			before := runEntry(r)
			if !swept {
				r.left(s.gate.Now())
			}
			err := s.end(ctx, g, &r, Ending{Outcome: RunLost, Spent: r.Spent}, *r.Lease)
			return control.Applied[Run]{Value: r, Before: before, After: runEntry(r)}, err
		},
	})
	return r.ID != 0 && err == nil, err
}

// lapsing is the run whose lease ends first, nil if none has one.
func (s *Runs) lapsing(ctx context.Context) (*Run, error) {
	r, ok, err := s.store.Lapsing(ctx)
	if err != nil || !ok {
		return nil, err
	}
	return &r, nil
}

// due is a run of which something is due by now, as pick finds the first that will be; nil if nothing is.
func (s *Runs) due(ctx context.Context, pick func(context.Context) (*Run, error)) (*Run, error) {
	return control.Do(ctx, s.gate, control.Change[*Run]{
		Action: action.GroupRunLost,
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[*Run], error) {
			none := control.Applied[*Run]{Nothing: true}
			r, err := pick(ctx)
			if err != nil || r == nil {
				return none, err
			}
			at := r.Lease
			if r.State == RunEnded {
				at = r.LeftAt
			}
			if !at.After(s.gate.Now()) {
				none.Value = r
			}
			return none, nil
		},
	})
}

// forget drops minutes and ended runs that are kept no longer.
func (s *Runs) forget(ctx context.Context) (moved bool, err error) {
	return control.Do(ctx, s.gate, control.Change[bool]{
		Action: action.GroupRunLost,
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[bool], error) {
			none, now := control.Applied[bool]{Continues: true}, s.gate.Now()
			due, err := s.forgets(ctx)
			if err != nil || due.IsZero() || due.After(now) {
				return none, err
			}
			none.Value = true
			return none, s.store.DropMinutes(ctx, now.Add(-s.terms.Runs.Minutes).Unix()/60, now.Add(-s.terms.Runs.Ended))
		},
	})
}
