package access

import (
	"reflect"
	"slices"
	"testing"
)

func TestExplainTellsEveryContribution(t *testing.T) {
	st := grantTo(withCustoms(t), develop, visitor, nothing)
	st.Grants = append(st.Grants, Grant{ID: 9, Workspace: 1, Principal: ann, Role: admin, By: full, At: 10, Until: 900})
	st.Members = []Member{{1, ann}}
	grant := func(kind ContributionKind, effect Outcome, level Level, role RoleID, id GrantID) Contribution {
		return Contribution{Kind: kind, Effect: effect, Level: level, Role: role, Grant: id, By: root, At: 500}
	}
	expired := Contribution{Kind: BuiltinRole, Effect: Expired, Level: Write, Role: admin, Grant: 9, By: full, At: 10, Until: 900}
	cases := map[Policy][]Contribution{
		Additive: {
			grant(BuiltinRole, Decides, Write, develop, 1),
			grant(BuiltinRole, Weaker, Read, visitor, 2),
			{Kind: MemberDefault, Effect: Overridden, Level: Read},
			grant(CustomRole, Overridden, None, nothing, 3),
			expired,
		},
		Strict: {
			grant(CustomRole, Removes, None, nothing, 3),
			grant(BuiltinRole, Overridden, Write, develop, 1),
			grant(BuiltinRole, Overridden, Read, visitor, 2),
			{Kind: MemberDefault, Effect: Overridden, Level: Read},
			expired,
		},
	}
	for policy, want := range cases {
		st.Policy = policy
		e := compiled(t, st).Explain(Question{ann, 1, DataStudio, Write})
		if !reflect.DeepEqual(e.Because, want) {
			t.Errorf("policy %d:\n got %+v\nwant %+v", policy, e.Because, want)
		}
	}
}

// What gives as much as what decides is not weaker than it.
func TestExplainTellsEqualFromWeaker(t *testing.T) {
	st := grantTo(withCustoms(t), develop)
	st.Grants = append(st.Grants,
		Grant{ID: 8, Workspace: 1, Principal: full, Role: admin},
		Grant{ID: 9, Workspace: 1, Principal: full, Role: visitor})
	s := compiled(t, st)
	cases := []struct {
		q    Question
		want []Outcome
	}{
		// A power, an administrator, a visitor, and what members have by default.
		{Question{full, 1, DataStudio, Write}, []Outcome{Decides, Also, Weaker, Weaker}},
		// A developer reads Data Quality by the role and by default.
		{Question{ann, 1, DataQuality, Read}, []Outcome{Decides, Also}},
		{Question{ann, 1, DataStudio, Write}, []Outcome{Decides, Weaker}},
	}
	for _, c := range cases {
		var got []Outcome
		for _, b := range s.Explain(c.q).Because {
			got = append(got, b.Effect)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.q, got, c.want)
		}
	}
}

func TestExplainFirstReason(t *testing.T) {
	st := grantTo(withCustoms(t), nothing)
	st.Members = []Member{{1, bob}}
	st.Grants = append(st.Grants, Grant{ID: 9, Workspace: 1, Principal: root, Role: nothing})
	s := compiled(t, st)
	cases := []struct {
		name  string
		q     Question
		kind  ContributionKind
		level Level
	}{
		{"account", Question{root, 1, DataStudio, Read}, Account, Write},
		{"full access", Question{full, 1, DataStudio, Read}, FullAccess, Write},
		{"member", Question{bob, 1, DataStudio, Read}, MemberDefault, Read},
		{"custom None", Question{ann, 1, DataStudio, Read}, CustomRole, None},
		{"stranger", Question{carol, 1, DataStudio, Read}, NotMember, None},
		{"nobody", Question{99, 1, DataStudio, Read}, NotMember, None},
		{"nowhere", Question{root, 99, DataStudio, Read}, NotMember, None},
		{"closed", Question{root, 2, DataStudio, Read}, WorkspaceClosed, None},
		{"global module", Question{root, 1, DataMap, Read}, WrongPlane, None},
		{"no module", Question{root, 1, 0, Read}, WrongPlane, None},
	}
	for _, c := range cases {
		e := s.Explain(c.q)
		if first := e.Because[0]; first.Kind != c.kind || e.Effective != c.level || e.Revision != 42 {
			t.Errorf("%s: %+v", c.name, e)
		}
	}
}

