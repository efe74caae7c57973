package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestWhere(t *testing.T) {
	b := newTenant(t)
	b.must("workspace", "create", "other_dw", "--region", "cn-shanghai", "--admin", "zoe")
	b.must("member", "add", "bo", "--role", "o&m", "-w", "sales_dw")
	got := b.list("access", "where", "--user", "bo", "--module", "operation-center", "--level", "write")
	if column(got, "workspace") != "sales_dw" || column(got, "region") != "cn-hangzhou" || rows(got[0]["because"])[0]["kind"] != "builtin_role" {
		t.Errorf("bo may in %v", got)
	}
	if got := column(b.list("access", "where", "--user", "zoe", "--module", "deployment", "--level", "write"), "workspace"); got != "sales_dw other_dw" {
		t.Errorf("zoe may in %s", got)
	}
	if text := b.must("access", "where", "--user", "amy", "--module", "deployment", "--level", "read"); text != "Nothing to show.\n" {
		t.Errorf("amy may in %s", text)
	}
	if text := b.must("access", "where", "--user", "bo", "--module", "deployment", "--level", "read", "--as", "bo"); !strings.Contains(text, "sales_dw") {
		t.Errorf("about oneself: %s", text)
	}
	b.fails(exitDenied, nil, "access", "where", "--user", "zoe", "--module", "deployment", "--level", "read", "--as", "bo")
}

func TestMatrix(t *testing.T) {
	b := newTenant(t)
	in := func(args ...string) []string {
		return append(append([]string{"access", "matrix"}, args...), "-w", "sales_dw")
	}
	b.must("role", "create", "finance", "--set", "deployment=write", "-w", "sales_dw")
	b.must("member", "add", "bo", "--role", "finance", "-w", "sales_dw")
	user := b.one(in("--user", "bo")...)
	if user["user"] != "bo" || user["administers"] != false || !strings.Contains(fmt.Sprint(user["capabilities"]), "data-map.use") {
		t.Errorf("the matrix of bo is %v", user)
	}
	levels := map[string]string{}
	for _, cell := range rows(user["modules"]) {
		levels[fmt.Sprint(cell["module"])] = fmt.Sprint(cell["level"])
		asked := []string{"--user", "bo", "--module", fmt.Sprint(cell["module"]), "--level", "write", "-w", "sales_dw"}
		if b.can(asked...) != (cell["level"] == "write") {
			t.Errorf("check and matrix disagree on %v", cell["module"])
		}
	}
	if len(levels) != 13 || levels["deployment"] != "write" || levels["data-studio"] != "none" {
		t.Errorf("the levels of bo are %v", levels)
	}
	role := b.one(in("--role", "finance")...)
	if column(rows(role["modules"]), "level") != column(rows(user["modules"]), "level") || role["user"] != "" {
		t.Errorf("the matrix of the role is %v", role)
	}
	all := rows(b.one(in()...)["members"])
	if column(all, "user") != "bo lin root zoe" || all[0]["modules"].(map[string]any)["deployment"] != "write" || all[3]["administers"] != true {
		t.Errorf("the matrix of the workspace is %v", all)
	}
	for _, args := range [][]string{in("--user", "bo"), in("--role", "finance"), in()} {
		if text := b.must(args...); !strings.Contains(text, "Read-write") || !strings.Contains(text, "deployment") {
			t.Errorf("%v says %s", args, text)
		}
	}
	b.fails(exitUsage, []string{"not both"}, in("--user", "bo", "--role", "finance")...)
	b.fails(exitNotFound, []string{"no role finanse", "finance"}, in("--role", "finanse")...)
	b.fails(exitDenied, nil, in("--user", "zoe", "--as", "amy")...)
}

func TestCompare(t *testing.T) {
	b := newTenant(t)
	in := func(args ...string) []string {
		return append(append([]string{"access", "compare"}, args...), "-w", "sales_dw")
	}
	b.must("role", "create", "finance", "--set", "deployment=write", "-w", "sales_dw")
	b.must("member", "add", "bo", "--role", "finance", "-w", "sales_dw")
	b.must("member", "add", "amy", "--role", "develop", "-w", "sales_dw")
	b.must("tenant-member", "grant", "amy", "--role", "tenant_security_admin", "--region", "cn-hangzhou")
	users := b.one(in("--users", "bo", "amy")...)
	if users["left"] != "bo" || users["right"] != "amy" || users["differences"] == 0.0 || !strings.Contains(fmt.Sprint(users["only_right"]), "security-center.manage") {
		t.Errorf("users differ by %v", users)
	}
	if text := b.must(in("--users", "bo", "amy")...); !strings.Contains(text, "Only amy has:") {
		t.Errorf("compare says %s", text)
	}
	roles := b.one(in("--roles", "finance", "o&m")...)
	if roles["right"] != "role_project_pe" || !strings.Contains(column(rows(roles["modules"]), "module"), "data-studio") {
		t.Errorf("roles differ by %v", roles)
	}
	if text := b.must(in("--roles", "finance", "finance")...); text != "They may do the same.\n" {
		t.Errorf("compare says %s", text)
	}
	edit := b.one(in("--role", "finance", "--set", "deployment=none")...)
	if losses := rows(edit["losses"]); len(losses) != 1 || losses[0]["user"] != "bo" || losses[0]["to"] != "none" {
		t.Errorf("the edit has the effect %v", edit)
	}
	if r := b.one("role", "show", "finance", "-w", "sales_dw"); r["modules"].(map[string]any)["deployment"] != "write" {
		t.Error("the comparison changed the role")
	}
	for _, args := range [][]string{in(), in("--users", "bo"), in("--users", "bo", "amy", "--role", "finance"), in("--role", "finance")} {
		b.fails(exitUsage, []string{"two --users"}, args...)
	}
	b.fails(exitNotFound, []string{"no user bob", "bo"}, in("--users", "bob", "amy")...)
	b.fails(exitConflict, []string{"built in"}, in("--role", "develop", "--set", "deployment=none")...)
}

