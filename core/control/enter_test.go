package control_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// ask takes a question that answers 1 through the gate.
func ask(ctx context.Context, d *desk, id action.ID, target control.Target) error {
	got, err := control.Ask(ctx, d.Gate, control.Query[int]{Action: id, Target: at(target),
		Do: func(context.Context, control.Target, control.Viewer) (int, error) { return 1, nil }})
	if err == nil && got != 1 {
		return errors.New("the answer got lost")
	}
	return err
}

// do takes a change that does nothing but answer through the gate.
func do(ctx context.Context, d *desk, id action.ID, target control.Target) error {
	_, err := control.Do(ctx, d.Gate, control.Change[int]{Action: id, Target: at(target),
		Apply: func(context.Context, control.Target, control.Actor) (control.Applied[int], error) {
			return control.Applied[int]{Value: 1}, nil
		}})
	return err
}

// reasonOf is the message of a refusal, empty for no error.
func reasonOf(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var denied *fault.Denied
	if !errors.As(err, &denied) {
		t.Fatalf("failed with %v, want a refusal", err)
	}
	return denied.Reason.ID
}

func TestNobodyGetsIn(t *testing.T) {
	d := newDesk(t)
	if got := reasonOf(t, ask(t.Context(), d, action.UserList, control.Target{})); got != "denied.nobody" {
		t.Errorf("a question by nobody: %q", got)
	}
	if got := reasonOf(t, do(t.Context(), d, action.RoleSet, salesTarget())); got != "denied.nobody" {
		t.Errorf("a change by nobody: %q", got)
	}
	if got := reasonOf(t, ask(as(t, ghost), d, action.UserList, control.Target{})); got != "denied.nobody" {
		t.Errorf("a question by somebody the tenant does not know: %q", got)
	}
	if len(d.store.kept.log) != 0 {
		t.Errorf("%d entries about nobody", len(d.store.kept.log))
	}
}

func TestTheVeryFirstActNeedsNobody(t *testing.T) {
	d := newDesk(t)
	if err := do(t.Context(), d, action.TenantInit, control.Target{}); err != nil {
		t.Error(err)
	}
}

func TestAReadOnlySessionAsksButChangesNothing(t *testing.T) {
	d := newDesk(t)
	ctx := control.WithActor(t.Context(), control.Actor{Principal: root, Name: "root", ReadOnly: true})
	if err := ask(ctx, d, action.WorkspaceShow, salesTarget()); err != nil {
		t.Errorf("a question: %v", err)
	}
	for _, id := range []action.ID{action.RoleSet, action.WorkspaceDelete, action.TenantInit} {
		if got := reasonOf(t, do(ctx, d, id, salesTarget())); got != "denied.read_only" {
			t.Errorf("%s: %q", id, got)
		}
	}
}

