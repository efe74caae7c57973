package app_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"reeve/core/preference"
)

func TestPreferencesHoldAtOnceAndForTheNextConsole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("zoe.park", sales+"/members")
	has(t, d, "│")
	has(t, d.Keys(","), "What you want of the console", "as the terminal says", "to the terminal's clipboard")
	// Look stays; ASCII; language stays; copies are shown; the mouse is on.
	has(t, d.Keys("tab right right tab tab right tab right ctrl+s"), "Saved; every console")
	lacks(t, d, "│", "…", "▌")
	if d.View().MouseMode != tea.MouseModeCellMotion {
		t.Error("the mouse is not on")
	}
	list, err := w.services.Preferences.List(w.ctx(t, "zoe.park"))
	fatal(t, err)
	got := map[preference.Name]string{}
	for _, p := range list {
		got[p.Name] = p.Value
	}
	want := map[preference.Name]string{"theme": "auto", "characters": "ascii", "language": "auto", "clipboard": "text", "mouse": "on"}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s is %q, not %q", name, got[name], value)
		}
	}
	// A copy is shown alone, and the mouse is the terminal's meanwhile.
	has(t, d.Keys("y enter"), "Select the text with the mouse")
	if first, _, _ := strings.Cut(d.Text(), "\n"); strings.TrimSpace(first) == "" || strings.HasPrefix(first, " ") {
		t.Errorf("the copy does not stand at the left edge: %q", first)
	}
	lacks(t, d, "reeve", "Members")
	if d.View().MouseMode == tea.MouseModeCellMotion {
		t.Error("the mouse is taken while a text is to be selected")
	}
	has(t, d.Keys("esc"), "Members")
	// Everybody has their own.
	list, err = w.services.Preferences.List(w.ctx(t, "lin.chen"))
	fatal(t, err)
	for _, p := range list {
		if p.Value != p.Choices[0] {
			t.Errorf("lin.chen has %s = %s", p.Name, p.Value)
		}
	}
}

func TestACopyThatNoTerminalTakesIsNotSent(t *testing.T) {
	t.Parallel()
	w := worldOf(t, largeWorld)
	d := w.open("root", "cn-hangzhou/crowd/members")
	has(t, d.Keys("e text:csv enter"), "the clipboard of a terminal takes 55")
}