func TestBatch(t *testing.T) {
	b := newTenant(t)
	b.must("member", "add", "bo", "--role", "o&m", "-w", "sales_dw")
	b.typed = strings.Join([]string{
		`{"user": "bo", "module": "operation-center", "level": "write", "workspace": "sales_dw"}`,
		`{"user": "amy", "module": "operation-center", "level": "write", "workspace": "cn-hangzhou/sales_dw"}`,
		``,
		`{"user": "amy", "module": "data-map", "level": "read", "region": "cn-hangzhou"}`,
		`{"user": "amy", "capability": "data-map.manage-directories", "region": "cn-hangzhou"}`,
		`{"user": "root", "action": "dataworks:CreateWorkspace"}`,
		`{"user": "nobody", "module": "data-map", "level": "read", "region": "cn-hangzhou"}`,
		`{"user": "amy", "capability": "data-map.use"}`,
		`{"user": "amy", "capability": "data-mop.use", "region": "cn-hangzhou"}`,
		`{"usr": "amy"}`,
		`not json`,
		`{"user": "bo", "module": "operation-center", "level": "write", "workspace": "sales_dw"} {}`,
		`{"module": "operation-center", "level": "write", "workspace": "sales_dw"}`,
		`{"user": "bo", "module": "operation-center", "level": "write", "workspace": "sales_dw"}`,
	}, "\n")
	got := b.list("access", "batch", "-f", "-")
	if want := "true false true false true false false false false false false false true"; column(got, "decision") != want {
		t.Errorf("the answers are %s, want %s", column(got, "decision"), want)
	}
	for i, a := range got {
		if bad := i >= 5 && i <= 11; (a["error"] != nil) != bad {
			t.Errorf("answer %d has the error %v", i, a["error"])
		}
	}
	if e := got[5]["error"].(map[string]any); e["kind"] != "not_found" || !strings.Contains(fmt.Sprint(e["message"]), "nobody") {
		t.Errorf("an unknown user is %v", e)
	}
	if text := b.must("access", "batch", "-f", "-"); !strings.Contains(text, "allowed") || !strings.Contains(text, "denied: ") {
		t.Errorf("batch says %s", text)
	}
	b.typed = ""
	if got := b.list("access", "batch", "-f", "-"); len(got) != 0 {
		t.Errorf("no question is answered with %v", got)
	}
	b.typed = `{"user": "zoe", "module": "deployment", "level": "read", "workspace": "sales_dw"}`
	if got := b.list("access", "batch", "-f", "-", "--as", "amy")[0]; got["decision"] != false || got["error"].(map[string]any)["kind"] != "denied" {
		t.Errorf("a stranger's question is answered with %v", got)
	}
	b.fails(exitUsage, []string{"--file FILE is missing"}, "access", "batch")
}

func TestPoints(t *testing.T) {
	b := newBench(t)
	all := b.list("access", "points")
	if len(all) != 143 || len(all[0]["roles"].(map[string]any)) != 10 {
		t.Fatalf("there are %d points, the first %v", len(all), all[0])
	}
	if text := b.must("access", "points"); !strings.Contains(text, "?") || !strings.Contains(text, "is not published, and grants nothing") {
		t.Error("what is unknown is not marked")
	}
	some := b.list("access", "points", "--module", "data management")
	if len(some) == 0 || len(some) == len(all) {
		t.Errorf("%d points are under Data management", len(some))
	}
	b.fails(exitNotFound, []string{"Data management"}, "access", "points", "--module", "data managements")
}

func TestManyValuedFlagsTakeSeveralWords(t *testing.T) {
	for line, want := range map[string]string{
		"user-group set-members g --add a b --remove c d": "user-group set-members g --add a --add b --remove c --remove d",
		"tenant-role set r --grant x y --region z":        "tenant-role set r --grant x --grant y --region z",
		"access compare --users a b -w w":                 "access compare --users a --users b -w w",
		"access compare --roles a b --set x=y z=w q":      "access compare --roles a --roles b --set x=y --set z=w q",
		"member list -w w --only-roles a b":               "member list -w w --only-roles a --only-roles b",
		"--only-roles a member list --add x":              "--only-roles a member list --add x",
		"tenant-member grant u --role a b --until 8h":     "tenant-member grant u --role a --role b --until 8h",
	} {
		if got := strings.Join(foldValues(strings.Fields(line)), " "); got != want {
			t.Errorf("%q is read as %q, want %q", line, got, want)
		}
	}
}
