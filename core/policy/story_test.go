package policy_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/fault"
	"reeve/core/policy"
	"reeve/storage"
	"reeve/storage/storagetest"
)

const (
	fullAccess    = "AliyunDataWorksFullAccess"
	administrator = "AdministratorAccess"
	createOnly    = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"dataworks:CreateWorkspace","Resource":"acs:dataworks:*:*:workspace/*"}]}`
	denyAll       = `{"Version":"1","Statement":[{"Effect":"Deny","Action":"dataworks:*","Resource":"*"}]}`
	guarded       = `{"Version":"1","Statement":[
		{"Effect":"Allow","Action":["dataworks:*Workspace"],"Resource":"*"},
		{"Effect":"Deny","Action":"dataworks:DeleteWorkspace","Resource":"acs:dataworks:*:*:workspace/prod_*","Condition":{"StringEquals":{"dataworks:Scope":"Page"}}}]}`
)

func open(t *testing.T, users ...string) (*storagetest.World, *policy.Service) {
	t.Helper()
	w := storagetest.Open(t)
	w.Users(users...)
	return w, policy.New(w.Gate, storage.NewPolicies(w.DB, w.Builtins))
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

func attach(t *testing.T, w *storagetest.World, s *policy.Service, name, user string) {
	t.Helper()
	if _, err := s.Attach(w.As(storagetest.Owner), name, policy.Batch{Users: []string{user}}); err != nil {
		t.Fatal(err)
	}
}

func create(t *testing.T, w *storagetest.World, s *policy.Service, name, document string) {
	t.Helper()
	if _, err := s.Create(w.As(storagetest.Owner), name, document); err != nil {
		t.Fatal(err)
	}
}

func TestSystemPoliciesNeverChange(t *testing.T) {
	w, s := open(t)
	ctx := w.As(storagetest.Owner)
	all, err := s.List(ctx)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d policies (%v)", len(all), err)
	}
	for _, p := range all {
		if _, err := s.Update(ctx, p.Name, policy.Edit{Document: denyAll}); reason(err) != "fault.policy.system" {
			t.Errorf("%s could be changed: %v", p.Name, err)
		}
		if _, err := s.Delete(ctx, p.Name, policy.Removal{TakeAway: true}); reason(err) != "fault.policy.system" {
			t.Errorf("%s could be deleted: %v", p.Name, err)
		}
	}
}

func TestAFaultyDocumentIsToldByPlace(t *testing.T) {
	w, s := open(t)
	create(t, w, s, "Mine", createOnly)
	faulty := "{\n  \"Version\": \"1\",\n  \"Statement\": [{\"Effect\": \"Maybe\", \"Action\": [7, \"dataworks:CreatWorkspace\"], \"Resource\": \"*\"},\n{\"Effect\": \"Deny\"}]\n}"
	_, made := s.Create(w.As(storagetest.Owner), "Other", faulty)
	_, changed := s.Update(w.As(storagetest.Owner), "Mine", policy.Edit{Document: faulty})
	_, simulated := s.Simulate(w.As(storagetest.Owner), policy.Simulation{Document: faulty, Action: "dataworks:CreateWorkspace"})
	for i, err := range []error{made, changed, simulated} {
		var invalid *fault.Invalid
		if !errors.As(err, &invalid) {
			t.Fatalf("taken, or refused otherwise: %v", err)
		}
		var got []string
		for _, f := range invalid.Fields {
			got = append(got, fmt.Sprintf("%s %d:%d %s", f.Name, f.Text.Args["Line"], f.Text.Args["Column"], strings.TrimPrefix(f.Text.ID, "fault.policy.")))
		}
		want := "document 3:28 document; document 3:48 document; document 3:51 operation.near; document 4:18 document; document 4:18 document"
		if i == 2 { // what is only simulated may name anything
			want = "document 3:28 document; document 3:48 document; document 4:18 document; document 4:18 document"
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("told as %s, want %s", s, want)
		}
	}
}

// What somebody writes must name operations that there are; a policy that was stored otherwise is read and asked as before.
func TestUnknownOperationsAreRefusedWhenWritten(t *testing.T) {
	w, s := open(t)
	create(t, w, s, "Mine", createOnly)
	misspelt := strings.ReplaceAll(createOnly, "CreateWorkspace", "CreatWorkspace")
	_, made := s.Create(w.As(storagetest.Owner), "Other", misspelt)
	_, changed := s.Update(w.As(storagetest.Owner), "Mine", policy.Edit{Document: misspelt})
	_, previewed := s.PreviewUpdate(w.As(storagetest.Owner), "Mine", policy.Edit{Document: misspelt})
	for _, err := range []error{made, changed, previewed} {
		var invalid *fault.Invalid
		if !errors.As(err, &invalid) || len(invalid.Fields) != 1 || invalid.Fields[0].Name != "document" {
			t.Fatalf("taken, or refused otherwise: %v", err)
		}
		text := invalid.Fields[0].Text
		near, _ := text.Args["Near"].(string)
		if text.ID != "fault.policy.operation.near" || text.Args["Line"] != 1 || text.Args["Column"] != strings.Index(misspelt, `"dataworks:C`)+1 ||
			!strings.HasPrefix(near, "dataworks:CreateWorkspace") {
			t.Errorf("told as %+v", text)
		}
	}
	if _, err := s.Simulate(w.As(storagetest.Owner), policy.Simulation{Document: misspelt, Action: "dataworks:CreateWorkspace"}); err != nil {
		t.Errorf("a document that is only tried: %v", err)
	}
}

