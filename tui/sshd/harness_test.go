package sshd_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"reeve/core/access"
	"reeve/tui/sshd"
)

// directory is who may come in: a principal for each name, and whose each key is.
type directory struct {
	mu     sync.Mutex
	people map[string]sshd.Person
	keys   map[string]string
}

func (d *directory) Keyholder(_ context.Context, fingerprint string) (sshd.Person, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	name, ok := d.keys[fingerprint]
	return d.people[name], ok, nil
}

func (d *directory) Named(_ context.Context, name string) (sshd.Person, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.people[strings.ToLower(name)]
	return p, ok, nil
}

// world is a server with people who have keys.
type world struct {
	t         *testing.T
	server    *sshd.Server
	directory *directory
	keys      map[string]gossh.Signer
	authority gossh.Signer
	address   string
	limits    sshd.Limits
	events    chan sshd.Event
	served    chan error
}

// patient bounds what a test waits for; nothing that works takes this long.
const patient = 30 * time.Second

func newKey(t *testing.T) gossh.Signer {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := gossh.NewSignerFromSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// generous are limits that no test meets by chance.
func generous() sshd.Limits {
	l := sshd.DefaultLimits()
	l.PerSecond, l.Burst = 10_000, 10_000
	return l
}

// serve starts a server on which zoe and lin have keys and gone is disabled.
func serve(t *testing.T, limits sshd.Limits, handler sshd.Handler, changes ...func(*sshd.Config)) *world {
	t.Helper()
	w := &world{
		t: t, keys: map[string]gossh.Signer{}, authority: newKey(t), limits: limits, events: make(chan sshd.Event, 100_000), served: make(chan error, 1),
		directory: &directory{people: map[string]sshd.Person{}, keys: map[string]string{}},
	}
	for i, name := range []string{"zoe", "lin", "gone"} {
		p := sshd.Person{ID: access.PrincipalID(i + 1), Name: name} // #nosec G115 -- a few
		if name == "gone" {
			p.Barred = sshd.ReasonDisabled
		}
		key := newKey(t)
		w.keys[name], w.directory.people[name], w.directory.keys[gossh.FingerprintSHA256(key.PublicKey())] = key, p, name
	}
	var id int
	var mu sync.Mutex
	config := sshd.Config{
		HostKeys: []gossh.Signer{newKey(t)}, Directory: w.directory, Authorities: []gossh.PublicKey{w.authority.PublicKey()}, Limits: limits,
		Handler: handler, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Watch: func(e sshd.Event) { w.events <- e },
		NewID: func() string {
			mu.Lock()
			defer mu.Unlock()
			id++
			return string(rune('a' + id%26))
		},
	}
	for _, change := range changes {
		change(&config)
	}
	server, err := sshd.New(config)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.server, w.address = server, listener.Addr().String()
	go func() { w.served <- server.Serve(listener) }()
	t.Cleanup(w.stop)
	return w
}

func (w *world) stop() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_ = w.server.Shutdown(ctx)
	select {
	case err := <-w.served:
		if err != nil {
			w.t.Error(err)
		}
		w.served <- nil
	case <-time.After(patient):
		w.t.Error("the server goes on")
	}
}

func (w *world) config(user string, signers ...gossh.Signer) *gossh.ClientConfig {
	return &gossh.ClientConfig{User: user, Auth: []gossh.AuthMethod{gossh.PublicKeys(signers...)}, HostKeyCallback: gossh.InsecureIgnoreHostKey(), Timeout: patient} // #nosec G106 -- a server of the test's own
}

// dial signs in, or says why it could not.
func (w *world) dial(user string, signers ...gossh.Signer) (*gossh.Client, error) {
	client, err := gossh.Dial("tcp", w.address, w.config(user, signers...))
	if err == nil {
		w.t.Cleanup(func() { _ = client.Close() })
	}
	return client, err
}

// client signs in as a person with their own key.
func (w *world) client(user string) *gossh.Client {
	w.t.Helper()
	client, err := w.dial(user, w.keys[user])
	if err != nil {
		w.t.Fatalf("signing in as %s: %v", user, err)
	}
	return client
}

// isZoe says what is not as it should be of an attempt to sign in: that it is refused for want, or that zoe is who acts. Of one that is let
// in, and should be, it returns what is told of it.
func (w *world) isZoe(name string, client *gossh.Client, err error, want sshd.Reason) (told sshd.Event, in bool) {
	w.t.Helper()
	switch {
	case (err == nil) != (want == ""):
		w.t.Errorf("%s: want %q, and it is %v", name, want, err)
		return told, false
	case err != nil:
		if got := w.refusedFor(); got != want {
			w.t.Errorf("%s: refused for %s, want %s", name, got, want)
		}
		return told, false
	}
	s, err := client.NewSession()
	if err != nil {
		w.t.Fatal(err)
	}
	if out, err := s.Output(""); err != nil || string(out) != "zoe: \n" {
		w.t.Errorf("%s: is %q (%v)", name, out, err)
	}
	return w.await(sshd.EventSignedIn), true
}

// refusedFor waits for the next refusal and returns its reason.
func (w *world) refusedFor() sshd.Reason {
	w.t.Helper()
	for {
		select {
		case e := <-w.events:
			if e.Kind == sshd.EventRefused {
				return e.Reason
			}
		case <-time.After(patient):
			w.t.Fatal("nobody was refused")
		}
	}
}

// await waits for an event of a kind.
func (w *world) await(kind sshd.EventKind) sshd.Event {
	w.t.Helper()
	for {
		select {
		case e := <-w.events:
			if e.Kind == kind {
				return e
			}
		case <-time.After(patient):
			w.t.Fatalf("there was no %s", kind)
		}
	}
}

// ends waits for a session's end and returns its exit code; -1 for one that ended without.
func ends(t *testing.T, s *gossh.Session) int {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- s.Wait() }()
	select {
	case err := <-done:
		var exit *gossh.ExitError
		switch {
		case err == nil:
			return 0
		case errors.As(err, &exit):
			return exit.ExitStatus()
		}
		return -1
	case <-time.After(patient):
		t.Fatal("the session does not end")
	}
	return 0
}

// echo is a handler that says who is there and what was asked for.
func echo(_ context.Context, s *sshd.Session) int {
	_, _ = io.WriteString(s, s.Who.Name+": "+strings.Join(s.Args, "|")+"\n")
	return len(s.Args)
}
