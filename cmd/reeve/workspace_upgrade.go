package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/core/workspace"
)

func doubledRecord(u workspace.Upgraded) record {
	return record{
		{"engines", records(u.Engines, func(p workspace.EnginePair) record {
			return record{{"name", p.Engine}, {"type", p.Type}, {"dev_project", p.DevProject}, {"dev_identity", p.DevIdentity}, {"prod_identity", p.ProdIdentity}}
		})},
		{"sources", append([]string{}, u.Sources...)},
	}
}

func upgradedRecord(u workspace.Upgraded) record {
	return append(workspaceRecord(u.Workspace), doubledRecord(u)...)
}

func (c *cli) workspaceUpgrade() *cobra.Command {
	var acknowledge, preview bool
	sample := upgradedRecord(workspace.Upgraded{Workspace: workspace.Workspace{Tags: make([]workspace.Tag, 1)}, Engines: make([]workspace.EnginePair, 1)})
	cmd := c.act(action.WorkspaceUpgrade, "NAME", sample, func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.ref(s, args[0])
		if err != nil {
			return answer{}, err
		}
		if preview {
			p, err := s.workspaces.PreviewUpgrade(ctx, ref)
			if err != nil {
				return answer{}, err
			}
			return c.upgradePreview(p, ref), nil
		}
		in := workspace.ToStandard{Acknowledged: acknowledge || c.flags.yes}
		if !in.Acknowledged && c.env.Terminal(c.in) {
			if in, err = c.askUpgrade(ctx, s, ref); err != nil {
				return answer{}, err
			}
		}
		u, err := s.workspaces.Upgrade(ctx, ref, in)
		return answer{value: upgradedRecord(u), note: message.Text{ID: "cli.workspace.upgraded", Args: message.Args{
			"Name": u.Name, "Region": u.Region, "Engines": len(u.Engines), "Sources": len(u.Sources)}}}, err
	})
	cmd.Flags().BoolVar(&acknowledge, "acknowledge", false, c.p.Text("cli.workspace.acknowledge"))
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	return cmd
}

// askUpgrade shows what an upgrade does and asks for the name of the workspace.
func (c *cli) askUpgrade(ctx context.Context, s *system, ref control.Ref) (workspace.ToStandard, error) {
	p, err := s.workspaces.PreviewUpgrade(ctx, ref)
	if err != nil {
		return workspace.ToStandard{}, err
	}
	given, err := c.ask(message.Text{ID: "cli.workspace.upgrade.ask", Args: message.Args{
		"Name": p.Name, "Preview": strings.Join(c.upgradePreview(p, ref).lines, "\n")}})
	return workspace.ToStandard{Acknowledged: strings.EqualFold(strings.TrimSpace(given), p.Name), Version: p.Version - 1}, err
}

// upgradePreview tells what doubles, who loses what in engines, and who loses what in modules.
func (c *cli) upgradePreview(p workspace.UpgradePreview, ref control.Ref) answer {
	effect := c.effectIn(p.Outcome, in(ref))
	losses := records(p.Losses, func(l workspace.EngineLoss) record {
		return record{{"user", l.User}, {"engine", l.Engine}, {"engine_role", l.EngineRole}, {"grants", l.Grants}}
	})
	value := append(doubledRecord(p.Upgraded), field{"engine_losses", losses})
	value = append(value, effect.value.(record)...)
	lines := []string{c.p.With("cli.workspace.upgrade.preview", message.Args{"Name": p.Name})}
	section := func(title string, rows []record) {
		if len(rows) == 0 {
			return
		}
		lines = append(lines, "", title)
		for _, line := range c.table(rows, nil) {
			lines = append(lines, "  "+line)
		}
	}
	section(c.p.With("cli.workspace.upgrade.engines", message.Args{"Count": len(p.Engines)}), rowsOf(value.get("engines")))
	if len(p.Sources) > 0 {
		lines = append(lines, "", c.p.With("cli.workspace.upgrade.sources", message.Args{"Names": strings.Join(p.Sources, ", ")}))
	}
	section(c.p.With("cli.workspace.upgrade.losses", message.Args{"Count": len(losses)}), losses)
	if len(losses) == 0 {
		lines = append(lines, "", c.p.Text("cli.workspace.upgrade.no_losses"))
	}
	if !p.Outcome.Effect.Empty() {
		lines = append(append(lines, ""), effect.lines...)
	}
	return answer{value: value, lines: lines}
}
