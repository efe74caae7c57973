package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestTokensAreShownOnce(t *testing.T) {
	b := newTenant(t)
	said := b.must("token", "create", "web", "--for", "the gateway", "--scope", "search,evaluate", "--scope", "reasons", "--until", "30d")
	secret := regexp.MustCompile(`reeve_\w{52}\b`).FindString(said)
	if secret == "" || !strings.Contains(said, "web") {
		t.Fatalf("it says %s", said)
	}
	made := b.one("token", "create", "other", "--request-id", "r1")
	again := b.one("token", "create", "other", "--request-id", "r1")
	if made["token"] == "" || again["token"] != "" || again["name"] != "other" || column([]map[string]any{made}, "scopes") != "[evaluate]" {
		t.Errorf("made %v, and when it is asked again %v", made, again)
	}
	list := b.list("token", "list")
	if column(list, "name") != "other web" || column(list[1:], "scopes") != "[evaluate search reasons]" || column(list[1:], "for") != "the gateway" {
		t.Errorf("the list is %v", list)
	}
	kept := b.must("audit", "list", "-o", "json") + b.must("audit", "show", column(b.list("audit", "list")[:1], "id")) + b.must("token", "list", "-o", "json")
	for _, file := range []string{b.db, b.db + "-wal"} {
		data, err := os.ReadFile(file) // #nosec G304 -- a file of the test's own
		if err == nil {
			kept += string(data)
		}
	}
	for _, one := range []string{secret, made["token"].(string)} { //nolint:forcetypeassert // it is a test
		if strings.Contains(kept, one) {
			t.Error("the secret of a token is kept")
		}
	}
	b.must("token", "revoke", "WEB")
	if entry := b.list("audit", "list")[0]; entry["action"] != "token.revoke" || entry["target"] != "WEB" {
		t.Errorf("the audit ends with %v", entry)
	}
	b.must("token", "create", "web")
}

func TestTokensAreForWhoMayAskAboutEverybody(t *testing.T) {
	b := newTenant(t)
	for _, args := range [][]string{{"token", "create", "web"}, {"token", "list"}, {"token", "revoke", "web"}} {
		b.fails(exitDenied, nil, append(args, "--as", "zoe")...)
	}
	b.must("token", "create", "web")
	b.fails(exitUsage, []string{"name of a token"}, "token", "create", "Web")
	b.fails(exitUsage, []string{"name: ", "scope: ", "for: ", "until: "}, "token", "create", "a b", "--scope", "all", "--for", strings.Repeat("x", 201), "--until", "0d")
	b.fails(exitUsage, []string{"evaluate, search or both"}, "token", "create", "why", "--scope", "reasons")
	b.fails(exitUsage, []string{"366 days"}, "token", "create", "long", "--until", "367d")
	b.fails(exitUsage, []string{"until"}, "token", "create", "long", "--until", "never")
	b.fails(exitNotFound, []string{"web"}, "token", "revoke", "wep")
}
