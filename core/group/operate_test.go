package group_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"reeve/core/fault"
	"reeve/core/group"
	"reeve/storage/storagetest"
)

const day = 24 * time.Hour

// subscribed is a subscription that runs.
func (s *story) subscribed(name string, size, months int, auto bool) group.Group {
	s.t.Helper()
	in := form(name)
	in.Billing, in.Size, in.Duration, in.AutoRenew = group.Subscription, size, months, auto
	s.create(in)
	return s.serving(name)
}

// asUsed is a group that is paid as it is used and runs.
func (s *story) asUsed(name string) group.Group {
	s.t.Helper()
	s.create(form(name))
	return s.serving(name)
}

func (s *story) serving(name string) group.Group {
	s.t.Helper()
	s.Pass(s.terms.Times.Start)
	s.keep()
	return s.get(name)
}

// at moves the clock to a time and lets what is due happen.
func (s *story) at(t time.Time) {
	s.t.Helper()
	s.Pass(t.Sub(s.Now()))
	s.keep()
}

func (s *story) orders(name string) []group.Order {
	s.t.Helper()
	orders, err := s.groups.Orders(s.As("lin"), s.ref(name))
	if err != nil {
		s.t.Fatal(err)
	}
	return orders
}

func fieldsOf(err error) (names []string) {
	var invalid *fault.Invalid
	if errors.As(err, &invalid) {
		for _, f := range invalid.Fields {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return names
}

func TestWhatIsNotUsedIsFrozenAfterSevenDays(t *testing.T) {
	s := open(t)
	g := s.asUsed("rg_dev")
	s.subscribed("rg_prod", 4, 2, false)
	freezes := g.UsedAt.Add(7 * day)
	s.at(freezes.Add(-time.Second))
	if got := s.get("rg_dev").Status; got != group.Running {
		t.Errorf("a second before it is %s", got)
	}
	s.at(freezes)
	if got := s.get("rg_dev").Status; got != group.Frozen {
		t.Errorf("after seven days it is %s", got)
	}
	if got := s.get("rg_prod").Status; got != group.Running {
		t.Errorf("a subscription is %s", got)
	}
	if _, err := s.groups.Start(s.As("lin"), s.ref("rg_dev"), 0); err != nil {
		t.Fatal(err)
	}
	if g = s.serving("rg_dev"); g.Status != group.Running || !g.UsedAt.Equal(s.Now()) {
		t.Errorf("started again it is %+v", g)
	}
	s.at(s.Now().Add(6 * day))
	if got := s.get("rg_dev").Status; got != group.Running {
		t.Errorf("six days after it was started it is %s", got)
	}
}

func TestASubscriptionRemindsEndsAndIsReleased(t *testing.T) {
	s := open(t)
	g := s.subscribed("rg_prod", 4, 1, false)
	ends := *g.ExpiresAt
	for _, days := range s.terms.Sites[s.terms.Site].ReminderDays {
		due := ends.AddDate(0, 0, -days)
		s.at(due.Add(-time.Second))
		if g = s.get("rg_prod"); g.RemindedAt != nil && !g.RemindedAt.Before(due) {
			t.Errorf("reminded of %d days too early", days)
		}
		s.at(due)
		if g = s.get("rg_prod"); g.RemindedAt == nil || !g.RemindedAt.Equal(due) {
			t.Errorf("%d days before the end: reminded %v, want %v", days, g.RemindedAt, due)
		}
	}
	s.at(ends.Add(-time.Second))
	if g = s.get("rg_prod"); g.Status != group.Running {
		t.Errorf("before its end it is %s", g.Status)
	}
	s.at(ends)
	if g = s.get("rg_prod"); g.Status != group.Expired || !g.ReleaseAt.Equal(ends.Add(15*day)) {
		t.Errorf("at its end it is %+v", g)
	}
	s.at(ends.Add(15*day + s.terms.Times.Release))
	if _, err := s.groups.Get(s.As("lin"), s.ref("rg_prod")); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("after the grace it is still there: %v", err)
	}
}

func TestAfterAWeekOfBeingOffAllStandsAsIfItHadNotBeen(t *testing.T) {
	apart, once := open(t), open(t)
	for _, s := range []*story{apart, once} {
		s.subscribed("rg_prod", 4, 1, false)
		s.subscribed("rg_auto", 4, 1, true)
		s.asUsed("rg_dev")
	}
	end := apart.Now().AddDate(0, 0, 40)
	for apart.Now().Before(end) {
		apart.at(apart.Now().Add(13 * time.Hour))
	}
	once.at(apart.Now())
	for _, name := range []string{"rg_prod", "rg_auto", "rg_dev"} {
		a, b := apart.get(name), once.get(name)
		if a.Status != b.Status || a.Version != b.Version || !sameTime(a.ExpiresAt, b.ExpiresAt) || !sameTime(a.ReleaseAt, b.ReleaseAt) || !sameTime(a.RemindedAt, b.RemindedAt) {
			t.Errorf("moved step by step %s is\n%+v\nmoved at once\n%+v", name, a, b)
		}
	}
	if g := once.get("rg_auto"); g.Status != group.Running || g.ExpiresAt.Before(once.Now()) {
		t.Errorf("what renews itself is %+v", g)
	}
	if orders := once.orders("rg_auto"); len(orders) != 2 || orders[0].Kind != group.OrderRenew || orders[0].By != "keeper" || orders[0].State != group.OrderDone {
		t.Errorf("its orders are %+v", orders)
	}
}

func sameTime(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}

func TestRenewing(t *testing.T) {
	s := open(t)
	g := s.subscribed("rg_prod", 10, 1, false)
	e, err := s.groups.PreviewRenew(s.As("lin"), s.ref("rg_prod"), group.Renewal{Duration: 1, Unit: group.Year})
	if err != nil || e.Order == nil || e.Order.Price != s.terms.Prices.CUMonth*120 || !e.After.ExpiresAt.Equal(g.ExpiresAt.AddDate(1, 0, 0)) {
		t.Errorf("a year costs %+v %v", e.Order, err)
	}
	if got := s.get("rg_prod"); got.Version != g.Version || len(s.orders("rg_prod")) != 1 {
		t.Error("the preview left something behind")
	}
	s.at(g.ExpiresAt.Add(3 * day))
	if e, err = s.groups.Renew(s.As("lin"), s.ref("rg_prod"), group.Renewal{}); err != nil || e.After.Status != group.Running || e.After.ReleaseAt != nil {
		t.Fatalf("renewed %+v %v", e.After, err)
	}
	if !e.After.ExpiresAt.Equal(s.Now().AddDate(0, 1, 0)) {
		t.Errorf("it ends %s", e.After.ExpiresAt)
	}
	if _, err := s.groups.Renew(s.As("lin"), s.ref("rg_prod"), group.Renewal{Duration: -1, Unit: "week"}); !slices.Equal(fieldsOf(err), []string{"unit"}) {
		t.Errorf("odd units: %v", err)
	}
	s.asUsed("rg_dev")
	if _, err := s.groups.Renew(s.As("lin"), s.ref("rg_dev"), group.Renewal{}); reason(err) != "fault.group.billing_only" {
		t.Errorf("what is paid as used: %v", err)
	}
}

func TestScalingTakesEffectWhenItIsDone(t *testing.T) {
	s := open(t)
	g := s.subscribed("rg_prod", 10, 1, false)
	if _, err := s.groups.Scale(s.As("lin"), s.ref("rg_prod"), group.Scaling{Size: 10}); reason(err) != "fault.group.size.same" {
		t.Errorf("the same size: %v", err)
	}
	if _, err := s.groups.Scale(s.As("lin"), s.ref("rg_prod"), group.Scaling{Size: 1}); reason(err) != "fault.group.span" {
		t.Errorf("too small: %v", err)
	}
	e, err := s.groups.Scale(s.As("lin"), s.ref("rg_prod"), group.Scaling{Size: 20, Version: g.Version})
	if err != nil || e.After.Status != group.Updating || e.After.Size != 10 || e.Order.State != group.OrderOpen {
		t.Fatalf("ordered %+v %v", e, err)
	}
	// ten CU more for what is left of the month cost no more than buying them for a month, and hardly less
	if price := e.Order.Price; price > s.terms.Prices.CUMonth*10 || price < s.terms.Prices.CUMonth*99/10 {
		t.Errorf("it costs %s", price)
	}
	if _, err := s.groups.Scale(s.As("lin"), s.ref("rg_prod"), group.Scaling{Size: 30}); reason(err) != "fault.group.state" {
		t.Errorf("a second one meanwhile: %v", err)
	}
	s.host.provide = errors.New("no room")
	s.at(s.Now().Add(s.terms.Times.Update))
	if g = s.get("rg_prod"); g.Status != group.UpdateFailed || g.Size != 10 || g.Problem != "no room" || s.orders("rg_prod")[0].State != group.OrderFailed {
		t.Errorf("failed it is %+v", g)
	}
	if e, err = s.groups.Scale(s.As("lin"), s.ref("rg_prod"), group.Scaling{Undo: true}); err != nil || e.After.Status != group.Running || e.After.Problem != "" {
		t.Errorf("given up it is %+v %v", e.After, err)
	}
	if _, err = s.groups.Scale(s.As("lin"), s.ref("rg_prod"), group.Scaling{Undo: true}); reason(err) != "fault.group.state" {
		t.Errorf("nothing to give up: %v", err)
	}
	s.host.provide = nil
	if e, err = s.groups.Scale(s.As("lin"), s.ref("rg_prod"), group.Scaling{Size: 4}); err != nil || e.Order.Price >= 0 || len(e.Notes) == 0 || !e.Notes[0].Grave {
		t.Errorf("a smaller one %+v %v", e, err)
	}
	s.at(s.Now().Add(s.terms.Times.Update))
	if g = s.get("rg_prod"); g.Status != group.Running || g.Size != 4 || s.orders("rg_prod")[0].State != group.OrderDone {
		t.Errorf("done it is %+v", g)
	}
}

func TestConvertingGoesOneWay(t *testing.T) {
	s := open(t)
	s.asUsed("rg_dev")
	if _, err := s.groups.Convert(s.As("lin"), s.ref("rg_dev"), group.Conversion{}); !slices.Equal(fieldsOf(err), []string{"size"}) {
		t.Errorf("without a size: %v", err)
	}
	e, err := s.groups.Convert(s.As("lin"), s.ref("rg_dev"), group.Conversion{Size: 8, Duration: 2})
	if err != nil || e.Order.Price != s.terms.Prices.CUMonth*16 || e.After.Billing != group.PayAsYouGo {
		t.Fatalf("ordered %+v %v", e, err)
	}
	done := s.Now().Add(s.terms.Times.Update)
	s.at(done)
	if g := s.get("rg_dev"); g.Billing != group.Subscription || g.Size != 8 || !g.ExpiresAt.Equal(done.AddDate(0, 2, 0)) {
		t.Errorf("it became %+v", g)
	}
	if _, err := s.groups.Convert(s.As("lin"), s.ref("rg_dev"), group.Conversion{Size: 8}); reason(err) != "fault.group.billing_only" {
		t.Errorf("again: %v", err)
	}
	s.at(done.Add(8 * day))
	if g := s.get("rg_dev"); g.Status != group.Running {
		t.Errorf("a subscription is not frozen: %s", g.Status)
	}
}

func most(n int) *int { return &n }

func TestQuotasGoTogether(t *testing.T) {
	s := open(t)
	s.subscribed("rg_prod", 10, 1, false)
	set := func(shares ...group.Quota) error {
		_, err := s.groups.SetQuota(s.As("kim"), s.ref("rg_prod"), group.QuotaEdit{Set: shares})
		return err
	}
	for name, c := range map[string]struct {
		shares group.Shares
		fields []string
	}{
		"more than there is":     {group.Shares{{Module: group.Scheduling, Min: 6}, {Module: group.DataService, Min: 5}}, []string{"min"}},
		"a maximum below":        {group.Shares{{Module: group.DataIntegration, Min: 4, Max: most(3)}}, []string{"max_data_integration"}},
		"a maximum above":        {group.Shares{{Module: group.DataIntegration, Max: most(11)}}, []string{"max_data_integration"}},
		"negative":               {group.Shares{{Module: group.Scheduling, Min: -1, Max: most(-1)}}, []string{"min_scheduling"}},
		"unknown":                {group.Shares{{Module: "nonsense", Min: 1}}, []string{"module"}},
		"twice":                  {group.Shares{{Module: group.Scheduling, Min: 1}, {Module: group.Scheduling, Min: 2}}, []string{"module"}},
		"everything at once":     {group.Shares{{Module: group.Scheduling, Min: 11}, {Module: group.DataService, Max: most(99)}}, []string{"max_data_service", "min_scheduling"}},
		"nothing":                {nil, []string{"module"}},
		"a number without sense": {group.Shares{{Module: group.Scheduling, Min: 1 << 62}}, []string{"min_scheduling"}},
	} {
		if got := fieldsOf(set(c.shares...)); !slices.Equal(got, c.fields) {
			t.Errorf("%s: wrong are %v, want %v", name, got, c.fields)
		}
	}
	if err := set(group.Quota{Module: group.Scheduling, Min: 6, Max: most(8)}, group.Quota{Module: group.DataIntegration, Min: 4, Max: most(4)}); err != nil {
		t.Fatal(err)
	}
	if err := set(group.Quota{Module: group.DataService, Min: 1}); !slices.Equal(fieldsOf(err), []string{"min"}) {
		t.Errorf("one more than there is beside the others: %v", err)
	}
	if err := set(group.Quota{Module: group.DataIntegration}); err != nil {
		t.Errorf("taking a quota away: %v", err)
	}
	g := s.get("rg_prod")
	if len(g.Shares) != 1 || g.Shares.Of(group.Scheduling).Min != 6 || *g.Shares.Of(group.Scheduling).Max != 8 || g.Shares.Of(group.DataIntegration).Max != nil {
		t.Errorf("the quotas are %+v", g.Shares)
	}
	if _, err := s.groups.Scale(s.As("lin"), s.ref("rg_prod"), group.Scaling{Size: 5}); !slices.Equal(fieldsOf(err), []string{"max_scheduling", "min_scheduling"}) {
		t.Errorf("scaling below what is kept: %v", err)
	}
	if !slices.Equal(g.Starved(), []group.Module{group.Scheduling}) {
		t.Errorf("starved can be %v", g.Starved())
	}
	if _, err := s.groups.SetSlots(s.As("kim"), s.ref("rg_prod"), 201, 0); !slices.Equal(fieldsOf(err), []string{"slots"}) {
		t.Errorf("too many slots: %v", err)
	}
	if e, err := s.groups.SetSlots(s.As("kim"), s.ref("rg_prod"), 200, 0); err != nil || e.After.Slots != 200 {
		t.Errorf("the most slots: %+v %v", e.After, err)
	}
}

func TestNetworksAndRoutesAreChecked(t *testing.T) {
	s := open(t)
	in := form("rg_prod")
	in.Billing, in.Size, in.CIDR = group.Subscription, 4, "10.0.0.0/24"
	s.create(in)
	g := s.serving("rg_prod")
	if len(g.Networks) != 2 || g.Networks[0].Status != group.NetworkRunning {
		t.Fatalf("it is bound to %+v", g.Networks)
	}
	add := func(v group.VPC) error {
		_, err := s.groups.AddNetwork(s.As("kim"), s.ref("rg_prod"), v)
		return err
	}
	for name, c := range map[string]struct {
		in     group.VPC
		fields []string
	}{
		"nothing":     {group.VPC{}, []string{"vpc", "vswitch"}},
		"fixed":       {group.VPC{Area: group.DataServiceArea, VPC: "v", VSwitch: "w"}, []string{"area"}},
		"odd area":    {group.VPC{Area: "lab", VPC: "v", VSwitch: "w"}, []string{"area"}},
		"overlapping": {group.VPC{VPC: "v", VSwitch: "w", CIDR: "10.0.0.128/25"}, []string{"cidr"}},
		"forbidden":   {group.VPC{VPC: "v", VSwitch: "w", CIDR: "21.1.0.0/16"}, []string{"cidr"}},
		"the same":    {group.VPC{VPC: "vpc-1", VSwitch: "vsw-1"}, []string{"vswitch"}},
	} {
		if got := fieldsOf(add(c.in)); !slices.Equal(got, c.fields) {
			t.Errorf("%s: wrong are %v, want %v", name, got, c.fields)
		}
	}
	if _, err := s.groups.RemoveNetwork(s.As("kim"), s.ref("rg_prod"), g.Networks[0].ID, 0); reason(err) != "fault.group.network.last" {
		t.Errorf("the last one: %v", err)
	}
	if err := add(group.VPC{VPC: "vpc-2", VSwitch: "vsw-2", CIDR: "10.0.1.0/24"}); err != nil {
		t.Fatal(err)
	}
	if n := s.get("rg_prod").Networks[2]; n.Status != group.NetworkCreating {
		t.Errorf("at first it is %+v", n)
	}
	s.at(s.Now().Add(s.terms.Times.Network))
	n := s.get("rg_prod").Networks[2]
	if n.Status != group.NetworkRunning || n.BusyUntil != nil {
		t.Errorf("then it is %+v", n)
	}
	route := func(cidr string) error {
		_, err := s.groups.AddRoute(s.As("kim"), s.ref("rg_prod"), n.ID, cidr, 0)
		return err
	}
	if err := route("172.16.0.0/12"); err != nil {
		t.Fatal(err)
	}
	for _, cidr := range []string{"172.20.0.0/16", "10.0.0.0/8", "21.0.0.0/8", "172.16.0.1/12", "0.0.0.0/0", "", "::/0", "10.2.3.4"} {
		if err := route(cidr); !slices.Equal(fieldsOf(err), []string{"cidr"}) {
			t.Errorf("a route to %q: %v", cidr, err)
		}
	}
	if err := route("192.168.7.0/24"); err != nil {
		t.Error(err)
	}
	r := s.get("rg_prod").Networks[2].Routes
	if len(r) != 2 {
		t.Fatalf("the routes are %+v", r)
	}
	if _, err := s.groups.RemoveRoute(s.As("kim"), s.ref("rg_prod"), r[0].ID, 0); err != nil {
		t.Error(err)
	}
	if _, err := s.groups.RemoveRoute(s.As("kim"), s.ref("rg_prod"), r[0].ID, 0); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("twice: %v", err)
	}
	if _, err := s.groups.RemoveNetwork(s.As("kim"), s.ref("rg_prod"), g.Networks[0].ID, 0); err != nil {
		t.Error(err)
	}
	if _, err := s.groups.AddRoute(s.As("kim"), s.ref("rg_prod"), g.Networks[0].ID, "192.168.77.0/24", 0); reason(err) != "fault.group.network.deleting" {
		t.Errorf("a route through a binding that goes: %v", err)
	}
	s.at(s.Now().Add(s.terms.Times.Network))
	if left := s.get("rg_prod").Networks; len(left) != 2 || left[0].Area != group.DataServiceArea {
		t.Errorf("left are %+v", left)
	}
}

