package group_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"reeve/assets"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/group"
	"reeve/core/policy"
	"reeve/core/region"
	"reeve/storage"
	"reeve/storage/storagetest"
)

// host answers what the test wants.
type host struct{ provide, release error }

func (h *host) Provide(context.Context, group.Group) error { return h.provide }
func (h *host) Release(context.Context, group.Group) error { return h.release }

type story struct {
	*storagetest.World
	t      testing.TB
	groups *group.Service
	host   *host
	terms  group.Terms
}

// open makes a tenant with ann who administers two workspaces, lin who manages the product and may order, and kim who may
// only manage it.
func open(t testing.TB) *story {
	t.Helper()
	w := storagetest.Open(t)
	w.Users("ann", "lin", "kim")
	terms, err := group.LoadTerms(assets.Groups())
	if err != nil {
		t.Fatal(err)
	}
	known, err := region.Load(assets.Regions())
	if err != nil {
		t.Fatal(err)
	}
	s := &story{World: w, t: t, host: &host{}, terms: terms}
	s.groups = group.New(w.Gate, storage.NewGroups(w.DB), region.NewOffers(storage.NewRegions(w.DB), known), s.host, terms)
	w.Workspace("sales", "ann")
	w.Workspace("risk", "ann")
	s.attach("AliyunDataWorksFullAccess", "lin", "kim")
	s.attach("AliyunBSSOrderAccess", "lin")
	return s
}

func (s *story) attach(name string, users ...string) {
	s.t.Helper()
	policies := policy.New(s.Gate, storage.NewPolicies(s.DB, s.Builtins))
	if _, err := policies.Attach(s.As(storagetest.Owner), name, policy.Batch{Users: users}); err != nil {
		s.t.Fatal(err)
	}
}

// allow makes a policy of one action and attaches it.
func (s *story) allow(user, name, action, resource string) {
	s.t.Helper()
	policies := policy.New(s.Gate, storage.NewPolicies(s.DB, s.Builtins))
	if _, err := policies.Create(s.As(storagetest.Owner), name, `{"Version":"1","Statement":[{"Effect":"Allow","Action":"`+action+`","Resource":"`+resource+`"}]}`); err != nil {
		s.t.Fatal(err)
	}
	s.attach(name, user)
}

func form(name string) group.Create {
	return group.Create{Region: storagetest.Home, Name: name, VPC: "vpc-1", VSwitch: "vsw-1"}
}

func (s *story) ref(name string) group.Ref { return group.Ref{Region: storagetest.Home, Name: name} }

func (s *story) create(in group.Create) group.Group {
	s.t.Helper()
	g, err := s.groups.Create(s.As("lin"), in)
	if err != nil {
		s.t.Fatal(err)
	}
	return g
}

// keep moves everything that is due, as the keeper does.
func (s *story) keep() (moved int) {
	s.t.Helper()
	ctx := control.WithActor(context.Background(), control.Actor{Name: "keeper", Face: control.FaceKeeper})
	for {
		did, err := s.groups.MoveDue(ctx)
		if err != nil {
			s.t.Fatal(err)
		}
		if !did {
			return moved
		}
		moved++
	}
}

func (s *story) get(name string) group.Group {
	s.t.Helper()
	g, err := s.groups.Get(s.As("lin"), s.ref(name))
	if err != nil {
		s.t.Fatal(err)
	}
	return g
}

func reason(err error) string {
	var invalid *fault.Invalid
	if errors.As(err, &invalid) && len(invalid.Fields) == 1 {
		return invalid.Fields[0].Text.ID
	}
	var f fault.Fault
	if !errors.As(err, &f) {
		return ""
	}
	return f.Text().ID
}

