package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"io"
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

	"github.com/spf13/cobra"
	gossh "golang.org/x/crypto/ssh"

	"reeve/core/fault"
	"reeve/tui/sshd"
)

// watched is what a server says, readable while it says it.
type watched struct {
	mu   sync.Mutex
	said bytes.Buffer
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.said.Write(p)
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.said.String()
}

// serverBench is a server on the database of a bench, and a folder with the private keys of its people.
type serverBench struct {
	*bench
	folder, address, port string
	log                   *watched
	stop                  func() int
}

const patience = 30 * time.Second

// serve gives people keys and starts a server that is stopped with the test.
func (b *bench) serve(people []string, flags ...string) *serverBench {
	b.t.Helper()
	s := &serverBench{bench: b, folder: b.t.TempDir(), log: &watched{}}
	for _, name := range people {
		b.must("user", "key", "add", name, "--key", s.key(name))
	}
	ctx, cancel := context.WithCancel(context.Background())
	code := make(chan int, 1)
	env := b.environ()
	env.Now = time.Now // a server looks at certificates by the time of the machine
	var mu sync.Mutex
	b.servers++
	prefix, ids := strings.Repeat("next-", b.servers-1), 0
	env.ID = func() string {
		mu.Lock()
		defer mu.Unlock()
		ids++
		return fmt.Sprintf("%sserved-%d", prefix, ids)
	}
	go func() {
		code <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0", "--drain", "5s"}, flags...), strings.NewReader(""), io.Discard, s.log, env)
	}()
	s.stop = sync.OnceValue(func() int {
		cancel()
		select {
		case c := <-code:
			return c
		case <-time.After(patience):
			b.t.Error("the server does not stop")
			return -1
		}
	})
	b.t.Cleanup(func() { s.stop() })
	at := regexp.MustCompile(`Serving on (\S+)\.`)
	if slices.Contains(flags, listenNone) {
		at = regexp.MustCompile(`API as http://(\S+)\.`)
	}
	for begun := time.Now(); s.address == ""; {
		if m := at.FindStringSubmatch(s.log.String()); m != nil {
			s.address = m[1]
			break
		}
		if time.Since(begun) > patience || len(code) > 0 {
			b.t.Fatalf("it does not serve: %s", s.log.String())
		}
	}
	_, s.port, _ = net.SplitHostPort(s.address)
	return s
}

// key makes a key and returns its public line; the private one is kept under the name.
func (s *serverBench) key(name string) string {
	s.t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	block, err := gossh.MarshalPrivateKey(private, "")
	if err != nil {
		s.t.Fatal(err)
	}
	write(s.t, filepath.Join(s.folder, name), pem.EncodeToMemory(block))
	if err := os.Chmod(filepath.Join(s.folder, name), 0o600); err != nil {
		s.t.Fatal(err)
	}
	line, err := gossh.NewPublicKey(public)
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.TrimSpace(string(gossh.MarshalAuthorizedKey(line)))
}

// connect signs somebody in by the library's client, with their key.
func (s *serverBench) connect(user string) (*gossh.Client, error) {
	s.t.Helper()
	data, err := os.ReadFile(filepath.Join(s.folder, user)) // #nosec G304 -- a folder of the test's own
	if err != nil {
		s.t.Fatal(err)
	}
	key, err := gossh.ParsePrivateKey(data)
	if err != nil {
		s.t.Fatal(err)
	}
	return gossh.Dial("tcp", s.address, &gossh.ClientConfig{User: user, Auth: []gossh.AuthMethod{gossh.PublicKeys(key)},
		HostKeyCallback: gossh.InsecureIgnoreHostKey(), Timeout: patience}) // #nosec G106 -- a server of the test's own
}

// remotely runs a command over SSH by the library's client.
func (s *serverBench) remotely(user, stdin, line string) outcome {
	s.t.Helper()
	client, err := s.connect(user)
	if err != nil {
		return outcome{code: 255, errors: err.Error()}
	}
	defer func() { _ = client.Close() }()
	session, err := client.NewSession()
	if err != nil {
		s.t.Fatal(err)
	}
	var out, errs bytes.Buffer
	session.Stdout, session.Stderr, session.Stdin = &out, &errs, strings.NewReader(stdin)
	code := 0
	if err := session.Run(line); err != nil {
		exit, ok := err.(*gossh.ExitError) //nolint:errorlint // the library returns it as it is
		if !ok {
			s.t.Fatalf("%s: %v", line, err)
		}
		code = exit.ExitStatus()
	}
	return outcome{code, out.String(), errs.String()}
}

