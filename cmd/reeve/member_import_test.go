package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// inSales adds the workspace to the words of a command.
func inSales(args ...string) []string { return append(args, "-w", "sales_dw") }

func TestAnImportSaysTheDifferencesAppliesTheGoodRowsAndHandsTheBadOnesBack(t *testing.T) {
	b := newTenant(t)
	b.must(inSales("member", "add", "bo", "--role", "visitor")...)
	file := b.file("people.csv", "user,roles,until\nbo,develop,90d\namy,\"develop, o&m\",2026-12-31\namz,develop,\nlin,visitr,\n")
	rejects := filepath.Join(t.TempDir(), "rejects.csv")
	o := b.run(inSales("member", "import", file, "--dry-run")...)
	for _, want := range []string{"bo", "+Develop until 2026-05-30T09:", "+O&M until 2027-01-01T00:00:00Z", "there is no user amz (nearest: amy)", "nearest: Visitor", "nothing done"} {
		if !strings.Contains(o.out, want) {
			t.Errorf("the dry run lacks %q:\n%s", want, o.out)
		}
	}
	if o.code != exitFailed || len(b.list(inSales("member", "list")...)) != 4 {
		t.Errorf("the dry run exits with %d, or did something", o.code)
	}
	if o = b.run(inSales("member", "import", file, "--rejects", rejects)...); o.code != exitFailed || !strings.Contains(o.out, "added 1, changed 1, removed 0, same 0, handed back 2") {
		t.Errorf("exit %d: %s%s", o.code, o.out, o.errors)
	}
	if len(b.list(inSales("member", "list")...)) != 5 {
		t.Error("amy is no member")
	}
	back, err := os.ReadFile(rejects) // #nosec G304 -- a file of the test
	if err != nil || !strings.HasPrefix(string(back), "user,roles,until,reason\namz,develop,,there is no user amz") {
		t.Errorf("handed back: %s (%v)", back, err)
	}
	mended := strings.NewReplacer("amz", "zoe", "visitr", "visitor").Replace(string(back))
	b.must(inSales("member", "import", b.file("mended.csv", mended), "--rejects", rejects)...)
	back, err = os.ReadFile(rejects) // #nosec G304 -- a file of the test
	if err != nil || string(back) != "user,roles,until\n" {
		t.Errorf("nothing is handed back, but the file says %s (%v)", back, err)
	}
	if o := b.run(inSales("member", "import", file, "--dry-run", "-o", "json")...); !strings.Contains(o.out, `"rejected": 2`) || !strings.Contains(o.out, `"result": "same"`) {
		t.Errorf("as JSON: %s%s", o.out, o.errors)
	}
}

func TestToTakePeopleOutIsConfirmed(t *testing.T) {
	b := newTenant(t)
	b.must(inSales("member", "add", "bo", "amy", "--role", "develop")...)
	b.typed = "root role_project_owner\nzoe workspace administrator\nlin workspace administrator\nbo develop until 2w\n"
	exactly := inSales("member", "import", "-", "--exactly")
	b.fails(exitUsage, []string{"takes roles away", "--yes"}, exactly...)
	b.terminal = true
	b.fails(exitUsage, []string{"--yes"}, exactly...) // what stands on stdin is not typed by anybody
	file := b.file("pasted.txt", b.typed)
	b.typed = "no\n"
	b.fails(exitUsage, []string{"remove", "amy", "Type its name"}, inSales("member", "import", file, "--exactly")...)
	b.typed = "sales_dw\n"
	if text := b.must(inSales("member", "import", file, "--exactly")...); !strings.Contains(text, "removed 1") {
		t.Error(text)
	}
	if len(b.list(inSales("member", "list")...)) != 4 {
		t.Error("amy is still a member")
	}
	if text := b.must(inSales("member", "import", b.file("zoe.txt", "zoe workspace administrator"), "--exactly", "--yes", "--as", "zoe")...); !strings.Contains(text, "removed 2") {
		t.Error(text)
	}
	b.fails(exitUsage, []string{"there is no format"}, inSales("member", "import", file, "--format", "xlsx")...)
	b.fails(exitUsage, []string{"no such file"}, inSales("member", "import", file+"x")...)
	b.fails(exitDenied, nil, inSales("member", "import", file, "--as", "bo")...)
}