func TestWhatEachNeedAsksFor(t *testing.T) {
	about := salesTarget()
	about.About = dev
	for _, c := range []struct {
		need   action.Need
		act    action.ID
		target control.Target
		may    []access.PrincipalID
		reason string
	}{
		{action.NeedTenant, action.WorkspaceList, control.Target{}, []access.PrincipalID{root, fay, ada, dev, plain, zoe, abe, tess}, "denied.nobody"},
		{action.NeedMember, action.MemberList, salesTarget(), []access.PrincipalID{root, fay, ada, dev, plain, abe}, "denied.member"},
		{action.NeedWorkspaceAdmin, action.RoleCreate, salesTarget(), []access.PrincipalID{root, fay, ada, abe}, "denied.workspace_admin"},
		{action.NeedWorkspaceRole, action.SourceAdd, salesTarget(), []access.PrincipalID{root, fay, ada, abe}, "denied.workspace_role"},
		{action.NeedFullAccess, action.WorkspaceDelete, salesTarget(), []access.PrincipalID{root, fay, abe}, "denied.full_access"},
		{action.NeedTenantAdmin, action.TenantMemberGrant, control.Target{Region: "cn-hangzhou"}, []access.PrincipalID{root, fay, abe, tess}, "denied.tenant_admin"},
		{action.NeedTenantAdmin, action.TenantMemberGrant, control.Target{Region: "cn-shanghai"}, []access.PrincipalID{root, fay, abe}, "denied.tenant_admin"},
		{action.NeedOrder, action.GroupCreate, control.Target{Region: "cn-hangzhou"}, []access.PrincipalID{root, abe}, "denied.order"},
		{action.NeedPower, action.PolicyAttach, control.Target{}, []access.PrincipalID{root, abe}, "denied.power"},
		{action.NeedMemberOrOwnAccount, action.AccessWhere, control.Target{About: dev}, []access.PrincipalID{root, fay, abe, dev}, "denied.about_others"},
		{action.NeedMember, action.AccessWho, control.Target{Region: "cn-hangzhou"}, []access.PrincipalID{root, fay, abe, tess}, "denied.about_others"},
		{action.NeedMemberOrOwnAccount, action.AccessWhy, about, []access.PrincipalID{root, fay, ada, dev, plain, abe}, "denied.member"},
	} {
		d := newDesk(t)
		if act, _ := d.Acts().Get(c.act); act.Need != c.need {
			t.Fatalf("%s no longer stands for the need %d", c.act, c.need)
		}
		for _, p := range everybody() {
			want := c.reason
			if slices.Contains(c.may, p) {
				want = ""
			}
			if p == ghost {
				want = "denied.nobody"
			}
			if got := reasonOf(t, do(as(t, p), d, c.act, c.target)); got != want {
				t.Errorf("%s by %s: %q, want %q", c.act, nameOf(p), got, want)
			}
		}
	}
}

func TestAQuestionAboutOneselfNeedsNoMembership(t *testing.T) {
	d := newDesk(t)
	self := salesTarget()
	self.About = zoe
	if err := ask(as(t, zoe), d, action.AccessWhy, self); err != nil {
		t.Error(err)
	}
}

func TestARefusalSaysWhatIsHeldAndWhomToAsk(t *testing.T) {
	d := newDesk(t)
	var denied *fault.Denied
	if err := do(as(t, dev), d, action.RoleSet, salesTarget()); !errors.As(err, &denied) {
		t.Fatalf("failed with %v", err)
	}
	if denied.Action != string(action.RoleSet) || !slices.Contains(denied.Ask, "ada") || slices.Contains(denied.Ask, "dev") {
		t.Errorf("refusal of %s sends to %v", denied.Action, denied.Ask)
	}
	held, _ := denied.Reason.Args["Held"].(message.Text)
	names, _ := held.Args["Items"].([]message.Text)
	if len(names) != 1 || names[0].Args["Text"] != "reader" {
		t.Errorf("it says that %v is held", held)
	}
	if err := do(as(t, plain), d, action.RoleSet, salesTarget()); !errors.As(err, &denied) {
		t.Fatalf("failed with %v", err)
	}
	if held, _ := denied.Reason.Args["Held"].(message.Text); held.ID != "role.no_role" {
		t.Errorf("who holds nothing is said to hold %v", held)
	}
}

func TestTheEditionRefusesNamingItself(t *testing.T) {
	d := newDesk(t)
	nowhere := cheapTarget()
	nowhere.Region = "cn-beijing"
	for name, c := range map[string]struct {
		target control.Target
		have   string
	}{"lower": {cheapTarget(), "edition.basic"}, "not activated": {nowhere, "edition."}} {
		var denied *fault.Denied
		if err := do(as(t, root), d, action.RoleCreate, c.target); !errors.As(err, &denied) || denied.Reason.ID != "denied.edition" {
			t.Fatalf("%s: failed with %v", name, err)
		}
		need, _ := denied.Reason.Args["Need"].(message.Text)
		have, _ := denied.Reason.Args["Have"].(message.Text)
		if need.ID != "edition.enterprise" || have.ID != c.have || denied.Reason.Args["Region"] != c.target.Region {
			t.Errorf("%s: %v", name, denied.Reason.Args)
		}
	}
	if err := do(as(t, root), d, action.RoleDelete, cheapTarget()); err != nil {
		t.Errorf("an act of every edition: %v", err)
	}
}

