package workspace_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"reeve/assets"
	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/engine"
	"reeve/core/fault"
	"reeve/core/keeper"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/region"
	"reeve/core/workspace"
	"reeve/storage"
	"reeve/storage/storagetest"
)

// desk is a world with the service.
type desk struct {
	*storagetest.World
	*workspace.Service
	engines *engine.Service
	members *member.Service
	regions *region.Service
}

func open(t *testing.T) desk {
	t.Helper()
	w := storagetest.Open(t)
	known, err := region.Load(assets.Regions())
	if err != nil {
		t.Fatal(err)
	}
	store, regions := storage.NewWorkspaces(w.DB), storage.NewRegions(w.DB)
	s := workspace.New(w.Gate, store, region.NewOffers(regions, known), workspace.Near{
		Groups: storage.NewWorkspaceGroups(w.DB), Engines: storage.NewWorkspaceEngines(w.DB)})
	w.Users("zoe", "bo", "lin")
	return desk{w, s, engine.New(w.Gate, storage.NewEngines(w.DB, w.Builtins)), member.New(w.Gate, storage.NewMembers(w.DB, w.Builtins)),
		region.New(w.Gate, regions, known, workspace.NewDefaults(w.Gate, store, workspace.Outfit{}))}
}

func reason(err error) string {
	var refused *fault.Refused
	var denied *fault.Denied
	switch {
	case errors.As(err, &refused):
		return refused.Reason.ID
	case errors.As(err, &denied):
		return denied.Reason.ID
	case err != nil:
		return err.Error()
	}
	return ""
}

func (d desk) set(t *testing.T, ref control.Ref, irreversible bool, words ...string) (workspace.Workspace, error) {
	t.Helper()
	in := workspace.SettingsUpdate{Irreversible: irreversible}
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		in.Values = append(in.Values, workspace.SettingValue{Key: key, Value: value})
	}
	return d.Set(d.As("zoe"), ref, in)
}

func TestSettingsAreAllKeptOrNone(t *testing.T) {
	d := open(t)
	ref := d.Workspace("lab", "zoe")
	_, err := d.set(t, ref, false, "reruns=9", "rerun=3", "rerun_interval=99", "sandbox_allowlist=here", "new_data_studio=on", "reruns=4", "default_resource_group=none", "time_zone=Europe/Berlin")
	if got := fields(err); !slices.Equal(got, []string{"default_resource_group", "new_data_studio", "rerun", "rerun_interval", "reruns", "sandbox_allowlist", "time_zone"}) {
		t.Errorf("wrong are %v (%v)", got, err)
	}
	before, err := d.Settings(d.As("zoe"), ref)
	if err != nil || before.Reruns != 3 || before.Version != 1 {
		t.Errorf("something was kept: %+v (%v)", before.Settings, err)
	}
	after, err := d.set(t, ref, false, "reruns=9", "cycle_time=01:30", "sandbox_allowlist=Example.com:443, 8.8.8.8", "tags=b=2,a=1", "download_select_results=off", "display_name= Lab ")
	if err != nil {
		t.Fatal(err)
	}
	read, err := d.Settings(d.As("zoe"), ref)
	if err != nil || read.Reruns != 9 || read.CycleTime != "01:30" || !slices.Equal(read.SandboxAllowlist, []string{"example.com:443", "8.8.8.8"}) ||
		len(read.Tags) != 2 || read.Tags[0].String() != "a=1" || read.DownloadSelect || read.DisplayName != "Lab" || read.Version != after.Version || after.Version != 2 {
		t.Errorf("kept %+v %v (%v)", read.Settings, read.Tags, err)
	}
	if again, err := d.set(t, ref, false, "reruns=9"); err != nil || again.Version != 2 {
		t.Errorf("what stands already was written: version %d (%v)", again.Version, err)
	}
	if _, err := d.Set(d.As("bo"), ref, workspace.SettingsUpdate{}); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("a stranger sets: %v", err)
	}
	if _, err := d.Set(d.As("zoe"), ref, workspace.SettingsUpdate{Values: []workspace.SettingValue{{Key: "reruns", Value: "1"}}, Version: 1}); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("over a change of somebody else: %v", err)
	}
}