func TestArrearsRemindAndThenStopWhatIsPaidAsUsed(t *testing.T) {
	s := open(t)
	s.asUsed("rg_dev")
	s.subscribed("rg_prod", 4, 2, false)
	owner := s.As(storagetest.Owner)
	if _, err := s.groups.SetArrears(s.As("lin"), s.Now()); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("by somebody who manages the product alone: %v", err)
	}
	if _, err := s.groups.SetArrears(owner, s.Now().Add(time.Hour)); !slices.Equal(fieldsOf(err), []string{"since"}) {
		t.Errorf("in the future: %v", err)
	}
	since := s.Now()
	if _, err := s.groups.SetArrears(owner, since); err != nil {
		t.Fatal(err)
	}
	for _, hours := range s.terms.Arrears.ReminderHours {
		s.at(since.Add(time.Duration(hours) * time.Hour))
		if g := s.get("rg_dev"); g.RemindedAt == nil || !g.RemindedAt.Equal(s.Now()) || g.Suspended {
			t.Errorf("after %d hours: %+v", hours, g)
		}
	}
	s.at(since.Add(360 * time.Hour))
	if g := s.get("rg_dev"); !g.Suspended {
		t.Errorf("after 360 hours: %+v", g)
	}
	if g := s.get("rg_prod"); g.Suspended || g.ArrearsSince != nil {
		t.Errorf("a subscription: %+v", g)
	}
	s.create(form("rg_new"))
	if g := s.get("rg_new"); g.ArrearsSince == nil {
		t.Error("a new group does not know of the arrears")
	}
	if _, err := s.groups.SetArrears(owner, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if g := s.get("rg_dev"); g.Suspended || g.ArrearsSince != nil {
		t.Errorf("paid up: %+v", g)
	}
}

