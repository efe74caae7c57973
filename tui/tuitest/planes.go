// Package tuitest drives screens without a terminal and without time: a
// message goes in, the commands it returns run at once, and the view is drawn
// on a grid of cells as the real renderer draws it. Tests compare the grid
// with files a person can read. Only tests import this package.
package tuitest

import (
	"fmt"
	"image/color"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// Planes are what a frame looks like: the text, and for every cell a letter
// that stands for its style.
type Planes struct {
	// Text and Style have one string a line. In Style a dot is the terminal's
	// own text and every style has a letter of Legend.
	Text, Style []string
	// Legend says what the letters stand for.
	Legend []string
}

// Grid draws content on w×h cells through the library of the real renderer.
func Grid(content string, w, h int) Planes {
	buf := uv.NewScreenBuffer(w, h)
	buf.Method = ansi.GraphemeWidth
	uv.NewStyledString(content).Draw(buf, buf.Bounds())
	p := Planes{}
	letters := map[string]rune{}
	for y := range h {
		var text, style strings.Builder
		for x := 0; x < w; x++ {
			cell := buf.CellAt(x, y)
			if cell == nil || cell.Width == 0 {
				continue // the second half of a wide character
			}
			text.WriteString(cellText(cell))
			style.WriteRune(p.letter(letters, cell))
			for range cell.Width - 1 {
				style.WriteRune('\'')
			}
		}
		p.Text = append(p.Text, strings.TrimRight(text.String(), " "))
		p.Style = append(p.Style, strings.TrimRight(style.String(), "."))
	}
	return p
}

func cellText(c *uv.Cell) string {
	if c.Content == "" {
		return " "
	}
	return c.Content
}

// styleLetters are given to the styles in the order they are met.
const styleLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// letter returns the letter of a cell's style, giving it one if it is new.
func (p *Planes) letter(letters map[string]rune, c *uv.Cell) rune {
	name := styleName(c)
	if name == "" {
		return '.'
	}
	if r, ok := letters[name]; ok {
		return r
	}
	r := '?'
	if len(letters) < len(styleLetters) {
		r = rune(styleLetters[len(letters)])
	}
	letters[name] = r
	p.Legend = append(p.Legend, string(r)+" "+name)
	return r
}

// styleName describes a style; the text colour of a blank does not show and
// does not count.
func styleName(c *uv.Cell) string {
	var parts []string
	s := c.Style
	blank := strings.TrimSpace(c.Content) == ""
	if s.Fg != nil && !blank {
		parts = append(parts, colorName(s.Fg))
	}
	if s.Bg != nil {
		parts = append(parts, "on "+colorName(s.Bg))
	}
	for _, a := range []struct {
		bit  uint8
		name string
		ink  bool
	}{
		{uv.AttrBold, "bold", true}, {uv.AttrFaint, "faint", true}, {uv.AttrItalic, "italic", true},
		{uv.AttrReverse, "reverse", false}, {uv.AttrStrikethrough, "struck", false},
	} {
		if s.Attrs&a.bit != 0 && (!a.ink || !blank) {
			parts = append(parts, a.name)
		}
	}
	if s.Underline != uv.UnderlineNone {
		parts = append(parts, "underline")
	}
	return strings.Join(parts, " ")
}

func colorName(c color.Color) string {
	switch v := c.(type) {
	case ansi.BasicColor:
		return fmt.Sprintf("color %d", v)
	case ansi.IndexedColor:
		return fmt.Sprintf("color %d", v)
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

// String writes the planes as a golden file holds them: the text, the styles,
// the legend.
func (p Planes) String() string {
	var b strings.Builder
	section := func(name string, lines []string) {
		fmt.Fprintf(&b, "-- %s --\n", name)
		for _, l := range lines {
			b.WriteString(l)
			b.WriteByte('\n')
		}
	}
	section("text", p.Text)
	section("style", p.Style)
	section("legend", p.Legend)
	return b.String()
}
