package access

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// bruteComparePlanes asks both states about everybody on the other planes.
func bruteComparePlanes(e *Effect, before, after oracle) {
	regions := []string{""}
	for _, o := range []oracle{before, after} {
		for _, r := range o.TenantRoles {
			if r.Region != "" {
				regions = append(regions, r.Region)
			}
		}
		for _, g := range o.TenantGrants {
			regions = append(regions, g.Region)
		}
	}
	slices.Sort(regions)
	for _, region := range slices.Compact(regions) {
		asked := cmp.Or(region, "cn-nowhere")
		for _, c := range AllCapabilities() {
			lost, gained := bruteSteps(func(o oracle, p PrincipalID) bool { return o.can(asked, p, c) }, before, after)
			if lost != nil {
				e.TenantLosses = append(e.TenantLosses, TenantChange{region, c, lost})
			}
			if gained != nil {
				e.TenantGains = append(e.TenantGains, TenantChange{region, c, gained})
			}
		}
	}
	for _, a := range ConsoleActions() {
		for _, scope := range []string{"Page", "OpenAPI"} {
			bruteCompareConsole(e, before, after, a, scope)
		}
	}
}

// areasOfWorlds are all that the policies of the worlds name, with all places where
// that meets, the wider before the narrower: by hand, see randomDocument.
var (
	regionsOfWorlds = []string{"*", "cn-?", "cn-a"}
	namesOfWorlds   = []string{"*", "s*", "*s", "s*s", "sales", "s"}
)

// bruteCompareConsole asks about everything, and then about all that is narrower by
// names that only stars match.
func bruteCompareConsole(e *Effect, before, after oracle, a ConsoleAction, scope string) {
	type told struct {
		region, name string
		gain         bool
	}
	toldOf := map[PrincipalID][]told{}
	lost, gained := map[string][]PrincipalID{}, map[string][]PrincipalID{}
	unlike := strings.NewReplacer("*", "\x01\x02\x03", "?", "\x04").Replace
	for _, name := range namesOfWorlds {
		for _, region := range regionsOfWorlds {
			if a.Any && name != "*" {
				continue
			}
			pattern, asked := "", area{region, name}
			if asked != (area{"*", "*"}) {
				pattern, asked.region = "acs:dataworks:"+region+":*:"+a.Entity+"/"+name, unlike(region)
				if !a.Any {
					asked.name = unlike(name)
				}
			}
			losers, gainers := bruteSteps(func(o oracle, p PrincipalID) bool {
				return o.operates(ConsoleQuestion{p, a.Action, "acs:dataworks:" + asked.region + ":*:" + a.Entity + "/" + asked.name, scope})
			}, before, after)
			for _, p := range append(slices.Clone(losers), gainers...) {
				is := told{region, name, slices.Contains(gainers, p)}
				var wider []told
				for _, t := range toldOf[p] {
					if holdsIn(t.region, t.name, asked.region, asked.name) {
						wider = append(wider, t)
					}
				}
				tells := len(wider) == 0
				for _, t := range wider {
					narrowest := !slices.ContainsFunc(wider, func(w told) bool {
						return w != t && holdsIn(t.region, t.name, unlike(w.region), unlike(w.name))
					})
					tells = tells || narrowest && t.gain != is.gain
				}
				if !tells {
					continue
				}
				toldOf[p] = append(toldOf[p], is)
				if is.gain {
					gained[pattern] = append(gained[pattern], p)
				} else {
					lost[pattern] = append(lost[pattern], p)
				}
			}
		}
	}
	for _, pattern := range slices.Sorted(maps.Keys(lost)) {
		e.ConsoleLosses = append(e.ConsoleLosses, ConsoleChange{a.Action, scope, pattern, lost[pattern]})
	}
	for _, pattern := range slices.Sorted(maps.Keys(gained)) {
		e.ConsoleGains = append(e.ConsoleGains, ConsoleChange{a.Action, scope, pattern, gained[pattern]})
	}
}

func holdsIn(regions, names, region, name string) bool {
	return naiveMatch([]rune(regions), []rune(region), false) && naiveMatch([]rune(names), []rune(name), false)
}

func bruteSteps(may func(oracle, PrincipalID) bool, before, after oracle) (lost, gained []PrincipalID) {
	for p := range PrincipalID(40) {
		if p%3 != 1 {
			continue // nobody has such an id, see randomWorld
		}
		switch did, does := may(before, p), may(after, p); {
		case did && !does:
			lost = append(lost, p)
		case does && !did:
			gained = append(gained, p)
		}
	}
	return lost, gained
}

