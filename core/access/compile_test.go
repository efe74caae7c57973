package access

import (
	"strings"
	"testing"
)

func TestCompileRefuses(t *testing.T) {
	cases := []struct {
		name  string
		spoil func(*State)
		want  string
	}{
		{"principal twice", func(st *State) { st.Principals = append(st.Principals, Principal{ID: ann}) }, "principal 3"},
		{"principal 0", func(st *State) { st.Principals = append(st.Principals, Principal{}) }, "principal 0"},
		{"workspace twice", func(st *State) { st.Workspaces = append(st.Workspaces, Workspace{ID: 1}) }, "workspace 1"},
		{"workspace 0", func(st *State) { st.Workspaces = append(st.Workspaces, Workspace{}) }, "workspace 0"},
		{"role twice", func(st *State) { st.Roles = append(st.Roles, Role{ID: develop}) }, "role 4"},
		{"role 0", func(st *State) { st.Roles = append(st.Roles, Role{}) }, "role 0"},
		{"kind", func(st *State) { st.Roles = append(st.Roles, Role{ID: 50, Kind: 7}) }, "kind 7"},
		{"built-in role of a workspace", func(st *State) { st.Roles = append(st.Roles, Role{ID: 50, Workspace: 1}) }, "belongs to no workspace"},
		{"custom role of no workspace", func(st *State) { st.Roles = append(st.Roles, Role{ID: 1050, Kind: Custom}) }, "no workspace 0"},
		{"levels without meaning", func(st *State) { st.Roles = append(st.Roles, Role{ID: 50, Levels: 2 << 2}) }, "malformed"},
		{"levels of no module", func(st *State) { st.Roles = append(st.Roles, Role{ID: 50, Levels: 1}) }, "malformed"},
		{"grant twice", func(st *State) { st.Grants = append(st.Grants, st.Grants[0]) }, "grant 1"},
		{"grant 0", func(st *State) { st.Grants[0].ID = 0 }, "grant 0"},
		{"grants far apart, twice", func(st *State) {
			far := st.Grants[0]
			far.ID = 1 << 60
			st.Grants = append(st.Grants, far, far)
		}, "used twice"},
		{"grant of no role", func(st *State) { st.Grants[0].Role = 60 }, "no role 60"},
		{"grant in no workspace", func(st *State) { st.Grants[0].Workspace = 60 }, "no workspace 60"},
		{"grant to nobody", func(st *State) { st.Grants[0].Principal = 60 }, "no principal 60"},
		{"grant of another's role", func(st *State) {
			st.Grants[0].Workspace, st.Grants[0].Role = 2, reader
		}, "belongs to workspace 1"},
		{"member of no workspace", func(st *State) { st.Members = []Member{{60, ann}} }, "no workspace 60"},
		{"member nobody", func(st *State) { st.Members = []Member{{1, 60}} }, "no principal 60"},
		{"member far beyond everybody", func(st *State) { st.Members = []Member{{1, 60_000}} }, "no principal 60000"},
		{"policy", func(st *State) { st.Policy = 9 }, "policy 9"},
	}
	for _, c := range cases {
		st := grantTo(withCustoms(t), develop)
		if _, err := Compile(st); err != nil {
			t.Fatalf("%s: refused before it was spoiled: %v", c.name, err)
		}
		c.spoil(&st)
		if _, err := Compile(st); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error is %v, want %q in it", c.name, err, c.want)
		}
	}
}

func TestCompileTakesIdsFarApart(t *testing.T) {
	st := State{
		Principals: []Principal{{ID: 1}, {ID: 1<<32 - 1}},
		Workspaces: []Workspace{{ID: 1<<32 - 1, Open: true}},
		Roles:      []Role{{ID: 1<<32 - 1, Levels: AllWorkspace(Write)}},
		Grants:     []Grant{{ID: 1<<64 - 1, Workspace: 1<<32 - 1, Principal: 1<<32 - 1, Role: 1<<32 - 1}},
	}
	s := compiled(t, st)
	if !s.Decide(Question{1<<32 - 1, 1<<32 - 1, StreamStudio, Write}) || s.Decide(Question{1, 1<<32 - 1, StreamStudio, Read}) {
		t.Error("ids at the upper end are mixed up")
	}
}

func TestMembersMayRepeat(t *testing.T) {
	st := smallState(t)
	st.Members = []Member{{1, ann}, {1, bob}, {1, ann}}
	if got := compiled(t, st).WhoCan(1, DataStudio, Read); len(got) != 4 {
		t.Errorf("holders: %+v, want both members and both powers once", got)
	}
}

func TestEditsLeaveTheirReceiverAlone(t *testing.T) {
	st := grantTo(withCustoms(t), develop, reader)
	st.Members = []Member{{1, ann}, {1, bob}}
	before := compiled(t, st)
	edits := map[string]struct {
		state State
		check func(*Snapshot) bool
	}{
		"levels": {st.WithRoleLevels(reader, AllWorkspace(Write)), func(s *Snapshot) bool {
			return s.Level(1, ann, HoloStudio) == Write
		}},
		"without role": {st.WithoutRole(develop), func(s *Snapshot) bool {
			_, found := s.Role(develop)
			return !found && s.Level(1, ann, DataStudio) == Read
		}},
		"remove grant": {st.WithGrants(nil, []GrantID{1}), func(s *Snapshot) bool {
			return s.Level(1, ann, DataStudio) == Read && s.IsMember(1, ann)
		}},
		"add grant": {st.WithGrants([]Grant{{Workspace: 1, Principal: bob, Role: visitor}, {Workspace: 1, Principal: bob, Role: admin}}, nil),
			func(s *Snapshot) bool { return s.Administers(1, bob) && len(s.RolesOf(1, bob)) == 2 }},
		"remove member": {st.WithMembers(nil, []Member{{1, ann}}), func(s *Snapshot) bool {
			return !s.IsMember(1, ann) && s.IsMember(1, bob) && len(s.RolesOf(1, ann)) == 0
		}},
		"add member": {st.WithMembers([]Member{{1, carol}}, nil), func(s *Snapshot) bool { return s.Level(1, carol, DataStudio) == Read }},
	}
	for name, edit := range edits {
		if after := compiled(t, edit.state); !edit.check(after) || edit.check(before) {
			t.Errorf("%s: the edit has no effect", name)
		}
	}
	if e := Compare(before, compiled(t, st)); !e.Empty() {
		t.Errorf("edits changed their receiver: %+v", e)
	}
}