func TestAGroupStartsAndRuns(t *testing.T) {
	s := open(t)
	g := s.create(form("rg_prod"))
	if g.Status != group.Starting || g.Billing != group.PayAsYouGo || g.Size != 500 || g.Slots != 50 || g.ExpiresAt != nil || g.CreatedBy != "lin" {
		t.Errorf("ordered %+v", g)
	}
	if s.keep() != 0 || s.get("rg_prod").Status != group.Starting {
		t.Error("it is ready at once")
	}
	s.Pass(s.terms.Times.Start)
	if n := s.keep(); n != 1 {
		t.Errorf("%d rows moved", n)
	}
	if g = s.get("RG_PROD"); g.Status != group.Running || g.BusyUntil != nil {
		t.Errorf("it became %+v", g)
	}
}

func TestASubscriptionHasSizeAndEnd(t *testing.T) {
	s := open(t)
	in := form("rg_prod")
	in.Billing, in.Size, in.Duration, in.Unit, in.AutoRenew = group.Subscription, 32, 1, group.Year, true
	if g := s.create(in); g.Size != 32 || !g.ExpiresAt.Equal(s.Now().AddDate(1, 0, 0)) || !g.AutoRenew {
		t.Errorf("ordered %+v", g)
	}
}

func TestEverythingWrongWithAnOrderIsSaid(t *testing.T) {
	s := open(t)
	s.create(form("taken"))
	for name, c := range map[string]struct {
		change func(*group.Create)
		fields []string
	}{
		"nothing":             {func(in *group.Create) { *in = group.Create{Region: in.Region} }, []string{"name", "vpc", "vswitch"}},
		"taken":               {func(in *group.Create) { in.Name = "TAKEN" }, []string{"name"}},
		"a digit first":       {func(in *group.Create) { in.Name = "1a" }, []string{"name"}},
		"a control character": {func(in *group.Create) { in.Name = "a\x1b[31m" }, []string{"name"}},
		"a long name":         {func(in *group.Create) { in.Name = "a" + string(make([]byte, 128)) }, []string{"name"}},
		"a remark with marks": {func(in *group.Create) { in.Remark = "a b" }, []string{"remark"}},
		"small":               {func(in *group.Create) { in.Billing, in.Size = group.Subscription, 1 }, []string{"size"}},
		"huge and for ever":   {func(in *group.Create) { in.Billing, in.Size, in.Duration = group.Subscription, 1<<40, 99 }, []string{"size", "duration"}},
		"negative":            {func(in *group.Create) { in.Billing, in.Size, in.Duration = group.Subscription, -4, -1 }, []string{"size", "duration"}},
		"an odd unit":         {func(in *group.Create) { in.Billing, in.Size, in.Unit = group.Subscription, 4, "week" }, []string{"unit"}},
		"as used with size":   {func(in *group.Create) { in.Size, in.Duration, in.AutoRenew = 4, 2, true }, []string{"auto_renew", "duration", "size"}},
		"odd billing":         {func(in *group.Create) { in.Billing = "gratis" }, []string{"billing"}},
		"no block":            {func(in *group.Create) { in.CIDR = "10.0.0.1" }, []string{"cidr"}},
		"IPv6":                {func(in *group.Create) { in.CIDR = "fd00::/8" }, []string{"cidr"}},
		"bits behind":         {func(in *group.Create) { in.CIDR = "10.0.0.1/24" }, []string{"cidr"}},
		"forbidden":           {func(in *group.Create) { in.CIDR = "21.5.0.0/16" }, []string{"cidr"}},
		"around forbidden":    {func(in *group.Create) { in.CIDR = "16.0.0.0/4" }, []string{"cidr"}},
		"not active":          {func(in *group.Create) { in.Region = "ap-southeast-7" }, []string{"region"}},
	} {
		in := form("rg_prod")
		c.change(&in)
		_, err := s.groups.Create(s.As("lin"), in)
		var invalid *fault.Invalid
		if !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var fields []string
		for _, f := range invalid.Fields {
			fields = append(fields, f.Name)
		}
		slices.Sort(fields)
		slices.Sort(c.fields)
		if !slices.Equal(fields, c.fields) {
			t.Errorf("%s: wrong are %v, want %v", name, fields, c.fields)
		}
	}
}

