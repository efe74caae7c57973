package app_test

import (
	"slices"
	"testing"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/edition"
	"reeve/core/engine"
	"reeve/core/member"
	"reeve/core/region"
	"reeve/core/role"
	"reeve/core/workspace"
	"reeve/tui/tuitest"
)

// scene is one thing the console shows: who looks, where, and the keys that lead there.
type scene struct {
	name, who, link, keys string
	// before changes the world before the console opens; between does so before the keys in then.
	before, between func(w *world)
	then            string
	// rows says that the place is a list with at least one row, whose cursor must be seen.
	rows bool
}

// show opens the scene in a window.
func (s scene) show(w *world, size tuitest.Size, theme string) *tuitest.Driver {
	w.t.Helper()
	if s.before != nil {
		s.before(w)
	}
	d := tuitest.New(w.t, w.session(s.who, s.link, themed(theme)), size.W, size.H)
	d.Keys(s.keys)
	if s.between != nil {
		s.between(w)
	}
	return d.Keys(s.then)
}

const (
	sales  = "cn-hangzhou/sales_dw"
	reader = sales + "/roles/finance_reader"
)

// simpleLab makes a workspace of the simple mode with an engine, in which a member loses rights by an upgrade.
func simpleLab(w *world) {
	w.t.Helper()
	legacy := false
	ref := control.Ref{Region: "cn-hangzhou", Workspace: "old_lab"}
	_, err := w.services.Workspaces.Create(w.ctx(w.t, "root"), workspace.Create{Region: ref.Region, Name: ref.Workspace, Mode: workspace.Simple,
		Admins: []string{"lin.chen"}, NewDataStudio: &legacy})
	if err == nil {
		_, err = w.services.Engines.Add(w.ctx(w.t, "root"), ref, engine.Add{Name: "lab_mc", Type: "maxcompute"})
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// linked gives two modules addresses.
func linked(w *world) {
	w.t.Helper()
	for _, module := range []string{"data-studio", "operation-center"} {
		if _, err := w.services.Workspaces.SetLink(w.ctx(w.t, "root"), module, "https://example.com/{region}/{workspace}/"+module); err != nil {
			w.t.Fatal(err)
		}
	}
}

// elsewhere changes the role finance_reader as m.ito's colleague would: through another gate on the same file.
func elsewhere(w *world) {
	setLevels(w, map[access.Module]access.Level{access.DataQuality: access.Write})
}

// elsewhereGiven gives s.lindqvist other roles, through another gate on the same file.
func elsewhereGiven(w *world) {
	w.t.Helper()
	other := w.another()
	in := member.Batch{Users: []string{"s.lindqvist"}, Roles: []string{"visitor"}}
	if _, err := other.services.Members.SetRoles(other.ctx(w.t, "lin.chen"), control.Ref{Region: "cn-hangzhou", Workspace: "sales_dw"}, in); err != nil {
		w.t.Fatal(err)
	}
}

func setLevels(w *world, levels map[access.Module]access.Level) {
	w.t.Helper()
	other := w.another()
	ref := control.Ref{Region: "cn-hangzhou", Workspace: "sales_dw"}
	editing, err := other.services.Roles.Edit(other.ctx(w.t, "lin.chen"), ref, "finance_reader")
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := other.services.Roles.Set(other.ctx(w.t, "lin.chen"), ref, "finance_reader", role.Edit{Levels: levels, Version: editing.Role.Version}); err != nil {
		w.t.Fatal(err)
	}
}

// downgrade gives the region an edition that has no custom roles.
func downgrade(w *world) {
	w.t.Helper()
	if _, err := w.services.Regions.Activate(w.ctx(w.t, "root"), region.Activation{ID: "cn-hangzhou", Edition: edition.Basic, Version: 1}); err != nil {
		w.t.Fatal(err)
	}
}

// scenes are every screen and everything that can lie over one.
func scenes() []scene {
	painted := "down w down down n"
	return append(slices.Concat(rightsScenes(), groupScenes(), figureScenes(), requestScenes(), reviewScenes(), servingScenes()), []scene{
		{name: "overview", who: "root", link: "overview"},
		{name: "workspaces", who: "root", link: "cn-hangzhou", rows: true},
		{name: "workspaces-joined", who: "zoe.park", link: "cn-hangzhou", rows: true},
		{name: "workspaces-filtering", who: "root", link: "cn-hangzhou", keys: "/ text:mode:simple", rows: true},
		{name: "workspaces-nothing-passes", who: "root", link: "cn-hangzhou", keys: "/ text:nonesuch enter"},
		{name: "workspaces-marked", who: "root", link: "cn-hangzhou", keys: "space space", rows: true},
		{name: "workspaces-empty", who: "root", link: "ap-southeast-1"},
		{name: "workspaces-one", who: "root", link: "cn-shanghai", rows: true},
		{name: "create", who: "root", link: "cn-hangzhou", keys: "a"},
		{name: "create-faults", who: "root", link: "cn-hangzhou", keys: "a text:9␣lives tab tab tab tab tab text:nobody,no.one ctrl+s"},
		{name: "create-refused", who: "root", link: "cn-hangzhou", keys: "a text:risk_dw tab text:Twice tab tab tab tab text:nobody,no.one ctrl+s"},
		{name: "update", who: "root", link: sales, keys: "m"},
		{name: "disable", who: "root", link: sales, keys: "d"},
		{name: "delete", who: "root", link: sales, keys: "x"},
		{name: "delete-typed", who: "root", link: sales, keys: "x text:sales_dw"},
		{name: "bin", who: "root", link: "cn-hangzhou/-/bin", rows: true},
		{name: "bin-empty", who: "root", link: "cn-shanghai/-/bin"},
		{name: "settings", who: "root", link: sales + "/settings", rows: true},
		{name: "settings-change", who: "root", link: sales + "/settings", keys: "/ text:reruns enter m text:7"},
		{name: "settings-fault", who: "root", link: sales + "/settings", keys: "/ text:sandbox enter m text:10.0.0.1 ctrl+s"},
		{name: "settings-one-way", who: "root", link: sales + "/settings", keys: "/ text:dev_role enter enter"},
		{name: "settings-member", who: "m.ito", link: sales + "/settings", keys: "down", rows: true},
		{name: "upgrade", who: "root", link: "cn-hangzhou", before: simpleLab, keys: "/ text:old_lab enter M U"},
		{name: "goto", who: "root", link: sales, before: linked, keys: "o"},
		{name: "goto-none", who: "root", link: sales, keys: "o"},
		{name: "details", who: "root", link: sales},
		{name: "details-hostile", who: "root", link: "cn-hangzhou/legacy"},
		{name: "members", who: "zoe.park", link: sales + "/members", rows: true},
		{name: "members-hostile", who: "root", link: "cn-hangzhou/legacy/members", rows: true},
		{name: "members-one", who: "root", link: "cn-shanghai/pilot/members?q=zoe", rows: true},
		{name: "member", who: "zoe.park", link: sales + "/members?q=lindqvist", keys: "enter"},
		{name: "member-hostile", who: "root", link: "cn-hangzhou/legacy/members", keys: "enter"},
		{name: "member-add", who: "zoe.park", link: sales + "/members", keys: "a"},
		{name: "member-add-filter", who: "zoe.park", link: sales + "/members", keys: "a / text:chen"},
		{name: "member-add-nobody", who: "zoe.park", link: sales + "/add-members", keys: "a"},
		{name: "member-add-back", who: "zoe.park", link: sales + "/add-members?q=kaya", keys: "space right enter"},
		{name: "member-add-refused", who: "a.kaya", link: sales + "/add-members"},
		{name: "member-until-many", who: "zoe.park", link: sales + "/members?q=role:finance", keys: "* t"},
		{name: "member-add-roles", who: "zoe.park", link: sales + "/members", keys: "a space space right down"},
		{name: "member-add-effect", who: "zoe.park", link: sales + "/members", keys: "a / text:kaya enter enter a down down space ctrl+s"},
		{name: "member-import", who: "zoe.park", link: sales + "/members", keys: "I"},
		{name: "member-import-missing", who: "zoe.park", link: sales + "/members", keys: "I text:peple.csv ctrl+s"},
		{name: "member-import-plan", who: "zoe.park", link: sales + "/members", keys: "I text:people.csv ctrl+s end"},
		{name: "member-import-exactly", who: "root", link: sales + "/members", keys: "I text:people.csv ctrl+s x"},
		{name: "member-import-effect", who: "zoe.park", link: sales + "/members", keys: "I text:people.csv ctrl+s enter"},
		{name: "member-import-done", who: "zoe.park", link: sales + "/members", keys: "I text:people.csv ctrl+s enter enter"},
		{name: "leave", who: "root", link: sales + "/members?q=lindqvist", keys: "L down down"},
		{name: "leave-successor", who: "root", link: sales + "/members?q=lindqvist", keys: "L t text:nobody ctrl+s"},
		{name: "leave-handed", who: "root", link: sales + "/members?q=zoe", keys: "L t text:m.ito ctrl+s"},
		{name: "leave-effect", who: "root", link: sales + "/members?q=zoe", keys: "L t text:m.ito ctrl+s enter"},
		{name: "member-roles", who: "zoe.park", link: sales + "/members?q=lindqvist", keys: "r"},
		{name: "member-remove", who: "zoe.park", link: sales + "/members?q=lindqvist", keys: "x"},
		{name: "roles", who: "zoe.park", link: sales + "/roles", rows: true},
		{name: "roles-hostile", who: "root", link: "cn-hangzhou/legacy/roles", rows: true},
		{name: "role-create", who: "zoe.park", link: sales + "/roles", keys: "a"},
		{name: "role-delete", who: "zoe.park", link: sales + "/roles?q=finance", keys: "x"},
		{name: "editor", who: "zoe.park", link: reader},
		{name: "editor-painted", who: "zoe.park", link: reader, keys: painted},
		{name: "editor-preview", who: "zoe.park", link: reader, keys: painted + " ctrl+s"},
		{name: "editor-newer", who: "zoe.park", link: reader, keys: painted, between: elsewhere, then: "ctrl+r"},
		{name: "editor-conflict", who: "zoe.park", link: reader, keys: painted, between: elsewhere, then: "ctrl+s"},
		{name: "member-conflict", who: "zoe.park", link: sales + "/members?q=lindqvist", keys: "r down down space", between: elsewhereGiven, then: "enter"},
		{name: "editor-text", who: "zoe.park", link: reader, keys: "t"},
		{name: "editor-text-fault", who: "zoe.park", link: reader, keys: "t text:nonsense ctrl+s"},
		{name: "editor-compare", who: "zoe.park", link: reader, keys: "d text:develop enter"},
		{name: "editor-builtin", who: "zoe.park", link: sales + "/roles/develop"},
		{name: "editor-edition", who: "root", link: reader, before: downgrade},
		{name: "editor-read", who: "m.ito", link: reader},
		{name: "unsaved", who: "zoe.park", link: reader, keys: painted + " esc"},
		{name: "why", who: "zoe.park", link: sales + "/members?q=lindqvist", keys: "w"},
		{name: "why-allow", who: "zoe.park", link: sales + "/members?q=lindqvist", keys: "w ctrl+s"},
		{name: "why-deny", who: "zoe.park", link: sales + "/members?q=ito", keys: "w ctrl+s"},
		{name: "why-who", who: "zoe.park", link: sales + "/members?q=ito", keys: "w ctrl+s tab"},
		{name: "regions", who: "root", link: "regions", rows: true},
		{name: "region-activate", who: "root", link: "regions?q=tokyo", keys: "A"},
		{name: "regions-switcher", who: "root", link: "cn-hangzhou", keys: "R"},
		{name: "workspaces-switcher", who: "root", link: sales, keys: "W"},
		{name: "palette", who: "root", link: sales + "/members", keys: ":"},
		{name: "palette-found", who: "zoe.park", link: sales + "/members", keys: ": text:remove"},
		{name: "help", who: "m.ito", link: sales + "/members", keys: "?"},
		{name: "help-found", who: "m.ito", link: sales + "/members", keys: "? text:remove"},
		{name: "messages", who: "zoe.park", link: "cn-hangzhou", keys: "a x !"},
		{name: "toast", who: "zoe.park", link: "cn-hangzhou", keys: "a"},
		{name: "sort", who: "root", link: "cn-hangzhou", keys: "s"},
		{name: "columns", who: "root", link: "cn-hangzhou", keys: "c"},
		{name: "copy", who: "root", link: "cn-hangzhou", keys: "y"},
		{name: "export", who: "root", link: "cn-hangzhou", keys: "e"},
		{name: "users", who: "root", link: "admin", rows: true},
		{name: "users-add", who: "root", link: "admin", keys: "a"},
		{name: "audit", who: "root", link: "audit", rows: true},
		{name: "audit-exact", who: "root", link: "audit", keys: "ctrl+e", rows: true},
		{name: "audit-empty", who: "o.outsider", link: "audit"},
		{name: "entry", who: "root", link: "audit/14"},
		{name: "verify", who: "root", link: "audit", keys: "V"},
		{name: "missing", who: "root", link: "cn-hangzhou/sales_dv/members"},
		{name: "missing-role", who: "root", link: sales + "/roles/finance_raeder"},
		{name: "missing-entry", who: "root", link: "audit/9999"},
		{name: "refused", who: "o.outsider", link: sales + "/members"},
		{name: "refused-region", who: "root", link: "us-east-1"},
	}...)
}

// goldenSizes are the windows that golden files are kept of.
func goldenSizes() []tuitest.Size { return []tuitest.Size{{W: 80, H: 24}, {W: 120, H: 36}} }

func TestEveryScreenLooksAsItIsKept(t *testing.T) {
	t.Parallel()
	for _, s := range scenes() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for _, size := range goldenSizes() {
				d := s.show(newWorld(t), size, "dark")
				tuitest.Golden(t, "screens/"+s.name+"-"+size.String(), d.Screen())
			}
		})
	}
}

func TestTooSmallAWindowSaysHowLargeItMustBe(t *testing.T) {
	t.Parallel()
	d := tuitest.New(t, newWorld(t).session("root", "cn-hangzhou"), 50, 15)
	tuitest.Golden(t, "screens/too-small-50x15", d.Screen())
	if d.Resize(60, 20).Keys("down enter"); d.Text() == "" {
		t.Error("nothing is shown once there is room")
	}
}

// unloaded is a console whose work has begun and not finished.
func unloaded(w *world, who, link, theme string) *waiting {
	w.t.Helper()
	m := &waiting{t: w.t, model: w.session(who, link, themed(theme))}
	m.hold(m.model.Init())
	return m
}

func TestWhatLoadsShowsItsSkeleton(t *testing.T) {
	t.Parallel()
	for name, link := range map[string]string{"list": "cn-hangzhou", "editor": reader, "overview": "overview", "details": sales, "groups": groups, "resource-group": rgProd, "entry": "audit/3"} {
		for _, size := range goldenSizes() {
			m := unloaded(newWorld(t), "root", link, "dark").resize(size.W, size.H)
			tuitest.Golden(t, "screens/loading-"+name+"-"+size.String(), m.screen())
		}
	}
}
