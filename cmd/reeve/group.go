package main

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/fault"
	"reeve/core/group"
	"reeve/core/message"
)

func (c *cli) groupCommands() *cobra.Command {
	return c.group("group", c.p.Text("cli.group.group"), c.groupList(), c.groupShow(), c.groupCreate(), c.groupAssociate(), c.groupDissociate(),
		c.groupRename(), c.groupScale(), c.groupRenew(), c.groupAutoRenew(), c.groupConvert(), c.groupQuota(), c.groupSlots(),
		c.groupNetwork(), c.groupRoute(), c.groupStart(), c.groupUnsubscribe(), c.groupOrders(), c.groupRuns(), c.groupRelease(), c.groupMetrics(), c.groupArrears())
}

func groupRecord(g group.Group) record {
	var size, slots any // of an older type there are none: it is counted by its spec
	if g.Type == group.Serverless || g.Type == "" {
		size, slots = g.Size, g.Slots
	}
	return record{
		{"id", g.ID}, {"region", g.Region}, {"name", g.Name}, {"remark", g.Remark}, {"type", string(g.Type)}, {"spec", g.Spec}, {"status", string(g.Status)},
		{"problem", g.Problem}, {"billing", string(g.Billing)}, {"size", size}, {"slots", slots}, {"expires_at", g.ExpiresAt},
		{"auto_renew", g.AutoRenew}, {"busy_until", g.BusyUntil}, {"release_at", g.ReleaseAt}, {"vpc", g.VPC}, {"vswitch", g.VSwitch}, {"cidr", g.CIDR},
		{"quota", records(g.Shares, quotaRecord)}, {"lends", g.Lends}, {"networks", records(g.Networks, networkRecord)},
		{"used_at", optional(g.UsedAt)}, {"reminded_at", g.RemindedAt}, {"arrears_since", g.ArrearsSince}, {"suspended", g.Suspended},
		{"workspaces", g.Names()}, {"created_at", g.CreatedAt}, {"created_by", g.CreatedBy}, {"version", g.Version},
	}
}

func quotaRecord(q group.Quota) record {
	var most any
	if q.Max != nil {
		most = *q.Max
	}
	return record{{"module", string(q.Module)}, {"min", q.Min}, {"max", most}}
}

func networkRecord(n group.Network) record {
	return record{{"id", n.ID}, {"area", string(n.Area)}, {"vpc", n.VPC}, {"vswitch", n.VSwitch}, {"cidr", n.CIDR}, {"status", string(n.Status)},
		{"routes", records(n.Routes, func(r group.Route) record { return record{{"id", r.ID}, {"cidr", r.CIDR}} })}}
}

// groupCard is a group for people: what is a list of records there is a list of words here.
func (c *cli) groupCard(g group.Group) record {
	card := groupRecord(g)
	for i, f := range card {
		switch f.Key {
		case "quota":
			var words []string
			for _, q := range g.Shares {
				words = append(words, string(q.Module)+" "+c.quotaText(q))
			}
			card[i].Value = words
		case "networks":
			card[i].Value = c.networkTexts(g)
		}
	}
	return card
}

// quotaText is what is kept for a module and the most it may use, as group quota takes them.
func (c *cli) quotaText(q group.Quota) string {
	most := ""
	if q.Max != nil {
		most = strconv.Itoa(*q.Max)
	}
	if q.Min == 0 && q.Max == nil {
		return c.p.Text("group.no_cap")
	}
	return strconv.Itoa(q.Min) + ":" + most
}

// networkTexts are the bindings of a group, and after each its routes, with the numbers that commands take.
func (c *cli) networkTexts(g group.Group) (words []string) {
	for _, n := range g.Networks {
		word := "#" + strconv.FormatInt(n.ID, 10) + " " + n.VPC + "/" + n.VSwitch
		if n.CIDR != "" {
			word += " " + n.CIDR
		}
		word += " " + string(n.Area)
		if n.Status != group.NetworkRunning {
			word += " " + string(n.Status)
		}
		words = append(words, word)
		for _, r := range n.Routes {
			words = append(words, c.p.With("cli.groups.route.text", message.Args{"ID": r.ID, "CIDR": r.CIDR, "Network": n.ID}))
		}
	}
	return words
}

// without are the words that others do not have.
func without(words, others []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(others, w) })
}

func groupSample() record {
	return groupRecord(group.Group{Shares: make(group.Shares, 1), Networks: []group.Network{{Routes: make([]group.Route, 1)}}})
}

