package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestAUserIsDeletedWithWhatTheyHold(t *testing.T) {
	b := newTenant(t)
	b.must("user", "update", "bo", "--email", "bo@acme.example")
	b.must("member", "add", "bo", "--role", "develop", "-w", "sales_dw")
	b.fails(exitUsage, []string{"bo still holds", "sales_dw", "or with the deletion"}, "user", "delete", "bo")
	shown := b.must("user", "delete", "bo", "--preview")
	for _, want := range []string{"bo holds 3 things", "role:cn-hangzhou/sales_dw/role_project_dev", "contact:email", "losses:"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the preview lacks %q:\n%s", want, shown)
		}
	}
	if text := b.must("member", "list", "-w", "sales_dw"); !strings.Contains(text, "bo ") {
		t.Errorf("the preview took bo out: %s", text)
	}
	if text := b.must("user", "delete", "bo", "--give-up"); !strings.Contains(text, "Deleted with 3 things held: bo.") {
		t.Error(text)
	}
	b.fails(exitNotFound, nil, "user", "show", "bo")
	b.fails(exitNotFound, nil, "user", "delete", "bo", "--give-up")
	b.fails(exitDenied, nil, "user", "delete", "amy", "--give-up", "--as", "amy")
}

// TestWhoMadeSomethingCanLeave holds that what somebody made keeps nobody from leaving, and keeps their name.
func TestWhoMadeSomethingCanLeave(t *testing.T) {
	b := newTenant(t)
	in := func(args ...string) []string { return append(args, "-w", "mine_dw", "--as", "bo") }
	b.must("policy", "attach", "AliyunDataWorksFullAccess", "bo")
	b.must("workspace", "create", "mine_dw", "--region", "cn-hangzhou", "--admin", "zoe", "bo", "--as", "bo")
	b.must(in("role", "create", "reader", "--set", "deployment=read")...)
	b.must(in("member", "add", "amy", "--role", "visitor")...)
	b.must(in("source", "add", "crm", "--type", "mysql", "--prod", "address=127.0.0.1:1", "database=crm", "username=reader", "--dev", "address=127.0.0.1:1",
		"database=crm", "username=reader")...)
	b.must("workspace", "bootstrap", "-f", b.file("boot.yaml", "workspace: {region: cn-hangzhou, name: boot_dw}\n"), "--as", "bo")
	b.must("member", "add", "zoe", "--role", "admin", "-w", "boot_dw")
	holds, _ := b.one("user", "show", "bo")["holds"].(map[string]any)
	if fmt.Sprint(holds["owns"]) != "[]" || fmt.Sprint(holds["workspaces_created"]) != "[cn-hangzhou/boot_dw cn-hangzhou/mine_dw]" {
		t.Errorf("bo holds %v", holds)
	}
	b.must("user", "delete", "bo", "--give-up", "--yes")
	if w := b.one("workspace", "show", "mine_dw"); w["created_by"] != "bo" || w["owner"] != "root" {
		t.Errorf("the workspace says %v", w)
	}
	if r := b.one("role", "show", "reader", "-w", "mine_dw"); r["created_by"] != "bo" {
		t.Errorf("the role says %v", r)
	}
	for _, m := range b.list("member", "list", "-w", "mine_dw") {
		if m["name"] == "amy" && m["added_by"] != "bo" {
			t.Errorf("the member says %v", m)
		}
	}
	if text := b.must("source", "show", "crm", "-w", "mine_dw", "-o", "json"); !strings.Contains(text, `"created_by": "bo"`) {
		t.Errorf("the data source says %s", text)
	}
	if text := b.must("bootstrap", "list", "--region", "cn-hangzhou", "-o", "json"); !strings.Contains(text, `"bo"`) {
		t.Errorf("the run says %s", text)
	}
}

// TestWhoOnlyWaitsForAnAnswer holds that a request is not left behind by whoever asked.
func TestWhoOnlyWaitsForAnAnswer(t *testing.T) {
	b := newTenant(t)
	b.must("request", "create", "--role", "develop", "-w", "sales_dw", "--because", "to see", "--as", "bo")
	b.fails(exitUsage, []string{"bo still holds a waiting request (#1)"}, "user", "delete", "bo")
	b.must("user", "delete", "bo", "--give-up", "--yes")
	if r := b.list("request", "list"); len(r) != 1 || r[0]["state"] != "withdrawn" || r[0]["user"] != "bo" {
		t.Errorf("the request says %v", r)
	}
}
