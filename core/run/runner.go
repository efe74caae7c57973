package run

import (
	"context"
	"errors"
	"time"

	"reeve/core/message"
)

// Runner takes runs through. It is for one run at a time.
type Runner struct {
	Queue   Queue
	Backend Backend
	Times   Times
	// Say tells whoever waits at the terminal something.
	Say func(message.Text)
	// After is time.After, or what stands for it in tests.
	After func(time.Duration) <-chan time.Time
	// Changed says whether anything was written to what the queue is kept in since it was asked last; nil for always.
	Changed func(context.Context) bool
	// Signals are the signals that came, by number.
	Signals <-chan int
}

// The signals that give a run up while it waits, and 128, which exit codes add to them.
const (
	hangUp, interrupt, quit, terminate = 1, 2, 3, 15
	signalled                          = 128
)

// The waits between two looks of a run that waits: short for one that is next, longer the more are before it.
const (
	nextLook = 50 * time.Millisecond
	eachLook = 75 * time.Millisecond
	slowLook = 5 * time.Second
	// near is how many may be before one that asks for its reason at every change; the others ask every whyLook.
	near    = 4
	whyLook = 30 * time.Second
	// tendLook is how often whoever is next looks after what others left.
	tendLook = 5 * time.Second
	// killAfter is how long a run has to end by itself when it is told to.
	killAfter = 10 * time.Second
)

// Run runs a job: it answers the exit code, or an error if the job was not run. The context is not to end with signals.
func (r *Runner) Run(ctx context.Context, j Job) (int, error) {
	st, err := r.Queue.Enter(ctx)
	if err != nil {
		return 0, err
	}
	if st.State == Waiting {
		var code int
		if st, code, err = r.wait(ctx, st); err != nil || st.State != Running {
			return code, err
		}
	}
	j.ID, j.CPU, j.MemoryMiB = st.ID, st.CPU, st.Memory
	p, err := r.Backend.Start(ctx, j)
	if err != nil {
		exit := Exit{How: Failed, Code: 1}
		var start *StartError
		if errors.As(err, &start) {
			exit.Code = start.Code
		}
		_, untold := r.Queue.End(ctx, st.ID, exit)
		return exit.Code, errors.Join(err, untold)
	}
	return r.follow(ctx, st.ID, p)
}

// wait waits for the run's turn. A state other than Running means that it was given up, with the code to end with.
func (r *Runner) wait(ctx context.Context, st Standing) (Standing, int, error) {
	var told message.Text
	if st.Beside.ID != "" {
		r.Say(st.Beside)
	}
	beat, why, tend := r.Times.WaitBeat, whyLook, time.Duration(0)
	for {
		if st.State == Ended || st.Stop {
			r.Say(st.Why)
			return Standing{State: Ended}, 1, r.leave(ctx, st, Dropped, 1)
		}
		if st.State == Running {
			// What was let in by others has to be claimed in a moment.
			st, err := r.Queue.Beat(ctx, st.ID, Spent{}, "")
			if err != nil || st.State == Running {
				return st, 0, err
			}
			r.Say(st.Why)
			return st, 1, nil
		}
		if st.Reason.ID != "" && st.Reason.ID != told.ID {
			told = st.Reason
			say := message.Text{ID: "run.waiting", Args: message.Args{"ID": st.ID, "Reason": told, "Count": st.Ahead}}
			if st.Ahead == 0 {
				say.ID = "run.next"
			}
			r.Say(say)
		}
		pause := min(slowLook, nextLook+time.Duration(st.Ahead)*eachLook)
		select {
		case n := <-r.Signals:
			if gives(n) {
				return Standing{State: Ended}, signalled + n, r.leave(ctx, st, Left, signalled+n)
			}
		case <-r.After(pause):
		}
		beat, why, tend = beat-pause, why-pause, tend-pause
		next, err := r.look(ctx, st, &beat, &why, &tend)
		if err != nil {
			return st, 1, errors.Join(err, r.leave(ctx, st, Left, 1))
		}
		next.Reason = first(next.Reason, st.Reason)
		st = next
	}
}

