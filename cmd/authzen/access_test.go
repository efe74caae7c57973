package authzen_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"reeve/cmd/authzen"
	"reeve/core/access"
	"reeve/core/decision"
	"reeve/core/directory"
	"reeve/core/policy"
	"reeve/core/token"
	"reeve/storage"
)

// as asks with a token.
func (f *fixture) as(secret, path, body string) answered {
	return f.send("POST", path, body, "Authorization", "Bearer "+secret, "Content-Type", "application/json")
}

func TestOnlyTokensOpen(t *testing.T) {
	f := newFixture(t)
	asked := question(alice, read, record1)
	search := question(anyUser, read, record1)
	evaluates, searches := f.token("evaluates", "evaluate"), f.token("searches", "search")
	brief, err := f.tokens.Create(f.As("root"), token.Create{Name: "brief", Scopes: []string{"evaluate"}, Until: f.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	f.refresh()
	for _, c := range []struct {
		test, header, path, body, says string
		want                           int
	}{
		{"none", "", authzen.PathEvaluation, asked, `Bearer realm="reeve"`, http.StatusUnauthorized},
		{"another scheme", "Basic " + evaluates, authzen.PathEvaluation, asked, `Bearer realm="reeve"`, http.StatusUnauthorized},
		{"no scheme", evaluates, authzen.PathEvaluation, asked, `Bearer realm="reeve"`, http.StatusUnauthorized},
		{"empty", "Bearer ", authzen.PathEvaluation, asked, `error="invalid_token"`, http.StatusUnauthorized},
		{"a made-up one", "Bearer reeve_X", authzen.PathEvaluation, asked, `error="invalid_token"`, http.StatusUnauthorized},
		{"part of one", "Bearer " + evaluates[:len(evaluates)-1], authzen.PathEvaluation, asked, `error="invalid_token"`, http.StatusUnauthorized},
		{"more than one", "Bearer " + evaluates + " " + searches, authzen.PathEvaluation, asked, `error="invalid_token"`, http.StatusUnauthorized},
		{"before what is asked is read", "Bearer x", authzen.PathEvaluation, "{", `error="invalid_token"`, http.StatusUnauthorized},
		{"in small letters", "bearer " + evaluates, authzen.PathEvaluation, asked, "", http.StatusOK},
		{"evaluate for many", "Bearer " + evaluates, authzen.PathEvaluations, asked, "", http.StatusOK},
		{"evaluate for a search", "Bearer " + evaluates, authzen.PathSubjects, search, `error="insufficient_scope", scope="search"`, http.StatusForbidden},
		{"search for a question", "Bearer " + searches, authzen.PathEvaluation, asked, `error="insufficient_scope", scope="evaluate"`, http.StatusForbidden},
		{"search", "Bearer " + searches, authzen.PathSubjects, search, "", http.StatusOK},
		{"a brief one", "Bearer " + brief.Secret, authzen.PathEvaluation, asked, "", http.StatusOK},
	} {
		headers := []string{"Content-Type", "application/json", "X-Request-ID", "id"}
		if c.header != "" {
			headers = append(headers, "Authorization", c.header)
		}
		a := f.send("POST", c.path, c.body, headers...)
		if a.status != c.want || !strings.Contains(a.header.Get("WWW-Authenticate"), c.says) || a.header.Get("X-Request-ID") != "id" {
			t.Errorf("%s: %d %s, %q", c.test, a.status, a.body, a.header.Get("WWW-Authenticate"))
		}
	}
	if a := f.send("POST", authzen.PathEvaluation, asked, "Content-Type", "application/json", "Authorization", "Bearer "+evaluates, "Authorization", "Bearer x"); a.status != http.StatusUnauthorized {
		t.Errorf("two headers: %d %s", a.status, a.body)
	}
	f.Pass(time.Hour)
	if a := f.as(brief.Secret, authzen.PathEvaluation, asked); a.status != http.StatusUnauthorized {
		t.Errorf("at its end: %d %s", a.status, a.body)
	}
	if _, err := f.tokens.Revoke(f.As("root"), "Evaluates"); err != nil {
		t.Fatal(err)
	}
	f.refresh()
	if a := f.as(evaluates, authzen.PathEvaluation, asked); a.status != http.StatusUnauthorized {
		t.Errorf("revoked: %d %s", a.status, a.body)
	}
	if f.watched[http.StatusOK].Load() == 0 || f.watched[http.StatusUnauthorized].Load() == 0 || f.watched[http.StatusForbidden].Load() != 2 {
		t.Error("answers are not counted")
	}
}

func TestReasonsAreForWhoMaySeeThem(t *testing.T) {
	f := newFixture(t)
	secret := f.token("why", "evaluate", "reasons")
	f.refresh()
	asked := question(bob, write, record1)
	if a := f.ask(authzen.PathEvaluation, asked); a.body != deny {
		t.Errorf("without the scope: %s", a.body)
	}
	if a := f.ask(authzen.PathEvaluations, `{"evaluations":[`+asked+`]}`); a.body != `{"evaluations":[`+deny+`]}` {
		t.Errorf("without the scope: %s", a.body)
	}
	const want = `{"decision":false,"context":{"reason_admin":{"en":"builtin_role"},"reason_user":{"en":"ask"}}}`
	if a := f.as(secret, authzen.PathEvaluation, asked); a.body != want {
		t.Errorf("with the scope: %s", a.body)
	}
	if a := f.as(secret, authzen.PathEvaluations, `{"evaluations":[`+asked+`]}`); a.body != `{"evaluations":[`+want+`]}` {
		t.Errorf("with the scope: %s", a.body)
	}
}

// What was committed is seen, by whoever asks after it was told.
func TestChangesAreSeen(t *testing.T) {
	f := newFixture(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	events, unsubscribe := f.Gate.Events()
	defer unsubscribe()
	go f.live.Follow(ctx, events, f.ring.Refresh, func(context.Context, time.Duration) error { return context.Canceled })
	sees := func(what, body, want string) {
		t.Helper()
		for begun := time.Now(); ; {
			a := f.ask(authzen.PathEvaluation, body)
			if a.body == want {
				return
			}
			if time.Since(begun) > 30*time.Second {
				t.Fatalf("%s: %d %s, want %s", what, a.status, a.body, want)
			}
		}
	}
	carol := `{"type":"user","id":"carol"}`
	sees("before", question(carol, write, record1), deny)
	f.add(f.records, "develop", time.Time{}, "carol")
	sees("a role", question(carol, write, record1), allow)
	users := directory.New(f.Gate, storage.NewDirectory(f.DB))
	if _, err := users.Disable(f.As("root"), directory.Batch{Names: []string{"carol"}}); err != nil {
		t.Fatal(err)
	}
	sees("who is disabled", question(carol, write, record1), deny)
	policies := policy.New(f.Gate, storage.NewPolicies(f.DB, f.Builtins))
	sees("before the policy", question(bob, write, record2), deny)
	if _, err := policies.Attach(f.As("root"), "AliyunDataWorksFullAccess", policy.Batch{Users: []string{"bob"}}); err != nil {
		t.Fatal(err)
	}
	sees("a power", question(bob, write, record2), allow)
	sees("an operation", question(bob, deletion, `{"type":"workspace","id":"cn-hangzhou/archive"}`), allow)
	if _, err := users.Add(f.As("root"), directory.Add{Names: []string{"erin"}}); err != nil {
		t.Fatal(err)
	}
	f.add(f.archive, "develop", time.Time{}, "erin")
	sees("somebody new", question(`{"type":"user","id":"Erin"}`, write, record2), allow)
	if _, err := f.tokens.Revoke(f.As("root"), "all"); err != nil {
		t.Fatal(err)
	}
	sees("a token that is taken away", question(bob, read, record1), `{"error":{"status":401,"message":"the token is not known, or has ended"}}`)
}

// From the second of its end on a grant counts for nothing, without anything being committed.
func TestWhatEndsEndsAtItsSecond(t *testing.T) {
	f := newFixture(t)
	carol := `{"type":"user","id":"carol"}`
	f.add(f.records, "develop", f.Now().Add(time.Hour), "carol")
	f.refresh()
	f.Pass(time.Hour - time.Second)
	if a := f.ask(authzen.PathEvaluation, question(carol, write, record1)); a.body != allow {
		t.Errorf("before: %s", a.body)
	}
	f.Pass(time.Second)
	if a := f.ask(authzen.PathEvaluation, question(carol, write, record1)); a.body != deny {
		t.Errorf("at its end: %s", a.body)
	}
	if got, _ := f.found(authzen.PathSubjects, question(anyUser, write, record1)); strings.Contains(got, "carol") {
		t.Errorf("found are %s", got)
	}
}

// broken is a store that cannot be read, or whose state makes no sense.
type broken struct {
	world func() (decision.World, error)
}

func (b broken) World(context.Context) (decision.World, error) { return b.world() }
func (b broken) Revision(context.Context) (uint64, error)      { return 1, nil }

// An answer from before a change that is known to have been made would be wrong, so there is none; and it is tried again.
func TestThereIsNoAnswerWhileNothingIsKnown(t *testing.T) {
	f := newFixture(t)
	fails := errors.New("the disk is gone")
	tries := 0
	live := decision.NewLive(broken{func() (decision.World, error) {
		if tries++; tries < 3 {
			return decision.World{}, fails
		}
		return decision.World{State: access.State{Principals: []access.Principal{{ID: 1, Name: "root", Power: access.PowerAccount}}}}, nil
	}}, f.Now)
	if err := live.Refresh(t.Context()); !errors.Is(err, fails) {
		t.Errorf("refreshing says %v", err)
	}
	if _, err := live.View(); err == nil {
		t.Error("there is a view")
	}
	events, unsubscribe := f.Gate.Events()
	done := make(chan struct{})
	waited := 0
	go func() {
		defer close(done)
		live.Follow(t.Context(), events, f.ring.Refresh, func(context.Context, time.Duration) error { waited++; return nil })
	}()
	f.add(f.archive, "visitor", time.Time{}, "bob")
	for {
		if v, err := live.View(); err == nil {
			if a := v.Decide(decision.Question{Subject: decision.Entity{Type: "user", ID: "root"}, Action: "read", Resource: decision.Entity{Type: "module", ID: "a/b/c"}}); a.Allowed || a.Unknown != decision.ResourcePart {
				t.Errorf("a workspace that is not there: %+v", a)
			}
			break
		}
	}
	unsubscribe()
	<-done
	if waited != 1 {
		t.Errorf("it was waited %d times", waited)
	}
}

func TestAPanicIsNobodysEnd(t *testing.T) {
	f := newFixture(t)
	f.secret = f.token("why", "evaluate", "reasons")
	f.refresh()
	// The reason of a question about nothing that is known has nothing in it, which the fixture does not look for.
	a := f.ask(authzen.PathEvaluation, question(`{"type":"user","id":"none"}`, read, record1))
	if a.status != http.StatusInternalServerError || strings.Contains(a.body, "index") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := f.ask(authzen.PathEvaluation, question(alice, read, record1)); a.status != http.StatusOK {
		t.Errorf("afterwards: %d %s", a.status, a.body)
	}
}
