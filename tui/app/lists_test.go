package app_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/goccy/go-yaml"

	"reeve/core/list"
	"reeve/tui/app"
	"reeve/tui/tuitest"
)

func TestTheFilterNarrowsAsOneTypes(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string][]string{
		"lab":           {"frozen_lab", "marketing_lab"},
		"LAB":           {"frozen_lab", "marketing_lab"},
		"!lab":          {"legacy", "risk_dw", "sales_dw"},
		"lab␣!frozen":   {"marketing_lab"},
		"mode:standard": {"risk_dw", "sales_dw"},
		"name:dw␣sal":   {"sales_dw"},
		"!admin:lin":    {"marketing_lab", "risk_dw", "sales_dw"},
		"风险":            {"risk_dw"},
	} {
		d := newWorld(t).open("root", "cn-hangzhou").Keys("/ text:" + typed)
		// While it is typed the filter stands in the first line.
		names, _ := listed(d)
		if len(names) > 0 && names[0] == "Name" {
			names = names[1:]
		}
		if !slices.Equal(names, want) {
			t.Errorf("%s shows %v, want %v", typed, names, want)
		}
		lists(t, d.Keys("enter"), want...)
		lists(t, d.Keys("esc"), "frozen_lab", "legacy", "marketing_lab", "risk_dw", "sales_dw")
	}
}

func TestAFilterThatNothingPassesSaysSo(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("root", "cn-hangzhou").Keys("/ text:nonesuch")
	has(t, d, "nonesuch")
	lacks(t, d, "sales_dw")
	has(t, d.Keys("enter"), "nonesuch", "esc")
	has(t, d.Keys("esc"), "sales_dw")
	has(t, d.Keys("/ text:nope:x enter"), "“nope:x”") // there is no such field, so it is a text like any other
}

// A filter that asks for what cannot be is told so, and stays to be mended.
func TestAFilterOfAnImpossibleValueIsRefused(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("root", "cn-hangzhou").Keys("/ text:mode:both enter")
	has(t, d, "mode:both matches nothing that there can be", "simple, standard")
	lists(t, d.Keys("esc / text:mode:simple enter"), "frozen_lab", "legacy", "marketing_lab")
	has(t, newWorld(t).open("root", "cn-hangzhou/sales_dw/members?q=unused:abc"), "unused:abc is no whole number from 0 to")
}

func TestNothingIsDoneToARowThatTheFilterIsAboutToTakeAway(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"enter", "x", "d", "y", "space"} {
		m := unloaded(newWorld(t), "root", "cn-hangzhou", "dark").resize(120, 36).finishAll()
		m.keys("/ text:sales enter " + key).finishAll()
		text := m.screen().String()
		if contains(text, "frozen_lab") || contains(text, "marked") {
			t.Errorf("%s was done to the row that was under the cursor before:\n%s", key, text)
		}
		if m.keys("esc esc / text:sales enter").finishAll().keys("enter").finishAll(); !contains(m.screen().String(), "sales_dw › Members") {
			t.Errorf("after the answer the row cannot be opened:\n%s", m.screen())
		}
	}
}

func TestMovingBeforeTheFilterIsAnsweredMixesNoRows(t *testing.T) {
	t.Parallel()
	w := worldOf(t, largeWorld)
	want := w.open("root", "cn-hangzhou/crowd/members").Keys("/ text:p012 enter").Text()
	for _, keys := range []string{"pgdown pgdown end pgup home", "8 esc", "ctrl+r", "end ctrl+r", "8 esc ctrl+r"} {
		m := unloaded(w, "root", "cn-hangzhou/crowd/members", "dark").resize(120, 36).finishAll()
		m.keys("/ text:p012 enter " + keys).finishAll()
		if got := strings.Join(m.screen().Text, "\n"); got != want {
			t.Errorf("after %s there is\n%s\nand not\n%s", keys, brief(got), brief(want))
		}
	}
}

func TestKeysTypedIntoTheFilterAreNoActs(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("root", "cn-hangzhou").Keys("/ text:q?x8u")
	if d.Quit() {
		t.Error("q in the filter quits")
	}
	has(t, d, "q?x8u", "cn-hangzhou › Workspaces")
}