// A resource that is the name of nothing is refused where it stands, beside what else is wrong.
func TestResourcesThatCannotBeAreRefusedWhenWritten(t *testing.T) {
	w, s := open(t)
	wrong := `{"Version":"1","Statement":[{"Effect":"Deny","Action":"dataworks:Nope","Resource":["*","workspace/a"]}]}`
	_, err := s.Create(w.As(storagetest.Owner), "Other", wrong)
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) || len(invalid.Fields) != 2 || invalid.Fields[1].Text.ID != "fault.policy.resource" ||
		invalid.Fields[1].Text.Args["Column"] != strings.Index(wrong, `"workspace`)+1 {
		t.Errorf("taken, or refused otherwise: %v", err)
	}
}

func TestNames(t *testing.T) {
	w, s := open(t)
	create(t, w, s, "Mine", createOnly)
	for name, want := range map[string]string{
		"mine": "fault.policy.name.taken", "aliyundataworksfullaccess": "fault.policy.name.taken", "a b": "fault.policy.name.form", "-a": "fault.policy.name.form",
	} {
		if _, err := s.Create(w.As(storagetest.Owner), name, createOnly); reason(err) != want {
			t.Errorf("create %q: %v, want %s", name, err, want)
		}
	}
}

func TestWhoMayAttach(t *testing.T) {
	w, s := open(t, "ann", "bob", "carol")
	create(t, w, s, "Mine", createOnly)
	attach(t, w, s, administrator, "ann")
	attach(t, w, s, fullAccess, "bob")
	for _, c := range []struct{ by, name, to, want string }{
		{"carol", "Mine", "carol", "denied.power"},
		{"bob", "Mine", "carol", "denied.power"}, // FullAccess is power over workspaces, not over policies
		{"ann", "Mine", "carol", ""},
		{"ann", fullAccess, "carol", "denied.policy.account"},
		{"ann", administrator, "carol", "denied.policy.account"},
		{"ann", "AliyunBSSOrderAccess", "carol", "denied.policy.account"},
		{"ann", "AliyunDataWorksReadOnlyAccess", "carol", ""},
		{storagetest.Owner, fullAccess, "carol", ""},
		{storagetest.Owner, "Mine", storagetest.Owner, "fault.policy.account"},
		{storagetest.Owner, "Mine", "nobody", "fault.user.unknown"},
	} {
		if _, err := s.Attach(w.As(c.by), c.name, policy.Batch{Users: []string{c.to}}); reason(err) != c.want {
			t.Errorf("%s attaches %s to %s: %v, want %q", c.by, c.name, c.to, err, c.want)
		}
	}
}

func TestAnAttachedPolicyStaysUnlessTakenAway(t *testing.T) {
	w, s := open(t, "ann", "bob")
	create(t, w, s, "Mine", createOnly)
	attach(t, w, s, "Mine", "bob")
	attach(t, w, s, "Mine", "ann")
	_, err := s.Delete(w.As(storagetest.Owner), "Mine", policy.Removal{})
	var refused *fault.Refused
	if !errors.As(err, &refused) || !slices.Equal(refused.Named, []string{"ann", "bob"}) {
		t.Fatalf("deleted, or refused without its holders: %v", err)
	}
	if _, err := s.Delete(w.As(storagetest.Owner), "Mine", policy.Removal{TakeAway: true}); err != nil {
		t.Fatal(err)
	}
	if left, err := s.AttachedTo(w.As("ann"), "ann"); err != nil || len(left) != 0 {
		t.Errorf("ann still has %+v (%v)", left, err)
	}
}

func TestVersions(t *testing.T) {
	w, s := open(t)
	create(t, w, s, "Mine", createOnly)
	ctx := w.As(storagetest.Owner)
	p, err := s.Update(ctx, "Mine", policy.Edit{Document: guarded, Version: 1})
	if err != nil || p.Version != 2 || len(p.Statements) != 2 {
		t.Fatalf("updated to %+v (%v)", p, err)
	}
	var conflict *fault.Conflict
	if _, err := s.Update(ctx, "Mine", policy.Edit{Document: denyAll, Version: 1}); !errors.As(err, &conflict) {
		t.Errorf("an old version was taken: %v", err)
	}
	if same, err := s.Update(ctx, "Mine", policy.Edit{Document: guarded, Version: 2}); err != nil || same.Version != 2 {
		t.Errorf("the same document made version %d (%v)", same.Version, err)
	}
}

