package access

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

const goodDocument = `{
  "Version": "1",
  "Statement": [
    {"Effect": "Allow", "Action": "dataworks:CreateWorkspace", "Resource": ["acs:dataworks:*:*:workspace/*", "*"]},
    {"Effect": "Deny", "Action": ["dataworks:*"], "Resource": "*",
     "Condition": {"StringEquals": {"dataworks:Scope": "OpenAPI"}}}
  ]
}`

func TestParseDocument(t *testing.T) {
	got, err := ParseDocument([]byte(goodDocument))
	want := Document{Statements: []Statement{
		{Actions: []string{"dataworks:CreateWorkspace"}, Resources: []string{"acs:dataworks:*:*:workspace/*", "*"}},
		{Deny: true, Actions: []string{"dataworks:*"}, Resources: []string{"*"}, Scopes: []string{"OpenAPI"}},
	}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("got %+v, %v", got, err)
	}
	text := FormatDocument(got)
	again, err := ParseDocument(text)
	if err != nil || !reflect.DeepEqual(again, want) || !strings.Contains(string(text), `"Resource": "*"`) {
		t.Errorf("%s reads back as %+v, %v", text, again, err)
	}
}

func TestParseDocumentTellsWhere(t *testing.T) {
	one := func(statement string) string { return "{\"Version\":\"1\",\n\"Statement\":[\n" + statement + "]}" }
	const good = `{"Effect":"Allow","Action":"a:b","Resource":"*"}`
	cases := []struct {
		text         string
		line, column int
		problem      string
	}{
		{"", 1, 1, "ends too early"},
		{"[]", 1, 1, "must be an object"},
		{`{"Version":"1"`, 1, 15, "ends too early"},
		{`{"Version":"2","Statement":[` + good + `]}`, 1, 12, `must be "1"`},
		{`{"Version":1,"Statement":[` + good + `]}`, 1, 12, "must be text"},
		{`{"Version":"1","Version":"1"}`, 1, 16, "there twice"},
		{`{"Version":"1"}`, 1, 15, "Statement is missing"},
		{`{"Statement":[` + good + `]}`, 1, 64, "Version is missing"},
		{`{"Version":"1","Id":"x"}`, 1, 16, "not known here"},
		{`{"Version":"1","Statement":{}}`, 1, 28, "must be a list"},
		{`{"Version":"1","Statement":[]}`, 1, 29, "empty list"},
		{one(good) + "x", 3, 51, "behind the policy"},
		{one(`{"Effect":"allow","Action":"a:b","Resource":"*"}`), 3, 11, "Allow or Deny"},
		{one(`{"Action":"a:b","Resource":"*"}`), 3, 31, "Effect is missing"},
		{one(`{"Effect":"Deny","Action":[],"Resource":"*"}`), 3, 28, "empty list"},
		{one(`{"Effect":"Deny","Action":[""],"Resource":"*"}`), 3, 28, "is empty"},
		{one(`{"Effect":"Deny","Action":"a:b","Resource":7}`), 3, 44, "text or a list"},
		{one(`{"Effect":"Deny","NotAction":"a:b","Resource":"*"}`), 3, 18, "not known here"},
		{one(`{"Effect":"Deny","Action":"a:b","Resource":"*","Condition":{"IpAddress":{}}}`), 3, 61, "condition"},
		{one(`{"Effect":"Deny","Action":"a:b","Resource":"*","Condition":{"StringEquals":{"acs:x":"y"}}}`), 3, 77, "condition on"},
		{one(`{"Effect":"Deny","Action":"a:b","Resource":"*","Condition":{"StringEquals":{}}}`), 3, 77, "Scope is missing"},
		{one(`{"Effect":"Deny","Action":"a:b","Resource":"*","Condition":{}}`), 3, 61, "StringEquals is missing"},
		{one(`{"Effect":"Deny","Action":"a:b","Resource":"*","Condition":{"StringEquals":{"dataworks:Scope":"Pages"}}}`), 3, 95, "Page or OpenAPI"},
		{"{\"Version\":\"1\xff\"}", 1, 14, "UTF-8"},
		{`{"Version" "1"}`, 1, 12, "not JSON"},
		{`{"Version": "1",, "Statement": []}`, 1, 17, "not JSON"},
		{"{\n,  \"Version\": \"1\"}", 2, 1, "not JSON"},
	}
	for _, c := range cases {
		_, err := ParseDocument([]byte(c.text))
		var problem *DocumentError
		if !errors.As(err, &problem) {
			t.Errorf("%s: error is %v", c.text, err)
			continue
		}
		if problem.Line != c.line || problem.Column != c.column || !strings.Contains(problem.Problem, c.problem) {
			t.Errorf("%s:\n got %v\nwant line %d, column %d: %s", c.text, err, c.line, c.column, c.problem)
		}
	}
}

