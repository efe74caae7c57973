// Package keeper moves what falls due: a bin to empty, a resource group to start, a subscription to end. Areas keep such work
// as rows with a due time and are Movers; the keeper asks them what is due and lets them move it, one row in one change
// through the gate at a time. So nothing is lost when a process dies, and what fell due while none was running is moved by
// the next one.
//
// Any number of processes may run a keeper on one database. Whichever finds something due takes the lease; the others wait
// until it is given back or has run out. The lease saves double work and is no lock: a row is moved in a transaction that
// looks again whether it is due.
package keeper

import (
	"context"
	"fmt"
	"time"

	"reeve/core/control"
)

// Mover is an area with rows that fall due. Both methods are acts of the keeper (action.NeedKeeper).
type Mover interface {
	// NextDue is when the next row falls due, in the past if it already has; the zero time if none will.
	NextDue(ctx context.Context) (time.Time, error)
	// MoveDue moves the row that has been due longest, in one change; moved is false when none is due. A row that cannot be
	// moved must be marked as failed by the area itself: an error holds up everything else of the area.
	MoveDue(ctx context.Context) (moved bool, err error)
}

// Area is a mover by its name.
type Area struct {
	Name string
	Mover
}

// Lease says which process moves what is due, and until when it does so unless it takes the lease again.
type Lease struct {
	Holder string
	Until  time.Time
}

// Trouble is an area whose work failed.
type Trouble struct {
	Area  string
	Error string
	// Times is how often in a row it has failed, since Since; it is tried again at Retry.
	Times        int
	Since, Retry time.Time
}

// Store keeps the lease and the troubles. It is not audited and raises no revision: nothing of the tenant changes.
type Store interface {
	// Take gives the lease to holder until then, if nobody else holds it at now; otherwise held is false and the lease is the other's.
	Take(ctx context.Context, holder string, now, until time.Time) (l Lease, held bool, err error)
	// Release gives the lease back if holder has it.
	Release(ctx context.Context, holder string) error
	// Lease is the last lease, whether it has run out or not; the zero Lease if it was given back.
	Lease(ctx context.Context) (Lease, error)
	// Fail keeps a trouble in place of the area's last one.
	Fail(ctx context.Context, t Trouble) error
	// Recover forgets the trouble of an area.
	Recover(ctx context.Context, area string) error
	// Troubles are those that last, by area.
	Troubles(ctx context.Context) ([]Trouble, error)
}

// The times of the keeper.
const (
	// leased is for how long a lease is taken, and renewed when half of it has gone: far longer than a change takes.
	leased = 30 * time.Second
	// rest is the longest wait between two looks: a clock that was set forward is noticed by then.
	rest = time.Minute
	// patience is the wait after the first failure of an area; it doubles with each further one, up to longest.
	patience = time.Minute
	longest  = time.Hour
)

// Keeper is the keeper of one process.
type Keeper struct {
	gate   *control.Gate
	store  Store
	holder string
	areas  []Area
	// until is when the lease it holds runs out; zero when it holds none.
	until time.Time
}

// New makes a keeper. holder names the process among all on this database.
func New(gate *control.Gate, store Store, holder string, areas []Area) *Keeper {
	return &Keeper{gate: gate, store: store, holder: holder, areas: areas}
}

// actor is whom the audit names for what fell due.
func (k *Keeper) actor() control.Actor {
	return control.Actor{Name: "keeper", Face: control.FaceKeeper, Session: k.holder}
}

// Run moves what falls due until ctx ends. It looks again whenever the gate tells of a change.
func (k *Keeper) Run(ctx context.Context) {
	events, cancel := k.gate.Events()
	defer cancel()
	for ctx.Err() == nil {
		_, next, err := k.Catch(ctx)
		wait := rest
		if err == nil && !next.IsZero() {
			wait = max(time.Second, min(rest, next.Sub(k.gate.Now())))
		}
		if !k.sleep(ctx, wait, events) {
			return
		}
	}
}

