package app_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"reeve/assets"
	"reeve/cmd/handover"
	"reeve/core/action"
	"reeve/core/alert"
	"reeve/core/audit"
	"reeve/core/bootstrap"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/edition"
	"reeve/core/engine"
	"reeve/core/fault"
	"reeve/core/figure"
	"reeve/core/group"
	"reeve/core/leaving"
	"reeve/core/member"
	"reeve/core/message"
	"reeve/core/overview"
	"reeve/core/policy"
	"reeve/core/preference"
	"reeve/core/question"
	"reeve/core/region"
	"reeve/core/request"
	"reeve/core/role"
	"reeve/core/session"
	"reeve/core/source"
	"reeve/core/tenant"
	"reeve/core/tenantrole"
	"reeve/core/token"
	"reeve/core/workspace"
	"reeve/storage"
	"reeve/tui/app"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/tuitest"
)

func TestMain(m *testing.M) {
	time.Local = time.UTC // golden files show times
	os.Exit(m.Run())
}

// clock is the time of a world. Programs read it from other goroutines.
type clock struct{ nano atomic.Int64 }

func newClock(at time.Time) *clock {
	c := &clock{}
	c.nano.Store(at.UnixNano())
	return c
}

func (c *clock) Now() time.Time       { return time.Unix(0, c.nano.Load()).UTC() }
func (c *clock) Pass(d time.Duration) { c.nano.Add(int64(d)) }

// today is when the tests look at the world: three months after its story began.
func today() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) }

// system is the services over one database file.
type system struct {
	db         *storage.DB
	gate       *control.Gate
	services   screen.Services
	workspaces storage.Workspaces
	tenants    *tenant.Service
	clock      *clock
}

