package main

import (
	"strings"
	"testing"
)

func TestARoleBeginsWithATemplate(t *testing.T) {
	b := newTenant(t)
	codes := column(b.list("role", "templates"), "code")
	if !strings.Contains(codes, "read-only-analyst") || !strings.Contains(codes, "operator auditor") && !strings.Contains(codes, "auditor operator") {
		t.Errorf("templates %s", codes)
	}
	if text := b.must("role", "templates", "auditor"); !strings.Contains(text, "reads every module") || strings.Count(text, "Read-only") != 13 {
		t.Error(text)
	}
	b.fails(exitNotFound, []string{"auditr", "auditor"}, "role", "templates", "auditr")
	made := b.one(inSales("role", "create", "Night", "--template", "Operator", "--set", "data-service=none")...)
	modules, _ := made["modules"].(map[string]any)
	for module, want := range map[string]string{"operation-center": "write", "data-service": "none", "data-studio": "read"} {
		if modules[module] != want {
			t.Errorf("%s is %v, want %s", module, modules[module], want)
		}
	}
	b.fails(exitUsage, []string{"--template, --set or --rest"}, inSales("role", "create", "Nothing")...)
	rested, _ := b.one(inSales("role", "create", "Reader", "--rest", "read")...)["modules"].(map[string]any)
	for module, level := range rested {
		if level != "read" {
			t.Errorf("--rest alone leaves %s at %v", module, level)
		}
	}
	if len(rested) == 0 {
		t.Error("--rest alone makes no role of modules")
	}
	b.fails(exitUsage, []string{"must not be empty"}, inSales("role", "create", "Empty", "--set", "")...)
	b.fails(exitUsage, []string{"--rest"}, inSales("role", "create", "Both", "--template", "auditor", "--rest", "read")...)
	b.fails(exitUsage, []string{"there is no template x; there are: read-only-analyst", "there is no workspace module data-stdio", "has one character"},
		inSales("role", "create", "9", "--template", "x", "--set", "data-stdio=read")...)
}

func TestARoleIsCopiedByName(t *testing.T) {
	b := newTenant(t)
	for _, name := range []string{"ops", "risk"} {
		b.must("workspace", "create", name, "--region", "cn-hangzhou", "--admin", "lin")
	}
	b.must("workspace", "create", "tiny", "--region", "cn-shanghai")
	b.must(inSales("role", "create", "Loader", "--set", "data-studio=write")...)
	b.must("role", "create", "Loader", "--set", "data-studio=read", "-w", "risk")
	b.must("member", "add", "bo", "--role", "Loader", "-w", "risk")
	for _, e := range [][]string{{"sales_dw", "mc"}, {"ops", "mc"}} {
		b.must("engine", "add", e[1], "--type", "maxcompute", "-w", e[0])
	}
	b.must(inSales("engine", "map-role", "mc", "Loader", "Role_Project_Dev")...)

	text := b.must(inSales("role", "copy", "Loader", "--to", "ops,cn-hangzhou/risk", "--preview", "--as", "lin")...)
	for _, want := range []string{"ops: is created", "not mapped to Role_Project_Dev in mc: only the account", "risk: is there already, says something else and stays",
		"data-studio: Read-only there, Read-write", "no MaxCompute engine called mc", "One role is left"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	b.fails(exitNotFound, nil, "role", "show", "Loader", "-w", "ops") // a preview keeps nothing
	if text := b.must(inSales("role", "copy", "Loader", "--to", "risk", "--replace", "--preview")...); !strings.Contains(text, "bo") || !strings.Contains(text, "is changed") {
		t.Error(text)
	}
	done := b.list(inSales("role", "copy", "loader", "--to", "ops", "--to", "risk", "--replace")...)
	if column(done, "result") != "creates replaces" || column(rows(done[0]["engine_mappings"]), "result") != "maps" || column(rows(done[1]["engine_mappings"]), "result") != "no_engine" {
		t.Errorf("%v", done)
	}
	if text := b.must(inSales("role", "copy", "Loader", "--to", "ops,risk")...); strings.Count(text, "says the same") != 2 {
		t.Error(text)
	}
	if text := b.must("audit", "list", "--what", "role.copy"); strings.Count(text, "role.copy") != 1 {
		t.Error(text)
	}
	b.fails(exitUsage, []string{"--to WORKSPACE is missing"}, inSales("role", "copy", "Loader")...)
	b.fails(exitUsage, []string{"the role is from sales_dw", "there is no workspace rsik"}, inSales("role", "copy", "Loader", "--to", "sales_dw,rsik")...)
	b.fails(exitDenied, []string{"cn-hangzhou/ops, cn-hangzhou/risk", "Workspace Administrator"}, inSales("role", "copy", "Loader", "--to", "ops,risk", "--as", "zoe")...)
	b.fails(exitDenied, []string{"cn-shanghai/tiny", "Enterprise"}, inSales("role", "copy", "Loader", "--to", "tiny")...)
	b.fails(exitConflict, []string{"built in"}, inSales("role", "copy", "develop", "--to", "ops")...)
}
