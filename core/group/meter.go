package group

import (
	"context"
	"time"

	"reeve/core/action"
	"reeve/core/control"
)

// minuteOf is the minute that a time is in, in minutes since 1970-01-01 00:00 UTC.
func minuteOf(t time.Time) int64 { return t.Unix() / 60 }

// held are the measures of what a run has held since it was metered last: a part for each minute.
func (r Run) held(now time.Time) []Measure {
	var list []Measure
	for from := r.Metered.Unix(); from < now.Unix(); {
		to := min(now.Unix(), (from/60+1)*60)
		m := Measure{Group: r.Group, Module: r.Module, Workspace: r.Workspace, Minute: from / 60, HalfSeconds: (to - from) * int64(r.CU)}
		if r.Slot {
			m.SlotSeconds = to - from
		}
		list = append(list, m)
		from = to
	}
	return list
}

// meter adds what a run held until now and really used to its minutes. It is added with each sign of life, so that a crash of
// whatever process loses nothing that was told.
func (s *Runs) meter(ctx context.Context, r *Run, now time.Time, spent Spent) error {
	list := r.held(now)
	if len(list) == 0 {
		return nil
	}
	cpu := max(0, spent.CPU-r.CPU)
	for i := range list {
		r.HalfSeconds += list[i].HalfSeconds
		// What was used is spread evenly over the time since it was told last.
		part := cpu / time.Duration(len(list)-i)
		list[i].CPU, cpu = part, cpu-part
		seconds := min(60, now.Unix()-list[i].Minute*60)
		list[i].MiBSeconds = int64(spent.MemoryNow) * seconds
	}
	r.Metered, r.CPU, r.Memory = now, max(r.CPU, spent.CPU), max(r.Memory, spent.Memory)
	return s.store.Meter(ctx, list)
}

// Window is a time for which the use of a group is shown.
type Window string

// The windows of the console.
const (
	TwoHours  Window = "2h"
	OneDay    Window = "1d"
	OneWeek   Window = "7d"
	OneMonth  Window = "31d"
	minuteDay        = 24 * 60
)

// Windows lists them, the shortest first.
func Windows() []Window { return []Window{TwoHours, OneDay, OneWeek, OneMonth} }

// span is how long a window is and the step in which it is shown, in minutes: enough steps for any screen, and few enough to be
// added up in a moment.
func (w Window) span() (length, step int64) {
	switch w {
	case TwoHours:
		return 2 * 60, 1
	case OneDay:
		return minuteDay, 10
	case OneWeek:
		return 7 * minuteDay, 60
	case OneMonth:
		return 31 * minuteDay, 6 * 60
	}
	return 2 * 60, 1
}

// History is what of a group was in use, as means over steps, the oldest first.
type History struct {
	Window Window
	// From is when the first step begins.
	From    time.Time
	Step    time.Duration
	CU      []float64
	Modules map[Module][]float64
	Slots   []float64
}

// History reads what of a group was in use in a window that ends now.
func (s *Runs) History(ctx context.Context, ref Ref, w Window) (History, error) {
	return control.Ask(ctx, s.gate, control.Query[History]{
		Action: action.GroupMetrics,
		Target: s.on(ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (History, error) {
			g, err := s.find(ctx, Ref{Region: t.Region, Name: t.Name})
			if err != nil {
				return History{}, err
			}
			length, step := w.span()
			now := s.gate.Now()
			// The last step is the one under way.
			to := (minuteOf(now)/step + 1) * step
			u, err := s.usage(ctx, g, to-length, to, step, now)
			if err != nil {
				return History{}, err
			}
			return History{Window: w, From: time.Unix((to-length)*60, 0).UTC(), Step: time.Duration(step) * time.Minute, CU: u.total, Modules: u.modules, Slots: u.slots}, nil
		},
	})
}

// usage is what was in use, as means over steps.
type usage struct {
	total   []float64
	modules map[Module][]float64
	slots   []float64
}

// usage adds up what a group had in use from a minute to another, in steps. What runs and has not been metered yet counts too. The
// step under way is the mean of what has passed of it.
func (s *Runs) usage(ctx context.Context, g Group, from, to, step int64, now time.Time) (usage, error) {
	u := usage{modules: map[Module][]float64{}}
	n := (to - from + step - 1) / step
	u.total, u.slots = make([]float64, n), make([]float64, n)
	for _, m := range Modules() {
		u.modules[m] = make([]float64, n)
	}
	list, err := s.store.Metered(ctx, g.ID, from, to, step)
	if err != nil {
		return u, err
	}
	work, err := s.store.Work(ctx, g.ID)
	if err != nil {
		return u, err
	}
	for _, r := range work {
		if r.State == RunRunning {
			until := now
			if r.Lease != nil { // without one it is held until it is released
				until = earlier(now, *r.Lease)
			}
			list = append(list, r.held(until)...)
		}
	}
	for _, m := range list {
		if m.Minute < from || m.Minute >= to {
			continue
		}
		i := (m.Minute - from) / step
		seconds := float64(min(step*60, now.Unix()-(from+i*step)*60))
		if seconds <= 0 {
			continue
		}
		cu := float64(m.HalfSeconds) / 2 / seconds
		u.total[i] += cu
		u.slots[i] += float64(m.SlotSeconds) / seconds
		if of, known := u.modules[m.Module]; known {
			of[i] += cu
		}
	}
	return u, nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
