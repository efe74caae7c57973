// Package question answers who may do what and why, in one workspace, from the same evaluation that decides.
package question

import (
	"context"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/list"
)

// Store is what this area needs of storage.
type Store interface {
	control.Places
	// Named finds a principal by name; fault.NotFound with near names otherwise.
	Named(ctx context.Context, name string) (access.Principal, error)
	// Region finds an activated region as a target; fault.NotFound (what: region) with near ones otherwise.
	Region(ctx context.Context, id string) (control.Target, error)
	// Members lists the members of a workspace; filter and sort know the field name.
	Members(ctx context.Context, ws access.WorkspaceID, q list.Query) (list.Page[access.Principal], error)
	AccessState(ctx context.Context, s control.Scope) (access.State, error)
}

// Service is the area's questions.
type Service struct {
	gate  *control.Gate
	store Store
}

// New makes the service.
func New(gate *control.Gate, store Store) *Service { return &Service{gate: gate, store: store} }

// Subject asks about one principal, one module and one level in one workspace.
type Subject struct {
	Ref    control.Ref
	User   string
	Module access.Module
	Level  access.Level
}

// Answer is an explanation with what is needed to put it into words.
type Answer struct {
	access.Explanation
	Target   control.Target
	User     access.Principal
	Snapshot *access.Snapshot
}

// Check decides.
func (s *Service) Check(ctx context.Context, q Subject) (Answer, error) {
	return s.explain(ctx, action.AccessCheck, q)
}

// Why decides and explains: every contribution, strongest first, and on a refusal the cheapest ways to get it.
func (s *Service) Why(ctx context.Context, q Subject) (Answer, error) {
	return s.explain(ctx, action.AccessWhy, q)
}

func (s *Service) explain(ctx context.Context, id action.ID, q Subject) (Answer, error) {
	var user access.Principal
	return control.Ask(ctx, s.gate, control.Query[Answer]{
		Action: id,
		Target: func(ctx context.Context) (t control.Target, err error) {
			if t, err = s.store.Place(ctx, q.Ref); err != nil {
				return t, err
			}
			user, err = s.store.Named(ctx, q.User)
			t.Kind, t.Name, t.About = "user", q.User, user.ID
			return t, err
		},
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Answer, error) {
			snap, err := s.snapshot(ctx, control.Scope{Workspace: t.Workspace, Principal: user.ID})
			if err != nil {
				return Answer{}, err
			}
			e := snap.Explain(access.Question{Principal: user.ID, Workspace: t.Workspace, Module: q.Module, Level: q.Level})
			return Answer{Explanation: e, Target: t, User: user, Snapshot: snap}, nil
		},
	})
}

// Holders is who may do something, with what is needed to put it into words.
type Holders struct {
	Target   control.Target
	Module   access.Module
	Level    access.Level
	Holders  []access.Holder
	Snapshot *access.Snapshot
}

// Who lists everyone who may use a module at a level, with the way each got it.
func (s *Service) Who(ctx context.Context, ref control.Ref, m access.Module, l access.Level) (Holders, error) {
	return control.Ask(ctx, s.gate, control.Query[Holders]{
		Action: action.AccessWho,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Holders, error) {
			snap, err := s.snapshot(ctx, control.Scope{Workspace: t.Workspace})
			if err != nil {
				return Holders{}, err
			}
			return Holders{Target: t, Module: m, Level: l, Holders: snap.WhoCan(t.Workspace, m, l), Snapshot: snap}, nil
		},
	})
}

func (s *Service) snapshot(ctx context.Context, scope control.Scope) (*access.Snapshot, error) {
	state, err := s.store.AccessState(ctx, scope)
	if err != nil {
		return nil, err
	}
	state.Now = s.gate.Now().Unix()
	return access.Compile(state)
}
