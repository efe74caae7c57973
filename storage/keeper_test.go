package storage

import (
	"testing"
	"time"

	"reeve/core/keeper"
)

func keeperLease(t *testing.T, s stores) {
	ctx, now := t.Context(), sampleTime
	for i, step := range []struct {
		holder string
		after  time.Duration
		held   bool
		by     string
	}{
		{"a", 0, true, "a"},
		{"b", 10 * time.Second, false, "a"},
		{"a", 20 * time.Second, true, "a"}, // renews
		{"b", 40 * time.Second, false, "a"},
		{"b", 50 * time.Second, true, "b"}, // the other's has run out to the second
		{"a", -time.Hour, true, "a"},       // a lease from a clock that was wrong holds nobody back
	} {
		at := now.Add(step.after)
		l, held, err := s.keepers.Take(ctx, step.holder, at, at.Add(30*time.Second))
		if err != nil || held != step.held || l.Holder != step.by {
			t.Errorf("step %d: %+v, held %v: %v", i, l, held, err)
		}
	}
	if err := s.keepers.Release(ctx, "b"); err != nil {
		t.Error(err)
	}
	if l, err := s.keepers.Lease(ctx); err != nil || l.Holder != "a" {
		t.Errorf("b gave back what a holds: %+v %v", l, err)
	}
	if err := s.keepers.Release(ctx, "a"); err != nil {
		t.Error(err)
	}
	if l, err := s.keepers.Lease(ctx); err != nil || l != (keeper.Lease{}) {
		t.Errorf("the lease is %+v: %v", l, err)
	}

	for n, area := range []string{"bin", "groups", "bin"} {
		if err := s.keepers.Fail(ctx, keeper.Trouble{Area: area, Error: "broken", Times: n + 1, Since: now, Retry: now.Add(time.Minute)}); err != nil {
			t.Fatal(err)
		}
	}
	want := []keeper.Trouble{
		{Area: "bin", Error: "broken", Times: 3, Since: now, Retry: now.Add(time.Minute)},
		{Area: "groups", Error: "broken", Times: 2, Since: now, Retry: now.Add(time.Minute)},
	}
	if got, err := s.keepers.Troubles(ctx); err != nil || len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("troubles %+v, want %+v: %v", got, want, err)
	}
	if err := s.keepers.Recover(ctx, "bin"); err != nil {
		t.Error(err)
	}
	if got, err := s.keepers.Troubles(ctx); err != nil || len(got) != 1 || got[0] != want[1] {
		t.Errorf("troubles %+v, want %+v: %v", got, want[1:], err)
	}
}
