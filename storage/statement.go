package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
)

// Bounds of what a connection keeps. There are a few hundred different statements in this package, of which one process uses a few
// dozen again and again; one takes some kilobytes. A longer text is one that was made for a single occasion.
const (
	keptStatements = 128
	keptLength     = 8 << 10
)

// openPool makes a pool whose connections keep the statements they have prepared: reading SQL takes SQLite longer than most of our
// statements take to run.
func openPool(dsn string) (*sql.DB, error) {
	c, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector{c}), nil
}

type connector struct{ driver.Connector }

// Connect implements driver.Connector.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := conn.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver's connections are %T", conn), conn.Close())
	}
	return &connection{sqliteConn: full, idle: map[string]idle{}}, nil
}

// sqliteConn is what a connection of the driver can do that database/sql makes use of.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// connection keeps statements that nobody uses at the moment, by their text. Who needs one takes it out and puts it back, so that a
// query made while the rows of the same one are still read gets a statement of its own. SQLite itself prepares a statement anew
// when the schema has changed. Like every connection it is used by one goroutine at a time.
type connection struct {
	sqliteConn
	idle map[string]idle
	// turn counts how often a statement was put back.
	turn int
}

// idle is a statement that nobody uses, and the turn in which it was put back.
type idle struct {
	statement
	since int
}

// statement is what the driver's statements can do.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// worthKeeping says whether a text is that of a single statement that is likely to come again. What changes the schema or the
// connection is not.
func worthKeeping(query string) bool {
	if len(query) > keptLength {
		return false
	}
	verb, _, _ := strings.Cut(strings.TrimLeft(query, " \t\n"), " ")
	switch verb {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH":
		return true
	}
	return false
}

// take is a kept statement, or a new one.
func (c *connection) take(ctx context.Context, query string) (statement, error) {
	if s, ok := c.idle[query]; ok {
		delete(c.idle, query)
		return s.statement, nil
	}
	made, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s, ok := made.(statement)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver's statements are %T", made), made.Close())
	}
	return s, nil
}

// put keeps a statement that is not used any more, and closes the one that was not used for longest if there are too many.
func (c *connection) put(query string, s statement) error {
	if _, ok := c.idle[query]; ok {
		return s.Close()
	}
	c.turn++
	c.idle[query] = idle{s, c.turn}
	if len(c.idle) <= keptStatements {
		return nil
	}
	oldest := query
	for q, s := range c.idle {
		if s.since < c.idle[oldest].since {
			oldest = q
		}
	}
	s = c.idle[oldest]
	delete(c.idle, oldest)
	return s.Close()
}

// ExecContext implements driver.ExecerContext.
func (c *connection) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if !worthKeeping(query) {
		return c.sqliteConn.ExecContext(ctx, query, args)
	}
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	result, err := s.ExecContext(ctx, args)
	if err != nil { // the error of the statement is told again when it is closed
		_ = s.Close()
		return nil, err
	}
	return result, c.put(query, s)
}

// QueryContext implements driver.QueryerContext.
func (c *connection) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if !worthKeeping(query) {
		return c.sqliteConn.QueryContext(ctx, query, args)
	}
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return &keptRows{Rows: rows, c: c, query: query, s: s}, nil
}

// Close implements driver.Conn.
func (c *connection) Close() error {
	var err error
	for _, s := range c.idle {
		err = errors.Join(err, s.Close())
	}
	clear(c.idle)
	return errors.Join(err, c.sqliteConn.Close())
}

// keptRows are rows whose statement is put back when they have been read.
type keptRows struct {
	driver.Rows
	c     *connection
	query string
	s     statement
}

// Close implements driver.Rows.
func (r *keptRows) Close() error {
	if r.s == nil {
		return nil
	}
	s := r.s
	r.s = nil
	if err := r.Rows.Close(); err != nil {
		_ = s.Close()
		return err
	}
	return r.c.put(r.query, s)
}
