package member_test

import (
	"errors"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/role"
	"reeve/core/tenant"
	"reeve/storage"
	"reeve/storage/storagetest"
)

type story struct {
	*storagetest.World
	members *member.Service
	roles   *role.Service
	ref     control.Ref
}

// open makes a workspace that ann administers.
func open(t *testing.T, users ...string) story {
	t.Helper()
	w := storagetest.Open(t)
	w.Users(append([]string{"ann"}, users...)...)
	return story{w, member.New(w.Gate, storage.NewMembers(w.DB, w.Builtins)), role.New(w.Gate, storage.NewRoles(w.DB, w.Builtins)),
		w.Workspace("sales", "ann")}
}

func (s story) add(t *testing.T, by, user string, roles ...string) {
	t.Helper()
	if _, err := s.members.Add(s.As(by), s.ref, member.Batch{Users: []string{user}, Roles: roles}); err != nil {
		t.Fatal(err)
	}
}

func (s story) strict(t *testing.T) {
	t.Helper()
	rules := tenant.New(s.Gate, storage.NewTenants(s.DB), func(string) error { return nil }, nil)
	if _, err := rules.SetRule(s.As(storagetest.Owner), tenant.Strict); err != nil {
		t.Fatal(err)
	}
}

func (s story) held(t *testing.T, user string) []member.Held {
	t.Helper()
	page, err := s.members.List(s.As("ann"), s.ref, list.Query{Filter: list.ParseFilter("name:" + user)})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("members %+v (%v)", page.Items, err)
	}
	return page.Items[0].Roles
}

func reason(err error) string {
	var invalid *fault.Invalid
	if errors.As(err, &invalid) {
		return invalid.Fields[0].Text.ID
	}
	var f fault.Fault
	if !errors.As(err, &f) {
		return ""
	}
	return f.Text().ID
}

func TestARoleEndsByItself(t *testing.T) {
	s := open(t, "bob")
	until := s.Now().Add(time.Hour)
	in := member.Batch{Users: []string{"bob"}, Roles: []string{"develop"}, Until: until}
	if _, err := s.members.Add(s.As("ann"), s.ref, in); err != nil {
		t.Fatal(err)
	}
	if held := s.held(t, "bob"); len(held) != 1 || held[0].Until == nil || !held[0].Until.Equal(until) {
		t.Fatalf("bob holds %+v", held)
	}
	ending, err := s.members.Ending(s.As("ann"), s.ref, time.Hour)
	if err != nil || len(ending) != 1 || ending[0].User != "bob" || !ending[0].Until.Equal(until) {
		t.Errorf("ending soon: %+v (%v)", ending, err)
	}
	if own, err := s.members.EndingOwn(s.As("bob"), 2*time.Hour); err != nil || len(own) != 1 || own[0].WorkspaceName != "sales" {
		t.Errorf("bob's own that end soon: %+v (%v)", own, err)
	}
	if none, err := s.members.Ending(s.As("ann"), s.ref, time.Minute); err != nil || len(none) != 0 {
		t.Errorf("ending within a minute: %+v (%v)", none, err)
	}
	s.Pass(time.Hour)
	if held := s.held(t, "bob"); len(held) != 0 {
		t.Errorf("bob still holds %+v", held)
	}
}

func TestTheSameRolesUntilAnotherTime(t *testing.T) {
	s := open(t, "bob")
	s.add(t, "ann", "bob", "develop", "o&m")
	until := s.Now().Add(time.Hour)
	for _, c := range []struct {
		in          member.Batch
		develop, om *time.Time
	}{
		{member.Batch{Until: until}, &until, &until},
		{member.Batch{Until: until, Ends: map[string]time.Time{"o&m": {}}}, &until, nil},
		{member.Batch{}, nil, nil},
	} {
		c.in.Users, c.in.Roles = []string{"bob"}, []string{"develop", "o&m"}
		if _, err := s.members.SetRoles(s.As("ann"), s.ref, c.in); err != nil {
			t.Fatal(err)
		}
		held := s.held(t, "bob")
		if len(held) != 2 || !same(held[0].Until, c.develop) || !same(held[1].Until, c.om) {
			t.Errorf("bob holds %+v, want until %v and %v", held, c.develop, c.om)
		}
	}
}

