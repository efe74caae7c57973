package sshd_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	gossh "golang.org/x/crypto/ssh"

	"reeve/tui/sshd"
)

// Every trap that servers of this kind fell into has a test: most stand with what they are about, the rest here.

// breaking is a directory that fails in the worst way when it is asked for a key.
type breaking struct {
	*directory
	broken bool
}

func (b *breaking) Keyholder(ctx context.Context, fingerprint string) (sshd.Person, bool, error) {
	b.mu.Lock()
	broken := b.broken
	b.mu.Unlock()
	if broken {
		panic("on purpose")
	}
	return b.directory.Keyholder(ctx, fingerprint)
}

func TestAPanicBeforeSigningInEndsOneConnection(t *testing.T) {
	var b *breaking
	w := serve(t, generous(), echo, func(c *sshd.Config) {
		b = &breaking{directory: c.Directory.(*directory), broken: true} //nolint:forcetypeassert // the harness made it
		c.Directory = b
	})
	if _, err := w.dial("zoe", w.keys["zoe"]); err == nil {
		t.Error("is let in")
	}
	b.mu.Lock()
	b.broken = false
	b.mu.Unlock()
	w.client("zoe")
}

// misbehaving is a console that panics or wants to be suspended when a key is pressed.
type misbehaving struct {
	window
	how string
}

func (m misbehaving) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if key, ok := msg.(tea.KeyPressMsg); ok && key.String() == "p" {
		switch m.how {
		case "update":
			panic("on purpose")
		case "command":
			return m, func() tea.Msg { panic("on purpose") }
		case "view":
			m.w = -2
		case "suspend":
			return m, tea.Sequence(tea.Suspend, func() tea.Msg { return tea.WindowSizeMsg{Width: 77, Height: 7} })
		}
	}
	if key, ok := msg.(tea.KeyPressMsg); ok && key.String() == "q" {
		return m, tea.Quit
	}
	next, cmd := m.window.Update(msg)
	m.window = next.(window) //nolint:forcetypeassert // it returns itself
	return m, cmd
}

func (m misbehaving) View() tea.View {
	if m.w == -2 {
		panic("on purpose")
	}
	return m.window.View()
}

func TestAPanicOfAConsoleEndsItAlone(t *testing.T) {
	how := make(chan string, 3)
	w := serve(t, generous(), func(ctx context.Context, s *sshd.Session) int {
		if err := s.Run(ctx, sshd.Console{Model: misbehaving{how: <-how}, Locked: func(time.Time) tea.Msg { return nil }, Ending: func(time.Time, sshd.Cause) tea.Msg { return nil }}); err != nil {
			return 9
		}
		return 0
	})
	client := w.client("zoe")
	how <- "none"
	other := w.console(client, 90, 24)
	other.shows("[90x24]")
	for _, where := range []string{"update", "command", "view"} {
		how <- where
		x := w.console(client, 80, 24)
		x.shows("[80x24]")
		if _, err := io.WriteString(x.keys, "p"); err != nil {
			t.Fatal(err)
		}
		if code := ends(t, x.Session); code != 9 {
			t.Errorf("%s: ends with %d", where, code)
		}
	}
	if err := other.WindowChange(33, 99); err != nil {
		t.Fatal(err)
	}
	other.shows("[99x33]")
}

// Nothing is behind a console to go to: one that suspends itself goes on.
func TestAConsoleIsNotSuspended(t *testing.T) {
	w := serve(t, generous(), func(ctx context.Context, s *sshd.Session) int {
		_ = s.Run(ctx, sshd.Console{Model: misbehaving{how: "suspend"}, Locked: func(time.Time) tea.Msg { return nil }, Ending: func(time.Time, sshd.Cause) tea.Msg { return nil }})
		return 0
	})
	x := w.console(w.client("zoe"), 80, 24)
	x.shows("[80x24]")
	if _, err := io.WriteString(x.keys, "p"); err != nil {
		t.Fatal(err)
	}
	x.shows("[77x7]")
	if _, err := io.WriteString(x.keys, "q"); err != nil {
		t.Fatal(err)
	}
	if code := ends(t, x.Session); code != 0 {
		t.Errorf("ends with %d", code)
	}
}

// ticker is a console that draws something new all the time.
type ticker struct{ n int }

