package screen

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"

	"reeve/core/fault"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/theme"
)

// TextBox is a text of several lines over the screen, to be edited, copied or pasted over.
type TextBox struct {
	env     *Env
	title   string
	verb    string
	area    textarea.Model
	problem []string
	// faulty are the lines with something wrong, from 1, as long as there are lines of them.
	faulty []int
	lines  int
	also   []TextKey
	height int
	save   func(text string) []Event
	// done is set by Close: the key that saved also closes.
	done bool
}

// TextKey is a further key of a text box: what it does with the text as it stands.
type TextKey struct {
	Key, Title string
	Do         func(box *TextBox, text string) []Event
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

// With adds further keys, which must not be keys that edit.
func (b *TextBox) With(keys ...TextKey) *TextBox {
	b.also = append(b.also, keys...)
	return b
}

// Failed shows what is wrong with the text, and puts the cursor where the first of it stands.
func (b *TextBox) Failed(err error) []Event {
	b.problem, b.faulty, b.lines = []string{b.env.Sentence(err)}, nil, b.area.LineCount()
	f, _ := Fault(err)
	invalid, ok := f.(*fault.Invalid)
	if !ok {
		return nil
	}
	b.problem = nil
	for _, field := range invalid.Fields {
		b.problem = append(b.problem, b.env.Say.Say(field.Text))
		line, ok := field.Text.Args["Line"].(int)
		if !ok {
			continue
		}
		if len(b.faulty) == 0 {
			column, _ := field.Text.Args["Column"].(int)
			b.goTo(line, column)
		}
		b.faulty = append(b.faulty, line)
	}
	return nil
}

// goTo puts the cursor at a line and a column, both from 1, the column in bytes; columns before the first are the first.
func (b *TextBox) goTo(line, column int) {
	b.area.MoveToBegin()
	for b.area.Line() < line-1 {
		before := b.area.Line()
		b.area.CursorEnd()
		b.area.CursorDown()
		if b.area.Line() == before {
			break
		}
	}
	lines := strings.Split(b.area.Value(), "\n")
	if at := b.area.Line(); at < len(lines) {
		b.area.SetCursorColumn(utf8.RuneCountInString(lines[at][:min(max(column-1, 0), len(lines[at]))]))
	}
}

// Refuse shows why the text cannot be saved.
func (b *TextBox) Refuse(why string) []Event {
	b.problem = []string{why}
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
		b.problem, b.faulty = nil, nil
		events := b.save(b.area.Value())
		return events, b.done
	}
	for _, also := range b.also {
		if k.String() == also.Key {
			b.problem, b.faulty = nil, nil
			return also.Do(b, b.area.Value()), b.done
		}
	}
	b.area, _ = b.area.Update(k)
	if b.area.LineCount() != b.lines {
		b.faulty = nil // the lines that were wrong stand elsewhere now
	}
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

// marked shows the number of a line with something wrong in it as such.
func (b *TextBox) marked(th *theme.Theme, w int, line string) string {
	number := strings.TrimLeft(line, " ")
	digits := len(number) - len(strings.TrimLeft(number, "0123456789"))
	n, err := strconv.Atoi(number[:digits])
	if err != nil || !slices.Contains(b.faulty, n) {
		return line
	}
	cut := len(line) - len(number) + digits
	return paint.NewLine(th, w).Text(theme.DangerStrong, line[:cut]).Text(theme.Text, strings.TrimRight(line[cut:], " ")).String()
}

// problemsSaid bounds the problems that are said at once; the lines of all of them are marked.
const problemsSaid = 4

// textWidth is as wide as a text box gets.
const textWidth = 84

// Box implements Overlay.
func (b *TextBox) Box(th *theme.Theme, w, h int) string {
	w = min(w, textWidth)
	inner := w - 4
	var foot []string
	for i, problem := range b.problem {
		if left := len(b.problem) - i; i == problemsSaid && left > 1 {
			foot = append(foot, paint.NewLine(th, inner).Text(theme.Danger, b.env.With("text.more_problems", message.Args{"Count": left})).String())
			break
		}
		for _, line := range paint.Wrap(problem, inner) {
			foot = append(foot, paint.NewLine(th, inner).Text(theme.Danger, line).String())
		}
	}
	keys := paint.NewLine(th, inner).Text(theme.Key, "ctrl+s").Gap(1).Text(theme.KeyTitle, b.verb).Gap(3)
	for _, also := range b.also {
		keys.Text(theme.Key, also.Key).Gap(1).Text(theme.KeyTitle, also.Title).Gap(3)
	}
	foot = append(foot, paint.Empty(inner), keys.Text(theme.Key, "ctrl+y").Gap(1).Text(theme.KeyTitle, b.env.Text("action.list.copy.short")).Gap(3).
		Text(theme.Key, "esc").Gap(1).Text(theme.KeyTitle, b.env.Text("form.leave")).String())
	b.area.SetWidth(inner)
	b.area.SetHeight(max(3, min(max(b.height, b.area.LineCount()+1), h-2-len(foot))))
	lines := paint.Lines(b.area.View())
	for i := range lines {
		lines[i] = paint.Pad(b.marked(th, inner, lines[i]), inner)
	}
	return paint.Overlaid(th, b.title, "", append(lines, foot...), w)
}
