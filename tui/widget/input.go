// Package widget holds the parts screens are made of: tables, forms, dialogs,
// pickers and the pieces of the frame. A widget is state and a Render method.
// It does no input or output, knows no service and no clock, and never sends
// itself a message: keys come in as calls and what happened goes out as a
// return value. Every Render returns exactly the cells it was asked for
// unless its comment says otherwise. Widgets are used by one goroutine.
package widget

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"reeve/tui/paint"
	"reeve/tui/theme"
)

// Input is one line of text being typed. It edits with bubbles' textinput and
// draws itself, so that the cursor is the terminal's own and stays still.
type Input struct {
	model       textinput.Model
	first       int // first character shown
	cursor      int // column of the cursor in the last drawing
	Placeholder string
	Secret      bool // draw dots in place of the characters
}

// NewInput returns an input that holds value, with the cursor at its end.
func NewInput(value string) *Input {
	m := textinput.New()
	m.Prompt = ""
	m.SetVirtualCursor(false)
	// The library's own paste reads the clipboard of the machine the program
	// runs on, which over SSH is not the person's. Terminals send PasteMsg.
	m.KeyMap.Paste.SetEnabled(false)
	m.Focus() // the command only starts a blink, which is off
	m.SetValue(value)
	m.CursorEnd()
	return &Input{model: m}
}

// Value returns the text as it was typed.
func (in *Input) Value() string { return in.model.Value() }

// SetValue replaces the text and puts the cursor at its end.
func (in *Input) SetValue(s string) {
	in.model.SetValue(s)
	in.model.CursorEnd()
}

// Limit sets how many characters may be typed; 0 means any number.
func (in *Input) Limit(n int) { in.model.CharLimit = n }

// HandleKey edits the text and tells whether the key meant anything to it.
func (in *Input) HandleKey(k tea.KeyPressMsg) bool {
	value, pos := in.model.Value(), in.model.Position()
	in.model, _ = in.model.Update(k)
	if in.model.Value() != value || in.model.Position() != pos {
		return true
	}
	return editsText(k)
}

// editsText is true for keys an input swallows even when they change nothing.
func editsText(k tea.KeyPressMsg) bool {
	switch k.String() {
	case "left", "right", "home", "end", "backspace", "delete":
		return true
	}
	return k.Text != ""
}

// Paste inserts text at the cursor; line breaks become spaces.
func (in *Input) Paste(s string) {
	in.model, _ = in.model.Update(tea.PasteMsg{Content: s})
}

// Draw adds the text to the line in w cells and remembers where its cursor is.
func (in *Input) Draw(l *paint.Line, w int, focused bool) {
	from := l.Used()
	w = min(w, l.Room())
	if w <= 0 {
		return
	}
	if in.model.Value() == "" {
		in.cursor, in.first = from, 0
		l.Cell(theme.Placeholder, in.Placeholder, w, paint.Left)
		return
	}
	parts := in.shown()
	pos := min(in.model.Position(), len(parts))
	if !focused {
		in.first = 0
		l.Cell(theme.Text, strings.Join(parts, ""), w, paint.Left)
		return
	}
	in.first = scrollTo(parts, in.first, pos, w)
	in.cursor = from + paint.Width(strings.Join(parts[in.first:pos], ""))
	end, used := in.first, 0
	for end < len(parts) && used+paint.Width(parts[end]) <= w {
		used += paint.Width(parts[end])
		end++
	}
	l.Text(theme.Text, strings.Join(parts[in.first:end], "")).To(from + w)
}

// Column returns where the cursor stood in the last drawn line.
func (in *Input) Column() int { return in.cursor }

// shown returns one cleaned piece for every character, so that positions in
// characters stay true when a character is drawn as a mark.
func (in *Input) shown() []string {
	value := in.model.Value()
	parts := make([]string, 0, utf8.RuneCountInString(value))
	for _, r := range value {
		switch {
		case in.Secret:
			parts = append(parts, "*")
		case unicode.Is(unicode.Mn, r) && len(parts) > 0:
			// A combining mark is drawn with the character before it and
			// takes a position without cells.
			last := len(parts) - 1
			for last > 0 && parts[last] == "" {
				last--
			}
			parts[last] = paint.Clean(parts[last] + string(r))
			parts = append(parts, "")
		default:
			parts = append(parts, paint.Clean(string(r)))
		}
	}
	return parts
}

// scrollTo returns the first part to show so that the cursor at pos, which
// needs a cell of its own at the end, is within w cells.
func scrollTo(parts []string, first, pos, w int) int {
	first = min(first, pos)
	width := paint.Width(strings.Join(parts[first:pos], ""))
	for first < pos && width >= w {
		width -= paint.Width(parts[first])
		first++
	}
	return first
}
