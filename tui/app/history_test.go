package app_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"reeve/tui/tuitest"
)

func TestGoingBackFindsEverythingWhereItWasLeft(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string]string{
		"cursor":             "down down down",
		"scroll":             "pgdown pgdown pgdown down",
		"end":                "end up up",
		"filter":             "/ text:p012 enter down",
		"filter and scroll":  "/ text:p0 enter pgdown pgdown pgdown pgdown pgdown pgdown",
		"sort":               "s text:added enter",
		"marks":              "space space down space",
		"columns":            "c text:type space enter",
		"turned sort, moved": "s enter end pgup",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := worldOf(t, largeWorld).open("root", "cn-hangzhou/crowd/members").Keys(keys)
			left := d.Text()
			same(t, d.Keys("8 enter esc esc"), left)
			same(t, d.Keys("7 ctrl+o"), left)
			same(t, d.Keys("tab ctrl+o"), left)
		})
	}
}

func TestTheHistoryIsWalkedBothWays(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("root", "cn-hangzhou").Keys("1 7 8")
	has(t, d, "acme › Audit")
	has(t, d.Keys("ctrl+o"), "acme › Admin center")
	has(t, d.Keys("ctrl+o"), "acme › Overview")
	has(t, d.Keys("ctrl+o ctrl+o"), "cn-hangzhou › Workspaces") // there is nothing before the first
	has(t, d.Keys("tab tab"), "acme › Admin center")
	has(t, d.Keys("ctrl+i ctrl+i"), "acme › Audit")
	has(t, d.Keys("esc tab"), "acme › Admin center") // esc leaves for good
	has(t, d.Keys("ctrl+o 8 tab"), "acme › Audit")   // going elsewhere forgets what was ahead
}

func TestLeavingADeepLinkGoesToThePlaceAround(t *testing.T) {
	t.Parallel()
	for link, want := range map[string][]string{
		reader:              {"sales_dw › Roles", "cn-hangzhou › Workspaces"},
		sales + "/members":  {"cn-hangzhou › Workspaces"},
		"audit/3":           {"acme › Audit"},
		"cn-hangzhou/-/bin": {"cn-hangzhou › Workspaces"},
	} {
		d := newWorld(t).open("root", link)
		for _, place := range want {
			has(t, d.Keys("esc"), place)
		}
		last := d.Text()
		same(t, d.Keys("esc esc"), last)
	}
}

func TestTabsReplaceOneAnother(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("root", "cn-hangzhou").Keys("/ text:sales enter enter")
	has(t, d, "sales_dw › Members")
	has(t, d.Keys("]"), "sales_dw › Roles")
	has(t, d.Keys("]"), "sales_dw › Permissions")
	has(t, d.Keys("]"), "sales_dw › Details")
	has(t, d.Keys("]"), "sales_dw › Figures")
	has(t, d.Keys("]"), "sales_dw › Settings")
	has(t, d.Keys("[ [ ["), "sales_dw › Permissions")
	has(t, d.Keys("esc"), "cn-hangzhou › Workspaces", "filter: sales")
}

func TestThePaletteTakesLinksAndNames(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"cn-hangzhou/risk_dw/members?q=nowak": "filter: nowak",
		"cn-hangzhou/sales_dw/roles/develop":  "Roles › Develop",
		"cn-shanghai":                         "cn-shanghai › Workspaces",
		"audit/5":                             "Audit › 5",
		"risk_dw":                             "risk_dw › Details",
		"cn-hangzhou/no_such/members":         "There is no workspace no_such here.",
	} {
		has(t, newWorld(t).open("root", "cn-hangzhou").Keys(": text:"+typed+" enter"), want)
	}
	d := newWorld(t).open("root", "cn-hangzhou").Keys(": text:cn-hangzhou//x enter")
	has(t, d, "cn-hangzhou › Workspaces")
	has(t, d.Keys("!"), "cn-hangzhou//x")
}