// Zero disagreements with the naive reading of the prose on the tenant plane.
func TestTenantAgreesWithTheProse(t *testing.T) {
	roles := builtins(t)
	questions := 250_000
	if testing.Short() {
		questions = 15_000
	}
	asked, allowed := 0, 0
	for seed := 0; asked < questions; seed++ {
		st := randomWorld(roles, newRand(seed))
		s, truth := compiled(t, st), oracle{st}
		everyTenantQuestion(st, func(q TenantQuestion) {
			got := s.DecideTenant(q)
			if want := truth.can(q.Region, q.Principal, q.Capability); got != want {
				t.Fatalf("world %d, %+v: %v, the prose says %v", seed, q, got, want)
			}
			asked++
			if got {
				allowed++
			}
		})
		for _, p := range st.Principals {
			for _, region := range append([]string{""}, worldRegions...) {
				if got := s.AdministersTenant(region, p.ID); got != truth.administersTenant(region, p.ID) {
					t.Fatalf("world %d: AdministersTenant(%q, %d) is %v", seed, region, p.ID, got)
				}
				for m := range Compliance + 1 {
					for level := range Write + 2 {
						got := s.DecideModule(ModuleQuestion{p.ID, region, m, level})
						if got != truth.canModule(region, p.ID, m, level) {
							t.Fatalf("world %d: module %v at %v of %d in %q: %v", seed, m, level, p.ID, region, got)
						}
					}
				}
			}
		}
	}
	if allowed < asked/10 || allowed > asked*4/5 {
		t.Errorf("%d of %d allowed: the worlds are too one-sided to prove anything", allowed, asked)
	}
}

// Zero disagreements on the console plane.
func TestConsoleAgreesWithTheProse(t *testing.T) {
	roles := builtins(t)
	questions := 150_000
	if testing.Short() {
		questions = 15_000
	}
	asked, allowed, barred := 0, 0, 0
	for seed := 0; asked < questions; seed++ {
		st := randomWorld(roles, newRand(seed))
		s, truth := compiled(t, st), oracle{st}
		someConsoleQuestions(st, newRand(seed), func(q ConsoleQuestion) {
			got := s.DecideConsole(q)
			if want := truth.operates(q); got != want {
				t.Fatalf("world %d, %+v: %v, the prose says %v", seed, q, got, want)
			}
			asked++
			if got {
				allowed++
			}
		})
		for _, p := range append(st.Principals, Principal{ID: 77}) {
			if got := s.Power(p.ID); got != truth.power(p.ID) {
				t.Fatalf("world %d: power of %d is %v", seed, p.ID, got)
			}
			for _, scope := range []string{ScopePage, ScopeOpenAPI} {
				got := s.Barred(p.ID, scope)
				if got != truth.isBarred(p.ID, scope) {
					t.Fatalf("world %d: %d barred from %s: %v", seed, p.ID, scope, got)
				}
				if got {
					barred++
				}
			}
		}
	}
	if allowed < asked/20 || allowed > asked*4/5 || barred < 20 {
		t.Errorf("%d of %d allowed, %d barred: the worlds are too one-sided to prove anything", allowed, asked, barred)
	}
}

// Check, explanation, list and set agree on the tenant plane.
func TestEveryWayOfAskingTheTenantAgrees(t *testing.T) {
	roles := builtins(t)
	removed := 0
	for seed := range 80 {
		st := randomWorld(roles, newRand(seed))
		s := compiled(t, st)
		able := map[TenantQuestion]bool{}
		everyTenantQuestion(st, func(q TenantQuestion) {
			allowed := s.DecideTenant(q)
			if s.CapabilitiesOf(q.Region, q.Principal).Has(q.Capability) != allowed {
				t.Fatalf("world %d, %+v: decided %v, the set says otherwise", seed, q, allowed)
			}
			e := s.ExplainTenant(q)
			if e.Allowed != allowed || e.Tenant != q || len(e.Because) == 0 || allowed && e.Effective != q.Capability.Level() {
				t.Fatalf("world %d, %+v: decided %v, explained %+v", seed, q, allowed, e)
			}
			checkReasons(t, q, e)
			for _, way := range e.Ways {
				after := st
				after.TenantGrants = append(slices.Clone(st.TenantGrants), TenantGrant{
					ID: 900, Region: q.Region, Principal: q.Principal, Role: way.TenantRole,
				})
				if !compiled(t, after).DecideTenant(q) {
					t.Fatalf("world %d, %+v: %+v does not work", seed, q, way)
				}
			}
			if e.Because[0].Effect == Removes {
				removed++
			}
			if who, known := s.Principal(q.Principal); known && !who.Group && allowed {
				able[q] = true
			}
		})
		for _, region := range append([]string{"", "cn-nowhere"}, worldRegions...) {
			for c := range lastCapability + 2 {
				for _, h := range s.TenantWhoCan(region, c) {
					q := TenantQuestion{h.Principal, region, c}
					if !able[q] || len(h.Because) == 0 || h.Because[0].Level < c.Level() {
						t.Fatalf("world %d, %+v: holder %+v", seed, q, h)
					}
					delete(able, q)
				}
			}
		}
		if len(able) != 0 {
			t.Fatalf("world %d: not listed: %v", seed, able)
		}
	}
	if removed == 0 {
		t.Error("no custom role ever took anything away")
	}
}

