package app_test

import (
	"slices"
	"testing"

	"reeve/core/control"
	"reeve/core/list"
)

// Two consoles give the same member roles: the second hears of the first, and loses nothing of what was chosen.
func TestTwoConsolesGiveTheSameMemberRoles(t *testing.T) {
	t.Parallel()
	held := func(w *world) (codes []string, ends int) {
		page, err := w.services.Members.List(w.ctx(t, "zoe.park"), control.Ref{Region: "cn-hangzhou", Workspace: "sales_dw"}, list.Query{Filter: list.ParseFilter("lindqvist")})
		if err != nil || len(page.Items) != 1 {
			t.Fatalf("%+v %v", page, err)
		}
		for _, r := range page.Items[0].Roles {
			codes = append(codes, r.Code)
			if r.Until != nil {
				ends++
			}
		}
		return codes, ends
	}
	for key, want := range map[string]struct {
		codes int
		ends  int
		has   string
	}{"t": {1, 0, "role_project_guest"}, "esc": {1, 0, "role_project_guest"}, "m": {3, 1, "role_project_dev"}} {
		w := newWorld(t)
		d := w.open("zoe.park", sales+"/members?q=lindqvist").Keys("r down down space")
		elsewhereGiven(w)
		d.Keys("enter")
		has(t, d, "changed while you edited it", "it is now: Visitor", "you chose: Data Analyst")
		d.Keys(key)
		if key == "m" {
			has(t, d, "Effect of saving")
			d.Keys("enter")
		}
		codes, ends := held(w)
		if len(codes) != want.codes || ends != want.ends || !slices.Contains(codes, want.has) {
			t.Errorf("after %s: holds %v, %d with an end", key, codes, ends)
		}
		lacks(t, d, "changed while you edited it")
	}
	w := newWorld(t)
	d := w.open("zoe.park", sales+"/members?q=lindqvist").Keys("t space tab text:30d")
	elsewhereGiven(w)
	d.Keys("ctrl+s")
	has(t, d, "changed while you edited it")
	lacks(t, d.Keys("t"), "changed while you edited it", "ctrl+s save")
	if codes, _ := held(w); len(codes) != 1 {
		t.Errorf("taking theirs saved %v", codes)
	}
}
