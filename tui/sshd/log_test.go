package sshd_test

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"reeve/tui/sshd"
)

// kept is a log that can be read while it is written.
type kept struct {
	mu sync.Mutex
	bytes.Buffer
}

func (k *kept) Write(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.Buffer.Write(p)
}

func (k *kept) has(t *testing.T, text string) string {
	t.Helper()
	for begun := time.Now(); time.Since(begun) < patient; time.Sleep(5 * time.Millisecond) {
		k.mu.Lock()
		all := k.String()
		k.mu.Unlock()
		if strings.Contains(all, text) {
			return all
		}
	}
	t.Fatalf("the log never has %s", text)
	return ""
}

// logged serves with a log that is kept.
func logged(t *testing.T, changes ...func(*sshd.Config)) (*world, *kept) {
	t.Helper()
	log := &kept{}
	return serve(t, generous(), echo, append(changes, func(c *sshd.Config) { c.Log = slog.New(slog.NewTextHandler(log, nil)) })...), log
}

// What strangers call themselves is theirs to choose, and must not fill the log.
func TestTheLogStaysSmallWhateverStrangersCallThemselves(t *testing.T) {
	w, log := logged(t, func(c *sshd.Config) { c.Passwords, c.Prompt, c.Guesses = &vault{right: "right"}, "Password: ", quick() })
	name := strings.Repeat("\x01", 200_000)
	if _, err := w.dial(name, newKey(t), newKey(t)); err == nil {
		t.Fatal("a stranger is let in")
	}
	if _, err := w.password(name, "wrong"); err == nil {
		t.Fatal("a stranger is let in")
	}
	log.has(t, "password_of_no_source")
	if all := log.has(t, `msg="not let in"`); len(all) > 8_000 {
		t.Errorf("two attempts fill %d bytes of the log", len(all))
	}
}

// A certificate that is refused is in the log with its id, and under the fingerprint of its key, as it is once it is let in.
func TestARefusedCertificateIsInTheLogAsOneThatIsLetIn(t *testing.T) {
	w, log := logged(t)
	expired := w.certified(w.authority, func(c *gossh.Certificate) { c.ValidBefore, c.KeyId = 1, "zoe-laptop" })
	if _, err := w.dial("zoe", expired); err == nil {
		t.Fatal("it is let in")
	}
	cert, ok := expired.PublicKey().(*gossh.Certificate)
	if !ok {
		t.Fatal("it is no certificate")
	}
	log.has(t, "key="+gossh.FingerprintSHA256(cert.Key)+" certificate=zoe-laptop reason=certificate_expired")
}
