package access

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestModulesAreThePublishedOnes(t *testing.T) {
	codes := func(list []Module) string {
		var names []string
		for _, m := range list {
			names = append(names, m.Code())
		}
		return strings.Join(names, " ")
	}
	const workspace = "data-integration data-studio operation-center data-service data-quality data-modeling " +
		"intelligent-modeling data-analysis deployment migration-assistant resource-optimization holo-studio stream-studio"
	const global = "data-map security-center approval-center data-security-guard data-governance data-analysis"
	if got := codes(WorkspaceModules()); got != workspace {
		t.Errorf("workspace modules: %s", got)
	}
	if got := codes(GlobalModules()); got != global {
		t.Errorf("global modules: %s", got)
	}
	numbers := map[Module]int{
		HoloStudio: 2, StreamStudio: 3, Deployment: 4, DataSecurityGuard: 6, DataMap: 7, DataService: 8,
		DataIntegration: 9, DataModeling: 10, DataStudio: 11, DataQuality: 12, DataGovernance: 13, OperationCenter: 14,
		ResourceOptimization: 15, MigrationAssistant: 16, DataAnalysis: 17, ApprovalCenter: 18, SecurityCenter: 19,
		IntelligentModeling: 20, GlobalDataAnalysis: 17,
	}
	for _, m := range append(WorkspaceModules(), GlobalModules()...) {
		if m.Number() != numbers[m] || m.Name() == "" || m.String() != m.Code() {
			t.Errorf("%v: number %d, want %d; name %q", m, m.Number(), numbers[m], m.Name())
		}
		if global := slices.Contains(GlobalModules(), m); (m.Plane() == PlaneGlobal) != global {
			t.Errorf("%v is on the wrong plane", m)
		}
	}
	for _, m := range []Module{0, Compliance + 1, 255} {
		if m.Code() != "invalid" || m.Number() != 0 {
			t.Errorf("module %d passes for %v", m, m.Name())
		}
	}
}

func TestParseModule(t *testing.T) {
	cases := []struct {
		plane Plane
		text  string
		want  Module
	}{
		{PlaneWorkspace, "data-studio", DataStudio},
		{PlaneWorkspace, "DataStudio", DataStudio},
		{PlaneWorkspace, " data studio ", DataStudio},
		{PlaneWorkspace, "DATA_STUDIO", DataStudio},
		{PlaneWorkspace, "11", DataStudio},
		{PlaneWorkspace, "DataService", DataService},
		{PlaneWorkspace, "dataservice studio", DataService},
		{PlaneWorkspace, "data-analysis", DataAnalysis},
		{PlaneGlobal, "data-analysis", GlobalDataAnalysis},
		{PlaneWorkspace, "17", DataAnalysis},
		{PlaneGlobal, "17", GlobalDataAnalysis},
		{PlaneGlobal, "Data Governance", DataGovernance},
	}
	for _, c := range cases {
		if got, err := ParseModule(c.plane, c.text); err != nil || got != c.want {
			t.Errorf("%q: %v, %v", c.text, got, err)
		}
	}
	for _, m := range append(WorkspaceModules(), GlobalModules()...) {
		for _, text := range []string{m.Code(), m.Name()} {
			if got, err := ParseModule(m.Plane(), text); err != nil || got != m {
				t.Errorf("%q: %v, %v", text, got, err)
			}
		}
	}
}

