package screen

import (
	"slices"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/core/control"
	"reeve/core/message"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// effectBox shows a preview over the screen and waits for a yes.
type effectBox struct {
	Wordless
	preview widget.Preview
	// all tells everything where the preview tells some of it in few lines; nil otherwise.
	all    func() []widget.Effect
	top    int
	total  int
	height int
	more   func(lines int) string
	yes    func() []Event
}

// Preview shows what an act would do; yes carries it out. With yes nil there is only a way back.
func (e *Env) Preview(o control.Outcome, title, verb string, yes func() []Event) Overlay {
	return e.PreviewWith(nil, o, title, verb, yes)
}

// PreviewWith is Preview with what else an act would do, which comparing access does not tell; it is said first.
func (e *Env) PreviewWith(besides []widget.Effect, o control.Outcome, title, verb string, yes func() []Event) Overlay {
	note := e.With("effect.revision", message.Args{"Revision": strconv.FormatUint(o.Before.Revision(), 10)})
	effects, short := e.Effects(o, false)
	box := e.foretold(title, note, verb, append(besides, effects...), yes)
	if short {
		box.all = func() []widget.Effect {
			whole, _ := e.Effects(o, true)
			return append(besides, whole...)
		}
		box.preview.Keys = append(box.preview.Keys, widget.FooterKey{Key: allKey, Title: e.Text("effect.all")})
	}
	return box
}

// allKey shows everything of a preview that tells some of it in few lines.
const allKey = "a"

// Foretold shows what something would do that is not told by comparing access; yes carries it out. With yes nil there is only
// a way back.
func (e *Env) Foretold(title, note, verb string, effects []widget.Effect, yes func() []Event) Overlay {
	return e.foretold(title, note, verb, effects, yes)
}

func (e *Env) foretold(title, note, verb string, effects []widget.Effect, yes func() []Event) *effectBox {
	p := widget.Preview{Title: title, Effects: effects, Revision: note}
	if yes != nil {
		p.Keys = append(p.Keys, widget.FooterKey{Key: "enter", Title: verb})
	}
	p.Keys = append(p.Keys, widget.FooterKey{Key: "esc", Title: e.Text("effect.back")})
	more := func(lines int) string { return e.With("effect.more", message.Args{"Count": lines}) }
	return &effectBox{preview: p, more: more, yes: yes}
}

func (b *effectBox) Key(k tea.KeyPressMsg, _ time.Time) ([]Event, bool) {
	switch k.String() {
	case "esc", "q":
		return nil, true
	case "enter":
		if b.yes != nil {
			return b.yes(), true
		}
	case allKey:
		if b.all != nil {
			b.preview.Effects, b.all = b.all(), nil
			b.preview.Keys = slices.DeleteFunc(b.preview.Keys, func(k widget.FooterKey) bool { return k.Key == allKey })
		}
	case "up", "k":
		b.scroll(-1)
	case "down", "j":
		b.scroll(1)
	case "pgup":
		b.scroll(-b.height)
	case "pgdown", "space":
		b.scroll(b.height)
	}
	return nil, false
}

func (b *effectBox) scroll(n int) {
	b.top = max(0, min(b.top+n, b.total-b.height))
}

func (b *effectBox) Box(th *theme.Theme, w, h int) string {
	var box string
	b.height = max(1, h-4)
	preview := b.preview
	box, b.total = preview.Render(th, min(w, 96), h, b.top)
	if below := b.total - b.top - b.height; below > 0 {
		// What is lost must not be missed because it stands below the edge.
		preview.Revision = th.Glyphs.Down + " " + b.more(below)
		box, b.total = preview.Render(th, min(w, 96), h, b.top)
	}
	return box
}
