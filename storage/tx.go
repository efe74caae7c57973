package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ErrNested is wrapped by the error of a Write inside a Write or a Read of the same database. Both mean a mistake in
// the program: the inner one would either wait for the outer one for ever or build on a view that is already old.
var ErrNested = errors.New("a transaction is already open")

// querier is what a transaction and a pool have in common.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// transactionKey finds the transaction of one database in a context, so that two open databases do not mix.
type transactionKey struct{ db *DB }

func (db *DB) transaction(ctx context.Context) *sql.Tx {
	tx, _ := ctx.Value(transactionKey{db}).(*sql.Tx)
	return tx
}

// q returns the transaction that ctx carries, or else the readers. A change outside Write is refused by SQLite.
func (db *DB) q(ctx context.Context) querier {
	if tx := db.transaction(ctx); tx != nil {
		return tx
	}
	return db.readers
}

// Write runs do in a transaction that can change the database. It is the only one in all processes while it runs, so
// what it reads stays true until it ends. When do returns nil the changes are on the disk before Write returns; when
// do returns an error or panics nothing has happened. The context given to do carries the transaction, which ends
// with do. Waiting longer than five seconds for another process is the Problem Busy.
func (db *DB) Write(ctx context.Context, do func(context.Context) error) error {
	if db.readOnly {
		return unavailable(ReadOnly, db.path, errors.New("opened read-only"))
	}
	if db.transaction(ctx) != nil {
		return fmt.Errorf("beginning to write: %w", ErrNested)
	}
	db.wrote.Store(true)
	return db.run(ctx, db.writer, nil, do)
}

// errUndone ends the transaction of a rehearsal.
var errUndone = errors.New("rehearsed: nothing is kept")

// Rehearse runs do as Write does, and undoes what it did. So it is open to a database that was opened for reading alone, as long as its
// file can be written to.
func (db *DB) Rehearse(ctx context.Context, do func(context.Context) error) error {
	if db.transaction(ctx) != nil {
		return fmt.Errorf("beginning to rehearse: %w", ErrNested)
	}
	p, err := db.rehearsals()
	if err != nil {
		return db.fail("opening the database", err)
	}
	err = db.run(ctx, p, nil, func(ctx context.Context) error {
		if err := do(ctx); err != nil {
			return err
		}
		return errUndone
	})
	if errors.Is(err, errUndone) {
		return nil
	}
	return err
}

// Read runs do on one unchanging view of the database: whatever others commit meanwhile, all its queries agree. Inside
// a Write or a Read, do sees the view of that transaction.
func (db *DB) Read(ctx context.Context, do func(context.Context) error) error {
	if db.transaction(ctx) != nil {
		return do(ctx)
	}
	return db.run(ctx, db.readers, &sql.TxOptions{ReadOnly: true}, do)
}

func (db *DB) run(ctx context.Context, p *sql.DB, o *sql.TxOptions, do func(context.Context) error) error {
	tx, err := p.BeginTx(ctx, o)
	if err != nil {
		return db.fail("beginning a transaction", err)
	}
	// After a commit this does nothing; after an error or a panic it undoes everything. Its own error says nothing
	// new: SQLite has already rolled back by itself where it could not go on.
	defer func() { _ = tx.Rollback() }()
	if err := do(context.WithValue(ctx, transactionKey{db}, tx)); err != nil {
		return db.fail("", ended(ctx, err))
	}
	if err := tx.Commit(); err != nil {
		return db.fail("committing", ended(ctx, err))
	}
	return nil
}

// ended says that err came because ctx ended, where the database only says that its transaction is gone.
func ended(ctx context.Context, err error) error {
	if ctx.Err() == nil || errors.Is(err, ctx.Err()) {
		return err
	}
	return fmt.Errorf("%w: %w", ctx.Err(), err)
}
