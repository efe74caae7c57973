package authzen_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"reeve/cmd/authzen"
)

// The tests of this file are those of the standard's certification scenario, by their numbers, for the levels Basic Core, Batch
// Core, Search Core and Discovery. Its record is a module here, and its delete the operation of the console of that name. The
// levels called Properties ask for rules over attributes, which the console does not have.

const (
	context1 = `{"time":"2025-06-27T18:03-07:00","ip":"192.168.1.1"}`
	allow    = `{"decision":true}`
	deny     = `{"decision":false}`
)

func TestCertificationOfSingleDecisions(t *testing.T) {
	f := newFixture(t)
	more := `{"type":"user","id":"alice","properties":{"department":"Sales","role":"manager"}}`
	for _, c := range []struct{ test, body, want string }{
		{"2.2.1, rule 1", question(alice, read, record1), allow},
		{"rule 2", question(alice, write, record1), allow},
		{"rule 3", question(bob, read, record1), allow},
		{"2.2.2, rule 4", question(bob, write, record1), deny},
		{"2.2.3 context", question(alice, read, record1, "context", context1), allow},
		{"2.2.8 properties", question(more, `{"name":"read","properties":{"method":"GET"}}`,
			`{"type":"module","id":"cn-hangzhou/records/data-studio","properties":{"status":"active","owner":"bob"}}`), allow},
		{"2.2.9 unknown fields", question(alice, read, record1, "foo", `"bar"`, "futureField", `{"nested":true}`), allow},
		{"delete", question(alice, deletion, `{"type":"workspace","id":"cn-hangzhou/records"}`), deny},
		{"delete by the owner", question(`{"type":"user","id":"root"}`, deletion, `{"type":"workspace","id":"cn-hangzhou/records"}`), allow},
	} {
		for range 3 { // 2.6: the same again and again
			if a := f.ask(authzen.PathEvaluation, c.body); a.status != http.StatusOK || a.body != c.want {
				t.Errorf("%s: %d %s, want %s", c.test, a.status, a.body, c.want)
			}
		}
	}
}

func TestCertificationOfWhatIsNoRequest(t *testing.T) {
	f := newFixture(t)
	for _, c := range []struct{ test, body string }{
		{"2.4.1 no subject", question("", read, record1)},
		{"2.4.1 no action", question(alice, "", record1)},
		{"2.4.1 no resource", question(alice, read, "")},
		{"2.4.2 no subject.type", question(`{"id":"alice"}`, read, record1)},
		{"2.4.2 no subject.id", question(anyUser, read, record1)},
		{"2.4.2 no action.name", question(alice, `{}`, record1)},
		{"2.4.2 no resource.type", question(alice, read, `{"id":"x"}`)},
		{"2.4.2 no resource.id", question(alice, read, `{"type":"module"}`)},
		{"2.4.4 no JSON", `{"subject":`},
		{"2.4.5 nothing", ""},
		{"2.4.6 a subject that is a string", question(`"alice"`, read, record1)},
		{"2.4.6 a name that is a number", question(alice, `{"name":123}`, record1)},
		{"null", "null"},
		{"a list", "[]"},
		{"a null subject", question("null", read, record1)},
		{"another spelling of subject", strings.Replace(question(alice, read, record1), "subject", "Subject", 1)},
		{"a subject twice", `{"subject":` + bob + `,` + question(alice, read, record1)[1:]},
		{"an empty id", question(`{"type":"user","id":""}`, read, record1)},
		{"properties that are no object", question(`{"type":"user","id":"alice","properties":[]}`, read, record1)},
		{"a context that is no object", question(alice, read, record1, "context", `"now"`)},
		{"something behind it", question(alice, read, record1) + "{}"},
		{"no UTF-8", strings.Replace(question(alice, read, record1), "alice", "al\xffice", 1)},
		{"half a surrogate", strings.Replace(question(alice, read, record1), "alice", `\ud800`, 1)},
		{"nested without end", `{"context":` + strings.Repeat("[", 200_000)},
	} {
		for _, path := range []string{authzen.PathEvaluation, authzen.PathEvaluations} {
			a := f.ask(path, c.body)
			if a.status != http.StatusBadRequest {
				t.Errorf("%s, %s: %d %s", c.test, path, a.status, a.body)
			}
		}
	}
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", ";"} {
		if a := f.send("POST", authzen.PathEvaluation, question(alice, read, record1), "Authorization", "Bearer "+f.secret, "Content-Type", kind); a.status != http.StatusBadRequest {
			t.Errorf("2.4.3 as %q: %d %s", kind, a.status, a.body)
		}
	}
	if a := f.send("POST", authzen.PathEvaluation, question(alice, read, record1), "Authorization", "Bearer "+f.secret,
		"Content-Type", "application/json; charset=utf-8", "X-Request-ID", "bfe9eb29"); a.body != allow || a.header.Get("X-Request-ID") != "bfe9eb29" {
		t.Errorf("2.5.1: %d %s with %v", a.status, a.body, a.header)
	}
	if a := f.ask(authzen.PathEvaluation, strings.Repeat(" ", 1<<20)+question(alice, read, record1)); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("more than a mebibyte: %d %s", a.status, a.body)
	}
	if a := f.send("GET", authzen.PathEvaluation, ""); a.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d %s", a.status, a.body)
	}
}

