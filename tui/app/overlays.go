package app

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/core/action"
	"reeve/core/list"
	"reeve/core/message"
	coreregion "reeve/core/region"
	coreworkspace "reeve/core/workspace"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/screen/region"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// helping is the help of a screen over it.
type helping struct {
	*widget.Help
	app *App
}

func (h helping) Key(k tea.KeyPressMsg, _ time.Time) ([]screen.Event, bool) {
	if id, ok := h.Dimmed(); ok && k.String() == askKey {
		h.app.next = func() tea.Cmd { return h.app.askFor(h.app.verdict(action.ID(id)).Grants) }
		return nil, true
	}
	closed, id := h.HandleKey(k)
	if id != "" {
		h.app.next = func() tea.Cmd { return h.app.act(action.ID(id)) }
	}
	return nil, closed
}

func (h helping) Paste(string) []screen.Event           { return nil }
func (h helping) Box(th *theme.Theme, w, ht int) string { return h.Render(th, w, ht) }

// help lists every act that can be begun here, those that are not possible now with their reason.
func (a *App) help() screen.Overlay {
	var entries []widget.HelpEntry
	for _, act := range a.actsHere() {
		if len(act.Keys) == 0 {
			continue
		}
		group := a.env.Text("help.here")
		switch {
		case slices.Contains(act.Scopes, action.ScopeEverywhere):
			group = a.env.Text("help.everywhere")
		case slices.Contains(act.Scopes, action.ScopeLists):
			group = a.env.Text("help.lists")
		}
		entries = append(entries, widget.HelpEntry{ID: string(act.ID), Keys: strings.Join(act.Keys, " "), Title: a.env.Text(act.Message()), Group: group, Disabled: a.reason(act.ID)})
	}
	for _, id := range []string{"move", "pages", "ends", "areas", "tabs"} {
		entries = append(entries, widget.HelpEntry{Keys: a.env.Text("help.keys." + id), Title: a.env.Text("help.title." + id), Group: a.env.Text("help.moving")})
	}
	h := widget.NewHelp(a.env.Text("help.title"), entries)
	h.Placeholder, h.NoMatch = a.env.Text("help.filter"), a.env.Text("list.no_match")
	return helping{h, a}
}

func (a *App) reason(id action.ID) string {
	if v := a.verdict(id); !v.OK {
		return a.opts.Say.Say(v.Reason)
	}
	return ""
}

// commanding is the palette over the screen.
type commanding struct {
	*widget.Palette
	app *App
}

func (c commanding) Key(k tea.KeyPressMsg, _ time.Time) ([]screen.Event, bool) {
	if name, ok := c.Dimmed(); ok && k.String() == askKey {
		id := action.ID(strings.TrimPrefix(name, "act:"))
		c.app.next = func() tea.Cmd { return c.app.askFor(c.app.verdict(id).Grants) }
		return nil, true
	}
	e := c.HandleKey(k)
	if !e.Done {
		return nil, false
	}
	if e.ID != "" || e.Text != "" {
		if e.Text != "" {
			c.app.typed = append(c.app.typed, e.Text)
		}
		c.app.next = func() tea.Cmd { return c.app.command(e.ID, e.Text) }
	}
	return nil, true
}

func (c commanding) Paste(s string) []screen.Event        { c.Palette.Paste(s); return nil }
func (c commanding) Box(th *theme.Theme, w, h int) string { return c.Render(th, w, h) }

// palette offers every act and every place.
func (a *App) palette() screen.Overlay {
	var items []widget.PaletteItem
	for _, act := range a.actsHere() {
		if act.ID == action.Palette {
			continue
		}
		items = append(items, widget.PaletteItem{ID: "act:" + string(act.ID), Title: a.env.Text(act.Message()), Detail: act.Command,
			Keys: strings.Join(act.Keys, " "), Disabled: a.reason(act.ID)})
	}
	items = append(items, a.placeItems()...)
	for _, name := range a.mostUsed() {
		items = append(items, widget.PaletteItem{ID: "go:" + name, Title: name, Detail: a.env.Text("palette.recent")})
	}
	p := widget.NewPalette(a.env.Text("palette.title"), items, a.typed)
	p.Placeholder, p.NoMatch = a.env.Text("palette.placeholder"), a.env.Text("palette.no_match")
	return commanding{p, a}
}

// mostUsed are the workspaces opened in this session, most often first.
func (a *App) mostUsed() []string {
	names := make([]string, 0, len(a.used))
	for name := range a.used {
		names = append(names, name)
	}
	slices.SortFunc(names, func(x, y string) int {
		if a.used[x] != a.used[y] {
			return a.used[y] - a.used[x]
		}
		return strings.Compare(x, y)
	})
	return names
}