func (m ticker) Init() tea.Cmd { return m.tick() }

func (m ticker) tick() tea.Cmd {
	return tea.Tick(5*time.Millisecond, func(time.Time) tea.Msg { return struct{}{} })
}

func (m ticker) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(struct{}); ok {
		m.n++
		return m, m.tick()
	}
	return m, nil
}

func (m ticker) View() tea.View { return tea.NewView(fmt.Sprint("tick ", m.n)) }

// Neither what is drawn, nor what a client sends by itself to stay alive, nor another size of the window is a key.
func TestOnlyKeysKeepAConsoleAwake(t *testing.T) {
	l := generous()
	l.Idle, l.Grace = time.Second, 200*time.Millisecond
	w := serve(t, l, func(ctx context.Context, s *sshd.Session) int {
		_ = s.Run(ctx, sshd.Console{Model: ticker{}, Locked: func(time.Time) tea.Msg { return nil }, Ending: func(time.Time, sshd.Cause) tea.Msg { return nil }})
		return map[sshd.Cause]int{sshd.EndedByIdle: 3}[s.EndedBy()]
	})
	client := w.client("zoe")
	x := w.console(client, 80, 24)
	x.shows("tick")
	alive, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		for n := 0; alive.Err() == nil; n++ {
			if _, _, err := client.SendRequest("keepalive@openssh.com", true, nil); err != nil {
				return
			}
			_ = x.WindowChange(24, 80+n%10)
		}
	}()
	if code := ends(t, x.Session); code != 3 {
		t.Errorf("ends with %d", code)
	}
}

// raw opens a channel for a session and asks for things by hand.
func raw(t *testing.T, client *gossh.Client) gossh.Channel {
	t.Helper()
	channel, requests, err := client.OpenChannel("session", nil)
	if err != nil {
		t.Fatal(err)
	}
	go gossh.DiscardRequests(requests)
	t.Cleanup(func() { _ = channel.Close() })
	return channel
}

type ptyRequest struct {
	Term                 string
	W, H, PixelW, PixelH uint32
	Modes                string
}

func TestRequestsThatAreNoneAreRefused(t *testing.T) {
	block := make(chan struct{})
	w := serve(t, generous(), func(context.Context, *sshd.Session) int { <-block; return 0 })
	defer close(block)
	channel := raw(t, w.client("zoe"))
	ask := func(name string, payload []byte, want bool) {
		t.Helper()
		if ok, err := channel.SendRequest(name, true, payload); err != nil || ok != want {
			t.Errorf("%s %q: %v (%v)", name, payload[:min(len(payload), 40)], ok, err)
		}
	}
	str := func(s string) []byte { return gossh.Marshal(struct{ S string }{s}) }
	for _, bad := range [][]byte{nil, {0}, {0, 0, 0, 255}, {255, 255, 255, 255, 'x'}, bytes.Repeat([]byte{'x'}, 10_000)} {
		ask("env", bad, false)
		ask("pty-req", bad, false)
		ask("window-change", bad, false)
		ask("exec", bad, false)
		ask("signal", bad, false)
		ask("no-such-request", bad, false)
	}
	ask("exec", str(strings.Repeat("x", 70_000)), false)
	ask("window-change", gossh.Marshal(struct{ W, H, X, Y uint32 }{80, 24, 0, 0}), false) // without a terminal
	ask("pty-req", gossh.Marshal(ptyRequest{Term: "xterm"}), true)
	ask("pty-req", gossh.Marshal(ptyRequest{Term: "xterm"}), false) // twice
	ask("shell", nil, true)
	ask("shell", nil, false)
	ask("exec", str("version"), false)
	ask("env", gossh.Marshal(struct{ N, V string }{"LANG", "C"}), false) // too late
}

