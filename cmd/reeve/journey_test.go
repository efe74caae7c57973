package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestUsersAndRegions(t *testing.T) {
	b := newTenant(t)
	b.must("user", "add", "loader", "--type", "ram-role")
	users := b.list("user", "list")
	if got := column(users, "name"); got != "amy bo lin loader root zoe" {
		t.Errorf("users %s", got)
	}
	if got := column(users, "type"); got != "ram-user ram-user ram-user ram-role account ram-user" {
		t.Errorf("types %s", got)
	}
	b.fails(exitConflict, []string{"there is a user ZOE already"}, "user", "add", "ZOE")
	b.fails(exitUsage, []string{"no type robot"}, "user", "add", "r2", "--type", "robot")

	if got := column(b.list("region", "list", "--active"), "edition"); got != "enterprise basic" {
		t.Errorf("editions %s", got)
	}
	if all := b.list("region", "list"); len(all) != 30 || all[0]["name"] != "China (Hangzhou)" || all[0]["name_zh"] == "" {
		t.Errorf("%d regions, first %v", len(all), all[0])
	}
	if r := b.one("region", "activate", "cn-beijing", "--edition", "Standard"); r["edition"] != "standard" || r["active"] != true {
		t.Errorf("activated %v", r)
	}
	b.fails(exitUsage, []string{"no edition gold", "basic, standard, professional and enterprise"}, "region", "activate", "cn-beijing", "--edition", "gold")
	b.fails(exitNotFound, []string{"no region cn-beijin", "cn-beijing"}, "region", "activate", "cn-beijin", "--edition", "basic")
}

func TestWhoActs(t *testing.T) {
	b := newTenant(t)
	b.must("user", "map", "zoe", "--os-user", "someone")
	b.must("workspace", "update", "sales_dw", "--display-name", "Sales")
	if got := b.list("audit", "list", "--limit", "1")[0]["actor"]; got != "zoe" {
		t.Errorf("the mapped login acts as %v, want zoe", got)
	}
	b.must("workspace", "update", "sales_dw", "--display-name", "Sales II", "--as", "lin")
	if got := b.list("audit", "list", "--limit", "1")[0]["actor"]; got != "lin" {
		t.Errorf("--as lin acts as %v", got)
	}
	b.osUser = "other"
	b.must("workspace", "update", "sales_dw", "--description", "x")
	if got := b.list("audit", "list", "--limit", "1")[0]["actor"]; got != "root" {
		t.Errorf("an unmapped login acts as %v, want the owner", got)
	}
	b.fails(exitConflict, []string{"someone already acts as zoe"}, "user", "map", "lin", "--os-user", "someone")
	b.must("user", "map", "zoe", "--os-user", "")
	b.fails(exitNotFound, []string{"no user zo ", "zoe"}, "user", "list", "--as", "zo")
}

func TestWorkspaces(t *testing.T) {
	b := newTenant(t)
	w := b.one("workspace", "show", "sales_dw")
	if w["region"] != "cn-hangzhou" || w["display_name"] != "sales_dw" || w["mode"] != "standard" || w["owner"] != "root" || fmt.Sprint(w["admins"]) != "[lin zoe]" {
		t.Errorf("workspace %v", w)
	}
	b.must("workspace", "create", "cn-shanghai/lake", "--mode", "simple", "--display-name", "The lake")
	if got := column(b.list("workspace", "list"), "name"); got != "lake sales_dw" {
		t.Errorf("workspaces %s", got)
	}
	if got := column(b.list("workspace", "list", "--region", "cn-shanghai"), "name"); got != "lake" {
		t.Errorf("workspaces of cn-shanghai %s", got)
	}
	if got := column(b.list("workspace", "list", "--as", "zoe"), "name"); got != "sales_dw" {
		t.Errorf("zoe sees %s", got)
	}
	if got := column(b.list("workspace", "list", "--sort", "-name", "--limit", "1"), "name"); got != "sales_dw" {
		t.Errorf("sorted downwards, the first is %s", got)
	}
	if got := column(b.list("workspace", "list", "--filter", "mode:simple"), "name"); got != "lake" {
		t.Errorf("simple are %s", got)
	}
	b.fails(exitUsage, []string{"no column colour", "display_name"}, "workspace", "list", "--sort", "colour")

	b.must("workspace", "disable", "sales_dw")
	b.fails(exitConflict, []string{"disabled already"}, "workspace", "disable", "sales_dw")
	b.must("workspace", "enable", "sales_dw")
	b.fails(exitConflict, []string{"enabled already"}, "workspace", "enable", "sales_dw")
	b.must("workspace", "update", "sales_dw", "--display-name", "Sales")
	if w := b.one("workspace", "show", "sales_dw"); w["display_name"] != "Sales" || w["status"] != "normal" {
		t.Errorf("workspace %v", w)
	}
}

