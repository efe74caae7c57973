package member

import (
	"context"
	"slices"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/core/control"
	"reeve/core/leaving"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// leaveBox shows all that somebody holds and what becomes of each thing, and lets them leave.
type leaveBox struct {
	screen.Wordless
	env         *screen.Env
	in          leaving.Leave
	inv         leaving.Inventory
	cursor, top int
	page        int
}

// leave shows the inventory of somebody.
func leave(env *screen.Env, user string) []screen.Event {
	in := leaving.Leave{User: user}
	return []screen.Event{screen.Run("inventory", "", func(ctx context.Context) (leaving.Inventory, error) { return env.Leavings.Inventory(ctx, in) },
		func(inv leaving.Inventory, err error) []screen.Event {
			if err != nil {
				return env.Fail(err)
			}
			return []screen.Event{screen.Show{Overlay: &leaveBox{env: env, in: in, inv: inv, page: 1}}}
		})}
}

// Key implements screen.Overlay.
func (b *leaveBox) Key(k tea.KeyPressMsg, _ time.Time) ([]screen.Event, bool) {
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
		b.cursor = len(b.inv.Items) - 1
	case "t":
		return b.successor(b.env.With("leaving.to.all", message.Args{"Name": b.inv.User}), b.in.To, func(in *leaving.Leave, to string) { in.To = to }), false
	case "h", "d":
		if b.cursor < len(b.inv.Items) {
			return b.one(b.inv.Items[b.cursor], k.String() == "d"), false
		}
	case "enter":
		return b.apply(), false
	}
	b.cursor = max(0, min(b.cursor, len(b.inv.Items)-1))
	return nil, false
}

// one asks who gets one item, or gives it up.
func (b *leaveBox) one(it leaving.Item, drop bool) []screen.Event {
	choose := func(in *leaving.Leave, to string) {
		in.Choices = slices.DeleteFunc(slices.Clone(in.Choices), func(c leaving.Choice) bool { return c.Item == it.ID })
		if to != "" || drop {
			in.Choices = append(in.Choices, leaving.Choice{Item: it.ID, To: to})
		}
	}
	if drop {
		in := b.in
		choose(&in, "")
		return b.again(in, b.env.Fail, nil)
	}
	return b.successor(b.env.With("leaving.to.one", message.Args{"Item": it.ID}), it.Receiver, choose)
}