func same(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}

func TestAnEndLiesInTheFuture(t *testing.T) {
	s := open(t, "bob")
	for _, until := range []time.Time{s.Now(), s.Now().Add(-time.Hour), s.Now().AddDate(9000, 0, 0)} {
		in := member.Batch{Users: []string{"bob"}, Roles: []string{"develop"}, Until: until}
		if _, err := s.members.Add(s.As("ann"), s.ref, in); reason(err) != "fault.until.past" {
			t.Errorf("a role until %v: %v", until, err)
		}
	}
}

func TestTheLastAdministratorStaysAlsoInTime(t *testing.T) {
	s := open(t, "bob")
	admin := member.Batch{Users: []string{"ann"}, Roles: []string{"workspace administrator"}, Until: s.Now().Add(time.Hour), OwnLoss: true}
	if _, err := s.members.SetRoles(s.As("ann"), s.ref, admin); reason(err) != "fault.member.last_admin" {
		t.Errorf("the last administrator ends: %v", err)
	}
	if _, err := s.members.Remove(s.As(storagetest.Owner), s.ref, member.Removal{Users: []string{"ann"}}); reason(err) != "fault.member.last_admin" {
		t.Errorf("the last administrator was removed: %v", err)
	}
	admin.Users, admin.OwnLoss = []string{"bob"}, false
	if _, err := s.members.Add(s.As("ann"), s.ref, admin); err != nil {
		t.Fatal(err)
	}
	if _, err := s.members.Remove(s.As(storagetest.Owner), s.ref, member.Removal{Users: []string{"ann"}}); reason(err) != "fault.member.last_admin" {
		t.Errorf("only an administrator who ends would be left: %v", err)
	}
	admin.Until = s.Now().Add(2 * time.Hour)
	if _, err := s.members.SetRoles(s.As("ann"), s.ref, admin); err != nil {
		t.Errorf("an administrator who ends cannot be extended: %v", err)
	}
}

func TestWhoTakesOwnRightsAwaySaysSo(t *testing.T) {
	s := open(t, "bob")
	s.add(t, "ann", "bob", "workspace administrator")
	out := member.Removal{Users: []string{"bob"}}
	down := member.Batch{Users: []string{"bob"}, Roles: []string{"visitor"}}
	if _, err := s.members.Remove(s.As("bob"), s.ref, out); reason(err) != "fault.own.loss" {
		t.Errorf("bob removed himself: %v", err)
	}
	if _, err := s.members.SetRoles(s.As("bob"), s.ref, down); reason(err) != "fault.own.loss" {
		t.Errorf("bob took his administration away: %v", err)
	}
	if o, err := s.members.PreviewSetRoles(s.As("bob"), s.ref, down); err != nil || len(o.Effect.AdminLosses) != 1 {
		t.Errorf("the preview does not tell: %+v (%v)", o.Effect, err)
	}
	if _, err := s.members.SetRoles(s.As("ann"), s.ref, down); err != nil {
		t.Errorf("ann may not do it to him: %v", err)
	}
}