// sleep waits for so long or for a change; false means that ctx ended.
func (k *Keeper) sleep(ctx context.Context, wait time.Duration, events <-chan control.Event) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	case _, ok := <-events:
		return ok
	}
}

// Catch moves everything that is due now and tells how many rows that were, and when there is something to do next: zero if
// nothing is known. While another process holds the lease, nothing is moved and next is when that lease runs out.
func (k *Keeper) Catch(ctx context.Context) (moved int, next time.Time, err error) {
	ctx = control.WithActor(ctx, k.actor())
	defer k.release(ctx)
	troubled, err := k.troubled(ctx)
	if err != nil {
		return 0, time.Time{}, err
	}
	for _, area := range k.areas {
		n, at, err := k.catch(ctx, area, troubled[area.Name])
		moved += n
		if err != nil {
			return moved, time.Time{}, err
		}
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return moved, next, nil
}

func (k *Keeper) troubled(ctx context.Context) (map[string]Trouble, error) {
	all, err := k.store.Troubles(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading what failed before: %w", err)
	}
	by := make(map[string]Trouble, len(all))
	for _, t := range all {
		by[t.Area] = t
	}
	return by, nil
}

// catch moves what is due in one area. What fails there is kept as its trouble; an error is one of the keeper itself.
func (k *Keeper) catch(ctx context.Context, area Area, trouble Trouble) (moved int, next time.Time, err error) {
	if trouble.Retry.After(k.gate.Now()) {
		return 0, trouble.Retry, nil
	}
	for {
		due, err := area.NextDue(ctx)
		if err != nil {
			next, err = k.fail(ctx, area, trouble, err)
			return moved, next, err
		}
		if due.IsZero() || due.After(k.gate.Now()) {
			return moved, due, k.recovered(ctx, trouble)
		}
		free, err := k.lease(ctx)
		if err != nil || !free.IsZero() {
			return moved, free, err
		}
		did, err := area.MoveDue(ctx)
		if err != nil {
			next, err = k.fail(ctx, area, trouble, err)
			return moved, next, err
		}
		if !did {
			return moved, time.Time{}, k.recovered(ctx, trouble) // another process was first
		}
		moved++
	}
}

// lease takes or renews the lease. While somebody else holds it, free is when that ends.
func (k *Keeper) lease(ctx context.Context) (free time.Time, err error) {
	now := k.gate.Now()
	if k.until.Sub(now) > leased/2 {
		return time.Time{}, nil
	}
	l, held, err := k.store.Take(ctx, k.holder, now, now.Add(leased))
	if err != nil {
		return time.Time{}, fmt.Errorf("taking the lease: %w", err)
	}
	if !held {
		return l.Until, nil
	}
	k.until = l.Until
	return time.Time{}, nil
}

// release gives the lease back, also when ctx has ended: what ends by itself must not hold up others for half a minute.
func (k *Keeper) release(ctx context.Context) {
	if k.until.IsZero() {
		return
	}
	k.until = time.Time{}
	// One that cannot be given back runs out.
	_ = k.store.Release(context.WithoutCancel(ctx), k.holder)
}

func (k *Keeper) fail(ctx context.Context, area Area, last Trouble, cause error) (retry time.Time, err error) {
	if ctx.Err() != nil {
		return time.Time{}, ctx.Err()
	}
	now := k.gate.Now()
	t := Trouble{Area: area.Name, Error: cause.Error(), Times: last.Times + 1, Since: last.Since}
	if t.Since.IsZero() {
		t.Since = now
	}
	wait := longest
	if t.Times < 7 { // 2⁶ minutes are more than the longest wait
		wait = min(longest, patience<<(t.Times-1))
	}
	t.Retry = now.Add(wait)
	if err := k.store.Fail(ctx, t); err != nil {
		return time.Time{}, fmt.Errorf("keeping that %s failed (%w): %w", area.Name, cause, err)
	}
	return t.Retry, nil
}

func (k *Keeper) recovered(ctx context.Context, trouble Trouble) error {
	if trouble.Area == "" {
		return nil
	}
	return k.store.Recover(ctx, trouble.Area)
}
