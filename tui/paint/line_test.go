package paint_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"reeve/tui/paint"
	"reeve/tui/theme"
	"reeve/tui/tuitest"
)

func plain() *theme.Theme { return theme.New(theme.Mono) }

func TestLineHasExactlyItsWidth(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		w    int
		want string
	}{
		"short is filled":           {"abc", 5, "abc  "},
		"exact stays":               {"abcde", 5, "abcde"},
		"long ends in an ellipsis":  {"abcdef", 5, "abcd…"},
		"wide characters take two":  {"数据", 5, "数据 "},
		"half of a wide one is cut": {"数据开发", 6, "数据… "},
		"one cell":                  {"abc", 1, "…"},
		"none":                      {"abc", 0, ""},
		"below none":                {"abc", -3, ""},
		"escape is shown":           {"a\x1b[31mb", 14, "a<001B>[31mb  "},
		"line break is shown":       {"a\nb", 10, "a<000A>b  "},
		"direction is shown":        {"a\u202eb", 10, "a<202E>b  "},
		"joined emoji is spelled":   {"👨\u200d👩", 14, "👨<200D>👩    "},
		"skin tone is spelled":      {"👍\U0001F3FD", 14, "👍<1F3FD>     "},
		"lonely mark is spelled":    {"\u0301a", 10, "<0301>a   "},
		"combined letter stays":     {"e\u0301a", 4, "e\u0301a  "},
	} {
		t.Run(name, func(t *testing.T) {
			got := ansi.Strip(paint.NewLine(plain(), tc.w).Text(theme.Text, tc.text).String())
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestCellAligns(t *testing.T) {
	for a, want := range map[paint.Align]string{paint.Left: "ab   |", paint.Right: "   ab|", paint.Center: " ab  |"} {
		got := ansi.Strip(paint.NewLine(plain(), 6).Cell(theme.Text, "ab", 5, a).Text(theme.Text, "|").String())
		if got != want {
			t.Errorf("alignment %d: got %q, want %q", a, got, want)
		}
	}
}

func TestRightKeepsItsDistance(t *testing.T) {
	for name, tc := range map[string]struct {
		left, right string
		w           int
		want        string
	}{
		"room":        {"ab", "xy", 8, "ab    xy"},
		"just fits":   {"ab", "xy", 5, "ab xy"},
		"is cut":      {"ab", "wxyzzz", 8, "ab wxyz…"},
		"is left out": {"abcdef", "wxyz", 9, "abcdef   "},
		"alone":       {"", "wxyz", 4, "wxyz"},
	} {
		t.Run(name, func(t *testing.T) {
			got := ansi.Strip(paint.NewLine(plain(), tc.w).Text(theme.Text, tc.left).Right(theme.Muted, tc.right).String())
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestMatchesAreShownWithoutRegardToCase(t *testing.T) {
	th := theme.New(theme.Mono)
	l := paint.NewLine(th, 20).CellMatch(theme.Text, "Ärger mit ZOE.park", 20, paint.Left, []string{"zoe", "är"})
	p := tuitest.Grid(l.String(), 20, 1)
	if p.Style[0] != "aa........aaa" || p.Legend[0] != "a bold underline" {
		t.Errorf("got %q with %q", p.Style, p.Legend)
	}
}

func TestSelectedSurfaceReachesTheEnd(t *testing.T) {
	th := theme.New(theme.Dark)
	p := tuitest.Grid(paint.NewLine(th, 6).On(theme.Selected).Text(theme.Blank, "").Gap(1).Text(theme.Muted, "x").String(), 6, 1)
	if p.Style[0] != "abaaaa" || p.Legend[0] != "a on #22344a" || p.Legend[1] != "b #d1d7e0 on #22344a" {
		t.Errorf("got %q with %q", p.Style, p.Legend)
	}
}

func TestPrintableASCIIAllocatesNothing(t *testing.T) {
	th := theme.New(theme.Dark)
	l := paint.NewLine(th, 80)
	var frame []byte
	draw := func() {
		l.Reset(80).Text(theme.Title, "rg_prod").Gap(2).Cell(theme.Muted, "Running and a text that is too long", 20, paint.Left).Right(theme.Faint, "7 d")
		frame = l.Append(frame[:0])
	}
	draw()
	if n := testing.AllocsPerRun(100, draw); n > 0 {
		t.Errorf("%v allocations a line", n)
	}
}

func BenchmarkWideText(b *testing.B) {
	l := paint.NewLine(theme.New(theme.Dark), 80)
	b.ReportAllocs()
	for b.Loop() {
		l.Reset(80).Cell(theme.Text, "数据开发 · 治理平台", 30, paint.Left).Cell(theme.Text, "数据开发 · 治理平台", 9, paint.Left)
	}
}

func FuzzLine(f *testing.F) {
	for _, s := range []string{"", "plain", "数据开发", "👨‍👩‍👧‍👦", "🇩🇪❤️👍🏽", "\x1b[2J\x1b]0;x\a", "a\u202eb\u2066", "\xff\xfe", "e\u0301\u0301\u0301", "\u1100\u1161\u11a8", "नमस्ते", "\u0600\u0601"} {
		f.Add(s, 12)
	}
	th := theme.New(theme.Dark)
	f.Fuzz(func(t *testing.T, s string, w int) {
		w = ((w % 64) + 64) % 64
		l := paint.NewLine(th, w)
		got := l.Clip(theme.Title, s, w/2).CellMatch(theme.Muted, s, w/3, paint.Right, []string{s}).Text(theme.Text, s).Right(theme.Faint, s).String()
		if n := ansi.StringWidth(got); n != w {
			t.Fatalf("%d cells, want %d: %q", n, w, got)
		}
		tuitest.Invariants(t, got, w, 1)
		for _, line := range paint.Wrap(s, w) {
			if n := ansi.StringWidth(line); n > w {
				t.Fatalf("a wrapped line has %d cells, want %d: %q", n, w, line)
			}
		}
		if strings.ContainsAny(got, "\n\r\t") {
			t.Fatalf("a line breaks: %q", got)
		}
	})
}
