package storage

import (
	"context"

	"reeve/core/access"
	"reeve/core/preference"
)

// Preferences keeps what people want of the console.
type Preferences struct{ db *DB }

var _ preference.Store = Preferences{}

// NewPreferences makes the store.
func NewPreferences(db *DB) Preferences { return Preferences{db} }

// Of are those of a principal that are set.
func (s Preferences) Of(ctx context.Context, p access.PrincipalID) (preference.Values, error) {
	values := preference.Values{}
	return values, each(ctx, s.db, "reading preferences", func(row scanner) error {
		var name preference.Name
		var value string
		err := row.Scan(&name, &value)
		values[name] = value
		return err
	}, "SELECT name, value FROM preference WHERE principal_id = ?", p)
}

// Set keeps one; the empty value forgets it.
func (s Preferences) Set(ctx context.Context, p access.PrincipalID, name preference.Name, value string) error {
	const doing = "keeping a preference"
	if value == "" {
		_, err := s.db.exec(ctx, doing, "DELETE FROM preference WHERE principal_id = ? AND name = ?", p, string(name))
		return err
	}
	_, err := s.db.exec(ctx, doing, "INSERT INTO preference (principal_id, name, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", p, string(name), value)
	return err
}
