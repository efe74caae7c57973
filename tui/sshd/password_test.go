package sshd_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"reeve/tui/sshd"
)

// vault knows passwords, and counts how often it is asked.
type vault struct {
	mu     sync.Mutex
	people map[string]sshd.Person
	right  string
	down   bool
	asked  int
}

func (v *vault) Prove(_ context.Context, name, password string) (sshd.Person, string, sshd.Reason) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.asked++
	p, known := v.people[name]
	switch {
	case v.down:
		return sshd.Person{}, "", sshd.ReasonUpstream
	case !known:
		return sshd.Person{}, "", sshd.ReasonForeign
	case password != v.right:
		return p, "corp", sshd.ReasonPassword
	}
	return p, "corp", ""
}

func (v *vault) change(f func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	f()
}

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func quick() sshd.Guesses {
	g := sshd.DefaultGuesses()
	g.Answer = 0
	return g
}

// withPasswords is a server that knows the password of zoe, of gone and of lin.
func withPasswords(t *testing.T, g sshd.Guesses) (*world, *vault, *clock) {
	t.Helper()
	v, at := &vault{right: "right"}, &clock{at: time.Now()}
	w := serve(t, generous(), echo, func(c *sshd.Config) { c.Passwords, c.Prompt, c.Guesses, c.Now = v, "Password: ", g, at.now })
	v.change(func() { v.people = w.directory.people })
	return w, v, at
}

func (w *world) password(user, password string) (*gossh.Client, error) {
	return w.by(user, gossh.Password(password))
}

func (w *world) by(user string, method gossh.AuthMethod) (*gossh.Client, error) {
	config := w.config(user)
	config.Auth = []gossh.AuthMethod{method}
	client, err := gossh.Dial("tcp", w.address, config)
	if err == nil {
		w.t.Cleanup(func() { _ = client.Close() })
	}
	return client, err
}

func TestPasswords(t *testing.T) {
	w, v, _ := withPasswords(t, quick())
	for name, c := range map[string]struct {
		user, password string
		want           sshd.Reason
	}{
		"right":           {"zoe", "right", ""},
		"wrong":           {"lin", "wrong", sshd.ReasonPassword},
		"none":            {"lin", "", sshd.ReasonNoPassword},
		"of nobody":       {"mia", "right", sshd.ReasonForeign},
		"of no name":      {"", "right", sshd.ReasonForeign},
		"who is disabled": {"gone", "right", sshd.ReasonDisabled},
	} {
		client, err := w.password(c.user, c.password)
		if e, in := w.isZoe(name, client, err, c.want); in && (e.Who.Source != "corp" || e.Who.Fingerprint != "" || e.Who.Name != "zoe") {
			t.Errorf("signed in is %+v", e.Who)
		}
	}
	// An empty password was not handed on.
	if v.asked != 5 {
		t.Errorf("it was asked %d times", v.asked)
	}
	questions := []string{}
	if _, err := w.by("zoe", gossh.KeyboardInteractive(func(_, _ string, asked []string, echo []bool) ([]string, error) {
		if slices.Contains(echo, true) {
			t.Error("what is typed would be shown")
		}
		questions = append(questions, asked...)
		return []string{"right"}, nil
	})); err != nil || !slices.Equal(questions, []string{"Password: "}) {
		t.Errorf("asked %q: %v", questions, err)
	}
	if _, err := w.by("zoe", gossh.KeyboardInteractive(func(_, _ string, _ []string, _ []bool) ([]string, error) { return []string{""}, nil })); err == nil || w.refusedFor() != sshd.ReasonNoPassword {
		t.Errorf("an empty answer: %v", err)
	}
}

func TestNobodyGuessesPasswordsForLong(t *testing.T) {
	w, v, at := withPasswords(t, quick())
	guess := func(user, password string, want sshd.Reason) {
		t.Helper()
		if _, err := w.password(user, password); err == nil || w.refusedFor() != want {
			t.Fatalf("%s with %s: %v", user, password, err)
		}
	}
	if _, err := w.password("lin", "right"); err != nil { // who is known from this address from now on
		t.Fatal(err)
	}
	for range 4 {
		guess("zoe", "wrong", sshd.ReasonPassword)
	}
	asked := v.asked
	guess("zoe", "right", sshd.ReasonGuesses)
	guess("ZOE", "right", sshd.ReasonGuesses)
	if v.asked != asked {
		t.Errorf("the source was asked %d times more, and counts them", v.asked-asked)
	}
	// Nobody else is held up, and her key lets her in.
	if _, err := w.password("lin", "right"); err != nil {
		t.Error(err)
	}
	w.client("zoe")
	at.pass(9 * time.Minute)
	guess("zoe", "right", sshd.ReasonGuesses)
	at.pass(2 * time.Minute)
	if _, err := w.password("zoe", "right"); err != nil {
		t.Errorf("after a while: %v", err)
	}
	// Many names from one address are counted as well.
	for n := range 20 {
		if _, err := w.password("n"+itoa(n), "x"); err == nil {
			t.Fatal("is let in")
		}
	}
	for range 16 {
		w.refusedFor()
	}
}

