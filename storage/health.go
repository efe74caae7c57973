package storage

import (
	"context"
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
