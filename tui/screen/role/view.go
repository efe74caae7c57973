package role

import (
	"strconv"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// previewRoom is how many lines must be free under the matrix for the effect to be shown there all the time.
const previewRoom = 6

// View implements screen.Screen.
func (s *Editor) View(w, h int) string {
	env := s.env
	if s.failed != nil && !s.loaded {
		return env.ErrorBox(s.failed, w, h)
	}
	if !s.loaded {
		return env.Loading(w, h)
	}
	lines := []string{s.heading(w), s.under(w)}
	modules := len(access.WorkspaceModules())
	rows := min(h-len(lines), modules+1)
	lines = append(lines, s.matrix.Render(env.Theme, w, rows))
	used := len(lines) - 1 + rows
	if len(s.engines) > 0 && h-used >= 2 {
		lines = append(lines, paint.Empty(w), s.engineLine(w))
		used += 2
	}
	if free := h - used; free >= previewRoom+1 && s.Unsaved() && s.effect.known {
		effects, _ := env.Effects(s.effect.outcome, true)
		p := widget.Preview{Title: env.Text("effect.title"), Effects: effects,
			Revision: env.With("effect.revision", message.Args{"Revision": strconv.FormatUint(s.effect.before.Revision(), 10)})}
		box, _ := p.Render(env.Theme, min(w-1, 110), free-1, 0)
		lines = append(lines, paint.Empty(w), box)
	}
	return paint.Sized(paint.Lines(paint.Join(lines...)), w, h)
}

func (s *Editor) heading(w int) string {
	env := s.env
	about := env.Text("role.builtin")
	if s.role.Kind == access.Custom {
		about = env.Text("role.custom")
	}
	about += " · " + env.With("role.members", message.Args{"Count": s.role.Holders})
	note, role := "", theme.Muted
	if n := s.matrix.Changed(); n > 0 {
		note, role = env.With("role.changed", message.Args{"Count": n})+" "+env.Theme.Glyphs.Dot, theme.Warning
	}
	return env.Heading(env.Say.Say(control.RoleName(s.role.Role)), about, note, role, w)
}

// under says in one line what one should know before painting: that the role never changes, that this edition has no custom
// roles, that somebody else changed it meanwhile, or what its name in the API is.
func (s *Editor) under(w int) string {
	env := s.env
	l := paint.NewLine(env.Theme, w).Gap(1)
	may := s.verdictToEdit()
	switch {
	case s.gone:
		l.Text(theme.Danger, env.Theme.Glyphs.Warn+" "+env.With("role.gone", s.goneArgs()))
	case s.newer.Version != 0:
		l.Text(theme.Warning, env.Theme.Glyphs.Warn+" "+env.With("role.newer", message.Args{"By": s.newer.ModifiedBy, "Version": s.newer.Version}))
	case s.role.Kind == access.Builtin:
		l.Text(theme.Faint, env.Text("role.builtin.note"))
		if s.role.Derived {
			l.Text(theme.Faint, " "+env.Text("role.derived"))
		}
	case !may.OK:
		l.Text(theme.Warning, env.Theme.Glyphs.Warn+" "+env.Say.Say(may.Reason))
	default:
		l.Text(theme.Faint, s.role.Code+" · "+env.Rule())
	}
	return l.String()
}
