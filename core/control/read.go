package control

import (
	"context"

	"reeve/core/action"
)

// Query is an act that changes nothing.
type Query[T any] struct {
	Action action.ID
	// Target as in Change.
	Target func(ctx context.Context) (Target, error)
	// Do answers. All runs on one consistent state.
	Do func(ctx context.Context, t Target, by Viewer) (T, error)
}

// Viewer is who is asking a question, with what narrows the answer.
type Viewer struct {
	Actor
	// Everything says that this viewer sees all workspaces of the tenant, joined or not: the account and holders of
	// AliyunDataWorksFullAccess.
	Everything bool
}

// Ask takes a question through the gate.
func Ask[T any](ctx context.Context, g *Gate, q Query[T]) (T, error) {
	var value T
	err := g.store.Read(ctx, func(ctx context.Context) error {
		var target Target
		var err error
		if q.Target != nil {
			if target, err = q.Target(ctx); err != nil {
				return err
			}
		}
		_, by, snap, err := g.enter(ctx, q.Action, target)
		if err != nil {
			return err
		}
		viewer := Viewer{Actor: by, Everything: snap != nil && snap.Power(by.Principal) > 0}
		value, err = q.Do(ctx, target, viewer)
		return err
	})
	if err != nil {
		var zero T
		return zero, err
	}
	return value, nil
}
