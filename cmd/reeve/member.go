package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/engine"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/message"
)

func (c *cli) memberCommands() *cobra.Command {
	return c.group("member", c.p.Text("cli.group.member"), c.memberList(), c.memberAdd(), c.memberSetRoles(), c.memberRemove(),
		c.memberImport(), c.memberExport(), c.memberDormant())
}

func memberRecord(m member.Member) record {
	held := m.Roles
	return record{
		{"id", m.Principal}, {"name", m.Name}, {"type", m.Kind}, {"roles", records(held, heldRecord)}, {"until", soonest(m)}, {"added_at", m.AddedAt},
		{"added_by", m.AddedBy}, {"last_active", m.Active}, {"display_name", m.DisplayName}, {"status", m.Status}, {"version", m.Version},
	}
}

// memberRows are members as CSV has them: the roles each with its own end, as an import reads them.
func memberRows(members []member.Member) func() []record {
	return func() []record {
		return records(members, func(m member.Member) record {
			r := memberRecord(m)
			for i := range r {
				if r[i].Key == "roles" {
					r[i].Value = joinNames(m.Roles, member.Held.Cell)
				}
			}
			return r
		})
	}
}

// soonest is when the first of a member's roles ends, or nothing where none does.
func soonest(m member.Member) *time.Time {
	var first *time.Time
	for _, h := range m.Roles {
		if h.Until != nil && (first == nil || h.Until.Before(*first)) {
			first = h.Until
		}
	}
	return first
}

func heldRecord(h member.Held) record {
	return record{{"code", h.Code}, {"name", h.Name}, {"granted_at", h.At}, {"granted_by", h.By}, {"until", h.Until}}
}

func memberSample() record { return memberRecord(member.Member{Roles: make([]member.Held, 1)}) }

// inWorkspace is act for what is done in a workspace: it adds -w and hands over what it names.
func (c *cli) inWorkspace(id action.ID, words string, shape any, do func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error)) *cobra.Command {
	var name string
	cmd := c.act(id, words, shape, func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.entered(ctx, s, name)
		if err != nil {
			return answer{}, err
		}
		a, err := do(ctx, s, ref, args)
		if err == nil {
			_ = s.uses.Note(ctx, ref) // what was asked is answered, or done, whether or not it is noted
		}
		return a, err
	})
	cmd.Flags().StringVarP(&name, "workspace", "w", "", c.p.Text("cli.flag.workspace"))
	c.need(cmd, "workspace", "WORKSPACE")
	return cmd
}

func (c *cli) memberDormant() *cobra.Command {
	var days int
	cmd := c.inWorkspace(action.MemberDormant, "", []record{dormantRecord(member.Dormant{})}, func(ctx context.Context, s *system, ref control.Ref, _ []string) (answer, error) {
		unused, err := s.members.Dormant(ctx, ref, days)
		return answer{value: records(unused, dormantRecord), columns: []string{"user", "type", "role_name", "granted_at", "until", "last_used", "days"}}, err
	})
	cmd.Flags().IntVar(&days, "days", 90, c.p.Text("cli.dormant.days"))
	return cmd
}

func dormantRecord(d member.Dormant) record {
	return record{{"user", d.User}, {"type", d.Kind}, {"role", d.Code}, {"role_name", d.Name}, {"granted_at", d.GrantedAt}, {"until", d.Until},
		{"last_used", d.LastUsed}, {"days", d.Days}}
}

func (c *cli) memberList() *cobra.Command {
	var l listing
	cmd := c.inWorkspace(action.MemberList, "", []record{memberSample()}, func(ctx context.Context, s *system, ref control.Ref, _ []string) (answer, error) {
		members, err := walk(l, func(q list.Query) (list.Page[member.Member], error) { return s.members.List(ctx, ref, q) })
		return answer{value: records(members, memberRecord), rows: memberRows(members), columns: []string{"name", "type", "roles", "until", "added_at", "added_by", "last_active"}}, err
	})
	c.listFlags(cmd, &l, "name")
	return cmd
}

