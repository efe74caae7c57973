package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"reeve/core/audit"
	"reeve/core/audit/chain"
	"reeve/core/list"
	"reeve/core/text"
)

// Audit reads the log of all acts.
type Audit struct{ db *DB }

var _ audit.Store = Audit{}

// NewAudit makes the store.
func NewAudit(db *DB) Audit { return Audit{db} }

const entryColumns = `a.seq, a.at, a.actor_id, a.actor, a.face, a.address, a.session, a.request, a.action, a.outcome, a.region,
	a.workspace_id, a.workspace, a.target_kind, a.target, a.before, a.after, a.prev, a.hash`

func scanEntry(row scanner) (e chain.Entry, err error) {
	var at int64
	var before, after sql.NullString
	err = row.Scan(&e.Seq, &at, &e.ActorID, &e.Actor, &e.Face, &e.Address, &e.Session, &e.Request, &e.Action, &e.Outcome, &e.Region,
		&e.WorkspaceID, &e.Workspace, &e.Kind, &e.Target, &before, &after, &e.Prev, &e.Hash)
	e.At, e.Before, e.After = time.Unix(at, 0).UTC(), document(before), document(after)
	return e, err
}

// document is a stored record; nil where there was none.
func document(s sql.NullString) json.RawMessage {
	if !s.Valid {
		return nil
	}
	return json.RawMessage(s.String)
}

// stored is document the other way round.
func stored(d json.RawMessage) sql.NullString {
	return sql.NullString{String: string(d), Valid: len(d) > 0}
}

// AppendAudit chains e to the log and fills Seq, Prev and Hash. It belongs into a Write: the entry before must still be
// the last one when e follows it.
func (s GateStore) AppendAudit(ctx context.Context, e *chain.Entry) error {
	const doing = "writing the audit log"
	if s.db.transaction(ctx) == nil {
		return fmt.Errorf("%s: %w", doing, errOutside)
	}
	last, found, err := one(ctx, s.db, doing, func(row scanner) (h chain.Head, err error) {
		err = row.Scan(&h.Seq, &h.Hash)
		return h, err
	}, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
	if err != nil {
		return err
	}
	if !found {
		last.Hash = []byte{}
	}
	e.Seq, e.Prev = last.Seq+1, last.Hash
	e.Hash = e.Sum(e.Prev)
	if _, err := s.db.exec(ctx, doing, `INSERT INTO audit (seq, at, actor_id, actor, actor_key, face, address, session, request,
		action, outcome, region, workspace_id, workspace, target_kind, target, target_key, before, after, prev, hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.Seq, e.At.Unix(), e.ActorID, e.Actor, text.Fold(e.Actor), e.Face, e.Address, e.Session, e.Request,
		e.Action, string(e.Outcome), e.Region, e.WorkspaceID, e.Workspace, e.Kind, e.Target, text.Fold(e.Target),
		stored(e.Before), stored(e.After), e.Prev, e.Hash); err != nil {
		return err
	}
	_, err = s.db.exec(ctx, doing, "INSERT INTO audit_text (rowid, actor, action, region, workspace, target) VALUES (?, ?, ?, ?, ?, ?)",
		e.Seq, text.Fold(e.Actor), text.Fold(e.Action), text.Fold(e.Region), text.Fold(e.Workspace), text.Fold(e.Target))
	return err
}

// errOutside is wrapped by the error of what only works inside a Write.
var errOutside = errors.New("no transaction is open")

// Names of actions, regions and workspaces are ASCII, which LIKE compares without regard to case.
func logged() listing[chain.Entry] {
	search := func(filter string, columns ...string) matcher {
		return searches("a.seq", "audit_text", filter, columns...)
	}
	return listing[chain.Entry]{
		doing: "searching the audit log", columns: entryColumns, from: "audit a", id: "a.seq",
		natural: list.Sort{Field: "id", Desc: true},
		sorts: map[string]string{
			"id": "a.seq", "at": "a.at", "who": "a.actor_key", "what": "a.action", "where": "a.region || '/' || lower(a.workspace)",
			"target": "a.target_key", "outcome": "a.outcome", "face": "a.face", "request": "a.request",
		},
		matchers: map[string]matcher{
			"":    search("{actor action region workspace target}", "a.actor_key", "a.action", "a.region", "a.workspace", "a.target_key"),
			"who": search("{actor}", "a.actor_key"), "what": search("{action target}", "a.action", "a.target_key"),
			"where": search("{region workspace}", "a.region", "a.workspace"), "target": search("{target}", "a.target_key"),
			"outcome": contains("a.outcome"), "face": contains("a.face"), "request": contains("a.request"), "session": contains("a.session"),
			"id": func(word string, _ bool) (string, []any) { return "CAST(a.seq AS TEXT) = ?", []any{word} },
			"at": day("a.at"),
		},
		scan: scanEntry,
	}
}

// visible is the condition for entries that a view shows. Only grants without an end open the log of a workspace: those
// with one would need to know the time.
func visible(v audit.View) (w where) {
	if !v.All {
		w.add(`(a.actor_id = ? OR a.workspace_id IN (
			SELECT g.workspace_id FROM member m JOIN role_grant g ON g.workspace_id = m.workspace_id AND g.principal_id = m.principal_id
			WHERE m.principal_id = ? AND g.role_id IN (1, 2) AND g.until = 0))`, v.Principal, v.Principal)
	}
	return w
}

// List searches the entries that a view shows, the newest first unless asked otherwise.
func (s Audit) List(ctx context.Context, v audit.View, in audit.Search) (list.Page[chain.Entry], error) {
	base := visible(v)
	if !in.Since.IsZero() {
		base.add("a.at >= ?", in.Since.Unix())
	}
	if !in.Until.IsZero() {
		base.add("a.at < ?", in.Until.Unix())
	}
	q := in.Query
	q.Filter = q.Filter[:len(q.Filter):len(q.Filter)]
	for _, term := range []list.Term{{Field: "who", Value: in.Who}, {Field: "what", Value: in.What}, {Field: "where", Value: in.Where}} {
		if term.Value != "" {
			q.Filter = append(q.Filter, term)
		}
	}
	return logged().page(ctx, s.db, base, q)
}

// Newest is the number of the newest entry; 0 for none.
func (s Audit) Newest(ctx context.Context) (int64, error) {
	seq, _, err := one(ctx, s.db, "reading the audit log", value[int64], "SELECT coalesce(max(seq), 0) FROM audit")
	return seq, err
}

// Get finds an entry by number; ok is false if there is none that the view shows.
func (s Audit) Get(ctx context.Context, v audit.View, seq int64) (e chain.Entry, ok bool, err error) {
	w := visible(v).with("a.seq = ?", seq)
	return one(ctx, s.db, "reading an audit entry", scanEntry, "SELECT "+entryColumns+" FROM audit a"+w.sql(), w.args...)
}

// Walk hands over all entries in the order of the log, verified or not, until fn fails. It keeps one entry at a time.
func (s Audit) Walk(ctx context.Context, fn func(*chain.Entry) error) error {
	return each(ctx, s.db, "reading the audit log", func(row scanner) error {
		e, err := scanEntry(row)
		if err != nil {
			return err
		}
		return fn(&e)
	}, "SELECT "+entryColumns+" FROM audit a ORDER BY a.seq")
}