func TestCertificationOfBatches(t *testing.T) {
	f := newFixture(t)
	item := func(members ...string) string { return object(members...) }
	batch := func(defaults []string, items ...string) string {
		return object(append(defaults, "evaluations", "["+strings.Join(items, ",")+"]")...)
	}
	missing := `{"decision":false,"context":{"error":{"status":400,"message":"resource is missing"}}}`
	semantic := func(s string) []string {
		return []string{"subject", bob, "resource", record1, "options", `{"evaluations_semantic":"` + s + `","another":1}`}
	}
	for _, c := range []struct{ test, body, want string }{
		{"3.2.1", batch([]string{"subject", alice, "action", read}, item("resource", record1), item("resource", record2)), allow + "," + deny},
		{"3.2.2", batch([]string{"subject", bob, "resource", record1}, item("action", read), item("action", write)), allow + "," + deny},
		{"3.2.5", batch(nil, question(alice, read, record1), question(bob, write, record1)), allow + "," + deny},
		{"3.2.6", batch([]string{"subject", alice, "action", read, "context", context1}, item("resource", record1),
			item("resource", record2, "context", `{"source":"batch-override"}`)), allow + "," + deny},
		{"3.2.7 without properties", batch([]string{"subject", alice, "action", write, "resource", record1}, `{}`, item("resource", record2)), allow + "," + deny},
		{"3.4.1", batch([]string{"subject", alice, "action", read, "options", `{"evaluations_semantic":"execute_all"}`}, item("resource", record1), `{}`), allow + "," + missing},
		{"a part replaces all of the default", batch([]string{"subject", alice, "action", read, "resource", record1}, item("resource", `{"type":"module"}`)),
			`{"decision":false,"context":{"error":{"status":400,"message":"resource.id is missing"}}}`},
		{"a null where a default is", batch([]string{"subject", alice, "action", read, "resource", record1}, item("resource", "null"), item("subject", "null"), item("action", "null", "context", context1)),
			`{"decision":false,"context":{"error":{"status":400,"message":"resource is null"}}},` +
				`{"decision":false,"context":{"error":{"status":400,"message":"subject is null"}}},{"decision":false,"context":{"error":{"status":400,"message":"action is null"}}}`},
		{"an item of the wrong type", batch([]string{"subject", alice, "action", read, "resource", record1}, "7", item("subject", `"bob"`), "{}"),
			`{"decision":false,"context":{"error":{"status":400,"message":"the evaluation is no object"}}},` +
				`{"decision":false,"context":{"error":{"status":400,"message":"subject has the wrong type"}}},` + allow},
		{"deny on first deny", batch(semantic("deny_on_first_deny"), item("action", read), item("action", write), item("action", read)), allow + "," + deny},
		{"deny on first failure", batch(semantic("deny_on_first_deny"), item("action", read), item("action", "{}"), item("action", read)),
			allow + `,{"decision":false,"context":{"error":{"status":400,"message":"action.name is missing"}}}`},
		{"permit on first permit", batch(semantic("permit_on_first_permit"), item("action", write), item("action", read), item("action", read)), deny + "," + allow},
	} {
		if a := f.ask(authzen.PathEvaluations, c.body); a.status != http.StatusOK || a.body != `{"evaluations":[`+c.want+`]}` {
			t.Errorf("%s: %d %s, want %s", c.test, a.status, a.body, c.want)
		}
	}
	for test, body := range map[string]string{
		"3.4.2": question(alice, read, record1), "3.4.3": question(alice, read, record1, "evaluations", "[]"), "null": question(alice, read, record1, "evaluations", "null"),
	} {
		if a := f.ask(authzen.PathEvaluations, body); a.status != http.StatusOK || a.body != allow {
			t.Errorf("%s: %d %s", test, a.status, a.body)
		}
	}
	for test, body := range map[string]string{
		"a semantic that is none": batch(semantic("random"), item("action", read)),
		"options of another type": question(alice, read, record1, "evaluations", "[{}]", "options", "[]"),
		"no list":                 question(alice, read, record1, "evaluations", "{}"),
		"half a default":          batch([]string{"subject", anyUser, "action", read}, item("resource", record1)),
		"too many":                batch([]string{"subject", alice, "action", read, "resource", record1}, strings.Repeat("{},", 1000)+"{}"),
	} {
		if a := f.ask(authzen.PathEvaluations, body); a.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", test, a.status, a.body)
		}
	}
}

