package widget_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"reeve/tui/paint"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

func mono() *theme.Theme { return theme.New(theme.Mono) }

// bare is the text of one drawn line without styles and without the empty
// cells at its end.
func bare(line string) string { return strings.TrimRight(ansi.Strip(line), " ") }

func TestFooterLeavesOutWholeEntries(t *testing.T) {
	keys := []widget.FooterKey{{Key: "a", Title: "add"}, {Key: "r", Title: "roles"}, {Key: ":", Title: "command"}, {Key: "?", Title: "help"}}
	for _, tc := range []struct {
		w, keep int
		right   string
		want    string
	}{
		{60, 2, "", " a add   r roles   : command   ? help"},
		{60, 2, "done", " a add   r roles   : command   ? help                  done"},
		{36, 2, "", " a add   : command   ? help"},
		{20, 2, "", " a add   r roles"},
		{20, 0, "", " a add   r roles"},
		{10, 0, "", " a add"},
		{4, 2, "", ""},
	} {
		if got := bare(widget.Footer(mono(), keys, tc.keep, tc.right, theme.Muted, tc.w)); got != tc.want {
			t.Errorf("%d cells, keep %d: got %q, want %q", tc.w, tc.keep, got, tc.want)
		}
	}
}

func TestCrumbsShrink(t *testing.T) {
	c := widget.Crumbs{Logo: "reeve", Path: []string{"acme", "cn-hangzhou", "sales_dw", "Members"}, Who: []string{"zoe", "Administrator", "Enterprise"}}
	for w, want := range map[int]string{
		90: " reeve  acme › cn-hangzhou › sales_dw › Members          zoe · Administrator · Enterprise",
		70: " reeve  acme › cn-hangzhou › sales_dw › Members   zoe · Administrator",
		54: " reeve  acme › cn-hangzhou › sales_dw › Members   zoe",
		48: " reeve  acme › cn-hangzhou › sales_dw › Members",
		40: " reeve  … › sales_dw › Members",
		20: " reeve  … › Members",
		14: " reeve  … › …",
	} {
		if got := bare(c.Render(mono(), w)); got != want {
			t.Errorf("%d cells: got %q, want %q", w, got, want)
		}
	}
	c.Session = "read-only session"
	for w, want := range map[int]string{
		98: " reeve  acme › cn-hangzhou › sales_dw › Members           read-only session · zoe · Administrator",
		80: " reeve  acme › cn-hangzhou › sales_dw › Members         read-only session · zoe",
		60: " reeve  … › sales_dw › Members            read-only session",
		44: " reeve  … › Members       read-only session",
	} {
		if got := bare(c.Render(mono(), w)); got != want {
			t.Errorf("%d cells: got %q, want %q", w, got, want)
		}
	}
	c.Session = ""
	c.Production, c.Warning = true, "PROD"
	if got := bare(c.Render(mono(), 80)); !strings.HasPrefix(got, " reeve  PROD  acme") {
		t.Errorf("production is said by colour alone: %q", got)
	}
}

func TestTabsKeepTheChosenOneInSight(t *testing.T) {
	titles := []string{"Settings", "Data sources", "Computing resources", "Members", "Roles"}
	for here, title := range titles {
		for w := 12; w < 80; w++ {
			got := bare(widget.Tabs(mono(), titles, here, w))
			if !strings.Contains(got, "▌"+title[:5]) {
				t.Errorf("%d cells: %s is not in sight: %q", w, title, got)
			}
		}
	}
	if got := bare(widget.Tabs(mono(), titles, 2, 30)); got != "‹▌Computing resources        ›" {
		t.Errorf("nothing says that there is more: %q", got)
	}
}

func TestToastsAreTakenAwayByTheirOwnTimer(t *testing.T) {
	var q widget.Toasts
	start := time.Unix(0, 0)
	old := q.Push(widget.ToastInfo, "old", start, 5*time.Second)
	recent := q.Push(widget.ToastDanger, "recent", start.Add(4*time.Second), 5*time.Second)
	if q.Expire(recent, start.Add(5*time.Second)) {
		t.Errorf("a toast went before its time")
	}
	if !q.Expire(old, start.Add(5*time.Second)) || q.Expire(old, start.Add(6*time.Second)) {
		t.Errorf("the old toast did not go, or went twice")
	}
	if text, role := q.Label(mono()); text != "✗ recent" || role != theme.Danger {
		t.Errorf("the old timer took the newer toast: %q", text)
	}
	q.Dismiss()
	if _, ok := q.Current(); ok || len(q.All()) != 0 {
		t.Errorf("a toast stayed")
	}
}

