package app_test

import (
	"image/color"
	"regexp"
	"strconv"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"reeve/tui/app"
	"reeve/tui/theme"
)

func readOnly(o *app.Options) { o.Actor.ReadOnly = true }

func TestAReadOnlySessionSaysWhyNothingChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for link, keys := range map[string]string{"cn-hangzhou": "a d x", sales + "/members": "a r x", sales + "/roles": "a c x", reader: "w n W ctrl+s", "admin": "a", "regions": "A"} {
		for _, key := range strings.Fields(keys) {
			d := w.open("root", link, readOnly)
			has(t, d, "read-only")
			before := d.Text()
			has(t, d.Keys(key), "read-only session")
			d.Keys("down up") // the message goes with the next key
			same(t, d, before)
		}
	}
	narrowed := func(o *app.Options) { o.Actor.Only = []string{"develop"} }
	for _, width := range []int{60, 80, 120} {
		for _, link := range []string{"audit", sales + "/members", reader} {
			head, _, _ := strings.Cut(w.open("root", link, readOnly, narrowed).Resize(width, 24).Text(), "\n")
			if !strings.Contains(head, "read-only session, narrowed session") {
				t.Errorf("at %d columns the head of %s is %q", width, link, head)
			}
		}
	}
	page := w.open("root", "audit", readOnly)
	lacks(t, page, "denied") // nothing was even tried
}

func TestPeopleSeeTheWorkspacesTheyHaveJoined(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lists(t, w.open("root", "cn-hangzhou"), "frozen_lab", "legacy", "marketing_lab", "risk_dw", "sales_dw")
	lists(t, w.open("lin.chen", "cn-hangzhou"), "frozen_lab", "legacy", "marketing_lab", "risk_dw", "sales_dw")
	lists(t, w.open("zoe.park", "cn-hangzhou"), "sales_dw")
	lists(t, w.open("k.nowak", "cn-hangzhou"), "risk_dw")
	has(t, w.open("o.outsider", "cn-hangzhou"), "No workspaces here")
	d := w.open("zoe.park", "cn-hangzhou").Keys("W")
	has(t, d, "1 / 1")
	lacks(t, d, "risk_dw")
	d = w.open("m.ito", "audit")
	lacks(t, d, "risk_dw", "pilot", "user.add")
}

func TestStrangersAreRefusedAndToldWhomToAsk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, place := range []string{"", "/members", "/roles", "/roles/finance_reader"} {
		d := w.open("o.outsider", sales+place)
		has(t, d, "Only members of sales_dw may see this.", "Ask: zoe.park")
		lacks(t, d, "m.ito", "Sales warehouse", "Data Integration")
	}
}

func TestWhatIsNotPossibleSaysWhyAndWhomToAsk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("m.ito", sales+"/members")
	lacks(t, d, "a add", "x remove")
	has(t, d.Keys("a !"), "Workspace Administrator", "you hold: finance_reader", "Ask: zoe.park")
	has(t, d.Keys("esc ? text:add"), "This needs Workspace Administrator")
	d.Keys("enter")
	has(t, d, "Keys") // an act that is not possible is not begun from the help either
	has(t, d.Keys("esc esc : text:remove enter"), "Workspace Administrator")
	has(t, w.open("m.ito", reader).Keys("w"), "Workspace Administrator")
	has(t, w.open("zoe.park", sales+"/roles/develop").Keys("w"), "Develop")
	has(t, w.open("zoe.park", "cn-hangzhou").Keys("a"), "account")
	has(t, w.open("zoe.park", "cn-shanghai/pilot/roles").Keys("a"), "Enterprise Edition", "Basic")
	has(t, w.open("root", "cn-hangzhou").Keys("d"), "frozen_lab")
	has(t, w.open("root", "overview").Keys("w !"), "workspace")
	has(t, w.open("root", "cn-hangzhou").Keys("u !"), "There is nothing to take back")
}

func TestTheListActsOnTheWorkspaceUnderTheCursor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, who := range []string{"root", "lin.chen", "zoe.park"} {
		d := w.open(who, "cn-hangzhou?q=sales")
		has(t, d, "i details", "m edit")
		has(t, d.Keys("i"), "sales_dw › Details")
		has(t, w.open(who, "cn-hangzhou?q=sales").Keys("m"), "Edit sales_dw")
	}
	d := w.open("m.ito", "cn-hangzhou?q=sales")
	has(t, d.Keys("i"), "sales_dw › Details")
	has(t, w.open("m.ito", "cn-hangzhou?q=sales").Keys("m !"), "administrators of sales_dw", "Ask: zoe.park")
}

