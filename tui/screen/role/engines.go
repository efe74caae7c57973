package role

import (
	"context"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/engine"
	"reeve/core/message"
	core "reeve/core/role"
	"reeve/tui/paint"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// opened is a role with the engines that it can be mapped in.
type opened struct {
	core.Editing
	engines []engine.Engine
}

// open reads a role for editing, and the engines of the workspace that know roles.
func (s *Editor) open(ctx context.Context) (o opened, err error) {
	if o.Editing, err = s.env.Roles.Edit(ctx, s.ref, s.at.Item); err != nil {
		return o, err
	}
	all, err := s.env.Engines.List(ctx, s.ref)
	for _, e := range all {
		if e.Type == access.MaxCompute {
			o.engines = append(o.engines, e)
		}
	}
	return o, err
}

// mappedTo is the role of an engine that the role here is mapped to; empty for none.
func (s *Editor) mappedTo(e engine.Engine) string {
	for _, m := range e.Roles {
		if m.Role == s.role.ID {
			return m.EngineRole
		}
	}
	return ""
}

// engineLine says which roles of engines the holders have; without an engine that knows roles there is nothing to say.
func (s *Editor) engineLine(w int) string {
	env := s.env
	l := paint.NewLine(env.Theme, w).Gap(1).Text(theme.Header, env.Text("role.engines")).Gap(2)
	for i, e := range s.engines {
		if i > 0 {
			l.Gap(3)
		}
		to, role := s.mappedTo(e), theme.Text
		if to == "" {
			to, role = env.Text("role.engines.unmapped"), theme.Faint
		}
		l.Text(theme.Muted, e.Name).Gap(1).Text(theme.Faint, env.Theme.Glyphs.Arrow).Gap(1).Text(role, to)
	}
	return l.String()
}

// mappable says whether the role here can be mapped.
func (s *Editor) mappable() control.Verdict {
	switch {
	case s.role.Kind == access.Builtin:
		return control.Impossible("fault.engine.fixed", message.Args{"Role": control.RoleName(s.role.Role), "EngineRole": s.role.EngineRole})
	case len(s.engines) == 0:
		return control.Impossible("role.engines.none", nil)
	}
	return control.Possible()
}

// mapRole asks to which role of which engine the role is mapped.
func (s *Editor) mapRole() []screen.Event {
	env := s.env
	var engines []widget.Option
	for _, e := range s.engines {
		engines = append(engines, widget.Option{ID: e.Name, Label: e.Name})
	}
	roles := []widget.Option{{ID: "", Label: env.Text("role.engines.unmapped")}}
	for _, r := range s.effect.state.EngineRoles {
		if r.Mappable {
			roles = append(roles, widget.Option{ID: r.Code, Label: r.Code})
		}
	}
	form := widget.NewForm(widget.SelectField("engine", env.Text("column.engine"), engines, engines[0].ID),
		widget.SelectField("engine_role", env.Text("column.engine_role"), roles, s.mappedTo(s.engines[0])))
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.With("role.engines.title", message.Args{"Name": s.role.Name}), form, func(f *widget.Form) []screen.Event {
		in := engine.RoleMap{Engine: f.Value("engine"), Role: s.role.Code, EngineRole: f.Value("engine_role")}
		for _, e := range s.engines {
			if e.Name == in.Engine {
				in.Version = e.Version
			}
		}
		return []screen.Event{screen.Run("map", env.Text("job.saving"), func(ctx context.Context) (engine.Engine, error) {
			return env.Engines.MapRole(ctx, s.ref, in)
		}, func(e engine.Engine, err error) []screen.Event {
			if err != nil {
				return box.Failed(err)
			}
			return append([]screen.Event{screen.Hide{Overlay: box},
				screen.Did{Text: message.Text{ID: "engine.mapped", Args: message.Args{"Name": e.Name}}}}, s.Refresh()...)
		})}
	})
	return []screen.Event{screen.Show{Overlay: box}}
}
