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
	// Notice is a message of somebody else, or of the server. Ends is when the session ends because of what it says; the zero time for
	// not at all.
	Notice struct {
		Text message.Text
		Ends time.Time
	}
	// Locked covers the screen until a key is pressed: nothing was typed for long. If nothing is, the session ends then.
	Locked struct{ Ends time.Time }
)

// covered is a session while it is locked: when it ends if nothing is typed, and what was said meanwhile.
type covered struct {
	ends time.Time
	said []Notice
}

// cover is what is shown instead of the screen while the session is locked: nothing of what was on it, but what was said to the person
// since.
func (a *App) cover() string {
	th, w := a.env.Theme, min(a.w-4, coverWidth)
	line := func(r theme.Role, text string) string { return paint.NewLine(th, w-4).Text(r, text).String() }
	lines := []string{""}
	wrapped := func(r theme.Role, text string) {
		for _, part := range paint.Wrap(text, w-4) {
			lines = append(lines, line(r, part))
		}
	}
	wrapped(theme.Text, a.env.With("session.locked.ends", message.Args{"At": earlier(a.locked.ends, a.ends).Format(time.TimeOnly)}))
	for _, n := range a.locked.said[max(0, len(a.locked.said)-noticesCovered):] {
		lines = append(lines, "")
		wrapped(theme.Warning, a.env.Say.Say(n.Text))
	}
	if len(a.locked.said) > 0 {
		lines = append(lines, "")
	}
	box := paint.Box(th, a.env.With("session.locked", message.Args{"Tenant": a.opts.Tenant}), a.opts.Actor.Name,
		append(lines, line(theme.Muted, a.env.Text("session.locked.key")), ""), w)
	framed, _, _ := paint.Centered(paint.Sized(nil, a.w, a.h), box, a.w, a.h)
	return framed
}

// coverWidth is how wide the box of a locked session is, noticesCovered how many of the newest notices stand in it.
const (
	coverWidth     = 64
	noticesCovered = 3
)

// earlier is the earlier of two times of which the second may be none.
func earlier(a, b time.Time) time.Time {
	if b.IsZero() || a.Before(b) {
		return a
	}
	return b
}

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

// uncovers takes the cover from a locked session when something is typed or clicked, which does nothing else then but to say again what
// was said meanwhile.
func (a *App) uncovers(msg tea.Msg) (said tea.Cmd, did bool) {
	if a.locked == nil {
		return nil, false
	}
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseClickMsg, tea.MouseWheelMsg:
	default:
		return nil, false
	}
	meanwhile := a.locked.said
	a.locked = nil
	cmds := make([]tea.Cmd, len(meanwhile))
	for i, n := range meanwhile {
		cmds[i] = a.notice(n)
	}
	return tea.Batch(cmds...), true
}

// notice shows what somebody outside says, and keeps it for the list of messages. That the session ends goes on being shown.
func (a *App) notice(n Notice) tea.Cmd {
	if !n.Ends.IsZero() {
		a.ends = earlier(n.Ends, a.ends)
	}
	if a.locked != nil {
		a.locked.said = append(a.locked.said, n)
		return nil
	}
	return a.say(widget.ToastWarning, a.env.Say.Say(n.Text))
}
