package widget_test

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"reeve/tui/tuitest"
)

// press gives keys by their names to a widget and returns what the last one
// meant.
func press[E any](t *testing.T, keys string, handle func(tea.KeyPressMsg) E) E {
	t.Helper()
	var last E
	presses, err := tuitest.ParseKeys(keys)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range presses {
		last = handle(k)
	}
	return last
}
