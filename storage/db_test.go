package storage

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"reeve/core/fault"
)

func TestOpenShippedMigrations(t *testing.T) {
	names, err := filepath.Glob("migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Skip("there is no migration yet")
	}
	path := filepath.Join(t.TempDir(), "reeve.db")
	for range 2 {
		db, err := Open(t.Context(), Options{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenKeepsTheFileToItsOwner(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no permission bits")
	}
	folder := filepath.Join(t.TempDir(), "one", "two")
	db := openAt(t, filepath.Join(folder, "test.db"), entries)
	write(t, db, 1)
	for path, want := range map[string]os.FileMode{
		filepath.Dir(folder): 0o700, folder: 0o700, db.Path(): 0o600, db.Path() + "-wal": 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has the mode %o, want %o", path, got, want)
		}
	}
}

func TestOpenAnyPath(t *testing.T) {
	for _, name := range []string{
		"plain.db", "with space.db", "what?mode=memory.db", "100%.db", "%41.db", "a#b.db", "a&b=c;d.db", "数据 'x'.db", "a:b.db",
	} {
		if runtime.GOOS == "windows" && strings.ContainsAny(name, "?:") {
			continue
		}
		folder := filepath.Join(t.TempDir(), "%20 ?#")
		path := filepath.Join(folder, name)
		db := openAt(t, path, entries)
		write(t, db, 1)
		sealed(t, db)
		found, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) != 1 || found[0].Name() != name {
			t.Errorf("%q became %v", name, found)
		}
		wantCount(t, openAt(t, path, entries), 1)
	}
}

func TestOpenRelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	db := openAt(t, "test.db", entries)
	if !filepath.IsAbs(db.Path()) || filepath.Base(db.Path()) != "test.db" {
		t.Errorf("the path is %s", db.Path())
	}
}

func TestConnectionsAreSetUp(t *testing.T) {
	db := openNew(t)
	wantCount(t, db, 0) // a connection learns of the journal mode with its first read
	for _, tt := range []struct {
		pragma string
		writer bool
		want   string
	}{
		{"journal_mode", true, "wal"}, {"synchronous", true, "2"}, {"foreign_keys", true, "1"},
		{"busy_timeout", true, "5000"}, {"query_only", true, "0"},
		{"journal_mode", false, "wal"}, {"query_only", false, "1"}, {"busy_timeout", false, "5000"},
	} {
		pool := db.readers
		if tt.writer {
			pool = db.writer
		}
		var got string
		if err := pool.QueryRowContext(t.Context(), "PRAGMA "+tt.pragma).Scan(&got); err != nil || got != tt.want {
			t.Errorf("%s (writer %t) is %s (%v), want %s", tt.pragma, tt.writer, got, err, tt.want)
		}
	}
	if got := db.readers.Stats().MaxOpenConnections; got != defaultReaders {
		t.Errorf("%d readers", got)
	}
	if got := db.writer.Stats().MaxOpenConnections; got != 1 {
		t.Errorf("%d writers", got)
	}
	if err := db.readers.QueryRowContext(t.Context(), `SELECT "no such column"`).Scan(new(string)); err == nil {
		t.Error("a wrong column name in double quotes passes as text")
	}
}

func TestReadersOption(t *testing.T) {
	db, err := open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "test.db"), Readers: 7}, entries)
	if err != nil {
		t.Fatal(err)
	}
	if got := db.readers.Stats().MaxOpenConnections; got != 7 {
		t.Errorf("%d readers, want 7", got)
	}
	if err := errors.Join(db.Close(), db.Close()); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}

func TestReadOnly(t *testing.T) {
	db := openNew(t)
	write(t, db, 1)
	before := sealed(t, db)
	reader, err := open(t.Context(), Options{Path: db.Path(), ReadOnly: true}, entries)
	if err != nil {
		t.Fatal(err)
	}
	if !reader.ReadOnly() || db.ReadOnly() {
		t.Error("ReadOnly says the wrong thing")
	}
	wantCount(t, reader, 1)
	wantProblem(t, reader.Write(t.Context(), func(context.Context) error { return nil }), ReadOnly)
	err = reader.Read(t.Context(), func(ctx context.Context) error { return insert(ctx, reader, 2, "x") })
	wantProblem(t, err, ReadOnly)
	if after := sealed(t, reader); string(after) != string(before) {
		t.Error("reading changed the file")
	}
}

// The fallback itself, since rights do not bind the administrator of the machine. A folder in the place of -shm is in its way.
func TestReadOnlyWithoutSharedMemory(t *testing.T) {
	db := openNew(t)
	write(t, db, 1)
	sealed(t, db)
	if err := os.Mkdir(db.Path()+"-shm", 0o700); err != nil {
		t.Fatal(err)
	}
	reader, err := open(t.Context(), Options{Path: db.Path(), ReadOnly: true}, entries)
	if err != nil {
		t.Fatal(err)
	}
	if err := reader.openImmutable(t.Context(), entries); err != nil {
		t.Fatal(err)
	}
	wantCount(t, reader, 1)
	if err := reader.Close(); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(db.Path()+"-wal", []byte("not to be missed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if alone(db.Path()) {
		t.Error("what the -wal file holds would be missed")
	}
}

func TestOnlyWhoMayCreateDoes(t *testing.T) {
	folder := t.TempDir()
	for _, o := range []Options{{ReadOnly: true}, {Existing: true}} {
		o.Path = filepath.Join(folder, "new", "test.db")
		_, err := open(t.Context(), o, entries)
		wantProblem(t, err, Missing)
		if fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("the kind is %s", fault.KindOf(err))
		}
	}
	found, err := os.ReadDir(folder)
	if err != nil || len(found) != 0 {
		t.Errorf("there is now %v (%v)", found, err)
	}
}
