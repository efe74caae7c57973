package access

import (
	"fmt"
	"strings"
	"testing"
)

func TestUnknownOperations(t *testing.T) {
	const page, api, both = `["Page"]`, `"OpenAPI"`, `["Page", "OpenAPI"]`
	for _, c := range []struct {
		actions, scope string
		want           string // line:column action, separated by spaces
	}{
		{`"dataworks:CreateWorkspace"`, "", ""},
		{`"DATAWORKS:createworkspace"`, "", ""},
		{`"dataworks:ListUserResources"`, "", ""},
		{`"dataworks:CreatWorkspace"`, "", "3:12 dataworks:CreatWorkspace"},
		{`"CreateWorkspace"`, "", "3:12 CreateWorkspace"},
		{`["ecs:Reboot", "dataworks:Nope",` + "\n" + `"dataworks:ListContacts","dataworks:Neither"]`, "", "3:27 dataworks:Nope 4:26 dataworks:Neither"},
		{`"dataworks:GetFile"`, api, ""},
		{`"dataworks:GetFile"`, page, "3:12 dataworks:GetFile"},
		{`"dataworks:GetFile"`, both, "3:12 dataworks:GetFile"},
		{`["*", "dataworks:*", "dataworks:*Workspace", "data*:List*"]`, page, ""},
		{`"dataworks:Get*"`, "", ""},
		{`"dataworks:Get*"`, page, "3:12 dataworks:Get*"},
		{`["ecs:*", "e?s:Reboot"]`, page, ""},
	} {
		condition := ""
		if c.scope != "" {
			condition = `, "Condition": {"StringEquals": {"dataworks:Scope": ` + c.scope + `}}`
		}
		text := "{\"Version\": \"1\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"dataworks:*\", \"Resource\": \"*\"},\n" +
			"  {\"Effect\": \"Deny\",\n \"Action\": " + c.actions + ", \"Resource\": [\"*\"]" + condition + "}]}"
		if _, err := ParseDocument([]byte(text)); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, u := range UnknownOperations([]byte(text)) {
			got = append(got, fmt.Sprintf("%d:%d %s", u.Line, u.Column, u.Action))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s for %q: %q, want %q", c.actions, c.scope, s, c.want)
		}
	}
	if got := UnknownOperations([]byte(`{"Version": "1"`)); got != nil {
		t.Errorf("a text that is no policy: %v", got)
	}
}

func TestUnreachableResources(t *testing.T) {
	for resources, want := range map[string]string{
		`"*"`: "", `["acs:*", "a*", "a?s:*", "?*", "acs:dataworks:*:*:workspace/*", "acs:dataworks:cn-hangzhou:123:workspace/a", "acs:ecs:*"]`: "",
		`"acs:bad"`: "2:14 acs:bad", `"acs:dataworks:*"`: "", `"acs:dataworks:cn-hangzhou:workspace/a"`: "2:14 acs:dataworks:cn-hangzhou:workspace/a",
		`["*",` + "\n" + `"workspace/*"]`: "3:1 workspace/*", `"arn:aws:*"`: "2:14 arn:aws:*", `"acs?dataworks?x?1?y"`: "", `"ACS:dataworks:*"`: "2:14 ACS:dataworks:*",
	} {
		text := "{\"Version\": \"1\", \"Statement\": [{\"Effect\": \"Deny\", \"Action\": \"dataworks:*\",\n \"Resource\": " + resources + "}]}"
		var got []string
		for _, u := range UnreachableResources([]byte(text)) {
			got = append(got, fmt.Sprintf("%d:%d %s", u.Line, u.Column, u.Resource))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %q, want %q", resources, s, want)
		}
	}
	if got := UnreachableResources([]byte(`{"Statement": [{"Resource": 5, "Resource": ["x"`)); len(got) > 1 {
		t.Errorf("half a policy: %v", got)
	}
}
