package sshd_test

import (
	"crypto/rand"
	"errors"
	"io"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"reeve/tui/sshd"
)

// borrowed is somebody else's public key, offered by who does not have the private one.
type borrowed struct{ key gossh.PublicKey }

func (b borrowed) PublicKey() gossh.PublicKey { return b.key }

func (b borrowed) Sign(io.Reader, []byte) (*gossh.Signature, error) {
	return nil, errors.New("there is no private key")
}

func TestWhoHasTheKeyOfThePersonComesIn(t *testing.T) {
	w := serve(t, generous(), echo)
	s, err := w.client("zoe").NewSession()
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.Output(`member list -w 'sales dw'`)
	var exit *gossh.ExitError
	if !errors.As(err, &exit) || exit.ExitStatus() != 4 || string(out) != "zoe: member|list|-w|sales dw\n" {
		t.Errorf("answered %q (%v)", out, err)
	}
	if e := w.await(sshd.EventSignedIn); e.Who.Name != "zoe" || e.Who.Fingerprint != gossh.FingerprintSHA256(w.keys["zoe"].PublicKey()) {
		t.Errorf("signed in is %+v", e.Who)
	}
}

func TestNobodyElseDoes(t *testing.T) {
	w := serve(t, generous(), echo)
	for name, c := range map[string]struct {
		user string
		key  gossh.Signer
		want sshd.Reason
	}{
		"an unknown key":           {"zoe", newKey(t), sshd.ReasonUnknownKey},
		"the key of another":       {"zoe", w.keys["lin"], sshd.ReasonOtherUser},
		"an unknown user":          {"nobody", w.keys["lin"], sshd.ReasonUnknownUser},
		"no name":                  {"", w.keys["lin"], sshd.ReasonUnknownUser},
		"somebody who is disabled": {"gone", w.keys["gone"], sshd.ReasonDisabled},
	} {
		if _, err := w.dial(c.user, c.key); err == nil {
			t.Errorf("%s: is let in", name)
		} else if got := w.refusedFor(); got != c.want {
			t.Errorf("%s: refused for %s, want %s", name, got, c.want)
		}
	}
	none := w.config("zoe")
	none.Auth = nil
	if _, err := gossh.Dial("tcp", w.address, none); err == nil {
		t.Error("without a method somebody is let in")
	}
	password := w.config("zoe")
	password.Auth = []gossh.AuthMethod{gossh.Password("")}
	if _, err := gossh.Dial("tcp", w.address, password); err == nil {
		t.Error("with an empty password somebody is let in")
	}
}

// Offering a key proves nothing: who comes in is whose key was proven, whatever was offered and failed before.
func TestAKeyThatWasOnlyOfferedSaysNothing(t *testing.T) {
	w := serve(t, generous(), echo)
	zoes := borrowed{w.keys["zoe"].PublicKey()}
	if _, err := w.dial("zoe", zoes, w.keys["lin"]); err == nil {
		t.Error("lin comes in as zoe")
	}
	client, err := w.dial("lin", w.keys["zoe"], w.keys["lin"])
	if err != nil {
		t.Fatal(err)
	}
	s, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if out, err := s.Output(""); err != nil || string(out) != "lin: \n" {
		t.Errorf("is %q (%v)", out, err)
	}
}

func TestWhoIsDisabledMeanwhileIsRefusedTheNextTime(t *testing.T) {
	w := serve(t, generous(), echo)
	w.client("zoe")
	w.directory.mu.Lock()
	p := w.directory.people["zoe"]
	p.Barred = sshd.ReasonVanished
	w.directory.people["zoe"] = p
	w.directory.mu.Unlock()
	if _, err := w.dial("zoe", w.keys["zoe"]); err == nil || w.refusedFor() != sshd.ReasonVanished {
		t.Errorf("is let in, or for another reason: %v", err)
	}
}

