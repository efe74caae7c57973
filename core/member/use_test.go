package member_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/use"
	"reeve/storage"
	"reeve/storage/storagetest"
)

func (s story) note(t *testing.T, uses *use.Service, who string) {
	t.Helper()
	if err := uses.Note(s.As(who), s.ref); err != nil {
		t.Fatal(err)
	}
}

func (s story) unused(t *testing.T, days int) string {
	t.Helper()
	all, err := s.members.Dormant(s.As("ann"), s.ref, days)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, d := range all {
		words = append(words, fmt.Sprintf("%s %s %d %v", d.User, strings.TrimPrefix(d.Code, "role_project_"), d.Days, d.LastUsed != nil))
	}
	return strings.Join(words, " | ")
}

// active is when a member was last active, in days before now; -1 for never.
func (s story) active(t *testing.T, user string) int {
	t.Helper()
	page, err := s.members.List(s.As("ann"), s.ref, list.Query{Filter: list.ParseFilter("name:" + user)})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("%+v (%v)", page.Items, err)
	}
	if page.Items[0].Active == nil {
		return -1
	}
	return int(s.Now().Sub(*page.Items[0].Active).Hours() / 24)
}

const day = 24 * time.Hour

func TestUseIsNotedOnceADayAlsoForGroups(t *testing.T) {
	s := open(t, "bob", "cid")
	s.Group("team", "bob")
	s.add(t, "ann", "team", "develop")
	s.add(t, "ann", "cid", "develop")
	store := storage.NewMembers(s.DB, s.Builtins)
	uses := use.New(s.Gate, storage.NewUses(s.DB))
	s.note(t, uses, "bob")
	if s.active(t, "team") != 0 || s.active(t, "cid") != -1 {
		t.Error("bob's use is not that of the team, or is cid's")
	}
	before, err := store.Get(t.Context(), 1, "team")
	if err != nil {
		t.Fatal(err)
	}
	s.Pass(2 * time.Hour)
	s.note(t, uses, "bob")
	s.note(t, use.New(s.Gate, storage.NewUses(s.DB)), "bob") // another process
	if after, err := store.Get(t.Context(), 1, "team"); err != nil || !after.Active.Equal(*before.Active) || after.Version != before.Version {
		t.Errorf("noted twice on one day: %v, then %v (%v)", before.Active, after.Active, err)
	}
	s.Pass(day)
	s.note(t, uses, "bob")
	if s.active(t, "team") != 0 {
		t.Error("the next day is not noted")
	}
	reader := control.Actor{Principal: s.ID("cid"), Name: "cid", ReadOnly: true}
	if err := uses.Note(control.WithActor(t.Context(), reader), s.ref); fault.KindOf(err) != fault.KindDenied || s.active(t, "cid") != -1 {
		t.Errorf("who may only read wrote: %v", err)
	}
	if err := uses.Note(s.As("cid"), control.Ref{Region: storagetest.Home, Workspace: "nowhere"}); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("a use of nothing: %v", err)
	}
}

func TestWhatWasNotUsedForLong(t *testing.T) {
	s := open(t, "bob", "cid", "dan")
	uses := use.New(s.Gate, storage.NewUses(s.DB))
	s.add(t, "ann", "bob", "develop")
	s.add(t, "ann", "cid", "develop")
	s.Pass(10 * day)
	s.note(t, uses, "bob")
	if _, err := s.members.SetRoles(s.As("ann"), s.ref, member.Batch{Users: []string{"bob"}, Roles: []string{"develop", "visitor"}}); err != nil {
		t.Fatal(err)
	}
	s.Pass(89 * day)
	s.add(t, "ann", "dan", "develop")
	s.note(t, uses, "ann")
	if got := s.unused(t, 90); got != "cid dev 99 false" {
		t.Errorf("after 89 days: %s", got)
	}
	s.Pass(2 * day)
	if got := s.unused(t, 90); got != "cid dev 101 false | bob dev 91 true | bob guest 91 true" {
		t.Errorf("after 91 days: %s", got)
	}
	page, err := s.members.List(s.As("ann"), s.ref, list.Query{Filter: list.ParseFilter("unused:90")})
	if err != nil || len(page.Items) != 2 || page.Items[0].Name != "bob" || page.Items[1].Name != "cid" {
		t.Errorf("the list: %+v (%v)", page.Items, err)
	}
	for filter, want := range map[string]int{"!unused:90": 3, "unused:1": 4, "unused:3": 2} {
		if page, err := s.members.List(s.As("ann"), s.ref, list.Query{Filter: list.ParseFilter(filter)}); err != nil || len(page.Items) != want {
			t.Errorf("%s: %d members (%v)", filter, len(page.Items), err)
		}
	}
	// Who was given another role lately may not have had the time to use it, however long they are a member.
	if _, err := s.members.SetRoles(s.As("ann"), s.ref, member.Batch{Users: []string{"cid"}, Roles: []string{"visitor"}}); err != nil {
		t.Fatal(err)
	}
	if page, err := s.members.List(s.As("ann"), s.ref, list.Query{Filter: list.ParseFilter("unused:90 name:cid")}); err != nil || len(page.Items) != 0 || strings.Contains(s.unused(t, 90), "cid") {
		t.Errorf("a role that was just given is unused: %+v (%v)", page.Items, err)
	}
	for _, filter := range []string{"unused:soon", "unused:-1", "unused:99999", "type:robot", "status:gone", "active:soon", "added:2026-02-30"} {
		_, err := s.members.List(s.As("ann"), s.ref, list.Query{Filter: list.ParseFilter(filter)})
		var invalid *fault.Invalid
		if !errors.As(err, &invalid) || invalid.Fields[0].Name != "filter" {
			t.Errorf("%s: %v", filter, err)
		}
	}
	s.note(t, uses, "cid")
	if got := s.unused(t, 90); strings.Contains(got, "cid") {
		t.Errorf("cid came back: %s", got)
	}
	for _, days := range []int{0, -1, member.MaxDays + 1} {
		if _, err := s.members.Dormant(s.As("ann"), s.ref, days); reason(err) != "fault.member.days" {
			t.Errorf("%d days: %v", days, err)
		}
	}
	if _, err := s.members.Dormant(s.As("bob"), s.ref, 90); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("who does not administer: %v", err)
	}
}
