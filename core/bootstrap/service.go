package bootstrap

import (
	"context"
	"errors"
	"strconv"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
)

// Service is the area's acts.
type Service struct {
	gate  *control.Gate
	store Store
	areas Areas
}

// New makes the service.
func New(gate *control.Gate, store Store, areas Areas) *Service {
	return &Service{gate: gate, store: store, areas: areas}
}

// Plan says what carrying a spec out would do, step by step, and changes nothing. Everything wrong with it is one
// fault.Invalid, whose fields are named as in a file: workspace.name, members[0].roles, data_source.prod.address. A step that
// whoever asks may not do is part of the plan and says so.
func (s *Service) Plan(ctx context.Context, spec Spec) (Plan, error) {
	return s.planFor(ctx, action.BootstrapPlan, spec)
}

// planFor is the plan for who may do an act. The areas are then asked one by one, each through the gate by itself, for some of
// their answers are changes undone again.
func (s *Service) planFor(ctx context.Context, id action.ID, spec Spec) (Plan, error) {
	if _, err := control.Ask(ctx, s.gate, control.Query[struct{}]{
		Action: id,
		Do:     func(context.Context, control.Target, control.Viewer) (struct{}, error) { return struct{}{}, nil },
	}); err != nil {
		return Plan{}, err
	}
	return s.plan(ctx, spec)
}

// kind is what runs are called in targets and errors.
const kind = "bootstrap"

// Begin makes a run of a plan. Nothing is carried out yet: Advance does that, step by step. A plan with a step that whoever
// asks may not do is refused, for it would stop half way.
func (s *Service) Begin(ctx context.Context, spec Spec) (Run, error) {
	run, failed := s.planned(ctx, action.WorkspaceBootstrap, spec)
	return control.Do(ctx, s.gate, control.Change[Run]{
		Action: action.WorkspaceBootstrap,
		Target: func(context.Context) (control.Target, error) {
			asked := spec.tidy()
			return control.Target{Region: asked.Region, Kind: kind, Name: asked.Workspace.Name}, nil
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Run], error) {
			if failed != nil {
				return control.Applied[Run]{}, failed
			}
			made, err := s.store.Insert(ctx, run, by.Principal)
			t.Region, t.Name = made.Spec.Region, made.name()
			return control.Applied[Run]{Value: made, After: made, Target: &t}, err
		},
	})
}

// planned is a run of a plan, with nothing done.
func (s *Service) planned(ctx context.Context, id action.ID, spec Spec) (Run, error) {
	plan, err := s.planFor(ctx, id, spec)
	if err != nil {
		return Run{}, err
	}
	if step, denied := plan.Denied(); denied {
		return Run{}, &fault.Denied{Action: string(step.act()), Reason: step.Said, Ask: step.Ask}
	}
	run := Run{Spec: plan.Spec, CreatedAt: s.gate.Now(), ModifiedAt: s.gate.Now(), Edition: 1, Version: 1}
	for _, step := range plan.Spec.steps() {
		run.Steps = append(run.Steps, Progress{Step: step, State: Pending})
	}
	return run, nil
}

func (r Run) name() string { return r.Spec.Workspace.Name + "#" + strconv.FormatInt(int64(r.ID), 10) }

// Edit changes what a run that is not over wants. Steps that are done stay: they are found to be there.
func (s *Service) Edit(ctx context.Context, id ID, spec Spec, version int64) (Run, error) {
	after, failed := s.planned(ctx, action.BootstrapEdit, spec)
	return control.Do(ctx, s.gate, control.Change[Run]{
		Action: action.BootstrapEdit,
		Target: s.at(id),
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[Run], error) {
			none := control.Applied[Run]{}
			before, err := s.read(ctx, id, by)
			if err != nil {
				return none, err
			}
			if version != 0 && version != before.Version {
				return none, conflict(before, version)
			}
			if _, left := before.Next(); !left {
				return none, &fault.Refused{Reason: said("fault.bootstrap.over", nil)}
			}
			if failed != nil {
				return none, failed
			}
			after.ID, after.Edition, after.Version, after.CreatedAt = before.ID, before.Edition+1, before.Version, before.CreatedAt
			ok, err := s.store.Replace(ctx, after)
			if err == nil && !ok {
				err = conflict(before, before.Version)
			}
			if err == nil {
				after, err = s.store.Get(ctx, id)
			}
			return control.Applied[Run]{Value: after, Before: before, After: after}, err
		},
	})
}

