package main

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// tamper changes the database behind the program's back.
func (b *bench) tamper(statements ...string) {
	b.t.Helper()
	db, err := sql.Open("sqlite", "file:"+b.db)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			b.t.Error(err)
		}
	}()
	for _, s := range statements {
		if _, err := db.ExecContext(b.t.Context(), s); err != nil {
			b.t.Fatalf("%s: %v", s, err)
		}
	}
}

// unguard takes away what the database itself does to protect the log.
func (b *bench) unguard() {
	b.t.Helper()
	b.tamper(b.guards()...)
}

// guards are the statements that drop the triggers on the log.
func (b *bench) guards() (drops []string) {
	b.t.Helper()
	db, err := sql.Open("sqlite", "file:"+b.db)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(b.t.Context(), "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var drop string
		if err := rows.Scan(&drop); err != nil {
			b.t.Fatal(err)
		}
		drops = append(drops, drop)
	}
	if err := rows.Err(); err != nil {
		b.t.Fatal(err)
	}
	return drops
}

func TestAuditSearch(t *testing.T) {
	b := newTenant(t)
	b.must("workspace", "update", "sales_dw", "--display-name", "Sales", "--as", "zoe")
	b.now = b.now.Add(48 * time.Hour)
	b.must("workspace", "disable", "sales_dw")
	b.run("workspace", "enable", "sales_dw", "--as", "bo")
	if got := column(b.list("audit", "list"), "action"); got != "workspace.enable workspace.disable workspace.update workspace.create user.add tenant.init" {
		t.Errorf("the log has %s", got)
	}
	for _, c := range []struct{ args, want string }{
		{"--who zoe", "3*"}, {"--what disable", "5"}, {"--where hangzhou", "6 5 4 3"}, {"--since 1d", "6 5"}, {"--until 1d", "4 3 2 1"},
		{"--since 2026-03-02", "6 5"}, {"--until 2026-03-02T00:00:00Z", "4 3 2 1"}, {"--since 100w --until 24h", "4 3 2 1"},
		{"--limit 2", "6 5"}, {"--limit 2 --after 5", "4 3"}, {"--filter outcome:denied", "6"},
	} {
		want := strings.ReplaceAll(c.want, "3*", "4")
		if got := column(b.list(append([]string{"audit", "list"}, strings.Fields(c.args)...)...), "id"); got != want {
			t.Errorf("audit list %s has %s, want %s", c.args, got, want)
		}
	}
	b.fails(exitUsage, []string{"2 fields", "since: soon is no time", "until: -3d is no time"}, "audit", "list", "--since", "soon", "--until", "-3d")
}

func TestAuditShow(t *testing.T) {
	b := newTenant(t)
	b.must("workspace", "update", "sales_dw", "--display-name", "Sales")
	e := b.one("audit", "show", "4")
	if e["action"] != "workspace.update" || e["before"].(map[string]any)["display_name"] != "sales_dw" || e["after"].(map[string]any)["display_name"] != "Sales" {
		t.Errorf("entry %v", e)
	}
	out := b.must("audit", "show", "4")
	if !strings.Contains(out, "display_name  sales_dw  Sales") || strings.Contains(out, "description") {
		t.Errorf("the difference is not shown: %s", out)
	}
	b.fails(exitNotFound, []string{"no audit entry 99"}, "audit", "show", "99")
	b.fails(exitNotFound, []string{"no audit entry last"}, "audit", "show", "last")
	b.fails(exitNotFound, []string{"no audit entry 2"}, "audit", "show", "2", "--as", "bo")
}

