package widget

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"reeve/tui/paint"
	"reeve/tui/theme"
)

// HelpEntry is one key and what it does.
type HelpEntry struct {
	ID, Keys, Title string
	// Group is the heading the entry stands under.
	Group string
	// Disabled, when not empty, is why it is not possible now.
	Disabled string
}

// Help lists the keys of a screen and narrows as one types.
type Help struct {
	Title, Placeholder, NoMatch string

	entries []HelpEntry
	input   *Input
	list    choices

	cursorX, cursorY int
}

// NewHelp returns a help of the entries, in their order.
func NewHelp(title string, entries []HelpEntry) *Help {
	h := &Help{Title: title, entries: entries, input: NewInput("")}
	h.filter()
	return h
}

// HandleKey takes every key: letters filter, arrows move, enter asks for the
// act under the cursor, esc clears the filter and then leaves.
func (h *Help) HandleKey(k tea.KeyPressMsg) (done bool, id string) {
	key := k.String()
	switch {
	case key == "esc" && h.input.Value() != "":
		h.input.SetValue("")
		h.filter()
	case key == "esc":
		return true, ""
	case key == "enter":
		if i := h.list.at(); i >= 0 && h.entries[i].Disabled == "" {
			return true, h.entries[i].ID
		}
	case h.list.moveKey(key):
	default:
		before := h.input.Value()
		h.input.HandleKey(k)
		if h.input.Value() != before {
			h.filter()
		}
	}
	return false, ""
}

// Paste inserts text into the filter.
func (h *Help) Paste(s string) {
	h.input.Paste(s)
	h.filter()
}

func (h *Help) filter() {
	words := strings.Fields(strings.ToLower(h.input.Value()))
	var found []int
	for i, e := range h.entries {
		if containsAll(strings.ToLower(e.Keys+" "+e.Title+" "+e.Group), words) {
			found = append(found, i)
		}
	}
	h.list.set(found)
}

// Render draws the help as a box that fits in w×h cells.
func (h *Help) Render(th *theme.Theme, w, height int) string {
	bw := boxWidth(72, 40, w)
	inner := max(bw-4, 1)
	l := paint.NewLine(th, inner).Text(theme.Accent, "/").Gap(1)
	h.input.Placeholder = h.Placeholder
	h.input.Draw(l, l.Room(), true)
	lines := []string{l.String(), paint.Rule(th, inner)}
	all, at := h.lines(th, inner)
	rows := max(min(len(all), height-5), 1)
	top := scrollWindow(h.list.top, at, len(all), rows)
	if at > 0 && top == at && rows > 1 {
		top-- // keep the heading of the first entry of a group in sight
	}
	h.list.top = top
	h.list.height = rows
	for i := top; i < min(top+rows, len(all)); i++ {
		lines = append(lines, all[i])
	}
	if len(h.list.found) == 0 {
		lines = append(lines, l.Reset(inner).Gap(2).Text(theme.Faint, h.NoMatch).String())
	}
	if height >= len(lines)+3 {
		reason := ""
		if i := h.list.at(); i >= 0 {
			reason = h.entries[i].Disabled
		}
		lines = append(lines, l.Reset(inner).Text(theme.Faint, reason).String())
	}
	h.cursorX, h.cursorY = h.input.Column()+2, 1
	return paint.Overlaid(th, h.Title, countOf(len(h.list.found), len(h.entries)), lines, bw)
}

// Cursor returns where the cursor of the filter stands in the box.
func (h *Help) Cursor() (x, y int, ok bool) { return h.cursorX, h.cursorY, true }

// lines draws headings and entries and returns which line has the cursor.
func (h *Help) lines(th *theme.Theme, w int) (lines []string, at int) {
	keys := 0
	for _, e := range h.entries {
		keys = max(keys, min(paint.Width(e.Keys), w/3))
	}
	l := paint.NewLine(th, w)
	group := ""
	for pos, i := range h.list.found {
		e := h.entries[i]
		if e.Group != group && e.Group != "" {
			group = e.Group
			lines = append(lines, l.Reset(w).Text(theme.Faint, group).String())
		}
		l.Reset(w)
		if pos == h.list.cursor {
			at = len(lines)
			l.On(theme.Selected).Text(theme.Bar, th.Glyphs.Bar)
		} else {
			l.Gap(1)
		}
		key, title := theme.Key, theme.Text
		if e.Disabled != "" {
			key, title = theme.Disabled, theme.Disabled
		}
		l.Gap(1).Cell(key, e.Keys, keys, paint.Left).Gap(2).Text(title, e.Title)
		lines = append(lines, l.Gap(2).Text(theme.Faint, e.Disabled).String())
	}
	return lines, at
}

// Dimmed is the act under the cursor, if it is not possible now.
func (h *Help) Dimmed() (id string, ok bool) {
	i := h.list.at()
	if i < 0 || h.entries[i].Disabled == "" {
		return "", false
	}
	return h.entries[i].ID, true
}
