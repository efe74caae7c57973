package question_test

import (
	"errors"
	"slices"
	"testing"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/policy"
	"reeve/core/question"
	"reeve/core/role"
	"reeve/core/tenantrole"
	"reeve/storage"
	"reeve/storage/storagetest"
)

type story struct {
	*storagetest.World
	questions *question.Service
	members   *member.Service
	sales     control.Ref
	stock     control.Ref
}

// open makes the workspaces sales, which ann administers and bob develops in, and stock, which carol visits. The custom role
// Loader of sales is bob's as well.
func open(t *testing.T) story {
	t.Helper()
	w := storagetest.Open(t)
	w.Users("ann", "bob", "carol", "dave")
	s := story{w, question.New(w.Gate, storage.NewQuestions(w.DB, w.Builtins)), member.New(w.Gate, storage.NewMembers(w.DB, w.Builtins)),
		w.Workspace("sales", "ann"), w.Workspace("stock", "ann")}
	roles := role.New(w.Gate, storage.NewRoles(w.DB, w.Builtins))
	if _, err := roles.Create(w.As("ann"), s.sales, "Loader", access.AllWorkspace(access.None).With(access.DataIntegration, access.Write)); err != nil {
		t.Fatal(err)
	}
	s.add(t, s.sales, "bob", "develop", "Loader")
	s.add(t, s.stock, "carol", "visitor")
	return s
}

func (s story) add(t *testing.T, ref control.Ref, user string, roles ...string) {
	t.Helper()
	if _, err := s.members.Add(s.As("ann"), ref, member.Batch{Users: []string{user}, Roles: roles}); err != nil {
		t.Fatal(err)
	}
}

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

func (s story) studio(user string, l access.Level) question.Subject {
	return question.Subject{Ref: s.sales, User: user, Module: access.DataStudio, Level: l}
}

func TestWhyOnEachPlane(t *testing.T) {
	s := open(t)
	tenants := tenantrole.New(s.Gate, storage.NewTenantRoles(s.DB, s.Builtins))
	if _, err := tenants.Grant(s.As(storagetest.Owner), storagetest.Home, tenantrole.Batch{Users: []string{"bob"}, Roles: []string{"tenant_security_admin"}}); err != nil {
		t.Fatal(err)
	}
	policies := policy.New(s.Gate, storage.NewPolicies(s.DB, s.Builtins))
	if _, err := policies.Create(s.As(storagetest.Owner), "Sales", `{"Version":"1","Statement":[{"Effect":"Allow",
		"Action":"dataworks:ModifyWorkspace","Resource":"acs:dataworks:*:*:workspace/sales"}]}`); err != nil {
		t.Fatal(err)
	}
	if _, err := policies.Attach(s.As(storagetest.Owner), "Sales", policy.Batch{Users: []string{"bob"}}); err != nil {
		t.Fatal(err)
	}
	region := control.Ref{Region: storagetest.Home}
	for name, c := range map[string]struct {
		q       question.Subject
		allowed bool
		decides access.ContributionKind
	}{
		"a role of the workspace":  {s.studio("bob", access.Write), true, access.BuiltinRole},
		"no role for it":           {question.Subject{Ref: s.stock, User: "bob", Module: access.DataStudio, Level: access.Read}, false, access.NotMember},
		"a tenant role":            {question.Subject{Plane: question.Tenant, Ref: region, User: "bob", Capability: access.SecurityCenterManage}, true, access.BuiltinTenantRole},
		"what everybody may":       {question.Subject{Plane: question.Tenant, Ref: region, User: "carol", Module: access.SecurityCenter, Level: access.Read}, true, access.TenantMember},
		"a global module to write": {question.Subject{Plane: question.Tenant, Ref: region, User: "bob", Module: access.SecurityCenter, Level: access.Write}, true, access.BuiltinTenantRole},
		"a policy":                 {question.Subject{Plane: question.Console, Ref: s.sales, User: "bob", Action: "dataworks:ModifyWorkspace"}, true, access.PolicyAllow},
		"a policy for another":     {question.Subject{Plane: question.Console, Ref: s.stock, User: "bob", Action: "dataworks:ModifyWorkspace"}, false, access.NoPolicy},
		"an action of the region":  {question.Subject{Plane: question.Console, Ref: region, User: "bob", Action: "dataworks:CreateWorkspace"}, false, access.NoPolicy},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := s.questions.Why(s.As(storagetest.Owner), c.q)
			if err != nil {
				t.Fatal(err)
			}
			if a.Allowed != c.allowed || len(a.Because) == 0 || a.Because[0].Kind != c.decides || a.User.Name != c.q.User {
				t.Errorf("%v because of %+v, want %v because of %v", a.Allowed, a.Because, c.allowed, c.decides)
			}
			checked, err := s.questions.Check(s.As(storagetest.Owner), c.q)
			if err != nil || checked.Allowed != a.Allowed {
				t.Errorf("check says %v (%v)", checked.Allowed, err)
			}
		})
	}
}

