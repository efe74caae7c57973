package member

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/question"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
)

// Effective is everything that one member may do here: module by module with where it comes from, in the tenant plane of the
// region, and in the engines, which are a question of their own.
type Effective struct {
	env    *screen.Env
	at     route.Route
	ref    control.Ref
	matrix question.UserMatrix
	loaded bool
	failed error
	cursor int
	top    int
	last   int

	// lines are what stands under the heading as it was put into words last, for what drawn says.
	lines []string
	drawn drawn
}

// drawn is what the lines depend on, beside the answer.
type drawn struct {
	w, cursor int
	theme     *theme.Theme
	exact     bool
	minute    int64
}

// NewEffective makes the screen.
func NewEffective(env *screen.Env, at route.Route) *Effective {
	return &Effective{env: env, at: at, ref: control.Ref{Region: at.Region, Workspace: at.Workspace}}
}

// Start implements screen.Screen.
func (s *Effective) Start() []screen.Event { return s.Refresh() }

// Refresh implements screen.Screen.
func (s *Effective) Refresh() []screen.Event {
	return []screen.Event{screen.Run("matrix", "", func(ctx context.Context) (question.UserMatrix, error) {
		return s.env.Questions.MatrixOfUser(ctx, s.ref, s.at.Item)
	}, func(m question.UserMatrix, err error) []screen.Event {
		if s.failed = err; err == nil {
			s.matrix, s.loaded, s.lines = m, true, nil
		}
		return []screen.Event{screen.Changed{}}
	})}
}

// Title implements screen.Screen.
func (s *Effective) Title() string { return s.at.Item }

// Scopes implements screen.Screen.
func (s *Effective) Scopes() []action.Scope { return []action.Scope{action.ScopeMember} }

// Verdict implements screen.Screen.
func (s *Effective) Verdict(action.ID) control.Verdict { return control.Possible() }

// Act implements screen.Screen.
func (s *Effective) Act(action.ID) []screen.Event { return nil }

// Key implements screen.Screen.
func (s *Effective) Key(k tea.KeyPressMsg) ([]screen.Event, bool) {
	switch k.String() {
	case "up", "k":
		s.cursor--
	case "down", "j":
		s.cursor++
	case "home", "g":
		s.cursor = 0
	case "end", "G":
		s.cursor = len(s.matrix.Cells) - 1
	case "pgup":
		s.top--
		return nil, true
	case "pgdown":
		s.top++
		return nil, true
	default:
		return nil, false
	}
	s.cursor = max(0, min(s.cursor, len(s.matrix.Cells)-1))
	return nil, true
}

// Question implements screen.Asked: about the module under the cursor, at the next level up, which is the one in doubt.
// Nothing is left to ask for.
func (s *Effective) Question() (screen.Question, bool) {
	if !s.loaded || s.cursor >= len(s.matrix.Cells) {
		return screen.Question{}, false
	}
	cell := s.matrix.Cells[s.cursor]
	level := access.Write
	if cell.Level == access.None {
		level = access.Read
	}
	return screen.Question{User: s.matrix.User.Name, Module: cell.Module.Code(), Level: level.String(), Whole: true}, true
}

// View implements screen.Screen.
func (s *Effective) View(w, h int) string {
	env := s.env
	if s.failed != nil && !s.loaded {
		return env.ErrorBox(s.failed, w, h)
	}
	if !s.loaded {
		return env.Loading(w, h)
	}
	note, role := "", theme.Muted
	if s.matrix.Administers {
		note, role = env.Text("effective.administers"), theme.Accent
	}
	body := s.body(w)
	page := max(1, h-2)
	s.last = max(0, len(body)-page)
	// The row under the cursor stays in sight; the page keys look further without moving it.
	s.top = max(0, min(s.top, s.last))
	if s.cursor+2 < s.top {
		s.top = max(0, s.cursor)
	}
	if s.cursor+1 >= s.top+page {
		s.top = s.cursor + 2 - page
	}
	lines := []string{env.Heading(s.matrix.User.Name, env.With("effective.about", map[string]any{"Workspace": s.matrix.Target.WorkspaceName}), note, role, w),
		paint.NewLine(env.Theme, w).Gap(1).Text(theme.Faint, env.Rule()).String()}
	lines = append(lines, body[s.top:min(len(body), s.top+page)]...)
	return paint.Sized(lines, w, h)
}

func (s *Effective) body(w int) []string {
	now := drawn{w: w, cursor: s.cursor, theme: s.env.Theme, exact: s.env.Exact, minute: s.env.Now().Unix() / 60}
	if s.lines == nil || s.drawn != now {
		s.lines, s.drawn = slices.Concat(s.modules(w), s.tenant(w), s.engines(w)), now
	}
	return s.lines
}

func (s *Effective) modules(w int) []string {
	env, th := s.env, s.env.Theme
	lines := []string{paint.NewLine(th, w).Gap(2).Cell(theme.Header, env.Text("column.module"), 25, paint.Left).
		Cell(theme.Header, env.Text("effective.level"), 8, paint.Left).Text(theme.Header, env.Text("effective.because")).String()}
	for i, cell := range s.matrix.Cells {
		l := paint.NewLine(th, w)
		if i == s.cursor {
			l.On(theme.Selected).Text(theme.Bar, th.Glyphs.Bar)
		} else {
			l.Gap(1)
		}
		role := theme.Text
		switch cell.Level {
		case access.None:
			role = theme.Faint
		case access.Write:
			role = theme.AccentStrong
		case access.Read:
		}
		var why []string
		for _, c := range cell.Because {
			if c.Effect == access.Decides || c.Effect == access.Removes {
				why = append(why, env.Reason(s.matrix.Snapshot, c))
			}
		}
		l.Gap(1).Cell(theme.Text, env.Text("module."+cell.Module.Code()), 25, paint.Left).Cell(role, env.Text("level."+cell.Level.String()), 8, paint.Left).
			Text(theme.Muted, strings.Join(why, ", "))
		if i == s.cursor {
			l.Fill(theme.Blank, " ")
		}
		lines = append(lines, l.String())
	}
	return lines
}

func (s *Effective) tenant(w int) []string {
	env, th := s.env, s.env.Theme
	lines := []string{paint.Empty(w), paint.NewLine(th, w).Gap(2).Text(theme.Header, env.With("effective.tenant", map[string]any{"Region": s.at.Region})).String()}
	var parts []string
	for _, c := range access.AllCapabilities() {
		if s.matrix.Capabilities.Has(c) {
			parts = append(parts, env.Text("capability."+c.Code()))
		}
	}
	if len(parts) == 0 {
		parts = []string{env.Text("effective.tenant.nothing")}
	}
	for _, line := range paint.Wrap(strings.Join(parts, " · "), w-3) {
		lines = append(lines, paint.NewLine(th, w).Gap(2).Text(theme.Muted, line).String())
	}
	return lines
}

func (s *Effective) engines(w int) []string {
	env, th := s.env, s.env.Theme
	lines := []string{paint.Empty(w), paint.NewLine(th, w).Gap(2).Text(theme.Header, env.Text("effective.engines")).String()}
	if len(s.matrix.Engines) == 0 {
		return append(lines, paint.NewLine(th, w).Gap(2).Text(theme.Muted, env.Text("effective.engines.none")).String())
	}
	for _, r := range s.matrix.Engines {
		lines = append(lines, env.EngineLine(th, w, s.matrix.Snapshot, s.matrix.Target.Workspace, r))
	}
	return lines
}

var (
	_ screen.Screen = (*Effective)(nil)
	_ screen.Asked  = (*Effective)(nil)
)
