package sshd

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"net"
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

// noContext is the context of a connection of which nothing is kept.
type noContext struct{ ssh.Context }

func (noContext) Value(any) any { return nil }

// Whoever tries one name and then another on one connection is who the last proof says, and nobody before it. No client does
// so; a library once kept the first name.
func TestANameThatWasTriedBeforeSaysNothing(t *testing.T) {
	key := func() gossh.PublicKey {
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
	alices, bobs := key(), key()
	s := &Server{config: Config{Directory: two{gossh.FingerprintSHA256(alices), gossh.FingerprintSHA256(bobs)}, Now: time.Now}}
	a := &attempt{server: s, ctx: noContext{}}
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
