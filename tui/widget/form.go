package widget

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// FormEvent is what a key meant to a form.
type FormEvent uint8

// The events. FormIgnored leaves the key to the caller, esc among them.
const (
	FormIgnored FormEvent = iota
	FormHandled
	FormSubmit
)

// Form is a list of fields with one of them under the cursor.
type Form struct {
	fields []*Field
	focus  int
	top    int

	cursorX, cursorY int
	cursorOK         bool
}

// NewForm returns a form of the fields with the cursor on the first that can
// be changed.
func NewForm(fields ...*Field) *Form {
	f := &Form{fields: fields, focus: -1}
	f.next(1)
	return f
}

// Value returns the value of a field: its text, the id chosen, the ids chosen
// with commas between them, or "true". An unknown key gives "".
func (f *Form) Value(key string) string {
	if field := f.Field(key); field != nil {
		return field.value()
	}
	return ""
}

// Values returns the ids chosen in a field.
func (f *Form) Values(key string) []string {
	if field := f.Field(key); field != nil {
		return slices.Clone(field.values())
	}
	return nil
}

// On tells whether a toggle is on.
func (f *Form) On(key string) bool { return f.Value(key) == "true" }

// SetValue replaces the value of a field without validating it; of several
// ids give each.
func (f *Form) SetValue(key string, values ...string) {
	field := f.Field(key)
	switch {
	case field == nil || field.kind == fieldNote:
	case field.kind == fieldText:
		field.input.SetValue(strings.Join(values, " "))
	default:
		field.chosen = slices.Clone(values)
		if len(values) > 0 {
			field.hover = max(field.indexOf(values[0]), 0)
		}
	}
}

// SetOptions replaces the options of a field; choices that are no longer
// there are dropped.
func (f *Form) SetOptions(key string, options []Option) {
	field := f.Field(key)
	if field == nil {
		return
	}
	field.options = options
	field.chosen = slices.DeleteFunc(field.chosen, func(id string) bool { return field.indexOf(id) < 0 })
	field.hover = max(min(field.hover, len(options)-1), 0)
}

// SetDisabled makes a field unchangeable for a reason, or changeable again
// with an empty one.
func (f *Form) SetDisabled(key, reason string) {
	if field := f.Field(key); field != nil {
		field.Disabled = reason
	}
	if f.focus >= 0 && !f.fields[f.focus].takesCursor() && !f.next(1) {
		f.next(-1)
	}
}

// Field returns the field of a key, nil when there is none.
func (f *Form) Field(key string) *Field {
	for _, field := range f.fields {
		if field.Key == key && field.kind != fieldNote {
			return field
		}
	}
	return nil
}

// Focused returns the key of the field under the cursor.
func (f *Form) Focused() string {
	if f.focus < 0 {
		return ""
	}
	return f.fields[f.focus].Key
}

// Focus puts the cursor on a field, if it can be changed.
func (f *Form) Focus(key string) {
	for i, field := range f.fields {
		if field.Key == key && field.takesCursor() {
			f.focus = i
		}
	}
}

// SetErrors shows what is wrong with the fields named, all at once, and puts
// the cursor on the first of them. Fields not named count as right.
func (f *Form) SetErrors(problems map[string]string) {
	first := -1
	for i, field := range f.fields {
		field.err = problems[field.Key]
		if field.err != "" && first < 0 && field.takesCursor() {
			first = i
		}
	}
	if first >= 0 {
		f.focus = first
	}
}

// Check validates every field, shows all problems at once and returns them.
func (f *Form) Check() map[string]string {
	problems := map[string]string{}
	for _, field := range f.fields {
		if p := field.check(); p != "" {
			problems[field.Key] = p
		}
	}
	f.SetErrors(problems)
	return problems
}

// Dirty tells whether any field has another value than it began with.
func (f *Form) Dirty() bool {
	return slices.ContainsFunc(f.fields, func(field *Field) bool { return field.kind != fieldNote && field.value() != field.initial })
}