func TestWorkspaceBin(t *testing.T) {
	b := newTenant(t)
	b.fails(exitUsage, []string{"members: 2, custom roles: 0", "type the name sales_dw", "--yes"}, "workspace", "delete", "sales_dw")
	b.fails(exitUsage, []string{"type the name sales_dw"}, "workspace", "delete", "sales_dw", "--confirm", "sales")
	b.must("workspace", "delete", "sales_dw", "--confirm", "sales_dw")
	if got := column(b.list("workspace", "bin"), "name"); got != "sales_dw" {
		t.Errorf("bin %s", got)
	}
	b.fails(exitConflict, []string{"reserved for a deleted workspace until 2026-03-15"}, "workspace", "create", "sales_dw", "--region", "cn-hangzhou")
	b.must("workspace", "restore", "sales_dw")
	b.must("workspace", "delete", "sales_dw", "--yes")
	b.must("workspace", "restore", "sales_dw")
	b.must("workspace", "create", "empty_ws", "--region", "cn-hangzhou")
	b.must("workspace", "delete", "empty_ws") // nothing goes with it, so nothing is asked
}

func TestDeletionAsksOnATerminal(t *testing.T) {
	b := newTenant(t)
	b.terminal, b.typed = true, "sales\n"
	o := b.fails(exitUsage, []string{"members: 2, custom roles: 0", "14 days", "Type its name"}, "workspace", "delete", "sales_dw")
	if strings.Contains(o.out, "Type") {
		t.Error("the question is on stdout, which is for answers")
	}
	b.typed = "sales_dw\n"
	b.must("workspace", "delete", "sales_dw")
}

func TestMembers(t *testing.T) {
	b := newTenant(t)
	b.must("member", "add", "bo", "amy", "--role", "develop", "o&m", "-w", "sales_dw")
	rows := b.list("member", "list", "-w", "sales_dw")
	if got := column(rows, "name"); got != "amy bo lin root zoe" {
		t.Errorf("members %s", got)
	}
	roles := rows[0]["roles"].([]any)
	if len(roles) != 2 || roles[0].(map[string]any)["code"] != "role_project_dev" || roles[1].(map[string]any)["code"] != "role_project_pe" {
		t.Errorf("roles %v", roles)
	}
	b.must("member", "set-roles", "bo", "--role", "role_project_guest,Deployment Expert", "-w", "sales_dw")
	if got := fmt.Sprint(b.list("member", "list", "-w", "sales_dw", "--filter", "bo")[0]["roles"]); !strings.Contains(got, "role_project_guest") || !strings.Contains(got, "role_project_deploy") || strings.Contains(got, "role_project_dev") {
		t.Errorf("roles of bo %s", got)
	}
	b.fails(exitConflict, []string{"bo is a member already"}, "member", "add", "bo", "--role", "develop", "-w", "sales_dw")
	b.fails(exitNotFound, []string{"no role devlop", "Develop"}, "member", "set-roles", "bo", "--role", "devlop", "-w", "sales_dw")
	b.fails(exitNotFound, []string{"no user bob", "bo"}, "member", "add", "bob", "--role", "develop", "-w", "sales_dw")
	b.fails(exitUsage, []string{"2 fields"}, "member", "add", "bob", "--role", "owner", "-w", "sales_dw")
	b.fails(exitUsage, []string{"Workspace Owner cannot be given"}, "member", "set-roles", "bo", "--role", "owner", "-w", "sales_dw")
	b.fails(exitConflict, []string{"root owns the workspace"}, "member", "remove", "root", "-w", "sales_dw")
	b.fails(exitNotFound, []string{"no member zo "}, "member", "remove", "zo", "-w", "sales_dw")
	b.must("member", "remove", "zoe", "-w", "sales_dw")
	b.fails(exitConflict, []string{"lin is the last administrator of sales_dw", "somebody else"}, "member", "remove", "lin", "-w", "sales_dw")
	b.fails(exitDenied, []string{"needs Workspace Administrator", "you hold: Deploy, Visitor", "Ask: "}, "member", "remove", "lin", "-w", "sales_dw", "--as", "bo")
	b.fails(exitDenied, []string{"you hold: no role"}, "member", "remove", "lin", "-w", "sales_dw", "--as", "zoe")
}