// onGroup is inRegion for what is done to one group, which is the first argument.
func (c *cli) onGroup(id action.ID, words string, shape any, do func(ctx context.Context, s *system, ref group.Ref, args []string) (answer, error)) *cobra.Command {
	return c.inRegion(id, words, shape, func(ctx context.Context, s *system, region string, args []string) (answer, error) {
		return do(ctx, s, group.Ref{Region: region, Name: args[0]}, args[1:])
	})
}

// groupChanged is the answer to a change of one group.
func groupChanged(note string, g group.Group) answer {
	return answer{value: groupRecord(g), note: message.Text{ID: note, Args: message.Args{
		"Name": g.Name, "Region": g.Region, "Until": cell(g.BusyUntil), "Workspaces": cell(g.Names())}}}
}

func (c *cli) groupList() *cobra.Command {
	var workspace string
	cmd := c.act(action.GroupList, "", []record{usedRecord(groupSample(), 0.0)}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		groups, err := c.groupsOf(ctx, s, workspace)
		if err != nil || len(groups) == 0 {
			return answer{value: []record{}}, err
		}
		used, err := s.groups.Used(ctx, groups[0].Region)
		if err != nil && (workspace == "" || fault.KindOf(err) != fault.KindDenied) { // members of a workspace need not see its groups
			return answer{}, err
		}
		list := records(groups, func(g group.Group) record {
			if half, ok := used[g.ID]; ok && g.Type == group.Serverless {
				return usedRecord(groupRecord(g), half.CU())
			}
			return usedRecord(groupRecord(g), nil)
		})
		return answer{value: list, lines: c.groupTable(list)}, nil
	})
	cmd.Flags().StringVarP(&workspace, "workspace", "w", "", c.p.Text("cli.group_list.workspace"))
	return cmd
}

// usedRecord is a group with the CU of it that are in use; nil where that is not told.
func usedRecord(r record, used any) record {
	at := slices.IndexFunc(r, func(f field) bool { return f.Key == "slots" })
	return slices.Insert(r, at, field{"used", used})
}

// groupTable is a list of groups for people: an older type has its spec where others have their size.
func (c *cli) groupTable(list []record) []string {
	rows := make([]record, len(list))
	for i, r := range list {
		rows[i] = slices.Clone(r)
		if at := slices.IndexFunc(r, func(f field) bool { return f.Key == "size" }); r.get("size") == nil {
			rows[i][at].Value = r.get("spec")
		}
	}
	return c.table(rows, []string{"name", "status", "billing", "size", "used", "expires_at", "workspaces"})
}

// groupsOf are the groups of the region, or of a workspace if one is named.
func (c *cli) groupsOf(ctx context.Context, s *system, workspace string) ([]group.Group, error) {
	if workspace != "" {
		ref, err := c.ref(s, workspace)
		if err != nil {
			return nil, err
		}
		return s.groups.OfWorkspace(ctx, ref)
	}
	region, err := c.regionOf(ctx, s, c.flags.region)
	if err != nil {
		return nil, err
	}
	return s.groups.List(ctx, region)
}

func (c *cli) groupShow() *cobra.Command {
	return c.onGroup(action.GroupShow, "NAME", groupSample(), func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		g, err := s.groups.Get(ctx, ref)
		return answer{value: groupRecord(g), lines: c.card(c.groupCard(g))}, err
	})
}

func (c *cli) groupCreate() *cobra.Command {
	var in group.Create
	var billing, unit string
	var preview bool
	var cmd *cobra.Command
	cmd = c.onGroup(action.GroupCreate, "NAME", groupSample(), func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		if err := ordered(cmd, s, in.Duration, unit); err != nil {
			return answer{}, err
		}
		in.Region, in.Name, in.Billing, in.Unit = ref.Region, ref.Name, group.Billing(billing), group.Unit(unit)
		if preview {
			e, err := s.groups.PreviewCreate(ctx, in)
			e.Before = group.Group{} // there was none: all of it is new
			return c.operated("", true, e, err)
		}
		g, err := s.groups.Create(ctx, in)
		return groupChanged("cli.groups.created", g), err
	})
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&billing, "billing", string(group.PayAsYouGo), c.p.Text("cli.groups.billing"))
	f.IntVar(&in.Size, "size", 0, c.p.Text("cli.groups.size"))
	f.StringVar(&in.VPC, "vpc", "", c.p.Text("cli.groups.vpc"))
	f.StringVar(&in.VSwitch, "vswitch", "", c.p.Text("cli.groups.vswitch"))
	f.StringVar(&in.CIDR, "cidr", "", c.p.Text("cli.groups.cidr"))
	f.IntVar(&in.Duration, "duration", 0, c.p.Text("cli.groups.duration"))
	f.StringVar(&unit, "unit", "", c.p.Text("cli.groups.unit"))
	f.BoolVar(&in.AutoRenew, "auto-renew", false, c.p.Text("cli.groups.auto_renew"))
	f.StringVar(&in.Remark, "remark", "", c.p.Text("cli.groups.remark"))
	f.BoolVar(&preview, "preview", false, c.p.Text("cli.groups.preview"))
	c.need(cmd, "vpc", "VPC")
	c.need(cmd, "vswitch", "VSWITCH")
	return cmd
}

