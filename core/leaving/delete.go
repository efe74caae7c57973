package leaving

import (
	"context"
	"strings"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/text"
)

// Delete takes principals away with all they hold, in one change: each leaves by the rules first, with nobody designated to get anything.
func (s *Service) Delete(ctx context.Context, users []string) ([]Inventory, error) {
	return control.Do(ctx, s.gate, s.remove(users))
}

// PreviewDelete tells who would lose and gain what.
func (s *Service) PreviewDelete(ctx context.Context, users []string) (control.Outcome, error) {
	return control.Preview(ctx, s.gate, s.remove(users))
}

func (s *Service) remove(users []string) control.Change[[]Inventory] {
	users = text.Once(users)
	return control.Change[[]Inventory]{
		Action:  action.UserDelete,
		Several: true,
		Target:  at(strings.Join(users, ", ")),
		Check: func(ctx context.Context, _ control.Target) ([]fault.Field, error) {
			if len(users) == 0 {
				return fault.OneField("name", "fault.member.nobody", nil).Fields, nil
			}
			return nil, nil
		},
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[[]Inventory], error) {
			none := control.Applied[[]Inventory]{}
			var left []Inventory
			for _, user := range users {
				inv, err := control.Do(ctx, s.gate, s.leave(Leave{User: user}))
				if err != nil {
					return none, err
				}
				left = append(left, inv)
			}
			if err := s.areas.Delete(ctx, users); err != nil {
				return none, err
			}
			return control.Applied[[]Inventory]{Value: left, Before: left}, nil
		},
	}
}
