package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"reeve/core/action"
)

// notActs are the commands that do nothing to a tenant and so are no acts.
var notActs = []string{"version", "completion", "help", "demo", "access points", "role templates", "serve", "doctor"}

// leaves are all commands that are no groups, by path without the program's name.
func leaves(t *testing.T) map[string]*cobra.Command {
	t.Helper()
	c, err := newCLI(nil, strings.NewReader(""), nil, nil, newBench(t).environ())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]*cobra.Command{}
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		for _, sub := range cmd.Commands() {
			if sub.HasSubCommands() {
				visit(sub)
			} else {
				found[strings.TrimPrefix(sub.CommandPath(), program+" ")] = sub
			}
		}
	}
	root := c.root()
	root.InitDefaultHelpCmd()
	visit(root)
	return found
}

func TestEveryActWithACommandHasThatCommand(t *testing.T) {
	commands := leaves(t)
	c, err := newCLI(nil, nil, nil, nil, newBench(t).environ())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range notActs {
		delete(commands, name)
	}
	for _, act := range action.All() {
		if act.Command == "" {
			continue
		}
		cmd, ok := commands[act.Command]
		if !ok {
			t.Errorf("act %s has no command %q", act.ID, act.Command)
			continue
		}
		delete(commands, act.Command)
		if want := c.p.Text(act.Message()); cmd.Short != want {
			t.Errorf("%s is titled %q, its act %q", act.Command, cmd.Short, want)
		}
	}
	for path := range commands {
		t.Errorf("the command %q is no act of the catalogue", path)
	}
}

func TestEveryActHasATitleAndAWord(t *testing.T) {
	c, err := newCLI(nil, nil, nil, nil, newBench(t).environ())
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range action.All() {
		if !c.p.Has(act.Message()) || !c.p.Has(act.Short()) {
			t.Errorf("act %s has no title or no word", act.ID)
		}
		if word := c.p.Text(act.Short()); word != strings.ToLower(word) {
			t.Errorf("act %s has the word %q, want it in lower case", act.ID, word)
		}
	}
}

func TestEveryCommandHasHelp(t *testing.T) {
	b := newBench(t)
	for path, cmd := range leaves(t) {
		out := b.must(append(strings.Fields(path), "--help")...)
		for _, want := range []string{cmd.Short, program + " " + path} {
			if !strings.Contains(out, want) {
				t.Errorf("help for %s lacks %q", path, want)
			}
		}
		if path != "help" && !strings.Contains(out, "--db") {
			t.Errorf("help for %s lacks the global flags", path)
		}
	}
	if out := b.must("help", "member", "add"); !strings.Contains(out, "member add USER… --role ROLE… -w WORKSPACE") {
		t.Errorf("help member add says %s", out)
	}
	if out := b.must("--help"); !strings.Contains(out, "workspace") {
		t.Errorf("--help says %s", out)
	}
}

