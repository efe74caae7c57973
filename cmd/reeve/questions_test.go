package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestAccessQuestions(t *testing.T) {
	b := newTenant(t)
	in := func(args ...string) []string { return append(args, "-w", "sales_dw") }
	b.must(in("member", "add", "bo", "--role", "o&m")...)
	b.must(in("role", "create", "blind", "--set", "deployment=none")...)
	b.must(in("member", "add", "amy", "--role", "blind")...)

	o := b.run(in("access", "check", "--user", "bo", "--module", "operation-center", "--level", "write")...)
	if o.code != exitDone || !strings.HasPrefix(o.out, "allowed\n") || !strings.Contains(o.out, "decides: the role O&M gives Read-write") {
		t.Errorf("check says %d, %s", o.code, o.out)
	}
	o = b.run(in("access", "check", "--user", "amy", "--module", "Deployment Center", "--level", "read", "-o", "json")...)
	d := decode[map[string]any](t, o.out)
	if o.code != exitDenied || d["decision"] != false || d["revision"].(float64) == 0 {
		t.Errorf("check says %d, %v", o.code, d)
	}
	if keys := slices.Sorted(maps.Keys(d)); fmt.Sprint(keys) != "[because decision revision]" {
		t.Errorf("check has the keys %v", keys)
	}
	first := d["because"].([]any)[0].(map[string]any)
	if first["kind"] != "custom_role" || first["effect"] != "removes" || first["level"] != "none" || first["granted_by"] != "root" {
		t.Errorf("because %v", first)
	}
	o = b.run(in("access", "why", "--user", "amy", "--module", "4", "--level", "rw", "-o", "json")...)
	w := decode[map[string]any](t, o.out)
	if o.code != exitDenied || w["effective"] != "none" || len(w["ways"].([]any)) == 0 || len(w["ask"].([]any)) == 0 {
		t.Errorf("why says %d, %v", o.code, w)
	}
	if text := b.run(in("access", "why", "--user", "amy", "--module", "deployment", "--level", "write")...).out; !strings.Contains(text, "would allow it") || !strings.Contains(text, "Ask: ") {
		t.Errorf("why says %s", text)
	}
	if o := b.run(in("access", "check", "--user", "bo", "--module", "data-map", "--level", "read")...); o.code != exitDenied || !strings.Contains(o.out, "governed by the tenant") {
		t.Errorf("a global module: %d, %s", o.code, o.out)
	}
	if got := column(b.list(in("access", "who", "--module", "operation-center", "--level", "write")...), "user"); got != "root zoe lin bo" {
		t.Errorf("who says %s", got)
	}
}

func TestAccessQuestionMistakes(t *testing.T) {
	b := newTenant(t)
	in := func(args ...string) []string { return append(args, "-w", "sales_dw") }
	b.fails(exitNotFound, []string{"no module data-qualty", "data-quality"}, in("access", "check", "--user", "bo", "--module", "data-qualty", "--level", "read")...)
	b.fails(exitUsage, []string{"no level none here; there are read, write"}, in("access", "check", "--user", "bo", "--module", "deployment", "--level", "none")...)
	b.fails(exitNotFound, []string{"no user zoo", "zoe"}, in("access", "why", "--user", "zoo", "--module", "deployment", "--level", "read")...)
	b.fails(exitNotFound, []string{"no workspace sales_dv", "sales_dw"}, "access", "who", "--module", "deployment", "--level", "read", "-w", "sales_dv")
	b.fails(exitDenied, []string{"Only members of sales_dw"}, in("access", "who", "--module", "deployment", "--level", "read", "--as", "bo")...)
	if o := b.run(in("access", "check", "--user", "bo", "--module", "deployment", "--level", "read", "--as", "bo")...); o.code != exitDenied || !strings.HasPrefix(o.out, "denied\n") {
		t.Errorf("a question about oneself: %d, %s%s", o.code, o.out, o.errors)
	}
}

