package app_test

import (
	"strings"
	"testing"
	"time"

	"reeve/core/request"
)

// wished makes requests of every kind and state, one of them with text that no terminal should act on.
func wished(w *world) {
	w.t.Helper()
	ask := func(who string, in request.Wanted) request.ID {
		if in.Region == "" && in.Kind != request.Policy {
			in.Region = "cn-hangzhou"
		}
		made, err := w.services.Requests.Create(w.ctx(w.t, who), in)
		fatal(w.t, err)
		w.clock.Pass(time.Hour)
		return made.ID
	}
	develop := request.Wanted{Kind: request.WorkspaceRole, Workspace: "sales_dw", Role: "develop", Why: "the nightly load of orders is mine from Monday on"}
	ask("o.outsider", develop)
	refused := ask("a.kaya", request.Wanted{Kind: request.WorkspaceRole, Workspace: "sales_dw", Role: "workspace administrator", Why: "lin is on leave"})
	_, err := w.services.Requests.Refuse(w.ctx(w.t, "zoe.park"), refused, request.Decision{Note: "I am here all week; ask me"})
	fatal(w.t, err)
	granted := ask("佐藤健", request.Wanted{Kind: request.WorkspaceRole, Workspace: "sales_dw", Role: "o&m", Why: "夜間バッチの監視 " + strings.Repeat("長い理由", 20), End: request.End{After: 8 * time.Hour}})
	_, err = w.services.Requests.Grant(w.ctx(w.t, "zoe.park"), granted, request.Decision{Role: "develop", Note: "develop is enough for that"})
	fatal(w.t, err)
	withdrawn := ask("m.ito", request.Wanted{Kind: request.Policy, Role: "AliyunDataWorksFullAccess", Why: "to make workspaces"})
	_, err = w.services.Requests.Withdraw(w.ctx(w.t, "m.ito"), withdrawn, 0)
	fatal(w.t, err)
	ask("m.ito", request.Wanted{Kind: request.TenantRole, Role: "tenant_security_admin", Why: "the audit is next week", End: request.End{At: w.clock.Now().Add(20 * 24 * time.Hour)}})
	ask("zoe.park", request.Wanted{Kind: request.Policy, Role: "AliyunDataWorksFullAccess", Why: "risk_dw needs a second workspace"})
}

// requestScenes are asking for access, and deciding it.
func requestScenes() []scene {
	return []scene{
		{name: "requests", who: "root", link: "requests", rows: true, before: wished},
		{name: "requests-to-decide", who: "zoe.park", link: "requests/to-decide", rows: true, before: wished},
		{name: "requests-own", who: "m.ito", link: "requests/own", rows: true, before: wished},
		{name: "requests-empty", who: "root", link: "requests"},
		{name: "requests-nobody", who: "k.nowak", link: "requests", before: wished},
		{name: "request", who: "zoe.park", link: "requests/1", before: wished},
		{name: "request-granted", who: "zoe.park", link: "requests/3", before: wished},
		{name: "request-refused", who: "a.kaya", link: "requests/2", before: wished},
		{name: "request-missing", who: "k.nowak", link: "requests/1", before: wished},
		{name: "request-grant", who: "zoe.park", link: "requests/1", keys: "Y", before: wished},
		{name: "request-grant-fault", who: "root", link: "requests/5", keys: "Y tab text:90d ctrl+s", before: wished},
		{name: "request-grant-effect", who: "zoe.park", link: "requests/1", keys: "Y tab text:8h ctrl+s", before: wished},
		{name: "request-refuse", who: "zoe.park", link: "requests/1", keys: "N text:no ctrl+s", before: wished},
		{name: "request-withdraw", who: "m.ito", link: "requests/own", keys: "x", before: wished},
		{name: "request-audit", who: "zoe.park", link: "requests/1", keys: "i", before: wished},
		{name: "ask-refused", who: "m.ito", link: sales + "/members", keys: "a w"},
		{name: "ask-role", who: "m.ito", link: sales + "/members", keys: "a w a"},
		{name: "ask-faults", who: "m.ito", link: sales + "/members", keys: "a w a tab text:x tab text:soon ctrl+s"},
		{name: "ask-closed", who: "o.outsider", link: sales + "/members"},
		{name: "ask-what", who: "m.ito", link: sales + "/members", keys: "ctrl+a"},
		{name: "ask-workspace", who: "m.ito", link: "overview", keys: "ctrl+a enter text:sales_dx ctrl+s"},
		{name: "ask-policy", who: "m.ito", link: "overview", keys: "ctrl+a end enter"},
		{name: "ask-why", who: "m.ito", link: sales + "/members?q=ito", keys: "w ctrl+s"},
	}
}

