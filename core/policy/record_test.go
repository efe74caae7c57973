package policy_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/policy"
)

func TestAPolicyComesBackFromJSON(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	p := policy.Policy{Document: access.Document{ID: 1000, Name: "Mine", Statements: []access.Statement{
		{Actions: []string{"dataworks:*"}, Resources: []string{"*"}},
		{Deny: true, Actions: []string{"dataworks:DeleteWorkspace"}, Resources: []string{"acs:dataworks:*:*:workspace/prod_*"}, Scopes: []string{access.ScopePage}},
	}}, Attached: 2, CreatedAt: at, CreatedBy: "root", ModifiedAt: at, ModifiedBy: "ann", Version: 3}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var back policy.Policy
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, p) {
		t.Errorf("%s came back as %+v (%v)", text, back, err)
	}
}
