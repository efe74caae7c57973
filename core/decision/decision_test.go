package decision_test

import (
	"context"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/decision"
)

// fixed is a store whose world stands still.
type fixed struct {
	world decision.World
	reads int
}

func (f *fixed) World(context.Context) (decision.World, error) {
	f.reads++
	return f.world, nil
}

func (f *fixed) Revision(context.Context) (uint64, error) { return f.world.State.Revision, nil }

// small is a tenant of two people and two workspaces of one name, of which one is in the bin.
func small() *fixed {
	levels := access.AllWorkspace(access.Read).With(access.DataStudio, access.Write)
	places := []access.Workspace{{ID: 7, Name: "Sales", Region: "cn-hangzhou", Open: true}, {ID: 8, Name: "Sales", Region: "cn-hangzhou"}}
	return &fixed{world: decision.World{
		State: access.State{
			Revision:   1,
			Principals: []access.Principal{{ID: 1, Name: "root", Power: access.PowerAccount}, {ID: 2, Name: "Zoe"}},
			Workspaces: places,
			Roles:      []access.Role{{ID: 1, Code: "develop", Name: "Develop", Levels: levels, Assignable: true}},
			Members:    []access.Member{{Workspace: 7, Principal: 2}},
			Grants:     []access.Grant{{ID: 1, Workspace: 7, Principal: 2, Role: 1, By: 1}},
		},
		Workspaces: places[:1], Regions: []string{"cn-hangzhou"},
	}}
}

func view(t *testing.T, s *fixed) *decision.View {
	t.Helper()
	live := decision.NewLive(s, func() time.Time { return time.Unix(1000, 0) })
	if err := live.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	v, err := live.View()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestPartsAreKnownByTheirNames(t *testing.T) {
	v := view(t, small())
	for _, c := range []struct {
		subject, action, kind, id string
		want                      decision.Answer
	}{
		{"zoe", "write", "module", "cn-hangzhou/sales/data-studio", decision.Answer{Allowed: true}},
		{"ZOE", "Write", "module", "CN-hangzhou/SALES/Data-Studio", decision.Answer{Allowed: true}},
		{"zoe", "write", "module", "cn-hangzhou/sales/data-quality", decision.Answer{}},
		{"zoe ", "write", "module", "cn-hangzhou/sales/data-studio", decision.Answer{Unknown: decision.SubjectPart}},
		{"zoe", "none", "module", "cn-hangzhou/sales/data-studio", decision.Answer{Unknown: decision.ActionPart}},
		{"zoe", "administer", "module", "cn-hangzhou/sales/data-studio", decision.Answer{Unknown: decision.ActionPart}},
		{"root", "write", "module", "cn-hangzhou/sales", decision.Answer{Unknown: decision.ResourcePart}},
		{"root", "write", "module", "cn-hangzhou/sales/data-map", decision.Answer{Unknown: decision.ResourcePart}},
		{"root", "write", "module", "cn-hangzhou//data-studio", decision.Answer{Unknown: decision.ResourcePart}},
		{"root", "write", "module", "sales/data-studio", decision.Answer{Unknown: decision.ResourcePart}},
		{"root", "write", "module", "/", decision.Answer{Unknown: decision.ResourcePart}},
		{"root", "write", "global-module", "cn-hangzhou/data-map", decision.Answer{Allowed: true}},
		{"root", "write", "global-module", "cn-shanghai/data-map", decision.Answer{Unknown: decision.ResourcePart}},
		{"root", "dataworks:createworkspace", "region", "cn-hangzhou", decision.Answer{Allowed: true}},
		{"root", "dataworks:DeleteWorkspace", "region", "cn-hangzhou", decision.Answer{Unknown: decision.ActionPart}},
		{"root", "administer", "workspace", "cn-hangzhou/sales", decision.Answer{Allowed: true}},
		{"root", "read", "Module", "cn-hangzhou/sales/data-studio", decision.Answer{Unknown: decision.ResourcePart}},
	} {
		q := decision.Question{Subject: decision.Entity{Type: "user", ID: c.subject}, Action: c.action, Resource: decision.Entity{Type: c.kind, ID: c.id}}
		if got := v.Decide(q); got != c.want {
			t.Errorf("%+v is answered with %+v, want %+v", q, got, c.want)
		}
		if x, unknown := v.Explain(q); x.Allowed != c.want.Allowed || unknown != c.want.Unknown || unknown == decision.NoPart && len(x.Because) == 0 {
			t.Errorf("%+v is explained with %+v, unknown %d", q, x, unknown)
		}
	}
}

func TestADecisionAllocatesNothing(t *testing.T) {
	v := view(t, small())
	q := decision.Question{Subject: decision.Entity{Type: "user", ID: "zoe"}, Action: "write", Resource: decision.Entity{Type: "module", ID: "cn-hangzhou/sales/data-studio"}}
	if n := testing.AllocsPerRun(100, func() { v.Decide(q) }); n != 0 {
		t.Errorf("it allocates %v times", n)
	}
}

func TestTheStateIsReadAgainOnlyWhenItChanged(t *testing.T) {
	s := small()
	live := decision.NewLive(s, func() time.Time { return time.Unix(1000, 0) })
	for range 3 {
		if err := live.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if s.reads != 1 {
		t.Errorf("it was read %d times", s.reads)
	}
	s.world.State.Revision++
	if err := live.Refresh(t.Context()); err != nil || s.reads != 2 {
		t.Errorf("after a change it was read %d times (%v)", s.reads, err)
	}
}
