package storage

import (
	"context"
	"fmt"
	"time"

	"reeve/core/access"
	"reeve/core/list"
	"reeve/core/tenantrole"
)

const tenantMemberColumns = "p.id, p.name, p.kind"

func scanTenantMember(row scanner) (m tenantrole.Member, err error) {
	err = row.Scan(&m.Principal, &m.Name, &m.Kind)
	m.Roles = []tenantrole.Held{} // a list in JSON also when there are none
	switch m.Kind {
	case "account":
		m.Automatic = tenantrole.OwnerRole
	case "group":
	default:
		m.Automatic = tenantrole.MemberRole
	}
	return m, err
}

// tenantMembers lists everybody as of now in the region v.
func (s TenantRoles) tenantMembers(now time.Time) listing[tenantrole.Member] {
	held := fmt.Sprintf(`FROM tenant_grant g LEFT JOIN tenant_role c ON c.id = g.role_id
		WHERE g.region = v.id AND g.principal_id = p.id AND (g.until = 0 OR g.until > %d)`, unix(now))
	return listing[tenantrole.Member]{
		doing: "listing tenant members", columns: tenantMemberColumns, from: "region v CROSS JOIN principal p", id: "p.id",
		natural: list.Sort{Field: "name"},
		sorts: map[string]string{
			"name": "p.name_key", "type": "p.kind",
			// By the first role held, in the order in which roles are listed.
			"role": "coalesce((SELECT min(g.role_id) " + held + "), 0)",
		},
		matchers: map[string]matcher{
			"":     searches("p.id", "principal_text", "{name display_name}", "p.name_key", "p.display_key"),
			"name": searches("p.id", "principal_text", "{name}", "p.name_key"),
			"type": contains("p.kind"),
			"role": func(word string, _ bool) (string, []any) {
				ids := called(s.builtins.TenantRoles, word, func(r access.TenantRole) (access.TenantRoleID, string, string) { return r.ID, r.Name, r.Code })
				pattern := containing(word)
				return "EXISTS (SELECT 1 " + held + ` AND (g.role_id IN (SELECT value FROM json_each(?))
					OR c.name_key LIKE ? ESCAPE '\' OR c.code LIKE ? ESCAPE '\'))`, []any{set(ids), pattern, pattern}
			},
		},
		scan: scanTenantMember,
	}
}

// inRegion narrows to one region.
func inRegion(region string) where { return where{}.with("v.id = ?", region) }

// Members lists all principals and groups of the tenant with what they hold in the region by grants in force at now.
func (s TenantRoles) Members(ctx context.Context, region string, now time.Time, q list.Query) (page list.Page[tenantrole.Member], err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if page, err = s.tenantMembers(now).page(ctx, s.db, inRegion(region), q); err != nil {
			return err
		}
		return s.addHeld(ctx, region, now, page.Items)
	})
	return page, err
}

// Member finds one of them; fault.NotFound (what: user) with near names otherwise.
func (s TenantRoles) Member(ctx context.Context, region string, now time.Time, name string) (m tenantrole.Member, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		p, err := s.db.named(ctx, name)
		if err != nil {
			return err
		}
		found, err := all(ctx, s.db, "reading a tenant member", scanTenantMember,
			"SELECT "+tenantMemberColumns+" FROM principal p WHERE p.id = ?", p.ID)
		if err == nil && len(found) == 0 {
			err = errMissing("user", p.ID)
		}
		if err != nil {
			return err
		}
		err = s.addHeld(ctx, region, now, found)
		m = found[0]
		return err
	})
	return m, err
}

// addHeld reads the tenant roles of principals, with one query for all of them.
func (s TenantRoles) addHeld(ctx context.Context, region string, now time.Time, found []tenantrole.Member) error {
	at := make(map[access.PrincipalID]int, len(found))
	ids := make([]access.PrincipalID, len(found))
	for i, m := range found {
		at[m.Principal], ids[i] = i, m.Principal
	}
	return each(ctx, s.db, "reading the tenant roles of users", func(row scanner) error {
		var id access.PrincipalID
		var h tenantrole.Held
		var granted, until int64
		if err := row.Scan(&id, &h.ID, &h.Code, &h.Name, &granted, &h.By, &until); err != nil {
			return err
		}
		h.At, h.Until, h.Kind = moment(granted), momentOf(until), access.Custom
		for _, r := range s.builtins.TenantRoles {
			if r.ID == h.ID {
				h.Code, h.Name, h.Kind = r.Code, r.Name, access.Builtin
			}
		}
		found[at[id]].Roles = append(found[at[id]].Roles, h)
		return nil
	}, `SELECT g.principal_id, g.role_id, coalesce(c.code, ''), coalesce(c.name, ''), g.granted_at, `+everOf+"g.granted_by"+orNobody+`, g.until
		FROM tenant_grant g LEFT JOIN tenant_role c ON c.id = g.role_id
		WHERE g.region = ? AND g.principal_id IN (SELECT value FROM json_each(?)) AND (g.until = 0 OR g.until > ?)
		ORDER BY g.principal_id, g.role_id`, region, set(ids), unix(now))
}
