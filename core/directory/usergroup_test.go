package directory_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/policy"
	"reeve/storage"
	"reeve/storage/storagetest"
)

type story struct {
	*storagetest.World
	users    *directory.Service
	policies *policy.Service
}

// open makes a tenant in which fay holds AliyunDataWorksFullAccess and abe AdministratorAccess.
func open(t *testing.T, users ...string) story {
	t.Helper()
	w := storagetest.Open(t)
	w.Users(append([]string{"fay", "abe"}, users...)...)
	s := story{w, directory.New(w.Gate, storage.NewDirectory(w.DB)), policy.New(w.Gate, storage.NewPolicies(w.DB, w.Builtins))}
	s.attach(t, "AliyunDataWorksFullAccess", "fay")
	s.attach(t, "AdministratorAccess", "abe")
	return s
}

func (s story) attach(t *testing.T, name, user string) {
	t.Helper()
	if _, err := s.policies.Attach(s.As(storagetest.Owner), name, policy.Batch{Users: []string{user}}); err != nil {
		t.Fatal(err)
	}
}

// reason is the id of the first thing that is wrong.
func reason(err error) string {
	var invalid *fault.Invalid
	var f fault.Fault
	switch {
	case errors.As(err, &invalid):
		return invalid.Fields[0].Text.ID
	case errors.As(err, &f):
		return f.Text().ID
	}
	return ""
}

func (s story) user(t *testing.T, name string) directory.User {
	t.Helper()
	page, err := s.users.List(s.As(storagetest.Owner), list.Query{Filter: list.ParseFilter("name:" + name)})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("%s: %+v %v", name, page.Items, err)
	}
	return page.Items[0]
}

func TestFullAccessFromTheBeginningIsAnAttachment(t *testing.T) {
	s := open(t)
	for by, want := range map[string]string{"fay": "denied.power", "abe": "", storagetest.Owner: ""} {
		_, err := s.users.Add(s.As(by), directory.Add{Names: []string{"new_" + by}, FullAccess: true})
		if got := reason(err); got != want {
			t.Errorf("by %s: %q, want %q", by, got, want)
		}
	}
	if u := s.user(t, "new_abe"); !u.FullAccess {
		t.Errorf("added as %+v", u)
	}
	attached, err := s.policies.AttachedTo(s.As(storagetest.Owner), "new_abe")
	if err != nil || len(attached) != 1 || attached[0].Name != "AliyunDataWorksFullAccess" || attached[0].By != "abe" || attached[0].Until != nil {
		t.Errorf("attached is %+v %v", attached, err)
	}
	if _, err := s.users.Add(s.As("fay"), directory.Add{Names: []string{"plain"}}); err != nil || s.user(t, "plain").FullAccess {
		t.Errorf("a plain user added by a holder of FullAccess: %v", err)
	}
}

