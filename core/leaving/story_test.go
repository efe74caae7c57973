package leaving_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"reeve/cmd/handover"
	"reeve/core/audit"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/engine"
	"reeve/core/fault"
	"reeve/core/leaving"
	"reeve/core/member"
	"reeve/core/policy"
	"reeve/core/region"
	"reeve/core/request"
	"reeve/core/tenantrole"
	"reeve/core/workspace"
	"reeve/storage"
	"reeve/storage/storagetest"
)

type story struct {
	*storagetest.World
	t        *testing.T
	leavings *leaving.Service
	members  *member.Service
	engines  *engine.Service
	users    *directory.Service
	policies *policy.Service
	tenants  *tenantrole.Service
	requests *request.Service
	ref      control.Ref
}

// open makes a tenant in which zoe administers sales with ann, develops in other, and holds something of every kind.
func open(t *testing.T) story {
	t.Helper()
	w := storagetest.Open(t)
	w.Users("zoe", "ann", "bob", "fay", "tia")
	w.Group("readers", "zoe")
	s := story{World: w, t: t,
		members:  member.New(w.Gate, storage.NewMembers(w.DB, w.Builtins)),
		engines:  engine.New(w.Gate, storage.NewEngines(w.DB, w.Builtins)),
		users:    directory.New(w.Gate, storage.NewDirectory(w.DB)),
		policies: policy.New(w.Gate, storage.NewPolicies(w.DB, w.Builtins)),
		tenants:  tenantrole.New(w.Gate, storage.NewTenantRoles(w.DB, w.Builtins)), ref: w.Workspace("sales", "zoe")}
	s.requests = request.New(w.Gate, storage.NewAccessRequests(w.DB), handover.Grants{Gate: w.Gate, Members: s.members,
		MemberStore: storage.NewMembers(w.DB, w.Builtins), TenantRoles: s.tenants, TenantRoleStore: storage.NewTenantRoles(w.DB, w.Builtins),
		Policies: s.policies, PolicyStore: storage.NewPolicies(w.DB, w.Builtins)}.Givers())
	s.leavings = leaving.New(w.Gate, storage.NewLeavings(w.DB, w.Builtins), handover.Leaving{Members: s.members,
		MemberStore: storage.NewMembers(w.DB, w.Builtins), Engines: s.engines, TenantRoles: s.tenants, Policies: s.policies, Users: s.users,
		Requests: s.requests})
	root := s.As(storagetest.Owner)
	s.Pass(time.Hour)
	s.must(s.members.Add(root, s.ref, member.Batch{Users: []string{"ann"}, Roles: []string{"workspace administrator"}}))
	s.must(s.members.SetRoles(root, s.ref, member.Batch{Users: []string{"zoe"}, Roles: []string{"workspace administrator", "develop"},
		Ends: map[string]time.Time{"develop": s.Now().Add(time.Hour)}}))
	s.Workspace("other", "bob")
	s.must(s.members.Add(root, s.other(), member.Batch{Users: []string{"zoe"}, Roles: []string{"visitor"}}))
	s.must(s.engines.Add(root, s.ref, engine.Add{Name: "spark", Type: "emr"}))
	s.must(s.engines.MapAccount(root, s.ref, engine.AccountMap{Engine: "spark", User: "zoe", Account: "zoe_ldap"}))
	s.must(s.tenants.Grant(root, storagetest.Home, tenantrole.Batch{Users: []string{"zoe"}, Roles: []string{"tenant_directory_admin"}}))
	s.must(s.tenants.Grant(root, storagetest.Home, tenantrole.Batch{Users: []string{"tia"}, Roles: []string{"tenant_admin"}}))
	s.must(s.policies.Attach(root, "AliyunDataWorksReadOnlyAccess", policy.Batch{Users: []string{"zoe"}}))
	s.must(s.policies.Attach(root, "AliyunDataWorksFullAccess", policy.Batch{Users: []string{"fay"}}))
	s.must(s.users.Map(root, "zoe", "zoe_os"))
	s.must(s.users.AddKeys(root, "zoe", sshKey))
	email, phone := "zoe@acme.example", "+49 30 1234567"
	s.must(s.users.Update(root, "zoe", directory.Edit{Email: &email, Phone: &phone}))
	return s
}

const sshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f zoe@laptop"

func (s story) must(_ any, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s story) other() control.Ref { return control.Ref{Region: storagetest.Home, Workspace: "other"} }

