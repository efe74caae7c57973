package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	codes "modernc.org/sqlite/lib"

	"reeve/core/fault"
)

func openError(t *testing.T, path string) error {
	t.Helper()
	db, err := open(t.Context(), Options{Path: path}, entries)
	if err == nil {
		t.Error("opened without an error")
		_ = db.Close()
	}
	return err
}

func TestOpenWhatIsNoDatabase(t *testing.T) {
	for name, content := range map[string]string{
		"short text": "hello", "long text": strings.Repeat("This is no database.\n", 500),
		"header of zeroes": strings.Repeat("\x00", 8192),
	} {
		path := filepath.Join(t.TempDir(), "test.db")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Log(name)
		wantProblem(t, openError(t, path), Foreign)
		after, err := os.ReadFile(path) // #nosec G304 -- a temporary file of this test
		if err != nil || string(after) != content {
			t.Errorf("%s: the file was changed (%v)", name, err)
		}
	}
}

func TestOpenDatabaseOfAnotherProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "other.db")
	other, err := sql.Open("sqlite", dsn(path, ""))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.ExecContext(t.Context(), "CREATE TABLE song (title TEXT)"); err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	wantProblem(t, openError(t, path), Foreign)
}

func TestOpenWhatCannotBeOpened(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"a folder": folder, "a device": os.DevNull, "below a file": filepath.Join(file, "test.db"), "nothing": "", "a zero byte": "a\x00b",
	} {
		t.Log(name)
		wantProblem(t, openError(t, path), CannotOpen)
	}
}

func TestOpenInForbiddenFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("the administrator of the machine may write everywhere")
	}
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o500); err != nil { // #nosec G302 -- a folder needs its x bit
		t.Fatal(err)
	}
	wantProblem(t, openError(t, filepath.Join(folder, "test.db")), CannotOpen)
}

func TestWriteToFileMadeReadOnly(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("the administrator of the machine may write everywhere")
	}
	db := openNew(t)
	write(t, db, 1)
	sealed(t, db)
	if err := os.Chmod(db.Path(), 0o400); err != nil {
		t.Fatal(err)
	}
	again := openAt(t, db.Path(), entries)
	wantCount(t, again, 1)
	err := again.Write(t.Context(), func(ctx context.Context) error { return insert(ctx, again, 2, "x") })
	wantProblem(t, err, ReadOnly)
}

