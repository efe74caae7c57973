package storage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"reeve/core/access"
	"reeve/core/leaving"
	"reeve/core/policy"
)

// Leavings reads and moves what one person holds, across the areas.
type Leavings struct{ states }

var _ leaving.Store = Leavings{}

// NewLeavings makes the store.
func NewLeavings(db *DB, builtins Builtins) Leavings { return Leavings{states{Places{db}, builtins}} }

// Named finds a principal by name; fault.NotFound with near names otherwise.
func (s Leavings) Named(ctx context.Context, name string) (access.Principal, error) {
	return s.db.named(ctx, name)
}

// holding is a kind of thing with the query for what one person holds of it: region, workspace, its id, whether it is in the bin,
// name, detail, end, the id of the thing, version.
type holding struct {
	kind  leaving.Kind
	query string
}

// holdings are the queries in the order of leaving.Kinds; ?1 is the person, ?2 the time.
func holdings() []holding {
	const place = "w.region, w.name, w.id, w.deleted_at <> 0"
	return []holding{
		{leaving.Group, `SELECT '', '', 0, 0, p.name, '', 0, p.id, p.version FROM group_member m JOIN principal p ON p.id = m.group_id
			WHERE m.principal_id = ?1 AND ?2 > 0 ORDER BY p.name_key`},
		{leaving.Membership, "SELECT " + place + `, '', '', 0, 0, m.version FROM member m JOIN workspace w ON w.id = m.workspace_id
			WHERE m.principal_id = ?1 AND ?2 > 0 ORDER BY w.region, w.name_key`},
		{leaving.Role, "SELECT " + place + `, coalesce(c.code, ''), coalesce(c.name, ''), g.until, g.role_id, m.version FROM role_grant g JOIN workspace w ON w.id = g.workspace_id
			JOIN member m ON m.workspace_id = g.workspace_id AND m.principal_id = g.principal_id LEFT JOIN role c ON c.id = g.role_id
			WHERE g.principal_id = ?1 AND (g.until = 0 OR g.until > ?2) AND g.workspace_id IN (SELECT workspace_id FROM member WHERE principal_id = ?1)
			ORDER BY w.region, w.name_key, g.role_id`},
		{leaving.EngineAccount, "SELECT " + place + `, e.name, a.account, 0, e.id, e.version FROM account_mapping a JOIN engine e ON e.id = a.engine_id
			JOIN workspace w ON w.id = e.workspace_id WHERE a.principal_id = ?1 AND ?2 > 0 ORDER BY w.region, w.name_key, e.name_key`},
		{leaving.TenantRole, `SELECT g.region, '', 0, 0, coalesce(c.code, ''), coalesce(c.name, ''), g.until, g.role_id, 0 FROM tenant_grant g LEFT JOIN tenant_role c ON c.id = g.role_id
			WHERE g.principal_id = ?1 AND (g.until = 0 OR g.until > ?2) ORDER BY g.region, g.role_id`},
		{leaving.Policy, `SELECT '', '', 0, 0, coalesce(c.name, ''), '', a.until, a.policy_id, 0 FROM policy_attachment a LEFT JOIN policy c ON c.id = a.policy_id
			WHERE a.principal_id = ?1 AND (a.until = 0 OR a.until > ?2) ORDER BY a.policy_id`},
		{leaving.Login, "SELECT '', '', 0, 0, os_user, '', 0, 0, version FROM principal WHERE id = ?1 AND os_user IS NOT NULL AND ?2 > 0"},
	}
}

// Holdings are what somebody holds themselves, by grants in force at now, in the order of Kinds and then by place and name.
func (s Leavings) Holdings(ctx context.Context, p access.PrincipalID, now time.Time) (items []leaving.Item, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		for _, h := range holdings() {
			found, err := all(ctx, s.db, "reading what a user holds", func(row scanner) (it leaving.Item, err error) {
				var until int64
				err = row.Scan(&it.Region, &it.Workspace, &it.Place, &it.Binned, &it.Name, &it.Detail, &until, &it.Thing, &it.Version)
				it.Kind, it.Until = h.kind, momentOf(until)
				s.describe(&it)
				return it, err
			}, h.query, p, unix(now))
			if err != nil {
				return err
			}
			items = append(items, found...)
		}
		return nil
	})
	return items, err
}

