package screen

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/tui/paint"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// FormBox is a form over the screen. Submitting begins work; what is wrong with the input comes back to the fields, and
// anything else that goes wrong is said under them.
type FormBox struct {
	env    *Env
	title  string
	verb   string
	form   *widget.Form
	submit func(form *widget.Form) []Event
	// problem is what went wrong that no field is to blame for; warned that leaving would lose what was typed.
	problem string
	warned  bool
	busy    bool
}

// NewFormBox makes it. submit begins the work; its Then reports with Failed or closes the box with Hide.
func NewFormBox(env *Env, title string, form *widget.Form, submit func(*widget.Form) []Event) *FormBox {
	return &FormBox{env: env, title: title, verb: env.Text("form.save"), form: form, submit: submit}
}

// NewQuestionBox makes one that changes nothing: its submit asks.
func NewQuestionBox(env *Env, title string, form *widget.Form, submit func(*widget.Form) []Event) *FormBox {
	return &FormBox{env: env, title: title, verb: env.Text("form.ask"), form: form, submit: submit}
}

// Called says what submitting does, in a word.
func (b *FormBox) Called(verb string) *FormBox { b.verb = verb; return b }

// Form is the form in the box.
func (b *FormBox) Form() *widget.Form { return b.form }

// Failed shows what went wrong with a submitted form.
func (b *FormBox) Failed(err error) []Event {
	b.busy, b.problem = false, ""
	here, problems := b.env.Fields(err), []string{}
	for _, field := range Wrong(err) { // what has no field here is said in its order, a line each
		if b.form.Field(field.Name) == nil {
			problems = append(problems, b.env.Say.Say(field.Text))
			delete(here, field.Name)
		}
	}
	b.problem = strings.Join(problems, "\n")
	b.form.SetErrors(here)
	if len(Wrong(err)) == 0 {
		b.problem = b.env.Sentence(err)
	}
	return nil
}

// Key implements Overlay.
func (b *FormBox) Key(k tea.KeyPressMsg, _ time.Time) ([]Event, bool) {
	if k.String() == "esc" {
		if b.form.Dirty() && !b.warned {
			b.warned = true
			return nil, false
		}
		return nil, true
	}
	b.warned = false
	if b.busy || b.form.HandleKey(k) != widget.FormSubmit {
		return nil, false
	}
	if len(b.form.Check()) > 0 {
		return nil, false
	}
	b.busy, b.problem = true, ""
	events := b.submit(b.form)
	if len(events) == 0 {
		b.busy = false
	}
	return events, false
}

// Paste implements Overlay. What was submitted stays as it is while the work goes on, which reads it.
func (b *FormBox) Paste(s string) []Event {
	if !b.busy {
		b.form.Paste(s)
	}
	return nil
}

// Cursor implements Overlay. The box puts an edge and a space around the form, and a line above it.
func (b *FormBox) Cursor() (x, y int, ok bool) {
	x, y, ok = b.form.Cursor()
	return x + 2, y + 1, ok
}

// formWidth is as wide as a form is comfortable to read.
const formWidth = 72

// Box implements Overlay.
func (b *FormBox) Box(th *theme.Theme, w, h int) string {
	w = min(w, formWidth)
	inner := w - 4
	foot := b.foot(th, inner)
	lines := paint.Lines(b.form.Render(th, inner, max(3, h-2-len(foot))))
	for len(lines) > 0 && strings.TrimSpace(stripped(lines[len(lines)-1])) == "" {
		lines = lines[:len(lines)-1]
	}
	return paint.Overlaid(th, b.title, "", append(lines, foot...), w)
}

func (b *FormBox) foot(th *theme.Theme, w int) []string {
	lines := []string{paint.Empty(w)}
	for _, s := range paint.Wrap(b.problem, w) {
		if s != "" {
			lines = append(lines, paint.NewLine(th, w).Text(theme.Danger, s).String())
		}
	}
	hint := paint.NewLine(th, w)
	switch {
	case b.warned:
		hint.Text(theme.Warning, b.env.Text("form.unsaved"))
	case b.busy:
		hint.Text(theme.Muted, b.env.Text("form.busy"))
	default:
		hint.Text(theme.Key, "ctrl+s").Gap(1).Text(theme.KeyTitle, b.verb).Gap(3).
			Text(theme.Key, "tab").Gap(1).Text(theme.KeyTitle, b.env.Text("form.next")).Gap(3).
			Text(theme.Key, "esc").Gap(1).Text(theme.KeyTitle, b.env.Text("form.leave"))
	}
	return append(lines, hint.String())
}
