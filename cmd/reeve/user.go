package main

import (
	"context"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/directory"
	"reeve/core/list"
	"reeve/core/message"
)

func (c *cli) userCommands() *cobra.Command {
	return c.group("user", c.p.Text("cli.group.user"), c.userAdd(), c.userList(), c.userMap(), c.userLeave())
}

var userColumns = []string{"name", "type", "full_access", "groups", "os_user", "workspaces", "created_at"}

func userRecord(u directory.User) record {
	return record{
		{"id", u.ID}, {"name", u.Name}, {"display_name", u.DisplayName}, {"type", string(u.Kind)}, {"full_access", u.FullAccess},
		{"groups", u.Groups}, {"os_user", u.OSUser}, {"workspaces", u.Workspaces}, {"created_at", u.CreatedAt}, {"version", u.Version},
	}
}

func (c *cli) userAdd() *cobra.Command {
	var in directory.Add
	var kind string
	cmd := c.act(action.UserAdd, "NAME…", []record{userRecord(directory.User{})}, func(ctx context.Context, s *system, args []string) (answer, error) {
		in.Names, in.Kind = splitValues(args), directory.Kind(kind)
		users, err := s.users.Add(ctx, in)
		return answer{value: records(users, userRecord), note: message.Text{ID: "cli.user.added", Args: message.Args{"Names": joinNames(users, func(u directory.User) string { return u.Name })}}}, err
	})
	cmd.Flags().StringVar(&kind, "type", string(directory.RAMUser), c.p.Text("cli.user.type"))
	cmd.Flags().BoolVar(&in.FullAccess, "full-access", false, c.p.Text("cli.user.full_access"))
	cmd.Flags().StringVar(&in.OSUser, "os-user", "", c.p.Text("cli.user.os_user"))
	return cmd
}

func (c *cli) userList() *cobra.Command {
	var l listing
	cmd := c.act(action.UserList, "", []record{userRecord(directory.User{})}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		users, err := walk(l, func(q list.Query) (list.Page[directory.User], error) { return s.users.List(ctx, q) })
		return answer{value: records(users, userRecord), columns: userColumns}, err
	})
	c.listFlags(cmd, &l)
	return cmd
}

func (c *cli) userMap() *cobra.Command {
	var osUser string
	cmd := c.act(action.UserMap, "NAME", userRecord(directory.User{}), func(ctx context.Context, s *system, args []string) (answer, error) {
		u, err := s.users.Map(ctx, args[0], osUser)
		note := message.Text{ID: "cli.user.mapped", Args: message.Args{"Name": u.Name, "OSUser": u.OSUser}}
		if osUser == "" {
			note = message.Text{ID: "cli.user.unmapped", Args: message.Args{"Name": u.Name}}
		}
		return answer{value: userRecord(u), note: note}, err
	})
	cmd.Flags().StringVar(&osUser, "os-user", "", c.p.Text("cli.user.map.os_user"))
	c.need(cmd, "os-user", "LOGIN")
	return cmd
}
