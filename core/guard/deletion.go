package guard

import (
	"context"
	"time"

	"reeve/core/control"
)

// Removal is how something that people hold is deleted: a role, a tenant role, a policy.
type Removal struct {
	// TakeAway also takes it away from everyone who holds it; otherwise what is held stays.
	TakeAway bool
	// Version is the version that was read; 0 takes whatever stands, for commands that read and write in one go.
	Version int64
	// OwnLoss says that whoever asks means to lose rights of their own; without it such a change is refused.
	OwnLoss bool
}

// Deletion is what is to be deleted, in the words of its area.
type Deletion[T any] struct {
	Thing   T
	Version int64
	// Holders is how many hold it; Held is the refusal that names them.
	Holders int
	Held    func(ctx context.Context) error
	// Conflict is the fault that somebody changed the thing since version read.
	Conflict func(read int64) error
	// Delete deletes it with everything granted of it, if it still is of Version; otherwise ok is false.
	Delete func(ctx context.Context) (ok bool, err error)
	// Target is the act's target under the thing's own name, by whatever name it was asked for.
	Target *control.Target
}

// Delete deletes something that rights come from: not while it is held, unless that is taken away too, not in another version than
// the one read, and not so that the actor gains by it or loses unasked.
func Delete[T any](ctx context.Context, states States, scope control.Scope, by control.Actor, now time.Time, in Removal, d Deletion[T]) (control.Applied[T], error) {
	none := control.Applied[T]{}
	if d.Holders > 0 && !in.TakeAway {
		return none, d.Held(ctx)
	}
	if in.Version != 0 && in.Version != d.Version {
		return none, d.Conflict(in.Version)
	}
	err := During(ctx, states, scope, by, now, in.OwnLoss, func() error {
		ok, err := d.Delete(ctx)
		if err == nil && !ok {
			err = d.Conflict(d.Version)
		}
		return err
	})
	if err != nil {
		return none, err
	}
	return control.Applied[T]{Value: d.Thing, Before: d.Thing, Target: d.Target}, nil
}
