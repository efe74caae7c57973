package main

import (
	"context"
	"crypto/rand"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"time"

	"github.com/adrg/xdg"
	"github.com/charmbracelet/x/term"

	"reeve/assets"
	"reeve/core/action"
	"reeve/core/message"
)

// environ is what the program takes from the machine it runs on.
type environ struct {
	// Get reads an environment variable; empty for one that is not set.
	Get func(name string) string
	// Prefers is the language the person wants whatever their environment says; empty for none.
	Prefers string
	// OSUser is the login name of whoever runs the program.
	OSUser string
	// Database is the file opened when nobody names one.
	Database string
	Now      func() time.Time
	// Sleep waits for so long, or until the context ends, whose error it answers then.
	Sleep func(ctx context.Context, d time.Duration) error
	// Machine is the name of the machine, by which runs are known to be of it.
	Machine string
	// Account is the number of the account of the system as which the program runs.
	Account string
	// ID makes a new random id.
	ID func() string
	// Secret makes text of 256 random bits, in letters and digits.
	Secret func() string
	// Terminal reports whether a stream (an io.Reader or io.Writer) is a terminal.
	Terminal func(stream any) bool
	// Browse opens an address of the web.
	Browse func(ctx context.Context, url string) error
	// Remote is set where the person is elsewhere, and the program runs for them in a server.
	Remote *remote
	// Messages reads the message catalogue. It takes longer than all else that every command does.
	Messages func() (*message.Catalogue, error)
}

// acts is the catalogue of acts: the server's own for whom it serves, so that two hundred consoles have one.
func (e environ) acts() (*action.Catalogue, error) {
	if e.Remote != nil {
		return e.Remote.system.gate.Acts(), nil
	}
	return action.New(action.All())
}

func machine() environ {
	return environ{
		Get:      os.Getenv,
		OSUser:   loginName(),
		Database: filepath.Join(xdg.DataHome, "reeve", "reeve.db"),
		Now:      time.Now,
		Sleep:    sleep,
		Machine:  machineName(),
		Account:  strconv.Itoa(os.Geteuid()),
		ID:       rand.Text,
		Secret:   func() string { return rand.Text() + rand.Text() },
		Terminal: isTerminal,
		Browse:   browse,
		Messages: func() (*message.Catalogue, error) { return message.Load(assets.Messages()) },
	}
}

// rootAccount is the account that may end the processes of all.
const rootAccount = "0"

func machineName() string {
	name, err := os.Hostname()
	if err != nil || name == "" {
		return "localhost"
	}
	return name
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func loginName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return os.Getenv("USER")
}

func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(file.Fd())
}

// language is the one the person prefers, or the locale the environment asks for, in the order that C libraries look.
func (e environ) language() string {
	if e.Prefers != "" {
		return e.Prefers
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := e.Get(name); v != "" {
			return v
		}
	}
	return ""
}
