package main

import (
	"database/sql"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheDoctorSaysWhatIsNotWell(t *testing.T) {
	b := newTenant(t)
	for _, f := range b.list("doctor") {
		if f["result"] == resultFailed {
			t.Errorf("of a new database: %v", f)
		}
	}
	if err := os.Chmod(b.db+".key", 0o644); err != nil { // #nosec G302 -- on purpose
		t.Fatal(err)
	}
	b.now = b.now.AddDate(-1, 0, 0)
	o := b.run("doctor")
	if o.code != exitFailed || !strings.Contains(o.out, "chmod 600") || !strings.Contains(o.out, "a clock is wrong") {
		t.Errorf("with an open key and a clock that is wrong: %d %s", o.code, o.out)
	}
	b.now = b.now.AddDate(1, 0, 0)
	key := filepath.Join(filepath.Dir(b.db), "reeve_host_ed25519_key")
	write(t, key, []byte("nothing"))
	if err := os.Chmod(key, 0o600); err != nil {
		t.Fatal(err)
	}
	if o := b.run("doctor"); !strings.Contains(o.out, "host key") || !strings.Contains(o.out, "cannot be used") {
		t.Errorf("with a host key that is none: %s", o.out)
	}
}

// TestTheDoctorGoesOnWhereSomethingIsBroken breaks one thing at a time, and looks at what is said of it and of all else.
func TestTheDoctorGoesOnWhereSomethingIsBroken(t *testing.T) {
	hostKey := func(b *bench) string { return filepath.Join(filepath.Dir(b.db), "reeve_host_ed25519_key") }
	for _, c := range []struct {
		name  string
		wreck func(b *bench)
		check string
		says  string
	}{
		{"a host key that others can read", func(b *bench) { b.put(hostKey(b), "x", 0o644) }, "host key", "Others"},
		{"a host key that is a folder", func(b *bench) { b.try(os.Mkdir(hostKey(b), 0o700)) }, "host key", "no file"},
		{"a host key that leads nowhere", func(b *bench) { b.try(os.Symlink(filepath.Join(b.t.TempDir(), "gone"), hostKey(b))) }, "host key", "looking for it"},
		{"an empty host key", func(b *bench) { b.put(hostKey(b), "", 0o600) }, "host key", "no key found"},
		{"a database that others can read", func(b *bench) { b.try(os.Chmod(b.db, 0o644)) }, "rights", "can be read by others"},          // #nosec G302 -- the fault that is looked for
		{"a folder that others can write to", func(b *bench) { b.try(os.Chmod(filepath.Dir(b.db), 0o777)) }, "rights", "Others can put"}, // #nosec G302 -- the fault that is looked for
		{"an entry of the audit that was edited", func(b *bench) { b.sql("UPDATE audit SET address = 'x' WHERE seq = 2") }, "audit", "edited"},
		{"an entry of the audit that is gone", func(b *bench) { b.sql("DELETE FROM audit WHERE seq = 2") }, "audit", "missing"},
		{"an end of the audit that was cut off", func(b *bench) { b.sql("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)") }, "audit", "cut off"},
		{"no key of the checkpoint", func(b *bench) { b.try(os.Remove(b.db + ".key")) }, "audit", "cannot be trusted"},
		{"no checkpoint that can be read", func(b *bench) { b.put(b.db+".checkpoint", "x", 0o600) }, "audit", "cannot be trusted"},
		{"a table that is gone", func(b *bench) { b.sql("DROP TABLE preference") }, "database", "table preference"},
		{"a table of somebody else", func(b *bench) { b.sql("CREATE TABLE mine (x)") }, "database", "table mine"},
		{"a trigger of somebody else", func(b *bench) {
			b.sql("CREATE TRIGGER spy AFTER INSERT ON audit BEGIN SELECT 1; END")
		}, "database", "trigger spy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newTenant(t)
			c.wreck(b)
			o := b.run("doctor", "-o", "json")
			var all []map[string]any
			b.try(json.Unmarshal([]byte(o.out), &all))
			if o.code != exitFailed {
				t.Errorf("it ends with %d", o.code)
			}
			if len(all) < 7 {
				t.Errorf("only %d things were looked at: %v", len(all), all)
			}
			for _, f := range all {
				if f["result"] == resultFailed && f["check"] != c.check {
					t.Errorf("%v failed too", f)
				}
				if f["check"] == c.check && f["result"] == resultFailed {
					if !strings.Contains(f["found"].(string), c.says) || f["next"] == "" {
						t.Errorf("it says %v, want %q and what to do", f, c.says)
					}
					return
				}
			}
			t.Errorf("nothing is wrong with the %s: %v", c.check, all)
		})
	}
}

func TestTheDoctorLooksAtADatabaseWithoutATenant(t *testing.T) {
	b := newBench(t)
	b.put(b.db, "", 0o600)
	if o := b.run("doctor"); o.code != exitFailed || !strings.Contains(o.out, "reeve init") {
		t.Errorf("it says %d %s%s", o.code, o.out, o.errors)
	}
}

func TestTheDoctorAsksAServerThatRuns(t *testing.T) {
	b := newBench(t) // there is no database, and none is looked at
	well := true
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" || !well {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	address := strings.TrimPrefix(server.URL, "http://")
	if o := b.run("doctor", "--monitor", address); o.code != exitDone {
		t.Errorf("of one that is well: %d %s", o.code, o.out)
	}
	well = false
	if o := b.run("doctor", "--monitor", address); o.code != exitFailed || !strings.Contains(o.out, "503") {
		t.Errorf("of one that is not: %d %s", o.code, o.out)
	}
	server.Close()
	for _, bad := range []string{address, "nowhere at all", "::"} {
		if o := b.run("doctor", "--monitor", bad); o.code != exitFailed {
			t.Errorf("of %s: %d %s", bad, o.code, o.out)
		}
	}
}

func (b *bench) try(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) put(path, content string, mode os.FileMode) {
	b.t.Helper()
	write(b.t, path, []byte(content))
	b.try(os.Chmod(path, mode))
}

// sql changes the database past the program.
func (b *bench) sql(statement string) {
	b.t.Helper()
	db, err := sql.Open("sqlite", b.db)
	b.try(err)
	_, err = db.ExecContext(b.t.Context(), statement)
	b.try(err)
	b.try(db.Close())
}
