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

func (c *cli) userCommands() *cobra.Command {
	return c.group("user", c.p.Text("cli.group.user"), c.userAdd(), c.userList(), c.userShow(), c.userUpdate(),
		c.userBatch(action.UserDisable, "cli.user.disabled", (*directory.Service).Disable, (*directory.Service).PreviewDisable),
		c.userBatch(action.UserEnable, "cli.user.enabled", (*directory.Service).Enable, (*directory.Service).PreviewEnable),
		c.userDelete(), c.userLeave(), c.userMap(),
		c.group("key", c.p.Text("cli.group.user.key"), c.userKeyList(), c.userKeyAdd(), c.userKeyImport(), c.userKeyRemove()))
}

var userColumns = []string{"name", "type", "status", "source", "full_access", "groups", "os_user", "email", "keys", "workspaces", "created_at"}

func userRecord(u directory.User) record {
	return record{
		{"id", u.ID}, {"name", u.Name}, {"display_name", u.DisplayName}, {"type", string(u.Kind)}, {"status", string(u.Status)}, {"since", u.Since},
		{"full_access", u.FullAccess}, {"groups", u.Groups}, {"os_user", u.OSUser}, {"email", u.Email}, {"phone", u.Phone}, {"keys", u.Keys},
		{"source", u.Source}, {"external_id", u.ExternalID}, {"disabled_upstream", u.Upstream}, {"workspaces", u.Workspaces},
		{"created_at", u.CreatedAt}, {"version", u.Version},
	}
}

func userSample() record { return userRecord(directory.User{}) }

func (c *cli) userAdd() *cobra.Command {
	var in directory.Add
	var kind string
	cmd := c.act(action.UserAdd, "NAME…", []record{userSample()}, func(ctx context.Context, s *system, args []string) (answer, error) {
		in.Names, in.Kind = splitValues(args), directory.Kind(kind)
		users, err := s.users.Add(ctx, in)
		return usersChanged("cli.user.added", users), err
	})
	cmd.Flags().StringVar(&kind, "type", string(directory.RAMUser), c.p.Text("cli.user.type"))
	cmd.Flags().BoolVar(&in.FullAccess, "full-access", false, c.p.Text("cli.user.full_access"))
	cmd.Flags().StringVar(&in.OSUser, "os-user", "", c.p.Text("cli.user.os_user"))
	return cmd
}

// usersChanged is the answer to a change of users.
func usersChanged(note string, users []directory.User) answer {
	return answer{value: records(users, userRecord), note: message.Text{ID: note, Args: message.Args{
		"Count": len(users), "Names": joinNames(users, func(u directory.User) string { return u.Name })}}}
}

func (c *cli) userList() *cobra.Command {
	var l listing
	cmd := c.act(action.UserList, "", []record{userSample()}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		users, err := walk(l, func(q list.Query) (list.Page[directory.User], error) { return s.users.List(ctx, q) })
		return answer{value: records(users, userRecord), columns: userColumns}, err
	})
	c.listFlags(cmd, &l, "name", "display_name", "email")
	return cmd
}

// shownUser is a user with the keys and with what is held.
func shownUser(u directory.User, keys []directory.Key, h directory.Holdings) record {
	return append(userRecord(u), field{"ssh_keys", records(keys, keyRecord)}, field{"holds", record{
		{"owns", h.Owns}, {"workspaces_created", h.Made}, {"workspaces", h.Workspaces}, {"tenant_roles", h.TenantRoles}, {"policies", h.Policies}, {"groups", h.Groups},
		{"members", h.Members}, {"engines", h.Engines}, {"identities", h.Identities}, {"requests", h.Requests},
	}})
}

// namesShown bounds the names of one kind that people are shown of what somebody holds; JSON has all of them.
const namesShown = 10

func (c *cli) userShow() *cobra.Command {
	sample := shownUser(directory.User{}, make([]directory.Key, 1), directory.Holdings{})
	return c.act(action.UserShow, "NAME", sample, func(ctx context.Context, s *system, args []string) (answer, error) {
		u, err := s.users.Get(ctx, args[0])
		if err != nil {
			return answer{}, err
		}
		keys, err := s.users.KeysOf(ctx, args[0])
		if err != nil {
			return answer{}, err
		}
		held, err := s.users.Holdings(ctx, args[0])
		if err != nil {
			return answer{}, err
		}
		shown := shownUser(u, keys, held)
		var head record
		for _, f := range userRecord(u) {
			if f.Key != "groups" && f.Key != "workspaces" && cell(f.Value) != "" {
				head = append(head, f)
			}
		}
		for _, f := range shown.get("holds").(record) {
			if names, _ := f.Value.([]string); len(names) > 0 {
				head = append(head, field{f.Key, some(c, namesShown, names, func(n string) string { return n })})
			}
		}
		lines := c.card(head)
		if len(keys) > 0 {
			lines = append(append(lines, ""), c.table(records(keys, keyRecord), keyColumns)...)
		}
		return answer{value: shown, lines: lines}, nil
	})
}

func (c *cli) userUpdate() *cobra.Command {
	var display, email, phone string
	var version int64
	var cmd *cobra.Command
	cmd = c.act(action.UserUpdate, "NAME", userSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		in := directory.Edit{Version: version}
		for _, f := range []struct {
			name  string
			value *string
			to    **string
		}{{"display-name", &display, &in.DisplayName}, {"email", &email, &in.Email}, {"phone", &phone, &in.Phone}} {
			if cmd.Flags().Changed(f.name) {
				*f.to = f.value
			}
		}
		if in.DisplayName == nil && in.Email == nil && in.Phone == nil {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.user.nothing"})
		}
		u, err := s.users.Update(ctx, args[0], in)
		return answer{value: userRecord(u), note: message.Text{ID: "cli.user.updated", Args: message.Args{"Name": u.Name}}}, err
	})
	cmd.Flags().StringVar(&display, "display-name", "", c.p.Text("cli.user.display_name"))
	cmd.Flags().StringVar(&email, "email", "", c.p.Text("cli.user.email"))
	cmd.Flags().StringVar(&phone, "phone", "", c.p.Text("cli.user.phone"))
	cmd.Flags().Int64Var(&version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}

// userBatch is the command that disables users or enables them.
func (c *cli) userBatch(
	id action.ID, note string,
	change func(*directory.Service, context.Context, directory.Batch) ([]directory.User, error),
	foresee func(*directory.Service, context.Context, directory.Batch) (control.Outcome, error),
) *cobra.Command {
	var preview, ownLoss bool
	cmd := c.act(id, "NAME…", []record{userSample()}, func(ctx context.Context, s *system, args []string) (answer, error) {
		in := directory.Batch{Names: splitValues(args), OwnLoss: ownLoss}
		if preview {
			o, err := foresee(s.users, ctx, in)
			return c.tenantEffect(ctx, s, o, err)
		}
		users, err := change(s.users, ctx, in)
		if err == nil && len(users) == 0 {
			note = "cli.user.same"
		}
		return usersChanged(note, users), err
	})
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	if id == action.UserDisable {
		c.ownLossFlag(cmd, &ownLoss)
	}
	return cmd
}

func (c *cli) userMap() *cobra.Command {
	var osUser string
	cmd := c.act(action.UserMap, "NAME", userSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
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
