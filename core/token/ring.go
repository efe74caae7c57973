package token

import (
	"context"
	"sync/atomic"
	"time"
)

// Ring is the tokens as a face keeps them that asks at every call. It may be used by several goroutines.
type Ring struct {
	store Store
	keys  atomic.Pointer[map[Hash]Token]
}

// NewRing makes a ring that opens nothing until it is refreshed.
func NewRing(store Store) *Ring { return &Ring{store: store} }

// Refresh reads the tokens again. Where it fails the ring opens nothing until it succeeds: a token that was taken away must
// not be good for longer because the database does not answer.
func (r *Ring) Refresh(ctx context.Context) error {
	list, err := r.store.Keys(ctx)
	if err != nil {
		r.keys.Store(nil)
		return err
	}
	keys := make(map[Hash]Token, len(list))
	for _, k := range list {
		keys[k.Hash] = k.Token
	}
	r.keys.Store(&keys)
	return nil
}

// Find finds the token that a secret is of; ok is false for one that is not there or over at now. It looks the hash up and
// compares no secrets, so that how long it takes says nothing about them.
func (r *Ring) Find(secret string, now time.Time) (t Token, ok bool) {
	keys := r.keys.Load()
	if keys == nil {
		return Token{}, false
	}
	t, found := (*keys)[HashOf(secret)]
	return t, found && !t.Ended(now)
}
