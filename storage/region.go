package storage

import (
	"context"

	"reeve/core/access"
	"reeve/core/region"
)

// Regions keeps the activated regions.
type Regions struct{ db *DB }

var _ region.Store = Regions{}

// NewRegions makes the store.
func NewRegions(db *DB) Regions { return Regions{db} }

// Active lists the activated regions in the order of their activation.
func (s Regions) Active(ctx context.Context) ([]region.Active, error) {
	return all(ctx, s.db, "reading the regions", scanActive,
		"SELECT id, edition, activated_at, ends_at, version FROM region ORDER BY activated_at, id")
}

func scanActive(row scanner) (a region.Active, err error) {
	var at, ends int64
	err = row.Scan(&a.ID, &a.Edition, &at, &ends, &a.Version)
	a.ActivatedAt, a.EndsAt = moment(at), moment(ends)
	return a, err
}

// WorkspaceCounts counts live workspaces by region; joined, if not 0, only those with this member, itself or through a
// group, and default workspaces.
func (s Regions) WorkspaceCounts(ctx context.Context, joined access.PrincipalID) (map[string]int, error) {
	query, args := "SELECT region, count(*) FROM workspace WHERE deleted_at = 0 GROUP BY region", []any(nil)
	if joined != 0 {
		query = `SELECT region, count(*) FROM workspace WHERE deleted_at = 0 AND (is_default = 1 OR id IN (SELECT workspace_id FROM member
			WHERE principal_id = ? OR principal_id IN (SELECT group_id FROM group_member WHERE principal_id = ?))) GROUP BY region`
		args = []any{joined, joined}
	}
	counts := map[string]int{}
	err := each(ctx, s.db, "counting workspaces", func(row scanner) error {
		var id string
		var n int
		err := row.Scan(&id, &n)
		counts[id] = n
		return err
	}, query, args...)
	return counts, err
}

// Save activates a region or changes its edition and its end if the stored version still is version (0: not there); otherwise ok is
// false.
func (s Regions) Save(ctx context.Context, a region.Active, version int64) (ok bool, err error) {
	var n int64
	if version == 0 {
		n, err = s.db.exec(ctx, "activating a region",
			"INSERT INTO region (id, edition, activated_at, ends_at, version) VALUES (?, ?, ?, ?, 1) ON CONFLICT DO NOTHING",
			a.ID, string(a.Edition), unix(a.ActivatedAt), unix(a.EndsAt))
	} else {
		n, err = s.db.exec(ctx, "changing a region",
			"UPDATE region SET edition = ?, ends_at = ?, version = version + 1 WHERE id = ? AND version = ?",
			string(a.Edition), unix(a.EndsAt), a.ID, version)
	}
	return n == 1, err
}
