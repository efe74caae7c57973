package storage

import (
	"context"
	"encoding/hex"
	"fmt"

	plans "reeve/core/plan" // the tests of this package have a plan of their own
)

// Plans answers what plans need to know of the database itself.
type Plans struct{ Places }

var _ plans.Store = Plans{}

// NewPlans makes the store.
func NewPlans(db *DB) Plans { return Plans{Places{db}} }

// Names are the names of all users, roles and groups of the tenant.
func (s Plans) Names(ctx context.Context) ([]string, error) {
	return all(ctx, s.db, "reading the names of users", value[string], "SELECT name FROM principal ORDER BY id")
}

// Database tells this database from every other one by the first entry of its audit, which every further one is chained to; the
// first entry has the session and the time of whoever made the tenant in it.
func (s Plans) Database(ctx context.Context) (name string, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		made, _, err := one(ctx, s.db, "reading the tenant", value[int64], "SELECT created_at FROM tenant")
		if err != nil {
			return err
		}
		first, _, err := one(ctx, s.db, "reading the first entry of the audit", value[[]byte], "SELECT hash FROM audit ORDER BY seq LIMIT 1")
		name = fmt.Sprintf("%d-%s", made, hex.EncodeToString(first))
		return err
	})
	return name, err
}
