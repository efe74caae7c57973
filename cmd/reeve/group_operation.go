package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/fault"
	"reeve/core/group"
	"reeve/core/message"
)

func orderRecord(o group.Order) record {
	return record{{"id", o.ID}, {"kind", string(o.Kind)}, {"state", string(o.State)}, {"size", o.Size}, {"months", o.Months}, {"price", o.Price.String()},
		{"at", o.At}, {"by", o.By}, {"done_at", o.DoneAt}}
}

// groupEffect is what an operation does to a group: the group after it, what was ordered, and what is to be known.
func (c *cli) groupEffect(e group.Effect) record {
	notes := make([]string, len(e.Notes))
	for i, n := range e.Notes {
		notes[i] = c.p.Say(n.Text)
	}
	r := groupRecord(e.After)
	var order record
	if e.Order != nil {
		order = orderRecord(*e.Order)
	}
	if order == nil {
		return append(r, field{"order", nil}, field{"notes", notes})
	}
	return append(r, field{"order", order}, field{"notes", notes})
}

func (c *cli) groupEffectSample() record {
	return c.groupEffect(group.Effect{Order: &group.Order{}})
}

// operated is the answer to an operation: a sentence, or for a preview what it would do.
func (c *cli) operated(note string, preview bool, e group.Effect, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	price := ""
	if e.Order != nil {
		price = e.Order.Price.String()
	}
	a := answer{value: c.groupEffect(e)}
	if !preview {
		a.note = message.Text{ID: note, Args: message.Args{"Name": e.After.Name, "Price": price, "Until": cell(e.After.BusyUntil), "Ends": cell(e.After.ExpiresAt)}}
		return a, nil
	}
	a.lines = c.operationLines(e, price)
	return a, nil
}

// operationLines are a preview for people: what changes from what to what, what it costs, and what is to be known.
func (c *cli) operationLines(e group.Effect, price string) []string {
	var lines []string
	before, after := groupRecord(e.Before), groupRecord(e.After)
	var rows []record
	for i, f := range after {
		if from, to := cell(before[i].Value), cell(f.Value); from != to && f.Key != "version" && f.Key != "busy_until" {
			rows = append(rows, record{{"field", f.Key}, {"from", from}, {"to", to}})
		}
	}
	if len(rows) > 0 {
		lines = append(lines, c.table(rows, nil)...)
	}
	if price != "" {
		lines = append(lines, c.p.With("cli.groups.price", message.Args{"Price": price}))
	}
	for _, n := range e.Notes {
		mark := "-"
		if n.Grave {
			mark = "!"
		}
		lines = append(lines, mark+" "+c.p.Say(n.Text))
	}
	return lines
}

// operation are the flags that every operation on a group has.
type operation struct {
	preview bool
	version int64
}

func (c *cli) operationFlags(cmd *cobra.Command, o *operation) {
	cmd.Flags().BoolVar(&o.preview, "preview", false, c.p.Text("cli.groups.preview"))
	cmd.Flags().Int64Var(&o.version, "version", 0, c.p.Text("cli.flag.version"))
}

// whole reads a number from the command line.
func whole(name, s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, fault.OneField(name, "cli.groups.number", message.Args{"Given": s})
	}
	return n, nil
}

func (c *cli) groupScale() *cobra.Command {
	var o operation
	var undo bool
	var cmd *cobra.Command
	cmd = c.onGroup(action.GroupScale, "NAME [SIZE]", c.groupEffectSample(), func(ctx context.Context, s *system, ref group.Ref, args []string) (answer, error) {
		in := group.Scaling{Undo: undo, Version: o.version}
		if (len(args) == 0) != undo {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.groups.scale.which"})
		}
		if !undo {
			var err error
			if in.Size, err = whole("size", args[0]); err != nil {
				return answer{}, err
			}
		}
		do := s.groups.Scale
		if o.preview {
			do = s.groups.PreviewScale
		}
		e, err := do(ctx, ref, in)
		return c.operated("cli.groups.scaled", o.preview, e, err)
	})
	cmd.Flags().BoolVar(&undo, "undo", false, c.p.Text("cli.groups.undo"))
	c.operationFlags(cmd, &o)
	return cmd
}

