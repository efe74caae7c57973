package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/engine"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/policy"
	"reeve/core/tenantrole"
)

// compile is a snapshot of a scope at a time.
func (s stores) compile(t *testing.T, scope control.Scope, now time.Time) *access.Snapshot {
	t.Helper()
	state, err := s.gate.AccessState(t.Context(), scope)
	if err != nil {
		t.Fatal(err)
	}
	state.Now = now.Unix()
	snapshot, err := access.Compile(state)
	if err != nil {
		t.Fatal(err)
	}
	return snapshot
}

// group makes a user group of some people.
func (s stores) group(t *testing.T, name string, people ...access.PrincipalID) (g directory.Group) {
	t.Helper()
	s.do(t, func(ctx context.Context) error {
		if _, err := s.directory.Insert(ctx, directory.User{Name: name, Kind: directory.UserGroup, CreatedAt: sampleTime}); err != nil {
			return err
		}
		var err error
		if g, err = s.directory.Group(ctx, name); err != nil {
			return err
		}
		ok, err := s.directory.SetGroupMembers(ctx, g.ID, people, nil, 1, sampleTime, 1)
		if err := wanted(err, ok, true); err != nil {
			return err
		}
		g, err = s.directory.Group(ctx, name)
		return err
	})
	return g
}

func grantsEnd(t *testing.T, s stores) {
	zoe, max := s.user(t, "zoe"), s.user(t, "max")
	w := s.workspace(t, home, "sales_dw", max.ID)
	s.add(t, w.ID, zoe.ID, 4)
	end, over := sampleTime.Add(time.Hour), sampleTime.Add(-time.Second)
	set := func(by access.PrincipalID, at time.Time, version int64, roles ...member.Hold) {
		t.Helper()
		s.do(t, func(ctx context.Context) error {
			ok, err := s.members.SetAll(ctx, w.ID, []member.Assignment{{Member: zoe.ID, Roles: roles, Version: version}}, by, at)
			return wanted(err, ok, true)
		})
	}
	set(max.ID, sampleTime.Add(-time.Hour), 2, member.Hold{Role: 4, Until: end}, member.Hold{Role: 5, Until: over})
	m, err := s.members.Get(t.Context(), w.ID, "zoe")
	if err != nil || len(m.Roles) != 1 || m.Roles[0].Until == nil || !m.Roles[0].Until.Equal(end) || m.Roles[0].By != "acme" || !m.Roles[0].At.Equal(sampleTime) {
		t.Errorf("a role that stays but for its end, and one that is over: %+v %v", m.Roles, err)
	}
	for filter, want := range map[string]int{"role:develop": 1, "role:o&m": 0} {
		if page, err := s.members.List(t.Context(), w.ID, list.Query{Filter: list.ParseFilter(filter)}); err != nil || len(page.Items) != want {
			t.Errorf("%s finds %d %v, want %d", filter, len(page.Items), err, want)
		}
	}
	q := access.Question{Principal: zoe.ID, Workspace: w.ID, Module: access.DataStudio, Level: access.Write}
	for at, want := range map[time.Time]bool{end.Add(-time.Second): true, end: false} {
		for _, p := range []access.PrincipalID{0, zoe.ID} {
			if got := s.compile(t, control.Scope{Workspace: w.ID, Principal: p}, at).Decide(q); got != want {
				t.Errorf("at %v, read for %d: %v", at, p, got)
			}
		}
	}
	for _, c := range []struct {
		ws     access.WorkspaceID
		p      access.PrincipalID
		now    time.Time
		before time.Time
		want   int
	}{{0, 0, sampleTime, end, 1}, {w.ID, zoe.ID, sampleTime, end, 1}, {w.ID, 0, sampleTime, end.Add(-time.Second), 0}, {0, max.ID, sampleTime, end, 0}, {99, 0, sampleTime, end, 0}, {0, 0, end, end.Add(time.Hour), 0}} {
		found, err := s.members.Ending(t.Context(), c.ws, c.p, c.now, c.before)
		if err != nil || len(found) != c.want {
			t.Errorf("%+v: %+v %v", c, found, err)
		}
		if c.want == 1 && (found[0].User != "zoe" || found[0].Code != "role_project_dev" || found[0].WorkspaceName != "sales_dw" || !found[0].Until.Equal(end)) {
			t.Errorf("ends: %+v", found[0])
		}
	}
	set(max.ID, sampleTime, 3, member.Hold{Role: 4}, member.Hold{Role: 5})
	m, err = s.members.Get(t.Context(), w.ID, "zoe")
	if err != nil || len(m.Roles) != 2 || m.Roles[0].Until != nil || m.Roles[0].By != "acme" || m.Roles[1].By != "max" || !m.Roles[1].At.Equal(sampleTime) {
		t.Errorf("an end taken away, and a role that was over given again: %+v %v", m.Roles, err)
	}
}

