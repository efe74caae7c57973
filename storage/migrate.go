package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrationFiles embed.FS

// migration is one step of the schema.
type migration struct {
	version  int64
	name     string
	checksum string
}

// readMigrations returns the steps this program knows, oldest first.
func readMigrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, err
	}
	known := make([]migration, 0, len(names))
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		// A checkout may have turned the line ends; that is no other migration.
		sum := sha256.Sum256([]byte(strings.ReplaceAll(string(data), "\r\n", "\n")))
		known = append(known, migration{version: version, name: name, checksum: hex.EncodeToString(sum[:])})
	}
	slices.SortFunc(known, func(a, b migration) int { return int(a.version - b.version) })
	return known, nil
}

// migrate brings the schema up to date. A current database costs one query.
func (db *DB) migrate(ctx context.Context, files fs.FS) error {
	known, err := readMigrations(files)
	if err != nil {
		return err
	}
	applied, err := db.applied(ctx)
	if err != nil {
		return err
	}
	current, err := compare(known, applied)
	if err != nil {
		return err
	}
	if current {
		return db.notNewer(ctx, known)
	}
	if err := db.checkOrigin(ctx, known); err != nil {
		return err
	}
	if db.readOnly {
		return fmt.Errorf("%w: %d of %d migrations applied", Older, len(applied), len(known))
	}
	if err := db.apply(ctx, files); err != nil {
		return err
	}
	return db.record(ctx, known)
}

// compare tells whether the applied migrations are all the known ones. It fails when they are not even the first of
// them.
func compare(known, applied []migration) (current bool, err error) {
	for i, a := range applied {
		if i >= len(known) {
			return false, fmt.Errorf("%w: it has migration %s", Newer, a.name)
		}
		if a.version != known[i].version || a.checksum != known[i].checksum {
			return false, fmt.Errorf("%w: migration %s is not the %s it was made with", Changed, known[i].name, a.name)
		}
	}
	return len(known) > 0 && len(applied) == len(known), nil
}

// applied returns the migrations the database was made with, oldest first; none for a new one.
func (db *DB) applied(ctx context.Context) (_ []migration, err error) {
	rows, err := db.readers.QueryContext(ctx, "SELECT version, name, checksum FROM schema_migration ORDER BY version")
	if err != nil {
		if _, fileProblem := problemOf(err); fileProblem || ctx.Err() != nil {
			return nil, err
		}
		return nil, nil // the table is not there yet; checkOrigin looks whose file it is
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var applied []migration
	for rows.Next() {
		var m migration
		if err := rows.Scan(&m.version, &m.name, &m.checksum); err != nil {
			return nil, err
		}
		applied = append(applied, m)
	}
	return applied, rows.Err()
}

// checkOrigin refuses to migrate a file that belongs to another program, and one that a newer version of this program
// has migrated without coming to record it.
func (db *DB) checkOrigin(ctx context.Context, known []migration) error {
	var tables, ours int
	err := db.readers.QueryRowContext(ctx,
		"SELECT count(*), count(*) FILTER (WHERE name = ?) FROM sqlite_schema", goose.DefaultTablename).Scan(&tables, &ours)
	if err != nil {
		return fmt.Errorf("reading the schema: %w", err)
	}
	if ours == 0 {
		if tables > 0 {
			return fmt.Errorf("%w: it has %d other tables and indexes", Foreign, tables)
		}
		return nil
	}
	return db.notNewer(ctx, known)
}

// notNewer refuses a file whose schema is newer than the newest migration known here.
func (db *DB) notNewer(ctx context.Context, known []migration) error {
	version, err := db.version(ctx)
	if err != nil {
		return err
	}
	if len(known) == 0 || version > known[len(known)-1].version {
		return fmt.Errorf("%w: it has migration %d", Newer, version)
	}
	return nil
}

func (db *DB) version(ctx context.Context) (int64, error) {
	var version sql.NullInt64
	query := "SELECT max(version_id) FROM " + goose.DefaultTablename + " WHERE is_applied" // #nosec G202 -- a constant
	if err := db.readers.QueryRowContext(ctx, query).Scan(&version); err != nil {
		return 0, fmt.Errorf("reading the schema version: %w", err)
	}
	return version.Int64, nil
}

// Who makes a new database together with others waits for them as long as for any lock. SQLite itself does not wait where one of them
// turns the file into one with a log of writes.
const (
	busyPause = 20 * time.Millisecond
	busyLimit = 5 * time.Second
)

// pause waits for so long, or until ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// apply runs the missing migrations, each in its own transaction. Another process may be doing the same with the same
// file; whoever comes second fails on what is already there, so apply goes on as long as the version moves.
func (db *DB) apply(ctx context.Context, files fs.FS) error {
	provider, err := goose.NewProvider(goose.DialectSQLite3, db.writer, files,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	for before, begun := int64(-1), time.Now(); ; {
		_, err := provider.Up(ctx)
		if err == nil {
			return nil
		}
		if p, ok := problemOf(err); ok && p == Busy && time.Since(begun) < busyLimit {
			if err := pause(ctx, busyPause); err != nil {
				return err
			}
			continue
		}
		version, versionErr := db.version(ctx)
		if versionErr != nil || version <= before {
			return fmt.Errorf("migrating: %w", err)
		}
		before = version
	}
}

// record keeps the checksums of the applied migrations, so that a later start can tell whether they are still the
// same with a single query.
func (db *DB) record(ctx context.Context, known []migration) error {
	return db.Write(ctx, func(ctx context.Context) error {
		_, err := db.q(ctx).ExecContext(ctx, `CREATE TABLE IF NOT EXISTS schema_migration (
			version  INTEGER NOT NULL PRIMARY KEY,
			name     TEXT NOT NULL,
			checksum TEXT NOT NULL -- SHA-256 of the file, in hexadecimal digits
		) STRICT`)
		if err != nil {
			return fmt.Errorf("recording the migrations: %w", err)
		}
		for _, m := range known {
			_, err := db.q(ctx).ExecContext(ctx,
				"INSERT INTO schema_migration (version, name, checksum) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
				m.version, m.name, m.checksum)
			if err != nil {
				return fmt.Errorf("recording the migrations: %w", err)
			}
		}
		return nil
	})
}
