package tenantrole_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/tenantrole"
	"reeve/storage"
	"reeve/storage/storagetest"
)

func open(t *testing.T, users ...string) (*storagetest.World, *tenantrole.Service) {
	t.Helper()
	w := storagetest.Open(t)
	w.Users(users...)
	return w, tenantrole.New(w.Gate, storage.NewTenantRoles(w.DB, w.Builtins))
}

const home = storagetest.Home

func reason(err error) string {
	var f fault.Fault
	if !errors.As(err, &f) {
		return ""
	}
	var invalid *fault.Invalid
	if errors.As(err, &invalid) {
		return invalid.Fields[0].Text.ID
	}
	return f.Text().ID
}

func grant(t *testing.T, w *storagetest.World, s *tenantrole.Service, user, role string) {
	t.Helper()
	if _, err := s.Grant(w.As(storagetest.Owner), home, tenantrole.Batch{Users: []string{user}, Roles: []string{role}}); err != nil {
		t.Fatal(err)
	}
}

func TestTheNineBuiltinRolesNeverChange(t *testing.T) {
	w, s := open(t, "ann")
	roles, err := s.List(w.As("ann"), home)
	if err != nil || len(roles) != 9 {
		t.Fatalf("%d roles (%v), want 9", len(roles), err)
	}
	for _, r := range roles {
		if _, err := s.Set(w.As(storagetest.Owner), home, r.Code, tenantrole.Edit{}); reason(err) != "fault.role.builtin" {
			t.Errorf("%s could be changed: %v", r.Code, err)
		}
		if _, err := s.Delete(w.As(storagetest.Owner), home, r.Name, tenantrole.Removal{}); reason(err) != "fault.role.builtin" {
			t.Errorf("%s could be deleted: %v", r.Code, err)
		}
	}
}

func TestWhoMayGrant(t *testing.T) {
	w, s := open(t, "ann", "bob", "carol")
	grant(t, w, s, "ann", "tenant administrator")
	for _, c := range []struct{ by, role, want string }{
		{"bob", "tenant_security_admin", "denied.tenant_admin"},
		{"ann", "tenant_security_admin", ""},
		{"ann", "Tenant Administrator", ""}, // another tenant administrator may
		{storagetest.Owner, "tenant_owner", "fault.tenantrole.not_assignable"},
		{storagetest.Owner, "Tenant Member", "fault.tenantrole.not_assignable"},
		{storagetest.Owner, "no such", "fault.tenantrole.unknown"},
	} {
		_, err := s.Grant(w.As(c.by), home, tenantrole.Batch{Users: []string{"carol"}, Roles: []string{c.role}})
		if got := reason(err); got != c.want {
			t.Errorf("%s grants %s: %v, want %q", c.by, c.role, err, c.want)
		}
	}
	// Roles are held per region: an administrator of one is nobody in another.
	_, err := s.Grant(w.As("ann"), storagetest.Small, tenantrole.Batch{Users: []string{"carol"}, Roles: []string{"tenant_admin"}})
	if reason(err) != "denied.tenant_admin" {
		t.Errorf("granted in another region: %v", err)
	}
}

func TestCustomRolesNeedTheirEdition(t *testing.T) {
	w, s := open(t)
	_, err := s.Create(w.As(storagetest.Owner), storagetest.Small, "Readers", access.CapabilitySet(access.DataMapUse))
	if reason(err) != "denied.edition" {
		t.Errorf("created in the Basic Edition: %v", err)
	}
}

