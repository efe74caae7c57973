package keeper

import (
	"context"
	"time"

	"reeve/core/action"
	"reeve/core/control"
)

// Service tells people about the keeper.
type Service struct {
	gate  *control.Gate
	store Store
	// own is the keeper of this process.
	own *Keeper
}

// NewService makes the service on the keeper of this process.
func NewService(gate *control.Gate, store Store, own *Keeper) *Service {
	return &Service{gate: gate, store: store, own: own}
}

// Status is what the keeper has to do and how it fares.
type Status struct {
	// Lease is the zero Lease while nothing is being moved.
	Lease Lease
	Areas []Due
}

// Due is when an area has something to do next.
type Due struct {
	Area string
	// Next is the zero time when nothing will fall due; in the past, it waits to be moved.
	Next time.Time
	// Trouble is nil unless the last try failed.
	Trouble *Trouble
}

// Status reads it.
func (s *Service) Status(ctx context.Context) (Status, error) {
	return control.Ask(ctx, s.gate, control.Query[Status]{
		Action: action.KeeperStatus,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (st Status, err error) {
			lease, err := s.store.Lease(ctx)
			if err != nil {
				return st, err
			}
			if lease.Until.After(s.gate.Now()) {
				st.Lease = lease
			}
			troubles, err := s.store.Troubles(ctx)
			if err != nil {
				return st, err
			}
			asKeeper := control.WithActor(ctx, s.own.actor())
			for _, area := range s.own.areas {
				due := Due{Area: area.Name}
				if due.Next, err = area.NextDue(asKeeper); err != nil {
					return st, err
				}
				for i := range troubles {
					if troubles[i].Area == area.Name {
						due.Trouble = &troubles[i]
					}
				}
				st.Areas = append(st.Areas, due)
			}
			return st, nil
		},
	})
}

// Catch moves everything that is due now, for those who may, and tells how many rows that were.
func (s *Service) Catch(ctx context.Context) (moved int, err error) {
	if err := s.may(ctx); err != nil {
		return 0, err
	}
	moved, _, err = s.own.Catch(ctx)
	return moved, err
}

// Run moves what falls due until ctx ends, for those who may.
func (s *Service) Run(ctx context.Context) error {
	if err := s.may(ctx); err != nil {
		return err
	}
	s.own.Run(ctx)
	return nil
}

// may takes the act itself through the gate. It changes nothing of its own; each row that is moved has its entry.
func (s *Service) may(ctx context.Context) error {
	_, err := control.Do(ctx, s.gate, control.Change[struct{}]{
		Action: action.KeeperRun,
		Apply: func(context.Context, control.Target, control.Actor) (control.Applied[struct{}], error) {
			return control.Applied[struct{}]{Nothing: true}, nil
		},
	})
	return err
}
