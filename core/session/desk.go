package session

import (
	"context"
	"sync"
	"time"
)

// Desk is where a process keeps the sessions it has. What it writes is no act: it says where a session is and that it has
// ended, so that others see it. It may be used by several goroutines.
type Desk struct {
	store  Store
	holder string
	now    func() time.Time

	mu     sync.Mutex
	here   map[string]bool // the sessions that are here
	at     map[string]Place
	places Places
	told   int64
}

// NewDesk makes the desk of a process. holder names the process, among all that have the database open.
func NewDesk(store Store, holder string, now func() time.Time) *Desk {
	return &Desk{store: store, holder: holder, now: now, here: map[string]bool{}, at: map[string]Place{}}
}

// Holder is the name of the process.
func (d *Desk) Holder() string { return d.holder }

// Start says where places are written, and takes what was said until now as heard.
func (d *Desk) Start(ctx context.Context, p Places) error {
	last, err := d.store.LastSaid(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.told, d.places = last, p
	return err
}

// Arrive keeps that a session is here from now on.
func (d *Desk) Arrive(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.here[id] = true
}

// Keep keeps a session that was begun without being kept as open: a command that lasts.
func (d *Desk) Keep(ctx context.Context, one Session) error {
	d.Arrive(one.ID)
	return d.store.Keep(ctx, one)
}

// Look keeps that a session went to a place. Nothing is written when it is there already, or has left: what a session sends
// while it ends may come after its end.
func (d *Desk) Look(id, link string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.places == nil || !d.here[id] || d.at[id].Link == link {
		return nil
	}
	d.at[id] = Place{Link: link, At: d.now().UTC().Truncate(time.Second)}
	return d.places.Write(d.at)
}

// Leave keeps that a session has ended.
func (d *Desk) Leave(ctx context.Context, id string) error {
	d.mu.Lock()
	delete(d.here, id)
	delete(d.at, id)
	d.mu.Unlock()
	return d.store.Delete(ctx, id)
}

// News are the sessions of this process that are to end, and what was said since the last time it was asked.
func (d *Desk) News(ctx context.Context) (ending []Session, said []Notice, err error) {
	if ending, err = d.store.Ending(ctx, d.holder); err != nil {
		return nil, nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if said, err = d.store.Said(ctx, d.told); err != nil {
		return nil, nil, err
	}
	if len(said) > 0 {
		d.told = said[len(said)-1].ID
	}
	return ending, said, nil
}
