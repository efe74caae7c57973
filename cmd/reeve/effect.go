package main

import (
	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/message"
)

// effectRecord is a preview: who loses, gains and keeps what, one entry for each user and module.
func (c *cli) effectRecord(o control.Outcome, ref control.Ref) record {
	losses, gains := steps(o, ref, o.Effect.Losses), steps(o, ref, o.Effect.Gains)
	var keeps []record
	for _, k := range o.Effect.Keeps {
		for _, p := range k.Principals {
			keeps = append(keeps, record{
				{"user", userName(o, p)}, {"workspace", ref.Workspace}, {"module", k.Module.Code()}, {"level", k.Level.String()},
				{"through", roleCode(o.After, k.Through)},
			})
		}
	}
	return record{
		{"losses", losses}, {"gains", gains}, {"keeps", keeps},
		{"administration_losses", administration(o, ref, o.Effect.AdminLosses)},
		{"administration_gains", administration(o, ref, o.Effect.AdminGains)},
		{"revision", o.Before.Revision()},
	}
}

func steps(o control.Outcome, ref control.Ref, changes []access.Change) []record {
	var rows []record
	for _, ch := range changes {
		for _, p := range ch.Principals {
			rows = append(rows, record{
				{"user", userName(o, p)}, {"workspace", ref.Workspace}, {"module", ch.Module.Code()},
				{"from", ch.From.String()}, {"to", ch.To.String()},
			})
		}
	}
	return rows
}

func administration(o control.Outcome, ref control.Ref, changes []access.AdminChange) []record {
	var rows []record
	for _, ch := range changes {
		for _, p := range ch.Principals {
			rows = append(rows, record{{"user", userName(o, p)}, {"workspace", ref.Workspace}})
		}
	}
	return rows
}

// userName finds who is meant in either state: who is removed is only in the first, who is added only in the second.
func userName(o control.Outcome, id access.PrincipalID) string {
	if p, ok := o.Before.Principal(id); ok {
		return p.Name
	}
	p, _ := o.After.Principal(id)
	return p.Name
}

func roleCode(s *access.Snapshot, id access.RoleID) string {
	r, _ := s.Role(id)
	return r.Code
}

// effect is the answer to a preview: losses first, for they are what one has to know.
func (c *cli) effect(o control.Outcome, ref control.Ref, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	r := c.effectRecord(o, ref)
	var lines []string
	part := func(title string, key string, columns ...string) {
		rows, _ := r.get(key).([]record)
		if len(rows) == 0 {
			return
		}
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, title)
		for _, line := range c.table(rows, columns) {
			lines = append(lines, "  "+line)
		}
	}
	count := func(key string) message.Args { return message.Args{"Count": len(rowsOf(r.get(key)))} }
	part(c.p.With("cli.effect.losses", count("losses")), "losses", "user", "module", "from", "to")
	part(c.p.With("cli.effect.administration_losses", count("administration_losses")), "administration_losses", "user")
	part(c.p.With("cli.effect.gains", count("gains")), "gains", "user", "module", "from", "to")
	part(c.p.With("cli.effect.administration_gains", count("administration_gains")), "administration_gains", "user")
	part(c.p.With("cli.effect.keeps", count("keeps")), "keeps", "user", "module", "level", "through")
	if o.Effect.Empty() {
		lines = append([]string{c.p.Text("cli.effect.none")}, lines...)
	}
	return answer{value: r, lines: lines}, nil
}
