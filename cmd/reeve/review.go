package main

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/member"
	"reeve/core/message"
	"reeve/core/text"
)

func (c *cli) reviewCommands() *cobra.Command {
	return c.group("review", c.p.Text("cli.group.review"), c.reviewStart(), c.reviewList(), c.reviewShow(), c.reviewDecide())
}

func reviewRecord(r member.Review) record {
	return record{{"id", r.ID}, {"days", r.Days}, {"started_at", r.StartedAt}, {"started_by", r.StartedBy}, {"items", r.Items}, {"open", r.Open}}
}

func foundRecord(it member.ReviewItem) record {
	return record{
		{"number", it.Number}, {"user", it.User}, {"role", it.Code}, {"role_name", it.Name}, {"granted_at", it.GrantedAt}, {"last_used", it.LastUsed},
		{"used_since", it.UsedSince}, {"held", it.Held},
		{"decision", string(it.Decision)}, {"until", it.Until}, {"decided_by", it.DecidedBy}, {"decided_at", it.DecidedAt},
	}
}

func wholeReview(r member.Review) record {
	return append(reviewRecord(r), field{"found", records(r.Found, foundRecord)})
}

func reviewSample() record { return wholeReview(member.Review{Found: make([]member.ReviewItem, 1)}) }

// reviewed is the answer that shows a review.
func (c *cli) reviewed(id string, r member.Review) answer {
	lines := c.table(records(r.Found, foundRecord), []string{"number", "user", "role_name", "granted_at", "last_used", "used_since", "held", "decision", "until", "decided_by", "decided_at"})
	return answer{value: wholeReview(r), lines: append(lines, "", c.p.With(id, message.Args{"ID": r.ID, "Items": r.Items, "Open": r.Open, "Days": r.Days}))}
}

// reviewID reads the number of a review.
func reviewID(s string) (int64, error) {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id < 1 {
		return 0, &fault.NotFound{What: "review", Name: s}
	}
	return id, nil
}

func (c *cli) reviewStart() *cobra.Command {
	var days int
	cmd := c.inWorkspace(action.ReviewStart, "", reviewSample(), func(ctx context.Context, s *system, ref control.Ref, _ []string) (answer, error) {
		r, err := s.members.StartReview(ctx, ref, days)
		return c.reviewed("cli.review.started", r), err
	})
	cmd.Flags().IntVar(&days, "days", 90, c.p.Text("cli.dormant.days"))
	return cmd
}

func (c *cli) reviewList() *cobra.Command {
	return c.inWorkspace(action.ReviewList, "", []record{reviewRecord(member.Review{})}, func(ctx context.Context, s *system, ref control.Ref, _ []string) (answer, error) {
		all, err := s.members.Reviews(ctx, ref)
		return answer{value: records(all, reviewRecord)}, err
	})
}

func (c *cli) reviewShow() *cobra.Command {
	return c.inWorkspace(action.ReviewShow, "ID", reviewSample(), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		id, err := reviewID(args[0])
		if err != nil {
			return answer{}, err
		}
		r, err := s.members.Review(ctx, ref, id)
		return c.reviewed("cli.review.shown", r), err
	})
}

// verdicts reads --item 1=keep, 2,3=remove, 4=until:2026-12-31; all stands for every item about which nobody has decided.
func verdicts(items []string, now time.Time) (all []member.Verdict, err error) {
	var bad []fault.Field
	wrong := func(item string) {
		bad = append(bad, fault.Field{Name: "item", Text: message.Text{ID: "cli.review.item.form", Args: message.Args{"Value": item}}})
	}
	for _, item := range items {
		numbers, decision, ok := strings.Cut(item, "=")
		if !ok {
			wrong(item)
			continue
		}
		v := member.Verdict{Decision: member.Decision(strings.TrimSpace(decision))}
		if end, is := strings.CutPrefix(string(v.Decision), string(member.KeepsUntil)+":"); is {
			v.Decision = member.KeepsUntil
			if v.Until, ok = text.ParseEnd(end, now); !ok {
				bad = append(bad, fault.Field{Name: "until", Text: message.Text{ID: "cli.until.time", Args: message.Args{"Value": end}}})
				continue
			}
		}
		for number := range strings.SplitSeq(numbers, ",") {
			if number = strings.TrimSpace(number); number != "all" {
				if v.Number, err = strconv.Atoi(number); err != nil || v.Number < 1 {
					wrong(item)
					continue
				}
			}
			all = append(all, v)
		}
	}
	if len(bad) > 0 {
		return nil, &fault.Invalid{Fields: bad}
	}
	return all, nil
}

func (c *cli) reviewDecide() *cobra.Command {
	var items []string
	var preview, ownLoss, used bool
	cmd := c.inWorkspace(action.ReviewDecide, "ID", reviewSample(), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		id, err := reviewID(args[0])
		if err != nil {
			return answer{}, err
		}
		in, err := verdicts(items, c.env.Now())
		if err != nil {
			return answer{}, err
		}
		for i := range in {
			in[i].Used = used
		}
		if preview {
			o, err := s.members.PreviewDecideReview(ctx, ref, id, in)
			return c.effect(o, ref, err)
		}
		r, err := s.members.DecideReview(ctx, ref, id, in, ownLoss)
		return c.reviewed("cli.review.shown", r), err
	})
	cmd.Flags().StringArrayVar(&items, "item", nil, c.p.Text("cli.review.item"))
	c.need(cmd, "item", "NUMBER=DECISION")
	cmd.Flags().BoolVar(&used, "used", false, c.p.Text("cli.review.used"))
	c.ownLossFlag(cmd, &ownLoss)
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	return cmd
}
