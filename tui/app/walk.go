package app

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// Step is one part of a walk: what is done, in words, and the keys that do it.
type Step struct {
	Title string
	// Keys are pressed one after the other: enter, esc, up, down, space, ctrl+s, or a character; "text:abc" types abc.
	Keys []string
}

// Walk goes through the console without a terminal: it presses the keys of each step and writes what the screen then shows as
// plain text. It is how the console shows itself where there is no terminal, and it waits for nothing but the work that the
// keys begin.
func Walk(a *App, w, h int, steps []Step, out io.Writer) error {
	walker := walker{app: a}
	walker.run(a.Init())
	walker.send(tea.WindowSizeMsg{Width: w, Height: h})
	for i, step := range steps {
		for _, key := range step.Keys {
			for _, msg := range presses(key) {
				walker.send(msg)
			}
		}
		if _, err := fmt.Fprintf(out, "%d. %s\n\n%s\n\n", i+1, step.Title, plain(a)); err != nil {
			return fmt.Errorf("writing the walk: %w", err)
		}
	}
	return nil
}

// plain is the screen as text, without the empty space at the ends of its lines.
func plain(a *App) string {
	content, _ := a.frame()
	lines := strings.Split(ansi.Strip(content), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// walker runs a model's commands as they come, one after the other.
type walker struct{ app *App }

func (w walker) send(msg tea.Msg) {
	_, cmd := w.app.Update(msg)
	w.run(cmd)
}

func (w walker) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			w.run(c)
		}
	default:
		w.send(msg)
	}
}

// named are the keys that have a name instead of a character.
func named(name string) (tea.KeyPressMsg, bool) {
	codes := map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft,
		"right": tea.KeyRight, "tab": tea.KeyTab, "home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown}
	if code, ok := codes[name]; ok {
		return tea.KeyPressMsg{Code: code}, true
	}
	if name == "space" {
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}, true
	}
	if letter, ok := strings.CutPrefix(name, "ctrl+"); ok {
		r, _ := utf8.DecodeRuneInString(letter)
		return tea.KeyPressMsg{Code: r, Mod: tea.ModCtrl}, true
	}
	return tea.KeyPressMsg{}, false
}

func presses(key string) []tea.KeyPressMsg {
	if msg, ok := named(key); ok {
		return []tea.KeyPressMsg{msg}
	}
	text, _ := strings.CutPrefix(key, "text:")
	var out []tea.KeyPressMsg
	for _, r := range text {
		out = append(out, tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return out
}
