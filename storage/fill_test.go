package storage

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"reeve/core/tenant"
	"reeve/core/token"
)

// sampleTime is when all samples of these tests end.
var sampleTime = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func builtins(t testing.TB) Builtins {
	t.Helper()
	b, err := LoadBuiltins()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// openTenant opens a new database with a tenant in two regions; its owner has the id 1.
func openTenant(t testing.TB, path string) *DB {
	t.Helper()
	db, err := Open(t.Context(), Options{Path: path, Now: func() time.Time { return sampleTime }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	err = db.Write(t.Context(), func(ctx context.Context) error {
		_, err := NewTenants(db).Init(ctx, tenant.Setup{Tenant: "Acme", Owner: "acme", OSUser: "root", Regions: []tenant.Region{
			{ID: "cn-hangzhou", Edition: "enterprise"}, {ID: "eu-central-1", Edition: "basic"}}}, sampleTime)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func fill(t testing.TB, db *DB, f Fill) {
	t.Helper()
	f.Region, f.Owner, f.At, f.Builtins = "cn-hangzhou", 1, sampleTime, builtins(t)
	if err := db.Fill(t.Context(), f, nil); err != nil {
		t.Fatal(err)
	}
}

// dump is everything that a fill makes, in order.
func dump(t *testing.T, db *DB) string {
	t.Helper()
	var b strings.Builder
	for _, query := range []string{
		"SELECT id || name || display_name || kind FROM principal ORDER BY id",
		"SELECT id || name || display_name || mode || template || status || created_at || deleted_at FROM workspace ORDER BY id",
		"SELECT workspace_id || '/' || principal_id || '/' || added_at || '/' || active_at FROM member ORDER BY 1",
		"SELECT workspace_id || '/' || principal_id || '/' || role_id FROM role_grant ORDER BY 1",
		"SELECT role_id || module || level FROM role_module ORDER BY 1",
		"SELECT workspace_id || '/' || principal_id || '/' || until FROM role_grant WHERE until > 0 ORDER BY 1",
		"SELECT group_id || '/' || principal_id FROM group_member ORDER BY 1",
		"SELECT region || principal_id || '/' || role_id || '/' || until FROM tenant_grant ORDER BY 1",
		"SELECT principal_id || '/' || policy_id || '/' || until FROM policy_attachment ORDER BY 1",
		"SELECT id || name || type || dev_identity || prod_identity FROM engine ORDER BY 1",
		"SELECT id || name || type || status || expires_at FROM resource_group ORDER BY 1",
		"SELECT group_id || '/' || workspace_id FROM resource_group_workspace ORDER BY 1",
		"SELECT workspace_id || '/' || days || '/' || number || user_name || decision FROM review r JOIN review_item i ON i.review_id = r.id ORDER BY 1",
	} {
		lines, err := all(t.Context(), db, "reading", value[string], query)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(strings.Join(lines, "\n"))
	}
	return b.String()
}

func TestFillMakesWhatIsAskedFor(t *testing.T) {
	db := openTenant(t, filepath.Join(t.TempDir(), "a.db"))
	// The sample has stories of its own, whose names the bulk must leave alone.
	_, err := db.writer.ExecContext(t.Context(), `INSERT INTO principal (id, name, name_key, kind, created_at) VALUES (2, 'M.Sato', 'm.sato', 'ram-user', 1);
		INSERT INTO workspace (region, name, name_key, display_name, display_key, mode, template, status, owner_id, created_at, created_by)
		VALUES ('cn-hangzhou', 'Sales_DW', 'sales_dw', '', '', 'simple', 'openlake', 'normal', 1, 1, 1)`)
	if err != nil {
		t.Fatal(err)
	}
	var heard []int
	f := Fill{Region: "cn-hangzhou", Owner: 1, Workspaces: 300, Memberships: 5000, Principals: 800, Seed: 7, At: sampleTime, Builtins: builtins(t)}
	if err := db.Fill(t.Context(), f, func(done, total int) { heard = append(heard, done, total) }); err != nil {
		t.Fatal(err)
	}
	if n := len(heard); n < 4 || heard[n-1] != 5000 || heard[n-2] != 5000 {
		t.Errorf("progress ended with %v", heard)
	}
	for query, want := range map[string]int{
		"SELECT count(*) FROM workspace":      301,
		"SELECT count(*) FROM workspace_text": 300,
		"SELECT count(*) FROM principal":      805,
		"SELECT count(*) FROM principal_text": 804,
		"SELECT count(*) FROM member m JOIN principal p ON p.id = m.principal_id WHERE p.kind <> 'group'":        5000,
		"SELECT count(*) FROM policy WHERE id >= 1000":                                                           2,
		"SELECT count(*) FROM tenant_role":                                                                       1,
		"SELECT count(*) FROM role_grant WHERE role_id = 1":                                                      300,
		"SELECT count(*) FROM resource_group":                                                                    8,
		"SELECT count(*) FROM resource_group_due":                                                                8,
		"SELECT value FROM revision":                                                                             1,
		"SELECT count(*) FROM pragma_foreign_key_check":                                                          0,
		"SELECT count(*) FROM member m JOIN principal p ON p.id = m.principal_id WHERE p.name_key <> m.name_key": 0,
		"SELECT count(*) FROM workspace w WHERE created_at > 1 AND NOT EXISTS (SELECT 1 FROM member m WHERE m.workspace_id = w.id AND m.principal_id = 1)": 0,
		"SELECT count(*) FROM (SELECT 1 FROM role_grant GROUP BY workspace_id, principal_id HAVING count(*) > 3)":                                          0,
	} {
		if got, _, err := one(t.Context(), db, "counting", value[int], query); err != nil || got != want {
			t.Errorf("%s is %d (%v), want %d", query, got, err, want)
		}
	}
	for query, least := range map[string]int{
		"SELECT count(*) FROM group_member": 10,
		"SELECT count(*) FROM member m JOIN principal p ON p.id = m.principal_id WHERE p.kind = 'group'":          5,
		"SELECT count(*) FROM role_grant WHERE until > 0":                                                         10,
		"SELECT count(*) FROM resource_group_workspace":                                                           12,
		"SELECT count(*) FROM tenant_grant":                                                                       4,
		"SELECT count(*) FROM tenant_grant WHERE until > 0":                                                       1,
		"SELECT count(*) FROM policy_attachment":                                                                  2,
		"SELECT count(*) FROM engine":                                                                             10,
		"SELECT count(*) FROM engine_mapping":                                                                     5,
		"SELECT count(*) FROM role":                                                                               10,
		"SELECT count(*) FROM role_grant WHERE role_id >= 1000":                                                   10,
		"SELECT count(DISTINCT role_id) FROM role_grant":                                                          8,
		"SELECT max(n) FROM (SELECT count(*) AS n FROM member GROUP BY workspace_id)":                             60,
		"SELECT count(DISTINCT mode || template || status) FROM workspace":                                        5,
		"SELECT count(*) FROM workspace WHERE deleted_at <> 0":                                                    1,
		"SELECT count(DISTINCT n) FROM (SELECT count(*) AS n FROM member GROUP BY workspace_id)":                  10,
		"SELECT count(*) FROM (SELECT 1 FROM role_grant GROUP BY workspace_id, principal_id HAVING count(*) > 1)": 100,
	} {
		if got, _, err := one(t.Context(), db, "counting", value[int], query); err != nil || got < least {
			t.Errorf("%s is %d (%v), want at least %d", query, got, err, least)
		}
	}
}

func TestFillIsRepeatable(t *testing.T) {
	var dumps []string
	for _, seed := range []uint64{3, 3, 4} {
		db := openTenant(t, filepath.Join(t.TempDir(), "a.db"))
		fill(t, db, Fill{Workspaces: 40, Memberships: 400, Principals: 60, Seed: seed})
		dumps = append(dumps, dump(t, db))
	}
	if dumps[0] != dumps[1] {
		t.Error("the same seed made different data")
	}
	if dumps[0] == dumps[2] {
		t.Error("another seed made the same data")
	}
}

func TestFillRefusesWhatCannotBe(t *testing.T) {
	db := openTenant(t, filepath.Join(t.TempDir(), "a.db"))
	for _, f := range []Fill{
		{Workspaces: 0, Memberships: 1, Principals: 1}, {Workspaces: 1, Memberships: 1}, {Workspaces: 2, Memberships: 1, Principals: 1},
		{Workspaces: 2, Memberships: 5, Principals: 1},
	} {
		f.Region, f.Owner, f.At, f.Builtins = "cn-hangzhou", 1, sampleTime, builtins(t)
		if err := db.Fill(t.Context(), f, nil); err == nil {
			t.Errorf("%+v was filled", f)
		}
	}
	f := Fill{Region: "no-such-region", Owner: 1, Workspaces: 3, Memberships: 9, Principals: 9, At: sampleTime, Builtins: builtins(t)}
	if err := db.Fill(t.Context(), f, nil); err == nil {
		t.Error("a region that is not activated was filled")
	}
	if n, _, err := one(t.Context(), db, "counting", value[int], "SELECT count(*) FROM principal"); err != nil || n != 1 {
		t.Errorf("a failed fill left %d principals (%v)", n, err)
	}
}

// The tokens of a sample are there to be looked at: some are over, some end soon, and a second sample adds none.
func TestASampleHasTokens(t *testing.T) {
	t.Parallel()
	db := openTenant(t, filepath.Join(t.TempDir(), "a.db"))
	fill(t, db, Fill{Workspaces: 2, Memberships: 20, Principals: 10, Seed: 1})
	first, err := NewTokens(db).Keys(t.Context())
	if err != nil || len(first) < 3 {
		t.Fatalf("there are %d (%v)", len(first), err)
	}
	fill(t, db, Fill{Workspaces: 1, Memberships: 5, Principals: 5, Seed: 2})
	if second, err := NewTokens(db).Keys(t.Context()); err != nil || len(second) != len(first) {
		t.Errorf("after another sample there are %d (%v)", len(second), err)
	}
	seen := map[token.Hash]bool{}
	for _, k := range first {
		if k.Until.Sub(k.CreatedAt) > token.LongestDays*24*time.Hour || len(k.Scopes) == 0 || seen[k.Hash] {
			t.Errorf("%+v could not have been made", k)
		}
		seen[k.Hash] = true
	}
}