// told is an inventory as one word for each item.
func told(inv leaving.Inventory) string {
	var words []string
	for _, it := range inv.Items {
		words = append(words, it.ID+">"+it.Receiver+"/"+string(it.Why))
	}
	return strings.Join(words, " | ")
}

func (s story) inventory(in leaving.Leave) leaving.Inventory {
	s.t.Helper()
	inv, err := s.leavings.Inventory(s.As(storagetest.Owner), in)
	if err != nil {
		s.t.Fatal(err)
	}
	return inv
}

func reasons(err error) (ids []string) {
	var invalid *fault.Invalid
	if errors.As(err, &invalid) {
		for _, f := range invalid.Fields {
			ids = append(ids, f.Text.ID)
		}
		return ids
	}
	var f fault.Fault
	if errors.As(err, &f) {
		ids = append(ids, f.Text().ID)
	}
	return ids
}

func TestAllThatAPersonHoldsIsShownAndGivenUp(t *testing.T) {
	s := open(t)
	inv := s.inventory(leaving.Leave{User: "ZOE"})
	want := strings.Join([]string{
		"group:readers>/given-up", "member:cn-hangzhou/other>/given-up", "member:cn-hangzhou/sales>/given-up",
		"role:cn-hangzhou/other/role_project_guest>/given-up", "role:cn-hangzhou/sales/role_project_admin>/given-up",
		"role:cn-hangzhou/sales/role_project_dev>/given-up", "account:cn-hangzhou/sales/spark>ann/workspace-admin",
		"tenant-role:cn-hangzhou/tenant_directory_admin>/given-up", "policy:AliyunDataWorksReadOnlyAccess>/given-up", "login:zoe_os>/given-up",
		"key:" + s.key("zoe") + ">/given-up", "contact:email>/given-up", "contact:phone>/given-up",
	}, " | ")
	if told(inv) != want {
		t.Errorf("%s\nwant %s", told(inv), want)
	}
	log := audit.New(s.Gate, storage.NewAudit(s.DB), nil)
	before, err := log.List(s.As(storagetest.Owner), audit.Search{})
	s.must(before, err)
	if _, err := s.leavings.Leave(s.As(storagetest.Owner), leaving.Leave{User: "zoe", Seen: inv.Fingerprint}); err != nil {
		t.Fatal(err)
	}
	after, err := log.List(s.As(storagetest.Owner), audit.Search{})
	if err != nil || after.Items[0].Action != "user.leave" || !strings.Contains(string(after.Items[0].Before), "zoe_ldap") {
		t.Errorf("the last entry is %s (%v): %s", after.Items[0].Action, err, after.Items[0].Before)
	}
	// Whoever looks at a workspace finds what happened there.
	var acts []string
	for _, e := range after.Items[:len(after.Items)-len(before.Items)] {
		acts = append(acts, e.Action+" "+e.Workspace)
	}
	for _, want := range []string{"member.remove sales", "member.remove other", "engine.map_account sales", "policy.detach ", "tenant_member.revoke ",
		"user_group.set_members ", "user.key_remove ", "user.update ", "user.map ", "user.disable "} {
		if !slices.Contains(acts, want) {
			t.Errorf("there is no %s among %q", want, acts)
		}
	}
	if left := s.inventory(leaving.Leave{User: "zoe"}); len(left.Items) != 0 {
		t.Errorf("zoe still holds %s", told(left))
	}
	if ann := told(s.inventory(leaving.Leave{User: "ann"})); !strings.Contains(ann, "account:cn-hangzhou/sales/spark") {
		t.Errorf("ann holds %s", ann)
	}
}

func TestEverythingGoesToTheSuccessorButWhatIsSaidOtherwise(t *testing.T) {
	s := open(t)
	in := leaving.Leave{User: "zoe", To: "bob", Choices: []leaving.Choice{{Item: "policy:AliyunDataWorksReadOnlyAccess"},
		{Item: "TENANT-ROLE:cn-hangzhou/tenant_directory_admin", To: "ann"}}}
	if _, err := s.leavings.Leave(s.As(storagetest.Owner), in); err != nil {
		t.Fatal(err)
	}
	bob := told(s.inventory(leaving.Leave{User: "bob"}))
	for _, want := range []string{"group:readers", "role:cn-hangzhou/sales/role_project_admin", "role:cn-hangzhou/sales/role_project_dev",
		"role:cn-hangzhou/other/role_project_guest", "account:cn-hangzhou/sales/spark"} {
		if !strings.Contains(bob, want) {
			t.Errorf("bob has no %s: %s", want, bob)
		}
	}
	if strings.Contains(bob, "policy:") || strings.Contains(bob, "tenant-role:") || strings.Contains(bob, "login:") {
		t.Errorf("bob has more than was said: %s", bob)
	}
	if ann := told(s.inventory(leaving.Leave{User: "ann"})); !strings.Contains(ann, "tenant-role:cn-hangzhou/tenant_directory_admin") {
		t.Errorf("ann holds %s", ann)
	}
	page, err := s.members.Ending(s.As(storagetest.Owner), s.ref, 2*time.Hour)
	if err != nil || len(page) != 1 || page[0].User != "bob" {
		t.Errorf("the end of develop did not go with it: %+v (%v)", page, err)
	}
}