// rolesFlag adds --role, which takes several roles in one go.
func (c *cli) rolesFlag(cmd *cobra.Command, roles *[]string) {
	cmd.Flags().StringArrayVar(roles, "role", nil, c.p.Text("cli.member.role"))
	c.need(cmd, "role", "ROLE…")
}

func (c *cli) memberAdd() *cobra.Command {
	var roles []string
	var last lasting
	var preview bool
	cmd := c.inWorkspace(action.MemberAdd, "USER…", []record{memberSample()}, func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		until, err := last.end(c.env.Now())
		if err != nil {
			return answer{}, err
		}
		batch := member.Batch{Users: splitValues(args), Roles: splitValues(roles), Until: until, OwnLoss: last.ownLoss}
		if preview {
			o, err := s.members.PreviewAdd(ctx, ref, batch)
			return c.effect(o, ref, err)
		}
		members, err := s.members.Add(ctx, ref, batch)
		return membersChanged("cli.member.added", ref, members), err
	})
	c.rolesFlag(cmd, &roles)
	c.untilFlag(cmd, &last)
	c.ownLossFlag(cmd, &last.ownLoss)
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	return cmd
}

func (c *cli) memberSetRoles() *cobra.Command {
	var roles []string
	var last lasting
	var preview, besides bool
	cmd := c.inWorkspace(action.MemberSetRoles, "USER…", []record{memberSample()}, func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		until, err := last.end(c.env.Now())
		if err != nil {
			return answer{}, err
		}
		batch := member.Batch{Users: splitValues(args), Roles: splitValues(roles), Until: until, Besides: besides, OwnLoss: last.ownLoss}
		if preview {
			o, err := s.members.PreviewSetRoles(ctx, ref, batch)
			return c.effect(o, ref, err)
		}
		members, err := s.members.SetRoles(ctx, ref, batch)
		return membersChanged("cli.member.set", ref, members), err
	})
	c.rolesFlag(cmd, &roles)
	c.untilFlag(cmd, &last)
	c.ownLossFlag(cmd, &last.ownLoss)
	cmd.Flags().BoolVar(&besides, "besides", false, c.p.Text("cli.member.besides"))
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	return cmd
}

func (c *cli) memberRemove() *cobra.Command {
	var preview, ownLoss bool
	cmd := c.inWorkspace(action.MemberRemove, "USER…", []record{memberSample()}, func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		out := member.Removal{Users: splitValues(args), OwnLoss: ownLoss}
		if preview {
			o, err := s.members.PreviewRemove(ctx, ref, out)
			if err != nil {
				return answer{}, err
			}
			engines, err := s.engines.List(ctx, ref)
			return c.removed(o, ref, engine.AccountsOf(engines, out.Users)), err
		}
		members, err := s.members.Remove(ctx, ref, out)
		return membersChanged("cli.member.removed", ref, members), err
	})
	c.ownLossFlag(cmd, &ownLoss)
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	return cmd
}

// removed is what removing members would do: to access, and the accounts of engines that go with them.
func (c *cli) removed(o control.Outcome, ref control.Ref, accounts []engine.HeldAccount) answer {
	a := c.effectIn(o, in(ref))
	rows := records(accounts, func(h engine.HeldAccount) record {
		return record{{"user", h.User}, {"engine", h.Engine}, {"account", h.Account}}
	})
	effect, _ := a.value.(record)
	a.value = append(effect, record{{"engine_accounts", rows}}...)
	if len(rows) > 0 {
		a.lines = append(a.lines, "", c.p.With("cli.effect.engine_accounts", message.Args{"Count": len(rows)}))
		for _, line := range c.table(rows, []string{"user", "engine", "account"}) {
			a.lines = append(a.lines, "  "+line)
		}
	}
	return a
}

// membersChanged is the answer to a change of members.
func membersChanged(note string, ref control.Ref, members []member.Member) answer {
	var roles string
	if len(members) > 0 {
		roles = joinNames(members[0].Roles, func(h member.Held) string { return h.Name })
	}
	return answer{value: records(members, memberRecord), rows: memberRows(members), note: message.Text{ID: note, Args: message.Args{
		"Names": joinNames(members, func(m member.Member) string { return m.Name }), "Roles": roles, "Workspace": strings.TrimSpace(ref.Workspace)}}}
}
