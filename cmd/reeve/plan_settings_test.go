package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestSettingsAndTagsGoRound holds that a workspace made by commands with every kind of setting is exported, found the same, and
// made so in another database.
func TestSettingsAndTagsGoRound(t *testing.T) {
	b := newPlanned(t)
	b.must("workspace", "settings", "set", "sales_dw", "reruns=7", "rerun_policy=failure-allowed", "periodic_scheduling=off", "cycle_time=00:30",
		"sandbox_allowlist=example.com,8.8.8.8:8080", "change_node_owner=on", "dev_role_disabled=on", "--acknowledge")
	b.must("workspace", "update", "sales_dw", "--tag", "team=sales: # more", "--tag", "cost: centre=4711", "--tag", "empty=")
	document := b.must("export")
	for _, want := range []string{
		`reruns: "7"`, "rerun_policy: failure-allowed", `periodic_scheduling: "off"`, `cycle_time: "00:30"`, "sandbox_allowlist:\n        - example.com\n",
		`dev_role_disabled: "on"`, "tags:\n      \"cost: centre\": \"4711\"\n      empty: \"\"\n      team: \"sales: # more\"\n", "aliyun_resource_group_id: default",
	} {
		if !strings.Contains(document, want) {
			t.Errorf("the export lacks %q:\n%s", want, document)
		}
	}
	file := b.file("there.yaml", document)
	if o := b.run("plan", "-f", file, "--prune", "--detailed-exitcode"); o.code != exitDone {
		t.Errorf("what is exported differs: %s%s", o.out, o.errors)
	}
	other := newBench(t)
	other.must("init", "--tenant", "acme", "--owner", "root", "--region", "cn-hangzhou=enterprise", "--region", "cn-shanghai=basic", "--no-default-workspace")
	other.must("user", "add", "zoe", "lin", "bo", "amy")
	other.must("apply", "-f", file, "--yes")
	if got := other.must("export"); got != document {
		t.Errorf("another database is made\n%s\nfrom\n%s", got, document)
	}
}

func TestWhatSettingsAPlanChanges(t *testing.T) {
	b := newPlanned(t)
	b.must("workspace", "settings", "set", "sales_dw", "sandbox_allowlist=example.com,8.8.8.8:8080")
	b.must("workspace", "update", "sales_dw", "--tag", "team=sales", "--tag", "old=1")
	document := b.file("d.yaml", `version: 1
region: cn-hangzhou
workspaces:
  - name: sales_dw
    settings: {reruns: 5, auto_parse: yes, dev_role_disabled: true, sandbox_allowlist: [example.com, Example.org]}
    tags: {team: finance, new: "2"}
`)
	text := b.must("plan", "-f", document)
	for _, want := range []string{
		"~ settings.reruns: 3 → 5", "settings.dev_role_disabled: off → on (once on, never off again)",
		"    settings.sandbox_allowlist:\n      - 8.8.8.8:8080\n      + example.org\n",
		"    tags:\n      - old=1\n      - team=sales\n      + new=2\n      + team=finance\n", "0 to add, 1 to change, 0 to remove",
		"take away 3 ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the plan lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "auto_parse") {
		t.Errorf("auto_parse is on already: %s", text)
	}
	file := filepath.Join(t.TempDir(), "p.json")
	b.must("plan", "-f", document, "--out", file)
	b.must("workspace", "settings", "set", "sales_dw", "rerun_interval=9")
	b.fails(exitConflict, []string{"workspace cn-hangzhou/sales_dw (version"}, "apply", file)
	b.must("plan", "-f", document, "--out", file)
	b.must("apply", file)
	w := b.one("workspace", "settings", "get", "sales_dw")
	if w["reruns"] != 5.0 || w["dev_role_disabled"] != true || w["rerun_interval"] != 9.0 {
		t.Errorf("set are %v", w)
	}
	if o := b.run("plan", "-f", document, "--detailed-exitcode"); o.code != exitDone {
		t.Errorf("it is not made so: %s", o.out)
	}
	// No tags is said with an empty map; what is not named stays.
	b.must("apply", "-f", b.file("none.yaml", "version: 1\nregion: cn-hangzhou\nworkspaces: [{name: sales_dw, tags: {}}]"), "--yes")
	if text := b.must("export", "-w", "sales_dw"); !strings.Contains(text, "tags: {}") || !strings.Contains(text, `reruns: "5"`) {
		t.Errorf("left are %s", text)
	}
}

// TestUnknownOperationsOfAPlan holds that a policy of a document names operations that there are, and resources that there can be.
func TestUnknownOperationsOfAPlan(t *testing.T) {
	b := newPlanned(t)
	b.fails(exitUsage, []string{
		"line 6, column 59: there is no operation dataworks:CreatWorkspace; the nearest: dataworks:CreateWorkspace",
		"line 6, column 87: there is no operation dataworks:Nope", "line 7, column 27: there is no operation dataworks:Nix",
		"line 8, column 119: reports is the name of no resource",
	}, "plan", "-f", b.file("bad.yaml", `version: 1
policies:
  - name: one
    document:
      Version: "1"
      Statement: [{Effect: Allow, Resource: '*', Action: ['dataworks:CreatWorkspace', 'dataworks:Nope']}]
  - {name: two, document: '{"Version": "1", "Statement": [{"Effect": "Deny", "Action": "dataworks:Nix", "Resource": "*"}]}'}
  - {name: three, document: {Version: "1", Statement: [{Effect: Allow, Action: 'dataworks:CreateWorkspace', Resource: reports}]}}
`))
}

// TestEveryWrongSettingHasItsPlace holds that what is wrong with workspaces is said at once, whether they are there or yet to be made.
func TestEveryWrongSettingHasItsPlace(t *testing.T) {
	b := newPlanned(t)
	b.must("workspace", "settings", "set", "sales_dw", "pai_scheduling=on", "--acknowledge")
	b.fails(exitUsage, []string{
		"line 5, column 19: display_name: ",
		"line 7, column 15: settings.reruns: 50 is no whole number from 1 to 10",
		"line 8, column 7: there is no setting rerun_polcy; the nearest: rerun_policy",
		"line 9, column 19: settings.cycle_time: 9:00 is no time of day",
		"line 10, column 23: settings.pai_scheduling: it is on and can never be switched off again",
		"line 11, column 31: settings.default_resource_group: no resource group nosuch is associated",
		"line 12, column 26: settings.sandbox_allowlist: ",
		"line 14, column 7: tags.aliyun-x: ",
		"line 15, column 14: a text belongs here",
		"line 18, column 11: mode: ",
		"line 19, column 15: template: ",
		"line 20, column 42: settings.default_resource_group: no resource group nosuch is in cn-hangzhou",
		"line 20, column 62: settings.time_zone: Europe/Paris cannot be used here",
	}, "plan", "-f", b.file("bad.yaml", `version: 1
region: cn-hangzhou
workspaces:
  - name: sales_dw
    display_name: ""
    settings:
      reruns: 50
      rerun_polcy: all-denied
      cycle_time: 9:00
      pai_scheduling: off
      default_resource_group: nosuch
      sandbox_allowlist: ["not a host!"]
    tags:
      aliyun-x: 1
      other: [1]
  - region: cn-hangzhou
    name: new_dw
    mode: both
    template: none
    settings: {default_resource_group:   nosuch, time_zone:  Europe/Paris}
`))
}
