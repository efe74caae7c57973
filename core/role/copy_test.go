package role_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"reeve/assets"
	"reeve/cmd/handover"
	"reeve/core/access"
	"reeve/core/audit/chain"
	"reeve/core/control"
	"reeve/core/engine"
	"reeve/core/fault"
	"reeve/core/member"
	"reeve/core/role"
	"reeve/core/workspace"
	"reeve/storage"
	"reeve/storage/storagetest"
)

type copying struct {
	*storagetest.World
	roles   *role.Service
	copies  *role.Copies
	engines *engine.Service
	members *member.Service
	from    control.Ref
}

// openCopying has the role Loader of sales, which ann administers as she does risk and ops, but not hr.
func openCopying(t *testing.T) copying {
	t.Helper()
	w := storagetest.Open(t)
	w.Users("ann", "bob", "carol")
	store := storage.NewRoles(w.DB, w.Builtins)
	s := copying{World: w, roles: role.New(w.Gate, store), engines: engine.New(w.Gate, storage.NewEngines(w.DB, w.Builtins)),
		members: member.New(w.Gate, storage.NewMembers(w.DB, w.Builtins)), from: w.Workspace("sales", "ann")}
	s.copies = role.NewCopies(w.Gate, store, s.roles, handover.RoleEngines(s.engines))
	w.Workspace("risk", "ann")
	w.Workspace("ops", "ann")
	w.Workspace("hr", "carol")
	s.make(t, "sales", mixed())
	return s
}

func (s copying) make(t *testing.T, ws string, levels access.Levels) {
	t.Helper()
	if _, err := s.roles.Create(s.As(storagetest.Owner), s.ref(ws), "Loader", levels); err != nil {
		t.Fatal(err)
	}
}

func (s copying) ref(ws string) control.Ref {
	return control.Ref{Region: storagetest.Home, Workspace: ws}
}

func (s copying) to(names ...string) role.Copying {
	var in role.Copying
	for _, n := range names {
		in.To = append(in.To, s.ref(n))
	}
	return in
}

func (s copying) levels(t *testing.T, ws string) access.Levels {
	t.Helper()
	r, err := s.roles.Get(s.As(storagetest.Owner), s.ref(ws), "Loader")
	if err != nil {
		t.Fatal(err)
	}
	return r.Levels
}

func results(all []role.Copied) string {
	var words []string
	for _, c := range all {
		words = append(words, c.Workspace+" "+string(c.Result))
	}
	return strings.Join(words, ", ")
}

func said(err error) string {
	var invalid *fault.Invalid
	if errors.As(err, &invalid) {
		var ids []string
		for _, f := range invalid.Fields {
			ids = append(ids, f.Name+" "+f.Text.ID)
		}
		return strings.Join(ids, ", ")
	}
	var f fault.Fault
	if errors.As(err, &f) {
		return f.Text().ID
	}
	return ""
}

func TestARoleIsCopiedToSeveralWorkspaces(t *testing.T) {
	s := openCopying(t)
	s.make(t, "ops", access.AllWorkspace(access.Read))
	s.Workspace("lab", "ann")
	s.make(t, "lab", mixed())
	in := s.to("risk", "ops", "lab", "risk")
	in.To = append(in.To, control.Ref{Workspace: "RISK"}) // without a region, in any case
	done, err := s.copies.Copy(s.As("ann"), s.from, "loader", in)
	if err != nil || results(done) != "risk creates, ops differs, lab same" {
		t.Fatalf("did %q (%v)", results(done), err)
	}
	if s.levels(t, "risk") != mixed() || s.levels(t, "ops") != access.AllWorkspace(access.Read) {
		t.Error("what was not there is not there, or what differs was changed")
	}
	if d := done[1].Differences; !slices.Equal(d, role.Differences(role.Role{Role: access.Role{Levels: access.AllWorkspace(access.Read)}}, role.Role{Role: access.Role{Levels: mixed()}})) {
		t.Errorf("ops differs by %v", d)
	}
	in.Replace = true
	done, err = s.copies.Copy(s.As("ann"), s.from, "Loader", in)
	if err != nil || results(done) != "risk same, ops replaces, lab same" || s.levels(t, "ops") != mixed() {
		t.Errorf("did %q (%v)", results(done), err)
	}
}

