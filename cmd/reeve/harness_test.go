package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"reeve/assets"
	"reeve/core/message"
)

// messages is the catalogue, read once for all tests.
var messages = sync.OnceValues(func() (*message.Catalogue, error) { return message.Load(assets.Messages()) })

// bench is a database and a machine to run commands on.
type bench struct {
	t        *testing.T
	db       string
	now      time.Time
	ids      int
	servers  int
	osUser   string
	terminal bool
	typed    string // what stands on stdin
	lang     string
	env      map[string]string // other variables of the environment
	browsed  string            // the address that was opened last
}

// outcome is what a command did.
type outcome struct {
	code        int
	out, errors string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	return &bench{t: t, db: filepath.Join(t.TempDir(), "reeve.db"), now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), osUser: "someone"}
}

// newTenant is a bench with a tenant, two regions, four users, and the workspace sales_dw in cn-hangzhou, which zoe and lin
// administer.
func newTenant(t *testing.T) *bench {
	t.Helper()
	t.Parallel()
	b := newBench(t)
	b.must("init", "--tenant", "acme", "--owner", "root", "--region", "cn-hangzhou=enterprise", "--region", "cn-shanghai=basic", "--no-default-workspace")
	b.must("user", "add", "zoe", "lin", "bo", "amy")
	b.must("workspace", "create", "sales_dw", "--region", "cn-hangzhou", "--admin", "zoe", "lin")
	return b
}

// file makes a file to hand over with -f.
func (b *bench) file(name, content string) string {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), name)
	write(b.t, path, []byte(content))
	return path
}

// can runs access check and says whether the answer is yes.
func (b *bench) can(args ...string) bool {
	b.t.Helper()
	o := b.run(append([]string{"access", "check"}, args...)...)
	if o.errors != "" {
		b.t.Fatalf("access check %s says %s", strings.Join(args, " "), o.errors)
	}
	return o.code == exitDone
}

func (b *bench) environ() environ {
	return environ{
		Get: func(name string) string {
			if name == "LANG" {
				return b.lang
			}
			return b.env[name]
		},
		OSUser: b.osUser, Database: b.db, Machine: "bench", Account: machine().Account,
		Now:      func() time.Time { b.now = b.now.Add(time.Second); return b.now },
		Sleep:    func(_ context.Context, d time.Duration) error { b.now = b.now.Add(d); return nil },
		ID:       func() string { b.ids++; return fmt.Sprintf("id-%d", b.ids) },
		Secret:   func() string { return rand.Text() + rand.Text() },
		Terminal: func(any) bool { return b.terminal },
		Browse:   func(_ context.Context, url string) error { b.browsed = url; return nil },
		Messages: messages,
	}
}

var (
	unknownMessage = regexp.MustCompile(`\[[a-z_]+\.[a-z_.]*\]`)
	unfilled       = regexp.MustCompile(`\{[A-Z][A-Za-z]*\}`)
)

// run runs a command and checks what holds for all: no message is missing, no placeholder is left open, and nothing that
// a terminal would act on comes out.
func (b *bench) run(args ...string) outcome {
	b.t.Helper()
	var out, errs bytes.Buffer
	code := run(context.Background(), args, strings.NewReader(b.typed), &out, &errs, b.environ())
	o := outcome{code, out.String(), errs.String()}
	for _, text := range []string{o.out, o.errors} {
		if len(args) > 0 && args[0] == "completion" {
			break // a script has its own brackets and braces
		}
		if m := unknownMessage.FindString(text); m != "" {
			b.t.Errorf("reeve %s: there is no message %s", strings.Join(args, " "), m)
		}
		if m := unfilled.FindString(text); m != "" {
			b.t.Errorf("reeve %s: %s is not filled in: %s", strings.Join(args, " "), m, text)
		}
		if strings.ContainsAny(text, "\x1b\u009b\u202e\u200b\a\b") {
			b.t.Errorf("reeve %s prints what a terminal acts on: %q", strings.Join(args, " "), text)
		}
	}
	if code != exitDone && o.errors == "" && o.out == "" {
		b.t.Errorf("reeve %s fails with %d and says nothing", strings.Join(args, " "), code)
	}
	return o
}

// must runs a command that has to succeed and returns what it printed.
func (b *bench) must(args ...string) string {
	b.t.Helper()
	o := b.run(args...)
	if o.code != exitDone {
		b.t.Fatalf("reeve %s: exit code %d, %s", strings.Join(args, " "), o.code, o.errors)
	}
	return o.out
}

// fails runs a command that has to fail with code and a message that contains every part.
func (b *bench) fails(code int, parts []string, args ...string) outcome {
	b.t.Helper()
	o := b.run(args...)
	if o.code != code {
		b.t.Errorf("reeve %s: exit code %d, want %d; %s%s", strings.Join(args, " "), o.code, code, o.out, o.errors)
	}
	for _, part := range parts {
		if !strings.Contains(o.errors, part) {
			b.t.Errorf("reeve %s says %q, want %q in it", strings.Join(args, " "), o.errors, part)
		}
	}
	return o
}

// list runs a command with -o json and returns its array.
func (b *bench) list(args ...string) []map[string]any {
	b.t.Helper()
	return decode[[]map[string]any](b.t, b.must(append(args, "-o", "json")...))
}

// one runs a command with -o json and returns its object.
func (b *bench) one(args ...string) map[string]any {
	b.t.Helper()
	return decode[map[string]any](b.t, b.must(append(args, "-o", "json")...))
}

func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// column are the values of a key, in order.
func column(rows []map[string]any, key string) string {
	var values []string
	for _, r := range rows {
		values = append(values, fmt.Sprint(r[key]))
	}
	return strings.Join(values, " ")
}
