package widget_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/tui/paint"
	"reeve/tui/theme"
	"reeve/tui/tuitest"
	"reeve/tui/widget"
)

// live is a widget that takes keys and text and says where its cursor is.
type live struct {
	key    func(tea.KeyPressMsg)
	paste  func(string)
	render func(th *theme.Theme, w, h int) string
	cursor func() (x, y int, ok bool)
}

func liveWidgets() map[string]live {
	form := workspaceForm()
	dialog := askDelete().RequireName("Type sales_dw:", "sales_dw")
	items := []widget.Item{{ID: "a", Cells: []string{"one", "数据"}}, {ID: "b", Cells: []string{"two"}}, {ID: "c", Cells: []string{"three"}, Disabled: "closed"}}
	picker := widget.NewPicker("Pick", items, "b")
	picker.Several = true
	palette := widget.NewPalette("Command", []widget.PaletteItem{{ID: "a", Title: "Add"}, {ID: "b", Title: "数据", Disabled: "closed"}}, []string{"old", "older"})
	help := widget.NewHelp("Help", []widget.HelpEntry{{ID: "a", Keys: "a", Title: "add", Group: "Here"}, {ID: "b", Keys: "b", Title: "数据", Group: "There"}})
	filter := widget.NewFilterLine("")
	table := widget.NewTable(memberColumns(), &people{n: 1000, names: hostileNames()})
	matrix := widget.NewMatrix([]widget.MatrixRow{{Label: "a"}, {Label: "数据", Level: 2, Original: 1}, {Label: "c"}})
	none := func() (int, int, bool) { return 0, 0, false }
	return map[string]live{
		"form":    {func(k tea.KeyPressMsg) { form.HandleKey(k) }, func(s string) { form.Paste(s) }, form.Render, form.Cursor},
		"dialog":  {func(k tea.KeyPressMsg) { dialog.HandleKey(k, time.Unix(0, 0)) }, dialog.Paste, dialog.Render, dialog.Cursor},
		"picker":  {func(k tea.KeyPressMsg) { picker.HandleKey(k) }, picker.Paste, picker.Render, picker.Cursor},
		"palette": {func(k tea.KeyPressMsg) { palette.HandleKey(k) }, palette.Paste, palette.Render, palette.Cursor},
		"help":    {func(k tea.KeyPressMsg) { help.HandleKey(k) }, help.Paste, help.Render, help.Cursor},
		"filter": {func(k tea.KeyPressMsg) { filter.HandleKey(k) }, filter.Paste, func(th *theme.Theme, w, _ int) string {
			return filter.Render(th, w)
		}, filter.Cursor},
		"table":  {func(k tea.KeyPressMsg) { table.HandleKey(k) }, func(string) {}, table.Render, none},
		"matrix": {func(k tea.KeyPressMsg) { matrix.HandleKey(k) }, func(string) {}, matrix.Render, none},
	}
}

// TestRandomKeysNeverBreakAFrame presses keys nobody would, in windows of any
// size, and checks every frame and that the cursor is in it.
func TestRandomKeysNeverBreakAFrame(t *testing.T) {
	names := strings.Fields("up down left right home end pgup pgdown enter tab shift+tab esc space backspace delete ctrl+s ctrl+u ctrl+k ctrl+w ctrl+n ctrl+p ctrl+home ctrl+end a d n r w N R W u g G / : x 数 é")
	pastes := []string{"sales_dw", "数据开发治理平台", "a\x1b[2Jb\u202ec", strings.Repeat("long ", 40), "👨\u200d👩\u200d👧", ""}
	th := theme.New(theme.Dark)
	for name, l := range liveWidgets() {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(7, 11)) //nolint:gosec // the same keys every time
			for step := range 600 {
				if random.IntN(12) == 0 {
					l.paste(pastes[random.IntN(len(pastes))])
				} else {
					k, err := tuitest.ParseKey(names[random.IntN(len(names))])
					if err != nil {
						t.Fatal(err)
					}
					l.key(k)
				}
				w, h := 20+random.IntN(100), 8+random.IntN(30)
				frame := l.render(th, w, h)
				tuitest.Invariants(t, frame, w, h)
				fw, fh := paint.Size(frame)
				if x, y, ok := l.cursor(); ok && (x < 0 || y < 0 || x >= fw || y >= fh) {
					t.Errorf("step %d: the cursor is at %d,%d in a frame of %dx%d", step, x, y, fw, fh)
				}
				if t.Failed() {
					t.FailNow()
				}
			}
		})
	}
}
