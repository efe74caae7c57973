package app_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"reeve/tui/tuitest"
)

// has fails unless all parts are on the screen.
func has(t *testing.T, d *tuitest.Driver, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if text := d.Text(); !strings.Contains(text, part) {
			t.Errorf("%q is not on the screen:\n%s", part, brief(text))
		}
	}
}

// lacks fails if one of the parts is on the screen.
func lacks(t *testing.T, d *tuitest.Driver, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if text := d.Text(); strings.Contains(text, part) {
			t.Errorf("%q is on the screen:\n%s", part, brief(text))
		}
	}
}

// brief is a screen without its empty lines.
func brief(screen string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(screen, "\n"), func(line string) bool {
		return strings.Trim(line, " │─") == ""
	}), "\n")
}

// same fails unless the screen shows want.
func same(t *testing.T, d *tuitest.Driver, want string) {
	t.Helper()
	if got := d.Text(); got != want {
		t.Errorf("the screen shows\n%s\nand should show\n%s", got, want)
	}
}

// bodyLines are the lines between the frame's rules, without the navigation.
func bodyLines(d *tuitest.Driver) []string {
	var out []string
	for line := range strings.SplitSeq(ansi.Strip(d.View().Content), "\n") {
		if _, right, found := strings.Cut(line, "│"); found {
			line = right
		}
		out = append(out, strings.TrimRight(line, " "))
	}
	return out[2 : len(out)-2]
}

// listed are the first words of a list's rows, and the one under the cursor.
func listed(d *tuitest.Driver) (names []string, selected string) {
	lines := bodyLines(d)
	if len(lines) > 2 && strings.Contains(lines[0], "Members") && strings.Contains(lines[0], "Roles") && strings.HasPrefix(strings.TrimSpace(lines[1]), "──") {
		lines = lines[2:]
	}
	for i, line := range lines[:len(lines)-1] {
		words := strings.Fields(strings.Trim(line, "▌ ✓"))
		if i == 0 || len(words) == 0 { // the titles, or nothing
			continue
		}
		names = append(names, words[0])
		if strings.HasPrefix(line, "▌") {
			selected = words[0]
		}
	}
	return names, selected
}

// lists fails unless exactly these rows are shown.
func lists(t *testing.T, d *tuitest.Driver, want ...string) {
	t.Helper()
	if got, _ := listed(d); !slices.Equal(got, want) {
		t.Errorf("listed are %v, want %v\n%s", got, want, d.Text())
	}
}

// selects fails unless the cursor is on a row.
func selects(t *testing.T, d *tuitest.Driver, want string) {
	t.Helper()
	if _, got := listed(d); got != want {
		t.Errorf("the cursor is on %q, want %q\n%s", got, want, d.Text())
	}
}

// clipboard is what was sent to the terminal's clipboard last. Its message is the library's own kind of string.
func clipboard(d *tuitest.Driver) string {
	last := ""
	for _, m := range d.Seen() {
		v := reflect.ValueOf(m)
		if v.Kind() == reflect.String && strings.Contains(v.Type().Name(), "lipboard") {
			last = v.String()
		}
	}
	return last
}

func contains(text, part string) bool { return strings.Contains(text, part) }
