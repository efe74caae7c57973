package screen

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/tui/paint"
	"reeve/tui/theme"
)

// Pages is a text of any length in a box, to be read and scrolled.
type Pages struct {
	Wordless
	Title, Note string
	// Lines are drawn anew for every width.
	Lines func(th *theme.Theme, w int) []string
	// Keys are further keys; a key that is not here scrolls or closes.
	Keys  map[string]func() (events []Event, done bool)
	Width int // widest the box gets; 0 for as wide as there is room
	top   int
	last  int
	page  int
}

// Key implements Overlay.
func (p *Pages) Key(k tea.KeyPressMsg, _ time.Time) ([]Event, bool) {
	if do, ok := p.Keys[k.String()]; ok {
		return do()
	}
	switch k.String() {
	case "esc", "q", "enter":
		return nil, true
	case "up", "k":
		p.top--
	case "down", "j":
		p.top++
	case "pgup":
		p.top -= p.page
	case "pgdown", "space":
		p.top += p.page
	case "home", "g":
		p.top = 0
	case "end", "G":
		p.top = p.last
	}
	p.top = max(0, min(p.top, p.last))
	return nil, false
}

// Box implements Overlay.
func (p *Pages) Box(th *theme.Theme, w, h int) string {
	if p.Width > 0 {
		w = min(w, p.Width)
	}
	lines := p.Lines(th, w-4)
	p.page = max(1, h-2)
	p.last = max(0, len(lines)-p.page)
	p.top = min(p.top, p.last)
	return paint.Overlaid(th, p.Title, p.Note, lines[p.top:min(len(lines), p.top+p.page)], w)
}
