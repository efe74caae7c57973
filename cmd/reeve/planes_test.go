package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"reeve/core/access"
)

const (
	denyAll    = `{"Version": "1", "Statement": [{"Effect": "Deny", "Action": "dataworks:*", "Resource": "*"}]}`
	denyDelete = `{"Version": "1", "Statement": [{"Effect": "Deny", "Action": "dataworks:DeleteWorkspace", "Resource": "acs:dataworks:*:*:workspace/sales_dw"}]}`
	allowMake  = `{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "dataworks:CreateWorkspace", "Resource": "*"}]}`
)

// dataMap asks about Data Map in cn-hangzhou.
func dataMap(user string) []string {
	return []string{"--user", user, "--module", "data-map", "--level", "read", "--region", "cn-hangzhou"}
}

func TestACustomTenantRoleTakesAway(t *testing.T) {
	b := newTenant(t)
	in := func(args ...string) []string { return append(args, "--region", "cn-hangzhou") }
	if !b.can(dataMap("bo")...) {
		t.Error("a tenant member may not use Data Map")
	}
	b.must(in("tenant-role", "create", "analyst_only", "--grant", "data-analysis.use")...)
	grant := in("tenant-member", "grant", "bo", "--role", "analyst_only")
	o := b.one(append(grant, "--preview")...)
	if got := column(rows(o["tenant_losses"]), "capability"); !strings.Contains(got, "data-map.use") {
		t.Errorf("the preview tells of the losses %s", got)
	}
	if text := b.must(append(grant, "--preview")...); !strings.Contains(text, "losses in the global modules") || !strings.Contains(text, "data-map.use") {
		t.Errorf("the preview says %s", text)
	}
	if !b.can(dataMap("bo")...) {
		t.Error("the preview changed something")
	}
	b.must(grant...)
	if b.can(dataMap("bo")...) {
		t.Error("the custom role did not take Data Map away")
	}
	if b.can(in("--user", "bo", "--capability", "data-map.use")...) || !b.can(in("--user", "bo", "--capability", "data-analysis.use")...) {
		t.Error("capabilities are answered otherwise than the module")
	}
	if !b.can("--user", "bo", "--module", "data-map", "--level", "read", "--region", "cn-shanghai") {
		t.Error("the role counts in another region")
	}
	why := b.run(append([]string{"access", "why", "-o", "json"}, dataMap("bo")...)...)
	w := decode[map[string]any](t, why.out)
	if why.code != exitDenied || !strings.Contains(column(rows(w["because"]), "kind"), "custom_tenant_role") || w["region"] != "cn-hangzhou" || w["module"] != "data-map" {
		t.Errorf("why says %d, %v", why.code, w)
	}
	if text := b.run(append([]string{"access", "why"}, dataMap("bo")...)...).out; !strings.Contains(text, "analyst_only") {
		t.Errorf("why says %s", text)
	}
	if got := column(b.list(in("access", "who", "--capability", "data-map.use")...), "user"); strings.Contains(got, "bo") || !strings.Contains(got, "amy") {
		t.Errorf("who says %s", got)
	}
	b.must(in("tenant-role", "set", "analyst_only", "--grant", "data-map.use", "--revoke", "data-analysis.use")...)
	if r := b.one(in("tenant-role", "show", "analyst_only")...); fmt.Sprint(r["capabilities"]) != "[data-map.use]" {
		t.Errorf("the role grants %v", r["capabilities"])
	}
	if text := b.must(in("tenant-role", "list")...); !strings.Contains(text, "analyst_only") || !strings.Contains(text, "Tenant Administrator") {
		t.Errorf("list says %s", text)
	}
	b.fails(exitConflict, []string{"analyst_only", "bo", "--take-away"}, in("tenant-role", "delete", "analyst_only")...)
	b.must(in("tenant-role", "delete", "analyst_only", "--take-away")...)
	if !b.can(in("--user", "bo", "--capability", "data-analysis.use")...) {
		t.Error("without the custom role bo is no tenant member")
	}
}

func rows(v any) []map[string]any {
	var all []map[string]any
	list, _ := v.([]any)
	for _, one := range list {
		all = append(all, one.(map[string]any))
	}
	return all
}

