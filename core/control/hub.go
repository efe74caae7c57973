package control

import (
	"context"
	"iter"
	"sync"

	"reeve/core/access"
	"reeve/core/action"
)

// Event says that something changed. An event with no Action came from another process: everything may have changed, unless it is
// Quiet.
type Event struct {
	// Quiet says that nothing changed that is recorded in the audit: who uses what, which sessions are open, which work runs.
	Quiet     bool
	Revision  uint64
	Action    action.ID
	Region    string
	Workspace access.WorkspaceID
	// Seq is the number of the audit entry.
	Seq int64
}

// hub hands events to whoever listens. A slow listener never holds an act back: what it has not taken yet is merged
// into one "everything may have changed".
type hub struct {
	mu        sync.Mutex
	listeners map[chan Event]struct{}
	// heard is the newest entry of the audit that listeners know of, and own are the entries after it that were made here.
	heard int64
	own   map[int64]struct{}
}

// Events subscribes to changes. cancel ends it and closes the channel.
func (g *Gate) Events() (events <-chan Event, cancel func()) {
	ch := make(chan Event, 8)
	g.hub.mu.Lock()
	defer g.hub.mu.Unlock()
	if g.hub.listeners == nil {
		g.hub.listeners = map[chan Event]struct{}{}
	}
	g.hub.listeners[ch] = struct{}{}
	var once sync.Once
	return ch, func() {
		once.Do(func() {
			g.hub.mu.Lock()
			defer g.hub.mu.Unlock()
			delete(g.hub.listeners, ch)
			close(ch)
		})
	}
}

// Each gives events as they come, until ctx or the subscription ends.
func Each(ctx context.Context, events <-chan Event) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for {
			select {
			case <-ctx.Done():
				return
			case e, open := <-events:
				if !open || !yield(e) {
					return
				}
			}
		}
	}
}

// Foreign tells listeners that something was written to the database, perhaps by another process. newest is the number of the newest
// entry of the audit, or Unknown: where all that are new were made here, listeners have heard of them, and this is a quiet event.
func (g *Gate) Foreign(newest int64) { g.hub.foreign(newest) }

// Unknown stands for the number of the newest entry where it could not be read: everything may have changed.
const Unknown int64 = -1

func (h *hub) foreign(newest int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if newest == Unknown {
		h.tell(Event{})
		return
	}
	unheard := newest - h.heard
	for seq := range h.own {
		if seq <= newest {
			delete(h.own, seq)
			unheard--
		}
	}
	h.heard = max(h.heard, newest)
	h.tell(Event{Quiet: unheard <= 0})
}

func (h *hub) publish(e Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if e.Seq > h.heard {
		if h.own == nil {
			h.own = map[int64]struct{}{}
		}
		h.own[e.Seq] = struct{}{}
	}
	h.tell(e)
}

// tell hands an event to all listeners; the lock is held.
func (h *hub) tell(e Event) {
	for ch := range h.listeners {
		select {
		case ch <- e:
		default:
			drain(ch)
			ch <- Event{}
		}
	}
}

func drain(ch chan Event) {
	for {
		select {
		case <-ch:
		default:
			return
		}
	}
}
