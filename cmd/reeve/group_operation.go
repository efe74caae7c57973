package main

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/fault"
	"reeve/core/group"
	"reeve/core/message"
)

func orderRecord(o group.Order) record {
	return record{{"id", o.ID}, {"kind", string(o.Kind)}, {"state", string(o.State)}, {"size", o.Size}, {"months", o.Months}, {"price", o.Price.String()},
		{"at", o.At}, {"by", o.By}, {"done_at", o.DoneAt}}
}

// groupEffect is what an operation does to a group: the group after it, what was ordered, and what is to be known.
func (c *cli) groupEffect(e group.Effect) record {
	notes := make([]string, len(e.Notes))
	for i, n := range e.Notes {
		notes[i] = c.p.Say(n.Text)
	}
	r := groupRecord(e.After)
	var order record
	if e.Order != nil {
		order = orderRecord(*e.Order)
	}
	if order == nil {
		return append(r, field{"order", nil}, field{"notes", notes})
	}
	return append(r, field{"order", order}, field{"notes", notes})
}

func (c *cli) groupEffectSample() record {
	return c.groupEffect(group.Effect{Order: &group.Order{}})
}

// operated is the answer to an operation: a sentence, or for a preview what it would do.
func (c *cli) operated(note string, preview bool, e group.Effect, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	a := answer{value: c.groupEffect(e)}
	if !preview {
		a.note = message.Text{ID: note, Args: message.Args{"Name": e.After.Name, "Until": cell(e.After.BusyUntil), "Ends": cell(e.After.ExpiresAt),
			"Workspaces": cell(e.After.Names())}}
		if e.Order != nil {
			a.note.Args["Cost"] = e.Order.Cost()
		}
		return a, nil
	}
	a.lines = c.operationLines(e)
	return a, nil
}

// operationLines are a preview for people: what changes from what to what, what it costs, and what is to be known.
func (c *cli) operationLines(e group.Effect) []string {
	var lines []string
	before, after := c.groupCard(e.Before), c.groupCard(e.After)
	made := e.Before.ID == 0
	var rows []record
	row := func(name, from, to string) {
		if from != to {
			rows = append(rows, record{{"field", name}, {"from", from}, {"to", to}})
		}
	}
	for _, f := range after {
		switch f.Key {
		case "version", "busy_until", "used_at": // what every operation changes says nothing
		case "quota":
			for _, m := range group.Modules() {
				row(string(m), c.quotaText(e.Before.Shares.Of(m)), c.quotaText(e.After.Shares.Of(m)))
			}
		case "networks":
			from, to := c.networkTexts(e.Before), c.networkTexts(e.After)
			row(f.Key, strings.Join(without(from, to), ", "), strings.Join(without(to, from), ", "))
		case "id", "region", "name", "created_at", "created_by", "lends", "suspended":
			if !made { // of a new group they are what was asked for, or as in any other
				row(f.Key, cell(before.get(f.Key)), cell(f.Value))
			}
		default:
			from := cell(before.get(f.Key))
			if made {
				from = ""
			}
			row(f.Key, from, cell(f.Value))
		}
	}
	if len(rows) > 0 {
		lines = append(lines, c.table(rows, nil)...)
	}
	if e.Order != nil {
		lines = append(lines, c.p.Say(e.Order.Cost()))
	}
	for _, n := range e.Notes {
		mark := "-"
		if n.Grave {
			mark = "!"
		}
		lines = append(lines, mark+" "+c.p.Say(n.Text))
	}
	return lines
}

// operation are the flags that every operation on a group has.
type operation struct {
	preview bool
	version int64
}

func (c *cli) operationFlags(cmd *cobra.Command, o *operation) {
	cmd.Flags().BoolVar(&o.preview, "preview", false, c.p.Text("cli.groups.preview"))
	cmd.Flags().Int64Var(&o.version, "version", 0, c.p.Text("cli.flag.version"))
}

// either is what only shows what something would do for a preview, and what does it otherwise.
func either[F any](preview bool, rehearse, do F) F {
	if preview {
		return rehearse
	}
	return do
}

// whole reads a number from the command line.
func whole(name, s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, fault.OneField(name, "cli.groups.number", message.Args{"Given": s})
	}
	return n, nil
}

func (c *cli) groupScale() *cobra.Command {
	var o operation
	var undo bool
	var cmd *cobra.Command
	cmd = c.onGroup(action.GroupScale, "NAME [SIZE]", c.groupEffectSample(), func(ctx context.Context, s *system, ref group.Ref, args []string) (answer, error) {
		in := group.Scaling{Undo: undo, Version: o.version}
		if (len(args) == 0) != undo {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.groups.scale.which"})
		}
		if !undo {
			var err error
			if in.Size, err = whole("size", args[0]); err != nil {
				return answer{}, err
			}
		}
		e, err := either(o.preview, s.groups.PreviewScale, s.groups.Scale)(ctx, ref, in)
		note := "cli.groups.scaled"
		if undo {
			note = "cli.groups.undone"
		}
		return c.operated(note, o.preview, e, err)
	})
	cmd.Flags().BoolVar(&undo, "undo", false, c.p.Text("cli.groups.undo"))
	c.operationFlags(cmd, &o)
	return cmd
}