func (c *cli) durationFlags(cmd *cobra.Command, n *int, unit *string) {
	cmd.Flags().IntVar(n, "duration", 1, c.p.Text("cli.groups.duration"))
	cmd.Flags().StringVar(unit, "unit", string(group.Month), c.p.Text("cli.groups.unit"))
}

func (c *cli) groupRenew() *cobra.Command {
	var o operation
	var n int
	var unit string
	cmd := c.onGroup(action.GroupRenew, "NAME", c.groupEffectSample(), func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		do := s.groups.Renew
		if o.preview {
			do = s.groups.PreviewRenew
		}
		e, err := do(ctx, ref, group.Renewal{Duration: n, Unit: group.Unit(unit), Version: o.version})
		return c.operated("cli.groups.renewed", o.preview, e, err)
	})
	c.durationFlags(cmd, &n, &unit)
	c.operationFlags(cmd, &o)
	return cmd
}

func (c *cli) groupAutoRenew() *cobra.Command {
	var cmd *cobra.Command
	cmd = c.onGroup(action.GroupAutoRenew, "NAME ON_OFF", c.groupEffectSample(), func(ctx context.Context, s *system, ref group.Ref, args []string) (answer, error) {
		on := strings.EqualFold(args[0], "on")
		if !on && !strings.EqualFold(args[0], "off") {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.groups.on_off", Args: message.Args{"Given": args[0]}})
		}
		e, err := s.groups.SetAutoRenew(ctx, ref, on, 0)
		note := "cli.groups.auto_renew_off"
		if on {
			note = "cli.groups.auto_renew_on"
		}
		return c.operated(note, false, e, err)
	})
	return cmd
}

func (c *cli) groupConvert() *cobra.Command {
	var o operation
	in := group.Conversion{}
	var unit string
	cmd := c.onGroup(action.GroupConvert, "NAME", c.groupEffectSample(), func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		in.Unit, in.Version = group.Unit(unit), o.version
		do := s.groups.Convert
		if o.preview {
			do = s.groups.PreviewConvert
		}
		e, err := do(ctx, ref, in)
		return c.operated("cli.groups.converted", o.preview, e, err)
	})
	cmd.Flags().IntVar(&in.Size, "size", 0, c.p.Text("cli.groups.size"))
	c.durationFlags(cmd, &in.Duration, &unit)
	c.operationFlags(cmd, &o)
	c.need(cmd, "size", "SIZE")
	return cmd
}

func (c *cli) groupQuota() *cobra.Command {
	var o operation
	var set []string
	var lend string
	var cmd *cobra.Command
	cmd = c.onGroup(action.GroupQuota, "NAME", c.groupEffectSample(), func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		in := group.QuotaEdit{Version: o.version}
		var err error
		if in.Set, err = parseShares(splitValues(set)); err != nil {
			return answer{}, err
		}
		if cmd.Flags().Changed("lend") {
			on := strings.EqualFold(lend, "on")
			if !on && !strings.EqualFold(lend, "off") {
				return answer{}, c.usage(cmd, message.Text{ID: "cli.groups.on_off", Args: message.Args{"Given": lend}})
			}
			in.Lends = &on
		}
		do := s.groups.SetQuota
		if o.preview {
			do = s.groups.PreviewSetQuota
		}
		e, err := do(ctx, ref, in)
		return c.operated("cli.groups.quota_set", o.preview, e, err)
	})
	cmd.Flags().StringArrayVar(&set, "set", nil, c.p.Text("cli.groups.set"))
	cmd.Flags().StringVar(&lend, "lend", "", c.p.Text("cli.groups.lend"))
	c.operationFlags(cmd, &o)
	return cmd
}

