package access

import (
	"slices"
	"strings"
	"testing"
)

func TestTenantBuiltinsAreThePublishedOnes(t *testing.T) {
	want := []struct {
		code, capabilities string
	}{
		{"tenant_owner", "everything"},
		{"tenant_admin", "everything"},
		{"tenant_member", "data-map.use security-center.use approval-center.use data-security-guard.read data-analysis.use"},
		{"tenant_security_admin", "security-center.use security-center.manage approval-center.use approval-center.manage " +
			"data-security-guard.read data-security-guard.manage"},
		{"tenant_governance_admin", "data-governance.use data-governance.manage"},
		{"tenant_compliance_manager", "compliance.manage"},
		{"tenant_openplatform_admin", "open-platform.manage"},
		{"tenant_directory_admin", "data-map.use data-map.manage-directories"},
		{"tenant_collection_admin", "data-map.use data-map.collect-metadata"},
	}
	roles := realTenantRoles()
	if len(roles) != len(want) {
		t.Fatalf("%d roles, want %d", len(roles), len(want))
	}
	for i, r := range roles {
		var codes []string
		for _, c := range r.Capabilities.List() {
			codes = append(codes, c.Code())
		}
		got := strings.Join(codes, " ")
		if r.Everything {
			got = "everything"
		}
		if r.ID != TenantRoleID(i+1) || r.Code != want[i].code || got != want[i].capabilities || r.Kind != Builtin || r.NameZH == "" {
			t.Errorf("role %+v has %q, want %+v", r, got, want[i])
		}
		implied := r.Code == "tenant_owner" || r.Code == "tenant_member"
		if (r.GrantedBy == Nobody) != implied || r.Assignable == implied || r.Automatic != (r.Code == "tenant_member") {
			t.Errorf("role %s: granted by %d, assignable %v, automatic %v", r.Code, r.GrantedBy, r.Assignable, r.Automatic)
		}
	}
}

func TestCapabilities(t *testing.T) {
	var custom []string
	for _, c := range CustomCapabilities() {
		custom = append(custom, c.Code())
	}
	slices.Sort(custom)
	want := []string{
		"approval-center.manage", "approval-center.use", "data-analysis.use", "data-governance.manage", "data-governance.use",
		"data-map.use", "data-security-guard.manage", "data-security-guard.read", "security-center.use",
	}
	if !slices.Equal(custom, want) {
		t.Errorf("custom roles are offered %v, want %v", custom, want)
	}
	for _, c := range AllCapabilities() {
		parsed, err := ParseCapability(strings.ToUpper(c.Code()))
		if err != nil || parsed != c || c.Level() == None || c.Module().Plane() != PlaneGlobal {
			t.Errorf("%v: parsed %v, %v", c, parsed, err)
		}
		set := CapabilitySet(c)
		if !set.Has(c) || set.Without(c) != 0 || !slices.Equal(set.List(), []Capability{c}) {
			t.Errorf("%v: set %v", c, set)
		}
	}
	if _, err := ParseCapability("data-map.us"); err == nil || !strings.Contains(err.Error(), "data-map.use") {
		t.Errorf("nearest is not told: %v", err)
	}
	if Capability(0).Code() != "invalid" || Capabilities(1).Has(0) || (lastCapability+1).Level() != None {
		t.Error("what is no capability passes for one")
	}
}

