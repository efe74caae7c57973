package main

import (
	"context"

	"github.com/spf13/cobra"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
)

// sides is the answer to a comparison of two users or two roles.
type sides struct {
	left, right         string
	modules             []record
	differences         int
	onlyLeft, onlyRight []string
}

func (x sides) record() record {
	return record{
		{"left", x.left}, {"right", x.right}, {"differences", x.differences}, {"modules", x.modules}, {"only_left", x.onlyLeft}, {"only_right", x.onlyRight},
	}
}

func sidesSample() record {
	return sides{modules: []record{{{"module", ""}, {"left", ""}, {"right", ""}}}}.record()
}

func (x *sides) differ(on []access.Difference) {
	x.differences = len(on)
	x.modules = records(on, func(d access.Difference) record {
		return record{{"module", d.Module.Code()}, {"left", d.A.String()}, {"right", d.B.String()}}
	})
}

// compared are the flags of a comparison.
type compared struct {
	users, roles []string
	role         string
	sets         []string
}

func (c *cli) accessCompare() *cobra.Command {
	var in compared
	var cmd *cobra.Command
	cmd = c.inWorkspace(action.AccessCompare, "", sidesSample(), func(ctx context.Context, s *system, ref control.Ref, _ []string) (answer, error) {
		users, roles := splitValues(in.users), splitValues(in.roles)
		switch {
		case len(users) == 2 && len(roles) == 0 && in.role == "" && len(in.sets) == 0:
			return c.compareUsers(ctx, s, ref, users)
		case len(roles) == 2 && len(users) == 0 && in.role == "" && len(in.sets) == 0:
			return c.compareRoles(ctx, s, ref, roles)
		case in.role != "" && len(in.sets) > 0 && len(users)+len(roles) == 0:
			return c.compareEdit(ctx, s, ref, in)
		}
		return answer{}, c.usage(cmd, message.Text{ID: "cli.access.compare.what"})
	})
	cmd.Flags().StringArrayVar(&in.users, "users", nil, c.p.Text("cli.access.compare.users"))
	cmd.Flags().StringArrayVar(&in.roles, "roles", nil, c.p.Text("cli.access.compare.roles"))
	cmd.Flags().StringVar(&in.role, "role", "", c.p.Text("cli.access.compare.role"))
	cmd.Flags().StringArrayVar(&in.sets, "set", nil, c.p.Text("cli.role.set"))
	return cmd
}

func (c *cli) compareUsers(ctx context.Context, s *system, ref control.Ref, users []string) (answer, error) {
	found, err := s.questions.CompareUsers(ctx, ref, users[0], users[1])
	if err != nil {
		return answer{}, err
	}
	x := sides{left: found.A.Name, right: found.B.Name, onlyLeft: codes(found.OnlyA.List()), onlyRight: codes(found.OnlyB.List())}
	x.differ(found.Differences)
	return answer{value: x.record(), lines: c.sideLines(x, found.Differences, x.left, x.right)}, nil
}

func (c *cli) compareRoles(ctx context.Context, s *system, ref control.Ref, roles []string) (answer, error) {
	found, err := s.questions.CompareRoles(ctx, ref, roles[0], roles[1])
	if err != nil {
		return answer{}, err
	}
	x := sides{left: found.A.Code, right: found.B.Code}
	x.differ(found.Differences)
	return answer{value: x.record(), lines: c.sideLines(x, found.Differences, c.say(control.RoleName(found.A)), c.say(control.RoleName(found.B)))}, nil
}

// sideLines are the modules and capabilities on which two sides differ.
func (c *cli) sideLines(x sides, on []access.Difference, left, right string) []string {
	if len(on)+len(x.onlyLeft)+len(x.onlyRight) == 0 {
		return []string{c.p.Text("cli.access.compare.same")}
	}
	var lines []string
	if len(on) > 0 {
		grid := [][]string{{c.heading("module"), left, right}}
		for _, d := range on {
			grid = append(grid, []string{d.Module.Code(), c.level(d.A), c.level(d.B)})
		}
		lines = align(grid)
	}
	for _, side := range []struct {
		name string
		only []string
	}{{left, x.onlyLeft}, {right, x.onlyRight}} {
		if len(side.only) > 0 {
			lines = append(lines, c.p.With("cli.access.compare.only", message.Args{"Name": side.name, "Capabilities": cell(side.only)}))
		}
	}
	return lines
}

// compareEdit answers with the effect that another role would have.
func (c *cli) compareEdit(ctx context.Context, s *system, ref control.Ref, in compared) (answer, error) {
	levels, err := parseLevels(splitValues(in.sets))
	if err != nil {
		return answer{}, err
	}
	o, err := s.questions.CompareEdit(ctx, ref, in.role, levels)
	return c.effect(o, ref, err)
}
