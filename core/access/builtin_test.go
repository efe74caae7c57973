package access

import (
	"strings"
	"testing"
)

func TestBuiltinRolesAreThePublishedOnes(t *testing.T) {
	writes := map[string]string{
		"role_project_owner":        "everything",
		"role_project_admin":        "everything",
		"role_project_data_analyst": "data-analysis",
		"role_project_dev":          "data-integration data-studio",
		"role_project_pe":           "data-integration operation-center deployment",
		"role_project_deploy":       "deployment",
		"role_project_guest":        "",
		"role_project_security":     "",
		"role_project_erd":          "data-modeling intelligent-modeling",
		"role_project_dg_admin":     "",
	}
	order := []string{
		"role_project_owner", "role_project_admin", "role_project_data_analyst", "role_project_dev", "role_project_pe",
		"role_project_deploy", "role_project_guest", "role_project_security", "role_project_erd", "role_project_dg_admin",
	}
	roles := builtins(t)
	if len(roles) != len(order) {
		t.Fatalf("%d built-in roles, want %d", len(roles), len(order))
	}
	for i, r := range roles {
		if r.ID != RoleID(i+1) || r.Code != order[i] || r.Kind != Builtin || r.Workspace != 0 || r.EngineRole == "" {
			t.Errorf("role %d is %+v", i+1, r)
		}
		if r.Owner != (r.ID == owner) || r.Assignable == r.Owner || r.Administers != (r.ID == owner || r.ID == admin) {
			t.Errorf("%s: owner %v, assignable %v, administers %v", r.Code, r.Owner, r.Assignable, r.Administers)
		}
		var written []string
		for _, m := range WorkspaceModules() {
			if r.Levels.Get(m) == None {
				t.Errorf("%s does not read %v", r.Code, m)
			}
			if r.Levels.Get(m) == Write {
				written = append(written, m.Code())
			}
		}
		got := strings.Join(written, " ")
		if len(written) == len(WorkspaceModules()) {
			got = "everything"
		}
		if got != writes[r.Code] {
			t.Errorf("%s writes %q, want %q", r.Code, got, writes[r.Code])
		}
	}
}

// No two built-in roles answer to one name.
func TestBuiltinNamesAreUnique(t *testing.T) {
	roles := builtins(t)
	for _, r := range roles {
		for _, name := range r.names() {
			if got, err := FindRole(roles, name); err != nil || got.ID != r.ID {
				t.Errorf("%q of %s: %s, %v", name, r.Code, got.Code, err)
			}
		}
	}
}

func TestLoadBuiltinsRefuses(t *testing.T) {
	const good = "roles:\n  - {id: 1, code: a, name: A, name_zh: 甲, levels: {every-module: read, data-studio: write}}\n"
	roles, err := LoadBuiltins([]byte(good))
	if err != nil || roles[0].Levels != AllWorkspace(Read).With(DataStudio, Write) {
		t.Fatalf("the good file: %+v, %v", roles, err)
	}
	cases := map[string][2]string{
		"no role":         {good, "roles: []"},
		"no YAML":         {good, "roles: [}"},
		"unknown field":   {"name_zh", "nom"},
		"id 0":            {"id: 1", "id: 0"},
		"id too high":     {"id: 1", "id: 1000"},
		"no code":         {"code: a", "code: ''"},
		"no Chinese name": {"name_zh: 甲, ", ""},
		"no base level":   {"every-module: read, ", ""},
		"unknown level":   {"data-studio: write", "data-studio: some"},
		"unknown module":  {"data-studio", "data-studo"},
		"global module":   {"data-studio", "data-map"},
	}
	for name, c := range cases {
		spoiled := strings.Replace(good, c[0], c[1], 1)
		if _, err := LoadBuiltins([]byte(spoiled)); err == nil {
			t.Errorf("%s is accepted:\n%s", name, spoiled)
		}
	}
	twice := good + strings.TrimPrefix(good, "roles:\n")
	if _, err := LoadBuiltins([]byte(twice)); err == nil || !strings.Contains(err.Error(), "used twice") {
		t.Errorf("the same role twice: %v", err)
	}
}
