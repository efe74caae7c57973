package sshd_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"reeve/tui/sshd"
)

// tool is a program of the machine that a test needs. Where everything has to be there, its absence fails the test.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return path
	case os.Getenv("CI") != "":
		t.Fatalf("there is no %s", name)
	}
	t.Skipf("there is no %s", name)
	return ""
}

// person is a folder with keys that OpenSSH made, and its client.
type person struct {
	*world
	t                 *testing.T
	folder            string
	ssh, keygen, port string
	log               *noted
}

// noted is a log that can be read while it is written.
type noted struct {
	mu   sync.Mutex
	said bytes.Buffer
}

func (n *noted) Write(b []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.said.Write(b)
}

func (n *noted) take() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	defer n.said.Reset()
	return n.said.String()
}

// logs waits for the log to say that somebody was not let in, and compares the reasons of the attempts that were refused, in order.
func (p *person) logs(name string, want ...sshd.Reason) {
	p.t.Helper()
	said := ""
	for begun := time.Now(); !strings.Contains(said, "not let in"); said += p.log.take() {
		if time.Since(begun) > patient {
			p.t.Fatalf("%s: nobody was refused: %s", name, said)
		}
	}
	var got []sshd.Reason
	for _, m := range regexp.MustCompile(`a key was refused.* reason=(\S+)`).FindAllStringSubmatch(said, -1) {
		got = append(got, sshd.Reason(m[1]))
	}
	if !slices.Equal(got, want) {
		p.t.Errorf("%s: refused for %v, want %v", name, got, want)
	}
}

// openssh is a server that knows the keys of zoe and lin, made by OpenSSH as the keys of its authority are.
func openssh(t *testing.T, limits sshd.Limits, handler sshd.Handler, changes ...func(*sshd.Config)) *person {
	t.Helper()
	p := &person{t: t, folder: t.TempDir(), ssh: tool(t, "ssh"), keygen: tool(t, "ssh-keygen")}
	for _, name := range []string{"ca", "other_ca", "zoe", "lin", "stranger"} {
		p.make("-q", "-t", "ed25519", "-N", "", "-C", name, "-f", p.path(name))
	}
	authority := p.public("ca")
	p.log = &noted{}
	p.world = serve(t, limits, handler, append([]func(*sshd.Config){func(c *sshd.Config) {
		c.Authorities = []gossh.PublicKey{authority}
		c.Log = slog.New(slog.NewTextHandler(p.log, nil))
		c.Explain = func(r sshd.Reason) string { return "explained: " + string(r) }
	}}, changes...)...)
	for _, name := range []string{"zoe", "lin"} {
		p.directory.mu.Lock()
		p.directory.keys[gossh.FingerprintSHA256(p.public(name))] = name
		p.directory.mu.Unlock()
	}
	_, p.port, _ = net.SplitHostPort(p.address)
	return p
}

func (p *person) path(name string) string { return filepath.Join(p.folder, name) }

func (p *person) make(args ...string) {
	p.t.Helper()
	if out, err := exec.CommandContext(p.t.Context(), p.keygen, args...).CombinedOutput(); err != nil { // #nosec G204 -- the test's own words
		p.t.Fatalf("ssh-keygen %v: %v\n%s", args, err, out)
	}
}

func (p *person) public(name string) gossh.PublicKey {
	p.t.Helper()
	data, err := os.ReadFile(p.path(name + ".pub"))
	if err != nil {
		p.t.Fatal(err)
	}
	key, _, _, _, err := gossh.ParseAuthorizedKey(data)
	if err != nil {
		p.t.Fatal(err)
	}
	return key
}

// certify makes a key with a certificate of it; how is what ssh-keygen is told of it.
func (p *person) certify(name, authority string, how ...string) {
	p.t.Helper()
	p.make("-q", "-t", "ed25519", "-N", "", "-f", p.path(name))
	p.make(append(append([]string{"-q", "-s", p.path(authority), "-I", name}, how...), p.path(name+".pub"))...)
}

// run runs OpenSSH's client, with no key but those that are named, and returns all it says.
func (p *person) run(user string, options []string, command ...string) (string, error) {
	p.t.Helper()
	args := append([]string{"-F", "none", "-p", p.port, "-l", user, "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes",
		"-o", "UserKnownHostsFile=" + p.path("known_hosts"), "-o", "StrictHostKeyChecking=accept-new", "-o", "LogLevel=INFO"}, options...)
	out, err := exec.CommandContext(p.t.Context(), p.ssh, append(append(args, "127.0.0.1"), command...)...).CombinedOutput() // #nosec G204 -- the test's own words
	return string(out), err
}

// exit is the exit code of a command; 255 is the client's own for a sign-in that failed.
func exit(err error) int {
	var e *exec.ExitError
	if errors.As(err, &e) {
		return e.ExitCode()
	}
	if err != nil {
		return -1
	}
	return 0
}

