package app_test

import (
	"maps"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/role"
	"reeve/tui/app"
	"reeve/tui/tuitest"
)

func refOf(workspace string) control.Ref {
	return control.Ref{Region: "cn-hangzhou", Workspace: workspace}
}

// stored are the levels of finance_reader as they stand in the database.
func stored(t *testing.T, w *world) access.Levels {
	t.Helper()
	editing, err := w.services.Roles.Edit(w.ctx(t, "root"), refOf("sales_dw"), "finance_reader")
	if err != nil {
		t.Fatal(err)
	}
	return editing.Role.Levels
}

func storedIs(t *testing.T, w *world, want map[access.Module]access.Level) {
	t.Helper()
	levels := stored(t, w)
	for m, l := range want {
		if got := levels.Get(m); got != l {
			t.Errorf("stored is %v for %s, want %v", got, m.Code(), l)
		}
	}
}

const paints = "down w down down n" // DataStudio to Write, DataService Studio to None

func TestLeavingUnsavedChangesAsks(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("zoe.park", sales+"/roles?q=finance").Keys("enter " + paints)
	has(t, d, "2 cells changed")
	has(t, d.Keys("esc"), "There are unsaved changes")
	has(t, d.Keys("s"), "2 cells changed")
	has(t, d.Keys("esc esc"), "2 cells changed") // esc leaves the question, not the screen
	has(t, d.Keys("esc d"), "sales_dw › Roles")
	lacks(t, d.Keys("enter"), "cells changed")
}

func TestQuittingWithUnsavedChangesAsks(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"q", "ctrl+c"} {
		for where, keys := range map[string]string{"there": "", "elsewhere": "8 7 "} {
			d := newWorld(t).open("zoe.park", reader).Keys(paints + " " + keys + key)
			if has(t, d, "There are unsaved changes"); d.Quit() {
				t.Errorf("%s %s: it quits without a question", key, where)
			}
			if d.Keys("s"); d.Quit() {
				t.Errorf("%s %s: it quits although one stays", key, where)
			}
			if d.Keys(key + " d"); !d.Quit() {
				t.Errorf("%s %s: it does not quit", key, where)
			}
		}
	}
	if d := newWorld(t).open("zoe.park", reader).Keys("q"); !d.Quit() {
		t.Error("without changes it does not quit at once")
	}
}

func TestUnsavedChangesStayWhileOneLooksElsewhere(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("zoe.park", reader).Keys(paints + " 8 enter")
	has(t, d.Keys("esc esc"), "2 cells changed")
	d.Keys("ctrl+r")
	has(t, d, "2 cells changed")
}

// A role that somebody deletes while it is painted is told as soon as that is heard of, and by the name that people know.
func TestARoleDeletedWhileItIsPainted(t *testing.T) {
	t.Parallel()
	for _, hears := range []string{"ctrl+r", ""} {
		w := newWorld(t)
		d := w.open("zoe.park", reader).Keys(paints)
		if _, err := w.services.Roles.Delete(w.ctx(t, "root"), refOf("sales_dw"), "finance_reader", role.Removal{TakeAway: true, OwnLoss: true}); err != nil {
			t.Fatal(err)
		}
		if hears != "" {
			has(t, d.Keys(hears), "finance_reader was deleted meanwhile")
		}
		has(t, d.Keys("ctrl+s"), "finance_reader was deleted meanwhile")
		lacks(t, d, "base_role_")
		has(t, d.Keys("w"), "finance_reader was deleted meanwhile")
		has(t, d.Keys("esc"), "sales_dw › Roles") // there is nothing left to ask about
	}
}

func TestUnsavedChangesAheadAreNotForgottenSilently(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("zoe.park", sales+"/roles?q=finance").Keys("enter " + paints + " ctrl+o")
	has(t, d, "sales_dw › Roles")
	has(t, d.Keys("8"), "There are unsaved changes")
}

func TestSavingShowsTheEffectAndWritesIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("zoe.park", reader).Keys(paints + " ctrl+s")
	has(t, d, "Effect of saving", "loses", "Read on DataService Studio", "m.ito", "keeps", "s.lindqvist", "gains", "Write on DataStudio")
	storedIs(t, w, map[access.Module]access.Level{access.DataStudio: access.Read, access.DataService: access.Read})
	has(t, d.Keys("esc"), "2 cells changed")
	lacks(t, d.Keys("ctrl+s enter"), "cells changed")
	storedIs(t, w, map[access.Module]access.Level{access.DataStudio: access.Write, access.DataService: access.None, access.DataQuality: access.Read})
}

func TestUndoWorksWithinItsTimeAndNotAfter(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		pass   time.Duration
		undone bool
	}{"at once": {0, true}, "in time": {119 * time.Second, true}, "too late": {121 * time.Second, false}} {
		w := newWorld(t)
		d := w.open("root", sales).Keys("m text:␣of␣record ctrl+s")
		has(t, d, "Sales warehouse of record")
		w.clock.Pass(tc.pass)
		d.Keys("u")
		if tc.undone {
			lacks(t, d, "of record")
		} else {
			has(t, d, "Sales warehouse of record")
		}
		if name == "at once" {
			before := bodyLines(d)[4]
			if d.Keys("u"); bodyLines(d)[4] != before {
				t.Errorf("the second undo did something: %s", bodyLines(d)[4])
			}
		}
	}
}

func TestASavedRoleIsTakenBack(t *testing.T) {
	t.Parallel()
	was := map[access.Module]access.Level{access.DataStudio: access.Read, access.DataService: access.Read}
	w := newWorld(t)
	w.open("zoe.park", reader).Keys(paints + " ctrl+s enter u")
	storedIs(t, w, was)
	w = newWorld(t)
	w.open("zoe.park", reader).Keys(paints + " ctrl+s enter 8 u")
	storedIs(t, w, was)
}

func TestUndoNeverOverwritesWhatSomebodyElseDidSince(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("zoe.park", reader).Keys(paints + " ctrl+s enter")
	elsewhere(w)
	d.Keys("u")
	storedIs(t, w, map[access.Module]access.Level{access.DataStudio: access.Write, access.DataService: access.None, access.DataQuality: access.Write})
}

// twoEditors paint the same role in two consoles; the second has saved when the first tries to.
func twoEditors(t *testing.T) (w *world, d *tuitest.Driver) {
	t.Helper()
	w = newWorld(t)
	d = w.open("zoe.park", reader).Keys(paints)
	other := w.another()
	second := tuitest.New(t, w.sessionOn(other, "lin.chen", reader), 120, 36).Keys("down n down down down w ctrl+s enter")
	has(t, second, "finance_reader")
	lacks(t, second, "cells changed")
	storedIs(t, w, map[access.Module]access.Level{access.DataStudio: access.None, access.DataQuality: access.Write})
	return w, d.Keys("ctrl+s")
}

func TestWhoSavesSecondSeesBothVersionsAndKeepsTheirOwn(t *testing.T) {
	t.Parallel()
	w, d := twoEditors(t)
	has(t, d, "changed while you edited it", "lin.chen", "DataStudio", "Data Quality")
	storedIs(t, w, map[access.Module]access.Level{access.DataStudio: access.None, access.DataQuality: access.Write, access.DataService: access.Read})
	has(t, d.Keys("m"), "2 cells changed")
	storedIs(t, w, map[access.Module]access.Level{access.DataStudio: access.None}) // choosing saves nothing
	d.Keys("ctrl+s enter")
	storedIs(t, w, map[access.Module]access.Level{access.DataStudio: access.Write, access.DataService: access.None, access.DataQuality: access.Write})
}

func TestWhoSavesSecondCanTakeTheirs(t *testing.T) {
	t.Parallel()
	w, d := twoEditors(t)
	lacks(t, d.Keys("t"), "cells changed")
	storedIs(t, w, map[access.Module]access.Level{access.DataStudio: access.None, access.DataQuality: access.Write, access.DataService: access.Read})
	if d.Keys("q"); !d.Quit() {
		t.Error("there is still something unsaved")
	}
}

