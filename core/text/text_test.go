package text_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"reeve/core/text"
)

// payloads are names that did harm in terminals, one of each class, with what must be seen instead.
var payloads = []struct{ class, name, shown string }{
	{"clear screen", "bob\x1b[2J", "bob<001B>[2J"},
	{"cursor home", "bob\x1b[H", "bob<001B>[H"},
	{"report position", "bob\x1b[6n", "bob<001B>[6n"},
	{"leave the alternate screen", "bob\x1b[?1049l", "bob<001B>[?1049l"},
	{"conceal", "bob\x1b[8m", "bob<001B>[8m"},
	{"window title", "bob\x1b]0;pwned\x07", "bob<001B>]0;pwned<0007>"},
	{"clipboard", "bob\x1b]52;c;cm0gLXJm\x07", "bob<001B>]52;c;cm0gLXJm<0007>"},
	{"link", "\x1b]8;;http://evil\x1b\\bob\x1b]8;;\x1b\\", "<001B>]8;;http://evil<001B>\\bob<001B>]8;;<001B>\\"},
	{"unterminated OSC", "bob\x1b]0;", "bob<001B>]0;"},
	{"DCS", "bob\x1bP+q\x1b\\", "bob<001B>P+q<001B>\\"},
	{"reset", "bob\x1bc", "bob<001B>c"},
	{"C1 as a raw byte", "bob\x9b2J", "bob<009B>2J"},
	{"C1 as a character", "bob\u009b2J", "bob<009B>2J"},
	{"carriage return", "bob\rEVE", "bob<000D>EVE"},
	{"line feed", "bob\nEVE", "bob<000A>EVE"},
	{"tab", "bob\tEVE", "bob<0009>EVE"},
	{"backspace", "bob\b\b\b", "bob<0008><0008><0008>"},
	{"NUL", "bob\x00", "bob<0000>"},
	{"BEL", "bob\a", "bob<0007>"},
	{"DEL", "bob\x7f", "bob<007F>"},
	{"right-to-left override", "bob\u202eecila", "bob<202E>ecila"},
	{"isolate", "bob\u2066x\u2069", "bob<2066>x<2069>"},
	{"right-to-left mark", "bob\u200f", "bob<200F>"},
	{"zero width space", "bo\u200bb", "bo<200B>b"},
	{"zero width joiner", "a\u200db", "a<200D>b"},
	{"byte order mark", "\ufeffbob", "<FEFF>bob"},
	{"soft hyphen", "bo\u00adb", "bo<00AD>b"},
	{"tag character", "bob\U000e0041", "bob<E0041>"},
	{"variation selector", "a\ufe0f", "a<FE0F>"},
	{"variation selector supplement", "a\U000e0100", "a<E0100>"},
	{"line separator", "a\u2028b", "a<2028>b"},
	{"paragraph separator", "a\u2029b", "a<2029>b"},
	{"filler that looks like nothing", "\u3164", "<3164>"},
	{"private use", "a\ue000", "a<E000>"},
	{"replacement character", "a\ufffd", "a<FFFD>"},
	{"not UTF-8", "a\xffb", "a<00FF>b"},
	{"cut in the middle of a character", "a\xe4\xb8", "a<00E4><00B8>"},
	{"half a surrogate pair", "a\xed\xa0\x80", "a<00ED><00A0><0080>"},
}

func TestPayloadsAreShownAndDoNothing(t *testing.T) {
	for _, p := range payloads {
		if got := text.Clean(p.name); got != p.shown {
			t.Errorf("%s: %q, want %q", p.class, got, p.shown)
		}
	}
}

func TestPayloadsAreRefusedAtTheField(t *testing.T) {
	rule := text.Rule{Max: 1000}
	for _, p := range payloads {
		fault, ok := rule.Check(p.name)
		mark, _ := fault.Args["Mark"].(string)
		if ok || fault.ID != "fault.text.unsafe" || mark == "" || !strings.Contains(p.shown, mark) {
			t.Errorf("%s: ok %v, said %v", p.class, ok, fault)
		}
	}
}

