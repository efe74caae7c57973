package role

import (
	"context"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/core/control"
	"reeve/core/list"
	"reeve/core/message"
	core "reeve/core/role"
	"reeve/core/workspace"
	"reeve/tui/paint"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// targetLimit bounds the workspaces that the dialog offers at once; the filter of the command finds the rest by name.
const targetLimit = 2000

// copy picks the workspaces that a role is to be copied to, of all regions.
func (a acts) copy(r core.Role) []screen.Event {
	env := a.env
	return []screen.Event{screen.Run("workspaces", "", func(ctx context.Context) (list.Page[workspace.Workspace], error) {
		return env.Workspaces.List(ctx, "", list.Query{Limit: targetLimit, Sort: list.Sort{Field: "name"}})
	}, func(page list.Page[workspace.Workspace], err error) []screen.Event {
		if err != nil {
			return env.Fail(err)
		}
		var items []widget.Item
		var refs []control.Ref
		for _, w := range page.Items {
			ref := control.Ref{Region: w.Region, Workspace: w.Name}
			if ref == a.ref {
				continue
			}
			items = append(items, widget.Item{ID: strconv.Itoa(len(refs)), Cells: []string{w.Name, w.Region, w.DisplayName}})
			refs = append(refs, ref)
		}
		if len(items) == 0 {
			return []screen.Event{screen.Say{Level: widget.ToastInfo, Text: message.Text{ID: "role.copy.nowhere"}}}
		}
		return a.pickTargets(r, items, refs)
	})}
}

// pickTargets lets one mark workspaces and looks at what copying to them does; what is refused comes back with the marks kept.
func (a acts) pickTargets(r core.Role, items []widget.Item, refs []control.Ref) []screen.Event {
	env := a.env
	p := widget.NewPicker(env.With("role.copy.title", message.Args{"Name": r.Name}), items, "")
	p.Several, p.Hint, p.NoMatch = true, env.Text("role.copy.hint"), env.Text("list.no_match")
	return []screen.Event{screen.Show{Overlay: screen.Pick(p, func(p *widget.Picker) []screen.Event {
		chosen := p.Checked()
		if len(chosen) == 0 && p.Chosen() != "" {
			chosen = []string{p.Chosen()}
		}
		var in core.Copying
		checked := map[string]bool{}
		for _, id := range chosen {
			if n, err := strconv.Atoi(id); err == nil {
				in.To = append(in.To, refs[n])
				checked[id] = true
			}
		}
		if len(in.To) == 0 {
			return nil
		}
		for i := range items {
			items[i].Checked = checked[items[i].ID]
		}
		box := &copyBox{acts: a, role: r}
		return box.look(in, func(err error) []screen.Event {
			return append(env.Fail(err), a.pickTargets(r, items, refs)...)
		}, []screen.Event{screen.Show{Overlay: box}})
	})}}
}

// copyBox shows what copying a role does, workspace by workspace, and does it.
type copyBox struct {
	screen.Wordless
	acts
	role     core.Role
	in       core.Copying
	foreseen []core.Foreseen
	top      int
	last     int
	page     int
}

// look asks what copying does; shown are the events for when that could be answered.
func (b *copyBox) look(in core.Copying, failed func(error) []screen.Event, shown []screen.Event) []screen.Event {
	return []screen.Event{screen.Run("copy", "", func(ctx context.Context) ([]core.Foreseen, error) {
		return b.env.RoleCopies.Preview(ctx, b.ref, b.role.Code, in)
	}, func(foreseen []core.Foreseen, err error) []screen.Event {
		if err != nil {
			return failed(err)
		}
		b.in, b.foreseen = in, foreseen
		return shown
	})}
}

// count is how many workspaces have a result.
func (b *copyBox) count(r core.Result) int {
	n := 0
	for _, f := range b.foreseen {
		if f.Result == r {
			n++
		}
	}
	return n
}

// Key implements screen.Overlay.
func (b *copyBox) Key(k tea.KeyPressMsg, _ time.Time) ([]screen.Event, bool) {
	switch k.String() {
	case "esc", "q":
		return nil, true
	case "up", "k":
		b.top--
	case "down", "j":
		b.top++
	case "pgup":
		b.top -= b.page
	case "pgdown", "space":
		b.top += b.page
	case "r":
		if b.replaceable() {
			in := b.in
			in.Replace = !in.Replace
			return b.look(in, b.env.Fail, nil), false
		}
	case "enter":
		return b.apply(), false
	}
	b.top = max(0, min(b.top, b.last))
	return nil, false
}

// replaceable says whether a role is there that says something else.
func (b *copyBox) replaceable() bool { return b.count(core.Differs)+b.count(core.Replaces) > 0 }

// apply copies the role, replacing only what is shown here as it is shown.
func (b *copyBox) apply() []screen.Event {
	env, in := b.env, b.in
	if b.count(core.Creates)+b.count(core.Replaces) == 0 {
		return []screen.Event{screen.Say{Level: widget.ToastInfo, Text: message.Text{ID: "role.copy.nothing"}}}
	}
	in.OwnLoss, in.Versions = true, map[control.Ref]int64{} // the box has said so
	for _, f := range b.foreseen {
		if f.Version != 0 {
			in.Versions[f.Ref()] = f.Version
		}
	}
	return []screen.Event{screen.Run("copy", env.Text("job.saving"), func(ctx context.Context) ([]core.Copied, error) {
		return env.RoleCopies.Copy(ctx, b.ref, b.role.Code, in)
	}, func(done []core.Copied, err error) []screen.Event {
		if err != nil {
			return append(env.Fail(err), b.look(b.in, env.Fail, nil)...)
		}
		counts := map[core.Result]int{}
		for _, c := range done {
			counts[c.Result]++
		}
		return []screen.Event{screen.Hide{Overlay: b}, screen.Did{Text: message.Text{ID: "role.copy.done", Args: message.Args{"Name": b.role.Name,
			"Created": counts[core.Creates], "Replaced": counts[core.Replaces], "Left": counts[core.Differs], "Same": counts[core.Same]}}}}
	})}
}

// copyWidth is as wide as the box gets.
const copyWidth = 100

// Box implements screen.Overlay.
func (b *copyBox) Box(th *theme.Theme, w, h int) string {
	env := b.env
	w = min(w, copyWidth)
	inner := w - 4
	var lines []string
	for _, f := range b.foreseen {
		lines = append(lines, b.lines(th, inner, f)...)
	}
	foot := b.foot(th, inner)
	b.page = max(1, h-2-len(foot))
	b.last = max(0, len(lines)-b.page)
	b.top = max(0, min(b.top, b.last))
	note := ""
	if below := len(lines) - b.top - b.page; below > 0 {
		note = th.Glyphs.Down + " " + env.With("effect.more", message.Args{"Count": below})
	}
	lines = lines[b.top:min(len(lines), b.top+b.page)]
	return paint.Overlaid(th, env.With("role.copy.title", message.Args{"Name": b.role.Name}), note, append(lines, foot...), w)
}

// lines say what copying does in one workspace: the result, who loses and gains what, what becomes of engine roles, what differs.
func (b *copyBox) lines(th *theme.Theme, w int, f core.Foreseen) []string {
	env := b.env
	role := map[core.Result]theme.Role{core.Creates: theme.GoodStrong, core.Same: theme.Muted, core.Differs: theme.WarningStrong, core.Replaces: theme.AccentStrong}[f.Result]
	var lines []string
	say := func(role theme.Role, indent int, text string) {
		for _, part := range paint.Wrap(text, w-indent) {
			lines = append(lines, paint.NewLine(th, w).Gap(indent).Text(role, part).String())
		}
	}
	say(role, 0, env.With("role.copy.would."+string(f.Result), message.Args{"Where": f.Region + "/" + f.Workspace, "Count": f.Holders}))
	if f.Effect.Before != nil {
		effects, _ := env.Effects(f.Effect, false)
		for _, e := range effects {
			role := map[widget.EffectKind]theme.Role{widget.EffectLoses: theme.Danger, widget.EffectGains: theme.Good, widget.EffectKeeps: theme.Muted}[e.Kind]
			text := e.Word + " " + e.Count + " " + e.What
			for _, more := range []string{e.Where, e.Names} {
				if more != "" {
					text += " · " + more
				}
			}
			say(role, 2, text)
		}
	}
	for _, m := range f.Mappings {
		role := theme.Muted
		if m.Result == core.MapsNoEngine || m.Result == core.MapsForbidden || m.Result == core.MapsElse {
			role = theme.Warning
		}
		say(role, 2, env.With("role.copy.map."+string(m.Result), message.Args{"Engine": m.Engine, "EngineRole": m.EngineRole}))
	}
	var differences []string
	for _, d := range f.Differences {
		differences = append(differences, env.Text("module."+d.Module.Code())+" "+env.Text("level."+d.Left.String())+" "+th.Glyphs.Arrow+" "+env.Text("level."+d.Right.String()))
	}
	if len(differences) > 0 {
		say(theme.Text, 2, env.With("role.copy.differences", message.Args{"List": strings.Join(differences, ", ")}))
	}
	return lines
}

func (b *copyBox) foot(th *theme.Theme, w int) []string {
	env := b.env
	keys := []widget.FooterKey{{Key: "enter", Title: env.Text("action.role.copy.short")}}
	if b.replaceable() {
		title := env.Text("role.copy.replace")
		if b.in.Replace {
			title = env.Text("role.copy.leave")
		}
		keys = append(keys, widget.FooterKey{Key: "r", Title: title})
	}
	keys = append(keys, widget.FooterKey{Key: "esc", Title: env.Text("form.leave")})
	return []string{paint.Empty(w), widget.Footer(th, keys, 0, "", theme.Muted, w)}
}