func TestCommandsOverSSHAreThoseOfTheMachine(t *testing.T) {
	s := newTenant(t).serve([]string{"zoe", "bo"})
	if here, there := s.must("role", "list", "-w", "sales_dw", "-o", "json", "--as", "zoe"), s.remotely("zoe", "", "role list -w sales_dw -o json"); there.code != exitDone || here != there.out {
		t.Errorf("here %s\nthere %+v", here, there)
	}
	if o := s.remotely("zoe", "user,roles\nbo,develop\n", "member import - -w sales_dw"); o.code != exitDone {
		t.Errorf("importing what comes through the connection: %+v", o)
	}
	if o := s.remotely("zoe", "", "role create 'Night shift' --set data-studio=read -w sales_dw"); o.code != exitDone {
		t.Errorf("a name in quotes: %+v", o)
	}
	if o := s.remotely("bo", "", "role create other --set data-studio=read -w sales_dw"); o.code != exitDenied {
		t.Errorf("what bo may not do: %+v", o)
	}
	entries := s.list("audit", "list")
	if column(entries[:1], "action") != "role.create" || column(entries[:1], "outcome") != "denied" || column(entries[:1], "address") == "" || column(entries[:1], "actor") != "bo" {
		t.Errorf("the audit ends with %v", entries[0])
	}
	signed := s.one("audit", "show", column(entries[1:2], "id"))
	if signed["action"] != "session.begin" || !strings.Contains(written(signed["after"]), "SHA256:") {
		t.Errorf("signing in is kept as %v", signed)
	}
	if code := s.stop(); code != exitDone {
		t.Errorf("the server ends with %d: %s", code, s.log.String())
	}
}

func written(v any) string {
	b, _ := marshal(v)
	return string(b)
}

