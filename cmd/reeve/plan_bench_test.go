package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/storage"
)

// BenchmarkPlanOfTenThousandMembers plans documents of a workspace with 10,000 members. Of the metrics, "s_same" is a plan in
// which nothing differs, "s_one" one in which one member does, with its effect: 3 seconds are meant for each. "s_all" is the plan
// that adds all of them, with the effect, and "s_export" writes the document.
func BenchmarkPlanOfTenThousandMembers(b *testing.B) {
	const members = 10_000
	path := filepath.Join(b.TempDir(), "large.db")
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	runs := 0
	try := func(in string, args ...string) (string, time.Duration) {
		b.Helper()
		var out, errs bytes.Buffer
		env := environ{Get: func(string) string { return "" }, Database: path, Now: func() time.Time { return at },
			ID: func() string { runs++; return fmt.Sprint("id-", runs) }, Terminal: func(any) bool { return false }, Messages: messages}
		begun := time.Now()
		if code := run(b.Context(), args, strings.NewReader(in), &out, &errs, env); code != exitDone {
			b.Fatalf("reeve %s: %d %s", strings.Join(args, " "), code, errs.String())
		}
		return out.String(), time.Since(begun)
	}
	try("", "init", "--tenant", "acme", "--owner", "root", "--region", "cn-hangzhou=enterprise")
	db, err := storage.Open(b.Context(), storage.Options{Path: path})
	if err != nil {
		b.Fatal(err)
	}
	builtins, err := storage.LoadBuiltins()
	if err != nil {
		b.Fatal(err)
	}
	if err := db.Fill(b.Context(), storage.Fill{Region: "cn-hangzhou", Owner: access.PrincipalID(1), Workspaces: 1, Principals: members,
		Memberships: 1, Seed: 3, At: at, Builtins: builtins}, nil); err != nil {
		b.Fatal(err)
	}
	users, err := storage.NewPlans(db).Names(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	var doc strings.Builder
	doc.WriteString("version: 1\nregion: cn-hangzhou\nworkspaces:\n  - name: big\n    members:\n")
	roles := []string{"role_project_dev", "role_project_pe", "role_project_guest"}
	for i, name := range users {
		if name != "root" {
			fmt.Fprintf(&doc, "      - name: %s\n        roles:\n          - %s\n", name, roles[i/500%3])
		}
	}
	try("", "workspace", "create", "big", "--region", "cn-hangzhou")
	for b.Loop() {
		_, all := try(doc.String(), "plan", "-f", "-")
		b.ReportMetric(all.Seconds(), "s_all")
		try(doc.String(), "apply", "-f", "-", "--yes")
		document, took := try("", "export", "-w", "big")
		b.ReportMetric(took.Seconds(), "s_export")
		said, same := try(document, "plan", "-f", "-")
		if !strings.Contains(said, "Nothing to do") {
			b.Fatalf("the plan says %s", said)
		}
		b.ReportMetric(same.Seconds(), "s_same")
		_, one := try(strings.Replace(document, "role_project_dev", "role_project_pe", 1), "plan", "-f", "-")
		b.ReportMetric(one.Seconds(), "s_one")
		try("version: 1\nregion: cn-hangzhou\nworkspaces: [{name: big, members: {exactly: true, items: []}}]", "apply", "-f", "-", "--yes")
	}
}
