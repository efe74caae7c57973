package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/ssh"
	wishes "charm.land/wish/v2"
	wishtea "charm.land/wish/v2/bubbletea"
	gossh "golang.org/x/crypto/ssh"
)

// crowdSize is how many sessions are measured at once.
const crowdSize = 200

// BenchmarkServedSessions opens 200 consoles of 120×40 over SSH, from a process of its own, and measures what a session holds of
// the heap against a bare wish and Bubble Tea program with a screen as full ("x_bare"), how long a key takes until the frame it
// changes has come back on loopback ("ms_p95", and "ms_p95_bare" of the other: a machine that has just compiled something takes twice
// as long for both), and what a move of the cursor sends ("bytes/move"); then, while nobody types, what is
// sent ("idle_B") and written to the database ("idle_db_B"), and the processor's time that it takes ("idle_cpu_%"); and how many
// goroutines are left ("left") of 1,000 sessions more.
func BenchmarkServedSessions(b *testing.B) {
	if b.N > 1 {
		return // it reports what it measured, which does not depend on b.N
	}
	folder := b.TempDir()
	key, public := benchKey(b, folder)

	db := filepath.Join(folder, "served.db")
	for _, args := range [][]string{
		{"demo", "--workspaces", "200", "--members", "4000"},
		{"user", "key", "add", "root", "--key", string(gossh.MarshalAuthorizedKey(public))},
	} {
		var said bytes.Buffer
		if code := run(b.Context(), append(args, "--db", db), strings.NewReader(""), &said, &said, machine()); code != 0 {
			b.Fatalf("%v: %s", args, said.String())
		}
	}
	address := startServer(b, db)
	crowd := startCrowd(b, address, "root", key, "cn-hangzhou/ads_lab/roles", crowdSize)
	held := crowd.heapOf(b)

	p95, bytesAMove := crowd.keys(b, 300)
	b.ReportMetric(p95, "ms_p95")
	b.ReportMetric(bytesAMove, "bytes/move")

	sent, written, began, busy := crowd.sent(b), walSize(b, db), time.Now(), processorTime(b)
	time.Sleep(3 * time.Second)
	b.ReportMetric(float64(processorTime(b)-busy)/float64(time.Since(began))*100, "idle_cpu_%")
	b.ReportMetric(float64(crowd.sent(b)-sent), "idle_B")
	b.ReportMetric(float64(walSize(b, db)-written), "idle_db_B")
	crowd.stop(b)

	crowd = startCrowd(b, address, "root", key, "", 0)
	crowd.visit(b, 50)
	before := fewest()
	crowd.visit(b, 1000)
	b.ReportMetric(float64(max(fewest()-before, 0)), "left")
	crowd.stop(b)

	// The bare program comes last: what it leaves behind when its clients go is in nobody's way then.
	crowd = startCrowd(b, startBare(b, public), "zoe", key, "", crowdSize)
	b.ReportMetric(held/crowd.heapOf(b), "x_bare")
	p95, _ = crowd.keys(b, 300)
	b.ReportMetric(p95, "ms_p95_bare")
	crowd.stop(b)
}

func benchKey(b *testing.B, folder string) (path string, public gossh.PublicKey) {
	b.Helper()
	pub, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	block, err := gossh.MarshalPrivateKey(private, "")
	if err != nil {
		b.Fatal(err)
	}
	path = filepath.Join(folder, "key")
	if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
		b.Fatal(err)
	}
	public, err = gossh.NewPublicKey(pub)
	if err != nil {
		b.Fatal(err)
	}
	return path, public
}

// bareScreen is a program that shows a screen full of text and nothing else.
type bareScreen struct{ w, h, at int }

func (bareScreen) Init() tea.Cmd { return nil }

func (m bareScreen) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case tea.KeyPressMsg:
		m.at++
	}
	return m, nil
}

func (m bareScreen) View() tea.View {
	line := strings.Repeat("\x1b[38;2;209;215;224mtext \x1b[0m", m.w/5)
	return tea.View{AltScreen: true, Content: fmt.Sprint("ready ", m.at, strings.Repeat("\n"+line, max(m.h-1, 0)))}
}