func TestThePaletteFindsEveryPlace(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"policy": "Policies", "POLICIES": "Policies", "request": "Requests", "Requests": "Requests", "requests/OWN": "Requests of your own",
		"tenant members": "Tenant members", "tenant-roles": "Tenant roles", "tokens": "Tokens", "sessions": "Sessions", "Admin": "Admin center",
		"accounts": "Admin center", "bin": "Bin", "cn-hangzhou/-/bootstraps": "Runs", "audit": "Audit", "regions": "Regions", "groups": "Resource groups",
		sales + "/Reviews": "sales_dw › Members › Reviews", "add-members": "sales_dw › Members › Add members", "permissions": "Permissions",
	} {
		d := newWorld(t).open("root", sales+"/members").Keys(": text:" + strings.ReplaceAll(typed, " ", "␣"))
		lacks(t, d, "nothing by that name")
		has(t, d.Keys("enter"), "› "+want)
	}
	has(t, newWorld(t).open("root", "cn-hangzhou/-/groups/rg_prod").Keys(": text:runs enter"), "rg_prod › Runs")
}

func TestAPlaceThatIsMissingCanBeLeft(t *testing.T) {
	t.Parallel()
	for _, link := range []string{sales + "/roles/none_such", "cn-hangzhou/none_such", "audit/999", "us-east-9"} {
		w := newWorld(t)
		has(t, w.open("root", "overview").Keys(": text:"+link+" enter esc"), "acme › Overview")
		has(t, w.open("root", link).Keys("?"), "Keys")
		if d := w.open("root", link).Keys("ctrl+c"); !d.Quit() {
			t.Errorf("%s cannot be quit", link)
		}
	}
}

// results runs commands and those they stand for and keeps their messages, as if they took long.
func results(m *waiting) []tea.Msg {
	kept := &keeping{}
	(&waiting{t: m.t, model: kept}).finish(m.take()...)
	return kept.messages
}

// keeping is a model that keeps what it is sent.
type keeping struct{ messages []tea.Msg }

func (k *keeping) Init() tea.Cmd { return nil }
func (k *keeping) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	k.messages = append(k.messages, msg)
	return k, nil
}
func (k *keeping) View() tea.View { return tea.View{} }

func TestAnAnswerThatComesAfterOneLeftIsDropped(t *testing.T) {
	t.Parallel()
	m := unloaded(newWorld(t), "root", "cn-hangzhou", "dark").resize(120, 36)
	late := results(m)
	if len(late) == 0 {
		t.Fatal("nothing was begun")
	}
	m.keys("8").finishAll()
	shown := m.screen().String()
	for _, msg := range late {
		m.send(msg)
	}
	m.finishAll()
	if got := m.screen().String(); got != shown {
		t.Errorf("a late answer changed the screen:\n%s", got)
	}
}

func TestNewerWorkEndsTheOlder(t *testing.T) {
	t.Parallel()
	m := unloaded(newWorld(t), "root", "cn-hangzhou", "dark").resize(120, 36).finishAll()
	m.keys("/ text:lab")
	older := results(m)
	m.keys("backspace backspace backspace text:risk")
	begun := m.take()
	m.finish(begun[len(begun)-1])
	shown := m.screen().String()
	for _, msg := range older { // answers that were on their way already
		m.send(msg)
	}
	m.finish(begun[:len(begun)-1]...) // and those whose work was ended
	if got := m.screen().String(); got != shown {
		t.Errorf("an older answer won over the newer:\n%s\n%s", got, shown)
	}
	d := tuitest.New(t, newWorld(t).session("root", "cn-hangzhou"), 120, 36).Keys("/ text:risk")
	if want := d.Screen().String(); shown != want {
		t.Errorf("the newest answer is not shown:\n%s", shown)
	}
}

func TestAnAnswerFromBeforeOneLeftIsNotTakenForTheNewOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := unloaded(w, "root", "cn-hangzhou", "dark").resize(120, 36).finishAll()
	m.keys("ctrl+r")
	late := results(m)
	m.keys("8").finishAll()
	if _, err := w.services.Workspaces.Enable(w.ctx(t, "root"), refOf("frozen_lab"), 0); err != nil {
		t.Fatal(err)
	}
	m.keys("esc")
	for _, msg := range late {
		m.send(msg)
	}
	m.finishAll()
	if text := m.screen().String(); contains(text, "Disabled") {
		t.Errorf("an answer from before is shown instead of the present one:\n%s", text)
	}
}