func TestCertificationOfSearches(t *testing.T) {
	f := newFixture(t)
	anyModule, nobody := `{"type":"module"}`, `{"type":"user","id":"nonexistent-user"}`
	for _, c := range []struct{ test, path, body, want string }{
		{"4.2.1, S1", authzen.PathSubjects, question(anyUser, read, record1), "root alice bob dave"},
		{"4.2.2", authzen.PathSubjects, question(anyUser, read, record1, "context", context1), "root alice bob dave"},
		{"4.2.3", authzen.PathSubjects, question(alice, read, record1), "root alice bob dave"},
		{"who writes", authzen.PathSubjects, question(anyUser, write, record1), "root alice dave"},
		{"through a group", authzen.PathSubjects, question(anyUser, read, record2), "root carol dave"},
		{"groups", authzen.PathSubjects, question(`{"type":"group"}`, read, record2), "readers"},
		{"an action of another type", authzen.PathResources, question(`{"type":"user","id":"carol"}`, read, `{"type":"workspace"}`), ""},
		{"4.4.1, S3", authzen.PathActions, question(alice, "", record1), "read write"},
		{"4.4.2", authzen.PathActions, question(alice, "", record1, "context", context1), "read write"},
		{"what bob may", authzen.PathActions, question(bob, "", record1), "read"},
		{"4.6.1", authzen.PathActions, question(nobody, "", record1), ""},
		{"4.6.1 subject", authzen.PathSubjects, question(anyUser, read, `{"type":"module","id":"cn-hangzhou/none/data-studio"}`), ""},
		{"4.6.1 resource", authzen.PathResources, question(nobody, read, anyModule), ""},
		{"4.6.2", authzen.PathSubjects, question(`{"type":"spaceship"}`, read, record1), ""},
		{"4.6.2 resource", authzen.PathResources, question(alice, read, `{"type":"spaceship"}`), ""},
		{"4.6.2 action", authzen.PathActions, question(alice, "", `{"type":"spaceship","id":"x"}`), ""},
		{"an action that is none", authzen.PathSubjects, question(anyUser, `{"name":"fly"}`, record1), ""},
		{"who administers", authzen.PathSubjects, question(anyUser, `{"name":"administer"}`, `{"type":"workspace","id":"cn-hangzhou/archive"}`), "root dave"},
		{"where dave administers", authzen.PathResources, question(`{"type":"user","id":"dave"}`, `{"name":"administer"}`, `{"type":"workspace"}`),
			"cn-hangzhou/records cn-hangzhou/archive"},
		{"where root makes workspaces", authzen.PathResources, question(`{"type":"user","id":"root"}`, `{"name":"dataworks:CreateWorkspace"}`, `{"type":"region"}`),
			"cn-hangzhou eu-central-1"},
	} {
		if got, s := f.found(c.path, c.body); got != c.want || s.Page != nil {
			t.Errorf("%s: %q, want %q; page %v", c.test, got, c.want, s.Page)
		}
	}
	for _, body := range []string{question(alice, read, anyModule), question(alice, read, anyModule, "context", context1), question(alice, read, record2)} {
		if got, _ := f.found(authzen.PathResources, body); !strings.Contains(got, "cn-hangzhou/records/data-studio") || strings.Contains(got, "archive") {
			t.Errorf("4.3, S2: %s finds %s", body, got)
		}
	}
	for _, c := range []struct{ test, path, body string }{
		{"4.7.1 subject", authzen.PathSubjects, question(anyUser, "", record1)},
		{"4.7.1 resource", authzen.PathResources, question("", read, anyModule)},
		{"4.7.1 action", authzen.PathActions, question(alice, "", "")},
		{"4.7.2 subject", authzen.PathSubjects, question(anyUser, read, anyModule)},
		{"4.7.2 resource", authzen.PathResources, question(anyUser, read, anyModule)},
		{"4.7.2 action", authzen.PathActions, question(anyUser, "", record1)},
		{"a context that is none", authzen.PathActions, question(alice, "", record1, "context", "1")},
		{"a page that is none", authzen.PathActions, question(alice, "", record1, "page", "[]")},
		{"less than none", authzen.PathActions, question(alice, "", record1, "page", `{"limit":-1}`)},
		{"half", authzen.PathActions, question(alice, "", record1, "page", `{"limit":0.5}`)},
		{"a token that is none", authzen.PathActions, question(alice, "", record1, "page", `{"token":"next"}`)},
	} {
		if a := f.ask(c.path, c.body); a.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", c.test, a.status, a.body)
		}
	}
}

