package app_test

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"reeve/core/directory"
	"reeve/tui/app"
)

func TestPastedRowsAreShownAsDifferencesAndApplied(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var names, lines []string
	for i := range 1500 {
		names = append(names, fmt.Sprintf("new.user%04d", i))
		lines = append(lines, names[i]+"\tdevelop, visitor\r")
	}
	lines = append(lines, "new.usr0007 develop", "new.user0007 develp")
	if _, err := w.services.Users.Add(w.ctx(t, "root"), directory.Add{Names: names, Kind: directory.RAMUser}); err != nil {
		t.Fatal(err)
	}
	d := w.open("zoe.park", sales+"/members").Keys("I").Send(tea.PasteMsg{Content: strings.Join(lines, "\n")})
	has(t, d, "1502 lines were pasted")
	has(t, d.Keys("ctrl+s"), "add 1500", "handed back 2", "new.user0000", "+Develop, +Visitor", "502 ─┐")
	has(t, d.Keys("end"), "new.user0007: there is no role develp (nearest: Develop)")
	has(t, d.Keys("b up"), "new.usr0007", "nearest: new.user0007", "1 / 2")
	has(t, d.Keys("b enter"), "1500 people", "gains")
	has(t, d.Keys("enter"), "Imported: added 1500", "handed back 2", "new.usr0007")
	has(t, d.Keys("s esc !"), "clipboard")
	has(t, d.Keys("esc"), "new.user0003")
}

func TestWhoIsTakenOutComesFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("root", sales+"/members").Keys("I").Send(tea.PasteMsg{Content: "zoe.park workspace administrator\nm.ito develop\n"})
	has(t, d.Keys("ctrl+s x"), "exactly these", "are taken out", "remove")
	text := d.Text()
	if first, later := strings.Index(text, "remove    "), strings.Index(text, "change    "); first < 0 || later < first {
		t.Errorf("who is taken out does not come first:\n%s", text)
	}
	has(t, d.Keys("enter"), "loses")
	has(t, d.Keys("enter"), "Imported: ")
	lacks(t, d, "s.lindqvist")
}

func TestWithoutFilesRowsAreTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	noFiles := func(o *app.Options) { o.ReadFile = nil }
	d := w.open("zoe.park", sales+"/members", noFiles).Keys("I text:/etc/passwd ctrl+s")
	has(t, d, "handed back 1", "there is no user /etc/passwd")
	d = w.open("zoe.park", sales+"/members").Keys("I text:m.ito␣develop ctrl+s")
	has(t, d, "m.ito", "+Develop")
	has(t, w.open("zoe.park", sales+"/members").Keys("I ctrl+s"), "there are no rows")
}
