package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	goldap "github.com/go-ldap/ldap/v3"

	"reeve/core/directory/ldap/slapdtest"
)

// withPassword runs OpenSSH's client, which is told a password, and returns what it printed and whether it came in.
func (s *serverBench) withPassword(user, password string, command ...string) (string, error) {
	s.t.Helper()
	ssh, err := exec.LookPath("ssh")
	if err != nil {
		s.t.Skip("OpenSSH's client is not installed")
	}
	script := filepath.Join(s.folder, "askpass")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho '"+password+"'\n"), 0o700); err != nil { // #nosec G306 -- it is run
		s.t.Fatal(err)
	}
	args := append([]string{"-F", "none", "-p", s.port, "-l", user, "-o", "NumberOfPasswordPrompts=1", "-o", "PreferredAuthentications=password", "-o", "LogLevel=ERROR",
		"-o", "UserKnownHostsFile=" + filepath.Join(s.folder, "hosts"), "-o", "StrictHostKeyChecking=accept-new", "127.0.0.1"}, command...)
	cmd := exec.CommandContext(s.t.Context(), ssh, args...) // #nosec G204 -- the test's own words
	cmd.Env = append(os.Environ(), "SSH_ASKPASS="+script, "SSH_ASKPASS_REQUIRE=force")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// People of a directory source sign in with the passwords that the source knows, on a server on which nobody has a key.
func TestPeopleOfASourceSignInWithTheirPasswords(t *testing.T) {
	const canary = "canary-7f3a9c"
	slapd := slapdtest.Start(t, slapdtest.Options{Users: 3})
	for n := range 3 {
		slapd.Replace(slapdtest.DN(n), "userPassword", canary+slapdtest.UID(n))
	}
	b := newTenant(t)
	b.env = map[string]string{"CORP": slapdtest.RootPassword}
	b.must("directory", "source", "add", "corp", "--url", slapd.Plain, "--plaintext", "--base", slapdtest.People, "--bind-dn", slapdtest.RootDN, "--password-from", "env:CORP")
	b.must("directory", "source", "add", "far", "--url", "ldap://ldap.example.com", "--plaintext", "--base", "dc=x", "--bind-dn", "cn=x", "--password-from", "env:CORP")
	b.must("directory", "sync", "corp", "--yes")
	b.fails(exitFailed, []string{"no user has a key"}, "serve", "--listen", "127.0.0.1:0")
	b.fails(exitNotFound, []string{"crop", "corp"}, "serve", "--listen", "127.0.0.1:0", "--password-from", "crop")
	b.fails(exitFailed, []string{"readable", "--start-tls"}, "serve", "--listen", "127.0.0.1:0", "--password-from", "far")
	s := b.serve(nil, "--password-from", "corp", "--log", "json")
	first := slapdtest.UID(0)
	if out, err := s.withPassword(first, canary+first, "session", "list", "-o", "json"); err != nil {
		t.Errorf("the right password: %s (%v)", out, err)
	}
	for name, c := range map[string]struct{ user, password string }{
		"a wrong one":                {slapdtest.UID(1), "wrong"},
		"none":                       {slapdtest.UID(1), ""},
		"that of another":            {slapdtest.UID(1), canary + first},
		"the reader's":               {slapdtest.UID(1), slapdtest.RootPassword},
		"somebody who was made here": {"zoe", canary + first},
		"nobody":                     {"nobody", canary + first},
		"the reader":                 {"admin", slapdtest.RootPassword},
	} {
		if out, err := s.withPassword(c.user, c.password, "version"); err == nil || !strings.Contains(out, "Permission denied (password,publickey,keyboard-interactive)") {
			t.Errorf("%s: %s (%v)", name, out, err)
		}
	}
	// Who is disabled here does not come in with a password that is right, nor who went from the source.
	b.must("user", "disable", slapdtest.UID(2))
	if out, err := s.withPassword(slapdtest.UID(2), canary+slapdtest.UID(2), "version"); err == nil {
		t.Errorf("who is disabled: %s", out)
	}
	slapd.Do(slapd.Admin.Del(goldap.NewDelRequest(slapdtest.DN(0), nil)))
	if out, err := s.withPassword(first, canary+first, "version"); err == nil {
		t.Errorf("who went: %s", out)
	}
	signed := b.list("audit", "list", "--what", "session.begin")
	if len(signed) != 1 {
		t.Fatalf("the audit has %v", signed)
	}
	if e := b.one("audit", "show", column(signed, "id")); !strings.Contains(written(e["after"]), `"source":"corp"`) {
		t.Errorf("signing in is kept as %v", written(e["after"]))
	}
	log := s.log.String()
	for _, reason := range []string{"password_wrong", "password_empty", "password_of_no_source", `"source":"corp"`, `"reason":"disabled"`} {
		if !strings.Contains(log, reason) {
			t.Errorf("the log has no %s: %s", reason, log)
		}
	}
	if code := s.stop(); code != exitDone {
		t.Errorf("the server ends with %d", code)
	}
	// The passwords are nowhere.
	if strings.Contains(log, canary) || strings.Contains(log, slapdtest.RootPassword) {
		t.Errorf("the log has a password: %s", log)
	}
	files, err := filepath.Glob(b.db + "*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file) // #nosec G304 -- a file of the test
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(canary)) {
			t.Errorf("%s has a password", file)
		}
	}
}
