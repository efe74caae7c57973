package bootstrap_test

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"reeve/core/bootstrap"
	"reeve/core/fault"
	"reeve/core/message"
)

// faults are the faults of a file as line:column field id.
func faults(err error) []string {
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) {
		return nil
	}
	var all []string
	for _, f := range invalid.Fields {
		what, _ := f.Text.Args["What"].(message.Text)
		line, _ := f.Text.Args["Line"].(int)
		column, _ := f.Text.Args["Column"].(int)
		all = append(all, strconv.Itoa(line)+":"+strconv.Itoa(column)+" "+f.Name+" "+strings.TrimPrefix(what.ID, "fault.bootstrap."))
	}
	return all
}

func TestReadingAFile(t *testing.T) {
	f, err := bootstrap.Read([]byte(`# a comment
workspace:
  region: cn-hangzhou
  name: "sales_dw"
  display_name: 销售
  admins: zoe
resource_group: rg_prod
members:
  - {user: bo, roles: [develop, "o&m"]}
  - user: amy
    role: visitor
engine:
  name: mc
  type: maxcompute
data_source:
  name: crm
  type: kafka
  prod: {address: ["a:1", "b:2"], version: 3.4}
  dev:
    address: c:3
    port: 0022
  test: false
`))
	want := bootstrap.Spec{Region: "cn-hangzhou", Workspace: bootstrap.Workspace{Name: "sales_dw", DisplayName: "销售", Admins: []string{"zoe"}},
		Group: &bootstrap.Group{Name: "rg_prod"}, Members: []bootstrap.Member{{User: "bo", Roles: []string{"develop", "o&m"}}, {User: "amy", Roles: []string{"visitor"}}},
		Engine: &bootstrap.Engine{Name: "mc", Type: "maxcompute"},
		Source: &bootstrap.Source{Name: "crm", Type: "kafka", Prod: map[string]string{"address": "a:1,b:2", "version": "3.4"}, Dev: map[string]string{"address": "c:3", "port": "0022"}, Untested: true}}
	if err != nil || !f.Readable || !reflect.DeepEqual(f.Spec, want) {
		t.Errorf("read %+v, want %+v (%v)", f.Spec, want, faults(err))
	}
}

func TestWhatIsWrongWithAFileIsSaidWhereItStands(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"nothing":             {"", []string{"1:1 file empty"}},
		"a comment":           {"# nothing\n", []string{"1:1 file empty"}},
		"a list":              {"- a\n- b\n", []string{"1:1 file mapping", "1:1 file workspace"}},
		"a word":              {"hello", []string{"1:1 file mapping", "1:1 file workspace"}},
		"no workspace":        {"engine: {name: x, type: emr}", []string{"1:1 file workspace"}},
		"an unknown key":      {"workspace:\n  name: a\n  colour: red\n", []string{"3:3 workspace.colour key"}},
		"a key misspelt":      {"workspace: {name: a}\nmember: []\n", []string{"2:1 member key.near"}},
		"a key twice":         {"workspace:\n  name: a\n  name: b\n", []string{"3:3 workspace.name twice"}},
		"a list for a name":   {"workspace:\n  name: [a]\n", []string{"2:3 workspace.name text"}},
		"a text for a list":   {"workspace: {name: a}\nmembers: bo\n", []string{"2:10 members list"}},
		"a word for a truth":  {"workspace: {name: a}\ndata_source: {test: maybe}\n", []string{"2:21 data_source.test truth"}},
		"a word for a number": {"workspace: {name: a}\nresource_group: {name: g, create: {cu: ten}}\n", []string{"2:40 resource_group.create.cu number"}},
		"two documents":       {"workspace: {name: a}\n---\nworkspace: {name: b}\n", []string{"3:10 file documents"}},
		"not UTF-8":           {"workspace: {name: \xff}\n", []string{"1:1 file encoding"}},
		"several at once":     {"workspace:\n  nam: x\n  mode: {a: b}\nenigne: {}\n", []string{"2:3 workspace.nam key.near", "3:3 workspace.mode text", "4:1 enigne key.near"}},
		"too large":           {strings.Repeat("#", bootstrap.FileSize+1), []string{"1:1 file size"}},
	} {
		_, err := bootstrap.Read([]byte(c.file))
		got := faults(err)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	for _, broken := range []string{"workspace: [", "workspace:\n\tname: a", "a: b: c", "\"", "workspace: {name: a"} {
		if _, err := bootstrap.Read([]byte(broken)); len(faults(err)) == 0 {
			t.Errorf("%q was read", broken)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("workspace: {name: a}\nmembers: [{user: b, roles: [c]}]\n"))
	f.Add([]byte("workspace: &a {name: *a}\n"))
	f.Add([]byte("? [a]\n: b\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := bootstrap.Read(data)
		var invalid *fault.Invalid
		if err != nil && !errors.As(err, &invalid) {
			t.Errorf("failed with %v", err)
		}
		for _, where := range faults(err) {
			if strings.HasPrefix(where, "0:") {
				t.Errorf("stands nowhere: %s", where)
			}
		}
		_ = file
	})
}
