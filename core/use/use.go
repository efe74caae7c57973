// Package use is the one record of who uses which workspace: the days on which somebody was there, for the list of workspaces used
// most, and with their memberships when they were there last, for access that nobody uses. Only what a person does counts as use;
// what a console does by itself does not.
package use

import (
	"context"
	"sync"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
)

// KeepDays is for how many days the days of use are kept: twice as long as they are counted for the workspaces used most. The number
// is ours. When a member was there last is kept as long as the membership.
const KeepDays = 60

// Store keeps the uses. Every method takes part in the transaction that its context carries.
type Store interface {
	control.Places
	// Due says whether something would be noted: a day of use of the workspace, or the last use in a membership of the person or of
	// one of their groups, where none is noted since the beginning of the day.
	Due(ctx context.Context, ws access.WorkspaceID, p access.PrincipalID, today time.Time) (bool, error)
	// Note notes a use at a time, and forgets the days before another.
	Note(ctx context.Context, ws access.WorkspaceID, p access.PrincipalID, at, today, forget time.Time) error
}

// Service notes uses: at most once on each day (UTC) for one person in one workspace, however often they come, and without asking
// the database about those it noted itself. It may be used by several goroutines.
type Service struct {
	gate  *control.Gate
	store Store
	mu    sync.Mutex
	noted map[use]time.Time // the days noted by this process
}

type use struct {
	ref control.Ref
	who access.PrincipalID
}

// New makes the service.
func New(gate *control.Gate, store Store) *Service {
	return &Service{gate: gate, store: store, noted: map[use]time.Time{}}
}

// Note notes that the asking person uses a workspace. It is no change of the tenant, and leaves no trace in the audit. A session that may
// only read is refused.
func (s *Service) Note(ctx context.Context, ref control.Ref) error {
	by, _ := control.ActorOf(ctx)
	now := s.gate.Now().UTC().Truncate(time.Second)
	today := now.Truncate(24 * time.Hour)
	key := use{ref, by.Principal}
	s.mu.Lock()
	known := s.noted[key].Equal(today)
	s.mu.Unlock()
	if known {
		return nil
	}
	due, err := control.Ask(ctx, s.gate, control.Query[bool]{
		Action: action.WorkspaceUse,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, by control.Viewer) (bool, error) {
			return s.store.Due(ctx, t.Workspace, by.Principal, today)
		},
	})
	if err == nil && due {
		_, err = control.Do(ctx, s.gate, control.Change[bool]{
			Action: action.WorkspaceUse,
			Target: control.At(s.store, ref),
			Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[bool], error) {
				err := s.store.Note(ctx, t.Workspace, by.Principal, now, today, today.AddDate(0, 0, -KeepDays))
				return control.Applied[bool]{Value: true, Nothing: true}, err
			},
		})
	}
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.noted[key] = today
	s.mu.Unlock()
	return nil
}
