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
	case ok:
		return lowered(named, o.Profile)
	case o.NoColor:
		return Mono
	case o.Dark:
		return lowered(Dark, o.Profile)
	}
	return lowered(Light, o.Profile)
}

// lowered returns the look nearest to the wanted one that the profile can
// show.
func lowered(k Kind, p colorprofile.Profile) Kind {
	light := k == Light || k == ANSI256Light || k == ANSI16Light
	exact := k == Dark || k == Light
	switch {
	case k == Mono:
		return Mono
	case p == colorprofile.ANSI && light:
		return ANSI16Light
	case p == colorprofile.ANSI:
		return ANSI16
	case p == colorprofile.ANSI256 && exact && light:
		return ANSI256Light
	case p == colorprofile.ANSI256 && exact:
		return ANSI256
	}
	return k
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
