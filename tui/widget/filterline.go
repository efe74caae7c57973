package widget

import (
	tea "charm.land/bubbletea/v2"

	"reeve/tui/paint"
	"reeve/tui/theme"
)

// FilterEvent says what a key meant to the filter line.
type FilterEvent uint8

// The events: the text changed and the list should narrow; it was accepted
// and the keys go back to the list; it was cleared and closed.
const (
	FilterIgnored FilterEvent = iota
	FilterHandled
	FilterChanged
	FilterAccepted
	FilterCleared
)

// FilterLine is the prompt that narrows a list while one types.
type FilterLine struct {
	// Hint is said at the right end while there is room.
	Hint  string
	input *Input
}

// NewFilterLine returns a filter line that holds text.
func NewFilterLine(text string) *FilterLine { return &FilterLine{input: NewInput(text)} }

// Value returns the text.
func (f *FilterLine) Value() string { return f.input.Value() }

// SetPlaceholder sets what an empty line shows.
func (f *FilterLine) SetPlaceholder(s string) { f.input.Placeholder = s }

// HandleKey edits the text. enter accepts, esc clears; the arrows up and down
// and the page keys are left to the list.
func (f *FilterLine) HandleKey(k tea.KeyPressMsg) FilterEvent {
	switch k.String() {
	case "enter":
		return FilterAccepted
	case "esc":
		f.input.SetValue("")
		return FilterCleared
	}
	before := f.input.Value()
	handled := f.input.HandleKey(k)
	switch {
	case f.input.Value() != before:
		return FilterChanged
	case handled:
		return FilterHandled
	default:
		return FilterIgnored
	}
}

// Paste inserts text.
func (f *FilterLine) Paste(s string) { f.input.Paste(s) }

// Render draws the line.
func (f *FilterLine) Render(th *theme.Theme, w int) string {
	l := paint.NewLine(th, w).Gap(1).Text(theme.AccentStrong, "/").Gap(1)
	hint := paint.Width(f.Hint)
	if hint > 0 && l.Room()-hint < 24 {
		hint = -2
	}
	f.input.Draw(l, l.Room()-hint-2, true)
	if hint > 0 {
		l.Right(theme.Faint, f.Hint)
	}
	return l.String()
}

// Cursor returns where the cursor stands in the line.
func (f *FilterLine) Cursor() (x, y int, ok bool) { return f.input.Column(), 0, true }
