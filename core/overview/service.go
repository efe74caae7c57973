package overview

import (
	"cmp"
	"context"
	"slices"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
)

// Service is the area's acts.
type Service struct {
	gate     *control.Gate
	store    Store
	watchers []Watcher
}

// New makes the service.
func New(gate *control.Gate, store Store, watchers ...Watcher) *Service {
	return &Service{gate: gate, store: store, watchers: watchers}
}

// Most bounds the checklists of an overview.
const Most = 100

// Show is the overview of a region, of all regions if it is empty, with the checklists of 1 to Most workspaces.
func (s *Service) Show(ctx context.Context, region string, limit int) (Overview, error) {
	return control.Ask(ctx, s.gate, control.Query[Overview]{
		Action: action.OverviewShow,
		Do: func(ctx context.Context, _ control.Target, by control.Viewer) (o Overview, err error) {
			joined := by.Principal
			if by.Everything {
				joined = 0
			}
			since := s.gate.Now().AddDate(0, 0, 1-VisitDays).Format(time.DateOnly)
			found, err := s.store.Progress(ctx, region, by.Principal, joined, since, max(1, min(limit, Most)))
			if err != nil {
				return o, err
			}
			for _, p := range found {
				o.Checklists = append(o.Checklists, p.checklist())
			}
			o.Attention, err = s.attention(ctx, region)
			return o, err
		},
	})
}

// attention is what the watchers know, the most urgent first, then what ends soonest.
func (s *Service) attention(ctx context.Context, region string) ([]Attention, error) {
	var all []Attention
	for _, w := range s.watchers {
		found, err := w.Attention(ctx, region)
		if err != nil && fault.KindOf(err) != fault.KindDenied {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortStableFunc(all, func(a, b Attention) int {
		return cmp.Or(-compareBool(a.Urgent, b.Urgent), compareEnd(a.At, b.At), cmp.Compare(b.share(), a.share()))
	})
	return all, nil
}

func (a Attention) share() float64 {
	if a.Size == 0 {
		return 0
	}
	return a.Used / a.Size
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// compareEnd puts what has no end behind what has.
func compareEnd(a, b *time.Time) int {
	switch {
	case a == nil || b == nil:
		return compareBool(a == nil, b == nil)
	}
	return a.Compare(*b)
}
