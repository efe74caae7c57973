package storage

import (
	"regexp"
	"strings"
	"testing"

	"reeve/core/list"
)

// plan is how SQLite would read a page in the middle of a list.
func plan[T any](t *testing.T, db *DB, l listing[T], base where, q list.Query) string {
	t.Helper()
	o, err := l.order(q.Sort)
	if err != nil {
		t.Fatal(err)
	}
	query, args := l.pageQuery(base, l.filtered(base, q.Filter), o, q)
	return explain(t, db, query, args...)
}

func explain(t *testing.T, db *DB, query string, args ...any) string {
	t.Helper()
	lines, err := all(t.Context(), db, "explaining", func(row scanner) (s string, err error) {
		var ignored any
		err = row.Scan(&ignored, &ignored, &ignored, &s)
		return s, err
	}, "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// TestDecisionsReadAHandfulOfRows makes sure that a decision about one principal does not read the whole workspace.
func TestDecisionsReadAHandfulOfRows(t *testing.T) {
	db := openTenant(t, t.TempDir()+"/a.db")
	fill(t, db, Fill{Workspaces: 3, Memberships: 600, Principals: 500, Seed: 2})
	check := func(t *testing.T) {
		got := explain(t, db, scopedGrants, 1, "[77,78]", "[1,2]")
		if !strings.Contains(got, "(workspace_id=? AND principal_id=?)") || !strings.Contains(got, "(workspace_id=? AND role_id=?)") {
			t.Errorf("the grants are read by\n%s", got)
		}
		for name, c := range map[string]struct {
			query string
			args  []any
			by    []string
		}{
			"the account":       {"SELECT id FROM principal WHERE kind = 'account'", nil, []string{"principal_kind (kind=?)"}},
			"the groups":        {"SELECT id FROM principal WHERE kind = 'group'", nil, []string{"principal_kind (kind=?)"}},
			"groups of a user":  {"SELECT group_id FROM group_member WHERE principal_id = ?", []any{7}, []string{"group_member_of (principal_id=?)"}},
			"policies":          {scopedAttachments, []any{"[77]", "[1,2]"}, []string{"(principal_id=?)", "(policy_id=?)"}},
			"tenant roles":      {scopedTenantGrants, []any{home, "[77]", "[1,2]"}, []string{"(region=? AND principal_id=?)", "(region=? AND role_id=?)"}},
			"grants everywhere": {grantsEverywhere, []any{"[77]"}, []string{"member_of (principal_id=?)", "(workspace_id=? AND principal_id=?)"}},
			"grants that end":   {endings + " WHERE g.until <> 0 AND g.until > ? AND g.until <= ? AND w.deleted_at = 0 ORDER BY g.until, g.id", []any{1, 2}, []string{"role_grant_until (until>? AND until<?)"}},
		} {
			got := explain(t, db, c.query, c.args...)
			for _, by := range c.by {
				if !strings.Contains(got, by) {
					t.Errorf("%s: read not by %s but by\n%s", name, by, got)
				}
			}
		}
	}
	t.Run("new", check)
	if _, err := db.writer.ExecContext(t.Context(), "ANALYZE"); err != nil {
		t.Fatal(err)
	}
	t.Run("with statistics", check)
}

// TestPagesWalkAnIndex makes sure that a page costs the same wherever it stands and however long the list is.
func TestPagesWalkAnIndex(t *testing.T) {
	db := openTenant(t, t.TempDir()+"/a.db")
	fill(t, db, Fill{Workspaces: 300, Memberships: 6000, Principals: 500, Seed: 2})
	live := where{}.with("w.deleted_at = 0")
	inRegion := where{}.with("w.region = ?", home).with("w.deleted_at = 0")
	members := where{}.with("m.workspace_id = ?", 1)
	middle := &list.Key{Value: "m", ID: 5}
	noon := &list.Key{Value: sampleTime.Unix(), ID: 5}
	word := list.ParseFilter("a")
	foundBefore := regexp.MustCompile(`SCAN \(subquery-\d+\)`) // the rows of the page, which were found by then
	check := func(t *testing.T) {
		for name, got := range map[string]string{
			"workspaces by name":             plan(t, db, workspaces(), live, list.Query{From: middle}),
			"joined workspaces by name":      plan(t, db, workspaces(), live.with(joined, 3, 3), list.Query{From: middle, Filter: word}),
			"workspaces of a region by name": plan(t, db, workspaces(), inRegion, list.Query{From: middle}),
			"joined of a region by name":     plan(t, db, workspaces(), inRegion.with(joined, 3, 3), list.Query{From: middle, Filter: word}),
			"backward":                       plan(t, db, workspaces(), inRegion, list.Query{From: middle, Backward: true}),
			"workspaces by time":             plan(t, db, workspaces(), live, list.Query{From: noon, Sort: list.Sort{Field: "created"}}),
			"workspaces of a region by time": plan(t, db, workspaces(), inRegion, list.Query{From: noon, Sort: list.Sort{Field: "created", Desc: true}}),
			"members by name":                plan(t, db, NewMembers(db, Builtins{}).listing(1), members, list.Query{From: middle, Filter: word}),
			"members by time":                plan(t, db, NewMembers(db, Builtins{}).listing(1), members, list.Query{From: noon, Sort: list.Sort{Field: "added"}}),
			"users by name":                  plan(t, db, users(), where{}, list.Query{From: middle, Filter: word}),
			"groups by name":                 plan(t, db, userGroups(), onlyUserGroups(), list.Query{From: middle}),
			"tenant members by name":         plan(t, db, NewTenantRoles(db, Builtins{}).tenantMembers(sampleTime), where{}.with("v.id = ?", home), list.Query{From: middle, Filter: word}),
			"members asked about by name":    plan(t, db, asked(), members, list.Query{From: middle, Filter: word}),
			"users by time":                  plan(t, db, users(), where{}, list.Query{From: noon, Sort: list.Sort{Field: "created"}}),
			"candidates by name":             plan(t, db, candidates(), where{}, list.Query{From: middle}),
			"entries":                        plan(t, db, logged(), where{}, list.Query{From: &list.Key{Value: int64(5), ID: 5}}),
			"entries of a view":              plan(t, db, logged(), where{}.with("a.actor_id = ?", 4), list.Query{From: &list.Key{Value: int64(5), ID: 5}}),
			"entries by time":                plan(t, db, logged(), where{}, list.Query{From: noon, Sort: list.Sort{Field: "at"}}),
		} {
			got = foundBefore.ReplaceAllString(got, "")
			if strings.Contains(got, "TEMP B-TREE") || strings.Contains(got, "SCAN") {
				t.Errorf("%s:\n%s", name, got)
			}
		}
	}
	t.Run("new", check)
	if _, err := db.writer.ExecContext(t.Context(), "ANALYZE"); err != nil {
		t.Fatal(err)
	}
	t.Run("with statistics", check)
}
