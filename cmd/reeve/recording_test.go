package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	gossh "golang.org/x/crypto/ssh"

	"reeve/tui/cast"
)

// seat is somebody before a console over SSH: a terminal that shows what it is sent.
type seat struct {
	*gossh.Session
	t     *testing.T
	keys  io.WriteCloser
	mu    sync.Mutex // of all that follows: the emulator is not safe to read while it is written to
	sent  bytes.Buffer
	shown *vt.SafeEmulator
}

func (x *seat) Write(p []byte) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.sent.Write(p)
	return x.shown.Write(p)
}

// picture is the text on the terminal.
func (x *seat) picture() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.shown.String()
}

func emulator(width, height int) *vt.SafeEmulator {
	e := vt.NewSafeEmulator(width, height)
	go func() { _, _ = io.Copy(io.Discard, e) }() // its answers go nowhere
	return e
}

// sit opens a console for somebody.
func (s *serverBench) sit(user string, width, height int) *seat {
	s.t.Helper()
	session, err := s.dial(user).NewSession()
	if err != nil {
		s.t.Fatal(err)
	}
	x := &seat{Session: session, t: s.t, shown: emulator(width, height)}
	session.Stdout = x
	if x.keys, err = session.StdinPipe(); err != nil {
		s.t.Fatal(err)
	}
	if err := session.RequestPty("xterm-256color", height, width, gossh.TerminalModes{}); err != nil {
		s.t.Fatal(err)
	}
	if err := session.Shell(); err != nil {
		s.t.Fatal(err)
	}
	return x
}

// dial signs somebody in by the library's client.
func (s *serverBench) dial(user string) *gossh.Client {
	s.t.Helper()
	client, err := s.connect(user)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = client.Close() })
	return client
}

// shows waits until the terminal shows some text.
func (x *seat) shows(text string) {
	x.t.Helper()
	for begun := time.Now(); !strings.Contains(x.picture(), text); time.Sleep(5 * time.Millisecond) {
		if time.Since(begun) > patience {
			x.t.Fatalf("it does not show %q but\n%s", text, x.picture())
		}
	}
}

func (x *seat) types(keys string) {
	x.t.Helper()
	if _, err := io.WriteString(x.keys, keys); err != nil {
		x.t.Fatal(err)
	}
}

// leaves waits for the end of the session.
func (x *seat) leaves() {
	x.t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = x.Wait() // how it ended is of no concern
	}()
	select {
	case <-done:
	case <-time.After(patience):
		x.t.Fatal("the session does not end")
	}
}

// recorded waits for recordings that have ended.
func recorded(t *testing.T, dir string, count int) (files []string) {
	t.Helper()
	for begun := time.Now(); len(files) < count; time.Sleep(time.Millisecond) {
		var err error
		if files, err = filepath.Glob(filepath.Join(dir, "*.cast")); err != nil {
			t.Fatal(err)
		}
		if time.Since(begun) > patience {
			there, _ := filepath.Glob(filepath.Join(dir, "*"))
			t.Fatalf("%d recordings have ended: %v", len(files), there)
		}
	}
	return files
}

// A recording shows what the person saw, on a terminal of its own, and the audit holds it.
func TestARecordingShowsWhatThePersonSaw(t *testing.T) {
	b := newTenant(t)
	dir := filepath.Join(t.TempDir(), "recordings")
	s := b.serve([]string{"zoe", "bo"}, "--record", dir)
	x := s.sit("zoe", 100, 30)
	x.shows("sales_dw")
	x.shows("recorded") // in the head of the console
	if err := x.WindowChange(36, 120); err != nil {
		t.Fatal(err)
	}
	x.mu.Lock()
	x.shown.Resize(120, 36)
	x.mu.Unlock()
	x.types("?")
	x.shows("Everywhere")
	x.types("\x1b")
	for strings.Contains(x.picture(), "Everywhere") {
		time.Sleep(time.Millisecond)
	}
	if o := s.remotely("bo", "", "workspace list"); o.code != exitDone { // a command is not recorded
		t.Error(o)
	}
	x.types("\x03")
	x.leaves()
	path := recorded(t, dir, 1)[0]
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v (%v)", info.Mode(), err)
	}
	data, err := os.ReadFile(path) // #nosec G304 -- a folder of the test
	if err != nil {
		t.Fatal(err)
	}
	h, events, err := cast.Read(bytes.NewReader(data))
	if err != nil || h.Width != 100 || h.Height != 30 || h.Title != "reeve: zoe" || h.Term != "xterm-256color" {
		t.Fatalf("%+v (%v)", h, err)
	}
	if !strings.HasPrefix(events[0].Data, "This session is recorded.") {
		t.Errorf("the first that is shown is %q", events[0].Data)
	}
	var all strings.Builder
	player := emulator(h.Width, h.Height)
	sizes := []string{}
	for _, e := range events {
		switch e.Kind {
		case "o":
			all.WriteString(e.Data)
			if _, err := player.Write([]byte(e.Data)); err != nil {
				t.Fatal(err)
			}
		case "r":
			var w, h int
			if _, err := fmt.Sscanf(e.Data, "%dx%d", &w, &h); err != nil {
				t.Fatal(err)
			}
			player.Resize(w, h)
			sizes = append(sizes, e.Data)
		default: // what is typed would be i
			t.Errorf("there is an event %s", e.Kind)
		}
	}
	if !slices.Equal(sizes, []string{"120x36"}) {
		t.Errorf("sizes %v", sizes)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if sent := x.sent.String(); all.String() != sent {
		t.Errorf("recorded are %d bytes, sent were %d", all.Len(), len(sent))
	}
	if got, want := player.String(), x.shown.String(); got != want {
		t.Errorf("it ends as\n%s\nand the terminal as\n%s", got, want)
	}
	sum := sha256.Sum256(data)
	entries := b.list("audit", "list", "--what", "session.record")
	if len(entries) != 2 || column(entries[:1], "action") != "session.recorded" || column(entries[:1], "session") != column(b.list("audit", "list", "--what", "session.begin")[1:2], "session") {
		t.Fatalf("the audit: %v", entries)
	}
	if after := written(b.one("audit", "show", column(entries[:1], "id"))["after"]); !strings.Contains(after, hex.EncodeToString(sum[:])) || !strings.Contains(after, path) {
		t.Errorf("the audit has %s", after)
	}
	b.must("audit", "verify")
}

