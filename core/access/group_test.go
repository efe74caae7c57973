package access

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

const team = PrincipalID(20)

// withTeam has ann and bob in a group.
func withTeam(t testing.TB) State {
	t.Helper()
	st := withCustoms(t)
	st.Principals = append(st.Principals, Principal{ID: team, Name: "team", Group: true})
	st.Groups = []GroupMember{{team, ann}, {team, bob}}
	st.TenantRoles, st.Documents = slices.Clone(realTenantRoles()), slices.Clone(realPolicies())
	return st
}

func TestMembersOfAGroupHoldWhatItHolds(t *testing.T) {
	st := withTeam(t)
	st.Grants = []Grant{{ID: 1, Workspace: 1, Principal: team, Role: develop, By: root, At: 7, Until: 2000}}
	st.TenantGrants = []TenantGrant{{ID: 1, Region: "cn-a", Principal: team, Role: 9}}
	st.Attachments = []Attachment{{ID: 1, Principal: team, Policy: 4}}
	s := compiled(t, st)
	for _, p := range []PrincipalID{ann, bob} {
		if s.Level(1, p, DataStudio) != Write || !s.IsMember(1, p) || !slices.Equal(s.RolesOf(1, p), []RoleID{develop}) {
			t.Errorf("%d does not hold the grant of its group", p)
		}
		if !s.CapabilitiesOf("cn-a", p).Has(DataMapCollectMetadata) || s.CapabilitiesOf("cn-b", p).Has(DataMapCollectMetadata) {
			t.Errorf("%d does not hold the tenant role of its group, or does elsewhere", p)
		}
		if !s.DecideConsole(ConsoleQuestion{p, "dataworks:ListContacts", ARN("", EntityContacts, ""), ""}) {
			t.Errorf("%d does not hold the policy of its group", p)
		}
	}
	if s.IsMember(1, carol) || !slices.Equal(s.HoldersOf(develop), []PrincipalID{ann, bob}) {
		t.Errorf("holders are %v", s.HoldersOf(develop))
	}
	want := []Contribution{
		{Kind: BuiltinRole, Effect: Decides, Level: Write, Role: develop, Through: team, Grant: 1, By: root, At: 7, Until: 2000},
		{Kind: MemberDefault, Effect: Weaker, Level: Read, Through: team},
	}
	if got := s.Explain(Question{ann, 1, DataStudio, Write}).Because; !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
	if !slices.Equal(s.GroupsOf(ann), []PrincipalID{team}) || !slices.Equal(s.PeopleOf(team), []PrincipalID{ann, bob}) {
		t.Error("the group is not told")
	}
}

func TestGroupsAreRefused(t *testing.T) {
	for want, spoil := range map[string]func(*State){
		"it is no group":      func(st *State) { st.Groups = append(st.Groups, GroupMember{ann, bob}) },
		"a group itself":      func(st *State) { st.Groups = append(st.Groups, GroupMember{team, team}) },
		"there is no princip": func(st *State) { st.Groups = append(st.Groups, GroupMember{team, 99}) },
		"granted by nobody":   func(st *State) { st.TenantGrants = []TenantGrant{{ID: 1, Region: "x", Principal: ann, Role: 3}} },
		"names no region":     func(st *State) { st.TenantGrants = []TenantGrant{{ID: 1, Principal: ann, Role: 4}} },
		"there is no policy":  func(st *State) { st.Attachments = []Attachment{{ID: 1, Principal: ann, Policy: 99}} },
		"cannot give power": func(st *State) {
			st.Documents = append(st.Documents, Document{ID: 1000, Power: PowerAccount, System: true})
		},
		"names no resource": func(st *State) {
			st.Documents = append(st.Documents, Document{ID: 1000, Statements: []Statement{{Actions: []string{"*"}}}})
		},
		"needs a region": func(st *State) { st.TenantRoles = append(st.TenantRoles, TenantRole{ID: 1000, Kind: Custom}) },
		"not offered to custom": func(st *State) {
			st.TenantRoles = append(st.TenantRoles, TenantRole{
				ID: 1000, Kind: Custom, Region: "x", Capabilities: CapabilitySet(ComplianceManage),
			})
		},
	} {
		st := withTeam(t)
		spoil(&st)
		if _, err := Compile(st); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %q in it", err, want)
		}
	}
}

// On every plane, what ends at T is nothing at T.
func TestNothingOutlivesItsEnd(t *testing.T) {
	for now, holds := range map[int64]bool{1999: true, 2000: false, 2001: false} {
		st := withTeam(t)
		st.Now = now
		st.Grants = []Grant{{ID: 1, Workspace: 1, Principal: team, Role: develop, Until: 2000}}
		st.TenantGrants = []TenantGrant{{ID: 1, Region: "cn-a", Principal: ann, Role: 9, Until: 2000}}
		st.Attachments = []Attachment{{ID: 1, Principal: bob, Policy: 1, Until: 2000}}
		s := compiled(t, st)
		if s.Decide(Question{ann, 1, DataStudio, Write}) != holds || s.IsMember(1, ann) != holds ||
			s.DecideTenant(TenantQuestion{ann, "cn-a", DataMapCollectMetadata}) != holds ||
			(s.Power(bob) == PowerFullAccess) != holds || s.Administers(1, bob) != holds {
			t.Errorf("at %d: something holds that is over, or is over that holds", now)
		}
		wantEnd, wantEnding := int64(2000), Endings{st.Grants, st.TenantGrants, st.Attachments}
		if !holds {
			wantEnd, wantEnding = 0, Endings{}
		}
		if s.NextEnd() != wantEnd || !reflect.DeepEqual(s.Ending(2001), wantEnding) || !reflect.DeepEqual(s.Ending(2000), Endings{}) {
			t.Errorf("at %d: next end is %d, ending are %+v", now, s.NextEnd(), s.Ending(2001))
		}
	}
}