func TestWhatIsExportedIsImportedAsTheSame(t *testing.T) {
	b := newTenant(t)
	b.must(inSales("role", "create", "finance reader", "--set", "data-studio=read")...)
	b.must(inSales("member", "add", "bo", "--role", "finance reader", "develop", "--until", "8h")...)
	b.must(inSales("member", "add", "amy", "--role", "visitor")...)
	for _, form := range []string{"csv", "json", "lines"} {
		b.typed = b.must(inSales("member", "export", "--format", form)...)
		if text := b.must(inSales("member", "import", "-", "--exactly")...); !strings.Contains(text, "added 0, changed 0, removed 0, same 5, handed back 0") {
			t.Errorf("%s: %s", form, text)
		}
	}
	for _, list := range [][]string{{"member", "list", "-o", "json"}, {"member", "list", "-o", "csv"}, {"member", "export", "-o", "json"}} {
		b.typed = b.must(inSales(list...)...)
		if text := b.must(inSales("member", "import", "-", "--exactly")...); !strings.Contains(text, "same 5") {
			t.Errorf("%v: %s", list, text)
		}
	}
	b.must(inSales("member", "set-roles", "bo", "--role", "develop", "--besides", "--until", "4h")...)
	b.must(inSales("member", "set-roles", "amy", "--role", "o&m", "--besides", "--until", "4h")...)
	for _, list := range [][]string{{"member", "list", "-o", "json"}, {"member", "list", "-o", "csv"}} {
		b.typed = b.must(inSales(list...)...)
		if text := b.must(inSales("member", "import", "-", "--exactly", "--dry-run")...); !strings.Contains(text, "leave 5 as they are") {
			t.Errorf("%v of roles with ends and without: %s\n%s", list, text, b.typed)
		}
	}
	if !strings.Contains(b.typed, "O&M (until ") || strings.Contains(b.typed, "Visitor (until ") {
		t.Errorf("as CSV: %s", b.typed)
	}
	b.typed = "bo\namy\n"
	if text := b.must(inSales("member", "import", "-", "--role", "o&m")...); !strings.Contains(text, "changed 2") {
		t.Error(text)
	}
}

// TestRowsAreHandedBackOverNothingElse holds that a file with something else in it stays as it is, and the one that is imported as well.
func TestRowsAreHandedBackOverNothingElse(t *testing.T) {
	b := newTenant(t)
	rows := "user,roles\nzoe,visitor\nnobody.here,visitor\n"
	file, key := b.file("rows.csv", rows), b.file("key", "the only copy\n")
	for path, says := range map[string]string{file: "is there and is something else", key: "is there and is something else", b.file("back.csv", "user,roles,reason\nnobody.here,visitor,x\n"): "is the file that is imported"} {
		from := file
		if strings.Contains(path, "back.csv") {
			from = path
		}
		before, err := os.ReadFile(path) // #nosec G304 -- a file of the test
		if err != nil {
			t.Fatal(err)
		}
		b.fails(exitUsage, []string{says}, inSales("member", "import", from, "--rejects", path)...)
		if after, err := os.ReadFile(path); err != nil || string(after) != string(before) { // #nosec G304 -- a file of the test
			t.Errorf("%s is now %s (%v)", path, after, err)
		}
	}
	b.fails(exitUsage, []string{"is there and is something else"}, inSales("member", "import", file, "--rejects", "/dev/null")...)
	b.fails(exitUsage, []string{"is there and is something else"}, "export", "--out", "/dev/zero")
	b.fails(exitUsage, []string{"is there and is something else"}, "export", "--out", t.TempDir())
}
