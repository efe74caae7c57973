package bootstrap_test

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"testing"
	"time"

	"reeve/assets"
	"reeve/cmd/handover"
	"reeve/core/audit"
	"reeve/core/bootstrap"
	"reeve/core/control"
	"reeve/core/engine"
	"reeve/core/fault"
	"reeve/core/group"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/region"
	"reeve/core/source"
	"reeve/core/workspace"
	"reeve/storage"
	"reeve/storage/storagetest"
)

// wires is a network in which all is known and only what is open answers.
type wires struct{ closed bool }

func (w *wires) Resolve(context.Context, string) ([]netip.Addr, time.Duration, error) {
	return []netip.Addr{netip.MustParseAddr("10.0.0.1")}, 0, nil
}

func (w *wires) Connect(context.Context, netip.AddrPort) (time.Duration, error) {
	if w.closed {
		return 0, errors.New("connection refused")
	}
	return 0, nil
}

// crashing is a store that fails to note what was done, as long as crash is set: the process that did it is gone by then.
type crashing struct {
	bootstrap.Store
	crash bool
}

var errCrash = errors.New("the process has ended")

func (c *crashing) Note(ctx context.Context, id bootstrap.ID, p bootstrap.Progress, version int64) (bool, error) {
	if c.crash && p.State != bootstrap.Running {
		return false, errCrash
	}
	return c.Store.Note(ctx, id, p, version)
}

type story struct {
	*storagetest.World
	runs  *bootstrap.Service
	store *crashing
	wires *wires
	audit *audit.Service
	group *group.Service
	reg   string
}

func open(t *testing.T) *story {
	t.Helper()
	w := storagetest.Open(t)
	w.Users("ann", "bob", "carol", "maker")
	known, err1 := region.Load(assets.Regions())
	types, err2 := source.LoadTypes(assets.SourceTypes())
	terms, err3 := group.LoadTerms(assets.Groups())
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	offers := region.NewOffers(storage.NewRegions(w.DB), known)
	s := &story{World: w, store: &crashing{Store: storage.NewBootstraps(w.DB)}, wires: &wires{}, reg: storagetest.Home}
	s.group = group.New(w.Gate, storage.NewGroups(w.DB), offers, group.Ledger{}, terms)
	s.audit = audit.New(w.Gate, storage.NewAudit(w.DB), nil)
	s.runs = bootstrap.New(w.Gate, s.store, handover.Steps{Gate: w.Gate, Offers: offers,
		Workspaces: workspace.New(w.Gate, storage.NewWorkspaces(w.DB), offers, workspace.Near{}), WorkspaceStore: storage.NewWorkspaces(w.DB),
		Groups: s.group, Members: member.New(w.Gate, storage.NewMembers(w.DB, w.Builtins)), MemberStore: storage.NewMembers(w.DB, w.Builtins),
		Engines: engine.New(w.Gate, storage.NewEngines(w.DB, w.Builtins)), Sources: source.New(w.Gate, storage.NewSources(w.DB), s.wires, types)}.Areas())
	return s
}

func spec() bootstrap.Spec {
	mysql := map[string]string{"address": "db:3306", "database": "crm", "username": "reader"}
	return bootstrap.Spec{Region: storagetest.Home, Workspace: bootstrap.Workspace{Name: "sales_dw", Mode: "standard", Admins: []string{"ann"}},
		Group:   &bootstrap.Group{Name: "rg", Create: &bootstrap.NewGroup{VPC: "vpc-1", VSwitch: "vsw-1"}},
		Members: []bootstrap.Member{{User: "bob", Roles: []string{"develop"}}},
		Engine:  &bootstrap.Engine{Name: "mc", Type: "maxcompute"},
		Source:  &bootstrap.Source{Name: "crm", Type: "mysql", Prod: mysql, Dev: mysql}}
}

// finish carries a run out to its end or its first failure. What falls due is moved when the run waits for it.
func (s *story) finish(t *testing.T, ctx context.Context, id bootstrap.ID) bootstrap.Run {
	t.Helper()
	for range 30 {
		run, err := s.runs.Advance(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case !run.Waits.IsZero():
			s.ready(t, run.Waits) //nolint:contextcheck // the keeper acts in a context of its own
		case run.State() == bootstrap.Done || run.State() == bootstrap.Failed:
			return run
		}
	}
	t.Fatal("it does not come to an end")
	return bootstrap.Run{}
}

func (s *story) ready(t *testing.T, at time.Time) {
	t.Helper()
	s.Pass(at.Sub(s.Now()))
	if _, err := s.group.MoveDue(control.WithActor(t.Context(), control.Actor{Name: "keeper", Face: control.FaceKeeper})); err != nil {
		t.Fatal(err)
	}
}

func states(r bootstrap.Run) []bootstrap.State {
	var all []bootstrap.State
	for _, p := range r.Steps {
		all = append(all, p.State)
	}
	return all
}

