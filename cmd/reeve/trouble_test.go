package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"reeve/core/tenant"
)

// hostile are names that nobody may give to anything.
var hostile = []string{"a\x1b[31mred", "a\u202egnp.exe", "a\u200bb", "a\u009b2J", "a\nb", "a\abell", "\U000e0041tag", strings.Repeat("x", 1000), ""}

func TestHostileNamesAreRefused(t *testing.T) {
	b := newTenant(t)
	for _, name := range hostile {
		for _, args := range [][]string{
			{"workspace", "create", name, "--region", "cn-hangzhou"},
			{"workspace", "create", "fine_ws", "--region", "cn-hangzhou", "--display-name", name + "\x1b"},
			{"workspace", "update", "sales_dw", "--display-name", name + "\u202e"},
			{"role", "create", name, "--set", "deployment=read", "-w", "sales_dw"},
		} {
			b.fails(exitUsage, nil, args...)
		}
		if name != "" {
			b.fails(exitUsage, nil, "user", "add", name)
		}
	}
	b.fails(exitUsage, []string{"name: contains a character that must not be in a name (<001B>)"}, "workspace", "create", "a\x1b[31m", "--region", "cn-hangzhou")
	b.fails(exitUsage, []string{"has 29 characters, allowed are 3 to 28"}, "workspace", "create", strings.Repeat("w", 29), "--region", "cn-hangzhou")
	b.fails(exitUsage, []string{"3 to 28 letters, digits and underscores, starting with a letter; \"-\" does not fit"}, "workspace", "create", "sales-dw", "--region", "cn-hangzhou")
	for _, name := range hostile {
		b.fails(exitNotFound, nil, "workspace", "show", name+"\x1b[2J")
	}
}

func TestHostileNamesInOldDataAreHarmless(t *testing.T) {
	b := newTenant(t)
	b.tamper("UPDATE workspace SET display_name = 'x' || char(27) || '[31m' || char(8238, 155, 917569) || 'y'")
	const mark = "x<001B>[31m<202E><009B><E0041>y"
	if out := b.must("workspace", "list"); !strings.Contains(out, mark) {
		t.Errorf("table %q", out)
	}
	if out := b.must("workspace", "show", "sales_dw"); !strings.Contains(out, mark) {
		t.Errorf("card %q", out)
	}
	rows, err := csv.NewReader(strings.NewReader(b.must("workspace", "list", "-o", "csv"))).ReadAll()
	if err != nil || len(rows) != 2 || rows[0][3] != "display_name" || rows[1][3] != mark {
		t.Errorf("csv %q, %v", rows, err)
	}
	const raw = "x\x1b[31m\u202e\u009b\U000e0041y"
	if got := b.list("workspace", "list")[0]["display_name"]; got != raw {
		t.Errorf("json %q", got)
	}
	var inYAML []map[string]any
	if err := yaml.Unmarshal([]byte(b.must("workspace", "list", "-o", "yaml")), &inYAML); err != nil || inYAML[0]["display_name"] != raw {
		t.Errorf("yaml %q, %v", inYAML, err)
	}
}

func TestWithoutATenant(t *testing.T) {
	b := newBench(t)
	write(t, b.db, nil)
	b.fails(exitFailed, []string{"holds no tenant yet", "Run: reeve init --tenant"}, "workspace", "list")
	b.fails(exitUsage, []string{"4 fields", "tenant: must not be empty", "owner: ", "no region mars", "no edition gold"},
		"init", "--tenant", "", "--owner", "-x", "--region", "mars=basic", "--region", "cn-hangzhou=gold")
	b.fails(exitUsage, []string{"cn-hangzhou is given twice"}, "init", "--tenant", "a", "--owner", "r", "--region", "cn-hangzhou,cn-hangzhou=basic")
	b.must("init", "--tenant", "acme", "--owner", "root", "--region", "CN-hangzhou=Enterprise")
	b.fails(exitConflict, []string{"already holds the tenant acme", "--db"}, "init", "--tenant", "b", "--owner", "r", "--region", "cn-hangzhou")
	if r := b.list("region", "list", "--active"); column(r, "edition") != "enterprise" {
		t.Errorf("regions %v", r)
	}
	if w := b.one("workspace", "create", "only_one"); w["region"] != "cn-hangzhou" {
		t.Errorf("the only region is not taken: %v", w)
	}
}

