package storage

import (
	"context"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// with returns the test's schema with more migrations.
func with(more map[string]string) fstest.MapFS {
	files := maps.Clone(entries)
	for name, content := range more {
		files[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return files
}

const second = "-- +goose Up\nALTER TABLE entry ADD COLUMN note TEXT;\n"

func TestMigrateStepByStep(t *testing.T) {
	db := openNew(t)
	write(t, db, 1)
	sealed(t, db)
	db = openAt(t, db.Path(), with(map[string]string{"00002_note.sql": second}))
	var note *string
	if err := db.readers.QueryRowContext(t.Context(), "SELECT note FROM entry WHERE n = 1").Scan(&note); err != nil {
		t.Fatal(err)
	}
	applied, err := db.applied(t.Context())
	if err != nil || len(applied) != 2 || applied[1].name != "00002_note.sql" || len(applied[1].checksum) != 64 {
		t.Errorf("recorded is %+v (%v)", applied, err)
	}
}

func TestOpenCurrentDoesNotWrite(t *testing.T) {
	db := openNew(t)
	before := sealed(t, db)
	again := openAt(t, db.Path(), entries)
	if again.wrote.Load() || again.writer.Stats().OpenConnections != 0 {
		t.Error("opening a current database uses the writer")
	}
	if string(sealed(t, again)) != string(before) {
		t.Error("opening a current database changes it")
	}
}

func TestOpenOtherVersions(t *testing.T) {
	two := with(map[string]string{"00002_note.sql": second})
	for _, tt := range []struct {
		name       string
		made, with fstest.MapFS
		readOnly   bool
		want       Problem
	}{
		{"newer", two, entries, false, Newer},
		{"newer, read-only", two, entries, true, Newer},
		{"older, read-only", entries, two, true, Older},
		{"changed", entries, with(map[string]string{"00001_entry.sql": second}), false, Changed},
		{"changed and newer", two, with(map[string]string{"00001_entry.sql": second}), false, Changed},
		{"other second step", two, with(map[string]string{"00003_note.sql": second}), false, Changed},
		{"a step in between", with(map[string]string{"00003_note.sql": second}), with(map[string]string{
			"00002_more.sql": "-- +goose Up\nSELECT 1;\n", "00003_note.sql": second}), false, Changed},
	} {
		path := filepath.Join(t.TempDir(), "test.db")
		sealed(t, openAt(t, path, tt.made))
		db, err := open(t.Context(), Options{Path: path, ReadOnly: tt.readOnly}, tt.with)
		t.Log(tt.name)
		wantProblem(t, err, tt.want)
		if err == nil {
			_ = db.Close()
		}
	}
}

func TestLineEndsAreNoChange(t *testing.T) {
	db := openNew(t)
	sealed(t, db)
	turned := with(map[string]string{
		"00001_entry.sql": strings.ReplaceAll(string(entries["00001_entry.sql"].Data), "\n", "\r\n")})
	openAt(t, db.Path(), turned)
}

// A program that dies between migrating and recording leaves a database that the next start completes.
func TestMigratedButNotRecorded(t *testing.T) {
	forget := func(t *testing.T, files fstest.MapFS) string {
		t.Helper()
		db := openAt(t, filepath.Join(t.TempDir(), "test.db"), files)
		err := db.Write(t.Context(), func(ctx context.Context) error {
			_, err := db.q(ctx).ExecContext(ctx, "DROP TABLE schema_migration")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		sealed(t, db)
		return db.Path()
	}
	db := openAt(t, forget(t, entries), entries)
	if applied, err := db.applied(t.Context()); err != nil || len(applied) != 1 {
		t.Errorf("recorded is %+v (%v)", applied, err)
	}
	wantProblem(t, openError(t, forget(t, with(map[string]string{"00002_note.sql": second}))), Newer)
}

// A file is newer if either record of its migrations says so.
func TestNewerByTheMigratorsOwnRecord(t *testing.T) {
	db := openAt(t, filepath.Join(t.TempDir(), "test.db"), entries)
	err := db.Write(t.Context(), func(ctx context.Context) error {
		_, err := db.q(ctx).ExecContext(ctx, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sealed(t, db)
	wantProblem(t, openError(t, db.Path()), Newer)
}

func TestFailingMigrationChangesNothing(t *testing.T) {
	db := openNew(t)
	write(t, db, 1)
	sealed(t, db)
	bad := with(map[string]string{"00002_bad.sql": "-- +goose Up\nDELETE FROM entry;\nINSERT INTO nowhere VALUES (1);\n"})
	broken, err := open(t.Context(), Options{Path: db.Path()}, bad)
	if err == nil {
		_ = broken.Close()
		t.Fatal("a migration that fails passes")
	}
	if !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("the error does not say what failed: %v", err)
	}
	wantCount(t, openAt(t, db.Path(), entries), 1)
}

func TestMigrationWithoutNumber(t *testing.T) {
	_, err := open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "test.db")}, with(map[string]string{"x.sql": second}))
	if err == nil || !strings.Contains(err.Error(), "x.sql") {
		t.Errorf("the error is %v", err)
	}
}
