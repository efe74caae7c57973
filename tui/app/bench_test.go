package app_test

import (
	"context"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/core/control"
	"reeve/core/group"
	"reeve/storage"
	"reeve/tui/app"
	"reeve/tui/tuitest"
)

// drawn are places whose frames are measured.
func drawn() map[string]string {
	return map[string]string{"workspaces": "cn-hangzhou", "members": sales + "/members", "roles": sales + "/roles", "editor": reader, "audit": "audit", "overview": "overview",
		"tenant members": tenantMembers, "tenant roles": tenantRoles, "policies": "policies", "policy": denying, "permissions": sales + "/permissions",
		"effective": sales + "/members/s.lindqvist"}
}

// mostAllocations is what drawing a frame of 120×40 may allocate.
const mostAllocations = 200

func TestDrawingAFrameAllocatesLittle(t *testing.T) {
	models := map[string]*tuitest.Driver{}
	for name, link := range drawn() {
		models[name] = tuitest.New(t, newWorld(t).session("root", link), 120, 40)
	}
	models["a group with a month of minutes"] = aMonth(t)
	models["5,000 members"] = tuitest.New(t, worldOf(t, largeWorld).session("root", "cn-hangzhou/crowd/members"), 120, 40)
	for name, d := range models {
		if n := testing.AllocsPerRun(20, func() { d.View() }); n > mostAllocations {
			t.Errorf("a frame of %s allocates %.0f times, at most %d are meant", name, n, mostAllocations)
		}
	}
}

// BenchmarkView120x40 draws frames; 0.3 ms each is meant.
func BenchmarkView120x40(b *testing.B) {
	draw := func(b *testing.B, d *tuitest.Driver) {
		b.Helper()
		b.ReportAllocs()
		for b.Loop() {
			d.View()
		}
	}
	for name, link := range drawn() {
		b.Run(name, func(b *testing.B) { draw(b, tuitest.New(b, newWorld(b).session("root", link), 120, 40)) })
	}
	b.Run("group", func(b *testing.B) { draw(b, aMonth(b)) })
}

// aMonth shows the last 31 days of a resource group in which work ran in each minute of them.
func aMonth(t testing.TB) *tuitest.Driver {
	t.Helper()
	w := newWorld(t)
	busy(w)
	g, err := w.services.Groups.Get(w.ctx(t, "root"), group.Ref{Region: "cn-hangzhou", Name: "rg_prod"})
	if err != nil {
		t.Fatal(err)
	}
	var all []group.Measure
	now := w.clock.Now().Unix() / 60
	for i := range int64(31 * 24 * 60) {
		all = append(all, group.Measure{Group: g.ID, Module: group.Modules()[i%5], Workspace: 1, Minute: now - i, HalfSeconds: 60 * (i % 17)})
	}
	if err := w.db.Write(t.Context(), func(ctx context.Context) error { return storage.NewGroupRuns(w.db).Meter(ctx, all) }); err != nil {
		t.Fatal(err)
	}
	return tuitest.New(t, w.session("root", rgProd), 120, 40).Keys("h h h")
}

// moving is a list of made-up workspaces with the cursor amid rows that are loaded.
func moving(t testing.TB, total int) (model tea.Model, down, up tea.KeyPressMsg) {
	t.Helper()
	w := newWorld(t)
	d := tuitest.New(t, w.session("root", "cn-hangzhou", w.listing(total, numbered)), 120, 40).Keys("down down down")
	keys, err := tuitest.ParseKeys("down up")
	if err != nil {
		t.Fatal(err)
	}
	return d.Model(), keys[0], keys[1]
}

// BenchmarkKeyRows presses a key and draws, in a list of 100 rows and in one of 1,000,000. The metric "ratio" of the last is how
// much dearer a key is there; at most 1.2 is meant.
func BenchmarkKeyRows(b *testing.B) {
	press := func(m tea.Model, k tea.KeyPressMsg) {
		m.Update(k)
		m.View()
	}
	for name, total := range map[string]int{"100": 100, "1000000": 1_000_000} {
		b.Run(name, func(b *testing.B) {
			m, down, up := moving(b, total)
			b.ReportAllocs()
			for b.Loop() {
				press(m, down)
				press(m, up)
			}
		})
	}
	b.Run("ratio", func(b *testing.B) {
		few, down, up := moving(b, 100)
		lots, _, _ := moving(b, 1_000_000)
		var spent [2]time.Duration
		for b.Loop() {
			for i, m := range []tea.Model{few, lots} {
				begun := time.Now()
				press(m, down)
				press(m, up)
				spent[i] += time.Since(begun)
			}
		}
		b.ReportMetric(float64(spent[1])/float64(spent[0]), "ratio")
	})
}

