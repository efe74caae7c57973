package access

import (
	"cmp"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// change and keep are Change and Keep without those they happen to.
type change struct {
	ws       WorkspaceID
	module   Module
	from, to Level
}

type keep struct {
	ws      WorkspaceID
	module  Module
	level   Level
	through RoleID
}

// bruteCompare asks both states about everybody, everywhere.
func bruteCompare(before, after oracle) Effect {
	changes, keeps := map[change][]PrincipalID{}, map[keep][]PrincipalID{}
	losers, gainers := map[WorkspaceID][]PrincipalID{}, map[WorkspaceID][]PrincipalID{}
	var bare []WorkspaceID
	for ws := range WorkspaceID(20) {
		if before.hasAdministrator(ws) && after.has(ws) && !after.hasAdministrator(ws) {
			bare = append(bare, ws)
		}
		for p := range PrincipalID(40) {
			did, does := before.administers(ws, p), after.administers(ws, p)
			if did && !does {
				losers[ws] = append(losers[ws], p)
			}
			if does && !did {
				gainers[ws] = append(gainers[ws], p)
			}
			for _, m := range WorkspaceModules() {
				from, to := before.level(ws, p, m), after.level(ws, p, m)
				if from != to {
					key := change{ws, m, from, to}
					changes[key] = append(changes[key], p)
				} else if from != None && hadCellLowered(before, after, ws, p, m) {
					key := keep{ws, m, from, carrierOf(after, ws, p, m, from)}
					keeps[key] = append(keeps[key], p)
				}
			}
		}
	}
	effect := sortedEffect(changes, keeps, losers, gainers)
	effect.Unadministered = bare
	bruteComparePlanes(&effect, before, after)
	return effect
}

func (o oracle) has(ws WorkspaceID) bool {
	return slices.ContainsFunc(o.Workspaces, func(w Workspace) bool { return w.ID == ws })
}

// hasAdministrator says whether a person who administers a workspace is a member of it with a role that does so.
func (o oracle) hasAdministrator(ws WorkspaceID) bool {
	return slices.ContainsFunc(o.Principals, func(p Principal) bool {
		return !p.Group && o.administers(ws, p.ID) && slices.ContainsFunc(o.roles(ws, p.ID), func(r Role) bool { return r.Administers && !r.Owner })
	})
}

// hadCellLowered says whether any role held before gives less on the module
// now, or is no longer held.
func hadCellLowered(before, after oracle, ws WorkspaceID, p PrincipalID, m Module) bool {
	for _, r := range before.roles(ws, p) {
		now := None
		for _, still := range after.roles(ws, p) {
			if still.ID == r.ID {
				now = still.Levels.Get(m)
			}
		}
		if now < r.Levels.Get(m) {
			return true
		}
	}
	return false
}

func carrierOf(o oracle, ws WorkspaceID, p PrincipalID, m Module, level Level) RoleID {
	var found []RoleID
	for _, r := range o.roles(ws, p) {
		if o.power(p) == PowerNone && r.Levels.Get(m) == level {
			found = append(found, r.ID)
		}
	}
	if len(found) == 0 {
		return 0
	}
	return slices.Min(found)
}

func sortedEffect(
	changes map[change][]PrincipalID, keeps map[keep][]PrincipalID, losers, gainers map[WorkspaceID][]PrincipalID,
) Effect {
	var e Effect
	for k, principals := range changes {
		c := Change{k.ws, k.module, k.from, k.to, principals}
		if k.to < k.from {
			e.Losses = append(e.Losses, c)
		} else {
			e.Gains = append(e.Gains, c)
		}
	}
	for k, principals := range keeps {
		e.Keeps = append(e.Keeps, Keep{k.ws, k.module, k.level, principals, k.through})
	}
	e.AdminLosses, e.AdminGains = adminChanges(losers), adminChanges(gainers)
	order := func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Workspace, b.Workspace), cmp.Compare(a.Module, b.Module),
			cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	}
	slices.SortFunc(e.Losses, order)
	slices.SortFunc(e.Gains, order)
	slices.SortFunc(e.Keeps, func(a, b Keep) int {
		return cmp.Or(cmp.Compare(a.Workspace, b.Workspace), cmp.Compare(a.Module, b.Module),
			cmp.Compare(a.Level, b.Level), cmp.Compare(a.Through, b.Through))
	})
	return e
}

func adminChanges(byWorkspace map[WorkspaceID][]PrincipalID) []AdminChange {
	var list []AdminChange
	for ws, principals := range byWorkspace {
		list = append(list, AdminChange{ws, principals})
	}
	slices.SortFunc(list, func(a, b AdminChange) int { return cmp.Compare(a.Workspace, b.Workspace) })
	return list
}

