package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/question"
)

func (c *cli) accessCommands() *cobra.Command {
	return c.group("access", c.p.Text("cli.group.access"), c.accessCheck(), c.accessWhy(), c.accessWho())
}

// subject are the flags that a question is asked with.
type subject struct{ user, module, level string }

func (c *cli) subjectFlags(cmd *cobra.Command, q *subject, withUser bool) {
	if withUser {
		cmd.Flags().StringVar(&q.user, "user", "", c.p.Text("cli.access.user"))
		c.need(cmd, "user", "USER")
	}
	cmd.Flags().StringVar(&q.module, "module", "", c.p.Text("cli.access.module"))
	cmd.Flags().StringVar(&q.level, "level", "", c.p.Text("cli.access.level"))
	c.need(cmd, "module", "MODULE")
	c.need(cmd, "level", "LEVEL")
}

// parse reads module and level. A global module is a fair question: the answer is that no workspace governs it.
func (q subject) parse() (access.Module, access.Level, error) {
	module, err := access.ParseModule(access.PlaneWorkspace, q.module)
	if err != nil {
		global, globalErr := access.ParseModule(access.PlaneGlobal, q.module)
		if globalErr != nil {
			missing := &fault.NotFound{What: "module", Name: q.module}
			if near := nearest(err); near != "" {
				missing.Nearest = []string{near}
			}
			return 0, 0, missing
		}
		module = global
	}
	level, err := access.ParseLevel(q.level)
	if err != nil || level == access.None {
		return 0, 0, fault.OneField("level", "cli.level.unknown", message.Args{"Level": q.level, "Levels": "read, write"})
	}
	return module, level, nil
}

func reasonRecord(s *access.Snapshot, b access.Contribution) record {
	var r access.Role
	var by access.Principal
	if s != nil {
		r, _ = s.Role(b.Role)
		by, _ = s.Principal(b.By)
	}
	return record{
		{"kind", b.Kind.String()}, {"effect", b.Effect.String()}, {"level", b.Level.String()}, {"role", r.Code}, {"role_name", r.Name},
		{"granted_by", by.Name}, {"granted_at", seconds(b.At)}, {"until", seconds(b.Until)},
	}
}

// seconds is a time of the access state, or nothing for 0.
func seconds(unix int64) any {
	if unix == 0 {
		return nil
	}
	return time.Unix(unix, 0)
}

func reasons(s *access.Snapshot, because []access.Contribution) []record {
	return records(because, func(b access.Contribution) record { return reasonRecord(s, b) })
}

func decisionRecord(a question.Answer) record {
	return record{{"decision", a.Allowed}, {"revision", a.Revision}, {"because", reasons(a.Snapshot, a.Because)}}
}

func explanationRecord(a question.Answer) record {
	ask := make([]string, 0, len(a.Ask))
	for _, id := range a.Ask {
		p, _ := a.Snapshot.Principal(id)
		ask = append(ask, p.Name)
	}
	ways := records(a.Ways, func(w access.Way) record {
		var r access.Role
		if a.Snapshot != nil {
			r, _ = a.Snapshot.Role(w.Role)
		}
		return record{{"role", r.Code}, {"role_name", r.Name}, {"through", string(w.Through)}, {"raises", w.Adds}, {"lowers", w.Removes}}
	})
	return append(decisionRecord(a), record{
		{"user", a.User.Name}, {"workspace", a.Target.WorkspaceName}, {"region", a.Target.Region}, {"module", a.Question.Module.Code()},
		{"level", a.Question.Level.String()}, {"effective", a.Effective.String()}, {"ways", ways}, {"ask", ask},
	}...)
}

func answerSample() question.Answer {
	return question.Answer{Explanation: access.Explanation{Because: make([]access.Contribution, 1), Ways: make([]access.Way, 1)}}
}

func (c *cli) accessCheck() *cobra.Command {
	var q subject
	cmd := c.inWorkspace(action.AccessCheck, "", decisionRecord(answerSample()), func(ctx context.Context, s *system, ref control.Ref, _ []string) (answer, error) {
		a, err := c.explain(ctx, s.questions.Check, ref, q)
		if err != nil {
			return answer{}, err
		}
		return answer{value: decisionRecord(a), lines: c.decisionLines(a, false), code: decisionCode(a)}, nil
	})
	c.subjectFlags(cmd, &q, true)
	return cmd
}

