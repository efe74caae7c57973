package leaving_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"reeve/core/audit"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/engine"
	"reeve/core/leaving"
	"reeve/core/member"
	"reeve/core/policy"
	"reeve/core/token"
	"reeve/core/workspace"
	"reeve/storage"
	"reeve/storage/storagetest"
)

// withIdentities binds an engine whose tasks run as zoe, in one environment by a name in another case.
func (s story) withIdentities(ref control.Ref) {
	s.t.Helper()
	s.must(s.engines.Add(s.As(storagetest.Owner), ref, engine.Add{Name: "odps", Type: "maxcompute", DevIdentity: "Zoe", ProdIdentity: "zoe"}))
}

// runAs are the identities of the engine odps.
func (s story) runAs(ref control.Ref) string {
	s.t.Helper()
	all, err := s.engines.List(s.As(storagetest.Owner), ref)
	at := slices.IndexFunc(all, func(e engine.Engine) bool { return e.Name == "odps" })
	if err != nil || at < 0 {
		s.t.Fatal(all, err)
	}
	return all[at].DevIdentity + "/" + all[at].ProdIdentity
}

func TestAccessIdentitiesAreHandedOverOrCleared(t *testing.T) {
	s := open(t)
	s.withIdentities(s.ref)
	const dev, prod = "identity:cn-hangzhou/sales/odps/dev", "identity:cn-hangzhou/sales/odps/prod"
	if got := told(s.inventory(leaving.Leave{User: "zoe"})); !strings.Contains(got, dev+">/given-up | "+prod+">/given-up") {
		t.Errorf("the identities are not in %s", got)
	}
	if h, err := s.users.Holdings(s.As(storagetest.Owner), "zoe"); err != nil || !slices.Equal(h.Identities, []string{"cn-hangzhou/sales/odps/dev", "cn-hangzhou/sales/odps/prod"}) {
		t.Errorf("zoe holds %q (%v)", h.Identities, err)
	}
	in := leaving.Leave{User: "zoe", To: "bob", Choices: []leaving.Choice{{Item: dev}}}
	s.must(s.leavings.Leave(s.As(storagetest.Owner), in))
	if got := s.runAs(s.ref); got != "/bob" {
		t.Errorf("odps runs as %s", got)
	}
	log, err := audit.New(s.Gate, storage.NewAudit(s.DB), nil).List(s.As(storagetest.Owner), audit.Search{})
	s.must(log, err)
	entries := 0
	for _, e := range log.Items {
		if e.Action == "engine.set_identity" && e.Workspace == "sales" {
			entries++
		}
	}
	if entries != 2 {
		t.Errorf("%d entries of the engine", entries)
	}
	if left := s.inventory(leaving.Leave{User: "zoe"}); len(left.Items) != 0 {
		t.Errorf("zoe still holds %s", told(left))
	}
}

func TestWhoTheTasksOfAnEngineRunAsIsNotDeletedUnsaid(t *testing.T) {
	s := open(t)
	s.Users("ida")
	s.must(s.engines.Add(s.As(storagetest.Owner), s.ref, engine.Add{Name: "odps", Type: "maxcompute", ProdIdentity: "ida"}))
	if _, err := s.users.Delete(s.As(storagetest.Owner), []string{"ida"}); fmt.Sprint(reasons(err)) != "[fault.user.holds]" {
		t.Errorf("ida is deleted: %v", err)
	}
	s.must(s.leavings.Delete(s.As(storagetest.Owner), []string{"ida"}))
	if got := s.runAs(s.ref); got != "/" {
		t.Errorf("odps runs as %s", got)
	}
}

func TestIdentitiesInTheBinAreCleared(t *testing.T) {
	s := open(t)
	s.withIdentities(s.other())
	spaces := workspace.New(s.Gate, storage.NewWorkspaces(s.DB), nil, workspace.Near{})
	s.must(spaces.Delete(s.As(storagetest.Owner), s.other(), 0, "other"))
	s.must(s.leavings.Leave(s.As(storagetest.Owner), leaving.Leave{User: "zoe", To: "bob"}))
	if left := s.inventory(leaving.Leave{User: "zoe"}); len(left.Items) != 0 {
		t.Errorf("zoe still holds %s", told(left))
	}
}

// A token belongs to the program that uses it, so that it goes on, and nobody leaves without being told.
func TestTokensGoOn(t *testing.T) {
	s := open(t)
	tokens := token.New(s.Gate, storage.NewTokens(s.DB), func() string { return strings.Repeat("x", 43) })
	s.must(s.policies.Attach(s.As(storagetest.Owner), "AdministratorAccess", policy.Batch{Users: []string{"zoe"}}))
	s.must(tokens.Create(s.As("zoe"), token.Create{Name: "gateway", For: "the gateway", Scopes: []string{string(token.Scopes()[0])}}))
	if got := told(s.inventory(leaving.Leave{User: "zoe", To: "bob"})); !strings.HasSuffix(got, "token:gateway>/lives-on") {
		t.Errorf("the token is not in %s", got)
	}
	for _, to := range []string{"", "bob"} {
		_, err := s.leavings.Inventory(s.As(storagetest.Owner), leaving.Leave{User: "zoe", Choices: []leaving.Choice{{Item: "token:gateway", To: to}}})
		if fmt.Sprint(reasons(err)) != "[fault.leaving.token]" {
			t.Errorf("the token to %q: %v", to, err)
		}
	}
	s.must(s.leavings.Leave(s.As(storagetest.Owner), leaving.Leave{User: "zoe"}))
	if all, err := tokens.List(s.As(storagetest.Owner)); err != nil || len(all) != 1 {
		t.Errorf("the tokens are %+v (%v)", all, err)
	}
}

func TestWhoMayDoNothingReceivesNothing(t *testing.T) {
	s := open(t)
	root := s.As(storagetest.Owner)
	s.must(s.users.Disable(root, directory.Batch{Names: []string{"bob"}}))
	for _, in := range []leaving.Leave{{User: "zoe", To: "bob"}, {User: "zoe", Choices: []leaving.Choice{{Item: "group:readers", To: "bob"}}}} {
		if _, err := s.leavings.Leave(root, in); fmt.Sprint(reasons(err)) != "[fault.leaving.to_disabled]" {
			t.Errorf("%+v: %v", in, err)
		}
	}
	// Nor is somebody who may do nothing found by the rules, or an administrator beside others.
	s.must(s.users.Disable(root, directory.Batch{Names: []string{"ann"}}))
	got := told(s.inventory(leaving.Leave{User: "zoe"}))
	for _, want := range []string{"account:cn-hangzhou/sales/spark>/given-up", "role:cn-hangzhou/sales/role_project_admin>tia/tenant-admin"} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %s in %s", want, got)
		}
	}
	s.must(s.users.Disable(root, directory.Batch{Names: []string{"tia"}}))
	if _, err := s.leavings.Leave(root, leaving.Leave{User: "zoe"}); fmt.Sprint(reasons(err)) != "[fault.leaving.last_admin]" {
		t.Errorf("who is disabled administers sales: %v", err)
	}
	if _, err := s.members.Remove(root, s.ref, member.Removal{Users: []string{"zoe"}}); fmt.Sprint(reasons(err)) != "[fault.member.last_admin]" {
		t.Errorf("who is disabled administers sales beside a member: %v", err)
	}
}