// cursorMove returns what the moves of the cursor in a list of a hundred rows send to the terminal, in bytes for each. The rows
// are in letters of one cell: the renderer repaints every line with wide characters with every frame.
func cursorMove(t testing.TB, moves int) int {
	t.Helper()
	w := newWorld(t)
	r := run(t, w.session("root", "cn-hangzhou", w.listing(100, numbered)), 120, 40)
	r.agrees("start")
	r.term.shows(t, "1 / 100")
	r.press("down")
	r.agrees("the first move")
	before := r.term.sum()
	for i := range moves {
		r.press([]string{"down", "up"}[i%2])
		r.agrees("a move")
	}
	return (r.term.sum() - before) / moves
}

func (t *terminal) sum() int {
	t.written.Lock()
	defer t.written.Unlock()
	return t.bytes
}

// mostCursorBytes is what one move of the cursor may send in exact colours; with fewer colours it is less.
const mostCursorBytes = 350

func TestMovingTheCursorSendsTwoRowsAndNotTheWindow(t *testing.T) {
	t.Parallel()
	n := cursorMove(t, 4)
	t.Logf("%d bytes for a move", n)
	if n > mostCursorBytes {
		t.Errorf("a move of the cursor sends %d bytes, at most %d are meant", n, mostCursorBytes)
	}
}

// BenchmarkCursorMoveBytes reports what a move of the cursor sends to the terminal; 350 bytes are meant.
func BenchmarkCursorMoveBytes(b *testing.B) {
	n := 0
	for b.Loop() {
		n = cursorMove(b, 4)
	}
	b.ReportMetric(float64(n), "bytes/move")
}

func TestAnIdleConsoleDoesNothing(t *testing.T) {
	t.Parallel()
	timers := 0
	w := newWorld(t)
	for _, link := range drawn() {
		m := &waiting{t: t, model: w.session("root", link, func(o *app.Options) {
			o.After = func(time.Duration, tea.Msg) tea.Cmd { timers++; return nil }
		})}
		m.hold(m.model.Init())
		m.resize(120, 40).finishAll()
		if len(m.held) > 0 || timers > 0 {
			t.Errorf("%s: at rest %d commands and %d timers wait", link, len(m.held), timers)
		}
		m.keys("down up").finishAll()
		if len(m.held) > 0 || timers > 0 {
			t.Errorf("%s: after moving %d commands and %d timers wait", link, len(m.held), timers)
		}
	}
}

func TestAMessageGoesByItselfAndStartsNoTicking(t *testing.T) {
	t.Parallel()
	var expiries []tea.Msg
	w := newWorld(t)
	m := &waiting{t: t, model: w.session("zoe.park", "cn-hangzhou", func(o *app.Options) {
		o.After = func(_ time.Duration, msg tea.Msg) tea.Cmd { expiries = append(expiries, msg); return nil }
	})}
	m.hold(m.model.Init())
	m.resize(120, 40).finishAll()
	before := m.screen().String()
	m.keys("a").finishAll()
	if len(expiries) != 1 {
		t.Fatalf("a message sets %d timers", len(expiries))
	}
	w.clock.Pass(time.Minute)
	m.send(expiries[0]).finishAll()
	if len(expiries) != 1 || len(m.held) != 0 {
		t.Errorf("after it went %d timers and %d commands wait", len(expiries)-1, len(m.held))
	}
	if got := m.screen().String(); got != before {
		t.Errorf("the message is still there:\n%s", got)
	}
}

func TestAnOldTimerTakesNoNewerMessageAway(t *testing.T) {
	t.Parallel()
	var expiries []tea.Msg
	w := newWorld(t)
	m := &waiting{t: t, model: w.session("zoe.park", "cn-hangzhou", func(o *app.Options) {
		o.After = func(_ time.Duration, msg tea.Msg) tea.Cmd { expiries = append(expiries, msg); return nil }
	})}
	m.hold(m.model.Init())
	m.resize(120, 40).finishAll().keys("a").finishAll()
	w.clock.Pass(9 * time.Second)
	m.keys("x").finishAll()
	shown := m.screen().String()
	w.clock.Pass(2 * time.Second)
	if m.send(expiries[0]); m.screen().String() != shown {
		t.Error("the timer of the first message took the second away")
	}
}

func TestOnlyTheListeningForChangesWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	events := make(chan control.Event)
	close(events)
	d := w.open("root", "cn-hangzhou", func(o *app.Options) { o.Events = events })
	has(t, d, "sales_dw") // a channel that was closed is no endless stream of changes
}
