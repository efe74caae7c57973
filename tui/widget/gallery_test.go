package widget_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"reeve/tui/paint"
	"reeve/tui/theme"
	"reeve/tui/tuitest"
	"reeve/tui/widget"
)

// piece draws one widget in w×h cells with the texts given, which a sweep
// replaces by hostile ones.
type piece func(th *theme.Theme, w, h int, say func(string) string) string

// pieces returns every widget once, in a state that shows most of it.
func pieces() map[string]piece {
	return map[string]piece{
		"matrix":   drawMatrix,
		"form":     drawForm,
		"dialog":   drawDialog,
		"picker":   drawPicker,
		"palette":  drawPalette,
		"help":     drawHelp,
		"preview":  drawPreview,
		"errorbox": drawErrorBox,
		"empty": func(th *theme.Theme, w, h int, say func(string) string) string {
			return widget.Empty{
				Title: say("No data sources yet"), Purpose: say("A data source tells the workspace where its data is, once for development and once for production."),
				Keys: []widget.FooterKey{{Key: "a", Title: say("add a data source")}, {Key: "i", Title: say("import")}},
			}.Render(th, w, h)
		},
		"details": func(th *theme.Theme, w, h int, say func(string) string) string {
			return paint.Sized(widget.Details(th, []widget.KV{
				{Label: say("Name"), Value: say("sales_dw"), Role: theme.Title},
				{Label: say("Mode"), Value: say("Standard: development and production are apart, and code reaches production by deployment only")},
				{}, {Label: say("Status"), Value: say("Normal"), Role: theme.Good},
			}, w), w, h)
		},
		"nav": func(th *theme.Theme, w, h int, say func(string) string) string {
			return widget.Nav(th, []widget.NavItem{
				{Key: "1", Title: say("Overview")}, {Key: "2", Title: say("Workspaces"), Attention: true},
				{Key: "3", Title: say("Resource groups")}, {Key: "7", Title: say("Admin center"), Disabled: true},
			}, 1, min(w, 22), h)
		},
		"toosmall": func(th *theme.Theme, w, h int, say func(string) string) string {
			return widget.TooSmallNotice(th, say("The window must be at least 60 columns wide and 20 lines high; it is 40×10."), w, h)
		},
		"chart": func(th *theme.Theme, w, h int, _ func(string) string) string {
			return widget.Chart(th, []float64{3, 8, 12, 18, 22, 26, 30, 28, 22, 16, 18, 24, 29, 30.5, 24, 12, 0, 4}, 0, w, min(h, 3))
		},
		"lines": drawLines,
	}
}

func drawMatrix(th *theme.Theme, w, h int, say func(string) string) string {
	m := widget.NewMatrix([]widget.MatrixRow{
		{Label: say("Data Integration"), Level: 1, Original: 1, Note: say("14 read")},
		{Label: say("DataStudio"), Level: 1, Original: 1, Note: say("14 write")},
		{Label: say("DataService Studio"), Level: 1, Original: 1, Note: say("9 none · 5 keep Read through Develop")},
		{Label: say("数据质量"), Note: say("14 none")},
	})
	m.Titles[4] = say("members here after saving")
	m.SetLevel(1, widget.LevelWrite)
	m.SetLevel(2, widget.LevelNone)
	m.Goto(2)
	return m.Render(th, w, h)
}

func drawForm(th *theme.Theme, w, h int, say func(string) string) string {
	modes := []widget.Option{{ID: "simple", Label: say("Simple")}, {ID: "standard", Label: say("Standard"), Detail: say("development and production apart")}}
	admins := []widget.Option{
		{ID: "lin", Label: "lin.chen", Detail: say("RAM user")}, {ID: "zoe", Label: "zoe.park"},
		{ID: "mei", Label: say("陈梅"), Disabled: say("not in the directory")},
	}
	f := widget.NewForm(
		widget.TextField("name", say("Name"), "sales_dw").WithHelp(say("Letters, digits and _; it cannot be changed later.")),
		widget.TextField("title", say("Display name"), "").WithPlaceholder(say("销售数仓")),
		widget.SelectField("mode", say("Mode"), modes, "standard"),
		widget.MultiField("admins", say("Administrators"), admins, []string{"zoe"}),
		widget.ToggleField("prod", say("Production"), true),
		widget.SelectField("group", say("Resource group"), nil, "").WithDisabled(say("the region has no group; create one first")),
	)
	f.SetErrors(map[string]string{"title": say("is already used by sales_dw_old")})
	f.Focus("admins")
	return f.Render(th, w, h)
}

