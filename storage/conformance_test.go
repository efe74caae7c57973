package storage

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/audit"
	"reeve/core/bootstrap"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/engine"
	"reeve/core/fault"
	"reeve/core/group"
	"reeve/core/keeper"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/policy"
	"reeve/core/question"
	"reeve/core/region"
	"reeve/core/request"
	"reeve/core/role"
	"reeve/core/source"
	"reeve/core/tenant"
	"reeve/core/tenantrole"
	"reeve/core/workspace"
)

// stores are all stores of one database that has a tenant in cn-hangzhou and eu-central-1, owned by acme with the id 1.
type stores struct {
	gate        control.Store
	workspaces  workspace.Store
	members     member.Store
	roles       role.Store
	regions     region.Store
	tenants     tenant.Store
	directory   directory.Store
	questions   question.Store
	audit       audit.Store
	tenantRoles tenantrole.Store
	policies    policy.Store
	engines     engine.Store
	groups      group.Store
	keepers     keeper.Store
	sources     source.Store
	runs        bootstrap.Store
	requests    request.Store
	// fill adds sample data to cn-hangzhou.
	fill func(t testing.TB, f Fill)
}

func openStores(t *testing.T) stores {
	db := openTenant(t, filepath.Join(t.TempDir(), "a.db"))
	b := builtins(t)
	return stores{NewGateStore(db, b), NewWorkspaces(db), NewMembers(db, b), NewRoles(db, b), NewRegions(db), NewTenants(db),
		NewDirectory(db), NewQuestions(db, b), NewAudit(db), NewTenantRoles(db, b), NewPolicies(db, b), NewEngines(db, b), NewGroups(db), NewKeepers(db),
		NewSources(db), NewBootstraps(db), NewAccessRequests(db),
		func(t testing.TB, f Fill) { fill(t, db, f) }}
}

func TestConformance(t *testing.T) { conformance(t, openStores) }

// conformance is what core expects of any storage. open makes new stores each time.
func conformance(t *testing.T, open func(t *testing.T) stores) {
	for name, check := range map[string]func(*testing.T, stores){
		"tenant": tenantIsMadeOnce, "users": usersAreFound, "workspace": workspaceLife, "versions": versionsConflict,
		"bin": binKeepsNames, "members": memberRoles, "many members": manyMembers, "roles": customRoleLife, "candidates": candidatesAreNotMembers,
		"places": placesAreFound, "near names": nearNamesDoNotLeak, "regions": regionsAreSaved, "requests": requestsAreKept,
		"ends": grantsEnd, "ends elsewhere": grantsElsewhereEnd, "groups": groupsHandOn, "tenant roles": tenantRoleLife, "tenant members": tenantMembers,
		"policies": policyLife, "engines": engineLife, "resource groups": groupLife, "what falls due of groups": groupDues, "keeper": keeperLease, "rule": ruleIsKept,
		"sources": sourceLife, "runs": runLife, "access requests": requestLife,
		"filters of people": filtersAgree, "audit view": auditViews, "audit search": auditSearch, "audit pages": auditPages, "unknown fields": unknownFieldsAreRefused,
	} {
		t.Run(name, func(t *testing.T) { check(t, open(t)) })
	}
	t.Run("sample", func(t *testing.T) {
		s := open(t)
		s.fill(t, Fill{Workspaces: 240, Memberships: 4000, Principals: 300, Seed: 11})
		for name, check := range map[string]func(*testing.T, stores){
			"workspace pages": workspacePages, "member pages": memberPages, "user pages": userPages, "scopes": scopesAgree,
			"tenant scopes": tenantScopesAgree, "wide scopes": wideScopesAgree, "tenant member pages": tenantMemberPages,
		} {
			t.Run(name, func(t *testing.T) { check(t, s) })
		}
	})
}

const home = "cn-hangzhou"