// A client that does not know how large its window is says 0, and one that lies any number.
func TestAWindowHasASize(t *testing.T) {
	w := serve(t, generous(), console)
	for _, c := range []struct {
		w, h int
		want string
	}{{0, 0, "[1x1]"}, {0, 30, "[1x30]"}, {1 << 31, 1 << 31, "[400x120]"}} {
		x := w.console(w.client("zoe"), c.w, c.h)
		if c.w != 0 {
			x.shows(c.want)
		}
		// In a window of one cell nothing can be seen: the next size shows that the console is there.
		if err := x.WindowChange(24, 80); err != nil {
			t.Fatal(err)
		}
		x.shows("[80x24]")
		if err := x.WindowChange(0, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(x.keys, "q"); err != nil {
			t.Fatal(err)
		}
		if code := ends(t, x.Session); code != 0 {
			t.Errorf("%dx%d: ends with %d", c.w, c.h, code)
		}
	}
}

// A command is words, and never a line for a shell.
func TestACommandIsWords(t *testing.T) {
	w := serve(t, generous(), echo)
	s, err := w.client("zoe").NewSession()
	if err != nil {
		t.Fatal(err)
	}
	out, _ := s.Output("member list; id $(id) `id` | cat > /tmp/x && \"a b\" ~ *")
	if want := "zoe: member|list;|id|$(id)|`id`|||cat|>|/tmp/x|&&|a b|~|*\n"; string(out) != want {
		t.Errorf("%q, want %q", out, want)
	}
}

func TestWhoTriesTooManyKeysIsLeft(t *testing.T) {
	w := serve(t, generous(), echo)
	keys := make([]gossh.Signer, 10)
	for i := range keys {
		keys[i] = newKey(t)
	}
	if _, err := w.dial("zoe", append(slices.Clone(keys[:5]), w.keys["zoe"])...); err != nil {
		t.Errorf("the sixth key: %v", err)
	}
	if _, err := w.dial("zoe", append(keys, w.keys["zoe"])...); err == nil {
		t.Error("the eleventh key is tried")
	}
}

// A key of a size that would take minutes to check is refused, and others come in meanwhile.
func TestHugeKeysAreNotChecked(t *testing.T) {
	w := serve(t, generous(), echo)
	n := new(big.Int).SetBit(big.NewInt(1), 32_768, 1)
	huge, err := gossh.NewPublicKey(&rsa.PublicKey{N: n, E: 65537})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := w.dial("zoe", borrowed{huge}); err == nil {
			t.Error("is let in")
		}
	}
	w.client("zoe")
}

// Channels that are refused leave nothing behind.
func TestRefusedChannelsLeaveNothing(t *testing.T) {
	l := generous()
	l.PerConnection = 1
	block := make(chan struct{})
	w := serve(t, l, func(context.Context, *sshd.Session) int { <-block; return 0 })
	defer close(block)
	client := w.client("zoe")
	if ok, err := raw(t, client).SendRequest("shell", true, nil); !ok || err != nil {
		t.Fatal(ok, err)
	}
	before := settled(0)
	for _, kind := range []string{"session", "direct-tcpip", "x11", "auth-agent@openssh.com", "tun@openssh.com", "nonsense"} {
		for range 200 {
			if _, _, err := client.OpenChannel(kind, []byte("nonsense")); err == nil {
				t.Fatalf("%s is opened", kind)
			}
		}
	}
	for _, name := range []string{"tcpip-forward", "cancel-tcpip-forward", "streamlocal-forward@openssh.com", "no-more-sessions@openssh.com", "nonsense"} {
		if ok, _, err := client.SendRequest(name, true, []byte("nonsense")); ok || err != nil {
			t.Errorf("%s: %v (%v)", name, ok, err)
		}
	}
	if after := settled(before); after > before+3 {
		t.Errorf("%d goroutines, %d before", after, before)
	}
}

// What a client says of its address says nothing: there is no proxy to be believed.
func TestNobodySaysWhereTheyComeFrom(t *testing.T) {
	w := serve(t, generous(), echo)
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, "PROXY TCP4 192.0.2.9 127.0.0.1 1 2\r\n"); err != nil {
		t.Fatal(err)
	}
	_, _, _, _ = gossh.NewClientConn(conn, w.address, w.config("zoe", w.keys["zoe"])) //nolint:dogsled // in or not, the address is what counts
	w.client("zoe")
	for len(w.events) > 0 {
		if e := <-w.events; strings.Contains(e.Address, "192.0.2.9") {
			t.Errorf("%+v", e)
		}
	}
}