// acts counts what was done, by act.
func (s *story) acts(t *testing.T) map[string]int {
	t.Helper()
	page, err := s.audit.List(s.As(storagetest.Owner), audit.Search{Query: list.Query{Limit: list.MaxLimit}})
	if err != nil {
		t.Fatal(err)
	}
	done := map[string]int{}
	for _, e := range page.Items {
		if string(e.Outcome) == "done" {
			done[e.Action]++
		}
	}
	return done
}

func TestAPlanIsCarriedOut(t *testing.T) {
	s := open(t)
	ctx := s.As(storagetest.Owner)
	plan, err := s.runs.Plan(ctx, spec())
	if err != nil || len(plan.Steps) != 7 {
		t.Fatalf("planned %+v (%v)", plan.Steps, err)
	}
	for _, step := range plan.Steps {
		if step.Will != bootstrap.WillDo {
			t.Errorf("%s: %s", step.ID, step.Will)
		}
	}
	run, err := s.runs.Begin(ctx, spec())
	if err != nil || run.State() != bootstrap.Pending {
		t.Fatalf("begun %+v (%v)", run, err)
	}
	if run = s.finish(t, ctx, run.ID); run.State() != bootstrap.Done || slices.Contains(states(run), bootstrap.Skipped) {
		t.Fatalf("it ended with %v: %+v", states(run), run.Steps)
	}
	again, err := s.runs.Plan(ctx, spec())
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range again.Steps {
		if step.Will != bootstrap.WillFind {
			t.Errorf("planned again, %s is %s", step.ID, step.Will)
		}
	}
	more, err := s.runs.Begin(ctx, spec())
	if err != nil {
		t.Fatal(err)
	}
	before := s.acts(t)
	if more = s.finish(t, ctx, more.ID); slices.ContainsFunc(states(more), func(st bootstrap.State) bool { return st != bootstrap.Skipped }) {
		t.Errorf("done again, the steps are %v", states(more))
	}
	if after := s.acts(t); !equal(before, after) {
		t.Errorf("done again, it changed something: %v, %v", before, after)
	}
}

func equal(a, b map[string]int) bool {
	if len(a) != len(b) {
		return false
	}
	for k, n := range a {
		if b[k] != n {
			return false
		}
	}
	return true
}

// TestWhatWasDoneAndNotNotedIsDoneOnce lets the note of every step be lost once, as a crash between the two would.
func TestWhatWasDoneAndNotNotedIsDoneOnce(t *testing.T) {
	s := open(t)
	ctx := s.As(storagetest.Owner)
	run, err := s.runs.Begin(ctx, spec())
	if err != nil {
		t.Fatal(err)
	}
	for range 40 {
		s.store.crash = true
		waits, err := s.runs.Advance(ctx, run.ID)
		s.store.crash = false
		if err == nil && !waits.Waits.IsZero() {
			s.ready(t, waits.Waits)
			continue
		}
		if err == nil && waits.State() == bootstrap.Done {
			break
		}
		if !errors.Is(err, errCrash) {
			t.Fatalf("the note was not lost: %v", err)
		}
		if run, err = s.runs.Advance(ctx, run.ID); err != nil {
			t.Fatal(err)
		}
		if run.State() == bootstrap.Done {
			break
		}
	}
	if run.State() != bootstrap.Done {
		t.Fatalf("it ended with %v", states(run))
	}
	for act, n := range s.acts(t) {
		if n != 1 {
			t.Errorf("%s was done %d times", act, n)
		}
	}
}

func TestAFailureIsSaidAtItsStepAndCanBeTakenUpAgain(t *testing.T) {
	s := open(t)
	s.wires.closed = true
	ctx := s.As(storagetest.Owner)
	run, err := s.runs.Begin(ctx, spec())
	if err != nil {
		t.Fatal(err)
	}
	run = s.finish(t, ctx, run.ID)
	last := run.Steps[len(run.Steps)-1]
	if last.State != bootstrap.Failed || last.Problem != fault.KindUnavailable || len(last.Said) != 2 || last.Said[0].Args["Evidence"] == "" {
		t.Fatalf("the last step is %+v", last)
	}
	s.wires.closed = false
	if run = s.finish(t, s.As("ann"), run.ID); run.State() != bootstrap.Done {
		t.Errorf("taken up by an administrator, it ended with %v", states(run))
	}
}

func TestWhoMaySeeAndTakeUpARun(t *testing.T) {
	s := open(t)
	run, err := s.runs.Begin(s.As(storagetest.Owner), spec())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.runs.Advance(s.As(storagetest.Owner), run.ID); err != nil { // makes the workspace
		t.Fatal(err)
	}
	for user, sees := range map[string]bool{storagetest.Owner: true, "ann": true, "bob": false, "carol": false} {
		all, err1 := s.runs.List(s.As(user), "")
		_, err2 := s.runs.Get(s.As(user), run.ID)
		if err1 != nil || (len(all) == 1) != sees || (err2 == nil) != sees || !sees && fault.KindOf(err2) != fault.KindNotFound {
			t.Errorf("%s lists %d (%v), gets %v", user, len(all), err1, err2)
		}
	}
	if _, err := s.runs.Advance(s.As("bob"), run.ID); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("bob took it up: %v", err)
	}
	// ann may see it and may not buy groups.
	if run, err = s.runs.Advance(s.As("ann"), run.ID); err != nil || run.Steps[1].State != bootstrap.Failed || run.Steps[1].Problem != fault.KindDenied {
		t.Errorf("ann bought a group: %+v (%v)", run.Steps[1], err)
	}
}

