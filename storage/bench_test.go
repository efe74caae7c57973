package storage

import (
	"context"
	"path/filepath"
	"testing"
)

// BenchmarkOpen measures what a start pays for a database that is up to date.
func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "test.db")
	for b.Loop() {
		db, err := Open(b.Context(), Options{Path: path})
		if err != nil {
			b.Fatal(err)
		}
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWrite measures the smallest transaction, which is as fast as the disk acknowledges.
func BenchmarkWrite(b *testing.B) {
	db, err := open(b.Context(), Options{Path: filepath.Join(b.TempDir(), "test.db")}, entries)
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		n++
		err := db.Write(b.Context(), func(ctx context.Context) error { return insert(ctx, db, n, "text") })
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
}
