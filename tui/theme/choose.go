package theme

import (
	"strings"

	"github.com/charmbracelet/colorprofile"
)

// Options are what is known about a session when its theme is chosen.
type Options struct {
	// NoColor is true when the session asked for no colours; see NoColor.
	NoColor bool
	// Dark is true when the terminal's background is dark, or not known.
	Dark bool
	// Profile is what the terminal can show. Unknown counts as true colour,
	// because the renderer lowers exact colours by itself.
	Profile colorprofile.Profile
	// Override is the name of a look set by the person (see Kind.String).
	// Empty or "auto" means choose.
	Override string
	// ASCII asks for the ASCII glyphs.
	ASCII bool
}

// Choose returns the theme of a session. A look the person named wins over
// NO_COLOR, as that convention wants; what the terminal cannot show wins over
// both.
func Choose(o Options) *Theme {
	t := New(chooseKind(o))
	if o.ASCII {
		t = t.WithASCII()
	}
	return t
}

func chooseKind(o Options) Kind {
	named, ok := ParseKind(o.Override)
	switch {
	case o.Profile == colorprofile.NoTTY || o.Profile == colorprofile.ASCII:
		return Mono
	case ok && o.Profile == colorprofile.ANSI:
		return sixteen(named)
	case ok:
		return named
	case o.NoColor:
		return Mono
	}
	kind := Light
	if o.Dark {
		kind = Dark
	}
	if o.Profile == colorprofile.ANSI {
		return sixteen(kind)
	}
	return kind
}

// sixteen returns the look with sixteen colours nearest to the wanted one.
func sixteen(k Kind) Kind {
	switch k {
	case Dark:
		return ANSI16
	case Light:
		return ANSI16Light
	case ANSI16, ANSI16Light, Mono:
		return k
	default:
		return ANSI16
	}
}

// NoColor tells whether the environment asks for no colours: NO_COLOR is
// present with any value but the empty one. The renderer's own reading knows
// only the words for true, so NO_COLOR=yes would be lost there. Of several
// entries the last counts, as in a process environment.
func NoColor(env []string) bool {
	asked := false
	for _, e := range env {
		if v, ok := strings.CutPrefix(e, "NO_COLOR="); ok {
			asked = v != ""
		}
	}
	return asked
}
