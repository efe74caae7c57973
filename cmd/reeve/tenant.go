package main

import (
	"context"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/message"
	"reeve/core/tenant"
)

func (c *cli) tenantCommands() *cobra.Command {
	return c.group("tenant", c.p.Text("cli.group.tenant"), c.tenantSetRule(), c.tenantLinks(), c.tenantSetLink(), c.tenantRemoveLink())
}

func ruleRecord(r tenant.Rule) record { return record{{"rule", string(r)}} }

func (c *cli) tenantSetRule() *cobra.Command {
	var preview bool
	cmd := c.act(action.TenantSetRule, "additive|strict", ruleRecord(""), func(ctx context.Context, s *system, args []string) (answer, error) {
		if preview {
			o, err := s.tenants.PreviewSetRule(ctx, tenant.Rule(args[0]))
			return c.tenantEffect(ctx, s, o, err)
		}
		rule, err := s.tenants.SetRule(ctx, tenant.Rule(args[0]))
		return answer{value: ruleRecord(rule), note: message.Text{ID: "cli.tenant.rule." + string(rule)}}, err
	})
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	return cmd
}