// What a search finds is allowed when it is asked about, and what is allowed is found: the searches and the decisions are one.
func TestSearchesAndDecisionsAgree(t *testing.T) {
	f := newFixture(t)
	types := map[string][]string{"module": {"read", "write"}, "global-module": {"read", "write"}, "workspace": {"administer", "dataworks:ModifyWorkspace"}, "region": {"dataworks:CreateWorkspace"}}
	for _, who := range []string{"root", "alice", "bob", "carol", "dave"} {
		for kind, actions := range types {
			for _, action := range actions {
				subject, does := object("type", `"user"`, "id", `"`+who+`"`), object("name", `"`+action+`"`)
				may, _ := f.found(authzen.PathResources, question(subject, does, object("type", `"`+kind+`"`)))
				all, _ := f.found(authzen.PathResources, question(`{"type":"user","id":"root"}`, does, object("type", `"`+kind+`"`)))
				for id := range strings.FieldsSeq(all) {
					on := object("type", `"`+kind+`"`, "id", `"`+id+`"`)
					want := strings.Contains(" "+may+" ", " "+id+" ")
					users, _ := f.found(authzen.PathSubjects, question(anyUser, does, on))
					acts, _ := f.found(authzen.PathActions, question(subject, "", on))
					if got := f.ask(authzen.PathEvaluation, question(subject, does, on)).body == allow; got != want ||
						strings.Contains(" "+users+" ", " "+who+" ") != want || strings.Contains(" "+acts+" ", " "+action+" ") != want {
						t.Errorf("%s %s %s: %v; where %q, who %q, what %q", who, action, id, got, may, users, acts)
					}
				}
			}
		}
	}
}

