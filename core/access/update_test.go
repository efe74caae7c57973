package access

import (
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// Update makes what Compile makes: the same answers, and the same inside.
func TestUpdateEqualsCompile(t *testing.T) {
	roles := builtins(t)
	worlds := 1500
	if testing.Short() {
		worlds = 300
	}
	for seed := range worlds {
		rnd := newRand(seed)
		st := randomWorld(roles, rnd)
		before := compiled(t, st)
		untouched := compiled(t, st)
		s := before
		for range 4 {
			next, touched := touchedEdit(rnd, st)
			updated, err := s.Update(next, touched)
			if err != nil {
				t.Fatalf("world %d, %+v: %v", seed, touched, err)
			}
			checkSame(t, updated, compiled(t, next))
			if t.Failed() {
				t.Fatalf("world %d: touched %+v", seed, touched)
			}
			st, s = next, updated
		}
		if !reflect.DeepEqual(before, untouched) {
			t.Fatalf("world %d: an update changed the snapshot it was made from", seed)
		}
	}
}

// checkSame compares two snapshots inside, whatever the order within tables.
func checkSame(t *testing.T, got, want *Snapshot) {
	t.Helper()
	if g, w := tableOf(got), tableOf(want); !reflect.DeepEqual(g, w) {
		t.Errorf("masks\n got %v\nwant %v", g, w)
	}
	a, b := *got, *want
	a.masks, b.masks = maskTable{}, maskTable{}
	for ws, pl := range a.workspaces {
		if !reflect.DeepEqual(normalPlace(pl), normalPlace(b.workspaces[ws])) {
			t.Errorf("workspace %d\n got %+v\nwant %+v", ws, pl, b.workspaces[ws])
		}
	}
	if len(a.workspaces) != len(b.workspaces) {
		t.Errorf("%d workspaces, want %d", len(a.workspaces), len(b.workspaces))
	}
	a.workspaces, b.workspaces = nil, nil
	if !reflect.DeepEqual(a, b) {
		t.Errorf("\n got %+v\nwant %+v", a, b)
	}
}

// normalPlace is a copy in which no list and an empty list are the same.
func normalPlace(pl *place) place {
	if pl == nil {
		return place{}
	}
	n := *pl
	n.members = append([]PrincipalID{}, n.members...)
	n.masks = append([]mask{}, n.masks...)
	n.administrators = append([]PrincipalID{}, n.administrators...)
	n.grants = append([]Grant{}, n.grants...)
	n.customs = append([]RoleID{}, n.customs...)
	return n
}

func tableOf(s *Snapshot) map[uint64]mask {
	return maps.Collect(s.masks.all())
}

// touchedEdit is an edit with what it touches, told as narrowly as possible.
func touchedEdit(rnd *rand.Rand, st State) (State, Touched) {
	st.Revision++
	ws := pick(rnd, st.Workspaces).ID
	role := pick(rnd, st.Roles)
	switch rnd.IntN(13) {
	case 0:
		return st.WithoutRole(role.ID), Touched{Roles: []RoleID{role.ID}, Workspaces: allWorkspaces(st), Engines: true}
	case 1:
		extra := randomGrant(rnd, st)
		extra.ID = 0
		return st.WithGrants([]Grant{extra}, nil), Touched{Workspaces: []WorkspaceID{extra.Workspace}}
	case 2:
		member := Member{ws, pick(rnd, st.Principals).ID}
		return st.WithMembers(nil, []Member{member}), Touched{Workspaces: []WorkspaceID{ws}}
	case 3:
		st.Workspaces = slices.Clone(st.Workspaces)
		st.Workspaces[0].Open = !st.Workspaces[0].Open
		return st, Touched{Workspaces: []WorkspaceID{st.Workspaces[0].ID}}
	case 4:
		r := Role{ID: 2000, Name: "new", Kind: Custom, Workspace: ws, Levels: randomLevels(rnd), Assignable: true}
		for slices.ContainsFunc(st.Roles, func(other Role) bool { return other.ID == r.ID }) {
			r.ID++
		}
		st.Roles = append(slices.Clone(st.Roles), r)
		return st, Touched{Roles: []RoleID{r.ID}}
	case 5:
		st.Now++
		return st, Touched{}
	case 6:
		return randomWideEdit(rnd, st), Touched{Tenant: true, Console: true}
	case 7:
		st.Workspaces = append(slices.Clone(st.Workspaces), Workspace{ID: 3000 + WorkspaceID(st.Revision%1000), Open: true})
		last := st.Workspaces[len(st.Workspaces)-1].ID
		if len(st.Workspaces) > 1 && st.Workspaces[len(st.Workspaces)-2].ID == last {
			st.Workspaces = st.Workspaces[:len(st.Workspaces)-1]
		}
		return st, Touched{Workspaces: []WorkspaceID{last}}
	case 8:
		st.Principals = slices.Clone(st.Principals)
		p := &st.Principals[0]
		p.Power = (p.Power + 1) % 3
		p.Disabled = 0 // as the account has to be
		if p.Power != PowerAccount && rnd.IntN(2) == 0 {
			p.Disabled = worldNow - 3
		}
		return st, Touched{Everything: true}
	}
	edited := st.WithRoleLevels(role.ID, randomLevels(rnd))
	for i := range edited.Roles {
		if edited.Roles[i].ID == role.ID && rnd.IntN(3) == 0 {
			edited.Roles[i].Administers = !edited.Roles[i].Administers
			edited.Roles[i].Assignable = !edited.Roles[i].Assignable
		}
	}
	return edited, Touched{Roles: []RoleID{role.ID}}
}

func allWorkspaces(st State) []WorkspaceID {
	var ids []WorkspaceID
	for _, w := range st.Workspaces {
		ids = append(ids, w.ID)
	}
	return ids
}

func TestUpdateRefusesWhatCompileRefuses(t *testing.T) {
	st := withCustoms(t)
	s := compiled(t, st)
	for name, edit := range map[string]func(*State) Touched{
		"role": func(st *State) Touched {
			*st = st.WithRoleLevels(reader, 2<<2)
			return Touched{Roles: []RoleID{reader}}
		},
		"grant": func(st *State) Touched {
			st.Grants = []Grant{{ID: 1, Workspace: 1, Principal: 99, Role: reader}}
			return Touched{Workspaces: []WorkspaceID{1}}
		},
		"tenant": func(st *State) Touched {
			st.TenantGrants = []TenantGrant{{ID: 1, Region: "cn-a", Principal: ann, Role: 1}}
			return Touched{Tenant: true}
		},
		"console": func(st *State) Touched {
			st.Attachments = []Attachment{{ID: 1, Principal: ann, Policy: 1}}
			return Touched{Console: true}
		},
		"engine": func(st *State) Touched {
			st.Engines = []Engine{{ID: 1, Workspace: 99}}
			return Touched{Engines: true}
		},
	} {
		after := st
		touched := edit(&after)
		if _, err := s.Update(after, touched); err == nil {
			t.Errorf("%s: an invalid state was taken", name)
		}
	}
}

// The table finds what was put in and not taken out, whatever the order.
func TestMaskTable(t *testing.T) {
	rnd := newRand(1)
	table, truth := maskTable{}, map[uint64]mask{}
	for range 20_000 {
		key := 1 + rnd.Uint64N(300)
		if rnd.IntN(3) == 0 {
			table.remove(key)
			delete(truth, key)
		} else {
			m := mask(rnd.Uint64())
			table.set(key, m)
			truth[key] = m
		}
		asked := rnd.Uint64N(320)
		got, found := table.get(asked)
		if want, there := truth[asked]; got != want || found != there {
			t.Fatalf("key %d: %v %v, want %v %v", asked, got, found, want, there)
		}
	}
	if table.used != len(truth) {
		t.Errorf("%d used, want %d", table.used, len(truth))
	}
}

// What is written to a copy does not reach the original, on whichever page it is, and a copy of the copy has it.
func TestMaskTableIsCopiedByThePage(t *testing.T) {
	rnd := newRand(2)
	table := newMaskTable(4 * pageSize)
	for key := range uint64(3 * pageSize) {
		table.set(key+1, mask(key))
	}
	before := maps.Collect(table.all())
	first := table.clone()
	truth := maps.Clone(before)
	for range 200 {
		key := 1 + rnd.Uint64N(6*pageSize)
		if rnd.IntN(2) == 0 {
			first.remove(key)
			delete(truth, key)
		} else {
			first.set(key, mask(key)+1)
			truth[key] = mask(key) + 1
		}
	}
	second := first.clone()
	second.set(1, 77)
	if !maps.Equal(maps.Collect(table.all()), before) {
		t.Error("the original was written to")
	}
	if !maps.Equal(maps.Collect(first.all()), truth) {
		t.Error("the copy is not what was written to it, or its own copy was written through")
	}
	if m, found := second.get(1); !found || m != 77 {
		t.Errorf("the copy of the copy has %v %v", m, found)
	}
}
