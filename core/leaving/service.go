package leaving

import (
	"context"
	"slices"
	"strings"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// Service is the area's acts.
type Service struct {
	gate  *control.Gate
	store Store
	areas Areas
}

// New makes the service.
func New(gate *control.Gate, store Store, areas Areas) *Service {
	return &Service{gate: gate, store: store, areas: areas}
}

// Inventory shows all that somebody holds and what would become of it.
func (s *Service) Inventory(ctx context.Context, in Leave) (Inventory, error) {
	return control.Ask(ctx, s.gate, control.Query[Inventory]{
		Action: action.UserInventory,
		Target: at(in.User),
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (Inventory, error) {
			inv, bad, err := s.inventory(ctx, in)
			if err == nil && len(bad) > 0 {
				err = &fault.Invalid{Fields: bad}
			}
			return inv, err
		},
	})
}

// Leave hands everything over or gives it up, in one change.
func (s *Service) Leave(ctx context.Context, in Leave) (Inventory, error) {
	return control.Do(ctx, s.gate, s.leave(in))
}

// PreviewLeave tells who would lose and gain what.
func (s *Service) PreviewLeave(ctx context.Context, in Leave) (control.Outcome, error) {
	return control.Preview(ctx, s.gate, s.leave(in))
}

func at(user string) func(context.Context) (control.Target, error) {
	return func(context.Context) (control.Target, error) { return control.Target{Kind: "user", Name: user}, nil }
}

func (s *Service) leave(in Leave) control.Change[Inventory] {
	return control.Change[Inventory]{
		Action:  action.UserLeave,
		Several: true,
		Target:  at(in.User),
		Check: func(ctx context.Context, _ control.Target) ([]fault.Field, error) {
			_, bad, err := s.inventory(ctx, in)
			return bad, err
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Inventory], error) {
			none := control.Applied[Inventory]{}
			inv, _, err := s.inventory(ctx, in)
			if err != nil {
				return none, err
			}
			if err := unchanged(in, inv); err != nil {
				return none, err
			}
			if inv.who.ID == by.Principal {
				return none, &fault.Refused{Reason: message.Text{ID: "fault.leaving.self"}, Way: message.Text{ID: "fault.leaving.self.next"}}
			}
			disabled, err := s.carryOut(ctx, inv)
			if err != nil {
				return none, err
			}
			t.Name = inv.User
			return control.Applied[Inventory]{Value: inv, Before: inv, Target: &t, Nothing: len(inv.Items) == 0 && !disabled}, nil
		},
	}
}

// unchanged refuses to deal with another inventory than the one that was shown, and says what is different.
func unchanged(in Leave, inv Inventory) error {
	if in.Seen == "" || in.Seen == inv.Fingerprint {
		return nil
	}
	now := inv.Stamps()
	var what []string
	for id, stamp := range now {
		if before, had := in.Stamps[id]; in.Stamps != nil && (!had || before != stamp) {
			what = append(what, "+"+id)
		}
	}
	for id, stamp := range in.Stamps {
		if after, has := now[id]; !has || after != stamp {
			what = append(what, "−"+id)
		}
	}
	slices.Sort(what)
	reason := message.Text{ID: "fault.leaving.changed", Args: message.Args{"Name": inv.User, "What": strings.Join(what, ", "), "Count": len(what)}}
	if len(what) == 0 { // a fingerprint alone does not say what was there
		reason = message.Text{ID: "fault.leaving.changed_somehow", Args: message.Args{"Name": inv.User, "Seen": in.Seen}}
	}
	return &fault.Refused{
		Reason: reason,
		Way:    message.Text{ID: "fault.leaving.changed.next"}, Named: what,
	}
}