func TestTenantRoleMistakes(t *testing.T) {
	b := newTenant(t)
	in := func(args ...string) []string { return append(args, "--region", "cn-hangzhou") }
	b.fails(exitUsage, []string{"several regions are active", "--region, one of: cn-hangzhou, cn-shanghai"}, "tenant-role", "list")
	b.fails(exitUsage, []string{"several regions"}, "access", "check", "--user", "bo", "--capability", "data-map.use")
	b.fails(exitNotFound, []string{"data-map.use"}, in("tenant-role", "create", "r1", "--grant", "data-mop.use")...)
	b.fails(exitUsage, []string{"security-center.manage cannot be given"}, in("tenant-role", "create", "r1", "--grant", "security-center.manage")...)
	b.fails(exitNotFound, []string{"no tenant role map_onli", "map_only"}, append(b.with(in("tenant-role", "create", "map_only", "--grant", "data-map.use")...), in("tenant-role", "show", "map_onli")...)...)
	b.fails(exitConflict, []string{"there is a role map_only already"}, in("tenant-role", "create", "map_only")...)
	b.fails(exitConflict, []string{"MAP_ONLY already means the role map_only"}, in("tenant-role", "create", "MAP_ONLY")...)
	b.fails(exitConflict, []string{"built in"}, in("tenant-role", "set", "Tenant Administrator", "--grant", "data-map.use")...)
	b.fails(exitUsage, []string{"--grant or --revoke"}, in("tenant-role", "set", "map_only")...)
	b.fails(exitUsage, []string{"both granted and taken away"}, in("tenant-role", "set", "map_only", "--grant", "data-map.use", "--revoke", "data-map.use")...)
	b.fails(exitUsage, []string{"comes by itself"}, in("tenant-member", "grant", "bo", "--role", "Tenant Member")...)
	b.fails(exitNotFound, []string{"no user bob"}, in("tenant-member", "grant", "bob", "--role", "map_only")...)
	b.fails(exitDenied, []string{"Tenant Administrator"}, in("tenant-member", "grant", "bo", "--role", "map_only", "--as", "zoe")...)
	b.fails(exitDenied, []string{"Enterprise"}, "tenant-role", "create", "r1", "--grant", "data-map.use", "--region", "cn-shanghai")
	b.fails(exitConflict, []string{"version"}, in("tenant-role", "set", "map_only", "--grant", "data-analysis.use", "--version", "7")...)
}

// with runs a command that has to succeed first, and is no argument itself.
func (b *bench) with(args ...string) []string {
	b.t.Helper()
	b.must(args...)
	return nil
}

func TestTenantAdministratorsActInTheirRegion(t *testing.T) {
	b := newTenant(t)
	b.must("tenant-member", "grant", "amy", "--role", "tenant_admin", "--region", "cn-hangzhou")
	b.must("tenant-member", "grant", "bo", "--role", "Security Administrator", "--region", "cn-hangzhou", "--as", "amy")
	b.fails(exitDenied, []string{"cn-shanghai"}, "tenant-member", "grant", "bo", "--role", "tenant_security_admin", "--region", "cn-shanghai", "--as", "amy")
	for _, m := range b.list("tenant-member", "list", "--region", "cn-hangzhou") {
		want := map[any]string{"root": "tenant_owner", "bo": "tenant_member", "amy": "tenant_member"}[m["name"]]
		if want != "" && m["automatic"] != want {
			t.Errorf("%v is %v without a grant, want %s", m["name"], m["automatic"], want)
		}
		if m["name"] == "bo" && column(rows(m["roles"]), "code") != "tenant_security_admin" {
			t.Errorf("bo holds %v", m["roles"])
		}
	}
	if b.can("--user", "amy", "--action", "dataworks:CreateWorkspace", "--region", "cn-hangzhou") {
		t.Error("a tenant role gives an operation of the console")
	}
	b.fails(exitConflict, []string{"rights of your own away", "--own-loss"}, "tenant-member", "revoke", "amy", "--role", "tenant_admin", "--region", "cn-hangzhou", "--as", "amy")
	b.must("tenant-member", "revoke", "amy", "--role", "tenant_admin", "--region", "cn-hangzhou", "--own-loss", "--as", "amy")
	b.fails(exitNotFound, []string{"amy was not granted"}, "tenant-member", "revoke", "amy", "--role", "tenant_admin", "--region", "cn-hangzhou")
	b.fails(exitNotFound, []string{"none of amy, zoe was granted"}, "tenant-member", "revoke", "amy", "zoe", "--role", "tenant_admin", "--region", "cn-hangzhou")
}

