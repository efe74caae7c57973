package main

import "testing"

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
