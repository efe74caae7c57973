package role

import (
	"time"

	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"

	"reeve/core/access"
	"reeve/core/action"
	core "reeve/core/role"
	"reeve/tui/paint"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// textBox is the role as text, to be edited, copied or pasted over. Leaving it with ctrl+s paints the matrix; nothing is saved.
type textBox struct {
	editor  *Editor
	area    textarea.Model
	problem []string
}

// text opens the role as text. A role that cannot be changed can still be read and copied.
func (s *Editor) text() []screen.Event {
	area := textarea.New()
	area.Prompt, area.ShowLineNumbers, area.CharLimit = "", true, 4000
	area.SetVirtualCursor(false)
	area.SetStyles(textarea.Styles{})
	area.SetHeight(len(access.WorkspaceModules()) + 1)
	area.SetValue(core.Text(s.levels()))
	area.MoveToBegin()
	area.Focus()
	return []screen.Event{screen.Show{Overlay: &textBox{editor: s, area: area}}}
}

// Key implements screen.Overlay.
func (b *textBox) Key(k tea.KeyPressMsg, _ time.Time) ([]screen.Event, bool) {
	s := b.editor
	switch k.String() {
	case "esc":
		return nil, true
	case "ctrl+y":
		return []screen.Event{screen.Copy{Text: b.area.Value()}}, false
	case "ctrl+s":
		levels, err := core.ParseText(b.area.Value(), s.role.Levels)
		if err != nil {
			b.problem = []string{s.env.Sentence(err)}
			return nil, false
		}
		if v := s.verdictToEdit(); !v.OK && levels != s.levels() {
			b.problem = []string{s.env.Say.Say(v.Reason)}
			return nil, false
		}
		if v := s.acts.verdict(action.RoleSet, s.role); !v.OK && levels != s.levels() {
			b.problem = []string{s.env.Say.Say(v.Reason)}
			return nil, false
		}
		s.paintAll(levels)
		return []screen.Event{screen.Changed{}}, true
	}
	b.area, _ = b.area.Update(k)
	return nil, false
}

// paintAll paints every cell that differs.
func (s *Editor) paintAll(levels access.Levels) {
	for i, m := range access.WorkspaceModules() {
		s.matrix.SetLevel(i, widget.Level(levels.Get(m)))
	}
	s.judge()
}

// Paste implements screen.Overlay.
func (b *textBox) Paste(text string) []screen.Event {
	b.area.InsertString(text)
	return nil
}

// Cursor implements screen.Overlay.
func (b *textBox) Cursor() (x, y int, ok bool) {
	c := b.area.Cursor()
	if c == nil {
		return 0, 0, false
	}
	return c.X + 2, c.Y + 1, true
}

// Box implements screen.Overlay.
func (b *textBox) Box(th *theme.Theme, w, h int) string {
	env := b.editor.env
	w = min(w, 64)
	b.area.SetWidth(w - 4)
	b.area.SetHeight(max(3, min(len(access.WorkspaceModules())+1, h-4-len(b.problem))))
	lines := paint.Lines(b.area.View())
	for i := range lines {
		lines[i] = paint.Pad(lines[i], w-4)
	}
	for _, p := range b.problem {
		for _, line := range paint.Wrap(p, w-4) {
			lines = append(lines, paint.NewLine(th, w-4).Text(theme.Danger, line).String())
		}
	}
	lines = append(lines, paint.Empty(w-4), paint.NewLine(th, w-4).Text(theme.Key, "ctrl+s").Gap(1).Text(theme.KeyTitle, env.Text("role.text.paint")).Gap(3).
		Text(theme.Key, "ctrl+y").Gap(1).Text(theme.KeyTitle, env.Text("action.list.copy.short")).Gap(3).
		Text(theme.Key, "esc").Gap(1).Text(theme.KeyTitle, env.Text("form.leave")).String())
	return paint.Overlaid(th, env.Say.With("role.text.title", map[string]any{"Name": b.editor.role.Name}), "", lines, w)
}
