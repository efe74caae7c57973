package main

import (
	"strings"
	"testing"

	"reeve/core/directory"
)

// TestEverythingWrongWithASourceIsSaidAtOnce holds that one flag which cannot be read hides no other.
func TestEverythingWrongWithASourceIsSaidAtOnce(t *testing.T) {
	b := newTenant(t)
	says := []string{
		"foo=bar is not FIELD=ATTRIBUTE", "id= is not FIELD=ATTRIBUTE", "there is no preset foo", "must be ldaps://", "base: must not be empty",
		"1x is no name of an attribute", "300 is no share", "name: ",
	}
	o := b.fails(exitUsage, says, "directory", "source", "add", "a b", "--url", "http://x", "--base", "", "--attribute", "foo=bar", "--attribute", "id=",
		"--attribute", "email=1x", "--share", "300", "--bind-dn", "cn=x", "--preset", "foo")
	if strings.Count(o.errors, "attribute:") != 3 {
		t.Errorf("what nobody gave is wrong as well: %s", o.errors)
	}
	b.must("directory", "source", "add", "corp", "--url", "ldap://127.0.0.1:1", "--plaintext", "--base", "dc=acme", "--bind-dn", "cn=x", "--password-from", "env:CORP",
		"--attribute", "email=proxyAddress")
	b.fails(exitUsage, []string{"nope=x is not FIELD=ATTRIBUTE", "200 is no share"}, "directory", "source", "update", "corp", "--attribute", "nope=x", "--share", "200")
	b.must("directory", "source", "update", "corp", "--attribute", "group-name=ou")
	attributes, _ := b.one("directory", "source", "show", "corp")["attributes"].(map[string]any)
	if attributes["email"] != "proxyAddress" || attributes["group_name"] != "ou" || attributes["name"] != "uid" {
		t.Errorf("the attributes are %v", attributes)
	}
	if out := b.must("directory", "source", "show", "corp"); !strings.Contains(out, "name=uid display_name=displayName email=proxyAddress") {
		t.Errorf("the table does not tell the attributes: %s", out)
	}
}

// TestAReportCountsWhoChangesAndNotWhat holds that a user of whom three fields change is one who changes, however many lines tell it.
func TestAReportCountsWhoChangesAndNotWhat(t *testing.T) {
	c, err := newCLI(nil, strings.NewReader(""), nil, nil, newBench(t).environ())
	if err != nil {
		t.Fatal(err)
	}
	fields := []directory.FieldChange{{Field: "email", To: "a@acme"}, {Field: "phone", From: "1", To: "2"}, {Field: "display_name", From: "x", To: "y"}}
	r := directory.Report{Source: "corp", Changes: []directory.ChangeLine{{Name: "张伟", Fields: fields}, {Name: "bo", Fields: fields[:1]}}}
	r.Counts.Changes = 60
	text := strings.Join(c.syncLines(r, true), "\n")
	for _, want := range []string{"60 would change", "change (60):", "  张伟  EMAIL: – → a@acme\n        PHONE: 1 → 2\n", "and 58 more"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q:\n%s", want, text)
		}
	}
}
