package main

import (
	"strings"
	"testing"
	"time"
)

func TestAccessIsAskedForAndGranted(t *testing.T) {
	b := newTenant(t)
	// A refusal says how to ask, and what it says works as it stands.
	o := b.fails(exitDenied, []string{`To ask for it: reeve request create --role role_project_guest -w sales_dw --region cn-hangzhou --because "…"`},
		inSales("member", "list", "--as", "bo")...)
	_, line, _ := strings.Cut(strings.TrimSpace(o.errors), "reeve ")
	args := strings.Fields(strings.Replace(line, `"…"`, "on-call", 1))
	if out := b.must(append(args, "--as", "bo")...); !strings.Contains(out, "Request 1 for Visitor in sales_dw waits for a decision by zoe, lin, root.") {
		t.Error(out)
	}
	b.must("request", "withdraw", "1", "--as", "bo")
	b.fails(exitDenied, []string{"request create --role role_project_admin -w sales_dw"}, inSales("member", "add", "amy", "--role", "develop", "--as", "bo")...)
	b.fails(exitDenied, []string{"request create --policy AliyunDataWorksFullAccess"}, "workspace", "create", "x_dw", "--region", "cn-hangzhou", "--as", "bo")
	b.fails(exitDenied, []string{"request create --tenant-role tenant_admin --region cn-hangzhou"},
		"tenant-member", "grant", "amy", "--role", "tenant_security_admin", "--region", "cn-hangzhou", "--as", "bo")
	if o := b.fails(exitDenied, nil, inSales("member", "list", "--as", "bo", "-o", "json")...); !strings.Contains(decode[map[string]map[string]any](t, o.errors)["error"]["next"].(string), "request create") {
		t.Error(o.errors)
	}

	why := []string{"access", "why", "--module", "data-studio", "--level", "write", "-w", "sales_dw", "--user", "bo", "--as"}
	if o := b.run(append(why, "bo")...); !strings.Contains(o.out, "To ask for it: reeve request create --role role_project_dev -w sales_dw") {
		t.Error(o.out)
	}
	if o := b.run(append(why, "zoe")...); strings.Contains(o.out, "request create") {
		t.Error(o.out)
	}

	made := b.one("request", "create", "--role", "develop", "-w", "sales_dw", "--because", "the nightly load is mine", "--until", "8h", "--as", "bo")
	if made["state"] != "pending" || made["lasts_seconds"] != float64(8*3600) || made["until"] != nil || len(made["ask"].([]any)) != 3 {
		t.Errorf("made %v", made)
	}
	b.fails(exitConflict, []string{"request 2 for Develop in sales_dw is waiting", "request withdraw 2"},
		"request", "create", "--role", "Dev", "-w", "sales_dw", "--because", "again", "--as", "bo")
	if found := b.list("request", "list", "--to-decide", "--as", "zoe"); len(found) != 1 || found[0]["id"] != float64(2) {
		t.Errorf("zoe is to decide %v", found)
	}
	if found := b.list("request", "list", "--mine", "--as", "bo"); len(found) != 2 {
		t.Errorf("bo asked for %v", found)
	}
	if text := b.must("request", "list", "--as", "zoe", "--filter", "state:pending"); !strings.Contains(text, "Develop in sales_dw") || !strings.Contains(text, "8 h from the grant") {
		t.Error(text)
	}
	b.fails(exitNotFound, []string{"request"}, "request", "show", "2", "--as", "amy")
	b.fails(exitDenied, []string{"cannot decide your own"}, "request", "grant", "2", "--as", "bo")
	if text := b.must("request", "grant", "2", "--preview", "--as", "zoe"); !strings.Contains(text, "bo") {
		t.Error(text)
	}
	b.fails(exitUsage, []string{"at most until"}, "request", "grant", "2", "--until", "9h", "--as", "zoe")
	if text := b.must("request", "grant", "2", "--until", "4h", "--because", "good luck", "--as", "zoe"); !strings.Contains(text, "bo now has Develop in sales_dw until ") {
		t.Error(text)
	}
	b.fails(exitConflict, []string{"zoe has granted request 2 already"}, "request", "refuse", "2", "--because", "not now", "--as", "lin")
	if text := b.must("request", "show", "2", "--as", "bo"); !strings.Contains(text, "granted") || !strings.Contains(text, "good luck") || !strings.Contains(text, "zoe") {
		t.Error(text)
	}
	if text := b.must("overview", "--as", "bo"); !strings.Contains(text, "Your request 2 has been decided") || strings.Contains(text, "request 1 ") {
		t.Error(text)
	}
	if text := b.must("overview", "--as", "amy"); strings.Contains(text, "has been decided") {
		t.Error(text)
	}
	if !b.can("--user", "bo", "--module", "data-studio", "--level", "write", "-w", "sales_dw") {
		t.Error("what was granted is not there")
	}
	b.now = b.now.Add(5 * time.Hour)
	if b.can("--user", "bo", "--module", "data-studio", "--level", "write", "-w", "sales_dw") {
		t.Error("what was granted until a time has not ended")
	}
	if text := b.must("audit", "list", "--filter", "target:#2:"); strings.Count(text, "request.") != 3 || !strings.Contains(text, "denied") {
		t.Error(text)
	}
}

