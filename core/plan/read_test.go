package plan_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/plan"
)

// said are the faults of a document: line, column and message of each.
func said(t *testing.T, text string, how plan.Reading) []string {
	t.Helper()
	_, err := plan.Read([]byte(text), how)
	if err == nil {
		return nil
	}
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) {
		t.Fatalf("failed with %v", err)
	}
	var out []string
	for _, f := range invalid.Fields {
		what, _ := f.Text.Args["What"].(message.Text)
		out = append(out, fmt.Sprintf("%d:%d %s", f.Text.Args["Line"], f.Text.Args["Column"], strings.TrimPrefix(what.ID, "fault.plan.")))
	}
	return out
}

func TestEverythingWrongHasItsPlace(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want string
	}{
		"nothing":               {"", "1:1 empty"},
		"spaces":                {" \n\n", "1:1 empty"},
		"a comment":             {"# nothing\n", "1:1 empty"},
		"a list":                {"- a\n", "1:1 map"},
		"a word":                {"hello", "1:1 map"},
		"no version":            {"workspaces: []", "1:1 version.missing"},
		"another version":       {"version: 3", "1:10 version"},
		"an unknown key":        {"version: 1\nworkspace: []", "2:1 unknown.near"},
		"a key without likes":   {"version: 1\nqqqqqqqqqqqqq: []", "2:1 unknown"},
		"a key twice":           {"version: 1\nversion: 1", "2:1 twice"},
		"two documents":         {"version: 1\n---\nversion: 1", "3:1 documents"},
		"an anchor":             {"version: 1\npolicies: &a []", "2:11 plain"},
		"a tag":                 {"version: 1\nregion: !!str x", "2:9 plain"},
		"a merge":               {"version: 1\nworkspaces:\n  - <<: {name: a}\n    name: b\n    region: r", "3:5 plain"},
		"text for a list":       {"version: 1\npolicies: yes please", "2:11 list"},
		"a map for text":        {"version: 1\nregion: {a: b}", "2:9 text"},
		"nothing for text":      {"version: 1\nregion:", "2:9 text"},
		"text for truth":        {"version: 1\nworkspaces: {exactly: perhaps, items: []}", "2:23 truth"},
		"no name":               {"version: 1\nworkspaces:\n  - region: r\n", "3:5 missing"},
		"an empty name":         {"version: 1\nworkspaces:\n  - name: ' '\n    region: r", "3:5 missing"},
		"no region":             {"version: 1\nworkspaces:\n  - name: a\n", "3:11 missing"},
		"twice in another case": {"version: 1\nregion: r\nworkspaces:\n  - name: abc\n  - name: ABC", "5:11 twice"},
		"a member twice":        {"version: 1\nregion: r\nworkspaces:\n  - name: abc\n    members: [{name: a}, {name: A}]", "5:33 twice"},
		"an exact group list":   {"version: 1\nuser_groups: {exactly: true, items: []}", "2:14 exactly.user_groups"},
		"an unknown module":     {"version: 1\nregion: r\nworkspaces: [{name: a, roles: [{name: b, modules: {data-studoi: read}}]}]", "3:52 unknown.near"},
		"an unknown level":      {"version: 1\nregion: r\nworkspaces: [{name: a, roles: [{name: b, modules: {data-studio: all}}]}]", "3:65 level"},
		"an unknown status":     {"version: 1\nregion: r\nworkspaces: [{name: a, status: gone}]", "3:32 status"},
		"a module in two words": {"version: 1\nregion: r\nworkspaces: [{name: a, roles: [{name: b, modules: {data-studio: read, Data Studio: write}}]}]", "3:71 module.twice"},
		"an end that is no end": {"version: 1\nattachments: [{policy: a, user: b, until: 90d}]", "2:43 until"},
		"a day that is none":    {"version: 1\nattachments: [{policy: a, user: b, until: 2027-02-30}]", "2:43 until"},
		"no policy":             {"version: 1\nattachments: [{user: b}]", "2:15 missing"},
		"no document":           {"version: 1\npolicies: [{name: a}]", "2:12 missing"},
		"a broken document":     {"version: 1\npolicies: [{name: a, document: '{}'}]", "2:32 policy; 2:32 policy"},
		"a document as YAML":    {"version: 1\npolicies:\n- name: a\n  document:\n    Version: 1\n    Statement: [{Effect: No, Action: ['dataworks:CreatWorkspace', 'dataworks:Nope']}]", "5:5 policy; 5:5 policy"},
		"an unknown capability": {"version: 1\nregion: r\ntenant_roles: [{name: a, capabilities: [data-map.us]}]", "3:41 unknown.near"},
		"broken YAML":           {"version: 1\npolicies: [", "2:11 syntax"},
		"too deep":              {"version: 1\npolicies: " + strings.Repeat("[", 70), "2:75 deep"},
		"too many dashes":       {strings.Repeat("- ", 70), "1:129 deep"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(said(t, c.text, plan.Reading{}), "; "); got != c.want {
				t.Errorf("%s\nsays %s\nwant %s", c.text, got, c.want)
			}
		})
	}
}

