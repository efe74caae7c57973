package main

import (
	"database/sql"
	"strings"
	"testing"
	"time"
)

// used is a group in which one run of 1.5 CU holds its place.
func used(t *testing.T) *bench {
	t.Helper()
	b := withGroups(t)
	b.must("group", "associate", "rg_prod", "sales_dw", "--region", "cn-hangzhou")
	return b
}

func TestMetricsAreAnswered(t *testing.T) {
	b := used(t)
	at := []string{"--region", "cn-hangzhou"}
	run := func(line string) string {
		t.Helper()
		return b.must(append(append([]string{"group", "metrics"}, strings.Fields(line)...), at...)...)
	}
	if text := run("rg_prod"); strings.Count(text, "\n") != 18 || !strings.Contains(text, "ServerIdeCUMinSpec") {
		t.Errorf("all metrics are\n%s", text)
	}
	if text := run("rg_prod CUSpec --length 3"); strings.Count(text, "\n") != 5 || !strings.Contains(text, "--next-token") {
		t.Errorf("a part of one is\n%s", text)
	}
	begin := b.now.Add(-2 * time.Minute).UTC().Format(time.RFC3339)
	if text := run("rg_prod cuspec -o json --period 120 --begin " + begin); !strings.Contains(text, `"metric": "CUSpec"`) || !strings.Contains(text, `"value": 10`) {
		t.Errorf("as JSON it is\n%s", text)
	}
	text := run("--prometheus")
	for _, want := range []string{"# TYPE reeve_group_cu_spec gauge\n", `reeve_group_cu_spec{region="cn-hangzhou",group="rg_prod"} 10` + "\n",
		`reeve_group_slot_spec{region="cn-hangzhou",group="rg_dev"} 50` + "\n", "reeve_group_data_integration_cu_max_spec{", "reeve_group_server_ide_cu_usage{"} {
		if !strings.Contains(text, want) {
			t.Errorf("for Prometheus there is no %q in\n%s", want, text)
		}
	}
	if text := run("rg_prod --by-workspace"); !strings.Contains(text, "Nothing") {
		t.Errorf("before anything ran it held\n%s", text)
	}
	for line, want := range map[string]string{
		"rg_prod --period 0":            "above 0",
		"rg_prod CUSpec --by-workspace": "no metrics",
		"":                              "Name a resource group",
		"rg_prod --prometheus CUSpec":   "leave the metrics",
		"rg_prod CUSpecs":               "CUSpec",
		"rg_prod --begin yesterday":     "no time",
		"rg_prod --begin a --end b":     "end",
		"rg_prod --period 61":           "multiple of 60",
		"rg_prdo":                       "rg_prod",
		"rg_prod --length 5000":         "1440",
	} {
		o := b.run(append(append([]string{"group", "metrics"}, strings.Fields(line)...), at...)...)
		if o.code == exitDone || !strings.Contains(o.errors, want) {
			t.Errorf("group metrics %s: exit %d, says %q, want %q", line, o.code, o.errors, want)
		}
	}
}

func TestRunsThatAreNotThereCannotBeReleased(t *testing.T) {
	b := used(t)
	b.fails(exitNotFound, []string{"run 7"}, "group", "release", "rg_prod", "7", "--region", "cn-hangzhou")
	b.fails(exitUsage, []string{"no whole number"}, "group", "release", "rg_prod", "seven", "--region", "cn-hangzhou")
	b.fails(exitUsage, []string{"from 0 to 500"}, "group", "runs", "rg_prod", "--ended", "501", "--region", "cn-hangzhou")
	b.fails(exitUsage, []string{"--group"}, "run", "-w", "sales_dw", "--", "true")
	b.fails(exitNotFound, []string{"rg_prod"}, "run", "-g", "rg_prdo", "-w", "sales_dw", "--", "true")
	b.fails(exitDenied, []string{"Develop"}, "run", "-g", "rg_prod", "-w", "sales_dw", "--as", "bo", "--", "true")
	if text := b.must("group", "slots", "rg_prod", "5", "--preview", "--region", "cn-hangzhou"); !strings.Contains(text, "slots") {
		t.Errorf("the preview says %s", text)
	}
}

// holds lets a run without a process hold a place in a group.
func (b *bench) holds(group string) {
	b.t.Helper()
	db, err := sql.Open("sqlite", b.db)
	if err == nil {
		_, err = db.ExecContext(b.t.Context(), `INSERT INTO resource_group_run (group_id, workspace_id, module, half, slot, name, state, at, by_id, by_name, machine, token, admitted_at, metered_at)
			SELECT id, 0, 'scheduling', 1, 1, 'load', 'running', ?2, 1, 'root', '', '', ?2, ?2 FROM resource_group WHERE name = ?1`, group, b.now.Unix())
	}
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		b.t.Fatal(err)
	}
}
