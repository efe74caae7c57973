package bootstrap

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/core/action"
	core "reeve/core/bootstrap"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// wizard asks for the five parts, a page for each; all but the first can be left out. It lies over the screen, and the plan
// that its answers come to lies over it.
type wizard struct {
	env   *screen.Env
	start core.Spec
	forms []*widget.Form
	skip  [core.Parts]bool
	at    int
	// rows says which row of the members' page each member that was asked for came from.
	rows    []int
	problem string
	busy    bool
	warned  bool
	// begin makes the run of what was planned.
	begin func(ctx context.Context, spec core.Spec) (core.Run, error)
}

// newWizard makes it; spec is what stands in the fields at first.
func newWizard(env *screen.Env, spec core.Spec, begin func(context.Context, core.Spec) (core.Run, error)) *wizard {
	w := &wizard{env: env, start: spec, begin: begin}
	w.forms = []*widget.Form{w.workspace(), w.group(), w.members(), w.engine(), w.source()}
	return w
}

// Key implements screen.Overlay.
func (w *wizard) Key(k tea.KeyPressMsg, _ time.Time) ([]screen.Event, bool) {
	if w.busy {
		return nil, k.String() == "esc"
	}
	switch k.String() {
	case "esc":
		if slices.ContainsFunc(w.forms, (*widget.Form).Dirty) && !w.warned {
			w.warned = true
			return nil, false
		}
		return nil, true
	case "ctrl+b":
		w.at, w.warned = max(0, w.at-1), false
		return nil, false
	case "ctrl+k":
		if w.at > 0 {
			w.skip[w.at] = true
			return w.next(), false
		}
		return nil, false
	}
	w.warned = false
	switch w.forms[w.at].HandleKey(k) {
	case widget.FormSubmit:
		return w.next(), false
	case widget.FormHandled:
		w.skip[w.at] = false
	case widget.FormIgnored:
	}
	return nil, false
}

// next goes to the next page, and after the last one plans.
func (w *wizard) next() []screen.Event {
	if len(w.forms[w.at].Check()) > 0 && !w.skip[w.at] {
		return nil
	}
	if w.at < len(w.forms)-1 {
		w.at++
		return nil
	}
	w.busy, w.problem = true, ""
	spec := w.spec()
	return []screen.Event{screen.Run("plan", w.env.Text("bootstrap.planning"), func(ctx context.Context) (core.Plan, error) { return w.env.Bootstraps.Plan(ctx, spec) },
		func(plan core.Plan, err error) []screen.Event {
			w.busy = false
			if err != nil {
				return w.failed(err)
			}
			return []screen.Event{screen.Show{Overlay: w.planned(plan)}}
		})}
}

// failed takes what is wrong to the fields, and goes to the first page that has one of them.
func (w *wizard) failed(err error) []screen.Event {
	wrong, problems := screen.Wrong(err), []string{}
	w.problem = ""
	if len(wrong) == 0 {
		w.problem = w.env.Sentence(err)
	}
	pages := make([]map[string]string, len(w.forms))
	for i := range pages {
		pages[i] = map[string]string{}
	}
	for _, field := range wrong {
		page, key := w.where(field.Name)
		what := w.env.Say.Say(field.Text)
		if w.forms[page].Field(key) == nil {
			problems = append(problems, what)
			continue
		}
		pages[page][key] = strings.TrimSpace(pages[page][key] + " " + what)
	}
	if len(problems) > 0 {
		w.problem = strings.Join(problems, "\n")
	}
	first := -1
	for i, form := range w.forms {
		form.SetErrors(pages[i])
		if len(pages[i]) > 0 && first < 0 {
			first = i
		}
	}
	if first >= 0 {
		w.at = first
	}
	return nil
}

// where is the page and the field of a fault of a plan.
func (w *wizard) where(name string) (page int, key string) {
	part, rest, _ := strings.Cut(name, ".")
	switch {
	case part == "resource_group":
		return 1, name
	case strings.HasPrefix(part, "members["):
		i, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(part, "members["), "]"))
		if i < len(w.rows) {
			return 2, map[string]string{"user": "users", "roles": "roles"}[rest] + strconv.Itoa(w.rows[i])
		}
		return 2, name
	case part == "engine":
		return 3, name
	case part == "data_source":
		env, _, deeper := strings.Cut(rest, ".")
		if deeper {
			return 4, part + "." + env
		}
		return 4, name
	}
	return 0, name
}

