package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// wide is a document about everything that documents are about. Its users are those of newTenant.
const wide = `version: 1
region: cn-hangzhou
user_groups:
  - name: readers
    members: [lin, zoe]
policies:
  - name: keep
    document:
      Version: "1"
      Statement:
        - {Effect: Deny, Action: dataworks:DeleteWorkspace, Resource: "*", Condition: {StringEquals: {"dataworks:Scope": Page}}}
attachments:
  - {policy: keep, user: readers, until: 2030-03-01}
  - {policy: AliyunDataWorksFullAccess, user: amy}
tenant_roles:
  - {name: auditors, capabilities: [data-map.use]}
tenant_members:
  - {name: readers, roles: [auditors]}
  - {name: bo, roles: [tenant_admin, {role: tenant_governance_admin, until: 2030-01-01T00:00:00Z}]}
workspaces:
  - name: sales_dw
    description: Sales numbers
    roles:
      - {name: writer, modules: {data-studio: write, deployment: read}, engine_roles: {mc: role_project_dev}}
    members:
      - {name: lin, roles: [admin, writer]}
      - {name: readers, roles: [visitor]}
      - {name: bo, roles: [{role: writer, until: 2030-01-01}]}
  - name: hr_dw
    mode: simple
    status: disabled
    display_name: "人力: 资源"
    roles:
      - {name: own, modules: {data-studio: read}}
    members:
      - {name: zoe, roles: [admin, own]}
      - {name: lin, roles: [admin]}
`

// newPlanned is newTenant with an engine, for documents map roles in engines and do not bind these.
func newPlanned(t *testing.T) *bench {
	t.Helper()
	b := newTenant(t)
	b.must("engine", "add", "mc", "--type", "maxcompute", "-w", "sales_dw")
	return b
}

// plan plans a document and returns the plan as JSON.
func (b *bench) plan(document string, args ...string) map[string]any {
	b.t.Helper()
	return b.one(append([]string{"plan", "-f", b.file("d.yaml", document)}, args...)...)
}

// counts is how many steps a plan has to add, change and remove.
func counts(plan map[string]any) string {
	return fmt.Sprint(plan["add"], plan["change"], plan["remove"])
}

func TestAPlanIsMadeSoAndThenThereIsNothingToDo(t *testing.T) {
	b := newPlanned(t)
	before := b.must("export")
	if got := counts(b.plan(wide)); got != "12 3 0" {
		t.Errorf("the plan counts %s", got)
	}
	if b.must("export") != before {
		t.Error("to plan changed something")
	}
	file := filepath.Join(t.TempDir(), "p.json")
	b.must("plan", "-f", b.file("d.yaml", wide), "--out", file)
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the plan file: %v, %v", info, err)
	}
	if text := b.must("apply", file); text != "Applied: 12 added, 3 changed, 0 removed.\n" {
		t.Errorf("apply says %s", text)
	}
	for _, same := range []string{wide, b.must("export"), b.must("export", "--region", "cn-hangzhou"), b.must("export", "-w", "hr_dw")} {
		o := b.run("plan", "-f", b.file("same.yaml", same), "--prune", "--detailed-exitcode")
		if same == wide { // it leaves out the other administrators, and with --prune that counts
			o = b.run("plan", "-f", b.file("same.yaml", same), "--detailed-exitcode")
		}
		if o.code != exitDone || !strings.Contains(o.out, "Nothing to do") {
			t.Errorf("%s\ndiffers: %d %s%s", same, o.code, o.out, o.errors)
		}
	}
	if one, two := b.must("export"), b.must("export"); one != two {
		t.Errorf("two exports of one state differ:\n%s\n%s", one, two)
	}
	if !b.can("--user", "bo", "--module", "data-studio", "--level", "write", "-w", "sales_dw") {
		t.Error("the role gives nothing")
	}
	// Each record has its entry, in the words of its area, and the plan has one.
	var acts []string
	for _, e := range b.list("audit", "list", "--limit", "19") {
		acts = append([]string{fmt.Sprint(e["action"])}, acts...)
	}
	want := "user_group.add user_group.set_members policy.create tenant_role.create workspace.update workspace.create workspace.disable " +
		"role.create engine.map_role role.create member.add member.add member.set_roles member.set_roles tenant_member.grant tenant_member.grant " +
		"tenant_member.grant policy.attach policy.attach plan.apply"
	if got := strings.Join(acts, " "); !strings.HasSuffix(want, got) || len(acts) != 19 {
		t.Errorf("the audit has %s\nwant %s", got, want)
	}
	b.fails(exitConflict, []string{"15 records", "was not there then", "Nothing was changed"}, "apply", file)
}