func TestWaysAreCheapestFirst(t *testing.T) {
	st := withCustoms(t)
	st.Members = []Member{{1, ann}}
	s := compiled(t, st)
	deployment := s.Explain(Question{ann, 1, Deployment, Write}).Ways
	want := []Way{
		{Role: deploy, Adds: 0, Removes: 0, Through: ThroughAdd}, {Role: operate, Adds: 2, Removes: 0, Through: ThroughAdd}, {Role: writer, Adds: 12, Removes: 0, Through: ThroughAdd}, {Role: admin, Adds: 12, Removes: 0, Through: ThroughAdd},
	}
	if !reflect.DeepEqual(deployment, want) {
		t.Errorf("to deploy: %+v, want %+v; the owner's role is never offered", deployment, want)
	}
	join := s.Explain(Question{bob, 1, Deployment, Write}).Ways
	if len(join) != 4 || join[0] != (Way{Role: deploy, Adds: 12, Removes: 0, Through: ThroughJoin}) {
		t.Errorf("to join and deploy: %+v", join)
	}
	if read := s.Explain(Question{bob, 1, Deployment, Read}).Ways; len(read) != maxWays {
		t.Errorf("%d ways are offered, want %d", len(read), maxWays)
	}
	if e := s.Explain(Question{root, 2, Deployment, Read}); e.Ways != nil {
		t.Errorf("roles are offered into a closed workspace: %+v", e.Ways)
	}
}

func TestCheapestBreaksTies(t *testing.T) {
	sorted := []candidate{
		{Way{Role: 9, Adds: 0, Removes: 5}, 0, true},
		{Way{Role: 8, Adds: 1, Removes: 0}, 1, false},
		{Way{Role: 7, Adds: 1, Removes: 1}, 1, false},
		{Way{Role: 5, Adds: 1, Removes: 0}, 2, false},
		{Way{Role: 6, Adds: 1, Removes: 0}, 2, false},
		{Way{Role: 4, Adds: 1, Removes: 0}, 2, true},
	}
	mixed := slices.Clone(sorted)
	slices.Reverse(mixed)
	for i, way := range cheapest(mixed) {
		if way != sorted[i].Way {
			t.Errorf("%d. is %+v, want %+v", i+1, way, sorted[i].Way)
		}
	}
}

// Under Strict, no role helps against a None that is held.
func TestWaysOfferNothingFalseUnderStrict(t *testing.T) {
	st := grantTo(withCustoms(t), nothing)
	for policy, helps := range map[Policy]bool{Additive: true, Strict: false} {
		st.Policy = policy
		if ways := compiled(t, st).Explain(Question{ann, 1, DataStudio, Write}).Ways; (len(ways) > 0) != helps {
			t.Errorf("policy %d: offers %+v", policy, ways)
		}
	}
}

// A way that takes something away says so: the role gives Write on one module
// and None elsewhere.
func TestWaysTellWhatTheyRemove(t *testing.T) {
	st := smallState(t)
	st.Members = []Member{{1, ann}}
	st.Roles = append(st.Roles, Role{ID: 1000, Kind: Custom, Workspace: 1, Assignable: true, Levels: Levels(0).With(HoloStudio, Write)})
	ways := compiled(t, st).Explain(Question{ann, 1, HoloStudio, Write}).Ways
	if !slices.Contains(ways, Way{Role: 1000, Removes: 12, Through: ThroughAdd}) {
		t.Errorf("ways: %+v", ways)
	}
}

