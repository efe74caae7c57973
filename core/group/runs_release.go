package group

import (
	"context"
	"strconv"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// patience is how long what could not be ended of a run is left alone before it is tried again.
const patience = time.Minute

// Release takes the place of a run away by hand. What it runs is ended before its place is given to others where that can be done from
// here; elsewhere its place is free at once, its process is told to end it, and whoever keeps the machine of the run ends what is left.
func (s *Runs) Release(ctx context.Context, ref Ref, id int64) (Run, error) {
	swept, err := s.sweep(ctx, ref, id)
	if err != nil {
		return Run{}, err
	}
	return control.Do(ctx, s.gate, control.Change[Run]{
		Action: action.GroupRelease,
		Target: s.on(ref),
		Apply: func(ctx context.Context, t control.Target, _ control.Actor) (control.Applied[Run], error) {
			none := control.Applied[Run]{}
			g, r, err := s.placed(ctx, t, id)
			switch {
			case err != nil:
				return none, err
			case r.State == RunEnded:
				return none, &fault.Refused{Reason: message.Text{ID: "fault.group.run.ended", Args: message.Args{"ID": id}}}
			}
			before := runEntry(r)
			if !swept {
				r.left(s.gate.Now())
			}
			err = s.end(ctx, g, &r, Ending{Outcome: RunReleased, Spent: r.Spent}, s.gate.Now())
			return control.Applied[Run]{Value: r, Before: before, After: runEntry(r)}, err
		},
	})
}

// placed is a run of the group that is meant, and the group.
func (s *Runs) placed(ctx context.Context, t control.Target, id int64) (g Group, r Run, err error) {
	if g, err = s.find(ctx, Ref{Region: t.Region, Name: t.Name}); err != nil {
		return g, r, err
	}
	r, ok, err := s.store.Run(ctx, id)
	if err == nil && (!ok || r.Group != g.ID) {
		err = &fault.NotFound{What: runKind, Name: strconv.FormatInt(id, 10)}
	}
	return g, r, err
}

// sweep ends what a run that is to be released runs, if whoever asks may release it and it can be ended from here. It is outside the
// transaction of the release, for ending processes takes a while, and says nothing of what is wrong besides: the release does.
func (s *Runs) sweep(ctx context.Context, ref Ref, id int64) (swept bool, err error) {
	if s.leftovers == nil {
		return false, nil
	}
	r, err := control.Do(control.WithoutRequest(ctx), s.gate, control.Change[Run]{
		Action: action.GroupRelease,
		Target: s.on(ref),
		Apply: func(ctx context.Context, t control.Target, _ control.Actor) (control.Applied[Run], error) {
			_, r, err := s.placed(ctx, t, id)
			return control.Applied[Run]{Value: r, Nothing: true}, err
		},
	})
	if err != nil || r.State != RunRunning || !s.leftovers.Reaches(r) {
		return false, err
	}
	// What does not end now is left to the keeper: whoever releases a place wants it free.
	return s.leftovers.End(ctx, r) == nil, nil
}

// left keeps that a run which is about to end may leave processes on its machine.
func (r *Run) left(at time.Time) {
	if r.State == RunRunning && r.Machine != "" {
		r.LeftAt = ptr(at)
	}
}

// leaving is the first run whose leftovers are to be ended and can be from here; nil if there is none.
func (s *Runs) leaving(ctx context.Context) (*Run, error) {
	if s.leftovers == nil {
		return nil, nil
	}
	list, err := s.store.Leaving(ctx)
	for _, r := range list {
		if s.leftovers.Reaches(r) {
			return &r, err
		}
	}
	return nil, err
}

// clear ends what a run left, if that is due; moved is false if nothing is. What cannot be ended does not hold up what else is due.
func (s *Runs) clear(ctx context.Context) (moved bool, err error) {
	due, err := s.due(ctx, s.leaving)
	if err != nil || due == nil {
		return false, err
	}
	problem := s.leftovers.End(ctx, *due)
	return control.Do(ctx, s.gate, control.Change[bool]{
		Action: action.GroupRunLost,
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[bool], error) {
			none := control.Applied[bool]{Value: true, Continues: true}
			r, ok, err := s.store.Run(ctx, due.ID)
			if err != nil || !ok {
				return none, err
			}
			if r.LeftAt = nil; problem != nil {
				r.LeftAt = ptr(s.gate.Now().Add(patience))
			}
			return none, s.store.UpdateRun(ctx, r)
		},
	})
}
