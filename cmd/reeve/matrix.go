package main

import (
	"context"

	"github.com/spf13/cobra"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/question"
)

// matrix is the answer for a user, a role or a workspace: what one of them does not have is empty.
type matrix struct {
	target       control.Target
	user, role   string
	administers  any
	modules      []record
	capabilities []string
	engines      []record
	members      []record
}

func (m matrix) record() record {
	return record{
		{"workspace", m.target.WorkspaceName}, {"region", m.target.Region}, {"user", m.user}, {"role", m.role}, {"administers", m.administers},
		{"modules", m.modules}, {"capabilities", m.capabilities}, {"engine_rights", m.engines}, {"members", m.members},
	}
}

func matrixSample() record {
	cell := record{{"module", ""}, {"level", ""}, {"because", reasons(nil, make([]access.Contribution, 1))}}
	return matrix{modules: []record{cell}, engines: engineRightRecords(nil, 0, make([]access.EngineRight, 1)),
		members: []record{memberRow(question.MemberRow{})}}.record()
}

// levelsRecord are levels with a key for each workspace module.
func levelsRecord(l access.Levels) record {
	var modules record
	for _, m := range access.WorkspaceModules() {
		modules = append(modules, field{m.Code(), l.Get(m).String()})
	}
	return modules
}

func memberRow(r question.MemberRow) record {
	return record{{"user", r.Principal.Name}, {"administers", r.Administers}, {"modules", levelsRecord(r.Levels)}}
}

func (c *cli) accessMatrix() *cobra.Command {
	var user, role string
	cmd := c.inWorkspace(action.AccessMatrix, "", matrixSample(), func(ctx context.Context, s *system, ref control.Ref, _ []string) (answer, error) {
		switch {
		case user != "" && role != "":
			return answer{}, fault.OneField("role", "cli.access.matrix.one", nil)
		case user != "":
			return c.matrixOfUser(ctx, s, ref, user)
		case role != "":
			return c.matrixOfRole(ctx, s, ref, role)
		}
		return c.matrixOfWorkspace(ctx, s, ref)
	})
	c.userFlag(cmd, &user, false)
	cmd.Flags().StringVar(&role, "role", "", c.p.Text("cli.access.matrix.role"))
	return cmd
}

func (c *cli) matrixOfUser(ctx context.Context, s *system, ref control.Ref, user string) (answer, error) {
	found, err := s.questions.MatrixOfUser(ctx, ref, user)
	if err != nil {
		return answer{}, err
	}
	m := matrix{
		target: found.Target, user: found.User.Name, administers: found.Administers,
		modules: records(found.Cells, func(x access.Cell) record {
			return record{{"module", x.Module.Code()}, {"level", x.Level.String()}, {"because", reasons(found.Snapshot, x.Because)}}
		}),
		capabilities: codes(found.Capabilities.List()),
		engines:      engineRightRecords(found.Snapshot, found.Target.Workspace, found.Engines),
	}
	grid := [][]string{{c.heading("module"), c.heading("level"), c.heading("because")}}
	for _, x := range found.Cells {
		grid = append(grid, []string{x.Module.Code(), c.level(x.Level), c.first(found.Snapshot, x.Because)})
	}
	lines := align(grid)
	if found.Administers {
		lines = append(lines, "", c.p.Text("cli.access.administers"))
	}
	lines = append(lines, "", c.p.Text("cli.access.capabilities"))
	for _, code := range m.capabilities {
		lines = append(lines, "  "+code)
	}
	if len(m.capabilities) == 0 {
		lines = append(lines, "  "+c.p.Text("cli.nothing"))
	}
	if len(found.Engines) > 0 {
		lines = append(lines, "", c.p.Text("cli.access.engines"))
		lines = append(lines, c.engineRightLines(found.Snapshot, found.Target.Workspace, found.Engines)...)
	}
	return answer{value: m.record(), lines: lines}, nil
}

func codes(list []access.Capability) []string {
	out := make([]string, len(list))
	for i, capability := range list {
		out[i] = capability.Code()
	}
	return out
}

func (c *cli) matrixOfRole(ctx context.Context, s *system, ref control.Ref, role string) (answer, error) {
	found, err := s.questions.MatrixOfRole(ctx, ref, role)
	if err != nil {
		return answer{}, err
	}
	m := matrix{target: found.Target, role: found.Role.Code, administers: found.Role.Administers}
	grid := [][]string{{c.heading("module"), c.heading("level")}}
	for _, module := range found.Modules {
		level := found.Role.Levels.Get(module)
		m.modules = append(m.modules, record{{"module", module.Code()}, {"level", level.String()}, {"because", []record{}}})
		grid = append(grid, []string{module.Code(), c.level(level)})
	}
	return answer{value: m.record(), lines: align(grid)}, nil
}

func (c *cli) matrixOfWorkspace(ctx context.Context, s *system, ref control.Ref) (answer, error) {
	m := matrix{}
	rows, err := walk(listing{}, func(q list.Query) (list.Page[question.MemberRow], error) {
		found, err := s.questions.MatrixOfWorkspace(ctx, ref, q)
		m.target = found.Target
		return found.Page, err
	})
	if err != nil {
		return answer{}, err
	}
	m.members = records(rows, memberRow)
	head := []string{c.heading("user")}
	for _, module := range access.WorkspaceModules() {
		head = append(head, module.Code())
	}
	grid := [][]string{head}
	for _, r := range rows {
		line := []string{r.Principal.Name}
		for _, module := range access.WorkspaceModules() {
			line = append(line, c.level(r.Levels.Get(module)))
		}
		grid = append(grid, line)
	}
	return answer{value: m.record(), lines: align(grid)}, nil
}
