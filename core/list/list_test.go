package list_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"reeve/core/fault"
	"reeve/core/list"
)

func TestFiltersAsTyped(t *testing.T) {
	for typed, want := range map[string]list.Filter{
		"":                        nil,
		"   ":                     nil,
		"sales":                   {{Value: "sales"}},
		"sales dw":                {{Value: "sales"}, {Value: "dw"}},
		"owner:zoe":               {{Field: "owner", Value: "zoe"}},
		"OWNER:Zoe":               {{Field: "owner", Value: "Zoe"}},
		"!mode:simple sales":      {{Field: "mode", Value: "simple", Not: true}, {Value: "sales"}},
		`"two words"`:             {{Value: "two words"}},
		`name:"two words"`:        {{Field: "name", Value: "two words"}},
		`!name:"two words" three`: {{Field: "name", Value: "two words", Not: true}, {Value: "three"}},
		`"open quote`:             {{Value: "open quote"}},
		"!":                       {{Value: "!"}},
		"owner:":                  {{Value: "owner:"}},
		":zoe":                    {{Value: ":zoe"}},
		"at:12:30":                {{Field: "at", Value: "12:30"}},
		`"a:b"`:                   {{Value: "a:b"}},
		`""`:                      nil,
		"王芳":                      {{Value: "王芳"}},
	} {
		if got := list.ParseFilter(typed); !reflect.DeepEqual(got, want) {
			t.Errorf("%q is %+v, want %+v", typed, got, want)
		}
	}
}

func TestAFilterAsTypedIsTheSameFilter(t *testing.T) {
	for _, f := range []list.Filter{
		nil,
		{{Value: "sales"}, {Field: "owner", Value: "zoe", Not: true}},
		{{Field: "name", Value: "two words"}, {Value: "and more", Not: true}},
		{{Field: "at", Value: "12:30"}},
	} {
		if got := list.ParseFilter(f.String()); !reflect.DeepEqual(got, f) {
			t.Errorf("%+v is typed %q, which is %+v", f, f.String(), got)
		}
	}
}

func TestPagesHaveASize(t *testing.T) {
	for limit, want := range map[int]int{-1: list.DefaultLimit, 0: list.DefaultLimit, 1: 1, 200: 200, list.MaxLimit: list.MaxLimit, list.MaxLimit + 1: list.MaxLimit} {
		if got := (list.Query{Limit: limit}).Size(); got != want {
			t.Errorf("limit %d is %d rows, want %d", limit, got, want)
		}
	}
}

func TestUnknownFieldsAreRefusedAllAtOnce(t *testing.T) {
	q := list.Query{Filter: list.ParseFilter("owner:zoe color:red words"), Sort: list.Sort{Field: "size"}}
	var invalid *fault.Invalid
	if err := q.Check(list.Texts("owner", "name")...); !errors.As(err, &invalid) {
		t.Fatalf("failed with %v", err)
	}
	if len(invalid.Fields) != 2 || invalid.Fields[0].Name != "filter" || invalid.Fields[0].Text.Args["Field"] != "color" ||
		invalid.Fields[1].Name != "sort" || invalid.Fields[1].Text.Args["Fields"] != "owner, name" {
		t.Errorf("said %+v", invalid.Fields)
	}
	if err := q.Check(list.Texts("owner", "color", "size")...); err != nil {
		t.Errorf("known fields: %v", err)
	}
}

func TestWhatAFilterTakes(t *testing.T) {
	fields := append(list.Texts("name"), list.OneOf("type", "ram-user", "ram-role", "group"), list.Days("at"), list.Number("unused", 0, 3650))
	for filter, want := range map[string]string{
		"name:anything abc !x": "", "type:ram": "", "type:RAM-User": "", "!type:group": "", "type:robot": "one_of type robot", "!type:robot": "one_of type robot",
		"at:2026": "", "at:2026-0": "", "at:2026-03": "", "at:03-0": "", "at:2026-03-01": "", "at:never": "", "at:2026..": "", "at:..2026-03": "", "at:<2026": "",
		"at:>=2026-03-01": "", "at:NEVER": "", "at:2026-13": "days at 2026-13", "at:2026-02-30": "days at 2026-02-30", "at:soon": "days at soon",
		"at:2026-03..2026-01": "days at 2026-03..2026-01", "at:<": "days at <", "at:<2026-0": "days at <2026-0", "at:2026-03-011": "days at 2026-03-011",
		"unused:90": "", "unused:0": "", "unused:abc": "number unused abc", "unused:-1": "number unused -1", "unused:3651": "number unused 3651", "unused:1.5": "number unused 1.5",
		"type:x at:y unused:z color:red": "one_of type x, days at y, number unused z, field color <nil>",
	} {
		var got []string
		err := (list.Query{Filter: list.ParseFilter(filter)}).Check(fields...)
		var invalid *fault.Invalid
		if errors.As(err, &invalid) {
			for _, f := range invalid.Fields {
				got = append(got, fmt.Sprintf("%s %v %v", strings.TrimPrefix(f.Text.ID, "fault.list."), f.Text.Args["Field"], f.Text.Args["Value"]))
			}
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%q says %q, want %q", filter, s, want)
		}
	}
}

// FuzzParseFilter holds that any text is a filter, without empty conditions, and that what a filter is shown as is read as the
// same conditions.
func FuzzParseFilter(f *testing.F) {
	for _, s := range []string{"", "a b", `name:"two words" !x:y`, `!"`, `a:"b`, `::`, `!!a`, `"!a"`, "a\tb", `x:"!y z"`, `0" `, `!:x`, `"a:b"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		first := list.ParseFilter(s)
		for _, term := range first {
			if term.Value == "" {
				t.Fatalf("%q has an empty condition: %+v", s, first)
			}
		}
		shown := first.String()
		if again := list.ParseFilter(shown); !reflect.DeepEqual(again, first) {
			t.Fatalf("%q is %+v, shown as %q it is %+v", s, first, shown, again)
		}
	})
}