func TestWhoSavesSecondCanGoBackToPainting(t *testing.T) {
	t.Parallel()
	w, d := twoEditors(t)
	has(t, d.Keys("esc"), "2 cells changed")
	has(t, d.Keys("ctrl+s"), "changed while you edited it") // it is asked again, never overwritten
	storedIs(t, w, map[access.Module]access.Level{access.DataStudio: access.None, access.DataService: access.Read})
}

func TestAChangeBetweenPreviewAndSaveIsNotOverwritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("zoe.park", reader).Keys(paints + " ctrl+s")
	has(t, d, "Effect of saving")
	elsewhere(w)
	has(t, d.Keys("enter"), "changed while you edited it")
	storedIs(t, w, map[access.Module]access.Level{access.DataQuality: access.Write, access.DataStudio: access.Read})
}

func TestTheRoleAsTextPaintsTheMatrix(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("zoe.park", reader).Keys("t")
	d.Keys("ctrl+y")
	if text := clipboard(d); len(text) < 100 {
		t.Errorf("copied %q", text)
	}
	d.Keys("down end backspace backspace backspace backspace text:write ctrl+s")
	has(t, d, "1 cell changed")
	storedIs(t, w, map[access.Module]access.Level{access.DataStudio: access.Read})
}

func TestADialogOfDestructionWantsTheName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("root", sales).Keys("x text:sales_d enter tab y")
	has(t, d, "Delete sales_dw?")
	d.Keys("esc x text:sales_dw enter y")
	lacks(t, d, "Delete sales_dw?")
	lists(t, d, "frozen_lab", "legacy", "marketing_lab", "risk_dw")
	has(t, d.Keys("B"), "sales_dw")
	has(t, d.Keys("esc u"), "sales_dw")
}

func TestAFormAsksBeforeWhatWasTypedIsLost(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("root", "cn-hangzhou").Keys("a text:new_dw esc")
	has(t, d, "New workspace in cn-hangzhou", "new_dw")
	lacks(t, d.Keys("esc"), "New workspace in cn-hangzhou")
	lacks(t, d.Keys("a esc"), "New workspace in cn-hangzhou")
}

func TestAJobThatFailsElsewhereIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := unloaded(w, "zoe.park", reader, "dark").resize(120, 36).finishAll()
	m.keys(paints + " ctrl+s").finishAll().keys("enter")
	saving := m.take()
	elsewhere(w)
	m.keys("8").finishAll()
	m.finish(saving...).keys("!")
	if text := m.screen().String(); !contains(text, "finance_reader") {
		t.Errorf("nothing is said of the save that failed:\n%s", text)
	}
}

func TestAJobThatSucceedsElsewhereIsSaidAndCanBeTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := unloaded(w, "zoe.park", reader, "dark").resize(120, 36).finishAll()
	m.keys(paints + " ctrl+s").finishAll().keys("enter")
	saving := m.take()
	m.keys("8").finishAll()
	m.finish(saving...)
	storedIs(t, w, map[access.Module]access.Level{access.DataStudio: access.Write})
	if text := m.screen().String(); !contains(text, "Saved finance_reader") {
		t.Errorf("nothing is said of the save that was made:\n%s", text)
	}
	m.keys("u").finishAll()
	storedIs(t, w, map[access.Module]access.Level{access.DataStudio: access.Read})
}

func TestWithoutChangesElsewhereNothingIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("zoe.park", reader, func(*app.Options) {}).Keys("down w ctrl+s enter down w ctrl+s enter")
	lacks(t, d, "changed while")
	want := map[access.Module]access.Level{access.DataStudio: access.Write}
	maps.Copy(want, map[access.Module]access.Level{access.OperationCenter: access.Write})
	storedIs(t, w, want)
}
