package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// act is the act of a step.
func (s Step) act() action.ID {
	return map[Kind]action.ID{
		KindWorkspace: action.WorkspaceCreate, KindGroup: action.GroupCreate, KindBinding: action.GroupAssociate, KindMember: action.MemberAdd,
		KindEngine: action.EngineAdd, KindSource: action.SourceAdd, KindTest: action.SourceTest,
	}[s.Kind]
}

// Advance carries out the next step of a run, as whoever is in the context and by their own rights, and answers how the run
// stands then. It begins by looking whether the step's result is there, so that what a crash left unsaid is not done twice; the
// step itself is a change of its area under a request id made of run and step. A step that fails is part of the answer, not an
// error; so is one that has to wait (Run.Waits). An error means that the run could not be read or written: somebody else may be
// carrying it out.
func (s *Service) Advance(ctx context.Context, id ID) (Run, error) {
	run, i, was, err := s.claim(ctx, id)
	if err != nil || i < 0 {
		return run, err
	}
	p := run.Steps[i]
	came, err := s.carry(ctx, run, p.Step, was)
	if err != nil {
		came = outcome{state: Failed, problem: fault.KindOf(err), said: failure(err)}
	}
	// What was done is noted even if whoever waited for it has gone.
	after, err := s.note(context.WithoutCancel(ctx), id, p.as(came.state, came.problem, came.said), run.Version)
	after.Waits = came.waits
	return after, err
}

// outcome is what became of a step; one that is still running waits.
type outcome struct {
	state   State
	problem fault.Kind
	said    []message.Text
	waits   time.Time
}

func (p Progress) as(state State, problem fault.Kind, words []message.Text) Progress {
	p.State, p.Problem, p.Said = state, problem, words
	return p
}

// claim marks the next step as running and says what it was before; i is -1 when there is none. How far a run is has no entry of its own in the audit: what
// it does has.
func (s *Service) claim(ctx context.Context, id ID) (run Run, i int, was State, err error) {
	i = -1
	run, err = control.Do(ctx, s.gate, control.Change[Run]{
		Action: action.BootstrapResume,
		Target: s.at(id),
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[Run], error) {
			r, err := s.read(ctx, id, by)
			if err != nil {
				return control.Applied[Run]{}, err
			}
			next, left := r.Next()
			if left {
				i, was = next, r.Steps[next].State
				if r, err = s.write(ctx, r, r.Steps[i].as(Running, "", nil)); err != nil {
					return control.Applied[Run]{}, err
				}
			}
			return control.Applied[Run]{Value: r, Nothing: true}, nil
		},
	})
	return run, i, was, err
}

// note writes how far a step is.
func (s *Service) note(ctx context.Context, id ID, p Progress, version int64) (Run, error) {
	return control.Do(ctx, s.gate, control.Change[Run]{
		Action: action.BootstrapResume,
		Target: s.at(id),
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[Run], error) {
			r, err := s.store.Get(ctx, id)
			if err == nil && r.Version != version {
				err = conflict(r, version)
			}
			if err == nil {
				r, err = s.write(ctx, r, p)
			}
			return control.Applied[Run]{Value: r, Nothing: true}, err
		},
	})
}

func (s *Service) write(ctx context.Context, r Run, p Progress) (Run, error) {
	p.At = s.gate.Now()
	ok, err := s.store.Note(ctx, r.ID, p, r.Version)
	if err == nil && !ok {
		err = conflict(r, r.Version)
	}
	if err != nil {
		return r, err
	}
	return s.store.Get(ctx, r.ID)
}

