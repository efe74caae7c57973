package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"reeve/core/action"
)

// notActs are the commands that do nothing to a tenant and so are no acts.
var notActs = []string{"version", "completion", "help", "demo", "access points"}

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
		{"", []string{"needs a terminal", "workspace", "reeve demo"}},
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
		{"workspace list --db", []string{"--db needs a value"}},
		{"workspace list --limit many", []string{"--limit cannot take the value many"}},
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
