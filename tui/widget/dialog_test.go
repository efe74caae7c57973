package widget_test

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/tui/theme"
	"reeve/tui/widget"
)

func askDelete() *widget.Dialog {
	return widget.NewDialog("Delete?", nil,
		widget.Choice{ID: "yes", Label: "delete", Key: "d", Danger: true},
		widget.Choice{ID: "no", Label: "keep", Key: "k"},
		widget.Choice{ID: "later", Label: "later", Key: "l", Disabled: "not here"})
}

func answer(t *testing.T, d *widget.Dialog, keys string) widget.DialogResult {
	t.Helper()
	return press(t, keys, func(k tea.KeyPressMsg) widget.DialogResult { return d.HandleKey(k, time.Unix(0, 0)) })
}

func TestDialogAnswers(t *testing.T) {
	for keys, want := range map[string]widget.DialogResult{
		"enter":           {Done: true, Choice: "no"},
		"d":               {Done: true, Choice: "yes"},
		"left enter":      {Done: true, Choice: "yes"},
		"tab enter":       {},
		"l":               {},
		"x":               {},
		"esc":             {Done: true},
		"right tab enter": {Done: true, Choice: "yes"},
	} {
		if got := answer(t, askDelete(), keys); got != want {
			t.Errorf("%s: got %+v, want %+v", keys, got, want)
		}
	}
}

func TestDialogWantsTheName(t *testing.T) {
	for keys, want := range map[string]widget.DialogResult{
		"text:sales_dw enter enter": {Done: true, Choice: "yes"},
		"text:sales_dw enter":       {},
		"text:sales enter enter":    {},
		"text:Sales_dw tab d":       {},
		"d":                         {},
		"tab k":                     {Done: true, Choice: "no"},
		"text:sales_dw tab d":       {Done: true, Choice: "yes"},
		"text:sales esc":            {Done: true},
	} {
		d := askDelete().RequireName("Type sales_dw:", "sales_dw")
		if got := answer(t, d, keys); got != want {
			t.Errorf("%s: got %+v, want %+v", keys, got, want)
		}
	}
}

func TestDialogThatOpensBySelfWaitsForQuiet(t *testing.T) {
	start := time.Unix(100, 0)
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	d := askDelete().OpenedBySelf(start)
	key := tea.KeyPressMsg{Code: 'd', Text: "d"}
	for _, ms := range []int{0, 100, 500, 900, 1324} {
		if got := d.HandleKey(key, at(ms)); got.Done {
			t.Fatalf("a key typed ahead at %d ms answered %+v", ms, got)
		}
	}
	if got := d.HandleKey(key, at(1324+425)); got.Choice != "yes" {
		t.Errorf("after 425 ms of quiet: %+v", got)
	}
}

func TestDialogSaysWhereItsCursorIs(t *testing.T) {
	d := askDelete()
	d.Render(theme.New(theme.Mono), 80, 24)
	if _, _, ok := d.Cursor(); ok {
		t.Errorf("a dialog without a name has a text cursor")
	}
	d.RequireName("Type it:", "sales_dw")
	d.Paste(" sal ")
	d.Render(theme.New(theme.Mono), 80, 24)
	if x, y, ok := d.Cursor(); !ok || x != 7 || y != 2 {
		t.Errorf("the cursor is at %d,%d %v", x, y, ok)
	}
}