func TestAnActThatIsNotInTheCatalogueFails(t *testing.T) {
	d := newDesk(t)
	err := do(as(t, root), d, "role.invented", salesTarget())
	if err == nil || fault.KindOf(err) != fault.KindFailed || d.store.kept.revision != 0 {
		t.Errorf("failed with %v at revision %d", err, d.store.kept.revision)
	}
}

func TestATargetThatIsNotThereIsSaidBeforeAnything(t *testing.T) {
	d := newDesk(t)
	_, err := control.Ask(as(t, zoe), d.Gate, control.Query[int]{Action: action.MemberList,
		Target: func(context.Context) (control.Target, error) {
			return control.Target{}, &fault.NotFound{What: "workspace", Name: "x"}
		},
		Do: func(context.Context, control.Target, control.Viewer) (int, error) {
			t.Error("answered about what is not there")
			return 0, nil
		}})
	if fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("failed with %v", err)
	}
}

func TestOnlyPowersSeeEverything(t *testing.T) {
	d := newDesk(t)
	for _, p := range []access.PrincipalID{root, fay, abe, ada, zoe} {
		everything, err := control.Ask(as(t, p), d.Gate, control.Query[bool]{Action: action.WorkspaceList,
			Do: func(_ context.Context, _ control.Target, by control.Viewer) (bool, error) { return by.Everything, nil }})
		if err != nil || everything != (p == root || p == fay || p == abe) {
			t.Errorf("%s sees everything: %v (%v)", nameOf(p), everything, err)
		}
	}
}

// TestStandingIsWhatTheGateDoes holds what screens show against what happens, for everybody, every act and every place.
func TestStandingIsWhatTheGateDoes(t *testing.T) {
	d := newDesk(t)
	for _, target := range []control.Target{salesTarget(), cheapTarget()} {
		for _, p := range everybody() {
			for _, readOnly := range []bool{false, true} {
				ctx := control.WithActor(t.Context(), control.Actor{Principal: p, Name: nameOf(p), ReadOnly: readOnly})
				standing, err := d.Standing(ctx, target)
				if err != nil {
					t.Fatal(err)
				}
				for _, act := range d.Acts().All() {
					said, happens := standing.May(act.ID), reasonOf(t, ask(ctx, d, act.ID, target))
					if said.OK != (happens == "") || said.Reason.ID != happens {
						t.Errorf("%s by %s (read-only %v) in %s: shown %v %q, happens %q", act.ID, nameOf(p), readOnly, target.WorkspaceName, said.OK, said.Reason.ID, happens)
					}
				}
			}
		}
	}
	standing, err := d.Standing(as(t, dev), salesTarget())
	if err != nil || len(standing.Roles) != 1 || standing.Roles[0].ID != reader || standing.Edition != "enterprise" {
		t.Errorf("dev stands as %+v (%v)", standing, err)
	}
	if standing.May("role.invented").OK {
		t.Error("an act that is not in the catalogue is possible")
	}
}

func TestNamesOfPrincipals(t *testing.T) {
	for name, ok := range map[string]bool{
		"zoe": true, "zoe.park@example.com": true, "王芳": true, "9lives": true, "a": true,
		"": false, ".zoe": false, "zoe park": false, "zoe\x1b[8m": false, "zoe/park": false, "zoe\u202eevil": false,
		"a2345678901234567890123456789012345678901234567890123456789012345": false,
	} {
		if _, got := control.PrincipalName().Check(name); got != ok {
			t.Errorf("%q may be a name: %v, want %v", name, got, ok)
		}
	}
}
