package plan_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"reeve/core/fault"
	"reeve/core/plan"
)

func samplePlan() plan.Plan {
	return plan.Plan{
		Document: "abc", Database: "1-ff", Tenant: "acme", MadeBy: "root", MadeAt: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC),
		Steps: []plan.Step{
			{Verb: plan.Add, Kind: plan.KindMember, Region: "r", Workspace: "w", Name: "<bo>", Roles: []plan.Held{{Role: "a"}, {Role: "b", Until: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}},
				Differences: []plan.Difference{{Field: "roles", Given: []string{"a", "b"}}}},
			{Verb: plan.Remove, Kind: plan.KindPolicy, Name: "p", Seen: plan.Seen{Version: 3, State: "aa"}},
		},
	}
}

func TestAPlanComesBackFromItsFile(t *testing.T) {
	want := samplePlan()
	data, err := plan.Format(want)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := plan.Parse(data); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v (%v)\nwant %+v", got, err, want)
	}
	if n := want.Count(); n != (plan.Count{Add: 1, Remove: 1}) {
		t.Errorf("counts %+v", n)
	}
}

func TestAPlanFileThatWasTouchedIsRefused(t *testing.T) {
	data, err := plan.Format(samplePlan())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data []byte
		kind fault.Kind
	}{
		"another role":     {bytes.Replace(data, []byte(`"role": "a"`), []byte(`"role": "admin"`), 1), fault.KindConflict},
		"another database": {bytes.Replace(data, []byte("1-ff"), []byte("1-fe"), 1), fault.KindConflict},
		"another version":  {bytes.Replace(data, []byte(`"version": 1`), []byte(`"version": 2`), 1), fault.KindInvalid},
		"cut off":          {data[:len(data)/2], fault.KindInvalid},
		"a key more":       {bytes.Replace(data, []byte(`"format"`), []byte(`"x": 1, "format"`), 1), fault.KindInvalid},
		"more behind it":   {append(bytes.Clone(data), '{', '}'), fault.KindInvalid},
		"a document":       {[]byte("version: 1\n"), fault.KindInvalid},
		"nothing":          {nil, fault.KindInvalid},
	} {
		if _, err := plan.Parse(c.data); err == nil || fault.KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Other spaces are no other plan.
	if _, err := plan.Parse([]byte(strings.ReplaceAll(string(data), "\n", "\r\n"))); err != nil {
		t.Errorf("with other ends of lines: %v", err)
	}
}

func TestAStepFaultSaysWhichStep(t *testing.T) {
	inner := &fault.Denied{Action: "member.add"}
	err := error(&plan.StepFault{Number: 2, Step: samplePlan().Steps[0], Err: inner})
	var denied *fault.Denied
	if fault.KindOf(err) != fault.KindDenied || !errors.As(err, &denied) {
		t.Errorf("%v", err)
	}
}
