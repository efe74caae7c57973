package ldap

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"reeve/core/directory"
	"reeve/core/directory/ldap/slapdtest"
	"reeve/core/fault"
)

// provable starts a server whose users u00000 and so on have passwords, and reads what it calls them.
func provable(t *testing.T, names ...string) (s slapdtest.Server, ids map[string]string) {
	t.Helper()
	s = slapdtest.Start(t, slapdtest.Options{Users: 4})
	for n := range 4 {
		s.Replace(slapdtest.DN(n), "userPassword", "secret of "+slapdtest.UID(n))
	}
	ids = map[string]string{}
	for _, e := range read(t, s.Settings(), nil).Users {
		ids[e.Name] = e.ID
	}
	for _, name := range names {
		if ids[name] == "" {
			t.Fatalf("%s is not read", name)
		}
	}
	return s, ids
}

func testClient() *Client {
	return New(func(name string) string {
		return map[string]string{"PW": slapdtest.RootPassword, "READER": "read only"}[name]
	}, time.Now)
}

func TestAPasswordIsProvenByItsOwner(t *testing.T) {
	s, ids := provable(t, slapdtest.UID(0), slapdtest.UID(1))
	plain, start, encrypted := s.Settings(), s.Settings(), s.Settings()
	start.Plaintext, start.StartTLS, start.CAFile = false, true, s.CA
	encrypted.Plaintext, encrypted.URL, encrypted.CAFile = false, s.Encrypted, s.CA
	narrow := s.Settings()
	narrow.UserFilter = "(&(objectClass=inetOrgPerson)(uid=" + slapdtest.UID(1) + "))"
	byName := s.Settings()
	byName.Attributes.ID = "uid"
	for name, c := range map[string]struct {
		in           directory.Settings
		id, password string
		want         bool
	}{
		"in the clear on this machine":      {plain, ids[slapdtest.UID(0)], "secret of u00000", true},
		"by StartTLS":                       {start, ids[slapdtest.UID(0)], "secret of u00000", true},
		"encrypted":                         {encrypted, ids[slapdtest.UID(1)], "secret of u00001", true},
		"the password of another":           {plain, ids[slapdtest.UID(0)], "secret of u00001", false},
		"the password of the reader":        {plain, ids[slapdtest.UID(0)], "read only", false},
		"no password":                       {plain, ids[slapdtest.UID(0)], "", false},
		"nobody's id":                       {plain, "00000000-0000-0000-0000-000000000000", "secret of u00000", false},
		"no id":                             {plain, "", "secret of u00000", false},
		"an id that is a filter":            {plain, "*)(uid=u00000", "secret of u00000", false},
		"any id":                            {plain, "*", "secret of u00000", false},
		"somebody the settings do not read": {narrow, ids[slapdtest.UID(0)], "secret of u00000", false},
		"somebody they do":                  {narrow, ids[slapdtest.UID(1)], "secret of u00001", true},
		"an id that is a name":              {byName, slapdtest.UID(1), "secret of u00001", true},
		"a name that is a pattern":          {byName, "u0000*", "secret of u00001", false},
	} {
		ok, err := testClient().Prove(t.Context(), c.in, c.id, c.password)
		if err != nil || ok != c.want {
			t.Errorf("%s: %v, %v", name, ok, err)
		}
	}
	// A name that somebody else has now, and somebody who went, prove nothing.
	s.Do(s.Admin.Del(goldap.NewDelRequest(slapdtest.DN(0), nil)))
	s.Add(0)
	s.Replace(slapdtest.DN(0), "userPassword", "secret of u00000")
	if ok, err := testClient().Prove(t.Context(), plain, ids[slapdtest.UID(0)], "secret of u00000"); ok || err != nil {
		t.Errorf("another entry of the same name: %v, %v", ok, err)
	}
}

func TestAPasswordIsNotSentWhereItCouldBeRead(t *testing.T) {
	c := testClient()
	for url, want := range map[string]bool{
		"ldap://127.0.0.1:1": true, "ldap://[::1]:1": true, "ldap://localhost:1": true, "ldap://192.0.2.1": false, "ldap://ldap.example.com": false,
		"ldap://127.0.0.1.example.com": false, "ldap://localhost.example.com": false,
	} {
		err := c.Provable(directory.Settings{URL: url, Plaintext: true})
		if (err == nil) != want {
			t.Errorf("%s: %v", url, err)
		}
		if err != nil {
			if ok, err := c.Prove(t.Context(), directory.Settings{URL: url, Plaintext: true}, "id", "secret"); ok || fault.KindOf(err) != fault.KindUnavailable {
				t.Errorf("%s: it is sent: %v, %v", url, ok, err)
			}
		}
		if err := c.Provable(directory.Settings{URL: url, StartTLS: true}); err != nil {
			t.Errorf("%s with StartTLS: %v", url, err)
		}
	}
	// A certificate that is not trusted keeps the password here.
	s, ids := provable(t)
	in := s.Settings()
	in.Plaintext, in.URL = false, s.Encrypted
	if ok, err := c.Prove(t.Context(), in, ids[slapdtest.UID(0)], "secret of u00000"); ok || fault.KindOf(err) != fault.KindUnavailable {
		t.Errorf("an unknown certificate: %v, %v", ok, err)
	}
}

// A server that takes connections and says nothing holds nobody up for longer than they wait.
func TestAServerThatSaysNothingIsNotWaitedFor(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	in := directory.Settings{Preset: directory.OpenLDAP, URL: "ldap://" + l.Addr().String(), Plaintext: true, BindDN: "cn=x", PasswordFrom: "env:PW", Base: "dc=x",
		UserFilter: "(a=*)", Attributes: directory.Attributes{ID: "entryUUID"}}
	if ok, err := testClient().Prove(ctx, in, "id", "secret"); ok || err == nil {
		t.Errorf("%v, %v", ok, err)
	}
	if err := ctx.Err(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it gave up before: %v", err)
	}
}

func TestIdentifiersAreWrittenAsTheServerHasThem(t *testing.T) {
	ad := directory.Settings{Preset: directory.ActiveDirectory, Attributes: directory.Attributes{ID: "objectGUID"}}
	if got := written(ad, "33221100-5544-7766-8899-aabbccddeeff"); len(got) != 1 || got[0] != "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff" {
		t.Errorf("a GUID: %q", got)
	}
	open := directory.Settings{Attributes: directory.Attributes{ID: "entryUUID"}}
	if got := written(open, "33221100-5544-7766-8899-aabbccddeeff"); strings.Join(got, " ") != "33221100-5544-7766-8899-aabbccddeeff" {
		t.Errorf("a UUID: %q", got)
	}
	if got := written(open, "0aff"); strings.Join(got, " ") != "0aff \x0a\xff" {
		t.Errorf("bytes: %q", got)
	}
}
