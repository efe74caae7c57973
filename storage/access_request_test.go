package storage

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/list"
	"reeve/core/request"
)

func requestLife(t *testing.T, s stores) {
	ann, bob := s.user(t, "Ann"), s.user(t, "bob")
	sales, risk := s.workspace(t, home, "Sales_dw", ann.ID), s.workspace(t, home, "risk_dw", bob.ID)
	until, day := sampleTime.Add(72*time.Hour), 24*time.Hour
	ask := func(r request.Request) (made request.Request) {
		t.Helper()
		r.State, r.AskedAt, r.Why = request.Pending, sampleTime, "because 原因"
		s.do(t, func(ctx context.Context) (err error) {
			made, err = s.requests.Insert(ctx, r)
			return err
		})
		r.ID, r.Version = made.ID, 1
		if made.ID == 0 || !reflect.DeepEqual(made, r) {
			t.Errorf("made %+v of %+v", made, r)
		}
		return made
	}
	role := request.Role{Code: "role_project_dev", Name: "Develop", Builtin: true}
	atSales := ask(request.Request{Requester: bob.ID, User: "bob", Kind: request.WorkspaceRole, Region: home, Workspace: "Sales_dw", WorkspaceID: sales.ID,
		Role: role, Until: &until, ExpiresAt: until})
	atRisk := ask(request.Request{Requester: ann.ID, User: "Ann", Kind: request.WorkspaceRole, Region: home, Workspace: "risk_dw", WorkspaceID: risk.ID,
		Role: role, Lasts: 3600, ExpiresAt: sampleTime.Add(30 * day)})
	tenant := ask(request.Request{Requester: ann.ID, User: "Ann", Kind: request.TenantRole, Region: home, Role: request.Role{Code: "custom_1", Name: "Readers"},
		ExpiresAt: sampleTime.Add(30 * day)})
	policy := ask(request.Request{Requester: bob.ID, User: "bob", Kind: request.Policy, Role: request.Role{Code: "Mine", Name: "Mine"}, ExpiresAt: sampleTime.Add(31 * day)})

	for _, c := range []struct {
		r    request.Request
		at   time.Time
		want bool
	}{{atSales, sampleTime, true}, {atSales, until, false}, {policy, sampleTime, true},
		{request.Request{Requester: ann.ID, Kind: request.WorkspaceRole, Region: home, WorkspaceID: sales.ID, Role: role}, sampleTime, false}} {
		if id, ok, err := s.requests.Same(t.Context(), c.r, c.at); err != nil || ok != c.want || ok && id != c.r.ID {
			t.Errorf("the same as %d: %d, %v (%v)", c.r.ID, id, ok, err)
		}
	}
	if next, ok, err := s.requests.Next(t.Context()); err != nil || !ok || next.ID != atSales.ID {
		t.Errorf("next %+v, %v (%v)", next, ok, err)
	}
	given := atSales
	decided := sampleTime.Add(time.Hour)
	given.State, given.DecidedAt, given.DecidedBy, given.Note, given.Version = request.Granted, &decided, "Ann", "fine", 2
	given.Given = &request.Given{Role: request.Role{Code: "role_project_guest", Name: "Visitor", Builtin: true}, Until: &decided}
	s.do(t, func(ctx context.Context) error {
		if stale, err := s.requests.Decide(ctx, given, 7); stale || err != nil {
			t.Errorf("another version was decided: %v (%v)", stale, err)
		}
		ok, err := s.requests.Decide(ctx, given, 1)
		return wanted(err, ok, true)
	})
	s.do(t, func(ctx context.Context) error {
		ok, err := s.requests.Decide(ctx, given, 2) // it is decided for good
		return wanted(err, ok, false)
	})
	if got, err := s.requests.Get(t.Context(), atSales.ID); err != nil || !reflect.DeepEqual(got, given) {
		t.Errorf("it is %+v (%v), want %+v", got, err, given)
	}
	if at, err := s.requests.Where(t.Context(), atSales.ID); err != nil || at.Workspace != sales.ID || at.Name != "#1: bob" || at.Kind != "request" {
		t.Errorf("it is at %+v (%v)", at, err)
	}
	_, err := s.requests.Get(t.Context(), 99)
	wantNotFound(t, err, "request")
	_, err = s.requests.Where(t.Context(), 99)
	wantNotFound(t, err, "request")

	place := func(r request.Request) request.Place {
		return request.Place{Kind: r.Kind, Target: control.Target{Region: r.Region, Workspace: r.WorkspaceID, WorkspaceName: r.Workspace}}
	}
	for _, c := range []struct {
		name  string
		among request.Among
		query string
		want  []request.ID
	}{
		{"all", request.Among{Everywhere: true}, "", []request.ID{4, 3, 2, 1}},
		{"none", request.Among{}, "", nil},
		{"own", request.Among{Requester: ann.ID}, "", []request.ID{3, 2}},
		{"of a workspace", request.Among{At: []request.Place{place(atSales)}}, "", []request.ID{1}},
		{"of a region", request.Among{At: []request.Place{place(tenant)}}, "", []request.ID{3}},
		{"of the tenant", request.Among{At: []request.Place{place(policy)}}, "", []request.ID{4}},
		{"own and of a workspace", request.Among{Requester: ann.ID, At: []request.Place{place(atSales)}}, "", []request.ID{3, 2, 1}},
		{"waiting", request.Among{Everywhere: true, Waiting: sampleTime}, "", []request.ID{4, 3, 2}},
		{"of others", request.Among{Everywhere: true, Not: bob.ID, Waiting: sampleTime}, "", []request.ID{3, 2}},
		{"waiting later", request.Among{Everywhere: true, Waiting: sampleTime.Add(30 * day)}, "", []request.ID{4}},
		{"but for policies", request.Among{Everywhere: true, NoPolicies: true}, "", []request.ID{3, 2, 1}},
		{"by state", request.Among{Everywhere: true}, "state:granted", []request.ID{1}},
		{"by name", request.Among{Everywhere: true}, "user:ANN readers", []request.ID{3}},
		{"by place", request.Among{Everywhere: true}, "where:sales", []request.ID{1}},
		{"by kind", request.Among{Everywhere: true}, "!kind:role", []request.ID{4}},
		{"by number", request.Among{Everywhere: true}, "id:2", []request.ID{2}},
	} {
		page, err := s.requests.List(t.Context(), c.among, list.Query{Filter: list.ParseFilter(c.query), Count: true})
		var ids []request.ID
		for _, r := range page.Items {
			ids = append(ids, r.ID)
		}
		if err != nil || !slices.Equal(ids, c.want) || page.Total != len(c.want) {
			t.Errorf("%s: %v of %d (%v), want %v", c.name, ids, page.Total, err, c.want)
		}
	}
	for _, sort := range []string{"id", "user", "role", "where", "kind", "state", "asked"} {
		var walked []request.ID
		q := list.Query{Sort: list.Sort{Field: sort}, Limit: 1}
		for range 5 {
			page, err := s.requests.List(t.Context(), request.Among{Everywhere: true}, q)
			if err != nil {
				t.Fatal(err)
			}
			if len(page.Items) == 0 {
				break
			}
			walked, q.From = append(walked, page.Items[0].ID), &page.Keys[0]
		}
		if slices.Sort(walked); !slices.Equal(walked, []request.ID{1, 2, 3, 4}) {
			t.Errorf("by %s: %v", sort, walked)
		}
	}

	for _, c := range []struct {
		who     access.PrincipalID
		waiting bool
		want    []request.Place
	}{{ann.ID, false, []request.Place{place(policy), place(tenant), place(atSales)}}, {ann.ID, true, []request.Place{place(policy), place(tenant)}},
		{bob.ID, true, []request.Place{place(policy), place(tenant), place(atRisk)}}, {999, true, []request.Place{place(policy), place(tenant)}}} {
		if places, err := s.requests.PlacesAsked(t.Context(), c.who, c.waiting); err != nil || !slices.Equal(places, c.want) {
			t.Errorf("for %d, waiting %v: %+v (%v)", c.who, c.waiting, places, err)
		}
	}
	if p, ok, err := s.requests.Requester(t.Context(), ann.ID); err != nil || !ok || p.Name != "Ann" {
		t.Errorf("who asked is %+v, %v (%v)", p, ok, err)
	}
	if _, ok, err := s.requests.Requester(t.Context(), 999); ok || err != nil {
		t.Errorf("somebody who is gone: %v (%v)", ok, err)
	}
	if there, err := s.requests.There(t.Context(), sales.ID); !there || err != nil {
		t.Errorf("the workspace is there: %v (%v)", there, err)
	}
	if there, err := s.requests.There(t.Context(), 999); there || err != nil {
		t.Errorf("no workspace is there: %v (%v)", there, err)
	}
}
