package access

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestFindAction(t *testing.T) {
	for given, want := range map[string]string{
		"dataworks:CreateWorkspace":   "dataworks:CreateWorkspace",
		" DATAWORKS:createworkspace ": "dataworks:CreateWorkspace",
		"bss:PayOrder":                "bss:PayOrder",
	} {
		if got, err := FindAction(given, ScopePage); got != want || err != nil {
			t.Errorf("%q is %q, %v", given, got, err)
		}
	}
	if got, err := FindAction("dataworks:ListProjects", ScopeOpenAPI); got != "dataworks:ListProjects" || err != nil {
		t.Errorf("a call of the OpenAPI is %q, %v", got, err)
	}
	for given, want := range map[string][]string{
		"dataworks:Nope":           nil,
		"dataworks:*":              nil,
		"bss:*":                    nil,
		"bss:":                     nil,
		":x":                       nil,
		"*":                        nil,
		"dataworks:DeletWorkspace": {"dataworks:DeleteWorkspace"},
		"DeleteWorkspace":          {"dataworks:DeleteWorkspace"},
	} {
		got, err := FindAction(given, "")
		var unknown *UnknownError
		if got != "" || !errors.As(err, &unknown) || unknown.Given != given {
			t.Errorf("%q is %q, %v", given, got, err)
			continue
		}
		if len(want) > 0 && (len(unknown.Nearest) == 0 || unknown.Nearest[0] != want[0]) || want == nil && len(unknown.Nearest) > 0 {
			t.Errorf("%q is near %v, want %v first", given, unknown.Nearest, want)
		}
	}
}

// Whatever the published policies name of the product can be asked about.
func TestFindActionKnowsThePublishedPolicies(t *testing.T) {
	for _, d := range realPolicies() {
		for _, st := range d.Statements {
			for _, action := range slices.DeleteFunc(slices.Clone(st.Actions), func(a string) bool { return strings.ContainsAny(a, "*?") }) {
				if _, err := FindAction(action, ""); err != nil {
					t.Errorf("%s: %v", d.Name, err)
				}
			}
		}
	}
}
