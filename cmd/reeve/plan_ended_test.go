package main

import (
	"strings"
	"testing"
	"time"
)

// TestWhatHasEndedCountsAsNotNamed holds that a document stays plannable when roles that it names have ended.
func TestWhatHasEndedCountsAsNotNamed(t *testing.T) {
	b := newPlanned(t)
	b.must("member", "add", "bo", "-w", "sales_dw", "--role", "develop", "--until", "2026-03-01T10:00:00Z")
	before := b.must("export", "-w", "sales_dw")
	b.now = b.now.Add(2 * time.Hour)
	after := b.must("export", "-w", "sales_dw")
	if !strings.Contains(after, "roles: []") {
		t.Fatalf("the export after the end has\n%s", after)
	}
	prune := func(members string) string {
		return "version: 1\nregion: cn-hangzhou\nworkspaces: [{name: sales_dw, members: {exactly: true, items: [" +
			"{name: zoe, roles: [admin]}, {name: lin, roles: [admin]}" + members + "]}}]"
	}
	ended := ", {name: bo, roles: [{role: develop, until: 2026-03-01T10:00:00Z}]}"
	for _, c := range []struct{ document, want string }{
		{before, "0 0 0"}, {after, "0 0 0"}, {prune(ended), "0 0 1"}, {prune(", {name: bo, roles: []}"), "0 0 0"},
	} {
		if got := counts(b.plan(c.document)); got != c.want {
			t.Errorf("while bo is a member the plan counts %s, want %s:\n%s", got, c.want, c.document)
		}
	}
	b.must("member", "remove", "bo", "-w", "sales_dw")
	for _, document := range []string{before, after, prune(ended), prune(", {name: bo, roles: []}")} {
		if got := counts(b.plan(document)); got != "0 0 0" {
			t.Errorf("with bo gone the plan counts %s:\n%s", got, document)
		}
	}
	document := "version: 1\nregion: cn-hangzhou\nworkspaces: [{name: sales_dw, members: [{name: %}]}]"
	b.fails(exitUsage, []string{"bo is to hold no role"}, "plan", "-f", b.file("d.yaml", strings.Replace(document, "%", "bo", 1)))
	b.fails(exitUsage, []string{"lin is to hold no role"}, "plan", "-f", b.file("d.yaml", strings.Replace(document, "%", "lin, roles: []", 1)))
	o := b.fails(exitNotFound, []string{"there is no role devlop"}, "plan", "-f", b.file("d.yaml", strings.Replace(document, "%", "bo, roles: [devlop]", 1)))
	if strings.Contains(o.errors, "no role;") {
		t.Errorf("a role that there is not is told twice: %s", o.errors)
	}
}
