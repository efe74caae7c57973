package screen

import (
	"reeve/core/fault"
	"reeve/tui/paint"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// ErrorBox says what went wrong in place of what could not be shown.
func (e *Env) ErrorBox(err error, w, h int) string {
	what, next := e.Words(err)
	box := widget.ErrorBox{Title: e.Text("error.title"), What: what, Next: next,
		Keys: []widget.FooterKey{{Key: "ctrl+r", Title: e.Text("action.console.refresh.short")}}}
	if f, ok := Fault(err); ok {
		if d, ok := f.(*fault.Denied); ok && len(d.Grants) > 0 {
			box.Keys = append([]widget.FooterKey{{Key: "ctrl+a", Title: e.Text("refused.ask_for")}}, box.Keys...)
		}
		if u, ok := f.(*fault.Unavailable); ok && u.Evidence != "" {
			box.Evidence = []string{u.Evidence}
		}
	}
	return box.Render(e.Theme, w, h)
}

// Loading fills the place of what is not there yet.
func (e *Env) Loading(w, h int) string {
	return paint.Sized([]string{paint.NewLine(e.Theme, w).Gap(1).Text(theme.Skeleton, e.Text("list.loading")).String()}, w, h)
}

// Heading is the first line of a screen: a name, what it is, and a note at the right.
func (e *Env) Heading(name, about, note string, noteRole theme.Role, w int) string {
	return paint.NewLine(e.Theme, w).Gap(1).Text(theme.Title, name).Gap(2).Text(theme.Muted, about).Right(noteRole, note).String()
}