func drawDialog(th *theme.Theme, w, h int, say func(string) string) string {
	d := widget.NewDialog(say("Delete the workspace sales_dw?"), []widget.BodyLine{
		{Text: say("14 members lose access. 3 data sources and 212 nodes go with it."), Role: theme.Text},
		{Text: say("It stays in the bin for 30 days."), Role: theme.Muted},
	}, widget.Choice{ID: "no", Label: say("keep"), Key: "k"}, widget.Choice{ID: "yes", Label: say("delete"), Key: "d", Danger: true}).
		RequireName(say("Type sales_dw to delete it:"), "sales_dw")
	d.Paste("sales_")
	return d.Render(th, w, h)
}

func drawPicker(th *theme.Theme, w, h int, say func(string) string) string {
	p := widget.NewPicker(say("Region"), []widget.Item{
		{ID: "hz", Cells: []string{"cn-hangzhou", say("华东1（杭州）"), say("Enterprise"), "12"}},
		{ID: "sh", Cells: []string{"cn-shanghai", say("华东2（上海）"), say("Standard"), "3"}},
		{ID: "sg", Cells: []string{"ap-southeast-1", say("Singapore"), "", ""}, Disabled: say("no edition is activated there; a activates one")},
	}, "sg")
	p.NoMatch = say("no region has that in its name")
	return p.Render(th, w, h)
}

func drawPalette(th *theme.Theme, w, h int, say func(string) string) string {
	p := widget.NewPalette(say("Command"), []widget.PaletteItem{
		{ID: "member.add", Title: say("Add members"), Detail: say("to sales_dw"), Keys: "a"},
		{ID: "member.remove", Title: say("Remove members"), Keys: "x", Disabled: say("needs Workspace Administrator here; you hold Develop")},
		{ID: "go.members", Title: say("Go to members"), Keys: "2"},
	}, nil)
	p.Paste("memb")
	return p.Render(th, w, h)
}

func drawHelp(th *theme.Theme, w, h int, say func(string) string) string {
	p := widget.NewHelp(say("Members"), []widget.HelpEntry{
		{ID: "add", Keys: "a", Title: say("add members"), Group: say("Here")},
		{ID: "roles", Keys: "r", Title: say("change roles"), Group: say("Here"), Disabled: say("needs Workspace Administrator here")},
		{ID: "filter", Keys: "/", Title: say("filter this list"), Group: say("Everywhere")},
		{ID: "walk", Keys: "ctrl+o ctrl+i", Title: say("walk the history"), Group: say("Everywhere")},
	})
	p.Placeholder = say("type to filter")
	return p.Render(th, w, h)
}

func drawPreview(th *theme.Theme, w, h int, say func(string) string) string {
	box, _ := widget.Preview{
		Title: say("Effect of saving"), Revision: say("revision 4 812"),
		Effects: []widget.Effect{
			{Kind: widget.EffectLoses, Word: say("loses"), Count: say("9 people"), What: say("Read on DataService Studio"), Where: say("sales_dw 6 · risk_dw 3"), Names: say("ito, m.sato, chen.wei, a.kaya, and 5 more")},
			{Kind: widget.EffectKeeps, Word: say("keeps"), Count: say("5 people"), What: say("the same, because they also hold Develop")},
			{Kind: widget.EffectGains, Word: say("gains"), Count: say("14 people"), What: say("Write on DataStudio"), Where: say("all three workspaces")},
			{Kind: widget.EffectGrants, Word: say("grants"), Count: say("2 engines"), What: say("analyst_ro on warehouse_pg: no change")},
			{Kind: widget.EffectUnseen, Word: say("unseen"), What: say("legacy_hive could not be asked: no route from rg_prod (2 h ago)")},
		},
		Keys: []widget.FooterKey{{Key: "enter", Title: say("save")}, {Key: "esc", Title: say("back to the matrix")}, {Key: "w", Title: say("why for one person")}},
	}.Render(th, w, h, 0)
	return box
}

func drawErrorBox(th *theme.Theme, w, h int, say func(string) string) string {
	return widget.ErrorBox{
		Title: say("Data source warehouse_pg"), What: say("The server closed the connection while logging in."),
		Evidence: []string{say("FATAL: no pg_hba.conf entry for host \"10.0.3.7\", user \"reeve\"")},
		Next:     say("Allow 10.0.3.0/24 on the server, or choose a resource group in its network."),
		Keys:     []widget.FooterKey{{Key: "r", Title: say("try again")}, {Key: "n", Title: say("network")}},
	}.Render(th, w, h)
}

