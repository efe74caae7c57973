package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/audit/chain"
	"reeve/core/fault"
	"reeve/core/message"
)

// Change is an act that changes something, as an area hands it to the gate. All functions run in the act's transaction.
type Change[T any] struct {
	Action action.ID
	// Target finds what the act is done to; a target that is not there is a fault.NotFound. Nil means the tenant.
	Target func(ctx context.Context) (Target, error)
	// Check says everything that is wrong with the input. Nil means nothing can be.
	Check func(ctx context.Context, t Target) ([]fault.Field, error)
	// Apply makes the change.
	Apply func(ctx context.Context, t Target, by Actor) (Applied[T], error)
	// Several says that Apply makes other changes through the gate, one after the other, with the context it is given. Each
	// takes the steps for itself and has its own entry, all in the one transaction of this change: if one fails, none is made.
	Several bool
}

// Applied is what a change did.
type Applied[T any] struct {
	// Value is the answer to the caller.
	Value T
	// Before and After are the record before and after, as the audit keeps them: nil for not there.
	Before, After any
	// Target, if set, replaces the target in the audit: what was created has its name only now.
	Target *Target
	// Nothing says that the state was already as asked: no revision, no entry.
	Nothing bool
	// Continues says that this is a further part of something long whose beginning has its entry, and whose end will have one: the
	// batches of an ingestion. It has no revision, entry or event of its own, so it must not touch what decisions depend on.
	Continues bool
}

// Do takes a change through the gate. Within the Apply of a change of several it takes part in that one's transaction.
func Do[T any](ctx context.Context, g *Gate, c Change[T]) (T, error) {
	if u := g.underway(ctx); u != nil {
		return part(ctx, g, u, c)
	}
	var value T
	var u *undertaking
	var target Target
	err := g.store.Write(ctx, func(ctx context.Context) (err error) {
		u = &undertaking{}
		value, target, err = take(ctx, g, u, c)
		return err
	})
	if err != nil {
		var zero T
		id := c.Action
		if u != nil && u.failed != nil {
			id, target = u.action, u.target
		}
		return zero, g.refused(ctx, id, target, err)
	}
	if len(u.events) > 0 {
		g.keepHead(u.head)
	}
	for _, e := range u.events {
		g.hub.publish(e)
	}
	return value, nil
}

// take takes the first six steps of a change, in the transaction that the context carries.
func take[T any](ctx context.Context, g *Gate, u *undertaking, c Change[T]) (value T, target Target, err error) {
	saved, repeated, err := g.saved(ctx)
	if err != nil {
		return value, target, err
	}
	target, act, by, err := begin(ctx, g, c)
	if repeated && gone(ctx, saved, c.Action, err) {
		return value, target, answer(saved, &value)
	}
	if err != nil {
		return value, target, err
	}
	if repeated {
		return value, target, replay(saved, by, act.ID, target, &value)
	}
	applied, err := valid(ctx, g, u, c, target, by)
	if err != nil {
		return value, target, err
	}
	value = applied.Value
	// A repeat finds its target as this one did, so it is kept under the target as it was before the change.
	asked := target
	if applied.Nothing || applied.Continues {
		return value, target, g.remember(ctx, by, act.ID, asked, value)
	}
	if applied.Target != nil {
		target = *applied.Target
	}
	revision, err := g.store.NextRevision(ctx)
	if err != nil {
		return value, target, err
	}
	entry, err := g.entry(ctx, act.ID, by, target, chain.Done)
	if err != nil {
		return value, target, err
	}
	if entry.Before, entry.After, err = both(applied.Before, applied.After); err != nil {
		return value, target, err
	}
	if err := g.store.AppendAudit(ctx, entry); err != nil {
		return value, target, err
	}
	u.done(entry, Event{Revision: revision, Action: act.ID, Region: target.Region, Workspace: target.Workspace, Seq: entry.Seq})
	return value, target, g.remember(ctx, by, act.ID, asked, value)
}

// Outcome is what a change would do to access, with the two states to look names and reasons up in.
type Outcome struct {
	Effect        access.Effect
	Before, After *access.Snapshot
}

// Preview runs the very same change, compares who may do what before and after it, and keeps nothing of it.
func Preview[T any](ctx context.Context, g *Gate, c Change[T]) (Outcome, error) {
	var out Outcome
	err := g.store.Rehearse(rehearsing(ctx), func(ctx context.Context) error {
		target, _, by, err := begin(ctx, g, c)
		if err != nil {
			return err
		}
		reach := target.reach()
		if out.Before, err = g.Snapshot(ctx, reach); err != nil {
			return err
		}
		if _, err := valid(ctx, g, &undertaking{}, c, target, by); err != nil {
			return err
		}
		if out.After, err = g.Snapshot(ctx, reach); err != nil {
			return err
		}
		out.Effect = access.Compare(out.Before, out.After)
		if reach.Workspace != 0 {
			out.Effect = out.Effect.InWorkspaces()
		}
		return nil
	})
	if err != nil {
		return Outcome{}, err
	}
	return out, nil
}

// Rehearse runs the very same change and keeps nothing of it; it answers what Do would. It is for what a change does beyond
// access.
func Rehearse[T any](ctx context.Context, g *Gate, c Change[T]) (T, error) {
	var value T
	err := g.store.Rehearse(rehearsing(ctx), func(ctx context.Context) error {
		target, _, by, err := begin(ctx, g, c)
		if err != nil {
			return err
		}
		applied, err := valid(ctx, g, &undertaking{}, c, target, by)
		if err != nil {
			return err
		}
		value = applied.Value
		return nil
	})
	if err != nil {
		var zero T
		return zero, err
	}
	return value, nil
}

