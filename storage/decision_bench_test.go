package storage

import (
	"path/filepath"
	"testing"
	"time"

	"reeve/core/decision"
)

// BenchmarkDecisions1M is what a commit costs a server that answers other programs: everything is read again and made into a view,
// beside what answers meanwhile.
func BenchmarkDecisions1M(b *testing.B) {
	benchmarkDecisions(b, Fill{Workspaces: 10_000, Memberships: 1_000_000, Principals: 20_000, Seed: 1})
}

// BenchmarkDecisions100k is the same in a large tenant.
func BenchmarkDecisions100k(b *testing.B) {
	benchmarkDecisions(b, Fill{Workspaces: 1_000, Memberships: 100_000, Principals: 5_000, Seed: 1})
}

// BenchmarkDecisions1k is the same in a small tenant.
func BenchmarkDecisions1k(b *testing.B) {
	benchmarkDecisions(b, Fill{Workspaces: 40, Memberships: 1_000, Principals: 200, Seed: 1})
}

func benchmarkDecisions(b *testing.B, f Fill) {
	b.Helper()
	db := openTenant(b, filepath.Join(b.TempDir(), "a.db"))
	fill(b, db, f)
	store := NewDecisions(db, builtins(b))
	var reading time.Duration
	b.ResetTimer()
	for b.Loop() {
		start := time.Now()
		if _, err := store.World(b.Context()); err != nil {
			b.Fatal(err)
		}
		reading += time.Since(start)
		live := decision.NewLive(store, time.Now)
		if err := live.Refresh(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(reading.Seconds()/float64(b.N), "s/read")
	b.ReportMetric((b.Elapsed()-reading).Seconds()/float64(b.N), "s/refresh")
}
