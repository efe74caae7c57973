package storage

import (
	"context"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"reeve/core/fault"
	"reeve/core/message"
)

// Problem is what can be wrong with the database file. It is an error, so that errors.Is(err, storage.Busy) asks for
// one of them.
type Problem uint8

// The problems. Each has a sentence and a next step in the message catalogue.
const (
	IO         Problem = iota // reading or writing the file failed
	Busy                      // another process did not finish writing in time
	ReadOnly                  // the file cannot be written to, or was opened for reading alone
	Full                      // the disk is full
	Damaged                   // the content makes no sense
	Foreign                   // the file is something else than a database of this program
	Newer                     // a newer version of the program has changed the schema
	Older                     // the schema is out of date and the file was opened for reading alone
	Changed                   // the schema was made by other migrations than those of this program
	CannotOpen                // it is no file, or there is no right to it
	Missing                   // there is no such file, and Options do not ask for one to be made
)

func (p Problem) Error() string {
	names := [...]string{
		IO: "input or output failed", Busy: "busy", ReadOnly: "read-only", Full: "disk full", Damaged: "damaged",
		Foreign: "not a database of this program", Newer: "from a newer version", Older: "from an older version",
		Changed: "made by other migrations", CannotOpen: "cannot be opened",
		Missing: "missing",
	}
	if int(p) >= len(names) {
		return "database: unknown problem"
	}
	return "database: " + names[p]
}

// text is the sentence that says what is wrong.
func (p Problem) text() message.Text {
	switch p {
	case Busy:
		return message.Text{ID: "fault.storage.busy"}
	case ReadOnly:
		return message.Text{ID: "fault.storage.read_only"}
	case Full:
		return message.Text{ID: "fault.storage.full"}
	case Damaged:
		return message.Text{ID: "fault.storage.damaged"}
	case Foreign:
		return message.Text{ID: "fault.storage.foreign"}
	case Newer:
		return message.Text{ID: "fault.storage.newer"}
	case Older:
		return message.Text{ID: "fault.storage.older"}
	case Changed:
		return message.Text{ID: "fault.storage.changed"}
	case CannotOpen:
		return message.Text{ID: "fault.storage.cannot_open"}
	case Missing:
		return message.Text{ID: "fault.storage.missing"}
	case IO:
		return message.Text{ID: "fault.storage.io"}
	default:
		return message.Text{ID: "fault.storage.io"}
	}
}

// next is the sentence that says what to do.
func (p Problem) next(path string) message.Text {
	args := message.Args{"Path": path}
	switch p {
	case Busy:
		return message.Text{ID: "fault.storage.busy.next", Args: args}
	case ReadOnly:
		return message.Text{ID: "fault.storage.read_only.next", Args: args}
	case Full:
		return message.Text{ID: "fault.storage.full.next", Args: args}
	case Damaged:
		return message.Text{ID: "fault.storage.damaged.next", Args: args}
	case Foreign:
		return message.Text{ID: "fault.storage.foreign.next", Args: args}
	case Newer:
		return message.Text{ID: "fault.storage.newer.next", Args: args}
	case Older:
		return message.Text{ID: "fault.storage.older.next", Args: args}
	case Changed:
		return message.Text{ID: "fault.storage.changed.next", Args: args}
	case CannotOpen:
		return message.Text{ID: "fault.storage.cannot_open.next", Args: args}
	case Missing:
		return message.Text{ID: "fault.storage.missing.next", Args: args}
	case IO:
		return message.Text{ID: "fault.storage.io.next", Args: args}
	default:
		return message.Text{ID: "fault.storage.io.next", Args: args}
	}
}

// unavailable is the error for a problem with the file at path; err is the evidence.
func unavailable(p Problem, path string, err error) *fault.Unavailable {
	return &fault.Unavailable{
		What:     p.text(),
		Evidence: err.Error(),
		Way:      p.next(path),
		Err:      fmt.Errorf("%w: %w", p, err),
		Absent:   p == Missing,
	}
}

// fail adds what was being done to an error of the database and turns a problem with the file into *fault.Unavailable.
// All other errors stay what they are: faults of core, a violated constraint, sql.ErrNoRows, an ended context.
func (db *DB) fail(doing string, err error) error {
	if err == nil {
		return nil
	}
	var known fault.Fault
	if errors.As(err, &known) {
		return err
	}
	if doing != "" {
		err = fmt.Errorf("%s: %w", doing, err)
	}
	if p, ok := problemOf(err); ok {
		u := unavailable(p, db.path, err)
		var refused *sqlite.Error
		if p == ReadOnly && errors.As(err, &refused) {
			// SQLite itself was refused: it is a matter of rights to the file, not of how this program was started.
			u.Way = db.rights()
		}
		return u
	}
	return err
}

// rights is what to do where write access is missing. Whoever opened the file for reading alone lacks only the -shm file.
func (db *DB) rights() message.Text {
	args := message.Args{"Path": db.path}
	if db.readOnly {
		return message.Text{ID: "fault.storage.rights.copy", Args: args}
	}
	return message.Text{ID: "fault.storage.rights", Args: args}
}

// problemOf tells which problem with the file an error of SQLite means; false when it means none.
func problemOf(err error) (Problem, bool) {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return 0, false
	}
	var p Problem
	if errors.As(err, &p) {
		return p, true
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0, false
	}
	return problemOfCode(e.Code())
}

// problemOfCode knows the result codes of SQLite that concern the file rather than the statement.
func problemOfCode(code int) (Problem, bool) {
	const primary = 0xff // the rest of an extended code says where it happened
	if code == codes.SQLITE_IOERR_SHMSIZE {
		return Full, true // the shared memory file could not grow
	}
	switch code & primary {
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED, codes.SQLITE_PROTOCOL:
		return Busy, true
	case codes.SQLITE_READONLY:
		return ReadOnly, true
	case codes.SQLITE_FULL:
		return Full, true
	case codes.SQLITE_CORRUPT:
		return Damaged, true
	case codes.SQLITE_NOTADB:
		return Foreign, true
	case codes.SQLITE_CANTOPEN, codes.SQLITE_PERM:
		return CannotOpen, true
	case codes.SQLITE_IOERR, codes.SQLITE_NOLFS:
		return IO, true
	default:
		return 0, false
	}
}

// violatesUnique reports whether err says that a value which must be unique is already there.
func violatesUnique(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	return e.Code() == codes.SQLITE_CONSTRAINT_UNIQUE || e.Code() == codes.SQLITE_CONSTRAINT_PRIMARYKEY
}
