package storage

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"reeve/core/fault"
)

// entries is a schema for these tests: one table, filled by insert.
var entries = fstest.MapFS{
	"README.md":       {Data: []byte("not a migration")},
	"00001_entry.sql": {Data: []byte("-- +goose Up\nCREATE TABLE entry (n INTEGER NOT NULL PRIMARY KEY, text TEXT NOT NULL) STRICT;\n")},
}

func openAt(t *testing.T, path string, files fs.FS) *DB {
	t.Helper()
	db, err := open(t.Context(), Options{Path: path}, files)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func openNew(t *testing.T) *DB {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "test.db"), entries)
}

func insert(ctx context.Context, db *DB, n int, text string) error {
	_, err := db.q(ctx).ExecContext(ctx, "INSERT INTO entry (n, text) VALUES (?, ?)", n, text)
	return err
}

func write(t *testing.T, db *DB, n int) {
	t.Helper()
	err := db.Write(t.Context(), func(ctx context.Context) error { return insert(ctx, db, n, "text") })
	if err != nil {
		t.Fatal(err)
	}
}

func count(ctx context.Context, db *DB) (int, error) {
	var n int
	err := db.q(ctx).QueryRowContext(ctx, "SELECT count(*) FROM entry").Scan(&n)
	return n, err
}

func wantCount(t *testing.T, db *DB, want int) {
	t.Helper()
	if got, err := count(t.Context(), db); err != nil || got != want {
		t.Errorf("%d entries (%v), want %d", got, err, want)
	}
}

// wantProblem checks that err is the problem and has everything a face needs to show it.
func wantProblem(t *testing.T, err error, want Problem) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("the error is %v, want %v", err, want)
		return
	}
	var u *fault.Unavailable
	if !errors.As(err, &u) || u.Evidence == "" || u.Text().ID != want.text().ID || u.Next().Args["Path"] == nil {
		t.Errorf("%v is not told as unavailable: %+v", want, u)
	}
}

// sealed closes a database so that everything is in the one file, and returns its content.
func sealed(t *testing.T, db *DB) []byte {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(db.Path())
	if err != nil {
		t.Fatal(err)
	}
	return content
}