// Delete forgets a run. What its steps have made stays.
func (s *Service) Delete(ctx context.Context, id ID, version int64) (Run, error) {
	return control.Do(ctx, s.gate, control.Change[Run]{
		Action: action.BootstrapDelete,
		Target: s.at(id),
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[Run], error) {
			before, err := s.read(ctx, id, by)
			if err != nil {
				return control.Applied[Run]{}, err
			}
			if version != 0 && version != before.Version {
				return control.Applied[Run]{}, conflict(before, version)
			}
			ok, err := s.store.Delete(ctx, id, before.Version)
			if err == nil && !ok {
				err = conflict(before, before.Version)
			}
			return control.Applied[Run]{Value: before, Before: before}, err
		},
	})
}

// List lists the runs of a region, or of all, that whoever asks may see: their own, and those of workspaces they administer.
func (s *Service) List(ctx context.Context, region string) ([]Run, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Run]{
		Action: action.BootstrapList,
		Do: func(ctx context.Context, _ control.Target, by control.Viewer) ([]Run, error) {
			all, err := s.store.List(ctx, region)
			if err != nil {
				return nil, err
			}
			seen := []Run{}
			for _, r := range all {
				ok, err := s.sees(ctx, r, by.Actor)
				if err != nil {
					return nil, err
				}
				if ok {
					seen = append(seen, r)
				}
			}
			return seen, nil
		},
	})
}

// Get shows one run.
func (s *Service) Get(ctx context.Context, id ID) (Run, error) {
	return control.Ask(ctx, s.gate, control.Query[Run]{
		Action: action.BootstrapShow,
		Target: s.at(id),
		Do: func(ctx context.Context, _ control.Target, by control.Viewer) (Run, error) {
			return s.read(ctx, id, by.Actor)
		},
	})
}

func (s *Service) at(id ID) func(context.Context) (control.Target, error) {
	return func(ctx context.Context) (control.Target, error) { return s.store.Where(ctx, id) }
}

// read reads a run that somebody may see; to others it is not there.
func (s *Service) read(ctx context.Context, id ID, by control.Actor) (Run, error) {
	r, err := s.store.Get(ctx, id)
	if err != nil {
		return Run{}, err
	}
	ok, err := s.sees(ctx, r, by)
	if err == nil && !ok {
		err = &fault.NotFound{What: kind, Name: strconv.FormatInt(int64(id), 10)}
	}
	return r, err
}

// sees says whether a run is somebody's own, or of a workspace that they administer, or of one that is not there yet while they
// could make it.
func (s *Service) sees(ctx context.Context, r Run, by control.Actor) (bool, error) {
	if r.by == by.Principal {
		return true, nil
	}
	act := action.WorkspaceUpdate
	t, err := s.store.Place(ctx, r.Ref())
	var missing *fault.NotFound
	if errors.As(err, &missing) {
		act, t, err = action.WorkspaceCreate, control.Target{Region: r.Spec.Region, Kind: "workspace", Name: r.Spec.Workspace.Name}, nil
	}
	if err != nil {
		return false, err
	}
	err = s.gate.Also(ctx, act, t)
	var denied *fault.Denied
	if errors.As(err, &denied) {
		return false, nil
	}
	return err == nil, err
}

func conflict(theirs Run, read int64) error {
	return &fault.Conflict{What: kind, Name: theirs.name(), Read: read, Now: theirs.Version, Theirs: theirs}
}
