package app

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// key routes a key: overlay, then a text being typed, then the acts of the screen and those everywhere, then the screen itself.
func (a *App) key(k tea.KeyPressMsg) tea.Cmd {
	a.toasts.Dismiss()
	refused := a.refused
	a.refused = nil
	if refused != nil && len(a.overlays) == 0 {
		switch k.String() {
		case "w":
			return a.carryOut(a.at(), []screen.Event{screen.Show{Overlay: a.whyRefused(*refused)}})
		case askKey:
			return a.askFor(refused.verdict.Grants)
		}
	}
	if widget.TooSmall(a.w, a.h) && k.String() != "ctrl+c" {
		return nil
	}
	if n := len(a.overlays); n > 0 {
		return a.overlayKey(a.overlays[n-1], k)
	}
	at := a.at()
	if at == nil {
		return nil
	}
	if t, ok := at.screen.(screen.Typing); ok && t.Typing() {
		if events, handled := at.screen.Key(k); handled {
			return a.carryOut(at, events)
		}
	}
	name := k.String()
	for _, act := range a.actsHere() {
		if slices.Contains(act.Keys, name) {
			if act.ID == action.RoleUndo && !a.verdict(act.ID).OK && a.verdict(action.Undo).OK {
				// With nothing painted, the key takes back what was saved.
				return a.act(action.Undo)
			}
			return a.act(act.ID)
		}
	}
	if events, handled := at.screen.Key(k); handled {
		return a.carryOut(at, events)
	}
	return a.place(name)
}

func (a *App) overlayKey(top screen.Overlay, k tea.KeyPressMsg) tea.Cmd {
	if k.String() == "ctrl+c" {
		a.overlays = a.overlays[:len(a.overlays)-1]
		return nil
	}
	events, closed := top.Key(k, a.opts.Now())
	if closed {
		a.overlays = slices.DeleteFunc(a.overlays, func(o screen.Overlay) bool { return o == top })
	}
	if next := a.next; next != nil {
		a.next = nil
		return next()
	}
	return a.carryOut(a.at(), events)
}

// place takes the keys that go somewhere: the areas by number, the tabs of a workspace.
func (a *App) place(key string) tea.Cmd {
	for _, n := range areas {
		if n.key == key {
			if n.kind == "" {
				return a.say(widget.ToastInfo, a.env.With("nav.later", message.Args{"Area": message.Text{ID: n.title}}))
			}
			return a.open(route.Route{Kind: n.kind, Region: a.regionFor(n.kind)}, false)
		}
	}
	switch key {
	case "]":
		return a.tab(1)
	case "[":
		return a.tab(-1)
	}
	return nil
}

func (a *App) regionFor(kind route.Kind) string {
	if kind == route.Workspaces || kind == route.Groups {
		return a.region()
	}
	return ""
}

// actsHere are the acts that can be begun here, most specific first.
func (a *App) actsHere() []action.Action {
	at := a.at()
	if at == nil {
		return nil
	}
	scopes := at.screen.Scopes()
	name := ""
	for _, s := range scopes {
		name += string(s) + " "
	}
	acts, ok := a.acts[name]
	if !ok {
		acts = a.env.Gate.Acts().In(append(slices.Clone(scopes), action.ScopeEverywhere)...)
		a.acts[name] = acts
	}
	return acts
}

// act begins an act if it is possible, and says why not otherwise.
func (a *App) act(id action.ID) tea.Cmd {
	if v := a.verdict(id); !v.OK {
		a.refused = &refusal{act: id, verdict: v}
		return a.refuse(v)
	}
	at := a.at()
	switch id {
	case action.Palette:
		return a.carryOut(at, []screen.Event{screen.Show{Overlay: a.palette()}})
	case action.Help:
		return a.carryOut(at, []screen.Event{screen.Show{Overlay: a.help()}})
	case action.Regions:
		return a.carryOut(at, a.regions())
	case action.Workspaces:
		return a.carryOut(at, a.workspaces())
	case action.Messages:
		return a.carryOut(at, []screen.Event{screen.Show{Overlay: a.messages()}})
	case action.Back:
		return a.escape(at)
	case action.HistoryBack:
		return a.move(-1)
	case action.HistoryOn:
		return a.move(1)
	case action.Refresh:
		return a.refresh()
	case action.Undo:
		back := a.undo.back
		a.undo = nil
		return a.carryOut(at, back())
	case action.ExactTimes:
		a.env.Exact = !a.env.Exact
	case action.MouseToggle:
		a.mouse = !a.mouse
		return a.say(widget.ToastInfo, a.env.Text(map[bool]string{true: "mouse.on", false: "mouse.off"}[a.mouse]))
	case action.Preferences:
		return a.preferences()
	case action.ThemeNext:
		return a.nextTheme()
	case action.AccessWhy:
		return a.why(at)
	case action.RequestCreate:
		return a.askFor(a.lacking(at))
	case action.Quit:
		return a.quit()
	default:
		return a.carryOut(at, at.screen.Act(id))
	}
	return nil
}

