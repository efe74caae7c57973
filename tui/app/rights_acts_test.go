package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/core/access"
	"reeve/core/directory"
	"reeve/core/policy"
	"reeve/core/tenantrole"
	"reeve/tui/app"
)

// timers keeps what a console wants to be woken with, and when.
type timers struct {
	after   []time.Duration
	wakings []tea.Msg
}

func (s *timers) option(o *app.Options) {
	o.After = func(d time.Duration, msg tea.Msg) tea.Cmd {
		s.after, s.wakings = append(s.after, d), append(s.wakings, msg)
		return nil
	}
}

func TestARoleEndsToTheSecond(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.clock.Pass(72*time.Hour - time.Second)
	later := &timers{}
	d := w.open("s.lindqvist", sales+"/members/s.lindqvist", later.option)
	has(t, d, "DataStudio               Write   Develop")
	has(t, d.Keys("ctrl+r"), "DataStudio               Write   Develop")
	due := slices.Index(later.after, time.Second)
	if due < 0 {
		t.Fatalf("nothing wakes the console when the role ends, only what comes after %v", later.after)
	}
	w.clock.Pass(time.Second)
	d.Send(later.wakings[due])
	has(t, d, "DataStudio               Read    finance_reader")
	lacks(t, d, "Develop")
}

func TestAnEndBehindAnotherIsAwaitedTooOnceTheFirstHasCome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.clock.Pass(72*time.Hour - time.Minute)
	in := tenantrole.Batch{Users: []string{"s.lindqvist"}, Roles: []string{"tenant_directory_admin"}, Until: developEnds().Add(time.Hour)}
	if _, err := w.services.TenantRoles.Grant(w.ctx(t, "root"), "cn-hangzhou", in); err != nil {
		t.Fatal(err)
	}
	later := &timers{}
	d := w.open("s.lindqvist", sales+"/members/s.lindqvist", later.option)
	has(t, d, "manage directories")
	for _, wait := range []time.Duration{time.Minute, time.Hour} {
		due := slices.Index(later.after, wait)
		if due < 0 {
			t.Fatalf("nothing comes after %v, only after %v", wait, later.after)
		}
		w.clock.Pass(wait)
		d.Send(later.wakings[due])
		lacks(t, d, "Develop (")
	}
	lacks(t, d, "manage directories")
}

func TestRolesThatEndAreAnnouncedAtTheStart(t *testing.T) {
	t.Parallel()
	const said = "Your role Develop in sales_dw ends"
	w := newWorld(t)
	has(t, w.open("s.lindqvist", "cn-hangzhou"), said+" 2026-06-04")
	has(t, w.open("s.lindqvist", "cn-hangzhou").Keys("!"), said)
	lacks(t, w.open("zoe.park", "cn-hangzhou").Keys("!"), said)
	w.clock.Pass(-5 * 24 * time.Hour) // eight days before
	lacks(t, w.open("s.lindqvist", "cn-hangzhou").Keys("!"), said)
	has(t, w.open("s.lindqvist", "overview"), "What was granted to you and ends soon", "Develop")
	w.clock.Pass(8 * 24 * time.Hour)
	lacks(t, w.open("s.lindqvist", "overview").Keys("!"), said, "end soon")
}

func TestUntilIsAskedAndShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("zoe.park", sales+"/members?q=name:ito").Keys("t tab text:2026-12-31 ctrl+s")
	has(t, d, "Effect of saving")
	has(t, d.Keys("enter"), "finance_reader* (2026-12-31)") // as it was typed
	lacks(t, d.Keys("u"), "2026-12-31")
	has(t, d.Keys("t tab text:2026-05-31 ctrl+s"), "must lie in the future", "Until   2026-05-31")
}

func TestWhatOneLosesOneselfIsMarkedInThePreview(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("k.nowak", tenantMembers+"?q=nowak").Keys("x enter")
	has(t, d, "loses", "k.nowak (you)")
	d.Keys("enter")
	lacks(t, d, "Tenant Administrator")
	has(t, d.Keys("a !"), "Tenant Administrator in cn-hangzhou")
	lacks(t, w.open("root", tenantMembers+"?q=佐藤健").Keys("x enter"), "(you)")
}

// TestOneselfIsNamedFirst has more people lose something than a preview names.
func TestOneselfIsNamedFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	many := []string{"aa", "bb", "cc", "dd", "ee", "ff", "gg"}
	if _, err := w.services.Users.Add(w.ctx(t, "root"), directory.Add{Names: many, Kind: directory.RAMUser}); err != nil {
		t.Fatal(err)
	}
	in := tenantrole.Batch{Users: many, Roles: []string{"tenant_admin"}}
	if _, err := w.services.TenantRoles.Grant(w.ctx(t, "root"), "cn-hangzhou", in); err != nil {
		t.Fatal(err)
	}
	d := w.open("k.nowak", tenantMembers+"?q=role:administrator").Keys("* x enter")
	has(t, d, "8 people", "k.nowak (you), ", "1 more")
}