func TestUsageMistakes(t *testing.T) {
	b := newTenant(t)
	for _, c := range []struct {
		args  string
		parts []string
	}{
		{"", []string{"needs a terminal", "reeve help", "reeve demo"}},
		{"frobnicate", []string{"no command frobnicate", "workspace"}},
		{"workspce", []string{"nearest names: workspace"}},
		{"workspace", []string{"one more word", "create"}},
		{"workspace lst", []string{"nearest names: list"}},
		{"workspace list extra", []string{"extra is one word too many"}},
		{"workspace show", []string{"NAME is missing"}},
		{"role clone develop -w sales_dw", []string{"NAME is missing"}},
		{"member list", []string{"-w", "missing"}},
		{"member add zoe -w sales_dw", []string{"--role ROLE… is missing"}},
		{"member add --role develop zoe -w sales_dw", []string{"USER is missing"}},
		{"workspace list --nonsense", []string{"no flag --nonsense"}},
		{"workspace list -x", []string{"no flag -x"}},
		{"workspace list -ünïcode", []string{"no flag -ü"}},
		{"role update reader -w sales_dw", []string{"no command update"}},
		{"role lst -w sales_dw", []string{"no command lst", "list"}},
		{"role -w sales_dw", []string{"no flag -w"}},
		{"workspace list --db", []string{"--db needs a value"}},
		{"workspace list --limit many", []string{"--limit cannot take the value many", "a whole number from 1"}},
		{"workspace list --limit 0", []string{"--limit cannot take the value 0", "a whole number from 1"}},
		{"audit list --limit -1", []string{"--limit cannot take the value -1", "a whole number from 1"}},
		{"workspace list --lang xx", []string{"--lang", "no language xx", "en"}},
		{"workspace list --lang=", []string{"--lang", "there are: en"}},
		{"workspace list --theme pink", []string{"--theme", "no look pink", "mono"}},
		{"audit list --since 2026-02-01 --until 2026-01-01", []string{"since: 2026-02-01 is not before 2026-01-01"}},
		{"audit export --since 1h --until 2h", []string{"since: 1h is not before 2h"}},
		{"audit list --since 2026-01-01 --until 2026-01-01", []string{"since: "}},
		{"audit list --what rolle.create", []string{"what: no act is called rolle.create", "nearest names: role.create"}},
		{"workspace list --only-roles nosuch,develop,neither", []string{"no workspace has a role nosuch", "no workspace has a role neither", "reeve role list"}},
		{"workspace list --only-roles develp", []string{"no workspace has a role develp", "nearest names: Develop"}},
		{"role create x --set nosuch=read --rest much -w sales_dw", []string{"3 fields", "name: has one character, allowed are 2 to 64", "no workspace module nosuch", "rest: there is no level much"}},
		{"role clone nosuch x -w sales_dw", []string{"2 fields", "name: has one character", "role: there is no role nosuch"}},
		{"tenant-role create x --grant nosuch --region cn-hangzhou", []string{"2 fields", "name: has one character", "no capability nosuch"}},
		{"workspace delete sales_dw --confirm sales", []string{"confirm: sales is not the name of the workspace", "sales_dw"}},
		{"workspace list -o xml", []string{"no output form xml"}},
		{"workspace update sales_dw", []string{"--display-name"}},
		{"audit export --format csv", []string{"no format csv"}},
		{"completion tcsh", []string{"no completion for tcsh"}},
		{"help nonsense", []string{"no command nonsense"}},
	} {
		b.fails(exitUsage, c.parts, strings.Fields(c.args)...)
	}
}

func TestUsageMistakesInJSON(t *testing.T) {
	b := newTenant(t)
	o := b.fails(exitUsage, nil, "workspace", "list", "--nonsense", "-o", "json")
	e := decode[map[string]map[string]any](t, o.errors)["error"]
	if e["kind"] != "usage" || e["message"] != "There is no flag --nonsense here." || e["next"] == "" || e["fields"] == nil {
		t.Errorf("error %v", e)
	}
	if o.out != "" {
		t.Errorf("stdout has %q", o.out)
	}
}

func TestCompletionAndVersion(t *testing.T) {
	b := newBench(t)
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if out := b.must("completion", shell); !strings.Contains(out, program) {
			t.Errorf("completion %s is empty", shell)
		}
	}
	if v := b.one("version"); v["version"] == "" || v["go"] == "" {
		t.Errorf("version %v", v)
	}
	if out := b.must("--version"); !strings.HasPrefix(out, "reeve ") {
		t.Errorf("--version says %q", out)
	}
}

// A name that is taken in another spelling is told in the spelling that has it.
func TestATakenNameIsToldAsItIsStored(t *testing.T) {
	b := newTenant(t)
	b.fails(exitConflict, []string{"there is a workspace sales_dw in cn-hangzhou already"}, "workspace", "create", "SALES_dw", "--region", "cn-hangzhou")
	b.must("engine", "add", "Lake", "--type", "maxcompute", "-w", "sales_dw")
	b.fails(exitConflict, []string{"has an engine Lake already"}, "engine", "add", "LAKE", "--type", "maxcompute", "-w", "sales_dw")
}

// A region that does not exist is told; one that is not activated just has no workspaces.
func TestARegionThatDoesNotExist(t *testing.T) {
	b := newTenant(t)
	b.fails(exitNotFound, []string{"no region mars", "here"}, "workspace", "list", "--region", "mars")
	b.fails(exitNotFound, []string{"nearest names: cn-hangzhou"}, "workspace", "bin", "--region", "cn-hangzhu")
	if found := b.list("workspace", "list", "--region", "cn-beijing"); len(found) != 0 {
		t.Errorf("workspaces in a region that is not activated: %v", found)
	}
}

// What is no act may still be part of what an act was done to, and a narrowed session may name any role that is somewhere.
func TestWordsThatOnlyLookUnknown(t *testing.T) {
	b := newTenant(t)
	if found := b.list("audit", "list", "--what", "sales_d"); len(found) == 0 {
		t.Error("a search for what an act was done to finds nothing")
	}
	if found := b.list("audit", "list", "--what", "Role.Delete"); len(found) != 0 {
		t.Errorf("an act that nobody did: %v", found)
	}
	b.must("role", "create", "Readers", "--set", "data-studio=read", "-w", "sales_dw")
	b.must("user", "list", "--only-roles", "readers", "Project Owner")
}
