package widget_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"reeve/tui/paint"
	"reeve/tui/theme"
	"reeve/tui/tuitest"
	"reeve/tui/widget"
)

// people are rows made up on the spot, so that a long list costs nothing.
type people struct {
	n      int
	names  []string
	loaded int
	cells  [5]widget.Cell
}

func (p *people) Len() int { return p.n }

func (p *people) Row(i int) ([]widget.Cell, bool, bool) {
	if p.loaded > 0 && i >= p.loaded {
		return nil, false, false
	}
	name := "etl-prod"
	if len(p.names) > 0 {
		name = p.names[i%len(p.names)]
	}
	p.cells[0] = widget.Cell{Text: name, Role: theme.Text}
	p.cells[1] = widget.Cell{Text: "RAM user", Role: theme.Muted}
	p.cells[2] = widget.Cell{Text: "Develop, O&M", Role: theme.Text}
	p.cells[3] = widget.Cell{Text: "12.5 CU", Role: theme.Text}
	p.cells[4] = widget.Cell{Text: "94 d ago", Role: theme.Warning}
	return p.cells[:], i%3 == 1, true
}

func memberColumns() []widget.Column {
	return []widget.Column{
		{ID: "account", Title: "Account", Min: 12, Ideal: 20, Flex: 2},
		{ID: "type", Title: "Type", Min: 8, Ideal: 10, Priority: 3, NoMatch: true},
		{ID: "roles", Title: "Roles", Min: 12, Ideal: 28, Flex: 3},
		{ID: "use", Title: "Use", Min: 8, Ideal: 8, Align: paint.Right, Priority: 1},
		{ID: "active", Title: "Last active", Min: 13, Ideal: 13, Priority: 2},
	}
}

func hostileNames() []string {
	return []string{
		"lin.chen", "zoe.park", "陈琳琳（数据治理部）", "👨‍👩‍👧‍👦 family", "a\x1b[2Jb\nc", "admin\u202enimda",
		strings.Repeat("very-long-name-", 12), "", "e\u0301tienne", "❤️ 🇩🇪 👍🏽",
	}
}

func TestTableGolden(t *testing.T) {
	for name, tc := range map[string]struct {
		kind theme.Kind
		size tuitest.Size
		rows *people
		set  func(*widget.Table)
	}{
		"plain":     {theme.Dark, tuitest.Size{W: 100, H: 8}, &people{n: 5, names: []string{"lin.chen", "zoe.park", "etl-prod"}}, nil},
		"narrow":    {theme.Dark, tuitest.Size{W: 44, H: 6}, &people{n: 50}, nil},
		"sorted":    {theme.Light, tuitest.Size{W: 80, H: 5}, &people{n: 50}, func(tb *widget.Table) { tb.SetSort("use", true); tb.End() }},
		"matched":   {theme.Mono, tuitest.Size{W: 80, H: 5}, &people{n: 3, names: []string{"zoe.park"}}, func(tb *widget.Table) { tb.SetMatch([]string{"PARK", "user", "dev"}) }},
		"loading":   {theme.Dark, tuitest.Size{W: 80, H: 7}, &people{n: 5, loaded: 2}, nil},
		"empty":     {theme.Dark, tuitest.Size{W: 80, H: 4}, &people{}, nil},
		"hostile":   {theme.Dark, tuitest.Size{W: 80, H: 12}, &people{n: 10, names: hostileNames()}, nil},
		"unfocused": {theme.Dark, tuitest.Size{W: 80, H: 4}, &people{n: 2}, func(tb *widget.Table) { tb.SetFocused(false) }},
	} {
		t.Run(name, func(t *testing.T) {
			tb := widget.NewTable(memberColumns(), tc.rows)
			tb.SetHeight(tc.size.H)
			if tc.set != nil {
				tc.set(tb)
			}
			got := tb.Render(theme.New(tc.kind), tc.size.W, tc.size.H)
			tuitest.Invariants(t, got, tc.size.W, tc.size.H)
			tuitest.Golden(t, "table/"+name, tuitest.Grid(got, tc.size.W, tc.size.H))
		})
	}
}

func TestTableMoves(t *testing.T) {
	tb := widget.NewTable(memberColumns(), &people{n: 100})
	tb.SetHeight(11)
	for _, step := range []struct {
		keys        string
		cursor, top int
	}{
		{"up", 0, 0}, {"down j", 2, 0}, {"pgdown", 12, 3}, {"k", 11, 3}, {"ctrl+d", 16, 7}, {"ctrl+u", 11, 7},
		{"G", 99, 90}, {"down", 99, 90}, {"pgup", 89, 89}, {"g", 0, 0}, {"end", 99, 90}, {"home", 0, 0},
	} {
		keys, err := tuitest.ParseKeys(step.keys)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range keys {
			if !tb.HandleKey(k) {
				t.Errorf("%s is not a key of the table", step.keys)
			}
		}
		if tb.Cursor() != step.cursor || tb.Top() != step.top {
			t.Errorf("after %s: cursor %d top %d, want %d and %d", step.keys, tb.Cursor(), tb.Top(), step.cursor, step.top)
		}
		if first, last := tb.Visible(); first != step.top || last != step.top+10 {
			t.Errorf("after %s: %d to %d in sight", step.keys, first, last)
		}
	}
	x, err := tuitest.ParseKey("x")
	if err != nil || tb.HandleKey(x) {
		t.Errorf("x was taken")
	}
}

