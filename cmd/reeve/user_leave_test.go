package main

import (
	"regexp"
	"strings"
	"testing"
)

func TestAUserLeavesByCommand(t *testing.T) {
	b := newTenant(t)
	b.must("member", "add", "bo", "--role", "workspace administrator", "-w", "sales_dw")
	b.must("member", "remove", "zoe", "-w", "sales_dw")
	b.must("member", "remove", "lin", "-w", "sales_dw")
	shown := b.must("user", "leave", "bo", "--dry-run")
	for _, want := range []string{"role:cn-hangzhou/sales_dw/role_project_admin", "given-up", "Nothing done. bo holds 2 things"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the dry run lacks %q:\n%s", want, shown)
		}
	}
	seen := regexp.MustCompile(`Fingerprint: ([0-9a-f]{16})`).FindStringSubmatch(shown)
	if seen == nil {
		t.Fatal(shown)
	}
	b.fails(exitConflict, []string{"nobody but the owner", "cn-hangzhou/sales_dw", "Name who gets the role"}, "user", "leave", "bo", "--yes")
	b.fails(exitUsage, []string{"takes everything from bo (things held: 2)", "--seen " + seen[1]}, "user", "leave", "bo")
	b.fails(exitUsage, []string{"is not ID=USER"}, "user", "leave", "bo", "--item", "role")
	b.fails(exitUsage, []string{"holds nothing that is called role:x"}, "user", "leave", "bo", "--item", "role:x=zoe", "--item", "member:sales_dw=-")
	give := "--item=role:sales_dw/role_project_admin=amy"
	if text := b.must("user", "leave", "bo", give, "--preview"); !strings.Contains(text, "amy") {
		t.Error(text)
	}
	b.must("member", "set-roles", "bo", "--role", "workspace administrator", "visitor", "-w", "sales_dw")
	b.fails(exitConflict, []string{"has changed since"}, "user", "leave", "bo", give, "--seen", seen[1])
	b.terminal, b.typed = true, "yes\n"
	b.fails(exitUsage, []string{"Type bo to go on", "role:cn-hangzhou/sales_dw/role_project_admin", "repeat it with --seen"}, "user", "leave", "bo", give)
	b.typed = "bo\n"
	if text := b.must("user", "leave", "bo", give); !strings.Contains(text, "amy") || !strings.Contains(text, "bo holds nothing more. Handed over: 1 of 3.") {
		t.Error(text)
	}
	if members := b.must("member", "list", "-w", "sales_dw"); strings.Contains(members, "bo ") || !strings.Contains(members, "amy") {
		t.Error(members)
	}
	if text := b.must("user", "leave", "bo"); !strings.Contains(text, "0 of 0") {
		t.Error(text)
	}
	b.fails(exitDenied, nil, "user", "leave", "zoe", "--as", "amy")
	b.fails(exitNotFound, []string{"zoe"}, "user", "leave", "zo")
}
