package access

import (
	"slices"
	"testing"
)

// The people of the small state.
const (
	root  = PrincipalID(1) // the account
	full  = PrincipalID(2) // holds AliyunDataWorksFullAccess
	ann   = PrincipalID(3)
	bob   = PrincipalID(4)
	carol = PrincipalID(5)
)

// Some built-in roles by id.
const (
	owner   = RoleID(1)
	admin   = RoleID(2)
	develop = RoleID(4)
	operate = RoleID(5)
	deploy  = RoleID(6)
	visitor = RoleID(7)
)

// Custom roles of workspace 1 in the small state with roles.
const (
	nothing = RoleID(1000) // None everywhere
	reader  = RoleID(1001) // Read everywhere
	writer  = RoleID(1002) // Write everywhere
)

// smallState has one open workspace (1), one closed (2), the built-in roles,
// three custom roles in workspace 1, and nobody granted anything.
func smallState(t testing.TB) State {
	t.Helper()
	return State{
		Revision: 42,
		Now:      1000,
		Principals: []Principal{
			{ID: root, Name: "root", Power: PowerAccount}, {ID: full, Name: "full", Power: PowerFullAccess},
			{ID: ann, Name: "ann", Power: PowerNone}, {ID: bob, Name: "bob", Power: PowerNone}, {ID: carol, Name: "carol", Power: PowerNone},
		},
		Workspaces: []Workspace{{ID: 1, Name: "sales", Open: true}, {ID: 2, Name: "attic"}},
		Roles:      builtins(t),
	}
}

func withCustoms(t testing.TB) State {
	t.Helper()
	st := smallState(t)
	st.Roles = append(st.Roles,
		Role{ID: nothing, Name: "nothing", Kind: Custom, Workspace: 1, Assignable: true},
		Role{ID: reader, Name: "reader", Kind: Custom, Workspace: 1, Levels: AllWorkspace(Read), Assignable: true},
		Role{ID: writer, Name: "writer", Kind: Custom, Workspace: 1, Levels: AllWorkspace(Write), Assignable: true},
	)
	return st
}

// grantTo gives ann the roles in workspace 1.
func grantTo(st State, roles ...RoleID) State {
	for _, r := range roles {
		st.Grants = append(slices.Clip(st.Grants), Grant{
			ID: GrantID(len(st.Grants) + 1), Workspace: 1, Principal: ann, Role: r, By: root, At: 500,
		})
	}
	return st
}

func TestRule(t *testing.T) {
	cases := []struct {
		name     string
		roles    []RoleID
		member   bool
		additive Level
		strict   Level
	}{
		{"a stranger may nothing", nil, false, None, None},
		{"a member reads by default", nil, true, Read, Read},
		{"visitor reads", []RoleID{visitor}, false, Read, Read},
		{"develop writes in DataStudio", []RoleID{develop}, false, Write, Write},
		{"roles add up", []RoleID{visitor, develop}, false, Write, Write},
		{"custom None takes the default", []RoleID{nothing}, true, None, None},
		{"custom Read", []RoleID{reader}, false, Read, Read},
		{"custom Read does not lower a built-in Write", []RoleID{reader, develop}, false, Write, Write},
		{"custom None beside custom Read", []RoleID{nothing, reader}, false, Read, None},
		{"custom None beside a built-in Read", []RoleID{nothing, visitor}, false, Read, None},
		{"custom None beside a built-in Write", []RoleID{nothing, develop}, false, Write, None},
		{"custom None beside the administrator", []RoleID{nothing, admin}, false, Write, None},
	}
	for _, c := range cases {
		for policy, want := range map[Policy]Level{Additive: c.additive, Strict: c.strict} {
			st := grantTo(withCustoms(t), c.roles...)
			st.Policy = policy
			if c.member {
				st.Members = []Member{{1, ann}}
			}
			if got := compiled(t, st).Level(1, ann, DataStudio); got != want {
				t.Errorf("%s, policy %d: %v, want %v", c.name, policy, got, want)
			}
		}
	}
}