// describe adds what the program's own data knows of an item, and its id.
func (s Leavings) describe(it *leaving.Item) {
	switch it.Kind {
	case leaving.Role:
		if i := slices.IndexFunc(s.builtins.Roles, func(r access.Role) bool { return int64(r.ID) == it.Thing }); i >= 0 {
			r := s.builtins.Roles[i]
			it.Name, it.Administers = r.Code, r.Administers && it.Until == nil
		}
	case leaving.TenantRole:
		if i := slices.IndexFunc(s.builtins.TenantRoles, func(r access.TenantRole) bool { return int64(r.ID) == it.Thing }); i >= 0 {
			it.Name = s.builtins.TenantRoles[i].Code
		}
	case leaving.Policy:
		if i := slices.IndexFunc(s.builtins.Documents, func(d access.Document) bool { return int64(d.ID) == it.Thing }); i >= 0 {
			d := s.builtins.Documents[i]
			it.Name, it.Powerful = d.Name, d.Power != access.PowerNone || d.Name == policy.OrderPolicy
		}
	case leaving.Group, leaving.Membership, leaving.EngineAccount, leaving.Login:
	}
	it.ID = string(it.Kind) + ":"
	if it.Region != "" {
		it.ID += it.Region
	}
	if it.Workspace != "" {
		it.ID += "/" + it.Workspace
	}
	if it.Region != "" && it.Name != "" {
		it.ID += "/"
	}
	it.ID += it.Name
}

// Administrator is who was added first among the people who administer a workspace without an end by a role of their own.
func (s Leavings) Administrator(ctx context.Context, ws access.WorkspaceID, without access.PrincipalID) (access.Principal, bool, error) {
	return one(ctx, s.db, "finding an administrator", scanPrincipal, "SELECT "+principalColumns+` FROM member m JOIN principal p ON p.id = m.principal_id
		WHERE m.workspace_id = ?1 AND p.id <> ?2 AND p.kind <> 'group' AND p.id NOT IN (SELECT owner_id FROM workspace WHERE id = ?1)
			AND EXISTS (SELECT 1 FROM role_grant g WHERE g.workspace_id = ?1 AND g.principal_id = p.id AND g.until = 0
				AND g.role_id IN (SELECT value FROM json_each(?3)))
		ORDER BY m.added_at, p.id LIMIT 1`, ws, without, set(s.builtins.administering()))
}

// TenantAdministrator is who was first made tenant administrator of a region without an end, without the account.
func (s Leavings) TenantAdministrator(ctx context.Context, region string, without access.PrincipalID) (access.Principal, bool, error) {
	return one(ctx, s.db, "finding a tenant administrator", scanPrincipal, "SELECT "+principalColumns+` FROM tenant_grant g JOIN principal p ON p.id = g.principal_id
		WHERE g.region = ? AND p.id <> ? AND p.kind NOT IN ('group', 'account') AND g.until = 0 AND g.role_id IN (SELECT value FROM json_each(?))
		ORDER BY g.granted_at, p.id LIMIT 1`, region, without, set(s.builtins.governing()))
}

// AdministratorsBeside is as for members.
func (s Leavings) AdministratorsBeside(ctx context.Context, ws access.WorkspaceID, without []access.PrincipalID) (int, error) {
	return Members(s).AdministratorsBeside(ctx, ws, without)
}

// OwnsWorkspace says whether somebody owns a workspace.
func (s Leavings) OwnsWorkspace(ctx context.Context, ws access.WorkspaceID, p access.PrincipalID) (bool, error) {
	_, ok, err := one(ctx, s.db, "reading an owner", value[int], "SELECT 1 FROM workspace WHERE id = ? AND owner_id = ?", ws, p)
	return ok, err
}

// HasAccount says whether somebody works with an account of an engine.
func (s Leavings) HasAccount(ctx context.Context, engine int64, p access.PrincipalID) (bool, error) {
	_, ok, err := one(ctx, s.db, "reading an account", value[int], "SELECT 1 FROM account_mapping WHERE engine_id = ? AND principal_id = ?", engine, p)
	return ok, err
}

// later is the later of the end that stands and the new one, where 0 is no end.
func later(table string) string {
	return fmt.Sprintf("until = CASE WHEN %[1]s.until = 0 OR excluded.until = 0 THEN 0 ELSE max(%[1]s.until, excluded.until) END", table)
}

