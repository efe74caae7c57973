package tuitest

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// ParseKeys turns names of keys with spaces between them into key presses:
// "down down enter : ctrl+s". "text:foo" types the letters of foo one by one;
// a space in it is written ␣.
func ParseKeys(keys string) ([]tea.KeyPressMsg, error) {
	var out []tea.KeyPressMsg
	for _, name := range strings.Fields(keys) {
		if typed, ok := strings.CutPrefix(name, "text:"); ok {
			for _, r := range strings.ReplaceAll(typed, "␣", " ") {
				out = append(out, letterKey(r))
			}
			continue
		}
		k, err := ParseKey(name)
		if err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, nil
}

// ParseKey turns the name of one key, as tea.Key prints it, into a key press.
func ParseKey(name string) (tea.KeyPressMsg, error) {
	var mod tea.KeyMod
	rest := name
	for _, m := range []struct {
		prefix string
		mod    tea.KeyMod
	}{{"ctrl+", tea.ModCtrl}, {"alt+", tea.ModAlt}, {"shift+", tea.ModShift}} {
		if cut, ok := strings.CutPrefix(rest, m.prefix); ok && cut != "" {
			mod |= m.mod
			rest = cut
		}
	}
	if code, ok := namedKey(rest); ok {
		k := tea.KeyPressMsg{Code: code, Mod: mod}
		if code == tea.KeySpace && mod == 0 {
			k.Text = " "
		}
		return k, nil
	}
	r, size := utf8.DecodeRuneInString(rest)
	if size != len(rest) || size == 0 {
		return tea.KeyPressMsg{}, fmt.Errorf("there is no key %q", name)
	}
	if mod == 0 {
		return letterKey(r), nil
	}
	return tea.KeyPressMsg{Code: r, Mod: mod}, nil
}

// letterKey is a key that types a character.
func letterKey(r rune) tea.KeyPressMsg {
	k := tea.KeyPressMsg{Code: r, Text: string(r)}
	if unicode.IsUpper(r) {
		k.Code, k.ShiftedCode, k.Mod = unicode.ToLower(r), r, tea.ModShift
	}
	return k
}

func namedKey(name string) (rune, bool) {
	switch name {
	case "up":
		return tea.KeyUp, true
	case "down":
		return tea.KeyDown, true
	case "left":
		return tea.KeyLeft, true
	case "right":
		return tea.KeyRight, true
	case "home":
		return tea.KeyHome, true
	case "end":
		return tea.KeyEnd, true
	case "pgup":
		return tea.KeyPgUp, true
	case "pgdown":
		return tea.KeyPgDown, true
	case "enter":
		return tea.KeyEnter, true
	case "tab":
		return tea.KeyTab, true
	case "esc":
		return tea.KeyEscape, true
	case "space":
		return tea.KeySpace, true
	case "backspace":
		return tea.KeyBackspace, true
	case "delete":
		return tea.KeyDelete, true
	case "insert":
		return tea.KeyInsert, true
	default:
		return 0, false
	}
}