// refuse says why an act is not possible and who could help.
func (a *App) refuse(v control.Verdict) tea.Cmd {
	text := a.opts.Say.Say(v.Reason)
	if len(v.Ask) > 0 {
		text += " " + a.env.With("fault.denied.ask", message.Args{"Who": joined(v.Ask)})
	}
	if len(v.Grants) > 0 {
		text += " " + a.env.With("refused.hint", message.Args{"Key": askKey})
	}
	return a.say(widget.ToastWarning, text)
}

func (a *App) escape(at *place) tea.Cmd {
	if e, ok := at.screen.(screen.Escaping); ok && e.Escape() {
		return a.carryOut(at, at.screen.Start())
	}
	if a.unsaved(a.here) {
		return a.discard(func() tea.Cmd { return a.back() })
	}
	return a.back()
}

func (a *App) quit() tea.Cmd {
	if a.unsaved(0) {
		return a.discard(func() tea.Cmd { return tea.Quit })
	}
	return tea.Quit
}

// unsaved tells whether a place of the history, from one on, holds changes that forgetting it would lose.
func (a *App) unsaved(from int) bool {
	return slices.ContainsFunc(a.history[min(from, len(a.history)):], func(p *place) bool {
		u, ok := p.screen.(screen.Unsaved)
		return ok && u.Unsaved()
	})
}

// discard asks before unsaved changes are lost.
func (a *App) discard(leave func() tea.Cmd) tea.Cmd {
	d := widget.NewDialog(a.env.Text("unsaved.title"), []widget.BodyLine{{Text: a.env.Text("unsaved.body"), Role: theme.Warning}},
		widget.Choice{ID: "stay", Label: a.env.Text("unsaved.stay"), Key: "s"},
		widget.Choice{ID: "discard", Label: a.env.Text("unsaved.discard"), Key: "d", Danger: true})
	a.overlays = append(a.overlays, screen.Ask(d, func(choice string) []screen.Event {
		if choice != "discard" {
			return nil
		}
		a.next = leave
		return nil
	}))
	return nil
}

func (a *App) nextTheme() tea.Cmd {
	kinds := theme.Kinds()
	next := kinds[(slices.Index(kinds, a.env.Theme.Kind())+1)%len(kinds)]
	a.theme.Override = next.String()
	a.env.Theme = theme.Choose(a.theme)
	return a.say(widget.ToastInfo, a.env.With("theme.now", message.Args{"Theme": next.String()}))
}

func (a *App) why(at *place) tea.Cmd {
	q := screen.Question{}
	if asked, ok := at.screen.(screen.Asked); ok {
		q, _ = asked.Question()
	}
	switch at.route.Kind {
	case route.TenantMembers, route.TenantRoles:
		return a.carryOut(at, a.env.WhyTenant(at.route.Region, q))
	case route.Policies, route.Policy, route.Admin:
		return a.carryOut(at, a.env.WhyConsole(q))
	default:
		return a.carryOut(at, a.env.Why(control.Ref{Region: at.route.Region, Workspace: at.route.Workspace}, q))
	}
}

func (a *App) paste(text string) tea.Cmd {
	at := a.at()
	if n := len(a.overlays); n > 0 {
		return a.carryOut(at, a.overlays[n-1].Paste(text))
	}
	if at == nil {
		return nil
	}
	if t, ok := at.screen.(screen.Typing); ok && t.Typing() {
		return a.carryOut(at, t.Paste(text))
	}
	return nil
}
