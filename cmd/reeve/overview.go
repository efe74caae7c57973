package main

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/overview"
)

func (c *cli) overviewCommand() *cobra.Command {
	limit := 5
	sample := c.overviewRecord(overview.Overview{
		Checklists: []overview.Checklist{{Steps: make([]overview.Check, 1)}}, Attention: make([]overview.Attention, 1)}, overview.Release{Notes: map[string][]string{"en": {""}}})
	cmd := c.act(action.OverviewShow, "", sample, func(ctx context.Context, s *system, _ []string) (answer, error) {
		if limit < 1 || limit > overview.Most {
			return answer{}, fault.OneField("limit", "cli.overview.limit.range", message.Args{"Most": overview.Most})
		}
		in := ""
		if c.flags.region != "" {
			known, err := s.regions.Find(c.flags.region)
			if err != nil {
				return answer{}, err
			}
			in = known.ID
		}
		o, err := s.overviews.Show(ctx, in, limit)
		if err != nil {
			return answer{}, err
		}
		newest := overview.Release{}
		if len(s.releases) > 0 {
			newest = s.releases[0]
		}
		return answer{value: c.overviewRecord(o, newest), lines: c.overviewLines(o, newest)}, nil
	})
	cmd.Flags().IntVar(&limit, "limit", limit, c.p.With("cli.overview.limit", message.Args{"Most": overview.Most}))
	return cmd
}

func (c *cli) overviewRecord(o overview.Overview, newest overview.Release) record {
	return record{
		{"workspaces", records(o.Checklists, func(l overview.Checklist) record {
			return record{{"region", l.Region}, {"workspace", l.Workspace}, {"visits", l.Visits}, {"done", l.Done()},
				{"steps", records(l.Steps, func(s overview.Check) record {
					return record{{"step", string(s.Step)}, {"done", s.Done()}, {"missing", string(s.Missing)}, {"count", s.Count}}
				})}}
		})},
		{"attention", records(o.Attention, func(a overview.Attention) record {
			return record{{"kind", string(a.Kind)}, {"region", a.Region}, {"name", a.Name}, {"at", a.At}, {"used", a.Used}, {"size", a.Size}, {"urgent", a.Urgent}}
		})},
		{"new", record{{"version", newest.Version}, {"date", newest.Date}, {"notes", newest.In(c.p.Language())}}},
	}
}

func (c *cli) overviewLines(o overview.Overview, newest overview.Release) (lines []string) {
	for _, l := range o.Checklists {
		lines = append(lines, l.Region+"/"+l.Workspace+"  "+c.p.With("overview.steps.done", message.Args{"Done": l.Done(), "All": len(l.Steps)}))
		for i, s := range l.Steps {
			sign, what := "+", strconv.Itoa(s.Count)
			if !s.Done() {
				sign, what = "-", c.p.Text("overview.missing."+string(s.Step)+"."+string(s.Missing))
			}
			lines = append(lines, "  "+sign+" "+strconv.Itoa(i+1)+" "+pad(c.p.Text("overview.step."+string(s.Step)), 18)+what)
		}
		lines = append(lines, "")
	}
	if len(o.Attention) > 0 {
		lines = append(lines, c.p.Text("overview.attention"))
		for _, a := range o.Attention {
			lines = append(lines, "  "+pad(a.Region, 16)+c.say(a.Words(cell(a.At))))
		}
		lines = append(lines, "")
	}
	if newest.Version != "" {
		lines = append(lines, c.p.With("cli.overview.new", message.Args{"Version": newest.Version, "Date": newest.Date}))
		for _, note := range newest.In(c.p.Language()) {
			lines = append(lines, "  "+note)
		}
	}
	return lines
}
