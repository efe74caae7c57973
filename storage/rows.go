package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// scanner is a row being read, alone or among others.
type scanner interface {
	Scan(dest ...any) error
}

// all reads every row of a query.
func all[T any](ctx context.Context, db *DB, doing string, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	var found []T
	err := each(ctx, db, doing, func(row scanner) error {
		v, err := scan(row)
		found = append(found, v)
		return err
	}, query, args...)
	if err != nil {
		return nil, err
	}
	return found, nil
}

// each hands over the rows of a query one by one, until do fails.
func each(ctx context.Context, db *DB, doing string, do func(scanner) error, query string, args ...any) (err error) {
	rows, err := db.q(ctx).QueryContext(ctx, query, args...)
	if err != nil {
		return db.fail(doing, err)
	}
	defer func() { err = errors.Join(err, db.fail(doing, rows.Close())) }()
	for rows.Next() {
		if err := do(rows); err != nil {
			return db.fail(doing, err)
		}
	}
	return db.fail(doing, rows.Err())
}

// one reads the first row of a query; ok is false when there is none.
func one[T any](ctx context.Context, db *DB, doing string, scan func(scanner) (T, error), query string, args ...any) (v T, ok bool, err error) {
	v, err = scan(db.q(ctx).QueryRowContext(ctx, query, args...))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		var zero T
		return zero, false, nil
	case err != nil:
		return v, false, db.fail(doing, err)
	}
	return v, true, nil
}

// value scans a row of one column.
func value[T any](row scanner) (v T, err error) {
	err = row.Scan(&v)
	return v, err
}

// exec changes rows and tells how many.
func (db *DB) exec(ctx context.Context, doing, query string, args ...any) (int64, error) {
	result, err := db.q(ctx).ExecContext(ctx, query, args...)
	if err != nil {
		return 0, db.fail(doing, err)
	}
	n, err := result.RowsAffected()
	return n, db.fail(doing, err)
}

// insertRow inserts one row and returns its id.
func (db *DB) insertRow(ctx context.Context, doing, query string, args ...any) (int64, error) {
	result, err := db.q(ctx).ExecContext(ctx, query, args...)
	if err != nil {
		return 0, db.fail(doing, err)
	}
	id, err := result.LastInsertId()
	return id, db.fail(doing, err)
}

// set is a set of ids, texts or rows of numbers as one argument, for IN (SELECT value FROM json_each(?)): the statement stays the same for
// any number of them.
func set[T any](list []T) string {
	text, err := json.Marshal(list)
	if err != nil || len(list) == 0 { // numbers and texts can always be written
		return "[]"
	}
	return string(text)
}

// everOf and orNobody stand around the id of a principal in SQL and make it the name that the principal has, or had before it was
// deleted; empty for nobody.
const (
	everOf   = "coalesce((SELECT e.name FROM principal_ever e WHERE e.id = "
	orNobody = "), '')"
)

// atMost is a limit for statements that are run very often, with one of few numbers: SQLite prepares a statement anew each time
// another number is given for the place of a limit.
func atMost(n int) string { return " LIMIT " + strconv.Itoa(n) }

// unix is a time as it is stored: seconds, 0 for none.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// unixOf is unix for a time that may be missing.
func unixOf(t *time.Time) int64 {
	if t == nil {
		return 0
	}
	return unix(*t)
}

// moment is a stored time; the zero time for 0.
func moment(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// momentOf is moment for a time that may be missing.
func momentOf(seconds int64) *time.Time {
	if seconds == 0 {
		return nil
	}
	t := moment(seconds)
	return &t
}

// errMissing is the error for a record that the caller has just been given and that is gone: the caller works outside
// the transaction that found it.
func errMissing(what string, id any) error { return fmt.Errorf("there is no %s %v", what, id) }