func (c *cli) groupAssociate() *cobra.Command {
	return c.groupBinding(action.GroupAssociate, "cli.groups.associated", (*group.Service).Associate, (*group.Service).PreviewAssociate)
}

func (c *cli) groupDissociate() *cobra.Command {
	return c.groupBinding(action.GroupDissociate, "cli.groups.dissociated", (*group.Service).Dissociate, (*group.Service).PreviewDissociate)
}

// binding is what changes the workspaces of a group, or only says what that would do.
type binding func(*group.Service, context.Context, group.Ref, group.Binding) (group.Effect, error)

func (c *cli) groupBinding(id action.ID, note string, do, rehearse binding) *cobra.Command {
	var o operation
	cmd := c.onGroup(id, "NAME WORKSPACE…", c.groupEffectSample(), func(ctx context.Context, s *system, ref group.Ref, args []string) (answer, error) {
		names := splitValues(args)
		e, err := either(o.preview, rehearse, do)(s.groups, ctx, ref, group.Binding{Workspaces: names, Version: o.version})
		a, err := c.operated(note, o.preview, e, err)
		if a.note.ID != "" { // each once, by its own name
			a.note.Args["Workspaces"] = strings.Join(append(without(e.After.Names(), e.Before.Names()), without(e.Before.Names(), e.After.Names())...), ", ")
		}
		return a, err
	})
	c.operationFlags(cmd, &o)
	return cmd
}

func (c *cli) groupRename() *cobra.Command {
	var o operation
	var remark string
	var cmd *cobra.Command
	cmd = c.onGroup(action.GroupRename, "NAME [NEW_NAME]", c.groupEffectSample(), func(ctx context.Context, s *system, ref group.Ref, args []string) (answer, error) {
		in := group.Update{Version: o.version}
		if len(args) > 0 {
			in.Name = &args[0]
		}
		if cmd.Flags().Changed("remark") {
			in.Remark = &remark
		}
		if in.Name == nil && in.Remark == nil {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.groups.rename.nothing"})
		}
		e, err := either(o.preview, s.groups.PreviewUpdate, s.groups.Update)(ctx, ref, in)
		return c.operated("cli.groups.renamed", o.preview, e, err)
	})
	cmd.Flags().StringVar(&remark, "remark", "", c.p.Text("cli.groups.remark"))
	c.operationFlags(cmd, &o)
	return cmd
}

func (c *cli) groupUnsubscribe() *cobra.Command {
	var confirm string
	var preview bool
	cmd := c.onGroup(action.GroupUnsubscribe, "NAME", c.groupEffectSample(), func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		if preview {
			e, err := s.groups.PreviewUnsubscribe(ctx, ref)
			return c.operated("", true, e, err)
		}
		given, version := confirm, int64(0)
		switch {
		case c.flags.yes:
			given = ref.Name
		case given == "" && c.env.Terminal(c.in):
			g, err := s.groups.Get(ctx, ref)
			if err != nil {
				return answer{}, err
			}
			if len(g.Workspaces) > 0 {
				if given, err = c.ask(message.Text{ID: "cli.groups.unsubscribe.ask", Args: message.Args{"Name": g.Name, "Workspaces": cell(g.Names())}}); err != nil {
					return answer{}, err
				}
			}
			version = g.Version
		}
		e, err := s.groups.Unsubscribe(ctx, ref, version, given)
		return c.operated("cli.groups.unsubscribed", false, e, err)
	})
	cmd.Flags().BoolVar(&preview, "preview", false, c.p.Text("cli.groups.preview"))
	cmd.Flags().StringVar(&confirm, "confirm", "", c.p.Text("cli.groups.confirm"))
	return cmd
}
