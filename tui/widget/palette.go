package widget

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reeve/tui/paint"
	"reeve/tui/theme"
)

// PaletteItem is one act or place the palette offers.
type PaletteItem struct {
	ID, Title string
	// Detail is said beside the title, Keys at the right end. Typed as a
	// whole, the detail finds the item as well.
	Detail, Keys string
	// Names are what the item is also found by, from their beginnings.
	Names []string
	// Insert is what tab completes to; the title when empty.
	Insert string
	// Disabled, when not empty, is why it is not possible now.
	Disabled string
}

// PaletteEvent says what a key meant to the palette.
type PaletteEvent struct {
	// Done is true when the palette was left.
	Done bool
	// ID is the item chosen, empty when it was left with esc or when no item
	// was found and Text is to be understood another way, as a link.
	ID string
	// Text is what was typed.
	Text string
}

// Palette finds acts and places by a few of their letters.
type Palette struct {
	Title, Placeholder, NoMatch string

	items   []PaletteItem
	input   *Input
	list    choices
	history []string
	past    int // position in history, len(history) when not in it

	cursorX, cursorY int
}

// NewPalette returns a palette of the items; history is what was typed
// before, oldest first.
func NewPalette(title string, items []PaletteItem, history []string) *Palette {
	p := &Palette{Title: title, items: items, history: history, past: len(history), input: NewInput("")}
	p.filter()
	return p
}

// SetItems replaces the items, keeping what was typed.
func (p *Palette) SetItems(items []PaletteItem) {
	p.items = items
	p.filter()
}

// Text returns what was typed.
func (p *Palette) Text() string { return p.input.Value() }

// HandleKey takes every key: letters find, arrows move, up in an empty
// palette goes back in the history, tab completes, enter chooses.
func (p *Palette) HandleKey(k tea.KeyPressMsg) PaletteEvent {
	key := k.String()
	switch {
	case key == "esc":
		return PaletteEvent{Done: true}
	case key == "enter":
		return p.enter()
	case key == "tab":
		p.complete()
	case p.recall(key):
	case p.list.moveKey(key):
	default:
		before := p.input.Value()
		p.input.HandleKey(k)
		if p.input.Value() != before {
			p.past = len(p.history)
			p.filter()
		}
	}
	return PaletteEvent{}
}

// Paste inserts text.
func (p *Palette) Paste(s string) {
	p.input.Paste(s)
	p.filter()
}

func (p *Palette) enter() PaletteEvent {
	text := p.input.Value()
	i := p.list.at()
	switch {
	case i >= 0 && p.items[i].Disabled == "":
		return PaletteEvent{Done: true, ID: p.items[i].ID, Text: text}
	case i < 0 && strings.TrimSpace(text) != "":
		return PaletteEvent{Done: true, Text: text}
	default:
		return PaletteEvent{}
	}
}

func (p *Palette) complete() {
	i := p.list.at()
	if i < 0 {
		return
	}
	insert := p.items[i].Insert
	if insert == "" {
		insert = p.items[i].Title
	}
	p.input.SetValue(insert)
	p.filter()
}

// recall walks the history: up from an empty palette and on from there.
func (p *Palette) recall(key string) bool {
	inHistory := p.past < len(p.history)
	switch {
	case key == "up" && (inHistory || p.input.Value() == "") && p.list.cursor == 0 && p.past > 0:
		p.past--
	case key == "down" && inHistory:
		p.past++
	default:
		return false
	}
	text := ""
	if p.past < len(p.history) {
		text = p.history[p.past]
	}
	p.input.SetValue(text)
	p.filter()
	return true
}

func (p *Palette) filter() {
	typed := p.input.Value()
	p.list.set(fuzzyRank(len(p.items), typed != "", func(i int) (int, bool) { return p.items[i].score(typed) }))
}

// score tells how well an item is found by what was typed. Its other names
// count as much as the beginning of a word of its title.
func (it PaletteItem) score(typed string) (score int, ok bool) {
	score, ok = fuzzyScore(typed, it.Title)
	whole := strings.ToLower(strings.Trim(strings.TrimSpace(typed), "/"))
	switch {
	case whole == "":
		return score, ok
	case strings.ToLower(it.Detail) == whole:
		return max(score, 0) + 200, true
	case slices.ContainsFunc(it.Names, func(name string) bool { return strings.HasPrefix(strings.ToLower(name), whole) }):
		return max(score, 40), true
	}
	return score, ok
}

// Render draws the palette as a box that fits in w×h cells.
func (p *Palette) Render(th *theme.Theme, w, h int) string {
	bw := boxWidth(72, 40, w)
	inner := max(bw-4, 1)
	rows := max(min(max(len(p.items), 1), h-5, 12), 1)
	reason := ""
	if i := p.list.at(); i >= 0 {
		reason = p.items[i].Disabled
	}
	l := paint.NewLine(th, inner).Text(theme.Accent, ":").Gap(1)
	p.input.Placeholder = p.Placeholder
	p.input.Draw(l, l.Room(), true)
	lines := []string{l.String(), paint.Rule(th, inner)}
	from, to := p.list.window(rows)
	for i := from; i < to; i++ {
		lines = append(lines, p.row(l.Reset(inner), i))
	}
	if len(p.list.found) == 0 {
		lines = append(lines, l.Reset(inner).Gap(2).Text(theme.Faint, p.NoMatch).String())
	}
	for len(lines) < rows+2 {
		lines = append(lines, paint.Empty(inner))
	}
	if h >= len(lines)+3 {
		// The line stays when there is no reason, so that the box keeps its size.
		lines = append(lines, l.Reset(inner).Text(theme.Faint, reason).String())
	}
	p.cursorX, p.cursorY = p.input.Column()+2, 1
	return paint.Overlaid(th, p.Title, countOf(len(p.list.found), len(p.items)), lines, bw)
}

// Cursor returns where the cursor stands in the box.
func (p *Palette) Cursor() (x, y int, ok bool) { return p.cursorX, p.cursorY, true }

func (p *Palette) row(l *paint.Line, at int) string {
	it := p.items[p.list.found[at]]
	here := at == p.list.cursor
	title, detail := theme.Text, it.Detail
	if here {
		l.On(theme.Selected).Text(theme.Bar, l.Theme().Glyphs.Bar)
		title = theme.Title
	} else {
		l.Gap(1)
	}
	if it.Disabled != "" {
		title, detail = theme.Disabled, it.Disabled
	}
	keys := paint.Width(it.Keys)
	l.Gap(1).Clip(title, it.Title, l.Room()-keys-2).Gap(2)
	l.Clip(theme.Faint, detail, l.Room()-keys-2)
	return l.Right(theme.Muted, it.Keys).String()
}

// Dimmed is the item under the cursor, if it is not possible now.
func (p *Palette) Dimmed() (id string, ok bool) {
	i := p.list.at()
	if i < 0 || p.items[i].Disabled == "" {
		return "", false
	}
	return p.items[i].ID, true
}
