package app_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/exp/teatest/v2"
	"github.com/charmbracelet/x/vt"

	"reeve/core/control"
	"reeve/core/member"
	"reeve/tui/app"
	"reeve/tui/tuitest"
)

// terminal is a virtual terminal: what the program writes is drawn on it, and what it asks is answered.
type terminal struct {
	*vt.SafeEmulator
	w, h    int
	written sync.Mutex
	bytes   int
}

// newTerminal makes a terminal whose answers go to answer.
func newTerminal(t testing.TB, w, h int, answer io.Writer) *terminal {
	term := &terminal{SafeEmulator: vt.NewSafeEmulator(w, h), w: w, h: h}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		_, _ = io.Copy(answer, term.SafeEmulator)
	}()
	t.Cleanup(func() {
		// Closing the pipe of the answers ends the reading; closing the terminal itself would race with it.
		if pipe, ok := term.InputPipe().(io.Closer); ok {
			_ = pipe.Close()
			<-drained
		}
	})
	return term
}

// Write draws what a program writes, as a terminal in raw mode behind a line discipline does: a line break returns.
func (t *terminal) Write(p []byte) (int, error) {
	t.written.Lock()
	t.bytes += len(p)
	t.written.Unlock()
	_, err := t.SafeEmulator.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n")))
	return len(p), err
}

func (t *terminal) grid() tuitest.Planes { return tuitest.Grid(t.Render(), t.w, t.h) }

func (t *terminal) text() string { return strings.Join(t.grid().Text, "\n") }

// patience bounds a wait that went wrong; nothing is measured by it.
const patience = 10 * time.Second

// eventually waits until something holds.
func eventually(t testing.TB, what string, holds func() bool, state func() string) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s did not come about:\n%s", what, state())
		}
	}
}

// shows waits until all the texts are on the terminal at once.
func (t *terminal) shows(tb testing.TB, texts ...string) {
	tb.Helper()
	eventually(tb, "showing "+strings.Join(texts, " with "), func() bool {
		now := t.text()
		return !slices.ContainsFunc(texts, func(s string) bool { return !strings.Contains(now, s) })
	}, t.text)
}

// pinned is the environment of every program under test.
func pinned() []tea.ProgramOption {
	return []tea.ProgramOption{
		tea.WithEnvironment([]string{"TERM=xterm-256color", "COLORTERM=truecolor", "LANG=en_US.UTF-8"}),
		tea.WithColorProfile(colorprofile.TrueColor), tea.WithFPS(120), tea.WithoutSignalHandler(),
	}
}

// journey drives the console through teatest, its output drawn on a terminal.
type journey struct {
	t     *testing.T
	model *teatest.TestModel
	term  *terminal
}

func newJourney(t *testing.T, model tea.Model, w, h int) *journey {
	t.Helper()
	j := &journey{t: t, term: newTerminal(t, w, h, io.Discard)}
	j.model = teatest.NewTestModel(t, model, teatest.WithInitialTermSize(w, h), teatest.WithProgramOptions(pinned()...))
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			_, _ = io.Copy(j.term, j.model.Output())
			select {
			case <-stop:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	t.Cleanup(func() {
		_ = j.model.Quit()
		j.model.WaitFinished(t, teatest.WithFinalTimeout(patience))
		close(stop)
		<-stopped
	})
	return j
}

// settles waits until the picture has not changed for many looks in a row.
func (j *journey) settles() {
	before := ""
	for quiet, deadline := 0, time.Now().Add(patience); quiet < 50 && time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		now := j.term.text()
		if quiet++; now != before {
			quiet, before = 0, now
		}
	}
}

// keys presses keys and waits for one picture that has all the texts.
func (j *journey) keys(names string, until ...string) *journey {
	j.t.Helper()
	presses, err := tuitest.ParseKeys(names)
	if err != nil {
		j.t.Fatal(err)
	}
	j.settles() // what a key does depends on rows that may still be on their way
	for _, k := range presses {
		j.model.Send(k)
	}
	j.term.shows(j.t, until...)
	return j
}

