package workspace

import (
	"context"
	"time"

	"reeve/core/action"
	"reeve/core/control"
)

// NextDue is when the bin has kept a workspace for its time, the first of them; the zero time if it is empty.
func (s *Service) NextDue(ctx context.Context) (time.Time, error) {
	return control.Ask(ctx, s.gate, control.Query[time.Time]{
		Action: action.KeeperDue,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (time.Time, error) {
			_, at, err := s.store.NextPurge(ctx)
			return at, err
		},
	})
}

// MoveDue removes for good the workspace that has been due the longest, if any is; moved is false when the bin holds nothing
// that is due.
func (s *Service) MoveDue(ctx context.Context) (moved bool, err error) {
	return control.Do(ctx, s.gate, control.Change[bool]{
		Action: action.WorkspacePurge,
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[bool], error) {
			none := control.Applied[bool]{}
			now := s.gate.Now()
			t, at, err := s.store.NextPurge(ctx)
			if err != nil || at.IsZero() || at.After(now) {
				return control.Applied[bool]{Nothing: true}, err
			}
			before, err := s.store.Get(ctx, t.Workspace)
			if err != nil {
				return none, err
			}
			if _, err := s.store.Purge(ctx, t.Region, t.WorkspaceName, now); err != nil {
				return none, err
			}
			t.Kind, t.Name = "workspace", t.WorkspaceName
			return control.Applied[bool]{Value: true, Before: before, Target: &t}, nil
		},
	})
}