func grantsElsewhereEnd(t *testing.T, s stores) {
	zoe, max := s.user(t, "zoe"), s.user(t, "max")
	g := s.group(t, "analysts", zoe.ID)
	at := func(days int) time.Time { return sampleTime.AddDate(0, 0, days) }
	s.do(t, func(ctx context.Context) error {
		return errors.Join(
			s.tenantRoles.Grant(ctx, home, zoe.ID, 4, 1, sampleTime, at(3)),
			s.tenantRoles.Grant(ctx, home, zoe.ID, 2, 1, sampleTime, time.Time{}),
			s.tenantRoles.Grant(ctx, "eu-central-1", g.ID, 2, 1, sampleTime, at(1)),
			s.tenantRoles.Grant(ctx, home, max.ID, 4, 1, sampleTime, at(1)),
			s.policies.Attach(ctx, 1, zoe.ID, 1, sampleTime, at(2)),
			s.policies.Attach(ctx, 1, max.ID, 1, sampleTime, at(2)))
	})
	found, err := s.members.EndingElsewhere(t.Context(), zoe.ID, sampleTime, at(3))
	var got []string
	for _, e := range found {
		got = append(got, fmt.Sprintf("%s %s %s %s %v %v", e.Grant, e.Region, e.User, e.Code, e.Name != "", e.Until.Sub(sampleTime).Hours()))
	}
	want := []string{"tenant-role eu-central-1 analysts tenant_admin true 24", "tenant-role cn-hangzhou zoe tenant_security_admin true 72", "policy  zoe  true 48"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("zoe's end: %q (%v)", got, err)
	}
	if none, err := s.members.EndingElsewhere(t.Context(), zoe.ID, at(3), at(9)); err != nil || len(none) != 0 {
		t.Errorf("what is over ends: %+v (%v)", none, err)
	}
}

