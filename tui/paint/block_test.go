package paint_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"reeve/tui/paint"
	"reeve/tui/theme"
	"reeve/tui/tuitest"
)

func TestWrap(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		w    int
		want []string
	}{
		"at spaces":              {"one two three", 7, []string{"one two", "three"}},
		"a long word is cut":     {"abcdefgh ij", 4, []string{"abcd", "efgh", "ij"}},
		"long word after short":  {"x abcdefgh", 4, []string{"x", "abcd", "efgh"}},
		"many spaces":            {"ab      cd", 4, []string{"ab", "cd"}},
		"breaks stay":            {"a\n\nb", 4, []string{"a", "", "b"}},
		"between wide ones":      {"数据开发治理", 5, []string{"数据", "开发", "治理"}},
		"wide beside narrow":     {"MaxCompute数据", 11, []string{"MaxCompute", "数据"}},
		"nothing":                {"", 4, []string{""}},
		"only spaces":            {"    ", 4, []string{""}},
		"wider than a line":      {"数", 1, []string{""}},
		"no width":               {"abc", 0, nil},
		"control characters too": {"a\tb", 9, []string{"a<0009>b"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := paint.Wrap(tc.text, tc.w); !reflect.DeepEqual(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestOverlayKeepsTheFrame(t *testing.T) {
	th := theme.New(theme.Dark)
	row := paint.NewLine(th, 12).On(theme.Selected).Text(theme.Title, "数据 abcdef").String()
	base := paint.Join(row, row, row)
	box := paint.NewLine(th, 4).Text(theme.Danger, "[xy]").String()
	for name, tc := range map[string]struct {
		x, y int
		want string
	}{
		"inside":                        {5, 1, "数据 [xy]ef"},
		"over half of a wide character": {1, 1, " [xy]abcdef"},
		"sticks out at the right":       {10, 1, "数据 abcde[x"},
		"sticks out at the left":        {-2, 1, "y]据 abcdef"},
		"beside the frame":              {12, 1, "数据 abcdef"},
	} {
		t.Run(name, func(t *testing.T) {
			got := paint.Overlay(base, box, tc.x, tc.y)
			tuitest.Invariants(t, got, 12, 3)
			lines := paint.Lines(got)
			if lines[0] != row || lines[2] != row {
				t.Errorf("other lines changed: %q", got)
			}
			if text := strings.TrimRight(ansi.Strip(lines[1]), " "); text != tc.want {
				t.Errorf("got %q, want %q", text, tc.want)
			}
			if w := ansi.StringWidth(lines[1]); w != 12 {
				t.Errorf("the line is %d cells wide", w)
			}
		})
	}
}

func TestOverlayRestoresTheStyleBehindTheBox(t *testing.T) {
	th := theme.New(theme.Dark)
	base := paint.NewLine(th, 8).On(theme.Selected).Text(theme.Title, "abcdefgh").String()
	p := tuitest.Grid(paint.Overlay(base, "XY", 3, 0), 8, 1)
	if p.Style[0] != "aaa..aaa" {
		t.Errorf("got %q with %q", p.Style[0], p.Legend)
	}
}

func TestBoxGolden(t *testing.T) {
	th := theme.New(theme.Dark)
	var out []string
	for _, w := range []int{40, 20, 9, 4, 3} {
		out = append(out, paint.Box(th, "Effect of saving", "revision 4 812", []string{"one", "数据开发治理平台数据开发治理平台数据开发"}, w))
	}
	content := paint.Join(out...)
	_, h := paint.Size(content)
	tuitest.Invariants(t, content, 40, h)
	tuitest.Golden(t, "box", tuitest.Grid(content, 40, h))
}

func TestCenteredSaysWhereTheBoxBegins(t *testing.T) {
	base := paint.Sized(nil, 10, 5)
	frame, x, y := paint.Centered(base, "abcd", 10, 5)
	if x != 3 || y != 2 || paint.Lines(frame)[2] != "   abcd   " {
		t.Errorf("at %d,%d: %q", x, y, frame)
	}
}

func TestBesideFillsShorterBlocks(t *testing.T) {
	got := paint.Beside([]string{"ab\ncd", "x"}, []int{3, 2})
	if got != "ab x \ncd   " {
		t.Errorf("got %q", got)
	}
}

func TestPadCountsCellsAsTheTerminalDoes(t *testing.T) {
	for _, s := range []string{"a\u0301b", "─\u0301─", "─数─", "█\u200d", "●─▌·…", "▯▰■", "\x1b[1mab\x1b[m数", "─", "e"} {
		if got := ansi.StringWidth(paint.Pad(s, 12)); got != 12 {
			t.Errorf("%q padded to 12 is %d cells wide", s, got)
		}
		if got := ansi.StringWidth(paint.Pad(s, 1)); got != 1 {
			t.Errorf("%q cut to 1 is %d cells wide", s, got)
		}
	}
}

func TestDimKeepsTheTextInOneStyle(t *testing.T) {
	th := theme.New(theme.Dark)
	frame := paint.Join(paint.NewLine(th, 12).On(theme.Selected).Text(theme.Title, "数据").Text(theme.Danger, " x").String(), paint.NewLine(th, 12).Text(theme.Good, "ok").String())
	got := paint.Dim(th, frame)
	if ansi.Strip(got) != ansi.Strip(frame) {
		t.Errorf("the text changed: %q", ansi.Strip(got))
	}
	p := tuitest.Grid(got, 12, 2)
	if len(p.Legend) != 1 || p.Legend[0] != "a #656c76" {
		t.Errorf("the styles are %q", p.Legend)
	}
}