func TestADenyBeatsFullAccess(t *testing.T) {
	b := newTenant(t)
	b.must("policy", "attach", "AliyunDataWorksFullAccess", "bo")
	remove := []string{"--user", "bo", "--action", "dataworks:DeleteWorkspace", "--workspace-name", "sales_dw", "--region", "cn-hangzhou"}
	if !b.can(remove...) {
		t.Error("FullAccess may not delete a workspace")
	}
	b.must("policy", "create", "keep-sales", "-f", b.file("p.json", denyDelete))
	preview := b.one("policy", "attach", "keep-sales", "bo", "--preview")
	if len(rows(preview["console_gains"])) != 0 {
		t.Errorf("the preview gives %v", preview["console_gains"])
	}
	if lost := rows(preview["console_losses"]); len(lost) != 2 || lost[0]["resource"] != "acs:dataworks:*:*:workspace/sales_dw" {
		t.Errorf("the preview takes %v", lost)
	}
	b.must("policy", "attach", "keep-sales", "bo")
	if b.can(remove...) {
		t.Error("the Deny does not win")
	}
	if !b.can("--user", "bo", "--action", "dataworks:DeleteWorkspace", "--workspace-name", "risk_dw", "--region", "cn-hangzhou") {
		t.Error("the Deny counts for another workspace")
	}
	if text := b.run(append([]string{"access", "why"}, remove...)...).out; !strings.Contains(text, "keep-sales denies it") || !strings.Contains(text, "overridden: AliyunDataWorksFullAccess") {
		t.Errorf("why says %s", text)
	}
	b.fails(exitDenied, []string{"A policy denies this to you"}, "workspace", "delete", "sales_dw", "--yes", "--as", "bo")
	b.must("workspace", "delete", "sales_dw", "--yes") // the account itself is above every policy
	if got := column(b.list("access", "who", "--action", "dataworks:DeleteWorkspace", "--workspace-name", "sales_dw", "--region", "cn-hangzhou"), "user"); got != "root" {
		t.Errorf("who says %s", got)
	}
	b.fails(exitConflict, []string{"keep-sales", "bo", "--take-away"}, "policy", "delete", "keep-sales")
	b.fails(exitNotFound, []string{"keep-sales is not attached to amy", "no user nobody"}, "policy", "detach", "keep-sales", "amy", "bo", "nobody")
	b.fails(exitNotFound, []string{"is not attached to zoe"}, "policy", "detach", "keep-sales", "zoe", "--preview")
	b.must("policy", "detach", "keep-sales", "bo")
	b.fails(exitNotFound, []string{"keep-sales is not attached to bo"}, "policy", "detach", "keep-sales", "bo")
	if !b.can(remove...) {
		t.Error("a detached policy still denies")
	}
}

func TestWhoIsBarredHasNothing(t *testing.T) {
	b := newTenant(t)
	b.must("policy", "create", "deny-all", "-f", b.file("p.json", denyAll))
	o := b.one("policy", "attach", "deny-all", "zoe", "--preview")
	if len(rows(o["losses"])) == 0 || len(rows(o["tenant_losses"])) == 0 || rows(o["losses"])[0]["workspace"] != "cn-hangzhou/sales_dw" {
		t.Errorf("the preview says %v", o)
	}
	b.must("policy", "attach", "deny-all", "zoe")
	if b.can(dataMap("zoe")...) || b.can("--user", "zoe", "--module", "deployment", "--level", "read", "-w", "sales_dw") {
		t.Error("who is barred still may something")
	}
	b.fails(exitDenied, []string{"keeps you out"}, "member", "list", "-w", "sales_dw", "--as", "zoe")
}

