package widget_test

import (
	"testing"

	"reeve/tui/paint"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// wholeFrame draws what a screen with a table draws at 120×40.
func wholeFrame(th *theme.Theme, tb *widget.Table, nav []widget.NavItem, keys []widget.FooterKey) string {
	crumbs := widget.Crumbs{Logo: "reeve", Path: []string{"acme", "cn-hangzhou", "sales_dw", "Members"}, Who: []string{"zoe.park", "Workspace Administrator"}}
	body := paint.Beside([]string{widget.Nav(th, nav, 1, 22, 36), tb.Render(th, 98, 36)}, []int{22, 98})
	return paint.Join(crumbs.Render(th, 120), paint.Rule(th, 120), body, paint.Rule(th, 120), widget.Footer(th, keys, 2, "", theme.Muted, 120))
}

func frameParts() (*widget.Table, []widget.NavItem, []widget.FooterKey) {
	return widget.NewTable(memberColumns(), &people{n: 1_000_000}),
		[]widget.NavItem{{Key: "1", Title: "Overview"}, {Key: "2", Title: "Workspaces", Attention: true}, {Key: "3", Title: "Resource groups"}},
		[]widget.FooterKey{{Key: "a", Title: "add"}, {Key: "r", Title: "roles"}, {Key: ":", Title: "command"}, {Key: "?", Title: "help"}}
}

func TestWholeFrameAllocations(t *testing.T) {
	th := theme.New(theme.Dark)
	tb, nav, keys := frameParts()
	if n := testing.AllocsPerRun(50, func() { tb.Down(); wholeFrame(th, tb, nav, keys) }); n > 200 {
		t.Errorf("%v allocations a frame, at most 200 are allowed", n)
	}
}

func BenchmarkWholeFrame(b *testing.B) {
	th := theme.New(theme.Dark)
	tb, nav, keys := frameParts()
	b.ReportAllocs()
	for b.Loop() {
		tb.Down()
		wholeFrame(th, tb, nav, keys)
	}
}

func BenchmarkDialogOverFrame(b *testing.B) {
	th := theme.New(theme.Dark)
	tb, nav, keys := frameParts()
	frame := wholeFrame(th, tb, nav, keys)
	box := drawDialog(th, 120, 40, asIs)
	b.ReportAllocs()
	for b.Loop() {
		paint.Centered(frame, box, 120, 40)
	}
}