func TestRoles(t *testing.T) {
	b := newTenant(t)
	in := func(args ...string) []string { return append(args, "-w", "sales_dw") }
	r := b.one(in("role", "create", "finance", "--set", "data-quality=write,DataStudio=read", "17=rw")...)
	modules := r["modules"].(map[string]any)
	if modules["data-quality"] != "write" || modules["data-studio"] != "read" || modules["data-analysis"] != "write" || modules["deployment"] != "none" || len(modules) != 13 {
		t.Errorf("modules %v", modules)
	}
	if r := b.one(in("role", "create", "viewer", "--set", "deployment=none", "--rest", "read")...); r["modules"].(map[string]any)["stream-studio"] != "read" {
		t.Errorf("--rest read gives %v", r["modules"])
	}
	if got := column(b.list(in("role", "list")...), "type"); strings.Count(got, "custom") != 2 || strings.Count(got, "built-in") != 10 {
		t.Errorf("types %s", got)
	}
	clone, source := b.one(in("role", "clone", "o&m", "operators")...), b.one(in("role", "show", "role_project_pe")...)
	if fmt.Sprint(clone["modules"]) != fmt.Sprint(source["modules"]) || clone["type"] != "custom" {
		t.Errorf("the clone is %v", clone)
	}
}

func TestRoleEffects(t *testing.T) {
	b := newTenant(t)
	in := func(args ...string) []string { return append(args, "-w", "sales_dw") }
	b.must(in("role", "create", "finance", "--set", "data-quality=write", "data-studio=read")...)
	b.must(in("member", "add", "bo", "amy", "--role", "finance")...)
	b.must(in("member", "set-roles", "amy", "--role", "finance", "develop")...)
	before := b.list("audit", "list")
	effect := b.one(in("role", "set", "finance", "--set", "data-studio=none", "data-service=read", "--preview")...)
	losses := effect["losses"].([]any)
	if len(losses) != 1 || fmt.Sprint(losses[0]) != "map[from:read module:data-studio to:none user:bo workspace:sales_dw]" {
		t.Errorf("losses %v", losses)
	}
	if gains := fmt.Sprint(effect["gains"]); !strings.Contains(gains, "data-service") || strings.Contains(gains, "amy") {
		t.Errorf("gains %s", gains)
	}
	if after := b.list("audit", "list"); len(after) != len(before) {
		t.Error("a preview stands in the audit")
	}
	text := b.must(in("role", "set", "finance", "--set", "data-studio=none", "data-service=read", "--preview")...)
	if loss, gain := strings.Index(text, "One loss:"), strings.Index(text, "One gain:"); loss < 0 || gain < loss {
		t.Errorf("losses do not come first: %s", text)
	}
	b.must(in("role", "set", "finance", "--set", "data-studio=none", "data-service=read")...)
	if r := b.one(in("role", "show", "FINANCE")...); r["version"] != 2.0 {
		t.Errorf("version %v, want 2", r["version"])
	}
	b.fails(exitConflict, []string{"Someone else changed the role finance", "version 1"}, in("role", "set", "finance", "--set", "data-studio=write", "--version", "1")...)
	b.fails(exitConflict, []string{"2 members hold the role finance: amy, bo", "--take-away"}, in("role", "delete", "finance")...)
	if lost := b.one(in("role", "delete", "finance", "--preview")...); len(lost["losses"].([]any)) == 0 {
		t.Errorf("deleting loses %v", lost)
	}
	b.must(in("role", "delete", "finance", "--take-away")...)
	b.fails(exitNotFound, []string{"no role finance"}, in("role", "show", "finance")...)
}

