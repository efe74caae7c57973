package keeper_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/edition"
	"reeve/core/keeper"
	"reeve/storage"
	"reeve/storage/storagetest"
)

// clock is a mover whose rows are due times. It counts what was moved and fails while broken.
type clock struct {
	now    func() time.Time
	due    []time.Time
	moved  int
	broken error
}

func (c *clock) NextDue(context.Context) (next time.Time, err error) {
	for _, at := range c.due {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next, nil
}

func (c *clock) MoveDue(context.Context) (bool, error) {
	if c.broken != nil {
		return false, c.broken
	}
	for i, at := range c.due {
		if !at.After(c.now()) {
			c.due = append(c.due[:i], c.due[i+1:]...)
			c.moved++
			return true, nil
		}
	}
	return false, nil
}

func (c *clock) in(d time.Duration) *clock {
	c.due = append(c.due, c.now().Add(d))
	return c
}

func openKeeper(t *testing.T) (*storagetest.World, storage.Keepers, *clock, *clock) {
	t.Helper()
	w := storagetest.Open(t)
	return w, storage.NewKeepers(w.DB), &clock{now: w.Gate.Now}, &clock{now: w.Gate.Now}
}

func TestWhatIsDueIsMovedAndTheNextTimeIsTold(t *testing.T) {
	w, store, bin, groups := openKeeper(t)
	bin.in(-time.Hour).in(-8 * 24 * time.Hour).in(time.Hour)
	groups.in(30 * time.Minute).in(0)
	k := keeper.New(w.Gate, store, "a", []keeper.Area{{Name: "bin", Mover: bin}, {Name: "groups", Mover: groups}})
	moved, next, err := k.Catch(t.Context())
	if err != nil || moved != 3 || bin.moved != 2 || groups.moved != 1 {
		t.Errorf("moved %d (bin %d, groups %d): %v", moved, bin.moved, groups.moved, err)
	}
	if want := w.Gate.Now().Add(30 * time.Minute); !next.Equal(want) {
		t.Errorf("next at %v, want %v", next, want)
	}
	if l, err := store.Lease(t.Context()); err != nil || l.Holder != "" {
		t.Errorf("the lease is kept: %+v %v", l, err)
	}
}

func TestWhoeverFindsNothingDueTakesNoLease(t *testing.T) {
	w, store, bin, _ := openKeeper(t)
	bin.in(time.Minute)
	k := keeper.New(w.Gate, refusing{store}, "a", []keeper.Area{{Name: "bin", Mover: bin}})
	if moved, _, err := k.Catch(t.Context()); moved != 0 || err != nil {
		t.Errorf("moved %d: %v", moved, err)
	}
}

// refusing fails whoever would write.
type refusing struct{ keeper.Store }

func (refusing) Take(context.Context, string, time.Time, time.Time) (keeper.Lease, bool, error) {
	return keeper.Lease{}, false, errors.New("a lease was taken")
}

func TestALeaseOfAnotherProcessHoldsBackUntilItRunsOut(t *testing.T) {
	w, store, bin, _ := openKeeper(t)
	bin.in(-time.Minute)
	until := w.Gate.Now().Add(20 * time.Second)
	if _, held, err := store.Take(t.Context(), "b", w.Gate.Now(), until); err != nil || !held {
		t.Fatal(held, err)
	}
	k := keeper.New(w.Gate, store, "a", []keeper.Area{{Name: "bin", Mover: bin}})
	moved, next, err := k.Catch(t.Context())
	if moved != 0 || err != nil || !next.Equal(until) {
		t.Errorf("moved %d, next %v, want none and %v: %v", moved, next, until, err)
	}
	if l, err := store.Lease(t.Context()); err != nil || l.Holder != "b" {
		t.Errorf("the lease is %+v: %v", l, err)
	}
	w.Pass(time.Minute)
	if moved, _, err := k.Catch(t.Context()); moved != 1 || err != nil {
		t.Errorf("after the lease ran out, moved %d: %v", moved, err)
	}
}

func TestAnAreaThatFailsIsTriedAgainLaterAndHoldsUpNoOther(t *testing.T) {
	w, store, bin, groups := openKeeper(t)
	bin.in(-time.Minute).broken = errors.New("no space left")
	groups.in(-time.Minute)
	k := keeper.New(w.Gate, store, "a", []keeper.Area{{Name: "bin", Mover: bin}, {Name: "groups", Mover: groups}})
	for i, wait := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute} {
		moved, next, err := k.Catch(t.Context())
		if err != nil || moved != []int{1, 0, 0}[i] || !next.Equal(w.Gate.Now().Add(wait)) {
			t.Fatalf("try %d: moved %d, next in %v, want in %v: %v", i+1, moved, next.Sub(w.Gate.Now()), wait, err)
		}
		if moved, _, err := k.Catch(t.Context()); moved != 0 || err != nil {
			t.Errorf("tried again at once: %d %v", moved, err)
		}
		w.Pass(wait)
	}
	troubles, err := store.Troubles(t.Context())
	if err != nil || len(troubles) != 1 || troubles[0].Times != 3 || troubles[0].Error != "no space left" {
		t.Errorf("troubles %+v: %v", troubles, err)
	}
	bin.broken = nil
	if moved, _, err := k.Catch(t.Context()); moved != 1 || err != nil {
		t.Errorf("when it works again, moved %d: %v", moved, err)
	}
	if troubles, err := store.Troubles(t.Context()); err != nil || len(troubles) != 0 {
		t.Errorf("troubles %+v stay: %v", troubles, err)
	}
}

