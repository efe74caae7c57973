package access

import (
	"reflect"
	"slices"
	"testing"
)

// Zero disagreements with the naive reading of the prose.
func TestDecideAgreesWithTheProse(t *testing.T) {
	roles := builtins(t)
	questions := 1_000_000
	if testing.Short() {
		questions = 50_000
	}
	asked, allowed := 0, 0
	for seed := 0; asked < questions; seed++ {
		st := randomWorld(roles, newRand(seed))
		s, truth := compiled(t, st), oracle{st}
		everyQuestion(st, func(q Question) {
			got, want := s.Decide(q), truth.allowed(q)
			if got != want {
				t.Fatalf("world %d, %+v: %v, the prose says %v", seed, q, got, want)
			}
			if q.Module.valid() && q.Module.Plane() == PlaneWorkspace && (q.Level == Read || q.Level == Write) {
				asked++ // the others are no in any world, and prove little
			}
			if got {
				allowed++
			}
		})
	}
	if allowed < asked/10 || allowed > asked*4/5 {
		t.Errorf("%d of %d allowed: the worlds are too one-sided to prove anything", allowed, asked)
	}
}

// Whichever way a question is put, the answer is the same.
func TestEveryWayOfAskingAgrees(t *testing.T) {
	roles := builtins(t)
	for seed := range 60 {
		st := randomWorld(roles, newRand(seed))
		s := compiled(t, st)
		everyQuestion(st, func(q Question) {
			allowed := s.Decide(q)
			level := s.Level(q.Workspace, q.Principal, q.Module)
			if askable := q.Level == Read || q.Level == Write; askable && allowed != (level >= q.Level) {
				t.Fatalf("world %d, %+v: decided %v, level is %v", seed, q, allowed, level)
			}
			if got := s.Levels(q.Workspace, q.Principal).Get(q.Module); got != level {
				t.Fatalf("world %d, %+v: levels say %v, level %v", seed, q, got, level)
			}
			checkExplanation(t, s, q, allowed, level)
		})
		checkWhoCan(t, st, s)
	}
}

// checkExplanation wants the answer repeated, and its reasons to amount to it.
func checkExplanation(t *testing.T, s *Snapshot, q Question, allowed bool, level Level) {
	t.Helper()
	e := s.Explain(q)
	if e.Allowed != allowed || e.Effective != level || e.Revision != s.Revision() || e.Question != q {
		t.Fatalf("%+v: decided %v at %v, explained %+v", q, allowed, level, e)
	}
	if len(e.Because) == 0 {
		t.Fatalf("%+v: no reason given", q)
	}
	first := e.Because[0]
	switch {
	case first.Effect == Decides && first.Level == level:
	case first.Effect == Removes && level == None:
	default:
		t.Fatalf("%+v: level is %v, but the first reason is %+v", q, level, first)
	}
	for _, c := range e.Because {
		if c.Effect == Decides && c.Level != level {
			t.Fatalf("%+v: level is %v, but %+v is said to decide", q, level, c)
		}
	}
	if allowed && (e.Ways != nil || e.Ask != nil) {
		t.Fatalf("%+v: allowed, yet offers %v and asks %v", q, e.Ways, e.Ask)
	}
}

func checkWhoCan(t *testing.T, st State, s *Snapshot) {
	t.Helper()
	for _, w := range append(st.Workspaces, Workspace{ID: 77}) {
		for m := range lastModule + 2 {
			for level := range Write + 2 {
				var want, got []PrincipalID
				for _, p := range st.Principals {
					if !p.Group && s.Decide(Question{p.ID, w.ID, m, level}) {
						want = append(want, p.ID)
					}
				}
				for _, h := range s.WhoCan(w.ID, m, level) {
					got = append(got, h.Principal)
					if h.Level != s.Level(w.ID, h.Principal, m) || len(h.Because) == 0 || h.Because[0].Level < level {
						t.Fatalf("workspace %d, %v, %v: holder %+v", w.ID, m, level, h)
					}
					ways := slices.DeleteFunc(s.Explain(Question{h.Principal, w.ID, m, level}).Because, func(c Contribution) bool {
						return c.Level < level || c.Effect != Decides && c.Effect != Also && c.Effect != Weaker
					})
					if !reflect.DeepEqual(h.Because, ways) {
						t.Fatalf("workspace %d, %v, %v: holder %+v, explained by %+v", w.ID, m, level, h, ways)
					}
				}
				if !slices.Equal(got, want) {
					t.Fatalf("workspace %d, %v, %v: %v can, listed are %v", w.ID, m, level, want, got)
				}
			}
		}
	}
}

