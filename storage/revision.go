package storage

import (
	"context"
)

// NextRevision raises and returns the number of the state.
func (s GateStore) NextRevision(ctx context.Context) (uint64, error) {
	n, _, err := one(ctx, s.db, "raising the revision", value[uint64], "UPDATE revision SET value = value + 1 WHERE id = 1 RETURNING value")
	return n, err
}

// Revision is the number of the current state.
func (s GateStore) Revision(ctx context.Context) (uint64, error) {
	n, _, err := one(ctx, s.db, "reading the revision", value[uint64], "SELECT value FROM revision WHERE id = 1")
	return n, err
}
