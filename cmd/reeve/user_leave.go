package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/fault"
	"reeve/core/leaving"
	"reeve/core/message"
)

func itemRecord(it leaving.Item) record {
	return record{
		{"id", it.ID}, {"kind", string(it.Kind)}, {"region", it.Region}, {"workspace", it.Workspace}, {"name", it.Name}, {"detail", it.Detail},
		{"until", it.Until}, {"in_bin", it.Binned}, {"receiver", it.Receiver}, {"why", string(it.Why)},
	}
}

func inventoryRecord(inv leaving.Inventory, left bool) record {
	return record{{"user", inv.User}, {"left", left}, {"fingerprint", inv.Fingerprint}, {"items", records(inv.Items, itemRecord)}}
}

func inventorySample() record {
	return inventoryRecord(leaving.Inventory{Items: make([]leaving.Item, 1)}, false)
}

// choices reads --item ID=USER; ID=- gives the item up. What stands behind the last = is the user, for names of policies may have one.
func choices(items []string) ([]leaving.Choice, error) {
	var all []leaving.Choice
	var bad []fault.Field
	for _, item := range items {
		at := strings.LastIndexByte(item, '=')
		if at <= 0 || at == len(item)-1 {
			bad = append(bad, fault.Field{Name: "item", Text: message.Text{ID: "cli.leave.item.form", Args: message.Args{"Value": item}}})
			continue
		}
		c := leaving.Choice{Item: strings.TrimSpace(item[:at]), To: strings.TrimSpace(item[at+1:])}
		if c.To == "-" {
			c.To = ""
		}
		all = append(all, c)
	}
	if len(bad) > 0 {
		return nil, &fault.Invalid{Fields: bad}
	}
	return all, nil
}

// leavingLines are what a user holds, who gets it, and what is said of it all.
func (c *cli) leavingLines(inv leaving.Inventory, id string) (lines []string) {
	if len(inv.Items) > 0 {
		lines = append(c.table(records(inv.Items, itemRecord), []string{"id", "detail", "until", "receiver", "why"}), "")
	}
	handed, needed := 0, false
	var tokens []string
	for _, it := range inv.Items {
		if it.Receiver != "" {
			handed++
		}
		needed = needed || it.Why == leaving.Needed
		if it.Why == leaving.LivesOn {
			tokens = append(tokens, it.Name)
		}
	}
	lines = append(lines, c.p.With(id, message.Args{"Name": inv.User, "Count": len(inv.Items), "Handed": handed, "Fingerprint": inv.Fingerprint}))
	if needed {
		lines = append(lines, c.p.Text("cli.leave.needed"))
	}
	if len(tokens) > 0 {
		lines = append(lines, c.p.With("cli.leave.tokens", message.Args{"Name": inv.User, "Count": len(tokens), "Names": strings.Join(tokens, ", ")}))
	}
	return lines
}

// confirmLeaving shows all that a user holds and asks for their name; it returns the fingerprint of what was shown. Who holds nothing
// loses nothing, so nothing is asked.
func (c *cli) confirmLeaving(ctx context.Context, s *system, in leaving.Leave) (seen string, err error) {
	inv, err := s.leavings.Inventory(ctx, in)
	if err != nil || len(inv.Items) == 0 {
		return inv.Fingerprint, err
	}
	refusal := fault.OneField("seen", "cli.leave.confirm", message.Args{"Name": inv.User, "Count": len(inv.Items), "Fingerprint": inv.Fingerprint})
	if !c.env.Terminal(c.in) {
		return "", refusal
	}
	if _, err := fmt.Fprintln(c.err, strings.Join(c.leavingLines(inv, "cli.leave.would"), "\n")); err != nil {
		return "", fmt.Errorf("asking: %w", err)
	}
	given, err := c.ask(message.Text{ID: "cli.leave.ask", Args: message.Args{"Name": inv.User}})
	if err != nil {
		return "", err
	}
	if !strings.EqualFold(given, inv.User) {
		return "", refusal
	}
	return inv.Fingerprint, nil
}

func (c *cli) userLeave() *cobra.Command {
	var in leaving.Leave
	var items []string
	var dryRun, preview bool
	cmd := c.act(action.UserLeave, "NAME", inventorySample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		in.User = args[0]
		var err error
		if in.Choices, err = choices(items); err != nil {
			return answer{}, err
		}
		if preview {
			o, err := s.leavings.PreviewLeave(ctx, in)
			if err != nil {
				return answer{}, err
			}
			at, err := s.placeNames(ctx)
			return c.effectIn(o, at), err
		}
		ask, id := s.leavings.Leave, "cli.leave.done"
		switch {
		case dryRun:
			ask, id = s.leavings.Inventory, "cli.leave.would"
		case in.Seen == "" && !c.flags.yes:
			if in.Seen, err = c.confirmLeaving(ctx, s, in); err != nil {
				return answer{}, err
			}
		}
		inv, err := ask(ctx, in)
		if err != nil {
			return answer{}, err
		}
		return answer{value: inventoryRecord(inv, !dryRun), lines: c.leavingLines(inv, id)}, nil
	})
	cmd.Flags().StringVar(&in.To, "to", "", c.p.Text("cli.leave.to"))
	cmd.Flags().StringArrayVar(&items, "item", nil, c.p.Text("cli.leave.item"))
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, c.p.Text("cli.leave.dry_run"))
	cmd.Flags().StringVar(&in.Seen, "seen", "", c.p.Text("cli.leave.seen"))
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	return cmd
}
