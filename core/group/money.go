package group

import (
	"context"
	"fmt"
	"math/big"
	"strings"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// Money is an amount in millionths of a US dollar; negative is given back.
type Money int64

const dollar Money = 1_000_000

// UnmarshalYAML reads dollars as "28.00".
func (m *Money) UnmarshalYAML(data []byte) error {
	text := strings.Trim(strings.TrimSpace(string(data)), `"'`)
	r, ok := new(big.Rat).SetString(text)
	if !ok || strings.ContainsAny(text, "/eE") {
		return fmt.Errorf("%q is no amount of dollars", text)
	}
	r.Mul(r, big.NewRat(int64(dollar), 1))
	if !r.IsInt() || !r.Num().IsInt64() {
		return fmt.Errorf("%q is finer than a millionth of a dollar, or too much", text)
	}
	*m = Money(r.Num().Int64())
	return nil
}

// String is dollars and cents, rounded half away from zero.
func (m Money) String() string {
	cents, sign := (int64(m)+5_000)/10_000, ""
	if m < 0 {
		cents, sign = (-int64(m)+5_000)/10_000, "-"
	}
	return fmt.Sprintf("%s%d.%02d", sign, cents/100, cents%100)
}

// Dollars is the amount with its sign: -$55.21.
func (m Money) Dollars() string {
	if m < 0 {
		return "-$" + (-m).String()
	}
	return "$" + m.String()
}

// MarshalJSON writes dollars as they are printed.
func (m Money) MarshalJSON() ([]byte, error) { return []byte(`"` + m.String() + `"`), nil }

// UnmarshalJSON reads what MarshalJSON wrote.
func (m *Money) UnmarshalJSON(data []byte) error { return m.UnmarshalYAML(data) }

// times is the amount n times.
func (m Money) times(n int) Money { return m * Money(n) }

// SetArrears keeps since when the account owes for what is paid as it is used; the zero time says that it owes nothing any
// more. Groups are reminded of it, and start nothing new when it has lasted too long.
func (s *Service) SetArrears(ctx context.Context, since time.Time) ([]Group, error) {
	return control.Do(ctx, s.gate, control.Change[[]Group]{
		Action: action.GroupArrears,
		Check: func(context.Context, control.Target) ([]fault.Field, error) {
			if since.After(s.gate.Now()) {
				return []fault.Field{{Name: "since", Text: message.Text{ID: "fault.group.arrears.future"}}}, nil
			}
			return nil, nil
		},
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[[]Group], error) {
			none := control.Applied[[]Group]{}
			before, err := s.store.Arrears(ctx)
			if err != nil {
				return none, err
			}
			if before.Equal(since) {
				return control.Applied[[]Group]{Nothing: true}, nil
			}
			if err := s.store.SetArrears(ctx, since); err != nil {
				return none, err
			}
			groups, err := s.store.AsUsed(ctx)
			if err != nil {
				return none, err
			}
			for i, g := range groups {
				g.owe(since)
				if groups[i], err = s.write(ctx, groups[i], g); err != nil {
					return none, err
				}
			}
			return control.Applied[[]Group]{Value: groups, Before: stamp(before), After: stamp(since)}, nil
		},
	})
}

// owe begins arrears, or ends them with the zero time.
func (g *Group) owe(since time.Time) {
	g.ArrearsSince, g.Suspended, g.RemindedAt = nil, false, nil
	if !since.IsZero() {
		g.ArrearsSince = ptr(since.UTC().Truncate(time.Second))
	}
}