// A custom tenant role takes from the tenant member what it does not speak for,
// and nothing else.
func TestCustomTenantRoleTakesOnlyTheDefault(t *testing.T) {
	roles := builtins(t)
	lowered := 0
	for seed := range 1500 {
		rnd := newRand(seed)
		st := randomWorld(roles, rnd)
		st.Policy = Additive
		before := compiled(t, st)
		extra := randomTenantGrant(rnd, st)
		extra.ID, extra.Until = 900, 0
		st.TenantGrants = append(slices.Clone(st.TenantGrants), extra)
		after := compiled(t, st)
		role, _ := before.TenantRole(extra.Role)
		for _, c := range AllCapabilities() {
			q := TenantQuestion{extra.Principal, extra.Region, c}
			if !before.DecideTenant(q) || after.DecideTenant(q) {
				continue
			}
			lowered++
			first := before.ExplainTenant(q).Because[0]
			if role.Kind != Custom || role.Capabilities.Has(c) || first.Kind != TenantMember {
				t.Fatalf("world %d: role %+v takes %v, which came from %+v", seed, role, c, first)
			}
		}
	}
	if lowered == 0 {
		t.Error("no world has the case that lowers")
	}
}

// Nothing that a narrowed session may do could not be done without narrowing.
func TestNarrowedWidensNothing(t *testing.T) {
	roles := builtins(t)
	narrower := 0
	for seed := range 300 {
		rnd := newRand(seed)
		st := randomWorld(roles, rnd)
		p := st.Principals[rnd.IntN(8)].ID
		keep := []RoleID{pick(rnd, st.Roles).ID, pick(rnd, st.Roles).ID}
		full, narrow := compiled(t, st), compiled(t, st.Narrowed(p, keep))
		if Raises(full, narrow, p) {
			t.Fatalf("world %d: %d gains by acting with only %v: %+v", seed, p, keep, Compare(full, narrow))
		}
		if Raises(narrow, full, p) {
			narrower++
		}
		for _, w := range st.Workspaces {
			for _, role := range full.RolesOf(w.ID, p) {
				if kept := slices.Contains(narrow.RolesOf(w.ID, p), role); kept != slices.Contains(keep, role) {
					t.Fatalf("world %d: role %d kept: %v, wanted only %v", seed, role, kept, keep)
				}
			}
		}
		for _, other := range st.Principals {
			if other.ID != p && !other.Group && (Raises(full, narrow, other.ID) || Raises(narrow, full, other.ID)) {
				t.Fatalf("world %d: narrowing %d concerns %d", seed, p, other.ID)
			}
		}
	}
	if narrower == 0 {
		t.Error("nobody was ever narrowed")
	}
}

// Raises says yes wherever Compare finds a gain of the principal.
func TestRaisesSeesEveryGain(t *testing.T) {
	roles := builtins(t)
	raised := 0
	for seed := range 300 {
		rnd := newRand(seed)
		st := randomWorld(roles, rnd)
		before, after := compiled(t, st), compiled(t, randomEdit(rnd, randomEdit(rnd, st)))
		gainers := map[PrincipalID]bool{}
		effect := Compare(before, after)
		for _, c := range effect.Gains {
			for _, p := range c.Principals {
				gainers[p] = true
			}
		}
		for _, c := range effect.TenantGains {
			for _, p := range c.Principals {
				gainers[p] = true
			}
		}
		for p := range gainers {
			raised++
			if !Raises(before, after, p) {
				t.Fatalf("world %d: %d gains and is not raised: %+v", seed, p, effect)
			}
		}
		if Raises(before, before, 1) {
			t.Fatalf("world %d: no change raises", seed)
		}
	}
	if raised == 0 {
		t.Error("nobody was ever raised")
	}
}

func TestExceedsGrantor(t *testing.T) {
	st := grantTo(withTeam(t), admin)
	st.Grants = append(st.Grants, Grant{ID: 9, Workspace: 1, Principal: bob, Role: develop})
	s := compiled(t, st)
	cases := []struct {
		grantor PrincipalID
		role    RoleID
		want    bool
	}{
		{ann, writer, false}, {ann, admin, false}, {bob, develop, false}, {bob, visitor, false}, {bob, writer, true},
		{bob, admin, true}, {carol, visitor, true}, {carol, nothing, false}, {root, admin, false}, {full, admin, false}, {ann, 77, true},
	}
	for _, c := range cases {
		if got := s.ExceedsGrantor(1, c.grantor, c.role); got != c.want {
			t.Errorf("role %d of grantor %d: %v", c.role, c.grantor, got)
		}
	}
	if s.ExceedsGrantor(2, root, admin) || !s.ExceedsGrantor(77, root, admin) {
		t.Error("a closed workspace takes from its powers, or there is none and it does not")
	}
	if s.TenantExceedsGrantor("cn-a", root, 2) || !s.TenantExceedsGrantor("cn-a", ann, 4) || s.TenantExceedsGrantor("cn-a", ann, 3) {
		t.Error("tenant roles are measured wrongly")
	}
}
