package storage

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"reeve/core/fault"
	"reeve/core/token"
)

func TestTokensAreKeptByTheirHashAlone(t *testing.T) {
	db := openTenant(t, filepath.Join(t.TempDir(), "a.db"))
	store := NewTokens(db)
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	insert := func(name, secret string, scopes ...token.Scope) error {
		return db.Write(t.Context(), func(ctx context.Context) error {
			return store.Insert(ctx, token.Key{Hash: token.HashOf(secret), Token: token.Token{
				Name: name, For: "a gateway", Scopes: scopes, CreatedAt: at, CreatedBy: "acme", Until: at.Add(time.Hour)}})
		})
	}
	for _, err := range []error{insert("Web", "one", token.Evaluate, token.Reasons), insert("batch", "two", token.Search)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if insert("WEB", "three", token.Search) == nil {
		t.Error("a name was taken twice")
	}
	list, err := store.List(t.Context())
	if err != nil || len(list) != 2 || list[0].Name != "batch" || list[1].Name != "Web" {
		t.Fatalf("%v (%v)", list, err)
	}
	if got := list[1]; !got.May(token.Reasons) || got.May(token.Search) || got.For != "a gateway" || got.CreatedBy != "acme" || !got.CreatedAt.Equal(at) || !got.Until.Equal(at.Add(time.Hour)) {
		t.Errorf("it is read as %+v", got)
	}
	keys, err := store.Keys(t.Context())
	if err != nil || len(keys) != 2 || keys[0].Hash != token.HashOf("two") && keys[1].Hash != token.HashOf("two") {
		t.Errorf("%v (%v)", keys, err)
	}
	var missing *fault.NotFound
	if _, err := store.Named(t.Context(), "wep"); !errors.As(err, &missing) || len(missing.Nearest) != 1 || missing.Nearest[0] != "Web" {
		t.Errorf("a name that is near: %v", err)
	}
	if err := db.Write(t.Context(), func(ctx context.Context) error { return store.Delete(ctx, "wEB") }); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Named(t.Context(), "web"); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("deleted: %v", err)
	}
}
