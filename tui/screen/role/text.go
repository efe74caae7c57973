package role

import (
	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/message"
	core "reeve/core/role"
	"reeve/tui/screen"
	"reeve/tui/widget"
)

// text opens the role as text. Leaving it with ctrl+s paints the matrix; nothing is saved. A role that cannot be changed can
// still be read and copied.
func (s *Editor) text() []screen.Event {
	env := s.env
	title := env.With("role.text.title", message.Args{"Name": s.role.Name})
	return []screen.Event{screen.Show{Overlay: screen.NewTextBox(env, title, core.Text(s.levels()), env.Text("role.text.paint"), s.paintText)}}
}

func (s *Editor) paintText(box *screen.TextBox, text string) []screen.Event {
	levels, err := core.ParseText(text, s.role.Levels)
	if err != nil {
		return box.Failed(err)
	}
	if levels != s.levels() {
		if v := s.verdictToEdit(); !v.OK {
			return box.Refuse(s.env.Say.Say(v.Reason))
		}
		if v := s.acts.verdict(action.RoleSet, s.role); !v.OK {
			return box.Refuse(s.env.Say.Say(v.Reason))
		}
	}
	for i, m := range access.WorkspaceModules() {
		s.matrix.SetLevel(i, widget.Level(levels.Get(m)))
	}
	s.judge()
	box.Close()
	return []screen.Event{screen.Changed{}}
}
