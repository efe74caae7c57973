package sshd_test

import (
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	gossh "golang.org/x/crypto/ssh"

	"reeve/tui/sshd"
)

func TestNothingIsForwarded(t *testing.T) {
	w := serve(t, generous(), echo)
	client := w.client("zoe")
	if _, err := client.Dial("tcp", w.address); err == nil {
		t.Error("a port is forwarded")
	}
	if _, err := client.Listen("tcp", "127.0.0.1:0"); err == nil {
		t.Error("a port is listened on")
	}
	if _, _, err := client.OpenChannel("x11", nil); err == nil {
		t.Error("there is a channel for X11")
	}
	s, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"auth-agent-req@openssh.com", "x11-req", "signal", "subsystem"} {
		payload := []byte(nil)
		if name == "subsystem" {
			payload = gossh.Marshal(struct{ Name string }{"sftp"})
		}
		if ok, err := s.SendRequest(name, true, payload); ok || err != nil {
			t.Errorf("%s is granted (%v)", name, err)
		}
	}
}

func TestOnlyWhatIsNeededIsTakenFromTheEnvironment(t *testing.T) {
	w := serve(t, generous(), func(_ context.Context, s *sshd.Session) int {
		_, _ = io.WriteString(s, strings.Join(s.Environ, " "))
		return len(s.Environ)
	})
	s, err := w.client("zoe").NewSession()
	if err != nil {
		t.Fatal(err)
	}
	for name, ok := range map[string]bool{"LANG": true, "LC_ALL": true, "NO_COLOR": true, "PATH": false, "REEVE_DB": false, "LD_PRELOAD": false} {
		if err := s.Setenv(name, "x\x1b[2J"); (err == nil) != ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.Setenv("LC_MESSAGES", strings.Repeat("x", 1000)); err == nil {
		t.Error("a long variable is taken")
	}
	for i := range 100 {
		_ = s.Setenv("LC_"+strings.Repeat("X", i), "y")
	}
	out, err := s.Output("x")
	var exit *gossh.ExitError
	if strings.Contains(string(out), "\x1b") || !errors.As(err, &exit) || exit.ExitStatus() != 32 {
		t.Errorf("kept %q (%v)", out, err)
	}
}

// window draws its size, and quits at q.
type window struct{ w, h int }

func (m window) Init() tea.Cmd { return nil }

func (m window) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case tea.KeyPressMsg:
		if msg.String() == "q" {
			return m, tea.Quit
		}
	case locked:
		m.w = -1
	}
	return m, nil
}

type locked struct{}

func (m window) View() tea.View {
	return tea.NewView(strings.Repeat("[", 3) + itoa(m.w) + "x" + itoa(m.h) + "]]]")
}

func itoa(n int) string {
	if n < 0 {
		return "locked"
	}
	digits := []byte{}
	for ok := true; ok; ok = n > 0 {
		digits = append(digits, byte('0'+n%10))
		n /= 10
	}
	slices.Reverse(digits)
	return string(digits)
}

func console(ctx context.Context, s *sshd.Session) int {
	err := s.Run(ctx, sshd.Console{Model: window{}, Locked: func(time.Time) tea.Msg { return locked{} }, Ending: func(time.Time, sshd.Cause) tea.Msg { return nil }})
	if err != nil {
		return 9
	}
	return map[sshd.Cause]int{"": 0, sshd.EndedByClient: 1, sshd.EndedByServer: 2, sshd.EndedByIdle: 3, sshd.EndedByTotal: 4, sshd.EndedByExpiry: 5, sshd.EndedBySomeone: 6, sshd.EndedByRevoking: 7}[s.EndedBy()]
}

// terminal is a console at the client's side: what it has drawn so far.
type terminal struct {
	*gossh.Session
	t     *testing.T
	keys  io.WriteCloser
	mu    sync.Mutex
	drawn strings.Builder
	more  chan struct{}
}

func (x *terminal) Write(p []byte) (int, error) {
	x.mu.Lock()
	x.drawn.Write(p)
	x.mu.Unlock()
	select {
	case x.more <- struct{}{}:
	default:
	}
	return len(p), nil
}

