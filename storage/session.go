package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"time"

	"reeve/core/access"
	"reeve/core/session"
)

// Sessions keeps the sessions that are open.
type Sessions struct{ db *DB }

var _ session.Store = Sessions{}

// NewSessions makes the store.
func NewSessions(db *DB) Sessions { return Sessions{db} }

const sessionColumns = "s.id, s.principal_id, p.name, s.face, s.address, s.fingerprint, s.certificate, s.source, s.begun_at, s.end_by, s.holder"

func scanSession(row scanner) (one session.Session, err error) {
	var begun int64
	err = row.Scan(&one.ID, &one.Principal, &one.User, &one.Face, &one.Address, &one.Fingerprint, &one.Certificate, &one.Source, &begun, &one.EndBy, &one.Holder)
	one.BegunAt, one.SeenAt = moment(begun), moment(begun)
	return one, err
}

// Open lists the sessions of all processes that live; of one principal if p is not 0. The newest stand first.
func (s Sessions) Open(ctx context.Context, p access.PrincipalID) ([]session.Session, error) {
	found, err := all(ctx, s.db, "listing sessions", scanSession, "SELECT "+sessionColumns+` FROM session s JOIN principal p ON p.id = s.principal_id
		WHERE ?1 = 0 OR s.principal_id = ?1 ORDER BY s.begun_at DESC, s.id`, p)
	lives, places := map[string]bool{}, map[string]session.Place{}
	open := []session.Session{}
	for _, one := range found {
		if _, known := lives[one.Holder]; !known {
			lives[one.Holder] = alive(s.holderFile(one.Holder))
			s.readPlaces(one.Holder, places)
		}
		if at, known := places[one.ID]; known {
			one.Place, one.SeenAt = at.Link, at.At
		}
		if lives[one.Holder] {
			open = append(open, one)
		}
	}
	return open, err
}

// readPlaces adds where the sessions of a process are. A file that is being written is not whole: the next reader has it then.
func (s Sessions) readPlaces(holder string, places map[string]session.Place) {
	data, err := os.ReadFile(s.holderFile(holder))
	if err != nil || len(data) == 0 {
		return
	}
	var there map[string]session.Place
	if json.Unmarshal(data, &there) == nil {
		maps.Copy(places, there)
	}
}

// Insert keeps a new session.
func (s Sessions) Insert(ctx context.Context, one session.Session) error {
	_, err := s.db.exec(ctx, "keeping a session", `INSERT INTO session (id, principal_id, face, address, fingerprint, certificate, source, holder, begun_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, one.ID, one.Principal, string(one.Face), one.Address, one.Fingerprint, one.Certificate, one.Source, one.Holder, unix(one.BegunAt))
	return err
}

// Keep is Insert in a transaction of its own.
func (s Sessions) Keep(ctx context.Context, one session.Session) error {
	return s.db.Write(ctx, func(ctx context.Context) error { return s.Insert(ctx, one) })
}

// AskEnd notes that somebody wants a session to end.
func (s Sessions) AskEnd(ctx context.Context, id, by string, at time.Time) error {
	_, err := s.db.exec(ctx, "ending a session", "UPDATE session SET end_at = ?, end_by = ? WHERE id = ?", unix(at), by, id)
	return err
}

// Delete forgets a session.
func (s Sessions) Delete(ctx context.Context, id string) error {
	return s.db.Write(ctx, func(ctx context.Context) error {
		_, err := s.db.exec(ctx, "forgetting a session", "DELETE FROM session WHERE id = ?", id)
		return err
	})
}

// Ending are the sessions of a holder whose end was asked for.
func (s Sessions) Ending(ctx context.Context, holder string) ([]session.Session, error) {
	return all(ctx, s.db, "looking for sessions to end", scanSession, "SELECT "+sessionColumns+` FROM session s JOIN principal p ON p.id = s.principal_id
		WHERE s.holder = ? AND s.end_at <> 0`, holder)
}

// Say keeps a notice and returns it with its id.
func (s Sessions) Say(ctx context.Context, n session.Notice) (session.Notice, error) {
	id, err := s.db.insertRow(ctx, "keeping a notice", "INSERT INTO session_notice (text, at, by) VALUES (?, ?, ?)", n.Text, unix(n.At), n.By)
	n.ID = id
	return n, err
}

// Said are the notices after an id, the oldest first.
func (s Sessions) Said(ctx context.Context, after int64) ([]session.Notice, error) {
	return all(ctx, s.db, "reading notices", func(row scanner) (n session.Notice, err error) {
		var at int64
		err = row.Scan(&n.ID, &n.Text, &at, &n.By)
		n.At = moment(at)
		return n, err
	}, "SELECT id, text, at, by FROM session_notice WHERE id > ? ORDER BY id", after)
}

// LastSaid is the newest id of a notice; 0 for none.
func (s Sessions) LastSaid(ctx context.Context) (int64, error) {
	id, _, err := one(ctx, s.db, "reading notices", value[int64], "SELECT coalesce(max(id), 0) FROM session_notice")
	return id, err
}

// Bury forgets the sessions of processes that do not live any more.
func (s Sessions) Bury(ctx context.Context) error {
	holders, err := all(ctx, s.db, "looking for dead sessions", value[string], "SELECT DISTINCT holder FROM session")
	if err != nil {
		return err
	}
	for _, h := range holders {
		if alive(s.holderFile(h)) {
			continue
		}
		if _, err := s.db.exec(ctx, "forgetting dead sessions", "DELETE FROM session WHERE holder = ?", h); err != nil {
			return err
		}
	}
	return nil
}

// Hold makes this process one that lives, until it is released or ends, however it does: the system takes a lock from whoever
// dies, so that nothing has to be written while a session goes on.
func (s Sessions) Hold(holder string) (*Held, error) {
	file, release, err := hold(s.holderFile(holder))
	if err != nil {
		return nil, s.db.fail("keeping sessions", err)
	}
	return &Held{file: file, Release: release}, nil
}

// Held is the file by which a process is seen to live, and in which it says where its sessions are.
type Held struct {
	file *os.File
	// Release says that the process has no sessions any more.
	Release func() error
}

var _ session.Places = (*Held)(nil)

// Write says where the sessions are.
func (h *Held) Write(places map[string]session.Place) error {
	data, err := json.Marshal(places)
	if err == nil {
		err = h.file.Truncate(0)
	}
	if err == nil {
		_, err = h.file.WriteAt(data, 0)
	}
	if err != nil {
		return fmt.Errorf("writing where the sessions are: %w", err)
	}
	return nil
}

// holderFile stands beside the database.
func (s Sessions) holderFile(holder string) string { return s.db.path + ".session-" + holder }