func TestAnEmptyDatabaseNameIsRefused(t *testing.T) {
	b := newTenant(t)
	b.fails(exitUsage, []string{"--db is empty"}, "user", "list", "--db", "")
	b.fails(exitUsage, []string{"--db is empty"}, "user", "list", "--db=")
}

// Only what begins a database makes its file; a mistyped name, a refused input and a first run left undone leave nothing.
func TestNothingIsLeftBehind(t *testing.T) {
	b := newBench(t)
	folder := filepath.Dir(b.db)
	b.db = filepath.Join(folder, "new", "reeve.db")
	missing := []string{"no such database", b.db, "reeve init"}
	for _, args := range []string{"workspace list", "user add max", "audit verify", "region list", "user list --read-only"} {
		b.fails(exitNotFound, missing, strings.Fields(args)...)
		b.fails(exitNotFound, missing, append(strings.Fields(args), "--db", b.db)...)
	}
	b.fails(exitUsage, []string{"no edition gold"}, "init", "--tenant", "a", "--owner", "r", "--region", "cn-hangzhou=gold")
	b.fails(exitDenied, nil, "init", "--tenant", "a", "--owner", "r", "--region", "cn-hangzhou", "--read-only")
	b.terminal, b.typed = true, "\x03"
	var out, errs bytes.Buffer // the form itself is for a terminal, which bench.run does not let through
	if code := run(t.Context(), nil, strings.NewReader(b.typed), &out, &errs, b.environ()); code != exitFailed || !strings.Contains(errs.String(), "reeve init") {
		t.Errorf("leaving the first run: exit code %d, %q", code, errs.String())
	}
	if found, err := os.ReadDir(folder); err != nil || len(found) != 0 {
		t.Errorf("there is now %v (%v)", found, err)
	}
	b.terminal = false
	b.must("init", "--tenant", "acme", "--owner", "root", "--region", "cn-hangzhou")
	b.must("workspace", "list")
}

func TestReadOnly(t *testing.T) {
	b := newTenant(t)
	for _, args := range []string{"workspace list", "workspace show sales_dw", "member list -w sales_dw", "role list -w sales_dw", "audit list", "audit verify", "user list", "region list"} {
		b.must(append(strings.Fields(args), "--read-only")...)
	}
	for _, args := range []string{
		"workspace create x_y --region cn-hangzhou", "workspace disable sales_dw", "workspace delete sales_dw --yes", "user add max",
		"member remove zoe -w sales_dw", "role create finance --set deployment=read -w sales_dw", "region activate cn-beijing --edition basic",
		"init --tenant a --owner b --region cn-hangzhou",
	} {
		b.fails(exitDenied, []string{"read-only"}, append(strings.Fields(args), "--read-only")...)
	}
	b.fails(exitNotFound, []string{"no such database"}, "workspace", "list", "--read-only", "--db", filepath.Join(t.TempDir(), "none.db"))
}

// TestRehearsalsInAReadOnlySession holds that what changes nothing is open to a read-only session, with the rights that it takes, and that
// it does change nothing.
func TestRehearsalsInAReadOnlySession(t *testing.T) {
	b := newTenant(t)
	b.must("role", "create", "finance", "--set", "deployment=read", "-w", "sales_dw")
	b.must("member", "add", "bo", "--role", "develop", "-w", "sales_dw")
	b.now = b.now.AddDate(0, 3, 0)
	b.must("review", "start", "-w", "sales_dw", "--days", "30")
	b.must("export")
	seal := func() [32]byte {
		data, err := os.ReadFile(b.db)
		if err != nil {
			t.Fatal(err)
		}
		return sha256.Sum256(data)
	}
	before, audit := seal(), b.must("audit", "list")
	rows := b.file("rows.csv", "name,roles\namy,develop\n")
	for _, args := range []string{
		"user leave bo --dry-run", "user leave bo --preview", "user delete amy --preview", "member remove bo -w sales_dw --preview",
		"role set finance --set deployment=write -w sales_dw --preview", "member import " + rows + " -w sales_dw --dry-run",
		"review decide 1 --item all=keep -w sales_dw --preview", "member add amy --role develop -w sales_dw --preview",
	} {
		b.must(append(strings.Fields(args), "--read-only")...)
		b.fails(exitDenied, []string{"This needs"}, append(strings.Fields(args), "--read-only", "--as", "amy")...)
		b.fails(exitDenied, []string{"read-only"}, append(strings.Fields(strings.NewReplacer(" --preview", "", " --dry-run", "").Replace(args)), "--read-only", "--yes")...)
	}
	if seal() != before {
		t.Error("the file is another one")
	}
	if b.must("audit", "list") != audit {
		t.Error("the audit has new entries")
	}
}

