package member_test

import (
	"errors"
	"fmt"
	"testing"

	"reeve/core/fault"
	"reeve/core/member"
	"reeve/core/use"
	"reeve/storage"
)

// started is a story with a review about roles of bob and cid that nobody used for 90 days: 1 and 2 of bob, 3 of cid.
func started(t *testing.T) (story, member.Review) {
	t.Helper()
	s := open(t, "bob", "cid")
	s.add(t, "ann", "bob", "develop", "visitor")
	s.add(t, "ann", "cid", "develop")
	s.Pass(100 * day)
	s.note(t, use.New(s.Gate, storage.NewUses(s.DB)), "ann")
	r, err := s.members.StartReview(s.As("ann"), s.ref, 90)
	if err != nil || len(r.Found) != 3 || r.Open != 3 || !r.Found[0].Held || r.Found[0].UsedSince != nil {
		t.Fatalf("started %+v (%v)", r, err)
	}
	return s, r
}

// decide returns the ids of what is wrong with decisions, with whom it names.
func (s story) decide(in ...member.Verdict) string {
	_, err := s.members.DecideReview(s.As("ann"), s.ref, 1, in, false)
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) {
		return fmt.Sprint(err)
	}
	said := ""
	for _, f := range invalid.Fields {
		said += fmt.Sprint(f.Text.ID, " ", f.Text.Args["Number"], " ", f.Text.Args["Name"], "; ")
	}
	return said
}

func TestWhatIsNoLongerHeldIsNotDecidedAbout(t *testing.T) {
	s, _ := started(t)
	if _, err := s.members.SetRoles(s.As("ann"), s.ref, member.Batch{Users: []string{"bob"}, Roles: []string{"visitor"}}); err != nil {
		t.Fatal(err)
	}
	// A role that is given anew is not what the review found.
	for _, roles := range [][]string{{"visitor"}, {"develop"}} {
		s.Pass(day)
		if _, err := s.members.SetRoles(s.As("ann"), s.ref, member.Batch{Users: []string{"cid"}, Roles: roles}); err != nil {
			t.Fatal(err)
		}
	}
	r, err := s.members.Review(s.As("ann"), s.ref, 1)
	if err != nil || r.Open != 1 || r.Found[0].Held || !r.Found[1].Held || r.Found[2].Held {
		t.Errorf("the review is %+v (%v)", r, err)
	}
	for _, decision := range []member.Decision{member.Keep, member.RemoveIt, member.KeepsUntil} {
		v := member.Verdict{Number: 1, Decision: decision, Until: s.Now().Add(9 * day)}
		other := v
		other.Number = 3
		if got := s.decide(v, other); got != "fault.review.gone 1 bob; fault.review.gone 3 cid; " {
			t.Errorf("%s: %s", decision, got)
		}
	}
	if got := s.decide(member.Verdict{Decision: member.Keep}); got != "<nil>" {
		t.Errorf("all that is open: %s", got)
	}
	r, err = s.members.Review(s.As("ann"), s.ref, 1)
	if err != nil || r.Open != 0 || r.Found[0].Decision != "" || r.Found[1].Decision != member.Keep || r.Found[2].Decision != "" {
		t.Errorf("the review is %+v (%v)", r, err)
	}
}

func TestAMemberWithoutARoleWhoWasGivenOneIsNotDecidedAbout(t *testing.T) {
	s := open(t, "bob")
	if _, err := s.members.Add(s.As("ann"), s.ref, member.Batch{Users: []string{"bob"}, NoRoles: true}); err != nil {
		t.Fatal(err)
	}
	s.Pass(100 * day)
	s.note(t, use.New(s.Gate, storage.NewUses(s.DB)), "ann")
	if _, err := s.members.StartReview(s.As("ann"), s.ref, 90); err != nil {
		t.Fatal(err)
	}
	if _, err := s.members.SetRoles(s.As("ann"), s.ref, member.Batch{Users: []string{"bob"}, Roles: []string{"develop"}}); err != nil {
		t.Fatal(err)
	}
	if got := s.decide(member.Verdict{Number: 1, Decision: member.RemoveIt}); got != "fault.review.gone_member 1 bob; " {
		t.Error(got)
	}
}

func TestWhatWasUsedSinceTheReviewBeganIsTakenAwayOnlyWhenItIsSaid(t *testing.T) {
	s, _ := started(t)
	s.Pass(day)
	s.note(t, use.New(s.Gate, storage.NewUses(s.DB)), "bob")
	r, err := s.members.Review(s.As("ann"), s.ref, 1)
	if err != nil || r.Found[0].UsedSince == nil || !r.Found[0].UsedSince.Equal(s.Now()) || r.Found[0].LastUsed != nil || r.Found[2].UsedSince != nil {
		t.Fatalf("the review is %+v (%v)", r, err)
	}
	for want, in := range map[string][]member.Verdict{
		"fault.review.used 1 bob; ":                          {{Number: 1, Decision: member.RemoveIt}, {Number: 3, Decision: member.RemoveIt}},
		"fault.review.used 1 bob; fault.review.used 2 bob; ": {{Decision: member.RemoveIt}},
		"fault.review.used 2 bob; ":                          {{Number: 1, Decision: member.Keep}, {Decision: member.RemoveIt}},
	} {
		if got := s.decide(in...); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := s.decide(member.Verdict{Number: 1, Decision: member.RemoveIt, Used: true}, member.Verdict{Decision: member.Keep}); got != "<nil>" {
		t.Errorf("said: %s", got)
	}
}