func TestTableKeepsItsCursorOnARow(t *testing.T) {
	rows := &people{n: 100}
	tb := widget.NewTable(memberColumns(), rows)
	tb.SetHeight(11)
	tb.Goto(99)
	rows.n = 5
	if first, last := tb.Visible(); tb.Cursor() != 4 || first != 0 || last != 5 {
		t.Errorf("cursor %d, %d to %d in sight", tb.Cursor(), first, last)
	}
	rows.n = 0
	if tb.Cursor() != -1 {
		t.Errorf("cursor %d in an empty table", tb.Cursor())
	}
	rows.n = 100
	tb.Restore(50, 45)
	tb.Scroll(10)
	if tb.Cursor() != 55 || tb.Top() != 55 {
		t.Errorf("after scrolling: cursor %d top %d", tb.Cursor(), tb.Top())
	}
	if row, ok := tb.RowAt(3); !ok || row != 57 {
		t.Errorf("line 3 is row %d %v", row, ok)
	}
	if _, ok := tb.RowAt(0); ok {
		t.Errorf("the header is a row")
	}
}

func TestTableDropsColumnsByPriority(t *testing.T) {
	tb := widget.NewTable(memberColumns(), &people{n: 1})
	for w, want := range map[int]string{
		90: "Account Type Roles Use Last active", 58: "Account Roles Use Last active", 40: "Account Roles Use", 29: "Account Roles",
	} {
		head := strings.Join(strings.Fields(tuitest.Grid(tb.Render(theme.New(theme.Mono), w, 2), w, 2).Text[0]), " ")
		if head != want {
			t.Errorf("%d cells: got %q, want %q", w, head, want)
		}
	}
}

func TestTableSweep(t *testing.T) {
	for _, kind := range []theme.Kind{theme.Dark, theme.Light, theme.Mono} {
		for _, th := range []*theme.Theme{theme.New(kind), theme.New(kind).WithASCII()} {
			for w := range 130 {
				tb := widget.NewTable(memberColumns(), &people{n: 20, names: hostileNames(), loaded: 15})
				tb.SetMatch([]string{"e"})
				tuitest.Invariants(t, tb.Render(th, w, 12), w, 12)
			}
		}
	}
}

func TestSkeletonHasNoCursor(t *testing.T) {
	got := widget.Skeleton(theme.New(theme.Dark), memberColumns(), 80, 4)
	tuitest.Golden(t, "table/skeleton", tuitest.Grid(got, 80, 4))
}

func TestTableFrameAllocations(t *testing.T) {
	th := theme.New(theme.Dark)
	tb := widget.NewTable(memberColumns(), &people{n: 1_000_000, names: hostileNames()})
	tb.Render(th, 120, 40)
	if n := testing.AllocsPerRun(50, func() { tb.Down(); tb.Render(th, 120, 40) }); n > 200 {
		t.Errorf("%v allocations a frame, at most 200 are allowed", n)
	}
}

// BenchmarkTableKey presses a key and draws at 100 and at 1,000,000 rows in
// turns, so that both see the same machine, and reports the ratio.
func BenchmarkTableKey(b *testing.B) {
	th := theme.New(theme.Dark)
	small := widget.NewTable(memberColumns(), &people{n: 100})
	large := widget.NewTable(memberColumns(), &people{n: 1_000_000})
	large.Goto(500_000)
	var spent [2]time.Duration
	b.ReportAllocs()
	for b.Loop() {
		for i, tb := range []*widget.Table{small, large} {
			start := time.Now()
			if !tb.Down() {
				tb.Home()
			}
			tb.Render(th, 120, 40)
			spent[i] += time.Since(start)
		}
	}
	b.ReportMetric(float64(spent[1])/float64(spent[0]), "large/small")
	b.ReportMetric(float64(spent[1].Nanoseconds())/float64(b.N), "ns/frame")
}

func ExampleTable() {
	tb := widget.NewTable([]widget.Column{{ID: "n", Title: "Number", Min: 8}}, numbers(3))
	tb.Down()
	for _, line := range tuitest.Grid(tb.Render(theme.New(theme.Mono), 12, 4), 12, 4).Text {
		fmt.Println(strings.TrimRight(line, " "))
	}
	// Output:
	//    Number
	//    0
	// ▌  1
	//    2
}

type numbers int

func (n numbers) Len() int { return int(n) }

func (n numbers) Row(i int) ([]widget.Cell, bool, bool) {
	return []widget.Cell{{Text: strconv.Itoa(i)}}, false, true
}
