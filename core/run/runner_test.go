package run_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"reeve/core/message"
	"reeve/core/run"
)

// queue answers what a test has prepared and keeps what it was told.
type queue struct {
	enter run.Standing
	// looks are answered one after the other, the last again and again.
	looks []run.Standing
	beats []run.Standing
	fails error
	said  []string
	exit  run.Exit
	// why is what else ended the run.
	why message.Text
}

func (q *queue) Enter(context.Context) (run.Standing, error) { return q.enter, q.fails }

func next(list *[]run.Standing) run.Standing {
	st := (*list)[0]
	if len(*list) > 1 {
		*list = (*list)[1:]
	}
	return st
}

func (q *queue) Look(context.Context, int64, bool) (run.Standing, error) {
	q.said = append(q.said, "look")
	return next(&q.looks), nil
}

func (q *queue) Beat(_ context.Context, _ int64, _ run.Spent, limits string) (run.Standing, error) {
	q.said = append(q.said, "beat "+limits)
	return next(&q.beats), nil
}

func (q *queue) End(_ context.Context, _ int64, e run.Exit) (message.Text, error) {
	q.said, q.exit = append(q.said, "end"), e
	return q.why, nil
}

func (q *queue) Tend(context.Context) error { return nil }

// backend runs a job that ends when it is told to, or at once.
type backend struct {
	fails error
	// until says which signal ends the job; 0 for none is needed, -1 for none does.
	until   int
	signals []int
	killed  bool
	done    chan struct{}
	over    sync.Once
}

func (b *backend) Start(context.Context, run.Job) (run.Process, error) {
	b.done = make(chan struct{})
	if b.until == 0 {
		b.end()
	}
	return b, b.fails
}

func (b *backend) Limits() string { return "soft" }

func (b *backend) Signal(n int) {
	b.signals = append(b.signals, n)
	if n == b.until {
		b.end()
	}
}

func (b *backend) end() { b.over.Do(func() { close(b.done) }) }

func (b *backend) Spent() run.Spent { return run.Spent{} }

func (b *backend) Kill() {
	b.killed = b.until < 0 // one that is about to end may be killed as well
	b.end()
}

func (b *backend) Done() <-chan struct{} { return b.done }

func (b *backend) Exit() run.Exit { return run.Exit{How: run.Failed, Code: 3} }

// now is a clock on which every wait is over at once.
func now(time.Duration) <-chan time.Time {
	c := make(chan time.Time, 1)
	c <- time.Time{}
	return c
}

func TestARunGoesItsWay(t *testing.T) {
	running, waiting := run.Standing{ID: 1, State: run.Running}, run.Standing{ID: 1, State: run.Waiting, Reason: message.Text{ID: "full"}}
	ended := run.Standing{ID: 1, State: run.Ended, Why: message.Text{ID: "gone"}}
	stop := run.Standing{ID: 1, State: run.Running, Stop: true, Why: message.Text{ID: "given up"}}
	for name, c := range map[string]struct {
		q       queue
		b       *backend
		signals []int
		code    int
		how     run.How
		killed  bool
		says    []string
		err     bool
	}{
		"let in at once":              {q: queue{enter: running, beats: []run.Standing{running}}, code: 3, how: run.Failed},
		"let in later":                {q: queue{enter: waiting, looks: []run.Standing{waiting, running}, beats: []run.Standing{running}}, code: 3, how: run.Failed, says: []string{"run.next"}},
		"let in, and lost again":      {q: queue{enter: waiting, looks: []run.Standing{running}, beats: []run.Standing{ended}}, code: 1, says: []string{"run.next", "gone"}},
		"its place is taken away":     {q: queue{enter: running, beats: []run.Standing{running, ended}}, b: &backend{until: 15}, code: 3, how: run.Failed, says: []string{"gone"}},
		"it does not end by itself":   {q: queue{enter: running, beats: []run.Standing{stop}}, b: &backend{until: -1}, code: 3, how: run.Dropped, killed: true, says: []string{"given up"}},
		"what it runs in is given up": {q: queue{enter: running, beats: []run.Standing{running, stop}}, b: &backend{until: 15}, code: 3, how: run.Dropped, says: []string{"given up"}},
		"given up while it waits":     {q: queue{enter: waiting, looks: []run.Standing{waiting}}, signals: []int{15}, code: 143, how: run.Left},
		"taken away while it waits":   {q: queue{enter: waiting, looks: []run.Standing{ended}}, code: 1, says: []string{"run.next", "gone"}},
		"a signal":                    {q: queue{enter: running, beats: []run.Standing{running}}, b: &backend{until: 10}, signals: []int{10}, code: 3, how: run.Failed},
		"ended by somebody else":      {q: queue{enter: running, beats: []run.Standing{running}, why: message.Text{ID: "gone"}}, code: 3, how: run.Failed, says: []string{"gone"}},
		"no such program":             {q: queue{enter: running}, b: &backend{fails: &run.StartError{Name: "x", Code: 127, Err: errors.New("none")}}, code: 127, how: run.Failed, err: true},
		"refused":                     {q: queue{fails: errors.New("no")}, err: true},
	} {
		if c.b == nil {
			c.b = &backend{}
		}
		var says []string
		signals := make(chan int, 4)
		for _, n := range c.signals {
			signals <- n
		}
		after := now
		if len(c.signals) > 0 { // only the signal moves on
			after = func(time.Duration) <-chan time.Time { return nil }
		}
		r := run.Runner{Queue: &c.q, Backend: c.b, Times: run.Times{WaitBeat: time.Hour, Beat: time.Second}, After: after, Signals: signals,
			Say: func(m message.Text) { says = append(says, m.ID) }}
		code, err := r.Run(t.Context(), run.Job{})
		if code != c.code || (err != nil) != c.err || c.q.exit.How != c.how || c.b.killed != c.killed {
			t.Errorf("%s: %d, %v, ended %+v after %v, killed %v", name, code, err, c.q.exit, c.q.said, c.b.killed)
		}
		if c.says != nil && !slices.Equal(says, c.says) {
			t.Errorf("%s: it says %v, want %v", name, says, c.says)
		}
	}
}