func TestOpenSSHComesInWithTheKeyOfThePersonAlone(t *testing.T) {
	p := openssh(t, generous(), echo)
	key := func(names ...string) (options []string) {
		for _, name := range names {
			options = append(options, "-i", p.path(name))
		}
		return options
	}
	if out, err := p.run("zoe", key("zoe"), "member", "list"); exit(err) != 2 || !strings.Contains(out, "zoe: member|list") {
		t.Errorf("with her own key: %q (%v)", out, err)
	}
	// Only the public part of zoe's key is there: it can be offered, and not proven.
	data, err := os.ReadFile(p.path("zoe.pub"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p.path("offered.pub"), data, 0o600); err != nil { // #nosec G703 -- a folder of the test
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		user    string
		options []string
		want    sshd.Reason
	}{
		"the name of another":          {"lin", key("zoe"), sshd.ReasonOtherUser},
		"the key of another":           {"zoe", key("lin"), sshd.ReasonOtherUser},
		"a key that is only offered":   {"zoe", key("offered.pub"), sshd.ReasonNoMethod},
		"offered, then the own":        {"zoe", key("offered.pub", "lin"), sshd.ReasonOtherUser},
		"an unknown key":               {"zoe", key("stranger"), sshd.ReasonUnknownKey},
		"no method":                    {"zoe", []string{"-o", "PreferredAuthentications=none"}, sshd.ReasonNoMethod},
		"a password, which nobody has": {"zoe", []string{"-o", "PreferredAuthentications=password"}, sshd.ReasonNoMethod},
		"the machine's word":           {"zoe", []string{"-o", "PreferredAuthentications=hostbased", "-o", "HostbasedAuthentication=yes"}, sshd.ReasonNoMethod},
	} {
		out, err := p.run(c.user, c.options, "version")
		if exit(err) != 255 || strings.Contains(out, ": version") {
			t.Errorf("%s: %q (%v)", name, out, err)
			continue
		}
		// The client says what could be done; the server says no more to a stranger than that.
		if strings.Contains(out, "explained") || c.user == "zoe" && !strings.Contains(out, "Permission denied (publickey)") {
			t.Errorf("%s: it says %q", name, out)
		}
		if got := p.refusedFor(); got != c.want {
			t.Errorf("%s: refused for %s, want %s", name, got, c.want)
		}
	}
	// Offered and not proven, a key of zoe makes nobody zoe.
	if out, err := p.run("lin", key("offered.pub", "lin"), "x"); exit(err) != 1 || !strings.Contains(out, "lin: x") {
		t.Errorf("lin, who offers the key of zoe: %q (%v)", out, err)
	}
}

func TestOpenSSHAndCertificates(t *testing.T) {
	p := openssh(t, generous(), echo)
	for name, c := range map[string]struct {
		user, authority string
		how             []string
		want            sshd.Reason // empty for who comes in
	}{
		"good":           {"zoe", "ca", []string{"-n", "zoe", "-V", "-1h:+1h"}, ""},
		"several_names":  {"zoe", "ca", []string{"-n", "bo,zoe", "-V", "-1h:+1h"}, ""},
		"here":           {"zoe", "ca", []string{"-n", "zoe", "-O", "source-address=127.0.0.1/32"}, ""},
		"forever":        {"zoe", "ca", []string{"-n", "zoe"}, ""},
		"elsewhere":      {"zoe", "ca", []string{"-n", "zoe", "-O", "source-address=192.0.2.0/24"}, sshd.ReasonElsewhere},
		"of_a_host":      {"zoe", "ca", []string{"-h", "-n", "zoe", "-V", "-1h:+1h"}, sshd.ReasonHostCert},
		"over":           {"zoe", "ca", []string{"-n", "zoe", "-V", "-2h:-1h"}, sshd.ReasonExpired},
		"not_yet":        {"zoe", "ca", []string{"-n", "zoe", "-V", "+1h:+2h"}, sshd.ReasonNotYet},
		"of_another":     {"zoe", "ca", []string{"-n", "lin", "-V", "-1h:+1h"}, sshd.ReasonPrincipal},
		"for_everybody":  {"zoe", "ca", []string{"-V", "-1h:+1h"}, sshd.ReasonNoPrincipals},
		"by_a_stranger":  {"zoe", "other_ca", []string{"-n", "zoe", "-V", "-1h:+1h"}, sshd.ReasonAuthority},
		"with_a_command": {"zoe", "ca", []string{"-n", "zoe", "-O", "force-command=id"}, sshd.ReasonOption},
		"to_be_watched":  {"zoe", "ca", []string{"-n", "zoe", "-O", "verify-required"}, sshd.ReasonOption},
		"of_who_is_gone": {"gone", "ca", []string{"-n", "gone", "-V", "-1h:+1h"}, sshd.ReasonDisabled},
		"of_nobody":      {"mia", "ca", []string{"-n", "mia", "-V", "-1h:+1h"}, sshd.ReasonUnknownUser},
	} {
		p.certify(name, c.authority, c.how...)
		p.log.take()
		out, err := p.run(c.user, []string{"-i", p.path(name)}, "x") // the key alone is offered first, and then with the certificate beside it
		if c.want == "" {
			if exit(err) != 1 || !strings.Contains(out, "zoe: x") {
				t.Errorf("%s: %q (%v)", name, out, err)
			}
			continue
		}
		if exit(err) != 255 || strings.Contains(out, c.user+": x") {
			t.Errorf("%s: is let in: %q", name, out)
			continue
		}
		if c.want == sshd.ReasonHostCert { // the client sees it itself, and offers the key alone
			p.logs(name, sshd.ReasonUnknownKey)
			continue
		}
		p.logs(name, sshd.ReasonUnknownKey, c.want)
		// Its holder reads what is wrong with a certificate, and nothing of who is known here.
		if told := strings.Contains(out, "explained: "+string(c.want)); told != strings.HasPrefix(string(c.want), "certificate_") {
			t.Errorf("%s: it says %q", name, out)
		}
	}
	// A certificate that has ended keeps nobody out who also has a key.
	p.certify("late", "ca", "-n", "zoe", "-V", "-2h:-1h")
	if out, err := p.run("zoe", []string{"-i", p.path("late"), "-i", p.path("zoe")}, "x"); exit(err) != 1 || !strings.Contains(out, "zoe: x") || strings.Count(out, "explained") != 1 {
		t.Errorf("a certificate that has ended, and a key: %q (%v)", out, err)
	}
}

// Connections that say nothing, that say who they are and no more, and that never prove anything keep OpenSSH's client out no more
// than a quiet server.
func TestOpenSSHComesInPastHalfOpenConnections(t *testing.T) {
	p := openssh(t, sshd.DefaultLimits(), echo)
	hold, released := context.WithCancel(t.Context())
	defer released()
	for n := range 100 {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", p.address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		switch n % 3 {
		case 1:
			if _, err := io.WriteString(conn, "SSH-2.0-half\r\n"); err != nil {
				t.Fatal(err)
			}
		case 2: // past the key exchange, and asked for a key for ever
			config := p.config("zoe")
			config.Auth = []gossh.AuthMethod{gossh.PublicKeysCallback(func() ([]gossh.Signer, error) {
				<-hold.Done()
				return nil, hold.Err()
			})}
			go func() { _, _, _, _ = gossh.NewClientConn(conn, p.address, config) }() //nolint:dogsled // it comes to nothing
		}
	}
	for range 3 {
		if out, err := p.run("zoe", []string{"-i", p.path("zoe")}, "x"); exit(err) != 1 {
			t.Errorf("%q (%v)", out, err)
		}
	}
}