func groupsHandOn(t *testing.T, s stores) {
	zoe, max, ida := s.user(t, "zoe"), s.user(t, "max"), s.user(t, "ida")
	g := s.group(t, "analysts", zoe.ID, max.ID)
	if g.Version != 2 || !slices.Equal(g.Members, []string{"max", "zoe"}) || g.Policies != 0 {
		t.Errorf("made %+v", g)
	}
	w := s.workspace(t, home, "sales_dw", ida.ID)
	s.add(t, w.ID, g.ID, 2)
	page, err := s.directory.List(t.Context(), list.Query{Filter: list.ParseFilter("name:zoe")})
	if err != nil || len(page.Items) != 1 || !slices.Equal(page.Items[0].Groups, []string{"analysts"}) || page.Items[0].Workspaces != 1 || page.Items[0].FullAccess {
		t.Errorf("a user in a group is %+v %v", page.Items, err)
	}
	groups, err := s.directory.Groups(t.Context(), list.Query{Count: true})
	if err != nil || groups.Total != 1 || groups.Items[0].Workspaces != 1 {
		t.Errorf("the groups are %+v %v", groups, err)
	}
	if m, err := s.members.Get(t.Context(), w.ID, "analysts"); err != nil || m.Kind != "group" {
		t.Errorf("as a member the group is %+v %v", m, err)
	}
	for _, c := range []struct {
		without []access.PrincipalID
		want    int
	}{{nil, 3}, {[]access.PrincipalID{ida.ID}, 2}, {[]access.PrincipalID{g.ID}, 1}, {[]access.PrincipalID{zoe.ID, ida.ID}, 2}} {
		if n, err := s.members.AdministratorsBeside(t.Context(), w.ID, c.without); err != nil || n != c.want {
			t.Errorf("%d administrators beside %v %v, want %d", n, c.without, err, c.want)
		}
	}
	counts, err := s.regions.WorkspaceCounts(t.Context(), zoe.ID)
	if err != nil || counts[home] != 1 {
		t.Errorf("joined through a group: %v %v", counts, err)
	}
	scoped := s.compile(t, control.Scope{Workspace: w.ID, Principal: zoe.ID}, sampleTime)
	if !scoped.Administers(w.ID, zoe.ID) || !scoped.IsMember(w.ID, zoe.ID) {
		t.Error("a member of the group does not hold what the group holds")
	}
	s.do(t, func(ctx context.Context) error {
		if _, err := s.directory.AttachFullAccess(ctx, g.ID, 1, sampleTime); err != nil {
			return err
		}
		stale, err := s.directory.SetGroupMembers(ctx, g.ID, nil, []access.PrincipalID{max.ID}, 1, sampleTime, 1)
		if err := wanted(err, stale, false); err != nil {
			return err
		}
		ok, err := s.directory.SetGroupMembers(ctx, g.ID, []access.PrincipalID{zoe.ID}, []access.PrincipalID{max.ID}, 1, sampleTime, 2)
		return wanted(err, ok, true)
	})
	if got, err := s.directory.Group(t.Context(), "Analysts"); err != nil || !slices.Equal(got.Members, []string{"zoe"}) || got.Policies != 1 {
		t.Errorf("changed to %+v %v", got, err)
	}
	page, err = s.directory.List(t.Context(), list.Query{})
	for _, u := range page.Items {
		if want := u.Name == "zoe" || u.Name == "analysts"; u.FullAccess != want {
			t.Errorf("%s has full access: %v %v", u.Name, u.FullAccess, err)
		}
	}
	if got := s.compile(t, control.Scope{Principal: zoe.ID}, sampleTime).Power(zoe.ID); got != access.PowerFullAccess {
		t.Errorf("through the group zoe has the power %d", got)
	}
	_, err = s.directory.Group(t.Context(), "zoe")
	wantNotFound(t, err, "user_group")
	for _, c := range []struct {
		disabled access.PrincipalID
		want     int
	}{{ida.ID, 1}, {zoe.ID, 1}, {g.ID, 1}} { // a group that is disabled hands nothing on
		s.do(t, func(ctx context.Context) error { return s.directory.SetDisabled(ctx, c.disabled, sampleTime) })
		if n, err := s.members.AdministratorsBeside(t.Context(), w.ID, nil); err != nil || n != c.want {
			t.Errorf("%d administrators beside the disabled %d %v, want %d", n, c.disabled, err, c.want)
		}
		s.do(t, func(ctx context.Context) error { return s.directory.SetDisabled(ctx, c.disabled, time.Time{}) })
	}
}

