package storage

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"reeve/core/audit/chain"
	"reeve/core/tenant"
)

// TestADatabaseIsTheSameAsItsCopyAlone holds what plans are told apart by.
func TestADatabaseIsTheSameAsItsCopyAlone(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	make := func(session string) (*DB, string) {
		path := filepath.Join(t.TempDir(), "reeve.db")
		db, err := Open(t.Context(), Options{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		if err := db.Write(t.Context(), func(ctx context.Context) error {
			if _, err := NewTenants(db).Init(ctx, tenant.Setup{Tenant: "acme", Owner: "root"}, at); err != nil {
				return err
			}
			return NewGateStore(db, Builtins{}).AppendAudit(ctx, &chain.Entry{At: at, Action: "tenant.init", Outcome: chain.Done, Session: session})
		}); err != nil {
			t.Fatal(err)
		}
		return db, path
	}
	name := func(db *DB) string {
		n, err := NewPlans(db).Database(t.Context())
		if err != nil || !strings.HasPrefix(n, "17") || len(n) < 40 {
			t.Fatalf("%q, %v", n, err)
		}
		return n
	}
	one, path := make("s-1")
	two, _ := make("s-2")
	first := name(one)
	if first == name(two) {
		t.Errorf("two databases of tenants of one name are both %s", first)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if _, err := one.writer.ExecContext(t.Context(), "VACUUM INTO ?", copied); err != nil {
		t.Fatal(err)
	}
	same, err := Open(t.Context(), Options{Path: copied})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = same.Close() })
	if name(same) != first {
		t.Errorf("the copy of %s is another database", path)
	}
	if err := one.Write(t.Context(), func(ctx context.Context) error {
		return NewGateStore(one, Builtins{}).AppendAudit(ctx, &chain.Entry{At: at, Action: "user.add", Outcome: chain.Done})
	}); err != nil {
		t.Fatal(err)
	}
	if name(one) != first {
		t.Error("a further entry makes it another database")
	}
	if names, err := NewPlans(one).Names(t.Context()); err != nil || !slices.Equal(names, []string{"root"}) {
		t.Errorf("users are %v, %v", names, err)
	}
}
