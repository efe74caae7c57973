package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/audit"
	"reeve/core/audit/chain"
	"reeve/core/control"
	"reeve/core/list"
)

// appendEntries writes so many different entries.
func appendEntries(t testing.TB, gate control.Store, n int) {
	t.Helper()
	random := seeded(1)
	err := gate.Write(t.Context(), func(ctx context.Context) error {
		for i := range n {
			if err := gate.AppendAudit(ctx, entry(random, i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func entry(random *rand.Rand, i int) *chain.Entry {
	e := &chain.Entry{
		At: sampleTime.Add(time.Duration(i/3) * time.Hour), ActorID: int64(1 + random.IntN(4)), Face: pick(random, []string{"console", "command"}),
		Action: pick(random, []string{"workspace.create", "role.set", "member.add"}), Outcome: pick(random, []chain.Outcome{chain.Done, chain.Denied}),
		Region: pick(random, []string{"", "cn-hangzhou", "eu-central-1"}), WorkspaceID: int64(random.IntN(4)), Target: pick(random, []string{"", "Zoë", "finance_reader"}),
		Request: pick(random, []string{"", "R-a1", "R-b2"}),
	}
	e.Actor = []string{"acme", "Zoë", "m.sato", "a.kaya"}[e.ActorID-1]
	if e.WorkspaceID > 0 {
		e.Workspace = fmt.Sprintf("WS_%d", e.WorkspaceID)
	}
	if i%2 == 0 {
		e.After = []byte(`{"name":"x"}`)
	}
	if i%5 == 0 {
		e.Before = []byte(`{"name":"y"}`)
	}
	return e
}

func verify(t *testing.T, db *DB, head *chain.Head) chain.Report {
	t.Helper()
	v := chain.NewVerifier(head)
	if err := NewAudit(db).Walk(t.Context(), func(e *chain.Entry) error { v.Next(e); return nil }); err != nil {
		t.Fatal(err)
	}
	return v.Report()
}

func TestAuditTampering(t *testing.T) {
	for name, c := range map[string]struct {
		sql  string
		want []string
	}{
		"untouched":         {"SELECT 1", nil},
		"edited":            {"UPDATE audit SET actor = 'somebody' WHERE seq = 5", []string{"audit.finding.edited"}},
		"record edited":     {`UPDATE audit SET after = '{"name":"z"}' WHERE seq = 5`, []string{"audit.finding.edited"}},
		"record taken away": {"UPDATE audit SET after = NULL WHERE seq = 5", []string{"audit.finding.edited"}},
		"time edited":       {"UPDATE audit SET at = at + 1 WHERE seq = 5", []string{"audit.finding.edited"}},
		"deleted":           {"DELETE FROM audit WHERE seq = 5", []string{"audit.finding.missing"}},
		"first deleted":     {"DELETE FROM audit WHERE seq = 1", []string{"audit.finding.missing"}},
		"reordered": {"UPDATE audit SET seq = -1 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 6; UPDATE audit SET seq = 6 WHERE seq = -1",
			[]string{"audit.finding.link", "audit.finding.edited", "audit.finding.link", "audit.finding.edited", "audit.finding.link"}},
		"closed up":   {"DELETE FROM audit WHERE seq = 5; UPDATE audit SET seq = seq - 1 WHERE seq > 5", nil},
		"end cut off": {"DELETE FROM audit WHERE seq > 8", []string{"audit.finding.cut"}},
		"all deleted": {"DELETE FROM audit", []string{"audit.finding.cut"}},
	} {
		t.Run(name, func(t *testing.T) {
			db := openTenant(t, filepath.Join(t.TempDir(), "a.db"))
			appendEntries(t, NewGateStore(db, Builtins{}), 10)
			head := verify(t, db, nil).Head
			if _, err := db.writer.ExecContext(t.Context(), c.sql); err != nil {
				t.Fatal(err)
			}
			report := verify(t, db, &head)
			var found []string
			for _, f := range report.Findings {
				found = append(found, f.What.ID)
			}
			if name == "closed up" { // every entry after the gap has another number than was hashed
				if len(found) < 5 {
					t.Errorf("found %v", found)
				}
				return
			}
			if !slices.Equal(found, c.want) {
				t.Errorf("found %v, want %v", found, c.want)
			}
		})
	}
}

func TestAuditEntriesComeBackAsWritten(t *testing.T) {
	db := openTenant(t, filepath.Join(t.TempDir(), "a.db"))
	gate := NewGateStore(db, Builtins{})
	first := chain.Entry{At: sampleTime, ActorID: 1, Actor: "acme", Face: "console", Address: "10.0.0.1:5", Session: "s", Request: "R", Action: "a.b",
		Outcome: chain.Done, Region: "r", WorkspaceID: 3, Workspace: "w", Kind: "role", Target: "t", Before: []byte(`{"a":1}`)}
	second := chain.Entry{At: sampleTime, After: []byte(`null`)}
	for _, e := range []*chain.Entry{&first, &second} {
		if err := db.Write(t.Context(), func(ctx context.Context) error { return gate.AppendAudit(ctx, e) }); err != nil {
			t.Fatal(err)
		}
	}
	if first.Seq != 1 || second.Seq != 2 || len(first.Prev) != 0 || !bytes.Equal(second.Prev, first.Hash) {
		t.Errorf("chained as %d %x, %d %x", first.Seq, first.Prev, second.Seq, second.Prev)
	}
	for _, want := range []chain.Entry{first, second} {
		got, ok, err := NewAudit(db).Get(t.Context(), audit.View{All: true}, want.Seq)
		if err != nil || !ok || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) || (got.Before == nil) != (want.Before == nil) || (got.After == nil) != (want.After == nil) {
			t.Errorf("%+v, want %+v (%v)", got, want, err)
		}
	}
	if err := gate.AppendAudit(t.Context(), &chain.Entry{At: sampleTime}); !errors.Is(err, errOutside) {
		t.Errorf("appending outside a transaction: %v", err)
	}
}

func auditSearch(t *testing.T, s stores) {
	appendEntries(t, s.gate, 60)
	since, until := sampleTime.Add(2*time.Hour), sampleTime.Add(9*time.Hour)
	page, err := s.audit.List(t.Context(), audit.View{All: true}, audit.Search{Who: "ZOË", What: "ro", Where: "ws_", Since: since, Until: until,
		Query: list.Query{Limit: 60, Filter: list.ParseFilter("outcome:done")}})
	if err != nil {
		t.Fatal(err)
	}
	var got, want []int64
	for _, e := range page.Items {
		got = append(got, e.Seq)
	}
	for _, e := range everything(t, func(q list.Query) (list.Page[chain.Entry], error) {
		return s.audit.List(t.Context(), audit.View{All: true}, audit.Search{Query: q})
	}) {
		if e.Actor == "Zoë" && e.Action == "role.set" && e.Workspace != "" && !e.At.Before(since) && e.At.Before(until) && e.Outcome == chain.Done {
			want = append(want, e.Seq)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

func auditViews(t *testing.T, s stores) {
	zoe, max := s.user(t, "zoe"), s.user(t, "max")
	mine := s.workspace(t, home, "sales_dw", zoe.ID)
	other := s.workspace(t, home, "risk_ods", max.ID)
	s.add(t, other.ID, zoe.ID, 4)
	for _, e := range []chain.Entry{{ActorID: int64(zoe.ID), WorkspaceID: int64(other.ID)}, {ActorID: 1, WorkspaceID: int64(mine.ID)}, {ActorID: 1, WorkspaceID: int64(other.ID)}, {ActorID: 1}} {
		e.At = sampleTime
		s.do(t, func(ctx context.Context) error { return s.gate.AppendAudit(ctx, &e) })
	}
	for p, want := range map[access.PrincipalID][]int64{zoe.ID: {2, 1}, max.ID: {3, 1}, 99: nil} {
		page, err := s.audit.List(t.Context(), audit.View{Principal: p}, audit.Search{})
		var got []int64
		for _, e := range page.Items {
			got = append(got, e.Seq)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%d sees %v (%v), want %v", p, got, err, want)
		}
		for seq := int64(1); seq < 6; seq++ {
			if _, ok, err := s.audit.Get(t.Context(), audit.View{Principal: p}, seq); err != nil || ok != slices.Contains(want, seq) {
				t.Errorf("%d gets entry %d: %v %v", p, seq, ok, err)
			}
		}
	}
}