func TestRemovalsAreAskedForAndShown(t *testing.T) {
	b := newPlanned(t)
	b.must("apply", "-f", b.file("d.yaml", wide), "--yes")
	members := func(exactly bool) string {
		return fmt.Sprintf("version: 1\nregion: cn-hangzhou\nworkspaces: [{name: sales_dw, members: {exactly: %v, items: [{name: zoe, roles: [admin]}]}}]", exactly)
	}
	if got := counts(b.plan(members(false))); got != "0 0 0" {
		t.Errorf("what is not named counts %s", got)
	}
	if got := counts(b.plan(members(true))); got != "0 0 3" {
		t.Errorf("an exact section counts %s", got)
	}
	if got := counts(b.plan(strings.Replace(members(false), "exactly: false, ", "", 1), "--prune")); got != "0 0 3" {
		t.Errorf("--prune counts %s", got)
	}
	text := b.must("plan", "-f", b.file("m.yaml", members(true)))
	for _, want := range []string{
		"- remove member bo in cn-hangzhou/sales_dw\n    roles:\n      - writer (until 2030-01-02T00:00:00Z)\n", "- remove member readers",
		"Plan: 0 to add, 0 to change, 3 to remove.", "losses",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the plan lacks %q: %s", want, text)
		}
	}
	// What a change takes away is told as well.
	text = b.must("plan", "-f", b.file("c.yaml", "version: 1\nregion: cn-hangzhou\nworkspaces: [{name: sales_dw, members: [{name: lin, roles: [admin, visitor]}]}]"))
	for _, want := range []string{"~ change member lin", "      - writer\n      + role_project_guest\n", "take away one role"} {
		if !strings.Contains(text, want) {
			t.Errorf("the plan lacks %q: %s", want, text)
		}
	}
	// A whole workspace goes only where its own section says so; role and grants go in the right order.
	all := "version: 1\npolicies: []\nattachments: []\ntenant_roles: []\ntenant_members: []\nworkspaces: "
	if got := counts(b.plan(all+"[]", "--prune")); got != "0 0 6" {
		t.Errorf("--prune of empty sections counts %s", got)
	}
	plan := b.plan(all+"{exactly: true, items: [{name: sales_dw, region: cn-hangzhou, roles: [], members: [{name: zoe, roles: [admin]}]}]}", "--prune")
	if got := counts(plan); got != "0 0 11" {
		t.Errorf("all of it counts %s", got)
	}
	b.must("apply", "-f", b.file("all.yaml", all+"{exactly: true, items: [{name: sales_dw, region: cn-hangzhou, roles: [], members: [{name: zoe, roles: [admin]}]}]}"), "--prune", "--yes")
	if got := column(b.list("workspace", "list"), "name"); got != "sales_dw" {
		t.Errorf("left are %s", got)
	}
	if got := column(b.list("workspace", "bin"), "name"); got != "hr_dw" {
		t.Errorf("in the bin are %s", got)
	}
}