func first(a, b message.Text) message.Text {
	if a.ID == "" {
		return b
	}
	return a
}

// look asks how the run stands, as cheaply as will do: nothing if nothing was written, only its own row while many are before it.
func (r *Runner) look(ctx context.Context, st Standing, beat, why, tend *time.Duration) (Standing, error) {
	if *beat <= 0 {
		*beat = r.Times.WaitBeat
		return r.Queue.Beat(ctx, st.ID, Spent{}, "")
	}
	if st.Ahead < near && *tend <= 0 {
		*tend = tendLook
		if err := r.Queue.Tend(ctx); err != nil {
			return st, err
		}
	}
	if r.Changed != nil && !r.Changed(ctx) {
		return st, nil
	}
	if st.Ahead >= near && *why > 0 {
		return r.Queue.Look(ctx, st.ID, false)
	}
	*why = whyLook
	next, err := r.Queue.Look(ctx, st.ID, true)
	if err == nil && next.Next {
		return r.Queue.Beat(ctx, st.ID, Spent{}, "")
	}
	return next, err
}

// leave gives up a run that waits.
func (r *Runner) leave(ctx context.Context, st Standing, how How, code int) error {
	if st.State == Ended {
		return nil
	}
	_, err := r.Queue.End(ctx, st.ID, Exit{How: how, Code: code})
	return err
}

// gives says whether a signal gives a run up that waits.
func gives(n int) bool { return n == hangUp || n == interrupt || n == quit || n == terminate }

// follow says that a run is alive until it ends, and passes signals on.
func (r *Runner) follow(ctx context.Context, id int64, p Process) (int, error) {
	silent, dropped := false, false
	var kill <-chan time.Time
	stop := func(why message.Text) {
		if kill == nil {
			r.Say(why)
			p.Signal(terminate)
			kill = r.After(killAfter)
		}
	}
	beat := r.After(0) // the first says how it is held, and claims what was let in
	for {
		select {
		case <-p.Done():
			exit := p.Exit()
			if dropped { // whatever it made of being told to: that is why it ended
				exit.How = Dropped
			}
			return r.ended(ctx, id, exit, kill != nil)
		case n := <-r.Signals:
			p.Signal(n)
		case <-kill:
			p.Kill()
		case <-beat:
			beat = r.After(r.Times.Beat)
			st, err := r.Queue.Beat(ctx, id, p.Spent(), p.Limits())
			switch {
			case err != nil && !silent:
				// It runs on: whoever keeps the queue may only be slow, and nobody else gets its place before its lease has ended.
				silent = true
				r.Say(message.Text{ID: "run.silent", Args: message.Args{"ID": id, "Evidence": err.Error()}})
			case err != nil:
			case st.State != Running || st.Stop:
				dropped = dropped || st.State == Running
				stop(st.Why)
			default:
				silent = false
			}
		}
	}
}

// tries is how often the end of a run is told before it is left to its lease.
const tries = 5

// ended tells the end, and says what else ended the run unless that has been told.
func (r *Runner) ended(ctx context.Context, id int64, exit Exit, told bool) (int, error) {
	if exit.How == Memory {
		r.Say(message.Text{ID: "run.memory", Args: message.Args{"ID": id}})
	}
	for i := range tries {
		why, err := r.Queue.End(ctx, id, exit)
		if err == nil {
			if !told && why.ID != "" {
				r.Say(why)
			}
			return exit.Code, nil
		}
		if i == tries-1 {
			r.Say(message.Text{ID: "run.untold", Args: message.Args{"ID": id, "Evidence": err.Error()}})
			break
		}
		<-r.After(time.Second << i)
	}
	return exit.Code, nil
}