// Strangers who guess do not keep the person out where they have signed in before.
func TestGuessesOfStrangersDoNotKeepThePersonOut(t *testing.T) {
	w, _, _ := withPasswords(t, quick())
	if _, err := w.password("zoe", "right"); err != nil {
		t.Fatal(err)
	}
	elsewhere := func(password string) error {
		conn, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}).DialContext(t.Context(), "tcp", w.address)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		config := w.config("zoe")
		config.Auth = []gossh.AuthMethod{gossh.Password(password)}
		_, _, _, err = gossh.NewClientConn(conn, w.address, config)
		return err
	}
	for n := range 6 {
		want := sshd.ReasonPassword
		if n >= 4 {
			want = sshd.ReasonGuesses
		}
		if err := elsewhere("wrong"); err == nil || w.refusedFor() != want {
			t.Fatalf("guess %d: %v", n, err)
		}
	}
	if _, err := w.password("zoe", "right"); err != nil {
		t.Errorf("zoe herself: %v", err)
	}
}

// A source that does not answer is not a wrong password.
func TestASourceThatDoesNotAnswerCountsNothing(t *testing.T) {
	w, v, _ := withPasswords(t, quick())
	v.change(func() { v.down = true })
	for range 10 {
		if _, err := w.password("zoe", "right"); err == nil || w.refusedFor() != sshd.ReasonUpstream {
			t.Fatal(err)
		}
	}
	v.change(func() { v.down = false })
	if _, err := w.password("zoe", "right"); err != nil {
		t.Error(err)
	}
}

// How long a refusal takes says nothing of whether somebody is known: it is told when the time for it has come.
func TestARefusalOfAPasswordTakesItsTime(t *testing.T) {
	g := quick()
	g.Answer = 100 * time.Millisecond
	w, _, _ := withPasswords(t, g)
	for _, user := range []string{"zoe", "nobody"} {
		began := time.Now()
		if _, err := w.password(user, "wrong"); err == nil || time.Since(began) < g.Answer {
			t.Errorf("%s: after %v: %v", user, time.Since(began), err)
		}
	}
}

// Without a source for them nothing asks for a password.
func TestPasswordsAreNotThereUnlessAskedFor(t *testing.T) {
	w := serve(t, generous(), echo)
	if _, err := w.password("zoe", "right"); err == nil || !strings.Contains(err.Error(), "attempted methods [none]") {
		t.Errorf("asked for: %v", err)
	}
	if _, err := sshd.New(sshd.Config{HostKeys: []gossh.Signer{newKey(t)}, Directory: &directory{}, Handler: echo, Now: time.Now, Passwords: &vault{}}); err == nil {
		t.Error("a server takes passwords without bounds")
	}
}

func TestOpenSSHComesInWithAPassword(t *testing.T) {
	v := &vault{right: "right"}
	p := openssh(t, generous(), echo, func(c *sshd.Config) { c.Passwords, c.Prompt, c.Guesses = v, "Password: ", quick() })
	v.change(func() { v.people = p.directory.people })
	script := p.path("askpass")
	for name, c := range map[string]struct {
		user, password, method string
		ok                     bool
	}{
		"password":                  {"zoe", "right", "password", true},
		"by a question":             {"zoe", "right", "keyboard-interactive", true},
		"wrong password":            {"lin", "wrong", "password", false},
		"wrong answer":              {"lin", "wrong", "keyboard-interactive", false},
		"no password":               {"lin", "", "password", false},
		"nobody's":                  {"mia", "right", "password", false},
		"of somebody who is barred": {"gone", "right", "password", false},
	} {
		if err := os.WriteFile(script, []byte("#!/bin/sh\necho '"+c.password+"'\n"), 0o700); err != nil { // #nosec G306 G703 -- it is run
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), p.ssh, "-F", "none", "-p", p.port, "-l", c.user, "-o", "PreferredAuthentications="+c.method, "-o", "NumberOfPasswordPrompts=1", // #nosec G204 -- the test's own words
			"-o", "UserKnownHostsFile="+p.path("known_hosts"), "-o", "StrictHostKeyChecking=accept-new", "127.0.0.1", "x")
		cmd.Env = append(os.Environ(), "SSH_ASKPASS="+script, "SSH_ASKPASS_REQUIRE=force")
		out, err := cmd.CombinedOutput()
		if ok := exit(err) == 1 && strings.Contains(string(out), c.user+": x"); ok != c.ok {
			t.Errorf("%s: %q (%v)", name, out, err)
		}
		// Whatever the reason, the same words.
		if !c.ok && !strings.Contains(string(out), "Permission denied (password,publickey,keyboard-interactive)") {
			t.Errorf("%s: it says %q", name, out)
		}
	}
	if said := p.log.take(); strings.Contains(said, "right") || strings.Contains(said, "=wrong") || !strings.Contains(said, "a password was refused") {
		t.Errorf("the log: %s", said)
	}
}
