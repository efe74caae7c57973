package storage

import (
	"context"
	"time"

	"reeve/core/keeper"
)

// Keepers keeps the keeper's lease and troubles.
type Keepers struct{ db *DB }

var _ keeper.Store = Keepers{}

// NewKeepers makes the store.
func NewKeepers(db *DB) Keepers { return Keepers{db} }

func scanLease(row scanner) (l keeper.Lease, err error) {
	var until int64
	err = row.Scan(&l.Holder, &until)
	l.Until = moment(until)
	return l, err
}

// Take gives the lease to holder until then, if nobody else holds it at now; otherwise held is false and the lease is the
// other's.
func (s Keepers) Take(ctx context.Context, holder string, now, until time.Time) (l keeper.Lease, held bool, err error) {
	err = s.db.Write(ctx, func(ctx context.Context) error {
		if l, err = s.Lease(ctx); err != nil {
			return err
		}
		// A lease that ends later than any is taken for was made by a clock that went wrong.
		if l.Holder != "" && l.Holder != holder && l.Until.After(now) && !l.Until.After(now.Add(2*until.Sub(now))) {
			return nil
		}
		l, held = keeper.Lease{Holder: holder, Until: until}, true
		_, err := s.db.exec(ctx, "taking the keeper's lease",
			"INSERT INTO keeper_lease (id, holder, until) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, until = excluded.until",
			holder, unix(until))
		return err
	})
	return l, held && err == nil, err
}

// Release gives the lease back if holder has it.
func (s Keepers) Release(ctx context.Context, holder string) error {
	return s.db.Write(ctx, func(ctx context.Context) error {
		_, err := s.db.exec(ctx, "giving the keeper's lease back", "DELETE FROM keeper_lease WHERE holder = ?", holder)
		return err
	})
}

// Lease is the last lease, whether it has run out or not; the zero Lease if it was given back.
func (s Keepers) Lease(ctx context.Context) (keeper.Lease, error) {
	l, _, err := one(ctx, s.db, "reading the keeper's lease", scanLease, "SELECT holder, until FROM keeper_lease WHERE id = 1")
	return l, err
}

// Fail keeps a trouble in place of the area's last one.
func (s Keepers) Fail(ctx context.Context, t keeper.Trouble) error {
	return s.db.Write(ctx, func(ctx context.Context) error {
		_, err := s.db.exec(ctx, "keeping what failed", `INSERT INTO keeper_trouble (area, error, times, since, retry_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (area) DO UPDATE SET error = excluded.error, times = excluded.times, since = excluded.since, retry_at = excluded.retry_at`,
			t.Area, t.Error, t.Times, unix(t.Since), unix(t.Retry))
		return err
	})
}

// Recover forgets the trouble of an area.
func (s Keepers) Recover(ctx context.Context, area string) error {
	return s.db.Write(ctx, func(ctx context.Context) error {
		_, err := s.db.exec(ctx, "forgetting what failed", "DELETE FROM keeper_trouble WHERE area = ?", area)
		return err
	})
}

// Troubles are those that last, by area.
func (s Keepers) Troubles(ctx context.Context) ([]keeper.Trouble, error) {
	return all(ctx, s.db, "reading what failed", func(row scanner) (t keeper.Trouble, err error) {
		var since, retry int64
		err = row.Scan(&t.Area, &t.Error, &t.Times, &since, &retry)
		t.Since, t.Retry = moment(since), moment(retry)
		return t, err
	}, "SELECT area, error, times, since, retry_at FROM keeper_trouble ORDER BY area")
}
