package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// withGroups is a tenant with a subscription and a group that is paid as it is used, both running.
func withGroups(t *testing.T) *bench {
	t.Helper()
	b := newTenant(t)
	b.must("group", "create", "rg_prod", "--billing", "subscription", "--size", "10", "--vpc", "v", "--vswitch", "s", "--cidr", "10.0.0.0/24", "--region", "cn-hangzhou")
	b.must("group", "create", "rg_dev", "--vpc", "v", "--vswitch", "s", "--region", "cn-hangzhou")
	b.now = b.now.Add(time.Hour)
	b.must("keeper", "run", "--once")
	return b
}

func TestGroupCommandsSayWhatIsWrong(t *testing.T) {
	b := withGroups(t)
	at := []string{"--region", "cn-hangzhou"}
	for line, want := range map[string][]string{
		"scale rg_prod":                                         {"--undo"},
		"scale rg_prod many":                                    {"no whole number"},
		"scale rg_prod 1":                                       {"from 2 to 2000"},
		"scale rg_dev 4":                                        {"Pay-as-you-go"},
		"convert rg_prod --size 4":                              {"Subscription"},
		"start rg_dev":                                          {"Running"},
		"quota rg_prod --set scheduling":                        {"scheduling=4:8"},
		"quota rg_prod --set scheduling=9:4":                    {"from 9 to 10"},
		"quota rg_prod --set scheduling=6: data-service=6:":     {"what is kept in all, 12 CU,"},
		"quota rg_prod --set sheduling=1:":                      {"no module “sheduling”"},
		"quota rg_prod --lend maybe":                            {"neither on nor off"},
		"slots rg_prod 0":                                       {"from 1 to 200"},
		"auto-renew rg_prod perhaps":                            {"neither on nor off"},
		"network rg_prod":                                       {"--unbind"},
		"network rg_prod --vpc w --vswitch x --cidr 21.0.0.0/9": {"21.0.0.0/8"},
		"network rg_prod --unbind 1":                            {"at least one VPC"},
		"route rg_prod --to 10.0.0.0/16 --network 1":            {"10.0.0.0/24"},
		"route rg_prod --to 10.9.0.0/16 --network 99":           {"no binding 99"},
		"route rg_prod --to 10.9.0.0/16":                        {"--network"},
		"route rg_prod --network 1":                             {"--to"},
		"route rg_prod --to 127.0.0.0/8 --network 1":            {"loopback or multicast"},
		"route rg_prod --to 224.0.0.0/4 --network 1":            {"loopback or multicast"},
		"renew rg_prod --duration 0":                            {"from 1 to 9, not 0"},
		"renew rg_prod --duration 0 --unit year":                {"from 1 to 5, not 0"},
		"convert rg_dev --size 4 --duration 0":                  {"not 0"},
		"create new --vpc v --vswitch s --duration 0":           {"not 0"},
		"renew rg_prod --duration 99":                           {"from 1 to 9"},
		"arrears":                                               {"--paid"},
		"arrears --since yesterday":                             {"no time"},
		"show rg_prdo":                                          {"rg_prod"},
		"quota rg_prod --set foo=1: --set scheduling=x: --set data-service=9:3 --set data-analysis=11:": {"4 fields", "no module “foo”", "“scheduling=x:”", "DataService: the maximum is from 9", "Data Analysis: 11 CU"},
		"metrics rg_prod Usage CPU --period 61":                                                         {"3 fields", "no metric “Usage”", "no metric “CPU”", "CUSpec, CUUsage", "ServerIdeCUMinSpec", "not 61"},
	} {
		o := b.run(append(append([]string{"group"}, strings.Fields(line)...), at...)...)
		for _, part := range want {
			if o.code == exitDone || !strings.Contains(o.errors, part) {
				t.Errorf("group %s: exit %d, says %q, want %q", line, o.code, o.errors, part)
			}
		}
	}
}

// What is not known among the arguments is wrong input, not something that is missing.
func TestUnknownWordsOfGroupCommandsAreInvalid(t *testing.T) {
	b := withGroups(t)
	for _, line := range []string{"quota rg_prod --set foo=1:", "metrics rg_prod CPU"} {
		b.fails(exitUsage, nil, append(append([]string{"group"}, strings.Fields(line)...), "--region", "cn-hangzhou")...)
	}
	b.fails(exitNotFound, []string{"There is no resource group “no such” here."}, "group", "show", "no such", "--region", "cn-hangzhou")
}

