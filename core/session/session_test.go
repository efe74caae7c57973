package session_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"reeve/core/audit"
	"reeve/core/audit/chain"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/session"
	"reeve/storage"
	"reeve/storage/storagetest"
)

// world is a tenant with two people beside the owner, and the service.
type world struct {
	*storagetest.World
	t       *testing.T
	service *session.Service
	store   storage.Sessions
}

func open(t *testing.T) *world {
	t.Helper()
	w := &world{World: storagetest.Open(t), t: t}
	w.Users("ann", "ben")
	w.store = storage.NewSessions(w.DB)
	w.service = session.New(w.Gate, w.store)
	return w
}

// process is a process that has the database open; it dies when dead is called, and lives on in nothing but what it wrote.
func (w *world) process(holder string) (desk *session.Desk, dead func()) {
	w.t.Helper()
	desk = session.NewDesk(w.store, holder, w.Now)
	held, err := w.store.Hold(holder)
	if err == nil {
		err = desk.Start(w.t.Context(), held)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	var released bool
	dead = func() {
		if !released {
			released = true
			_ = held.Release()
		}
	}
	w.t.Cleanup(dead)
	return desk, dead
}

func (w *world) begin(desk *session.Desk, who, id string) {
	w.t.Helper()
	if _, err := w.service.Begin(w.As(who), session.Session{ID: id, Face: session.SSH, Address: "10.0.0.7:40022", Holder: desk.Holder()}, true); err != nil {
		w.t.Fatal(err)
	}
	desk.Arrive(id)
	w.Pass(time.Minute)
}

// seen are the sessions that somebody sees, as "user id place".
func (w *world) seen(who string) []string {
	w.t.Helper()
	all, err := w.service.List(w.As(who))
	if err != nil {
		w.t.Fatal(err)
	}
	lines := []string{}
	for _, one := range all {
		lines = append(lines, strings.TrimSpace(one.User+" "+one.ID+" "+one.Place))
	}
	return lines
}

func (w *world) sees(who string, want ...string) {
	w.t.Helper()
	if got := w.seen(who); !slices.Equal(got, want) {
		w.t.Errorf("%s sees %q, want %q", who, got, want)
	}
}

func TestEverybodySeesTheirOwnAndTheOwnerAll(t *testing.T) {
	w := open(t)
	here, _ := w.process("server")
	there, _ := w.process("laptop")
	w.begin(here, "ann", "01ANN")
	w.begin(there, "ben", "01BEN")
	if err := errors.Join(here.Look("01ANN", "cn-hangzhou"), there.Look("01BEN", "audit")); err != nil {
		t.Fatal(err)
	}
	w.sees(storagetest.Owner, "ben 01BEN audit", "ann 01ANN cn-hangzhou")
	w.sees("ann", "ann 01ANN cn-hangzhou")
	if err := here.Leave(t.Context(), "01ANN"); err != nil {
		t.Fatal(err)
	}
	w.sees("ann")
}

func TestWhoeverIsKilledIsGoneWithoutAWord(t *testing.T) {
	w := open(t)
	desk, dead := w.process("server")
	w.begin(desk, "ann", "01ANN")
	w.sees("ann", "ann 01ANN")
	dead()
	w.sees("ann")
	// What it left is taken away when the next one begins.
	other, _ := w.process("another")
	w.begin(other, "ben", "01BEN")
	if left, err := w.store.Ending(t.Context(), "server"); err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
	w.sees(storagetest.Owner, "ben 01BEN")
}

func TestASessionIsEndedByItsOwnerOrByWhoMay(t *testing.T) {
	w := open(t)
	desk, _ := w.process("server")
	w.begin(desk, "ann", "01ANN-1")
	w.begin(desk, "ann", "01ANN-2")
	w.begin(desk, "ben", "01BEN")
	for name, c := range map[string]struct {
		who, id string
		want    fault.Kind
	}{
		"another's":        {"ben", "01ANN-1", fault.KindDenied},
		"nobody's":         {"ann", "02", fault.KindNotFound},
		"without an id":    {"ann", "", fault.KindNotFound},
		"one of several":   {"ann", "01ann", fault.KindInvalid},
		"in other letters": {"ann", "01ann-1", ""},
		"by the owner":     {storagetest.Owner, "01B", ""},
	} {
		_, err := w.service.End(w.As(c.who), c.id)
		if (c.want == "") != (err == nil) || err != nil && fault.KindOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	ending, _, err := desk.News(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]string{}
	for _, one := range ending {
		by[one.ID] = one.EndBy
	}
	if len(by) != 2 || by["01ANN-1"] != "ann" || by["01BEN"] != storagetest.Owner {
		t.Errorf("ending are %v", by)
	}
}

func TestANoticeIsHeardOnceByEachProcessThatWasThere(t *testing.T) {
	w := open(t)
	early, _ := w.process("early")
	say := func(words string) {
		t.Helper()
		if _, err := w.service.Notify(w.As(storagetest.Owner), words); err != nil {
			t.Fatal(err)
		}
	}
	hears := func(desk *session.Desk, want ...string) {
		t.Helper()
		_, said, err := desk.News(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, n := range said {
			got = append(got, n.By+": "+n.Text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s hears %q, want %q", desk.Holder(), got, want)
		}
	}
	say("  maintenance at noon ")
	late, _ := w.process("late")
	say("still at noon")
	hears(early, storagetest.Owner+": maintenance at noon", storagetest.Owner+": still at noon")
	hears(early)
	hears(late, storagetest.Owner+": still at noon")
	for _, words := range []string{"", "   ", strings.Repeat("x", 201), "two\nlines", "\x1b[2J"} {
		if _, err := w.service.Notify(w.As(storagetest.Owner), words); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%q: %v", words, err)
		}
	}
	if _, err := w.service.Notify(w.As("ann"), "hear me"); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("ann says something: %v", err)
	}
}

func TestSigningInAndRecordingsAreInTheAudit(t *testing.T) {
	w := open(t)
	desk, _ := w.process("server")
	w.begin(desk, "ann", "01ANN")
	r := session.Recording{Session: "01ANN", User: "ann", Path: "/records/01ANN.cast"}
	server := control.WithActor(t.Context(), control.Actor{Name: "server", Face: control.FaceKeeper, Session: "01ANN"})
	_, err := w.service.Record(server, r)
	r.SHA256, r.Size, r.End = strings.Repeat("ab", 32), 4096, session.EndOfSession
	if _, ended := w.service.Recorded(server, r); err != nil || ended != nil {
		t.Fatal(err, ended)
	}
	if _, err := w.service.Recorded(w.As(storagetest.Owner), r); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("somebody says what became of a recording: %v", err)
	}
	// A command signs in too, but is no session that is open.
	if _, err := w.service.Begin(w.As("ben"), session.Session{ID: "01CMD", Face: session.SSH, Holder: desk.Holder()}, false); err != nil {
		t.Fatal(err)
	}
	w.sees(storagetest.Owner, "ann 01ANN")
	page, err := audit.New(w.Gate, storage.NewAudit(w.DB), nil).List(w.As(storagetest.Owner), audit.Search{Query: list.Query{Filter: list.ParseFilter("session."), Limit: 10}})
	if err != nil {
		t.Fatal(err)
	}
	var acts []string
	for _, e := range page.Items {
		acts = append(acts, e.Actor+" "+e.Action+" "+string(e.Outcome))
		if e.Outcome == chain.Done && e.Action == "session.recorded" && !strings.Contains(string(e.After), r.SHA256) {
			t.Errorf("the hash of the recording is not in %s", e.After)
		}
	}
	slices.Sort(acts)
	if want := []string{"ann session.begin done", "ben session.begin done", "root session.recorded denied", "server session.record done", "server session.recorded done"}; !slices.Equal(acts, want) {
		t.Errorf("the audit has %q", acts)
	}
}

func TestASessionThatMayChangeNothingCannotSay(t *testing.T) {
	w := open(t)
	actor, _ := control.ActorOf(w.As(storagetest.Owner))
	actor.ReadOnly = true
	if _, err := w.service.Notify(control.WithActor(context.Background(), actor), "hear me"); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("a read-only session says something: %v", err)
	}
}
