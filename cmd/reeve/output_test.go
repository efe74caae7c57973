package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"reeve/core/text"
)

func TestFoldValues(t *testing.T) {
	for _, c := range []struct{ given, want string }{
		{"member add zoe --role develop o&m -w x", "member add zoe --role develop --role o&m -w x"},
		{"member add zoe --role=develop o&m", "member add zoe --role=develop --role o&m"},
		{"workspace create x --admin zoe lin --region y", "workspace create x --admin zoe --admin lin --region y"},
		{"role create --set a=read b=write finance", "role create --set a=read --set b=write finance"},
		{"role create x --set a=read --set b=none", "role create x --set a=read --set b=none"},
		{"member add x --role", "member add x --role"},
		{"member add x --role -w sales", "member add x --role= -w sales"},
		{"member add x --role a -- b c", "member add x --role a -- b c"},
		{"-- --role a b", "-- --role a b"},
		{"user add a b", "user add a b"},
	} {
		if got := strings.Join(foldValues(strings.Fields(c.given)), " "); got != c.want {
			t.Errorf("%s becomes %s, want %s", c.given, got, c.want)
		}
	}
}

func TestPeek(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"workspace list -o json", "json"}, {"-ojson", "json"}, {"-o=yaml", "=yaml"}, {"--output=csv --x", "csv"}, {"--output csv", "csv"},
		{"a -- -o json", ""}, {"--other json", ""}, {"-o", ""}, {"-o json -o yaml", "yaml"},
	} {
		want := strings.TrimPrefix(c.want, "=")
		if got := peek(strings.Fields(c.args), "-o", "--output"); got != want {
			t.Errorf("%s peeks %q, want %q", c.args, got, want)
		}
	}
}

func TestParseTime(t *testing.T) {
	zone := time.FixedZone("here", 8*3600)
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, zone)
	for given, want := range map[string]time.Time{
		"2026-01-31T09:00:00Z": time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC),
		"2026-01-31":           time.Date(2026, 1, 31, 0, 0, 0, 0, zone),
		"2h":                   now.Add(-2 * time.Hour),
		"90m":                  now.Add(-90 * time.Minute),
		"7d":                   time.Date(2026, 2, 22, 9, 0, 0, 0, zone),
		"1w":                   time.Date(2026, 2, 22, 9, 0, 0, 0, zone),
	} {
		if got, ok := parseTime(given, now); !ok || !got.Equal(want) {
			t.Errorf("%s is %v (%t), want %v", given, got, ok, want)
		}
	}
	for _, given := range []string{"", "d", "-1d", "-2h", "soon", "2026-13-01", "7"} {
		if got, ok := parseTime(given, now); ok {
			t.Errorf("%q is %v, want no time", given, got)
		}
	}
}

// awkward has every kind of value, and strings that mean something in the forms it is written in.
var awkward = record{
	{"plain", "sales_dw"}, {"empty", ""}, {"yes", "yes"}, {"number", "007"}, {"quote", `a "b" \c`}, {"colon", "a: b # c"}, {"dash", "- x"},
	{"controls", "\x1b[0m\u009b\u202e\ufeff\t\n\u2028"}, {"beyond", "\U000e0041😀"}, {"html", "<&>"}, {"count", 7}, {"on", true}, {"nothing", nil},
	{"at", time.Date(2026, 3, 1, 9, 0, 0, 5, time.FixedZone("x", 3600))}, {"never", time.Time{}}, {"names", []string{"a", "- b", "null"}},
	{"none", []string(nil)}, {"inner", record{{"x", 1}, {"y", record{{"z", "1"}}}}}, {"empty_record", record{}},
	{"rows", []record{{{"a", 1}, {"deep", []record{{{"b", []string{"c"}}}}}}, {{"a", 2}}}}, {"no_rows", []record(nil)},
	{"raw", json.RawMessage(`{"k":"\u001b😀 \u202e"}`)},
}

func TestJSONAndYAMLSayTheSame(t *testing.T) {
	for name, value := range map[string]any{"record": awkward, "list": []record{awkward, awkward}, "no rows": []record{}} {
		var asJSON, asYAML bytes.Buffer
		if err := writeJSON(&asJSON, value); err != nil {
			t.Fatal(err)
		}
		if err := writeYAML(&asYAML, value); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{asJSON.String(), asYAML.String()} {
			if strings.ContainsAny(text, "\x1b\u009b\u202e\ufeff\t\u2028\U000e0041") || !strings.HasSuffix(text, "\n") {
				t.Errorf("%s: %q", name, text)
			}
		}
		var fromJSON, fromYAML any
		if err := json.Unmarshal(asJSON.Bytes(), &fromJSON); err != nil {
			t.Fatalf("%s: %v in %s", name, err, asJSON.String())
		}
		if err := yaml.Unmarshal(asYAML.Bytes(), &fromYAML); err != nil {
			t.Fatalf("%s: %v in %s", name, err, asYAML.String())
		}
		if got := comparable(t, fromYAML); !reflect.DeepEqual(got, fromJSON) {
			t.Errorf("%s: YAML says\n%v\nJSON says\n%v", name, got, fromJSON)
		}
	}
}

// comparable takes a value through JSON, so that numbers are of one type.
func comparable(t *testing.T, v any) any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return decode[any](t, string(data))
}

