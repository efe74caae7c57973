package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"reeve/core/access"
)

// world makes random documents about the users, regions and engines of newPlanned.
type world struct {
	*rand.Rand
	groups, policies []string
}

func (w *world) one(of ...string) string { return of[w.IntN(len(of))] }

// some are up to most of the given, each once, in any order.
func (w *world) some(most int, of []string) []string {
	picked := slices.Clone(of)
	w.Shuffle(len(picked), func(i, j int) { picked[i], picked[j] = picked[j], picked[i] })
	return picked[:w.IntN(min(most, len(picked))+1)]
}

// spelled is a name as people may spell it.
func (w *world) spelled(name string) string {
	if w.IntN(4) == 0 {
		return strings.ToUpper(name)
	}
	return name
}

func (w *world) users() []string { return append([]string{"zoe", "lin", "bo", "amy"}, w.groups...) }

func (w *world) until() string {
	return w.one("", "", ", until: 2030-05-01", ", until: '2031-01-01T08:00:00+02:00'")
}

func (w *world) roles(names []string, least int) string {
	picked := w.some(3, names)
	for len(picked) < least {
		picked = w.some(3, names)
	}
	for i, r := range picked {
		picked[i] = fmt.Sprintf("{role: %q%s}", r, w.until())
	}
	return "[" + strings.Join(picked, ", ") + "]"
}

func (w *world) modules() string {
	var parts []string
	for _, m := range access.WorkspaceModules() {
		if w.IntN(2) == 0 {
			parts = append(parts, m.Code()+": "+w.one("none", "read", "write"))
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// document is a random document, in flow style and in no order.
func (w *world) document() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("version: 1")
	w.groups = w.some(2, []string{"readers", "Ops-1", "财务"})
	line("user_groups:")
	for _, g := range w.groups {
		line("  - {name: %q, members: [%s]}", g, strings.Join(w.some(3, []string{"zoe", "lin", "bo", "amy"}), ", "))
	}
	w.policies = w.some(2, []string{"keep", "deny-2", "7up"})
	line("policies:")
	for _, p := range w.policies {
		line(`  - {name: %q, document: {Version: "1", Statement: [{Effect: %s, Action: [%q, %q], Resource: "*"}]}}`, p, w.one("Allow", "Deny"),
			"dataworks:"+w.one("CreateWorkspace", "Modify*"), "dataworks:DeleteWorkspace")
	}
	line("attachments:")
	for _, p := range append(w.policies, "AliyunDataWorksFullAccess") {
		for _, u := range w.some(2, w.users()) {
			line("  - {policy: %q, user: %q%s}", w.spelled(p), w.spelled(u), w.until())
		}
	}
	line("tenant_roles:")
	tenantRoles := w.some(2, []string{"auditors", "Map Only"})
	for _, r := range tenantRoles {
		line("  - {region: cn-hangzhou, name: %q, capabilities: [%s]}", r, strings.Join(w.some(2, []string{"data-map.use", "data-analysis.use"}), ", "))
	}
	line("tenant_members:")
	for _, u := range w.some(3, w.users()) {
		line("  - {region: cn-hangzhou, name: %q, roles: %s}", w.spelled(u), w.roles(append(tenantRoles, "tenant_admin", "tenant_governance_admin"), 1))
	}
	line("workspaces:")
	for _, name := range append([]string{"sales_dw"}, w.some(2, []string{"hr_dw", "Lab_2", "ops_9"})...) {
		w.workspace(line, name)
	}
	return b.String()
}

func (w *world) workspace(line func(string, ...any), name string) {
	region, fixed, custom := "cn-hangzhou", "", w.some(3, []string{"writer", "只读", "Team A.b-c", "yes"})
	if name != "sales_dw" {
		fixed = map[bool]string{true: "mode: simple", false: "mode: standard"}[name == "Lab_2"] // once and for all
		if region = w.one("cn-hangzhou", "cn-shanghai"); region == "cn-shanghai" {
			custom = nil // the edition there has none
		}
	}
	line("  - region: %s", region)
	line("    name: %s", name)
	line("    description: %q", w.one("", "no: [yes]", "- 'x' # y", `"quoted" \ {z}`, "多 字"))
	if fixed != "" {
		line("    %s", fixed)
	}
	line("    status: %s", w.one("normal", "disabled"))
	line("    roles:")
	for _, r := range custom {
		engines := ""
		if name == "sales_dw" {
			engines = w.one("", ", engine_roles: {mc: role_project_dev}", ", engine_roles: {}")
		}
		line("      - {name: %q, modules: %s%s}", r, w.modules(), engines)
	}
	line("    members:")
	line("      - {name: lin, roles: [role_project_admin]}")
	for _, u := range w.some(4, w.users()) {
		if u != "lin" {
			line("      - {name: %q, roles: %s}", w.spelled(u), w.roles(append(custom, "develop", "visitor", "o&m"), 1))
		}
	}
}

// TestWhatIsExportedIsWhatThereIs holds on random worlds that a document is made so, that what is exported then needs nothing to be
// done and is the same bytes again, and that another database is made the same by it.
func TestWhatIsExportedIsWhatThereIs(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			b := newPlanned(t)
			w := &world{Rand: rand.New(rand.NewPCG(seed, 26))} // #nosec G404 -- the same worlds each time
			for range 3 {                                      // each from what the one before left
				document := w.document()
				file := b.file("d.yaml", document)
				o := b.run("apply", "-f", file, "--yes")
				if o.code != exitDone {
					t.Fatalf("%s\ncannot be applied: %s", document, o.errors)
				}
				if o := b.run("plan", "-f", file, "--detailed-exitcode"); o.code != exitDone {
					t.Fatalf("%s\nis not made so: %s%s", document, o.out, o.errors)
				}
				there := b.must("export")
				o = b.run("plan", "-f", b.file("e.yaml", there), "--prune", "--detailed-exitcode")
				if again := b.must("export"); o.code != exitDone || again != there {
					t.Fatalf("%s\nis exported, and differs: %s%s", there, o.out, o.errors)
				}
			}
			there := b.file("there.yaml", b.must("export"))
			other := newBench(t)
			other.now = b.now
			other.must("init", "--tenant", "acme", "--owner", "root", "--region", "cn-hangzhou=enterprise", "--region", "cn-shanghai=basic", "--no-default-workspace")
			other.must("user", "add", "zoe", "lin", "bo", "amy")
			other.must("workspace", "create", "sales_dw", "--region", "cn-hangzhou", "--admin", "lin")
			other.must("engine", "add", "mc", "--type", "maxcompute", "-w", "sales_dw")
			other.must("apply", "-f", there, "--yes", "--prune")
			if got, want := other.must("export"), b.must("export"); got != want {
				t.Errorf("another database is made\n%s\nfrom\n%s", got, want)
			}
		})
	}
}
