package widget_test

import (
	"strings"
	"testing"

	"reeve/tui/theme"
	"reeve/tui/tuitest"
	"reeve/tui/widget"
)

func workspaceForm() *widget.Form {
	options := []widget.Option{{ID: "simple", Label: "Simple"}, {ID: "standard", Label: "Standard"}, {ID: "old", Label: "Old", Disabled: "no longer sold"}}
	people := []widget.Option{{ID: "lin", Label: "lin"}, {ID: "mei", Label: "mei", Disabled: "left"}, {ID: "zoe", Label: "zoe"}}
	return widget.NewForm(
		widget.NoteField("A note"),
		widget.TextField("region", "Region", "hz").WithDisabled("set by the region switcher"),
		widget.TextField("name", "Name", "").WithValidate(func(v string) string {
			if strings.ContainsAny(v, " -") {
				return "letters, digits and _ only"
			}
			return ""
		}),
		widget.SelectField("mode", "Mode", options, "simple"),
		widget.MultiField("admins", "Administrators", people, []string{"zoe"}),
		widget.ToggleField("prod", "Production", false),
	)
}

func TestFormFillsIn(t *testing.T) {
	for name, tc := range map[string]struct {
		keys  string
		field string
		want  string
		event widget.FormEvent
	}{
		"begins at the first that can be changed": {"text:sales", "name", "sales", widget.FormHandled},
		"closed fields stay":                      {"up text:x", "region", "hz", widget.FormHandled},
		"select steps over closed options":        {"tab right right", "mode", "simple", widget.FormHandled},
		"select steps back":                       {"tab left", "mode", "standard", widget.FormHandled},
		"select by letter":                        {"tab text:S", "mode", "standard", widget.FormHandled},
		"select by letter, not a closed one":      {"tab text:o", "mode", "simple", widget.FormHandled},
		"several":                                 {"tab tab space", "admins", "lin,zoe", widget.FormHandled},
		"several, not the closed one":             {"tab tab down space", "admins", "zoe", widget.FormHandled},
		"several, leave one":                      {"tab tab down down space", "admins", "", widget.FormHandled},
		"toggle":                                  {"tab tab tab space", "prod", "true", widget.FormHandled},
		"toggle no":                               {"tab tab tab space n", "prod", "", widget.FormHandled},
		"shift+tab goes back":                     {"tab tab shift+tab right", "mode", "standard", widget.FormHandled},
		"enter goes on":                           {"enter right", "mode", "standard", widget.FormHandled},
		"enter in the last submits":               {"enter enter enter enter", "mode", "simple", widget.FormSubmit},
		"ctrl+s submits":                          {"ctrl+s", "mode", "simple", widget.FormSubmit},
		"esc is the caller's":                     {"esc", "mode", "simple", widget.FormIgnored},
	} {
		t.Run(name, func(t *testing.T) {
			f := workspaceForm()
			event := press(t, tc.keys, f.HandleKey)
			if f.Value(tc.field) != tc.want || event != tc.event {
				t.Errorf("got %q and event %d, want %q and %d", f.Value(tc.field), event, tc.want, tc.event)
			}
		})
	}
}

func TestFormKnowsWhetherItChanged(t *testing.T) {
	f := workspaceForm()
	press(t, "text:a", f.HandleKey)
	if !f.Dirty() {
		t.Errorf("a change was missed")
	}
	press(t, "backspace tab right left", f.HandleKey)
	if f.Dirty() {
		t.Errorf("what was taken back counts as a change")
	}
	press(t, "right", f.HandleKey)
	f.Clean()
	if f.Dirty() {
		t.Errorf("what was saved counts as a change")
	}
}

func screenOf(f *widget.Form, w, h int) string {
	return strings.Join(tuitest.Grid(f.Render(theme.New(theme.Mono), w, h), w, h).Text, "\n")
}