func damage(t *testing.T, change func([]byte) []byte) string {
	t.Helper()
	db := openNew(t)
	err := db.Write(t.Context(), func(ctx context.Context) error {
		for n := range 1000 {
			if err := insert(ctx, db, n, strings.Repeat("x", 100)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	content := sealed(t, db)
	if err := os.WriteFile(db.Path(), change(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return db.Path()
}

func TestDamagedFile(t *testing.T) {
	for name, change := range map[string]func([]byte) []byte{
		"cut in half":           func(b []byte) []byte { return b[:len(b)/2] },
		"cut in the first page": func(b []byte) []byte { return b[:1000] },
		"first page scribbled over": func(b []byte) []byte {
			copy(b[100:4096], strings.Repeat("\xff", 3996))
			return b
		},
	} {
		t.Log(name)
		wantProblem(t, openError(t, damage(t, change)), Damaged)
	}
	t.Log("header scribbled over")
	wantProblem(t, openError(t, damage(t, func(b []byte) []byte {
		copy(b, strings.Repeat("\xff", 100))
		return b
	})), Foreign)
}

// Damage in the middle shows only when somebody reads there.
func TestDamagedPage(t *testing.T) {
	const page = 4096
	path := damage(t, func(b []byte) []byte {
		middle := len(b) / page / 2 * page
		copy(b[middle:middle+page], strings.Repeat("\xa5", page))
		return b
	})
	db := openAt(t, path, entries)
	sum := func(ctx context.Context) error {
		return db.q(ctx).QueryRowContext(ctx, "SELECT sum(length(text)) FROM entry").Scan(new(int))
	}
	wantProblem(t, db.Read(t.Context(), sum), Damaged)
	wantProblem(t, db.Write(t.Context(), sum), Damaged)
}

func TestFullDisk(t *testing.T) {
	db := openNew(t)
	write(t, db, 0)
	var limit int
	if err := db.writer.QueryRowContext(t.Context(), "PRAGMA max_page_count = 20").Scan(&limit); err != nil || limit != 20 {
		t.Fatalf("the limit is %d (%v)", limit, err)
	}
	fill := func(ctx context.Context) error {
		for n := range 10_000 {
			if err := insert(ctx, db, n+1, strings.Repeat("x", 100)); err != nil {
				return fmt.Errorf("inserting: %w", err)
			}
		}
		return nil
	}
	wantProblem(t, db.Write(t.Context(), fill), Full)
	wantCount(t, db, 1)
	if err := db.writer.QueryRowContext(t.Context(), "PRAGMA max_page_count = 100000").Scan(&limit); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(t.Context(), fill); err != nil {
		t.Errorf("with room again: %v", err)
	}
	wantCount(t, db, 10_001)
}

func TestBusy(t *testing.T) {
	db := openNew(t)
	other := openAt(t, db.Path(), entries)
	var timeout int
	if err := other.writer.QueryRowContext(t.Context(), "PRAGMA busy_timeout = 1").Scan(&timeout); err != nil {
		t.Fatal(err)
	}
	err := db.Write(t.Context(), func(context.Context) error {
		wantCount(t, other, 0)                                                      //nolint:contextcheck // reading goes on outside the transaction
		err := other.Write(t.Context(), func(context.Context) error { return nil }) //nolint:contextcheck // as above
		wantProblem(t, err, Busy)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	write(t, other, 1)
}

func TestErrorsThatAreNoProblemOfTheFile(t *testing.T) {
	db := openNew(t)
	write(t, db, 1)
	err := db.Write(t.Context(), func(ctx context.Context) error { return insert(ctx, db, 1, "again") })
	if !violatesUnique(err) || fault.KindOf(err) != fault.KindFailed {
		t.Errorf("a value twice is %v", err)
	}
	err = db.Read(t.Context(), func(ctx context.Context) error {
		return db.q(ctx).QueryRowContext(ctx, "SELECT n FROM entry WHERE n = 7").Scan(new(int))
	})
	if !errors.Is(err, sql.ErrNoRows) || violatesUnique(err) {
		t.Errorf("no row is %v", err)
	}
	missing := &fault.NotFound{What: "workspace", Name: "x"}
	if err := db.Read(t.Context(), func(context.Context) error { return missing }); !errors.Is(err, missing) {
		t.Errorf("a fault of core became %v", err)
	}
	if err := db.fail("closing", nil); err != nil {
		t.Errorf("no error became %v", err)
	}
}

func TestProblemsAreToldApart(t *testing.T) {
	seen := map[string]Problem{}
	for p := IO; p <= Missing; p++ {
		for _, words := range []string{p.Error(), p.text().ID} {
			if other, twice := seen[words]; twice || words == "" {
				t.Errorf("problem %d says %q like problem %d", p, words, other)
			}
			seen[words] = p
		}
		if next := p.next("path"); next.ID != p.text().ID+".next" || next.Args["Path"] != "path" {
			t.Errorf("after %s comes %+v", p.text().ID, next)
		}
	}
	if got := Problem(200).Error(); got != "database: unknown problem" {
		t.Errorf("an unknown problem is %q", got)
	}
}

func TestCodes(t *testing.T) {
	for code, want := range map[int]Problem{
		codes.SQLITE_BUSY: Busy, codes.SQLITE_BUSY_SNAPSHOT: Busy, codes.SQLITE_LOCKED: Busy, codes.SQLITE_PROTOCOL: Busy,
		codes.SQLITE_READONLY: ReadOnly, codes.SQLITE_READONLY_DBMOVED: ReadOnly,
		codes.SQLITE_FULL: Full, codes.SQLITE_IOERR_SHMSIZE: Full,
		codes.SQLITE_CORRUPT: Damaged, codes.SQLITE_CORRUPT_INDEX: Damaged,
		codes.SQLITE_NOTADB: Foreign, codes.SQLITE_CANTOPEN: CannotOpen, codes.SQLITE_CANTOPEN_ISDIR: CannotOpen,
		codes.SQLITE_PERM: CannotOpen, codes.SQLITE_IOERR_FSYNC: IO, codes.SQLITE_IOERR_SHORT_READ: IO,
	} {
		if got, ok := problemOfCode(code); !ok || got != want {
			t.Errorf("code %d is %v (%t), want %v", code, got, ok, want)
		}
	}
	for _, code := range []int{codes.SQLITE_ERROR, codes.SQLITE_CONSTRAINT_UNIQUE, codes.SQLITE_INTERRUPT, codes.SQLITE_MISUSE} {
		if got, ok := problemOfCode(code); ok {
			t.Errorf("code %d is %v", code, got)
		}
	}
}