func TestARoleThatTakesDataMapAwaySaysTheLossFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.services.TenantRoles.Create(w.ctx(t, "root"), "cn-hangzhou", "governor", access.CapabilitySet(access.DataGovernanceUse)); err != nil {
		t.Fatal(err)
	}
	d := w.open("root", tenantMembers+"?q=name:ito").Keys("a")
	for range 7 { // behind the built-in ones
		d.Keys("down")
	}
	d.Keys("space ctrl+s")
	has(t, d, "loses", "Data Map: use", "gains", "Data Governance Center: use")
	if text := d.Text(); strings.Index(text, "loses") > strings.Index(text, "gains") {
		t.Errorf("what is gained is said before what is lost:\n%s", text)
	}
	has(t, d.Keys("enter"), "governor*")
	has(t, d.Keys("w ctrl+s"), "DENY", "governor (custom)")
}

func TestNobodyLiftsThemselves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"AdministratorAccess", "KeepWorkspaces"} {
		if _, err := w.services.Policies.Attach(w.ctx(t, "root"), name, policy.Batch{Users: []string{"k.nowak"}}); err != nil {
			t.Fatal(err)
		}
	}
	d := w.open("k.nowak", denying).Keys("D text:nowak space enter")
	has(t, d, "This would raise your own rights", "k.nowak                  RAM user")
	lacks(t, d, "Effect of saving")
	has(t, d.Keys("!"), "Ask somebody")
	has(t, w.open("root", denying).Keys("D text:nowak space enter"), "gains", "dataworks:DeleteWorkspace")
}

func TestTheTabsOfTheAdminCenterReplaceOneAnother(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("root", "cn-hangzhou").Keys("7")
	for _, want := range []string{"▌Accounts", "▌Tenant members", "▌Tenant roles", "▌Policies", "▌Requests", "▌Sessions", "▌Tokens"} {
		has(t, d, want)
		d.Keys("]")
	}
	has(t, d, "▌Accounts")
	has(t, d.Keys("[ ["), "▌Sessions")
	has(t, d.Keys("[ [ ["), "cn-hangzhou › Tenant roles")
	has(t, d.Keys("esc"), "cn-hangzhou › Workspaces")
}

func TestWhyIsAskedWhereTheCursorIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	has(t, w.open("root", tenantMembers+"?q=name:ito").Keys("w"), "Account   m.ito", "cn-hangzhou")
	lacks(t, w.open("root", tenantRoles).Keys("w"), "Account   root") // which nobody is granted
	has(t, w.open("root", tenantRoles).Keys("down w"), "Account   k.nowak")
	has(t, w.open("root", "admin?q=kaya").Keys("w"), "a.kaya")
	d := w.open("root", denying).Keys("w ctrl+u text:a.kaya tab right right tab text:acs:dataworks:cn-hangzhou:*:workspace/sales_dw ctrl+s")
	has(t, d, "DENY", "through the group analysts")
	d.Keys("y")
	if text := clipboard(d); !strings.Contains(text, "KeepWorkspaces") {
		t.Errorf("copied %q", text)
	}
	d = w.open("zoe.park", sales+"/members/张伟").Keys("w ctrl+s")
	has(t, d, "DENY", "Data Integration", "through the group analysts")
}

func TestWhatIsDeniedInTheConsoleIsRefusedThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	has(t, w.open("a.kaya", "cn-hangzhou?q=marketing").Keys("x !"), "A policy denies this to you")
	has(t, w.open("zoe.park", "cn-hangzhou?q=sales").Keys("x !"), "This needs")
}

func TestAPolicyIsWrittenAttachedAndTakenAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("root", "policies").Keys("a text:OnlyLook ctrl+s")
	has(t, d, "OnlyLook", "Statement")
	has(t, d.Keys("ctrl+s"), "OnlyLook")
	d = w.open("root", "policies/OnlyLook").Keys("t text:zoe.park ctrl+s enter")
	has(t, d, "zoe.park")
	has(t, w.open("root", "policies?q=OnlyLook").Keys("x"), "zoe.park")
	has(t, d.Keys("D enter enter"), "nobody")
}

func TestOpeningWhatOneMayNotGrantSaysSo(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("m.ito", tenantMembers+"?q=nowak").Keys("enter")
	lacks(t, d, "Tenant roles for")
	has(t, d.Keys("!"), "Tenant Administrator in cn-hangzhou")
}