func TestRoleRefusals(t *testing.T) {
	b := newTenant(t)
	in := func(args ...string) []string { return append(args, "-w", "sales_dw") }
	b.fails(exitUsage, []string{"3 fields", "data-studi", "data-studio", "no level maybe", "not of the form"},
		in("role", "create", "finance", "--set", "data-studi=read", "--set", "deployment=maybe", "--set", "word")...)
	b.fails(exitUsage, []string{"no workspace module data-map"}, in("role", "create", "finance", "--set", "data-map=read")...)
	b.fails(exitUsage, []string{"two different levels"}, in("role", "create", "finance", "--set", "deployment=read", "deployment=none")...)
	b.fails(exitUsage, []string{"set: must not be empty"}, in("role", "create", "finance", "--set", "--rest", "none")...)
	b.fails(exitUsage, []string{"no level all"}, in("role", "create", "finance", "--set", "deployment=read", "--rest", "all")...)
	b.fails(exitConflict, []string{"already means the role Develop"}, in("role", "create", "Developer", "--set", "deployment=read")...)
	b.fails(exitUsage, []string{"starting with a letter; \"7\" does not fit"}, in("role", "create", "7up", "--set", "deployment=read")...)
	b.fails(exitConflict, []string{"Develop is built in", "Clone it"}, in("role", "set", "develop", "--set", "deployment=none")...)
	b.fails(exitNotFound, []string{"no role devlop", "Develop"}, in("role", "show", "devlop")...)
	b.must("workspace", "create", "plain", "--region", "cn-shanghai")
	b.fails(exitDenied, []string{"needs Enterprise Edition; region cn-shanghai has Basic"}, "role", "create", "finance", "--set", "deployment=read", "-w", "plain")
	cmp := b.one(in("role", "compare", "develop", "visitor")...)
	if cmp["left"] != "role_project_dev" || cmp["right"] != "role_project_guest" || len(cmp["modules"].([]any)) != 13 || cmp["differences"] == 0.0 {
		t.Errorf("comparison %v", cmp)
	}
}

// A request names its target before the target has an id, so a repeated creation is the hard case.
func TestRepeatedCreationAnswersTheSame(t *testing.T) {
	b := newBench(t)
	b.must("init", "--tenant", "acme", "--owner", "root", "--region", "cn-hangzhou=enterprise", "--no-default-workspace")
	first := b.one("workspace", "create", "lake", "--template", "openlake", "--request-id", "r-1")
	again := b.one("workspace", "create", "lake", "--template", "openlake", "--request-id", "r-1")
	if fmt.Sprint(first) != fmt.Sprint(again) {
		t.Errorf("first %v, again %v", first, again)
	}
	b.fails(exitConflict, []string{"r-1"}, "workspace", "create", "other", "--request-id", "r-1")
	if n := len(b.list("workspace", "list")); n != 1 {
		t.Errorf("%d workspaces, want 1", n)
	}
	gone := b.one("workspace", "delete", "lake", "--yes", "--request-id", "r-2")
	if again := b.one("workspace", "delete", "lake", "--yes", "--request-id", "r-2"); fmt.Sprint(gone) != fmt.Sprint(again) {
		t.Errorf("deleted %v, again %v", gone, again)
	}
	b.must("workspace", "restore", "lake", "--request-id", "r-3")
	b.must("workspace", "restore", "lake", "--request-id", "r-3")
	b.fails(exitConflict, []string{"state Normal", "Possible now", "disable it"}, "workspace", "restore", "lake", "--request-id", "r-4")
	b.fails(exitNotFound, nil, "workspace", "restore", "leek", "--request-id", "r-5")
}
