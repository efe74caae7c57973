package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/fault"
	"reeve/core/group"
	"reeve/core/message"
)

func runRecord(r group.Run) record {
	return record{{"id", r.ID}, {"name", r.Name}, {"workspace", r.WorkspaceName}, {"module", string(r.Module)}, {"cu", r.CU.CU()}, {"slot", r.Slot},
		{"state", string(r.State)}, {"reason", string(r.Reason)}, {"at", r.At}, {"since", r.Since}, {"ended_at", r.EndedAt}, {"by", r.By}, {"machine", r.Machine},
		{"limits", string(r.Limits)}, {"lease_until", r.Lease}, {"cu_seconds", r.CUSeconds()}, {"cpu_seconds", r.CPU.Seconds()}, {"memory_mib", r.Memory},
		{"outcome", string(r.Outcome)}, {"exit_code", r.Code}}
}

func (c *cli) groupRuns() *cobra.Command {
	sample := record{{"size", 0}, {"used", 0.0}, {"slots", 0}, {"slots_used", 0}, {"modules", []record{{{"module", ""}, {"used", 0.0}, {"min", 0}, {"max", nil}}}},
		{"reasons", []record{{{"reason", ""}, {"count", 0}}}}, {"work", []record{runRecord(group.Run{})}}}
	var ended int
	cmd := c.onGroup(action.GroupRuns, "NAME", sample, func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		if ended < 0 || ended > group.ListMost {
			return answer{}, fault.OneField("ended", "cli.groups.ended.range", message.Args{"Most": group.ListMost})
		}
		g, err := s.groups.Get(ctx, ref)
		if err != nil {
			return answer{}, err
		}
		l, err := s.groups.Load(ctx, ref)
		if err != nil {
			return answer{}, err
		}
		var past []group.Run
		if ended > 0 {
			if past, err = s.runs.List(ctx, ref, group.RunQuery{States: []group.RunState{group.RunEnded}, Most: ended}); err != nil {
				return answer{}, err
			}
		}
		r := loadRecord(g, l, past)
		return answer{value: r, rows: func() []record { return rowsOf(r.get("work")) }, keys: runRecord(group.Run{}).keys(), lines: c.loadLines(g, l, r)}, nil
	})
	cmd.Flags().IntVar(&ended, "ended", 0, c.p.With("cli.groups.ended", message.Args{"Most": group.ListMost}))
	return cmd
}

func (c *cli) groupRelease() *cobra.Command {
	return c.onGroup(action.GroupRelease, "NAME RUN", runRecord(group.Run{}), func(ctx context.Context, s *system, ref group.Ref, args []string) (answer, error) {
		id, err := whole("run", args[0])
		if err != nil {
			return answer{}, err
		}
		r, err := s.runs.Release(ctx, ref, int64(id))
		note := "cli.groups.released"
		switch {
		case r.Since == nil: // it waited, and held nothing
			note = "cli.groups.released.waiting"
		case r.LeftAt != nil:
			note = "cli.groups.released.left"
		}
		return answer{value: runRecord(r), note: message.Text{ID: note, Args: message.Args{"ID": id, "Name": ref.Name, "CU": cell(r.CU.CU()), "Machine": r.Machine}}}, err
	})
}

func loadRecord(g group.Group, l group.Load, ended []group.Run) record {
	var modules []record
	for _, m := range group.Modules() {
		q := g.Shares.Of(m)
		var most any
		if q.Max != nil {
			most = *q.Max
		}
		modules = append(modules, record{{"module", string(m)}, {"used", l.Use.Modules[m].CU()}, {"min", q.Min}, {"max", most}})
	}
	return record{{"size", g.Size}, {"used", l.Use.Total().CU()}, {"slots", g.Slots}, {"slots_used", l.Use.Slots}, {"modules", modules},
		{"reasons", records(l.Reasons, func(n group.Count) record { return record{{"reason", string(n.Reason)}, {"count", n.Count}} })},
		{"work", records(slices.Concat(l.Running, l.Waiting, ended), runRecord)}}
}

func (c *cli) loadLines(g group.Group, l group.Load, r record) []string {
	lines := []string{c.p.With("cli.groups.load", message.Args{"Used": fmt.Sprint(l.Use.Total().CU()), "Size": g.Size, "Slots": l.Use.Slots, "Most": g.Slots}), ""}
	var modules []record
	for _, m := range rowsOf(r.get("modules")) {
		if m.get("max") == nil {
			m = append(m[:len(m)-1:len(m)-1], field{"max", c.p.Text("group.no_cap")})
		}
		modules = append(modules, m)
	}
	lines = append(lines, c.table(modules, nil)...)
	for _, n := range l.Reasons {
		lines = append(lines, c.p.With("cli.groups.waiting", message.Args{"Count": n.Count, "Reason": message.Text{ID: "group.wait." + string(n.Reason)}}))
	}
	if work := rowsOf(r.get("work")); len(work) > 0 {
		lines = append(append(lines, ""), c.table(work, []string{"id", "name", "workspace", "module", "cu", "state", "reason", "outcome", "at", "by"})...)
	}
	return lines
}