// shows waits until something is drawn.
func (x *terminal) shows(text string) {
	x.t.Helper()
	limit := time.After(patient)
	for {
		x.mu.Lock()
		there := strings.Contains(x.drawn.String(), text)
		x.mu.Unlock()
		if there {
			return
		}
		select {
		case <-x.more:
		case <-limit:
			x.t.Fatalf("it does not show %q but %q", text, x.drawn.String())
		}
	}
}

func (w *world) console(client *gossh.Client, width, height int) *terminal {
	w.t.Helper()
	s, err := client.NewSession()
	if err != nil {
		w.t.Fatal(err)
	}
	x := &terminal{Session: s, t: w.t, more: make(chan struct{}, 1)}
	s.Stdout = x
	if x.keys, err = s.StdinPipe(); err != nil {
		w.t.Fatal(err)
	}
	if err := s.RequestPty("xterm-256color", height, width, gossh.TerminalModes{}); err != nil {
		w.t.Fatal(err)
	}
	if err := s.Shell(); err != nil {
		w.t.Fatal(err)
	}
	return x
}

func TestAConsoleHasTheSizeOfItsWindow(t *testing.T) {
	w := serve(t, generous(), console)
	x := w.console(w.client("zoe"), 100, 40)
	x.shows("[100x40]")
	for i := range 2000 {
		if err := x.WindowChange(20+i%40, 90+i%7); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.WindowChange(24, 80); err != nil {
		t.Fatal(err)
	}
	x.shows("[80x24]")
	if err := x.WindowChange(1_000_000, 2_000_000); err != nil {
		t.Fatal(err)
	}
	x.shows("[400x120]")
	if _, err := io.WriteString(x.keys, "q"); err != nil {
		t.Fatal(err)
	}
	if code := ends(t, x.Session); code != 0 {
		t.Errorf("ends with %d", code)
	}
}

func TestAStrangeTerminalIsNone(t *testing.T) {
	w := serve(t, generous(), echo)
	for _, term := range []string{"x\x1b]0;y\a", strings.Repeat("x", 65), "a b", "$(id)"} {
		s, err := w.client("zoe").NewSession()
		if err != nil {
			t.Fatal(err)
		}
		if err := s.RequestPty(term, 24, 80, nil); err == nil {
			t.Errorf("%q is taken", term)
		}
	}
}

// One channel that is closed, and one whose input ends, each end their console and no other's on the same connection.
func TestConsolesOfOneConnectionEndByThemselves(t *testing.T) {
	w := serve(t, generous(), console)
	client := w.client("zoe")
	first, second, third := w.console(client, 80, 24), w.console(client, 81, 24), w.console(client, 82, 24)
	first.shows("[80x24]")
	second.shows("[81x24]")
	third.shows("[82x24]")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := second.keys.Close(); err != nil {
		t.Fatal(err)
	}
	if code := ends(t, second.Session); code != 1 {
		t.Errorf("without input it ends with %d", code)
	}
	if err := third.WindowChange(30, 90); err != nil {
		t.Fatal(err)
	}
	third.shows("[90x30]")
}

func TestAPanicEndsOneSession(t *testing.T) {
	w := serve(t, generous(), func(_ context.Context, s *sshd.Session) int {
		if len(s.Args) > 0 {
			panic("on purpose")
		}
		return 7
	})
	client := w.client("zoe")
	s, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start("panic"); err != nil {
		t.Fatal(err)
	}
	if code := ends(t, s); code != 1 {
		t.Errorf("the session ends with %d", code)
	}
	if s, err = client.NewSession(); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(""); err != nil {
		t.Fatal(err)
	}
	if code := ends(t, s); code != 7 {
		t.Errorf("the next one ends with %d", code)
	}
}

// Who opens connections and says nothing keeps nobody out.
func TestHalfOpenConnectionsKeepNobodyOut(t *testing.T) {
	w := serve(t, sshd.DefaultLimits(), echo)
	for range 100 {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", w.address)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
	}
	w.client("zoe")
}

func TestLimits(t *testing.T) {
	l := generous()
	l.PerUser, l.PerConnection, l.PerAddress = 2, 2, 3
	block := make(chan struct{})
	w := serve(t, l, func(context.Context, *sshd.Session) int { <-block; return 0 })
	defer close(block)
	client := w.client("zoe")
	for range 2 {
		s, err := client.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Start(""); err != nil {
			t.Fatal(err)
		}
		w.await(sshd.EventSignedIn)
	}
	if _, err := client.NewSession(); err == nil {
		t.Error("a third channel is opened on a connection")
	}
	s, err := w.client("zoe").NewSession()
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	s.Stderr = &said
	if err := s.Start(""); err != nil {
		t.Fatal(err)
	}
	if code := ends(t, s); code != 1 || !strings.Contains(said.String(), "Too many") || w.refusedFor() != sshd.ReasonTooManyOpen {
		t.Errorf("a third session of zoe ends with %d, saying %q", code, said.String())
	}
	w.client("lin")
	if _, err := w.dial("lin", w.keys["lin"]); err == nil {
		t.Error("a fourth connection of the address is taken")
	}
	if e := w.await(sshd.EventDropped); e.Reason != sshd.ReasonAddressFull {
		t.Errorf("dropped for %s", e.Reason)
	}
}

func TestTooManyAtOnceAreDropped(t *testing.T) {
	l := generous()
	l.PerSecond, l.Burst = 0.001, 2
	w := serve(t, l, echo)
	w.client("zoe")
	w.client("zoe")
	if _, err := w.dial("zoe", w.keys["zoe"]); err == nil {
		t.Error("a third is taken")
	}
	if e := w.await(sshd.EventDropped); e.Reason != sshd.ReasonTooFast {
		t.Errorf("dropped for %s", e.Reason)
	}
}

func TestWhoDoesNotSignInIsLeft(t *testing.T) {
	l := generous()
	l.Handshake = 50 * time.Millisecond
	w := serve(t, l, echo)
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Logf("closed with %v", err)
	}
	if reason := w.refusedFor(); reason != sshd.ReasonTimeout {
		t.Errorf("refused for %s", reason)
	}
}

