package engine_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/engine"
	"reeve/core/fault"
	"reeve/core/member"
	"reeve/core/role"
	"reeve/storage"
	"reeve/storage/storagetest"
)

type story struct {
	*storagetest.World
	engines *engine.Service
	ref     control.Ref
}

// open makes a workspace with the administrator ann, the developer bob and the custom role Loader, and engines of two kinds.
func open(t *testing.T) story {
	t.Helper()
	w := storagetest.Open(t)
	w.Users("ann", "bob", "carol")
	s := story{w, engine.New(w.Gate, storage.NewEngines(w.DB, w.Builtins)), w.Workspace("sales", "ann")}
	members, roles := member.New(w.Gate, storage.NewMembers(w.DB, w.Builtins)), role.New(w.Gate, storage.NewRoles(w.DB, w.Builtins))
	if _, err := members.Add(w.As("ann"), s.ref, member.Batch{Users: []string{"bob"}, Roles: []string{"develop"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := roles.Create(w.As("ann"), s.ref, "Loader", access.AllWorkspace(access.Read)); err != nil {
		t.Fatal(err)
	}
	for name, kind := range map[string]string{"odps": "MaxCompute", "hadoop": "emr"} {
		if _, err := s.engines.Add(w.As("ann"), s.ref, engine.Add{Name: name, Type: kind, ProdIdentity: "svc_prod"}); err != nil {
			t.Fatal(err)
		}
	}
	return s
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

func TestFixedMappingsAreShownForMaxCompute(t *testing.T) {
	s := open(t)
	engines, err := s.engines.List(s.As("bob"), s.ref)
	if err != nil || len(engines) != 2 {
		t.Fatalf("engines %+v (%v)", engines, err)
	}
	for _, e := range engines {
		fixed := 0
		for _, m := range e.Roles {
			if !m.Fixed() {
				t.Errorf("%s has the mapping %+v", e.Name, m)
			}
			fixed++
		}
		if want := map[string]int{"odps": 10, "hadoop": 0}[e.Name]; fixed != want {
			t.Errorf("%s shows %d fixed mappings, want %d", e.Name, fixed, want)
		}
	}
	if _, err := s.engines.List(s.As("carol"), s.ref); reason(err) != "denied.member" {
		t.Errorf("listed to who is no member: %v", err)
	}
}

func TestAddSaysWhatIsWrong(t *testing.T) {
	s := open(t)
	_, err := s.engines.Add(s.As("ann"), s.ref, engine.Add{Name: "a b", Type: "excel", DevIdentity: "a\x07"})
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) || len(invalid.Fields) != 3 {
		t.Errorf("taken, or not everything is said: %v", err)
	}
	if _, err := s.engines.Add(s.As("ann"), s.ref, engine.Add{Name: "ODPS", Type: "other"}); reason(err) != "fault.engine.name.taken" {
		t.Errorf("a name was given twice: %v", err)
	}
	if _, err := s.engines.Add(s.As("ann"), s.ref, engine.Add{Name: "ｏｄｐｓ", Type: "other"}); reason(err) != "fault.text.normal" {
		t.Errorf("a second spelling of a name: %v", err)
	}
	if _, err := s.engines.Add(s.As("bob"), s.ref, engine.Add{Name: "x", Type: "other"}); reason(err) != "denied.workspace_admin" {
		t.Errorf("added by a developer: %v", err)
	}
}

func TestMapRole(t *testing.T) {
	s := open(t)
	for name, c := range map[string]struct {
		by   string
		in   engine.RoleMap
		want string
	}{
		"no administrator of the workspace may": {"ann", engine.RoleMap{Engine: "odps", Role: "Loader", EngineRole: "Role_Project_Dev"}, "denied.full_access"},
		"a built-in role is fixed":              {storagetest.Owner, engine.RoleMap{Engine: "odps", Role: "develop", EngineRole: "Role_Project_Pe"}, "fault.engine.fixed"},
		"no such role of the engine":            {storagetest.Owner, engine.RoleMap{Engine: "odps", Role: "Loader", EngineRole: "root"}, "fault.engine.role"},
		"no such role":                          {storagetest.Owner, engine.RoleMap{Engine: "odps", Role: "Lodger", EngineRole: "Role_Project_Dev"}, "fault.not_found"},
		"no such engine":                        {storagetest.Owner, engine.RoleMap{Engine: "opds", Role: "Loader", EngineRole: "Role_Project_Dev"}, "fault.not_found"},
		"EMR knows no roles":                    {storagetest.Owner, engine.RoleMap{Engine: "hadoop", Role: "Loader", EngineRole: "Role_Project_Dev"}, "fault.engine.no_roles"},
		"an old version":                        {storagetest.Owner, engine.RoleMap{Engine: "odps", Role: "Loader", EngineRole: "Role_Project_Dev", Version: 7}, "fault.conflict"},
	} {
		if _, err := s.engines.MapRole(s.As(c.by), s.ref, c.in); reason(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	e, err := s.engines.MapRole(s.As(storagetest.Owner), s.ref, engine.RoleMap{Engine: "odps", Role: "loader", EngineRole: "role_project_dev", Version: 1})
	if last := e.Roles[len(e.Roles)-1]; err != nil || last.Name != "Loader" || last.EngineRole != "Role_Project_Dev" || last.Fixed() || e.Version != 2 {
		t.Errorf("mapped as %+v in version %d (%v)", e.Roles, e.Version, err)
	}
	e, err = s.engines.MapRole(s.As(storagetest.Owner), s.ref, engine.RoleMap{Engine: "odps", Role: "Loader"})
	if err != nil || len(e.Roles) != 10 {
		t.Errorf("the mapping stayed: %+v (%v)", e.Roles, err)
	}
}

func TestMapAccount(t *testing.T) {
	s := open(t)
	for name, c := range map[string]struct {
		in   engine.AccountMap
		want string
	}{
		"MaxCompute has no accounts": {engine.AccountMap{Engine: "odps", User: "bob", Account: "bob_ldap"}, "fault.engine.no_accounts"},
		"carol is no member":         {engine.AccountMap{Engine: "hadoop", User: "carol", Account: "carol_ldap"}, "fault.engine.not_member"},
		"nobody of that name":        {engine.AccountMap{Engine: "hadoop", User: "dave", Account: "dave_ldap"}, "fault.user.unknown"},
	} {
		if _, err := s.engines.MapAccount(s.As("ann"), s.ref, c.in); reason(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	e, err := s.engines.MapAccount(s.As("ann"), s.ref, engine.AccountMap{Engine: "hadoop", User: "bob", Account: "bob_ldap"})
	if err != nil || len(e.Accounts) != 1 || e.Accounts[0].User != "bob" || e.Accounts[0].Account != "bob_ldap" {
		t.Errorf("mapped as %+v (%v)", e.Accounts, err)
	}
	if e, err = s.engines.MapAccount(s.As("ann"), s.ref, engine.AccountMap{Engine: "hadoop", User: "bob"}); err != nil || len(e.Accounts) != 0 {
		t.Errorf("the mapping stayed: %+v (%v)", e.Accounts, err)
	}
}

func TestRemove(t *testing.T) {
	s := open(t)
	if _, err := s.engines.Remove(s.As("ann"), s.ref, "odps", 3); reason(err) != "fault.conflict" {
		t.Errorf("removed in another version: %v", err)
	}
	if _, err := s.engines.Remove(s.As("ann"), s.ref, "odps", 1); err != nil {
		t.Fatal(err)
	}
	if engines, err := s.engines.List(s.As("ann"), s.ref); err != nil || len(engines) != 1 {
		t.Errorf("left are %+v (%v)", engines, err)
	}
}

func TestJSONComesBack(t *testing.T) {
	e := engine.Engine{
		Engine:   access.Engine{ID: 3, Name: "hadoop", Type: access.EMR, DevIdentity: "d", ProdIdentity: "p"},
		Roles:    []engine.RoleMapping{{Code: "a", Name: "A", Kind: access.Builtin, EngineRole: "x"}, {Code: "b", Name: "B", Kind: access.Custom, EngineRole: "y"}},
		Accounts: []engine.AccountMapping{{User: "bob", Account: "bob_ldap"}}, Version: 2,
	}
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var back engine.Engine
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, e) {
		t.Errorf("%s came back as %+v (%v)", text, back, err)
	}
}

func TestIdentitiesAreChangedOneByOne(t *testing.T) {
	s := open(t)
	none, dev, long := "", "svc_dev", strings.Repeat("x", 129)
	e, err := s.engines.SetIdentities(s.As("ann"), s.ref, engine.IdentityChange{Engine: "ODPS", Dev: &dev})
	if err != nil || e.DevIdentity != dev || e.ProdIdentity != "svc_prod" || e.Version != 2 {
		t.Errorf("%+v (%v)", e, err)
	}
	if e, err = s.engines.SetIdentities(s.As("ann"), s.ref, engine.IdentityChange{Engine: "odps", Dev: &dev}); err != nil || e.Version != 2 {
		t.Errorf("as it was: %+v (%v)", e, err)
	}
	if e, err = s.engines.SetIdentities(s.As("ann"), s.ref, engine.IdentityChange{Engine: "odps", Prod: &none, Version: 2}); err != nil || e.DevIdentity != dev || e.ProdIdentity != "" {
		t.Errorf("%+v (%v)", e, err)
	}
	for want, in := range map[string]engine.IdentityChange{
		"fault.engine.no_identity": {Engine: "odps"}, "fault.text.length": {Engine: "odps", Dev: &long}, "fault.conflict": {Engine: "odps", Dev: &none, Version: 1},
	} {
		if _, err := s.engines.SetIdentities(s.As("ann"), s.ref, in); reason(err) != want {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := s.engines.SetIdentities(s.As("bob"), s.ref, engine.IdentityChange{Engine: "odps", Dev: &none}); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("by a developer: %v", err)
	}
}