func TestRecordsKeepTheirOrder(t *testing.T) {
	var b bytes.Buffer
	if err := writeJSON(&b, record{{"z", 1}, {"a", "<b>"}, {"m", []string{}}}); err != nil {
		t.Fatal(err)
	}
	const want = "{\n  \"z\": 1,\n  \"a\": \"<b>\",\n  \"m\": []\n}\n"
	if b.String() != want {
		t.Errorf("json %s, want %s", b.String(), want)
	}
}

func TestTablesAlignWideText(t *testing.T) {
	lines := align([][]string{{"NAME", "X"}, {"华东1", "a"}, {"b", ""}})
	if want := []string{"NAME   X", "华东1  a", "b"}; !slices.Equal(lines, want) {
		t.Errorf("lines %q, want %q", lines, want)
	}
}

func TestDifference(t *testing.T) {
	for _, c := range []struct {
		before, after string
		want          [][]string
	}{
		{`{"a":1,"b":{"c":"x"},"l":["p","q"]}`, `{"a":1,"b":{"c":"y"},"l":["p"]}`, [][]string{{"b.c", "x", "y"}, {"l.2", "q", ""}}},
		{``, `{"id":12345678901234567890}`, [][]string{{"id", "", "12345678901234567890"}}},
		{`{"gone":true}`, ``, [][]string{{"gone", "true", ""}}},
		{`{"a":null}`, `{"a":null}`, nil},
		{`no json`, ``, [][]string{{"", "no json", ""}}},
	} {
		if got := difference(json.RawMessage(c.before), json.RawMessage(c.after)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s and %s differ in %v, want %v", c.before, c.after, got, c.want)
		}
	}
}

func TestForms(t *testing.T) {
	b := newTenant(t)
	if out := b.must("user", "list", "-o", "csv"); !strings.HasPrefix(out, "id,name,display_name,type,") || strings.Count(out, "\n") != 6 {
		t.Errorf("csv %s", out)
	}
	if out := b.must("workspace", "bin", "-o", "json"); out != "[]\n" {
		t.Errorf("an empty list is %q", out)
	}
	if out := b.must("workspace", "bin", "-o", "csv"); !strings.HasPrefix(out, "id,region,name,") || strings.Count(out, "\n") != 1 {
		t.Errorf("an empty CSV is %q", out)
	}
	if out := b.must("workspace", "bin", "-o", "yaml"); out != "[]\n" {
		t.Errorf("an empty list is %q", out)
	}
	if out := b.must("workspace", "bin"); out != "Nothing to show.\n" {
		t.Errorf("an empty table is %q", out)
	}
	if out := b.must("workspace", "disable", "sales_dw", "-o", "yaml"); !strings.Contains(out, "status: disabled\n") {
		t.Errorf("yaml %s", out)
	}
	b.lang = "en_US.UTF-8"
	b.must("workspace", "list", "--lang", "en-GB")
	b.must("workspace", "enable", "sales_dw")
	rows, err := csv.NewReader(strings.NewReader(b.must("access", "who", "--module", "deployment", "--level", "write", "-w", "sales_dw", "-o", "csv"))).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%v %v", rows, err)
	}
	for _, row := range rows[1:] {
		if because := decode[[]map[string]any](t, row[slices.Index(rows[0], "because")]); len(because) == 0 || because[0]["kind"] == "" {
			t.Errorf("the reasons of %s are %v", row[0], because)
		}
	}
	if out := b.must("member", "list", "-w", "sales_dw", "-o", "csv"); strings.Contains(out, "{") || !strings.Contains(out, "Workspace Administrator") {
		t.Errorf("records with names are %s", out)
	}
	b.lang = "fr_FR.UTF-8" // the environment may ask for any language
	b.must("workspace", "list")
}

// FuzzNoFormLetsTextAct looks whether any text gets through a form so that a terminal would act on it, or gets lost in it.
func FuzzNoFormLetsTextAct(f *testing.F) {
	for _, s := range []string{"", "plain", "\x1b]0;title\a", "\u009b2J", "a\u202eb", "\U000e0041", "\xff\xfe", "- a: b", "\u2028", "null", "\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		valid := strings.ToValidUTF8(s, "\ufffd")
		r := []record{{{"key", valid}, {"list", []string{valid}}}}
		var asJSON, asYAML bytes.Buffer
		if err := writeJSON(&asJSON, r); err != nil {
			t.Fatal(err)
		}
		if err := writeYAML(&asYAML, r); err != nil {
			t.Fatal(err)
		}
		for _, out := range []string{asJSON.String(), asYAML.String(), cell(s)} {
			if bad, found := text.FirstUnsafe(strings.ReplaceAll(out, "\n", " ")); found {
				t.Errorf("%q lets %q through: %q", s, bad, out)
			}
		}
		if got := decode[[]map[string]any](t, asJSON.String())[0]["key"]; got != valid {
			t.Errorf("%q comes back as %q", valid, got)
		}
		var fromYAML []map[string]any
		if err := yaml.Unmarshal(asYAML.Bytes(), &fromYAML); err != nil || fromYAML[0]["key"] != valid {
			t.Errorf("%q comes back from YAML as %v, %v", valid, fromYAML, err)
		}
	})
}