// startBare serves the bare program as its documentation does.
func startBare(b *testing.B, public gossh.PublicKey) (address string) {
	b.Helper()
	server, err := wishes.NewServer(wishes.WithPublicKeyAuth(func(_ ssh.Context, key ssh.PublicKey) bool { return ssh.KeysEqual(key, public) }),
		wishes.WithHostKeyPath(filepath.Join(b.TempDir(), "host")),
		wishes.WithMiddleware(wishtea.Middleware(func(ssh.Session) (tea.Model, []tea.ProgramOption) { return bareScreen{}, nil })))
	if err != nil {
		b.Fatal(err)
	}
	listener, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	b.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String()
}

// startServer serves a database until the benchmark ends.
func startServer(b *testing.B, db string) (address string) {
	b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	log, code := &watched{}, make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"serve", "--listen", "127.0.0.1:0", "--drain", "1s", "--sessions", "500", "--sessions-per-user", "500", "--db", db},
			strings.NewReader(""), io.Discard, log, machine())
	}()
	b.Cleanup(func() { cancel(); <-code })
	at := regexp.MustCompile(`Serving on (\S+)\.`)
	for begun := time.Now(); time.Since(begun) < patience && len(code) == 0; time.Sleep(time.Millisecond) {
		if m := at.FindStringSubmatch(log.String()); m != nil {
			return m[1]
		}
	}
	b.Fatalf("it does not serve: %s", log.String())
	return ""
}

// crowd is the process of the clients.
type crowd struct {
	cmd     *exec.Cmd
	orders  io.WriteCloser
	answers *bufio.Reader
	n       int
	heap    float64 // of this process before the sessions were there
}

func startCrowd(b *testing.B, address, user, key, link string, n int) *crowd {
	b.Helper()
	c := &crowd{n: n, heap: heapInUse()}
	c.cmd = exec.CommandContext(b.Context(), os.Args[0]) // #nosec G204 G702 -- the program itself
	order, err := json.Marshal(clients{Address: address, User: user, Key: key, Link: link, Sessions: n})
	if err != nil {
		b.Fatal(err)
	}
	c.cmd.Env = append(os.Environ(), childClients+"="+string(order))
	c.cmd.Stderr = os.Stderr
	if c.orders, err = c.cmd.StdinPipe(); err != nil {
		b.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	c.answers = bufio.NewReader(out)
	if err := c.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	c.answer(b)
	return c
}

// ask gives an order and returns the numbers of the answer.
func (c *crowd) ask(b *testing.B, order string) []float64 {
	b.Helper()
	if _, err := fmt.Fprintln(c.orders, order); err != nil {
		b.Fatal(err)
	}
	return c.answer(b)
}

func (c *crowd) answer(b *testing.B) (numbers []float64) {
	b.Helper()
	line, err := c.answers.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &numbers)
	}
	if err != nil {
		b.Fatalf("the clients say %q: %v", line, err)
	}
	return numbers
}

func (c *crowd) stop(b *testing.B) {
	b.Helper()
	_ = c.orders.Close()
	if err := c.cmd.Wait(); err != nil {
		b.Fatal(err)
	}
}

// heapOf is what one session holds.
func (c *crowd) heapOf(b *testing.B) float64 {
	b.Helper()
	held := (heapInUse() - c.heap) / float64(c.n)
	b.Logf("%.0f kB a session, at %s", held/1000, time.Now().Format(time.TimeOnly))
	return held
}

func (c *crowd) keys(b *testing.B, n int) (p95, bytesAMove float64) {
	b.Helper()
	got := c.ask(b, fmt.Sprint("keys ", n))
	return got[0], got[1]
}

func (c *crowd) sent(b *testing.B) int64 { b.Helper(); return int64(c.ask(b, "sent")[0]) }

func (c *crowd) visit(b *testing.B, n int) { b.Helper(); c.ask(b, fmt.Sprint("visit ", n)) }

func heapInUse() float64 {
	var m runtime.MemStats
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// fewest is the least number of goroutines that is seen within some seconds: what ends takes a while to.
func fewest() int {
	n := runtime.NumGoroutine()
	for begun := time.Now(); time.Since(begun) < 3*time.Second; time.Sleep(10 * time.Millisecond) {
		n = min(n, runtime.NumGoroutine())
	}
	return n
}

func walSize(b *testing.B, db string) int64 {
	b.Helper()
	var size int64
	for _, name := range []string{db, db + "-wal"} {
		info, err := os.Stat(name)
		if err != nil {
			b.Fatal(err)
		}
		size += info.Size()
	}
	return size
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