func TestOneWaySwitchesStay(t *testing.T) {
	d := open(t)
	ref := d.Workspace("lab", "zoe")
	if _, err := d.set(t, ref, false, "personal_dev_shutdown=30"); !slices.Equal(fields(err), []string{"personal_dev_shutdown"}) {
		t.Errorf("without the new Data Studio: %v", err)
	}
	if _, err := d.members.Add(d.As("zoe"), ref, member.Batch{Users: []string{"bo"}, Roles: []string{"develop"}}); err != nil {
		t.Fatal(err)
	}
	on := workspace.SettingsUpdate{Values: []workspace.SettingValue{{Key: "dev_role_disabled", Value: "on"}}, Irreversible: true}
	o, err := d.PreviewSet(d.As("zoe"), ref, on)
	if err != nil || len(o.Effect.Losses) == 0 || o.Effect.Losses[0].Principals[0] != d.ID("bo") {
		t.Errorf("the preview is %+v (%v)", o.Effect, err)
	}
	after, err := d.set(t, ref, true, "dev_role_disabled=on", "pai_scheduling=on", "new_data_studio=on", "personal_dev_shutdown=30")
	if err != nil || !after.DevRoleDisabled || !after.NewDataStudio || after.PersonalDevShutdown != 30 {
		t.Fatalf("%+v (%v)", after.Settings, err)
	}
	if _, err := d.set(t, ref, true, "dev_role_disabled=off", "pai_scheduling=off", "new_data_studio=off"); len(fields(err)) != 3 {
		t.Errorf("switched back: %v", err)
	}
	w, _ := d.Get(d.As("zoe"), ref)
	snap, err := d.Gate.Snapshot(d.As("zoe"), control.Scope{Workspace: w.ID})
	if err != nil || snap.Levels(w.ID, d.ID("bo")).Get(access.DataStudio) != access.Read {
		t.Errorf("who holds Develop still writes (%v)", err)
	}
	if _, err := d.members.Add(d.As("zoe"), ref, member.Batch{Users: []string{"lin"}, Roles: []string{"develop"}}); !slices.Equal(fields(err), []string{"role"}) {
		t.Errorf("Develop can still be given: %v", err)
	}
	if _, err := d.members.SetRoles(d.As("zoe"), ref, member.Batch{Users: []string{"bo"}, Roles: []string{"develop", "visitor"}}); err != nil {
		t.Errorf("who holds it cannot keep it: %v", err)
	}
}