func TestAuditVerify(t *testing.T) {
	for name, c := range map[string]struct {
		statements []string
		finding    string
	}{
		"edited":  {[]string{"UPDATE audit SET actor = 'bo' WHERE seq = 2"}, "Entry 2 was edited"},
		"deleted": {[]string{"DELETE FROM audit WHERE seq = 2"}, "entries 2 to 2 are missing"},
		"reordered": {[]string{"UPDATE audit SET seq = 99 WHERE seq = 2", "UPDATE audit SET seq = 2 WHERE seq = 3", "UPDATE audit SET seq = 3 WHERE seq = 99"},
			"Entry 2 does not follow the entry 1"},
		"cut off": {[]string{"DELETE FROM audit WHERE seq = 3"}, "ends at entry 2, but the checkpoint knows entry 3"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newTenant(t)
			if out := b.must("audit", "verify"); !strings.Contains(out, "sound; it has 3 entries") {
				t.Errorf("verify says %s", out)
			}
			b.unguard()
			b.tamper(c.statements...)
			o := b.run("audit", "verify")
			if o.code != exitFailed || !strings.Contains(o.out, c.finding) {
				t.Errorf("verify says %d, %s, want %q", o.code, o.out, c.finding)
			}
			r := decode[map[string]any](t, b.run("audit", "verify", "-o", "json").out)
			if r["ok"] != false || len(r["findings"].([]any)) == 0 {
				t.Errorf("report %v", r)
			}
		})
	}
}

// TestAuditVerifySaysWhatItHeldAgainst takes away what lies beside the database: without it a cut-off end does not show, and
// the verdict has to say so.
func TestAuditVerifySaysWhatItHeldAgainst(t *testing.T) {
	for name, c := range map[string]struct {
		key  func(path string) error // what is done to the key
		says string                  // what is said of it
	}{
		"no checkpoint":         {func(string) error { return nil }, ""},
		"neither":               {os.Remove, ".key, which signs the checkpoint, is missing."},
		"junk for a key":        {func(path string) error { return os.WriteFile(path, []byte("junk"), 0o600) }, "is no key of 32 bytes"},
		"a folder where it was": {func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) }, ".key, which signs the checkpoint, cannot be used"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newTenant(t)
			kept := filepath.Join(t.TempDir(), "kept")
			if err := os.WriteFile(kept, []byte(b.must("audit", "checkpoint")), 0o600); err != nil {
				t.Fatal(err)
			}
			file := b.db + ".checkpoint"
			if out := b.must("audit", "verify"); !strings.Contains(out, "held against the checkpoint in "+file+", which knows entry 3.") {
				t.Errorf("verify says %s", out)
			}
			if r := b.one("audit", "verify"); r["checkpoint_file"] != file || r["checkpoint"] != 3.0 || len(r["unchecked"].([]any)) != 0 {
				t.Errorf("report %v", r)
			}
			if err := errors.Join(os.Remove(file), c.key(b.db+".key")); err != nil {
				t.Fatal(err)
			}
			b.unguard()
			b.tamper("DELETE FROM audit WHERE seq = 3")
			o := b.run("audit", "verify")
			for _, want := range []string{"The 2 entries", "could not be checked", "The checkpoint " + file + " is missing: a cut-off end would not show.", c.says, "--checkpoint FILE"} {
				if !strings.Contains(o.out, want) {
					t.Errorf("verify says %s, want %q in it", o.out, want)
				}
			}
			if o.code != exitFailed || strings.Contains(o.out, "sound") || c.says == "" && strings.Contains(o.out, "key") {
				t.Errorf("verify says %d, %s", o.code, o.out)
			}
			o = b.run("audit", "verify", "-o", "json")
			r := decode[map[string]any](t, o.out)
			if o.code != exitFailed || r["ok"] != false || r["checkpoint"] != nil || r["checkpoint_file"] != nil || !strings.Contains(o.out, c.says) ||
				len(r["unchecked"].([]any)) == 0 || len(r["findings"].([]any)) != 0 {
				t.Errorf("%d, report %v", o.code, r)
			}
			if o := b.run("audit", "verify", "--checkpoint", kept); o.code != exitFailed || !strings.Contains(o.out, "cut off") ||
				!strings.Contains(o.out, "held against the checkpoint in "+kept+", which knows entry 3.") {
				t.Errorf("verify against a checkpoint of one's own says %d, %s", o.code, o.out)
			}
		})
	}
}