func TestAnIdleConsoleIsLockedAndThenEnded(t *testing.T) {
	l := generous()
	l.Idle, l.Grace = time.Second, 50*time.Millisecond // a connection without a session has as long
	w := serve(t, l, console)
	x := w.console(w.client("zoe"), 80, 24)
	x.shows("locked")
	if code := ends(t, x.Session); code != 3 {
		t.Errorf("ends with %d", code)
	}
}

func TestASessionLastsNoLongerThanItMay(t *testing.T) {
	l := generous()
	l.Total = time.Second // and a connection as old takes no session
	w := serve(t, l, console)
	if code := ends(t, w.console(w.client("zoe"), 80, 24).Session); code != 4 {
		t.Errorf("ends with %d", code)
	}
}

func TestASessionEndsWithItsCertificate(t *testing.T) {
	w := serve(t, generous(), console)
	client, err := w.dial("zoe", w.certified(w.authority, func(c *gossh.Certificate) {
		c.ValidBefore = uint64(time.Now().Add(2 * time.Second).Unix()) // #nosec G115 -- after 1970
	}))
	if err != nil {
		t.Fatal(err)
	}
	if code := ends(t, w.console(client, 80, 24).Session); code != 5 {
		t.Errorf("ends with %d", code)
	}
}

func TestAServerThatIsStoppedWaitsAndThenEnds(t *testing.T) {
	w := serve(t, generous(), console)
	x := w.console(w.client("zoe"), 80, 24)
	x.shows("[80x24]")
	stopped := make(chan error, 1)
	ctx, hurry := context.WithCancel(t.Context())
	go func() { stopped <- w.server.Shutdown(ctx) }()
	x.keysUntilRefused(w)
	hurry()
	if code := ends(t, x.Session); code != 2 {
		t.Errorf("ends with %d", code)
	}
	select {
	case err := <-stopped:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patient):
		t.Fatal("the server does not stop")
	}
}

// keysUntilRefused waits until the server takes no new connections, while the console goes on.
func (x *terminal) keysUntilRefused(w *world) {
	x.t.Helper()
	limit := time.After(patient)
	for {
		client, err := gossh.Dial("tcp", w.address, w.config("zoe", w.keys["zoe"]))
		if err != nil {
			break
		}
		_ = client.Close()
		select {
		case <-limit:
			x.t.Fatal("the server takes connections")
		default:
		}
	}
	if err := x.WindowChange(33, 99); err != nil {
		x.t.Fatal(err)
	}
	x.shows("[99x33]")
}