func TestCustomRoleIsCheckedAsItIsMade(t *testing.T) {
	w, s := open(t)
	ctx := w.As(storagetest.Owner)
	if _, err := s.Create(ctx, home, "Map Readers", access.CapabilitySet(access.DataMapUse)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		caps access.Capabilities
		want string
	}{
		{"map readers", 0, "fault.role.name.taken"},
		{"Tenant-Owner", 0, "fault.role.name.taken"}, // a spelling of a built-in role
		{"1st", 0, "fault.role.name.form"},
		{"Managers", access.CapabilitySet(access.SecurityCenterManage), "fault.tenantrole.capability"},
		{"Nothing", 0, ""},
	} {
		if _, err := s.Create(ctx, home, c.name, c.caps); reason(err) != c.want {
			t.Errorf("create %q: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestAHeldRoleStaysUnlessTakenAway(t *testing.T) {
	w, s := open(t, "ann", "bob")
	ctx := w.As(storagetest.Owner)
	if _, err := s.Create(ctx, home, "Map Readers", access.CapabilitySet(access.DataMapUse)); err != nil {
		t.Fatal(err)
	}
	grant(t, w, s, "ann", "Map Readers")
	grant(t, w, s, "bob", "map readers")
	_, err := s.Delete(ctx, home, "Map Readers", tenantrole.Removal{})
	var refused *fault.Refused
	if !errors.As(err, &refused) || !slices.Equal(refused.Named, []string{"ann", "bob"}) {
		t.Fatalf("deleted, or refused without its holders: %v", err)
	}
	out, err := s.PreviewDelete(ctx, home, "Map Readers", tenantrole.Removal{TakeAway: true})
	if err != nil || len(out.Effect.TenantGains) == 0 {
		t.Errorf("the preview tells nothing of what tenant members may do again: %+v (%v)", out.Effect, err)
	}
	if _, err := s.Delete(ctx, home, "Map Readers", tenantrole.Removal{TakeAway: true}); err != nil {
		t.Fatal(err)
	}
	if m := member(t, w, s, "ann"); len(m.Roles) != 0 || m.Automatic != tenantrole.MemberRole {
		t.Errorf("ann still is %+v", m)
	}
}

func TestVersionsConflict(t *testing.T) {
	w, s := open(t)
	ctx := w.As(storagetest.Owner)
	if _, err := s.Create(ctx, home, "Readers", access.CapabilitySet(access.DataMapUse)); err != nil {
		t.Fatal(err)
	}
	edit := tenantrole.Edit{Capabilities: access.CapabilitySet(access.SecurityCenterUse), Version: 1}
	r, err := s.Set(ctx, home, "Readers", edit)
	if err != nil || r.Version != 2 || r.Capabilities != edit.Capabilities {
		t.Fatalf("set to %+v (%v)", r, err)
	}
	edit.Capabilities = 0
	var conflict *fault.Conflict
	if _, err := s.Set(ctx, home, "Readers", edit); !errors.As(err, &conflict) || conflict.Now != 2 {
		t.Errorf("an old version was taken: %v", err)
	}
}

func TestAPreviewKeepsNothing(t *testing.T) {
	w, s := open(t, "ann")
	out, err := s.PreviewGrant(w.As(storagetest.Owner), home, tenantrole.Batch{Users: []string{"ann"}, Roles: []string{"tenant_security_admin"}})
	if err != nil || len(out.Effect.TenantGains) == 0 {
		t.Fatalf("no gains: %+v (%v)", out.Effect, err)
	}
	if m := member(t, w, s, "ann"); len(m.Roles) != 0 {
		t.Errorf("the preview was kept: %+v", m)
	}
}

func TestNobodyLiftsOrLocksOutThemselves(t *testing.T) {
	w, s := open(t, "ann")
	grant(t, w, s, "ann", "tenant_admin")
	mine := tenantrole.Batch{Users: []string{"ann"}, Roles: []string{"tenant_admin"}}
	if _, err := s.Revoke(w.As("ann"), home, mine); reason(err) != "fault.own.loss" {
		t.Errorf("ann took her own administration away: %v", err)
	}
	if _, err := s.PreviewRevoke(w.As("ann"), home, mine); err != nil {
		t.Errorf("the preview, which tells of it, was refused: %v", err)
	}
	mine.OwnLoss = true
	if _, err := s.Revoke(w.As("ann"), home, mine); err != nil {
		t.Errorf("refused although it was meant: %v", err)
	}
}

func TestNobodyGrantsMoreThanTheyHold(t *testing.T) {
	w, s := open(t, "ann", "bob")
	owner := w.As(storagetest.Owner)
	for name, caps := range map[string]access.Capabilities{"Map Only": access.CapabilitySet(access.DataMapUse), "Approvers": access.CapabilitySet(access.DataMapUse)} {
		if _, err := s.Create(owner, home, name, caps); err != nil {
			t.Fatal(err)
		}
	}
	grant(t, w, s, "ann", "tenant_admin")
	grant(t, w, s, "ann", "Map Only")
	grant(t, w, s, "bob", "Approvers")
	w.Write(func(ctx context.Context) error { return storage.NewTenants(w.DB).SetRule(ctx, access.Strict) })
	for role, want := range map[string]string{"tenant_security_admin": "fault.own.exceeds", "Map Only": ""} {
		if _, err := s.Grant(w.As("ann"), home, tenantrole.Batch{Users: []string{"bob"}, Roles: []string{role}}); reason(err) != want {
			t.Errorf("ann grants %s: %v, want %q", role, err, want)
		}
	}
	more := tenantrole.Edit{Capabilities: access.CapabilitySet(access.DataMapUse, access.ApprovalCenterManage)}
	if _, err := s.Set(w.As("ann"), home, "Approvers", more); reason(err) != "fault.own.exceeds" {
		t.Errorf("ann gave bob more than she holds by an edit: %v", err)
	}
	if _, err := s.Set(w.As("ann"), home, "Map Only", more); reason(err) != "fault.own.raise" {
		t.Errorf("ann raised her own rights by an edit: %v", err)
	}
	if _, err := s.Set(owner, home, "Approvers", more); err != nil {
		t.Errorf("the account may not: %v", err)
	}
}

func TestARoleUntilATime(t *testing.T) {
	w, s := open(t, "ann")
	batch := tenantrole.Batch{Users: []string{"ann"}, Roles: []string{"tenant_admin"}, Until: w.Now()}
	if _, err := s.Grant(w.As(storagetest.Owner), home, batch); reason(err) != "fault.until.past" {
		t.Errorf("granted until now: %v", err)
	}
	batch.Until = w.Now().Add(time.Hour)
	if _, err := s.Grant(w.As(storagetest.Owner), home, batch); err != nil {
		t.Fatal(err)
	}
	if m := member(t, w, s, "ann"); len(m.Roles) != 1 || m.Roles[0].Until == nil || !m.Roles[0].Until.Equal(batch.Until) {
		t.Errorf("ann holds %+v", m.Roles)
	}
	w.Pass(time.Hour)
	if m := member(t, w, s, "ann"); len(m.Roles) != 0 {
		t.Errorf("ann still holds %+v", m.Roles)
	}
	if _, err := s.Grant(w.As("ann"), home, tenantrole.Batch{Users: []string{"ann"}, Roles: []string{"tenant_admin"}}); reason(err) != "denied.tenant_admin" {
		t.Errorf("an ended administrator granted: %v", err)
	}
}

func member(t *testing.T, w *storagetest.World, s *tenantrole.Service, name string) tenantrole.Member {
	t.Helper()
	page, err := s.Members(w.As(name), home, list.Query{Filter: list.ParseFilter("name:" + name)})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("members %+v (%v)", page.Items, err)
	}
	return page.Items[0]
}

func TestEverybodyIsTenantMember(t *testing.T) {
	w, s := open(t, "ann")
	page, err := s.Members(w.As("ann"), home, list.Query{})
	if err != nil || len(page.Items) != 2 {
		t.Fatalf("%d members (%v)", len(page.Items), err)
	}
	for _, m := range page.Items {
		want := tenantrole.MemberRole
		if m.Name == storagetest.Owner {
			want = tenantrole.OwnerRole
		}
		if m.Automatic != want {
			t.Errorf("%s is %q, want %q", m.Name, m.Automatic, want)
		}
	}
}

func TestANarrowedSessionGrantsNothing(t *testing.T) {
	w, s := open(t, "ann", "bob")
	grant(t, w, s, "ann", "tenant_admin")
	by, _ := control.ActorOf(w.As("ann"))
	by.Only = []string{"visitor"}
	_, err := s.Grant(control.WithActor(t.Context(), by), home, tenantrole.Batch{Users: []string{"bob"}, Roles: []string{"tenant_admin"}})
	if reason(err) != "denied.tenant_admin" {
		t.Errorf("granted with %v alone: %v", by.Only, err)
	}
}