func TestWhomToAsk(t *testing.T) {
	st := smallState(t)
	for i := range GrantID(7) {
		st.Principals = append(st.Principals, Principal{ID: PrincipalID(10 + i)})
		st.Grants = append(st.Grants, Grant{ID: i + 1, Workspace: 1, Principal: PrincipalID(10 + i), Role: admin})
	}
	st.Grants = append(st.Grants, Grant{ID: 20, Workspace: 2, Principal: full, Role: admin}, Grant{ID: 21, Workspace: 2, Principal: bob, Role: admin})
	s := compiled(t, st)
	cases := []struct {
		name string
		e    Explanation
		want []PrincipalID
	}{
		{"the first five", s.Explain(Question{ann, 1, DataStudio, Read}), []PrincipalID{10, 11, 12, 13, 14}},
		{"powers last", s.Explain(Question{ann, 2, DataStudio, Read}), []PrincipalID{bob, root, full}},
		{"never the asker", s.Explain(Question{bob, 2, DataStudio, Read}), []PrincipalID{root, full}},
		{"not oneself, though powerful", s.Explain(Question{full, 2, DataStudio, Read}), []PrincipalID{bob, root}},
		{"to administer", s.ExplainAdministers(2, ann), []PrincipalID{bob, root, full}},
		{"nowhere", s.Explain(Question{ann, 9, DataStudio, Read}), nil},
		{"nothing was refused", s.Explain(Question{root, 1, DataStudio, Read}), nil},
	}
	for _, c := range cases {
		if !slices.Equal(c.e.Ask, c.want) {
			t.Errorf("%s: ask %v, want %v", c.name, c.e.Ask, c.want)
		}
	}
}

func TestExplainAdministers(t *testing.T) {
	st := grantTo(smallState(t), develop)
	st.Grants = append(st.Grants,
		Grant{ID: 8, Workspace: 1, Principal: bob, Role: admin},
		Grant{ID: 9, Workspace: 1, Principal: carol, Role: admin, Until: 1000},
	)
	s := compiled(t, st)
	refused := s.ExplainAdministers(1, ann)
	if refused.Allowed || refused.Because[0].Kind != MemberDefault || refused.Because[1].Effect != Weaker {
		t.Errorf("a developer: %+v", refused)
	}
	if want := []Way{{Role: admin, Adds: 11, Removes: 0, Through: ThroughAdd}}; !reflect.DeepEqual(refused.Ways, want) {
		t.Errorf("ways to administer: %+v, want %+v", refused.Ways, want)
	}
	if e := s.ExplainAdministers(1, bob); !e.Allowed || e.Because[0].Role != admin || e.Because[0].Effect != Decides || e.Effective != Write {
		t.Errorf("an administrator: %+v", e)
	}
	if e := s.ExplainAdministers(1, carol); e.Allowed || e.Because[0].Kind != NotMember || e.Because[1].Effect != Expired {
		t.Errorf("one whose grant has ended: %+v", e)
	}
	st.Grants = append(st.Grants, Grant{ID: 10, Workspace: 2, Principal: full, Role: admin})
	e := compiled(t, st).ExplainAdministers(2, full)
	if !e.Allowed || e.Because[0].Kind != FullAccess || e.Because[1].Role != admin || e.Because[1].Effect != Also {
		t.Errorf("full access, and the role besides, in a closed workspace: %+v", e)
	}
}

func TestWhoCanNamesAllThatWouldHaveToGo(t *testing.T) {
	st := grantTo(withCustoms(t), develop, writer, visitor)
	st.Grants = append(st.Grants, Grant{ID: 9, Workspace: 1, Principal: ann, Role: admin, Until: 900}) // over
	got := compiled(t, st).WhoCan(1, DataStudio, Write)
	if len(got) != 3 || got[0].Because[0].Kind != Account || got[1].Because[0].Kind != FullAccess {
		t.Fatalf("holders: %+v", got)
	}
	var roles []RoleID
	for _, c := range got[2].Because {
		roles = append(roles, c.Role)
	}
	if got[2].Principal != ann || !slices.Equal(roles, []RoleID{develop, writer}) {
		t.Errorf("ann writes through %v, want develop and writer: %+v", roles, got[2])
	}
}
