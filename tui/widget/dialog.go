package widget

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/tui/theme"
)

// quietBeforeKeys is how long the keyboard must rest before a dialog that
// opened by itself listens: keys typed before it could be seen were meant for
// what is under it. The time is longer than the pause between two keys of a
// person who types.
const quietBeforeKeys = 425 * time.Millisecond

// Choice is one way out of a dialog.
type Choice struct {
	ID, Label string
	// Key chooses it at once, where no name is being typed.
	Key string
	// Danger marks what cannot be taken back; it is never the one under the
	// cursor when the dialog opens.
	Danger bool
	// Disabled, when not empty, is why it cannot be chosen now.
	Disabled string
}

// BodyLine is one line of a dialog, wrapped where it is too long.
type BodyLine struct {
	Text string
	Role theme.Role
}

// Dialog asks a question.
type Dialog struct {
	Title string
	Body  []BodyLine
	// NamePrompt is said above the name to be typed, Name is that name. With
	// an empty Name nothing needs to be typed. The name is asked for choices
	// marked as danger only.
	NamePrompt, Name string
	// Typing is said under the name while it is typed: what the keys do. Wrong says that a typed name is not the one.
	Typing string
	Wrong  func(typed string) string

	choices []Choice
	at      int
	input   *Input
	inInput bool
	wrong   bool // enter was pressed on a name that is not the one

	graceful  bool
	quietFrom time.Time

	cursorX, cursorY int
	cursorOK         bool
}

// DialogResult says how a dialog was left. Done is false while it is open.
// Choice is empty when it was left with esc.
type DialogResult struct {
	Done   bool
	Choice string
}

// NewDialog returns a dialog with the cursor on the first choice that is
// possible and no danger.
func NewDialog(title string, body []BodyLine, choices ...Choice) *Dialog {
	d := &Dialog{Title: title, Body: body, choices: choices, input: NewInput("")}
	for i, c := range choices {
		if !c.Danger && c.Disabled == "" {
			d.at = i
			break
		}
	}
	return d
}

// RequireName asks for a name to be typed before a choice marked as danger.
func (d *Dialog) RequireName(prompt, name string) *Dialog {
	d.NamePrompt, d.Name = prompt, name
	d.inInput = name != ""
	return d
}

// WithTyping sets what is said while the name is typed, and of a name that is not the one.
func (d *Dialog) WithTyping(keys string, wrong func(typed string) string) *Dialog {
	d.Typing, d.Wrong = keys, wrong
	return d
}

// OpenedBySelf tells that nobody asked for the dialog: from now on it ignores
// keys until the keyboard has been quiet for 425 milliseconds.
func (d *Dialog) OpenedBySelf(now time.Time) *Dialog {
	d.graceful, d.quietFrom = true, now
	return d
}

// HandleKey gives a key, pressed at the time now, to the dialog. A dialog
// takes every key.
func (d *Dialog) HandleKey(k tea.KeyPressMsg, now time.Time) DialogResult {
	if d.swallows(now) {
		return DialogResult{}
	}
	key := k.String()
	if key == "esc" {
		return DialogResult{Done: true}
	}
	if d.Name != "" && d.inInput {
		return d.typing(k)
	}
	switch key {
	case "left", "shift+tab", "up":
		d.step(-1)
	case "right", "tab", "down":
		d.step(1)
	case "enter":
		return d.choose(d.at)
	default:
		for i, c := range d.choices {
			if c.Key == key {
				return d.choose(i)
			}
		}
	}
	return DialogResult{}
}

// Paste inserts text into the name being typed.
func (d *Dialog) Paste(s string) {
	if d.Name != "" && d.inInput && !d.graceful {
		d.input.Paste(strings.TrimSpace(s))
	}
}

// typing handles a key while the name has the cursor.
func (d *Dialog) typing(k tea.KeyPressMsg) DialogResult {
	switch k.String() {
	case "tab", "down":
		d.inInput = false
	case "shift+tab", "up":
		d.inInput = false
		d.at = max(len(d.choices)-1, 0)
	case "enter":
		return d.enterInName()
	default:
		d.input.HandleKey(k)
		d.wrong = false
	}
	return DialogResult{}
}

// enterInName goes on to the choice the typed name was asked for; it does not
// take it, so that one enter never destroys anything.
func (d *Dialog) enterInName() DialogResult {
	if d.wrong = !d.nameMatches(); d.wrong {
		return DialogResult{}
	}
	for i, c := range d.choices {
		if c.Danger && c.Disabled == "" {
			d.at, d.inInput = i, false
			break
		}
	}
	return DialogResult{}
}

// swallows tells whether a key came before the dialog could be seen.
func (d *Dialog) swallows(now time.Time) bool {
	if !d.graceful {
		return false
	}
	quiet := now.Sub(d.quietFrom)
	d.quietFrom = now
	// A clock that jumped back says nothing about quiet.
	d.graceful = quiet < quietBeforeKeys
	return d.graceful
}

func (d *Dialog) nameMatches() bool { return d.input.Value() == d.Name }

// said is what stands under the name that is typed: that it is not the one, or what the keys do.
func (d *Dialog) said() (line string, wrong bool) {
	switch {
	case d.Name == "" || !d.inInput:
		return "", false
	case d.wrong && d.Wrong != nil:
		return d.Wrong(d.input.Value()), true
	}
	return d.Typing, false
}

// refusal says why a choice cannot be taken now, empty when it can.
func (d *Dialog) refusal(c Choice) string {
	if c.Disabled != "" {
		return c.Disabled
	}
	if c.Danger && d.Name != "" && !d.nameMatches() {
		return d.NamePrompt
	}
	return ""
}

func (d *Dialog) choose(i int) DialogResult {
	if i < 0 || i >= len(d.choices) {
		return DialogResult{}
	}
	if d.refusal(d.choices[i]) != "" {
		d.at = i
		return DialogResult{}
	}
	return DialogResult{Done: true, Choice: d.choices[i].ID}
}

// step moves among the choices and, where there is one, the name.
func (d *Dialog) step(by int) {
	next := d.at + by
	if next < 0 || next >= len(d.choices) {
		if d.Name != "" {
			d.inInput = true
			d.at = max(min(next, len(d.choices)-1), 0)
			if by > 0 {
				d.at = 0
			}
			return
		}
		next = (next + len(d.choices)) % max(len(d.choices), 1)
	}
	d.at = next
}