func TestAGroupSaysWhatIsRefunded(t *testing.T) {
	b := withGroups(t)
	if o := b.run("group", "scale", "rg_prod", "4", "--region", "cn-hangzhou"); !strings.Contains(o.out+o.errors, "is refunded") || strings.Contains(o.out+o.errors, "$-") {
		t.Errorf("scaling in says %q %q", o.out, o.errors)
	}
	if o := b.run("group", "orders", "rg_prod", "-o", "json", "--region", "cn-hangzhou"); !strings.Contains(o.out, `"price": "-`) {
		t.Errorf("the order is %s", o.out)
	}
}

func TestGroupOperationsAreShownBeforeTheyAreDone(t *testing.T) {
	b := withGroups(t)
	at := []string{"--region", "cn-hangzhou"}
	run := func(line string) string {
		t.Helper()
		return b.must(append(append([]string{"group"}, strings.Fields(line)...), at...)...)
	}
	if text := run("scale rg_prod 4 --preview"); !strings.Contains(text, "instead of 10") || !strings.Contains(text, "is refunded") {
		t.Errorf("the preview says\n%s", text)
	}
	if got := b.list(append([]string{"group", "list"}, at...)...); column(got, "status") != "running running" || column(got, "size") != "500 10" {
		t.Errorf("after a preview the groups are %v", got)
	}
	run("scale rg_prod 20")
	if text := run("orders rg_prod"); !strings.Contains(text, "open") {
		t.Errorf("the orders are\n%s", text)
	}
	if o := b.run(append([]string{"group", "associate", "rg_prod", "sales_dw"}, at...)...); o.code != exitConflict || !strings.Contains(o.errors, "Updating") {
		t.Errorf("while it is updating: %d %s", o.code, o.errors)
	}
	b.now = b.now.Add(time.Hour)
	b.must("keeper", "run", "--once")
	run("associate rg_prod sales_dw")
	if text := run("dissociate rg_prod sales_dw --preview"); !strings.Contains(text, "! Tasks of sales_dw") {
		t.Errorf("the preview says\n%s", text)
	}
	if got := b.list("group", "list", "-w", "sales_dw", "--as", "zoe"); column(got, "name") != "rg_prod" || column(got, "size") != "20" {
		t.Errorf("a member sees %v", got)
	}
	if text := run("unsubscribe rg_prod --preview"); !strings.Contains(text, "sales_dw") || !strings.Contains(text, "is refunded") {
		t.Errorf("the preview says\n%s", text)
	}
	b.fails(exitUsage, []string{"type the name rg_prod"}, append([]string{"group", "unsubscribe", "rg_prod"}, at...)...)
	run("unsubscribe rg_prod --yes")
}

func TestADefaultWorkspaceComesWithItsGroupAndEngine(t *testing.T) {
	b := withGroups(t)
	at := []string{"--region", "eu-west-1"}
	made, _ := b.one("region", "activate", "eu-west-1", "--edition", "basic")["default_workspace"].(string)
	suffix := strings.TrimPrefix(made, "default_workspace_")
	groups := b.list(append([]string{"group", "list"}, at...)...)
	if column(groups, "name") != "dataworks_default_resource_group" || column(groups, "billing") != "pay-as-you-go" || column(groups, "workspaces") != "["+made+"]" {
		t.Errorf("the groups are %v", groups)
	}
	if got := b.one("workspace", "show", made)["default_resource_group"]; got != "dataworks_default_resource_group" {
		t.Errorf("tasks run in %q", got)
	}
	if text := b.must("engine", "list", "-w", made); !strings.Contains(text, "default_datasource_"+suffix+"  maxcompute") {
		t.Errorf("the engines are\n%s", text)
	}
	if text := b.must(append([]string{"group", "create", "later", "--vpc", "v1", "--vswitch", "s1", "--preview"}, at...)...); !strings.Contains(text, "The default workspace of the region, "+made) {
		t.Errorf("the preview says\n%s", text)
	}
	b.must(append([]string{"group", "create", "later", "--vpc", "v1", "--vswitch", "s1"}, at...)...)
	if got := b.list("group", "list", "-w", made); column(got, "name") != "dataworks_default_resource_group later" {
		t.Errorf("the workspace has %v", got)
	}
	bare := b.one("region", "activate", "cn-beijing", "--edition", "basic", "--no-default-workspace")
	if got := b.list("group", "list", "--region", "cn-beijing"); bare["default_workspace"] != "" || len(got) != 0 {
		t.Errorf("a bare region has %v and %v", bare["default_workspace"], got)
	}
}