func TestWhoMayAskAboutWhom(t *testing.T) {
	s := open(t)
	region := control.Ref{Region: storagetest.Home}
	for name, c := range map[string]struct {
		by, want string
		q        question.Subject
	}{
		"about oneself, where one is not":   {"dave", "", s.studio("dave", access.Read)},
		"a member about another":            {"bob", "", s.studio("ann", access.Read)},
		"a stranger about a member":         {"carol", "denied.member", s.studio("bob", access.Read)},
		"about oneself in a region":         {"dave", "", question.Subject{Plane: question.Tenant, Ref: region, User: "dave", Capability: access.DataMapUse}},
		"about another in a region":         {"bob", "denied.about_others", question.Subject{Plane: question.Tenant, Ref: region, User: "dave", Capability: access.DataMapUse}},
		"nobody of that name":               {"bob", "fault.not_found", s.studio("eve", access.Read)},
		"no region of that name":            {"bob", "fault.not_found", question.Subject{Plane: question.Tenant, Ref: control.Ref{Region: "xx"}, User: "bob", Capability: access.DataMapUse}},
		"neither capability nor module":     {"bob", "fault.question.capability", question.Subject{Plane: question.Tenant, Ref: region, User: "bob"}},
		"a module of the other plane":       {"bob", "fault.question.capability", question.Subject{Plane: question.Tenant, Ref: region, User: "bob", Module: access.DataStudio, Level: access.Read}},
		"no action":                         {"bob", "fault.text.empty", question.Subject{Plane: question.Console, User: "bob"}},
		"no such operation":                 {"bob", "fault.not_found", question.Subject{Plane: question.Console, User: "bob", Action: "dataworks:Nope"}},
		"an operation in another case":      {"bob", "", question.Subject{Plane: question.Console, User: "bob", Action: "DataWorks:createworkspace"}},
		"no such scope":                     {"bob", "fault.policy.scope", question.Subject{Plane: question.Console, User: "bob", Action: "dataworks:CreateWorkspace", Scope: "Fax"}},
		"no such plane":                     {"bob", "fault.question.plane", question.Subject{Plane: 9, Ref: s.sales, User: "bob"}},
		"an action everywhere, for oneself": {"bob", "", question.Subject{Plane: question.Console, User: "bob", Action: "dataworks:CreateWorkspace"}},
	} {
		if _, err := s.questions.Check(s.As(c.by), c.q); reason(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestABatchAnswersEachInItsPlace(t *testing.T) {
	s := open(t)
	asked := []question.Subject{s.studio("bob", access.Write), s.studio("eve", access.Read), s.studio("carol", access.Read), s.studio("bob", access.Write),
		{Ref: control.Ref{Region: storagetest.Home, Workspace: "attic"}, User: "bob", Module: access.DataStudio, Level: access.Read}}
	items, err := s.questions.Batch(s.As("bob"), asked)
	if err != nil || len(items) != len(asked) {
		t.Fatalf("%d answers (%v)", len(items), err)
	}
	for i, want := range []struct {
		allowed bool
		reason  string
	}{{true, ""}, {false, "fault.not_found"}, {false, ""}, {true, ""}, {false, "fault.not_found"}} {
		if items[i].Answer.Allowed != want.allowed || reason(items[i].Err) != want.reason {
			t.Errorf("question %d: %v (%v), want %v (%s)", i, items[i].Answer.Allowed, items[i].Err, want.allowed, want.reason)
		}
	}
	if items[0].Answer.Snapshot != items[3].Answer.Snapshot {
		t.Error("the same question was compiled twice")
	}
	denied, err := s.questions.Batch(s.As("carol"), asked[:1])
	if err != nil || reason(denied[0].Err) != "denied.member" || denied[0].Answer.Allowed {
		t.Errorf("a stranger was told %+v (%v)", denied, err)
	}
}

// What a narrowed session may ask and what the one asked about may do are two things, though one batch remembers both.
func TestABatchInANarrowedSessionAnswersAsOneQuestionDoes(t *testing.T) {
	s := open(t)
	narrowed := control.WithActor(t.Context(), control.Actor{Principal: s.ID("bob"), Name: "bob", Face: control.FaceCommand, Only: []string{"Loader"}})
	asked := []question.Subject{s.studio("bob", access.Write), s.studio("bob", access.Write), s.studio("ann", access.Read)}
	items, err := s.questions.Batch(narrowed, asked)
	if err != nil {
		t.Fatal(err)
	}
	for i, q := range asked {
		one, err := s.questions.Check(narrowed, q)
		if items[i].Answer.Allowed != one.Allowed || reason(items[i].Err) != reason(err) {
			t.Errorf("question %d: %v (%v), alone %v (%v)", i, items[i].Answer.Allowed, items[i].Err, one.Allowed, err)
		}
	}
	if !items[0].Answer.Allowed {
		t.Error("bob asked about himself through fewer roles and was answered about those")
	}
}

func TestWho(t *testing.T) {
	s := open(t)
	h, err := s.questions.Who(s.As("bob"), s.sales, access.DataStudio, access.Write)
	if err != nil || !slices.Equal(people(h), []string{"ann", "bob", storagetest.Owner}) {
		t.Errorf("who may: %v (%v)", people(h), err)
	}
	h, err = s.questions.WhoTenant(s.As(storagetest.Owner), storagetest.Home, question.Wanted{Module: access.SecurityCenter, Level: access.Write})
	if err != nil || !slices.Equal(people(h), []string{storagetest.Owner}) {
		t.Errorf("who may manage: %v (%v)", people(h), err)
	}
	h, err = s.questions.WhoTenant(s.As(storagetest.Owner), storagetest.Home, question.Wanted{Module: access.SecurityCenter, Level: access.Read})
	if err != nil || len(h.Holders) != 5 {
		t.Errorf("who may use: %v (%v)", people(h), err)
	}
	if _, err := s.questions.WhoTenant(s.As("bob"), storagetest.Home, question.Wanted{Capability: access.DataMapUse}); reason(err) != "denied.about_others" {
		t.Errorf("bob was told who else: %v", err)
	}
}

func people(h question.Holders) []string {
	var names []string
	for _, one := range h.Holders {
		p, _ := h.Snapshot.Principal(one.Principal)
		names = append(names, p.Name)
	}
	slices.Sort(names)
	return names
}

func TestWhere(t *testing.T) {
	s := open(t)
	got, err := s.questions.Where(s.As("ann"), "ann", access.DataStudio, access.Write)
	if err != nil || len(got.Spots) != 2 || got.Spots[0].Workspace.Name != "sales" || got.Spots[1].Workspace.Name != "stock" || len(got.Spots[0].Because) == 0 {
		t.Errorf("ann may in %+v (%v)", got.Spots, err)
	}
	if got, err = s.questions.Where(s.As(storagetest.Owner), "carol", access.DataStudio, access.Write); err != nil || len(got.Spots) != 0 {
		t.Errorf("carol may in %+v (%v)", got.Spots, err)
	}
	if _, err := s.questions.Where(s.As("bob"), "carol", access.DataStudio, access.Read); reason(err) != "denied.about_others" {
		t.Errorf("bob was told where carol may: %v", err)
	}
}

func TestMatrices(t *testing.T) {
	s := open(t)
	u, err := s.questions.MatrixOfUser(s.As("bob"), s.sales, "bob")
	if err != nil || len(u.Cells) != len(access.WorkspaceModules()) || u.Administers || !u.Capabilities.Has(access.DataMapUse) {
		t.Fatalf("bob's matrix is %+v (%v)", u, err)
	}
	for _, c := range u.Cells {
		a, err := s.questions.Check(s.As("bob"), question.Subject{Ref: s.sales, User: "bob", Module: c.Module, Level: access.Read})
		if err != nil || a.Effective != c.Level {
			t.Errorf("%s is %s in the matrix and %s in the answer (%v)", c.Module, c.Level, a.Effective, err)
		}
	}
	r, err := s.questions.MatrixOfRole(s.As("bob"), s.sales, "loader")
	if err != nil || r.Role.Name != "Loader" || r.Role.Levels.Get(access.DataIntegration) != access.Write {
		t.Errorf("the role's matrix is %+v (%v)", r, err)
	}
	w, err := s.questions.MatrixOfWorkspace(s.As("bob"), s.sales, list.Query{Filter: list.ParseFilter("name:bob"), Count: true})
	if err != nil || len(w.Page.Items) != 1 || w.Page.Total != 1 || len(w.Page.Keys) != 1 || w.Page.Items[0].Levels != w.Snapshot.Levels(u.Target.Workspace, u.User.ID) {
		t.Errorf("the workspace's matrix is %+v (%v)", w.Page, err)
	}
	if _, err := s.questions.MatrixOfWorkspace(s.As("carol"), s.sales, list.Query{}); reason(err) != "denied.member" {
		t.Errorf("a stranger saw the matrix of the workspace: %v", err)
	}
	if _, err := s.questions.MatrixOfRole(s.As("carol"), s.sales, "develop"); reason(err) != "denied.member" {
		t.Errorf("a stranger saw the matrix of a role: %v", err)
	}
	if _, err := s.questions.MatrixOfRole(s.As("bob"), s.sales, "lodger"); reason(err) != "fault.not_found" {
		t.Errorf("a role that is not there: %v", err)
	}
}

func TestCompare(t *testing.T) {
	s := open(t)
	s.add(t, s.sales, "dave", "visitor")
	roles, err := s.questions.CompareRoles(s.As("bob"), s.sales, "loader", "workspace administrator")
	if err != nil || len(roles.Differences) != len(access.WorkspaceModules())-1 || roles.A.Name != "Loader" {
		t.Errorf("roles differ in %+v (%v)", roles.Differences, err)
	}
	users, err := s.questions.CompareUsers(s.As("bob"), s.sales, "ann", "dave")
	if err != nil || len(users.Differences) == 0 || users.Differences[0].A != access.Write || users.OnlyA != 0 || users.OnlyB != 0 {
		t.Errorf("users differ in %+v (%v)", users.Differences, err)
	}
	out, err := s.questions.CompareEdit(s.As("bob"), s.sales, "Loader", map[access.Module]access.Level{access.OperationCenter: access.Write})
	if err != nil || len(out.Effect.Gains) != 1 || out.Effect.Gains[0].Module != access.OperationCenter {
		t.Errorf("the edit would do %+v (%v)", out.Effect, err)
	}
	if _, err := s.questions.CompareEdit(s.As("bob"), s.sales, "develop", nil); reason(err) != "fault.role.builtin" {
		t.Errorf("a built-in role was edited: %v", err)
	}
	if r, err := s.questions.MatrixOfRole(s.As("bob"), s.sales, "Loader"); err != nil || r.Role.Levels.Get(access.OperationCenter) != access.None {
		t.Errorf("the comparison was kept: %+v (%v)", r.Role, err)
	}
}