func TestAListIsSortedByTheChosenColumn(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("root", "cn-hangzhou")
	lists(t, d.Keys("s text:created enter"), "sales_dw", "risk_dw", "marketing_lab", "frozen_lab", "legacy")
	has(t, d, "↑")
	lists(t, d.Keys("s enter"), "legacy", "frozen_lab", "marketing_lab", "risk_dw", "sales_dw")
	has(t, d, "↓")
	lists(t, d.Keys("s text:name enter"), "frozen_lab", "legacy", "marketing_lab", "risk_dw", "sales_dw")
	lists(t, d.Keys("/ text:dw enter s enter"), "sales_dw", "risk_dw")
}

func TestColumnsAreChosen(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("root", "cn-hangzhou").Resize(160, 36)
	lacks(t, d, "Members")
	has(t, d.Keys("c text:members space enter"), "Members")
	lacks(t, d.Keys("c text:mode space enter"), "Standard")
	has(t, d.Keys("c esc"), "Members")
}

func TestMarksAreWhatActsWorkOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("zoe.park", sales+"/members").Keys("down space space")
	has(t, d, "2 marked")
	has(t, d.Keys("x"), "m.ito +1")
	has(t, d.Keys("esc"), "2 marked")
	lists(t, d.Keys("x enter"), "analysts", "root", "s.lindqvist", "zoe.park", "佐藤健")
	lacks(t, d, "marked")
	page, err := w.services.Members.List(w.ctx(t, "root"), refOf("sales_dw"), list.Query{})
	if err != nil || len(page.Items) != 5 {
		t.Errorf("stored are %v, %v", page.Items, err)
	}
}

func TestMarksFollowTheirRowsAndCanBeTakenBack(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("zoe.park", sales+"/members")
	has(t, d.Keys("down space down down v"), "4 marked")
	has(t, d.Keys("s text:account enter"), "4 marked")
	has(t, d.Keys("*"), "7 marked")
	lacks(t, d.Keys("*"), "marked")
	has(t, d.Keys("/ text:role:finance enter *"), "3 marked")
	lacks(t, d.Keys("esc"), "marked") // the marks first,
	has(t, d, "filter")
	lacks(t, d.Keys("esc"), "filter:") // then the filter,
	has(t, d, "Members")
	has(t, d.Keys("home down down space space r"), "Workspace Owner") // the owner's role is nobody's to change
	has(t, d.Keys("!"), "owner")
}

func TestAllOfALongListIsMarkedWithoutSeeingIt(t *testing.T) {
	t.Parallel()
	d := worldOf(t, largeWorld).open("root", "cn-hangzhou/crowd/members")
	has(t, d.Keys("/ text:p01 enter *"), "1000 marked")
	has(t, d.Keys("esc esc *"), "5000 marked")
}

func TestCopyingSendsToTheClipboard(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("root", "cn-hangzhou").Keys("/ text:risk enter y enter")
	if got := clipboard(d); got != "risk_dw" {
		t.Errorf("copied %q", got)
	}
	if d.Keys("y text:whole enter"); !strings.HasPrefix(clipboard(d), "risk_dw\t风险数据仓库\t") {
		t.Errorf("copied %q", clipboard(d))
	}
	if d.Keys("y text:display enter"); clipboard(d) != "风险数据仓库" {
		t.Errorf("copied %q", clipboard(d))
	}
	if d := newWorld(t).open("root", sales).Keys("y"); clipboard(d) != "sales_dw" {
		t.Errorf("copied %q from the details", clipboard(d))
	}
	if d := newWorld(t).open("root", "audit/3").Keys("y"); !json.Valid([]byte(clipboard(d))) {
		t.Errorf("copied %q from an entry", clipboard(d))
	}
}

// saved is where exports of a test go.
type saved map[string]string

func (s saved) keep(o *app.Options) {
	o.Save = func(name string, data []byte) (string, error) {
		s[name] = string(data)
		return "/home/somebody/" + name, nil
	}
}

