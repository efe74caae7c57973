package overview_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"reeve/assets"
	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/overview"
	"reeve/core/use"
	"reeve/storage"
	"reeve/storage/storagetest"
)

// missing are what the steps of a checklist still need, in their order, with - for what is done.
func missing(l overview.Checklist) string {
	var all []string
	for _, s := range l.Steps {
		word := string(s.Missing)
		if s.Done() {
			word = "-"
		}
		all = append(all, word)
	}
	return strings.Join(all, " ")
}

// known is a store that answers with what it is given.
type known struct {
	overview.Store
	found []overview.Progress
	asked struct {
		viewer, joined access.PrincipalID
		limit          int
		since          string
	}
}

func (k *known) Progress(_ context.Context, _ string, viewer, joined access.PrincipalID, since string, limit int) ([]overview.Progress, error) {
	k.asked.viewer, k.asked.joined, k.asked.since, k.asked.limit = viewer, joined, since, limit
	return k.found, nil
}

func TestTheStepsAreWorkedOutFromWhatIsThere(t *testing.T) {
	w := storagetest.Open(t)
	whole := overview.Progress{Usable: true, Groups: 1, Running: 1, Members: 1, Engines: 1, Sources: 1, Tested: 1, Reached: 1}
	for want, change := range map[string]func(*overview.Progress){
		"- - - - -":       func(*overview.Progress) {},
		"state - - - -":   func(p *overview.Progress) { p.Usable = false },
		"- any - - -":     func(p *overview.Progress) { p.Groups, p.Running = 0, 0 },
		"- running - - -": func(p *overview.Progress) { p.Groups, p.Running = 3, 0 },
		"- - any - -":     func(p *overview.Progress) { p.Members = 0 },
		"- - - any -":     func(p *overview.Progress) { p.Engines = 0 },
		"- - - - any":     func(p *overview.Progress) { p.Sources, p.Tested, p.Reached = 0, 0, 0 },
		"- - - - test":    func(p *overview.Progress) { p.Sources, p.Tested, p.Reached = 2, 0, 0 },
		"- - - - reach":   func(p *overview.Progress) { p.Sources, p.Tested, p.Reached = 2, 1, 0 },
	} {
		p := whole
		change(&p)
		got, err := overview.New(w.Gate, &known{found: []overview.Progress{p}}).Show(w.As(storagetest.Owner), "", 5)
		if err != nil || len(got.Checklists) != 1 || missing(got.Checklists[0]) != want {
			t.Errorf("%+v: %v (%v), want %s", p, got.Checklists, err, want)
			continue
		}
		next, open := got.Checklists[0].Next()
		if done := got.Checklists[0].Done(); open != (done < 5) || open && next.Done() {
			t.Errorf("%s: %d done, next %+v %v", want, done, next, open)
		}
	}
}

func TestOnlyThosePowerfulSeeWorkspacesTheyHaveNotJoined(t *testing.T) {
	w := storagetest.Open(t)
	w.Users("zoe")
	for who, want := range map[string]bool{storagetest.Owner: false, "zoe": true} {
		store := &known{}
		if _, err := overview.New(w.Gate, store).Show(w.As(who), "", 1000); err != nil {
			t.Fatal(err)
		}
		if narrowed := store.asked.joined != 0; narrowed != want || narrowed && store.asked.joined != store.asked.viewer {
			t.Errorf("%s asks with %+v", who, store.asked)
		}
		if store.asked.limit != overview.Most || store.asked.since != "2026-02-01" {
			t.Errorf("%s asks with %+v", who, store.asked)
		}
	}
}

// told is a watcher.
type told struct {
	found []overview.Attention
	err   error
}

func (w told) Attention(context.Context, string) ([]overview.Attention, error) { return w.found, w.err }

func TestWhatIsMostUrgentComesFirst(t *testing.T) {
	w := storagetest.Open(t)
	in := func(d time.Duration) *time.Time {
		at := w.Now().Add(d)
		return &at
	}
	service := overview.New(w.Gate, &known{},
		told{found: []overview.Attention{{Name: "half", Used: 5, Size: 10}, {Name: "later", At: in(48 * time.Hour)}, {Name: "nearly", Used: 9, Size: 10}}},
		told{err: &fault.Denied{}},
		told{found: []overview.Attention{{Name: "soon", At: in(time.Hour)}, {Name: "ended", At: in(-time.Hour), Urgent: true}}})
	got, err := service.Show(w.As(storagetest.Owner), "", 1)
	var names []string
	for _, a := range got.Attention {
		names = append(names, a.Name)
	}
	if order := strings.Join(names, " "); err != nil || order != "ended soon later nearly half" {
		t.Errorf("%s (%v)", order, err)
	}
	broken := overview.New(w.Gate, &known{}, told{err: errors.New("no answer")})
	if _, err := broken.Show(w.As(storagetest.Owner), "", 1); err == nil {
		t.Error("a watcher that failed was passed over")
	}
}

func TestWorkspacesThatOneVisitsComeFirst(t *testing.T) {
	w := storagetest.Open(t)
	w.Users("ann", "zoe")
	a, b, c := w.Workspace("aaa", "ann", "zoe"), w.Workspace("bbb", "ann", "zoe"), w.Workspace("ccc", "ann")
	service, uses := overview.New(w.Gate, storage.NewOverviews(w.DB)), use.New(w.Gate, storage.NewUses(w.DB))
	visit := func(who string, ref control.Ref) {
		t.Helper()
		if err := uses.Note(w.As(who), ref); err != nil {
			t.Fatal(err)
		}
	}
	visit("zoe", a)
	w.Pass(40 * 24 * time.Hour)
	visit("zoe", b)
	visit("zoe", b) // twice on a day is once
	visit("ann", c)
	w.Pass(24 * time.Hour)
	visit("zoe", b)
	visit("zoe", a)
	names := func(who string) string {
		t.Helper()
		got, err := service.Show(w.As(who), "", 5)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, l := range got.Checklists {
			all = append(all, l.Workspace+":"+strconv.Itoa(l.Visits))
		}
		return strings.Join(all, " ")
	}
	if got := names("zoe"); got != "bbb:2 aaa:1" {
		t.Errorf("zoe sees %s", got)
	}
	if got := names("ann"); got != "ccc:1 bbb:0 aaa:0" {
		t.Errorf("ann sees %s", got)
	}
	if got := names(storagetest.Owner); got != "ccc:0 bbb:0 aaa:0" {
		t.Errorf("the account sees %s", got)
	}
}

func TestReleaseNotes(t *testing.T) {
	all, err := overview.LoadReleases(assets.Releases())
	if err != nil || len(all) == 0 {
		t.Fatal(all, err)
	}
	for name, data := range map[string]string{
		"no version":   "releases: [{date: 2026-01-01, notes: {en: [a]}}]",
		"no date":      "releases: [{version: a, notes: {en: [a]}}]",
		"no English":   "releases: [{version: a, date: 2026-01-01, notes: {zh: [a]}}]",
		"oldest first": "releases: [{version: a, date: 2026-01-01, notes: {en: [a]}}, {version: b, date: 2026-01-02, notes: {en: [a]}}]",
		"more":         "release: []",
	} {
		if _, err := overview.LoadReleases([]byte(data)); err == nil || !strings.Contains(err.Error(), "release notes") {
			t.Errorf("%s: %v", name, err)
		}
	}
	r := overview.Release{Notes: map[string][]string{"en": {"new"}, "zh": {"新"}}}
	if r.In("zh")[0] != "新" || r.In("fr")[0] != "new" {
		t.Errorf("%v %v", r.In("zh"), r.In("fr"))
	}
}
