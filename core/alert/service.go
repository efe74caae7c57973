package alert

import (
	"context"
	"slices"
	"strings"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// Service is the area's acts.
type Service struct {
	gate    *control.Gate
	store   Store
	regions Regions
	offer   Offer
}

// New makes the service.
func New(gate *control.Gate, store Store, regions Regions, offer Offer) *Service {
	return &Service{gate: gate, store: store, regions: regions, offer: offer}
}

// Budgets are the channels of a region with their limits and what was sent.
func (s *Service) Budgets(ctx context.Context, region string) ([]Budget, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Budget]{
		Action: action.AlertBudget,
		Target: s.at(region),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]Budget, error) {
			var budgets []Budget
			for _, c := range s.offer.Channels {
				b, err := s.budget(ctx, t.Region, c)
				if err != nil {
					return nil, err
				}
				budgets = append(budgets, b)
			}
			return budgets, nil
		},
	})
}

// Sent is what the modules sent on one day of the region; today if day is the zero time.
func (s *Service) Sent(ctx context.Context, region string, day time.Time) ([]Sent, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Sent]{
		Action: action.AlertBudget,
		Target: s.at(region),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]Sent, error) {
			on := day.Format(time.DateOnly)
			if day.IsZero() {
				on = s.today(t.Region).Format(time.DateOnly)
			}
			return s.store.Sent(ctx, t.Region, on, on)
		},
	})
}

// SetLimit sets how many may be sent by a channel in a day: 0 to MostPerDay, or Unlimited.
func (s *Service) SetLimit(ctx context.Context, region string, c Channel, perDay int, version int64) (Budget, error) {
	return control.Do(ctx, s.gate, control.Change[Budget]{
		Action: action.AlertLimit,
		Target: s.atChannel(region, c),
		Check: func(context.Context, control.Target) ([]fault.Field, error) {
			bad := s.channelFault(c)
			if perDay != Unlimited && (perDay < 0 || perDay > MostPerDay) {
				bad = append(bad, fault.Field{Name: "per_day", Text: message.Text{ID: "fault.alert.per_day", Args: message.Args{"Most": MostPerDay}}})
			}
			return bad, nil
		},
		Apply: func(ctx context.Context, t control.Target, _ control.Actor) (control.Applied[Budget], error) {
			none := control.Applied[Budget]{}
			known, _ := s.offer.channel(c)
			before, err := s.budget(ctx, t.Region, known)
			if err != nil {
				return none, err
			}
			if before.PerDay == perDay {
				return control.Applied[Budget]{Value: before, Nothing: true}, nil
			}
			after := before
			after.PerDay, after.Version = perDay, before.Version+1
			conflict := &fault.Conflict{What: "alert_budget", Name: string(c), Read: version, Now: before.Version, Mine: after, Theirs: before}
			if version != 0 && version != before.Version {
				return none, conflict
			}
			ok, err := s.store.SetLimit(ctx, t.Region, c, Limit{PerDay: perDay, Version: before.Version})
			if err != nil {
				return none, err
			}
			if !ok {
				return none, conflict
			}
			return control.Applied[Budget]{Value: after, Before: before, After: after}, nil
		},
	})
}

// Spent is the answer to whoever wants to send.
type Spent struct {
	// Asked is how many were to be sent, Granted how many may be; the others are over the limit of the day.
	Asked   int    `json:"asked"`
	Granted int    `json:"granted"`
	Budget  Budget `json:"budget"`
}

