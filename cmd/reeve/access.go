package main

import (
	"context"

	"github.com/spf13/cobra"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/message"
	"reeve/core/question"
)

func (c *cli) accessCommands() *cobra.Command {
	return c.group("access", c.p.Text("cli.group.access"), c.accessCheck(), c.accessWhy(), c.accessWho(), c.accessWhere(), c.accessMatrix(),
		c.accessCompare(), c.accessBatch(), c.accessPoints())
}

func decisionRecord(a question.Answer) record {
	return record{{"decision", a.Allowed}, {"revision", a.Revision}, {"because", reasons(a.Snapshot, a.Because)}}
}

func explanationRecord(a question.Answer) record {
	ways := records(a.Ways, func(w access.Way) record {
		p := partsOf(a.Snapshot, access.Contribution{Role: w.Role, TenantRole: w.TenantRole, Policy: w.Policy})
		return record{
			{"role", p.role.Code}, {"role_name", p.role.Name}, {"tenant_role", p.tenantRole.Code}, {"policy", p.policy.Name},
			{"through", string(w.Through)}, {"raises", w.Adds}, {"lowers", w.Removes},
		}
	})
	asked := askedOf(a)
	return append(decisionRecord(a), record{
		{"user", a.User.Name}, {"workspace", a.Target.WorkspaceName}, {"region", a.Target.Region}, {"module", asked.module},
		{"level", asked.level}, {"capability", asked.capability}, {"action", a.Console.Action}, {"resource", a.Console.Resource},
		{"scope", a.Console.Scope}, {"effective", a.Effective.String()}, {"ways", ways}, {"ask", principalNames(a.Snapshot, a.Ask)},
		{"engine_rights", engineRightRecords(a.Snapshot, a.Target.Workspace, a.Engines)},
	}...)
}

// asked is what an answer is about, as codes; what its plane does not name is empty.
type asked struct{ module, level, capability string }

func askedOf(a question.Answer) asked {
	switch a.Plane {
	case question.Workspace:
		return asked{module: a.Question.Module.Code(), level: a.Question.Level.String()}
	case question.Tenant:
		held := a.Tenant.Capability
		return asked{module: held.Module().Code(), level: held.Level().String(), capability: held.Code()}
	case question.Console:
	}
	return asked{}
}

func principalNames(s *access.Snapshot, ids []access.PrincipalID) []string {
	names := make([]string, 0, len(ids))
	for _, id := range ids {
		p, _ := s.Principal(id)
		names = append(names, p.Name)
	}
	return names
}

func answerSample() question.Answer {
	return question.Answer{Plane: question.Console, Engines: make([]access.EngineRight, 1),
		Explanation: access.Explanation{Because: make([]access.Contribution, 1), Ways: make([]access.Way, 1)}}
}

func (c *cli) accessCheck() *cobra.Command {
	var q subject
	cmd := c.act(action.AccessCheck, "", decisionRecord(answerSample()), func(ctx context.Context, s *system, _ []string) (answer, error) {
		a, err := c.explain(ctx, s, s.questions.Check, q)
		if err != nil {
			return answer{}, err
		}
		return answer{value: decisionRecord(a), lines: c.decisionLines(a, false), code: decisionCode(a)}, nil
	})
	c.userFlag(cmd, &q.user, true)
	c.subjectFlags(cmd, &q)
	return cmd
}

func (c *cli) accessWhy() *cobra.Command {
	var q subject
	cmd := c.act(action.AccessWhy, "", explanationRecord(answerSample()), func(ctx context.Context, s *system, _ []string) (answer, error) {
		a, err := c.explain(ctx, s, s.questions.Why, q)
		if err != nil {
			return answer{}, err
		}
		lines := c.decisionLines(a, true)
		if a.User.ID == s.actor.Principal { // nobody asks for others
			lines = append(lines, c.askFor(a.Grants())...)
		}
		return answer{value: explanationRecord(a), lines: lines, code: decisionCode(a)}, nil
	})
	c.userFlag(cmd, &q.user, true)
	c.subjectFlags(cmd, &q)
	return cmd
}

func (c *cli) explain(ctx context.Context, s *system, ask func(context.Context, question.Subject) (question.Answer, error), q subject) (question.Answer, error) {
	asked, err := c.read(ctx, s, q)
	if err != nil {
		return question.Answer{}, err
	}
	return ask(ctx, asked)
}

func decisionCode(a question.Answer) int {
	if a.Allowed {
		return exitDone
	}
	return exitDenied
}

// decisionLines are an answer for people: yes or no and why. With more, they also say what would turn a no, and what the
// user may do in the engines of the workspace, which is another matter than its modules.
func (c *cli) decisionLines(a question.Answer, more bool) []string {
	lines := []string{c.p.Text("cli.access.denied")}
	if a.Allowed {
		lines[0] = c.p.Text("cli.access.allowed")
	}
	for _, b := range a.Because {
		lines = append(lines, "  "+c.reason(a.Snapshot, b))
	}
	if !more {
		return lines
	}
	if !a.Allowed {
		lines = append(lines, c.wayLines(a)...)
	}
	if len(a.Engines) > 0 {
		lines = append(lines, "", c.p.Text("cli.access.engines"))
		lines = append(lines, c.engineRightLines(a.Snapshot, a.Target.Workspace, a.Engines)...)
	}
	return lines
}

// wayLines are what would turn a no, and whom to ask for it.
func (c *cli) wayLines(a question.Answer) []string {
	var lines []string
	for _, w := range a.Ways {
		what := c.named(a.Snapshot, access.Contribution{Role: w.Role, TenantRole: w.TenantRole, Policy: w.Policy})
		args := message.Args{"Role": what, "Raises": w.Adds, "Lowers": w.Removes}
		switch a.Plane {
		case question.Workspace:
			lines = append(lines, "  "+c.p.With("cli.access.way", args))
		case question.Tenant:
			lines = append(lines, "  "+c.p.With("cli.access.way.tenant", args))
		case question.Console:
			lines = append(lines, "  "+c.p.With("cli.access.way.console", args))
		}
	}
	for _, name := range principalNames(a.Snapshot, a.Ask) {
		lines = append(lines, "  "+c.say(message.Text{ID: "fault.denied.ask", Args: message.Args{"Who": name}}))
	}
	return lines
}