func TestOrderOfInputMeansNothing(t *testing.T) {
	roles := builtins(t)
	for seed := range 100 {
		rnd := newRand(seed)
		st := randomWorld(roles, rnd)
		want := compiled(t, st)
		shuffle := func(n int, swap func(i, j int)) { rnd.Shuffle(n, swap) }
		mixed := State{
			Revision: st.Revision, Now: st.Now, Policy: st.Policy,
			Principals: slices.Clone(st.Principals), Workspaces: slices.Clone(st.Workspaces),
			Roles: slices.Clone(st.Roles), Members: slices.Clone(st.Members), Grants: slices.Clone(st.Grants),
			Groups: slices.Clone(st.Groups), TenantRoles: slices.Clone(st.TenantRoles),
			TenantGrants: slices.Clone(st.TenantGrants), Documents: slices.Clone(st.Documents),
			Attachments: slices.Clone(st.Attachments), EngineRoles: slices.Clone(st.EngineRoles),
			Engines: slices.Clone(st.Engines), EngineMappings: slices.Clone(st.EngineMappings),
			AccountMappings: slices.Clone(st.AccountMappings),
		}
		shuffle(len(mixed.Groups), reflect.Swapper(mixed.Groups))
		shuffle(len(mixed.TenantRoles), reflect.Swapper(mixed.TenantRoles))
		shuffle(len(mixed.TenantGrants), reflect.Swapper(mixed.TenantGrants))
		shuffle(len(mixed.Documents), reflect.Swapper(mixed.Documents))
		shuffle(len(mixed.Attachments), reflect.Swapper(mixed.Attachments))
		shuffle(len(mixed.Engines), reflect.Swapper(mixed.Engines))
		shuffle(len(mixed.EngineMappings), reflect.Swapper(mixed.EngineMappings))
		shuffle(len(mixed.AccountMappings), reflect.Swapper(mixed.AccountMappings))
		shuffle(len(mixed.Principals), reflect.Swapper(mixed.Principals))
		shuffle(len(mixed.Workspaces), reflect.Swapper(mixed.Workspaces))
		shuffle(len(mixed.Roles), reflect.Swapper(mixed.Roles))
		shuffle(len(mixed.Members), reflect.Swapper(mixed.Members))
		shuffle(len(mixed.Grants), reflect.Swapper(mixed.Grants))
		if got := compiled(t, mixed); !reflect.DeepEqual(got, want) {
			t.Fatalf("world %d: another order compiles to another snapshot", seed)
		}
	}
}

func TestCompileKeepsNothingOfItsInput(t *testing.T) {
	roles := builtins(t)
	st := randomWorld(roles, newRand(3))
	want, got := compiled(t, st), compiled(t, st)
	clear(st.Principals)
	clear(st.Workspaces)
	clear(st.Roles)
	clear(st.Members)
	clear(st.Grants)
	clear(st.Groups)
	clear(st.TenantRoles)
	clear(st.TenantGrants)
	for _, d := range st.Documents {
		for _, statement := range d.Statements {
			clear(statement.Actions)
		}
		clear(d.Statements)
	}
	clear(st.Documents)
	clear(st.Attachments)
	clear(st.Engines)
	clear(st.EngineMappings)
	clear(st.AccountMappings)
	if !reflect.DeepEqual(got, want) {
		t.Error("clearing the input changed the snapshot")
	}
}

// Under Additive, one more role lowers a level in one case only: a custom role
// says None where nothing but the default of a member gave Read.
func TestMoreRolesGiveMore(t *testing.T) {
	roles := builtins(t)
	lowered := 0
	for seed := range 4000 {
		rnd := newRand(seed)
		st := randomWorld(roles, rnd)
		st.Policy = Additive
		extra := randomGrant(rnd, st)
		extra.ID, extra.Until = 0, 0
		before, after := compiled(t, st), compiled(t, st.WithGrants([]Grant{extra}, nil))
		role, _ := before.Role(extra.Role)
		for _, m := range WorkspaceModules() {
			was := before.Level(extra.Workspace, extra.Principal, m)
			is := after.Level(extra.Workspace, extra.Principal, m)
			if is >= was {
				continue
			}
			lowered++
			first := before.Explain(Question{extra.Principal, extra.Workspace, m, Read}).Because[0]
			if role.Kind != Custom || role.Levels.Get(m) != None || first.Kind != MemberDefault || is != None {
				t.Fatalf("world %d: role %+v lowers %v from %v (%+v) to %v", seed, role, m, was, first, is)
			}
		}
	}
	if lowered == 0 {
		t.Error("no world has the case that lowers")
	}
}