// command carries out what was chosen or typed in the palette: an act, a place, a link, or the name of a workspace here.
func (a *App) command(id, text string) tea.Cmd {
	if name, ok := strings.CutPrefix(id, "act:"); ok {
		return a.act(action.ID(name))
	}
	if link, ok := strings.CutPrefix(id, "go:"); ok {
		text = link
	}
	r, err := route.Parse(text)
	if err != nil {
		return a.say(widget.ToastWarning, a.env.With("palette.unknown", message.Args{"Text": text}))
	}
	if _, err := a.env.Regions.Find(r.Region); r.Kind == route.Workspaces && err != nil {
		r = route.Route{Kind: route.Details, Region: a.region(), Workspace: text}
	}
	return a.open(r, false)
}

// regions is the region switcher.
func (a *App) regions() []screen.Event {
	return []screen.Event{screen.Run("regions", "", func(ctx context.Context) ([]coreregion.Region, error) { return a.env.Regions.List(ctx) },
		func(all []coreregion.Region, err error) []screen.Event {
			if err != nil {
				return a.env.Fail(err)
			}
			items := make([]widget.Item, len(all))
			for i, r := range all {
				ed, count := a.env.Text("region.inactive"), ""
				if r.Active {
					ed, count = a.env.Text("edition."+string(r.Edition)), a.env.With("region.workspaces", message.Args{"Count": r.Workspaces})
				}
				items[i] = widget.Item{ID: r.ID, Cells: []string{r.ID, r.English, ed, count}, Search: r.Chinese}
			}
			p := widget.NewPicker(a.env.Text("regions.title"), items, a.region())
			p.NoMatch, p.Hint = a.env.Text("list.no_match"), a.env.Text("regions.hint")
			return []screen.Event{screen.Show{Overlay: screen.Pick(p, func(p *widget.Picker) []screen.Event {
				for _, r := range all {
					switch {
					case r.ID != p.Chosen():
					case r.Active:
						return []screen.Event{screen.Open{Route: route.Route{Kind: route.Workspaces, Region: r.ID}}}
					default:
						return region.Activate(a.env, r)
					}
				}
				return nil
			})}}
		})}
}

// switcherLimit bounds the workspaces that the switcher loads.
const switcherLimit = 10_000

// workspaces is the workspace switcher: those of this region, most used first.
func (a *App) workspaces() []screen.Event {
	here := a.region()
	return []screen.Event{screen.Run("workspaces", "", func(ctx context.Context) ([]coreworkspace.Workspace, error) {
		return screen.All(ctx, func(ctx context.Context, q list.Query) (list.Page[coreworkspace.Workspace], error) {
			return a.env.Workspaces.List(ctx, here, q)
		}, list.Query{}, switcherLimit)
	}, func(all []coreworkspace.Workspace, err error) []screen.Event {
		if err != nil {
			return a.env.Fail(err)
		}
		slices.SortStableFunc(all, func(x, y coreworkspace.Workspace) int { return a.used[here+"/"+y.Name] - a.used[here+"/"+x.Name] })
		items := make([]widget.Item, len(all))
		for i, w := range all {
			items[i] = widget.Item{ID: w.Name, Cells: []string{w.Name, w.DisplayName, a.env.Text("mode." + string(w.Mode)), a.env.Text("status." + string(w.Status))}}
		}
		p := widget.NewPicker(a.env.With("workspaces.switch", message.Args{"Region": here}), items, a.at().route.Workspace)
		p.NoMatch = a.env.Text("list.no_match")
		return []screen.Event{screen.Show{Overlay: screen.Pick(p, func(p *widget.Picker) []screen.Event {
			if p.Chosen() == "" {
				return nil
			}
			kind := route.Members
			if at := a.at().route.Kind; slices.Contains(tabSets[0], at) {
				kind = at
			}
			return []screen.Event{screen.Open{Route: route.Route{Kind: kind, Region: here, Workspace: p.Chosen()}}}
		})}}
	})}
}

// messages lists the running jobs and what was said in this session, newest first.
func (a *App) messages() screen.Overlay {
	return &screen.Pages{Title: a.env.Text("messages.title"), Note: strconv.Itoa(len(a.log)), Width: 100,
		Lines: func(th *theme.Theme, w int) []string {
			var lines []string
			for _, j := range a.jobs {
				lines = append(lines, paint.NewLine(th, w).Text(theme.Accent, th.Glyphs.Ring).Gap(1).Text(theme.Text, j.title).String())
			}
			for _, m := range slices.Backward(a.log) {
				for i, part := range paint.Wrap(m.text, w-12) {
					l := paint.NewLine(th, w)
					if i == 0 {
						l.Text(theme.Faint, m.at.Local().Format("15:04:05"))
					}
					lines = append(lines, l.To(11).Text(levelRole(m.level), part).String())
				}
			}
			if len(lines) == 0 {
				lines = append(lines, paint.NewLine(th, w).Text(theme.Muted, a.env.Text("messages.none")).String())
			}
			return lines
		}}
}

func levelRole(l widget.ToastLevel) theme.Role {
	switch l {
	case widget.ToastGood:
		return theme.Good
	case widget.ToastWarning:
		return theme.Warning
	case widget.ToastDanger:
		return theme.Danger
	case widget.ToastInfo:
	}
	return theme.Text
}

func joined(names []string) string { return strings.Join(names, ", ") }
