package storage

import (
	"context"

	"reeve/core/control"
)

// SavedRequest finds a request that was applied before.
func (s GateStore) SavedRequest(ctx context.Context, id string) (control.Request, bool, error) {
	return one(ctx, s.db, "looking a request up", func(row scanner) (r control.Request, err error) {
		var at int64
		err = row.Scan(&r.ID, &r.Actor, &r.Action, &r.Target, &r.Result, &at)
		r.At = moment(at)
		return r, err
	}, "SELECT id, actor_id, action, target, result, at FROM request WHERE id = ?", id)
}

// SaveRequest remembers a request. An id is remembered once: saving it again is an error.
func (s GateStore) SaveRequest(ctx context.Context, r control.Request) error {
	_, err := s.db.exec(ctx, "keeping a request",
		"INSERT INTO request (id, actor_id, action, target, result, at) VALUES (?, ?, ?, ?, ?, ?)",
		r.ID, r.Actor, string(r.Action), r.Target, r.Result, unix(r.At))
	return err
}