func (c *cli) accessWhy() *cobra.Command {
	var q subject
	cmd := c.inWorkspace(action.AccessWhy, "", explanationRecord(answerSample()), func(ctx context.Context, s *system, ref control.Ref, _ []string) (answer, error) {
		a, err := c.explain(ctx, s.questions.Why, ref, q)
		if err != nil {
			return answer{}, err
		}
		return answer{value: explanationRecord(a), lines: c.decisionLines(a, true), code: decisionCode(a)}, nil
	})
	c.subjectFlags(cmd, &q, true)
	return cmd
}

func (c *cli) explain(ctx context.Context, ask func(context.Context, question.Subject) (question.Answer, error), ref control.Ref, q subject) (question.Answer, error) {
	module, level, err := q.parse()
	if err != nil {
		return question.Answer{}, err
	}
	return ask(ctx, question.Subject{Ref: ref, User: q.user, Module: module, Level: level})
}

func decisionCode(a question.Answer) int {
	if a.Allowed {
		return exitDone
	}
	return exitDenied
}

// decisionLines are an answer for people: yes or no, why, and on a no, what would turn it.
func (c *cli) decisionLines(a question.Answer, ways bool) []string {
	lines := []string{c.p.Text("cli.access.denied")}
	if a.Allowed {
		lines[0] = c.p.Text("cli.access.allowed")
	}
	for _, b := range a.Because {
		lines = append(lines, "  "+c.reason(a.Snapshot, b))
	}
	if !ways || a.Allowed {
		return lines
	}
	for _, w := range a.Ways {
		r, _ := a.Snapshot.Role(w.Role)
		lines = append(lines, "  "+c.say(message.Text{ID: "cli.access.way", Args: message.Args{
			"Role": control.RoleName(r), "Raises": w.Adds, "Lowers": w.Removes}}))
	}
	for _, id := range a.Ask {
		p, _ := a.Snapshot.Principal(id)
		lines = append(lines, "  "+c.say(message.Text{ID: "fault.denied.ask", Args: message.Args{"Who": p.Name}}))
	}
	return lines
}

// reason puts a contribution into words: what it gives, what became of it, and who granted it when.
func (c *cli) reason(s *access.Snapshot, b access.Contribution) string {
	r, _ := s.Role(b.Role)
	line := c.say(message.Text{ID: "access.because." + b.Kind.String(), Args: message.Args{
		"Role": control.RoleName(r), "Level": message.Text{ID: "access.level." + b.Level.String()}}})
	line = fmt.Sprintf("%s: %s", c.p.Text("access.effect."+b.Effect.String()), line)
	if by, ok := s.Principal(b.By); ok && b.At != 0 {
		line += " (" + c.say(message.Text{ID: "cli.access.granted", Args: message.Args{"By": by.Name, "At": cell(seconds(b.At))}}) + ")"
	}
	return line
}

func holderRecord(s *access.Snapshot, h access.Holder) record {
	var p access.Principal
	if s != nil {
		p, _ = s.Principal(h.Principal)
	}
	return record{{"user", p.Name}, {"level", h.Level.String()}, {"because", reasons(s, h.Because)}}
}

func (c *cli) accessWho() *cobra.Command {
	var q subject
	sample := holderRecord(nil, access.Holder{Because: make([]access.Contribution, 1)})
	cmd := c.inWorkspace(action.AccessWho, "", []record{sample}, func(ctx context.Context, s *system, ref control.Ref, _ []string) (answer, error) {
		module, level, err := q.parse()
		if err != nil {
			return answer{}, err
		}
		h, err := s.questions.Who(ctx, ref, module, level)
		if err != nil {
			return answer{}, err
		}
		rows := records(h.Holders, func(x access.Holder) record { return holderRecord(h.Snapshot, x) })
		return answer{value: rows, lines: c.holderLines(h)}, nil
	})
	c.subjectFlags(cmd, &q, false)
	return cmd
}

func (c *cli) holderLines(h question.Holders) []string {
	if len(h.Holders) == 0 {
		return []string{c.p.Text("cli.nothing")}
	}
	grid := [][]string{{c.heading("user"), c.heading("level"), c.heading("because")}}
	for _, x := range h.Holders {
		p, _ := h.Snapshot.Principal(x.Principal)
		why := ""
		if len(x.Because) > 0 {
			why = c.reason(h.Snapshot, x.Because[0])
		}
		grid = append(grid, []string{p.Name, c.level(x.Level), why})
	}
	return align(grid)
}
