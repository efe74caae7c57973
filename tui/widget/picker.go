package widget

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"reeve/tui/paint"
	"reeve/tui/theme"
)

// Item is one entry of a picker.
type Item struct {
	ID string
	// Cells are the texts of its columns; the first is its name.
	Cells []string
	// Search is what the filter looks in besides the cells.
	Search string
	// Checked is used by pickers of several.
	Checked bool
	// Disabled, when not empty, is why it cannot be chosen.
	Disabled string
}

// PickerEvent says what a key meant to a picker.
type PickerEvent uint8

// The events. After PickerChosen ask Chosen, or Checked in a picker of
// several.
const (
	PickerHandled PickerEvent = iota
	PickerChosen
	PickerCancelled
)

// Picker is a list over the screen to choose from: regions, workspaces, the
// columns of a table, how to sort.
type Picker struct {
	Title string
	// Several makes it a list of check boxes: space takes or leaves one.
	Several bool
	// Hint is said at the foot of the box, NoMatch when nothing passes the
	// filter.
	Hint, NoMatch string

	items  []Item
	widths []int // of the columns, in cells
	input  *Input
	list   choices

	cursorX, cursorY int
}

// NewPicker returns a picker of the items with the cursor on the item of the
// id, if it is there.
func NewPicker(title string, items []Item, currentID string) *Picker {
	p := &Picker{Title: title, input: NewInput("")}
	p.items = append(p.items, items...)
	p.widths = columnWidths(items)
	p.filter()
	for i, it := range p.items {
		if it.ID == currentID {
			p.list.jump(i)
		}
	}
	return p
}

// SetItems replaces the items, keeping the filter and the place.
func (p *Picker) SetItems(items []Item) {
	at := p.list.cursor
	p.items = append(p.items[:0:0], items...)
	p.widths = columnWidths(items)
	p.filter()
	p.list.jump(at)
}

// Chosen returns the id of the item under the cursor, empty without one.
func (p *Picker) Chosen() string {
	if i := p.list.at(); i >= 0 {
		return p.items[i].ID
	}
	return ""
}

// Checked returns the ids with a check, in their order.
func (p *Picker) Checked() []string {
	var ids []string
	for _, it := range p.items {
		if it.Checked {
			ids = append(ids, it.ID)
		}
	}
	return ids
}

// HandleKey takes every key: letters filter, arrows move, enter chooses, esc
// clears the filter and then leaves.
func (p *Picker) HandleKey(k tea.KeyPressMsg) PickerEvent {
	key := k.String()
	switch {
	case key == "esc" && p.input.Value() != "":
		p.input.SetValue("")
		p.filter()
	case key == "esc":
		return PickerCancelled
	case key == "enter":
		if i := p.list.at(); p.Several || i >= 0 && p.items[i].Disabled == "" {
			return PickerChosen
		}
	case key == "space" && p.Several:
		if i := p.list.at(); i >= 0 && p.items[i].Disabled == "" {
			p.items[i].Checked = !p.items[i].Checked
		}
	case p.list.moveKey(key):
	default:
		before := p.input.Value()
		p.input.HandleKey(k)
		if p.input.Value() != before {
			p.filter()
		}
	}
	return PickerHandled
}

// Paste inserts text into the filter.
func (p *Picker) Paste(s string) {
	p.input.Paste(s)
	p.filter()
}

func (p *Picker) filter() {
	words := strings.Fields(strings.ToLower(p.input.Value()))
	var found []int
	for i, it := range p.items {
		text := strings.ToLower(strings.Join(it.Cells, " ") + " " + it.Search)
		if containsAll(text, words) {
			found = append(found, i)
		}
	}
	p.list.set(found)
}

func containsAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// Render draws the picker as a box that fits in w×h cells.
func (p *Picker) Render(th *theme.Theme, w, h int) string {
	widths := p.widths
	need := 6
	for _, c := range widths {
		need += c + columnGap
	}
	bw := boxWidth(max(need, paint.Width(p.Hint), paint.Width(p.Title)+16), 40, w)
	inner := max(bw-4, 1)
	rows := max(min(len(p.items), h-5), 1)
	lines := []string{p.filterRow(th, inner), paint.Rule(th, inner)}
	from, to := p.list.window(rows)
	terms := strings.Fields(p.input.Value())
	for i := from; i < to; i++ {
		lines = append(lines, p.row(th, inner, i, widths, terms))
	}
	if len(p.list.found) == 0 {
		lines = append(lines, paint.NewLine(th, inner).Gap(2).Text(theme.Faint, p.NoMatch).String())
	}
	for len(lines) < rows+2 {
		lines = append(lines, paint.Empty(inner))
	}
	if foot := p.foot(); foot != "" && h > len(lines)+2 {
		lines = append(lines, paint.NewLine(th, inner).Text(theme.Faint, foot).String())
	}
	p.cursorX, p.cursorY = p.input.Column()+2, 1
	return paint.Overlaid(th, p.Title, countOf(len(p.list.found), len(p.items)), lines, bw)
}

// Cursor returns where the cursor of the filter stands in the box.
func (p *Picker) Cursor() (x, y int, ok bool) { return p.cursorX, p.cursorY, true }

// foot says why the item under the cursor is not possible, or the hint.
func (p *Picker) foot() string {
	if i := p.list.at(); i >= 0 && p.items[i].Disabled != "" {
		return p.items[i].Disabled
	}
	return p.Hint
}

func (p *Picker) filterRow(th *theme.Theme, w int) string {
	l := paint.NewLine(th, w).Text(theme.Accent, "/").Gap(1)
	p.input.Draw(l, l.Room(), true)
	return l.String()
}

func columnWidths(items []Item) []int {
	var widths []int
	for _, it := range items {
		for i, c := range it.Cells {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], min(paint.Width(c), 40))
		}
	}
	return widths
}

func (p *Picker) row(th *theme.Theme, w, at int, widths []int, terms []string) string {
	it := p.items[p.list.found[at]]
	l := paint.NewLine(th, w)
	here := at == p.list.cursor
	if here {
		l.On(theme.Selected).Text(theme.Bar, th.Glyphs.Bar)
	} else {
		l.Gap(1)
	}
	l.Gap(1)
	if p.Several {
		sign, role := th.Glyphs.CheckOff, theme.Muted
		if it.Checked {
			sign, role = th.Glyphs.CheckOn, theme.Accent
		}
		l.Text(role, sign).Gap(1)
	}
	for i, c := range it.Cells {
		role := theme.Muted
		switch {
		case it.Disabled != "":
			role = theme.Disabled
		case i == 0 && here:
			role = theme.Title
		case i == 0:
			role = theme.Text
		}
		if i > 0 {
			l.Gap(columnGap)
		}
		l.CellMatch(role, c, widths[i], paint.Left, terms)
	}
	return l.String()
}

// boxWidth is the width of a box over the screen: what it needs, but at least
// least, and within the window.
func boxWidth(need, least, window int) int {
	return max(min(max(need+4, least), window-2), min(window, 8))
}
