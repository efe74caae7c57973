package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// operations asks whether somebody may write Operation Center in sales_dw.
func operations(user string) []string {
	return []string{"--user", user, "--module", "operation-center", "--level", "write", "-w", "sales_dw"}
}

func TestARoleUntilATimeEndsByItself(t *testing.T) {
	b := newTenant(t)
	b.must("member", "add", "bo", "--role", "o&m", "--until", "8h", "-w", "sales_dw")
	m := b.list("member", "list", "-w", "sales_dw", "--filter", "bo")[0]
	held := rows(m["roles"])[0]
	if held["until"] == nil || m["until"] != held["until"] {
		t.Errorf("the member is %v", m)
	}
	if text := b.must("member", "list", "-w", "sales_dw"); !strings.Contains(text, "UNTIL") || !strings.Contains(text, fmt.Sprint(held["until"])) {
		t.Errorf("the list says %s", text)
	}
	if !b.can(operations("bo")...) {
		t.Error("the role gives nothing")
	}
	if text := b.must(append([]string{"access", "why"}, operations("bo")...)...); !strings.Contains(text, "until "+fmt.Sprint(held["until"])) {
		t.Errorf("why says %s", text)
	}
	end, err := time.Parse(time.RFC3339, fmt.Sprint(held["until"]))
	if err != nil {
		t.Fatal(err)
	}
	b.now = end.Add(-time.Minute)
	if !b.can(operations("bo")...) {
		t.Error("the role ends too early")
	}
	b.now = end
	if b.can(operations("bo")...) {
		t.Error("the role does not end")
	}
	if roles := rows(b.list("member", "list", "-w", "sales_dw", "--filter", "bo")[0]["roles"]); len(roles) != 0 {
		t.Errorf("an ended role is listed: %v", roles)
	}
	b.fails(exitUsage, []string{"must lie in the future"}, "member", "set-roles", "bo", "--role", "o&m", "--until", "2026-01-01", "-w", "sales_dw")
	b.fails(exitUsage, []string{"is no time", "90d"}, "member", "set-roles", "bo", "--role", "o&m", "--until", "soon", "-w", "sales_dw")
}

func TestNobodyLiftsThemselves(t *testing.T) {
	b := newTenant(t)
	in := func(args ...string) []string { return append(args, "-w", "sales_dw") }
	b.must(in("role", "create", "narrow", "--set", "deployment=read")...)
	b.must(in("member", "add", "bo", "--role", "narrow")...)
	b.fails(exitDenied, []string{"Workspace Administrator"}, in("member", "set-roles", "bo", "--role", "admin", "--as", "bo")...)

	b.must("tenant-member", "grant", "bo", "--role", "tenant_admin", "--region", "cn-hangzhou")
	b.fails(exitDenied, nil, "policy", "attach", "AliyunDataWorksFullAccess", "bo", "--as", "bo")
	b.must("policy", "attach", "AdministratorAccess", "amy")
	b.must("policy", "create", "deny-delete", "-f", b.file("p.json", denyDelete))
	b.must("policy", "attach", "deny-delete", "amy")
	b.fails(exitConflict, []string{"raise your own rights"}, "policy", "detach", "deny-delete", "amy", "--as", "amy")
}

func TestTheLastAdministratorStays(t *testing.T) {
	b := newTenant(t)
	in := func(args ...string) []string { return append(args, "-w", "sales_dw") }
	b.fails(exitConflict, []string{"rights of your own away", "--own-loss"}, in("member", "remove", "zoe", "--as", "zoe")...)
	b.fails(exitConflict, []string{"--own-loss"}, in("member", "set-roles", "zoe", "--role", "visitor", "--as", "zoe")...)
	if o := b.one(in("member", "remove", "zoe", "--as", "zoe", "--preview")...); len(rows(o["administration_losses"])) != 1 {
		t.Errorf("the preview says %v", o)
	}
	b.must(in("member", "remove", "zoe", "--as", "zoe", "--own-loss")...)
	b.fails(exitConflict, []string{"lin is the last administrator"}, in("member", "remove", "lin")...)
	b.fails(exitConflict, []string{"lin is the last administrator"}, in("member", "set-roles", "lin", "--role", "admin", "--until", "90d")...)
}

