package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// shell is an interactive shell at a terminal of its own.
type shell struct {
	t    *testing.T
	tty  *os.File
	mu   sync.Mutex
	said string
}

// interactive starts one that finds a command line for the group in its environment, and this program as $REEVE.
func (b *bench) interactive(args ...string) *shell {
	b.t.Helper()
	line, err := json.Marshal(append([]string{"--db", b.db, "--as", "root", "run", "-g", "rg", "-w", "sales_dw"}, args...))
	if err != nil {
		b.t.Fatal(err)
	}
	cmd := exec.CommandContext(b.t.Context(), "sh", "-i")
	cmd.Env = append(os.Environ(), childArgs+"="+string(line), childTime+"="+realTime, "REEVE="+os.Args[0], "PS1=prompt> ", "ENV=")
	s := &shell{t: b.t}
	if s.tty, err = pty.Start(cmd); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = s.tty.Close(); _ = cmd.Process.Kill(); _ = cmd.Wait() })
	go func() {
		part := make([]byte, 4096)
		for {
			n, err := s.tty.Read(part)
			s.mu.Lock()
			s.said += string(part[:n])
			s.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return s
}

func (s *shell) types(text string) {
	s.t.Helper()
	if _, err := s.tty.WriteString(text); err != nil {
		s.t.Fatal(err)
	}
}

// until waits for words behind those that it waited for before.
func (s *shell) until(words string) {
	s.t.Helper()
	for range 1000 {
		s.mu.Lock()
		_, rest, ok := strings.Cut(s.said, words)
		if ok {
			s.said = rest
		}
		s.mu.Unlock()
		if ok {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.t.Fatalf("it does not say %q but %q", words, s.said)
}

// A command that was begun in the background and needs the terminal has it when the shell gives it, and gives it back.
func TestACommandBegunInTheBackgroundComesToTheFront(t *testing.T) {
	b := inGroup(t)
	s := b.interactive("--", "sh", "-c", `echo got-in; read -r line; echo "read $line"; read -r line; echo "then $line"; exit 3`)
	s.until("prompt> ")
	s.types("$REEVE &\n")
	s.until("got-in")
	for range 100 {
		if s.types("jobs\n"); s.stopped() {
			break
		}
	}
	s.types("fg\n")
	s.until("REEVE")
	s.types("one\n")
	s.until("read one")
	s.types("\x1a")
	s.until("prompt> ")
	s.types("echo in the $((1 + 1))nd shell\n")
	s.until("in the 2nd shell")
	s.types("fg\n")
	s.until("REEVE")
	s.types("two\n")
	s.until("then two")
	s.until("prompt> ")
	s.types("echo code $?.\n")
	s.until("code 3.")
}

// stopped says whether the shell tells of a job that is stopped.
func (s *shell) stopped() bool {
	time.Sleep(50 * time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(s.said, "Stopped")
}
