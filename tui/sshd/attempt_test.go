package sshd

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"testing"
	"time"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"

	"reeve/core/access"
)

// two are alice and bob, with one key each.
type two struct{ alice, bob string }

func (d two) Keyholder(_ context.Context, fingerprint string) (Person, bool, error) {
	switch fingerprint {
	case d.alice:
		return Person{ID: 1, Name: "alice"}, true, nil
	case d.bob:
		return Person{ID: 2, Name: "bob"}, true, nil
	}
	return Person{}, false, nil
}

func (two) Named(_ context.Context, name string) (Person, bool, error) {
	id, ok := map[string]access.PrincipalID{"alice": 1, "bob": 2}[name]
	return Person{ID: id, Name: name}, ok, nil
}

// trying is a connection on which somebody tries a name.
type trying struct {
	gossh.ConnMetadata
	name string
}

func (c trying) User() string         { return c.name }
func (c trying) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

// onPipe is the context of a connection.
type onPipe struct {
	ssh.Context
	conn *counted
}

func (c onPipe) Value(any) any { return c.conn }

// trier is a server with one connection on which two people may try.
func trier(t *testing.T, people two) (*Server, *attempt, *counted) {
	t.Helper()
	s := &Server{config: Config{Directory: people, Now: time.Now, Limits: DefaultLimits(), Log: slog.New(slog.DiscardHandler)},
		door: newDoor(DefaultLimits(), time.Now), admissions: map[*counted]*connection{}}
	here, there := net.Pipe()
	conn := &counted{Conn: here}
	conn.leave = sync.OnceFunc(func() { s.closed(conn) })
	t.Cleanup(func() { _, _ = conn.Close(), there.Close() })
	if _, reason, _ := s.door.enter(here); reason != "" {
		t.Fatal(reason)
	}
	return s, &attempt{server: s, ctx: onPipe{conn: conn}}, conn
}

func newPublicKey(t *testing.T) gossh.PublicKey {
	t.Helper()
	public, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	k, err := gossh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// A client that goes while the directory is asked leaves nothing behind, and is not let in.
func TestWhoHasGoneIsNotLetIn(t *testing.T) {
	key := newPublicKey(t)
	s, a, conn := trier(t, two{alice: gossh.FingerprintSHA256(key)})
	offered, err := a.offered(trying{name: "alice"}, key)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	if _, err := a.proven(trying{name: "alice"}, key, offered, ""); !errors.Is(err, errGone) {
		t.Errorf("who has gone is let in: %v", err)
	}
	if len(s.admissions) != 0 || s.door.all != 0 {
		t.Errorf("%d admissions and %d connections are kept", len(s.admissions), s.door.all)
	}
}

// Names are anybody's to make up, so that those of an address which has guessed too often are not kept in mind.
func TestNamesOfWhoGuessesTooOftenAreNotKept(t *testing.T) {
	g := newGuesses(DefaultGuesses(), time.Now)
	for i := range 1000 {
		g.take(fmt.Sprint("name-", i), "192.0.2.1")
	}
	if most := DefaultGuesses().PerAddress + 1; len(g.by) > most {
		t.Errorf("%d are kept in mind, want %d", len(g.by), most)
	}
}

// Whoever tries one name and then another on one connection is who the last proof says, and nobody before it. No client does
// so; a library once kept the first name.
func TestANameThatWasTriedBeforeSaysNothing(t *testing.T) {
	alices, bobs := newPublicKey(t), newPublicKey(t)
	_, a, _ := trier(t, two{gossh.FingerprintSHA256(alices), gossh.FingerprintSHA256(bobs)})
	who := func(name string, k gossh.PublicKey) string {
		t.Helper()
		offered, err := a.offered(trying{name: name}, k)
		if err != nil {
			return ""
		}
		p, err := a.proven(trying{name: name}, k, offered, "")
		if err != nil {
			return ""
		}
		var i Identity
		if err := json.Unmarshal([]byte(p.Extensions[identityKey]), &i); err != nil {
			t.Fatal(err)
		}
		return i.Name
	}
	for i, c := range []struct {
		name string
		key  gossh.PublicKey
		want string
	}{{"alice", bobs, ""}, {"bob", bobs, "bob"}, {"bob", alices, ""}, {"alice", alices, "alice"}, {"bob", bobs, "bob"}, {"alice", bobs, ""}} {
		if got := who(c.name, c.key); got != c.want {
			t.Errorf("%d: as %s: is %q, want %q", i, c.name, got, c.want)
		}
	}
}