// successor asks for a name and shows what becomes of everything then.
func (b *leaveBox) successor(title, name string, choose func(in *leaving.Leave, to string)) []screen.Event {
	form := widget.NewForm(widget.TextField("to", b.env.Text("leaving.to"), name).WithHelp(b.env.Text("leaving.to.help")).WithLimit(64))
	var box *screen.FormBox
	box = screen.NewQuestionBox(b.env, title, form, func(f *widget.Form) []screen.Event {
		in := b.in
		choose(&in, f.Value("to"))
		return b.again(in, func(err error) []screen.Event {
			if problem := b.env.Fields(err)["item"]; problem != "" {
				f.SetErrors(map[string]string{"to": problem})
			}
			return box.Failed(err)
		}, []screen.Event{screen.Hide{Overlay: box}})
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

func (b *leaveBox) again(in leaving.Leave, failed func(error) []screen.Event, after []screen.Event) []screen.Event {
	return []screen.Event{screen.Run("inventory", "", func(ctx context.Context) (leaving.Inventory, error) { return b.env.Leavings.Inventory(ctx, in) },
		func(inv leaving.Inventory, err error) []screen.Event {
			if err != nil {
				return failed(err)
			}
			b.in, b.inv = in, inv
			b.cursor = max(0, min(b.cursor, len(inv.Items)-1))
			return after
		})}
}

// apply shows the effect, and lets the person leave on a yes: only with what is shown here.
func (b *leaveBox) apply() []screen.Event {
	env, in := b.env, b.in
	in.Seen, in.Stamps = b.inv.Fingerprint, b.inv.Stamps()
	return env.Confirm(env.Fail, nil, env.Text("action.user.leave.short"),
		func(ctx context.Context) (control.Outcome, error) { return env.Leavings.PreviewLeave(ctx, in) },
		func() []screen.Event {
			return []screen.Event{screen.Run("leave", env.Text("job.saving"), func(ctx context.Context) (leaving.Inventory, error) {
				return env.Leavings.Leave(ctx, in)
			}, func(inv leaving.Inventory, err error) []screen.Event {
				if err != nil {
					return append(env.Fail(err), b.again(b.in, env.Fail, nil)...)
				}
				return []screen.Event{screen.Hide{Overlay: b}, screen.Did{Text: message.Text{ID: "leaving.done", Args: message.Args{"Name": inv.User}}}}
			})}
		})
}

// Box implements screen.Overlay.
func (b *leaveBox) Box(th *theme.Theme, w, h int) string {
	env := b.env
	w = min(w, planWidth)
	inner := w - 4
	handed, needed, about := 0, 0, "leaving.about"
	for _, it := range b.inv.Items {
		if it.Receiver != "" {
			handed++
		}
		if it.Why == leaving.Needed {
			needed, about = needed+1, "leaving.about.needed"
		}
	}
	lines := []string{paint.NewLine(th, inner).Text(theme.Muted, env.With(about, message.Args{"Count": len(b.inv.Items), "Handed": handed, "Needed": needed})).String(), paint.Empty(inner)}
	foot := b.foot(th, inner)
	b.page = max(1, h-2-len(lines)-len(foot))
	b.top = max(0, min(b.top, len(b.inv.Items)-b.page))
	b.top = max(min(b.top, b.cursor), b.cursor-b.page+1)
	for i := b.top; i < min(len(b.inv.Items), b.top+b.page); i++ {
		lines = append(lines, b.line(th, inner, b.inv.Items[i], i == b.cursor))
	}
	note := ""
	if len(b.inv.Items) == 0 {
		lines = append(lines, paint.NewLine(th, inner).Text(theme.Muted, env.With("leaving.nothing", message.Args{"Name": b.inv.User})).String())
	} else {
		note = strconv.Itoa(b.cursor+1) + " / " + widget.Grouped(len(b.inv.Items))
	}
	return paint.Overlaid(th, env.With("leaving.title", message.Args{"Name": b.inv.User}), note, append(lines, foot...), w)
}

func (b *leaveBox) line(th *theme.Theme, w int, it leaving.Item, selected bool) string {
	l := paint.NewLine(th, w)
	bar := " "
	if selected {
		l.On(theme.Selected)
		bar = th.Glyphs.Bar
	}
	receiver, role := b.env.Text("leaving.why."+string(it.Why)), theme.Muted
	if it.Receiver != "" {
		receiver, role = it.Receiver, theme.GoodStrong
	} else if it.Why == leaving.Needed {
		role = theme.Danger
	}
	kind, at := max(9, min(15, w/6)), max(12, min(24, w/4))
	l.Text(theme.Bar, bar).Gap(1).Cell(theme.Muted, b.env.Text("leaving.kind."+string(it.Kind)), kind, paint.Left).Gap(1).
		Cell(theme.Text, b.named(it), max(1, w-kind-at-5), paint.Left).Gap(1).Cell(role, receiver, at, paint.Left)
	if selected {
		l.Fill(theme.Blank, " ")
	}
	return l.String()
}

// named says what an item is and where.
func (b *leaveBox) named(it leaving.Item) string {
	name, detail := it.Name, it.Detail
	switch {
	case it.Kind == leaving.Role && detail == "" && b.env.Say.Has("role."+name):
		name = b.env.Text("role." + name)
	case it.Kind == leaving.TenantRole && detail == "" && b.env.Say.Has("tenantrole."+name):
		name = b.env.Text("tenantrole." + name)
	case it.Kind == leaving.Request:
		name = "#" + name
		if b.env.Say.Has("role." + detail) {
			detail = b.env.Text("role." + detail)
		}
	case it.Kind == leaving.Contact:
		name = b.env.Text("column." + name)
	case (it.Kind == leaving.Role || it.Kind == leaving.TenantRole) && detail != "":
		name, detail = detail+"*", "" // the star marks custom roles, as in lists
	}
	for _, part := range []string{detail, it.Workspace, b.env.Until(it.Until)} {
		if part == "" {
			continue
		}
		if name != "" {
			name += " · "
		}
		name += part
	}
	if it.Kind == leaving.TenantRole {
		name += " · " + it.Region
	}
	return name
}

func (b *leaveBox) foot(th *theme.Theme, w int) []string {
	env := b.env
	lines := []string{paint.Empty(w)}
	if b.cursor < len(b.inv.Items) {
		it := b.inv.Items[b.cursor]
		what := it.ID
		if it.Receiver != "" {
			what += ": " + it.Receiver + ", " + env.Text("leaving.why."+string(it.Why))
		}
		lines = append(lines, paint.NewLine(th, w).Text(theme.Text, what).String())
	}
	keys := [][2]string{{"enter", env.Text("action.user.leave.short")}, {"t", env.Text("leaving.key.all")}, {"h", env.Text("leaving.key.one")},
		{"d", env.Text("leaving.key.drop")}, {"esc", env.Text("form.leave")}}
	l := paint.NewLine(th, w)
	for _, k := range keys {
		l.Text(theme.Key, k[0]).Gap(1).Text(theme.KeyTitle, k[1]).Gap(2)
	}
	return append(lines, l.String())
}
