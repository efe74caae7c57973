package action_test

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"reeve/assets"
	"reeve/core/action"
)

func catalogue(t *testing.T) *action.Catalogue {
	t.Helper()
	c, err := action.New(action.All())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheCatalogueIsValid(t *testing.T) {
	c := catalogue(t)
	commands := map[string]action.ID{}
	for _, a := range c.All() {
		if got, ok := c.Get(a.ID); !ok || got.ID != a.ID {
			t.Errorf("%s is not found under its id", a.ID)
		}
		if len(a.Keys) > 0 && len(a.Scopes) == 0 {
			t.Errorf("%s has a key and no place where it works", a.ID)
		}
		if other, twice := commands[a.Command]; twice && a.Command != "" {
			t.Errorf("command %q is both %s and %s", a.Command, other, a.ID)
		}
		commands[a.Command] = a.ID
		if a.Feature != "" && a.Need == action.NeedNothing {
			t.Errorf("%s asks for an edition and for nobody", a.ID)
		}
		if a.Danger > action.Changes && a.Need < action.NeedWorkspaceAdmin {
			t.Errorf("%s can take something away and any member may do it", a.ID)
		}
	}
	if _, ok := c.Get("role.invented"); ok {
		t.Error("an act that is not there was found")
	}
}

// TestEveryActHasItsWords holds the catalogue and the English messages against each other, both ways.
func TestEveryActHasItsWords(t *testing.T) {
	data, err := fs.ReadFile(assets.Messages(), "en/action.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var messages map[string]any
	if err := yaml.Unmarshal(data, &messages); err != nil {
		t.Fatal(err)
	}
	wanted := map[string]bool{}
	for _, a := range catalogue(t).All() {
		wanted[a.Message()], wanted[a.Short()] = true, true
		for _, id := range []string{a.Message(), a.Short()} {
			if words, _ := messages[id].(string); strings.TrimSpace(words) == "" {
				t.Errorf("no words for %s", id)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(messages)) {
		if !wanted[id] {
			t.Errorf("%s is said of no act", id)
		}
	}
}

func TestNewRefusesWhatIsAmbiguous(t *testing.T) {
	list := []action.Scope{action.ScopeLists}
	for name, c := range map[string]struct {
		acts []action.Action
		says string
	}{
		"id twice":     {[]action.Action{{ID: "a.b"}, {ID: "a.b"}}, "twice"},
		"no verb":      {[]action.Action{{ID: "a."}}, "area.verb"},
		"no area":      {[]action.Action{{ID: ".b"}}, "area.verb"},
		"no dot":       {[]action.Action{{ID: "ab"}}, "area.verb"},
		"one key, two": {[]action.Action{{ID: "a.b", Keys: []string{"x"}, Scopes: list}, {ID: "a.c", Keys: []string{"x"}, Scopes: list}}, "means both"},
	} {
		if _, err := action.New(c.acts); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	apart := []action.Action{{ID: "a.b", Keys: []string{"x"}, Scopes: list}, {ID: "a.c", Keys: []string{"x"}, Scopes: []action.Scope{action.ScopeRole}}}
	if _, err := action.New(apart); err != nil {
		t.Errorf("one key in two places: %v", err)
	}
}

func TestTheNearestScopeHasTheKey(t *testing.T) {
	c := catalogue(t)
	for _, k := range []struct {
		key    string
		scopes []action.Scope
		want   action.ID
	}{
		{"u", []action.Scope{action.ScopeRole, action.ScopeEverywhere}, action.RoleUndo},
		{"u", []action.Scope{action.ScopeMembers, action.ScopeLists, action.ScopeEverywhere}, action.Undo},
		{"R", []action.Scope{action.ScopeRole, action.ScopeEverywhere}, action.RoleReadAll},
		{"R", []action.Scope{action.ScopeLists, action.ScopeEverywhere}, action.Regions},
		{"w", []action.Scope{action.ScopeRole, action.ScopeEverywhere}, action.RoleWrite},
		{"w", []action.Scope{action.ScopeMembers, action.ScopeEverywhere}, action.AccessWhy},
		{"c", []action.Scope{action.ScopeRoles, action.ScopeLists, action.ScopeEverywhere}, action.RoleClone},
	} {
		if got, ok := c.ByKey(k.key, k.scopes...); !ok || got.ID != k.want {
			t.Errorf("%q in %v is %s, want %s", k.key, k.scopes, got.ID, k.want)
		}
	}
	for _, key := range []string{"", "ctrl+q", "Ω"} {
		if got, ok := c.ByKey(key, action.ScopeLists, action.ScopeEverywhere); ok {
			t.Errorf("%q means %s", key, got.ID)
		}
	}
}

func TestWhatCanBeDoneHereIsListedOnceAndWithKeysThatWork(t *testing.T) {
	c := catalogue(t)
	scopes := []action.Scope{action.ScopeRole, action.ScopeLists, action.ScopeEverywhere}
	keys, ids := map[string]action.ID{}, map[action.ID]bool{}
	for _, a := range c.In(scopes...) {
		if ids[a.ID] {
			t.Errorf("%s is listed twice", a.ID)
		}
		ids[a.ID] = true
		for _, k := range a.Keys {
			if other, twice := keys[k]; twice {
				t.Errorf("%q stands at %s and at %s", k, other, a.ID)
			}
			keys[k] = a.ID
			if got, _ := c.ByKey(k, scopes...); got.ID != a.ID {
				t.Errorf("%q stands at %s and does %s", k, a.ID, got.ID)
			}
		}
	}
	if !ids[action.Undo] || keys["u"] != action.RoleUndo {
		t.Error("an act whose key is taken must be listed, without the key")
	}
	if undo, _ := c.Get(action.Undo); len(undo.Keys) != 1 {
		t.Errorf("listing took the key of undo away: %v", undo.Keys)
	}
}

func TestAllMayBeChangedByWhoeverAsked(t *testing.T) {
	c := catalogue(t)
	c.All()[0].ID = "x.y"
	if c.All()[0].ID == "x.y" {
		t.Error("the catalogue was changed from outside")
	}
}