func TestExportingWritesWhatTheTableShows(t *testing.T) {
	t.Parallel()
	files := saved{}
	d := newWorld(t).open("root", "cn-hangzhou", files.keep).Resize(200, 36)
	d.Keys("/ text:dw enter s text:created enter s enter e text:csv enter")
	has(t, d, "/home/somebody/workspaces-cn-hangzhou.csv")
	lines := strings.Split(files["workspaces-cn-hangzhou.csv"], "\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "Name,Display name,Template,Mode") || !strings.HasPrefix(lines[1], "risk_dw,风险数据仓库,All features,Standard") || !strings.HasPrefix(lines[2], "sales_dw,") {
		t.Errorf("CSV is\n%s", files["workspaces-cn-hangzhou.csv"])
	}
	exact := regexp.MustCompile(`20\d\d-\d\d-\d\d \d\d:\d\d:\d\d`)
	if exact.MatchString(d.Text()) || !exact.MatchString(lines[1]) { // a file is read later
		t.Errorf("a time in a file is %q", lines[1])
	}
	d.Keys("e text:json enter e text:yaml enter")
	var records, same []map[string]any
	if err := json.Unmarshal([]byte(files["workspaces-cn-hangzhou.json"]), &records); err != nil || len(records) != 2 || records[0]["name"] != "risk_dw" {
		t.Errorf("JSON is %v\n%s", err, files["workspaces-cn-hangzhou.json"])
	}
	if err := yaml.Unmarshal([]byte(files["workspaces-cn-hangzhou.yaml"]), &same); err != nil || fmt.Sprint(keysOf(same)) != fmt.Sprint(keysOf(records)) || same[1]["name"] != "sales_dw" {
		t.Errorf("YAML is %v\n%s", err, files["workspaces-cn-hangzhou.yaml"])
	}
}

