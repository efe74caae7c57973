package widget_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"reeve/tui/theme"
	"reeve/tui/tuitest"
	"reeve/tui/widget"
)

func TestPicker(t *testing.T) {
	items := []widget.Item{
		{ID: "hz", Cells: []string{"cn-hangzhou", "华东1（杭州）"}}, {ID: "sh", Cells: []string{"cn-shanghai"}, Search: "east"},
		{ID: "sg", Cells: []string{"ap-southeast-1"}, Disabled: "not activated"},
	}
	for keys, want := range map[string]struct {
		event widget.PickerEvent
		id    string
	}{
		"enter":               {widget.PickerChosen, "sh"},
		"down enter":          {widget.PickerHandled, "sg"},
		"up enter":            {widget.PickerChosen, "hz"},
		"text:杭州 enter":       {widget.PickerChosen, "hz"},
		"text:CN␣east enter":  {widget.PickerChosen, "sh"},
		"text:zzz enter":      {widget.PickerHandled, ""},
		"text:zzz esc":        {widget.PickerHandled, "hz"},
		"text:zzz esc esc":    {widget.PickerCancelled, "hz"},
		"pgdown pgdown enter": {widget.PickerHandled, "sg"},
	} {
		p := widget.NewPicker("Region", items, "sh")
		event := press(t, keys, p.HandleKey)
		if event != want.event || p.Chosen() != want.id {
			t.Errorf("%s: event %d on %q, want %d on %q", keys, event, p.Chosen(), want.event, want.id)
		}
	}
}

func TestPickerOfSeveral(t *testing.T) {
	items := []widget.Item{{ID: "a", Cells: []string{"a"}, Checked: true}, {ID: "b", Cells: []string{"b"}}, {ID: "c", Cells: []string{"c"}, Checked: true, Disabled: "always shown"}}
	p := widget.NewPicker("Columns", items, "")
	p.Several = true
	event := press(t, "space down space down space enter", p.HandleKey)
	if got := strings.Join(p.Checked(), ","); event != widget.PickerChosen || got != "b,c" {
		t.Errorf("event %d with %s", event, got)
	}
	if !items[0].Checked {
		t.Errorf("the items of the caller were changed")
	}
}

func TestPickerKeepsItsCursorInSight(t *testing.T) {
	var items []widget.Item
	for _, r := range "abcdefghijklmnopqrstuvwxyz" {
		items = append(items, widget.Item{ID: string(r), Cells: []string{"item " + string(r)}})
	}
	p := widget.NewPicker("Items", items, "m")
	for _, keys := range []string{"down", "pgdown", "pgdown", "up up up up up up", "pgup", "ctrl+home", "ctrl+end"} {
		press(t, keys, p.HandleKey)
		if s := text(p.Render(theme.New(theme.Mono), 60, 10)); !strings.Contains(s, "▌ item "+p.Chosen()) {
			t.Errorf("after %s item %s is not in sight:\n%s", keys, p.Chosen(), s)
		}
	}
}

func text(content string) string { return strings.Join(tuitest.Grid(content, 120, 40).Text, "\n") }

func TestPalette(t *testing.T) {
	items := []widget.PaletteItem{
		{ID: "renew", Title: "Renew the resource group"}, {ID: "add", Title: "Add members", Insert: "members add "},
		{ID: "roles", Title: "Roles"}, {ID: "remove", Title: "Remove members", Disabled: "needs another role"},
	}
	history := []string{"first", "cn-hangzhou/sales_dw"}
	for keys, want := range map[string]widget.PaletteEvent{
		"text:am enter":           {Done: true, ID: "add", Text: "am"},
		"text:rolesx enter":       {Done: true, Text: "rolesx"},
		"text:remove␣mem enter":   {},
		"esc":                     {Done: true},
		"down enter":              {Done: true, ID: "add"},
		"up enter":                {Done: true, Text: "cn-hangzhou/sales_dw"},
		"up up up enter":          {Done: true, Text: "first"},
		"up down enter":           {Done: true, ID: "renew"},
		"text:cn-x/y enter":       {Done: true, Text: "cn-x/y"},
		"text:rlz backspace tab":  {},
		"text:gro enter":          {Done: true, ID: "renew", Text: "gro"},
		"text:r down enter":       {Done: true, ID: "roles", Text: "r"},
		"text:zzz ctrl+u enter":   {Done: true, ID: "renew"},
		"text:zzz up enter":       {Done: true, Text: "zzz"},
		"text:add tab text:x tab": {},
	} {
		p := widget.NewPalette("Command", items, history)
		if got := press(t, keys, p.HandleKey); got != want {
			t.Errorf("%s: got %+v, want %+v", keys, got, want)
		}
	}
	p := widget.NewPalette("Command", items, history)
	press(t, "text:add tab", p.HandleKey)
	if p.Text() != "members add " {
		t.Errorf("completed to %q", p.Text())
	}
}

func TestHelp(t *testing.T) {
	entries := []widget.HelpEntry{{ID: "add", Keys: "a", Title: "add members", Group: "Here"}, {ID: "roles", Keys: "r", Title: "change roles", Disabled: "needs another role"}, {ID: "filter", Keys: "/", Title: "filter", Group: "Everywhere"}}
	for keys, want := range map[string]string{
		"enter": "true add", "down enter": "false ", "text:every enter": "true filter", "text:x esc": "false ", "text:x esc esc": "true ",
	} {
		h := widget.NewHelp("Help", entries)
		got := press(t, keys, func(k tea.KeyPressMsg) string {
			done, id := h.HandleKey(k)
			return map[bool]string{true: "true ", false: "false "}[done] + id
		})
		if got != want {
			t.Errorf("%s: got %q, want %q", keys, got, want)
		}
	}
	h := widget.NewHelp("Help", entries)
	press(t, "down", func(k tea.KeyPressMsg) bool { done, _ := h.HandleKey(k); return done })
	if s := text(h.Render(theme.New(theme.Mono), 80, 20)); strings.Count(s, "needs another role") != 2 {
		t.Errorf("the reason is not said:\n%s", s)
	}
}

func TestFilterLine(t *testing.T) {
	for keys, want := range map[string]struct {
		event widget.FilterEvent
		value string
	}{
		"text:a": {widget.FilterChanged, "a"}, "text:a enter": {widget.FilterAccepted, "a"}, "text:a esc": {widget.FilterCleared, ""},
		"text:a left": {widget.FilterHandled, "a"}, "text:ab left text:x": {widget.FilterChanged, "axb"}, "down": {widget.FilterIgnored, ""}, "pgdown": {widget.FilterIgnored, ""},
		"backspace": {widget.FilterHandled, ""},
	} {
		f := widget.NewFilterLine("")
		if event := press(t, keys, f.HandleKey); event != want.event || f.Value() != want.value {
			t.Errorf("%s: event %d with %q", keys, event, f.Value())
		}
	}
	f := widget.NewFilterLine("数据")
	f.Render(theme.New(theme.Mono), 60)
	if x, y, ok := f.Cursor(); !ok || x != 7 || y != 0 {
		t.Errorf("the cursor is at %d,%d", x, y)
	}
}
