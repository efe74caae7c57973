package main

import (
	"strings"
	"testing"
)

// TestEveryListRefusesWhatItsFiltersCannotBe holds that a filter which can find nothing is told so by every list, with what is possible.
func TestEveryListRefusesWhatItsFiltersCannotBe(t *testing.T) {
	b := newTenant(t)
	for _, c := range []struct {
		says string
		args []string
	}{
		{"unused:abc is no whole number from 0 to", []string{"member", "list", "-w", "sales_dw", "--filter", "unused:abc"}},
		{"type is one of account, ram-user, ram-role, group", []string{"member", "list", "-w", "sales_dw", "--filter", "type:robot"}},
		{"active:soon is no time; write 2026", []string{"member", "list", "-w", "sales_dw", "--filter", "active:soon"}},
		{"unused has no order", []string{"member", "list", "-w", "sales_dw", "--sort", "unused"}},
		{"status is one of active, disabled, vanished", []string{"member", "export", "-w", "sales_dw", "--filter", "status:gone"}},
		{"status is one of active, disabled, vanished", []string{"user", "list", "--filter", "!status:gone"}},
		{"created:2026-13 is no time", []string{"user", "list", "--filter", "created:2026-13"}},
		{"created:2026-03..2026-01 is no time", []string{"user-group", "list", "--filter", "created:2026-03..2026-01"}},
		{"mode is one of simple, standard", []string{"workspace", "list", "--filter", "mode:both"}},
		{"status is one of initializing", []string{"workspace", "list", "--filter", "status:upp"}},
		{"deleted:soon is no time", []string{"workspace", "bin", "--filter", "deleted:soon"}},
		{"type is one of", []string{"tenant-member", "list", "--region", "cn-hangzhou", "--filter", "type:robot"}},
		{"state is one of waiting, pending, granted", []string{"request", "list", "--filter", "state:open"}},
		{"kind is one of workspace-role, tenant-role, policy", []string{"request", "list", "--filter", "kind:roles"}},
		{"id:first is no number", []string{"request", "list", "--filter", "id:first"}},
		{"outcome is one of done, denied", []string{"audit", "list", "--filter", "outcome:failed"}},
		{"face is one of console, command, setup, keeper", []string{"audit", "list", "--filter", "face:web"}},
		{"there is no column colour", []string{"audit", "list", "--filter", "colour:red"}},
	} {
		b.fails(exitUsage, []string{c.says}, c.args...)
	}
}

// TestFiltersSayWhereTheyLook holds that the help of a list names the columns in which words without one are looked for.
func TestFiltersSayWhereTheyLook(t *testing.T) {
	b := newTenant(t)
	b.must("user", "update", "zoe", "--email", "zp@acme.example")
	for _, c := range []struct{ list, fields, rows string }{
		{"user list", "name, display_name, email;", "zoe"}, {"member list -w sales_dw", "occur in one of: name;", ""},
	} {
		if help := b.must(append(strings.Fields(c.list), "--help")...); !strings.Contains(help, c.fields) {
			t.Errorf("the help of %s lacks %q", c.list, c.fields)
		}
		if got := column(b.list(append(strings.Fields(c.list), "--filter", "zp@acme")...), "name"); got != c.rows {
			t.Errorf("%s finds %q, want %q", c.list, got, c.rows)
		}
	}
}