func TestGauge(t *testing.T) {
	for _, tc := range []struct {
		g    widget.Gauge
		want string
	}{
		{widget.Gauge{Used: 5, Max: 10}, "█████·····"},
		{widget.Gauge{Used: 0, Max: 10}, "··········"},
		{widget.Gauge{Used: 0.1, Max: 10}, "█·········"},
		{widget.Gauge{Used: 20, Max: 10}, "██████████"},
		{widget.Gauge{Used: 2, Max: 5, Scale: 10}, "██···╎"},
		{widget.Gauge{Used: 6, Max: 10, Floor: 3}, "██┃███····"},
		{widget.Gauge{}, "··········"},
		{widget.Gauge{Used: math.NaN(), Max: -4}, "··········"},
		{widget.Gauge{Used: math.Inf(1), Max: 10}, "██████████"},
	} {
		if got := bare(tc.g.Render(mono(), 10)); got != tc.want {
			t.Errorf("%+v: got %q, want %q", tc.g, got, tc.want)
		}
	}
}

func TestChartKeepsPeaks(t *testing.T) {
	values := make([]float64, 100)
	values[37] = 8
	values[99] = 1
	if got := bare(widget.Chart(mono(), values, 0, 10, 1)); got != "   █     ▁" {
		t.Errorf("got %q", got)
	}
	if got := bare(widget.Chart(mono(), []float64{1, 2}, 2, 5, 1)); got != "   ▄█" {
		t.Errorf("few values do not stand right: %q", got)
	}
}

func TestDetailsWrapBesideTheirLabels(t *testing.T) {
	values := []widget.KV{{Label: "Name", Value: "sales_dw"}, {Label: "Note", Value: "one two three four"}, {Label: "Owner", Value: "zoe"}}
	want := []string{" Name   sales_dw", " Note   one two", "        three four", " Owner  zoe"}
	lines := widget.Details(mono(), values, 20)
	for i := range lines {
		lines[i] = bare(lines[i])
	}
	if !slices.Equal(lines, want) {
		t.Errorf("the lines are %q", lines)
	}
}

func TestListStatusLeavesOutWholeParts(t *testing.T) {
	s := widget.ListStatus{Count: "4 of 1 284", Parts: []string{"filter: zoe", "", "sort: Added"}, Marked: "2 marked"}
	for w, want := range map[int]string{
		60: "   4 of 1 284   filter: zoe   sort: Added           2 marked",
		38: "   4 of 1 284   filter: zoe   2 marked",
		24: "   4 of 1 284   2 marked",
	} {
		if got := bare(s.Render(mono(), w)); got != want {
			t.Errorf("%d cells: got %q, want %q", w, got, want)
		}
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1284: "1 284", -1284567: "-1 284 567"} {
		if got := widget.Grouped(n); got != want {
			t.Errorf("%d: got %q", n, got)
		}
	}
}

func TestInputScrollsWithItsCursor(t *testing.T) {
	for _, tc := range []struct {
		value, keys, want string
		x                 int
	}{
		{"abc", "", "abc", 3},
		{"abcdefghij", "", "efghij", 6},
		{"abcdefghij", "home", "abcdefg", 0},
		{"数据开发治理", "", "发治理", 6},
		{"数据开发治理", "left left", "发治理", 2},
	} {
		in := widget.NewInput(tc.value)
		draw := func() string {
			l := paint.NewLine(mono(), 20)
			in.Draw(l, 7, true)
			return bare(l.String())
		}
		draw()
		press(t, tc.keys, in.HandleKey)
		if got := draw(); got != tc.want || in.Column() != tc.x {
			t.Errorf("%q after %q: got %q with the cursor at %d", tc.value, tc.keys, got, in.Column())
		}
	}
}

func TestSecretInputShowsNothing(t *testing.T) {
	in := widget.NewInput("hunter2")
	in.Secret = true
	l := paint.NewLine(mono(), 20)
	in.Draw(l, 20, true)
	if got := bare(l.String()); got != "*******" {
		t.Errorf("got %q", got)
	}
}

func TestInputTakesNoCharacterTheTerminalCouldActOn(t *testing.T) {
	in := widget.NewInput("")
	in.Paste("a\x1b[2Jb\r\nc")
	for _, r := range in.Value() {
		if r < ' ' {
			t.Errorf("the value holds %q", fmt.Sprint(in.Value()))
		}
	}
}