func TestAGroupHandsOnWhatItHolds(t *testing.T) {
	b := newTenant(t)
	b.must("user-group", "add", "operators", "readers")
	b.must("user-group", "set-members", "operators", "--add", "bo", "amy")
	b.must("member", "add", "operators", "--role", "o&m", "-w", "sales_dw")
	if !b.can(operations("bo")...) {
		t.Error("a member of the group does not inherit")
	}
	why := b.one(append([]string{"access", "why"}, operations("bo")...)...)
	if got := rows(why["because"])[0]["through"]; got != "operators" {
		t.Errorf("it comes through %v", got)
	}
	if text := b.must(append([]string{"access", "why"}, operations("bo")...)...); !strings.Contains(text, "through the group operators") {
		t.Errorf("why says %s", text)
	}
	if got := column(b.list("access", "who", "--module", "operation-center", "--level", "write", "-w", "sales_dw"), "user"); got != "root zoe lin bo amy" {
		t.Errorf("who says %s", got)
	}
	for _, u := range b.list("user", "list", "--filter", "bo") {
		if fmt.Sprint(u["groups"]) != "[operators]" {
			t.Errorf("%v is in %v", u["name"], u["groups"])
		}
	}
	leave := []string{"user-group", "set-members", "operators", "--remove", "bo"}
	if o := b.one(append(leave, "--preview")...); len(rows(o["losses"])) == 0 || rows(o["losses"])[0]["user"] != "bo" || rows(o["losses"])[0]["workspace"] != "cn-hangzhou/sales_dw" {
		t.Errorf("the preview says %v", o["losses"])
	}
	b.must(leave...)
	if b.can(operations("bo")...) || !b.can(operations("amy")...) {
		t.Error("who leaves keeps, or who stays loses")
	}
	if g := b.list("user-group", "list"); column(g, "name") != "operators readers" || fmt.Sprint(g[0]["members"]) != "[amy]" {
		t.Errorf("the groups are %v", g)
	}
	b.fails(exitUsage, []string{"--add or --remove"}, "user-group", "set-members", "operators")
	b.fails(exitUsage, []string{"readers cannot be in a group"}, "user-group", "set-members", "operators", "--add", "readers")
	b.fails(exitNotFound, []string{"no user group operatars", "operators"}, "user-group", "set-members", "operatars", "--add", "bo")
	b.fails(exitConflict, []string{"there is a user BO already"}, "user-group", "add", "BO")
	b.fails(exitConflict, []string{"version"}, "user-group", "set-members", "operators", "--add", "bo", "--version", "99")
	b.fails(exitDenied, nil, "user-group", "add", "mine", "--as", "zoe")
}

func TestTheStrictRuleFlipsAnAnswer(t *testing.T) {
	b := newTenant(t)
	in := func(args ...string) []string { return append(args, "-w", "sales_dw") }
	b.must(in("role", "create", "blind", "--set", "operation-center=none", "--rest", "read")...)
	b.must(in("member", "add", "bo", "--role", "o&m", "blind")...)
	if !b.can(operations("bo")...) {
		t.Error("the additive rule takes a role away")
	}
	o := b.one("tenant", "set-rule", "strict", "--preview")
	if losses := rows(o["losses"]); len(losses) != 1 || losses[0]["user"] != "bo" || losses[0]["module"] != "operation-center" || losses[0]["workspace"] != "cn-hangzhou/sales_dw" {
		t.Errorf("the preview says %v", o["losses"])
	}
	if !b.can(operations("bo")...) {
		t.Error("the preview changed something")
	}
	if r := b.one("tenant", "set-rule", "strict"); r["rule"] != "strict" {
		t.Errorf("the rule is %v", r)
	}
	if b.can(operations("bo")...) {
		t.Error("the strict rule takes nothing away")
	}
	b.must("tenant", "set-rule", "additive")
	b.fails(exitUsage, []string{"no rule lax", "additive and strict"}, "tenant", "set-rule", "lax")
	b.fails(exitDenied, nil, "tenant", "set-rule", "strict", "--as", "zoe")
}

