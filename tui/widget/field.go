package widget

import (
	"slices"
	"strings"
)

// fieldKind says how a field is filled in.
type fieldKind uint8

const (
	fieldText fieldKind = iota
	fieldSelect
	fieldMulti
	fieldToggle
	fieldNote
)

// Option is one choice of a field.
type Option struct {
	ID, Label string
	// Detail is said beside the label where there is room.
	Detail string
	// Disabled, when not empty, is why the option cannot be chosen.
	Disabled string
}

// Field is one entry of a form. Make one with the functions below, then set
// what else it needs.
type Field struct {
	// Key names the field for Value and SetErrors.
	Key   string
	Label string
	// Help is one line under the field while it has the cursor.
	Help string
	// Disabled, when not empty, is why the field cannot be changed.
	Disabled string
	// Validate is asked after every change and returns what is wrong, or
	// nothing. The value of a field with several choices is their ids with
	// commas between them.
	Validate func(value string) string

	kind    fieldKind
	input   *Input
	options []Option
	chosen  []string
	initial string
	yesNo   [2]string
	hover   int
	top     int
	// stacked says that the options stood below one another when last drawn.
	stacked bool
	err     string
	touched bool
}

// TextField is a line of text.
func TextField(key, label, value string) *Field {
	return (&Field{Key: key, Label: label, kind: fieldText, input: NewInput(value)}).begin()
}

// SecretField is a line of text that is not shown.
func SecretField(key, label string) *Field {
	f := TextField(key, label, "")
	f.input.Secret = true
	return f
}

// SelectField is one of several options; current is the id of the chosen one.
func SelectField(key, label string, options []Option, current string) *Field {
	f := &Field{Key: key, Label: label, kind: fieldSelect, options: options}
	if current != "" {
		f.chosen = []string{current}
	}
	f.hover = max(f.indexOf(current), 0)
	return f.begin()
}

// MultiField is any number of several options; current are the ids of the
// chosen ones.
func MultiField(key, label string, options []Option, current []string) *Field {
	return (&Field{Key: key, Label: label, kind: fieldMulti, options: options, chosen: slices.Clone(current)}).begin()
}

// ToggleField is a yes or no.
func ToggleField(key, label string, on bool) *Field {
	f := &Field{Key: key, Label: label, kind: fieldToggle, yesNo: [2]string{"yes", "no"}}
	f.setToggle(on)
	return f.begin()
}

// NoteField is a text between the fields; the cursor passes over it.
func NoteField(text string) *Field { return &Field{Label: text, kind: fieldNote} }

// WithHelp sets the line under the field.
func (f *Field) WithHelp(help string) *Field { f.Help = help; return f }

// WithPlaceholder sets what an empty text field shows.
func (f *Field) WithPlaceholder(s string) *Field {
	if f.input != nil {
		f.input.Placeholder = s
	}
	return f
}

// WithWords sets what a toggle says when it is on and when it is off.
func (f *Field) WithWords(on, off string) *Field { f.yesNo = [2]string{on, off}; return f }

// WithLimit sets how many characters a text field takes.
func (f *Field) WithLimit(n int) *Field {
	if f.input != nil {
		f.input.Limit(n)
	}
	return f
}

// WithValidate sets the check of the field.
func (f *Field) WithValidate(check func(string) string) *Field { f.Validate = check; return f }

// WithDisabled sets why the field cannot be changed.
func (f *Field) WithDisabled(reason string) *Field { f.Disabled = reason; return f }

// begin remembers the value the field starts with.
func (f *Field) begin() *Field {
	f.initial = f.value()
	return f
}

// value returns the value of a field as text.
func (f *Field) value() string {
	if f.kind == fieldText {
		return f.input.Value()
	}
	return strings.Join(f.values(), ",")
}

// values returns the ids chosen, in the order of the options.
func (f *Field) values() []string {
	if f.kind != fieldMulti {
		return f.chosen
	}
	var out []string
	for _, o := range f.options {
		if slices.Contains(f.chosen, o.ID) {
			out = append(out, o.ID)
		}
	}
	return out
}

func (f *Field) setToggle(on bool) {
	f.chosen = nil
	if on {
		f.chosen = []string{"true"}
	}
}

func (f *Field) indexOf(id string) int {
	return slices.IndexFunc(f.options, func(o Option) bool { return o.ID == id })
}

// takesCursor is false for what cannot be filled in.
func (f *Field) takesCursor() bool { return f.kind != fieldNote && f.Disabled == "" }

// changed validates after a change and forgets what a save had to say about
// the old value.
func (f *Field) changed() {
	f.touched = true
	f.err = f.check()
}

func (f *Field) check() string {
	if f.Validate == nil || f.Disabled != "" || f.kind == fieldNote {
		return ""
	}
	return f.Validate(f.value())
}

// step chooses the next possible option in a direction.
func (f *Field) step(by int) {
	n := len(f.options)
	if n == 0 {
		return
	}
	for i, tries := f.hover+by, 0; tries < n; i, tries = i+by, tries+1 {
		i = (i%n + n) % n
		if f.options[i].Disabled == "" {
			f.hover = i
			f.pick()
			return
		}
	}
}

// pick chooses, or of several takes or leaves, the option under the cursor.
func (f *Field) pick() {
	if f.hover < 0 || f.hover >= len(f.options) || f.options[f.hover].Disabled != "" {
		return
	}
	id := f.options[f.hover].ID
	if f.kind == fieldSelect {
		f.chosen = []string{id}
	} else if at := slices.Index(f.chosen, id); at >= 0 {
		f.chosen = slices.Delete(f.chosen, at, at+1)
	} else {
		f.chosen = append(f.chosen, id)
	}
	f.changed()
}