func (c *cli) durationFlags(cmd *cobra.Command, n *int, unit *string) {
	cmd.Flags().IntVar(n, "duration", 1, c.p.Text("cli.groups.duration"))
	cmd.Flags().StringVar(unit, "unit", string(group.Month), c.p.Text("cli.groups.unit"))
}

// ordered refuses a duration of 0 that was given: no time is no order, and not one of the usual time either.
func ordered(cmd *cobra.Command, s *system, n int, unit string) error {
	if n != 0 || !cmd.Flags().Changed("duration") {
		return nil
	}
	return &fault.Invalid{Fields: []fault.Field{{Name: "duration", Text: s.terms.NoTime(group.Unit(unit))}}}
}

func (c *cli) groupRenew() *cobra.Command {
	var o operation
	var n int
	var unit string
	var cmd *cobra.Command
	cmd = c.onGroup(action.GroupRenew, "NAME", c.groupEffectSample(), func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		if err := ordered(cmd, s, n, unit); err != nil {
			return answer{}, err
		}
		e, err := either(o.preview, s.groups.PreviewRenew, s.groups.Renew)(ctx, ref, group.Renewal{Duration: n, Unit: group.Unit(unit), Version: o.version})
		return c.operated("cli.groups.renewed", o.preview, e, err)
	})
	c.durationFlags(cmd, &n, &unit)
	c.operationFlags(cmd, &o)
	return cmd
}

func (c *cli) groupAutoRenew() *cobra.Command {
	var o operation
	var cmd *cobra.Command
	cmd = c.onGroup(action.GroupAutoRenew, "NAME ON_OFF", c.groupEffectSample(), func(ctx context.Context, s *system, ref group.Ref, args []string) (answer, error) {
		on := strings.EqualFold(args[0], "on")
		if !on && !strings.EqualFold(args[0], "off") {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.groups.on_off", Args: message.Args{"Given": args[0]}})
		}
		e, err := either(o.preview, s.groups.PreviewSetAutoRenew, s.groups.SetAutoRenew)(ctx, ref, on, o.version)
		note := "group.auto_renew.off"
		switch {
		case on && e.After.Status == group.Expired:
			note = "group.auto_renew.expired"
		case on:
			note = "group.auto_renew.on"
		}
		return c.operated(note, o.preview, e, err)
	})
	c.operationFlags(cmd, &o)
	return cmd
}

func (c *cli) groupConvert() *cobra.Command {
	var o operation
	in := group.Conversion{}
	var unit string
	var cmd *cobra.Command
	cmd = c.onGroup(action.GroupConvert, "NAME", c.groupEffectSample(), func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		if err := ordered(cmd, s, in.Duration, unit); err != nil {
			return answer{}, err
		}
		if cmd.Flags().Changed("size") == in.Undo {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.groups.convert.which"})
		}
		in.Unit, in.Version = group.Unit(unit), o.version
		e, err := either(o.preview, s.groups.PreviewConvert, s.groups.Convert)(ctx, ref, in)
		note := "cli.groups.converted"
		if in.Undo {
			note = "cli.groups.undone"
		}
		return c.operated(note, o.preview, e, err)
	})
	cmd.Flags().IntVar(&in.Size, "size", 0, c.p.Text("cli.groups.size"))
	c.durationFlags(cmd, &in.Duration, &unit)
	cmd.Flags().BoolVar(&in.Undo, "undo", false, c.p.Text("cli.groups.undo"))
	c.operationFlags(cmd, &o)
	return cmd
}

func (c *cli) groupStart() *cobra.Command {
	var o operation
	cmd := c.onGroup(action.GroupStart, "NAME", c.groupEffectSample(), func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		e, err := either(o.preview, s.groups.PreviewStart, s.groups.Start)(ctx, ref, o.version)
		return c.operated("cli.groups.started", o.preview, e, err)
	})
	c.operationFlags(cmd, &o)
	return cmd
}

func (c *cli) groupOrders() *cobra.Command {
	return c.onGroup(action.GroupOrders, "NAME", []record{orderRecord(group.Order{})}, func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		orders, err := s.groups.Orders(ctx, ref)
		return answer{value: records(orders, orderRecord), columns: []string{"id", "kind", "state", "size", "months", "price", "at", "by"}}, err
	})
}

func (c *cli) groupArrears() *cobra.Command {
	var since string
	var paid bool
	var cmd *cobra.Command
	cmd = c.act(action.GroupArrears, "", []record{groupSample()}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		if (since == "") != paid {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.groups.arrears.which"})
		}
		var from time.Time
		if !paid {
			var err error
			if from, err = time.Parse(time.RFC3339, since); err != nil {
				return answer{}, fault.OneField("since", "cli.groups.arrears.time", message.Args{"Given": since})
			}
		}
		groups, err := s.groups.SetArrears(ctx, from)
		note := "cli.groups.arrears"
		if paid {
			note = "cli.groups.arrears.paid"
		}
		return answer{value: records(groups, groupRecord), note: message.Text{ID: note, Args: message.Args{"Count": len(groups)}}}, err
	})
	cmd.Flags().StringVar(&since, "since", "", c.p.Text("cli.groups.arrears.since"))
	cmd.Flags().BoolVar(&paid, "paid", false, c.p.Text("cli.groups.arrears.flag_paid"))
	return cmd
}
