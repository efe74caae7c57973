package app_test

import (
	"strings"
	"testing"
)

// On a role, the question is about somebody who holds it; on a level that is shown, nothing is left to ask for.
func TestWhyOnARoleIsAboutWhoHoldsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("root", sales+"/roles?q=finance_reader").Keys("w")
	has(t, d, "Account   ", "ctrl+s")
	lacks(t, d, "Account   root")
	has(t, w.open("root", sales+"/members/m.ito").Keys("w"), "m.ito", "Why") // the answer itself
	lacks(t, w.open("root", sales+"/members/m.ito").Keys("w"), "ctrl+s")
	unheld := w.open("root", sales+"/roles?q=model").Keys("w")
	lacks(t, unheld, "Account   root")
	has(t, unheld.Keys("ctrl+s"), "must not be empty")
}

// Until when something is given is typed as on the command line, and no member is saved with no role ticked.
func TestUntilWhenARoleIsHeld(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"5d", "90d", "2w", "8h", "2099-12-31", "2099-12-31␣18:00"} {
		d := newWorld(t).open("zoe.park", sales+"/members?q=m.ito").Keys("t tab text:" + typed + " ctrl+s")
		lacks(t, d, "is no time")
		has(t, d, "save") // the effect, before it is saved
	}
	d := newWorld(t).open("zoe.park", sales+"/members?q=m.ito").Keys("t space tab text:soon ctrl+s")
	has(t, d, "is no time", "90d", "name at least one role")
}

// Every name that nobody has is told, not only the first.
func TestAllUnknownNamesOfAFieldAreTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("root", "cn-hangzhou").Keys("a text:fresh_dw tab tab tab tab tab text:nobody,no.one ctrl+s").Resize(160, 48)
	all := strings.Join(strings.FieldsFunc(d.Text(), func(r rune) bool { return strings.ContainsRune(" \n│▌", r) }), " ")
	for _, name := range []string{"there is no user nobody", "there is no user no.one"} {
		if !strings.Contains(all, name) {
			t.Errorf("%q is not told in\n%s", name, d.Text())
		}
	}
}

func TestTypingTheNameOfWhatIsDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("root", sales).Keys("x")
	has(t, d, "enter goes on when the name is right")
	has(t, d.Keys("text:sales enter"), "“sales” is not the name; nothing is deleted without it")
	lacks(t, d.Keys("text:_dw"), "is not the name")
	has(t, d.Keys("enter"), "sales_dw") // on to the choice, which takes one more enter
	lacks(t, d, "moved to the bin")
	lacks(t, d.Keys("enter"), "enter goes on when the name is right")
	lists(t, w.open("root", "cn-hangzhou"), "frozen_lab", "legacy", "marketing_lab", "risk_dw")
}