func tenantRoleLife(t *testing.T, s stores) {
	zoe := s.user(t, "zoe")
	target, err := s.tenantRoles.Region(t.Context(), " CN-Hangzhou ")
	if err != nil || target.Region != home || target.Workspace != 0 {
		t.Errorf("the region is %+v %v", target, err)
	}
	_, err = s.tenantRoles.Region(t.Context(), "cn-hangzhu")
	wantNotFound(t, err, "region", home)
	var r tenantrole.Role
	s.do(t, func(ctx context.Context) (err error) {
		r, err = s.tenantRoles.Insert(ctx, home, tenantrole.Role{TenantRole: access.TenantRole{Name: "Readers", Capabilities: access.CapabilitySet(access.DataMapUse, access.DataGovernanceUse)},
			CreatedAt: sampleTime, ModifiedAt: sampleTime}, 1)
		return err
	})
	if r.ID < 1000 || r.Code == "" || r.Region != home || r.Kind != access.Custom || !r.Assignable || r.Capabilities.List()[1] != access.DataGovernanceUse || r.Version != 1 {
		t.Errorf("made %+v", r)
	}
	s.do(t, func(ctx context.Context) error {
		if _, err := s.tenantRoles.Insert(ctx, "eu-central-1", tenantrole.Role{TenantRole: access.TenantRole{Name: "Readers"}}, 1); err != nil {
			return err
		}
		stale, err := s.tenantRoles.SetCapabilities(ctx, r.ID, 0, 7, 1, sampleTime)
		if err := wanted(err, stale, false); err != nil {
			return err
		}
		ok, err := s.tenantRoles.SetCapabilities(ctx, r.ID, access.CapabilitySet(access.DataMapUse), 1, zoe.ID, sampleTime.Add(time.Hour))
		if err := wanted(err, ok, true); err != nil {
			return err
		}
		return errors.Join(s.tenantRoles.Grant(ctx, home, zoe.ID, r.ID, 1, sampleTime, time.Time{}), s.tenantRoles.Grant(ctx, home, 1, r.ID, 1, sampleTime, sampleTime))
	})
	all, err := s.tenantRoles.List(t.Context(), home)
	if err != nil || len(all) != 10 || all[9].Capabilities != access.CapabilitySet(access.DataMapUse) || all[9].ModifiedBy != "zoe" || all[9].Version != 2 || all[9].Holders != 1 {
		t.Errorf("the roles are %+v %v", all, err)
	}
	names, err := s.tenantRoles.Holders(t.Context(), home, r.ID, sampleTime, 5)
	if err != nil || !slices.Equal(names, []string{"zoe"}) {
		t.Errorf("held by %v %v", names, err)
	}
	s.do(t, func(ctx context.Context) error {
		ok, err := s.tenantRoles.Delete(ctx, r.ID, 2)
		return wanted(err, ok, true)
	})
	state, err := s.tenantRoles.AccessState(t.Context(), control.Scope{Region: home})
	if err != nil || len(state.TenantGrants) != 0 || len(state.TenantRoles) != 9 {
		t.Errorf("after deleting it: %+v %v", state, err)
	}
}

func tenantMembers(t *testing.T, s stores) {
	zoe := s.user(t, "zoe")
	g := s.group(t, "analysts", zoe.ID)
	end := sampleTime.Add(time.Hour)
	s.do(t, func(ctx context.Context) error {
		return errors.Join(
			s.tenantRoles.Grant(ctx, home, zoe.ID, 4, 1, sampleTime, end),
			s.tenantRoles.Grant(ctx, home, zoe.ID, 4, zoe.ID, sampleTime, end.Add(time.Hour)),
			s.tenantRoles.Grant(ctx, home, g.ID, 2, 1, sampleTime, time.Time{}),
			s.tenantRoles.Grant(ctx, "eu-central-1", zoe.ID, 5, 1, sampleTime, time.Time{}))
	})
	m, err := s.tenantRoles.Member(t.Context(), home, sampleTime, "ZOE")
	if err != nil || m.Automatic != tenantrole.MemberRole || len(m.Roles) != 1 || m.Roles[0].Code != "tenant_security_admin" || m.Roles[0].By != "zoe" ||
		m.Roles[0].Until == nil || !m.Roles[0].Until.Equal(end.Add(time.Hour)) {
		t.Errorf("zoe is %+v %v", m, err)
	}
	page, err := s.tenantRoles.Members(t.Context(), home, end.Add(time.Hour), list.Query{Count: true})
	if err != nil || page.Total != 3 || page.Items[0].Automatic != tenantrole.OwnerRole || page.Items[1].Automatic != "" || len(page.Items[1].Roles) != 1 || len(page.Items[2].Roles) != 0 {
		t.Errorf("the members are %+v %v", page, err)
	}
	if !s.compile(t, control.Scope{Region: home, Principal: zoe.ID}, sampleTime).AdministersTenant(home, zoe.ID) {
		t.Error("a member of a group that holds tenant administrator does not administer")
	}
	s.do(t, func(ctx context.Context) error {
		return errors.Join(s.tenantRoles.Revoke(ctx, home, zoe.ID, 4), s.tenantRoles.Revoke(ctx, home, zoe.ID, 4))
	})
	if m, err := s.tenantRoles.Member(t.Context(), home, sampleTime, "zoe"); err != nil || len(m.Roles) != 0 {
		t.Errorf("after taking it away: %+v %v", m, err)
	}
	_, err = s.tenantRoles.Member(t.Context(), home, sampleTime, "zo")
	wantNotFound(t, err, "user", "zoe")
}

