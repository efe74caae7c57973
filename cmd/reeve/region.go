package main

import (
	"context"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/edition"
	"reeve/core/message"
	"reeve/core/region"
)

func (c *cli) regionCommands() *cobra.Command {
	return c.group("region", c.p.Text("cli.group.region"), c.regionList(), c.regionActivate())
}

func regionRecord(r region.Region) record {
	return record{
		{"id", r.ID}, {"name", r.English}, {"name_zh", r.Chinese}, {"active", r.Active}, {"edition", string(r.Edition)},
		{"activated_at", r.ActivatedAt}, {"workspaces", r.Workspaces}, {"version", r.Version},
	}
}

func (c *cli) regionList() *cobra.Command {
	var active bool
	columns := []string{"id", "name", "edition", "workspaces", "activated_at"}
	if c.p.Language() != "en" {
		columns[1] = "name_zh"
	}
	cmd := c.act(action.RegionList, "", []record{regionRecord(region.Region{})}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		all, err := s.regions.List(ctx)
		var rows []record
		for _, r := range all {
			if r.Active || !active {
				rows = append(rows, regionRecord(r))
			}
		}
		return answer{value: rows, columns: columns}, err
	})
	cmd.Flags().BoolVar(&active, "active", false, c.p.Text("cli.region.active"))
	return cmd
}

func (c *cli) regionActivate() *cobra.Command {
	var name string
	cmd := c.act(action.RegionActivate, "ID", regionRecord(region.Region{}), func(ctx context.Context, s *system, args []string) (answer, error) {
		known, err := s.regions.Find(args[0])
		if err != nil {
			return answer{}, err
		}
		e, err := s.editions.Parse(name)
		if err != nil {
			e = edition.Edition(name) // the area refuses it, in its own words
		}
		r, err := s.regions.Activate(ctx, known.ID, e, 0)
		return answer{value: regionRecord(r), note: message.Text{ID: "cli.region.activated", Args: message.Args{
			"Region": r.ID, "Edition": message.Text{ID: "edition." + string(r.Edition)}}}}, err
	})
	cmd.Flags().StringVar(&name, "edition", "", c.p.Text("cli.region.edition"))
	c.need(cmd, "edition", "EDITION")
	return cmd
}
