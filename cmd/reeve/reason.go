package main

import (
	"fmt"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/core/tenantrole"
)

// parts are what a contribution names, where it names it.
type parts struct {
	role        access.Role
	tenantRole  access.TenantRole
	policy      access.Document
	through, by access.Principal
}

func partsOf(s *access.Snapshot, b access.Contribution) (p parts) {
	if s == nil {
		return p
	}
	p.role, _ = s.Role(b.Role)
	p.tenantRole, _ = s.TenantRole(b.TenantRole)
	p.policy, _ = s.Document(b.Policy)
	p.through, _ = s.Principal(b.Through)
	p.by, _ = s.Principal(b.By)
	return p
}

func reasonRecord(s *access.Snapshot, b access.Contribution) record {
	p := partsOf(s, b)
	return record{
		{"kind", b.Kind.String()}, {"effect", b.Effect.String()}, {"level", b.Level.String()}, {"role", p.role.Code}, {"role_name", p.role.Name},
		{"granted_by", p.by.Name}, {"granted_at", seconds(b.At)}, {"until", seconds(b.Until)},
		{"tenant_role", p.tenantRole.Code}, {"policy", p.policy.Name}, {"through", p.through.Name},
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

// named is the role, tenant role or policy of a contribution in words.
func (c *cli) named(s *access.Snapshot, b access.Contribution) string {
	p := partsOf(s, b)
	switch {
	case b.TenantRole != 0:
		return c.say(tenantrole.RoleName(p.tenantRole))
	case b.Policy != 0:
		return c.say(message.Text{ID: "literal", Args: message.Args{"Text": p.policy.Name}})
	case b.Role != 0:
		return c.say(control.RoleName(p.role))
	}
	return ""
}

// reason puts a contribution into words: what it gives, what became of it, who granted it when and until when, and through
// which group.
func (c *cli) reason(s *access.Snapshot, b access.Contribution) string {
	p := partsOf(s, b)
	line := c.say(message.Text{ID: "access.because." + b.Kind.String(), Args: message.Args{
		"Role": c.named(s, b), "Level": message.Text{ID: "access.level." + b.Level.String()}, "Since": cell(seconds(b.At))}})
	line = fmt.Sprintf("%s: %s", c.p.Text("access.effect."+b.Effect.String()), line)
	if p.by.ID != 0 && b.At != 0 {
		granted := message.Args{"By": p.by.Name, "At": cell(seconds(b.At)), "Until": cell(seconds(b.Until))}
		id := "cli.access.granted"
		if b.Until != 0 {
			id = "cli.access.granted_until"
		}
		line += " (" + c.say(message.Text{ID: id, Args: granted}) + ")"
	}
	if p.through.ID != 0 {
		line += " " + c.say(message.Text{ID: "cli.access.through", Args: message.Args{"Group": p.through.Name}})
	}
	return line
}

// The ways and environments of rights in engines, as codes.
func wayCode(w access.EngineWay) string {
	switch w {
	case access.NoWay:
		return "none"
	case access.ByRoleMapping:
		return "role_mapping"
	case access.ByAccountMapping:
		return "account_mapping"
	case access.ByIdentity:
		return "identity"
	}
	return "none"
}

func environmentCode(e access.Environment) string {
	switch e {
	case access.Dev:
		return "dev"
	case access.Prod:
		return "prod"
	case access.Only:
		return "only"
	}
	return ""
}

func engineRightRecords(s *access.Snapshot, ws access.WorkspaceID, rights []access.EngineRight) []record {
	names := map[uint32]string{}
	if s != nil {
		for _, e := range s.EnginesOf(ws) {
			names[e.ID] = e.Name
		}
	}
	return records(rights, func(r access.EngineRight) record {
		p := partsOf(s, access.Contribution{Role: r.Role})
		return record{
			{"engine", names[r.Engine]}, {"environment", environmentCode(r.Environment)}, {"way", wayCode(r.Way)}, {"role", p.role.Code},
			{"engine_role", r.EngineRole}, {"account", r.Account}, {"grants", r.Grants}, {"note", string(r.Note)},
		}
	})
}

// engineRightLines are rights in engines for people.
func (c *cli) engineRightLines(s *access.Snapshot, ws access.WorkspaceID, rights []access.EngineRight) []string {
	rows := engineRightRecords(s, ws, rights)
	for i, r := range rights {
		if r.Note != access.NoteNone {
			for k := range rows[i] {
				if rows[i][k].Key == "note" {
					rows[i][k].Value = c.p.Text("engine.note." + string(r.Note))
				}
			}
		}
	}
	var lines []string
	for _, line := range c.table(rows, []string{"engine", "environment", "way", "engine_role", "account", "grants", "note"}) {
		lines = append(lines, "  "+line)
	}
	return lines
}