func TestAPlanWhoseRecordsMovedIsRefused(t *testing.T) {
	b := newPlanned(t)
	in := func(args ...string) []string { return append(args, "-w", "sales_dw") }
	b.must(in("member", "add", "bo", "--role", "visitor")...)
	b.must(in("role", "create", "reader", "--set", "deployment=read")...)
	document := b.file("d.yaml", `version: 1
region: cn-hangzhou
workspaces:
  - name: sales_dw
    roles: [{name: reader, modules: {deployment: write}}]
    members: [{name: bo, roles: [develop]}, {name: amy, roles: [reader]}]
`)
	file := filepath.Join(t.TempDir(), "p.json")
	for says, move := range map[string][]string{
		"member bo in cn-hangzhou/sales_dw (version 2 then, 3 now)":   in("member", "set-roles", "bo", "--role", "o&m"),
		"role reader in cn-hangzhou/sales_dw (version 1 then, 2 now)": in("role", "set", "reader", "--set", "data-studio=read"),
		"member amy in cn-hangzhou/sales_dw (was not there then)":     in("member", "add", "amy", "--role", "visitor"),
		"member bo in cn-hangzhou/sales_dw (is not there any more)":   in("member", "remove", "bo"),
	} {
		t.Run(says, func(t *testing.T) {
			b := newPlanned(t)
			b.must(in("member", "add", "bo", "--role", "visitor")...)
			b.must(in("role", "create", "reader", "--set", "deployment=read")...)
			file := filepath.Join(t.TempDir(), "p.json")
			b.must("plan", "-f", document, "--out", file)
			b.must(move...)
			state := b.must("export")
			b.fails(exitConflict, []string{says, "Nothing was changed", "Make the plan again"}, "apply", file)
			if b.must("export") != state {
				t.Error("something was changed")
			}
			b.must("plan", "-f", document, "--out", file) // one plan file replaces another
			b.must("apply", file)
		})
	}
	// What a step hands out has to say what it said.
	grant := b.file("g.yaml", "version: 1\nregion: cn-hangzhou\nworkspaces: [{name: sales_dw, members: [{name: amy, roles: [reader]}]}]")
	b.must("plan", "-f", grant, "--out", file)
	b.must(in("role", "set", "reader", "--set", "data-quality=write")...)
	b.fails(exitConflict, []string{"role reader in cn-hangzhou/sales_dw (version 1 then, 2 now)"}, "apply", file)
	// What the plan is not about may move.
	b.must("plan", "-f", document, "--out", file)
	b.must("user", "add", "eve")
	b.must(in("member", "add", "eve", "--role", "visitor")...)
	b.must("apply", file)

	other := newPlannedLike(t)
	other.fails(exitConflict, []string{"another database"}, "apply", file)
	data, err := os.ReadFile(file) // #nosec G304 -- a path of the test's own
	if err != nil {
		t.Fatal(err)
	}
	b.fails(exitConflict, []string{"altered"}, "apply", b.file("q.json", strings.Replace(string(data), "role_project_dev", "role_project_admin", 1)))
	b.fails(exitUsage, []string{"no plan file"}, "apply", document)
	b.fails(exitUsage, []string{"something else"}, "plan", "-f", document, "--out", document)
}

// newPlannedLike is a second database of the same tenant, made alike.
func newPlannedLike(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	b.now = b.now.AddDate(0, 0, 1)
	b.must("init", "--tenant", "acme", "--owner", "root", "--region", "cn-hangzhou=enterprise", "--region", "cn-shanghai=basic", "--no-default-workspace")
	return b
}

// TestAPlanTakesTheRightsToEveryStep holds that nothing is kept of a plan one step of which is refused, and that the refusal is
// in the audit as that of the step.
func TestAPlanTakesTheRightsToEveryStep(t *testing.T) {
	b := newPlanned(t)
	document := b.file("d.yaml", `version: 1
region: cn-hangzhou
workspaces: [{name: sales_dw, description: mine, members: [{name: bo, roles: [visitor]}]}]
tenant_members: [{name: bo, roles: [tenant_admin]}]
`)
	file := filepath.Join(t.TempDir(), "p.json")
	b.must("plan", "-f", document, "--out", file)
	state := b.must("export")
	o := b.fails(exitDenied, []string{"Step 3, tenant roles of bo in cn-hangzhou: "}, "plan", "-f", document, "--as", "zoe")
	if !strings.Contains(o.out, "Plan: 2 to add, 1 to change, 0 to remove.") {
		t.Errorf("the plan itself is not shown: %s", o.out)
	}
	b.fails(exitDenied, []string{"Step 3"}, "apply", file, "--as", "zoe")
	if b.must("export") != state {
		t.Error("something was changed")
	}
	if e := b.list("audit", "list", "--limit", "1")[0]; e["action"] != "tenant_member.grant" || e["outcome"] != "denied" || e["actor"] != "zoe" {
		t.Errorf("the audit has %v", e)
	}
	b.fails(exitDenied, nil, "apply", file, "--read-only")
	if text := b.must("plan", "-f", document, "--read-only"); !strings.Contains(text, "was not worked out") {
		t.Errorf("a reader's plan says %s", text)
	}
	// Who sees less exports less.
	b.must("workspace", "create", "hidden", "--region", "cn-hangzhou")
	if text := b.must("export", "--as", "zoe"); strings.Contains(text, "hidden") || !strings.Contains(text, "sales_dw") {
		t.Errorf("zoe exports %s", text)
	}
	// Losing rights of one's own is to be meant.
	own := b.file("own.yaml", "version: 1\nregion: cn-hangzhou\nworkspaces: [{name: sales_dw, members: [{name: zoe, roles: [visitor]}]}]")
	b.fails(exitConflict, []string{"Step 1, member zoe", "--own-loss"}, "apply", "-f", own, "--yes", "--as", "zoe")
	b.must("apply", "-f", own, "--yes", "--as", "zoe", "--own-loss")
}

