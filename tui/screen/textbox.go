package screen

import (
	"time"

	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"

	"reeve/tui/paint"
	"reeve/tui/theme"
)

// TextBox is a text of several lines over the screen, to be edited, copied or pasted over.
type TextBox struct {
	env     *Env
	title   string
	verb    string
	area    textarea.Model
	problem string
	height  int
	save    func(text string) []Event
	// done is set by Close: the key that saved also closes.
	done bool
}

// NewTextBox makes it. save is asked on ctrl+s, which is called verb; it calls Close when the box may go, or Failed when the
// text is not right.
func NewTextBox(env *Env, title, text, verb string, save func(box *TextBox, text string) []Event) *TextBox {
	area := textarea.New()
	area.Prompt, area.ShowLineNumbers, area.CharLimit = "", true, 64_000
	area.SetVirtualCursor(false)
	area.SetStyles(textarea.Styles{})
	area.SetHeight(16)
	area.SetValue(text)
	area.MoveToBegin()
	area.Focus()
	b := &TextBox{env: env, title: title, verb: verb, area: area}
	b.height = area.LineCount() + 1
	b.save = func(text string) []Event { return save(b, text) }
	return b
}

// Failed shows what is wrong with the text.
func (b *TextBox) Failed(err error) []Event {
	b.problem = b.env.Sentence(err)
	return nil
}

// Refuse shows why the text cannot be saved.
func (b *TextBox) Refuse(why string) []Event {
	b.problem = why
	return nil
}

// Close lets the box go with the key that saved.
func (b *TextBox) Close() { b.done = true }

// Key implements Overlay.
func (b *TextBox) Key(k tea.KeyPressMsg, _ time.Time) ([]Event, bool) {
	switch k.String() {
	case "esc":
		return nil, true
	case "ctrl+y":
		return []Event{Copy{Text: b.area.Value()}}, false
	case "ctrl+s":
		b.problem = ""
		events := b.save(b.area.Value())
		return events, b.done
	}
	b.area, _ = b.area.Update(k)
	return nil, false
}

// Paste implements Overlay.
func (b *TextBox) Paste(text string) []Event {
	b.area.InsertString(text)
	return nil
}

// Cursor implements Overlay. The box puts an edge and a space around the text, and a line above it.
func (b *TextBox) Cursor() (x, y int, ok bool) {
	c := b.area.Cursor()
	if c == nil {
		return 0, 0, false
	}
	return c.X + 2, c.Y + 1, true
}

// textWidth is as wide as a text box gets.
const textWidth = 84

// Box implements Overlay.
func (b *TextBox) Box(th *theme.Theme, w, h int) string {
	w = min(w, textWidth)
	inner := w - 4
	var foot []string
	if b.problem != "" {
		for _, line := range paint.Wrap(b.problem, inner) {
			foot = append(foot, paint.NewLine(th, inner).Text(theme.Danger, line).String())
		}
	}
	foot = append(foot, paint.Empty(inner), paint.NewLine(th, inner).Text(theme.Key, "ctrl+s").Gap(1).Text(theme.KeyTitle, b.verb).Gap(3).
		Text(theme.Key, "ctrl+y").Gap(1).Text(theme.KeyTitle, b.env.Text("action.list.copy.short")).Gap(3).
		Text(theme.Key, "esc").Gap(1).Text(theme.KeyTitle, b.env.Text("form.leave")).String())
	b.area.SetWidth(inner)
	b.area.SetHeight(max(3, min(max(b.height, b.area.LineCount()+1), h-2-len(foot))))
	lines := paint.Lines(b.area.View())
	for i := range lines {
		lines[i] = paint.Pad(lines[i], inner)
	}
	return paint.Overlaid(th, b.title, "", append(lines, foot...), w)
}