// looks waits for the terminal to show what a golden file has, and compares. Where files are written instead it waits until
// nothing has changed for many looks in a row.
func (j *journey) looks(name string) *journey {
	j.t.Helper()
	name = "journeys/" + name
	want, err := os.ReadFile(filepath.Join("testdata", name+".golden")) //nolint:gosec // the name is the test's own
	quiet, before := 0, ""
	for deadline := time.Now().Add(patience); time.Now().Before(deadline) && quiet < 100; time.Sleep(2 * time.Millisecond) {
		now := j.term.grid().String()
		if err == nil && now == string(want) {
			break
		}
		if quiet++; now != before {
			quiet, before = 0, now
		}
	}
	tuitest.Golden(j.t, name, j.term.grid())
	return j
}

func TestJourneyFromARegionToTheAudit(t *testing.T) {
	w := newWorld(t)
	j := newJourney(t, w.session("root", "overview"), 120, 36)
	j.keys("", "cn-hangzhou")
	j.keys(": text:cn-hangzhou enter", "Marketing lab", "1 / 5")
	j.keys("/ text:sales enter", "1 / 1   filter: sales", "Sales warehouse")
	j.keys("enter", "s.lindqvist")
	j.keys("]", "finance_reader*")
	j.keys("/ text:finance enter", "1 / 1   filter: finance", "finance_reader*")
	j.keys("enter", "DataService Studio").keys("", "w write") // only then it may be painted
	j.keys("down w down down n", "2 cells changed")
	j.keys("ctrl+s", "enter save").looks("preview")
	j.keys("enter", "Saved finance_reader").looks("saved")
	j.keys("8", "role.set")
	j.keys("enter", `"data-studio": "write"`).looks("entry")
}

func TestJourneyOfANewMember(t *testing.T) {
	w := newWorld(t)
	j := newJourney(t, w.session("zoe.park", sales+"/members"), 100, 30)
	j.keys("", "s.lindqvist").keys("", "zoe.park · Workspace Administrator") // only then she may add
	j.keys("a", "o.outsider")
	j.keys("/ text:kaya enter", "1 / 1   filter: kaya")
	j.keys("enter", "To add: 1").looks("member-taken")
	j.keys("a", "Data Analyst")
	j.keys("v space", "[x] Visitor").looks("member-roles")
	j.keys("ctrl+s", "gains").looks("member-effect")
	j.keys("enter", "a.kaya").keys("", "u takes it back").looks("member-added")
	j.keys("u", "Taken back")
}

// watched is a model whose view can be asked for while its program runs.
type watched struct {
	tea.Model
	mu   sync.Mutex
	view string
	keys int
}

func (m *watched) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	m.Model, cmd = m.Model.Update(msg)
	if _, pressed := msg.(tea.KeyPressMsg); pressed {
		m.mu.Lock()
		m.keys++
		m.mu.Unlock()
	}
	return m, cmd
}

func (m *watched) View() tea.View {
	v := m.Model.View()
	m.mu.Lock()
	m.view = v.Content
	m.mu.Unlock()
	return v
}

func (m *watched) seen() (view string, keys int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.view, m.keys
}

// running is a console in a real program on a terminal.
type running struct {
	t       testing.TB
	program *tea.Program
	model   *watched
	term    *terminal
	sent    int
}

func run(t testing.TB, model tea.Model, w, h int) *running {
	t.Helper()
	in, answers := io.Pipe()
	r := &running{t: t, model: &watched{Model: model}, term: newTerminal(t, w, h, answers)}
	ctx, cancel := context.WithCancel(context.Background())
	r.program = tea.NewProgram(r.model, append(pinned(), tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(r.term), tea.WithWindowSize(w, h))...)
	ended := make(chan error, 1)
	go func() { _, err := r.program.Run(); ended <- err }()
	t.Cleanup(func() {
		cancel()
		_ = in.Close()
		if err := <-ended; err != nil && !errors.Is(err, tea.ErrProgramKilled) {
			t.Errorf("the program ended with %v", err)
		}
	})
	return r
}

func (r *running) press(names string) {
	r.t.Helper()
	presses, err := tuitest.ParseKeys(names)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, k := range presses {
		r.program.Send(k)
		r.sent++
	}
}