// What strangers say of themselves reaches a log as text.
func TestStrangersDoNotWriteIntoTheLog(t *testing.T) {
	for name, handler := range map[string]func(io.Writer) slog.Handler{
		"text": func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) }, "json": func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) },
	} {
		log := &noted{}
		w := serve(t, generous(), echo, func(c *sshd.Config) { c.Log = slog.New(handler(log)) })
		const nasty = "zoe\x1b[2J\r\nlevel=INFO msg=forged\u009b2J\u202e"
		if _, err := w.dial(nasty, w.keys["zoe"]); err == nil {
			t.Error("is let in")
		}
		w.refusedFor()
		client, err := w.dial("zoe", w.certified(w.authority, func(c *gossh.Certificate) { c.KeyId = nasty + strings.Repeat("x", 1000) }))
		if err != nil {
			t.Fatal(err)
		}
		s, err := client.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		_ = s.Run("")
		if e := w.await(sshd.EventSignedIn); strings.ContainsAny(e.Who.Certificate, "\x1b\r\n\u009b\u202e") || len([]rune(e.Who.Certificate)) > 128 {
			t.Errorf("the certificate is called %q", e.Who.Certificate)
		}
		said := log.take()
		if strings.ContainsAny(said, "\x1b\r\u009b\u202e") || strings.Contains(said, "\nlevel=INFO msg=forged") || !strings.Contains(said, "a key was refused") {
			t.Errorf("%s: the log: %q", name, said)
		}
	}
}

// Somebody who takes nothing of what is drawn holds up nobody else.
func TestASlowReaderHoldsUpNobodyElse(t *testing.T) {
	flooding := make(chan struct{}, 1)
	w := serve(t, generous(), func(ctx context.Context, s *sshd.Session) int {
		if len(s.Args) == 0 {
			return console(ctx, s)
		}
		for n := 0; ctx.Err() == nil; n++ {
			if _, err := io.WriteString(s, strings.Repeat("x", 64<<10)); err != nil {
				return 1
			}
			if n == 8 {
				flooding <- struct{}{}
			}
		}
		return 0
	})
	slow := raw(t, w.client("zoe"))
	if ok, err := slow.SendRequest("exec", true, gossh.Marshal(struct{ S string }{"flood"})); !ok || err != nil {
		t.Fatal(ok, err)
	}
	<-flooding
	x := w.console(w.client("lin"), 80, 24)
	x.shows("[80x24]")
	if _, err := io.WriteString(x.keys, "q"); err != nil {
		t.Fatal(err)
	}
	if code := ends(t, x.Session); code != 0 {
		t.Errorf("ends with %d", code)
	}
}

func TestTheHostKeyIsMadeForItsOwner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	first, made, err := sshd.LoadHostKey(path)
	if err != nil || !made || first.PublicKey().Type() != gossh.KeyAlgoED25519 {
		t.Fatalf("%v %v", made, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v (%v)", info.Mode(), err)
	}
	again, made, err := sshd.LoadHostKey(path)
	if err != nil || made || !bytes.Equal(again.PublicKey().Marshal(), first.PublicKey().Marshal()) {
		t.Errorf("another time: %v %v", made, err)
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o644, 0o666} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, _, err := sshd.LoadHostKey(path); err == nil {
			t.Errorf("%v is taken", mode)
		}
	}
	if _, err := sshd.New(sshd.Config{HostKeys: []gossh.Signer{newKey(t), newKey(t)}, Directory: &directory{}, Handler: echo}); err == nil {
		t.Error("two keys of a kind are taken, of which one is never shown")
	}
	// One of another kind is shown beside it, so that clients can go over to it.
	private, err := rsa.GenerateKey(rand.Reader, 3072)
	if err != nil {
		t.Fatal(err)
	}
	second, err := gossh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	w := serve(t, generous(), echo, func(c *sshd.Config) { c.HostKeys = []gossh.Signer{first, second} })
	for kind, algorithms := range map[string][]string{gossh.KeyAlgoED25519: {gossh.KeyAlgoED25519}, gossh.KeyAlgoRSA: {gossh.KeyAlgoRSASHA512}} {
		config := w.config("zoe", w.keys["zoe"])
		config.HostKeyAlgorithms = algorithms
		shown := ""
		config.HostKeyCallback = func(_ string, _ net.Addr, key gossh.PublicKey) error {
			shown = key.Type()
			return nil
		}
		client, err := gossh.Dial("tcp", w.address, config)
		if err != nil || shown != kind {
			t.Errorf("%s: shown is %s (%v)", kind, shown, err)
			continue
		}
		_ = client.Close()
	}
}