func TestAdministersAgreesWithTheProse(t *testing.T) {
	roles := builtins(t)
	for seed := range 300 {
		st := randomWorld(roles, newRand(seed))
		s, truth := compiled(t, st), oracle{st}
		for _, w := range append(st.Workspaces, Workspace{ID: 77}) {
			for _, p := range append(st.Principals, Principal{ID: 77}) {
				want := truth.administers(w.ID, p.ID)
				if got := s.Administers(w.ID, p.ID); got != want {
					t.Fatalf("world %d: Administers(%d, %d) is %v", seed, w.ID, p.ID, got)
				}
				e := s.ExplainAdministers(w.ID, p.ID)
				decides := e.Because[0].Effect == Decides && (e.Because[0].Level == Write) == want
				if e.Allowed != want || !e.Administer || !decides || want && e.Ways != nil {
					t.Fatalf("world %d: ExplainAdministers(%d, %d) is %+v", seed, w.ID, p.ID, e)
				}
				if got := s.IsMember(w.ID, p.ID); got != truth.isMember(w.ID, p.ID) {
					t.Fatalf("world %d: IsMember(%d, %d) is %v", seed, w.ID, p.ID, got)
				}
			}
		}
	}
}

// Every offered role works when it is granted and says truly what else it would
// change; a role that is not offered though there is room for it does not work.
func TestWaysWork(t *testing.T) {
	roles := builtins(t)
	offered := 0
	for seed := range 60 {
		tr := newTrial(t, randomWorld(roles, newRand(seed)))
		everyQuestion(tr.st, func(q Question) {
			e := tr.s.Explain(q)
			for _, way := range e.Ways {
				offered++
				tr.checkWay(q, way)
			}
			if !e.Allowed && len(e.Ways) < maxWays {
				tr.checkNothingMissing(q, e.Ways)
			}
		})
	}
	if offered == 0 {
		t.Error("nothing was ever offered")
	}
}

// trial grants roles to see what comes of it.
type trial struct {
	t       *testing.T
	st      State
	s       *Snapshot
	granted map[Grant]*Snapshot
}

func newTrial(t *testing.T, st State) trial {
	t.Helper()
	return trial{t: t, st: st, s: compiled(t, st), granted: map[Grant]*Snapshot{}}
}

func (tr trial) grant(q Question, role RoleID) *Snapshot {
	tr.t.Helper()
	g := Grant{Workspace: q.Workspace, Principal: q.Principal, Role: role}
	if tr.granted[g] == nil {
		tr.granted[g] = compiled(tr.t, tr.st.WithGrants([]Grant{g}, nil))
	}
	return tr.granted[g]
}

func (tr trial) checkWay(q Question, way Way) {
	tr.t.Helper()
	after := tr.grant(q, way.Role)
	if role, _ := tr.s.Role(way.Role); !role.Assignable || !after.Decide(q) {
		tr.t.Fatalf("%+v: %+v does not work", q, way)
	}
	want := Way{Role: way.Role, Through: ThroughJoin}
	if tr.s.IsMember(q.Workspace, q.Principal) {
		want.Through = ThroughAdd
	}
	for _, m := range WorkspaceModules() {
		was, is := tr.s.Level(q.Workspace, q.Principal, m), after.Level(q.Workspace, q.Principal, m)
		if m != q.Module && is > was {
			want.Adds++
		}
		if m != q.Module && is < was {
			want.Removes++
		}
	}
	if way != want {
		tr.t.Fatalf("%+v: offers %+v, true is %+v", q, way, want)
	}
}

func (tr trial) checkNothingMissing(q Question, ways []Way) {
	tr.t.Helper()
	_, known := tr.s.Principal(q.Principal)
	if !known || !slices.ContainsFunc(tr.st.Workspaces, func(w Workspace) bool { return w.ID == q.Workspace }) {
		return
	}
	for _, r := range tr.st.Roles {
		offered := slices.ContainsFunc(ways, func(w Way) bool { return w.Role == r.ID })
		if offered || !r.Assignable || r.Kind == Custom && r.Workspace != q.Workspace {
			continue
		}
		if tr.grant(q, r.ID).Decide(q) {
			tr.t.Fatalf("%+v: role %d would work and is not offered in %+v", q, r.ID, ways)
		}
	}
}

func TestDecideAllocatesNothing(t *testing.T) {
	roles := builtins(t)
	st := randomWorld(roles, newRand(1))
	s := compiled(t, st)
	var questions []Question
	everyQuestion(st, func(q Question) { questions = append(questions, q) })
	allowed := 0
	allocs := testing.AllocsPerRun(20, func() {
		for _, q := range questions {
			if s.Decide(q) {
				allowed++
			}
		}
	})
	if allocs != 0 || allowed == 0 {
		t.Errorf("%v allocations, %d allowed", allocs, allowed)
	}
}