// Give makes somebody hold an item as well; of two ends the later one stays.
func (s Leavings) Give(ctx context.Context, it leaving.Item, to, by access.PrincipalID, at time.Time) error {
	const doing = "handing something over"
	run := func(query string, args ...any) error {
		_, err := s.db.exec(ctx, doing, query, args...)
		return err
	}
	switch it.Kind {
	case leaving.Group:
		if err := run("UPDATE principal SET version = version + 1 WHERE id = ?", it.Thing); err != nil {
			return err
		}
		return run("INSERT INTO group_member (group_id, principal_id, added_at, added_by) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", it.Thing, to, unix(at), by)
	case leaving.Membership:
		return s.join(ctx, it.Place, to, by, at)
	case leaving.Role:
		if err := s.join(ctx, it.Place, to, by, at); err != nil {
			return err
		}
		if err := run("UPDATE member SET version = version + 1 WHERE workspace_id = ? AND principal_id = ?", it.Place, to); err != nil {
			return err
		}
		return run(`INSERT INTO role_grant (workspace_id, principal_id, role_id, granted_at, granted_by, until) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (workspace_id, principal_id, role_id) DO UPDATE SET `+later("role_grant"), it.Place, to, it.Thing, unix(at), by, unixOf(it.Until))
	case leaving.EngineAccount:
		if err := s.join(ctx, it.Place, to, by, at); err != nil {
			return err
		}
		return run("INSERT INTO account_mapping (engine_id, principal_id, account) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", it.Thing, to, it.Detail)
	case leaving.TenantRole:
		return run(`INSERT INTO tenant_grant (region, principal_id, role_id, granted_at, granted_by, until) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (region, principal_id, role_id) DO UPDATE SET `+later("tenant_grant"), it.Region, to, it.Thing, unix(at), by, unixOf(it.Until))
	case leaving.Policy:
		return run(`INSERT INTO policy_attachment (principal_id, policy_id, attached_at, attached_by, until) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (principal_id, policy_id) DO UPDATE SET `+later("policy_attachment"), to, it.Thing, unix(at), by, unixOf(it.Until))
	case leaving.Login:
	}
	return fmt.Errorf("%s: a %s is nobody else's", doing, it.Kind)
}

// join makes somebody a member who is none.
func (s Leavings) join(ctx context.Context, ws access.WorkspaceID, p, by access.PrincipalID, at time.Time) error {
	joined, err := s.Joined(ctx, ws, []access.PrincipalID{p})
	if err != nil || joined[p] {
		return err
	}
	return s.db.addMember(ctx, ws, p, by, at)
}

// Take takes an item away from somebody.
func (s Leavings) Take(ctx context.Context, it leaving.Item, from access.PrincipalID) error {
	const doing = "giving something up"
	run := func(query string, args ...any) error {
		_, err := s.db.exec(ctx, doing, query, args...)
		return err
	}
	switch it.Kind {
	case leaving.Group:
		if err := run("UPDATE principal SET version = version + 1 WHERE id = ?", it.Thing); err != nil {
			return err
		}
		return run("DELETE FROM group_member WHERE group_id = ? AND principal_id = ?", it.Thing, from)
	case leaving.Membership:
		return Members(s).Remove(ctx, it.Place, from)
	case leaving.Role:
		return run("DELETE FROM role_grant WHERE workspace_id = ? AND principal_id = ? AND role_id = ?", it.Place, from, it.Thing)
	case leaving.EngineAccount:
		if err := run("UPDATE engine SET version = version + 1 WHERE id = ?", it.Thing); err != nil {
			return err
		}
		return run("DELETE FROM account_mapping WHERE engine_id = ? AND principal_id = ?", it.Thing, from)
	case leaving.TenantRole:
		return run("DELETE FROM tenant_grant WHERE region = ? AND principal_id = ? AND role_id = ?", it.Region, from, it.Thing)
	case leaving.Policy:
		return run("DELETE FROM policy_attachment WHERE principal_id = ? AND policy_id = ?", from, it.Thing)
	case leaving.Login:
		return run("UPDATE principal SET os_user = NULL, version = version + 1 WHERE id = ?", from)
	}
	return fmt.Errorf("%s: there is no kind %s", doing, it.Kind)
}