// openSystem builds the services as the program does.
func openSystem(path string, clock *clock) (*system, error) {
	db, err := storage.Open(context.Background(), storage.Options{Path: path, Now: clock.Now})
	if err != nil {
		return nil, err
	}
	acts, err := action.New(action.All())
	if err != nil {
		return nil, err
	}
	editions, err := edition.Load(assets.Editions())
	if err != nil {
		return nil, err
	}
	known, err := region.Load(assets.Regions())
	if err != nil {
		return nil, err
	}
	builtins, err := storage.LoadBuiltins()
	if err != nil {
		return nil, err
	}
	terms, err := group.LoadTerms(assets.Groups())
	if err != nil {
		return nil, err
	}
	offer, err := alert.Load(assets.Alerts(), editions)
	if err != nil {
		return nil, err
	}
	types, err := source.LoadTypes(assets.SourceTypes())
	if err != nil {
		return nil, err
	}
	ids := 0
	kept := storage.NewCheckpoint(path)
	s := &system{db: db, clock: clock, workspaces: storage.NewWorkspaces(db)}
	s.gate = control.New(storage.NewGateStore(db, builtins), acts, editions, control.Seam{
		Now: clock.Now, ID: func() string { ids++; return fmt.Sprintf("id-%d", ids) },
	}, kept.Keep)
	regions := region.New(s.gate, storage.NewRegions(db), known, workspace.NewDefaults(s.gate, s.workspaces, workspace.Outfit{}))
	s.tenants = tenant.New(s.gate, storage.NewTenants(db), func(id string) error { _, err := regions.Find(id); return err }, workspace.NewDefaults(s.gate, s.workspaces, workspace.Outfit{}))
	s.services = screen.Services{
		Gate: s.gate, Regions: regions, Tenants: s.tenants,
		Workspaces:  workspace.New(s.gate, s.workspaces, region.NewOffers(storage.NewRegions(db), known), workspace.Near{Engines: storage.NewWorkspaceEngines(db), Sources: storage.NewWorkspaceSources(db)}),
		Members:     member.New(s.gate, storage.NewMembers(db, builtins)),
		Roles:       role.New(s.gate, storage.NewRoles(db, builtins)),
		TenantRoles: tenantrole.New(s.gate, storage.NewTenantRoles(db, builtins)),
		Policies:    policy.New(s.gate, storage.NewPolicies(db, builtins)),
		Groups:      group.New(s.gate, storage.NewGroups(db), region.NewOffers(storage.NewRegions(db), known), group.Ledger{}, terms),
		Runs:        group.NewRuns(s.gate, storage.NewGroupRuns(db), region.NewOffers(storage.NewRegions(db), known), terms, nil),
		Engines:     engine.New(s.gate, storage.NewEngines(db, builtins)),
		Sources:     source.New(s.gate, storage.NewSources(db), fakeNetwork{}, types),
		Figures:     figure.New(s.gate, storage.NewFigures(db), region.NewZones(known)),
		Users:       directory.New(s.gate, storage.NewDirectory(db)),
		Directories: directory.NewSources(s.gate, storage.NewDirectory(db), &ldapServer{}),
		Questions:   question.New(s.gate, storage.NewQuestions(db, builtins)),
		Audit:       audit.New(s.gate, storage.NewAudit(db), kept),
		Overviews:   overview.New(s.gate, storage.NewOverviews(db), ending{}),
		Sessions:    session.New(s.gate, storage.NewSessions(db)),
		Preferences: preference.New(s.gate, storage.NewPreferences(db), preference.Offer{Themes: []string{"dark", "light", "mono"}, Languages: []string{"en"}}),
		Tokens:      token.New(s.gate, storage.NewTokens(db), secrets()),
		Alerts:      alert.New(s.gate, storage.NewAlerts(db), region.NewZones(known), offer),
	}
	s.services.Requests = request.New(s.gate, storage.NewAccessRequests(db), handover.Grants{Gate: s.gate, Members: s.services.Members,
		MemberStore: storage.NewMembers(db, builtins), TenantRoles: s.services.TenantRoles, TenantRoleStore: storage.NewTenantRoles(db, builtins),
		Policies: s.services.Policies, PolicyStore: storage.NewPolicies(db, builtins)}.Givers())
	s.services.Leavings = leaving.New(s.gate, storage.NewLeavings(db, builtins), handover.Leaving{Members: s.services.Members,
		MemberStore: storage.NewMembers(db, builtins), Engines: s.services.Engines, TenantRoles: s.services.TenantRoles,
		Policies: s.services.Policies, Users: s.services.Users, Requests: s.services.Requests})
	s.services.RoleCopies = role.NewCopies(s.gate, storage.NewRoles(db, builtins), s.services.Roles, handover.RoleEngines(s.services.Engines))
	s.services.Bootstraps = bootstrap.New(s.gate, storage.NewBootstraps(db), handover.Steps{
		Gate: s.gate, Offers: region.NewOffers(storage.NewRegions(db), known), Workspaces: s.services.Workspaces, WorkspaceStore: s.workspaces,
		Groups: s.services.Groups, Members: s.services.Members, MemberStore: storage.NewMembers(db, builtins), Engines: s.services.Engines,
		Sources: s.services.Sources}.Areas())
	return s, nil
}

// secrets makes what tokens are made of: each another, and always the same.
func secrets() func() string {
	n := 0
	return func() string { n++; return strings.Repeat("secret-", 5) + strconv.Itoa(n) }
}

// image is the files of a closed database by name: copying it is how every test gets a world of its own.
type image map[string][]byte

// imageOf builds a world once and keeps its files.
func imageOf(fill func(s *system) error) (files image, err error) {
	dir, err := os.MkdirTemp("", "reeve-world-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "world.db")
	s, err := openSystem(path, newClock(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)))
	if err != nil {
		return nil, err
	}
	if err := fill(s); err != nil {
		return nil, err
	}
	if err := s.db.Close(); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	files = image{}
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil { //nolint:gosec // a folder of the test's own
			return nil, err
		}
	}
	return files, nil
}

var (
	smallWorld = sync.OnceValues(func() (image, error) { return imageOf(story) })
	largeWorld = sync.OnceValues(func() (image, error) { return imageOf(crowd) })
	// permissionPoints are the same for every session, and no session changes them.
	permissionPoints = sync.OnceValues(func() (question.Points, error) { return question.LoadPoints(assets.Points()) })
	english          = sync.OnceValues(func() (*message.Catalogue, error) { return message.Load(assets.Messages()) })
)

// world is a database of a test's own, with the services over it.
type world struct {
	*system
	t    testing.TB
	path string
	say  *message.Printer
}

// newWorld copies the small world.
func newWorld(t testing.TB) *world { t.Helper(); return worldOf(t, smallWorld) }