// agrees waits until all keys have been taken and the terminal shows what the model's view is.
func (r *running) agrees(after string) {
	r.t.Helper()
	drawn, want := "", ""
	eventually(r.t, "agreeing after "+after, func() bool {
		view, keys := r.model.seen()
		if keys < r.sent || view == "" {
			return false
		}
		drawn, want = r.term.grid().String(), tuitest.Grid(view, r.term.w, r.term.h).String()
		return drawn == want
	}, func() string { return "terminal\n" + drawn + "\nview\n" + want })
}

// randomKeys are pressed by the tests of random walks: those that move, open, close, mark and type. What leaves the program is
// not among them.
func randomKeys() []string {
	return strings.Fields("down down down up pgdown pgup end home enter enter esc esc esc tab space v * / : ? ! R W s c y w i m a d x r n N u ] [ 1 2 7 8 " +
		"ctrl+o ctrl+s ctrl+r ctrl+l ctrl+e ctrl+t p t e B E V A left right backspace text:数 text:lab text:👍 text:zoe")
}

// withoutMarks takes the names with marks that join a letter of one byte out of the world: the virtual terminal draws such a
// letter before it has seen the mark, and loses the mark.
func withoutMarks(t *testing.T, w *world) {
	t.Helper()
	db, err := sql.Open("sqlite", w.path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var kept []string
	for i, name := range hostileNames() {
		if strings.ContainsFunc(name, func(r rune) bool { return unicode.In(r, unicode.Mn, unicode.Me) }) {
			if _, err := db.ExecContext(t.Context(), "UPDATE principal SET name = ? WHERE id = ?", fmt.Sprintf("marked %d", i), 9000+i); err != nil {
				t.Fatal(err)
			}
			continue
		}
		kept = append(kept, name)
	}
	if _, err := db.ExecContext(t.Context(), "UPDATE workspace SET description = ? WHERE name = 'legacy'", strings.Join(kept, "\n")); err != nil {
		t.Fatal(err)
	}
}

func TestTheTerminalShowsWhatTheViewSays(t *testing.T) {
	t.Parallel()
	for seed, link := range []string{"cn-hangzhou/legacy/members", "cn-hangzhou", reader, "overview", tenantRoles, denying, sales + "/members/张伟"} {
		t.Run(link, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(uint64(seed), 7)) //nolint:gosec // random keys, the same in every run
			size := []tuitest.Size{{W: 120, H: 36}, {W: 80, H: 24}}[seed%2]
			w := newWorld(t)
			withoutMarks(t, w)
			r := run(t, w.session("root", link), size.W, size.H)
			r.agrees("start")
			var pressed []string
			all := randomKeys()
			for range 60 {
				key := all[random.IntN(len(all))]
				pressed = append(pressed, key)
				r.press(key)
				r.agrees(strings.Join(pressed, " "))
			}
		})
	}
}

func TestChangesOfOthersAreSeenAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	events, cancel := w.gate.Events()
	t.Cleanup(cancel)
	r := run(t, w.session("zoe.park", sales+"/members", func(o *app.Options) { o.Events = events }), 120, 36)
	r.term.shows(t, "s.lindqvist")
	r.press("down down down")
	r.agrees("moving")

	// A change through this gate,
	if _, err := w.services.Members.Add(w.ctx(t, "lin.chen"), refOf("sales_dw"), member.Batch{Users: []string{"k.nowak"}, Roles: []string{"visitor"}}); err != nil {
		t.Fatal(err)
	}
	r.term.shows(t, "k.nowak")
	// and one through another gate on the same file, which this one hears of.
	other := w.another()
	if _, err := other.services.Members.Add(other.ctx(t, "lin.chen"), refOf("sales_dw"), member.Batch{Users: []string{"a.kaya"}, Roles: []string{"visitor"}}); err != nil {
		t.Fatal(err)
	}
	w.gate.Foreign(control.Unknown)
	r.term.shows(t, "a.kaya")
	r.term.shows(t, "▌  root") // the cursor stays on its row
}
