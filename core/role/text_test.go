package role_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/fault"
	"reeve/core/role"
)

func mixed() access.Levels {
	levels := access.AllWorkspace(access.Read)
	for i, m := range access.WorkspaceModules() {
		levels = levels.With(m, access.Level(i%3)) // #nosec G115 -- below 3
	}
	return levels
}

func TestTextNamesEveryModuleOnce(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(role.Text(mixed()), "\n"), "\n")
	if len(lines) != len(access.WorkspaceModules()) {
		t.Fatalf("%d lines:\n%s", len(lines), role.Text(mixed()))
	}
	for i, m := range access.WorkspaceModules() {
		if want := m.Code() + ": " + access.Level(i%3).String(); lines[i] != want { // #nosec G115 -- below 3
			t.Errorf("line %d is %q, want %q", i+1, lines[i], want)
		}
	}
}

func TestTextComesBackAsTheSameLevels(t *testing.T) {
	for _, levels := range []access.Levels{0, access.AllWorkspace(access.Read), access.AllWorkspace(access.Write), mixed()} {
		for _, base := range []access.Levels{0, access.AllWorkspace(access.Write)} {
			if got, err := role.ParseText(role.Text(levels), base); err != nil || got != levels {
				t.Errorf("%v came back as %v (%v)", levels, got, err)
			}
		}
	}
}

func TestWhatPeopleMakeOfTheText(t *testing.T) {
	base := access.AllWorkspace(access.Read)
	for name, c := range map[string]struct {
		text string
		want access.Levels
	}{
		"nothing":            {"", base},
		"only a comment":     {"# data-studio: write\n\n   # more\n", base},
		"one line":           {"data-studio: write", base.With(access.DataStudio, access.Write)},
		"another separator":  {"data-studio = none", base.With(access.DataStudio, access.None)},
		"spaces and comment": {"  data-studio :  write   # for the new team", base.With(access.DataStudio, access.Write)},
		"another spelling":   {"Data Studio: Write", base.With(access.DataStudio, access.Write)},
		"lines of Windows":   {"data-studio: write\r\nstream-studio: none\r\n", base.With(access.DataStudio, access.Write).With(access.StreamStudio, access.None)},
	} {
		if got, err := role.ParseText(c.text, base); err != nil || got != c.want {
			t.Errorf("%s: %v (%v), want %v", name, got, err, c.want)
		}
	}
}

func TestEverythingWrongIsSaidByLine(t *testing.T) {
	base := access.AllWorkspace(access.Read)
	got, err := role.ParseText("data-studio: write\ndata-studio: none\nno-such: read\ndata-quality: all\njust words\ndata-map: read\n", base)
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) {
		t.Fatalf("failed with %v", err)
	}
	var said []string
	for _, f := range invalid.Fields {
		said = append(said, f.Name+" "+f.Text.ID)
	}
	want := []string{"line_2 fault.role.text.twice", "line_3 fault.role.text.module", "line_4 fault.role.text.level",
		"line_5 fault.role.text.form", "line_6 fault.role.text.module"}
	if !slices.Equal(said, want) {
		t.Errorf("said %v, want %v", said, want)
	}
	if got != base {
		t.Errorf("a text with faults changed the levels to %v", got)
	}
	if invalid.Fields[0].Text.Args["Before"] != 1 || invalid.Fields[0].Text.Args["Line"] != 2 {
		t.Errorf("the second line says %v", invalid.Fields[0].Text.Args)
	}
}

func TestARoleComesBackFromItsJSON(t *testing.T) {
	day := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	for _, r := range []role.Role{
		{Role: access.Role{ID: 1000, Name: "reader", Kind: access.Custom, Levels: mixed(), Assignable: true}, Holders: 3,
			CreatedAt: day, CreatedBy: "ada", ModifiedAt: day.Add(time.Hour), ModifiedBy: "root", Version: 4},
		{Role: access.Role{ID: 3, Code: "role_project_dev", Name: "Develop", Kind: access.Builtin, Levels: mixed(), Assignable: true}},
	} {
		data, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var got role.Role
		if err := json.Unmarshal(data, &got); err != nil || !reflect.DeepEqual(got, r) {
			t.Errorf("%s came back as\n%+v (%v), want\n%+v", data, got, err, r)
		}
	}
	for _, wrong := range []string{`{"modules": {"no-such": "read"}}`, `{"modules": {"data-studio": "some"}}`, `[]`} {
		if err := json.Unmarshal([]byte(wrong), new(role.Role)); err == nil {
			t.Errorf("%s was taken for a role", wrong)
		}
	}
}

func TestNamesOfRoles(t *testing.T) {
	for name, ok := range map[string]bool{
		"finance_reader": true, "财务": true, "Team A.b-c": true, "ab": true,
		"a": false, "": false, "1st": false, "-v": false, " ab": false, "a/b": false, "ab\x1b[8m": false, strings.Repeat("a", 65): false,
	} {
		if _, bad := role.NameFault(name); bad == ok {
			t.Errorf("%q may be a name: %v, want %v", name, !bad, ok)
		}
	}
}

// FuzzParseText holds that text either says what is wrong and changes nothing, or is levels that are written and read as the same.
func FuzzParseText(f *testing.F) {
	f.Add(role.Text(mixed()))
	f.Add("data-studio: write # why\nData Quality = none\n")
	f.Add("data-studio: write\ndata-studio: read\n\x1b[2J: x")
	f.Fuzz(func(t *testing.T, s string) {
		base := mixed()
		levels, err := role.ParseText(s, base)
		var invalid *fault.Invalid
		if err != nil {
			if !errors.As(err, &invalid) || len(invalid.Fields) == 0 || levels != base {
				t.Fatalf("%q: %v with %v", s, err, levels)
			}
			return
		}
		if again, err := role.ParseText(role.Text(levels), 0); err != nil || again != levels {
			t.Fatalf("%q is %v, written and read %v (%v)", s, levels, again, err)
		}
	})
}