// Clean makes the present values the ones Dirty compares with, after a save.
func (f *Form) Clean() {
	for _, field := range f.fields {
		if field.kind != fieldNote {
			field.begin()
		}
	}
}

// Paste inserts text into the field under the cursor.
func (f *Form) Paste(s string) FormEvent {
	if f.focus < 0 || f.fields[f.focus].kind != fieldText {
		return FormIgnored
	}
	f.fields[f.focus].input.Paste(s)
	f.fields[f.focus].changed()
	return FormHandled
}

// HandleKey edits the form. ctrl+s anywhere and enter in the last field
// submit; enter elsewhere goes to the next field.
func (f *Form) HandleKey(k tea.KeyPressMsg) FormEvent {
	if k.String() == "ctrl+s" {
		return FormSubmit
	}
	if f.focus < 0 {
		return FormIgnored
	}
	field := f.fields[f.focus]
	if field.handleKey(k) {
		return FormHandled
	}
	switch k.String() {
	case "tab", "down":
		f.next(1)
	case "shift+tab", "up":
		f.next(-1)
	case "enter":
		if !f.next(1) {
			return FormSubmit
		}
	default:
		return FormIgnored
	}
	return FormHandled
}

// next moves the cursor to the next field in a direction that takes it.
func (f *Form) next(by int) bool {
	for i := f.focus + by; i >= 0 && i < len(f.fields); i += by {
		if f.fields[i].takesCursor() {
			f.focus = i
			return true
		}
	}
	return false
}

// handleKey gives a key to the field and tells whether it was for it.
func (f *Field) handleKey(k tea.KeyPressMsg) bool {
	switch f.kind {
	case fieldText:
		before := f.input.Value()
		handled := f.input.HandleKey(k)
		if f.input.Value() != before {
			f.changed()
		}
		return handled
	case fieldToggle:
		switch k.String() {
		case "space", "left", "right", "y", "n":
			f.setToggle(k.String() == "y" || k.String() != "n" && len(f.chosen) == 0)
			f.changed()
			return true
		}
	case fieldSelect, fieldMulti:
		return f.optionKey(k)
	case fieldNote:
	}
	return false
}

// optionKey moves among the options: left and right, where they stand below
// one another also up and down until their ends, and letters.
func (f *Field) optionKey(k tea.KeyPressMsg) bool {
	switch k.String() {
	case "space":
		f.pick()
	case "left", "right":
		by := 1
		if k.String() == "left" {
			by = -1
		}
		if f.kind == fieldSelect {
			f.step(by)
		} else {
			f.hover = max(min(f.hover+by, len(f.options)-1), 0)
		}
	case "down":
		return f.down(1)
	case "up":
		return f.down(-1)
	default:
		return f.jump(k.Text)
	}
	return true
}

// down moves down or up among options that stand below one another, and
// tells whether there was one to go to.
func (f *Field) down(by int) bool {
	at := f.hover + by
	for f.kind == fieldSelect && at >= 0 && at < len(f.options) && f.options[at].Disabled != "" {
		at += by
	}
	if f.kind == fieldSelect && !f.stacked || at < 0 || at >= len(f.options) {
		return false
	}
	f.hover = at
	if f.kind == fieldSelect {
		f.pick()
	}
	return true
}

// jump goes to the next possible option whose label begins with the letter
// typed, and tells whether a letter was typed.
func (f *Field) jump(letter string) bool {
	if letter == "" {
		return false
	}
	n := len(f.options)
	for i := range n {
		at := (f.hover + 1 + i) % n
		o := f.options[at]
		if o.Disabled != "" || len(o.Label) < len(letter) || !strings.EqualFold(o.Label[:len(letter)], letter) {
			continue
		}
		f.hover = at
		if f.kind == fieldSelect {
			f.pick()
		}
		break
	}
	return true
}
