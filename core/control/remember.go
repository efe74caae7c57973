package control

import (
	"context"

	"reeve/core/access"
)

// rememberedScopes is how many compiled scopes a batch keeps at most, so that one about every workspace does not hold them all.
const rememberedScopes = 256

type memoryKey struct{}

// memory is what the questions of one batch compiled so far. One batch asks one question after the other, so it has no lock.
type memory map[remembered]*access.Snapshot

type remembered struct {
	scope Scope
	// narrowed marks what is seen through a session narrowed to some roles.
	narrowed bool
}

// Remembering lets the questions asked one after the other with the context share what is compiled for the same scope. It is for
// many questions within one Read, during which nothing changes; a change must never run in it.
func Remembering(ctx context.Context) context.Context {
	return context.WithValue(ctx, memoryKey{}, memory{})
}

// once is what the batch has compiled for the key, or what compile makes of it.
func once(ctx context.Context, key remembered, compile func() (*access.Snapshot, error)) (*access.Snapshot, error) {
	known, is := ctx.Value(memoryKey{}).(memory)
	if !is {
		return compile()
	}
	if snap, ok := known[key]; ok {
		return snap, nil
	}
	snap, err := compile()
	if err != nil {
		return nil, err
	}
	if len(known) >= rememberedScopes {
		clear(known)
	}
	known[key] = snap
	return snap, nil
}
