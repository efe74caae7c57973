package member_test

import (
	"slices"
	"testing"
	"time"

	"reeve/core/member"
)

// holds writes down what somebody holds: role_project_dev, or role_project_dev until 2026-03-02.
func (s story) holds(t *testing.T, user string) []string {
	t.Helper()
	var all []string
	for _, h := range s.held(t, user) {
		line := h.Code
		if h.Until != nil {
			line += " until " + h.Until.Format(time.DateOnly)
		}
		all = append(all, line)
	}
	slices.Sort(all)
	return all
}

func TestRolesOfSeveralBesidesWhatTheyHold(t *testing.T) {
	s := open(t, "bob", "cid")
	s.add(t, "ann", "bob", "develop")
	s.add(t, "ann", "cid", "develop", "visitor")
	until := s.Now().AddDate(0, 0, 30)
	both := []string{"bob", "CID "}
	after, err := s.members.SetRoles(s.As("ann"), s.ref, member.Batch{Users: both, Roles: []string{"visitor"}, Until: until, Besides: true})
	if err != nil || len(after) != 2 || after[0].Name != "bob" || after[1].Name != "cid" {
		t.Fatalf("changed %+v (%v)", after, err)
	}
	end := " until " + until.Format(time.DateOnly)
	want := []string{"role_project_dev", "role_project_guest" + end}
	if bob, cid := s.holds(t, "bob"), s.holds(t, "cid"); !slices.Equal(bob, want) || !slices.Equal(cid, want) {
		t.Errorf("bob holds %v, cid %v", bob, cid)
	}
	// Roles held already keep their ends, and those not named go.
	if _, err := s.members.SetRoles(s.As("ann"), s.ref, member.Batch{Users: both, Roles: []string{"visitor", "deploy"}, KeepEnds: true}); err != nil {
		t.Fatal(err)
	}
	want = []string{"role_project_deploy", "role_project_guest" + end}
	if bob := s.holds(t, "bob"); !slices.Equal(bob, want) {
		t.Errorf("bob holds %v", bob)
	}
	// To be given an end besides other roles may still leave nobody who administers.
	_, err = s.members.SetRoles(s.As("ann"), s.ref, member.Batch{Users: []string{"ann"}, Roles: []string{"workspace administrator"}, Until: until, Besides: true, OwnLoss: true})
	if reason(err) != "fault.member.last_admin" {
		t.Errorf("the last administrator is given an end: %v", err)
	}
}

func TestABatchNamesWhoIsUnknown(t *testing.T) {
	s := open(t, "bob", "cid")
	s.add(t, "ann", "bob", "develop")
	for _, users := range [][]string{{"bob", "cid"}, {"cid", "bob"}} {
		if _, err := s.members.SetRoles(s.As("ann"), s.ref, member.Batch{Users: users, Roles: []string{"visitor"}}); reason(err) != "fault.not_found" {
			t.Errorf("the roles of %v: %v is %s", users, err, reason(err))
		}
		if _, err := s.members.Remove(s.As("ann"), s.ref, member.Removal{Users: users}); reason(err) != "fault.not_found" {
			t.Errorf("removing %v: %v", users, err)
		}
	}
	if bob := s.holds(t, "bob"); !slices.Equal(bob, []string{"role_project_dev"}) {
		t.Errorf("bob holds %v", bob)
	}
}