func TestTheLaterOfTwoEndsStays(t *testing.T) {
	s := open(t)
	s.must(s.members.Add(s.As(storagetest.Owner), s.ref, member.Batch{Users: []string{"bob"}, Roles: []string{"develop"}}))
	s.must(s.leavings.Leave(s.As(storagetest.Owner), leaving.Leave{User: "zoe", To: "bob"}))
	if ends, err := s.members.Ending(s.As(storagetest.Owner), s.ref, 2*time.Hour); err != nil || len(ends) != 0 {
		t.Errorf("bob's own role was cut short: %+v (%v)", ends, err)
	}
}

// TestTheOrderOfReceivers goes down the order by taking away whoever came first.
func TestTheOrderOfReceivers(t *testing.T) {
	s := open(t)
	root := s.As(storagetest.Owner)
	receiver := func(id string) string {
		inv := s.inventory(leaving.Leave{User: "zoe"})
		i := slices.IndexFunc(inv.Items, func(it leaving.Item) bool { return it.ID == id })
		return inv.Items[i].Receiver + "/" + string(inv.Items[i].Why)
	}
	const account, admin = "account:cn-hangzhou/sales/spark", "role:cn-hangzhou/sales/role_project_admin"
	s.Pass(time.Hour)
	s.must(s.members.Add(root, s.ref, member.Batch{Users: []string{"bob"}, Roles: []string{"workspace administrator"}}))
	if got := receiver(account); got != "ann/workspace-admin" { // the one added first
		t.Error(got)
	}
	s.must(s.members.Remove(root, s.ref, member.Removal{Users: []string{"ann"}}))
	if got := receiver(account); got != "bob/workspace-admin" || receiver(admin) != "/given-up" {
		t.Error(got, receiver(admin))
	}
	s.must(s.members.Remove(root, s.ref, member.Removal{Users: []string{"bob"}}))
	if got := receiver(account); got != "/given-up" || receiver(admin) != "tia/tenant-admin" {
		t.Error(got, receiver(admin))
	}
	s.must(s.tenants.Revoke(root, storagetest.Home, tenantrole.Batch{Users: []string{"tia"}, Roles: []string{"tenant_admin"}}))
	if got := receiver(admin); got != "/needed" {
		t.Error(got)
	}
	before := told(s.inventory(leaving.Leave{User: "zoe"}))
	if _, err := s.leavings.Leave(root, leaving.Leave{User: "zoe"}); fmt.Sprint(reasons(err)) != "[fault.leaving.last_admin]" {
		t.Errorf("nobody administers sales any more: %v", err)
	}
	if told(s.inventory(leaving.Leave{User: "zoe"})) != before {
		t.Error("what was refused was done in part")
	}
}

func TestAnInventoryThatChangedIsRefusedWithWhatChanged(t *testing.T) {
	s := open(t)
	root := s.As(storagetest.Owner)
	seen := s.inventory(leaving.Leave{User: "zoe"})
	s.must(s.members.Remove(root, s.other(), member.Removal{Users: []string{"zoe"}}))
	s.must(s.users.SetGroupMembers(root, directory.GroupMembers{Group: "readers", Remove: []string{"zoe"}}))
	s.must(s.engines.MapAccount(root, s.ref, engine.AccountMap{Engine: "spark", User: "zoe", Account: "zoe2"}))
	_, err := s.leavings.Leave(root, leaving.Leave{User: "zoe", Seen: seen.Fingerprint, Stamps: seen.Stamps()})
	var refused *fault.Refused
	want := []string{"+account:cn-hangzhou/sales/spark", "−account:cn-hangzhou/sales/spark", "−group:readers", "−member:cn-hangzhou/other",
		"−role:cn-hangzhou/other/role_project_guest"}
	if !errors.As(err, &refused) || !slices.Equal(refused.Named, want) {
		t.Errorf("%v: %v", err, refused)
	}
	if _, err := s.leavings.Leave(root, leaving.Leave{User: "zoe", Seen: seen.Fingerprint}); fmt.Sprint(reasons(err)) != "[fault.leaving.changed_somehow]" {
		t.Errorf("without the stamps: %v", err)
	}
}