func worldOf(t testing.TB, kept func() (image, error)) *world {
	t.Helper()
	files, err := kept()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, err := english()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, path: filepath.Join(dir, "world.db"), say: all.Printer("en")}
	w.system = w.another()
	return w
}

// another opens the same file once more, as another process would: with a gate of its own.
func (w *world) another() *system {
	w.t.Helper()
	c := newClock(today())
	if w.system != nil {
		c = w.clock
	}
	s, err := openSystem(w.path, c)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = s.db.Close() })
	return s
}

// as finds who is to act, by name.
func (s *system) as(name string) (control.Actor, error) {
	p, err := storage.NewQuestions(s.db, storage.Builtins{}).Named(context.Background(), name)
	if err != nil {
		return control.Actor{}, err
	}
	return control.Actor{Principal: p.ID, Name: p.Name, Face: control.FaceConsole, Session: "session-1"}, nil
}

// ctx is a context in which somebody acts.
func (s *system) ctx(t testing.TB, name string) context.Context {
	t.Helper()
	actor, err := s.as(name)
	if err != nil {
		t.Fatal(err)
	}
	return control.WithActor(context.Background(), actor)
}

// options are those of a session of somebody at a place, as every test begins: dark, no timers, nobody else's changes.
func (s *system) options(t testing.TB, who, link string, say *message.Printer) app.Options {
	t.Helper()
	start, err := route.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	actor, err := s.as(who)
	if err != nil {
		t.Fatal(err)
	}
	points, err := permissionPoints()
	if err != nil {
		t.Fatal(err)
	}
	templates, err := role.LoadTemplates(assets.RoleTemplates())
	if err != nil {
		t.Fatal(err)
	}
	return app.Options{
		Services: s.services, Points: points, Templates: templates, Releases: releases(), Places: s.workspaces, Say: say, Actor: actor, Tenant: "acme", Start: start,
		Theme: theme.Options{Dark: true, Profile: colorprofile.TrueColor}, Now: s.clock.Now,
		ReadFile: typedFile,
	}
}

// releases stand for the release notes, so that those of a new version change no picture.
func releases() []overview.Release {
	return []overview.Release{{Version: "1.0", Date: "2026-05-31", Notes: map[string][]string{"en": {"Everything is better.", "Nothing is worse."}}}}
}

// ending is a watcher that knows of an edition that ends and a limit that is reached.
type ending struct{}

func (ending) Attention(context.Context, string) ([]overview.Attention, error) {
	end := today().Add(5 * 24 * time.Hour)
	return []overview.Attention{
		{Kind: overview.KindEdition, Region: "cn-hangzhou", Name: "enterprise", At: &end},
		{Kind: overview.KindAlerts, Region: "cn-hangzhou", Name: "sms", Used: 100, Size: 100, Urgent: true},
		{Kind: overview.KindGroup, Region: "cn-hangzhou", Name: "rg_prod", At: &end},
	}, nil
}

// typedFile is the one file that there is in the tests.
func typedFile(path string) ([]byte, error) {
	if path != "people.csv" {
		return nil, fault.OneField("file", "cli.file.cannot", message.Args{"Evidence": "no such file"})
	}
	return []byte("user,roles,until\na.kaya,develop,2026-12-31\ns.lindqvist,develop;o&m,\nzoe.park,workspace administrator,\nzoe.prk,develop,\nm.ito,develp,\n"), nil
}

// session is a console of somebody at a place, with what it was begun with changed by the test.
func (w *world) session(who, link string, change ...func(*app.Options)) *app.App {
	w.t.Helper()
	return w.sessionOn(w.system, who, link, change...)
}

func (w *world) sessionOn(s *system, who, link string, change ...func(*app.Options)) *app.App {
	w.t.Helper()
	o := s.options(w.t, who, link, w.say)
	for _, c := range change {
		c(&o)
	}
	a := app.New(context.Background(), o)
	w.t.Cleanup(a.Close)
	return a
}

// open drives a console at a place in a window of 120×36.
func (w *world) open(who, link string, change ...func(*app.Options)) *tuitest.Driver {
	w.t.Helper()
	return tuitest.New(w.t, w.session(who, link, change...), 120, 36)
}

// themed draws in a theme by its name.
func themed(name string) func(*app.Options) {
	return func(o *app.Options) { o.Theme.Override = name }
}

var _ tea.Model = (*app.App)(nil)
