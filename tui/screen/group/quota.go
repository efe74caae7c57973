package group

import (
	"context"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	core "reeve/core/group"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/screen"
	"reeve/tui/theme"
)

// quotaBox edits the shares of a group: what each module is kept and may use, with what is wrong and what it would do as one
// types.
type quotaBox struct {
	acts
	g    core.Group
	load core.Load
	// cells are what is typed, a minimum and a maximum for each module; an empty maximum is no cap.
	cells [][2]string
	row   int
	col   int
	lends bool
	dirty bool
	// warned says that leaving would lose what was typed, problem what went wrong with saving.
	warned  bool
	problem string
	busy    bool
}

// quota asks what runs and waits, and opens the editor with it.
func (a acts) quota(g core.Group) []screen.Event {
	return []screen.Event{screen.Run("load", "", func(ctx context.Context) (core.Load, error) { return a.env.Groups.Load(ctx, ref(g)) },
		func(l core.Load, err error) []screen.Event {
			if err != nil {
				return a.env.Fail(err)
			}
			return []screen.Event{screen.Show{Overlay: newQuotaBox(a, g, l)}}
		})}
}

func newQuotaBox(a acts, g core.Group, l core.Load) *quotaBox {
	b := &quotaBox{acts: a, g: g, load: l, lends: g.Lends}
	for _, m := range core.Modules() {
		q, most := g.Shares.Of(m), ""
		if q.Max != nil {
			most = strconv.Itoa(*q.Max)
		}
		b.cells = append(b.cells, [2]string{strconv.Itoa(q.Min), most})
	}
	return b
}

// typed is the group with what is typed. What is no number is kept as one that no rule lets pass.
func (b *quotaBox) typed() core.Group {
	g := b.g
	g.Lends, g.Shares = b.lends, nil
	for i, m := range core.Modules() {
		q := core.Quota{Module: m, Min: number(b.cells[i][0])}
		if most := strings.TrimSpace(b.cells[i][1]); most != "" {
			n := number(most)
			q.Max = &n
		}
		if q.Min != 0 || q.Max != nil {
			g.Shares = append(g.Shares, q)
		}
	}
	return g
}

// Key implements screen.Overlay.
func (b *quotaBox) Key(k tea.KeyPressMsg, _ time.Time) ([]screen.Event, bool) {
	key := k.String()
	if key == "esc" {
		if b.dirty && !b.warned {
			b.warned = true
			return nil, false
		}
		return nil, true
	}
	b.warned, b.problem = false, ""
	cell := &b.cells[b.row][b.col]
	switch key {
	case "up":
		b.row = max(0, b.row-1)
	case "down":
		b.row = min(len(b.cells)-1, b.row+1)
	case "left", "right":
		b.col = 1 - b.col
	case "tab", "enter":
		b.row, b.col = (b.row+b.col)%len(b.cells), 1-b.col
	case "shift+tab":
		b.row, b.col = (b.row-1+b.col+len(b.cells))%len(b.cells), 1-b.col
	case "backspace":
		if *cell != "" {
			*cell, b.dirty = (*cell)[:len(*cell)-1], true
		}
	case "ctrl+u", "delete":
		*cell, b.dirty = "", true
	case "l":
		b.lends, b.dirty = !b.lends, true
	case "ctrl+s":
		return b.save(), false
	default:
		b.put(k.Text)
	}
	return nil, false
}

// put types digits into the cell under the cursor; a minimum of 0 gives way to the first.
func (b *quotaBox) put(s string) {
	cell := &b.cells[b.row][b.col]
	for _, r := range s {
		if r < '0' || r > '9' || len(*cell) >= 5 {
			continue
		}
		if *cell == "0" {
			*cell = ""
		}
		*cell += string(r)
		b.dirty = true
	}
}

// Paste implements screen.Overlay.
func (b *quotaBox) Paste(s string) []screen.Event { b.put(s); return nil }

// save asks for nothing more: what it would do has been seen while it was typed.
func (b *quotaBox) save() []screen.Event {
	after := b.typed()
	if b.busy || len(after.Shares.Faults(b.g.Size)) > 0 {
		return nil
	}
	b.busy = true
	in := core.QuotaEdit{Lends: &after.Lends, Version: b.g.Version}
	for _, m := range core.Modules() {
		in.Set = append(in.Set, after.Shares.Of(m))
	}
	return b.run("quota", func(err error) []screen.Event {
		b.busy, b.problem = false, b.env.Sentence(err)
		return nil
	}, func(ctx context.Context) (core.Group, error) {
		e, err := b.env.Groups.SetQuota(ctx, ref(b.g), in)
		return e.After, err
	}, func(g core.Group) []screen.Event {
		return []screen.Event{screen.Hide{Overlay: b}, did("group.quota_set", g)}
	})
}

// The columns of the editor.
const (
	quotaWidth = 76
	quotaName  = 22
	quotaCell  = 8
)

// Cursor implements screen.Overlay.
func (b *quotaBox) Cursor() (x, y int, ok bool) {
	const edge, head = 2, 4 // an edge and a space; an edge, the bar, what it means and the titles
	return edge + quotaName + 1 + b.col*(quotaCell+1) + 1 + len(b.cells[b.row][b.col]), head + b.row, true
}