func TestParseModuleRefuses(t *testing.T) {
	cases := []struct {
		text    string
		nearest []string
	}{
		{"data-studo", []string{"data-studio"}},
		{"operation", []string{"operation-center"}},
		{"data-map", nil}, // it is global
		{"7", nil},
		{"1", nil},
		{"", nil},
		{"&-&", nil},
		{strings.Repeat("data-studio", 1000), nil},
	}
	for _, c := range cases {
		_, err := ParseModule(PlaneWorkspace, c.text)
		var unknown *UnknownError
		if !errors.As(err, &unknown) || unknown.Kind != "module" || unknown.Given != c.text {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if c.nearest != nil && (len(unknown.Nearest) == 0 || unknown.Nearest[0] != c.nearest[0]) {
			t.Errorf("%q: nearest %v, want %v", c.text, unknown.Nearest, c.nearest)
		}
	}
}

func TestParseLevel(t *testing.T) {
	spellings := map[Level][]string{
		None:  {"none", "no", "-", "None"},
		Read:  {"read", "read-only", "ro", "READ", "r"},
		Write: {"write", "read-write", "rw", " write ", "w"},
	}
	for want, texts := range spellings {
		for _, text := range append(texts, want.String()) {
			if got, err := ParseLevel(text); err != nil || got != want {
				t.Errorf("%q: %v, %v", text, got, err)
			}
		}
	}
	for _, text := range []string{"", "all", "3", "wr"} {
		var unknown *UnknownError
		if _, err := ParseLevel(text); !errors.As(err, &unknown) || len(unknown.Nearest) != 3 {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestLevelsHoldOneLevelAModule(t *testing.T) {
	all := append(WorkspaceModules(), GlobalModules()...)
	for _, m := range all {
		for _, level := range []Level{None, Read, Write} {
			for _, base := range []Levels{0, AllWorkspace(Read), everyCell} {
				got := base.With(m, level)
				if got.Get(m) != level || !got.valid() {
					t.Errorf("%v set to %v reads %v", m, level, got.Get(m))
				}
				for _, other := range all {
					if other != m && got.Get(other) != base.Get(other) {
						t.Errorf("setting %v changed %v", m, other)
					}
				}
			}
		}
	}
	if l := AllWorkspace(Read); l.With(0, Write) != l || l.With(lastModule+1, Write) != l || l.With(DataStudio, 3) != l {
		t.Error("what is no module or no level changed something")
	}
	for m := int(lastModule) + 1; m < 256; m++ {
		if l := everyCell; l.Get(Module(m)) != None || l.With(Module(m), None) != l || needed(Module(m), Read) != 0 {
			t.Errorf("module %d passes for another", m)
		}
	}
	if AllWorkspace(Write).Get(DataMap) != None || AllWorkspace(Level(9)) != 0 {
		t.Error("the workspace modules reach beyond themselves")
	}
}

func TestFindRole(t *testing.T) {
	roles := append(builtins(t),
		Role{ID: 1000, Code: "base_role_1", Name: "Night shift", Kind: Custom, Workspace: 1},
		Role{ID: 1001, Code: "base_role_2", Name: "night shift", Kind: Custom, Workspace: 1},
		Role{ID: 1002, Code: "base_role_3", Name: "Visitor", Kind: Custom, Workspace: 1},
		Role{ID: 1003, Code: "base_role_4", Name: "审计", Kind: Custom, Workspace: 1},
		Role{ID: 1004, Code: "base_role_5", Name: "Auditors", Kind: Custom, Workspace: 1},
		Role{ID: 1005, Code: "base_role_6", Name: "Twins", Kind: Custom, Workspace: 1},
		Role{ID: 1006, Code: "base_role_7", Name: "Twins", Kind: Custom, Workspace: 2},
		Role{ID: 99, Code: "nameless", Kind: Builtin},
	)
	found := map[string]RoleID{
		"role_project_dev": 4, "develop": 4, "Developer": 4, "DEVELOPMENT": 4, "开发": 4, "dev": 4,
		"Workspace-Manager": 2, "workspace administrator": 2, "空间管理员": 2, "admin": 2,
		"o&m": 5, "om": 5, "O & M": 5, "运维": 5, "administration expert": 5,
		"safety manager": 8, "SecurityManager": 8, "project owner": 1, "空间所有者": 1, "model developer": 9,
		"data governance administrator": 10, "role project pe": 5, "Deploy": 6, "deployment expert": 6, "analyst": 3,
		"Night shift": 1000, "night shift": 1001, "base_role_1": 1000, "BASE_ROLE_1": 1000, "审计": 1003, "auditors": 1004, " Auditors ": 1004,
		"role_project_guest": 7, "base_role_3": 1002, "guest": 7,
	}
	for text, want := range found {
		if got, err := FindRole(roles, text); err != nil || got.ID != want {
			t.Errorf("%q: %d, %v; want %d", text, got.ID, err, want)
		}
	}
	refused := []struct {
		text      string
		ambiguous bool
		nearest   []string
	}{
		{"NIGHT SHIFT", true, []string{"base_role_1", "base_role_2"}},
		{"Visitor", true, []string{"base_role_3", "role_project_guest"}},
		{"Twins", true, []string{"base_role_6", "base_role_7"}},
		{"devlop", false, []string{"Develop", "Deploy"}},
		{"audtors", false, []string{"Auditors"}},
		{"xyzzyxyzzy", false, nil},
		{"", false, nil},
		{"&", false, nil},
	}
	for _, c := range refused {
		_, err := FindRole(roles, c.text)
		var unknown *UnknownError
		if !errors.As(err, &unknown) || unknown.Ambiguous != c.ambiguous || !slices.Equal(unknown.Nearest, c.nearest) {
			t.Errorf("%q: %v, %+v", c.text, err, unknown)
		}
	}
}

func TestUnknownErrorSaysWhatToDo(t *testing.T) {
	cases := map[string]*UnknownError{
		`unknown role "x"`: {Kind: "role", Given: "x"},
		`unknown role "devlop": did you mean Develop, Deploy?`: {Kind: "role", Given: "devlop", Nearest: []string{"Develop", "Deploy"}},
		`role "Visitor" is ambiguous: it may be a, b`:          {Kind: "role", Given: "Visitor", Ambiguous: true, Nearest: []string{"a", "b"}},
		`unknown level "\x1b[31m": did you mean none?`:         {Kind: "level", Given: "\x1b[31m", Nearest: []string{"none"}},
	}
	for want, err := range cases {
		if got := err.Error(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// FuzzFindRole: whatever is typed, either a role that answers to it is found,
// or the error suggests only names that lead somewhere.
func FuzzFindRole(f *testing.F) {
	roles := append(builtins(f), Role{ID: 1000, Code: "base_role_1", Name: "Night shift", Kind: Custom, Workspace: 1})
	for _, seed := range []string{"develop", "o&m", "开发", "night SHIFT", "devlop", "", "\x00", "İ", "role_project_", strings.Repeat("a", 500)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		role, err := FindRole(roles, text)
		if err == nil {
			if role.Code != strings.TrimSpace(text) && !role.isCalled(strings.TrimSpace(text)) {
				t.Errorf("%q leads to %q", text, role.Name)
			}
			return
		}
		var unknown *UnknownError
		if !errors.As(err, &unknown) || len(unknown.Nearest) > maxSuggestions || err.Error() == "" {
			t.Fatalf("%q: %v", text, err)
		}
		for _, name := range unknown.Nearest {
			if _, err := FindRole(roles, name); err != nil {
				t.Errorf("%q: suggested %q, which is %v", text, name, err)
			}
		}
	})
}