func TestSystemPolicies(t *testing.T) {
	byName := map[string]Document{}
	for _, d := range realPolicies() {
		byName[d.Name] = d
	}
	five := []string{"ListResourceGroup", "ShowResourceGroupDetail", "ListContacts", "ListAlarmResource", "ListUserResources"}
	var got []string
	for _, action := range byName["AliyunDataWorksReadOnlyAccess"].Statements[0].Actions {
		got = append(got, strings.TrimPrefix(action, "dataworks:"))
	}
	if !slices.Equal(got, five) {
		t.Errorf("read-only has %v", got)
	}
	if byName["AliyunDataWorksFullAccess"].Power != PowerFullAccess || byName["AdministratorAccess"].Power != PowerAdministrator {
		t.Error("a power is missing")
	}
	st := withTeam(t)
	st.Attachments = []Attachment{{ID: 1, Principal: ann, Policy: 1}, {ID: 2, Principal: bob, Policy: 1}, {ID: 3, Principal: bob, Policy: 3}, {ID: 4, Principal: carol, Policy: 2}}
	s := compiled(t, st)
	for p, want := range map[PrincipalID]bool{root: true, ann: false, bob: true, carol: true} {
		if got := s.DecideConsole(ConsoleQuestion{p, "bss:PayOrder", "*", ""}); got != want {
			t.Errorf("%d may buy: %v", p, got)
		}
	}
	if len(ConsoleActions()) != 13 {
		t.Errorf("%d actions", len(ConsoleActions()))
	}
}

// An explicit denial wins over every power but the account.
func TestDenyWins(t *testing.T) {
	st := grantTo(withTeam(t), admin)
	st.Documents = append(st.Documents, Document{ID: 1000, Statements: []Statement{
		{Deny: true, Actions: []string{"dataworks:*"}, Resources: []string{"*"}, Scopes: []string{ScopePage}},
	}})
	for i, p := range []PrincipalID{root, full, ann} {
		st.Attachments = append(st.Attachments, Attachment{ID: GrantID(i + 1), Principal: p, Policy: 1000, By: root, At: 3})
	}
	s := compiled(t, st)
	for p, want := range map[PrincipalID]bool{root: true, full: false, ann: false} {
		if s.Decide(Question{p, 1, DataStudio, Read}) != want || s.Administers(1, p) != want ||
			s.DecideTenant(TenantQuestion{p, "cn-a", DataMapUse}) != want || s.Barred(p, ScopePage) == want || s.Barred(p, ScopeOpenAPI) {
			t.Errorf("%d: a bar is not kept, or keeps the account", p)
		}
	}
	e := s.Explain(Question{ann, 1, DataStudio, Read})
	if first := e.Because[0]; first.Kind != PolicyDeny || first.Effect != Decides || first.Policy != 1000 || first.By != root || e.Ways != nil {
		t.Errorf("explained by %+v, ways %+v", e.Because, e.Ways)
	}
	if e := s.ExplainAdministers(1, full); e.Allowed || e.Because[0].Kind != PolicyDeny || e.Ways != nil {
		t.Errorf("explained by %+v", e)
	}
}

func TestLoadersTellEverythingWrong(t *testing.T) {
	for name, c := range map[string]struct {
		load func() error
		want []string
	}{
		"tenant roles": {func() error {
			_, err := LoadTenantBuiltins([]byte("roles:\n- {id: 1, code: a, name: A, name_zh: A, granted_by: me}\n- {id: 0, code: a, granted_by: nobody, capabilities: [x]}\n"))
			return err
		}, []string{`"me"`, "used twice", "missing", `"x"`, "within"}},
		"policies": {func() error {
			_, err := LoadPolicies([]byte("policies:\n- {id: 1, name: a, power: big}\n- {id: 1, name: '', statements: [{effect: allow}]}\n"))
			return err
		}, []string{`"big"`, "used twice", "no statement", "names no action", `"allow"`, "name is missing"}},
		"engine roles": {func() error {
			_, err := LoadEngineRoles([]byte("roles:\n- {code: a}\n- {code: a}\n- {dev: x}\n"))
			return err
		}, []string{"engine role 2", "engine role 3"}},
		"nothing": {func() error { _, err := LoadPolicies([]byte("policies: []")); return err }, []string{"none"}},
	} {
		err := c.load()
		if err == nil {
			t.Errorf("%s: taken", name)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q is not in %v", name, want, err)
			}
		}
	}
}
