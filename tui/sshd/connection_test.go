package sshd_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"reeve/tui/sshd"
)

// stuck is a command that waits for what its client never sends, and says why it did not come.
func stuck(_ context.Context, s *sshd.Session) int {
	_, _ = io.Copy(io.Discard, s)
	return map[sshd.Cause]int{sshd.EndedByTotal: 4, sshd.EndedByExpiry: 5, sshd.EndedByRevoking: 7}[s.EndedBy()]
}

// begins starts a command to which nothing is sent.
func begins(t *testing.T, client *gossh.Client) *gossh.Session {
	t.Helper()
	s, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := s.Start("x"); err != nil {
		t.Fatal(err)
	}
	return s
}

// opens says whether a connection still takes a command.
func opens(client *gossh.Client) bool {
	s, err := client.NewSession()
	if err != nil {
		return false
	}
	_, err = s.Output("x")
	var exit *gossh.ExitError
	return err == nil || errors.As(err, &exit)
}

// closes waits until the server has closed a connection.
func closes(t *testing.T, client *gossh.Client) {
	t.Helper()
	closed := make(chan struct{})
	go func() { _ = client.Wait(); close(closed) }()
	select {
	case <-closed:
	case <-time.After(patient):
		t.Fatal("the connection stays open")
	}
}

// revoked are ways in which somebody who has signed in could not do so any more.
func revoked() map[string]func(*world) {
	return map[string]func(*world){
		"their key is removed":         func(w *world) { delete(w.directory.keys, gossh.FingerprintSHA256(w.keys["zoe"].PublicKey())) },
		"their key is somebody else's": func(w *world) { w.directory.keys[gossh.FingerprintSHA256(w.keys["zoe"].PublicKey())] = "lin" },
		"they are disabled": func(w *world) {
			p := w.directory.people["zoe"]
			p.Barred = sshd.ReasonDisabled
			w.directory.people["zoe"] = p
		},
		"they are somebody else by name": func(w *world) { p := w.directory.people["zoe"]; p.ID = 99; w.directory.people["zoe"] = p },
	}
}

func (w *world) revoke(how func(*world)) {
	w.directory.mu.Lock()
	defer w.directory.mu.Unlock()
	how(w)
}

func TestAConnectionTakesNothingMoreOfWhoCouldNotSignIn(t *testing.T) {
	for name, how := range revoked() {
		t.Run(name, func(t *testing.T) {
			w := serve(t, generous(), echo)
			client, other := w.client("zoe"), w.client("lin")
			if !opens(client) {
				t.Fatal("nothing is taken before")
			}
			w.revoke(how)
			if opens(client) {
				t.Error("a command is taken")
			}
			closes(t, client)
			if !opens(other) {
				t.Error("others are refused too")
			}
		})
	}
}

func TestWhatIsOpenEndsWhenItsPersonCouldNotSignIn(t *testing.T) {
	for name, how := range revoked() {
		t.Run(name, func(t *testing.T) {
			w := serve(t, generous(), func(ctx context.Context, s *sshd.Session) int {
				if s.Terminal() {
					return console(ctx, s)
				}
				return stuck(ctx, s)
			})
			client, bare, other := w.client("zoe"), w.client("zoe"), w.client("lin")
			x, y := w.console(client, 80, 24), w.console(other, 80, 24)
			x.shows("[80x24]")
			y.shows("[80x24]")
			command := begins(t, w.client("zoe"))
			for range 3 {
				w.await(sshd.EventSignedIn)
			}
			w.revoke(how)
			w.server.Recheck(t.Context())
			if code := ends(t, x.Session); code != 7 {
				t.Errorf("the console ends with %d", code)
			}
			closes(t, bare)
			if code := ends(t, command); code != 7 {
				t.Errorf("the command ends with %d", code)
			}
			if _, err := io.WriteString(y.keys, "q"); err != nil {
				t.Fatal(err)
			}
			if code := ends(t, y.Session); code != 0 {
				t.Errorf("somebody else's console ends with %d", code)
			}
		})
	}
}

func TestACertificateThatHasEndedServesNothing(t *testing.T) {
	w := serve(t, generous(), stuck)
	client, err := w.dial("zoe", w.certified(w.authority, func(c *gossh.Certificate) {
		c.ValidBefore = uint64(time.Now().Add(2 * time.Second).Unix()) // #nosec G115 -- after 1970
	}))
	if err != nil {
		t.Fatal(err)
	}
	if code := ends(t, begins(t, client)); code != 5 {
		t.Errorf("the command ends with %d", code)
	}
	closes(t, client)
}

func TestACommandLastsNoLongerThanASessionMay(t *testing.T) {
	l := generous()
	l.Total = time.Second // and a connection as old takes no session
	w := serve(t, l, stuck)
	client := w.client("zoe")
	if code := ends(t, begins(t, client)); code != 4 {
		t.Errorf("the command ends with %d", code)
	}
	if opens(client) {
		t.Error("a connection as old takes another")
	}
}

func TestACommandOnATerminalIsInterrupted(t *testing.T) {
	w := serve(t, generous(), func(ctx context.Context, s *sshd.Session) int {
		s.Interruptible()
		<-ctx.Done()
		return map[sshd.Cause]int{sshd.EndedByKey: 9}[s.EndedBy()]
	})
	s, err := w.client("zoe").NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.RequestPty("xterm", 24, 80, nil); err != nil {
		t.Fatal(err)
	}
	keys, err := s.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start("x"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(keys, "yes\r\x03"); err != nil {
		t.Fatal(err)
	}
	if code := ends(t, s); code != 9 {
		t.Errorf("it ends with %d", code)
	}
}

func TestAConnectionOnWhichNothingIsAskedIsClosed(t *testing.T) {
	l := generous()
	l.Idle = 50 * time.Millisecond
	w := serve(t, l, echo)
	closes(t, w.client("zoe"))
}

func TestACertificateGivesATerminalWhereItSaysSo(t *testing.T) {
	w := serve(t, generous(), echo)
	client, err := w.dial("zoe", w.certified(w.authority, func(c *gossh.Certificate) { c.Extensions = nil }))
	if err != nil {
		t.Fatal(err)
	}
	s, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.RequestPty("xterm", 24, 80, nil); err == nil {
		t.Error("there is a terminal")
	}
	if out, err := s.Output(""); err != nil || string(out) != "zoe: \n" {
		t.Errorf("a command says %q (%v)", out, err)
	}
}

func TestAWindowWithoutASizeHasTheUsualOne(t *testing.T) {
	w := serve(t, generous(), console)
	x := w.console(w.client("zoe"), 0, 0)
	x.shows("[80x24]")
}

func TestALineThatCannotBeSplitIsSaid(t *testing.T) {
	w := serve(t, generous(), func(_ context.Context, s *sshd.Session) int {
		if s.Malformed == nil {
			return 0
		}
		return 8
	})
	s, err := w.client("zoe").NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start("member 'list"); err != nil {
		t.Fatal(err)
	}
	if code := ends(t, s); code != 8 {
		t.Errorf("ends with %d", code)
	}
}
