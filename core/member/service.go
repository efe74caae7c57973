package member

import (
	"context"
	"slices"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/list"
)

// Service is the area's acts.
type Service struct {
	gate  *control.Gate
	store Store
}

// New makes the service.
func New(gate *control.Gate, store Store) *Service { return &Service{gate: gate, store: store} }

// List lists the members of a workspace, the owner among them.
func (s *Service) List(ctx context.Context, ref control.Ref, q list.Query) (list.Page[Member], error) {
	return control.Ask(ctx, s.gate, control.Query[list.Page[Member]]{
		Action: action.MemberList,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (list.Page[Member], error) {
			if err := q.Check(fields()...); err != nil {
				return list.Page[Member]{}, err
			}
			return s.store.List(ctx, t.Workspace, q)
		},
	})
}

// Candidates lists the principals of the tenant that could be added.
func (s *Service) Candidates(ctx context.Context, ref control.Ref, q list.Query) (list.Page[Candidate], error) {
	return control.Ask(ctx, s.gate, control.Query[list.Page[Candidate]]{
		Action: action.MemberList,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (list.Page[Candidate], error) {
			if err := q.Check(candidateFields()...); err != nil {
				return list.Page[Candidate]{}, err
			}
			return s.store.Candidates(ctx, t.Workspace, q)
		},
	})
}

// Ending lists the roles in a workspace that end within a time from now, the earliest first.
func (s *Service) Ending(ctx context.Context, ref control.Ref, within time.Duration) ([]Ending, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Ending]{
		Action: action.MemberList,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]Ending, error) {
			now := s.gate.Now()
			return s.store.Ending(ctx, t.Workspace, 0, now, now.Add(within))
		},
	})
}

// EndingOwn lists what was granted to whoever asks, roles of workspaces and of the tenant and policies, and ends within a time from now,
// the earliest first.
func (s *Service) EndingOwn(ctx context.Context, within time.Duration) ([]Ending, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Ending]{
		Action: action.WorkspaceList,
		Do: func(ctx context.Context, _ control.Target, by control.Viewer) ([]Ending, error) {
			now := s.gate.Now()
			ending, err := s.store.Ending(ctx, 0, by.Principal, now, now.Add(within))
			if err != nil {
				return nil, err
			}
			elsewhere, err := s.store.EndingElsewhere(ctx, by.Principal, now, now.Add(within))
			ending = append(ending, elsewhere...)
			slices.SortStableFunc(ending, func(a, b Ending) int { return a.Until.Compare(b.Until) })
			return ending, err
		},
	})
}
