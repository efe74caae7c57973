package main

import (
	"context"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/keeper"
	"reeve/core/message"
)

func (c *cli) keeperCommands() *cobra.Command {
	return c.group("keeper", c.p.Text("cli.group.keeper"), c.keeperStatus(), c.keeperRun())
}

func keeperRecord(st keeper.Status) record {
	return record{
		{"holder", st.Lease.Holder}, {"until", st.Lease.Until},
		{"areas", records(st.Areas, func(d keeper.Due) record {
			t := keeper.Trouble{}
			if d.Trouble != nil {
				t = *d.Trouble
			}
			return record{{"area", d.Area}, {"next", d.Next}, {"failures", t.Times}, {"failing_since", t.Since}, {"retry_at", t.Retry}, {"error", t.Error}}
		})},
	}
}

func (c *cli) keeperStatus() *cobra.Command {
	sample := keeperRecord(keeper.Status{Areas: make([]keeper.Due, 1)})
	return c.act(action.KeeperStatus, "", sample, func(ctx context.Context, s *system, _ []string) (answer, error) {
		st, err := s.keepers.Status(ctx)
		return answer{value: keeperRecord(st), lines: c.keeperLines(st)}, err
	})
}

func (c *cli) keeperLines(st keeper.Status) []string {
	lines := []string{c.p.Text("cli.keeper.idle")}
	if st.Lease.Holder != "" {
		lines = []string{c.p.With("cli.keeper.held", message.Args{"Holder": st.Lease.Holder, "Until": cell(st.Lease.Until)})}
	}
	var rows []record
	for _, d := range st.Areas {
		rows = append(rows, record{{"area", d.Area}, {"next", d.Next}})
	}
	lines = append(append(lines, ""), c.table(rows, []string{"area", "next"})...)
	for _, d := range st.Areas {
		if t := d.Trouble; t != nil {
			lines = append(lines, c.p.With("cli.keeper.failed", message.Args{"Area": t.Area, "Times": t.Times, "Since": cell(t.Since), "Error": t.Error}))
		}
	}
	return lines
}

// catchUp moves what has fallen due before a command looks at groups: where neither a console nor a keeper is open nobody else does, and
// a subscription that ended would still take work. What fails there is kept for keepers to try again; servers have one.
func (s *system) catchUp(ctx context.Context) {
	if !s.shared && !s.actor.ReadOnly {
		_, _, _ = s.keeper.Catch(ctx)
	}
}

func (c *cli) keeperRun() *cobra.Command {
	var once bool
	cmd := c.act(action.KeeperRun, "", record{{"moved", 0}}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		if once {
			moved, err := s.keepers.Catch(ctx)
			return answer{value: record{{"moved", moved}}, note: message.Text{ID: "cli.keeper.moved", Args: message.Args{"Count": moved}}}, err
		}
		s.watch(ctx)
		return answer{silent: true}, s.keepers.Run(ctx)
	})
	cmd.Flags().BoolVar(&once, "once", false, c.p.Text("cli.keeper.once"))
	return cmd
}