func TestPowersStandAboveRoles(t *testing.T) {
	st := withCustoms(t)
	st.Policy = Strict
	st.Grants = []Grant{{ID: 1, Workspace: 1, Principal: full, Role: nothing}}
	s := compiled(t, st)
	for _, p := range []PrincipalID{root, full} {
		if !s.Decide(Question{p, 1, DataStudio, Write}) {
			t.Errorf("principal %d may not write in an open workspace", p)
		}
		if s.Decide(Question{p, 2, DataStudio, Read}) {
			t.Errorf("principal %d enters a closed workspace", p)
		}
		if s.Decide(Question{p, 1, DataMap, Read}) {
			t.Errorf("principal %d: a workspace answers for a global module", p)
		}
		if s.Decide(Question{p, 9, DataStudio, Read}) || s.Administers(9, p) {
			t.Errorf("principal %d is let into a workspace that does not exist", p)
		}
		if !s.Administers(1, p) || !s.Administers(2, p) {
			t.Errorf("principal %d does not administer everywhere", p)
		}
	}
	if s.IsMember(1, root) || !s.IsMember(1, full) {
		t.Error("a power alone makes a member, or a grant does not")
	}
}

func TestClosedWorkspace(t *testing.T) {
	st := smallState(t)
	st.Grants = []Grant{{ID: 1, Workspace: 2, Principal: ann, Role: admin}, {ID: 2, Workspace: 2, Principal: bob, Role: develop}}
	s := compiled(t, st)
	if s.Levels(2, ann) != 0 || s.Levels(2, root) != 0 || s.WhoCan(2, DataStudio, Read) != nil {
		t.Error("somebody enters a closed workspace")
	}
	if !s.Administers(2, ann) || s.Administers(2, bob) {
		t.Error("administration of a closed workspace is not with its administrator alone")
	}
}

func TestGrantEndsAtItsSecond(t *testing.T) {
	for now, want := range map[int64]Level{999: Write, 1000: None, 1001: None} {
		st := smallState(t)
		st.Now = now
		st.Grants = []Grant{{ID: 1, Workspace: 1, Principal: ann, Role: develop, Until: 1000}}
		s := compiled(t, st)
		if got := s.Level(1, ann, DataStudio); got != want {
			t.Errorf("at %d: %v, want %v", now, got, want)
		}
		held := want != None
		if s.IsMember(1, ann) != held || (len(s.RolesOf(1, ann)) == 1) != held || (len(s.HoldersOf(develop)) == 1) != held {
			t.Errorf("at %d: member %v, roles %v, holders %v", now, s.IsMember(1, ann), s.RolesOf(1, ann), s.HoldersOf(develop))
		}
	}
}

func TestEveryBuiltinRoleReadsEveryWorkspaceModule(t *testing.T) {
	for _, r := range builtins(t) {
		s := compiled(t, grantTo(withCustoms(t), r.ID, nothing))
		for _, m := range WorkspaceModules() {
			if !s.Decide(Question{ann, 1, m, Read}) {
				t.Errorf("%s does not read %v", r.Name, m)
			}
		}
	}
}

func TestLookUps(t *testing.T) {
	st := grantTo(withCustoms(t), develop, reader, develop)
	st.Grants = append(st.Grants, Grant{ID: 9, Workspace: 2, Principal: ann, Role: develop}, Grant{ID: 8, Workspace: 2, Principal: bob, Role: develop})
	s := compiled(t, st)
	if got := s.RolesOf(1, ann); !slices.Equal(got, []RoleID{develop, reader}) {
		t.Errorf("roles of ann: %v", got)
	}
	if got := s.HoldersOf(develop); !slices.Equal(got, []PrincipalID{ann, bob}) {
		t.Errorf("holders of develop: %v", got)
	}
	if s.RolesOf(9, ann) != nil || s.RolesOf(1, 99) != nil || s.HoldersOf(99) != nil {
		t.Error("something is known about what does not exist")
	}
	if p, found := s.Principal(bob); !found || p.Name != "bob" {
		t.Errorf("principal: %+v, %v", p, found)
	}
	if r, found := s.Role(reader); !found || r.Name != "reader" {
		t.Errorf("role: %+v, %v", r, found)
	}
	_, principal := s.Principal(99)
	_, role := s.Role(99)
	if principal || role {
		t.Error("unknown ids are found")
	}
	if s.Revision() != 42 || s.Power(root) != PowerAccount || s.Power(ann) != PowerNone || s.Power(99) != PowerNone {
		t.Error("revision or power is wrong")
	}
}

func TestZeroSnapshotAnswersNo(t *testing.T) {
	var s Snapshot
	q := Question{ann, 1, DataStudio, Read}
	if s.Decide(q) || s.Administers(1, ann) || s.IsMember(1, ann) || s.Explain(q).Allowed || s.WhoCan(1, DataStudio, Read) != nil {
		t.Error("the empty snapshot allows something")
	}
}