func policyLife(t *testing.T, s stores) {
	zoe := s.user(t, "zoe")
	deny := access.Statement{Deny: true, Actions: []string{"dataworks:*"}, Resources: []string{"*"}, Scopes: []string{access.ScopePage}}
	var p policy.Policy
	s.do(t, func(ctx context.Context) (err error) {
		p, err = s.policies.Insert(ctx, policy.Policy{Document: access.Document{Name: "No entry", Statements: []access.Statement{deny}}, CreatedAt: sampleTime, ModifiedAt: sampleTime}, 1)
		return err
	})
	if p.ID < 1000 || p.System || p.Version != 1 || p.CreatedBy != "acme" || len(p.Statements) != 1 || !p.Statements[0].Deny || !slices.Equal(p.Statements[0].Scopes, deny.Scopes) {
		t.Errorf("made %+v", p)
	}
	end := sampleTime.Add(time.Hour)
	s.do(t, func(ctx context.Context) error {
		return errors.Join(s.policies.Attach(ctx, p.ID, zoe.ID, 1, sampleTime, time.Time{}), s.policies.Attach(ctx, p.ID, zoe.ID, 1, sampleTime, end),
			s.policies.Attach(ctx, fullAccessPolicy, zoe.ID, 1, sampleTime, time.Time{}), s.policies.Detach(ctx, p.ID, 1))
	})
	for at, want := range map[time.Time]bool{end.Add(-time.Second): true, end: false} {
		found, err := s.policies.Attachments(t.Context(), p.ID, 0, at)
		if err != nil || len(found) == 1 != want {
			t.Errorf("attached: %+v %v", found, err)
		}
		for _, scope := range []control.Scope{{Principal: zoe.ID}, {Everything: true}} {
			if got := s.compile(t, scope, at).Barred(zoe.ID, access.ScopePage); got != want {
				t.Errorf("barred at %v in %+v: %v", at, scope, got)
			}
		}
	}
	found, err := s.policies.Attachments(t.Context(), 0, zoe.ID, sampleTime)
	if err != nil || len(found) != 2 || found[0].Name != "AliyunDataWorksFullAccess" || found[1].Name != "No entry" || found[1].User != "zoe" || found[1].Kind != "ram-user" || found[1].Until == nil {
		t.Errorf("zoe has %+v %v", found, err)
	}
	s.do(t, func(ctx context.Context) error {
		stale, err1 := s.policies.SetStatements(ctx, p.ID, nil, 7, 1, sampleTime)
		keep := deny
		keep.Deny = false
		ok, err2 := s.policies.SetStatements(ctx, p.ID, []access.Statement{keep}, 1, zoe.ID, sampleTime)
		if stale || !ok {
			t.Errorf("a stale version %v, the current one %v", stale, ok)
		}
		return errors.Join(err1, err2)
	})
	all, err := s.policies.List(t.Context(), sampleTime)
	if err != nil || len(all) != 5 || all[0].Attached != 1 || all[4].Attached != 1 || all[4].Version != 2 || all[4].ModifiedBy != "zoe" || all[4].Statements[0].Deny {
		t.Errorf("the policies are %+v %v", all, err)
	}
	s.do(t, func(ctx context.Context) error {
		ok, err := s.policies.Delete(ctx, p.ID, 2)
		return wanted(err, ok, true)
	})
	if found, err := s.policies.Attachments(t.Context(), 0, 0, sampleTime); err != nil || len(found) != 1 {
		t.Errorf("after deleting it: %+v %v", found, err)
	}
}