func TestARefusalIsAskedAwayInTheConsole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("m.ito", sales+"/members")
	has(t, d.Keys("a"), "ctrl+a asks")
	has(t, d.Keys("w"), "Why not", "ask for it")
	has(t, d.Keys("a"), "Ask for a role in sales_dw", "Workspace Administrator")
	has(t, d.Keys("tab text:zoe␣is␣on␣leave tab text:8h ctrl+s"), "Request 1 for Workspace Administrator in sales_dw waits")
	// The same key right after a refusal, and on an act that is dimmed in the help.
	has(t, d.Keys("a ctrl+a"), "Ask for a role in sales_dw")
	has(t, d.Keys("tab text:again ctrl+s"), "You have asked for this already")
	d.Keys("esc esc")
	has(t, d.Keys("? text:add␣mem ctrl+a"), "Ask for a role in sales_dw")
	// Somebody else decides it.
	admin := w.open("zoe.park", "overview")
	has(t, admin.Keys("7 ] ] ] ]"), "Requests", "m.ito")
	has(t, admin.Keys("o"), "Requests waiting for you", "zoe is on")
	has(t, admin.Keys("enter"), "waiting", "8 h from the grant")
	has(t, admin.Keys("Y"), "Grant Workspace Administrator in sales_dw to m.ito")
	has(t, admin.Keys("tab text:4h ctrl+s"), "m.ito")
	has(t, admin.Keys("enter"), "Request 1 of m.ito is granted", "by zoe.park")
	has(t, admin.Keys("i"), "request.grant", "request.create")
	has(t, w.open("m.ito", "requests/own"), "granted")
	has(t, w.open("m.ito", sales+"/members").Keys("a"), "Accounts of the directory")
}

func TestWhoIsNobodyInAWorkspaceAsksToJoin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("o.outsider", sales+"/members")
	has(t, d, "ask for it")
	has(t, d.Keys("ctrl+a"), "Ask for a role in sales_dw", "Visitor")
	has(t, d.Keys("tab text:to␣read␣the␣reports ctrl+s"), "Request 1 for Visitor in sales_dw waits for")
	// A workspace is named by whoever knows it, and one that is not there is told as such.
	d = w.open("o.outsider", "overview").Keys("ctrl+a enter text:nosuch_dw ctrl+s")
	has(t, d, "nosuch_dw")
	has(t, d.Keys("ctrl+u text:sales_dw ctrl+s"), "Ask for a role in sales_dw")
	has(t, d.Keys("esc"), "Overview")
}

func TestNobodyDecidesTheirOwnInTheConsole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wished(w)
	d := w.open("zoe.park", "requests/own")
	has(t, d.Keys("Y"), "You cannot decide your own request")
	has(t, d.Keys("x y"), "withdrawn")
	d = w.open("zoe.park", "requests/1")
	other := w.another()
	_, err := other.services.Requests.Refuse(other.ctx(t, "lin.chen"), 1, request.Decision{Note: "not this week"})
	fatal(t, err)
	has(t, d.Keys("N text:not␣needed ctrl+s"), "lin.chen has refused request 1 already")
}