func TestNobodyClimbs(t *testing.T) {
	s := open(t, "bob")
	none := access.AllWorkspace(access.Write).With(access.DataStudio, access.None)
	if _, err := s.roles.Create(s.As("ann"), s.ref, "No Studio", none); err != nil {
		t.Fatal(err)
	}
	if _, err := s.members.SetRoles(s.As(storagetest.Owner), s.ref,
		member.Batch{Users: []string{"ann"}, Roles: []string{"workspace administrator", "No Studio"}}); err != nil {
		t.Fatal(err)
	}
	s.strict(t)
	up := member.Batch{Users: []string{"ann"}, Roles: []string{"workspace administrator"}}
	if _, err := s.members.SetRoles(s.As("ann"), s.ref, up); reason(err) != "fault.own.raise" {
		t.Errorf("ann shed the role that keeps her out: %v", err)
	}
	edit := role.Edit{Levels: map[access.Module]access.Level{access.DataStudio: access.Write}}
	if _, err := s.roles.Set(s.As("ann"), s.ref, "No Studio", edit); reason(err) != "fault.own.raise" {
		t.Errorf("ann edited the role that keeps her out: %v", err)
	}
	if _, err := s.roles.Delete(s.As("ann"), s.ref, "No Studio", role.Removal{TakeAway: true}); reason(err) != "fault.own.raise" {
		t.Errorf("ann deleted the role that keeps her out: %v", err)
	}
	give := member.Batch{Users: []string{"bob"}, Roles: []string{"develop"}}
	if _, err := s.members.Add(s.As("ann"), s.ref, give); reason(err) != "fault.own.exceeds" {
		t.Errorf("ann handed out more than she holds: %v", err)
	}
	give.Roles = []string{"visitor"}
	if _, err := s.members.Add(s.As("ann"), s.ref, give); reason(err) != "fault.own.exceeds" {
		t.Errorf("reading DataStudio is more than nothing: %v", err)
	}
	held, low := access.AllWorkspace(access.Read).With(access.DataStudio, access.None), map[access.Module]access.Level{access.DataStudio: access.Read}
	if _, err := s.roles.Create(s.As("ann"), s.ref, "Reader", held); err != nil {
		t.Fatal(err)
	}
	if _, err := s.roles.Set(s.As("ann"), s.ref, "Reader", role.Edit{Levels: low}); err != nil {
		t.Errorf("a role that nobody holds cannot be edited: %v", err)
	}
	if _, err := s.members.Add(s.As(storagetest.Owner), s.ref, member.Batch{Users: []string{"bob"}, Roles: []string{"Reader"}}); err != nil {
		t.Fatal(err)
	}
	low[access.DataStudio] = access.Write
	if _, err := s.roles.Set(s.As("ann"), s.ref, "Reader", role.Edit{Levels: low}); reason(err) != "fault.own.exceeds" {
		t.Errorf("ann gave bob more than she holds by an edit: %v", err)
	}
	low[access.DataStudio] = access.None
	if _, err := s.roles.Set(s.As("ann"), s.ref, "Reader", role.Edit{Levels: low}); err != nil {
		t.Errorf("an edit that only takes away was refused: %v", err)
	}
	if _, err := s.members.SetRoles(s.As(storagetest.Owner), s.ref, up); err != nil {
		t.Errorf("the account may not: %v", err)
	}
}

func TestAnEditThatTakesOwnRightsAwayIsMeant(t *testing.T) {
	s := open(t)
	if _, err := s.roles.Create(s.As("ann"), s.ref, "Extra", access.AllWorkspace(access.Write)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.members.SetRoles(s.As("ann"), s.ref, member.Batch{Users: []string{"ann"}, Roles: []string{"workspace administrator", "Extra"}}); err != nil {
		t.Fatal(err)
	}
	edit := role.Edit{Levels: map[access.Module]access.Level{access.DataQuality: access.None}}
	if _, err := s.roles.PreviewSet(s.As("ann"), s.ref, "Extra", edit); err != nil {
		t.Errorf("the preview was refused: %v", err)
	}
	s.strict(t)
	if _, err := s.roles.Set(s.As("ann"), s.ref, "Extra", edit); reason(err) != "fault.own.loss" {
		t.Errorf("ann lost Data Quality without saying so: %v", err)
	}
	edit.OwnLoss = true
	if _, err := s.roles.Set(s.As("ann"), s.ref, "Extra", edit); err != nil {
		t.Errorf("refused although it was meant: %v", err)
	}
}

func TestAGrantThroughAGroupIsOneOfOnesOwn(t *testing.T) {
	s := open(t, "bob")
	s.add(t, "ann", "bob", "workspace administrator")
	s.Group("ops", "bob")
	if _, err := s.members.Add(s.As("ann"), s.ref, member.Batch{Users: []string{"ops"}, Roles: []string{"workspace administrator"}}); err != nil {
		t.Fatal(err)
	}
	// What he holds through the group is left, so that nothing of his own is lost.
	if _, err := s.members.SetRoles(s.As("bob"), s.ref, member.Batch{Users: []string{"bob"}, Roles: []string{"visitor"}}); err != nil {
		t.Errorf("refused: %v", err)
	}
	if _, err := s.members.Remove(s.As("bob"), s.ref, member.Removal{Users: []string{"ops"}}); reason(err) != "fault.own.loss" {
		t.Errorf("bob took away what he holds through a group: %v", err)
	}
}