func TestOnlyWhoIsNamedIsRecorded(t *testing.T) {
	b := newTenant(t)
	dir := filepath.Join(t.TempDir(), "recordings")
	b.fails(exitUsage, []string{"--record-user", "--record"}, "serve", "--record-user", "bo")
	b.fails(exitUsage, []string{"--record-size"}, "serve", "--record", dir, "--record-size", "0")
	s := b.serve([]string{"zoe", "bo"}, "--record", dir, "--record-user", "BO")
	b.fails(exitNotFound, []string{"nosuch"}, "serve", "--listen", "127.0.0.1:0", "--record", dir, "--record-user", "nosuch")
	for _, user := range []string{"zoe", "bo"} {
		x := s.sit(user, 80, 24)
		x.shows("Workspaces")
		if shows := strings.Contains(x.picture(), "recorded"); shows != (user == "bo") {
			t.Errorf("%s reads that it is recorded: %v", user, shows)
		}
		x.types("\x03")
		x.leaves()
	}
	if files := recorded(t, dir, 1); len(files) != 1 {
		t.Errorf("recorded are %v", files)
	}
}

// What a server that was killed left behind gets into the audit when the next one starts.
func TestTheNextServerKeepsWhatAKilledOneRecorded(t *testing.T) {
	b := newTenant(t)
	dir := filepath.Join(t.TempDir(), "recordings")
	f, err := cast.OpenFolder(dir, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Begin("KILLED", cast.Header{Width: 80, Height: 24, Begun: time.Now()}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Output([]byte("hello")); err != nil {
		t.Fatal(err)
	}
	r.Drop()
	b.serve([]string{"zoe"}, "--record", dir)
	recorded(t, dir, 1)
	entries := b.list("audit", "list", "--what", "session.recorded")
	if after := written(b.one("audit", "show", column(entries, "id"))["after"]); len(entries) != 1 || !strings.Contains(after, `"end":"left"`) || column(entries, "target") != "KILLED" {
		t.Errorf("the audit has %v %s", entries, after)
	}
}

// A console that cannot be recorded does not open, and one that cannot be recorded any more ends; the server goes on.
func TestNobodyActsUnrecorded(t *testing.T) {
	b := newTenant(t)
	open := filepath.Join(t.TempDir(), "open")
	if err := os.Mkdir(open, 0o750); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "recordings")
	s := b.serve([]string{"zoe"}, "--record", dir, "--record-size", "1")
	b.fails(exitFailed, []string{"chmod 700"}, "serve", "--listen", "127.0.0.1:0", "--record", open)
	b.fails(exitFailed, []string{"cannot be kept"}, "serve", "--listen", "127.0.0.1:0", "--record", b.db)
	x := s.sit("zoe", 400, 120)
	x.shows("sales_dw")
	var errs bytes.Buffer
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = x.Wait()
	}()
	for n, ended := 0, false; !ended; n++ { // a storm of sizes is drawn each time
		if err := x.WindowChange(100+n%20, 300+n%100); err != nil {
			break
		}
		select {
		case <-done:
			ended = true
		case <-time.After(time.Millisecond):
		}
	}
	<-done
	path := recorded(t, dir, 1)[0]
	data, err := os.ReadFile(path) // #nosec G304 -- a folder of the test
	if err != nil {
		t.Fatal(err)
	}
	if _, events, err := cast.Read(bytes.NewReader(data)); err != nil || events[len(events)-1].Kind != "m" || len(data) > 1<<20+4096 {
		t.Errorf("%d bytes, ending with %v (%v)", len(data), events[len(events)-1], err)
	}
	if entries := b.list("audit", "list", "--what", "session.recorded"); !strings.Contains(written(b.one("audit", "show", column(entries, "id"))["after"]), `"end":"full"`) {
		t.Errorf("the audit has %v", entries)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	session, err := s.dial("zoe").NewSession()
	if err != nil {
		t.Fatal(err)
	}
	session.Stderr = &errs
	if err := session.RequestPty("xterm", 24, 80, nil); err != nil {
		t.Fatal(err)
	}
	out, err := session.Output("")
	if err == nil || !strings.Contains(errs.String(), "cannot be begun") || strings.Contains(string(out), "sales_dw") {
		t.Errorf("it opens: %q %q (%v)", out, errs.String(), err)
	}
	if o := s.remotely("zoe", "", "workspace list"); o.code != exitDone {
		t.Errorf("the server: %+v", o)
	}
	if !regexp.MustCompile(`a recording could not be begun`).MatchString(s.log.String()) {
		t.Errorf("the log: %s", s.log.String())
	}
}
