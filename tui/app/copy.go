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
	app  *App
	text string
	top  int
	page int
	all  int
}

// selects is the text that is shown to be selected, if one is.
func (a *App) selects() (*selecting, bool) {
	if len(a.overlays) == 0 {
		return nil, false
	}
	s, shown := a.overlays[len(a.overlays)-1].(*selecting)
	return s, shown
}

// Key implements screen.Overlay.
func (s *selecting) Key(k tea.KeyPressMsg, _ time.Time) ([]screen.Event, bool) {
	switch k.String() {
	case "down", "j":
		s.top++
	case "up", "k":
		s.top--
	case "pgdown", "space":
		s.top += s.page
	case "pgup":
		s.top -= s.page
	default:
		return nil, true
	}
	s.top = max(min(s.top, s.all-s.page), 0)
	return nil, false
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
	s.page, s.all = h-1, len(lines)
	s.top = max(min(s.top, s.all-s.page), 0)
	drawn := make([]string, 0, h)
	for _, line := range lines[s.top:min(s.top+s.page, len(lines))] {
		drawn = append(drawn, paint.NewLine(th, w).Text(theme.Text, line).String())
	}
	for len(drawn) < s.page {
		drawn = append(drawn, "")
	}
	return strings.Join(append(drawn, paint.NewLine(th, w).Text(theme.Faint, s.app.env.Text("copy.select")).String()), "\n")
}