func TestPeopleAreToldAndCannotMoveWhatIsTheKeepers(t *testing.T) {
	w, store, bin, _ := openKeeper(t)
	w.Users("zoe")
	bin.in(-time.Minute)
	own := keeper.New(w.Gate, store, "a", []keeper.Area{{Name: "bin", Mover: bin}})
	service := keeper.NewService(w.Gate, store, own)
	if _, err := service.Catch(w.As("zoe")); err == nil || bin.moved != 0 {
		t.Errorf("zoe moved %d: %v", bin.moved, err)
	}
	st, err := service.Status(w.As(storagetest.Owner))
	if err != nil || len(st.Areas) != 1 || !st.Areas[0].Next.Equal(w.Gate.Now().Add(-time.Minute)) || st.Lease.Holder != "" {
		t.Errorf("status %+v: %v", st, err)
	}
	if moved, err := service.Catch(w.As(storagetest.Owner)); moved != 1 || err != nil {
		t.Errorf("the account moved %d: %v", moved, err)
	}
	// Not even the account is the keeper.
	_, err = control.Ask(w.As(storagetest.Owner), w.Gate, control.Query[int]{Action: action.KeeperDue,
		Do: func(context.Context, control.Target, control.Viewer) (int, error) { return 1, nil }})
	if err == nil {
		t.Error("the account did what only the keeper does")
	}
}

// counted is a mover that tells how often it was looked at, with rows that fall due as time goes by.
type counted struct {
	mu sync.Mutex
	clock
	looks int
}

func (c *counted) NextDue(ctx context.Context) (time.Time, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.looks++
	return c.clock.NextDue(ctx)
}

func (c *counted) MoveDue(ctx context.Context) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.clock.MoveDue(ctx)
}

func (c *counted) seen() (moved, looks int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moved, c.looks
}

func TestTheKeeperSleepsUntilSomethingIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := control.New(nil, nil, edition.Catalogue{}, control.Seam{Now: time.Now, ID: func() string { return "id" }}, nil)
		rows := &counted{clock: clock{now: gate.Now}}
		rows.in(10 * time.Second).in(10 * time.Minute)
		ctx, cancel := context.WithCancel(t.Context())
		k := keeper.New(gate, &memory{}, "a", []keeper.Area{{Name: "rows", Mover: rows}})
		done := make(chan struct{})
		go func() {
			defer close(done)
			k.Run(ctx)
		}()
		for _, step := range []struct {
			wait         time.Duration
			moved, looks int
		}{{9 * time.Second, 0, 1}, {2 * time.Second, 1, 3}, {9*time.Minute + 30*time.Second, 1, 14}, {time.Minute, 2, 16}} {
			time.Sleep(step.wait)
			synctest.Wait()
			if moved, looks := rows.seen(); moved != step.moved || looks > step.looks {
				t.Errorf("at %v: moved %d with %d looks, want %d with at most %d", time.Now(), moved, looks, step.moved, step.looks)
			}
		}
		// A change may make something due at once.
		rows.mu.Lock()
		rows.in(0)
		rows.mu.Unlock()
		gate.Foreign(control.Unknown)
		synctest.Wait()
		if moved, _ := rows.seen(); moved != 3 {
			t.Errorf("after a change, moved %d, want 3", moved)
		}
		cancel()
		<-done
	})
}

// memory is a store that gives the lease to whoever asks.
type memory struct{ lease keeper.Lease }

func (m *memory) Take(_ context.Context, holder string, _, until time.Time) (keeper.Lease, bool, error) {
	m.lease = keeper.Lease{Holder: holder, Until: until}
	return m.lease, true, nil
}
func (m *memory) Release(context.Context, string) error { m.lease = keeper.Lease{}; return nil }
func (m *memory) Lease(context.Context) (keeper.Lease, error) {
	return m.lease, nil
}
func (m *memory) Fail(context.Context, keeper.Trouble) error         { return nil }
func (m *memory) Recover(context.Context, string) error              { return nil }
func (m *memory) Troubles(context.Context) ([]keeper.Trouble, error) { return nil, nil }