func TestANameInTwoRegionsNeedsTheRegion(t *testing.T) {
	b := newTenant(t)
	b.must("workspace", "create", "SALES_dw", "--region", "cn-shanghai")
	o := b.fails(exitUsage, []string{"several regions", "--region, one of: cn-hangzhou, cn-shanghai"}, "workspace", "show", "sales_dw")
	if o.out != "" {
		t.Errorf("stdout has %q", o.out)
	}
	for _, args := range [][]string{{"cn-shanghai/sales_dw"}, {"sales_dw", "--region", "cn-shanghai"}, {"sales_dw", "--region", "CN-Shanghai"}} {
		if w := b.one(append([]string{"workspace", "show"}, args...)...); w["region"] != "cn-shanghai" {
			t.Errorf("%v shows the one in %v", args, w["region"])
		}
	}
	if got := column(b.list("member", "list", "-w", "cn-shanghai/sales_dw"), "name"); got != "root" {
		t.Errorf("members of the other region: %s", got)
	}
	b.fails(exitNotFound, []string{"no region cn-shangai", "cn-shanghai"}, "workspace", "show", "sales_dw", "--region", "cn-shangai")
	b.fails(exitNotFound, []string{"no workspace sales_dw"}, "workspace", "show", "cn-beijing/sales_dw")
	b.fails(exitUsage, []string{"several regions are active"}, "workspace", "create", "where_to")
	b.fails(exitUsage, []string{"cn-beijing is not activated"}, "workspace", "create", "where_to", "--region", "cn-beijing")
	b.must("workspace", "show", "sales_dw", "--region", "cn-hangzhou", "--as", "zoe")
}

func TestARepeatedRequestIsAppliedOnce(t *testing.T) {
	b := newTenant(t)
	disable := []string{"workspace", "disable", "sales_dw", "--request-id", "job-1"}
	if first, again := b.one(disable...), b.one(disable...); fmt.Sprint(first) != fmt.Sprint(again) {
		t.Errorf("first %v, again %v", first, again)
	}
	if got := column(b.list("audit", "list", "--what", "workspace.disable"), "request"); got != "job-1" {
		t.Errorf("disabled by the requests %s", got)
	}
	b.must("workspace", "enable", "sales_dw")
	b.fails(exitConflict, []string{"job-1 was already used", "workspace.disable"}, "workspace", "enable", "sales_dw", "--request-id", "job-1")
	role := []string{"role", "create", "finance", "--set", "deployment=read", "-w", "sales_dw", "--request-id", "job-2"}
	if first, again := b.one(role...), b.one(role...); fmt.Sprint(first) != fmt.Sprint(again) {
		t.Errorf("first %v, again %v", first, again)
	}
}

func TestErrorsAsJSON(t *testing.T) {
	b := newTenant(t)
	for _, c := range []struct {
		code int
		kind string
		args string
	}{
		{exitUsage, "invalid", "workspace create 1x --region cn-hangzhou"},
		{exitUsage, "usage", "workspace create"},
		{exitDenied, "denied", "workspace disable sales_dw --as bo"},
		{exitNotFound, "not_found", "workspace show sales"},
		{exitConflict, "conflict", "workspace enable sales_dw"},
		{exitConflict, "conflict", "workspace create sales_dw --region cn-hangzhou"},
		{exitFailed, "unavailable", "workspace list --db /dev/null"},
	} {
		o := b.fails(c.code, nil, append(strings.Fields(c.args), "-o", "json")...)
		e := decode[map[string]map[string]any](t, o.errors)["error"]
		if e["kind"] != c.kind || e["message"] == "" {
			t.Errorf("%s: error %v, want kind %s", c.args, e, c.kind)
		}
		if keys := slices.Sorted(maps.Keys(e)); fmt.Sprint(keys) != "[fields kind message next]" {
			t.Errorf("%s: keys %v", c.args, keys)
		}
	}
	o := b.fails(exitUsage, nil, "workspace", "create", "1x", "--region", "cn-hangzhou", "--mode", "huge", "--admin", "nobody", "-o", "json")
	e := decode[map[string]map[string]any](t, o.errors)["error"]
	var names []string
	for _, f := range e["fields"].([]any) {
		names = append(names, fmt.Sprint(f.(map[string]any)["name"]))
	}
	if fmt.Sprint(names) != "[name mode admin]" {
		t.Errorf("fields %v, want all faults at once", names)
	}
}
