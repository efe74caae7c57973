package tuitest_test

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"reeve/tui/tuitest"
)

// echo shows the messages it has got.
type echo struct {
	got  []string
	w, h int
}

type note string

func say(s string) tea.Cmd { return func() tea.Msg { return note(s) } }

func (e echo) Init() tea.Cmd { return say("init") }

func (e echo) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch m := msg.(type) {
	case tea.WindowSizeMsg:
		e.w, e.h = m.Width, m.Height
		return e, nil
	case note:
		e.got = append(e.got, string(m))
		if m == "more" {
			return e, say("last")
		}
		return e, nil
	case tea.KeyPressMsg:
		e.got = append(e.got, m.String())
		switch m.String() {
		case "b":
			return e, tea.Batch(say("one"), nil, tea.Batch(say("two"), say("more")))
		case "s":
			return e, tea.Sequence(say("first"), say("second"))
		case "q":
			return e, tea.Quit
		}
	}
	return e, nil
}

func (e echo) View() tea.View { return tea.NewView(strings.Join(e.got, "\n")) }

func TestDriverRunsCommandsUntilQuiet(t *testing.T) {
	d := tuitest.New(t, echo{}, 20, 12).Keys("b s q")
	want := "init b one two more last s first second q"
	if got := strings.Join(strings.Fields(d.Text()), " "); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !d.Quit() {
		t.Errorf("quitting was missed")
	}
	if len(d.Seen()) != 7 {
		t.Errorf("commands sent %v", d.Seen())
	}
}

func TestSweepResizes(t *testing.T) {
	var seen []string
	tuitest.New(t, echo{}, 20, 5).Sweep(tuitest.Sizes(), func(s tuitest.Size, d *tuitest.Driver) {
		m, ok := d.Model().(echo)
		if !ok || m.w != s.W || m.h != s.H {
			t.Errorf("at %v the model has %v", s, d.Model())
		}
		seen = append(seen, s.String())
	})
	if got := strings.Join(seen, " "); got != "60x20 80x24 120x40 200x60" {
		t.Errorf("swept %s", got)
	}
}

func TestParseKeysNamesKeysAsThePrintedOnes(t *testing.T) {
	names := "up down left right home end pgup pgdown enter tab esc space backspace delete insert ctrl+s ctrl+o alt+x shift+tab ctrl+left a A ? : [ 1 数"
	keys, err := tuitest.ParseKeys(names)
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range strings.Fields(names) {
		if got := keys[i].String(); got != name {
			t.Errorf("%s prints as %s", name, got)
		}
	}
	typed, err := tuitest.ParseKeys("text:a␣B")
	if err != nil || fmt.Sprint(typed) != "[a space B]" {
		t.Errorf("typed %v, %v", typed, err)
	}
	if _, err := tuitest.ParseKeys("down hyper"); err == nil {
		t.Errorf("a key that does not exist was pressed")
	}
}

func TestGridShowsTextAndStyle(t *testing.T) {
	p := tuitest.Grid("\x1b[1mab\x1b[m 数\x1b[48;2;1;2;3m \x1b[31mx\x1b[m", 8, 2)
	want := "-- text --\nab 数 x\n\n-- style --\naa...bc\n\n-- legend --\na bold\nb on #010203\nc color 1 on #010203\n"
	want = strings.Replace(want, "aa...bc", "aa..'bc", 1)
	if p.String() != want {
		t.Errorf("got\n%s", p)
	}
}

// recorder stands in for a test and remembers that it failed.
type recorder struct {
	testing.TB
	failed []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.failed = append(r.failed, fmt.Sprintf(format, args...))
}

func TestInvariantsFindWhatIsWrong(t *testing.T) {
	for name, tc := range map[string]struct {
		content string
		bad     bool
	}{
		"right":                {"\x1b[1mabc\x1b[m\n数a", false},
		"too wide":             {"abcd", true},
		"too wide by a cell":   {"数数", true},
		"too wide if added up": {"👍\U0001F3FD", true},
		"too high":             {"a\nb\nc", true},
		"broken text":          {"\uFFFD", true},
		"cursor movement":      {"\x1b[2J", true},
		"title":                {"\x1b]0;x\a", true},
		"carriage return":      {"a\r", true},
	} {
		r := &recorder{TB: t}
		tuitest.Invariants(r, tc.content, 3, 2)
		if (len(r.failed) > 0) != tc.bad {
			t.Errorf("%s: %v", name, r.failed)
		}
	}
}
