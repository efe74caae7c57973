package authzen_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"reeve/cmd/authzen"
	"reeve/core/control"
	"reeve/core/decision"
	"reeve/core/member"
	"reeve/core/token"
	"reeve/storage"
	"reeve/storage/storagetest"
)

// The resources of the standard's certification scenario, as the console has them.
const (
	record1  = `{"type":"module","id":"cn-hangzhou/records/data-studio"}`
	record2  = `{"type":"module","id":"cn-hangzhou/archive/data-studio"}`
	alice    = `{"type":"user","id":"alice"}`
	bob      = `{"type":"user","id":"bob"}`
	anyUser  = `{"type":"user"}`
	read     = `{"name":"read"}`
	write    = `{"name":"write"}`
	deletion = `{"name":"dataworks:DeleteWorkspace"}`
)

// fixture is the world of the certification scenario behind the face: alice develops in the workspace of record-1, bob visits
// it; carol is in a group that visits the workspace of record-2.
type fixture struct {
	*storagetest.World
	t                tb
	live             *decision.Live
	ring             *token.Ring
	tokens           *token.Service
	members          *member.Service
	records, archive control.Ref
	face             http.Handler
	secret           string            // with all scopes
	watched          [600]atomic.Int64 // answers by status
	secrets          int
}

type tb interface {
	testing.TB
	Context() context.Context
}

func newFixture(t tb) *fixture {
	t.Helper()
	w := storagetest.Open(t)
	f := &fixture{World: w, t: t}
	w.Users("alice", "bob", "carol", "dave")
	w.Group("readers", "carol")
	f.records, f.archive = w.Workspace("records", "dave"), w.Workspace("archive", "dave")
	f.members = member.New(w.Gate, storage.NewMembers(w.DB, w.Builtins))
	f.tokens = token.New(w.Gate, storage.NewTokens(w.DB), func() string { f.secrets++; return fmt.Sprintf("secret-%d-of-a-test", f.secrets) })
	f.ring = token.NewRing(storage.NewTokens(w.DB))
	f.live = decision.NewLive(storage.NewDecisions(w.DB, w.Builtins), w.Gate.Now)
	f.add(f.records, "develop", time.Time{}, "alice")
	f.add(f.records, "visitor", time.Time{}, "bob")
	f.add(f.archive, "visitor", time.Time{}, "readers")
	f.secret = f.token("all", "evaluate", "search")
	f.face = authzen.New(authzen.Config{
		Live: f.live, Ring: f.ring, Now: w.Gate.Now, URL: "https://pdp.example.com", Language: "en",
		Reason: func(v *decision.View, q decision.Question) (admin, user string) {
			x, _ := v.Explain(q)
			return x.Because[0].Kind.String(), "ask"
		},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Watch: func(status, _ int) { f.watched[status].Add(1) },
	})
	f.refresh()
	return f
}

func (f *fixture) refresh() {
	f.t.Helper()
	if err := f.ring.Refresh(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
	if err := f.live.Refresh(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) add(ref control.Ref, role string, until time.Time, users ...string) {
	f.t.Helper()
	if _, err := f.members.Add(f.As("root"), ref, member.Batch{Users: users, Roles: []string{role}, Until: until}); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) token(name string, scopes ...string) string {
	f.t.Helper()
	made, err := f.tokens.Create(f.As("root"), token.Create{Name: name, Scopes: scopes})
	if err != nil {
		f.t.Fatal(err)
	}
	return made.Secret
}

// answered is what came back.
type answered struct {
	status int
	body   string
	header http.Header
}

// send sends a request with headers, which are given as name and value in turn.
func (f *fixture) send(method, path, body string, headers ...string) answered {
	f.t.Helper()
	r := httptest.NewRequestWithContext(f.t.Context(), method, path, strings.NewReader(body))
	for header := range slices.Chunk(headers, 2) {
		r.Header.Add(header[0], header[1])
	}
	w := httptest.NewRecorder()
	f.face.ServeHTTP(w, r)
	if got := w.Header().Get("Content-Type"); got != "application/json" {
		f.t.Errorf("%s %s is answered as %q", method, path, got)
	}
	var wrong struct {
		Error struct {
			Status  int
			Message string
		}
	}
	if w.Code != http.StatusOK {
		if err := json.Unmarshal(w.Body.Bytes(), &wrong); err != nil || wrong.Error.Status != w.Code || wrong.Error.Message == "" {
			f.t.Errorf("%s %s is refused with %d %s", method, path, w.Code, w.Body)
		}
	}
	return answered{w.Code, w.Body.String(), w.Header()}
}

// ask asks with all scopes but reasons.
func (f *fixture) ask(path, body string) answered {
	f.t.Helper()
	return f.send("POST", path, body, "Authorization", "Bearer "+f.secret, "Content-Type", "application/json")
}

// object writes a JSON object of names and values in turn; a value that is empty is left out.
func object(members ...string) string {
	var list []string
	for member := range slices.Chunk(members, 2) {
		if member[1] != "" {
			list = append(list, `"`+member[0]+`":`+member[1])
		}
	}
	return "{" + strings.Join(list, ",") + "}"
}

func question(subject, action, resource string, more ...string) string {
	return object(append([]string{"subject", subject, "action", action, "resource", resource}, more...)...)
}

type searched struct {
	Page *struct {
		Next  *string `json:"next_token"`
		Count int     `json:"count"`
	} `json:"page"`
	Results []struct{ Type, ID, Name string } `json:"results"`
}

// found are the results of a search, by id or by name.
func (f *fixture) found(path, body string) (string, searched) {
	f.t.Helper()
	a := f.ask(path, body)
	var s searched
	if err := json.Unmarshal([]byte(a.body), &s); err != nil || a.status != http.StatusOK || !strings.Contains(a.body, `"results":[`) {
		f.t.Fatalf("%s %s: %d %s (%v)", path, body, a.status, a.body, err)
	}
	var names []string
	for _, r := range s.Results {
		names = append(names, r.ID+r.Name)
	}
	return strings.Join(names, " "), s
}
