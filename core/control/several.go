package control

import (
	"context"

	"reeve/core/action"
	"reeve/core/audit/chain"
)

// undertaking is what one transaction of changes has done so far, and what is told of it once it is committed.
type undertaking struct {
	events []Event
	head   chain.Head
	// failed is what the first change that failed within a change of several failed with; action and target say which it was.
	failed error
	action action.ID
	target Target
}

type undertakingKey struct{ gate *Gate }

// undertake lets the changes made with the returned context take part in an undertaking.
func (g *Gate) undertake(ctx context.Context, u *undertaking) context.Context {
	return context.WithValue(ctx, undertakingKey{g}, u)
}

// underway is the undertaking that the context takes part in, nil for none.
func (g *Gate) underway(ctx context.Context) *undertaking {
	u, _ := ctx.Value(undertakingKey{g}).(*undertaking)
	return u
}

func (u *undertaking) done(entry *chain.Entry, e Event) {
	u.events = append(u.events, e)
	u.head = chain.Head{Seq: entry.Seq, Hash: entry.Hash, At: entry.At}
}

// part takes a change through the gate within another. Once one has failed, no further one is begun.
func part[T any](ctx context.Context, g *Gate, u *undertaking, c Change[T]) (T, error) {
	var zero T
	if u.failed != nil {
		return zero, u.failed
	}
	value, target, err := take(ctx, g, u, c)
	if err != nil {
		u.failed, u.action, u.target = err, c.Action, target
		return zero, err
	}
	return value, nil
}
