package theme_test

import (
	"reflect"
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"reeve/tui/theme"
)

func TestExactColors(t *testing.T) {
	for _, tc := range []struct {
		kind theme.Kind
		role theme.Role
		on   theme.Surface
		want string
	}{
		{theme.Dark, theme.Text, theme.Plain, "\x1b[0;38;2;209;215;224m"},
		{theme.Dark, theme.Title, theme.Plain, "\x1b[0;1;38;2;209;215;224m"},
		{theme.Dark, theme.Accent, theme.Selected, "\x1b[0;38;2;108;182;255;48;2;34;52;74m"},
		{theme.Dark, theme.Muted, theme.Selected, "\x1b[0;38;2;209;215;224;48;2;34;52;74m"},
		{theme.Light, theme.Danger, theme.Plain, "\x1b[0;38;2;207;34;46m"},
		{theme.Light, theme.Blank, theme.Selected, "\x1b[0;48;2;221;244;255m"},
		{theme.ANSI16, theme.Text, theme.Plain, "\x1b[m"},
		{theme.ANSI16, theme.Good, theme.Plain, "\x1b[0;92m"},
		{theme.Mono, theme.Danger, theme.Plain, "\x1b[0;1m"},
		{theme.Mono, theme.Faint, theme.Selected, "\x1b[0;7m"},
		{theme.Dark, theme.Blank, theme.Plain, "\x1b[m"},
	} {
		if got := theme.New(tc.kind).Open(tc.role, tc.on); got != tc.want {
			t.Errorf("%v role %d surface %d: got %q, want %q", tc.kind, tc.role, tc.on, got, tc.want)
		}
	}
}

func TestMonoUsesNoColors(t *testing.T) {
	th := theme.New(theme.Mono)
	for r := range theme.Blank + 1 {
		for _, on := range []theme.Surface{theme.Plain, theme.Selected} {
			open := strings.TrimSuffix(strings.TrimPrefix(th.Open(r, on), "\x1b["), "m")
			for code := range strings.SplitSeq(open, ";") {
				if len(code) > 1 {
					t.Errorf("role %d: %q is a colour", r, code)
				}
			}
		}
	}
}

func TestSelectedDiffersInEveryTheme(t *testing.T) {
	for _, k := range theme.Kinds() {
		th := theme.New(k)
		for r := range theme.Blank + 1 {
			if th.Open(r, theme.Plain) == th.Open(r, theme.Selected) {
				t.Errorf("%v: role %d looks the same on the selected row", k, r)
			}
		}
	}
}

func TestGlyphsAreOneCellWide(t *testing.T) {
	for name, g := range map[string]theme.Glyphs{"unicode": theme.UnicodeGlyphs(), "ascii": theme.ASCIIGlyphs()} {
		v := reflect.ValueOf(g)
		for i := range v.NumField() {
			field := v.Type().Field(i).Name
			for _, s := range texts(v.Field(i).Interface()) {
				want := 1
				if strings.HasPrefix(field, "Check") && field != "Check" {
					want = 3
				}
				if w := ansi.StringWidth(s); w != want || ansi.StringWidthWc(s) != want {
					t.Errorf("%s: %s %q is %d cells wide", name, field, s, w)
				}
				for _, r := range s {
					if name == "ascii" && r > unicode.MaxASCII {
						t.Errorf("%s is not ASCII: %q", field, s)
					}
				}
			}
		}
	}
}

func texts(v any) []string {
	switch x := v.(type) {
	case string:
		return []string{x}
	case []string:
		return x
	case []rune:
		return strings.Split(string(x), "")
	default:
		return nil
	}
}

func TestChoose(t *testing.T) {
	for name, tc := range map[string]struct {
		o    theme.Options
		want theme.Kind
	}{
		"dark":                            {theme.Options{Dark: true}, theme.Dark},
		"light":                           {theme.Options{}, theme.Light},
		"no colour":                       {theme.Options{Dark: true, NoColor: true}, theme.Mono},
		"a named look wins over NO_COLOR": {theme.Options{NoColor: true, Override: "Light"}, theme.Light},
		"an unknown look is ignored":      {theme.Options{Dark: true, Override: "pink"}, theme.Dark},
		"auto":                            {theme.Options{Dark: true, Override: "auto"}, theme.Dark},
		"sixteen colours":                 {theme.Options{Dark: true, Profile: colorprofile.ANSI}, theme.ANSI16},
		"256 colours":                     {theme.Options{Profile: colorprofile.ANSI256, Dark: true}, theme.ANSI256},
		"256 colours on light":            {theme.Options{Profile: colorprofile.ANSI256}, theme.ANSI256Light},
		"sixteen colours on light":        {theme.Options{Profile: colorprofile.ANSI}, theme.ANSI16Light},
		"named but only sixteen":          {theme.Options{Override: "light", Profile: colorprofile.ANSI}, theme.ANSI16Light},
		"named but no colours to be had":  {theme.Options{Override: "dark", Profile: colorprofile.ASCII}, theme.Mono},
		"no terminal":                     {theme.Options{Dark: true, Profile: colorprofile.NoTTY}, theme.Mono},
	} {
		t.Run(name, func(t *testing.T) {
			if got := theme.Choose(tc.o).Kind(); got != tc.want {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
	if g := theme.Choose(theme.Options{ASCII: true}).Glyphs; g.BoxH != "-" {
		t.Errorf("ASCII glyphs were not taken: %q", g.BoxH)
	}
}

func TestNoColor(t *testing.T) {
	for _, tc := range []struct {
		env  []string
		want bool
	}{
		{nil, false},
		{[]string{"NO_COLOR="}, false},
		{[]string{"NO_COLOR=1"}, true},
		{[]string{"NO_COLOR=yes"}, true},
		{[]string{"NO_COLOR=0"}, true},
		{[]string{"NO_COLOR=1", "NO_COLOR="}, false},
		{[]string{"MY_NO_COLOR=1"}, false},
	} {
		if got := theme.NoColor(tc.env); got != tc.want {
			t.Errorf("%q: got %v", tc.env, got)
		}
	}
}
