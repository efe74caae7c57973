package storage

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/use"
)

// Uses keeps on which days workspaces are used and when members used them last.
type Uses struct{ Places }

var _ use.Store = Uses{}

// NewUses makes the store.
func NewUses(db *DB) Uses { return Uses{Places{db}} }

// unnoted are the memberships of a person ?2 and of their groups in a workspace ?1 in which no use is noted since a time ?3.
const unnoted = `workspace_id = ?1 AND active_at < ?3 AND (principal_id = ?2 OR principal_id IN (SELECT group_id FROM group_member WHERE principal_id = ?2))`

// Due says whether something would be noted.
func (s Uses) Due(ctx context.Context, ws access.WorkspaceID, p access.PrincipalID, today time.Time) (bool, error) {
	due, _, err := one(ctx, s.db, "reading a use", value[bool], `SELECT EXISTS (SELECT 1 FROM member WHERE `+unnoted+`)
		OR NOT EXISTS (SELECT 1 FROM visit WHERE principal_id = ?2 AND day = ?4 AND workspace_id = ?1)`, ws, p, unix(today), today.Format(time.DateOnly))
	return due, err
}

// Note notes a use at a time, and forgets the days before another.
func (s Uses) Note(ctx context.Context, ws access.WorkspaceID, p access.PrincipalID, at, today, forget time.Time) error {
	const doing = "noting a use"
	if _, err := s.db.exec(ctx, doing, "UPDATE member SET active_at = ?4 WHERE "+unnoted, ws, p, unix(today), unix(at)); err != nil {
		return err
	}
	if _, err := s.db.exec(ctx, doing, "INSERT INTO visit (principal_id, day, workspace_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
		p, today.Format(time.DateOnly), ws); err != nil {
		return err
	}
	_, err := s.db.exec(ctx, doing, "DELETE FROM visit WHERE day < ?", forget.Format(time.DateOnly))
	return err
}