func TestAReadOnlyDatabase(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("permissions do not bind root")
	}
	b := newTenant(t)
	for _, path := range []string{b.db, filepath.Dir(b.db)} {
		if err := os.Chmod(path, 0o500); err != nil { // #nosec G302 -- one of them is a folder
			t.Fatal(err)
		}
	}
	defer func() { _ = os.Chmod(filepath.Dir(b.db), 0o700) }() // #nosec G302 -- a folder
	b.fails(exitFailed, []string{"cannot be"}, "workspace", "disable", "sales_dw")
}

func TestFilesThatAreNoDatabase(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(t *testing.T, b *bench)
		says  []string
	}{
		"something else": {func(t *testing.T, b *bench) { write(t, b.db, []byte(strings.Repeat("this is a letter\n", 300))) }, []string{"not a reeve database", "--db"}},
		"damaged": {func(t *testing.T, b *bench) {
			data, err := os.ReadFile(b.db)
			if err != nil {
				t.Fatal(err)
			}
			for i := 100; i < len(data); i++ {
				data[i] = 0xff
			}
			write(t, b.db, data)
		}, []string{"damaged", "backup"}},
		"newer": {func(t *testing.T, b *bench) {
			b.tamper("INSERT INTO schema_migration (version, name, checksum) VALUES (99999, '99999_later.sql', 'x')")
		}, []string{"written by a newer reeve", "Update reeve"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newTenant(t)
			for _, suffix := range []string{"-wal", "-shm"} {
				_ = os.Remove(b.db + suffix) // gone already where the last connection took it away
			}
			c.spoil(t, b)
			b.fails(exitFailed, c.says, "workspace", "list")
		})
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil { // #nosec G703 -- a file of the test's own
		t.Fatal(err)
	}
}

func TestAnInterruptedCommandSaysSo(t *testing.T) {
	b := newTenant(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	code := run(ctx, []string{"workspace", "disable", "sales_dw"}, strings.NewReader(""), &out, &errs, b.environ())
	if code != exitFailed || errs.String() != "Stopped; nothing was changed.\n" || out.Len() > 0 {
		t.Errorf("exit code %d, %q, %q", code, errs.String(), out.String())
	}
	if w := b.one("workspace", "show", "sales_dw"); w["status"] != "normal" {
		t.Errorf("the workspace is %v", w["status"])
	}
}

// full is a stream that takes nothing, like a pipe or a disk that is full.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestAChangeStandsWithoutItsAnswer(t *testing.T) {
	b := newTenant(t)
	for args, stands := range map[string]bool{
		"user add piper": true, "user add paul -o json": true, "user list": false, "member remove zoe -w sales_dw --preview": false,
	} {
		var errs bytes.Buffer
		code := run(t.Context(), strings.Fields(args), strings.NewReader(""), full{}, &errs, b.environ())
		if got := strings.Contains(errs.String(), "The change is made and stands"); code != exitFailed || got != stands {
			t.Errorf("%s: exit code %d, %q", args, code, errs.String())
		}
	}
	if users := column(b.list("user", "list"), "name"); !strings.Contains(users, "piper") || !strings.Contains(users, "paul") {
		t.Errorf("users %s", users)
	}
}

func TestSetupHoldsToTheSameRules(t *testing.T) {
	b := newBench(t)
	c, err := newCLI(nil, strings.NewReader(""), nil, nil, b.environ())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.fieldError(tenant.NameFault("")); err == nil || err.Error() != "must not be empty" {
		t.Errorf("an empty name: %v", err)
	}
	if err := c.fieldError(tenant.NameFault("a\x1b[2J")); err == nil || !strings.Contains(err.Error(), "<001B>") {
		t.Errorf("a hostile name: %v", err)
	}
	if err := c.fieldError(tenant.NameFault("acme")); err != nil {
		t.Errorf("a good name: %v", err)
	}
	s, err := c.catalogues()
	if err != nil {
		t.Fatal(err)
	}
	if regions, editions := c.regionOptions(s), c.editionOptions(s); len(regions) != 30 || regions[0].Value != "cn-hangzhou" || len(editions) != 4 || editions[3].Key != "Enterprise" {
		t.Errorf("%d regions and %d editions are offered", len(regions), len(editions))
	}
}