// parseShares reads MODULE=MIN:MAX, where either number may be left out, and MODULE=none.
func parseShares(words []string) (group.Shares, error) {
	var shares group.Shares
	var bad []fault.Field
	wrong := func(word string) {
		bad = append(bad, fault.Field{Name: "set", Text: message.Text{ID: "cli.groups.set.form", Args: message.Args{"Given": word}}})
	}
	for _, word := range words {
		name, limits, ok := strings.Cut(word, "=")
		low, high, two := strings.Cut(limits, ":")
		if !ok || !two && limits != "none" {
			wrong(word)
			continue
		}
		m, err := group.ParseModule(name)
		if err != nil {
			bad = append(bad, fault.Field{Name: "set", Unknown: true, Text: message.Text{ID: "fault.group.module", Args: message.Args{"Module": name}}})
			continue
		}
		q := group.Quota{Module: m}
		if low != "" && two {
			if q.Min, err = strconv.Atoi(low); err != nil {
				wrong(word)
				continue
			}
		}
		if high != "" {
			n, err := strconv.Atoi(high)
			if err != nil {
				wrong(word)
				continue
			}
			q.Max = &n
		}
		shares = append(shares, q)
	}
	if len(bad) > 0 {
		return nil, &fault.Invalid{Fields: bad}
	}
	return shares, nil
}

func (c *cli) groupSlots() *cobra.Command {
	var o operation
	cmd := c.onGroup(action.GroupSlots, "NAME SLOTS", c.groupEffectSample(), func(ctx context.Context, s *system, ref group.Ref, args []string) (answer, error) {
		n, err := whole("slots", args[0])
		if err != nil {
			return answer{}, err
		}
		do := s.groups.SetSlots
		if o.preview {
			do = s.groups.PreviewSetSlots
		}
		e, err := do(ctx, ref, n, o.version)
		return c.operated("cli.groups.slots_set", o.preview, e, err)
	})
	c.operationFlags(cmd, &o)
	return cmd
}

func (c *cli) groupStart() *cobra.Command {
	return c.onGroup(action.GroupStart, "NAME", c.groupEffectSample(), func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		e, err := s.groups.Start(ctx, ref, 0)
		return c.operated("cli.groups.started", false, e, err)
	})
}

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
		if (cidr == "") == (remove == 0) {
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

func (c *cli) groupOrders() *cobra.Command {
	return c.onGroup(action.GroupOrders, "NAME", []record{orderRecord(group.Order{})}, func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		orders, err := s.groups.Orders(ctx, ref)
		return answer{value: records(orders, orderRecord), columns: []string{"id", "kind", "state", "size", "months", "price", "at", "by"}}, err
	})
}

func runRecord(r group.Run) record {
	return record{{"id", r.ID}, {"name", r.Name}, {"workspace", r.WorkspaceName}, {"module", string(r.Module)}, {"cu", r.CU.CU()}, {"slot", r.Slot},
		{"state", string(r.State)}, {"reason", string(r.Reason)}, {"at", r.At}, {"since", r.Since}, {"ended_at", r.EndedAt}, {"by", r.By}, {"machine", r.Machine},
		{"limits", string(r.Limits)}, {"lease_until", r.Lease}, {"cu_seconds", r.CUSeconds()}, {"cpu_seconds", r.CPU.Seconds()}, {"memory_mib", r.Memory},
		{"outcome", string(r.Outcome)}, {"exit_code", r.Code}}
}

func (c *cli) groupRuns() *cobra.Command {
	sample := record{{"size", 0}, {"used", 0.0}, {"slots", 0}, {"slots_used", 0}, {"modules", []record{{{"module", ""}, {"used", 0.0}, {"min", 0}, {"max", nil}}}},
		{"reasons", []record{{{"reason", ""}, {"count", 0}}}}, {"work", []record{runRecord(group.Run{})}}}
	var ended int
	cmd := c.onGroup(action.GroupRuns, "NAME", sample, func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		if ended < 0 || ended > group.ListMost {
			return answer{}, fault.OneField("ended", "cli.groups.ended.range", message.Args{"Most": group.ListMost})
		}
		g, err := s.groups.Get(ctx, ref)
		if err != nil {
			return answer{}, err
		}
		l, err := s.groups.Load(ctx, ref)
		if err != nil {
			return answer{}, err
		}
		var past []group.Run
		if ended > 0 {
			if past, err = s.runs.List(ctx, ref, group.RunQuery{States: []group.RunState{group.RunEnded}, Most: ended}); err != nil {
				return answer{}, err
			}
		}
		r := loadRecord(g, l, past)
		return answer{value: r, lines: c.loadLines(g, l, r)}, nil
	})
	cmd.Flags().IntVar(&ended, "ended", 0, c.p.With("cli.groups.ended", message.Args{"Most": group.ListMost}))
	return cmd
}

