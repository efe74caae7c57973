package main

import (
	"context"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/group"
	"reeve/core/message"
)

func (c *cli) groupNetwork() *cobra.Command {
	var in group.VPC
	var area string
	var remove int64
	var cmd *cobra.Command
	cmd = c.onGroup(action.GroupNetwork, "NAME", groupSample(), func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		if (in.VPC == "") == (remove == 0) {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.groups.network.which"})
		}
		if remove != 0 {
			g, err := s.groups.RemoveNetwork(ctx, ref, remove, in.Version)
			return groupChanged("cli.groups.unbound", g), err
		}
		in.Area = group.Area(area)
		g, err := s.groups.AddNetwork(ctx, ref, in)
		return groupChanged("cli.groups.bound", g), err
	})
	f := cmd.Flags()
	f.StringVar(&in.VPC, "vpc", "", c.p.Text("cli.groups.vpc"))
	f.StringVar(&in.VSwitch, "vswitch", "", c.p.Text("cli.groups.vswitch"))
	f.StringVar(&in.CIDR, "cidr", "", c.p.Text("cli.groups.cidr"))
	f.StringVar(&area, "area", string(group.General), c.p.Text("cli.groups.area"))
	f.Int64Var(&remove, "unbind", 0, c.p.Text("cli.groups.network.remove"))
	f.Int64Var(&in.Version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}

func (c *cli) groupRoute() *cobra.Command {
	var cidr string
	var network, remove, version int64
	var cmd *cobra.Command
	cmd = c.onGroup(action.GroupRoute, "NAME", groupSample(), func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		if (cidr == "") == (remove == 0) || (cidr == "") != (network == 0) {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.groups.route.which"})
		}
		if remove != 0 {
			g, err := s.groups.RemoveRoute(ctx, ref, remove, version)
			return groupChanged("cli.groups.unrouted", g), err
		}
		g, err := s.groups.AddRoute(ctx, ref, network, cidr, version)
		return groupChanged("cli.groups.routed", g), err
	})
	f := cmd.Flags()
	f.StringVar(&cidr, "to", "", c.p.Text("cli.groups.route.add"))
	f.Int64Var(&network, "network", 0, c.p.Text("cli.groups.route.network"))
	f.Int64Var(&remove, "drop", 0, c.p.Text("cli.groups.route.remove"))
	f.Int64Var(&version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}