func TestAuditCheckpoint(t *testing.T) {
	b := newTenant(t)
	path := filepath.Join(t.TempDir(), "kept")
	if err := os.WriteFile(path, []byte(b.must("audit", "checkpoint")), 0o600); err != nil {
		t.Fatal(err)
	}
	b.must("workspace", "disable", "sales_dw")
	if r := b.one("audit", "verify", "--checkpoint", path); r["ok"] != true || r["checkpoint"] != 3.0 || r["entries"] != 4.0 {
		t.Errorf("report %v", r)
	}
	b.unguard()
	b.tamper("DELETE FROM audit WHERE seq > 2")
	if o := b.run("audit", "verify", "--checkpoint", path); o.code != exitFailed || !strings.Contains(o.out, "knows entry 3") {
		t.Errorf("verify says %d, %s", o.code, o.out)
	}
	if h := b.one("audit", "checkpoint"); h["seq"] != 2.0 || len(h["hash"].(string)) != 64 {
		t.Errorf("checkpoint %v", h)
	}
	b.fails(exitUsage, []string{"checkpoint: no checkpoint can be read"}, "audit", "verify", "--checkpoint", b.db)
	if err := os.WriteFile(b.db+".checkpoint", []byte(`{"seq":1,"hash":"00"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	b.fails(exitFailed, []string{"cannot be trusted", "--checkpoint FILE"}, "audit", "verify")
}

func TestAuditExport(t *testing.T) {
	b := newTenant(t)
	out := b.must("audit", "export", "--format", "jsonl")
	var ids []int64
	lines := bufio.NewScanner(strings.NewReader(out))
	for lines.Scan() {
		var e struct {
			ID   int64  `json:"id"`
			Hash string `json:"hash"`
		}
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil || len(e.Hash) != 64 {
			t.Fatalf("%v in %s", err, lines.Text())
		}
		ids = append(ids, e.ID)
	}
	if len(ids) != 4 || ids[0] != 1 || ids[3] != 4 {
		t.Errorf("exported %v, want the log with the export itself, oldest first", ids)
	}
	path := filepath.Join(t.TempDir(), "log.jsonl")
	if got := b.must("audit", "export", "--out", path, "--what", "workspace"); !strings.Contains(got, "Exported one entry to") {
		t.Errorf("export says %s", got)
	}
	b.fails(exitUsage, []string{"out: it cannot be written"}, "audit", "export", "--out", path)
	if v := b.must("audit", "verify"); !strings.Contains(v, "sound") {
		t.Errorf("verify says %s", v)
	}
}

// What a log was held against is said with what is known of it: since when the head was kept, and what became of the key.
func TestAuditVerifySaysWhatItRestsOn(t *testing.T) {
	b := newTenant(t)
	if r := b.one("audit", "verify"); len(r["notes"].([]any)) != 0 {
		t.Errorf("of a checkpoint kept from the first entry on it says %v", r["notes"])
	}
	if err := os.Remove(b.db + ".checkpoint"); err != nil {
		t.Fatal(err)
	}
	b.must("user", "add", "later")
	b.must("user", "add", "last")
	if out := b.must("audit", "verify"); !strings.Contains(out, "begun anew at entry 4") || !strings.Contains(out, "knows entry 5") {
		t.Errorf("after the checkpoint was removed it says %s", out)
	}
	kept := filepath.Join(t.TempDir(), "kept")
	if err := os.WriteFile(kept, []byte(b.must("audit", "checkpoint")), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := b.must("audit", "verify", "--checkpoint", kept); !strings.Contains(out, b.db+".key") || !strings.Contains(out, "is there") {
		t.Errorf("of the key it says %s", out)
	}
	if err := os.Remove(b.db + ".key"); err != nil {
		t.Fatal(err)
	}
	if out := b.must("audit", "verify", "--checkpoint", kept); !strings.Contains(out, ".key, which signs the checkpoint, is missing") {
		t.Errorf("of the missing key it says %s", out)
	}
}
