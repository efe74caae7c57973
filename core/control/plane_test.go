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
)

// attach attaches a custom policy of one statement to somebody.
func (d *desk) attach(p access.PrincipalID, s access.Statement) {
	st := &d.store.kept.access
	id := access.PolicyID(1000 + len(st.Documents)) // #nosec G115 -- few
	st.Documents = append(slices.Clone(st.Documents), access.Document{ID: id, Name: "own", Statements: []access.Statement{s}})
	st.Attachments = append(slices.Clone(st.Attachments), access.Attachment{ID: access.GrantID(id), Principal: p, Policy: id})
}

func statement(deny bool, act, resource string, scopes ...string) access.Statement {
	return access.Statement{Deny: deny, Actions: []string{act}, Resources: []string{resource}, Scopes: scopes}
}

func TestPoliciesGrantAndDenyActsOfTheConsole(t *testing.T) {
	const create, modify, remove = "dataworks:CreateWorkspace", "dataworks:ModifyWorkspace", "dataworks:DeleteWorkspace"
	here, all := access.ARN("cn-hangzhou", access.EntityWorkspace, "sales_*"), access.ARN("", access.EntityWorkspace, "")
	region := control.Target{Region: "cn-hangzhou", Kind: "workspace", Name: "new_dw"}
	for name, c := range map[string]struct {
		statement access.Statement
		who       access.PrincipalID
		act       action.ID
		target    control.Target
		want      string
	}{
		"allowed by a policy alone":           {statement(false, remove, here), zoe, action.WorkspaceDelete, salesTarget(), ""},
		"allowed in another workspace only":   {statement(false, remove, here), zoe, action.WorkspaceDelete, cheapTarget(), "denied.full_access"},
		"allowed in another region only":      {statement(false, remove, access.ARN("cn-beijing", access.EntityWorkspace, "")), zoe, action.WorkspaceDelete, salesTarget(), "denied.full_access"},
		"another act is not allowed":          {statement(false, modify, here), zoe, action.WorkspaceDelete, salesTarget(), "denied.full_access"},
		"allowed to make one":                 {statement(false, create, all), zoe, action.WorkspaceCreate, region, ""},
		"making needs all workspaces":         {statement(false, create, here), zoe, action.WorkspaceCreate, region, "denied.full_access"},
		"a policy grants no other act":        {statement(false, "*", "*"), zoe, action.RoleCreate, salesTarget(), "denied.workspace_admin"},
		"allowed for calls alone":             {statement(false, remove, "*", access.ScopeOpenAPI), zoe, action.WorkspaceDelete, salesTarget(), "denied.full_access"},
		"denied to an administrator":          {statement(true, modify, here), ada, action.WorkspaceUpdate, salesTarget(), "denied.policy"},
		"denied elsewhere":                    {statement(true, modify, here), ada, action.WorkspaceUpdate, cheapTarget(), ""},
		"denied to a holder of FullAccess":    {statement(true, remove, "*"), fay, action.WorkspaceDelete, salesTarget(), "denied.policy"},
		"denied to a holder of Administrator": {statement(true, remove, "*"), abe, action.WorkspaceDelete, salesTarget(), "denied.policy"},
		"never denied to the account":         {statement(true, "dataworks:*", "*"), root, action.WorkspaceDelete, salesTarget(), ""},
		"denied for calls alone":              {statement(true, "dataworks:*", "*", access.ScopeOpenAPI), ada, action.WorkspaceUpdate, salesTarget(), ""},
		"barred from every act":               {statement(true, "dataworks:*", "*"), ada, action.MemberAdd, salesTarget(), "denied.barred"},
		"barred from lists":                   {statement(true, "dataworks:*", "*", access.ScopePage), plain, action.WorkspaceList, control.Target{}, "denied.barred"},
		"barred with power":                   {statement(true, "dataworks:*", "*"), abe, action.PolicyAttach, control.Target{}, "denied.barred"},
		"barred may ask about itself":         {statement(true, "dataworks:*", "*"), dev, action.AccessWhy, about(dev), ""},
		"barred may not ask about others":     {statement(true, "dataworks:*", "*"), ada, action.AccessWhy, about(dev), "denied.barred"},
	} {
		d := newDesk(t)
		d.attach(c.who, c.statement)
		if name != "making needs all workspaces" && c.target.WorkspaceName == "" && c.target.Workspace != 0 {
			t.Fatalf("%s: a target without a name", name)
		}
		if got := reasonOf(t, do(as(t, c.who), d, c.act, c.target)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		standing, err := d.Standing(as(t, c.who), c.target)
		if err != nil || standing.May(c.act).Reason.ID != c.want || standing.May(c.act).OK != (c.want == "") {
			t.Errorf("%s: shown as %+v %v", name, standing.May(c.act), err)
		}
	}
}

func TestWhoIsDisabledMayDoNothing(t *testing.T) {
	for name, c := range map[string]struct {
		who    access.PrincipalID
		act    action.ID
		target control.Target
	}{
		"a change":             {ada, action.MemberAdd, salesTarget()},
		"a list":               {plain, action.WorkspaceList, control.Target{}},
		"with power":           {fay, action.UserAdd, control.Target{}},
		"with all power":       {abe, action.PolicyAttach, control.Target{}},
		"a question of itself": {dev, action.AccessWhy, about(dev)},
	} {
		for _, want := range []string{"denied.disabled", "denied.vanished"} {
			d := newDesk(t)
			principals := d.store.kept.access.Principals
			at := slices.IndexFunc(principals, func(p access.Principal) bool { return p.ID == c.who })
			principals[at].Disabled, principals[at].Vanished = 5, want == "denied.vanished"
			if got := reasonOf(t, do(as(t, c.who), d, c.act, c.target)); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
			standing, err := d.Standing(as(t, c.who), control.Target{Region: "cn-hangzhou"})
			if err != nil || standing.May(c.act).Reason.ID != want || len(standing.May(c.act).Ask) == 0 {
				t.Errorf("%s: shown as %+v %v", name, standing.May(c.act), err)
			}
		}
	}
}

// about is a target in sales that is about somebody.
func about(p access.PrincipalID) control.Target {
	t := salesTarget()
	t.About = p
	return t
}

func TestWhoIsBarredIsShownNothingAnywhere(t *testing.T) {
	d := newDesk(t)
	for _, barred := range []bool{false, true} {
		want := !barred
		if barred {
			d.attach(ada, statement(true, "dataworks:*", "*"))
		}
		standing, err := d.Standing(as(t, ada), control.Target{Region: "cn-hangzhou"})
		if err != nil || standing.May(action.MemberAdd).OK != want || standing.May(action.WorkspaceList).OK != want || !standing.May(action.AccessWhy).OK {
			t.Errorf("barred %v: members %+v, why %+v (%v)", barred, standing.May(action.MemberAdd), standing.May(action.AccessWhy), err)
		}
	}
}

func TestAGroupHandsOnPowerAndDenial(t *testing.T) {
	d := newDesk(t)
	d.store.kept.access.Groups = []access.GroupMember{{Group: crew, Member: zoe}}
	d.store.kept.access.Attachments = append(d.store.kept.access.Attachments, access.Attachment{ID: 9, Principal: crew, Policy: 2})
	if err := do(as(t, zoe), d, action.PolicyAttach, control.Target{}); err != nil {
		t.Errorf("a member of a group with AdministratorAccess: %v", err)
	}
	d.attach(crew, statement(true, "dataworks:*", "*"))
	if got := reasonOf(t, do(as(t, zoe), d, action.PolicyAttach, control.Target{})); got != "denied.barred" {
		t.Errorf("a member of a barred group: %q", got)
	}
}

func TestRefusalsOfThePlanesSayWhomToAsk(t *testing.T) {
	d := newDesk(t)
	for _, c := range []struct {
		act    action.ID
		target control.Target
		who    string
		not    string
	}{
		{action.TenantMemberGrant, control.Target{Region: "cn-hangzhou"}, "tess", "zoe"},
		{action.TenantMemberGrant, control.Target{Region: "cn-shanghai"}, "root", "tess"},
		{action.PolicyAttach, control.Target{}, "abe", "fay"},
		{action.AccessWhere, about(dev), "ada", "zoe"},
	} {
		var denied *fault.Denied
		if err := do(as(t, zoe), d, c.act, c.target); !errors.As(err, &denied) || !slices.Contains(denied.Ask, c.who) || slices.Contains(denied.Ask, c.not) {
			t.Errorf("%s in %q: %v", c.act, c.target.Region, err)
		}
	}
}

// TestANarrowedSessionGoesWithoutTheRest holds the same person with and without the rest of what they are.
func TestANarrowedSessionGoesWithoutTheRest(t *testing.T) {
	narrowed := func(p access.PrincipalID, only ...string) context.Context {
		return control.WithActor(t.Context(), control.Actor{Principal: p, Name: nameOf(p), Only: only})
	}
	d := newDesk(t)
	admin := d.store.kept.access.Grants[0].Role
	d.store.kept.access.Grants = append(d.store.kept.access.Grants, access.Grant{ID: 99, Workspace: sales, Principal: ada, Role: reader})
	for name, c := range map[string]struct {
		ctx    context.Context
		act    action.ID
		target control.Target
		want   string
	}{
		"all roles":                    {narrowed(ada), action.RoleCreate, salesTarget(), ""},
		"the role that is enough":      {narrowed(ada, "reader", "Workspace Administrator"), action.RoleCreate, salesTarget(), ""},
		"by its code":                  {narrowed(ada, "role_project_admin"), action.RoleCreate, salesTarget(), ""},
		"another role":                 {narrowed(ada, "reader"), action.RoleCreate, salesTarget(), "denied.workspace_admin"},
		"a role that is not there":     {narrowed(ada, "no such role"), action.RoleCreate, salesTarget(), "denied.workspace_admin"},
		"a role that is not held":      {narrowed(dev, "Workspace Administrator"), action.RoleCreate, salesTarget(), "denied.workspace_admin"},
		"without the power":            {narrowed(fay, "Workspace Administrator"), action.WorkspaceDelete, salesTarget(), "denied.full_access"},
		"without AdministratorAccess":  {narrowed(abe, "reader"), action.PolicyAttach, control.Target{}, "denied.power"},
		"without being the account":    {narrowed(root, "reader"), action.RoleCreate, salesTarget(), "denied.workspace_admin"},
		"without tenant roles":         {narrowed(tess, "reader"), action.TenantMemberGrant, control.Target{Region: "cn-hangzhou"}, "denied.tenant_admin"},
		"still somebody of the tenant": {narrowed(zoe, "reader"), action.WorkspaceList, control.Target{}, ""},
	} {
		if got := reasonOf(t, do(c.ctx, d, c.act, c.target)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	standing, err := d.Standing(narrowed(ada, "reader"), salesTarget())
	if err != nil || len(standing.Roles) != 1 || standing.Roles[0].ID != reader || standing.May(action.RoleCreate).OK {
		t.Errorf("narrowed to one role, ada stands as %+v %v", standing, err)
	}
	everything, err := control.Ask(narrowed(fay, "reader"), d.Gate, control.Query[bool]{Action: action.WorkspaceList,
		Do: func(_ context.Context, _ control.Target, by control.Viewer) (bool, error) { return by.Everything, nil }})
	if err != nil || everything {
		t.Errorf("narrowed to a role, a holder of FullAccess sees everything: %v %v", everything, err)
	}
	d.attach(dev, statement(true, "dataworks:*", "*"))
	if got := reasonOf(t, do(narrowed(dev, "reader"), d, action.RoleList, salesTarget())); got != "denied.barred" {
		t.Errorf("narrowing opened what a policy closes: %q", got)
	}
	// What others may is told as it is, whoever asks: the effect of a change is on all of them.
	out, err := control.Preview(narrowed(ada, "Workspace Administrator"), d.Gate, paint(d, 0))
	if err != nil || !slices.Contains(out.Before.RolesOf(sales, ada), reader) || !slices.Contains(out.Before.RolesOf(sales, ada), admin) {
		t.Errorf("the preview in a narrowed session leaves out roles: %v", err)
	}
}

func TestAnActThatDoesAnotherTooNeedsBoth(t *testing.T) {
	d := newDesk(t)
	change := control.Change[int]{Action: action.UserAdd,
		Check: func(ctx context.Context, target control.Target) ([]fault.Field, error) {
			return nil, d.Also(ctx, action.PolicyAttach, target)
		},
		Apply: func(context.Context, control.Target, control.Actor) (control.Applied[int], error) {
			return control.Applied[int]{Value: 1}, nil
		}}
	for p, want := range map[access.PrincipalID]string{root: "", abe: "", fay: "denied.power", ada: "denied.full_access"} {
		_, err := control.Do(as(t, p), d.Gate, change)
		if got := reasonOf(t, err); got != want {
			t.Errorf("by %s: %q, want %q", nameOf(p), got, want)
		}
	}
}