func TestUnsubscribingGivesBackWhatIsLeft(t *testing.T) {
	s := open(t)
	s.subscribed("rg_prod", 10, 2, false)
	e, err := s.groups.PreviewUnsubscribe(s.As("lin"), s.ref("rg_prod"))
	if err != nil || e.Order.Price >= 0 || e.Order.Price < -s.terms.Prices.CUMonth*21 {
		t.Errorf("it gives back %+v %v", e.Order, err)
	}
	s.host.provide = errors.New("no room")
	in := form("rg_never")
	in.Billing, in.Size = group.Subscription, 10
	s.create(in)
	s.serving("rg_never")
	if e, err = s.groups.PreviewUnsubscribe(s.As("lin"), s.ref("rg_never")); err != nil || e.Order.Price != 0 {
		t.Errorf("what never ran gives back %+v %v", e.Order, err)
	}
}

func TestMoneyIsReadAndPrintedAsDollars(t *testing.T) {
	for text, want := range map[string]string{"28.00": "28.00", "0.077399": "0.08", "-3": "-3.00", `"1.005"`: "1.01", "-0.004": "-0.00", "12345678": "12345678.00"} {
		var m group.Money
		if err := m.UnmarshalYAML([]byte(text)); err != nil || m.String() != want {
			t.Errorf("%s is %s %v, want %s", text, m, err, want)
		}
	}
	for _, text := range []string{"", "x", "1/3", "1e3", "0.0000001", "99999999999999999999"} {
		var m group.Money
		if err := m.UnmarshalYAML([]byte(text)); err == nil {
			t.Errorf("%q is %s", text, m)
		}
	}
}