// Box implements screen.Overlay.
func (b *quotaBox) Box(th *theme.Theme, w, h int) string {
	env, after := b.env, b.typed()
	w = min(w, quotaWidth)
	inner := w - 4
	lines := []string{b.bar(th, after, inner), b.legend(th, after, inner),
		paint.NewLine(th, inner).Gap(quotaName+1).Cell(theme.Header, env.Text("column.min"), quotaCell, paint.Left).Gap(1).
			Cell(theme.Header, env.Text("column.max"), quotaCell, paint.Left).Gap(1).Text(theme.Header, env.Text("column.in_use")).String()}
	for i, m := range core.Modules() {
		l := paint.NewLine(th, inner).Cell(theme.Text, env.Text("group.module."+string(m)), quotaName, paint.Left).Gap(1)
		for col, value := range b.cells[i] {
			role := theme.Text
			if i == b.row && col == b.col {
				role = theme.Accent
			}
			if value == "" && col == 1 && (i != b.row || b.col != 1) {
				value, role = env.Text("group.no_cap"), theme.Faint
			}
			l.Text(theme.Faint, th.Glyphs.Bar).Cell(role, value, quotaCell-1, paint.Left).Gap(1)
		}
		lines = append(lines, l.Text(theme.Muted, halves(b.load.Use.Modules[m])).String())
	}
	lines = append(lines, paint.Empty(inner))
	notes := b.notes(th, after, inner)
	foot := b.foot(th, inner)
	if room := h - 2 - len(lines) - len(foot); len(notes) > room {
		notes = notes[:max(0, room)]
	}
	return paint.Overlaid(th, env.With("group.quota.title", message.Args{"Name": b.g.Name}), cu(env, b.g.Size), append(append(lines, notes...), foot...), w)
}

// portion is a part of the bar: so much of the group, drawn so, and what it is called.
type portion struct {
	of    core.Half
	role  theme.Role
	glyph string
	name  string
}

// portions are what is kept and in use, what is borrowed, what is kept and idle, and what is free.
func (b *quotaBox) portions(th *theme.Theme, after core.Group) []portion {
	var used, borrowed, kept core.Half
	for _, m := range core.Modules() {
		low, now := core.Half(2*max(0, after.Shares.Of(m).Min)), b.load.Use.Modules[m]
		used += min(low, now)
		kept += max(0, low-now)
		borrowed += max(0, now-low)
	}
	return []portion{{used, theme.GaugeUsed, th.Glyphs.Block, "group.quota.bar.used"}, {borrowed, theme.GaugeHigh, th.Glyphs.Block, "group.quota.bar.borrowed"},
		{kept, theme.Accent, th.Glyphs.Floor, "group.quota.bar.kept"}, {max(0, core.Half(2*after.Size)-used-borrowed-kept), theme.GaugeRest, th.Glyphs.Rest, "group.quota.bar.free"}}
}

// bar draws the size of the group as one bar of its portions.
func (b *quotaBox) bar(th *theme.Theme, after core.Group, w int) string {
	l := paint.NewLine(th, w)
	size := max(1, 2*after.Size)
	at, done := 0, 0
	for _, p := range b.portions(th, after) {
		at += int(p.of)
		if end := min(w, at*w/size); end > done {
			l.Repeat(p.role, p.glyph, end-done)
			done = end
		}
	}
	return l.String()
}

// legend names the portions of the bar.
func (b *quotaBox) legend(th *theme.Theme, after core.Group, w int) string {
	l := paint.NewLine(th, w)
	for _, p := range b.portions(th, after) {
		l.Text(p.role, p.glyph).Gap(1).Text(theme.Muted, b.env.Text(p.name)+" "+halves(p.of)).Gap(2)
	}
	return l.String()
}

// notes are what is wrong with what is typed or, if nothing is, what it would do to what runs and waits.
func (b *quotaBox) notes(th *theme.Theme, after core.Group, w int) []string {
	env := b.env
	var lines []string
	say := func(role theme.Role, text string) {
		for _, line := range paint.Wrap(text, w) {
			lines = append(lines, paint.NewLine(th, w).Text(role, line).String())
		}
	}
	if b.problem != "" {
		say(theme.Danger, b.problem)
		return lines
	}
	if bad := after.Shares.Faults(after.Size); len(bad) > 0 {
		for _, f := range bad {
			say(theme.Danger, env.Say.Say(f.Text))
		}
		return lines
	}
	free := after.Size - after.Shares.Guaranteed()
	say(theme.Muted, env.With("group.quota.kept", message.Args{"Kept": after.Shares.Guaranteed(), "Free": free}))
	lends := "group.panel.lends"
	if !after.Lends {
		lends = "group.panel.keeps"
	}
	say(theme.Muted, env.Text(lends))
	for _, n := range b.load.Change(b.g, after, env.Groups.Terms().LargestTask).Notes(after) {
		role := theme.Muted
		if n.Grave {
			role = theme.Warning
		}
		say(role, env.Say.Say(n.Text))
	}
	return lines
}

func (b *quotaBox) foot(th *theme.Theme, w int) []string {
	hint := paint.NewLine(th, w)
	switch {
	case b.warned:
		hint.Text(theme.Warning, b.env.Text("form.unsaved"))
	case b.busy:
		hint.Text(theme.Muted, b.env.Text("form.busy"))
	default:
		for _, k := range [][2]string{{"ctrl+s", "form.save"}, {"tab", "form.next"}, {"l", "group.quota.lend"}, {"esc", "form.leave"}} {
			hint.Text(theme.Key, k[0]).Gap(1).Text(theme.KeyTitle, b.env.Text(k[1])).Gap(3)
		}
	}
	return []string{paint.Empty(w), hint.String()}
}