func TestRequestsOfOtherKinds(t *testing.T) {
	b := newTenant(t)
	b.must("request", "create", "--tenant-role", "tenant_security_admin", "--region", "cn-hangzhou", "--because", "the audit is next week", "--until", "2026-12-31", "--as", "amy")
	b.must("request", "create", "--policy", "AliyunDataWorksReadOnlyAccess", "--because", "to see the bills", "--as", "amy")
	b.must("request", "create", "--role", "workspace administrator", "-w", "cn-hangzhou/sales_dw", "--because", "zoe is on leave", "--as", "amy")
	if text := b.must("overview", "--as", "root"); !strings.Contains(text, "3 requests for access wait for you") {
		t.Error(text)
	}
	if text := b.must("overview", "--as", "lin"); !strings.Contains(text, "1 request for access waits for you") {
		t.Error(text)
	}
	if text := b.must("overview", "--as", "amy"); strings.Contains(text, "for access") {
		t.Error(text)
	}
	b.must("request", "grant", "1")
	b.must("request", "grant", "2", "--until", "90d")
	b.fails(exitUsage, []string{"--because"}, "request", "refuse", "3")
	b.must("request", "refuse", "3", "--because", "lin is there")
	if text := b.must("tenant-member", "list", "--region", "cn-hangzhou", "--filter", "amy"); !strings.Contains(text, "Security") {
		t.Error(text)
	}
	if shown := b.one("request", "show", "2"); shown["granted"].(map[string]any)["until"] == nil {
		t.Errorf("%v", shown)
	}
	b.now = b.now.Add(40 * 24 * time.Hour)
	b.must("request", "create", "--role", "visitor", "-w", "sales_dw", "--because", "curious", "--as", "bo")
	b.now = b.now.Add(31 * 24 * time.Hour)
	b.fails(exitConflict, []string{"Request 4 has expired"}, "request", "grant", "4")
	b.must("keeper", "run", "--once")
	if text := b.must("audit", "list", "--what", "request.expire"); !strings.Contains(text, "#4: bo") {
		t.Error(text)
	}
}

func TestMistakenRequests(t *testing.T) {
	b := newTenant(t)
	for _, c := range []struct {
		code  int
		args  string
		parts []string
	}{
		{exitUsage, "request create", []string{"--because"}},
		{exitUsage, "request create --because x", []string{"Name what to ask for", "--role ROLE -w WORKSPACE"}},
		{exitUsage, "request create --because x --role develop", []string{"Name what to ask for"}},
		{exitUsage, "request create --because x -w sales_dw", []string{"Name what to ask for"}},
		{exitUsage, "request create --because x --policy A --tenant-role B", []string{"Name what to ask for"}},
		{exitUsage, "request create --because x --role develpo -w sales_dw", []string{"2 fields", "because: has one character", "there is no role develpo", "nearest names: Develop"}},
		{exitNotFound, "request create --because because --role develpo -w sales_dw", []string{"there is no role develpo"}},
		{exitNotFound, "request create --because because --role develop -w sale_dw", []string{"no workspace sale_dw"}},
		{exitNotFound, "request create --because because --policy FullAcces", []string{"there is no policy FullAcces"}},
		{exitUsage, "request create --because because --policy AliyunDataWorksFullAccess --until soon", []string{"soon is no time"}},
		{exitUsage, "request create --because because --policy AliyunDataWorksFullAccess --until 2020-01-01", []string{"until"}},
		{exitUsage, "request list --mine --to-decide", []string{"cannot be used together"}},
		{exitUsage, "request list --filter nosuch:x", []string{"nosuch"}},
		{exitNotFound, "request show 7", []string{"request"}},
		{exitNotFound, "request show seven", []string{"seven"}},
		{exitNotFound, "request withdraw 0", []string{"request 0"}},
		{exitDenied, "request create --because because --role develop -w sales_dw --read-only", []string{"read-only"}},
	} {
		b.fails(c.code, c.parts, append(strings.Fields(c.args), "--as", "amy")...)
	}
}