func TestANarrowedSession(t *testing.T) {
	b := newTenant(t)
	b.must("member", "set-roles", "zoe", "--role", "admin", "visitor", "-w", "sales_dw")
	add := []string{"member", "add", "bo", "--role", "visitor", "-w", "sales_dw", "--as", "zoe"}
	b.fails(exitDenied, []string{"Workspace Administrator"}, append(add, "--only-roles", "visitor", "develop")...)
	b.fails(exitDenied, nil, append([]string{"--only-roles", "visitor"}, add...)...)
	b.must(append(add, "--only-roles", "admin")...)
	b.fails(exitDenied, nil, "user", "add", "new", "--only-roles", "visitor") // nor does the owner have a power then
}

func TestEngines(t *testing.T) {
	b := newTenant(t)
	in := func(args ...string) []string { return append(args, "-w", "sales_dw") }
	b.must(in("engine", "add", "mc", "--type", "maxcompute", "--prod-identity", "scheduler")...)
	b.must(in("engine", "add", "emr", "--type", "emr")...)
	b.must(in("engine", "add", "holo", "--type", "other", "--dev-identity", "dev_user", "--prod-identity", "prod_user")...)
	b.must(in("role", "create", "finance", "--set", "deployment=read")...)
	b.must(in("member", "add", "bo", "--role", "finance")...)
	b.must(in("engine", "map-role", "mc", "finance", "role_project_dev")...)
	b.must(in("engine", "map-account", "emr", "bo", "bo_ldap")...)
	text := b.must(in("engine", "list")...)
	for _, want := range []string{"mc", "maxcompute", "finance", "Role_Project_Dev", "bo_ldap", "prod_user"} {
		if !strings.Contains(text, want) {
			t.Errorf("the list lacks %s: %s", want, text)
		}
	}
	why := decode[map[string]any](t, b.run(in("access", "why", "--user", "bo", "--module", "deployment", "--level", "write", "-o", "json")...).out)
	seen := map[string]map[string]any{}
	for _, r := range rows(why["engine_rights"]) {
		seen[fmt.Sprint(r["engine"], " ", r["environment"])] = r
	}
	if r := seen["mc dev"]; r["way"] != "role_mapping" || r["engine_role"] != "Role_Project_Dev" || r["role"] == "" || r["grants"] == "" {
		t.Errorf("in mc: %v", r)
	}
	if r := seen["emr dev"]; r["way"] != "account_mapping" || r["account"] != "bo_ldap" {
		t.Errorf("in emr: %v", r)
	}
	if r := seen["holo prod"]; r["way"] != "identity" || r["account"] != "prod_user" || r["note"] != "shared" {
		t.Errorf("in holo: %v", r)
	}
	if text := b.run(in("access", "why", "--user", "bo", "--module", "deployment", "--level", "write")...).out; !strings.Contains(text, "In the compute engines") {
		t.Errorf("why says %s", text)
	}
	b.must(in("engine", "map-role", "mc", "finance")...)
	b.must(in("engine", "map-account", "emr", "bo")...)
	if e := b.one(in("engine", "remove", "emr")...); len(rows(e["account_mappings"])) != 0 {
		t.Errorf("removed %v", e)
	}
	b.fails(exitNotFound, []string{"no engine hollo", "holo"}, in("engine", "remove", "hollo")...)
	b.fails(exitUsage, []string{"no type spark"}, in("engine", "add", "x1", "--type", "spark")...)
	b.fails(exitUsage, []string{"--type TYPE is missing"}, in("engine", "add", "x1")...)
	b.fails(exitConflict, []string{"an engine mc already"}, in("engine", "add", "MC", "--type", "other")...)
	b.fails(exitConflict, []string{"is built in"}, in("engine", "map-role", "mc", "develop", "Role_Project_Pe")...)
	b.fails(exitConflict, []string{"no accounts"}, in("engine", "map-account", "mc", "bo", "x")...)
	b.fails(exitDenied, nil, in("engine", "add", "x1", "--type", "other", "--as", "bo")...)
}
