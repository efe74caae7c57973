package session_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"reeve/core/session"
)

// board is where notices stand and places are written. What it does not answer is not asked of it.
type board struct {
	session.Store
	mu      sync.Mutex
	said    []session.Notice
	deleted map[string]int
	written map[string]session.Place
	writes  int
	fails   error
}

func (b *board) Delete(_ context.Context, id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.deleted[id]++
	return nil
}

func (b *board) Ending(context.Context, string) ([]session.Session, error) { return nil, b.fails }

func (b *board) Said(_ context.Context, after int64) ([]session.Notice, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.said[after:], nil
}

func (b *board) LastSaid(context.Context) (int64, error) { return int64(len(b.said)), nil }

func (b *board) say(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.said = append(b.said, session.Notice{ID: int64(len(b.said)) + 1, Text: text})
}

func (b *board) Write(places map[string]session.Place) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.written = maps.Clone(places)
	b.writes++
	return nil
}

func newDesk(t *testing.T) (*session.Desk, *board) {
	t.Helper()
	b := &board{deleted: map[string]int{}}
	b.say("before anybody was here")
	d := session.NewDesk(b, "server", func() time.Time { return time.Unix(1000, 999) })
	if err := d.Start(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	return d, b
}

func TestWhereSessionsAreIsWrittenWhenItChanges(t *testing.T) {
	d, b := newDesk(t)
	d.Arrive("one")
	for _, step := range []struct {
		do     func() error
		places map[string]string
		writes int
	}{
		{func() error { return d.Look("one", "overview") }, map[string]string{"one": "overview"}, 1},
		{func() error { return d.Look("one", "overview") }, map[string]string{"one": "overview"}, 1},
		{func() error { return d.Look("stranger", "overview") }, map[string]string{"one": "overview"}, 1},
		{func() error { return d.Look("one", "audit") }, map[string]string{"one": "audit"}, 2},
		{func() error { return d.Leave(t.Context(), "one") }, map[string]string{"one": "audit"}, 2}, // what is left is no session any more
		{func() error { return d.Look("one", "overview") }, map[string]string{"one": "audit"}, 2},
		{func() error { d.Arrive("two"); return d.Look("two", "tokens") }, map[string]string{"two": "tokens"}, 3},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for id, p := range b.written {
			got[id] = p.Link
			if !p.At.Equal(time.Unix(1000, 0)) {
				t.Errorf("%s went there at %v", id, p.At)
			}
		}
		if !maps.Equal(got, step.places) || b.writes != step.writes {
			t.Errorf("written are %v, the %d. time; want %v, the %d.", got, b.writes, step.places, step.writes)
		}
	}
}

func TestNoticesAreHeardOnce(t *testing.T) {
	d, b := newDesk(t)
	b.say("one")
	b.say("two")
	b.fails = errors.New("the disk is gone")
	if _, _, err := d.News(t.Context()); !errors.Is(err, b.fails) {
		t.Errorf("it says %v", err)
	}
	b.fails = nil
	for _, want := range []int{2, 0} {
		if _, said, err := d.News(t.Context()); err != nil || len(said) != want {
			t.Errorf("heard are %v (%v), want %d", said, err, want)
		}
	}
}

// Many sessions of one server come, look and go at once, while notices are heard; nobody is left, and each notice was heard once.
func TestADeskIsForManySessions(t *testing.T) {
	d, b := newDesk(t)
	const sessions, notices = 40, 50
	var all sync.WaitGroup
	for i := range sessions {
		all.Go(func() {
			id := fmt.Sprint(i)
			d.Arrive(id)
			for j := range 20 {
				if err := d.Look(id, fmt.Sprint(j)); err != nil {
					t.Error(err)
				}
			}
			if err := d.Leave(t.Context(), id); err != nil {
				t.Error(err)
			}
			if err := d.Look(id, "too late"); err != nil {
				t.Error(err)
			}
		})
	}
	var mu sync.Mutex
	heard := map[int64]int{}
	for range 4 {
		all.Go(func() {
			for range notices {
				b.say("x")
				_, said, err := d.News(t.Context())
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				for _, n := range said {
					heard[n.ID]++
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if len(heard) != 4*notices {
		t.Errorf("%d notices were heard", len(heard))
	}
	for id, times := range heard {
		if times != 1 {
			t.Errorf("the notice %d was heard %d times", id, times)
		}
	}
	d.Arrive("last")
	if err := d.Look("last", "x"); err != nil || len(b.written) != 1 || len(b.deleted) != sessions {
		t.Errorf("left are %v (%v)", b.written, err)
	}
}