func TestWhatIsWrongIsSaidAllAtOnce(t *testing.T) {
	s := open(t)
	root := s.As(storagetest.Owner)
	for name, c := range map[string]struct {
		in   leaving.Leave
		want string
	}{
		"unknown":   {leaving.Leave{User: "zeo"}, "[fault.user.unknown]"},
		"account":   {leaving.Leave{User: storagetest.Owner}, "[fault.leaving.account]"},
		"group":     {leaving.Leave{User: "readers"}, "[fault.leaving.group]"},
		"to self":   {leaving.Leave{User: "zoe", To: "Zoe"}, "[fault.leaving.to_self]"},
		"to group":  {leaving.Leave{User: "zoe", To: "readers"}, "[fault.leaving.group]"},
		"to nobody": {leaving.Leave{User: "zoe", To: "bobb"}, "[fault.user.unknown]"},
		"choices": {leaving.Leave{User: "zoe", Choices: []leaving.Choice{{Item: "role:none", To: "bob"}, {Item: "login:zoe_os", To: "bob"},
			{Item: "group:readers", To: "bob"}, {Item: "group:readers", To: "ann"}, {Item: "role:cn-hangzhou/sales/role_project_dev", To: storagetest.Owner}}},
			"[fault.leaving.item fault.leaving.personal fault.leaving.twice fault.member.owner]"},
	} {
		_, err := s.leavings.Inventory(root, c.in)
		if got := fmt.Sprint(reasons(err)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if _, err := s.leavings.Leave(root, c.in); fmt.Sprint(reasons(err)) != c.want {
			t.Errorf("%s: leaving says %v", name, err)
		}
	}
}

func TestWhoMayLetSomebodyLeave(t *testing.T) {
	s := open(t)
	if _, err := s.leavings.Leave(s.As("ann"), leaving.Leave{User: "zoe"}); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("an administrator of one workspace: %v", err)
	}
	if _, err := s.leavings.Leave(s.As("fay"), leaving.Leave{User: "fay"}); fmt.Sprint(reasons(err)) != "[fault.leaving.self]" {
		t.Errorf("oneself: %v", err)
	}
	if _, err := s.leavings.Leave(s.As("fay"), leaving.Leave{User: "zoe"}); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("who holds FullAccess takes a policy away: %v", err)
	}
	s.must(s.policies.Detach(s.As(storagetest.Owner), "AliyunDataWorksReadOnlyAccess", policy.Batch{Users: []string{"zoe"}}))
	if _, err := s.leavings.Leave(s.As("fay"), leaving.Leave{User: "zoe"}); err != nil {
		t.Errorf("who holds FullAccess: %v", err)
	}
	s.must(s.policies.Attach(s.As(storagetest.Owner), "AdministratorAccess", policy.Batch{Users: []string{"ann"}}))
	if _, err := s.leavings.Leave(s.As("ann"), leaving.Leave{User: "fay", To: "bob"}); fmt.Sprint(reasons(err)) != "[denied.policy.account]" {
		t.Errorf("handing on what only the account attaches: %v", err)
	}
	if _, err := s.leavings.Leave(s.As("ann"), leaving.Leave{User: "fay", To: "ann"}); fault.KindOf(err) == fault.KindFailed || err == nil {
		t.Errorf("handing it to oneself: %v", err)
	}
}

func TestWhoLeftIsDisabled(t *testing.T) {
	s := open(t)
	root := s.As(storagetest.Owner)
	out, err := s.leavings.PreviewLeave(root, leaving.Leave{User: "ann", To: "bob"})
	if err != nil || len(out.Effect.AdminLosses) != 1 || len(out.Effect.AdminGains) != 1 {
		t.Errorf("%+v (%v)", out.Effect, err)
	}
	s.must(s.leavings.Leave(root, leaving.Leave{User: "zoe"}))
	zoe, err := s.users.Get(root, "zoe")
	if err != nil || zoe.Status != directory.Disabled || zoe.Email != "" || zoe.Phone != "" || zoe.Keys != 0 || zoe.OSUser != "" {
		t.Errorf("zoe is %+v (%v)", zoe, err)
	}
}