func keysOf(records []map[string]any) (keys []string) {
	for _, r := range records {
		for k := range r {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}

func TestExportsCarryNothingThatActs(t *testing.T) {
	t.Parallel()
	files := saved{}
	newWorld(t).open("root", "cn-hangzhou/legacy/members", files.keep).Keys("e text:csv enter e text:json enter e text:yaml enter")
	for name, text := range files {
		if bad := tuitest.ForeignSequence(strings.NewReplacer("\x1b", "\a", "\t", " ").Replace(text)); bad != "" {
			t.Errorf("%s carries %q", name, bad)
		}
		if strings.ContainsAny(text, "\u202e\u200b\u2066\u009b") {
			t.Errorf("%s carries what turns or hides text", name)
		}
	}
	var records, same []map[string]any
	if err := json.Unmarshal([]byte(files["members-legacy.json"]), &records); err != nil || records[0]["name"] != hostileNames()[0] {
		t.Errorf("JSON does not say what is stored: %v, %v", records[0]["name"], err)
	}
	if err := yaml.Unmarshal([]byte(files["members-legacy.yaml"]), &same); err != nil || len(same) != len(records) || same[0]["name"] != "<001B>[31mred<001B>[2J<001B>]0;title<0007>" {
		t.Errorf("YAML says %v, %v", same[0]["name"], err)
	}
	if !strings.Contains(files["members-legacy.csv"], "\n'=1+1,") {
		t.Errorf("a formula is not quoted:\n%s", files["members-legacy.csv"])
	}
	if len(files) != 3 {
		t.Errorf("%d files were written", len(files))
	}
}

func TestWithoutAPlaceForFilesExportsGoToTheClipboard(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("root", "cn-shanghai").Keys("e text:csv enter")
	if !strings.HasPrefix(clipboard(d), "Name,") {
		t.Errorf("copied %q", clipboard(d))
	}
}

// crowdNames are all members of the large world in their order.
func crowdNames() []string {
	names := make([]string, 0, crowdSize+1)
	for i := range crowdSize {
		names = append(names, fmt.Sprintf("p%05d", i+1))
	}
	return append(names, "root")
}

// pageOf checks that the rows shown are a run of the list, ends with the cursor in it, and returns where it begins.
func pageOf(t *testing.T, d *tuitest.Driver, all []string, where string) (first int) {
	t.Helper()
	names, selected := listed(d)
	first = slices.Index(all, names[0])
	if first < 0 || first+len(names) > len(all) || !slices.Equal(all[first:first+len(names)], names) {
		t.Fatalf("%s: shown are %v", where, names)
	}
	at := slices.Index(all, selected)
	if at < first || at >= first+len(names) {
		t.Fatalf("%s: the cursor on %q is not among the rows from %s on", where, selected, names[0])
	}
	if want := fmt.Sprintf("%d / 5 000", at+1); !strings.Contains(ansi.Strip(d.View().Content), want) {
		t.Fatalf("%s: the status does not say %s:\n%s", where, want, d.Text())
	}
	return first
}

func TestPagingThroughALongListShowsTheRightRows(t *testing.T) {
	t.Parallel()
	all := crowdNames()
	d := worldOf(t, largeWorld).open("root", "cn-hangzhou/crowd/members")
	walk := func(key string, times int) {
		t.Helper()
		for i := range times {
			d.Keys(key)
			pageOf(t, d, all, fmt.Sprintf("%s, %d times", key, i+1))
		}
	}
	d.Resize(120, 100)
	walk("pgdown", 60)
	selects(t, d, "root")
	walk("pgup", 60)
	selects(t, d, "p00001")
	walk("end", 1)
	selects(t, d, "root")
	walk("pgup", 40)
	walk("down", 60)
	walk("home", 1)
	selects(t, d, "p00001")
	walk("end", 2)
	walk("up", 60)
	walk("g", 1)
	selects(t, d, "p00001")
	walk("G", 1)
	selects(t, d, "root")
	d.Keys("ctrl+r")
	pageOf(t, d, all, "refreshed at the end")
	walk("pgup", 30)
	before := d.Text()
	d.Keys("ctrl+r")
	same(t, d, before) // nothing changed, so nothing moves
	walk("pgdown", 3)
}

func TestALongListKeepsItsPlaceWhenTheWindowChanges(t *testing.T) {
	t.Parallel()
	all := crowdNames()
	d := worldOf(t, largeWorld).open("root", "cn-hangzhou/crowd/members").Keys("end pgup pgup pgup")
	_, selected := listed(d)
	for _, size := range []tuitest.Size{{W: 60, H: 20}, {W: 200, H: 60}, {W: 120, H: 36}} {
		d.Resize(size.W, size.H)
		if size.W >= 120 {
			pageOf(t, d, all, size.String())
		}
		selects(t, d, selected)
	}
}

// Whoever marks rows means those: what is done to one row alone is not done to the one that happens to be under the cursor.
func TestWhatIsDoneToOneRowIsRefusedWhileOthersAreMarked(t *testing.T) {
	t.Parallel()
	for place, keys := range map[string]string{groups: "D L x b", "cn-hangzhou": "d x m"} {
		for key := range strings.FieldsSeq(keys) {
			w := newWorld(t)
			grouped(w)
			d := w.open("root", place).Keys("space space " + key)
			has(t, d, "2 rows are marked", "one row at a time", "esc")
			lacks(t, d.Keys("esc "+key), "2 rows are marked")
		}
	}
	w := newWorld(t)
	grouped(w)
	lacks(t, w.open("root", groups).Keys("space space a"), "2 rows are marked") // what is made new is no row
}

// Of which window the history is can be read whatever it is of, and what is wrong with a size is said in lines of their own.
func TestTheDetailsOfAGroupCanBeRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	busy(w)
	d := w.open("root", rgProd).Resize(120, 36)
	for range 8 {
		has(t, d, "last 2 hours")
		d.Keys("right")
	}
	d.Keys("S ctrl+u text:3 ctrl+s")
	for _, line := range strings.Split(d.Text(), "\n") {
		if strings.Count(line, " CU cannot be kept") > 1 || strings.Count(line, ": a maximum of") > 1 {
			t.Errorf("two faults stand in one line: %s", line)
		}
	}
	has(t, d, "a maximum of")
}
