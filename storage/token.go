package storage

import (
	"context"
	"strings"

	"reeve/core/fault"
	"reeve/core/text"
	"reeve/core/token"
)

// Tokens keeps the tokens of other programs.
type Tokens struct{ db *DB }

var _ token.Store = Tokens{}

// NewTokens makes the store.
func NewTokens(db *DB) Tokens { return Tokens{db} }

// #nosec G101 -- columns, no secret
const tokenColumns = "name, used_for, scopes, created_at, created_by, until, hash"

func scanKey(row scanner) (k token.Key, err error) {
	var scopes string
	var created, until int64
	var hash []byte
	err = row.Scan(&k.Name, &k.For, &scopes, &created, &k.CreatedBy, &until, &hash)
	copy(k.Hash[:], hash)
	k.CreatedAt, k.Until = moment(created), moment(until)
	for _, scope := range strings.Split(scopes, ",") {
		k.Scopes = append(k.Scopes, token.Scope(scope))
	}
	return k, err
}

func scanToken(row scanner) (token.Token, error) {
	k, err := scanKey(row)
	return k.Token, err
}

// List lists the tokens by name, those that are over included.
func (s Tokens) List(ctx context.Context) ([]token.Token, error) {
	return all(ctx, s.db, "listing tokens", scanToken, "SELECT "+tokenColumns+" FROM token ORDER BY name_key")
}

// Keys are all of them with their hashes.
func (s Tokens) Keys(ctx context.Context) ([]token.Key, error) {
	return all(ctx, s.db, "reading the tokens", scanKey, "SELECT "+tokenColumns+" FROM token")
}

// Named finds one by its name; fault.NotFound names near ones.
func (s Tokens) Named(ctx context.Context, name string) (token.Token, error) {
	t, found, err := one(ctx, s.db, "finding a token", scanToken, "SELECT "+tokenColumns+" FROM token WHERE name_key = ?", text.Fold(name))
	if err != nil || found {
		return t, err
	}
	names, err := all(ctx, s.db, "listing tokens", value[string], "SELECT name FROM token")
	if err != nil {
		return t, err
	}
	return t, &fault.NotFound{What: "token", Name: name, Nearest: text.Nearest(name, names, nearNames)}
}

// Insert keeps a new one.
func (s Tokens) Insert(ctx context.Context, k token.Key) error {
	scopes := make([]string, len(k.Scopes))
	for i, scope := range k.Scopes {
		scopes[i] = string(scope)
	}
	_, err := s.db.exec(ctx, "keeping a token", `INSERT INTO token (name_key, name, hash, used_for, scopes, created_at, created_by, until)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, text.Fold(k.Name), k.Name, k.Hash[:], k.For, strings.Join(scopes, ","), unix(k.CreatedAt), k.CreatedBy, unix(k.Until))
	return err
}

// Delete forgets one.
func (s Tokens) Delete(ctx context.Context, name string) error {
	_, err := s.db.exec(ctx, "forgetting a token", "DELETE FROM token WHERE name_key = ?", text.Fold(name))
	return err
}
