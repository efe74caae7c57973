package screen

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/tui/theme"
	"reeve/tui/widget"
)

// Wordless is what overlays without a text under the cursor share.
type Wordless struct{}

// Paste implements Overlay.
func (Wordless) Paste(string) []Event { return nil }

// Cursor implements Overlay.
func (Wordless) Cursor() (x, y int, ok bool) { return 0, 0, false }

// picking is a picker over the screen.
type picking struct {
	*widget.Picker
	chosen func(*widget.Picker) []Event
}

// Pick lets one choose from a list; chosen is called with the picker when something was.
func Pick(p *widget.Picker, chosen func(*widget.Picker) []Event) Overlay {
	return &picking{Picker: p, chosen: chosen}
}

func (p *picking) Key(k tea.KeyPressMsg, _ time.Time) ([]Event, bool) {
	switch p.HandleKey(k) {
	case widget.PickerChosen:
		return p.chosen(p.Picker), true
	case widget.PickerCancelled:
		return nil, true
	case widget.PickerHandled:
	}
	return nil, false
}

func (p *picking) Paste(s string) []Event { p.Picker.Paste(s); return nil }

func (p *picking) Box(th *theme.Theme, w, h int) string { return p.Render(th, w, h) }

// asking is a dialog over the screen.
type asking struct {
	*widget.Dialog
	answered func(choice string) []Event
}

// Ask shows a dialog; answered is called with the choice, which is empty when it was left with esc.
func Ask(d *widget.Dialog, answered func(choice string) []Event) Overlay {
	return &asking{Dialog: d, answered: answered}
}

func (a *asking) Key(k tea.KeyPressMsg, now time.Time) ([]Event, bool) {
	r := a.HandleKey(k, now)
	if !r.Done {
		return nil, false
	}
	return a.answered(r.Choice), true
}

func (a *asking) Paste(s string) []Event { a.Dialog.Paste(s); return nil }

func (a *asking) Box(th *theme.Theme, w, h int) string { return a.Render(th, w, h) }