func TestAPlanSaysWhatOneMayNot(t *testing.T) {
	s := open(t)
	plan, err := s.runs.Plan(s.As("bob"), spec())
	if err != nil {
		t.Fatal(err)
	}
	first, denied := plan.Denied()
	if !denied || first.Kind != bootstrap.KindWorkspace || len(first.Ask) == 0 {
		t.Errorf("bob may: %+v", plan.Steps)
	}
	if _, err := s.runs.Begin(s.As("bob"), spec()); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("bob began it: %v", err)
	}
	if all, err := s.runs.List(s.As(storagetest.Owner), ""); err != nil || len(all) != 0 {
		t.Errorf("there are runs: %+v (%v)", all, err)
	}
}

func TestEverythingWrongWithAPlanIsSaidAtOnce(t *testing.T) {
	s := open(t)
	in := spec()
	in.Workspace.Name, in.Workspace.Mode, in.Workspace.Admins = "9", "odd", []string{"nobody"}
	in.Group.Create.VPC = ""
	in.Members = []bootstrap.Member{{User: "bob", Roles: []string{"developr"}}, {User: "nobody"}}
	in.Engine.Type, in.Source.Dev = "foxpro", nil
	_, err := s.runs.Plan(s.As(storagetest.Owner), in)
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) {
		t.Fatal(err)
	}
	var names []string
	for _, f := range invalid.Fields {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	want := []string{"data_source.dev", "engine.type", "members[0].roles", "members[1].roles", "members[1].user", "resource_group.create.vpc",
		"workspace.admins", "workspace.mode", "workspace.name"}
	if !slices.Equal(names, want) {
		t.Errorf("%v, want %v", names, want)
	}
	for _, c := range []struct {
		change func(*bootstrap.Spec)
		field  string
	}{
		{func(s *bootstrap.Spec) { s.Region = "mars-1" }, "workspace.region"},
		{func(s *bootstrap.Spec) { s.Region = "" }, "workspace.region"},
		{func(s *bootstrap.Spec) { s.Group.Create = nil }, "resource_group.name"},
	} {
		in := spec()
		c.change(&in)
		if _, err := s.runs.Plan(s.As(storagetest.Owner), in); !errors.As(err, &invalid) || invalid.Fields[0].Name != c.field {
			t.Errorf("%s: %v", c.field, err)
		}
	}
}

func TestRolesAreAddedToThoseOfAMember(t *testing.T) {
	s := open(t)
	ctx := s.As(storagetest.Owner)
	in := bootstrap.Spec{Region: s.reg, Workspace: bootstrap.Workspace{Name: "sales_dw"}, Members: []bootstrap.Member{{User: "bob", Roles: []string{"develop"}}}}
	for _, role := range []string{"develop", "visitor"} {
		in.Members[0].Roles = []string{role}
		run, err := s.runs.Begin(ctx, in)
		if err != nil {
			t.Fatal(err)
		}
		if run = s.finish(t, ctx, run.ID); run.State() != bootstrap.Done {
			t.Fatalf("%+v", run.Steps)
		}
	}
	members := member.New(s.Gate, storage.NewMembers(s.DB, s.Builtins))
	page, err := members.List(ctx, control.Ref{Region: s.reg, Workspace: "sales_dw"}, list.Query{Filter: list.Filter{{Field: "name", Value: "bob"}}})
	if err != nil || len(page.Items) != 1 || len(page.Items[0].Roles) != 2 {
		t.Errorf("bob is %+v (%v)", page.Items, err)
	}
}

func TestEditingARun(t *testing.T) {
	s := open(t)
	s.wires.closed = true
	ctx := s.As(storagetest.Owner)
	run, err := s.runs.Begin(ctx, spec())
	if err != nil {
		t.Fatal(err)
	}
	run = s.finish(t, ctx, run.ID)
	in := run.Spec
	in.Source.Untested = true
	if _, err := s.runs.Edit(ctx, run.ID, in, run.Version-1); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("a stale version: %v", err)
	}
	if run, err = s.runs.Edit(ctx, run.ID, in, run.Version); err != nil || run.Edition != 2 {
		t.Fatalf("edited %+v (%v)", run, err)
	}
	if run = s.finish(t, ctx, run.ID); run.State() != bootstrap.Done {
		t.Errorf("it ended with %v", states(run))
	}
	if _, err := s.runs.Edit(ctx, run.ID, in, 0); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("edited what is over: %v", err)
	}
	if _, err := s.runs.Delete(ctx, run.ID, run.Version); err != nil {
		t.Error(err)
	}
}
