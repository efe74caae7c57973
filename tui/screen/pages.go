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
	Keys   map[string]func() (events []Event, done bool)
	Width  int // widest the box gets; 0 for as wide as there is room
	scroll Scroll
}

// Key implements Overlay.
func (p *Pages) Key(k tea.KeyPressMsg, _ time.Time) ([]Event, bool) {
	if do, ok := p.Keys[k.String()]; ok {
		return do()
	}
	switch k.String() {
	case "esc", "q", "enter":
		return nil, true
	}
	p.scroll.Key(k)
	return nil, false
}

// Box implements Overlay.
func (p *Pages) Box(th *theme.Theme, w, h int) string {
	if p.Width > 0 {
		w = min(w, p.Width)
	}
	return paint.Overlaid(th, p.Title, p.Note, p.scroll.InSight(p.Lines(th, w-4), h-2), w)
}