func TestWorkspacesAreAssociatedSeveralAtOnce(t *testing.T) {
	s := open(t)
	s.create(form("rg_prod"))
	bind := func(names ...string) (group.Group, error) {
		e, err := s.groups.Associate(s.As("lin"), s.ref("rg_prod"), group.Binding{Workspaces: names})
		return e.After, err
	}
	if _, err := bind("sales"); reason(err) != "fault.group.state" {
		t.Errorf("while it starts: %v", err)
	}
	s.Pass(time.Hour)
	s.keep()
	if _, err := bind("sales", "nowhere"); reason(err) != "fault.group.workspace" {
		t.Errorf("with one that is not there: %v", err)
	}
	if got := s.get("rg_prod"); len(got.Workspaces) != 0 {
		t.Errorf("half of it was done: %+v", got)
	}
	g, err := bind("Sales", "risk", "sales")
	if err != nil || !slices.Equal(g.Names(), []string{"risk", "sales"}) {
		t.Errorf("associated %+v %v", g, err)
	}
	if _, err := bind("risk"); reason(err) != "fault.group.associated" {
		t.Errorf("twice: %v", err)
	}
	if _, err := bind(); reason(err) != "fault.group.no_workspace" {
		t.Errorf("nothing: %v", err)
	}
	if _, err := s.groups.Dissociate(s.As("lin"), s.ref("rg_prod"), group.Binding{Workspaces: []string{"risk"}, Version: 1}); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("an old version: %v", err)
	}
	of, err := s.groups.OfWorkspace(s.As("ann"), control.Ref{Region: storagetest.Home, Workspace: "sales"})
	if err != nil || len(of) != 1 || !slices.Equal(of[0].Names(), []string{"sales"}) {
		t.Errorf("a member sees %+v %v; which others share it is not theirs to know", of, err)
	}
	e, err := s.groups.Dissociate(s.As("lin"), s.ref("rg_prod"), group.Binding{Workspaces: []string{"risk"}})
	if g = e.After; err != nil || !slices.Equal(g.Names(), []string{"sales"}) {
		t.Errorf("dissociated %+v %v", g, err)
	}
	if _, err := s.groups.Unsubscribe(s.As("lin"), s.ref("rg_prod"), 0, "rg"); reason(err) != "fault.group.confirm" {
		t.Errorf("unsubscribed without its name: %v", err)
	}
	if e, err := s.groups.Unsubscribe(s.As("lin"), s.ref("rg_prod"), g.Version, "RG_prod"); err != nil || e.After.Status != group.Deleting {
		t.Errorf("unsubscribed %+v %v", e.After, err)
	}
	s.Pass(time.Hour)
	s.keep()
	if _, err := s.groups.Get(s.As("lin"), s.ref("rg_prod")); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("it is still there: %v", err)
	}
	s.create(form("rg_prod")) // its name is free
}

func TestRenamingChecksTheName(t *testing.T) {
	s := open(t)
	s.create(form("one"))
	s.create(form("two"))
	name, remark := "TWO", "bad remark"
	_, err := s.groups.Update(s.As("kim"), s.ref("one"), group.Update{Name: &name, Remark: &remark})
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) || len(invalid.Fields) != 2 {
		t.Errorf("taken and bad: %v", err)
	}
	name = "ONE"
	if e, err := s.groups.Update(s.As("kim"), s.ref("one"), group.Update{Name: &name}); err != nil || e.After.Name != "ONE" || e.After.Version != 2 {
		t.Errorf("in another case: %+v %v", e.After, err)
	}
}

