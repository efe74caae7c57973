package access

import (
	"fmt"
	"testing"
)

func TestSums(t *testing.T) {
	who := func(ids ...PrincipalID) []PrincipalID { return ids }
	e := Effect{
		Losses: []Change{
			{Workspace: 7, Module: 1, From: Read, To: None, Principals: who(3, 4)},
			{Workspace: 7, Module: 2, From: Write, To: Read, Principals: who(3)},
			{Workspace: 8, Module: 1, From: Write, To: None, Principals: who(4, 5)},
		},
		AdminGains:    []AdminChange{{9, who(1)}, {8, who(1, 2)}},
		TenantLosses:  []TenantChange{{"r", 2, who(1)}, {"", 2, who(1)}},
		ConsoleGains:  []ConsoleChange{{"a", ScopePage, "", who(1)}, {"a", ScopePage, "x", who(1)}, {"a", ScopeOpenAPI, "x", who(2)}},
		Keeps:         []Keep{{Workspace: 7, Module: 3, Level: Write, Principals: who(9), Through: 1}},
		ConsoleLosses: nil,

		Unadministered: []WorkspaceID{7, 9},
	}
	for part, want := range map[Part]string{
		PartLosses:         "[{3 [3 4 5] [7 8] [2 1] write [] [] [] [] []} {2 [3 4] [7] [1] read [] [] [] [] []}]",
		PartGains:          "[]",
		PartAdminGains:     "[{3 [1 2] [9 8] [] none [] [] [] [] []}]",
		PartAdminLosses:    "[]",
		PartUnadministered: "[{2 [] [7 9] [] none [] [] [] [] []}]",
		PartTenantLosses:   "[{2 [1] [] [] none [r ] [2] [] [] []}]",
		PartTenantGains:    "[]",
		PartConsoleLosses:  "[]",
		PartConsoleGains:   "[{3 [1 2] [] [] none [] [] [a] [Page OpenAPI] [ x]}]",
		PartKeeps:          "[{1 [9] [7] [3] write [] [] [] [] []}]",
	} {
		if got := fmt.Sprint(plainSums(e.Sums(part))); got != want {
			t.Errorf("part %d is %s, want %s", part, got, want)
		}
	}
	if n := e.Count(PartLosses); n != 5 {
		t.Errorf("%d losses", n)
	}
}

// plainSums are sums with numbers for the modules and capabilities.
func plainSums(sums []Sum) (out []any) {
	for _, s := range sums {
		var modules, capabilities []int
		for _, m := range s.Modules {
			modules = append(modules, int(m))
		}
		for _, c := range s.Capabilities {
			capabilities = append(capabilities, int(c))
		}
		out = append(out, struct {
			Count                          int
			Principals, Workspaces, Module any
			Level                          string
			Regions, Capabilities, Actions any
			Scopes, Resources              any
		}{s.Count, s.Principals, s.Workspaces, modules, s.Level.String(), s.Regions, capabilities, s.Actions, s.Scopes, s.Resources})
	}
	return out
}
