package directory

import (
	"context"
	"slices"

	"reeve/core/control"
	core "reeve/core/directory"
	"reeve/core/leaving"
	"reeve/core/message"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// going is what deleting users would do: what each holds, and whose access changes.
type going struct {
	held    []leaving.Inventory
	outcome control.Outcome
}

// remove shows what goes with users, and deletes them with it. A group is deleted only once it holds nothing and nobody is in it.
func (s *List) remove(users []core.User) []screen.Event {
	env := s.env
	if slices.ContainsFunc(users, func(u core.User) bool { return u.Kind == core.UserGroup }) {
		return s.confirmDelete(users, func(ctx context.Context) ([]core.User, error) { return env.Users.Delete(ctx, names(users)) })
	}
	return []screen.Event{screen.Run("preview", "", func(ctx context.Context) (g going, err error) {
		for _, u := range users {
			inv, err := env.Leavings.Inventory(ctx, leaving.Leave{User: u.Name})
			if err != nil {
				return g, err
			}
			g.held = append(g.held, inv)
		}
		g.outcome, err = env.Leavings.PreviewDelete(ctx, names(users))
		return g, err
	}, func(g going, err error) []screen.Event {
		if err != nil {
			return env.Fail(err)
		}
		return []screen.Event{screen.Show{Overlay: env.PreviewWith(s.goes(g), g.outcome, env.Text("user.delete.effect"), env.Text("action.user.delete.short"), func() []screen.Event {
			return s.confirmDelete(users, func(ctx context.Context) ([]core.User, error) {
				_, err := env.Leavings.Delete(ctx, names(users))
				return users, err
			})
		})}}
	})}
}

// goes are the lines of a preview that say what users hold, and who gets what of it.
func (s *List) goes(g going) []widget.Effect {
	env := s.env
	var lines []widget.Effect
	for _, inv := range g.held {
		var items []string
		for _, it := range inv.Items {
			item := it.ID
			if it.Receiver != "" {
				item = env.With("user.delete.handed", message.Args{"Item": it.ID, "Receiver": it.Receiver})
			}
			items = append(items, item)
		}
		if len(items) > 0 {
			lines = append(lines, widget.Effect{Kind: widget.EffectLoses, Word: env.Text("effect.loses"), Count: inv.User,
				What: env.With("user.delete.holds", message.Args{"Count": len(items)}), Names: screen.Some(items)})
		}
	}
	return lines
}

// confirmDelete asks before users are deleted: there is no way back.
func (s *List) confirmDelete(users []core.User, do func(context.Context) ([]core.User, error)) []screen.Event {
	env := s.env
	d := widget.NewDialog(env.With("user.delete.title", message.Args{"Count": len(users), "Name": users[0].Name}), []widget.BodyLine{
		{Text: screen.Some(names(users))}, {Text: env.Text("user.delete.body"), Role: theme.Muted},
	}, widget.Choice{ID: "no", Label: env.Text("dialog.cancel"), Key: "n"},
		widget.Choice{ID: "yes", Label: env.Text("action.user.delete.short"), Key: "y", Danger: true})
	return []screen.Event{screen.Show{Overlay: screen.Ask(d, func(choice string) []screen.Event {
		if choice != "yes" {
			return nil
		}
		return s.batch("user.deleted", do)
	})}}
}
