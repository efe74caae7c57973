package app

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// What a session that others serve is told from outside.
type (
	// Notice is a message of somebody else, or of the server.
	Notice struct{ Text message.Text }
	// Locked covers the screen until a key is pressed: nothing was typed for long. If nothing is, the session ends then.
	Locked struct{ Ends time.Time }
)

// cover is what is shown instead of the screen while the session is locked: nothing of what was on it.
func (a *App) cover() string {
	th, w := a.env.Theme, min(a.w-4, coverWidth)
	line := func(r theme.Role, text string) string { return paint.NewLine(th, w-4).Text(r, text).String() }
	lines := []string{""}
	for _, part := range paint.Wrap(a.env.With("session.locked.ends", message.Args{"At": a.locked.Format(time.TimeOnly)}), w-4) {
		lines = append(lines, line(theme.Text, part))
	}
	box := paint.Box(th, a.env.With("session.locked", message.Args{"Tenant": a.opts.Tenant}), a.opts.Actor.Name,
		append(lines, line(theme.Muted, a.env.Text("session.locked.key")), ""), w)
	framed, _, _ := paint.Centered(paint.Sized(nil, a.w, a.h), box, a.w, a.h)
	return framed
}

// coverWidth is how wide the box of a locked session is.
const coverWidth = 64

// looked tells where the session is. Whether it can be kept is of no concern to who goes there.
func (a *App) looked(p *place) tea.Cmd {
	if a.opts.Looked == nil {
		return nil
	}
	return func() tea.Msg {
		_ = a.opts.Looked(p.route.String())
		return nil
	}
}

// uncovers takes the cover from a locked session when something is typed or clicked, which does nothing else then.
func (a *App) uncovers(msg tea.Msg) bool {
	if a.locked.IsZero() {
		return false
	}
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseClickMsg, tea.MouseWheelMsg:
		a.locked = time.Time{}
		return true
	}
	return false
}

// notice shows what somebody outside says, and keeps it for the list of messages.
func (a *App) notice(n Notice) tea.Cmd {
	return a.say(widget.ToastWarning, a.env.Say.Say(n.Text))
}
