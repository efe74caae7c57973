package bootstrap

import (
	"context"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"reeve/core/action"
	core "reeve/core/bootstrap"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// open goes to a run, and begins an act there if one is named.
func open(run core.Run, begin action.ID) screen.Open {
	return screen.Open{Route: route.Route{Kind: route.Bootstrap, Item: strconv.FormatInt(int64(run.ID), 10), Begin: string(begin)}}
}

// Run is one run: its steps, how far each is, and what it said.
type Run struct {
	env    *screen.Env
	id     core.ID
	run    core.Run
	loaded bool
	failed error
	// going says that this screen carries the run out; begin, that it is to as soon as the run is read.
	going, begin bool
	top          int
}

// NewRun makes the screen.
func NewRun(env *screen.Env, at route.Route) *Run {
	n, _ := strconv.ParseInt(at.Item, 10, 64)
	return &Run{env: env, id: core.ID(n), begin: at.Begin == string(action.BootstrapResume)}
}

// Start implements screen.Screen.
func (s *Run) Start() []screen.Event {
	s.going = false // what was under way ended with the place being left
	return s.Refresh()
}

// Refresh implements screen.Screen.
func (s *Run) Refresh() []screen.Event {
	if s.going && s.run.Waits.IsZero() {
		return nil // the step under way answers with what stands
	}
	return []screen.Event{screen.Run("run", "", func(ctx context.Context) (core.Run, error) { return s.env.Bootstraps.Get(ctx, s.id) },
		func(run core.Run, err error) []screen.Event {
			s.failed = err
			if err != nil {
				return []screen.Event{screen.Changed{}}
			}
			waits := s.run.Waits
			s.run, s.loaded = run, true
			if s.going && !waits.IsZero() || s.begin && run.State() == core.Pending {
				s.begin = false
				return s.advance()
			}
			return []screen.Event{screen.Changed{}}
		})}
}

// advance carries out the next step, and goes on until one fails, waits, or none is left.
func (s *Run) advance() []screen.Event {
	s.going = true
	return []screen.Event{screen.Run("step", s.env.With("bootstrap.job", message.Args{"Name": s.run.Spec.Workspace.Name}),
		func(ctx context.Context) (core.Run, error) { return s.env.Bootstraps.Advance(ctx, s.id) },
		func(run core.Run, err error) []screen.Event {
			if err != nil {
				s.going = false
				return append(s.env.Fail(err), s.Refresh()...)
			}
			s.run = run
			switch state := run.State(); {
			case !run.Waits.IsZero(): // the next change that is told of goes on with it
				return []screen.Event{screen.Changed{}}
			case state == core.Running || state == core.Pending:
				return append(s.advance(), screen.Changed{})
			default:
				s.going = false
				if state == core.Done {
					return []screen.Event{screen.Did{Text: message.Text{ID: "bootstrap.over", Args: message.Args{"Workspace": run.Spec.Workspace.Name}}}}
				}
				return []screen.Event{screen.Changed{}}
			}
		})}
}

// Title implements screen.Screen.
func (s *Run) Title() string {
	return s.env.With("bootstrap.title", message.Args{"ID": strconv.FormatInt(int64(s.id), 10)})
}

// Scopes implements screen.Screen.
func (s *Run) Scopes() []action.Scope { return []action.Scope{action.ScopeBootstrap} }

// Verdict implements screen.Screen.
func (s *Run) Verdict(id action.ID) control.Verdict {
	switch id {
	case action.BootstrapResume, action.BootstrapEdit, action.BootstrapDelete:
		switch {
		case id == action.BootstrapResume && !s.loaded:
			return control.Possible() // it is begun as soon as the run is read
		case !s.loaded:
			return control.Impossible("list.no_row", nil)
		case s.going:
			return control.Impossible("bootstrap.going", nil)
		case id != action.BootstrapDelete && s.run.State() == core.Done:
			return control.Impossible("fault.bootstrap.over", nil)
		}
	}
	return control.Possible()
}

// Act implements screen.Screen.
func (s *Run) Act(id action.ID) []screen.Event {
	switch id {
	case action.BootstrapResume:
		if !s.loaded {
			s.begin = true
			return nil
		}
		if s.going {
			return nil
		}
		return append(s.advance(), screen.Changed{})
	case action.BootstrapEdit:
		version := s.run.Version
		return []screen.Event{screen.Show{Overlay: newWizard(s.env, s.run.Spec, func(ctx context.Context, spec core.Spec) (core.Run, error) {
			return s.env.Bootstraps.Edit(ctx, s.id, spec, version)
		})}}
	case action.BootstrapDelete:
		return forget(s.env, s.run, screen.Leave{})
	}
	return nil
}

// forget asks before a run is forgotten.
func forget(env *screen.Env, run core.Run, then ...screen.Event) []screen.Event {
	d := widget.NewDialog(env.With("bootstrap.forget.title", message.Args{"ID": int(run.ID)}),
		[]widget.BodyLine{{Text: env.Text("bootstrap.forget.effect"), Role: theme.Muted}},
		widget.Choice{ID: "no", Label: env.Text("dialog.cancel"), Key: "n"}, widget.Choice{ID: "yes", Label: env.Text("action.bootstrap.delete.short"), Key: "y", Danger: true})
	return []screen.Event{screen.Show{Overlay: screen.Ask(d, func(choice string) []screen.Event {
		if choice != "yes" {
			return nil
		}
		return []screen.Event{screen.Run("forget", env.Text("job.saving"), func(ctx context.Context) (core.Run, error) {
			return env.Bootstraps.Delete(ctx, run.ID, run.Version)
		}, func(gone core.Run, err error) []screen.Event {
			if err != nil {
				return env.Fail(err)
			}
			return append([]screen.Event{screen.Did{Text: message.Text{ID: "bootstrap.forgotten", Args: message.Args{"ID": int(gone.ID)}}}}, then...)
		})}
	})}}
}

// Key implements screen.Screen.
func (s *Run) Key(k tea.KeyPressMsg) ([]screen.Event, bool) {
	switch k.String() {
	case "up", "k":
		s.top--
	case "down", "j":
		s.top++
	case "enter":
		if !s.loaded {
			return nil, true
		}
		return []screen.Event{screen.Open{Route: route.Route{Kind: route.Details, Region: s.run.Spec.Region, Workspace: s.run.Spec.Workspace.Name}}}, true
	default:
		return nil, false
	}
	return nil, true
}

// View implements screen.Screen.
func (s *Run) View(w, h int) string {
	env := s.env
	switch {
	case s.failed != nil:
		return env.ErrorBox(s.failed, w, h)
	case !s.loaded:
		return env.Loading(w, h)
	}
	state := s.run.State()
	lines := []string{env.Heading(s.run.Spec.Workspace.Name, s.run.Spec.Region, env.Text("bootstrap.state."+string(state)), stateRole(state), w), paint.Empty(w)}
	var steps []string
	for _, p := range s.run.Steps {
		var said []string
		for _, t := range p.Said {
			said = append(said, env.Say.Say(t))
		}
		for _, line := range stepLines(env, env.Theme, w-1, p.Part, env.Text("bootstrap.state."+string(p.State)), stateRole(p.State),
			env.With("bootstrap.step."+string(p.Kind), message.Args{"Name": p.Name}), said) {
			steps = append(steps, " "+line)
		}
	}
	s.top = max(0, min(s.top, len(steps)-(h-len(lines)-2)))
	lines = append(lines, steps[s.top:]...)
	if len(lines) > h-2 {
		lines = lines[:h-2]
	}
	end := env.With("bootstrap.made", message.Args{"By": s.run.CreatedBy, "When": env.Ago(s.run.CreatedAt)})
	lines = append(lines, paint.Empty(w), paint.NewLine(env.Theme, w).Gap(1).Text(theme.Faint, end).String())
	return paint.Sized(lines, w, h)
}

func stateRole(state core.State) theme.Role {
	switch state {
	case core.Running:
		return theme.Accent
	case core.Done, core.Skipped:
		return theme.Good
	case core.Failed:
		return theme.Danger
	case core.Pending:
	}
	return theme.Muted
}

var _ screen.Screen = (*Run)(nil)
