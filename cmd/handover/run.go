package handover

import (
	"context"
	"fmt"
	"time"

	"reeve/core/control"
	"reeve/core/group"
	"reeve/core/keeper"
	"reeve/core/message"
	"reeve/core/run"
)

// Queue is the queue of a resource group for one run, as whoever takes it through knows it.
type Queue struct {
	Runs  *group.Runs
	Entry group.Entry
	Terms group.RunTerms
	Actor control.Actor
	// Used hears that work was taken, which its person has used their roles for; nil for nobody who wants to know.
	Used func(ctx context.Context)
	// Keeper moves what falls due of groups and of runs, and nothing else.
	Keeper *keeper.Keeper
}

var _ run.Queue = Queue{}

// asks is who asks for room.
func (q Queue) asks(ctx context.Context) context.Context {
	return control.WithoutRequest(control.WithActor(ctx, q.Actor))
}

// speaks is the process that stands behind the run: what it says of its run is not for its person's rights to allow.
func (q Queue) speaks(ctx context.Context) context.Context {
	by := q.Actor
	by.Face, by.ReadOnly, by.Only = control.FaceKeeper, false, nil
	return control.WithoutRequest(control.WithActor(ctx, by))
}

func (q Queue) ticket(id int64) group.Ticket { return group.Ticket{ID: id, Token: q.Entry.Token} }

// Enter implements run.Queue.
func (q Queue) Enter(ctx context.Context) (run.Standing, error) {
	st, err := q.Runs.Enter(q.asks(ctx), q.Entry)
	if err == nil && q.Used != nil {
		q.Used(q.asks(ctx))
	}
	return q.standing(st, err)
}

// Look implements run.Queue.
func (q Queue) Look(ctx context.Context, id int64, why bool) (run.Standing, error) {
	return q.standing(q.Runs.Look(q.speaks(ctx), q.ticket(id), why))
}

// Beat implements run.Queue.
func (q Queue) Beat(ctx context.Context, id int64, spent run.Spent, limits string) (run.Standing, error) {
	return q.standing(q.Runs.Beat(q.speaks(ctx), q.ticket(id), group.Spent{CPU: spent.CPU, Memory: spent.Memory, MemoryNow: spent.Now}, group.Limits(limits)))
}

// End implements run.Queue.
func (q Queue) End(ctx context.Context, id int64, exit run.Exit) (why message.Text, err error) {
	how := outcomeOf(exit.How)
	r, err := q.Runs.End(q.speaks(ctx), q.ticket(id), group.Ending{Outcome: how, Code: exit.Code,
		Spent: group.Spent{CPU: exit.Spent.CPU, Memory: exit.Spent.Memory, MemoryNow: exit.Spent.Now}})
	if err == nil && r.Outcome != how {
		why = q.ending(r)
	}
	return why, err
}

// Tend implements run.Queue.
func (q Queue) Tend(ctx context.Context) error {
	_, _, err := q.Keeper.Catch(ctx)
	return err
}

func outcomeOf(how run.How) group.Outcome {
	switch how {
	case run.Done:
		return group.RunDone
	case run.Failed:
		return group.RunFailed
	case run.Killed:
		return group.RunKilled
	case run.Memory:
		return group.RunMemory
	case run.Left:
		return group.RunLeft
	case run.Dropped:
		return group.RunDropped
	}
	return group.RunFailed
}

func (q Queue) standing(st group.Standing, err error) (run.Standing, error) {
	r := st.Run
	out := run.Standing{ID: r.ID, State: run.State(r.State), Ahead: st.Ahead, Next: st.Next, Stop: st.Stop, CPU: r.CU.CU(), Memory: 4096 * int(r.CU) / 2}
	if r.CU == 0 {
		out.CPU, out.Memory = q.Terms.Trigger.CPU, q.Terms.Trigger.Memory
	}
	if w := st.Within; w != nil {
		out.Beside = message.Text{ID: "run.within", Args: message.Args{"ID": r.ID, "Within": w.ID, "Name": q.Entry.Group}}
	}
	if r.Reason != "" {
		out.Reason = message.Text{ID: "group.wait." + string(r.Reason)}
	}
	switch {
	case r.State == group.RunEnded:
		out.Why = q.ending(r)
	case st.Stop:
		r.Outcome = group.RunDropped
		out.Why = q.ending(r)
	}
	return out, err
}

// ending says why a run has ended, or has to.
func (q Queue) ending(r group.Run) message.Text {
	return message.Text{ID: "run.ended." + string(r.Outcome), Args: message.Args{"ID": r.ID, "Name": q.Entry.Group}}
}

// Leftovers ends what is left of runs on this machine.
type Leftovers struct {
	Machine string
	// Account is that of the system as which this program runs, and All says that it may end what is anybody's.
	Account string
	All     bool
	// EndLeft ends all that is left of a run and says how many processes it could not end.
	EndLeft func(id int64, mark string) (left int)
}

var _ group.Leftovers = Leftovers{}

// Reaches implements group.Leftovers. What runs of another account have left cannot be seen, let alone be ended.
func (l Leftovers) Reaches(r group.Run) bool {
	return r.Machine == l.Machine && (l.All || r.Account == "" || r.Account == l.Account)
}

// End implements group.Leftovers.
func (l Leftovers) End(_ context.Context, r group.Run) error {
	if left := l.EndLeft(r.ID, r.Token); left > 0 {
		return fmt.Errorf("%d processes of run %d do not end", left, r.ID)
	}
	return nil
}

// Times are how often a run says that it is alive.
func Times(t group.RunTerms) run.Times { return run.Times{WaitBeat: t.WaitBeat, Beat: t.Beat} }

// After is time.After.
func After(d time.Duration) <-chan time.Time { return time.After(d) }
