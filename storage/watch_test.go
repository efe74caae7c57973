package storage

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"
)

// watching drives the watch of a database tick by tick.
type watching struct {
	ticks   chan time.Time
	stopped chan struct{}
	signals <-chan struct{}
}

func startWatching(ctx context.Context, db *DB) watching {
	w := watching{ticks: make(chan time.Time), stopped: make(chan struct{})}
	w.signals = db.watch(ctx, w.ticks, func() { close(w.stopped) })
	return w
}

// tick lets the watch look once. The second tick is received only when the first is dealt with, and it finds nothing
// new.
func (w watching) tick() {
	w.ticks <- time.Time{}
	w.ticks <- time.Time{}
}

func (w watching) signalled() bool {
	select {
	case <-w.signals:
		return true
	default:
		return false
	}
}

func TestWatch(t *testing.T) {
	db := openNew(t)
	other := openAt(t, db.Path(), entries)
	write(t, db, 1)
	w := startWatching(t.Context(), db)
	w.tick()
	if w.signalled() {
		t.Error("what was there before is signalled")
	}
	write(t, other, 2)
	w.tick()
	if !w.signalled() {
		t.Error("a commit of another handle is not signalled")
	}
	w.tick()
	if w.signalled() {
		t.Error("one commit is signalled twice")
	}
	write(t, db, 3)
	w.tick()
	if !w.signalled() {
		t.Error("a commit of the same handle is not signalled")
	}
	for n := range 3 {
		write(t, other, 10+n)
		w.tick()
	}
	if !w.signalled() || w.signalled() {
		t.Error("three commits that nobody waited for are not one signal")
	}
	wantCount(t, db, 6)
	w.tick()
	if w.signalled() {
		t.Error("reading is signalled")
	}
}

func TestWatchEndsWithItsContext(t *testing.T) {
	db := openNew(t)
	ctx, cancel := context.WithCancel(t.Context())
	w := startWatching(ctx, db)
	cancel()
	for range w.signals {
		t.Error("a signal without a commit")
	}
	<-w.stopped
	db.watchers.Wait()
}

func TestWatchEndsWithTheDatabase(t *testing.T) {
	db := openNew(t)
	signals := db.Watch(t.Context(), time.Hour)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for range signals {
		t.Error("a signal without a commit")
	}
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	if strings.Contains(string(stacks), "storage.(*DB).watch.func") {
		t.Error("the watch goes on after Close")
	}
}

func TestWatchByTheClock(t *testing.T) {
	db := openNew(t)
	signals := db.Watch(t.Context(), time.Millisecond)
	write(t, db, 1)
	<-signals
}

func TestWatchComesBack(t *testing.T) {
	db := openNew(t)
	e := &eye{db: db}
	e.look(t.Context())
	if e.look(t.Context()) {
		t.Error("nothing happened, but the eye saw it")
	}
	if err := e.conn.Close(); err != nil {
		t.Fatal(err)
	}
	if !e.look(t.Context()) {
		t.Error("an eye that lost its connection must assume a change")
	}
	if !e.look(t.Context()) {
		t.Error("an eye with a new connection must assume a change")
	}
	if e.look(t.Context()) {
		t.Error("an eye that came back sees changes that are not there")
	}
	e.close()
	e.close()
}
