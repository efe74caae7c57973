package token_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"reeve/core/audit"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/token"
	"reeve/storage"
	"reeve/storage/storagetest"
)

// world is a tenant, the service, and a ring as the HTTP face keeps it.
type world struct {
	*storagetest.World
	t       *testing.T
	service *token.Service
	store   token.Store
	ring    *token.Ring
	made    int
}

func open(t *testing.T) *world {
	t.Helper()
	w := &world{World: storagetest.Open(t), t: t}
	w.Users("ann")
	w.store = storage.NewTokens(w.DB)
	w.service = token.New(w.Gate, w.store, func() string {
		w.made++
		return fmt.Sprintf("secret-number-%d", w.made)
	})
	w.ring = token.NewRing(w.store)
	return w
}

func (w *world) owner() context.Context { return w.As(storagetest.Owner) }

func (w *world) create(in token.Create) token.Made {
	w.t.Helper()
	made, err := w.service.Create(w.owner(), in)
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

// opens says what a secret opens by now.
func (w *world) opens(secret string) (token.Token, bool) {
	w.t.Helper()
	if err := w.ring.Refresh(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	return w.ring.Find(secret, w.Now())
}

func TestATokenOpensWhatItWasMadeFor(t *testing.T) {
	w := open(t)
	made := w.create(token.Create{Name: " gateway ", For: "the gateway", Scopes: []string{"reasons", "evaluate", "evaluate"}})
	if made.Secret != "reeve_secret-number-1" || made.Name != "gateway" || made.CreatedBy != storagetest.Owner || !made.Until.Equal(w.Now().AddDate(0, 0, token.DefaultDays)) {
		t.Errorf("made is %+v", made)
	}
	got, ok := w.opens(made.Secret)
	if !ok || !slices.Equal(got.Scopes, []token.Scope{token.Evaluate, token.Reasons}) || !got.May(token.Evaluate) || got.May(token.Search) {
		t.Errorf("it opens %+v, %v", got, ok)
	}
	for _, other := range []string{"", "reeve_", "secret-number-1", made.Secret + " ", strings.ToUpper(made.Secret), made.Secret[:len(made.Secret)-1]} {
		if got, ok := w.opens(other); ok {
			t.Errorf("%q opens %+v", other, got)
		}
	}
}

// From the very second at which it ends a token opens nothing.
func TestATokenEnds(t *testing.T) {
	w := open(t)
	made := w.create(token.Create{Name: "short", Scopes: []string{"search"}, Until: w.Now().Add(time.Hour + 500*time.Millisecond)})
	if !made.Until.Equal(w.Now().Add(time.Hour)) {
		t.Errorf("it ends at %v", made.Until)
	}
	w.Pass(time.Hour - time.Second)
	if _, ok := w.opens(made.Secret); !ok {
		t.Error("it is over before its time")
	}
	w.Pass(time.Second)
	if _, ok := w.opens(made.Secret); ok {
		t.Error("it goes on at its end")
	}
	if list, err := w.service.List(w.owner()); err != nil || len(list) != 1 || !list[0].Ended(w.Now()) {
		t.Errorf("it is not listed as over: %+v (%v)", list, err)
	}
}

func TestARevokedTokenOpensNothing(t *testing.T) {
	w := open(t)
	made, other := w.create(token.Create{Name: "One", Scopes: []string{"search"}}), w.create(token.Create{Name: "two", Scopes: []string{"search"}})
	if _, ok := w.opens(made.Secret); !ok {
		t.Fatal("it opens nothing")
	}
	if gone, err := w.service.Revoke(w.owner(), "ONE"); err != nil || gone.Name != "One" {
		t.Fatalf("%+v (%v)", gone, err)
	}
	if _, ok := w.opens(made.Secret); ok {
		t.Error("it opens still")
	}
	if _, ok := w.opens(other.Secret); !ok {
		t.Error("another one was revoked with it")
	}
	if _, err := w.service.Revoke(w.owner(), "one"); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("another time: %v", err)
	}
	again := w.create(token.Create{Name: "one", Scopes: []string{"search"}})
	if _, ok := w.opens(made.Secret); ok || again.Secret == made.Secret {
		t.Error("a new one of the name revives the old")
	}
}

// The secret is handed out once, and stands nowhere: not in lists, not in the audit, and not with the answer to a request.
func TestTheSecretOfATokenIsNowhere(t *testing.T) {
	w := open(t)
	ctx := control.WithRequest(w.owner(), "once")
	in := token.Create{Name: "gateway", Scopes: []string{"evaluate"}, Until: w.Now().Add(time.Hour)}
	made, err := w.service.Create(ctx, in)
	if err != nil || made.Secret == "" {
		t.Fatalf("%+v (%v)", made, err)
	}
	again, err := w.service.Create(ctx, in)
	if err != nil || again.Secret != "" || again.Name != "gateway" {
		t.Errorf("the same request once more: %+v (%v)", again, err)
	}
	listed, err := w.service.List(w.owner())
	if err != nil || len(listed) != 1 {
		t.Fatalf("listed are %+v (%v)", listed, err)
	}
	if _, err := w.service.Revoke(w.owner(), "gateway"); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	encoded, err := json.Marshal([]any{made, listed, again})
	if err != nil {
		t.Fatal(err)
	}
	said.Write(encoded)
	entries, err := audit.New(w.Gate, storage.NewAudit(w.DB), nil).List(w.owner(), audit.Search{})
	if err != nil || len(entries.Items) == 0 {
		t.Fatalf("the audit: %v (%v)", entries, err)
	}
	for _, e := range entries.Items {
		said.Write(e.Before)
		said.Write(e.After)
	}
	hash := fmt.Sprintf("%x", token.HashOf(made.Secret))
	if s := said.String(); strings.Contains(s, "secret-number") || strings.Contains(s, hash) {
		t.Errorf("it stands in %s", s)
	}
}

func TestWhatATokenIsMadeOfIsChecked(t *testing.T) {
	w := open(t)
	w.create(token.Create{Name: "there", Scopes: []string{"search"}})
	now := w.Now()
	for name, c := range map[string]struct {
		in   token.Create
		want string // the fields, in order
	}{
		"nothing":                {token.Create{}, "name scope"},
		"a name with a space":    {token.Create{Name: "a b", Scopes: []string{"search"}}, "name"},
		"a name of other signs":  {token.Create{Name: "a/b", Scopes: []string{"search"}}, "name"},
		"a name that is long":    {token.Create{Name: strings.Repeat("x", 65), Scopes: []string{"search"}}, "name"},
		"a name that is there":   {token.Create{Name: "THERE", Scopes: []string{"search"}}, "name"},
		"a long word on its use": {token.Create{Name: "x", For: strings.Repeat("x", 201), Scopes: []string{"search"}}, "for"},
		"an escape in it":        {token.Create{Name: "x", For: "a\x1b[2J", Scopes: []string{"search"}}, "for"},
		"a scope that is none":   {token.Create{Name: "x", Scopes: []string{"search", "all"}}, "scope"},
		"reasons alone":          {token.Create{Name: "x", Scopes: []string{"reasons"}}, "scope"},
		"an end that is past":    {token.Create{Name: "x", Scopes: []string{"search"}, Until: now.Add(-time.Second)}, "until"},
		"an end that is now":     {token.Create{Name: "x", Scopes: []string{"search"}, Until: now}, "until"},
		"one too far":            {token.Create{Name: "x", Scopes: []string{"search"}, Until: now.AddDate(0, 0, token.LongestDays).Add(time.Second)}, "until"},
		"the farthest":           {token.Create{Name: "far", Scopes: []string{"search"}, Until: now.AddDate(0, 0, token.LongestDays)}, ""},
		"all of it":              {token.Create{Name: "?", For: "\x00", Scopes: []string{"?"}, Until: now}, "name for scope scope until"},
	} {
		_, err := w.service.Create(w.owner(), c.in)
		var invalid *fault.Invalid
		var fields []string
		if errors.As(err, &invalid) {
			for _, f := range invalid.Fields {
				fields = append(fields, f.Name)
			}
		}
		if got := strings.Join(fields, " "); got != c.want || c.want == "" && err != nil {
			t.Errorf("%s: %s is wrong, want %s (%v)", name, got, c.want, err)
		}
	}
}

// Whoever has no power learns nothing of tokens.
func TestTokensAreForWhoMayAskAboutEverybody(t *testing.T) {
	w := open(t)
	w.create(token.Create{Name: "there", Scopes: []string{"search"}})
	_, made := w.service.Create(w.As("ann"), token.Create{Name: "mine", Scopes: []string{"search"}})
	_, revoked := w.service.Revoke(w.As("ann"), "there")
	_, listed := w.service.List(w.As("ann"))
	for act, err := range map[string]error{"make": made, "revoke": revoked, "list": listed} {
		if fault.KindOf(err) != fault.KindDenied {
			t.Errorf("%s: %v", act, err)
		}
	}
}

// failing is a store that cannot be read for a while.
type failing struct {
	token.Store
	fails bool
}

func (f *failing) Keys(ctx context.Context) ([]token.Key, error) {
	if f.fails {
		return nil, errors.New("the disk is gone")
	}
	return f.Store.Keys(ctx)
}

// A ring that does not know what was revoked opens nothing until it knows.
func TestARingThatCannotBeReadOpensNothing(t *testing.T) {
	w := open(t)
	made := w.create(token.Create{Name: "x", Scopes: []string{"search"}})
	store := &failing{Store: w.store}
	ring := token.NewRing(store)
	if _, ok := ring.Find(made.Secret, w.Now()); ok {
		t.Error("before it was read it opens")
	}
	for i, fails := range []bool{false, true, false} {
		store.fails = fails
		if err := ring.Refresh(t.Context()); (err != nil) != fails {
			t.Errorf("%d: %v", i, err)
		}
		if _, ok := ring.Find(made.Secret, w.Now()); ok == fails {
			t.Errorf("%d: it opens: %v", i, ok)
		}
	}
}
