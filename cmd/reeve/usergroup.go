package main

import (
	"context"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/list"
	"reeve/core/message"
)

func (c *cli) userGroupCommands() *cobra.Command {
	return c.group("user-group", c.p.Text("cli.group.user_group"), c.userGroupAdd(), c.userGroupList(), c.userGroupSetMembers())
}

func userGroupRecord(g directory.Group) record {
	return record{
		{"id", g.ID}, {"name", g.Name}, {"members", g.Members}, {"policies", g.Policies}, {"workspaces", g.Workspaces},
		{"created_at", g.CreatedAt}, {"version", g.Version},
	}
}

func userGroupSample() record { return userGroupRecord(directory.Group{}) }

func (c *cli) userGroupAdd() *cobra.Command {
	return c.act(action.UserGroupAdd, "NAME…", []record{userGroupSample()}, func(ctx context.Context, s *system, args []string) (answer, error) {
		groups, err := s.users.AddGroup(ctx, splitValues(args))
		return answer{value: records(groups, userGroupRecord), note: message.Text{ID: "cli.user_group.added", Args: message.Args{
			"Names": joinNames(groups, func(g directory.Group) string { return g.Name })}}}, err
	})
}

func (c *cli) userGroupList() *cobra.Command {
	var l listing
	cmd := c.act(action.UserGroupList, "", []record{userGroupSample()}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		groups, err := walk(l, func(q list.Query) (list.Page[directory.Group], error) { return s.users.Groups(ctx, q) })
		return answer{value: records(groups, userGroupRecord), columns: []string{"name", "members", "workspaces", "policies", "created_at"}}, err
	})
	c.listFlags(cmd, &l, "name")
	return cmd
}

func (c *cli) userGroupSetMembers() *cobra.Command {
	var add, remove []string
	var preview bool
	var version int64
	var cmd *cobra.Command
	cmd = c.act(action.UserGroupSetMembers, "GROUP", userGroupSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		in := directory.GroupMembers{Group: args[0], Add: splitValues(add), Remove: splitValues(remove), Version: version}
		if len(in.Add)+len(in.Remove) == 0 {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.user_group.nothing"})
		}
		if preview {
			o, err := s.users.PreviewSetGroupMembers(ctx, in)
			return c.tenantEffect(ctx, s, o, err)
		}
		g, err := s.users.SetGroupMembers(ctx, in)
		return answer{value: userGroupRecord(g), note: message.Text{ID: "cli.user_group.set", Args: message.Args{
			"Name": g.Name, "Members": c.orNobody(g.Members)}}}, err
	})
	cmd.Flags().StringArrayVar(&add, "add", nil, c.p.Text("cli.user_group.flag.add"))
	cmd.Flags().StringArrayVar(&remove, "remove", nil, c.p.Text("cli.user_group.flag.remove"))
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	cmd.Flags().Int64Var(&version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}

// orNobody is a list of names in words.
func (c *cli) orNobody(names []string) string {
	if len(names) == 0 {
		return c.p.Text("cli.nobody")
	}
	return joinNames(names, func(name string) string { return name })
}

// tenantEffect is effect for what can touch every workspace and region; it finds out what the workspaces are called.
func (c *cli) tenantEffect(ctx context.Context, s *system, o control.Outcome, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	places, err := s.placeNames(ctx)
	if err != nil {
		return answer{}, err
	}
	return c.effectIn(o, places), nil
}
