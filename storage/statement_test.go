package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"testing"
	"testing/fstest"

	"modernc.org/sqlite"
)

// counted makes connections that count the statements that were prepared and closed.
type counted struct {
	driver.Connector
	prepared, closed int
}

func (c *counted) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return countedConn{conn.(sqliteConn), c}, nil //nolint:forcetypeassert // a test
}

type countedConn struct {
	sqliteConn
	c *counted
}

func (c countedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	s, err := c.sqliteConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.c.prepared++
	return countedStatement{s.(statement), c.c}, nil //nolint:forcetypeassert // a test
}

type countedStatement struct {
	statement
	c *counted
}

func (s countedStatement) Close() error {
	s.c.closed++
	return s.statement.Close()
}

// openCounted is a database with the table entry whose connections count.
func openCounted(t *testing.T) (*DB, *counted) {
	t.Helper()
	db := openNew(t)
	base, err := sqlite.NewConnector(writerDSN(db.path))
	if err != nil {
		t.Fatal(err)
	}
	c := &counted{Connector: base}
	if err := db.writer.Close(); err != nil {
		t.Fatal(err)
	}
	db.writer = sql.OpenDB(connector{c})
	db.writer.SetMaxOpenConns(1)
	return db, c
}

func TestAStatementIsPreparedOnce(t *testing.T) {
	db, c := openCounted(t)
	for n := range 50 {
		write(t, db, n)
	}
	if c.prepared != 1 || c.closed != 0 {
		t.Errorf("50 times the same statement: %d prepared, %d closed; want 1 and 0", c.prepared, c.closed)
	}
	wantCount(t, db, 50)
}

func TestOneThatFailedIsNotKept(t *testing.T) {
	db, c := openCounted(t)
	write(t, db, 1)
	for range 3 {
		err := db.Write(t.Context(), func(ctx context.Context) error { return insert(ctx, db, 1, "again") })
		if !violatesUnique(err) {
			t.Fatalf("the same number twice: %v", err)
		}
	}
	write(t, db, 2)
	if c.prepared-c.closed != 1 {
		t.Errorf("%d prepared, %d closed: want one left", c.prepared, c.closed)
	}
	wantCount(t, db, 2)
}

func TestKeptStatementsAreBoundedAndClosedWithTheDatabase(t *testing.T) {
	db, c := openCounted(t)
	ask := func(ctx context.Context, n int) {
		t.Helper()
		got, ok, err := one(ctx, db, "asking", value[int], fmt.Sprintf("SELECT %d", n))
		if err != nil || !ok || got != n {
			t.Fatalf("%d: %d, %v, %v", n, got, ok, err)
		}
	}
	err := db.Write(t.Context(), func(ctx context.Context) error {
		for n := range 3 * keptStatements {
			ask(ctx, n)
			ask(ctx, 0) // used all the time, so never the one that goes
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if left := c.prepared - c.closed; left != keptStatements || c.prepared != 3*keptStatements {
		t.Errorf("%d prepared, %d left; want %d and %d", c.prepared, left, 3*keptStatements, keptStatements)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if c.prepared != c.closed {
		t.Errorf("%d prepared and %d closed", c.prepared, c.closed)
	}
}

func TestTheSameQueryWithinItsOwnRows(t *testing.T) {
	db, c := openCounted(t)
	for n := range 3 {
		write(t, db, n)
	}
	const numbers = "SELECT n FROM entry ORDER BY n"
	var seen []int
	err := db.Write(t.Context(), func(ctx context.Context) error {
		return each(ctx, db, "reading", func(row scanner) error {
			var n int
			if err := row.Scan(&n); err != nil {
				return err
			}
			inner, err := all(ctx, db, "reading", value[int], numbers)
			seen = append(seen, n*10+len(inner))
			return err
		}, numbers)
	})
	if err != nil || fmt.Sprint(seen) != "[3 13 23]" {
		t.Errorf("saw %v (%v)", seen, err)
	}
	// One for inserting, two of the query at once, of which one is kept.
	if c.prepared != 3 || c.closed != 1 {
		t.Errorf("%d prepared, %d closed; want 3 and 1", c.prepared, c.closed)
	}
}

func TestKeptStatementsSeeAChangedSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db := openAt(t, path, entries)
	write(t, db, 1)
	columns := func() int {
		t.Helper()
		rows, err := db.readers.QueryContext(t.Context(), "SELECT * FROM entry")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		names, err := rows.Columns()
		if err != nil || !rows.Next() {
			t.Fatal(names, err, rows.Err())
		}
		into := make([]any, len(names))
		for i := range into {
			into[i] = new(any)
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		return len(names)
	}
	if n := columns(); n != 2 {
		t.Fatalf("%d columns, want 2", n)
	}
	// Another process of a newer version.
	newer := openAt(t, path, fstest.MapFS{
		"00001_entry.sql": entries["00001_entry.sql"],
		"00002_more.sql":  {Data: []byte("-- +goose Up\nALTER TABLE entry ADD COLUMN more INTEGER NOT NULL DEFAULT 7;\n")},
	})
	if n := columns(); n != 3 {
		t.Errorf("%d columns after the schema has changed, want 3", n)
	}
	write(t, db, 2)
	wantCount(t, newer, 2)
}

// What is kept holds nothing: the log can be taken back to nothing although rows were left unread.
func TestKeptStatementsHoldNoLock(t *testing.T) {
	db := openNew(t)
	for n := range 20 {
		write(t, db, n)
	}
	if _, _, err := one(t.Context(), db, "reading", value[int], "SELECT n FROM entry ORDER BY n"); err != nil {
		t.Fatal(err)
	}
	var busy, log, done int
	if err := db.writer.QueryRowContext(t.Context(), "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &done); err != nil || busy != 0 || log != 0 {
		t.Errorf("busy %d, log %d (%v)", busy, log, err)
	}
}

func TestWhatIsWorthKeeping(t *testing.T) {
	for query, want := range map[string]bool{
		"SELECT 1":                      true,
		"\n\t\tUPDATE entry SET n = 1":  true,
		"WITH a AS (SELECT 1) SELECT 1": true,
		"PRAGMA optimize":               false,
		"CREATE TABLE x (n)":            false,
		"":                              false,
		"SELECT '" + string(make([]byte, keptLength)) + "'": false,
	} {
		if got := worthKeeping(query); got != want {
			t.Errorf("%.40q: %v, want %v", query, got, want)
		}
	}
}

// BenchmarkStatement is a short query in a transaction, as most are.
func BenchmarkStatement(b *testing.B) {
	db, err := Open(b.Context(), Options{Path: filepath.Join(b.TempDir(), "test.db")})
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	ask := func(ctx context.Context) {
		if _, _, err := (GroupRuns{NewGroups(db)}).Run(ctx, 1); err != nil {
			b.Fatal(err)
		}
	}
	if err := db.Read(ctx, func(ctx context.Context) error {
		for b.Loop() {
			ask(ctx)
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
}