func TestAnAttachmentUntilATime(t *testing.T) {
	w, s := open(t, "ann")
	until := w.Now().Add(time.Hour)
	if _, err := s.Attach(w.As(storagetest.Owner), administrator, policy.Batch{Users: []string{"ann"}, Until: until}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Create(w.As("ann"), "Mine", createOnly); err != nil {
		t.Errorf("refused while it is attached: %v", err)
	}
	w.Pass(time.Hour)
	if _, err := s.Create(w.As("ann"), "Other", createOnly); reason(err) != "denied.power" {
		t.Errorf("went on at the end: %v", err)
	}
}

func TestWhoBarsThemselvesSaysSo(t *testing.T) {
	w, s := open(t, "ann")
	create(t, w, s, "Bar", denyAll)
	attach(t, w, s, administrator, "ann")
	mine := policy.Batch{Users: []string{"ann"}}
	if _, err := s.Attach(w.As("ann"), "Bar", mine); reason(err) != "fault.own.loss" {
		t.Errorf("ann barred herself: %v", err)
	}
	if _, err := s.Detach(w.As("ann"), administrator, mine); reason(err) != "fault.own.loss" {
		t.Errorf("ann took her power away: %v", err)
	}
	out, err := s.PreviewAttach(w.As("ann"), "Bar", mine)
	if err != nil || len(out.Effect.ConsoleLosses) == 0 {
		t.Errorf("the preview does not tell: %+v (%v)", out.Effect, err)
	}
	mine.OwnLoss = true
	if _, err := s.Attach(w.As("ann"), "Bar", mine); err != nil {
		t.Errorf("refused although it was meant: %v", err)
	}
}

func TestSimulate(t *testing.T) {
	w, s := open(t, "ann", "bob", "carol")
	create(t, w, s, "Guarded", guarded)
	attach(t, w, s, "Guarded", "ann")
	attach(t, w, s, fullAccess, "bob")
	const remove, prod, test = "dataworks:DeleteWorkspace", "acs:dataworks:cn-hangzhou:*:workspace/prod_dw", "acs:dataworks:cn-hangzhou:*:workspace/test_dw"
	for name, c := range map[string]struct {
		in        policy.Simulation
		want      policy.Verdict
		policy    string
		statement int
		power     access.Power
	}{
		"denied by the second":       {policy.Simulation{Policy: "guarded", Action: remove, Resource: prod}, policy.Denied, "Guarded", 2, 0},
		"allowed by the first":       {policy.Simulation{Policy: "Guarded", Action: remove, Resource: test}, policy.Allowed, "Guarded", 1, 0},
		"the denial is of pages":     {policy.Simulation{Policy: "Guarded", Action: remove, Resource: prod, Scope: access.ScopeOpenAPI}, policy.Allowed, "Guarded", 1, 0},
		"nothing allows":             {policy.Simulation{Policy: "Guarded", Action: "dataworks:ListContacts"}, policy.Implicit, "", 0, 0},
		"saved nowhere":              {policy.Simulation{Document: createOnly, Action: "dataworks:CreateWorkspace"}, policy.Allowed, "", 1, 0},
		"a user, by what they hold":  {policy.Simulation{User: "ann", Action: remove, Resource: prod}, policy.Denied, "Guarded", 2, 0},
		"a user without anything":    {policy.Simulation{User: "carol", Action: remove, Resource: prod}, policy.Implicit, "", 0, 0},
		"a user who would hold it":   {policy.Simulation{User: "carol", Policy: "Guarded", Action: remove, Resource: test}, policy.Allowed, "Guarded", 1, 0},
		"a power":                    {policy.Simulation{User: "bob", Action: remove, Resource: prod}, policy.Allowed, fullAccess, 1, 0},
		"a denial beats a power":     {policy.Simulation{User: "bob", Document: denyAll, Action: remove, Resource: prod}, policy.Denied, "", 1, 0},
		"nothing is said to account": {policy.Simulation{User: storagetest.Owner, Document: denyAll, Action: remove, Resource: prod}, policy.Allowed, "", 0, access.PowerAccount},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := s.Simulate(w.As("carol"), c.in)
			if err != nil {
				t.Fatal(err)
			}
			if got.Verdict != c.want || got.Policy != c.policy || got.Statement != c.statement || got.Power != c.power {
				t.Errorf("%s by %q statement %d power %d, want %s by %q statement %d power %d", got.Verdict, got.Policy, got.Statement, got.Power,
					c.want, c.policy, c.statement, c.power)
			}
			if (got.Explanation != nil) != (c.in.User != "") {
				t.Errorf("the explanation is %v", got.Explanation)
			}
		})
	}
}

func TestSimulateSaysWhatIsMissing(t *testing.T) {
	w, s := open(t)
	_, err := s.Simulate(w.As(storagetest.Owner), policy.Simulation{Scope: "Fax"})
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) || len(invalid.Fields) != 3 {
		t.Errorf("answered with %v", err)
	}
}