// TestParseDocumentTellsAll holds that everything wrong is told at once, in the order of the text.
func TestParseDocumentTellsAll(t *testing.T) {
	for text, want := range map[string]string{
		`{"Version": "2", "Id": {"a": [1]}, "Statement": [
  {"Effect": "allow", "Action": ["a:b", 7, ""], "NotAction": [], "Action": "x"},
  {"Effect": 1, "Action": [], "Resource": {"a": 1}, "Condition": {"Bool": {"x": ["y"]}}},
  "none",
  {"Effect": "Deny", "Action": "a:b", "Resource": "*", "Condition": {"StringEquals": {"dataworks:Scope": ["Page", "Nowhere", "Else"]}}}
]}`: `1:13 Version must be "1"; 1:18 "Id" is not known here: Version or Statement; ` +
			`2:14 Effect must be Allow or Deny; 2:41 Action must be text; 2:44 Action is empty; ` +
			`2:49 "NotAction" is not known here: Effect, Action, Resource or Condition; 2:66 "Action" is there twice; 2:79 Resource is missing; ` +
			`3:14 Effect must be text; 3:28 Action is an empty list; 3:43 Resource must be text or a list of texts; ` +
			`3:67 the condition "Bool" is not known; there is StringEquals; 3:87 StringEquals is missing; 4:3 a statement must be an object; ` +
			`5:115 dataworks:Scope must be Page or OpenAPI, not "Nowhere"; 5:126 dataworks:Scope must be Page or OpenAPI, not "Else"`,
		"{\"Version\": 1, \"Statement\": [\n{\"Effect\" \"Allow\"}": `1:13 Version must be text; 2:11 this is not JSON: invalid character '"' after object key`,
	} {
		_, err := ParseDocument([]byte(text))
		var all DocumentErrors
		if !errors.As(err, &all) {
			t.Fatalf("%s: error is %v", text, err)
		}
		var got []string
		for _, e := range all {
			got = append(got, fmt.Sprintf("%d:%d %s", e.Line, e.Column, e.Problem))
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%s\n got %s\nwant %s", text, s, want)
		}
	}
}

func TestWildcards(t *testing.T) {
	cases := []struct {
		pattern, text string
		want          bool
	}{
		{"*", "", true}, {"", "", true}, {"?", "", false}, {"a*c", "abbc", true}, {"a*c", "abbd", false},
		{"a?c", "a界c", true}, {"*a*b*", "xxaxxbxx", true}, {"*ab", "aab", true}, {"**", "x", true}, {"a", "A", false},
	}
	for _, c := range cases {
		if got := matches(c.pattern, c.text, false); got != c.want {
			t.Errorf("%q covers %q: %v", c.pattern, c.text, got)
		}
	}
	if !matches("DataWorks:create*", "dataworks:CreateWorkspace", true) {
		t.Error("the case of an action counts")
	}
}

// Whatever the text, reading it does not fail in any other way than with a
// place; what was read is written and read back as it was; and matching is what
// trying everything comes to.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(goodDocument), "dataworks:CreateWorkspace", "acs:dataworks:cn-a:*:workspace/sales")
	f.Add([]byte(`{"Version":"1","Statement":[{"Effect":"Allow","Action":"*a?","Resource":"\ud800*界?"}]}`), "ba界", "�x界y")
	f.Add([]byte(`{"Version":"1"`), "", "\xff")
	f.Fuzz(func(t *testing.T, text []byte, action, resource string) {
		d, err := ParseDocument(text)
		if err != nil {
			var problem *DocumentError
			if !errors.As(err, &problem) || problem.Line < 1 || problem.Column < 1 {
				t.Fatalf("error without a place: %v", err)
			}
			return
		}
		again, err := ParseDocument(FormatDocument(d))
		if err != nil || !reflect.DeepEqual(again, d) {
			t.Fatalf("%+v reads back as %+v, %v", d, again, err)
		}
		for _, s := range d.Statements {
			if s.problem() != "" {
				t.Fatalf("%+v was taken: %s", s, s.problem())
			}
			for _, pattern := range append(s.Actions, s.Resources...) {
				if strings.Count(pattern, "*") > 4 || len(action)+len(resource) > 60 {
					continue // trying everything would take too long
				}
				for _, text := range []string{action, resource} {
					for _, fold := range []bool{false, true} {
						got := matches(pattern, text, fold)
						if got != naiveMatch([]rune(pattern), []rune(text), fold) {
							t.Fatalf("%q covers %q: %v", pattern, text, got)
						}
					}
				}
			}
		}
	})
}
