package storage

import (
	"context"
	"path/filepath"
	"testing"

	"reeve/core/access"
	"reeve/core/list"
	"reeve/core/member"
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
		"short name":  {Filter: list.ParseFilter("ch"), Count: true},
		"type":        {Filter: list.ParseFilter("type:ram-role"), Count: true},
		"many a type": {Filter: list.ParseFilter("type:ram-user"), Count: true},
		"no source":   {Filter: list.ParseFilter("source:corp"), Count: true},
		"elsewhere":   {Filter: list.ParseFilter("!source:local"), Count: true},
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

// BenchmarkMembers50k reads pages of a workspace of 50,000 members in a directory of 100,000 people: the list of members, and of those
// who could be added, as the keys of their screens ask for them.
func BenchmarkMembers50k(b *testing.B) {
	db := openTenant(b, filepath.Join(b.TempDir(), "a.db"))
	fill(b, db, Fill{Workspaces: 2, Memberships: 10, Principals: 100_000, Seed: 1})
	builtins, err := LoadBuiltins()
	if err != nil {
		b.Fatal(err)
	}
	store := NewMembers(db, builtins)
	var ws access.WorkspaceID
	if err := db.Write(b.Context(), func(ctx context.Context) error {
		if ws, _, err = one(ctx, db, "finding a workspace", value[access.WorkspaceID], "SELECT min(id) FROM workspace"); err != nil {
			return err
		}
		people, err := all(ctx, db, "reading people", value[access.PrincipalID],
			"SELECT id FROM principal WHERE id NOT IN (SELECT principal_id FROM member WHERE workspace_id = ?) ORDER BY id % 7, id LIMIT 50000", ws)
		if err != nil {
			return err
		}
		added := make([]member.Assignment, len(people))
		for i, p := range people {
			added[i] = member.Assignment{Member: p, Roles: []member.Hold{{Role: builtins.Roles[2].ID}}}
		}
		return store.AddAll(ctx, ws, added, 1, sampleTime)
	}); err != nil {
		b.Fatal(err)
	}
	db.optimize()
	queries := map[string]list.Query{
		"first page":   {Limit: 100, Count: true},
		"next page":    {Limit: 100, From: &list.Key{Value: "m", ID: 1}},
		"name":         {Limit: 100, Filter: list.ParseFilter("chen"), Count: true},
		"short name":   {Limit: 100, Filter: list.ParseFilter("ch"), Count: true},
		"nobody":       {Limit: 100, Filter: list.ParseFilter("qqqzz"), Count: true},
		"status":       {Limit: 100, Filter: list.ParseFilter("status:disabled"), Count: true},
		"by status":    {Limit: 100, Sort: list.Sort{Field: "status"}},
		"display name": {Limit: 100, Filter: list.ParseFilter("display_name:wei"), Count: true},
		"many a type":  {Limit: 100, Filter: list.ParseFilter("type:ram-user"), Count: true},
		"by type":      {Limit: 100, Sort: list.Sort{Field: "type"}, Count: true},
	}
	for name, q := range queries {
		b.Run("members/"+name, func(b *testing.B) {
			for b.Loop() {
				if _, err := store.List(b.Context(), ws, q); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("candidates/"+name, func(b *testing.B) {
			for b.Loop() {
				if _, err := store.Candidates(b.Context(), ws, q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	for name, filter := range map[string]string{"role": "role:develop", "active": "active:<2026-01-01", "never": "active:never", "type": "type:ram-role"} {
		b.Run("members/"+name, func(b *testing.B) {
			for b.Loop() {
				if _, err := store.List(b.Context(), ws, list.Query{Limit: 100, Filter: list.ParseFilter(filter), Count: true}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