func TestPolicies(t *testing.T) {
	b := newTenant(t)
	b.typed = allowMake
	b.must("policy", "create", "makers", "-f", "-")
	b.must("policy", "attach", "makers", "bo", "--until", "8h")
	b.must("workspace", "create", "bo_dw", "--region", "cn-hangzhou", "--as", "bo")
	p := b.one("policy", "show", "makers")
	if d := p["document"].(map[string]any); d["Version"] != "1" || p["attached"] != 1.0 || p["type"] != "custom" {
		t.Errorf("the policy is %v", p)
	}
	if a := rows(p["attachments"]); len(a) != 1 || a[0]["user"] != "bo" || a[0]["until"] == nil {
		t.Errorf("attached are %v", a)
	}
	if text := b.must("policy", "list", "-o", "csv"); strings.Contains(text, "<000A>") || !strings.Contains(text, `""Effect"":""Allow""`) {
		t.Errorf("as CSV the policies are %s", text)
	}
	if text := b.must("policy", "show", "makers"); !strings.Contains(text, `"Effect": "Allow"`) {
		t.Errorf("show says %s", text)
	}
	b.now = b.now.Add(9 * time.Hour)
	b.fails(exitDenied, nil, "workspace", "create", "bo2_dw", "--region", "cn-hangzhou", "--as", "bo")

	for args, want := range map[string]struct {
		code    int
		verdict string
	}{
		"makers --action dataworks:CreateWorkspace":                                         {exitDone, "allowed"},
		"makers --action dataworks:DeleteWorkspace":                                         {exitDenied, "implicit"},
		"-f " + b.file("d.json", denyAll) + " --action dataworks:ListContacts":              {exitDenied, "denied"},
		"-f " + b.file("d.json", denyAll) + " --user root --action dataworks:ListContacts":  {exitDone, "allowed"},
		"AliyunDataWorksFullAccess --user amy --action dataworks:DeleteWorkspace":           {exitDone, "allowed"},
		"AliyunDataWorksReadOnlyAccess --action dataworks:ListContacts --scope OpenAPI":     {exitDone, "allowed"},
		"AliyunDataWorksReadOnlyAccess --action dataworks:ModifyContacts --resource acs:x:": {exitDenied, "implicit"},
	} {
		o := b.run(append(append([]string{"policy", "simulate"}, strings.Fields(args)...), "-o", "json")...)
		if got := decode[map[string]any](t, o.out); o.code != want.code || got["verdict"] != want.verdict {
			t.Errorf("%s: %d, %v", args, o.code, got)
		}
	}
	b.fails(exitUsage, []string{"line 1, column"}, "policy", "create", "bad", "-f", b.file("bad.json", `{"Version": "1", "Statement": [{"Effect": "Maybe"}]}`))
	b.fails(exitUsage, []string{"cannot be read"}, "policy", "create", "bad", "-f", "/nowhere/p.json")
	b.fails(exitUsage, []string{"not both"}, "policy", "simulate", "makers", "-f", b.file("d.json", denyAll), "--action", "x")
	b.fails(exitNotFound, []string{"no policy maker", "makers"}, "policy", "show", "maker")
	b.fails(exitConflict, []string{"system policy"}, "policy", "update", "AdministratorAccess", "-f", b.file("d.json", denyAll))
	b.fails(exitDenied, []string{"AdministratorAccess"}, "policy", "attach", "makers", "amy", "--as", "zoe")
	b.fails(exitNotFound, []string{"no user nobody"}, "policy", "attach", "makers", "nobody")
	b.must("policy", "attach", "AdministratorAccess", "lin")
	b.fails(exitDenied, []string{"Only the account may attach AliyunDataWorksFullAccess"}, "policy", "attach", "AliyunDataWorksFullAccess", "amy", "--as", "lin")
}

