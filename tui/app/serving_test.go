package app_test

import (
	"context"
	"testing"
	"time"

	"reeve/core/audit"
	"reeve/core/list"
	"reeve/core/message"
	"reeve/core/session"
	"reeve/core/token"
	"reeve/storage"
	"reeve/tui/app"
)

// attended opens sessions of several people in a process that lives as long as the test.
func attended(w *world) {
	w.t.Helper()
	store := storage.NewSessions(w.db)
	desk := session.NewDesk(store, "server-1", w.clock.Now)
	held, err := store.Hold(desk.Holder())
	fatal(w.t, err)
	w.t.Cleanup(func() { _ = held.Release() })
	fatal(w.t, desk.Start(context.Background(), held))
	begin := func(who, id, link string, one session.Session) {
		one.ID, one.Holder = id, desk.Holder()
		_, err := w.services.Sessions.Begin(w.ctx(w.t, who), one, true)
		fatal(w.t, err)
		w.clock.Pass(11 * time.Minute)
		desk.Arrive(id)
		fatal(w.t, desk.Look(id, link))
		w.clock.Pass(7 * time.Minute)
	}
	begin("lin.chen", "01JD0LIN", "cn-hangzhou/sales_dw/roles/Develop", session.Session{Face: session.SSH, Address: "10.20.0.7:52114", Fingerprint: "SHA256:p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM"})
	begin("zoe.park", "01JD0ZOE", "cn-hangzhou/sales_dw/members?q=ito", session.Session{Face: session.SSH, Address: "[2001:db8::17]:40022", Certificate: "zoe-laptop"})
	begin("佐藤健", "01JD0SATO", "overview", session.Session{Face: session.Console})
	begin("root", "session-1", "sessions", session.Session{Face: session.Console})
}

// trusted makes tokens: one that is valid, one that ends soon, and one that has ended.
func trusted(w *world) {
	w.t.Helper()
	make := func(in token.Create, days int) {
		in.Until = w.clock.Now().Add(time.Duration(days) * 24 * time.Hour)
		_, err := w.services.Tokens.Create(w.ctx(w.t, "root"), in)
		fatal(w.t, err)
	}
	make(token.Create{Name: "airflow", For: "the scheduler of the data platform", Scopes: []string{"evaluate"}}, 6)
	w.clock.Pass(7 * 24 * time.Hour)
	make(token.Create{Name: "gateway", For: "API ゲートウェイ 本番", Scopes: []string{"evaluate", "search", "reasons"}}, 200)
	make(token.Create{Name: "old-portal", Scopes: []string{"search"}}, 9)
}

// servingScenes are who is there, and what programs may ask.
func servingScenes() []scene {
	return []scene{
		{name: "sessions", who: "root", link: "sessions", rows: true, before: attended},
		{name: "sessions-own", who: "zoe.park", link: "sessions", before: attended},
		{name: "sessions-empty", who: "root", link: "sessions"},
		{name: "sessions-end", who: "root", link: "sessions", keys: "j space j space x", before: attended},
		{name: "sessions-end-own", who: "root", link: "sessions", keys: "x", before: attended},
		{name: "sessions-say", who: "root", link: "sessions", keys: "n", before: attended},
		{name: "tokens", who: "root", link: "tokens", rows: true, before: trusted},
		{name: "tokens-empty", who: "root", link: "tokens"},
		{name: "tokens-refused", who: "zoe.park", link: "tokens", before: trusted},
		{name: "tokens-faults", who: "root", link: "tokens", keys: "a text:AIRFLOW tab tab space tab text:900d ctrl+s", before: trusted},
		{name: "tokens-made", who: "root", link: "tokens", keys: "a text:portal tab text:the␣portal ctrl+s", before: trusted},
		{name: "preferences", who: "zoe.park", link: sales + "/members", keys: ","},
		{name: "tokens-revoke", who: "root", link: "tokens", keys: "x", before: trusted},
	}
}

func TestSessionsAreSeenFollowedToldAndEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	attended(w)
	d := w.open("root", "sessions")
	has(t, d, "zoe.park", "[2001:db8::17]:40022", "cn-hangzhou/sales_d…", "this machine", "this session")
	has(t, d.Keys("/ text:lin.chen enter x"), "End this session?", "lin.chen, open since")
	has(t, d.Keys("y"), "The session of lin.chen is being ended", "is ending")
	open, err := w.services.Sessions.List(w.ctx(t, "root"))
	fatal(t, err)
	for _, one := range open {
		if ends := one.EndBy != ""; ends != (one.User == "lin.chen") {
			t.Errorf("the session of %s is ending: %v", one.User, ends)
		}
	}
	has(t, d.Keys("n ctrl+s"), "must not be empty")
	has(t, d.Keys("text:Back␣at␣noon. ctrl+s"), "Everybody who has a console open is told")
	// What was done in a session is in the audit.
	d = w.open("root", "sessions?q=root")
	has(t, d.Keys("i"), "session:session-1", "session.notify", "session.end")
	// Where somebody looks at is gone to.
	d = w.open("root", "sessions")
	has(t, d.Keys("/ text:zoe.park enter enter"), "Members", "m.ito")
	// Who is nobody special sees and ends their own alone.
	d = w.open("zoe.park", "sessions")
	has(t, d, "zoe.park")
	lacks(t, d, "lin.chen")
	has(t, d.Keys("n"), "AliyunDataWorksFullAccess")
}

func TestATokenIsShownOnceAndRevoked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("root", "tokens").Keys("a text:portal tab text:the␣portal tab right space ctrl+s")
	has(t, d, "reeve_secret-secret-", "only its hash is kept")
	has(t, d.Keys("enter q"), "reeve_secret-")
	d.Keys("y esc")
	lacks(t, d, "reeve_secret-")
	has(t, d, "portal", "evaluate, search", "valid")
	made, err := w.services.Tokens.List(w.ctx(t, "root"))
	fatal(t, err)
	if len(made) != 1 || made[0].For != "the portal" || made[0].CreatedBy != "root" {
		t.Fatalf("the tokens are %+v", made)
	}
	page, err := w.services.Audit.List(w.ctx(t, "root"), audit.Search{Query: list.Query{Filter: list.ParseFilter("secret-secret"), Count: true}})
	if fatal(t, err); page.Total != 0 {
		t.Error("the secret is in the audit")
	}
	has(t, d.Keys("x"), "Revoke the token portal?", "the portal")
	has(t, d.Keys("y"), "opens nothing any more", "There are no tokens")
}

// What covers a session says when it ends, in full, however narrow the window is.
func TestALockedSessionSaysWhenItEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, width := range []int{60, 80, 200} {
		d := w.open("zoe.park", sales+"/members").Resize(width, 20)
		d.Send(app.Locked{Ends: time.Date(2026, 3, 1, 23, 59, 45, 0, time.UTC)})
		has(t, d, "is locked", "zoe.park", "23:59:45.", "Press any key")
		lacks(t, d, "m.ito", "…")
		has(t, d.Keys("j"), "m.ito")
	}
}

// What is said while a session is covered is seen on the cover, and again when it is gone; that the session ends stays in sight.
func TestALockedSessionHearsWhatIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("zoe.park", sales+"/members").Resize(80, 24)
	d.Send(app.Locked{Ends: time.Date(2026, 3, 1, 23, 59, 45, 0, time.UTC)})
	d.Send(app.Notice{Text: message.Text{ID: "session.notice", Args: message.Args{"By": "root", "Text": "save your work"}}})
	has(t, d, "save your work", "23:59:45.")
	ends := time.Date(2026, 3, 1, 23, 58, 1, 0, time.UTC)
	d.Send(app.Notice{Text: message.Text{ID: "session.ending.server", Args: message.Args{"At": "23:58:01"}}, Ends: ends})
	has(t, d, "save your work", "being stopped", "23:58:01.")
	lacks(t, d, "23:59:45", "m.ito")
	d = d.Keys("j")
	has(t, d, "m.ito", "being stopped", "ends at 23:58:01")
	d.Send(app.Notice{Text: message.Text{ID: "session.ending.total", Args: message.Args{"At": "23:59:00"}}, Ends: ends.Add(time.Minute)})
	has(t, d, "ends at 23:58:01")
	has(t, d.Keys("!"), "save your work")
}

// A token that is shown, or copied to the clipboard of the terminal, would be in the recording.
func TestARecordedConsoleMakesNoToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("root", "tokens", func(o *app.Options) { o.Recorded = true }).Keys("a")
	has(t, d, "This console is recorded", "token create")
	lacks(t, d, "Used by")
	d.Keys("text:portal ctrl+s")
	if made, err := w.services.Tokens.List(w.ctx(t, "root")); err != nil || len(made) != 0 {
		t.Errorf("made are %v (%v)", made, err)
	}
}
