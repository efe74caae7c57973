// Package storage keeps the program's records in one SQLite file. It holds all the SQL there is; core sees its types
// through the small interfaces of its areas. Several processes may use one file at the same time: one of them writes
// at a moment, all others go on reading what was committed last.
package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	defaultReaders = 4
	// maxIdle is how long an unused connection stays open. It is long because opening one costs a few milliseconds
	// and an idle one only a little memory.
	maxIdle = 5 * time.Minute
)

// Options say which file to open and how.
type Options struct {
	// Path of the file. It is created with its folder, for the owner alone, when it is missing and neither ReadOnly
	// nor Existing is set.
	Path string
	// Existing opens only a file that is there: a mistyped name is not to leave a database behind.
	Existing bool
	// ReadOnly opens an existing file of the current version and refuses every Write.
	ReadOnly bool
	// Readers is how many reads may run at the same time; 0 means 4.
	Readers int
	// Now is the time at which lists leave out what has ended; nil means time.Now.
	Now func() time.Time
}

// DB is an open database. Any number of goroutines may use it.
type DB struct {
	path     string
	readOnly bool
	clock    func() time.Time
	writer   *sql.DB // one connection; nil when read-only
	// rehearsals is the connection on which what is undone is done.
	rehearsals func() (*sql.DB, error)
	readers    *sql.DB
	wrote      atomic.Bool

	closing  chan struct{}
	close    sync.Once
	watchers sync.WaitGroup
}

// Open opens the database and brings it up to date. Its errors are of type *fault.Unavailable and wrap one of the
// Problem values.
func Open(ctx context.Context, o Options) (*DB, error) {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, fmt.Errorf("reading the migrations: %w", err)
	}
	return open(ctx, o, files)
}

func open(ctx context.Context, o Options, migrations fs.FS) (*DB, error) {
	path, err := filepath.Abs(o.Path)
	if o.Path == "" || err != nil {
		return nil, unavailable(CannotOpen, o.Path, errors.Join(errors.New("no usable path"), err))
	}
	switch err := prepareFile(path, !o.ReadOnly && !o.Existing); {
	case errors.Is(err, Missing):
		return nil, unavailable(Missing, path, fmt.Errorf("%s: %w", path, fs.ErrNotExist))
	case err != nil:
		return nil, unavailable(CannotOpen, path, err)
	}
	db := &DB{path: path, readOnly: o.ReadOnly, clock: o.Now, closing: make(chan struct{})}
	if db.clock == nil {
		db.clock = time.Now
	}
	if db.readers, err = pool(readerDSN(path, o.ReadOnly), max(o.Readers, 0)); err != nil {
		return nil, db.fail("opening the database", err)
	}
	if !o.ReadOnly {
		if db.writer, err = pool(writerDSN(path), 1); err != nil {
			return nil, errors.Join(db.fail("opening the database", err), db.readers.Close())
		}
	}
	db.rehearsals = sync.OnceValues(func() (*sql.DB, error) {
		if db.readOnly {
			return pool(rehearsalDSN(path), 1)
		}
		return db.writer, nil
	})
	err = db.migrate(ctx, migrations)
	if db.readOnly && cannotShare(err) && alone(path) {
		err = db.openImmutable(ctx, migrations)
	}
	if err != nil {
		err = db.fail("opening the database", err)
		return nil, errors.Join(err, db.Close()) //nolint:contextcheck // closing goes on when ctx has ended
	}
	return db, nil
}

// prepareFile makes sure there is a file to open, and makes one if create is set. It never opens one that exists: closing a second descriptor of the
// same file would drop the locks that this process holds on it.
func prepareFile(path string, create bool) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a folder", path)
	case err == nil && !info.Mode().IsRegular():
		// SQLite would take a device or a pipe for a broken disk.
		return fmt.Errorf("%s is not a regular file", path)
	case err == nil || !errors.Is(err, fs.ErrNotExist):
		return err
	case !create:
		return Missing
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) // #nosec G304 -- the path is the user's choice
	if errors.Is(err, fs.ErrExist) {
		return nil // another process was faster
	}
	if err != nil {
		return err
	}
	return file.Close()
}

