package main

import (
	"context"

	"github.com/spf13/cobra"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/directory"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/message"
	"reeve/core/question"
)

// holder is somebody who may do what was asked, with the state in which the reasons can be looked up.
type holder struct {
	user    string
	level   access.Level
	because []access.Contribution
	in      *access.Snapshot
}

func holderRecord(h holder) record {
	return record{{"user", h.user}, {"level", h.level.String()}, {"because", reasons(h.in, h.because)}}
}

func holderSample() record { return holderRecord(holder{because: make([]access.Contribution, 1)}) }

func (c *cli) accessWho() *cobra.Command {
	var q subject
	cmd := c.act(action.AccessWho, "", []record{holderSample()}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		asked, err := c.read(ctx, s, q)
		if err != nil {
			return answer{}, err
		}
		holders, err := s.who(ctx, asked)
		if err != nil {
			return answer{}, err
		}
		return answer{value: records(holders, holderRecord), lines: c.holderLines(holders)}, nil
	})
	c.subjectFlags(cmd, &q)
	return cmd
}

// who asks on the plane of the question.
func (s *system) who(ctx context.Context, q question.Subject) ([]holder, error) {
	var found question.Holders
	var err error
	switch q.Plane {
	case question.Workspace:
		found, err = s.questions.Who(ctx, q.Ref, q.Module, q.Level)
	case question.Tenant:
		found, err = s.questions.WhoTenant(ctx, q.Ref.Region, question.Wanted{Capability: q.Capability, Module: q.Module, Level: q.Level})
	case question.Console:
		return s.whoConsole(ctx, q)
	}
	if err != nil {
		return nil, err
	}
	holders := make([]holder, len(found.Holders))
	for i, h := range found.Holders {
		p, _ := found.Snapshot.Principal(h.Principal)
		holders[i] = holder{p.Name, h.Level, h.Because, found.Snapshot}
	}
	return holders, nil
}

// whoConsole puts the question about everybody of the tenant, groups left out.
func (s *system) whoConsole(ctx context.Context, q question.Subject) ([]holder, error) {
	users, err := walk(listing{}, func(page list.Query) (list.Page[directory.User], error) { return s.users.List(ctx, page) })
	if err != nil {
		return nil, err
	}
	var all []question.Subject
	for _, u := range users {
		if u.Kind != directory.UserGroup {
			q.User = u.Name
			all = append(all, q)
		}
	}
	items, err := s.questions.Batch(ctx, all)
	if err != nil {
		return nil, err
	}
	var holders []holder
	for _, item := range items {
		switch {
		case item.Err != nil:
			return nil, item.Err
		case item.Answer.Allowed:
			a := item.Answer
			holders = append(holders, holder{a.User.Name, a.Effective, a.Because, a.Snapshot})
		}
	}
	return holders, nil
}

func (c *cli) holderLines(holders []holder) []string {
	if len(holders) == 0 {
		return []string{c.p.Text("cli.nothing")}
	}
	grid := [][]string{{c.heading("user"), c.heading("level"), c.heading("because")}}
	for _, h := range holders {
		grid = append(grid, []string{h.user, c.level(h.level), c.first(h.in, h.because)})
	}
	return align(grid)
}

// first is the strongest reason in words.
func (c *cli) first(s *access.Snapshot, because []access.Contribution) string {
	if len(because) == 0 {
		return ""
	}
	return c.reason(s, because[0])
}

func spotRecord(s *access.Snapshot, spot question.Spot) record {
	return record{
		{"workspace", spot.Workspace.Name}, {"region", spot.Workspace.Region}, {"level", spot.Level.String()}, {"because", reasons(s, spot.Because)},
	}
}

func (c *cli) accessWhere() *cobra.Command {
	var q subject
	sample := spotRecord(nil, question.Spot{Because: make([]access.Contribution, 1)})
	cmd := c.act(action.AccessWhere, "", []record{sample}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		module, level, err := parseModule(access.PlaneWorkspace, q.module, q.level)
		if err != nil {
			return answer{}, err
		}
		if module.Plane() != access.PlaneWorkspace {
			return answer{}, fault.OneField("module", "cli.access.where.global", message.Args{"Module": module.Code()})
		}
		found, err := s.questions.Where(ctx, q.user, module, level)
		if err != nil {
			return answer{}, err
		}
		return answer{value: records(found.Spots, func(x question.Spot) record { return spotRecord(found.Snapshot, x) }), lines: c.spotLines(found)}, nil
	})
	c.userFlag(cmd, &q.user, true)
	c.moduleFlags(cmd, &q)
	c.need(cmd, "module", "MODULE")
	c.need(cmd, "level", "LEVEL")
	return cmd
}

func (c *cli) spotLines(found question.Spots) []string {
	if len(found.Spots) == 0 {
		return []string{c.p.Text("cli.nothing")}
	}
	grid := [][]string{{c.heading("region"), c.heading("workspace"), c.heading("level"), c.heading("because")}}
	for _, x := range found.Spots {
		grid = append(grid, []string{x.Workspace.Region, x.Workspace.Name, c.level(x.Level), c.first(found.Snapshot, x.Because)})
	}
	return align(grid)
}
