package storage

import (
	"reflect"
	"testing"

	"reeve/core/access"
	"reeve/core/control"
)

// sampled are principals of the sample: the account, the groups, and some people.
func sampled(n int) []access.PrincipalID {
	random := seeded(7)
	people := []access.PrincipalID{1, 302, 303, 304}
	for range n {
		people = append(people, access.PrincipalID(2+random.Uint32N(300)))
	}
	return people
}

// tenantScopesAgree asks the state read for one principal what the whole tenant plane answers.
func tenantScopesAgree(t *testing.T, s stores) {
	full := s.compile(t, control.Scope{Region: home}, sampleTime)
	yes, no, governing := 0, 0, 0
	people := sampled(20)
	for _, r := range []access.TenantRoleID{2, 4, 5, 1000} {
		people = append(people, full.TenantHoldersOf(home, r)...)
	}
	for _, p := range people {
		scoped := s.compile(t, control.Scope{Region: home, Principal: p}, sampleTime)
		for _, c := range access.AllCapabilities() {
			q := access.TenantQuestion{Principal: p, Region: home, Capability: c}
			if scoped.DecideTenant(q) != full.DecideTenant(q) {
				t.Errorf("%+v: %v, of everybody %v", q, scoped.DecideTenant(q), full.DecideTenant(q))
			}
			if a, b := scoped.ExplainTenant(q), full.ExplainTenant(q); !reflect.DeepEqual(a, b) {
				t.Errorf("%+v is explained by\n%+v, of everybody\n%+v", q, a, b)
			}
			if full.DecideTenant(q) {
				yes++
			} else {
				no++
			}
		}
		if scoped.AdministersTenant(home, p) != full.AdministersTenant(home, p) {
			t.Errorf("principal %d administers the tenant: %v, of everybody %v", p, scoped.AdministersTenant(home, p), full.AdministersTenant(home, p))
		}
		if full.AdministersTenant(home, p) {
			governing++
		}
	}
	if yes < 50 || no < 50 || governing < 2 {
		t.Errorf("%d yes, %d no and %d who administer: the world is too simple", yes, no, governing)
	}
}

// wideScopesAgree asks the state of the whole tenant, and that of one principal in it, what the narrow states answer.
func wideScopesAgree(t *testing.T, s stores) {
	random := seeded(8)
	wide := s.compile(t, control.Scope{Everything: true}, sampleTime)
	allowed, joined := 0, 0
	for _, p := range sampled(6) {
		own := s.compile(t, control.Scope{Everything: true, Principal: p}, sampleTime)
		for ws := access.WorkspaceID(1); ws <= 240; ws++ {
			if own.Levels(ws, p) != wide.Levels(ws, p) || own.IsMember(ws, p) != wide.IsMember(ws, p) || own.Administers(ws, p) != wide.Administers(ws, p) {
				t.Errorf("workspace %d principal %d: %v, of everybody %v", ws, p, own.Levels(ws, p), wide.Levels(ws, p))
			}
			if wide.IsMember(ws, p) {
				joined++
			}
			if random.IntN(40) != 0 {
				continue
			}
			scoped := s.compile(t, control.Scope{Workspace: ws, Principal: p}, sampleTime)
			if scoped.Levels(ws, p) != wide.Levels(ws, p) {
				t.Errorf("workspace %d principal %d: %v alone, %v in the whole tenant", ws, p, scoped.Levels(ws, p), wide.Levels(ws, p))
			}
			for _, a := range access.ConsoleActions() {
				q := access.ConsoleQuestion{Principal: p, Action: a.Action, Resource: access.ARN(home, a.Entity, "")}
				if scoped.DecideConsole(q) != wide.DecideConsole(q) {
					t.Errorf("%+v: %v alone, %v in the whole tenant", q, scoped.DecideConsole(q), wide.DecideConsole(q))
				}
				if wide.DecideConsole(q) {
					allowed++
				}
			}
		}
		for _, c := range access.AllCapabilities() {
			q := access.TenantQuestion{Principal: p, Region: home, Capability: c}
			if own.DecideTenant(q) != wide.DecideTenant(q) {
				t.Errorf("%+v: %v, of everybody %v", q, own.DecideTenant(q), wide.DecideTenant(q))
			}
		}
	}
	if allowed < 20 || joined < 100 {
		t.Errorf("%d operations allowed and %d memberships: the world is too simple", allowed, joined)
	}
}
