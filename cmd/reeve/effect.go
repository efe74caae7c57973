package main

import (
	"context"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/list"
	"reeve/core/message"
	"reeve/core/workspace"
)

// places are the names of workspaces, for effects that reach into several.
type places func(access.WorkspaceID) string

// in is where every effect is in one workspace.
func in(ref control.Ref) places { return func(access.WorkspaceID) string { return ref.Workspace } }

// placeNames finds out what all workspaces of the tenant are called.
func (s *system) placeNames(ctx context.Context) (places, error) {
	all, err := walk(listing{}, func(q list.Query) (list.Page[workspace.Workspace], error) { return s.workspaces.List(ctx, "", q) })
	if err != nil {
		return nil, err
	}
	names := make(map[access.WorkspaceID]string, len(all))
	for _, w := range all {
		names[w.ID] = w.Region + "/" + w.Name
	}
	return func(id access.WorkspaceID) string { return names[id] }, nil
}

// effectRecord is a preview: who loses, gains and keeps what, one entry for each user and module, capability or operation.
func effectRecord(o control.Outcome, at places) record {
	var keeps []record
	for _, k := range o.Effect.Keeps {
		for _, p := range k.Principals {
			keeps = append(keeps, record{
				{"user", userName(o, p)}, {"workspace", at(k.Workspace)}, {"module", k.Module.Code()}, {"level", k.Level.String()},
				{"through", roleCode(o.After, k.Through)},
			})
		}
	}
	e := o.Effect
	return record{
		{"losses", steps(o, at, e.Losses)}, {"gains", steps(o, at, e.Gains)}, {"keeps", keeps},
		{"administration_losses", administration(o, at, e.AdminLosses)},
		{"administration_gains", administration(o, at, e.AdminGains)},
		{"tenant_losses", capabilitySteps(o, e.TenantLosses)}, {"tenant_gains", capabilitySteps(o, e.TenantGains)},
		{"console_losses", consoleSteps(o, e.ConsoleLosses)}, {"console_gains", consoleSteps(o, e.ConsoleGains)},
		{"revision", o.Before.Revision()},
	}
}

func steps(o control.Outcome, at places, changes []access.Change) []record {
	var rows []record
	for _, ch := range changes {
		for _, p := range ch.Principals {
			rows = append(rows, record{
				{"user", userName(o, p)}, {"workspace", at(ch.Workspace)}, {"module", ch.Module.Code()},
				{"from", ch.From.String()}, {"to", ch.To.String()},
			})
		}
	}
	return rows
}

func administration(o control.Outcome, at places, changes []access.AdminChange) []record {
	var rows []record
	for _, ch := range changes {
		for _, p := range ch.Principals {
			rows = append(rows, record{{"user", userName(o, p)}, {"workspace", at(ch.Workspace)}})
		}
	}
	return rows
}

// everyRegion stands for the regions that no grant names.
const everyRegion = "*"

func capabilitySteps(o control.Outcome, changes []access.TenantChange) []record {
	var rows []record
	for _, ch := range changes {
		region := ch.Region
		if region == "" {
			region = everyRegion
		}
		for _, p := range ch.Principals {
			rows = append(rows, record{{"user", userName(o, p)}, {"region", region}, {"capability", ch.Capability.Code()}})
		}
	}
	return rows
}

func consoleSteps(o control.Outcome, changes []access.ConsoleChange) []record {
	var rows []record
	for _, ch := range changes {
		for _, p := range ch.Principals {
			rows = append(rows, record{{"user", userName(o, p)}, {"action", ch.Action}, {"scope", ch.Scope}})
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

// effect is the answer to a preview of what is done in one workspace.
func (c *cli) effect(o control.Outcome, ref control.Ref, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	return c.effectIn(o, in(ref)), nil
}

// effectPart is one table of an effect, by its key, with the columns that people see.
type effectPart struct {
	key     string
	columns []string
}

// effectParts are all of them. Losses come first, for they are what one has to know.
func effectParts() []effectPart {
	workspace := []string{"user", "workspace", "module", "from", "to"}
	tenant, console := []string{"user", "region", "capability"}, []string{"user", "action", "scope"}
	administration, keeps := []string{"user", "workspace"}, []string{"user", "workspace", "module", "level", "through"}
	return []effectPart{
		{"losses", workspace}, {"administration_losses", administration}, {"tenant_losses", tenant}, {"console_losses", console},
		{"gains", workspace}, {"administration_gains", administration}, {"tenant_gains", tenant}, {"console_gains", console},
		{"keeps", keeps},
	}
}

// effectIn is the answer to a preview.
func (c *cli) effectIn(o control.Outcome, at places) answer {
	return answer{value: effectRecord(o, at), lines: c.effectLines(o, at, 0)}
}

// effectLines are an effect as people see it, with at most so many rows of each part; 0 for all.
func (c *cli) effectLines(o control.Outcome, at places, most int) []string {
	r := effectRecord(o, at)
	var lines []string
	for _, part := range effectParts() {
		rows := rowsOf(r.get(part.key))
		if len(rows) == 0 {
			continue
		}
		count := len(rows)
		if most > 0 && count > most {
			rows = rows[:most]
		}
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, c.p.With("cli.effect."+part.key, message.Args{"Count": count}))
		for _, line := range c.table(rows, part.columns) {
			lines = append(lines, "  "+line)
		}
		if left := count - len(rows); left > 0 {
			lines = append(lines, "  "+c.p.With("cli.effect.more", message.Args{"Count": left}))
		}
	}
	if o.Effect.Empty() {
		lines = append([]string{c.p.Text("cli.effect.none")}, lines...)
	}
	return lines
}
