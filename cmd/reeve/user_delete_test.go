package main

import (
	"strings"
	"testing"
)

func TestAUserIsDeletedWithWhatTheyHold(t *testing.T) {
	b := newTenant(t)
	b.must("user", "update", "bo", "--email", "bo@acme.example")
	b.must("member", "add", "bo", "--role", "develop", "-w", "sales_dw")
	b.fails(exitUsage, []string{"bo still holds", "sales_dw", "or with the deletion"}, "user", "delete", "bo")
	shown := b.must("user", "delete", "bo", "--preview")
	for _, want := range []string{"bo holds 3 things", "role:cn-hangzhou/sales_dw/role_project_dev", "contact:email", "losses:"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the preview lacks %q:\n%s", want, shown)
		}
	}
	if text := b.must("member", "list", "-w", "sales_dw"); !strings.Contains(text, "bo ") {
		t.Errorf("the preview took bo out: %s", text)
	}
	if text := b.must("user", "delete", "bo", "--give-up"); !strings.Contains(text, "Deleted with 3 things held: bo.") {
		t.Error(text)
	}
	b.fails(exitNotFound, nil, "user", "show", "bo")
	b.fails(exitNotFound, nil, "user", "delete", "bo", "--give-up")
	b.fails(exitDenied, nil, "user", "delete", "amy", "--give-up", "--as", "amy")
}