// What is listed is what there is: CU in use, and of older types their spec instead of sizes that they do not have.
func TestGroupsAreListedWithWhatIsUsed(t *testing.T) {
	b := sample(t)
	at := []string{"--db", b.db, "--region", "cn-hangzhou"}
	rows := b.list(append([]string{"group", "list"}, at...)...)
	for _, r := range rows {
		older := strings.Contains(r["type"].(string), "exclusive") || strings.Contains(r["type"].(string), "shared")
		if (r["size"] == nil) != older || (r["slots"] == nil) != older || (r["used"] == nil) != older {
			t.Errorf("%v has the size %v, %v slots and %v in use", r["name"], r["size"], r["slots"], r["used"])
		}
		if r["type"] == "shared-scheduling" && r["vpc"] != "" {
			t.Errorf("a shared group has the network %v", r["vpc"])
		}
	}
	if out := b.must(append([]string{"group", "list"}, at...)...); !strings.Contains(out, "USED") || !strings.Contains(out, "8/16") {
		t.Errorf("the table is %s", out)
	}
	out := b.must(append([]string{"group", "runs", "rg_etl", "-o", "csv"}, at...)...)
	if lines := strings.Split(strings.TrimSpace(out), "\n"); !strings.HasPrefix(lines[0], "id,name,workspace") || len(lines) < 3 {
		t.Errorf("the runs are %s", out)
	}
	if out := b.must(append([]string{"group", "runs", "rg_dev", "-o", "csv"}, at...)...); strings.Count(out, "\n") != 1 {
		t.Errorf("no runs are %s", out)
	}
	out = b.must(append([]string{"group", "create", "new", "--billing", "subscription", "--size", "7", "--auto-renew", "--vpc", "v", "--vswitch", "s", "--preview"}, at...)...)
	for _, field := range []string{"BILLING", "SIZE", "AUTO", "7", "subscription"} {
		if !strings.Contains(strings.ToUpper(out), strings.ToUpper(field)) {
			t.Errorf("the preview does not tell %s: %s", field, out)
		}
	}
}

func TestWhatWaitsHoldsNothingToFree(t *testing.T) {
	b := sample(t)
	at := []string{"--db", b.db, "--region", "cn-hangzhou"}
	var got struct{ Work []map[string]any }
	if err := json.Unmarshal([]byte(b.must(append([]string{"group", "runs", "rg_etl", "-o", "json"}, at...)...)), &got); err != nil {
		t.Fatal(err)
	}
	said := map[any]bool{}
	for _, r := range got.Work {
		if said[r["state"]] {
			continue
		}
		said[r["state"]] = true
		out := b.must(append([]string{"group", "release", "rg_etl", fmt.Sprint(r["id"]), "--yes"}, at...)...)
		if frees := strings.Contains(out, "frees"); frees != (r["state"] == "running") {
			t.Errorf("releasing what is %v says %s", r["state"], out)
		}
		if machine := fmt.Sprint(r["machine"]); r["state"] == "running" && machine != "" && !strings.Contains(out, "on "+machine+" may not have ended") {
			t.Errorf("releasing what runs on %s says %s", machine, out)
		}
	}
}

func TestAWorkspaceNamedTwiceIsOne(t *testing.T) {
	b := withGroups(t)
	for _, act := range []string{"associate", "dissociate"} {
		if out := b.must("group", act, "rg_prod", "sales_dw", "SALES_DW", "sales_dw", "--region", "cn-hangzhou"); strings.Count(strings.ToLower(out), "sales_dw") != 1 {
			t.Errorf("%s says %s", act, out)
		}
	}
}
