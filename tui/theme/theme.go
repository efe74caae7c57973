// Package theme holds what the console may look like: the semantic roles a
// piece of text can have, what each looks like in each theme, and the glyphs.
// A style is prepared once as the escape sequence that opens it, so drawing a
// frame only copies strings. Nothing here knows a screen or a service.
package theme

import (
	"image/color"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
)

// Kind is one of the looks the console has.
type Kind uint8

// The looks. ANSI256 and ANSI256Light are chosen by hand from the 256 fixed
// colours, because the nearest ones to exact greys come out tinted; ANSI16 and
// ANSI16Light use the sixteen colours the terminal itself defines; Mono uses
// bold, faint, underline and reverse only.
const (
	Dark Kind = iota
	Light
	ANSI256
	ANSI256Light
	ANSI16
	ANSI16Light
	Mono
)

// String returns the name a person writes to ask for the look.
func (k Kind) String() string {
	switch k {
	case Dark:
		return "dark"
	case Light:
		return "light"
	case ANSI256:
		return "256"
	case ANSI256Light:
		return "256-light"
	case ANSI16:
		return "16"
	case ANSI16Light:
		return "16-light"
	case Mono:
		return "mono"
	default:
		return "dark"
	}
}

// Kinds returns all looks.
func Kinds() []Kind { return []Kind{Dark, Light, ANSI256, ANSI256Light, ANSI16, ANSI16Light, Mono} }

// ParseKind turns a name written by a person into a look; ok is false when
// there is no look of that name.
func ParseKind(name string) (kind Kind, ok bool) {
	for _, k := range Kinds() {
		if strings.EqualFold(name, k.String()) {
			return k, true
		}
	}
	return Dark, false
}

// Surface is what lies behind a text.
type Surface uint8

// The surfaces: the terminal's own background, and the filled row under the
// cursor.
const (
	Plain Surface = iota
	Selected
)

// Style is a prepared look of a piece of text. The zero Style is the
// terminal's own text.
type Style struct {
	open     string
	selected string
	on       Surface
}

// Open returns the escape sequence that switches to this style from any other
// one: it resets first, so styles never add up.
func (s Style) Open() string {
	o := s.open
	if s.on == Selected {
		o = s.selected
	}
	if o == "" {
		return Reset
	}
	return o
}

// On returns the same style as it looks on the surface.
func (s Style) On(surface Surface) Style {
	s.on = surface
	return s
}

// Reset is the sequence that returns to the terminal's own text.
const Reset = "\x1b[m"

// Theme is the set of all styles and glyphs of one look. It is immutable and
// may be shared by sessions.
type Theme struct {
	kind   Kind
	styles [roleCount]Style
	accent color.Color

	// Glyphs are the characters the console draws with.
	Glyphs Glyphs
}

// New prepares the theme of a look with Unicode glyphs.
func New(kind Kind) *Theme {
	p := paletteOf(kind)
	t := &Theme{kind: kind, Glyphs: UnicodeGlyphs()}
	for r := range Role(roleCount) {
		spec := specOf(r)
		t.styles[r] = Style{
			open:     p.sequence(spec, Plain),
			selected: p.sequence(spec, Selected),
		}
	}
	if h := p.hex[toneAccent]; h != "" {
		t.accent = lipgloss.Color(h)
	}
	return t
}

// WithASCII returns a copy of the theme that draws with ASCII only.
func (t *Theme) WithASCII() *Theme {
	c := *t
	c.Glyphs = ASCIIGlyphs()
	return &c
}

// Kind returns the look the theme was made for.
func (t *Theme) Kind() Kind { return t.kind }

// Style returns the prepared style of a role. A role out of range is Text.
func (t *Theme) Style(r Role) Style {
	if int(r) >= len(t.styles) {
		r = Text
	}
	return t.styles[r]
}

// Open returns the opening sequence of a role on a surface.
func (t *Theme) Open(r Role, on Surface) string { return t.Style(r).On(on).Open() }

// Bare tells whether an empty cell in the role looks like one in no role at
// all, so that a space need not leave the style of the text before it.
func (t *Theme) Bare(r Role) bool {
	s := specOf(r)
	return !s.underline && !s.reverse
}

// Accent returns the accent as a colour, for the terminal's own cursor. It is
// nil where the theme names no exact colours.
func (t *Theme) Accent() color.Color { return t.accent }

// sequence builds the SGR sequence of a spec on a surface.
func (p palette) sequence(s spec, on Surface) string {
	codes := []string{"0"}
	tone, bold, faint := s.tone, s.bold, false
	if on == Selected {
		tone = raised(tone)
	}
	if p.mono {
		mono := monoOf(tone)
		bold = bold || mono.bold
		faint = mono.faint && on == Plain
	}
	if bold {
		codes = append(codes, "1")
	}
	if faint {
		codes = append(codes, "2")
	}
	if s.underline {
		codes = append(codes, "4")
	}
	if s.reverse != (p.mono && on == Selected) {
		codes = append(codes, "7")
	}
	if on == Selected {
		codes = append(codes, p.selectedFg[tone], p.selectedBg)
	} else {
		codes = append(codes, p.fg(tone))
	}
	kept := codes[:0]
	for _, c := range codes {
		if c != "" {
			kept = append(kept, c)
		}
	}
	if len(kept) == 1 {
		return Reset
	}
	return "\x1b[" + strings.Join(kept, ";") + "m"
}

// fg returns the SGR parameters of a tone, empty for the terminal's own text.
func (p palette) fg(t tone) string {
	if h := p.hex[t]; h != "" {
		return trueColor("38", h)
	}
	return p.code[t]
}

// trueColor returns the SGR parameters of a 24 bit colour; layer is "38" for
// the text and "48" for the background.
func trueColor(layer, hex string) string {
	r, g, b, _ := lipgloss.Color(hex).RGBA()
	part := func(v uint32) string { return strconv.Itoa(int(v >> 8)) }
	return layer + ";2;" + part(r) + ";" + part(g) + ";" + part(b)
}