func engineLife(t *testing.T, s stores) {
	zoe := s.user(t, "zoe")
	w := s.workspace(t, home, "sales_dw")
	r := s.role(t, w.ID, "reader")
	s.add(t, w.ID, zoe.ID, r.ID)
	var odps engine.Engine
	s.do(t, func(ctx context.Context) (err error) {
		if odps, err = s.engines.Insert(ctx, w.ID, engine.Engine{Engine: access.Engine{Name: "odps", Type: access.MaxCompute, DevIdentity: "d", ProdIdentity: "p"}}); err != nil {
			return err
		}
		emr, err := s.engines.Insert(ctx, w.ID, engine.Engine{Engine: access.Engine{Name: "emr", Type: access.EMR}})
		if err != nil {
			return err
		}
		stale, err1 := s.engines.MapRole(ctx, odps.ID, r.ID, "Role_Project_Dev", 7)
		okR, err2 := s.engines.MapRole(ctx, odps.ID, r.ID, "Role_Project_Pe", 1)
		okR2, err3 := s.engines.MapRole(ctx, odps.ID, r.ID, "Role_Project_Dev", 2)
		okA, err4 := s.engines.MapAccount(ctx, emr.ID, zoe.ID, "zoe_ldap", 1)
		if stale || !okR || !okR2 || !okA {
			t.Errorf("stale %v, mapped %v %v %v", stale, okR, okR2, okA)
		}
		return errors.Join(err1, err2, err3, err4)
	})
	if odps.ID == 0 || odps.Version != 1 || odps.Workspace != w.ID || odps.DevIdentity != "d" || odps.ProdIdentity != "p" {
		t.Errorf("made %+v", odps)
	}
	found, err := s.engines.List(t.Context(), w.ID)
	if err != nil || len(found) != 2 || found[0].Type != access.EMR || found[0].Accounts[0] != (engine.AccountMapping{Principal: zoe.ID, User: "zoe", Account: "zoe_ldap"}) ||
		found[1].Version != 3 || len(found[1].Roles) != 1 || found[1].Roles[0].EngineRole != "Role_Project_Dev" || found[1].Roles[0].Name != "reader" {
		t.Errorf("the engines are %+v %v", found, err)
	}
	for _, scope := range []control.Scope{{Workspace: w.ID}, {Workspace: w.ID, Principal: zoe.ID}, {Everything: true}} {
		state, err := s.gate.AccessState(t.Context(), scope)
		if err != nil || len(state.Engines) != 2 || len(state.EngineMappings) != 1 || len(state.AccountMappings) != 1 {
			t.Errorf("read in %+v: %+v %+v %+v %v", scope, state.Engines, state.EngineMappings, state.AccountMappings, err)
		}
	}
	s.do(t, func(ctx context.Context) error {
		ok, err := s.engines.MapRole(ctx, odps.ID, r.ID, "", 3)
		return errors.Join(wanted(err, ok, true), s.members.RemoveAll(ctx, w.ID, []access.PrincipalID{zoe.ID}))
	})
	if found, err = s.engines.List(t.Context(), w.ID); err != nil || len(found[0].Accounts)+len(found[1].Roles) != 0 {
		t.Errorf("after taking the mappings away: %+v %v", found, err)
	}
	s.do(t, func(ctx context.Context) error {
		stale, err1 := s.engines.Delete(ctx, odps.ID, 3)
		ok, err2 := s.engines.Delete(ctx, odps.ID, 4)
		if stale || !ok {
			t.Errorf("a stale version %v, the current one %v", stale, ok)
		}
		return errors.Join(err1, err2)
	})
}

func ruleIsKept(t *testing.T, s stores) {
	for _, rule := range []access.Policy{access.Additive, access.Strict, access.Additive} {
		s.do(t, func(ctx context.Context) error { return s.tenants.SetRule(ctx, rule) })
		got, err := s.tenants.Rule(t.Context())
		state, errState := s.gate.AccessState(t.Context(), control.Scope{})
		if err := errors.Join(err, errState); err != nil || got != rule || state.Policy != rule {
			t.Errorf("the rule is %d and decides as %d %v, want %d", got, state.Policy, err, rule)
		}
	}
}
