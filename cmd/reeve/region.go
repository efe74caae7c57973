package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/edition"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/region"
	"reeve/core/text"
)

func (c *cli) regionCommands() *cobra.Command {
	return c.group("region", c.p.Text("cli.group.region"), c.regionList(), c.regionActivate(), c.regionUntil())
}

func regionRecord(r region.Region) record {
	return record{
		{"id", r.ID}, {"name", r.English}, {"name_zh", r.Chinese}, {"active", r.Active}, {"edition", string(r.Edition)},
		{"activated_at", r.ActivatedAt}, {"ends_at", r.EndsAt}, {"falls_back_at", r.FallsBackAt}, {"workspaces", r.Workspaces}, {"version", r.Version},
	}
}

func (c *cli) regionList() *cobra.Command {
	var active bool
	columns := []string{"id", "name", "edition", "workspaces", "activated_at", "ends_at"}
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
	var bare bool
	cmd := c.act(action.RegionActivate, "ID", append(regionRecord(region.Region{}), field{"default_workspace", ""}), func(ctx context.Context, s *system, args []string) (answer, error) {
		known, err := s.regions.Find(args[0])
		if err != nil {
			return answer{}, err
		}
		e, err := s.editions.Parse(name)
		if err != nil {
			e = edition.Edition(name) // the area refuses it, in its own words
		}
		r, err := s.regions.Activate(ctx, region.Activation{ID: known.ID, Edition: e, Bare: bare})
		note := "cli.region.activated"
		if r.DefaultWorkspace != "" {
			note = "cli.region.activated.default"
		}
		return answer{value: append(regionRecord(r), field{"default_workspace", r.DefaultWorkspace}), note: message.Text{ID: note, Args: message.Args{
			"Region": r.ID, "Edition": message.Text{ID: "edition." + string(r.Edition)}, "Workspace": r.DefaultWorkspace}}}, err
	})
	cmd.Flags().BoolVar(&bare, "no-default-workspace", false, c.p.Text("cli.region.bare"))
	cmd.Flags().StringVar(&name, "edition", "", c.p.Text("cli.region.edition"))
	c.need(cmd, "edition", "EDITION")
	return cmd
}

// never is what says that an edition has no end.
const never = "never"

func (c *cli) regionUntil() *cobra.Command {
	return c.act(action.RegionEnd, "ID WHEN", regionRecord(region.Region{}), func(ctx context.Context, s *system, args []string) (answer, error) {
		known, err := s.regions.Find(args[0])
		if err != nil {
			return answer{}, err
		}
		var end *time.Time
		if args[1] != never {
			at, ok := text.ParseEnd(args[1], c.env.Now())
			if !ok {
				return answer{}, fault.OneField("until", "cli.until.time", message.Args{"Value": args[1]})
			}
			end = &at
		}
		r, err := s.regions.SetEnd(ctx, known.ID, end, 0)
		note := message.Text{ID: "cli.region.endless", Args: message.Args{"Region": r.ID}}
		if r.EndsAt != nil {
			note = message.Text{ID: "cli.region.ends", Args: message.Args{"Region": r.ID, "Edition": message.Text{ID: "edition." + string(r.Edition)},
				"Until": cell(r.EndsAt), "Back": cell(r.FallsBackAt)}}
		}
		return answer{value: regionRecord(r), note: note}, err
	})
}
