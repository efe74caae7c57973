package main

import (
	"fmt"
	"strings"
	"testing"
)

// line is an event of a run of sales_dw on the day before the tests' own.
func line(kind string, run int, namespace string) string {
	return fmt.Sprintf(`{"eventType": %q, "eventTime": "2026-02-28T04:00:%02dZ", "run": {"runId": "00000000-0000-4000-8000-%012d"}, "job": {"namespace": %q, "name": "load"}}`,
		kind, run, run, namespace)
}

func TestFiguresComeInAndAreShown(t *testing.T) {
	b := newTenant(t)
	if out := b.must("workspace", "figures", "sales_dw", "--as", "zoe"); !strings.Contains(out, "reeve ingest openlineage") {
		t.Errorf("without figures: %s", out)
	}
	b.typed = strings.Join([]string{line("START", 1, "sales_dw"), line("COMPLETE", 1, "sales_dw"), line("FAIL", 2, "cn-hangzhou/sales_dw"),
		line("START", 3, "etl"), "nonsense\x1b]0;", `{"eventTime": "2026-02-28T04:00:00Z", "dataset": {}}`}, "\n")
	in := b.one("ingest", "openlineage", "--as", "zoe")
	if fmt.Sprint(in["lines"], in["taken"], in["malformed"], in["not_run_events"], in["unknown_workspace"]) != "6 3 1 1 1" || in["stage"] != "done" {
		t.Errorf("taken in: %v", in)
	}
	again := b.one("ingest", "openlineage", "-", "--as", "zoe")
	if fmt.Sprint(again["taken"], again["repeated"]) != "0 3" {
		t.Errorf("the same again: %v", again)
	}
	if text := b.must("ingest", "openlineage", "--as", "zoe"); !strings.Contains(text, "5: not one JSON object") || !strings.Contains(text, "nonsense<001B>]0;") ||
		!strings.Contains(text, "1× etl") || !strings.Contains(text, "reeve ingest map") {
		t.Errorf("the report says %s", text)
	}
	b.fails(exitFailed, nil, "ingest", "openlineage", "--strict", "--as", "zoe")
	f := b.one("workspace", "figures", "sales_dw", "--as", "zoe")
	day := f["previous"].(map[string]any)
	if fmt.Sprint(day["succeeded"], day["failed"], day["running"]) != "1 1 0" || day["date"] != "2026-02-28" || day["source"] != "events" || len(rows(f["days"])) != 14 {
		t.Errorf("figures %v", f)
	}
	if hour := rows(day["hours"]); len(hour) != 1 || fmt.Sprint(hour[0]["hour"], hour[0]["failed"]) != "12 1" { // 04:00 UTC in Hangzhou
		t.Errorf("hours %v", hour)
	}
	b.fails(exitDenied, []string{"FullAccess"}, "ingest", "map", "etl", "sales_dw", "--as", "zoe")
	if out := b.must("ingest", "map", "etl", "sales_dw"); !strings.Contains(out, "send them again") {
		t.Errorf("mapping says %s", out)
	}
	if in := b.one("ingest", "openlineage", "--as", "zoe"); fmt.Sprint(in["taken"]) != "1" {
		t.Errorf("after the mapping: %v", in)
	}
	if in := b.one("ingest", "openlineage", "--as", "amy"); fmt.Sprint(in["taken"], in["refused"]) != "0 4" {
		t.Errorf("by who does not administer it: %v", in)
	}
	days := b.file("days.csv", "workspace,date,governance_issues,models\nsales_dw,2026-02-28,3,12\nsales_dw,2026-02-30,1,1\n")
	b.fails(exitFailed, nil, "ingest", "figures", days, "--strict")
	if out := b.must("workspace", "figures", "sales_dw", "--days", "2"); !strings.Contains(out, "2026-02-28  1          1       1        3       12") {
		t.Errorf("figures are shown as %s", out)
	}
	if got := column(b.list("ingest", "list"), "kind"); got != "figures openlineage openlineage openlineage openlineage openlineage openlineage" {
		t.Errorf("listed are %s", got)
	}
	if got := column(b.list("ingest", "mappings"), "namespace"); got != "etl" {
		t.Errorf("mapped are %s", got)
	}
	b.must("ingest", "unmap", "etl")
}

func TestIngestMistakes(t *testing.T) {
	b := newTenant(t)
	b.fails(exitUsage, []string{"no such file"}, "ingest", "openlineage", "/no/such/file")
	b.fails(exitUsage, []string{"the column date is missing", "no column colour"}, "ingest", "figures", b.file("x.csv", "workspace,colour,models\nsales_dw,red,3\n"))
	b.fails(exitUsage, []string{"from 2 to 400"}, "ingest", "keep", "0")
	b.fails(exitUsage, []string{"no number of days"}, "ingest", "keep", "long")
	b.fails(exitUsage, []string{"no number of an ingestion"}, "ingest", "show", "first")
	b.fails(exitNotFound, []string{"no ingestion 99"}, "ingest", "show", "99")
	b.fails(exitNotFound, []string{"namespace"}, "ingest", "unmap", "etl")
	b.fails(exitUsage, []string{"from 1 to 366"}, "workspace", "figures", "sales_dw", "--days", "1000")
	b.fails(exitDenied, []string{"read-only"}, "ingest", "openlineage", b.file("e.jsonl", "{}"), "--read-only")
	b.fails(exitDenied, nil, "workspace", "figures", "sales_dw", "--as", "amy")
	b.terminal = true
	b.fails(exitUsage, []string{"Name a file"}, "ingest", "openlineage")
}

func TestARequestBeginsOneIngestion(t *testing.T) {
	b := newTenant(t)
	b.typed = line("START", 1, "sales_dw") + "\n" + line("COMPLETE", 1, "sales_dw")
	first := b.one("ingest", "openlineage", "--request-id", "r1")
	again := b.one("ingest", "openlineage", "--request-id", "r1")
	if first["id"] != again["id"] || fmt.Sprint(first["taken"], again["taken"], again["repeated"]) != "2 0 2" || len(b.list("ingest", "list")) != 1 {
		t.Errorf("first %v, again %v", first, again)
	}
}
