package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/alert"
	"reeve/core/message"
)

func (c *cli) alertCommands() *cobra.Command {
	return c.group("alert", c.p.Text("cli.group.alert"), c.alertBudget(), c.alertLimit(), c.alertSpend())
}

// budgetRecord writes what has no limit as null.
func budgetRecord(b alert.Budget) record {
	return record{
		{"region", b.Region}, {"channel", string(b.Channel)}, {"usable", b.Usable}, {"per_day", limited(b.PerDay)}, {"sent_today", b.Today},
		{"left_today", limited(b.Left())}, {"sent_this_month", b.Month}, {"free_per_month", b.Free}, {"version", b.Version},
	}
}

func limited(n int) any {
	if n == alert.Unlimited {
		return nil
	}
	return n
}

func (c *cli) alertBudget() *cobra.Command {
	return c.inRegion(action.AlertBudget, "", []record{budgetRecord(alert.Budget{})}, func(ctx context.Context, s *system, region string, _ []string) (answer, error) {
		budgets, err := s.alerts.Budgets(ctx, region)
		return answer{value: records(budgets, budgetRecord), columns: []string{"channel", "usable", "per_day", "sent_today", "left_today",
			"sent_this_month", "free_per_month"}}, err
	})
}

func (c *cli) alertLimit() *cobra.Command {
	return c.inRegion(action.AlertLimit, "CHANNEL PER_DAY", budgetRecord(alert.Budget{}), func(ctx context.Context, s *system, region string, args []string) (answer, error) {
		b, err := s.alerts.SetLimit(ctx, region, alert.Channel(strings.ToLower(args[0])), perDay(args[1]), 0)
		shown := c.p.Text("cli.alert.unlimited")
		if b.PerDay != alert.Unlimited {
			shown = strconv.Itoa(b.PerDay)
		}
		return answer{value: budgetRecord(b), note: message.Text{ID: "cli.alert.limited", Args: message.Args{
			"Channel": message.Text{ID: "alert.channel." + string(b.Channel)}, "Region": b.Region, "PerDay": shown, "Today": b.Today}}}, err
	})
}

// perDay reads a limit; what is none is one that the area refuses.
func perDay(s string) int {
	if strings.EqualFold(s, "unlimited") {
		return alert.Unlimited
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return alert.MostPerDay + 1
	}
	return n
}

func (c *cli) alertSpend() *cobra.Command {
	var module string
	var count int
	shape := record{{"asked", 0}, {"granted", 0}, {"budget", budgetRecord(alert.Budget{})}}
	cmd := c.inRegion(action.AlertSpend, "CHANNEL", shape, func(ctx context.Context, s *system, region string, args []string) (answer, error) {
		spent, err := s.alerts.Spend(ctx, region, alert.Sent{Channel: alert.Channel(strings.ToLower(args[0])), Module: module, Count: count})
		a := answer{
			value: record{{"asked", spent.Asked}, {"granted", spent.Granted}, {"budget", budgetRecord(spent.Budget)}},
			note:  message.Text{ID: "cli.alert.granted", Args: message.Args{"Asked": spent.Asked, "Granted": spent.Granted}},
		}
		if err == nil && spent.Granted < spent.Asked {
			a.code = exitConflict
		}
		return a, err
	})
	cmd.Flags().StringVar(&module, "module", "", c.p.Text("cli.alert.module"))
	cmd.Flags().IntVar(&count, "count", 1, c.p.Text("cli.alert.count"))
	c.need(cmd, "module", "MODULE")
	return cmd
}