func TestPagesGoOnWhereTheyEnded(t *testing.T) {
	f := newFixture(t)
	all, _ := f.found(authzen.PathSubjects, question(anyUser, read, record1))
	var pages []string
	page := `{"limit":1}`
	for range 10 {
		got, s := f.found(authzen.PathSubjects, question(anyUser, read, record1, "page", page))
		pages = append(pages, got)
		if s.Page == nil || s.Page.Next == nil || s.Page.Count != 1 {
			t.Fatalf("4.5.2: a page of %q is %+v", got, s.Page)
		}
		if *s.Page.Next == "" {
			break
		}
		page = object("token", `"`+*s.Page.Next+`"`) // the limit is kept
	}
	if strings.Join(pages, " ") != all {
		t.Errorf("pages %q, all %q", pages, all)
	}
	_, first := f.found(authzen.PathSubjects, question(anyUser, read, record1, "page", `{"limit":2}`))
	again := object("token", `"`+*first.Page.Next+`"`, "limit", "2")
	if got, s := f.found(authzen.PathSubjects, question(anyUser, read, record1, "page", again)); got != "bob dave" || *s.Page.Next != "" {
		t.Errorf("the second half is %q and then %q", got, *s.Page.Next)
	}
	for test, body := range map[string]string{
		"another action":   question(anyUser, write, record1, "page", again),
		"another resource": question(anyUser, read, record2, "page", again),
		"another context":  question(anyUser, read, record1, "page", again, "context", context1),
		"another limit":    question(anyUser, read, record1, "page", strings.Replace(again, `"limit":2`, `"limit":3`, 1)),
	} {
		if a := f.ask(authzen.PathSubjects, body); a.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", test, a.status, a.body)
		}
	}
	// Whom a search for subjects names is ignored, and so he may change.
	if got, _ := f.found(authzen.PathSubjects, question(bob, read, record1, "page", again)); got != "bob dave" {
		t.Errorf("with an id that is not asked for, the second half is %q", got)
	}
	if got, s := f.found(authzen.PathSubjects, question(anyUser, read, record1, "page", `{"limit":0}`)); got != "" || *s.Page.Next == "" {
		t.Errorf("nothing at once: %q, %+v", got, s.Page)
	}
}

func TestCertificationOfDiscovery(t *testing.T) {
	f := newFixture(t)
	a := f.send("GET", authzen.PathMetadata, "")
	var got map[string]string
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	const at = "https://pdp.example.com"
	for name, want := range map[string]string{
		"policy_decision_point": at, "access_evaluation_endpoint": at + "/access/v1/evaluation", "access_evaluations_endpoint": at + "/access/v1/evaluations",
		"search_subject_endpoint": at + "/access/v1/search/subject", "search_resource_endpoint": at + "/access/v1/search/resource",
		"search_action_endpoint": at + "/access/v1/search/action",
	} {
		if got[name] != want {
			t.Errorf("%s is %q", name, got[name])
		}
	}
	if len(got) != 6 {
		t.Errorf("it says %v", got)
	}
}

func TestAnActionThatIsGivenToASearchForActionsIsIgnored(t *testing.T) {
	f := newFixture(t)
	want, _ := f.found(authzen.PathActions, question(alice, "", record1))
	for _, given := range []string{`{"name":"read"}`, `{}`, "7", "null"} {
		if got, _ := f.found(authzen.PathActions, question(alice, given, record1)); got != want || want == "" {
			t.Errorf("with %s: %q, without %q", given, got, want)
		}
	}
}

// Whatever goes wrong is said in one form, and keeps the id of the request.
func TestOtherPathsAndMethodsAreRefusedInOneForm(t *testing.T) {
	f := newFixture(t)
	for _, c := range []struct {
		method, path, allow string
		want                int
	}{
		{"GET", authzen.PathEvaluation, "POST", http.StatusMethodNotAllowed},
		{"PUT", authzen.PathEvaluations, "POST", http.StatusMethodNotAllowed},
		{"DELETE", authzen.PathSubjects, "POST", http.StatusMethodNotAllowed},
		{"OPTIONS", authzen.PathResources, "POST", http.StatusMethodNotAllowed},
		{"HEAD", authzen.PathActions, "POST", http.StatusMethodNotAllowed},
		{"POST", authzen.PathMetadata, "GET, HEAD", http.StatusMethodNotAllowed},
		{"GET", "/", "", http.StatusNotFound},
		{"POST", authzen.PathEvaluation + "/", "", http.StatusNotFound},
		{"GET", authzen.PathMetadata + "/tenant", "", http.StatusNotFound},
	} {
		a := f.send(c.method, c.path, question(alice, read, record1), "Authorization", "Bearer "+f.secret, "Content-Type", "application/json", "X-Request-ID", "7")
		if a.status != c.want || a.header.Get("Allow") != c.allow || a.header.Get("X-Request-ID") != "7" {
			t.Errorf("%s %s: %d %s, %v", c.method, c.path, a.status, a.body, a.header)
		}
	}
}