func TestWhatIsPersonalOrInTheBinGoesToNobody(t *testing.T) {
	s := open(t)
	root := s.As(storagetest.Owner)
	spaces := workspace.New(s.Gate, storage.NewWorkspaces(s.DB), nil, workspace.Near{})
	s.must(spaces.Delete(root, s.other(), 0, "other"))
	in := leaving.Leave{User: "zoe", To: "bob", Choices: []leaving.Choice{{Item: "contact:email", To: "bob"}, {Item: "key:" + s.key("zoe"), To: "bob"},
		{Item: "member:cn-hangzhou/other", To: "bob"}}}
	if _, err := s.leavings.Inventory(root, in); fmt.Sprint(reasons(err)) != "[fault.leaving.personal fault.leaving.personal fault.leaving.binned]" {
		t.Errorf("%v", err)
	}
	in.Choices = nil
	if told := told(s.inventory(in)); !strings.Contains(told, "role:cn-hangzhou/other/role_project_guest>/given-up") {
		t.Error(told)
	}
	s.must(s.leavings.Leave(root, in))
	if left := s.inventory(leaving.Leave{User: "zoe"}); len(left.Items) != 0 {
		t.Errorf("zoe still holds %s", told(left))
	}
}

func TestARoleThatIsNotGivenInAWorkspaceIsNotHandedOnThere(t *testing.T) {
	s := open(t)
	root := s.As(storagetest.Owner)
	spaces := workspace.New(s.Gate, storage.NewWorkspaces(s.DB), region.NewOffers(storage.NewRegions(s.DB), nil), workspace.Near{})
	s.must(spaces.Set(root, s.ref, workspace.SettingsUpdate{Values: []workspace.SettingValue{{Key: "dev_role_disabled", Value: "on"}}, Irreversible: true}))
	if _, err := s.leavings.Leave(root, leaving.Leave{User: "zoe", To: "bob"}); fmt.Sprint(reasons(err)) != "[fault.member.no_develop]" {
		t.Errorf("%v", err)
	}
	s.must(s.leavings.Leave(root, leaving.Leave{User: "zoe", To: "bob", Choices: []leaving.Choice{{Item: "role:sales/role_project_dev"}}}))
}

// key is the fingerprint of somebody's key.
func (s story) key(user string) string {
	s.t.Helper()
	keys, err := s.users.KeysOf(s.As(storagetest.Owner), user)
	if err != nil || len(keys) != 1 {
		s.t.Fatal(keys, err)
	}
	return keys[0].Fingerprint
}

func TestWhatWhoLeavesHasAskedForIsWithdrawn(t *testing.T) {
	s := open(t)
	ask := request.Wanted{Kind: request.WorkspaceRole, Region: s.ref.Region, Workspace: s.ref.Workspace, Role: "deploy", Why: "to release"}
	made, err := s.requests.Create(s.As("zoe"), ask)
	if err != nil {
		t.Fatal(err)
	}
	seen := s.inventory(leaving.Leave{User: "zoe", To: "ann"})
	if got := told(seen); !strings.HasSuffix(got, "request:1>/given-up") {
		t.Errorf("the request is not in %s", got)
	}
	if _, err := s.leavings.Leave(s.As(storagetest.Owner), leaving.Leave{User: "zoe", To: "ann", Seen: seen.Fingerprint}); err != nil {
		t.Fatal(err)
	}
	got, err := s.requests.Get(s.As(storagetest.Owner), made.ID)
	if err != nil || got.State != request.Withdrawn || got.DecidedBy != storagetest.Owner {
		t.Errorf("the request is %s by %s, %v", got.State, got.DecidedBy, err)
	}
}

func TestARequestOfSomebodyElseIsWithdrawnOnlyByWhoMayLetThemLeave(t *testing.T) {
	s := open(t)
	made, err := s.requests.Create(s.As("zoe"), request.Wanted{Kind: request.WorkspaceRole, Region: s.ref.Region, Workspace: s.ref.Workspace, Role: "deploy", Why: "to release"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.requests.WithdrawLeaver(s.As("ann"), made.ID); err == nil {
		t.Error("a workspace administrator withdrew the request of somebody else")
	}
	if got := s.inventory(leaving.Leave{User: "zoe"}); !strings.Contains(told(got), "request:1") {
		t.Errorf("the request is gone: %s", told(got))
	}
}
