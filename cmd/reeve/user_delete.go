package main

import (
	"context"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/directory"
	"reeve/core/leaving"
	"reeve/core/message"
)

// userDelete deletes users who hold nothing, or with --give-up whatever they hold.
func (c *cli) userDelete() *cobra.Command {
	var giveUp, preview bool
	cmd := c.act(action.UserDelete, "NAME…", []record{userSample()}, func(ctx context.Context, s *system, args []string) (answer, error) {
		names := splitValues(args)
		switch {
		case preview:
			return c.foreseeDelete(ctx, s, names)
		case !giveUp:
			users, err := s.users.Delete(ctx, names)
			return usersChanged("cli.user.deleted", users), err
		}
		users := make([]directory.User, len(names))
		for i, name := range names {
			var err error
			if users[i], err = s.users.Get(ctx, name); err != nil {
				return answer{}, err
			}
		}
		gone, err := s.leavings.Delete(ctx, names)
		held := 0
		for _, inv := range gone {
			held += len(inv.Items)
		}
		a := usersChanged("cli.user.deleted_with", users)
		a.note.Args["Count"] = held
		return a, err
	})
	cmd.Flags().BoolVar(&giveUp, "give-up", false, c.p.Text("cli.user.give_up"))
	c.previewFlag(cmd, &preview, "cli.user.delete.preview")
	return cmd
}

// foreseeDelete shows what goes with users, what becomes of each thing, and whose access changes.
func (c *cli) foreseeDelete(ctx context.Context, s *system, names []string) (answer, error) {
	var all []record
	var lines []string
	for _, name := range names {
		inv, err := s.leavings.Inventory(ctx, leaving.Leave{User: name})
		if err != nil {
			return answer{}, err
		}
		all = append(all, inventoryRecord(inv, false))
		lines = append(lines, c.p.With("cli.user.goes", message.Args{"Name": inv.User, "Count": len(inv.Items)}))
		for _, line := range c.table(records(inv.Items, itemRecord), []string{"id", "detail", "until", "receiver", "why"}) {
			if len(inv.Items) > 0 {
				lines = append(lines, "  "+line)
			}
		}
		lines = append(lines, "")
	}
	o, err := s.leavings.PreviewDelete(ctx, names)
	if err != nil {
		return answer{}, err
	}
	at, err := s.placeNames(ctx)
	if err != nil {
		return answer{}, err
	}
	effect := c.effectIn(o, at)
	return answer{value: record{{"users", all}, {"effect", effect.value}}, lines: append(lines, effect.lines...)}, nil
}