func TestAnUpgradeDoublesAndTakesProduction(t *testing.T) {
	d := open(t)
	ref := d.Workspace("lab", "zoe")
	for _, e := range []engine.Add{{Name: "mc_dev", Type: "maxcompute", ProdIdentity: "task owner"}, {Name: "pg", Type: "other", ProdIdentity: "app"}} {
		if _, err := d.engines.Add(d.As("zoe"), ref, e); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.members.Add(d.As("zoe"), ref, member.Batch{Users: []string{"bo"}, Roles: []string{"develop"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.PreviewUpgrade(d.As("zoe"), ref); reason(err) != "denied.account" {
		t.Errorf("not the account: %v", err)
	}
	p, err := d.PreviewUpgrade(d.As(storagetest.Owner), ref)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Losses) != 2 || p.Losses[0].User != "bo" || p.Losses[0].Engine != "mc_dev" || p.Losses[0].EngineRole != "Role_Project_Dev" || p.Losses[1].User != "zoe" {
		t.Errorf("lost are %+v", p.Losses)
	}
	want := []workspace.EnginePair{
		{Engine: "mc_dev", Type: "maxcompute", DevProject: "mc_dev_dev", DevIdentity: "Executor", ProdIdentity: "Alibaba Cloud Account"},
		{Engine: "pg", Type: "other", DevIdentity: "app", ProdIdentity: "app"},
	}
	if !slices.Equal(p.Engines, want) {
		t.Errorf("doubled are %+v", p.Engines)
	}
	if w, err := d.Get(d.As("zoe"), ref); err != nil || w.Mode != workspace.Simple {
		t.Errorf("the preview was kept: %+v (%v)", w, err)
	}
	if _, err := d.Upgrade(d.As(storagetest.Owner), ref, workspace.ToStandard{}); !slices.Equal(fields(err), []string{"acknowledge"}) {
		t.Errorf("not acknowledged: %v", err)
	}
	up, err := d.Upgrade(d.As(storagetest.Owner), ref, workspace.ToStandard{Acknowledged: true})
	if err != nil || up.Mode != workspace.Standard || !slices.Equal(up.Engines, want) {
		t.Fatalf("%+v (%v)", up, err)
	}
	if _, err := d.Upgrade(d.As(storagetest.Owner), ref, workspace.ToStandard{Acknowledged: true}); reason(err) != "fault.workspace.already.standard" {
		t.Errorf("a second time: %v", err)
	}
	modern := d.Workspace("modern", "zoe")
	if _, err := d.set(t, modern, true, "new_data_studio=on"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.PreviewUpgrade(d.As(storagetest.Owner), modern); reason(err) != "fault.workspace.upgrade.studio" {
		t.Errorf("with the new Data Studio: %v", err)
	}
}

func TestADefaultWorkspaceTakesWhoeverComes(t *testing.T) {
	d := open(t)
	r, err := d.regions.Activate(d.As(storagetest.Owner), region.Activation{ID: "cn-beijing", Edition: "basic"})
	if err != nil || !strings.HasPrefix(r.DefaultWorkspace, "default_workspace_") || len(r.DefaultWorkspace) != 22 {
		t.Fatalf("made %q (%v)", r.DefaultWorkspace, err)
	}
	if r, err := d.regions.Activate(d.As(storagetest.Owner), region.Activation{ID: "cn-beijing", Edition: "standard"}); err != nil || r.DefaultWorkspace != "" {
		t.Errorf("another edition makes %q (%v)", r.DefaultWorkspace, err)
	}
	if r, err := d.regions.Activate(d.As(storagetest.Owner), region.Activation{ID: "cn-shanghai", Edition: "basic", Bare: true}); err != nil || r.DefaultWorkspace != "" {
		t.Errorf("none was wanted: %q (%v)", r.DefaultWorkspace, err)
	}
	ref := control.Ref{Region: "cn-beijing", Workspace: r.DefaultWorkspace}
	page, err := d.List(d.As("bo"), "cn-beijing", list.Query{})
	if err != nil || len(page.Items) != 1 || !page.Items[0].Default {
		t.Errorf("a member of the tenant sees %v (%v)", page.Items, err)
	}
	if _, err := d.Get(d.As("bo"), ref); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("before coming in: %v", err)
	}
	reading := control.WithActor(context.Background(), control.Actor{Principal: d.ID("bo"), Name: "bo", ReadOnly: true})
	if entered, err := d.Enter(reading, ref); err != nil || entered {
		t.Errorf("a session that changes nothing enters: %v (%v)", entered, err)
	}
	for i, want := range []bool{true, false} {
		if entered, err := d.Enter(d.As("bo"), ref); err != nil || entered != want {
			t.Errorf("entry %d: %v (%v)", i+1, entered, err)
		}
	}
	w, err := d.Get(d.As("bo"), ref)
	if err != nil || w.Members != 2 || w.Mode != workspace.Simple {
		t.Errorf("inside: %+v (%v)", w, err)
	}
	if _, err := d.Upgrade(d.As(storagetest.Owner), ref, workspace.ToStandard{Acknowledged: true}); reason(err) != "fault.workspace.upgrade.default" {
		t.Errorf("upgraded: %v", err)
	}
	other := d.Workspace("lab")
	if entered, err := d.Enter(d.As("bo"), other); err != nil || entered {
		t.Errorf("enters another workspace: %v (%v)", entered, err)
	}
}

func TestTheKeeperEmptiesTheBin(t *testing.T) {
	d := open(t)
	ref := d.Workspace("lab", "zoe")
	keeping := control.WithActor(context.Background(), control.Actor{Name: "keeper", Face: control.FaceKeeper})
	if due, err := d.NextDue(keeping); err != nil || !due.IsZero() {
		t.Errorf("an empty bin is due at %v (%v)", due, err)
	}
	if _, err := d.Delete(d.As(storagetest.Owner), ref, 0, "lab"); err != nil {
		t.Fatal(err)
	}
	if moved, err := d.MoveDue(keeping); err != nil || moved {
		t.Errorf("purged at once: %v (%v)", moved, err)
	}
	if due, err := d.NextDue(keeping); err != nil || !due.Equal(d.Now().AddDate(0, 0, workspace.BinDays)) {
		t.Errorf("due at %v (%v)", due, err)
	}
	if _, err := d.MoveDue(d.As(storagetest.Owner)); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("by the account: %v", err)
	}
	d.Pass(workspace.BinDays * 24 * time.Hour)
	k := keeper.New(d.Gate, storage.NewKeepers(d.DB), "a", []keeper.Area{{Name: "workspace", Mover: d.Service}})
	if moved, next, err := k.Catch(context.Background()); err != nil || moved != 1 || !next.IsZero() {
		t.Errorf("moved %d, next %v (%v)", moved, next, err)
	}
	if _, err := d.Restore(d.As(storagetest.Owner), ref); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("restored what is gone: %v", err)
	}
	if _, err := d.Create(d.As(storagetest.Owner), workspace.Create{Region: storagetest.Home, Name: "lab"}); err != nil {
		t.Errorf("the name is not free: %v", err)
	}
}

func TestAnOverdueWorkspaceGoesBackToWhatItWas(t *testing.T) {
	d := open(t)
	ref := d.Workspace("lab", "zoe")
	root := d.As(storagetest.Owner)
	step := func(do func(context.Context, control.Ref, int64) (workspace.Workspace, error), want workspace.Status) {
		t.Helper()
		if w, err := do(root, ref, 0); err != nil || w.Status != want {
			t.Fatalf("is %s (%v), want %s", w.Status, err, want)
		}
	}
	step(d.Disable, workspace.Disabled)
	step(d.Suspend, workspace.Overdue)
	if _, err := d.Enable(root, ref, 0); reason(err) != "fault.workspace.state" {
		t.Errorf("enabled while overdue: %v", err)
	}
	if w, err := d.Delete(root, ref, 0, "lab"); err != nil || w.Status != workspace.Deleted {
		t.Fatal(err)
	}
	for name, do := range map[string]func(context.Context, control.Ref, int64) (workspace.Workspace, error){"disable": d.Disable, "resume": d.Resume} {
		if _, err := do(root, ref, 0); reason(err) != "fault.workspace.state" {
			t.Errorf("%s in the bin: %v", name, err)
		}
	}
	if _, err := d.Restore(root, ref); err != nil {
		t.Fatal(err)
	}
	step(d.Resume, workspace.Disabled)
	step(d.Enable, workspace.Normal)
	if _, err := d.Restore(root, ref); reason(err) != "fault.workspace.state" {
		t.Errorf("restored what is there: %v", err)
	}
	if _, err := d.Suspend(d.As("zoe"), ref, 0); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("by an administrator: %v", err)
	}
}