// do runs a change and fails the test if it fails.
func (s stores) do(t *testing.T, fn func(ctx context.Context) error) {
	t.Helper()
	if err := s.gate.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func (s stores) user(t *testing.T, name string) (u directory.User) {
	t.Helper()
	s.do(t, func(ctx context.Context) (err error) {
		u, err = s.directory.Insert(ctx, directory.User{Name: name, DisplayName: "D " + name, Kind: directory.RAMUser, CreatedAt: sampleTime})
		return err
	})
	return u
}

func (s stores) workspace(t *testing.T, region, name string, admins ...access.PrincipalID) (w workspace.Workspace) {
	t.Helper()
	s.do(t, func(ctx context.Context) (err error) {
		w, err = s.workspaces.Insert(ctx, workspace.Workspace{Region: region, Name: name, DisplayName: "Shown " + name, Mode: workspace.Simple,
			Template: workspace.AllFeatures, Status: workspace.Normal, CreatedAt: sampleTime}, 1, admins, 1)
		return err
	})
	return w
}

func (s stores) role(t *testing.T, ws access.WorkspaceID, name string) (r role.Role) {
	t.Helper()
	s.do(t, func(ctx context.Context) (err error) {
		r, err = s.roles.Insert(ctx, ws, role.Role{Role: access.Role{Name: name, Levels: access.AllWorkspace(access.Read).With(access.DataStudio, access.Write)},
			CreatedAt: sampleTime, ModifiedAt: sampleTime}, 1)
		return err
	})
	return r
}

func (s stores) add(t *testing.T, ws access.WorkspaceID, p access.PrincipalID, roles ...access.RoleID) {
	t.Helper()
	s.do(t, func(ctx context.Context) error {
		return s.members.AddAll(ctx, ws, []member.Assignment{{Member: p, Roles: holds(roles...)}}, 1, sampleTime)
	})
}

// holds are roles without an end.
func holds(roles ...access.RoleID) []member.Hold {
	list := make([]member.Hold, len(roles))
	for i, r := range roles {
		list[i].Role = r
	}
	return list
}

// wanted is err, or an error when ok is not as it should be.
func wanted(err error, ok, want bool) error {
	if err == nil && ok != want {
		err = errors.New("ok is wrong")
	}
	return err
}

func wantNotFound(t *testing.T, err error, what string, near ...string) {
	t.Helper()
	var missing *fault.NotFound
	if !errors.As(err, &missing) || missing.What != what || !slices.Equal(missing.Nearest, near) {
		t.Errorf("the error is %v %+v, want no %s, near %v", err, missing, what, near)
	}
}

func tenantIsMadeOnce(t *testing.T, s stores) {
	got, ok, err := s.tenants.Get(t.Context())
	if err != nil || !ok || got.Name != "Acme" || got.Owner != "acme" || got.OwnerID != 1 || len(got.Regions) != 2 || !got.CreatedAt.Equal(sampleTime) {
		t.Errorf("the tenant is %+v %v %v", got, ok, err)
	}
	if err := s.gate.Write(t.Context(), func(ctx context.Context) error {
		_, err := s.tenants.Init(ctx, tenant.Setup{Tenant: "Second", Owner: "other"}, sampleTime)
		return err
	}); err == nil {
		t.Error("a second tenant was made")
	}
	zoe := s.user(t, "zoe")
	s.do(t, func(ctx context.Context) error { _, err := s.directory.Map(ctx, zoe.ID, "z"); return err })
	for osUser, want := range map[string]string{"z": "zoe", "root": "acme", "nobody": "acme", "": "acme"} {
		if p, err := s.tenants.Acting(t.Context(), osUser); err != nil || p.Name != want {
			t.Errorf("%q acts as %+v (%v), want %s", osUser, p, err, want)
		}
	}
}

func usersAreFound(t *testing.T, s stores) {
	zoe := s.user(t, "Zoë")
	s.workspace(t, home, "sales_dw", zoe.ID)
	if p, err := s.directory.Named(t.Context(), " zOË "); err != nil || p.ID != zoe.ID || p.Power != access.PowerNone {
		t.Errorf("found %+v %v", p, err)
	}
	_, err := s.directory.Named(t.Context(), "Zoe")
	wantNotFound(t, err, "user", "Zoë")
	s.do(t, func(ctx context.Context) error {
		u, err := s.directory.Map(ctx, zoe.ID, "z")
		if err != nil || u.OSUser != "z" || u.Version != 2 || u.Workspaces != 1 || u.DisplayName != "D Zoë" {
			t.Errorf("mapped %+v", u)
		}
		if u, err = s.directory.Map(ctx, zoe.ID, ""); u.OSUser != "" {
			t.Errorf("still mapped to %q", u.OSUser)
		}
		return err
	})
	if _, ok, err := s.directory.Mapped(t.Context(), ""); ok || err != nil {
		t.Errorf("nobody is mapped to somebody: %v", err)
	}
	found, err := s.members.Principals(t.Context(), []string{"zoë", "acme"})
	if err != nil || len(found) != 2 || found[0].ID != zoe.ID || found[1].Power != access.PowerAccount {
		t.Errorf("found %+v %v", found, err)
	}
	_, err = s.workspaces.Principals(t.Context(), []string{"acme", "q"})
	wantNotFound(t, err, "user")
}

func workspaceLife(t *testing.T, s stores) {
	zoe, max := s.user(t, "zoe"), s.user(t, "max")
	w := s.workspace(t, home, "Sales_DW", zoe.ID, max.ID)
	if w.Owner != "acme" || w.CreatedBy != "acme" || !slices.Equal(w.Admins, []string{"max", "zoe"}) || w.Members != 3 || w.Version != 1 || w.Status != workspace.Normal {
		t.Errorf("made %+v", w)
	}
	w.DisplayName, w.Description, w.Status = "销售数据", "d", workspace.Disabled
	s.do(t, func(ctx context.Context) error { ok, err := s.workspaces.Update(ctx, w); return wanted(err, ok, true) })
	got, err := s.workspaces.Get(t.Context(), w.ID)
	if err != nil || got.DisplayName != "销售数据" || got.Description != "d" || got.Status != workspace.Disabled || got.Version != 2 {
		t.Errorf("changed to %+v %v", got, err)
	}
	for filter, want := range map[string]int{"售数据": 1, "shown": 0, "sales_dw": 1, "s_d": 1, "admin:zo": 1, "admin:acme": 0, "!admin:zo": 0, "owner:acme": 1} {
		page, err := s.workspaces.List(t.Context(), workspace.View{}, list.Query{Filter: list.ParseFilter(filter)})
		if err != nil || len(page.Items) != want {
			t.Errorf("%s finds %d (%v), want %d", filter, len(page.Items), err, want)
		}
	}
	c, err := s.workspaces.Contents(t.Context(), w.ID)
	if err != nil || c.Members != 2 || c.Grants != 2 || c.CustomRoles != 0 {
		t.Errorf("contains %+v %v", c, err)
	}
	counts, err := s.regions.WorkspaceCounts(t.Context(), zoe.ID)
	if err != nil || len(counts) != 1 || counts[home] != 1 {
		t.Errorf("counted %v %v", counts, err)
	}
}

func versionsConflict(t *testing.T, s stores) {
	zoe := s.user(t, "zoe")
	w := s.workspace(t, home, "sales_dw", zoe.ID)
	r := s.role(t, w.ID, "reader")
	s.do(t, func(ctx context.Context) error {
		stale := w
		stale.Version, stale.DisplayName = 7, "stale"
		okW, err1 := s.workspaces.Update(ctx, stale)
		okM, err2 := s.members.SetAll(ctx, w.ID, []member.Assignment{{Member: zoe.ID, Roles: holds(4), Version: 7}}, 1, sampleTime)
		okL, err3 := s.roles.SetLevels(ctx, r.ID, 0, 7, 1, sampleTime)
		okD, err4 := s.roles.Delete(ctx, r.ID, 7)
		okR, err5 := s.regions.Save(ctx, region.Active{ID: home, Edition: "basic"}, 7)
		okN, err6 := s.regions.Save(ctx, region.Active{ID: home, Edition: "basic"}, 0)
		if okW || okM || okL || okD || okR || okN {
			t.Errorf("stale versions were taken: %v %v %v %v %v %v", okW, okM, okL, okD, okR, okN)
		}
		return errors.Join(err1, err2, err3, err4, err5, err6)
	})
	got, err := s.workspaces.Get(t.Context(), w.ID)
	m, errM := s.members.Get(t.Context(), w.ID, "zoe")
	e, _, errE := s.gate.EditionOf(t.Context(), home)
	if err := errors.Join(err, errM, errE); err != nil || got.DisplayName == "stale" || m.Roles[0].ID != 2 || e != "enterprise" {
		t.Errorf("a stale write changed something: %+v %+v %v %v", got, m, e, err)
	}
}

func memberRoles(t *testing.T, s stores) {
	zoe, max := s.user(t, "zoe"), s.user(t, "max")
	w := s.workspace(t, home, "sales_dw", max.ID)
	r := s.role(t, w.ID, "reader")
	s.add(t, w.ID, zoe.ID, 4, r.ID)
	later := sampleTime.Add(time.Hour)
	s.do(t, func(ctx context.Context) error {
		ok, err := s.members.SetAll(ctx, w.ID, []member.Assignment{{Member: zoe.ID, Roles: holds(r.ID, 3), Version: 2}}, max.ID, later)
		return wanted(err, ok, true)
	})
	m, err := s.members.Get(t.Context(), w.ID, "ZOE")
	if err != nil || m.Version != 3 || m.AddedBy != "acme" || m.Kind != "ram-user" || !slices.Equal(m.RoleIDs(), []access.RoleID{3, r.ID}) {
		t.Fatalf("the member is %+v %v", m, err)
	}
	if a, c := m.Roles[0], m.Roles[1]; a.Code != "role_project_data_analyst" || a.By != "max" || !a.At.Equal(later) ||
		c.Name != "reader" || c.Code != r.Code || c.By != "acme" || !c.At.Equal(sampleTime) || c.Kind != access.Custom {
		t.Errorf("holds %+v", m.Roles)
	}
	for _, c := range []struct {
		without []access.PrincipalID
		want    int
	}{{nil, 1}, {[]access.PrincipalID{zoe.ID}, 1}, {[]access.PrincipalID{max.ID}, 0}} {
		if n, err := s.members.AdministratorsBeside(t.Context(), w.ID, c.without); err != nil || n != c.want {
			t.Errorf("%d administrators beside %v (%v), want %d", n, c.without, err, c.want)
		}
	}
	joined, err := s.members.Joined(t.Context(), w.ID, []access.PrincipalID{zoe.ID, 99})
	if err != nil || len(joined) != 1 || !joined[zoe.ID] {
		t.Errorf("joined %v %v", joined, err)
	}
	_, err = s.members.Get(t.Context(), w.ID, "zo")
	wantNotFound(t, err, "member", "zoe")
	s.do(t, func(ctx context.Context) error { return s.members.RemoveAll(ctx, w.ID, []access.PrincipalID{zoe.ID}) })
	state, err := s.roles.AccessState(t.Context(), control.Scope{Workspace: w.ID})
	if err != nil || len(state.Members) != 2 || len(state.Grants) != 2 {
		t.Errorf("after removing: %+v %v", state, err)
	}
}

func customRoleLife(t *testing.T, s stores) {
	zoe := s.user(t, "zoe")
	w := s.workspace(t, home, "sales_dw")
	r := s.role(t, w.ID, "Reader")
	if r.ID < 1000 || r.Code == "" || r.Version != 1 || r.CreatedBy != "acme" || r.Levels.Get(access.DataStudio) != access.Write || r.Levels.Get(access.DataQuality) != access.Read {
		t.Errorf("made %+v", r)
	}
	if other := s.role(t, w.ID, "Writer"); other.Code == r.Code {
		t.Error("two roles have the same code")
	}
	s.add(t, w.ID, zoe.ID, r.ID)
	s.do(t, func(ctx context.Context) error {
		ok, err := s.roles.SetLevels(ctx, r.ID, access.AllWorkspace(access.None), 1, zoe.ID, sampleTime.Add(time.Hour))
		return wanted(err, ok, true)
	})
	all, err := s.roles.List(t.Context(), w.ID)
	if err != nil || len(all) != 12 || all[0].Holders != 1 || all[10].Name != "Reader" || all[11].Name != "Writer" {
		t.Fatalf("the roles are %+v %v", all, err)
	}
	if got := all[10]; got.Version != 2 || got.Levels != 0 || got.ModifiedBy != "zoe" || !got.ModifiedAt.Equal(sampleTime.Add(time.Hour)) || got.Holders != 1 {
		t.Errorf("changed to %+v", got)
	}
	names, err := s.roles.Holders(t.Context(), w.ID, r.ID, 5)
	if err != nil || !slices.Equal(names, []string{"zoe"}) {
		t.Errorf("held by %v %v", names, err)
	}
	s.do(t, func(ctx context.Context) error { ok, err := s.roles.Delete(ctx, r.ID, 2); return wanted(err, ok, true) })
	m, err := s.members.Get(t.Context(), w.ID, "zoe")
	if err != nil || len(m.Roles) != 0 || m.Version != 3 {
		t.Errorf("after deleting the role: %+v %v", m, err)
	}
}

func candidatesAreNotMembers(t *testing.T, s stores) {
	zoe := s.user(t, "zoe")
	s.user(t, "max")
	w := s.workspace(t, home, "sales_dw", zoe.ID)
	page, err := s.members.Candidates(t.Context(), w.ID, list.Query{Count: true})
	if err != nil || len(page.Items) != 1 || page.Items[0].Name != "max" || page.Total != 1 {
		t.Errorf("candidates are %+v %v", page, err)
	}
}

func regionsAreSaved(t *testing.T, s stores) {
	s.do(t, func(ctx context.Context) error {
		ok, err := s.regions.Save(ctx, region.Active{ID: "us-west-1", Edition: "basic", ActivatedAt: sampleTime}, 0)
		ok2, err2 := s.regions.Save(ctx, region.Active{ID: home, Edition: "basic"}, 1)
		return wanted(errors.Join(err, err2), ok && ok2, true)
	})
	active, err := s.regions.Active(t.Context())
	if err != nil || len(active) != 3 || active[0] != (region.Active{ID: home, Edition: "basic", ActivatedAt: sampleTime, Version: 2}) {
		t.Errorf("active are %+v %v", active, err)
	}
	if _, ok, err := s.gate.EditionOf(t.Context(), "nowhere"); ok || err != nil {
		t.Errorf("nowhere has an edition: %v", err)
	}
}

func requestsAreKept(t *testing.T, s stores) {
	r := control.Request{ID: "R", Actor: 1, Action: "a.b", Target: "t", Result: []byte(`{"a":1}`), At: sampleTime}
	s.do(t, func(ctx context.Context) error { return s.gate.SaveRequest(ctx, r) })
	got, ok, err := s.gate.SavedRequest(t.Context(), "R")
	if err != nil || !ok || got.Actor != 1 || got.Action != "a.b" || got.Target != "t" || string(got.Result) != `{"a":1}` || !got.At.Equal(sampleTime) {
		t.Errorf("kept %+v %v %v", got, ok, err)
	}
	if err := s.gate.Write(t.Context(), func(ctx context.Context) error { return s.gate.SaveRequest(ctx, r) }); err == nil {
		t.Error("the same id was kept twice")
	}
	if _, ok, err := s.gate.SavedRequest(t.Context(), "r"); ok || err != nil {
		t.Errorf("another id was found: %v", err)
	}
	before, err := s.gate.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.do(t, func(ctx context.Context) error {
		n, err := s.gate.NextRevision(ctx)
		if n != before+1 {
			t.Errorf("revision %d after %d", n, before)
		}
		return err
	})
}

func unknownFieldsAreRefused(t *testing.T, s stores) {
	for _, q := range []list.Query{{Sort: list.Sort{Field: "1; DROP TABLE member"}}, {Filter: list.Filter{{Field: "x", Value: "y"}}}} {
		_, err1 := s.workspaces.List(t.Context(), workspace.View{}, q)
		_, err2 := s.members.List(t.Context(), 1, q)
		_, err3 := s.directory.List(t.Context(), q)
		_, err4 := s.audit.List(t.Context(), audit.View{}, audit.Search{Query: q})
		for _, err := range []error{err1, err2, err3, err4} {
			if fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("%+v: %v", q, err)
			}
		}
	}
}