func TestFormShowsAllProblemsAtOnce(t *testing.T) {
	f := workspaceForm()
	press(t, "text:a-b", f.HandleKey)
	if s := screenOf(f, 80, 24); !strings.Contains(s, "letters, digits and _ only") {
		t.Errorf("a problem is not shown while typing:\n%s", s)
	}
	f.Focus("prod")
	f.SetErrors(map[string]string{"mode": "not in this edition", "admins": "at least two"})
	s := screenOf(f, 80, 24)
	if !strings.Contains(s, "not in this edition") || !strings.Contains(s, "at least two") || strings.Contains(s, "digits") {
		t.Errorf("the problems are not those given:\n%s", s)
	}
	if f.Focused() != "mode" {
		t.Errorf("the cursor is on %s", f.Focused())
	}
	if problems := f.Check(); len(problems) != 1 || problems["name"] == "" {
		t.Errorf("checked: %v", problems)
	}
}

func TestFormScrollsToItsCursor(t *testing.T) {
	f := workspaceForm()
	for _, key := range []string{"name", "mode", "admins", "prod", "name"} {
		f.Focus(key)
		label := map[string]string{"name": "Name", "mode": "Mode", "admins": "Administrators", "prod": "Production"}[key]
		if s := screenOf(f, 40, 5); !strings.Contains(s, "▌ "+label) {
			t.Errorf("%s is not in sight:\n%s", key, s)
		}
	}
}

func TestFormCursor(t *testing.T) {
	f := workspaceForm()
	press(t, "text:数据a left", f.HandleKey)
	s := tuitest.Grid(f.Render(theme.New(theme.Mono), 80, 24), 80, 24)
	x, y, ok := f.Cursor()
	if !ok || !strings.Contains(s.Text[y], "数据a") || x != strings.Index(s.Text[y], "数")-len("▌")+1+4 {
		t.Errorf("the cursor is at %d,%d %v in\n%s", x, y, ok, strings.Join(s.Text, "\n"))
	}
	f.Focus("prod")
	f.Render(theme.New(theme.Mono), 80, 24)
	if _, _, ok := f.Cursor(); ok {
		t.Errorf("a toggle has a text cursor")
	}
}

func TestFormPasteAndOptions(t *testing.T) {
	f := workspaceForm()
	f.Paste("one\ntwo")
	if f.Value("name") != "one two" {
		t.Errorf("pasted %q", f.Value("name"))
	}
	f.SetOptions("admins", []widget.Option{{ID: "lin", Label: "lin"}})
	if f.Value("admins") != "" {
		t.Errorf("a choice that is gone stayed: %q", f.Value("admins"))
	}
	f.SetDisabled("name", "closed")
	if f.Focused() != "mode" {
		t.Errorf("the cursor stayed on a closed field: %s", f.Focused())
	}
}

func TestOptionsBelowOneAnotherAreWalkedUpAndDown(t *testing.T) {
	var options []widget.Option
	for _, id := range []string{"none", "read", "closed", "auditor", "operator"} {
		options = append(options, widget.Option{ID: id, Label: id, Detail: strings.Repeat("all of it ", 4)})
	}
	options[2].Disabled = "not here"
	f := widget.NewForm(widget.SelectField("start", "Begin with", options, "none"), widget.TextField("name", "Name", ""))
	f.Render(mono(), 40, 20)
	for _, step := range []struct{ key, focus, value string }{
		{"up", "start", "none"}, {"down", "start", "read"}, {"down", "start", "auditor"}, {"down", "start", "operator"},
		{"up", "start", "auditor"}, {"down", "start", "operator"}, {"down", "name", "operator"},
	} {
		press(t, step.key, f.HandleKey)
		if f.Focused() != step.focus || f.Value("start") != step.value {
			t.Fatalf("after %s: %s on %s, want %s on %s", step.key, f.Value("start"), f.Focused(), step.value, step.focus)
		}
	}
	if out := f.Render(mono(), 40, 20); strings.Count(out, "all of it") != 0 {
		t.Errorf("a detail is said while another field has the cursor:\n%s", out)
	}
	press(t, "up", f.HandleKey)
	if out := f.Render(mono(), 40, 20); strings.Count(out, "all of it") < 3 {
		t.Errorf("the detail of the chosen one is not said in full:\n%s", out)
	}
}