func checkReasons(t *testing.T, q any, e Explanation) {
	t.Helper()
	first := e.Because[0]
	if first.Effect != Decides && (first.Effect != Removes || e.Allowed) {
		t.Fatalf("%+v: allowed %v, but the first reason is %+v", q, e.Allowed, first)
	}
	for _, c := range e.Because {
		if c.Effect == Decides && (c.Level != None) != e.Allowed {
			t.Fatalf("%+v: allowed %v, but %+v is said to decide", q, e.Allowed, c)
		}
	}
	if e.Allowed && (e.Ways != nil || e.Ask != nil) {
		t.Fatalf("%+v: allowed, yet offers %v and asks %v", q, e.Ways, e.Ask)
	}
}

func TestEveryWayOfAskingTheConsoleAgrees(t *testing.T) {
	roles := builtins(t)
	offered := 0
	for seed := range 100 {
		st := randomWorld(roles, newRand(seed))
		s := compiled(t, st)
		someConsoleQuestions(st, newRand(seed), func(q ConsoleQuestion) {
			e := s.ExplainConsole(q)
			if e.Allowed != s.DecideConsole(q) || len(e.Because) == 0 || e.Console.Principal != q.Principal {
				t.Fatalf("world %d, %+v: explained %+v", seed, q, e)
			}
			checkReasons(t, q, e)
			for _, way := range e.Ways {
				offered++
				after := st
				after.Attachments = append(slices.Clone(st.Attachments), Attachment{ID: 900, Principal: q.Principal, Policy: way.Policy})
				if offered%20 == 0 && !compiled(t, after).DecideConsole(q) {
					t.Fatalf("world %d, %+v: %+v does not work", seed, q, way)
				}
			}
		})
	}
	if offered < 1000 {
		t.Errorf("only %d ways were ever offered", offered)
	}
}

// Where lists exactly the workspaces of which a check says yes, and a matrix
// shows what a check says.
func TestWhereAndMatrixAgreeWithChecks(t *testing.T) {
	roles := builtins(t)
	for seed := range 60 {
		st := randomWorld(roles, newRand(seed))
		s := compiled(t, st)
		for _, p := range append(st.Principals, Principal{ID: 77}) {
			for m := range lastModule + 2 {
				for level := range Write + 2 {
					var want, got []WorkspaceID
					for _, w := range st.Workspaces {
						if s.Decide(Question{p.ID, w.ID, m, level}) {
							want = append(want, w.ID)
						}
					}
					for _, place := range s.Where(p.ID, m, level) {
						got = append(got, place.Workspace)
						if place.Level != s.Level(place.Workspace, p.ID, m) || len(place.Because) == 0 {
							t.Fatalf("world %d, %d, %v, %v: %+v", seed, p.ID, m, level, place)
						}
					}
					if !slices.Equal(got, want) {
						t.Fatalf("world %d, %d, %v, %v: may in %v, listed are %v", seed, p.ID, m, level, want, got)
					}
				}
			}
			for _, w := range st.Workspaces {
				for i, cell := range s.MatrixOf(w.ID, p.ID) {
					e := s.Explain(Question{p.ID, w.ID, cell.Module, Read})
					if cell.Module != WorkspaceModules()[i] || cell.Level != e.Effective || !reflect.DeepEqual(cell.Because, e.Because) {
						t.Fatalf("world %d: cell %+v, explained %+v", seed, cell, e)
					}
				}
			}
		}
	}
}
