package region

import (
	"context"
	"strings"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/edition"
	"reeve/core/fault"
	"reeve/core/message"
)

// fallsBack is when a region whose edition ended and was not renewed falls back to Basic.
func (s *Service) fallsBack(end time.Time) time.Time {
	return end.AddDate(0, 0, s.gate.Editions().Expiry().GraceDays)
}

// Remind is how long before the end of an edition it is first reminded of.
func (s *Service) Remind() time.Duration {
	if days := s.gate.Editions().Expiry().Reminders; len(days) > 0 {
		return time.Duration(days[0]) * 24 * time.Hour
	}
	return 0
}

// SetEnd says when the edition of a region ends unless it is renewed; nil for never. Basic has no end. version 0 takes whatever
// stands.
func (s *Service) SetEnd(ctx context.Context, id string, end *time.Time, version int64) (Region, error) {
	return control.Do(ctx, s.gate, control.Change[Region]{
		Action: action.RegionEnd,
		Target: func(context.Context) (control.Target, error) {
			return control.Target{Region: strings.ToLower(id), Kind: "region", Name: id}, nil
		},
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			have, err := s.gate.EditionOf(ctx, t.Region)
			switch {
			case err != nil || end == nil:
				return nil, err
			case have == edition.Basic || have == "":
				return []fault.Field{{Name: "until", Text: message.Text{ID: "fault.region.end.basic", Args: message.Args{"Region": t.Region}}}}, nil
			case !end.After(s.gate.Now()):
				return []fault.Field{{Name: "until", Text: message.Text{ID: "fault.region.end.past"}}}, nil
			}
			return nil, nil
		},
		Apply: func(ctx context.Context, t control.Target, _ control.Actor) (control.Applied[Region], error) {
			return s.edit(ctx, t.Region, version, func(a *Active) {
				a.EndsAt = time.Time{}
				if end != nil {
					a.EndsAt = end.UTC().Truncate(time.Second)
				}
			})
		},
	})
}

// edit changes an activated region.
func (s *Service) edit(ctx context.Context, id string, version int64, change func(*Active)) (control.Applied[Region], error) {
	none := control.Applied[Region]{}
	known, err := s.Find(id)
	if err != nil {
		return none, err
	}
	active, err := s.active(ctx)
	if err != nil {
		return none, err
	}
	before, ok := active[id]
	if !ok {
		return none, &fault.NotFound{What: "region", Name: id}
	}
	after := before
	change(&after)
	if after == before {
		return control.Applied[Region]{Value: s.region(known, before), Nothing: true}, nil
	}
	after.Version++
	if version == 0 {
		version = before.Version
	}
	ok, err = s.store.Save(ctx, after, version)
	if err != nil {
		return none, err
	}
	if !ok {
		return none, &fault.Conflict{What: "region", Name: id, Read: version, Now: before.Version, Mine: after, Theirs: before}
	}
	return control.Applied[Region]{Value: s.region(known, after), Before: before, After: after}, nil
}

// NextDue is when the next region falls back to Basic.
func (s *Service) NextDue(ctx context.Context) (time.Time, error) {
	return control.Ask(ctx, s.gate, control.Query[time.Time]{
		Action: action.KeeperDue,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (time.Time, error) {
			_, next, err := s.next(ctx)
			return next, err
		},
	})
}

// next is the region that falls back first, and when; the zero time if none will.
func (s *Service) next(ctx context.Context) (a Active, next time.Time, err error) {
	all, err := s.store.Active(ctx)
	for _, one := range all {
		if one.EndsAt.IsZero() {
			continue
		}
		if back := s.fallsBack(one.EndsAt); next.IsZero() || back.Before(next) {
			a, next = one, back
		}
	}
	return a, next, err
}

// MoveDue takes the region whose edition ended longest ago, and whose grace is over, back to Basic.
func (s *Service) MoveDue(ctx context.Context) (moved bool, err error) {
	return control.Do(ctx, s.gate, control.Change[bool]{
		Action: action.RegionFallBack,
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[bool], error) {
			due, at, err := s.next(ctx)
			if err != nil || at.IsZero() || at.After(s.gate.Now()) {
				return control.Applied[bool]{Nothing: true}, err
			}
			applied, err := s.edit(ctx, due.ID, due.Version, func(a *Active) { a.Edition, a.EndsAt = edition.Basic, time.Time{} })
			target := control.Target{Region: due.ID, Kind: "region", Name: due.ID}
			return control.Applied[bool]{Value: err == nil, Before: applied.Before, After: applied.After, Target: &target}, err
		},
	})
}