// randomEdit is any one of the edits there are, and some of the world's own.
func randomEdit(rnd *rand.Rand, st State) State {
	member := Member{pick(rnd, st.Workspaces).ID, pick(rnd, st.Principals).ID}
	switch rnd.IntN(12) {
	case 0:
		return st.WithoutRole(pick(rnd, st.Roles).ID)
	case 1:
		return st.WithMembers([]Member{member}, nil)
	case 2:
		return st.WithMembers(nil, []Member{member})
	case 3:
		extra := randomGrant(rnd, st)
		extra.ID = 0
		return st.WithGrants([]Grant{extra}, []GrantID{1, 2, 3})
	case 4:
		st.Now += 2 // ends what ends next
		return st
	case 5:
		st.Workspaces = slices.Clone(st.Workspaces)
		st.Workspaces[0].Open = !st.Workspaces[0].Open
		return st
	case 6:
		st.Principals = slices.Clone(st.Principals)
		if p := &st.Principals[0]; p.Disabled == 0 { // nobody disabled may become the account
			p.Power = (p.Power + 1) % 3
		}
		return st
	case 7, 8, 9:
		return randomWideEdit(rnd, st)
	}
	return st.WithRoleLevels(pick(rnd, st.Roles).ID, randomLevels(rnd))
}

func TestCompareEqualsBruteForce(t *testing.T) {
	roles := builtins(t)
	var losses, gains, keeps, admins, bare, narrower int
	worlds := 1000
	if testing.Short() {
		worlds = 250
	}
	for seed := range worlds {
		rnd := newRand(seed)
		st := randomWorld(roles, rnd)
		edited := randomEdit(rnd, randomEdit(rnd, st))
		got := Compare(compiled(t, st), compiled(t, edited))
		want := bruteCompare(oracle{st}, oracle{edited})
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("world %d:\n got %+v\nwant %+v", seed, got, want)
		}
		losses, gains = losses+len(got.Losses), gains+len(got.Gains)
		keeps, admins = keeps+len(got.Keeps), admins+len(got.AdminLosses)+len(got.AdminGains)
		bare += len(got.Unadministered)
		for _, change := range slices.Concat(got.ConsoleLosses, got.ConsoleGains) {
			if change.Resource != "" {
				narrower++
			}
		}
	}
	if min(losses, gains, keeps, admins, narrower) < 50 || bare < worlds/20 {
		t.Errorf("%d losses, %d gains, %d keeps, %d of administrators, %d without any left, %d about a resource: too few to prove anything",
			losses, gains, keeps, admins, bare, narrower)
	}
}

func TestCompareOfDifferentWorlds(t *testing.T) {
	roles := builtins(t)
	for seed := range 100 {
		a, b := randomWorld(roles, newRand(seed)), randomWorld(roles, newRand(seed+5000))
		b.Workspaces = slices.Clone(b.Workspaces)
		got := Compare(compiled(t, a), compiled(t, b))
		if want := bruteCompare(oracle{a}, oracle{b}); !reflect.DeepEqual(got, want) {
			t.Fatalf("worlds %d:\n got %+v\nwant %+v", seed, got, want)
		}
	}
}

func TestCompareWithItselfIsEmpty(t *testing.T) {
	s := compiled(t, randomWorld(builtins(t), newRand(2)))
	if e := Compare(s, s); !e.Empty() || e.Keeps != nil {
		t.Errorf("differs from itself: %+v", e)
	}
	if e := Compare(&Snapshot{}, s); e.Empty() || e.Losses != nil {
		t.Errorf("from nothing there are only gains: %+v", e)
	}
}

// The preview of an edit as the role editor shows it.
func TestPreviewOfARoleEdit(t *testing.T) {
	const analysts = RoleID(1000)
	st := smallState(t)
	st.Roles = append(st.Roles, Role{
		ID: analysts, Kind: Custom, Workspace: 1, Levels: AllWorkspace(Read).With(DataStudio, Write), Assignable: true,
	})
	st.Grants = []Grant{
		{ID: 1, Workspace: 1, Principal: ann, Role: analysts},
		{ID: 2, Workspace: 1, Principal: bob, Role: analysts},
		{ID: 3, Workspace: 1, Principal: bob, Role: develop},
		{ID: 4, Workspace: 1, Principal: root, Role: analysts},
	}
	edited := st.WithRoleLevels(analysts, AllWorkspace(Read).With(DataQuality, Write))
	want := Effect{
		Losses: []Change{{1, DataStudio, Write, Read, []PrincipalID{ann}}},
		Gains:  []Change{{1, DataQuality, Read, Write, []PrincipalID{ann, bob}}},
		Keeps: []Keep{
			{1, DataStudio, Write, []PrincipalID{root}, 0},
			{1, DataStudio, Write, []PrincipalID{bob}, develop},
		},
	}
	if got := Compare(compiled(t, st), compiled(t, edited)); !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
}