// planned shows a plan; it is carried out from there.
func (w *wizard) planned(plan core.Plan) screen.Overlay {
	env := w.env
	box := &screen.Pages{Title: env.With("bootstrap.plan.title", message.Args{"Workspace": plan.Spec.Workspace.Name}), Note: plan.Spec.Region, Width: 96}
	_, denied := plan.Denied()
	box.Lines = func(th *theme.Theme, width int) []string {
		var lines []string
		for _, s := range plan.Steps {
			lines = append(lines, planLines(env, th, width, s)...)
		}
		hint := paint.NewLine(th, width)
		if denied {
			hint.Text(theme.Warning, env.Text("bootstrap.plan.denied"))
		} else {
			hint.Text(theme.Key, "ctrl+s").Gap(1).Text(theme.KeyTitle, env.Text("bootstrap.apply")).Gap(3)
			hint.Text(theme.Key, "esc").Gap(1).Text(theme.KeyTitle, env.Text("form.leave"))
		}
		return append(lines, paint.Empty(width), hint.String())
	}
	box.Keys = map[string]func() ([]screen.Event, bool){"ctrl+s": func() ([]screen.Event, bool) {
		if denied {
			return nil, false
		}
		return []screen.Event{screen.Run("begin", env.Text("bootstrap.planning"), func(ctx context.Context) (core.Run, error) { return w.begin(ctx, plan.Spec) },
			func(run core.Run, err error) []screen.Event {
				if err != nil {
					return append(w.failed(err), screen.Hide{Overlay: box})
				}
				return []screen.Event{screen.Hide{Overlay: box}, screen.Hide{Overlay: w}, open(run, action.BootstrapResume)}
			})}, false
	}}
	return box
}

func planLines(env *screen.Env, th *theme.Theme, w int, s core.Planned) []string {
	role := map[core.Will]theme.Role{core.WillDo: theme.Accent, core.WillFind: theme.Good, core.WillLack: theme.Faint, core.WillRefuse: theme.Danger}[s.Will]
	words := env.Say.Say(s.Said)
	if len(s.Ask) > 0 {
		words += " " + env.With("fault.denied.ask", message.Args{"Who": strings.Join(s.Ask, ", ")})
	}
	return stepLines(env, th, w, s.Part, env.Text("bootstrap.will."+string(s.Will)), role, words, nil)
}

// stepLines is a step: which part it belongs to, how it stands, and in words what it is and what it said.
func stepLines(env *screen.Env, th *theme.Theme, w, part int, state string, role theme.Role, words string, said []string) []string {
	const left = 2 + 16 + 14
	var lines []string
	for i, text := range paint.Wrap(words, max(8, w-left)) {
		line := paint.NewLine(th, w)
		if i == 0 {
			line.Text(theme.Faint, strconv.Itoa(part)).Gap(1).Cell(theme.Text, env.Text("bootstrap.part."+strconv.Itoa(part)), 16, paint.Left).Cell(role, state, 14, paint.Left)
		} else {
			line.Gap(left)
		}
		lines = append(lines, line.Text(theme.Text, text).String())
	}
	for _, sentence := range said {
		for _, text := range paint.Wrap(sentence, max(8, w-4)) {
			lines = append(lines, paint.NewLine(th, w).Gap(4).Text(theme.Muted, text).String())
		}
	}
	return lines
}

// Paste implements screen.Overlay.
func (w *wizard) Paste(s string) []screen.Event { w.forms[w.at].Paste(s); return nil }

// Cursor implements screen.Overlay.
func (w *wizard) Cursor() (x, y int, ok bool) {
	x, y, ok = w.forms[w.at].Cursor()
	return x + 2, y + 1, ok
}

// width is as wide as a form is comfortable to read.
const width = 76

// Box implements screen.Overlay.
func (w *wizard) Box(th *theme.Theme, wide, high int) string {
	wide = min(wide, width)
	inner := wide - 4
	foot := w.foot(th, inner)
	lines := paint.Lines(w.forms[w.at].Render(th, inner, max(3, high-2-len(foot))))
	title := w.env.With("bootstrap.page", message.Args{"Part": w.at + 1, "Parts": core.Parts, "Name": w.env.Text("bootstrap.part." + strconv.Itoa(w.at+1))})
	note := w.start.Region
	if w.skip[w.at] {
		note = w.env.Text("bootstrap.will.skip")
	}
	return paint.Overlaid(th, title, note, append(lines, foot...), wide)
}

func (w *wizard) foot(th *theme.Theme, inner int) []string {
	var lines []string
	for _, s := range paint.Wrap(w.problem, inner) {
		if s != "" {
			lines = append(lines, paint.NewLine(th, inner).Text(theme.Danger, s).String())
		}
	}
	hint := paint.NewLine(th, inner)
	key := func(k, id string) { hint.Text(theme.Key, k).Gap(1).Text(theme.KeyTitle, w.env.Text(id)).Gap(2) }
	switch {
	case w.warned:
		hint.Text(theme.Warning, w.env.Text("form.unsaved"))
	case w.busy:
		hint.Text(theme.Muted, w.env.Text("form.busy"))
	default:
		next := "bootstrap.next"
		if w.at == len(w.forms)-1 {
			next = "bootstrap.to_plan"
		}
		key("ctrl+s", next)
		if w.at > 0 {
			key("ctrl+k", "bootstrap.skip")
			key("ctrl+b", "bootstrap.back")
		}
		key("esc", "form.leave")
	}
	return append(lines, hint.String())
}
