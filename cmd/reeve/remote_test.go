package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

func TestCommandsOverSSHSpeakTheLanguageOneWants(t *testing.T) {
	s := newTenant(t).serve([]string{"zoe"})
	if o := s.remotely("zoe", "", "preference set language zh-CN"); o.code != exitDone {
		t.Fatalf("%+v", o)
	}
	all, err := messages()
	if err != nil {
		t.Fatal(err)
	}
	for line, language := range map[string]string{"version --help": "zh-CN", "version --help --lang en": "en"} {
		if o := s.remotely("zoe", "", line); !strings.Contains(o.out, all.Printer(language).Text("cli.version.about")) {
			t.Errorf("%s: %s", line, o.out)
		}
	}
}

// A command on a terminal is told what to do about input, for no key there would end it.
func TestWhatIsTypedIsNoInputOfACommand(t *testing.T) {
	s := newTenant(t).serve([]string{"zoe"})
	session, err := s.dial("zoe").NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := session.RequestPty("xterm", 24, 80, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := session.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	session.Stderr = &said
	exit := new(gossh.ExitError)
	if err := session.Run("plan -f -"); !errors.As(err, &exit) || exit.ExitStatus() != exitUsage || !strings.Contains(said.String(), "without -t") {
		t.Errorf("it ends with %v: %s", err, said.String())
	}
}

// What a server says of itself is in the log as all else is, where the log is for programs.
func TestALogForProgramsIsOneThroughout(t *testing.T) {
	s := newTenant(t).serve([]string{"zoe"}, "--log", "json", "--monitor", "127.0.0.1:0")
	s.remotely("zoe", "", "version")
	s.stop()
	lines := strings.Split(strings.TrimSpace(s.log.String()), "\n")
	for _, line := range lines {
		if !json.Valid([]byte(line)) {
			t.Errorf("no record: %s", line)
		}
	}
	if all := s.log.String(); len(lines) < 8 || !strings.Contains(all, "Serving on") || !strings.Contains(all, "Stopping") {
		t.Errorf("the log is %s", all)
	}
}

// TestACommandThatLastsIsListedAndEnded holds that an administrator sees and ends a command that waits for what its client never sends.
func TestACommandThatLastsIsListedAndEnded(t *testing.T) {
	b := newTenant(t)
	s := b.serve([]string{"zoe"})
	session, err := s.dial("zoe").NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := session.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	session.Stderr = &said
	if err := session.Start("plan -f -"); err != nil {
		t.Fatal(err)
	}
	var open []map[string]any
	for begun := time.Now(); len(open) == 0 && time.Since(begun) < patience; time.Sleep(100 * time.Millisecond) {
		open = b.list("session", "list")
	}
	if column(open, "user") != "zoe" || column(open, "face") != "ssh" || column(open, "place") != "plan -f" {
		t.Fatalf("open are %v", open)
	}
	b.must("session", "end", column(open, "id"))
	ended := make(chan error, 1)
	go func() { ended <- session.Wait() }()
	select {
	case err := <-ended:
		if exit := new(gossh.ExitError); !errors.As(err, &exit) || exit.ExitStatus() != exitFailed || said.String() != "An administrator has ended the session.\n" {
			t.Errorf("it ends with %v: %s", err, said.String())
		}
	case <-time.After(patience):
		t.Fatal("the command goes on")
	}
	for begun := time.Now(); len(open) > 0 && time.Since(begun) < patience; time.Sleep(100 * time.Millisecond) {
		open = b.list("session", "list")
	}
	if len(open) > 0 {
		t.Errorf("open are still %v", open)
	}
}
