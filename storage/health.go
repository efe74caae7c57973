package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"time"
)

// Health is what can be said of the database as a file.
type Health struct {
	// Engine is the version of SQLite, Schema that of the tables.
	Engine string
	Schema int64
	// Size is in bytes.
	Size int64
	// Damage is what is wrong with the file, and Loose the rows that refer to others which are not there; none of either is well.
	Damage []string
	Loose  []string
	// Strange are the tables and indexes that are missing, were changed, or were added by somebody else, by name in order; none
	// of them is well.
	Strange []string
	// Newest is when the newest entry of the audit was written; the zero time for none.
	Newest time.Time
}

// Health reads the whole file, which takes a few seconds for each gigabyte.
func (db *DB) Health(ctx context.Context) (h Health, err error) {
	const doing = "examining the database"
	err = db.Read(ctx, func(ctx context.Context) error {
		if h.Engine, _, err = one(ctx, db, doing, value[string], "SELECT sqlite_version()"); err != nil {
			return err
		}
		if h.Schema, err = db.version(ctx); err != nil {
			return err
		}
		if h.Size, _, err = one(ctx, db, doing, value[int64], "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"); err != nil {
			return err
		}
		if h.Damage, err = all(ctx, db, doing, value[string], "SELECT integrity_check FROM pragma_integrity_check() WHERE integrity_check <> 'ok'"); err != nil {
			return err
		}
		if h.Loose, err = all(ctx, db, doing, value[string], `SELECT DISTINCT "table" || ' → ' || parent FROM pragma_foreign_key_check()`); err != nil {
			return err
		}
		if h.Strange, err = db.strange(ctx); err != nil {
			return err
		}
		newest, _, err := one(ctx, db, doing, value[int64], "SELECT coalesce(max(at), 0) FROM audit")
		h.Newest = moment(newest)
		return err
	})
	return h, err
}

// Files are the files of the database that must be for its owner alone, whether they are there or not.
func (db *DB) Files() []string {
	return []string{db.path, db.path + "-wal", db.path + "-shm", db.path + checkpointSuffix, db.path + keySuffix}
}

// strange compares the schema with the one that the migrations make in an empty database.
func (db *DB) strange(ctx context.Context) (_ []string, err error) {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, fmt.Errorf("reading the migrations: %w", err)
	}
	memory, err := pool("file::memory:?_dqs=0", 1)
	if err != nil {
		return nil, db.fail("opening an empty database", err)
	}
	defer func() { err = errors.Join(err, memory.Close()) }()
	fresh := &DB{path: db.path, clock: db.clock, writer: memory, readers: memory}
	if err := fresh.apply(ctx, files); err != nil {
		return nil, db.fail("making an empty database", err)
	}
	want, err := fresh.schema(ctx)
	if err != nil {
		return nil, err
	}
	have, err := db.schema(ctx)
	if err != nil {
		return nil, err
	}
	names := slices.Sorted(maps.Keys(want))
	for name := range have {
		if _, known := want[name]; !known {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.DeleteFunc(names, func(name string) bool { return have[name] == want[name] }), nil
}

// schema is what each table, index, view and trigger was made by. What SQLite makes for itself and what records the migrations,
// which they do not make, are left out.
func (db *DB) schema(ctx context.Context) (map[string]string, error) {
	type made struct{ name, by string }
	found, err := all(ctx, db, "reading the schema", func(r scanner) (m made, err error) { err = r.Scan(&m.name, &m.by); return m, err },
		`SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name <> 'schema_migration'`)
	by := make(map[string]string, len(found))
	for _, m := range found {
		by[m.name] = m.by
	}
	return by, err
}