func TestHarmlessTextStaysAsItIs(t *testing.T) {
	for _, s := range []string{"", "zoe", "Zoë Müller", "王芳", "Анна", "हिन्दी", "ไทย", "a b", "100 % <b>&amp;</b>", "😀", "e\u0301", "\u00a0"} {
		if got := text.Clean(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
		if r, found := text.FirstUnsafe(s); found {
			t.Errorf("%q is refused for %q", s, r)
		}
	}
	if n := testing.AllocsPerRun(100, func() { text.Clean("Zoë Müller 王芳") }); n != 0 {
		t.Errorf("%v allocations for text with nothing to replace", n)
	}
}

func TestARuleSaysWhatIsWrong(t *testing.T) {
	rule := text.Rule{Min: 3, Max: 5, First: unicode.IsLetter, Form: "form", Rest: func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }}
	for s, want := range map[string]string{
		"abc": "", "a1234": "", "王芳李": "", "": "fault.text.empty", "ab": "fault.text.length", "abcdef": "fault.text.length",
		"1bc": "form", "ab-c": "form", "ab\x1b": "fault.text.unsafe",
	} {
		fault, ok := rule.Check(s)
		if fault.ID != want || ok != (want == "") {
			t.Errorf("%q: %q, want %q", s, fault.ID, want)
		}
	}
	if fault, _ := rule.Check("ab-c"); fault.Args["Char"] != "-" {
		t.Errorf("the character to blame is %v", fault.Args)
	}
	if fault, _ := rule.Check("王芳"); fault.Args["Count"] != 2 || fault.Args["Min"] != 3 || fault.Args["Max"] != 5 {
		t.Errorf("lengths are not in characters: %v", fault.Args)
	}
	rule.Key = true
	for s, want := range map[string]string{"\u00e9te": "", "e\u0301te": "éte", "ａbc": "abc", "ﬁne": "fine", "a-\uff42c": ""} {
		if fault, _ := rule.Check(s); want != "" && (fault.ID != "fault.text.normal" || fault.Args["Normal"] != want) || want == "" && fault.ID == "fault.text.normal" {
			t.Errorf("%q as a key: %+v, want to write %q", s, fault, want)
		}
	}
	if _, ok := (text.Rule{Max: 3}).Check(""); !ok {
		t.Error("nothing is refused where nothing is asked for")
	}
}

func TestNearest(t *testing.T) {
	names := []string{"sales_dw", "sales_ods", "finance", "Finance2", "hr", "张伟"}
	for typed, want := range map[string]string{
		"sales": "sales_dw sales_ods", "slaes_dw": "sales_dw", "FINANCE": "finance Finance2", "finanse": "finance Finance2",
		"zzzzzz": "", "": "", "  hr ": "hr",
		"u1": "", "h1": "hr", "x": "", "张": "张伟", "李伟": "张伟", "hrx": "hr",
	} {
		if got := strings.Join(text.Nearest(typed, names, 2), " "); got != want {
			t.Errorf("%q is near %q, want %q", typed, got, want)
		}
	}
	if got := text.Nearest("sales", names, 1); len(got) != 1 {
		t.Errorf("asked for one, got %v", got)
	}
}

func TestFold(t *testing.T) {
	if text.Fold("  Sales_DW ") != text.Fold("sales_dw") {
		t.Error("case and surrounding space make two names of one")
	}
}

func FuzzClean(f *testing.F) {
	for _, p := range payloads {
		f.Add(p.name)
	}
	f.Add("plain")
	f.Fuzz(func(t *testing.T, s string) {
		clean := text.Clean(s)
		if !utf8.ValidString(clean) {
			t.Fatalf("%q became %q, which is not UTF-8", s, clean)
		}
		for _, r := range clean {
			if r < 0x20 || r >= 0x7f && r < 0xa0 || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp) || r == utf8.RuneError {
				t.Fatalf("%q still holds %U: %q", s, r, clean)
			}
		}
		if again := text.Clean(clean); again != clean {
			t.Fatalf("%q cleaned twice is %q", clean, again)
		}
		_, unsafe := text.FirstUnsafe(s)
		if unsafe != (clean != s) {
			t.Fatalf("%q: unsafe %v, cleaned to %q", s, unsafe, clean)
		}
	})
}