func TestWhoMaySeeAndChangeGroups(t *testing.T) {
	s := open(t)
	s.create(form("rg_prod"))
	s.create(form("rg_dev"))
	s.Pass(time.Hour)
	s.keep()
	list := func(who string) ([]string, error) {
		all, err := s.groups.List(s.As(who), storagetest.Home)
		var names []string
		for _, g := range all {
			names = append(names, g.Name)
		}
		return names, err
	}
	if _, err := list("ann"); reason(err) != "denied.full_access" {
		t.Errorf("without a policy: %v", err)
	}
	if _, err := s.groups.Get(s.As("ann"), s.ref("rg_prdo")); fault.KindOf(err) != fault.KindNotFound || len(nearest(err)) > 0 {
		t.Errorf("a misspelt name: %v, near %v", err, nearest(err))
	}
	s.allow("ann", "ListGroups", "dataworks:ListResourceGroup", "*")
	if names, err := list("ann"); err != nil || len(names) != 0 {
		t.Errorf("with the tab alone: %v %v", names, err)
	}
	s.allow("ann", "ShowProd", "dataworks:ShowResourceGroupDetail", "acs:dataworks:*:*:exclusive_resource_group/rg_prod")
	if names, err := list("ann"); err != nil || !slices.Equal(names, []string{"rg_prod"}) {
		t.Errorf("with one group's details: %v %v", names, err)
	}
	if _, err := s.groups.Get(s.As("ann"), s.ref("rg_prodd")); !slices.Equal(nearest(err), []string{"rg_prod"}) {
		t.Errorf("near are %v", nearest(err))
	}
	if _, err := s.groups.Get(s.As("ann"), s.ref("rg_dev")); reason(err) != "denied.full_access" {
		t.Errorf("the other group: %v", err)
	}
	if _, err := s.groups.Create(s.As("kim"), form("rg_new")); reason(err) != "denied.order" {
		t.Errorf("buying without the right to order: %v", err)
	}
	s.allow("ann", "MakeGroups", "dataworks:CreateResourceGroup", "*")
	s.attach("AliyunBSSOrderAccess", "ann")
	if _, err := s.groups.Create(s.As("ann"), form("rg_new")); reason(err) != "denied.order" {
		t.Errorf("buying without managing the product: %v", err)
	}
	if _, err := s.groups.Associate(s.As("ann"), s.ref("rg_prod"), group.Binding{Workspaces: []string{"sales"}}); reason(err) != "denied.full_access" {
		t.Errorf("associating without a policy: %v", err)
	}
	s.allow("ann", "ModifyProd", "dataworks:ModifyResourceGroup", "acs:dataworks:*:*:exclusive_resource_group/rg_prod")
	if _, err := s.groups.Associate(s.As("ann"), s.ref("rg_prod"), group.Binding{Workspaces: []string{"sales"}}); err != nil {
		t.Errorf("associating with a policy: %v", err)
	}
	if _, err := s.groups.MoveDue(s.As(storagetest.Owner)); reason(err) != "denied.keeper" {
		t.Errorf("moving by hand: %v", err)
	}
}

func nearest(err error) []string {
	var missing *fault.NotFound
	if !errors.As(err, &missing) {
		return nil
	}
	return missing.Nearest
}

func TestWhatTheHostCannotDoIsAStateOfFailure(t *testing.T) {
	s := open(t)
	s.create(form("slow"))
	s.host.provide = context.DeadlineExceeded
	s.Pass(time.Hour)
	s.keep()
	if g := s.get("slow"); g.Status != group.TimedOut || g.Problem == "" {
		t.Errorf("no answer: %+v", g)
	}
	s.host.provide = errors.New("no room")
	s.create(form("full"))
	s.Pass(time.Hour)
	s.keep()
	if g := s.get("full"); g.Status != group.CreateFailed || g.Problem != "no room" {
		t.Errorf("failed: %+v", g)
	}
	s.host.release = errors.New("in use")
	if _, err := s.groups.Unsubscribe(s.As("lin"), s.ref("full"), 0, ""); err != nil {
		t.Fatal(err)
	}
	s.Pass(time.Hour)
	s.keep()
	if g := s.get("full"); g.Status != group.DeleteFailed || g.Problem != "in use" {
		t.Errorf("not released: %+v", g)
	}
	s.host.release = nil
	if _, err := s.groups.Unsubscribe(s.As("lin"), s.ref("full"), 0, ""); err != nil {
		t.Fatal(err)
	}
	s.Pass(time.Hour)
	s.keep()
	if _, err := s.groups.Get(s.As("lin"), s.ref("full")); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("it is still there: %v", err)
	}
}