// carry does a step unless its result is there; was is how far it had come before.
func (s *Service) carry(ctx context.Context, run Run, step Step, was State) (outcome, error) {
	there, err := s.there(ctx, run, step)
	switch {
	case err != nil:
		return outcome{}, err
	case there && was == Pending:
		return outcome{state: Skipped, said: []message.Text{said("bootstrap.found", nil)}}, nil
	case there: // this run made it, and what was lost is the note of it
		return outcome{state: Done}, nil
	case step.Kind == KindBinding:
		state, ok, err := s.areas.Groups.Find(ctx, run.Spec.Region, step.Name, run.Spec.Workspace.Name)
		if err != nil {
			return outcome{}, err
		}
		if ok && !state.Ready && !state.ReadyAt.IsZero() {
			return outcome{state: Running, waits: state.ReadyAt, said: []message.Text{said("bootstrap.waiting", message.Args{"Name": step.Name})}}, nil
		}
	case step.Kind == KindTest: // every try is one of its own: a repeat must not answer what the last one found
		return s.do(ctx, run, step)
	}
	return s.do(control.WithRequest(ctx, fmt.Sprintf("bootstrap/%d/%d/%s", run.ID, run.Edition, step.ID)), run, step)
}

// there says whether the result of a step is there.
func (s *Service) there(ctx context.Context, run Run, step Step) (ok bool, err error) {
	ref, spec := run.Ref(), run.Spec
	switch step.Kind {
	case KindWorkspace:
		_, _, ok, err = s.areas.Workspaces.Find(ctx, ref.Region, ref.Workspace)
	case KindGroup:
		_, ok, err = s.areas.Groups.Find(ctx, ref.Region, step.Name, ref.Workspace)
	case KindBinding:
		var state GroupState
		state, _, err = s.areas.Groups.Find(ctx, ref.Region, step.Name, ref.Workspace)
		ok = state.Bound
	case KindMember:
		ok, err = s.areas.Members.Holds(ctx, ref, spec.member(step))
	case KindEngine:
		_, ok, err = s.areas.Engines.Find(ctx, ref, step.Name)
	case KindSource:
		_, _, ok, err = s.areas.Sources.Find(ctx, ref, step.Name)
	case KindTest:
		_, ok, _, err = s.areas.Sources.Find(ctx, ref, step.Name)
	}
	return ok, err
}

// do is the change itself.
func (s *Service) do(ctx context.Context, run Run, step Step) (outcome, error) {
	ref, spec := run.Ref(), run.Spec
	var err error
	switch step.Kind {
	case KindWorkspace:
		err = s.areas.Workspaces.Create(ctx, ref.Region, spec.Workspace)
	case KindGroup:
		err = s.areas.Groups.Create(ctx, ref.Region, *spec.Group)
	case KindBinding:
		err = s.areas.Groups.Associate(ctx, ref.Region, step.Name, ref.Workspace)
	case KindMember:
		err = s.areas.Members.Grant(ctx, ref, spec.member(step))
	case KindEngine:
		err = s.areas.Engines.Add(ctx, ref, *spec.Engine)
	case KindSource:
		err = s.areas.Sources.Create(ctx, ref, *spec.Source)
	case KindTest:
		connected, evidence, err := s.areas.Sources.Test(ctx, ref, step.Name)
		if err != nil {
			return outcome{}, err
		}
		if !connected {
			return outcome{state: Failed, problem: fault.KindUnavailable, said: []message.Text{said("bootstrap.not_connected", message.Args{"Name": step.Name, "Evidence": evidence}),
				said("bootstrap.not_connected.next", nil)}}, nil
		}
	}
	return outcome{state: Done}, err
}

// failure is what to keep of an error: what happened, every field that is wrong, and what to do.
func failure(err error) []message.Text {
	var f fault.Fault
	if !errors.As(err, &f) {
		if errors.Is(err, context.Canceled) {
			return []message.Text{said("bootstrap.broken_off", nil)}
		}
		return []message.Text{said("literal", message.Args{"Text": err.Error()})}
	}
	words := []message.Text{f.Text()}
	var invalid *fault.Invalid
	if errors.As(err, &invalid) && len(invalid.Fields) > 1 {
		for _, field := range invalid.Fields {
			words = append(words, said("fault.invalid.one", message.Args{"Field": field.Name, "What": field.Text}))
		}
	}
	if next := f.Next(); !next.IsZero() {
		words = append(words, next)
	}
	var denied *fault.Denied
	if errors.As(err, &denied) {
		words = append(words, said("bootstrap.denied.next", nil))
	}
	return words
}