func TestExitCodesOfAPlan(t *testing.T) {
	b := newPlanned(t)
	same, differs := b.file("same.yaml", b.must("export")), b.file("differs.yaml", wide)
	broken := b.file("broken.yaml", "version: 1\nworkspaces: [{}]")
	for _, c := range []struct {
		code int
		args []string
	}{
		{0, []string{"-f", same}},
		{0, []string{"-f", differs}},
		{0, []string{"-f", same, "--detailed-exitcode"}},
		{2, []string{"-f", differs, "--detailed-exitcode"}},
		{2, []string{"-f", differs, "--detailed-exitcode", "-o", "json"}},
		{2, []string{"-f", broken}},
		{1, []string{"-f", broken, "--detailed-exitcode"}},
		{1, []string{"-f", "nosuch.yaml", "--detailed-exitcode"}},
		{1, []string{"--detailed-exitcode"}},
		{1, []string{"--detailed-exitcode", "-f", differs, "--bogus"}},
		{2, []string{"-f", differs, "--bogus"}},
		{4, []string{"-f", differs, "--detailed-exitcode", "--region", "nowhere"}},
		{3, []string{"-f", differs, "--detailed-exitcode", "--as", "bo"}},
	} {
		if o := b.run(append([]string{"plan"}, c.args...)...); o.code != c.code {
			t.Errorf("plan %v: exit code %d, want %d; %s", c.args, o.code, c.code, o.errors)
		}
	}
}

func TestApplyingADocument(t *testing.T) {
	b := newPlanned(t)
	document := b.file("d.yaml", wide)
	b.fails(exitUsage, []string{"--yes"}, "apply", "-f", document)
	b.fails(exitUsage, []string{"a plan file, or a document"}, "apply")
	b.fails(exitUsage, []string{"a plan file, or a document"}, "apply", "p.json", "-f", document)
	b.fails(exitUsage, []string{"--prune goes with -f"}, "apply", "p.json", "--prune")
	b.terminal, b.typed = true, "no\n"
	if o := b.run("apply", "-f", document, "--theme", "mono"); o.code == exitDone || !strings.Contains(o.errors, "0 to remove. Apply this plan?") ||
		!strings.Contains(o.errors, "+ add role own") {
		t.Errorf("asked: %d %s", o.code, o.errors)
	}
	var out, errs bytes.Buffer
	run(t.Context(), []string{"plan", "-f", document}, strings.NewReader(""), &out, &errs, b.environ())
	if !strings.Contains(out.String(), "\x1b[32m+ add role own") || !strings.Contains(out.String(), "\x1b[33m~ change") {
		t.Errorf("on a terminal the plan is %q %s", out.String(), errs.String())
	}
	b.terminal, b.typed = false, ""
	first := b.must("apply", "-f", document, "--yes", "--request-id", "r-1")
	b.must("apply", "-f", document, "--yes")
	if !strings.HasPrefix(first, "Applied: 12 added") {
		t.Errorf("apply says %s", first)
	}
	// A role that members hold goes with its holders or not at all.
	b.fails(exitConflict, []string{"role own in cn-hangzhou/hr_dw", "zoe"}, "apply", "-f",
		b.file("held.yaml", "version: 1\nregion: cn-hangzhou\nworkspaces: [{name: hr_dw, roles: {exactly: true, items: []}}]"), "--yes")
	b.fails(exitUsage, []string{"line 2"}, "plan", "-f", b.file("x.yaml", "version: 1\nworkspace: []"))
	b.fails(exitUsage, []string{"no json of it"}, "export", "-o", "json")
	b.fails(exitNotFound, nil, "export", "-w", "nosuch")
	b.fails(exitUsage, []string{"something else"}, "export", "--out", b.file("notes.txt", "my notes"))
	path := filepath.Join(t.TempDir(), "out.yaml")
	b.must("export", "--out", path)
	b.must("export", "--out", path)
	if data, err := os.ReadFile(path); err != nil || string(data) != b.must("export") { // #nosec G304 -- a path of the test's own
		t.Errorf("the file holds %s (%v)", data, err)
	}
}

