package storage

import (
	"context"
	"math/rand/v2"
	"time"

	"reeve/core/token"
)

// addTokens makes a few tokens of other programs, from a stream of its own. Their hashes are of no secret that anybody has, so that
// nothing is opened with them.
func (w *filler) addTokens(ctx context.Context) error {
	random := rand.New(rand.NewPCG(w.Seed, 0x746f6b)) // #nosec G404 -- a sample is to be repeatable, not secret
	owner, _, err := one(ctx, w.tables.db, "reading the owner", value[string], "SELECT name FROM principal WHERE id = ?", w.Owner)
	if err != nil {
		return err
	}
	store := NewTokens(w.tables.db)
	there, err := store.List(ctx)
	if err != nil || len(there) > 0 {
		return err
	}
	for _, sample := range []struct {
		name, use string
		scopes    []token.Scope
		// made is how many days ago it was made, and lasts how many days from then.
		made, lasts int
	}{
		{"airflow", "the scheduler asks before it starts a task as somebody", []token.Scope{token.Evaluate}, 84, 90},
		{"api-gateway", "the API gateway in front of the reports", []token.Scope{token.Evaluate}, 20, 365},
		{"data-portal", "shows people what they may open, and why not", []token.Scope{token.Evaluate, token.Search, token.Reasons}, 41, 180},
		{"access-review", "ゼロトラスト監査の月次一覧", []token.Scope{token.Search}, 8, 30},
		{"old-portal", "the portal before the new one", []token.Scope{token.Evaluate, token.Search}, 200, 90},
	} {
		at := w.At.AddDate(0, 0, -sample.made).Add(-time.Duration(random.IntN(24*3600)) * time.Second)
		key := token.Key{Token: token.Token{Name: sample.name, For: sample.use, Scopes: sample.scopes, CreatedAt: at, CreatedBy: owner, Until: at.AddDate(0, 0, sample.lasts)}}
		for i := range key.Hash {
			key.Hash[i] = byte(random.IntN(256)) // #nosec G115 -- below 256
		}
		if err := store.Insert(ctx, key); err != nil {
			return err
		}
	}
	return nil
}
