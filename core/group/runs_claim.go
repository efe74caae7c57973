package group

import (
	"context"
	"slices"
	"time"

	"reeve/core/action"
	"reeve/core/control"
)

// Look tells how a run stands: cheap for one that is not near its turn. why asks also for the reason it waits.
func (s *Runs) Look(ctx context.Context, t Ticket, why bool) (Standing, error) {
	return control.Ask(ctx, s.gate, control.Query[Standing]{
		Action: action.KeeperDue,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (Standing, error) {
			r, ok, err := s.store.Run(ctx, t.ID)
			if err == nil {
				err = mine(t, r, ok)
			}
			if err != nil {
				return Standing{}, err
			}
			if !why {
				st := Standing{Run: r}
				if r.State == RunWaiting {
					st.Ahead, err = s.store.Ahead(ctx, r, Counted)
				}
				return st, err
			}
			g, err := s.store.Get(ctx, r.Group)
			if err != nil {
				return Standing{}, err
			}
			in, a, err := s.who(ctx, g)
			if err != nil {
				return Standing{}, err
			}
			st, err := s.standing(ctx, g, r, a)
			if slices.ContainsFunc(in, func(o Run) bool { return o.ID == r.ID }) {
				st.Run.Reason = ""
			}
			st.Next = len(in) > 0
			return st, err
		},
	})
}

// Beat says that a run is alive and what it used, meters what it held, and lets in who may start now. Of a run that has lost its
// place it changes nothing: Standing says so.
func (s *Runs) Beat(ctx context.Context, t Ticket, spent Spent, limits Limits) (Standing, error) {
	return control.Do(ctx, s.gate, s.saying(t, func(ctx context.Context, g Group, r *Run) (control.Applied[Standing], error) {
		none, now := control.Applied[Standing]{Continues: true, Value: Standing{Run: *r, Stop: g.going()}}, s.gate.Now()
		switch {
		case r.State == RunEnded || r.State == RunWaiting && g.going():
			return none, nil
		case r.State == RunWaiting:
			r.Lease = ptr(now.Add(s.terms.Runs.WaitLease))
		default:
			if err := s.meter(ctx, r, now, spent); err != nil {
				return none, err
			}
			r.Lease, r.Limits = ptr(now.Add(s.terms.Runs.Lease)), limits
			if err := s.touch(ctx, g, now); err != nil {
				return none, err
			}
		}
		if err := s.store.UpdateRun(ctx, *r); err != nil {
			return none, err
		}
		admitted, a, err := s.admit(ctx, g, nobody)
		if err != nil {
			return none, err
		}
		if i := slices.IndexFunc(admitted, func(o Run) bool { return o.ID == r.ID }); i >= 0 {
			*r = admitted[i]
		}
		none.Value, err = s.standing(ctx, g, *r, a)
		return none, err
	}))
}

// going says that a group is being given up: what runs in it has to end.
func (g Group) going() bool { return g.Status == Deleting || g.Status == Deleted }

// Ending is how a run ended.
type Ending struct {
	Outcome Outcome
	Code    int
	Spent   Spent
}

// End gives everything back that a run held, and lets in who may start now. Ending a run that has ended changes nothing.
func (s *Runs) End(ctx context.Context, t Ticket, e Ending) (Run, error) {
	st, err := control.Do(ctx, s.gate, s.saying(t, func(ctx context.Context, g Group, r *Run) (control.Applied[Standing], error) {
		if r.State == RunEnded {
			return control.Applied[Standing]{Value: Standing{Run: *r}, Nothing: true}, nil
		}
		err := s.end(ctx, g, r, e, s.gate.Now())
		return control.Applied[Standing]{Value: Standing{Run: *r}, After: runEntry(*r)}, err
	}))
	return st.Run, err
}

// end ends a run as of a time, and lets in who may start then.
func (s *Runs) end(ctx context.Context, g Group, r *Run, e Ending, at time.Time) error {
	if r.State == RunRunning {
		if err := s.meter(ctx, r, at, e.Spent); err != nil {
			return err
		}
	}
	r.State, r.Outcome, r.Code, r.EndedAt, r.Lease = RunEnded, e.Outcome, e.Code, ptr(s.gate.Now()), nil
	if err := s.store.UpdateRun(ctx, *r); err != nil {
		return err
	}
	_, _, err := s.admit(ctx, g, nobody)
	return err
}
