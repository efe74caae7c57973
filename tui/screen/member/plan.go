package member

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/core/control"
	core "reeve/core/member"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// planBox shows what an import would do, row by row, and carries it out.
type planBox struct {
	screen.Wordless
	list *List
	env  *screen.Env
	planned
	// rows are those shown, as indexes into the plan: without those that stay the same, or only those handed back.
	rows        []int
	onlyBad     bool
	done        bool // it was carried out; what is left are the rows handed back
	cursor, top int
	page        int
}

func newPlanBox(list *List, p planned) *planBox {
	b := &planBox{list: list, env: list.env, planned: p, page: 1}
	b.choose()
	return b
}

// choose picks the rows to show. Those that take people out come first of all: they must not go unseen behind many others.
func (b *planBox) choose() {
	b.rows, b.cursor, b.top = nil, 0, 0
	for _, pass := range []bool{true, false} {
		for i, d := range b.plan.Rows {
			gone := d.Result == core.Removes || d.Result == core.Kept
			if gone == pass && d.Result != core.Same && (!b.onlyBad || d.Result == core.Rejected) {
				b.rows = append(b.rows, i)
			}
		}
	}
}

// Key implements screen.Overlay.
func (b *planBox) Key(k tea.KeyPressMsg, _ time.Time) ([]screen.Event, bool) {
	switch k.String() {
	case "esc", "q":
		return nil, true
	case "up", "k":
		b.cursor--
	case "down", "j":
		b.cursor++
	case "pgup":
		b.cursor -= b.page
	case "pgdown", "space":
		b.cursor += b.page
	case "home", "g":
		b.cursor = 0
	case "end", "G":
		b.cursor = len(b.rows) - 1
	case "b":
		b.onlyBad = !b.onlyBad
		b.choose()
	case "s":
		return b.save(), false
	case "x":
		if !b.done {
			in := b.in
			in.Exactly = !in.Exactly
			return b.again(in), false
		}
	case "enter":
		return b.apply(), b.done
	}
	b.cursor = max(0, min(b.cursor, len(b.rows)-1))
	return nil, false
}

// again asks anew what would be done.
func (b *planBox) again(in core.Import) []screen.Event {
	return []screen.Event{screen.Run("plan", "", func(ctx context.Context) (core.Plan, error) { return b.env.Members.Plan(ctx, b.list.ref, in) },
		func(p core.Plan, err error) []screen.Event {
			if err != nil {
				return b.env.Fail(err)
			}
			b.in, b.plan = in, p
			b.choose()
			return nil
		})}
}

// save writes the rows handed back into a file that can be mended and imported.
func (b *planBox) save() []screen.Event {
	rows := b.plan.Written(b.env.Say.Say)
	if len(rows) == 0 {
		return []screen.Event{screen.Say{Level: widget.ToastInfo, Text: message.Text{ID: "import.no_rejects"}}}
	}
	data, err := core.WriteRows(rows, b.format)
	if err != nil {
		return b.env.Fail(err)
	}
	ending := map[core.Format]string{core.JSON: ".json", core.Lines: ".txt"}[b.format]
	if ending == "" {
		ending = ".csv"
	}
	return []screen.Event{screen.Save{Name: "rejected-" + b.list.ref.Workspace + ending, Data: data}}
}

// apply shows the effect on access, and carries the import out on a yes: only if it still does what is shown here.
func (b *planBox) apply() []screen.Event {
	env, ref := b.env, b.list.ref
	if b.done {
		return nil
	}
	if b.plan.Empty() {
		return []screen.Event{screen.Say{Level: widget.ToastInfo, Text: message.Text{ID: "import.nothing"}}}
	}
	in := b.in
	in.Seen, in.OwnLoss = b.plan.Fingerprint, true // the preview says so
	return env.Confirm(env.Fail, nil, env.Text("action.member.import.short"),
		func(ctx context.Context) (control.Outcome, error) { return env.Members.PreviewImport(ctx, ref, in) },
		func() []screen.Event {
			return []screen.Event{screen.Run("import", env.Text("job.saving"), func(ctx context.Context) (core.Plan, error) {
				return env.Members.Import(ctx, ref, in)
			}, func(done core.Plan, err error) []screen.Event {
				if err != nil {
					return append(env.Fail(err), b.again(b.in)...)
				}
				b.list.Unmark()
				events := []screen.Event{screen.Hide{Overlay: b}, screen.Did{Text: message.Text{ID: "import.done", Args: counts(done)}}}
				if done.Count[core.Rejected] > 0 {
					left := newPlanBox(b.list, planned{in, b.format, done})
					left.done, left.onlyBad = true, true
					left.choose()
					events = append(events, screen.Show{Overlay: left})
				}
				return events
			})}
		})
}

func counts(p core.Plan) message.Args {
	return message.Args{"Added": p.Count[core.Adds], "Changed": p.Count[core.Changes], "Removed": p.Count[core.Removes],
		"Same": p.Count[core.Same], "Rejected": p.Count[core.Rejected]}
}

// planWidth is as wide as the box gets.
const planWidth = 110

