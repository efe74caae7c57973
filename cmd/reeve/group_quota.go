package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/fault"
	"reeve/core/group"
	"reeve/core/message"
)

func (c *cli) groupQuota() *cobra.Command {
	var o operation
	var set []string
	var lend string
	var cmd *cobra.Command
	cmd = c.onGroup(action.GroupQuota, "NAME", c.groupEffectSample(), func(ctx context.Context, s *system, ref group.Ref, _ []string) (answer, error) {
		in := group.QuotaEdit{Version: o.version}
		var unread error
		in.Set, unread = parseShares(splitValues(set))
		if cmd.Flags().Changed("lend") {
			on := strings.EqualFold(lend, "on")
			if !on && !strings.EqualFold(lend, "off") {
				return answer{}, c.usage(cmd, message.Text{ID: "cli.groups.on_off", Args: message.Args{"Given": lend}})
			}
			in.Lends = &on
		}
		if unread != nil {
			if len(in.Set) == 0 {
				return answer{}, unread
			}
			// Nothing is done, but what is wrong with the rest is told as well.
			_, err := s.groups.PreviewSetQuota(ctx, ref, in)
			return answer{}, joined(unread, err)
		}
		e, err := either(o.preview, s.groups.PreviewSetQuota, s.groups.SetQuota)(ctx, ref, in)
		return c.operated("cli.groups.quota_set", o.preview, e, err)
	})
	cmd.Flags().StringArrayVar(&set, "set", nil, c.p.Text("cli.groups.set"))
	cmd.Flags().StringVar(&lend, "lend", "", c.p.Text("cli.groups.lend"))
	c.operationFlags(cmd, &o)
	return cmd
}

// parseShares reads MODULE=MIN:MAX, where either number may be left out, and MODULE=none. What can be read is answered also where
// something cannot.
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
			bad = append(bad, fault.Field{Name: "set", Text: message.Text{ID: "fault.group.module", Args: message.Args{"Module": name}}})
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
		return shares, &fault.Invalid{Fields: bad}
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
		e, err := either(o.preview, s.groups.PreviewSetSlots, s.groups.SetSlots)(ctx, ref, n, o.version)
		return c.operated("cli.groups.slots_set", o.preview, e, err)
	})
	c.operationFlags(cmd, &o)
	return cmd
}
