package group_test

import (
	"errors"
	"testing"
	"time"

	"reeve/core/group"
)

// refund is what giving a group up would give back now.
func (s *story) refund(name string) group.Money {
	s.t.Helper()
	e, err := s.groups.PreviewUnsubscribe(s.As("lin"), s.ref(name))
	if err != nil {
		s.t.Fatal(err)
	}
	return -e.Order.Price
}

// The same time is the same money, however long its months are: what has just been bought is given back whole, what is left of it is
// never above what was paid for it, and another size costs what buying it would.
func TestWhatIsGivenBackWasPaid(t *testing.T) {
	for _, began := range []string{"2027-01-31", "2027-02-28", "2027-12-31", "2027-04-15"} {
		for _, renewed := range []int{0, 2} {
			s := open(t)
			at, _ := time.Parse(time.DateOnly, began)
			s.Pass(at.Sub(s.Now()))
			in := form("rg")
			in.Billing, in.Size, in.Duration = group.Subscription, 10, 2
			s.create(in)
			s.Pass(s.terms.Times.Start)
			s.keep()
			s.Pass(-s.terms.Times.Start)
			paid := s.terms.Prices.CUMonth * 10 * group.Money(2+renewed)
			whole := s.refund("rg")
			if renewed > 0 {
				if _, err := s.groups.Renew(s.As("lin"), s.ref("rg"), group.Renewal{Duration: renewed}); err != nil {
					t.Fatal(err)
				}
			}
			if whole != s.terms.Prices.CUMonth*20 || s.refund("rg") > paid || s.refund("rg") < paid*97/100 {
				t.Errorf("bought on %s it gives back %s, and with %d months more %s of %s", began, whole, renewed, s.refund("rg"), paid)
			}
			e, err := s.groups.PreviewScale(s.As("lin"), s.ref("rg"), group.Scaling{Size: 20})
			if err != nil || e.Order.Price.String() != s.refund("rg").String() {
				t.Errorf("bought on %s as much again costs %s, and what is there gives back %s (%v)", began, e.Order.Price, s.refund("rg"), err)
			}
			for last := s.refund("rg"); s.Now().Before(*s.get("rg").ExpiresAt); last = s.refund("rg") {
				s.Pass(71 * time.Hour)
				used := s.Now().Sub(at)
				if now := s.refund("rg"); now > last || used > 32*24*time.Hour && now > paid-s.terms.Prices.CUMonth*10 {
					t.Fatalf("bought on %s and renewed for %d months it gives back %s after %s, and %s before", began, renewed, now, used, last)
				}
			}
			if got := s.refund("rg"); got != 0 {
				t.Errorf("at its end it gives back %s", got)
			}
		}
	}
}

// Whoever renews month by month has as long as whoever buys as many months at once.
func TestRenewingMonthByMonthLosesNoDay(t *testing.T) {
	for _, began := range []string{"2027-01-31", "2027-01-29", "2027-02-28", "2027-10-30", "2028-01-31"} {
		s := open(t)
		at, _ := time.Parse(time.DateOnly, began)
		s.Pass(at.Sub(s.Now()))
		in := form("at_once")
		in.Billing, in.Size, in.Duration = group.Subscription, 10, 5
		s.create(in)
		in.Name, in.Duration = "by_month", 1
		s.create(in)
		in.Name, in.AutoRenew = "by_itself", true
		s.create(in)
		s.Pass(s.terms.Times.Start)
		s.keep()
		for range 4 {
			if _, err := s.groups.Renew(s.As("lin"), s.ref("by_month"), group.Renewal{Duration: 1}); err != nil {
				t.Fatal(err)
			}
		}
		end := *s.get("at_once").ExpiresAt
		if got := *s.get("by_month").ExpiresAt; !got.Equal(end) {
			t.Errorf("bought on %s for one month and renewed four times it ends at %s, and for five at %s", began, got, end)
		}
		s.Pass(end.Add(-s.terms.RenewBefore - time.Hour).Sub(s.Now()))
		s.keep()
		if got := *s.get("by_itself").ExpiresAt; !got.Equal(end) {
			t.Errorf("bought on %s and renewing itself it ends at %s, and for five months at %s", began, got, end)
		}
	}
}

// A renewal was paid, whatever became of the order that it followed: it is neither lost nor charged again.
func TestARenewalOfWhatCouldNotBeMadeIsKept(t *testing.T) {
	s := open(t)
	s.host.provide = errors.New("no room")
	in := form("rg")
	in.Billing, in.Size, in.Duration = group.Subscription, 10, 1
	s.create(in)
	if _, err := s.groups.Renew(s.As("lin"), s.ref("rg"), group.Renewal{Duration: 3}); err != nil {
		t.Fatal(err)
	}
	s.at(s.Now().Add(s.terms.Times.Start))
	month := s.terms.Prices.CUMonth * 10
	if got := s.refund("rg"); s.get("rg").Status != group.CreateFailed || got != 3*month {
		t.Errorf("it is %s and gives back %s, want %s", s.get("rg").Status, got, 3*month)
	}
	e, err := s.groups.PreviewScale(s.As("lin"), s.ref("rg"), group.Scaling{Size: 10})
	if err != nil || e.Order.Price > month || e.Order.Price < month*99/100 {
		t.Errorf("another try costs %s (%v), want hardly less than %s", e.Order.Price, err, month)
	}
	s.Pass(60 * 24 * time.Hour)
	if got := s.refund("rg"); got >= 3*month || got <= 2*month {
		t.Errorf("after two months it gives back %s", got)
	}
}
