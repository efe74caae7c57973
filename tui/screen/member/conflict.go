package member

import (
	"context"
	"errors"
	"slices"
	"strings"

	"reeve/core/control"
	"reeve/core/fault"
	core "reeve/core/member"
	"reeve/core/message"
	"reeve/core/role"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// conflictOr shows what was chosen here and what somebody else has given a member meanwhile, and lets one choose; any other error goes
// the way it would go. before are the events for when that is settled. Nothing is saved by choosing: who keeps their own sees once more what it comes to.
func (s *List) conflictOr(failed func(error) []screen.Event, before []screen.Event, members []core.Member, in core.Batch) func(error) []screen.Event {
	return func(err error) []screen.Event {
		var conflict *fault.Conflict
		if !errors.As(err, &conflict) {
			return failed(err)
		}
		now, known := conflict.Theirs.(core.Member)
		at := slices.IndexFunc(members, func(m core.Member) bool { return m.Principal == now.Principal })
		if !known || at < 0 {
			return failed(err)
		}
		return []screen.Event{screen.Run("conflict", "", func(ctx context.Context) ([]role.Role, error) { return s.env.Roles.List(ctx, s.ref) },
			func(roles []role.Role, err error) []screen.Event {
				if err != nil {
					return s.env.Fail(err)
				}
				fresh := slices.Clone(members)
				fresh[at] = now
				again := in
				if in.KeepEnds && len(members) == 1 { // also those that were taken away meanwhile
					again.Ends = endsOf(members[0])
				}
				return []screen.Event{screen.Show{Overlay: s.bothOf(members[at], now, s.chosen(roles, in), func() []screen.Event {
					return s.confirmHolds(fresh, again, failed, before)
				}, before)}}
			})}
	}
}

// chosen are the roles of a batch as they are called.
func (s *List) chosen(roles []role.Role, in core.Batch) string {
	var names []string
	for _, r := range roles {
		if slices.Contains(in.Roles, r.Code) {
			names = append(names, s.env.Say.Say(control.RoleName(r.Role)))
		}
	}
	return strings.Join(names, ", ")
}

// bothOf shows what a member held when it was read, what was chosen, and what it holds now.
func (s *List) bothOf(read, now core.Member, mine string, keep func() []screen.Event, before []screen.Event) screen.Overlay {
	env := s.env
	held := func(m core.Member) string {
		names := make([]string, len(m.Roles))
		for i, r := range m.Roles {
			names[i] = roleName(s.env, r)
		}
		if len(names) == 0 {
			return env.Text("conflict.no_roles")
		}
		return strings.Join(names, ", ")
	}
	line := func(id, said string) widget.BodyLine { return widget.BodyLine{Text: env.Text(id) + ": " + said} }
	explain := widget.BodyLine{Text: env.Text("conflict.member"), Role: theme.Muted}
	d := widget.NewDialog(env.With("conflict.title", message.Args{"Name": now.Name}),
		[]widget.BodyLine{line("conflict.read", held(read)), line("conflict.mine", mine), line("conflict.theirs", held(now)), {}, explain},
		widget.Choice{ID: "theirs", Label: env.Text("conflict.take"), Key: "t"},
		widget.Choice{ID: "mine", Label: env.Text("conflict.keep"), Key: "m"})
	return screen.Ask(d, func(choice string) []screen.Event {
		if choice == "mine" {
			return keep()
		}
		return append(slices.Clone(before), screen.Changed{})
	})
}