// What would touch the machine of the server, or make somebody another, is not there over SSH.
func TestWhatIsDoneOnTheMachineIsNotServed(t *testing.T) {
	s := newTenant(t).serve([]string{"root"})
	out := filepath.Join(s.folder, "out")
	for line, want := range map[string]string{ // #nosec G101 -- a file that everybody may read
		"init --tenant x --owner y --region cn-hangzhou=basic": "machine that serves",
		"demo":                                     "machine that serves",
		"keeper run":                               "machine that serves",
		"serve":                                    "machine that serves",
		"run -g rg -w sales_dw -- id":              "machine that serves",
		"workspace list --as zoe":                  "--as",
		"workspace list --db " + s.db:              "--db",
		"policy create p -f /etc/passwd":           "file of the server",
		"member import /etc/passwd -w sales_dw":    "file of the server",
		"audit export --out " + out:                "file of the server",
		"export --out " + out:                      "file of the server",
		"user key add zoe -f " + s.folder + "/zoe": "file of the server",
		"scp -f /etc/passwd":                       "no command scp.\nName one of: access, alert, apply, audit, bootstrap, completion, directory, ",
		"/bin/sh -c id":                            "no command /bin/sh",
		"internal-sftp":                            "no command",
		"":                                         "terminal",
	} {
		if o := s.remotely("root", "", line); o.code == exitDone || !strings.Contains(o.errors, want) {
			t.Errorf("%s: %+v", line, o)
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a file was written")
	}
}

// A new command is served only if it was thought of: the ones that are not are these.
func TestWhichCommandsAreNotServed(t *testing.T) {
	b := newBench(t)
	c, err := newCLI(nil, strings.NewReader(""), io.Discard, io.Discard, b.environ())
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		if !cmd.HasSubCommands() && cmd.Annotations[annotationServed] == "" {
			kept = append(kept, strings.TrimPrefix(cmd.CommandPath(), program+" "))
		}
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(c.root())
	slices.Sort(kept)
	if want := []string{"demo", "doctor", "init", "keeper run", "run", "serve"}; !slices.Equal(kept, want) {
		t.Errorf("not served are %v, want %v", kept, want)
	}
}

func TestServersSayWhatIsMissing(t *testing.T) {
	b := newTenant(t)
	b.fails(exitFailed, []string{"no user has a key"}, "serve", "--listen", "127.0.0.1:0")
	b.must("user", "add", "idle")
	b.must("user", "key", "add", "idle", "--key", (&serverBench{bench: b, folder: t.TempDir()}).key("idle"))
	b.must("user", "disable", "idle")
	b.fails(exitFailed, []string{"no user has a key"}, "serve", "--listen", "127.0.0.1:0")
	b.must("user", "key", "add", "zoe", "--key", (&serverBench{bench: b, folder: t.TempDir()}).key("zoe"))
	b.fails(exitUsage, []string{"--http"}, "serve", "--listen", "none")
	b.fails(exitUsage, []string{"--user-ca"}, "serve", "--listen", "none", "--http", "127.0.0.1:0", "--user-ca", "x")
	b.fails(exitUsage, []string{"--idle"}, "serve", "--idle", "0s")
	b.fails(exitUsage, []string{"--log"}, "serve", "--log", "xml")
	b.fails(exitUsage, []string{"user-ca", "line 1"}, "serve", "--user-ca", b.file("ca", "nothing"), "--listen", "127.0.0.1:0")
	authority := (&serverBench{bench: b, folder: t.TempDir()}).key("ca")
	b.fails(exitUsage, []string{"user-ca", "line 3"}, "serve", "--user-ca", b.file("broken", "# ours\n"+authority+"\nssh-ed25519 AAAA\n"), "--listen", "127.0.0.1:0")
	b.fails(exitUsage, []string{"user-ca", "line 1", "options"}, "serve", "--user-ca", b.file("bound", `cert-authority,principals="lin" `+authority+"\n"), "--listen", "127.0.0.1:0")
	b.fails(exitUsage, []string{"user-ca", "has none"}, "serve", "--user-ca", b.file("none", "# ours\n\n"), "--listen", "127.0.0.1:0")
	b.fails(exitFailed, []string{"cannot be used"}, "serve", "--host-key", b.file("key", "nothing"), "--listen", "127.0.0.1:0")
	keys := &serverBench{bench: b, folder: t.TempDir()}
	keys.key("one")
	keys.key("two")
	b.fails(exitUsage, []string{"ssh-ed25519", "one of each kind"}, "serve", "--host-key", filepath.Join(keys.folder, "one"), "--host-key", filepath.Join(keys.folder, "two"), "--listen", "127.0.0.1:0")
	loose := b.file("loose", "x")
	if err := os.Chmod(loose, 0o644); err != nil { // #nosec G302 -- on purpose
		t.Fatal(err)
	}
	b.fails(exitFailed, []string{"chmod 600"}, "serve", "--host-key", loose, "--listen", "127.0.0.1:0")
	b.fails(exitFailed, []string{"listen"}, "serve", "--listen", "127.0.0.1:99999")
	newBench(t).fails(exitNotFound, []string{"reeve init"}, "serve")
}

// openssh runs the system's own client.
func (s *serverBench) openssh(user string, more ...string) (string, error) {
	s.t.Helper()
	ssh, err := exec.LookPath("ssh")
	if err != nil {
		s.t.Skip("OpenSSH's client is not installed")
	}
	args := append([]string{"-F", "none", "-p", s.port, "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes",
		"-o", "UserKnownHostsFile=" + filepath.Join(s.folder, "known_hosts"), "-o", "StrictHostKeyChecking=yes", "-l", user, "127.0.0.1"}, more...)
	out, err := exec.CommandContext(s.t.Context(), ssh, args...).CombinedOutput() // #nosec G204 -- the test's own words
	return string(out), err
}

func TestOpenSSHKnowsTheServerAndComesIn(t *testing.T) {
	s := newTenant(t).serve([]string{"zoe", "lin"})
	line := regexp.MustCompile(`For known_hosts: (.*)`).FindStringSubmatch(s.log.String())
	if line == nil {
		t.Fatalf("it does not say how it is known: %s", s.log.String())
	}
	write(t, filepath.Join(s.folder, "known_hosts"), []byte(line[1]+"\n"))
	mine := []string{"-i", filepath.Join(s.folder, "zoe")}
	if out, err := s.openssh("zoe", slices.Concat(mine, []string{"workspace", "list", "-o", "csv"})...); err != nil || !strings.Contains(out, "sales_dw") {
		t.Errorf("%s (%v)", out, err)
	}
	if out, err := s.openssh("lin", slices.Concat(mine, []string{"version"})...); err == nil {
		t.Errorf("with the key of zoe lin comes in: %s", out)
	}
	// The key of lin is offered first, but not proven: its private part is not there.
	if out, err := s.openssh("zoe", slices.Concat([]string{"-i", filepath.Join(s.folder, "lin")}, mine, []string{"access", "check", "--user", "zoe", "--module", "data-studio", "--level", "read", "-w", "sales_dw", "-o", "json"})...); err != nil || !strings.Contains(out, `"decision": true`) {
		t.Errorf("%s (%v)", out, err)
	}
}

// Whoever offers a certificate that will not do reads why, in a sentence.
// The line for known_hosts names what clients write, also where a server listens on all addresses.
func TestKnownHostsNameTheMachine(t *testing.T) {
	c := &cli{env: environ{Machine: "ops-1"}}
	for address, want := range map[string]string{"0.0.0.0:2222": "ops-1:2222", "[::]:22": "ops-1:22", "127.0.0.1:2222": "127.0.0.1:2222", "[fe80::1]:22": "[fe80::1]:22", "odd": "odd"} {
		if got := c.reachedAs(address); got != want {
			t.Errorf("%s is reached as %s, want %s", address, got, want)
		}
	}
}

func TestWhatIsWrongWithACertificateIsSaid(t *testing.T) {
	b := newBench(t)
	c, err := newCLI(nil, strings.NewReader(""), io.Discard, io.Discard, b.environ())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range sshd.Reasons() {
		if strings.HasPrefix(string(r), "certificate_") && !c.p.Has("session.refused."+string(r)) {
			t.Errorf("%s has no sentence", r)
		}
	}
}

// sits opens a console for somebody, without a screen, until the returned function is called.
func (b *bench) sits(user string) (leave func()) {
	b.t.Helper()
	c, err := newCLI(nil, strings.NewReader(""), io.Discard, io.Discard, b.environ())
	if err != nil {
		b.t.Fatal(err)
	}
	c.flags.as = user
	s, err := c.open(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	gone, err := s.beginHere(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return func() {
		gone()
		s.close()
	}
}

func TestSessionsAreSeenAndEndedByWhoMay(t *testing.T) {
	b := newTenant(t)
	leaves := b.sits("zoe")
	b.sits("bo")()
	if got := b.list("session", "list"); column(got, "user") != "zoe" || column(got, "face") != "console" {
		t.Errorf("open are %v", got)
	}
	if got := b.list("session", "list", "--as", "lin"); len(got) != 0 {
		t.Errorf("lin sees %v", got)
	}
	id := column(b.list("session", "list", "--as", "zoe"), "id")
	b.fails(exitDenied, nil, "session", "end", id, "--as", "lin")
	b.fails(exitDenied, nil, "session", "message", "hello", "--as", "lin")
	b.fails(exitUsage, []string{"text"}, "session", "message", strings.Repeat("x", 201))
	b.fails(exitNotFound, []string{"nosuch"}, "session", "end", "nosuch")
	b.must("session", "end", id)
	if got := b.list("session", "list"); column(got, "end_by") != "root" {
		t.Errorf("asked to end is %v", got)
	}
	b.must("session", "end", id, "--as", "zoe") // it is being ended already
	leaves()
	if got := b.list("session", "list"); len(got) != 0 {
		t.Errorf("open are still %v", got)
	}
	b.must("user", "disable", "bo")
	c, err := newCLI(nil, strings.NewReader(""), io.Discard, io.Discard, b.environ())
	if err != nil {
		t.Fatal(err)
	}
	c.flags.as = "bo"
	s, err := c.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	if _, err := s.beginHere(t.Context()); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("who is disabled begins a session: %v", err)
	}
}

// TestWhoeverCouldNotSignInAnyMoreIsPutOut holds that a stolen key serves nobody any more once it is removed, on connections that are
// open as on new ones, and that the log says who came in with which key.
func TestWhoeverCouldNotSignInAnyMoreIsPutOut(t *testing.T) {
	b := newTenant(t)
	s := b.serve([]string{"zoe", "root"})
	console, client := s.sit("zoe", 100, 30), s.dial("zoe")
	console.shows("Overview")
	fingerprint := regexp.MustCompile(`SHA256:\S+`).FindString(b.must("user", "key", "list", "zoe"))
	if said := s.log.String(); strings.Count(said, "let in") != 2 || !strings.Contains(said, fingerprint) {
		t.Errorf("the log says %s", said)
	}
	b.must("user", "key", "remove", "zoe", fingerprint)
	_ = console.Wait()
	closed := make(chan struct{})
	go func() { _ = client.Wait(); close(closed) }()
	select {
	case <-closed:
	case <-time.After(patience):
		t.Fatal("the connection stays open")
	}
	if said := s.log.String(); !strings.Contains(said, "ended_by=revoked") {
		t.Errorf("the log says %s", said)
	}
	if o := s.remotely("root", "", "version"); o.code != 0 {
		t.Errorf("others are put out as well: %+v", o)
	}
}

func TestTheConsoleReadsNoFilesOfTheServerForWhoIsElsewhere(t *testing.T) {
	b := newTenant(t)
	s := b.serve([]string{"root"})
	for _, flag := range []string{"--password-from file:/etc/passwd --bind-dn cn=x", "--password-from env:HOME --bind-dn cn=x", "--ca-file /etc/passwd"} {
		o := s.remotely("root", "", "directory source add corp --url ldaps://ldap.acme.example --base dc=acme "+flag)
		if o.code != exitUsage || !strings.Contains(o.errors, "is set on the machine of the server") {
			t.Errorf("%s: %+v", flag, o)
		}
	}
	if o := s.remotely("root", "", "member list -w 'pilot"); o.code != exitUsage || !strings.Contains(o.errors, "quotation mark") {
		t.Errorf("an open quotation: %+v", o)
	}
	if o := s.remotely("root", "", "session message maintenance at 18:00"); o.code != 0 {
		t.Errorf("a message of several words: %+v", o)
	}
}