// cannotShare reports whether err can mean that the -shm file, which even readers share, could not be made.
func cannotShare(err error) bool {
	p, ok := problemOf(err)
	return ok && (p == ReadOnly || p == CannotOpen)
}

// alone reports whether everything is in the one file: what a -wal file holds would be missed without reading it.
func alone(path string) bool {
	info, err := os.Stat(path + "-wal")
	return errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0
}

// openImmutable reads the file without locks and without a file beside it, as an auditor's copy in a folder without write
// access needs it.
func (db *DB) openImmutable(ctx context.Context, migrations fs.FS) error {
	if err := db.readers.Close(); err != nil {
		return err
	}
	var err error
	if db.readers, err = pool(dsn(db.path, "mode=ro&immutable=1&_query_only=1"), 0); err != nil {
		return err
	}
	return db.migrate(ctx, migrations)
}

func writerDSN(path string) string {
	return dsn(path, "_journal_mode=WAL&_synchronous=FULL&_foreign_keys=1&_txlock=immediate")
}

// rehearsalDSN leaves the mode of the file as it is, and makes no file.
func rehearsalDSN(path string) string {
	return dsn(path, "mode=rw&_synchronous=FULL&_foreign_keys=1&_txlock=immediate")
}

func readerDSN(path string, readOnly bool) string {
	if readOnly {
		return dsn(path, "mode=ro&_query_only=1")
	}
	return dsn(path, "_query_only=1")
}

// dsn writes the data source name. The path is escaped because SQLite reads it as a URI, where ?, # and % mean
// something.
func dsn(path, parameters string) string {
	name := (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()
	if !strings.HasPrefix(name, "/") {
		name = "/" + name
	}
	return "file:" + name + "?_busy_timeout=5000&_dqs=0&_error_rc=1&" + parameters
}

func pool(dsn string, size int) (*sql.DB, error) {
	if size == 0 {
		size = defaultReaders
	}
	p, err := openPool(dsn)
	if err != nil {
		return nil, err
	}
	p.SetMaxOpenConns(size)
	p.SetMaxIdleConns(size)
	p.SetConnMaxIdleTime(maxIdle)
	return p, nil
}

// now is the time as it is stored.
func (db *DB) now() int64 { return unix(db.clock()) }

// Ping asks the database something, and fails if it does not answer.
func (db *DB) Ping(ctx context.Context) error {
	_, _, err := one(ctx, db, "asking the database", value[int], "SELECT 1")
	return err
}

// Path is the absolute path of the file.
func (db *DB) Path() string { return db.path }

// ReadOnly reports whether the database was opened for reading alone.
func (db *DB) ReadOnly() bool { return db.readOnly }

// Close ends the watchers and closes all connections. Reads and writes must have ended. Closing twice is harmless.
func (db *DB) Close() error {
	var err error
	db.close.Do(func() {
		close(db.closing)
		db.watchers.Wait()
		if db.wrote.Load() {
			db.optimize()
		}
		if p, openErr := db.rehearsals(); db.readOnly && openErr == nil {
			err = p.Close() // before the readers: the last one to leave would tidy the file up
		}
		err = errors.Join(err, db.readers.Close())
		if db.writer != nil {
			err = errors.Join(err, db.writer.Close())
		}
	})
	if err != nil {
		return db.fail("closing the database", err)
	}
	return nil
}

// optimize lets SQLite refresh its statistics where the writes of this process made them stale. It is a kindness to
// later queries: it neither waits for another process nor fails.
func (db *DB) optimize() {
	_, _ = db.writer.ExecContext(context.Background(), "PRAGMA busy_timeout = 0; PRAGMA optimize")
}
