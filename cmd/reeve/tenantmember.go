package main

import (
	"context"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/list"
	"reeve/core/message"
	"reeve/core/tenantrole"
)

func (c *cli) tenantMemberCommands() *cobra.Command {
	return c.group("tenant-member", c.p.Text("cli.group.tenant_member"), c.tenantMemberList(),
		c.tenantMemberChange(action.TenantMemberGrant, "cli.tenant_member.granted", (*tenantrole.Service).Grant, (*tenantrole.Service).PreviewGrant),
		c.tenantMemberChange(action.TenantMemberRevoke, "cli.tenant_member.revoked", (*tenantrole.Service).Revoke, (*tenantrole.Service).PreviewRevoke))
}

func tenantMemberRecord(m tenantrole.Member) record {
	return record{
		{"id", m.Principal}, {"name", m.Name}, {"type", m.Kind}, {"automatic", m.Automatic},
		{"roles", records(m.Roles, func(h tenantrole.Held) record {
			return record{{"code", h.Code}, {"name", h.Name}, {"granted_at", h.At}, {"granted_by", h.By}, {"until", h.Until}}
		})},
	}
}

func tenantMemberSample() record {
	return tenantMemberRecord(tenantrole.Member{Roles: make([]tenantrole.Held, 1)})
}

func (c *cli) tenantMemberList() *cobra.Command {
	var l listing
	cmd := c.inRegion(action.TenantMemberList, "", []record{tenantMemberSample()}, func(ctx context.Context, s *system, region string, _ []string) (answer, error) {
		members, err := walk(l, func(q list.Query) (list.Page[tenantrole.Member], error) { return s.tenantRoles.Members(ctx, region, q) })
		return answer{value: records(members, tenantMemberRecord), columns: []string{"name", "type", "automatic", "roles"}}, err
	})
	c.listFlags(cmd, &l, "name", "display_name")
	return cmd
}

func (c *cli) tenantMemberChange(
	id action.ID, note string,
	change func(*tenantrole.Service, context.Context, string, tenantrole.Batch) ([]tenantrole.Member, error),
	foresee func(*tenantrole.Service, context.Context, string, tenantrole.Batch) (control.Outcome, error),
) *cobra.Command {
	var roles []string
	var last lasting
	var preview bool
	cmd := c.inRegion(id, "USER…", []record{tenantMemberSample()}, func(ctx context.Context, s *system, region string, args []string) (answer, error) {
		until, err := last.end(c.env.Now())
		if err != nil {
			return answer{}, err
		}
		batch := tenantrole.Batch{Users: splitValues(args), Roles: splitValues(roles), Until: until, OwnLoss: last.ownLoss}
		if preview {
			o, err := foresee(s.tenantRoles, ctx, region, batch)
			return c.tenantEffect(ctx, s, o, err)
		}
		members, err := change(s.tenantRoles, ctx, region, batch)
		return answer{value: records(members, tenantMemberRecord), note: message.Text{ID: note, Args: message.Args{
			"Names": joinNames(members, func(m tenantrole.Member) string { return m.Name }), "Roles": joinNames(batch.Roles, func(r string) string { return r }),
			"Region": region}}}, err
	})
	cmd.Flags().StringArrayVar(&roles, "role", nil, c.p.Text("cli.tenant_member.role"))
	c.need(cmd, "role", "ROLE…")
	if id == action.TenantMemberGrant {
		c.untilFlag(cmd, &last)
	}
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	c.ownLossFlag(cmd, &last.ownLoss)
	return cmd
}