func TestAWorkspaceRoleNeverAnswersForAGlobalModule(t *testing.T) {
	b := newTenant(t)
	o := b.run("access", "check", "--user", "zoe", "--module", "data-governance", "--level", "write", "-w", "sales_dw", "-o", "json")
	d := decode[map[string]any](t, o.out)
	if keys := slices.Sorted(maps.Keys(d)); o.code != exitDenied || fmt.Sprint(keys) != "[because decision revision]" || rows(d["because"])[0]["kind"] != "wrong_plane" {
		t.Errorf("in a workspace: %d, %v", o.code, d)
	}
	if b.can("--user", "zoe", "--module", "data-governance", "--level", "write", "--region", "cn-hangzhou") {
		t.Error("the administrator of a workspace writes a global module")
	}
	b.fails(exitUsage, []string{"deployment is a module of workspaces"}, "access", "check", "--user", "zoe", "--module", "deployment", "--level", "read", "--region", "cn-hangzhou")
	b.fails(exitUsage, []string{"exactly one way", "--capability"}, "access", "check", "--user", "zoe", "-w", "sales_dw")
	b.fails(exitUsage, []string{"exactly one way"}, "access", "who", "--module", "data-map", "--level", "read", "--capability", "data-map.use")
	b.fails(exitUsage, []string{"governed by the tenant"}, "access", "where", "--user", "zoe", "--module", "data-map", "--level", "read")
	b.fails(exitNotFound, []string{"no capability data-mop.use", "data-map.use"}, "access", "check", "--user", "zoe", "--capability", "data-mop.use", "--region", "cn-hangzhou")
	b.fails(exitNotFound, []string{"no region"}, "access", "check", "--user", "zoe", "--capability", "data-map.use", "--region", "cn-hangzhu")
	b.fails(exitUsage, []string{"no scope Web"}, "access", "check", "--user", "zoe", "--action", "dataworks:CreateWorkspace", "--scope", "Web")
	b.fails(exitNotFound, []string{"no operation “dataworks:Nope”"}, "access", "check", "--user", "zoe", "--action", "dataworks:Nope")
	b.fails(exitNotFound, []string{"no operation “dataworks:*”"}, "access", "why", "--user", "zoe", "--action", "dataworks:*")
	b.fails(exitNotFound, []string{"dataworks:DeleteWorkspace"}, "access", "who", "--action", "dataworks:DeletWorkspace")
	b.fails(exitNotFound, []string{"dataworks:ListContacts"}, "policy", "simulate", "AdministratorAccess", "--action", "dataworks:ListContact")
	b.fails(exitUsage, []string{"not both"}, "access", "check", "--user", "zoe", "--action", "dataworks:ModifyWorkspace", "--resource", "*", "--workspace-name", "x")
}

func TestEveryReasonHasWords(t *testing.T) {
	c, err := newCLI(nil, strings.NewReader(""), nil, nil, newBench(t).environ())
	if err != nil {
		t.Fatal(err)
	}
	for k := access.Account; k <= access.NotInTenant; k++ {
		if id := "access.because." + k.String(); !c.p.Has(id) {
			t.Errorf("there is no message %s", id)
		}
	}
	for _, note := range []access.EngineNote{access.NoteRequest, access.NoteUnmapped, access.NoteNoAccount, access.NoteNoIdentity,
		access.NoteShared, access.NoteNotMember, access.NoteUnpublished} {
		if id := "engine.note." + string(note); !c.p.Has(id) {
			t.Errorf("there is no message %s", id)
		}
	}
}

func TestTheConsoleActsAsItsPoliciesSay(t *testing.T) {
	b := newTenant(t)
	b.must("policy", "create", "makers", "-f", b.file("p.json", allowMake))
	b.must("user-group", "add", "builders")
	b.must("policy", "attach", "makers", "builders")
	create := func(name string) []string {
		return []string{"workspace", "create", name, "--region", "cn-hangzhou", "--as", "amy"}
	}
	b.fails(exitDenied, []string{"AliyunDataWorksFullAccess"}, create("amy_dw")...)
	b.must("user-group", "set-members", "builders", "--add", "amy")
	if why := b.one("access", "why", "--user", "amy", "--action", "dataworks:CreateWorkspace", "--region", "cn-hangzhou"); rows(why["because"])[0]["policy"] != "makers" ||
		rows(why["because"])[0]["through"] != "builders" || why["resource"] != "acs:dataworks:cn-hangzhou:*:workspace/*" || why["scope"] != "Page" {
		t.Errorf("why says %v", why)
	}
	b.must(create("amy_dw")...)
	b.must("user-group", "set-members", "builders", "--remove", "amy")
	b.fails(exitDenied, nil, create("amy2_dw")...)
	if got := column(b.list("access", "who", "--action", "dataworks:CreateWorkspace"), "user"); got != "root" {
		t.Errorf("who says %s", got)
	}
	b.fails(exitDenied, nil, "access", "who", "--action", "dataworks:CreateWorkspace", "--as", "amy")
}
