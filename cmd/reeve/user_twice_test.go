package main

import (
	"strings"
	"testing"
)

// TestANameGivenTwiceIsTakenOnce holds that users and groups are taken as all batches take names: once, in any case.
func TestANameGivenTwiceIsTakenOnce(t *testing.T) {
	b := newTenant(t)
	for _, c := range []struct {
		want string
		args []string
	}{
		{"Abc", []string{"user", "add", "Abc", "abc"}}, {"dee", []string{"user", "add", "dee", "dee"}},
		{"dee", []string{"user", "disable", "dee", "DEE"}}, {"Abc dee", []string{"user", "delete", "abc", "dee", "Abc", "dee"}},
		{"readers", []string{"user-group", "add", "readers", "Readers"}},
	} {
		if got := column(b.list(c.args...), "name"); got != c.want {
			t.Errorf("%v answers %s, want %s", c.args, got, c.want)
		}
	}
	b.must("user", "add", "gil")
	b.must("member", "add", "gil", "GIL", "--role", "develop", "-w", "sales_dw")
	b.must("user", "delete", "gil", "gil", "--give-up", "--yes")
	b.fails(exitConflict, []string{"there is a user Zoe already"}, "user", "add", "Zoe")
}

// TestNamesThatLookTheSame holds that of names that look the same one can be given, which is said.
func TestNamesThatLookTheSame(t *testing.T) {
	b := newTenant(t)
	for _, c := range []struct{ args, want string }{
		{"user add Ame\u0301lie", "write Am\u00e9lie"}, {"user add ａbc", "write abc"}, {"user-group add ｇroup", "write group"},
		{"role create Ｎight --rest read -w sales_dw", "write Night"}, {"role create Ame\u0301lie --rest read -w sales_dw", "write Am\u00e9lie"},
	} {
		b.fails(exitUsage, []string{c.want}, strings.Fields(c.args)...)
	}
	b.must("user", "add", "Am\u00e9lie", "王芳", "김철수")
}