// certified is a certificate of zoe's as change makes it, signed by an authority.
func (w *world) certified(by gossh.Signer, change func(*gossh.Certificate)) gossh.Signer {
	w.t.Helper()
	key := newKey(w.t)
	now := time.Now()
	cert := &gossh.Certificate{
		Key: key.PublicKey(), CertType: gossh.UserCert, KeyId: "zoe@laptop", ValidPrincipals: []string{"zoe"},
		Permissions: gossh.Permissions{Extensions: map[string]string{"permit-pty": ""}},
		ValidAfter:  uint64(now.Add(-time.Hour).Unix()), ValidBefore: uint64(now.Add(time.Hour).Unix()), // #nosec G115 -- after 1970
	}
	change(cert)
	if err := cert.SignCert(rand.Reader, by); err != nil {
		w.t.Fatal(err)
	}
	signer, err := gossh.NewCertSigner(cert, key)
	if err != nil {
		w.t.Fatal(err)
	}
	return signer
}

func TestCertificates(t *testing.T) {
	w := serve(t, generous(), echo)
	past, future := uint64(time.Now().Add(-time.Minute).Unix()), uint64(time.Now().Add(time.Minute).Unix()) // #nosec G115 -- after 1970
	for name, c := range map[string]struct {
		user   string
		by     gossh.Signer
		change func(*gossh.Certificate)
		want   sshd.Reason // empty for who comes in
	}{
		"as it should be":   {"zoe", w.authority, func(*gossh.Certificate) {}, ""},
		"from here":         {"zoe", w.authority, func(c *gossh.Certificate) { c.CriticalOptions = map[string]string{"source-address": "127.0.0.0/8"} }, ""},
		"from elsewhere":    {"zoe", w.authority, func(c *gossh.Certificate) { c.CriticalOptions = map[string]string{"source-address": "192.0.2.0/24"} }, sshd.ReasonElsewhere},
		"of a host":         {"zoe", w.authority, func(c *gossh.Certificate) { c.CertType = gossh.HostCert }, sshd.ReasonHostCert},
		"of an unknown one": {"zoe", newKey(t), func(*gossh.Certificate) {}, sshd.ReasonAuthority},
		"from one that is here": {"zoe", w.authority, func(c *gossh.Certificate) {
			c.CriticalOptions = map[string]string{"source-address": "192.0.2.1,127.0.0.1"}
		}, ""},
		"from what is no place": {"zoe", w.authority, func(c *gossh.Certificate) {
			c.CriticalOptions = map[string]string{"source-address": "127.0.0.0/8,here"}
		}, sshd.ReasonElsewhere},
		"over":                 {"zoe", w.authority, func(c *gossh.Certificate) { c.ValidBefore = past }, sshd.ReasonExpired},
		"not yet":              {"zoe", w.authority, func(c *gossh.Certificate) { c.ValidAfter = future }, sshd.ReasonNotYet},
		"for everybody":        {"zoe", w.authority, func(c *gossh.Certificate) { c.ValidPrincipals = nil }, sshd.ReasonNoPrincipals},
		"for another":          {"lin", w.authority, func(*gossh.Certificate) {}, sshd.ReasonPrincipal},
		"for nobody we know":   {"mia", w.authority, func(c *gossh.Certificate) { c.ValidPrincipals = []string{"mia"} }, sshd.ReasonUnknownUser},
		"for who is disabled":  {"gone", w.authority, func(c *gossh.Certificate) { c.ValidPrincipals = []string{"gone"} }, sshd.ReasonDisabled},
		"with an unknown wish": {"zoe", w.authority, func(c *gossh.Certificate) { c.CriticalOptions = map[string]string{"force-command": "x"} }, sshd.ReasonOption},
	} {
		client, err := w.dial(c.user, w.certified(c.by, c.change))
		if e, in := w.isZoe(name, client, err, c.want); in && (e.Who.Certificate != "zoe@laptop" || e.Who.Expires == 0) {
			t.Errorf("%s: signed in is %+v", name, e.Who)
		}
	}
}

func TestAServerThatNobodyCanUseIsNone(t *testing.T) {
	key := newKey(t)
	for name, c := range map[string]sshd.Config{
		"no host key":  {Directory: &directory{}, Handler: echo},
		"no directory": {HostKeys: []gossh.Signer{key}, Handler: echo},
		"no handler":   {HostKeys: []gossh.Signer{key}, Directory: &directory{}},
	} {
		if _, err := sshd.New(c); err == nil {
			t.Errorf("%s: it is made", name)
		}
	}
}