func TestEachWorkspaceHasItsEntryAndNothingChangedHasNone(t *testing.T) {
	s := openCopying(t)
	entries := func() (acts []string) {
		t.Helper()
		if err := storage.NewAudit(s.DB).Walk(t.Context(), func(e *chain.Entry) error {
			if e.Outcome == chain.Done {
				acts = append(acts, e.Action+" "+e.Workspace)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return acts
	}
	before := len(entries())
	if _, err := s.copies.Copy(s.As("ann"), s.from, "Loader", s.to("risk", "ops")); err != nil {
		t.Fatal(err)
	}
	if got := entries()[before:]; !slices.Equal(got, []string{"role.create risk", "role.create ops", "role.copy sales"}) {
		t.Errorf("entries %v", got)
	}
	before = len(entries())
	if _, err := s.copies.Copy(s.As("ann"), s.from, "Loader", s.to("risk", "ops")); err != nil || len(entries()) != before {
		t.Errorf("what was there already was written down: %v (%v)", entries()[before:], err)
	}
}

func TestWhereARoleCannotBeCopiedTo(t *testing.T) {
	s := openCopying(t)
	if _, err := s.members.Add(s.As("carol"), s.ref("hr"), member.Batch{Users: []string{"ann"}, Roles: []string{"develop"}}); err != nil {
		t.Fatal(err)
	}
	owner := s.ID(storagetest.Owner)
	s.Write(func(ctx context.Context) error {
		_, err := storage.NewWorkspaces(s.DB).Insert(ctx, workspace.Workspace{Region: storagetest.Small, Name: "tiny", DisplayName: "tiny", Mode: workspace.Simple,
			Template: workspace.AllFeatures, Status: workspace.Normal, CreatedAt: s.Now(), Version: 1}, owner, nil, owner)
		return err
	})
	for name, c := range map[string]struct {
		by, role string
		in       role.Copying
		want     string
	}{
		"nowhere":                        {"ann", "Loader", role.Copying{}, "to fault.role.copy.nowhere"},
		"to where it is from":            {"ann", "Loader", s.to("sales"), "to fault.role.copy.itself"},
		"everything wrong at once":       {"ann", "Loader", s.to("sales", "rsik", "nowhere"), "to fault.role.copy.itself, to fault.role.copy.unknown, to fault.role.copy.unknown"},
		"a built-in role":                {"ann", "develop", s.to("risk"), "fault.role.builtin"},
		"no such role":                   {"ann", "Lodger", s.to("risk"), "fault.not_found"},
		"where one administers nothing":  {"ann", "Loader", s.to("risk", "hr"), "denied.role_copy"},
		"of a workspace one is not in":   {"carol", "Loader", s.to("hr"), "denied.member"},
		"a region without custom roles":  {storagetest.Owner, "Loader", role.Copying{To: []control.Ref{{Region: storagetest.Small, Workspace: "tiny"}}}, "denied.role_copy"},
		"a region one has not mentioned": {storagetest.Owner, "Loader", role.Copying{To: []control.Ref{{Workspace: "tiny"}}}, "denied.role_copy"},
	} {
		for _, preview := range []bool{true, false} {
			var err error
			if preview {
				_, err = s.copies.Preview(s.As(c.by), s.from, c.role, c.in)
			} else {
				_, err = s.copies.Copy(s.As(c.by), s.from, c.role, c.in)
			}
			if said(err) != c.want {
				t.Errorf("%s (preview %v): %v, want %s", name, preview, err, c.want)
			}
		}
	}
	if _, err := s.roles.Get(s.As("ann"), s.ref("risk"), "Loader"); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("risk got the role although hr was refused (%v)", err)
	}
}

func TestThePreviewOfACopyTellsWhoLosesAndKeepsNothing(t *testing.T) {
	s := openCopying(t)
	s.make(t, "ops", access.AllWorkspace(access.Write))
	if _, err := s.members.Add(s.As("ann"), s.ref("ops"), member.Batch{Users: []string{"bob"}, Roles: []string{"Loader"}}); err != nil {
		t.Fatal(err)
	}
	in := s.to("risk", "ops")
	in.Replace = true
	loader, err := s.roles.Get(s.As("ann"), s.from, "Loader")
	if err != nil {
		t.Fatal(err)
	}
	foreseen, err := s.copies.Preview(s.As("ann"), s.from, loader.Code, in) // a code of one workspace means nothing in another
	if err != nil || len(foreseen) != 2 || foreseen[0].Result != role.Creates || foreseen[1].Result != role.Replaces || foreseen[1].Holders != 1 {
		t.Fatalf("foresees %+v (%v)", foreseen, err)
	}
	if e := foreseen[0].Effect; !e.Effect.Empty() {
		t.Errorf("a role that nobody holds does %+v", e.Effect)
	}
	if lost := foreseen[1].Effect.Effect.Losses; len(lost) != len(foreseen[1].Differences) || lost[0].Principals[0] != s.ID("bob") {
		t.Errorf("bob loses %+v by %+v", lost, foreseen[1].Differences)
	}
	if s.levels(t, "ops") != access.AllWorkspace(access.Write) {
		t.Error("the preview was kept")
	}
	if _, err := s.roles.Get(s.As("ann"), s.ref("risk"), "Loader"); fault.KindOf(err) != fault.KindNotFound {
		t.Error("the preview made the role")
	}
}

func TestOnlyWhatWasSeenIsReplaced(t *testing.T) {
	s := openCopying(t)
	in := s.to("risk", "ops")
	in.Replace, in.Versions = true, map[control.Ref]int64{s.ref("ops"): 1}
	s.make(t, "ops", access.AllWorkspace(access.Write))
	s.make(t, "risk", access.AllWorkspace(access.Write)) // after it was looked at
	done, err := s.copies.Copy(s.As("ann"), s.from, "Loader", in)
	if err != nil || results(done) != "risk differs, ops replaces" {
		t.Errorf("did %q (%v)", results(done), err)
	}
	if _, err := s.roles.Set(s.As("ann"), s.ref("risk"), "Loader", role.Edit{Levels: map[access.Module]access.Level{access.DataStudio: access.None}}); err != nil {
		t.Fatal(err)
	}
	in.Versions[s.ref("risk")] = 1
	if _, err := s.copies.Copy(s.As("ann"), s.from, "Loader", in); said(err) != "fault.conflict" {
		t.Errorf("what was changed meanwhile was replaced: %v", err)
	}
}

func TestMappingsGoAlongWhereAnEngineOfThatNameIs(t *testing.T) {
	s := openCopying(t)
	owner := s.As(storagetest.Owner)
	add := func(ws, name, kind string) {
		t.Helper()
		if _, err := s.engines.Add(owner, s.ref(ws), engine.Add{Name: name, Type: kind}); err != nil {
			t.Fatal(err)
		}
	}
	maps := func(ws, name, to string) {
		t.Helper()
		if _, err := s.engines.MapRole(owner, s.ref(ws), engine.RoleMap{Engine: name, Role: "Loader", EngineRole: to}); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"mc", "lake"} {
		add("sales", name, "maxcompute")
		maps("sales", name, "Role_Project_Dev")
	}
	add("risk", "MC", "maxcompute")
	add("risk", "lake", "emr") // the name is right and the kind is not
	in := s.to("risk")
	foreseen, err := s.copies.Preview(s.As("ann"), s.from, "Loader", in)
	if err != nil || foreseen[0].Mappings[0].Result != role.MapsNoEngine || foreseen[0].Mappings[1].Result != role.MapsForbidden {
		t.Fatalf("foresees %+v (%v)", foreseen, err)
	}
	done, err := s.copies.Copy(owner, s.from, "Loader", in)
	want := []role.MappingCopy{{Engine: "lake", EngineRole: "Role_Project_Dev", Result: role.MapsNoEngine}, {Engine: "mc", EngineRole: "Role_Project_Dev", Result: role.Maps}}
	if err != nil || !reflect.DeepEqual(done[0].Mappings, want) {
		t.Fatalf("mapped %+v (%v)", done, err)
	}
	// Mapped otherwise meanwhile, it stays so unless it is to be replaced.
	maps("risk", "mc", "Role_Project_Guest")
	done, err = s.copies.Copy(owner, s.from, "Loader", in)
	if err != nil || results(done) != "risk differs" || done[0].Mappings[1].Result != role.MapsElse {
		t.Errorf("did %+v (%v)", done, err)
	}
	done, err = s.copies.Copy(s.As("ann"), s.from, "Loader", in) // who may not map has nothing to replace
	if err != nil || results(done) != "risk same" || done[0].Mappings[1].Result != role.MapsForbidden {
		t.Errorf("did %+v (%v)", done, err)
	}
	in.Replace = true
	done, err = s.copies.Copy(owner, s.from, "Loader", in)
	if err != nil || results(done) != "risk replaces" || done[0].Mappings[1].Result != role.Maps {
		t.Errorf("did %+v (%v)", done, err)
	}
	data, err := json.Marshal(done)
	var again []role.Copied
	if err == nil {
		err = json.Unmarshal(data, &again)
	}
	if err != nil || !reflect.DeepEqual(again, done) {
		t.Errorf("%s came back as %+v (%v)", data, again, err)
	}
}

func TestDifferencesComeBackFromTheirJSON(t *testing.T) {
	want := role.Difference{Module: access.DataQuality, Left: access.Read, Right: access.Write}
	data, err := json.Marshal(want)
	var got role.Difference
	if err == nil {
		err = json.Unmarshal(data, &got)
	}
	if err != nil || got != want {
		t.Errorf("%s came back as %+v (%v)", data, got, err)
	}
	for _, wrong := range []string{`[]`, `{"module": "no-such"}`, `{"module": "data-quality", "left": "some"}`, `{"module": "data-quality", "left": "read", "right": "all"}`} {
		if json.Unmarshal([]byte(wrong), &got) == nil {
			t.Errorf("%s was taken for a difference", wrong)
		}
	}
}

func TestTemplates(t *testing.T) {
	all, err := role.LoadTemplates(assets.RoleTemplates())
	if err != nil || len(all) < 5 {
		t.Fatalf("templates %v (%v)", all, err)
	}
	seen := map[access.Levels]string{}
	for _, c := range all {
		if other, twice := seen[c.Levels]; twice {
			t.Errorf("%s and %s say the same", c.Code, other)
		}
		seen[c.Levels] = c.Code
		if got, err := all.Find(strings.ToUpper(c.Code)); err != nil || got != c {
			t.Errorf("%s is not found (%v)", c.Code, err)
		}
	}
	reader, err := all.Find("auditor")
	if err != nil || reader.Levels != access.AllWorkspace(access.Read) {
		t.Errorf("an auditor has %v (%v)", reader.Levels, err)
	}
	var missing *fault.NotFound
	if _, err := all.Find("audtor"); !errors.As(err, &missing) || len(missing.Nearest) == 0 || missing.Nearest[0] != "auditor" {
		t.Errorf("a mistyped one is %v", err)
	}
}

func TestTemplatesThatAreWrongAreRefusedAllAtOnce(t *testing.T) {
	for text, want := range map[string][]string{
		"templates: [{code: a, levels: {every-module: none}}, {code: a, levels: {every-module: read}}]":            {`"a"`, "twice"},
		"templates: [{code: a, levels: {data-studio: read}}, {code: b, levels: {every-module: all}}]":              {`"a"`, `"b"`},
		"templates: [{code: a, levels: {every-module: none, data-map: read}}, {levels: {every-module: none}}]":     {"data-map", "missing"},
		"templates: [{code: a, name: x, levels: {every-module: none}}]":                                            {"name"},
		"templates: [{code: a, levels: {every-module: none, data-studio: no, data-quality: read}}, {code: a}, []]": {"role templates"},
	} {
		_, err := role.LoadTemplates([]byte(text))
		for _, w := range want {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %v, want %q", text, err, w)
			}
		}
	}
}
