package access

import "testing"

// Who is disabled may do nothing on any plane, and every answer says so and since when.
func TestDisabledDecideNothing(t *testing.T) {
	for name, kind := range map[string]ContributionKind{"disabled": Disabled, "vanished": Vanished} {
		st := grantTo(withTeam(t), admin)
		at := principalAt(t, st, ann)
		if s := compiled(t, st); !s.Administers(1, ann) || s.Level(1, ann, DataStudio) != Write {
			t.Fatal("the world proves nothing: she may do nothing while she is active")
		}
		st.Principals[at].Disabled, st.Principals[at].Vanished = 77, kind == Vanished
		s := compiled(t, st)
		because := map[string]Explanation{
			"module":     s.Explain(Question{ann, 1, DataStudio, Read}),
			"administer": s.ExplainAdministers(1, ann),
			"tenant":     s.ExplainTenant(TenantQuestion{ann, "cn-a", DataMapUse}),
			"console":    s.ExplainConsole(ConsoleQuestion{ann, "dataworks:CreateWorkspace", "*", ScopePage}),
		}
		for plane, e := range because {
			first := e.Because[0]
			if e.Allowed || first.Kind != kind || first.Effect != Decides || first.At != 77 || len(e.Ways) > 0 {
				t.Errorf("%s, %s: %+v", name, plane, e)
			}
			for _, who := range e.Ask {
				if s.Power(who) == PowerNone {
					t.Errorf("%s, %s: asks %d, who can enable nobody", name, plane, who)
				}
			}
		}
		if since, vanished := s.DisabledSince(ann); since != 77 || vanished != (kind == Vanished) {
			t.Errorf("%s: since %d, vanished %v", name, since, vanished)
		}
		if !s.IsMember(1, ann) || len(s.RolesOf(1, ann)) == 0 {
			t.Errorf("%s: what she holds is not hers any more", name)
		}
		if !s.Barred(ann, ScopePage) || !s.Barred(ann, ScopeOpenAPI) {
			t.Errorf("%s: not barred from both scopes", name)
		}
	}
}

// A group that is disabled hands nothing on.
func TestADisabledGroupHandsNothingOn(t *testing.T) {
	st := withTeam(t)
	st.Members = append(st.Members, Member{1, team})
	if !compiled(t, st).IsMember(1, ann) {
		t.Fatal("the world proves nothing: the group makes her no member")
	}
	st.Principals[principalAt(t, st, team)].Disabled = 5
	s := compiled(t, st)
	if s.IsMember(1, ann) || len(s.PeopleOf(team)) > 0 || len(s.GroupsOf(ann)) > 0 {
		t.Error("a disabled group has members")
	}
}

func TestTheAccountCannotBeDisabled(t *testing.T) {
	if _, err := Compile(State{Principals: []Principal{{ID: 1, Power: PowerAccount, Disabled: 1}}}); err == nil {
		t.Error("it was")
	}
}

func principalAt(t *testing.T, st State, id PrincipalID) int {
	t.Helper()
	for i, p := range st.Principals {
		if p.ID == id {
			return i
		}
	}
	t.Fatalf("there is no %d", id)
	return 0
}