// Spend asks to send so many alerts by a channel on behalf of a module, and counts those that the limit of the day leaves room
// for as sent. How many at once is 1 to MostPerDay.
func (s *Service) Spend(ctx context.Context, region string, want Sent) (Spent, error) {
	return control.Do(ctx, s.gate, control.Change[Spent]{
		Action: action.AlertSpend,
		Target: s.atChannel(region, want.Channel),
		Check:  func(context.Context, control.Target) ([]fault.Field, error) { return s.checkSpend(want), nil },
		Apply: func(ctx context.Context, t control.Target, _ control.Actor) (control.Applied[Spent], error) {
			none := control.Applied[Spent]{}
			known, _ := s.offer.channel(want.Channel)
			b, err := s.budget(ctx, t.Region, known)
			if err != nil {
				return none, err
			}
			spent := Spent{Asked: want.Count, Granted: want.Count}
			if left := b.Left(); left != Unlimited {
				spent.Granted = min(left, want.Count)
			}
			b.Today, b.Month = b.Today+spent.Granted, b.Month+spent.Granted
			if spent.Budget = b; spent.Granted == 0 {
				return control.Applied[Spent]{Value: spent, Nothing: true}, nil
			}
			err = s.store.Add(ctx, t.Region, s.today(t.Region).Format(time.DateOnly), Sent{Channel: want.Channel, Module: want.Module, Count: spent.Granted})
			return control.Applied[Spent]{Value: spent, After: spent}, err
		},
	})
}

func (s *Service) checkSpend(want Sent) []fault.Field {
	bad := s.channelFault(want.Channel)
	if !slices.Contains(s.offer.Modules, want.Module) {
		bad = append(bad, fault.Field{Name: "module", Text: message.Text{ID: "fault.alert.module",
			Args: message.Args{"Module": want.Module, "Known": strings.Join(s.offer.Modules, ", ")}}})
	}
	if want.Count < 1 || want.Count > MostPerDay {
		bad = append(bad, fault.Field{Name: "count", Text: message.Text{ID: "fault.alert.count", Args: message.Args{"Most": MostPerDay}}})
	}
	return bad
}

func (s *Service) channelFault(c Channel) []fault.Field {
	if _, known := s.offer.channel(c); known {
		return nil
	}
	names := make([]string, len(s.offer.Channels))
	for i, k := range s.offer.Channels {
		names[i] = string(k.ID)
	}
	return []fault.Field{{Name: "channel", Text: message.Text{ID: "fault.alert.channel",
		Args: message.Args{"Channel": string(c), "Known": strings.Join(names, ", ")}}}}
}

// budget is a channel with its limit and its use.
func (s *Service) budget(ctx context.Context, region string, c Known) (Budget, error) {
	b := Budget{Region: region, Channel: c.ID}
	have, err := s.gate.EditionOf(ctx, region)
	if err != nil {
		return b, err
	}
	b.Free, b.Usable = c.Free[have], s.gate.Editions().Compare(have, c.From) >= 0
	limit, err := s.store.Limit(ctx, region, c.ID)
	if err != nil {
		return b, err
	}
	b.PerDay, b.Version = limit.PerDay, limit.Version
	today := s.today(region)
	day := today.Format(time.DateOnly)
	if b.Today, err = s.count(ctx, region, day, day, c.ID); err != nil {
		return b, err
	}
	first := today.AddDate(0, 0, 1-today.Day()).Format(time.DateOnly)
	b.Month, err = s.count(ctx, region, first, day, c.ID)
	return b, err
}

func (s *Service) count(ctx context.Context, region, first, last string, c Channel) (int, error) {
	all, err := s.store.Sent(ctx, region, first, last)
	n := 0
	for _, sent := range all {
		if sent.Channel == c {
			n += sent.Count
		}
	}
	return n, err
}

// today is the current day of a region.
func (s *Service) today(region string) time.Time { return s.gate.Now().In(s.regions.Zone(region)) }

func (s *Service) at(region string) func(context.Context) (control.Target, error) {
	return func(ctx context.Context) (control.Target, error) {
		t, err := s.store.Region(ctx, region)
		t.Kind, t.Name = "alert_budget", t.Region
		return t, err
	}
}

func (s *Service) atChannel(region string, c Channel) func(context.Context) (control.Target, error) {
	return func(ctx context.Context) (control.Target, error) {
		t, err := s.store.Region(ctx, region)
		t.Kind, t.Name = "alert_budget", string(c)
		return t, err
	}
}