// rehearsing lets a session that changes nothing rehearse a change, for nothing of it is kept. All other rights are asked for.
func rehearsing(ctx context.Context) context.Context {
	by, known := ActorOf(ctx)
	if !known || !by.ReadOnly {
		return ctx
	}
	by.ReadOnly = false
	return WithActor(ctx, by)
}

func begin[T any](ctx context.Context, g *Gate, c Change[T]) (target Target, act action.Action, by Actor, err error) {
	if c.Target != nil {
		if target, err = c.Target(ctx); err != nil {
			return target, act, by, err
		}
	}
	act, by, _, err = g.enter(ctx, c.Action, target)
	return target, act, by, err
}

// valid takes the fourth and fifth step.
func valid[T any](ctx context.Context, g *Gate, u *undertaking, c Change[T], target Target, by Actor) (Applied[T], error) {
	if c.Check != nil {
		fields, err := c.Check(ctx, target)
		if err != nil {
			return Applied[T]{}, err
		}
		if len(fields) > 0 {
			return Applied[T]{}, &fault.Invalid{Fields: fields}
		}
	}
	if !c.Several {
		return c.Apply(ctx, target, by)
	}
	applied, err := c.Apply(g.undertake(ctx, u), target, by)
	if u.failed != nil && !errors.Is(err, u.failed) { // Apply went on in spite of it
		return Applied[T]{}, u.failed
	}
	return applied, err
}

func replay[T any](saved Request, by Actor, id action.ID, target Target, value *T) error {
	if saved.Actor != by.Principal || saved.Action != id || saved.Target != target.String() {
		return &fault.Refused{Reason: message.Text{ID: "fault.request.reused", Args: message.Args{"ID": saved.ID, "Action": string(saved.Action)}}}
	}
	return answer(saved, value)
}

func answer[T any](saved Request, value *T) error {
	if err := json.Unmarshal(saved.Result, value); err != nil {
		return fmt.Errorf("reading the answer to request %s: %w", saved.ID, err)
	}
	return nil
}

// saved finds the change that was already made under the request id of ctx, if it has one.
func (g *Gate) saved(ctx context.Context) (Request, bool, error) {
	id := requestOf(ctx)
	if id == "" || g.underway(ctx) != nil {
		return Request{}, false, nil // what is made within another change is repeated with it, not by itself
	}
	return g.store.SavedRequest(ctx, id)
}

// gone tells of a repeat whose target is not where it was because the change took it away: a deleted workspace is in the
// bin, a restored one no longer is.
func gone(ctx context.Context, saved Request, id action.ID, err error) bool {
	by, _ := ActorOf(ctx)
	return fault.KindOf(err) == fault.KindNotFound && err != nil && saved.Actor == by.Principal && saved.Action == id
}

func (g *Gate) remember(ctx context.Context, by Actor, id action.ID, target Target, value any) error {
	request := requestOf(ctx)
	if request == "" || g.underway(ctx) != nil {
		return nil
	}
	result, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("keeping the answer to request %s: %w", request, err)
	}
	return g.store.SaveRequest(ctx, Request{ID: request, Actor: by.Principal, Action: id, Target: target.String(), Result: result, At: g.Now()})
}

func (g *Gate) entry(ctx context.Context, id action.ID, by Actor, t Target, outcome chain.Outcome) (*chain.Entry, error) {
	return &chain.Entry{
		At: g.Now(), ActorID: int64(by.Principal), Actor: by.Name, Face: string(by.Face), Address: by.Address, Session: by.Session,
		Request: requestOf(ctx), Action: string(id), Outcome: outcome,
		Region: t.Region, WorkspaceID: int64(t.Workspace), Workspace: t.WorkspaceName, Kind: t.Kind, Target: t.Name,
	}, nil
}

// refused records that somebody was refused a change, and hands the error on. A refusal that cannot be recorded, for the
// database may be what is broken, is still a refusal.
func (g *Gate) refused(ctx context.Context, id action.ID, target Target, err error) error {
	var denied *fault.Denied
	by, known := ActorOf(ctx)
	if !errors.As(err, &denied) || !known {
		return err
	}
	var head chain.Head
	recordErr := g.store.Write(ctx, func(ctx context.Context) error {
		entry, err := g.entry(ctx, id, by, target, chain.Denied)
		if err != nil {
			return err
		}
		if _, entry.After, err = both(nil, map[string]string{"reason": denied.Reason.ID}); err != nil {
			return err
		}
		if err := g.store.AppendAudit(ctx, entry); err != nil {
			return err
		}
		head = chain.Head{Seq: entry.Seq, Hash: entry.Hash, At: entry.At}
		return nil
	})
	if recordErr == nil {
		g.keepHead(head)
		g.hub.publish(Event{Action: id, Region: target.Region, Workspace: target.Workspace, Seq: head.Seq})
	}
	return err
}

// keepHead failing must not undo what is already committed; audit verify says when the kept head is behind.
func (g *Gate) keepHead(h chain.Head) {
	if g.keep != nil {
		_ = g.keep(h)
	}
}

func both(before, after any) (b, a []byte, err error) {
	if b, err = encode(before); err != nil {
		return nil, nil, err
	}
	a, err = encode(after)
	return b, a, err
}

func encode(v any) ([]byte, error) {
	if v == nil {
		return nil, nil
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("writing down the record for the audit: %w", err)
	}
	return bytes.TrimSpace(buf.Bytes()), nil
}
