package group

import (
	"context"
	"time"

	"reeve/core/action"
	"reeve/core/control"
)

// NextDue is when the first lease ends, or minutes are to be forgotten; the zero time if neither will.
func (s *Runs) NextDue(ctx context.Context) (time.Time, error) {
	return control.Ask(ctx, s.gate, control.Query[time.Time]{
		Action: action.KeeperDue,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (time.Time, error) {
			r, ok, err := s.store.Lapsing(ctx)
			if err != nil {
				return time.Time{}, err
			}
			forget, err := s.forgets(ctx)
			if err != nil || !ok {
				return forget, err
			}
			if forget.IsZero() || r.Lease.Before(forget) {
				return *r.Lease, nil
			}
			return forget, nil
		},
	})
}

// forgets is when the oldest minute is to be forgotten: an hour after it may be, so that many are at once.
func (s *Runs) forgets(ctx context.Context) (time.Time, error) {
	oldest, ok, err := s.store.OldestMinute(ctx)
	if err != nil || !ok {
		return time.Time{}, err
	}
	return time.Unix(oldest*60, 0).UTC().Add(s.terms.Runs.Minutes + time.Hour), nil
}

// MoveDue ends the run that has been silent longest, or forgets old minutes; moved is false when neither is due. What a run held
// is metered until its lease ended, whenever that is noticed.
func (s *Runs) MoveDue(ctx context.Context) (moved bool, err error) {
	lost, err := s.lapsed(ctx)
	switch {
	case err != nil:
		return false, err
	case lost == nil:
		return s.forget(ctx)
	case s.leftovers != nil:
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
			err := s.end(ctx, g, &r, Ending{Outcome: RunLost, Spent: r.Spent}, *r.Lease)
			return control.Applied[Run]{Value: r, Before: before, After: runEntry(r)}, err
		},
	})
	return r.ID != 0 && err == nil, err
}

// lapsed is the run that has been silent longest, nil if none has been for too long.
func (s *Runs) lapsed(ctx context.Context) (*Run, error) {
	return control.Do(ctx, s.gate, control.Change[*Run]{
		Action: action.GroupRunLost,
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[*Run], error) {
			none := control.Applied[*Run]{Nothing: true}
			r, ok, err := s.store.Lapsing(ctx)
			if err == nil && ok && !r.Lease.After(s.gate.Now()) {
				none.Value = &r
			}
			return none, err
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
