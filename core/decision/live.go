package decision

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"reeve/core/action"
	"reeve/core/control"
)

// Store is what this package needs of storage.
type Store interface {
	// World reads everything that answers depend on, in one transaction.
	World(ctx context.Context) (World, error)
	// Revision is the number of the current state.
	Revision(ctx context.Context) (uint64, error)
}

// Live keeps the newest view. It may be used by several goroutines.
type Live struct {
	store Store
	now   func() time.Time

	view atomic.Pointer[View]
	mu   sync.Mutex // held by whoever makes the next view
}

// NewLive makes one that has no view until it is refreshed. now is the gate's time.
func NewLive(store Store, now func() time.Time) *Live { return &Live{store: store, now: now} }

// errNoView is what is answered while nobody knows what is true.
var errNoView = errors.New("what may be done could not be read from the database")

// View is the newest view, in which everything that ended by now has ended: what ends at a time counts for nothing from that
// second on, and the one who asks first at that time waits for the view to be made anew. It fails while the state could not be
// read: an answer from before a change that is known to have been made would be wrong.
func (l *Live) View() (*View, error) {
	v, now := l.view.Load(), l.now().Unix()
	if v == nil {
		return nil, errNoView
	}
	if !v.over(now) {
		return v, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if v = l.view.Load(); v == nil {
		return nil, errNoView
	}
	v, err := v.at(now)
	if err != nil {
		return nil, err
	}
	l.view.Store(v)
	return v, nil
}

// Refresh makes the view anew if the state has another number than it.
func (l *Live) Refresh(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	v, err := l.next(ctx)
	if err != nil {
		l.view.Store(nil)
		return err
	}
	l.view.Store(v)
	return nil
}

func (l *Live) next(ctx context.Context) (*View, error) {
	revision, err := l.store.Revision(ctx)
	if err != nil {
		return nil, err
	}
	if v := l.view.Load(); v != nil && v.snap.Revision() == revision {
		return v, nil
	}
	w, err := l.store.World(ctx)
	if err != nil {
		return nil, err
	}
	return newView(w, l.now().Unix())
}

// retry is how long it takes until what failed is tried again.
const retry = time.Second

// Follow keeps the view fresh until ctx ends, by what the gate says was committed. also is refreshed with it, and before it. sleep
// waits, or ends with ctx.
func (l *Live) Follow(ctx context.Context, events <-chan control.Event, also func(context.Context) error, sleep func(context.Context, time.Duration) error) {
	for e := range control.Each(ctx, events) {
		if bearsNothing(e) {
			continue
		}
		for errors.Join(also(ctx), l.Refresh(ctx)) != nil {
			if sleep(ctx, retry) != nil {
				return
			}
		}
	}
}

// bearsNothing tells of what happens all day and changes nothing that answers depend on.
func bearsNothing(e control.Event) bool {
	switch e.Action {
	case action.SessionBegin, action.SessionEnd, action.SessionNotify, action.SessionRecord, action.SessionRecorded, action.PreferenceSet:
		return true
	}
	return false
}