// Box implements screen.Overlay.
func (b *planBox) Box(th *theme.Theme, w, h int) string {
	w = min(w, planWidth)
	inner := w - 4
	head, foot := b.head(th, inner), b.foot(th, inner)
	b.page = max(1, h-2-len(head)-len(foot))
	b.top = max(0, min(b.top, len(b.rows)-b.page))
	b.top = max(min(b.top, b.cursor), b.cursor-b.page+1)
	lines := head
	for i := b.top; i < min(len(b.rows), b.top+b.page); i++ {
		lines = append(lines, b.line(th, inner, b.plan.Rows[b.rows[i]], i == b.cursor))
	}
	if len(b.rows) == 0 {
		lines = append(lines, paint.NewLine(th, inner).Text(theme.Muted, b.env.Text("import.none_shown")).String())
	}
	return paint.Overlaid(th, b.env.With("import.title", message.Args{"Workspace": b.list.ref.Workspace}), b.note(), append(lines, foot...), w)
}

func (b *planBox) note() string {
	if len(b.rows) == 0 {
		return ""
	}
	return strconv.Itoa(b.cursor+1) + " / " + widget.Grouped(len(b.rows))
}

func (b *planBox) head(th *theme.Theme, w int) []string {
	env := b.env
	mode, id := env.Text("import.exactly.off"), "import.counts"
	if b.in.Exactly {
		mode = env.Text("import.exactly.on")
	}
	if b.done {
		id = "import.done"
	}
	lines := []string{paint.NewLine(th, w).Text(theme.Accent, mode).String()}
	for _, part := range paint.Wrap(env.With(id, counts(b.plan)), w) {
		lines = append(lines, paint.NewLine(th, w).Text(theme.Text, part).String())
	}
	loud := ""
	switch n := b.plan.Count[core.Removes]; {
	case b.plan.HeldBack > 0:
		loud = env.With("import.held_back", message.Args{"Count": b.plan.HeldBack})
	case n > 0 && !b.done:
		loud = env.With("import.removes", message.Args{"Count": n})
	}
	for _, part := range paint.Wrap(loud, w) {
		if part != "" {
			lines = append(lines, paint.NewLine(th, w).Text(theme.DangerStrong, part).String())
		}
	}
	return append(lines, paint.Empty(w))
}

func (b *planBox) line(th *theme.Theme, w int, d core.Difference, selected bool) string {
	l := paint.NewLine(th, w)
	bar := " "
	if selected {
		l.On(theme.Selected)
		bar = th.Glyphs.Bar
	}
	at := ""
	if d.Row.Line > 0 {
		at = strconv.Itoa(d.Row.Line)
	}
	l.Text(theme.Bar, bar).Cell(theme.Faint, at, 6, paint.Right).Gap(1).
		Cell(resultRole(d.Result), b.env.Text("import.result."+string(d.Result)), 9, paint.Left).Gap(1).
		Cell(theme.Text, d.User, max(10, min(24, w/4)), paint.Left).Gap(1).Text(theme.Muted, b.what(d))
	if selected {
		l.Fill(theme.Blank, " ")
	}
	return l.String()
}

func resultRole(r core.Result) theme.Role {
	switch r {
	case core.Adds:
		return theme.GoodStrong
	case core.Removes:
		return theme.DangerStrong
	case core.Rejected, core.Kept:
		return theme.WarningStrong
	case core.Changes:
		return theme.AccentStrong
	case core.Same:
	}
	return theme.Muted
}

// what says what becomes of the roles of a row, or why it is handed back.
func (b *planBox) what(d core.Difference) string {
	if len(d.Bad) > 0 {
		return d.Why(b.env.Say.Say)
	}
	var parts []string
	for _, c := range d.Changes {
		parts = append(parts, b.env.Say.Say(c.Text(func(t time.Time) string { return b.env.Until(&t) })))
	}
	return strings.Join(parts, ", ")
}

// detail are the lines that the row under the cursor has at most under the rows, in full.
const detail = 3

func (b *planBox) foot(th *theme.Theme, w int) []string {
	env := b.env
	lines := []string{paint.Empty(w)}
	if b.cursor < len(b.rows) {
		d := b.plan.Rows[b.rows[b.cursor]]
		parts := paint.Wrap(fmt.Sprintf("%s: %s", d.User, b.what(d)), w)
		for _, part := range parts[:min(detail, len(parts))] {
			lines = append(lines, paint.NewLine(th, w).Text(theme.Text, part).String())
		}
	}
	keys := paint.NewLine(th, w)
	if !b.done {
		keys.Text(theme.Key, "enter").Gap(1).Text(theme.KeyTitle, env.Text("action.member.import.short")).Gap(2).
			Text(theme.Key, "x").Gap(1).Text(theme.KeyTitle, env.Text("import.key.exactly")).Gap(2)
	}
	keys.Text(theme.Key, "b").Gap(1).Text(theme.KeyTitle, env.Text("import.key.rejected")).Gap(2).
		Text(theme.Key, "s").Gap(1).Text(theme.KeyTitle, env.Text("import.key.save")).Gap(2).
		Text(theme.Key, "esc").Gap(1).Text(theme.KeyTitle, env.Text("form.leave"))
	return append(lines, keys.String())
}