func TestAKeyPressedBeforeTheRightsAreKnownIsToldSo(t *testing.T) {
	t.Parallel()
	m := unloaded(newWorld(t), "zoe.park", sales+"/members", "dark").resize(120, 36)
	if text := m.keys("a").screen().String(); !contains(text, "loading") || contains(text, "no such act") {
		t.Errorf("an act that may be possible in a moment is refused with\n%s", text)
	}
	if text := m.finishAll().keys("a").finishAll().screen().String(); !contains(text, "o.outsider") {
		t.Errorf("a moment later nobody can be added:\n%s", text)
	}
}

var styleParameter = regexp.MustCompile(`\x1b\[([0-9;:]*)m`)

// colours are the parameters of style sequences that set a colour.
func colours(content string) (found []string) {
	for _, m := range styleParameter.FindAllStringSubmatch(content, -1) {
		for _, p := range strings.FieldsFunc(m[1], func(r rune) bool { return r == ';' || r == ':' }) {
			if n, err := strconv.Atoi(p); err == nil && (n >= 30 && n < 50 || n >= 90 && n < 108) {
				found = append(found, m[0])
			}
		}
	}
	return found
}

func TestNoColorOfAnyValueMeansNoColour(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for value, colourless := range map[string]bool{"1": true, "true": true, "yes": true, "0": true, "false": true, "no": true, "": false} {
		for _, s := range []string{"cn-hangzhou", sales + "/members", reader, "overview", "audit"} {
			d := w.open("root", s, func(o *app.Options) { o.Theme.NoColor = theme.NoColor([]string{"NO_COLOR=" + value}) })
			d.Send(tea.ColorProfileMsg{Profile: colorprofile.TrueColor}, tea.BackgroundColorMsg{Color: color.White})
			for _, keys := range []string{"", "?", "esc :", "esc R", "esc d"} {
				if got := colours(d.Keys(keys).View().Content); len(got) > 0 == colourless {
					t.Errorf("NO_COLOR=%q at %s after %q: %d colours, %v", value, s, keys, len(got), got[:min(3, len(got))])
				}
			}
		}
	}
}

func TestTheMouseIsOffUntilSwitchedOn(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("root", "cn-hangzhou")
	if d.View().MouseMode != tea.MouseModeNone {
		t.Error("the mouse is on from the beginning")
	}
	if d.Keys("ctrl+t"); d.View().MouseMode != tea.MouseModeCellMotion {
		t.Error("the mouse is not switched on")
	}
	d.Send(tea.MouseClickMsg{X: 30, Y: 5, Button: tea.MouseLeft})
	selects(t, d, "marketing_lab")
	d.Send(tea.MouseClickMsg{X: 30, Y: 30, Button: tea.MouseLeft}, tea.MouseClickMsg{X: 30, Y: 6, Button: tea.MouseRight})
	selects(t, d, "marketing_lab")
	has(t, d.Send(tea.MouseClickMsg{X: 4, Y: 10, Button: tea.MouseLeft}), "acme › Audit")
	if d.Keys("ctrl+t"); d.View().MouseMode != tea.MouseModeNone {
		t.Error("the mouse is not switched off")
	}
}

func TestTheWheelScrolls(t *testing.T) {
	t.Parallel()
	all := crowdNames()
	d := worldOf(t, largeWorld).open("root", "cn-hangzhou/crowd/members")
	for range 20 {
		d.Send(tea.MouseWheelMsg{X: 40, Y: 10, Button: tea.MouseWheelDown})
	}
	names, _ := listed(d)
	if names[0] != all[60] {
		t.Errorf("after 20 turns of three rows the first is %s", names[0])
	}
	for range 30 {
		d.Send(tea.MouseWheelMsg{X: 40, Y: 10, Button: tea.MouseWheelUp})
	}
	if names, _ = listed(d); names[0] != all[0] {
		t.Errorf("back at the start the first is %s", names[0])
	}
}

func TestTheThemeIsChangedWithAKey(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("root", "cn-hangzhou")
	seen := map[string]bool{}
	for range theme.Kinds() {
		seen[d.Keys("ctrl+l down").View().Content] = true
	}
	if len(seen) != len(theme.Kinds()) {
		t.Errorf("%d looks for %d themes", len(seen), len(theme.Kinds()))
	}
}