// restless is a console that draws all of its window anew as often as it can.
type restless struct {
	window
	turn int
}

type again struct{}

func (m restless) Init() tea.Cmd { return func() tea.Msg { return again{} } }

func (m restless) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(again); ok {
		m.turn++
		return m, tea.Tick(time.Millisecond, func(time.Time) tea.Msg { return again{} })
	}
	next, cmd := m.window.Update(msg)
	m.window = next.(window) //nolint:forcetypeassert // it returns itself
	return m, cmd
}

func (m restless) View() tea.View {
	line := strings.Repeat(string(rune('a'+m.turn%26)), max(m.w, 0))
	return tea.NewView(strings.TrimSuffix(strings.Repeat(line+"\n", max(m.h, 0)), "\n"))
}

// counted counts what is written to a client.
type counted struct{ atomic.Int64 }

func (c *counted) Output(p []byte)  { c.Add(int64(len(p))) }
func (c *counted) Resize(sshd.Size) {}

// stops waits until nothing more is written.
func (c *counted) stops() {
	for before := int64(0); before == 0 || c.Load() > before; time.Sleep(200 * time.Millisecond) {
		before = c.Load()
	}
}

// A client that takes nothing of what is drawn or said holds nobody up, and its session can be ended.
func TestAClientThatDoesNotReadIsHungUp(t *testing.T) {
	type pty struct {
		Term                 string
		W, H, PixelW, PixelH uint32
		Modes                string
	}
	type request struct {
		name    string
		payload []byte
	}
	for how, requests := range map[string][]request{
		"console": {{"pty-req", gossh.Marshal(pty{"xterm", 500, 200, 0, 0, ""})}, {"shell", nil}},
		"command": {{"exec", gossh.Marshal(struct{ Line string }{"member list"})}},
	} {
		t.Run(how, func(t *testing.T) {
			var written counted
			w := serve(t, generous(), func(ctx context.Context, s *sshd.Session) int {
				if s.Terminal() {
					_ = s.Run(ctx, sshd.Console{
						Model: restless{}, Record: func(sshd.Size) (sshd.Recorder, error) { return &written, nil },
						Locked: func(time.Time) tea.Msg { return nil }, Ending: func(time.Time, sshd.Cause) tea.Msg { return nil },
					})
					return 0
				}
				for {
					n, err := io.WriteString(s, strings.Repeat("x", 64<<10))
					if err != nil {
						return 1
					}
					written.Add(int64(n))
				}
			})
			channel, _, err := w.client("zoe").OpenChannel("session", nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, request := range requests {
				if ok, err := channel.SendRequest(request.name, true, request.payload); !ok || err != nil {
					t.Fatal(ok, err)
				}
			}
			w.await(sshd.EventSignedIn)
			written.stops()
			for _, one := range w.server.Sessions() {
				one.End(sshd.EndedBySomeone)
			}
			w.await(sshd.EventLeft)
		})
	}
}

func TestNothingIsLeftOfManySessions(t *testing.T) {
	l := generous()
	l.PerConnection = 1000
	w := serve(t, l, console)
	client := w.client("zoe")
	before := 0
	for i := range 60 {
		x := w.console(client, 80, 24)
		x.shows("[80x24]")
		if _, err := io.WriteString(x.keys, "q"); err != nil {
			t.Fatal(err)
		}
		if code := ends(t, x.Session); code != 0 {
			t.Fatalf("session %d ends with %d", i, code)
		}
		if i == 9 {
			before = settled(before)
		}
	}
	if after := settled(before); after > before+5 {
		t.Errorf("%d goroutines after 60 sessions, %d after 10", after, before)
	}
}

// settled counts goroutines when they are no more than wanted, or do not become fewer.
func settled(wanted int) int {
	n := runtime.NumGoroutine()
	for range 200 {
		if n <= wanted {
			return n
		}
		time.Sleep(5 * time.Millisecond)
		n = runtime.NumGoroutine()
	}
	return n
}
