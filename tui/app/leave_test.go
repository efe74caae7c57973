package app_test

import (
	"testing"

	"reeve/core/member"
)

func TestSomebodyLeavesAndASuccessorGetsTheRest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("root", sales+"/members?q=lindqvist").Keys("L")
	has(t, d, "s.lindqvist leaves", "Develop · sales_dw", "given up")
	has(t, d.Keys("t text:m.ito ctrl+s"), "m.ito")
	has(t, d.Keys("d"), "given up")
	has(t, d.Keys("enter"), "Effect of saving", "s.lindqvist")
	has(t, d.Keys("enter"), "s.lindqvist holds nothing more.")
	has(t, w.open("root", sales+"/members?q=ito"), "Develop (2026-06-04 12:00)")
	lacks(t, w.open("root", sales+"/members?q=lindqvist").Keys("ctrl+r"), "RAM user")
}

func TestALeaverWhoGotMoreMeanwhileIsShownAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("root", sales+"/members?q=lindqvist").Keys("L enter")
	has(t, d, "Effect of saving")
	in := member.Batch{Users: []string{"s.lindqvist"}, Roles: []string{"develop", "finance_reader", "deploy"}}
	if _, err := w.services.Members.SetRoles(w.ctx(t, "root"), refOf("sales_dw"), in); err != nil {
		t.Fatal(err)
	}
	has(t, d.Keys("enter"), "has changed since it was shown", "Deploy · sales_dw")
}

func TestWhoCannotLeave(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	has(t, w.open("root", sales+"/members?q=root").Keys("L !"), "cannot leave")
	has(t, w.open("root", sales+"/members?q=analysts").Keys("L !"), "is a group")
	has(t, w.open("zoe.park", sales+"/members?q=lindqvist").Keys("L !"), "AliyunDataWorksFullAccess")
}
