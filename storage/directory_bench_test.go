package storage

import (
	"path/filepath"
	"testing"

	"reeve/core/list"
)

// BenchmarkDirectory100k reads pages of 50 of a directory of 100,000 people, as the keys of its screen ask for them.
func BenchmarkDirectory100k(b *testing.B) {
	db := openTenant(b, filepath.Join(b.TempDir(), "a.db"))
	fill(b, db, Fill{Workspaces: 50, Memberships: 100_000, Principals: 100_000, Seed: 1})
	store := NewDirectory(db)
	for name, q := range map[string]list.Query{
		"first page":  {Count: true},
		"middle page": {From: &list.Key{Value: "m", ID: 1}},
		"name":        {Filter: list.ParseFilter("chen"), Count: true},
		"email":       {Filter: list.ParseFilter("email:chen"), Count: true},
		"status":      {Filter: list.ParseFilter("status:disabled"), Count: true},
		"source":      {Filter: list.ParseFilter("source:local"), Count: true},
		"by status":   {Sort: list.Sort{Field: "status"}},
		"by email":    {Sort: list.Sort{Field: "email", Desc: true}},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := store.List(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
