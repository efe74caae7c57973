package main

import (
	"cmp"
	"context"
	"strings"

	"github.com/spf13/cobra"

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
	var r record
	for _, part := range effectParts() {
		r = append(r, field{part.key, part.rows(o, at)})
	}
	return append(r, field{"revision", o.Before.Revision()})
}

func keeping(o control.Outcome, at places) []record {
	var keeps []record
	for _, k := range o.Effect.Keeps {
		for _, p := range k.Principals {
			keeps = append(keeps, record{
				{"user", userName(o, p)}, {"workspace", at(k.Workspace)}, {"module", k.Module.Code()}, {"level", k.Level.String()},
				{"through", roleCode(o.After, k.Through)},
			})
		}
	}
	return keeps
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

func administered(o control.Outcome, at places, changes []access.AdminChange) []record {
	var rows []record
	for _, ch := range changes {
		for _, p := range ch.Principals {
			rows = append(rows, record{{"user", userName(o, p)}, {"workspace", at(ch.Workspace)}})
		}
	}
	return rows
}

func unadministered(o control.Outcome, at places) []record {
	var rows []record
	for _, ws := range o.Effect.Unadministered {
		rows = append(rows, record{{"workspace", at(ws)}})
	}
	return rows
}

// everyRegion stands for the regions that no grant names.
const everyRegion = "*"

func regionOr(region string) string { return cmp.Or(region, everyRegion) }

func capabilitySteps(o control.Outcome, changes []access.TenantChange) []record {
	var rows []record
	for _, ch := range changes {
		for _, p := range ch.Principals {
			rows = append(rows, record{{"user", userName(o, p)}, {"region", regionOr(ch.Region)}, {"capability", ch.Capability.Code()}})
		}
	}
	return rows
}

// everyResource stands for all that an action can be about.
const everyResource = "*"

func resourceOr(resource string) string { return cmp.Or(resource, everyResource) }

func consoleSteps(o control.Outcome, changes []access.ConsoleChange) []record {
	var rows []record
	for _, ch := range changes {
		for _, p := range ch.Principals {
			rows = append(rows, record{{"user", userName(o, p)}, {"action", ch.Action}, {"resource", resourceOr(ch.Resource)}, {"scope", ch.Scope}})
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
	part    access.Part
	columns []string
	// summed are the columns where the part is told in few lines.
	summed []string
	rows   func(o control.Outcome, at places) []record
}

// effectParts are all of them. Losses come first, for they are what one has to know.
func effectParts() []effectPart {
	workspace := []string{"user", "workspace", "module", "from", "to"}
	tenant, console := []string{"user", "region", "capability"}, []string{"user", "action", "resource", "scope"}
	administration, keeps := []string{"user", "workspace"}, []string{"user", "workspace", "module", "level", "through"}
	leveled := []string{"user", "level", "module", "workspace"}
	return []effectPart{
		{"losses", access.PartLosses, workspace, leveled, func(o control.Outcome, at places) []record { return steps(o, at, o.Effect.Losses) }},
		{"administration_losses", access.PartAdminLosses, administration, administration,
			func(o control.Outcome, at places) []record { return administered(o, at, o.Effect.AdminLosses) }},
		{"unadministered", access.PartUnadministered, []string{"workspace"}, []string{"workspace"}, unadministered},
		{"tenant_losses", access.PartTenantLosses, tenant, tenant,
			func(o control.Outcome, _ places) []record { return capabilitySteps(o, o.Effect.TenantLosses) }},
		{"console_losses", access.PartConsoleLosses, console, console,
			func(o control.Outcome, _ places) []record { return consoleSteps(o, o.Effect.ConsoleLosses) }},
		{"gains", access.PartGains, workspace, leveled, func(o control.Outcome, at places) []record { return steps(o, at, o.Effect.Gains) }},
		{"administration_gains", access.PartAdminGains, administration, administration,
			func(o control.Outcome, at places) []record { return administered(o, at, o.Effect.AdminGains) }},
		{"tenant_gains", access.PartTenantGains, tenant, tenant,
			func(o control.Outcome, _ places) []record { return capabilitySteps(o, o.Effect.TenantGains) }},
		{"console_gains", access.PartConsoleGains, console, console,
			func(o control.Outcome, _ places) []record { return consoleSteps(o, o.Effect.ConsoleGains) }},
		{"keeps", access.PartKeeps, keeps, leveled, keeping},
	}
}

// effectIn is the answer to a preview. Its record is for programs and has every single change; people are not kept waiting for it.
func (c *cli) effectIn(o control.Outcome, at places) answer {
	if c.flags.output != formTable {
		return answer{value: effectRecord(o, at)}
	}
	return answer{value: record{}, lines: c.effectLines(o, at)}
}

// effectRows bounds the rows of each part of an effect that people are shown; what has more is told in few lines unless all are
// asked for.
const effectRows = 20

// effectNames bounds the names in a cell that stands for several.
const effectNames = 3

// effectLines are an effect as people see it.
func (c *cli) effectLines(o control.Outcome, at places) []string {
	var lines []string
	summed := false
	for _, part := range effectParts() {
		count := o.Effect.Count(part.part)
		if count == 0 {
			continue
		}
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, c.p.With("cli.effect."+part.key, message.Args{"Count": count}))
		columns, rows := part.summed, []record(nil)
		if count > effectRows && !c.flags.all {
			summed = true
			for _, sum := range o.Effect.Sums(part.part) {
				rows = append(rows, c.sumRecord(o, at, sum))
			}
		} else {
			columns, rows = part.columns, part.rows(o, at)
		}
		for _, line := range c.table(rows, columns) {
			lines = append(lines, "  "+line)
		}
	}
	if o.Effect.Empty() {
		lines = append([]string{c.p.Text("cli.effect.none")}, lines...)
	}
	if summed {
		lines = append(lines, "", c.p.Text("cli.effect.summed"))
	}
	return lines
}

// sumRecord is one line that stands for several changes.
func (c *cli) sumRecord(o control.Outcome, at places, s access.Sum) record {
	return record{
		{"user", some(c, effectNames, s.Principals, func(p access.PrincipalID) string { return userName(o, p) })},
		{"level", s.Level.String()},
		{"module", some(c, effectNames, s.Modules, access.Module.Code)},
		{"workspace", some(c, effectNames, s.Workspaces, at)},
		{"region", some(c, effectNames, s.Regions, regionOr)},
		{"capability", some(c, effectNames, s.Capabilities, access.Capability.Code)},
		{"action", some(c, effectNames, s.Actions, func(a string) string { return a })},
		{"resource", some(c, effectNames, s.Resources, resourceOr)},
		{"scope", some(c, effectNames, s.Scopes, func(a string) string { return a })},
	}
}

// some are the first names of a list, at most so many, and how many more there are.
func some[T any](c *cli, most int, list []T, name func(T) string) string {
	var names []string
	for _, one := range list[:min(len(list), most)] {
		names = append(names, name(one))
	}
	said := strings.Join(names, ", ")
	if more := len(list) - len(names); more > 0 {
		return c.p.With("effect.and_more", message.Args{"Names": said, "Count": more})
	}
	return said
}

// previewFlag is the flag that only shows what a change would do, with the one that shows all of it.
func (c *cli) previewFlag(cmd *cobra.Command, preview *bool, about string) {
	cmd.Flags().BoolVar(preview, "preview", false, c.p.Text(about))
	c.allFlag(cmd)
}

func (c *cli) allFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&c.flags.all, "all", false, c.p.Text("cli.flag.all"))
}