func TestNamesThatNothingHas(t *testing.T) {
	b := newPlanned(t)
	b.fails(exitUsage, []string{
		"line 4, column 13: there is no region cn-hangzou; the nearest: cn-hangzhou",
		"line 7, column 11: the mode of a workspace is fixed", "line 9, column 15: the role role_project_dev is built in",
		"line 11, column 15: there is no user zoee; the nearest: zoe", "line 12, column 17: there is no role vistor; the nearest: Visitor",
		"line 13, column 15: root owns the workspace", "line 15, column 15: zoe is to hold no role",
		"line 18, column 14: there is no policy nope", "line 20, column 45: nobody can be given tenant_member",
	}, "plan", "-f", b.file("bad.yaml", `version: 1
workspaces:
  - name: sales_dw
    region: cn-hangzou
  - region: cn-hangzhou
    name: sales_dw
    mode: simple
    roles:
      - name: develop
    members:
      - name: zoee
        roles: [vistor]
      - name: root
        roles: [visitor]
      - name: zoe
        roles: []
attachments:
  - {policy: nope, user: zoe}
tenant_members:
  - {name: bo, region: cn-hangzhou, roles: [tenant_member]}
`))
}

// TestARegionThatNothingHasIsSaidOnceAndWhereItStands holds it for the region at the head of a document, whoever needs it.
func TestARegionThatNothingHasIsSaidOnceAndWhereItStands(t *testing.T) {
	b := newPlanned(t)
	const head, wrong = "version: 1\nregion: cn-hangzou\n", "line 2, column 9: there is no region cn-hangzou; the nearest: cn-hangzhou"
	for name, sections := range map[string]string{
		"no section":       "",
		"an empty section": "tenant_roles: []\n",
		"an exact section": "workspaces: {exactly: true, items: []}\n",
		"two sections":     "tenant_roles: [{name: own, capabilities: []}]\nworkspaces: [{name: sales_dw}, {name: hr_dw}]\n",
	} {
		o := b.run("plan", "-f", b.file("bad.yaml", head+sections))
		if o.code == exitDone || strings.Count(o.errors, "cn-hangzou;") != 1 || !strings.Contains(o.errors, wrong) {
			t.Errorf("%s: exit code %d, %s", name, o.code, o.errors)
		}
	}
	both := b.run("plan", "-f", b.file("bad.yaml", head+"workspaces: [{name: sales_dw}, {name: hr_dw, region: cn-hangzou}]\n"))
	if !strings.Contains(both.errors, wrong) || !strings.Contains(both.errors, "line 3, column 54: there is no region") {
		t.Errorf("a record that names it by itself: %s", both.errors)
	}
	asked := b.run("plan", "-f", b.file("none.yaml", "version: 1\ntenant_roles: []\n"), "--region", "cn-beijing")
	if !strings.Contains(asked.errors, "there is no region cn-beijing") || strings.Contains(asked.errors, "line ") {
		t.Errorf("a region that stands in no document: exit code %d, %s", asked.code, asked.errors)
	}
}

func TestDocumentsOfLargeTenantsAreRead(t *testing.T) {
	b := newPlanned(t)
	long := b.file("long.yaml", b.must("export")+strings.Repeat("# "+strings.Repeat("-", 1<<10)+"\n", 17<<10))
	if got := b.must("plan", "-f", long); !strings.Contains(got, "Nothing to do") {
		t.Errorf("planned: %s", got)
	}
	b.fails(exitUsage, []string{"more than 16 MiB"}, "policy", "create", "long", "-f", long)
	if err := os.Truncate(long, planLimit+1); err != nil {
		t.Fatal(err)
	}
	b.fails(exitUsage, []string{"more than 128 MiB"}, "plan", "-f", long)
	b.fails(exitUsage, []string{"more than 128 MiB"}, "apply", long)
}