func TestLinksLeadToModules(t *testing.T) {
	d := open(t)
	ref := d.Workspace("lab", "zoe")
	root := d.As(storagetest.Owner)
	if _, err := d.SetLink(root, "datastudi", "x"); !slices.Equal(fields(err), []string{"module", "url"}) {
		t.Errorf("wrong are %v", err)
	}
	if l, err := d.SetLink(root, "DataStudio", "https://example.com/{region}/{workspace_id}"); err != nil || l.Module != "data-studio" {
		t.Fatalf("%+v (%v)", l, err)
	}
	if links, err := d.GoTo(d.As("zoe"), ref, ""); err != nil || len(links) != 1 || links[0].URL != "https://example.com/cn-hangzhou/1" {
		t.Errorf("links are %v (%v)", links, err)
	}
	if _, err := d.GoTo(d.As("zoe"), ref, "deployment"); reason(err) != "fault.link.none" {
		t.Errorf("a module without one: %v", err)
	}
	if _, err := d.GoTo(d.As("bo"), ref, ""); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("a stranger: %v", err)
	}
	if _, err := d.RemoveLink(root, "data-studio"); err != nil {
		t.Error(err)
	}
	if _, err := d.RemoveLink(root, "data-studio"); reason(err) != "fault.link.none" {
		t.Errorf("twice: %v", err)
	}
	if _, err := d.SetLink(d.As("zoe"), "data-studio", "https://example.com"); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("by an administrator: %v", err)
	}
}

func TestWhatIsWrongWithANewWorkspaceIsSaidAtOnce(t *testing.T) {
	d := open(t)
	root := d.As(storagetest.Owner)
	_, err := d.Create(root, workspace.Create{Region: storagetest.Small, Name: "1x", Mode: "double", Template: workspace.OpenLake, DisplayName: strings.Repeat("x", 61),
		Admins: []string{"nobody"}, DefaultGroup: "none", AliyunGroup: "bad id", Tags: []workspace.Tag{{Key: "aliyun"}}})
	if got := fields(err); !slices.Equal(got, []string{"admin", "aliyun_resource_group_id", "default_resource_group", "display_name", "mode", "name", "tag", "template"}) {
		t.Errorf("wrong are %v", got)
	}
	for name, good := range map[string]bool{"ab": false, "abc": true, strings.Repeat("a", 28): true, strings.Repeat("a", 29): false, "a-b": false, "9ab": false, "_ab": false, "äbc": false} {
		if _, err := d.Create(root, workspace.Create{Region: storagetest.Home, Name: name}); (err == nil) != good {
			t.Errorf("%q is good: %v", name, err)
		}
	}
	off := false
	w, err := d.Create(root, workspace.Create{Region: storagetest.Home, Name: "plain", Mode: workspace.Simple, NewDataStudio: &off, AIWorkspace: &off,
		Tags: []workspace.Tag{{Key: "env", Value: "Prod"}}})
	if err != nil || w.NewDataStudio || w.PaiScheduling || w.AliyunGroup != "default" || len(w.Tags) != 1 {
		t.Errorf("%+v (%v)", w, err)
	}
	for filter, want := range map[string]int{"tag:env=prod": 1, "tag:ENV=PROD": 1, "tag:env=pro": 0, "tag:pro": 1, "!tag:env=prod": 2, "resource_group:default": 3, "resource_group:rg": 0} {
		page, err := d.List(root, storagetest.Home, list.Query{Filter: list.ParseFilter(filter)})
		if err != nil || len(page.Items) != want {
			t.Errorf("%s finds %d (%v), want %d", filter, len(page.Items), err, want)
		}
	}
}
