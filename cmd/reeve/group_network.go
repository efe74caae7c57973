package main

import (
	"context"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/group"
	"reeve/core/message"
)

func (c *cli) groupNetwork() *cobra.Command {
	var o operation
	var in group.VPC
	var area string
	var remove int64
	var cmd *cobra.Command
	cmd = c.onGroup(action.GroupNetwork, "NAME", c.groupEffectSample(), func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		if (in.VPC == "") == (remove == 0) {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.groups.network.which"})
		}
		if remove != 0 {
			e, err := either(o.preview, s.groups.PreviewRemoveNetwork, s.groups.RemoveNetwork)(ctx, ref, remove, o.version)
			return c.operated("cli.groups.unbound", o.preview, e, err)
		}
		in.Area, in.Version = group.Area(area), o.version
		e, err := either(o.preview, s.groups.PreviewAddNetwork, s.groups.AddNetwork)(ctx, ref, in)
		return c.operated("cli.groups.bound", o.preview, e, err)
	})
	f := cmd.Flags()
	f.StringVar(&in.VPC, "vpc", "", c.p.Text("cli.groups.vpc"))
	f.StringVar(&in.VSwitch, "vswitch", "", c.p.Text("cli.groups.vswitch"))
	f.StringVar(&in.CIDR, "cidr", "", c.p.Text("cli.groups.cidr"))
	f.StringVar(&area, "area", string(group.General), c.p.Text("cli.groups.area"))
	f.Int64Var(&remove, "unbind", 0, c.p.Text("cli.groups.network.remove"))
	c.operationFlags(cmd, &o)
	return cmd
}

func (c *cli) groupRoute() *cobra.Command {
	var o operation
	var cidr string
	var network, remove int64
	var cmd *cobra.Command
	cmd = c.onGroup(action.GroupRoute, "NAME", c.groupEffectSample(), func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		if (cidr == "") == (remove == 0) || (cidr == "") != (network == 0) {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.groups.route.which"})
		}
		if remove != 0 {
			e, err := either(o.preview, s.groups.PreviewRemoveRoute, s.groups.RemoveRoute)(ctx, ref, remove, o.version)
			return c.operated("cli.groups.unrouted", o.preview, e, err)
		}
		e, err := either(o.preview, s.groups.PreviewAddRoute, s.groups.AddRoute)(ctx, ref, network, cidr, o.version)
		return c.operated("cli.groups.routed", o.preview, e, err)
	})
	f := cmd.Flags()
	f.StringVar(&cidr, "to", "", c.p.Text("cli.groups.route.add"))
	f.Int64Var(&network, "network", 0, c.p.Text("cli.groups.route.network"))
	f.Int64Var(&remove, "drop", 0, c.p.Text("cli.groups.route.remove"))
	c.operationFlags(cmd, &o)
	return cmd
}