func (c *cli) groupRelease() *cobra.Command {
	return c.onGroup(action.GroupRelease, "NAME RUN", runRecord(group.Run{}), func(ctx context.Context, s *system, ref group.Ref, args []string) (answer, error) {
		id, err := whole("run", args[0])
		if err != nil {
			return answer{}, err
		}
		r, err := s.runs.Release(ctx, ref, int64(id))
		return answer{value: runRecord(r), note: message.Text{ID: "cli.groups.released", Args: message.Args{"ID": id, "Name": ref.Name, "CU": cell(r.CU.CU())}}}, err
	})
}

func loadRecord(g group.Group, l group.Load, ended []group.Run) record {
	var modules []record
	for _, m := range group.Modules() {
		q := g.Shares.Of(m)
		var most any
		if q.Max != nil {
			most = *q.Max
		}
		modules = append(modules, record{{"module", string(m)}, {"used", l.Use.Modules[m].CU()}, {"min", q.Min}, {"max", most}})
	}
	return record{{"size", g.Size}, {"used", l.Use.Total().CU()}, {"slots", g.Slots}, {"slots_used", l.Use.Slots}, {"modules", modules},
		{"reasons", records(l.Reasons, func(n group.Count) record { return record{{"reason", string(n.Reason)}, {"count", n.Count}} })},
		{"work", records(slices.Concat(l.Running, l.Waiting, ended), runRecord)}}
}

func (c *cli) loadLines(g group.Group, l group.Load, r record) []string {
	lines := []string{c.p.With("cli.groups.load", message.Args{"Used": fmt.Sprint(l.Use.Total().CU()), "Size": g.Size, "Slots": l.Use.Slots, "Most": g.Slots}), ""}
	lines = append(lines, c.table(rowsOf(r.get("modules")), nil)...)
	for _, n := range l.Reasons {
		lines = append(lines, c.p.With("cli.groups.waiting", message.Args{"Count": n.Count, "Reason": message.Text{ID: "group.wait." + string(n.Reason)}}))
	}
	if work := rowsOf(r.get("work")); len(work) > 0 {
		lines = append(append(lines, ""), c.table(work, []string{"id", "name", "workspace", "module", "cu", "state", "reason", "outcome", "at", "by"})...)
	}
	return lines
}

func (c *cli) groupArrears() *cobra.Command {
	var since string
	var paid bool
	var cmd *cobra.Command
	cmd = c.act(action.GroupArrears, "", []record{groupSample()}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		if (since == "") != paid {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.groups.arrears.which"})
		}
		var from time.Time
		if !paid {
			var err error
			if from, err = time.Parse(time.RFC3339, since); err != nil {
				return answer{}, fault.OneField("since", "cli.groups.arrears.time", message.Args{"Given": since})
			}
		}
		groups, err := s.groups.SetArrears(ctx, from)
		note := "cli.groups.arrears"
		if paid {
			note = "cli.groups.arrears.paid"
		}
		return answer{value: records(groups, groupRecord), note: message.Text{ID: note, Args: message.Args{"Count": len(groups)}}}, err
	})
	cmd.Flags().StringVar(&since, "since", "", c.p.Text("cli.groups.arrears.since"))
	cmd.Flags().BoolVar(&paid, "paid", false, c.p.Text("cli.groups.arrears.flag_paid"))
	return cmd
}