// What OpenSSH's client can ask to be forwarded, or handed over, is not there.
func TestOpenSSHIsForwardedNothing(t *testing.T) {
	p := openssh(t, generous(), echo)
	key := []string{"-i", p.path("zoe")}
	for name, c := range map[string]struct {
		options []string
		command []string
		want    string
	}{
		"the other side of a connection": {append(key, "-W", "127.0.0.1:1"), nil, "open failed"},
		"a port of the server":           {append(key, "-R", "127.0.0.1:0:127.0.0.1:1", "-o", "ExitOnForwardFailure=yes", "-N"), nil, "forwarding failed"},
		"a subsystem":                    {append(key, "-s"), []string{"sftp"}, "subsystem request failed"},
		"an agent and X11":               {append(key, "-A", "-X", "-v"), []string{"x"}, "zoe: x"},
	} {
		out, err := p.run("zoe", c.options, c.command...)
		if !strings.Contains(out, c.want) || c.want != "zoe: x" && exit(err) != 255 {
			t.Errorf("%s: %q (%v)", name, out, err)
		}
	}
	if sftp, err := exec.LookPath("sftp"); err == nil {
		out, err := exec.CommandContext(t.Context(), sftp, "-F", "none", "-P", p.port, "-o", "User=zoe", "-i", p.path("zoe"), "-o", "BatchMode=yes", // #nosec G204 -- the test's own words
			"-o", "IdentityAgent=none", "-o", "UserKnownHostsFile="+p.path("known_hosts"), "127.0.0.1:/etc/passwd", p.path("stolen")).CombinedOutput()
		if _, there := os.Stat(p.path("stolen")); err == nil || there == nil {
			t.Errorf("a file is handed over: %s", out)
		}
	}
}

// ssh-audit looks for what an SSH server should not offer. Its version of 2021 does not know two names that are newer.
func TestTheAuditorFindsNothing(t *testing.T) {
	audit := tool(t, "ssh-audit")
	p := openssh(t, generous(), echo)
	out, err := exec.CommandContext(t.Context(), audit, "-n", "-p", p.port, "127.0.0.1").CombinedOutput() // #nosec G204 -- the test's own words
	if exit(err) < 0 || exit(err) == 1 || !strings.Contains(string(out), "(kex)") {
		t.Fatalf("ssh-audit: %v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		switch {
		case strings.Contains(line, "[fail]"), strings.HasPrefix(line, "(rec) -"):
			t.Error(strings.TrimSpace(line))
		case strings.Contains(line, "[warn]") && !strings.Contains(line, "unknown algorithm"):
			t.Error(strings.TrimSpace(line))
		}
	}
	if !strings.Contains(string(out), "kex-strict-s-v00@openssh.com") {
		t.Error("the strict key exchange is not offered")
	}
	if t.Failed() {
		t.Logf("%s", out)
	}
}
