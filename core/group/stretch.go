package group

import (
	"context"
	"math/big"
	"time"
)

// stretch is a time of a subscription as it is paid: whole months, each of which costs the same, and a part of another one.
type stretch struct {
	months   int
	part, of time.Duration
}

// over is the amount for one month taken over a stretch.
func (m Money) over(s stretch) Money {
	if s.part == 0 {
		return m.times(s.months)
	}
	part := new(big.Int).Mul(big.NewInt(int64(m)), big.NewInt(int64(s.part/time.Second)))
	return m.times(s.months) + Money(part.Quo(part, big.NewInt(int64(s.of/time.Second))).Int64())
}

// month is where the month before the last n of a subscription ends, or, for n below 0, where one that is renewed by as many does.
// Months begin on the day on which it ends; if that is the last of a short month, on the day on which the group was bought, which had
// to give way there: so renewing month by month ends when buying as many at once does.
func (g Group) month(n int) time.Time {
	end := g.ExpiresAt.UTC()
	day := end.Day()
	if end.AddDate(0, 0, 1).Day() == 1 {
		day = max(day, g.CreatedAt.UTC().Day())
	}
	first := end.AddDate(0, 0, 1-end.Day()).AddDate(0, -n, 0)
	return first.AddDate(0, 0, min(day, first.AddDate(0, 1, -1).Day())-1)
}

// left is what a subscription still runs from a time on: never more than would have to be bought then to run as long.
func (g Group) left(from time.Time) stretch {
	from = from.UTC().Truncate(time.Second)
	if g.ExpiresAt == nil || !g.ExpiresAt.After(from) {
		return stretch{}
	}
	n := 0
	for !g.month(n + 1).Before(from) {
		n++
	}
	s := stretch{months: n, part: g.month(n).Sub(from), of: g.month(n).Sub(g.month(n + 1))}
	if !later(from, n).Before(*g.ExpiresAt) {
		s.part = 0
	}
	return s
}

// paid is what was paid of the time that a subscription still runs. The order of one that never came into service failed and costs
// nothing, so only its renewals were paid, which are the end of that time.
func (s *Service) paid(ctx context.Context, g Group, now time.Time) (Money, error) {
	month := s.terms.Prices.CUMonth.times(g.Size)
	if g.Billing != Subscription || g.ExpiresAt == nil {
		return 0, nil
	}
	if !g.served() {
		orders, err := s.store.Orders(ctx, g.ID, orderLimit)
		if err != nil {
			return 0, err
		}
		renewed := 0
		for _, o := range orders {
			if o.Kind == OrderRenew && o.State == OrderDone {
				renewed += o.Months
			}
		}
		if from := g.month(renewed); from.After(now) {
			now = from
		}
	}
	return month.over(g.left(now)), nil
}