func TestGroupsAreMadeAndFilled(t *testing.T) {
	s := open(t, "zoe", "max")
	made, err := s.users.AddGroup(s.As("fay"), []string{"analysts", "crew"})
	if err != nil || len(made) != 2 || made[0].Name != "analysts" || made[0].Version != 1 {
		t.Fatalf("made %+v %v", made, err)
	}
	for name, c := range map[string]struct {
		names []string
		want  string
	}{"none": {nil, "fault.text.empty"}, "taken": {[]string{"CREW"}, "fault.user.taken"}, "taken by a user": {[]string{"zoe"}, "fault.user.taken"}, "form": {[]string{"a b"}, "fault.user.name"}} {
		if _, err := s.users.AddGroup(s.As("fay"), c.names); reason(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	g, err := s.users.SetGroupMembers(s.As("fay"), directory.GroupMembers{Group: "Analysts", Add: []string{"zoe", "max", "zoe"}, Version: 1})
	if err != nil || !slices.Equal(g.Members, []string{"max", "zoe"}) || g.Version != 2 {
		t.Errorf("filled %+v %v", g, err)
	}
	for name, c := range map[string]struct {
		in   directory.GroupMembers
		want string
	}{
		"nobody":      {directory.GroupMembers{Group: "analysts"}, "fault.member.nobody"},
		"unknown":     {directory.GroupMembers{Group: "analysts", Add: []string{"who"}}, "fault.user.unknown"},
		"a group":     {directory.GroupMembers{Group: "analysts", Add: []string{"crew"}}, "fault.user_group.kind"},
		"the account": {directory.GroupMembers{Group: "analysts", Add: []string{storagetest.Owner}}, "fault.user_group.kind"},
		"in and out":  {directory.GroupMembers{Group: "analysts", Add: []string{"max"}, Remove: []string{"Max"}}, "fault.user_group.both"},
		"no group":    {directory.GroupMembers{Group: "zoe", Add: []string{"max"}}, "fault.not_found"},
		"stale":       {directory.GroupMembers{Group: "analysts", Remove: []string{"max"}, Version: 1}, "fault.conflict"},
	} {
		if _, err := s.users.SetGroupMembers(s.As("fay"), c.in); reason(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if u := s.user(t, "zoe"); !slices.Equal(u.Groups, []string{"analysts"}) {
		t.Errorf("zoe is in %v", u.Groups)
	}
	page, err := s.users.Groups(s.As("zoe"), list.Query{Count: true})
	if err != nil || page.Total != 2 {
		t.Errorf("listed %+v %v", page, err)
	}
	if _, err := s.users.AddGroup(s.As("zoe"), []string{"mine"}); reason(err) != "denied.full_access" {
		t.Errorf("a group made by anybody: %v", err)
	}
}

func TestAGroupWithPoliciesIsNotADoorToPower(t *testing.T) {
	s := open(t, "zoe")
	if _, err := s.users.AddGroup(s.As("fay"), []string{"admins", "barred"}); err != nil {
		t.Fatal(err)
	}
	s.attach(t, "AdministratorAccess", "admins")
	for by, want := range map[string]string{"fay": "denied.power", "abe": "", storagetest.Owner: ""} {
		_, err := s.users.SetGroupMembers(s.As(by), directory.GroupMembers{Group: "admins", Add: []string{"zoe"}})
		if got := reason(err); got != want {
			t.Errorf("by %s: %q, want %q", by, got, want)
		}
	}
	// zoe is equal to the account now, through the group, and leaving it takes that away.
	leave := directory.GroupMembers{Group: "admins", Remove: []string{"zoe"}}
	if _, err := s.users.SetGroupMembers(s.As("zoe"), leave); reason(err) != "fault.own.loss" {
		t.Errorf("losing one's own rights unasked: %v", err)
	}
	leave.OwnLoss = true
	if _, err := s.users.SetGroupMembers(s.As("zoe"), leave); err != nil {
		t.Error(err)
	}
	if _, err := s.users.SetGroupMembers(s.As("zoe"), leave); reason(err) != "denied.full_access" {
		t.Errorf("after that: %v", err)
	}
}

func TestAPreviewOfAGroupIsWhatThenHappens(t *testing.T) {
	s := open(t, "zoe", "max")
	if _, err := s.users.AddGroup(s.As("fay"), []string{"analysts"}); err != nil {
		t.Fatal(err)
	}
	ref := s.Workspace("sales", "max")
	members := member.New(s.Gate, storage.NewMembers(s.DB, s.Builtins))
	until := s.Now().Add(time.Hour)
	if _, err := members.Add(s.As("max"), ref, member.Batch{Users: []string{"analysts"}, Roles: []string{"develop"}, Until: until}); err != nil {
		t.Fatal(err)
	}
	in := directory.GroupMembers{Group: "analysts", Add: []string{"zoe"}}
	out, err := s.users.PreviewSetGroupMembers(s.As("fay"), in)
	if err != nil || out.Effect.Empty() {
		t.Fatalf("the preview tells %+v %v", out.Effect, err)
	}
	zoe := s.ID("zoe")
	if before, after := out.Before.RolesOf(1, zoe), out.After.RolesOf(1, zoe); len(before) != 0 || len(after) != 1 {
		t.Errorf("before %v, after %v", before, after)
	}
	if g, err := s.users.Groups(s.As("fay"), list.Query{}); err != nil || len(g.Items[0].Members) != 0 {
		t.Errorf("a preview put somebody in: %+v %v", g, err)
	}
	if _, err := s.users.SetGroupMembers(s.As("fay"), in); err != nil {
		t.Fatal(err)
	}
	for passed, want := range map[time.Duration]bool{0: true, time.Hour: false} {
		if got := s.develops(t, ref, until.Add(passed-time.Hour)); got != want {
			t.Errorf("%v later zoe may write: %v", passed, got)
		}
	}
}

// develops says whether zoe may write in DataStudio at a time.
func (s story) develops(t *testing.T, ref control.Ref, at time.Time) bool {
	t.Helper()
	place, err := storage.NewPlaces(s.DB).Place(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	state, err := s.Gate.AccessState(t.Context(), control.Scope{Workspace: place.Workspace, Principal: s.ID("zoe")})
	if err != nil {
		t.Fatal(err)
	}
	state.Now = at.Unix()
	snap, err := access.Compile(state)
	if err != nil {
		t.Fatal(err)
	}
	return snap.Decide(access.Question{Principal: s.ID("zoe"), Workspace: place.Workspace, Module: access.DataStudio, Level: access.Write})
}
