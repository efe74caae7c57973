package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"github.com/charmbracelet/x/ansi"

	"reeve/core/edition"
)

// questions drives the form of the first run without a terminal.
type questions struct {
	t    *testing.T
	form *huh.Form
}

func (q *questions) send(msg tea.Msg) {
	_, cmd := q.form.Update(msg)
	q.run(cmd)
}

// run runs what a message began, apart from the blinking of a cursor, which never ends.
func (q *questions) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil, tea.QuitMsg:
	case tea.BatchMsg:
		for _, c := range msg {
			q.run(c)
		}
	default:
		if !strings.Contains(strings.ToLower(fmt.Sprintf("%T", msg)), "blink") {
			q.send(msg)
		}
	}
}

func (q *questions) keys(names ...string) *questions {
	q.t.Helper()
	codes := map[string]tea.KeyPressMsg{"enter": {Code: tea.KeyEnter}, "shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift}, "down": {Code: tea.KeyDown},
		"space": {Code: tea.KeySpace, Text: " "}, "left": {Code: tea.KeyLeft}}
	for _, name := range names {
		if k, named := codes[name]; named {
			q.send(k)
			continue
		}
		for _, r := range name {
			q.send(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
	}
	return q
}

func (q *questions) shows(parts ...string) *questions {
	q.t.Helper()
	view := ansi.Strip(q.form.View())
	if h := strings.Count(view, "\n") + 1; h > 20 {
		q.t.Errorf("it takes %d lines:\n%s", h, view)
	}
	for _, part := range append(parts, "Set up reeve") {
		if !strings.Contains(view, part) {
			q.t.Errorf("%q is not in\n%s", part, view)
		}
	}
	return q
}

func TestTheQuestionsOfTheFirstRun(t *testing.T) {
	c, err := newCLI(nil, nil, nil, nil, newBench(t).environ())
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.catalogues()
	if err != nil {
		t.Fatal(err)
	}
	run := &firstRun{Editions: make([]edition.Edition, len(s.known))}
	for i := range run.Editions {
		run.Editions[i] = edition.Enterprise
	}
	q := &questions{t: t, form: huh.NewForm(c.setupPages(s, run)...).WithShowHelp(false)}
	q.run(q.form.Init())
	q.send(tea.WindowSizeMsg{Width: 60, Height: 20})
	q.shows("What is the tenant called?")
	q.keys("enter").shows("must not be empty")
	q.keys("acme", "enter", "root", "enter").shows("Which regions")
	q.keys("enter").shows("choose at least one region")
	q.keys("shift+tab").shows("Who owns it?") // with no region chosen
	q.keys("2", "enter", "space", "down", "space", "enter")
	q.shows("Which edition does " + s.known[0].ID)
	q.keys("shift+tab").shows("Which regions")
	q.keys("enter", "enter").shows("Which edition does " + s.known[1].ID)
	q.keys("down", "enter").shows("Is this right?", "acme", "root2", s.known[0].ID, s.known[1].ID, c.databasePath()[len(c.databasePath())-8:])
	if run.Go || q.form.State == huh.StateCompleted {
		t.Fatal("it began before it was asked to")
	}
	q.keys("shift+tab", "enter", "left", "enter")
	if q.form.State != huh.StateCompleted || !run.Go {
		t.Fatalf("the questions are not answered: %v, %+v", q.form.State, run)
	}
	got := run.chosen(s.known)
	if len(got) != 2 || got[0].ID != s.known[0].ID || got[1].ID != s.known[1].ID || got[0].Edition != edition.Enterprise || !slices.Contains(run.Regions, s.known[1].ID) {
		t.Errorf("chosen are %+v", got)
	}
}
