package session

import (
	"context"

	"reeve/core/action"
	"reeve/core/control"
)

// Record keeps in the audit that a session is being recorded from now on. Without it the audit would not tell of a file that somebody
// took away before its end was kept.
func (s *Service) Record(ctx context.Context, r Recording) (Recording, error) {
	return s.record(ctx, action.SessionRecord, r)
}

// Recorded keeps in the audit that a recording has ended, with the hash of its file: so the chain that holds the audit together holds the
// recordings as well.
func (s *Service) Recorded(ctx context.Context, r Recording) (Recording, error) {
	return s.record(ctx, action.SessionRecorded, r)
}

func (s *Service) record(ctx context.Context, id action.ID, r Recording) (Recording, error) {
	return control.Do(ctx, s.gate, control.Change[Recording]{
		Action: id,
		Target: func(context.Context) (control.Target, error) { return control.Target{Kind: kind, Name: r.Session}, nil },
		Apply: func(context.Context, control.Target, control.Actor) (control.Applied[Recording], error) {
			return control.Applied[Recording]{Value: r, After: r}, nil
		},
	})
}