// drawLines stacks the widgets of one line.
func drawLines(th *theme.Theme, w, h int, say func(string) string) string {
	tabs := []string{say("Settings"), say("Data sources"), say("Computing resources"), say("Members"), say("Roles"), say("权限")}
	crumbs := widget.Crumbs{Logo: "reeve", Path: []string{say("acme"), say("cn-hangzhou"), say("sales_dw"), say("Members")}, Who: []string{say("zoe.park"), say("Workspace Administrator"), say("Enterprise")}}
	production := crumbs
	production.Production, production.Warning = true, say("PROD")
	keys := []widget.FooterKey{{Key: "a", Title: say("add")}, {Key: "r", Title: say("roles")}, {Key: "x", Title: say("remove")}, {Key: "w", Title: say("why")}, {Key: ":", Title: say("command")}, {Key: "?", Title: say("help")}}
	var toasts widget.Toasts
	toasts.Push(widget.ToastGood, say("3 members added"), time.Unix(0, 0), time.Second)
	text, role := toasts.Label(th)
	filter := widget.NewFilterLine("role:develop")
	filter.Hint = say("! negates")
	gauge := paint.NewLine(th, w).Gap(1)
	widget.Gauge{Used: 12.5, Max: 24, Floor: 8, Scale: 32}.Draw(gauge, w/2)
	full := paint.NewLine(th, w).Gap(1)
	widget.Gauge{Used: 7.5, Max: 8}.Draw(full, w/2)
	sparks := paint.NewLine(th, w).Gap(1)
	widget.Spark(sparks, theme.Accent, []float64{3, math.NaN(), 0, 8, -4, 20, math.Inf(1), 12.5, 30}, 30, w/3)
	sparks.Gap(1)
	widget.Spark(sparks, theme.Danger, nil, 0, 4)
	widget.Spark(sparks, theme.Danger, []float64{0, 0}, 0, 4)
	lines := []string{
		crumbs.Render(th, w), production.Render(th, w), paint.Rule(th, w), widget.Tabs(th, tabs, 3, w),
		widget.ListStatus{Count: say("4 of 1 284"), Parts: []string{say("filter: role:develop"), say("sort: Added")}, Marked: say("2 marked")}.Render(th, w),
		filter.Render(th, w), gauge.String(), full.String(), sparks.String(),
		widget.Footer(th, keys, 2, text, role, w), widget.Footer(th, keys, 2, "", theme.Muted, w),
	}
	return paint.Join(lines[:min(h, len(lines))]...)
}

func asIs(s string) string { return s }

func TestPiecesGolden(t *testing.T) {
	for name, draw := range pieces() {
		for _, tc := range []struct {
			label string
			th    *theme.Theme
			size  tuitest.Size
		}{
			{"dark-110", theme.New(theme.Dark), tuitest.Size{W: 110, H: 22}},
			{"mono-48", theme.New(theme.Mono), tuitest.Size{W: 48, H: 14}},
			{"ascii-64", theme.New(theme.Light).WithASCII(), tuitest.Size{W: 64, H: 20}},
		} {
			t.Run(name+"/"+tc.label, func(t *testing.T) {
				got := draw(tc.th, tc.size.W, tc.size.H, asIs)
				tuitest.Invariants(t, got, tc.size.W, tc.size.H)
				_, h := paint.Size(got)
				tuitest.Golden(t, name+"/"+tc.label, tuitest.Grid(got, tc.size.W, h))
			})
		}
	}
}

func TestPiecesSweep(t *testing.T) {
	texts := map[string]func(string) string{
		"as is": asIs,
		"empty": func(string) string { return "" },
		"wide":  func(s string) string { return strings.Repeat("数据", len(s)/2) },
		"long":  func(s string) string { return strings.Repeat(s+" ", 12) },
		"hostile": func(s string) string {
			return "\x1b[2J" + s + "\u202e👨\u200d👩\u200d👧 ❤️\r\n\t\u0301\xff"
		},
	}
	heights := []int{1, 2, 3, 5, 8, 13, 24}
	for name, draw := range pieces() {
		for kind, say := range texts {
			t.Run(name+"/"+kind, func(t *testing.T) {
				for _, th := range []*theme.Theme{theme.New(theme.Dark), theme.New(theme.Mono).WithASCII()} {
					for _, w := range []int{1, 2, 3, 5, 8, 12, 17, 23, 31, 40, 55, 57, 60, 71, 80, 99, 120, 200} {
						for _, h := range heights {
							if overlay(name) && h < 8 {
								continue // the console's least window is higher
							}
							tuitest.Invariants(t, draw(th, w, h, say), w, h)
							if t.Failed() {
								t.Fatalf("at %dx%d", w, h)
							}
						}
					}
				}
			})
		}
	}
}

func overlay(name string) bool {
	return name == "dialog" || name == "picker" || name == "palette" || name == "help" || name == "preview"
}

func TestASCIIDrawsASCIIOnly(t *testing.T) {
	th := theme.New(theme.Dark).WithASCII()
	ascii := func(s string) string { return strings.Map(func(r rune) rune { return min(r, '~') }, s) }
	for name, draw := range pieces() {
		for _, w := range []int{40, 80, 120} {
			for _, r := range draw(th, w, 20, ascii) {
				if r > '~' && !strings.ContainsRune("陈梅", r) {
					t.Fatalf("%s draws %q", name, r)
				}
			}
		}
	}
}
