package app

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/core/message"
	"reeve/core/preference"
	"reeve/tui/paint"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// longestCopy is how many bytes are sent to a clipboard at most. Terminals take sequences of 74 to 100 thousand bytes, of which
// base64 leaves three quarters, and cut or drop what is longer without a word.
const longestCopy = 55_000

// copied copies a text. No terminal says whether it took it.
func (a *App) copied(text string) tea.Cmd {
	switch {
	case a.opts.Preferences[preference.Clipboard] == preference.ShownAsText:
		a.overlays = append(a.overlays, &selecting{app: a, text: text})
		return nil
	case len(text) > longestCopy:
		return a.say(widget.ToastWarning, a.env.With("copy.long", message.Args{"Size": len(text) / 1000, "Most": longestCopy / 1000}))
	}
	return tea.Batch(tea.SetClipboard(text), a.say(widget.ToastInfo, a.env.Text("copy.sent")))
}

// selecting is a text by itself on the screen, without anything beside it that would be selected too. The mouse is the terminal's
// own meanwhile.
type selecting struct {
	screen.Wordless
	app    *App
	text   string
	scroll screen.Scroll
}

// selects is the text that is shown to be selected, if one is.
func (a *App) selects() (*selecting, bool) {
	if len(a.overlays) == 0 {
		return nil, false
	}
	s, shown := a.overlays[len(a.overlays)-1].(*selecting)
	return s, shown
}

// Key implements screen.Overlay: what does not scroll goes back.
func (s *selecting) Key(k tea.KeyPressMsg, _ time.Time) ([]screen.Event, bool) {
	return nil, !s.scroll.Key(k)
}

// Box implements screen.Overlay; the text has the window to itself, see alone.
func (s *selecting) Box(*theme.Theme, int, int) string { return "" }

// alone draws the text at the left edge of the whole window, the last line of which says what to do.
func (s *selecting) alone(w, h int) string {
	th := s.app.env.Theme
	var lines []string
	for _, line := range strings.Split(strings.ReplaceAll(s.text, "\t", "    "), "\n") {
		lines = append(lines, paint.Wrap(line, w)...)
		if line == "" {
			lines = append(lines, "")
		}
	}
	drawn := make([]string, 0, h)
	for _, line := range s.scroll.InSight(lines, h-1) {
		drawn = append(drawn, paint.NewLine(th, w).Text(theme.Text, line).String())
	}
	for len(drawn) < h-1 {
		drawn = append(drawn, "")
	}
	return strings.Join(append(drawn, paint.NewLine(th, w).Text(theme.Faint, s.app.env.Text("copy.select")).String()), "\n")
}
