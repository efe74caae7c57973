package control

import (
	"sync"

	"reeve/core/access"
	"reeve/core/action"
)

// Event says that something changed. An event with no Action came from another process: everything may have changed.
type Event struct {
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

// Foreign tells listeners that another process changed the database.
func (g *Gate) Foreign() { g.hub.publish(Event{}) }

func (h *hub) publish(e Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
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
