package role

import (
	"context"
	"errors"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	core "reeve/core/role"
	"reeve/tui/paint"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

func (s *Editor) verdictToEdit() control.Verdict { return s.env.May(action.RoleSet) }

// conflictOr shows both versions when somebody else changed the role meanwhile, says that it is gone when somebody deleted it,
// and any other error as it is.
func (s *Editor) conflictOr(err error) []screen.Event {
	if fault.KindOf(err) == fault.KindNotFound {
		s.gone = true
		return []screen.Event{screen.Say{Level: widget.ToastDanger, Text: message.Text{ID: "role.gone", Args: s.goneArgs()}}}
	}
	var conflict *fault.Conflict
	if !errors.As(err, &conflict) {
		return s.env.Fail(err)
	}
	code := s.role.Code
	return []screen.Event{screen.Run("conflict", "", func(ctx context.Context) (core.Editing, error) {
		return s.env.Roles.Edit(ctx, s.ref, code)
	}, func(e core.Editing, err error) []screen.Event {
		if err != nil {
			return s.env.Fail(err)
		}
		return []screen.Event{screen.Show{Overlay: s.both(e)}}
	})}
}

// both shows what was read, what is painted here and what stands now, module by module where they differ, and lets one
// choose. Nothing is saved by choosing.
func (s *Editor) both(e core.Editing) screen.Overlay {
	env, base, mine, theirs := s.env, s.role.Levels, s.levels(), e.Role.Levels
	close := func(show access.Levels) func() ([]screen.Event, bool) {
		return func() ([]screen.Event, bool) {
			s.show(e, show)
			s.judge()
			return []screen.Event{screen.Changed{}}, true
		}
	}
	return &screen.Pages{
		Title: env.With("conflict.title", message.Args{"Name": e.Role.Name}), Width: 92,
		Note: env.With("conflict.by", message.Args{"By": e.Role.ModifiedBy, "When": env.Ago(e.Role.ModifiedAt)}),
		Keys: map[string]func() ([]screen.Event, bool){
			"t": close(theirs),
			"m": close(merged(base, mine, theirs)),
		},
		Lines: func(th *theme.Theme, w int) []string {
			column := func(l *paint.Line, role theme.Role, text string) *paint.Line {
				return l.Cell(role, text, 14, paint.Left).Gap(1)
			}
			head := paint.NewLine(th, w).Cell(theme.Header, env.Text("column.module"), 24, paint.Left).Gap(1)
			for _, id := range []string{"conflict.read", "conflict.mine", "conflict.theirs"} {
				head = column(head, theme.Header, env.Text(id))
			}
			lines := []string{head.String()}
			for _, m := range access.WorkspaceModules() {
				b, x, y := base.Get(m), mine.Get(m), theirs.Get(m)
				if b == x && b == y {
					continue
				}
				l := paint.NewLine(th, w).Cell(theme.Text, env.Text("module."+m.Code()), 24, paint.Left).Gap(1)
				l = column(l, theme.Muted, env.Text("level."+b.String()))
				l = column(l, differs(x, b), env.Text("level."+x.String()))
				l = column(l, differs(y, b), env.Text("level."+y.String()))
				lines = append(lines, l.String())
			}
			lines = append(lines, paint.Empty(w))
			for _, s := range paint.Wrap(env.Text("conflict.explain"), w) {
				lines = append(lines, paint.NewLine(th, w).Text(theme.Muted, s).String())
			}
			return append(lines, paint.Empty(w), widget.Footer(th, []widget.FooterKey{
				{Key: "m", Title: env.Text("conflict.keep")}, {Key: "t", Title: env.Text("conflict.take")}, {Key: "esc", Title: env.Text("effect.back")},
			}, 0, "", theme.Muted, w))
		},
	}
}

func differs(l, base access.Level) theme.Role {
	if l == base {
		return theme.Muted
	}
	return theme.WarningStrong
}

// merged is theirs with the cells painted here over it.
func merged(base, mine, theirs access.Levels) access.Levels {
	out := theirs
	for _, m := range access.WorkspaceModules() {
		if l := mine.Get(m); l != base.Get(m) {
			out = out.With(m, l)
		}
	}
	return out
}