func TestAllOfItIsSaidInTheOrderOfTheDocument(t *testing.T) {
	got := said(t, `version: 9
regoin: x
workspaces:
  - name: a
    mode: [simple]
    roles:
      - modules: {data-studio: maybe}
    members:
      - name: bo
        roles: [{until: never}]
`, plan.Reading{})
	want := "1:10 version; 2:1 unknown.near; 4:11 missing; 5:11 text; 7:9 missing; 7:32 level; 10:17 missing; 10:25 until"
	if strings.Join(got, "; ") != want {
		t.Errorf("says %v\nwant %s", got, want)
	}
}

func TestWhatIsRead(t *testing.T) {
	d, err := plan.Read([]byte(`# a comment
version: 1
region: cn-hangzhou
attachments:
  exactly: true
  items:
    - {policy: a, user: 2024, until: 2027-01-31}
    - {policy: a, user: "true", until: 2027-01-31T18:00:00+08:00}
workspaces:
  - name: sales
    description: |
      two
      lines
    roles: {items: [{name: r, modules: {Data Studio: Write}, engine_roles: {mc: x}}]}
    members:
      - {name: bo}
      - name: amy
        roles: [develop, {role: visitor, until: 2027-01-31}]
`), plan.Reading{})
	if err != nil {
		t.Fatal(err)
	}
	a := d.Attachments.Items
	if !d.Attachments.Exactly || a[0].User.Text != "2024" || a[1].User.Text != "true" ||
		!a[0].Until.Equal(time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC)) || !a[1].Until.Equal(time.Date(2027, 1, 31, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("attachments %+v", d.Attachments)
	}
	w := d.Workspaces.Items[0]
	if w.Region.Text != "cn-hangzhou" || w.Facts[plan.Description].Text != "two\nlines\n" || w.Roles.Exactly || d.Workspaces.Exactly || d.Policies != nil {
		t.Errorf("workspace %+v", w)
	}
	if r := w.Roles.Items[0]; r.Modules["data-studio"] != "write" || len(r.Modules) != 1 || r.Engines["mc"].Text != "x" {
		t.Errorf("role %+v", r)
	}
	if m := w.Members.Items; m[0].Roles != nil || len(m[1].Roles) != 2 || m[1].Roles[1].Until.IsZero() {
		t.Errorf("members %+v", m)
	}
}

// TestPruneSparesWholeWorkspaces holds that to prune takes every section for exact but the two from which more would go.
func TestPruneSparesWholeWorkspaces(t *testing.T) {
	d, err := plan.Read([]byte(`{"version": 1, "region": "r", "policies": [], "attachments": {"exactly": false, "items": []}, "user_groups": [],
		"workspaces": [{"name": "abc", "roles": [], "members": []}]}`), plan.Reading{Prune: true})
	if err != nil {
		t.Fatal(err)
	}
	w := d.Workspaces
	if !d.Policies.Exactly || d.Attachments.Exactly || d.UserGroups.Exactly || w.Exactly || !w.Items[0].Roles.Exactly || !w.Items[0].Members.Exactly {
		t.Errorf("%+v", d)
	}
}

// FuzzRead holds that a document is either read or refused with what is wrong, and that nothing of it ends the program.
func FuzzRead(f *testing.F) {
	f.Add("version: 1\nregion: r\nworkspaces:\n  - name: a\n    members: [{name: b, roles: [c]}]\n", false)
	f.Add("version: 1\npolicies: [{name: a, document: {Version: '1', Statement: []}}]", true)
	f.Add("a: &x [*x]\n? b\n: c", false)
	f.Add("- - - {", true)
	f.Add("\x00\x1b[2J: |\n\t>", false)
	f.Fuzz(func(t *testing.T, text string, prune bool) {
		_, err := plan.Read([]byte(text), plan.Reading{Prune: prune})
		var invalid *fault.Invalid
		if err != nil && (!errors.As(err, &invalid) || len(invalid.Fields) == 0) {
			t.Fatalf("%q fails with %v", text, err)
		}
	})
}
