package tenant_test

import (
	"errors"
	"testing"

	"reeve/core/access"
	"reeve/core/fault"
	"reeve/core/member"
	"reeve/core/role"
	"reeve/core/tenant"
	"reeve/storage"
	"reeve/storage/storagetest"
)

func reason(err error) string {
	var invalid *fault.Invalid
	if errors.As(err, &invalid) {
		return invalid.Fields[0].Text.ID
	}
	var f fault.Fault
	if !errors.As(err, &f) {
		return ""
	}
	return f.Text().ID
}

func TestTheRuleReachesEveryWorkspace(t *testing.T) {
	w := storagetest.Open(t)
	w.Users("ann", "bob")
	rules := tenant.New(w.Gate, storage.NewTenants(w.DB), func(string) error { return nil }, nil)
	members := member.New(w.Gate, storage.NewMembers(w.DB, w.Builtins))
	roles := role.New(w.Gate, storage.NewRoles(w.DB, w.Builtins))
	for _, name := range []string{"sales", "stock"} {
		ref := w.Workspace(name, "ann")
		if _, err := roles.Create(w.As("ann"), ref, "No Studio", access.AllWorkspace(access.Read).With(access.DataStudio, access.None)); err != nil {
			t.Fatal(err)
		}
		if _, err := members.Add(w.As("ann"), ref, member.Batch{Users: []string{"bob"}, Roles: []string{"develop", "No Studio"}}); err != nil {
			t.Fatal(err)
		}
	}
	owner := w.As(storagetest.Owner)
	if now, err := rules.Rule(w.As("bob")); err != nil || now != tenant.Additive {
		t.Fatalf("the rule is %q (%v)", now, err)
	}
	out, err := rules.PreviewSetRule(owner, tenant.Strict)
	if err != nil || len(out.Effect.Losses) != 2 {
		t.Errorf("the preview tells %+v (%v), want a loss in both workspaces", out.Effect.Losses, err)
	}
	if now, err := rules.Rule(owner); err != nil || now != tenant.Additive {
		t.Errorf("the preview was kept: %q (%v)", now, err)
	}
	if now, err := rules.SetRule(owner, " STRICT "); err != nil || now != tenant.Strict {
		t.Errorf("set to %q (%v)", now, err)
	}
	if now, err := rules.Rule(owner); err != nil || now != tenant.Strict {
		t.Errorf("the rule is %q (%v)", now, err)
	}
	if _, err := rules.SetRule(owner, "loose"); reason(err) != "fault.tenant.rule" {
		t.Errorf("took a rule that is none: %v", err)
	}
	if _, err := rules.SetRule(w.As("ann"), tenant.Additive); reason(err) != "denied.full_access" {
		t.Errorf("changed by an administrator of workspaces: %v", err)
	}
}
