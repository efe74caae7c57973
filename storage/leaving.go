package storage

import (
	"context"
	"slices"
	"time"

	"reeve/core/access"
	"reeve/core/leaving"
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
// name, detail, end, the id of the thing, whether its source says it.
type holding struct {
	kind  leaving.Kind
	query string
}

// holdings are the queries in the order of leaving.Kinds; ?1 is the person, ?2 the time.
func holdings() []holding {
	const place = "w.region, w.name, w.id, w.deleted_at <> 0"
	return []holding{
		{leaving.Group, `SELECT '', '', 0, 0, p.name, '', 0, p.id, 0 FROM group_member m JOIN principal p ON p.id = m.group_id
			WHERE m.principal_id = ?1 AND ?2 > 0 ORDER BY p.name_key`},
		{leaving.Membership, "SELECT " + place + `, '', '', 0, 0, 0 FROM member m JOIN workspace w ON w.id = m.workspace_id
			WHERE m.principal_id = ?1 AND ?2 > 0 ORDER BY w.region, w.name_key`},
		{leaving.Role, "SELECT " + place + `, coalesce(c.code, ''), coalesce(c.name, ''), g.until, g.role_id, 0 FROM role_grant g JOIN workspace w ON w.id = g.workspace_id
			JOIN member m ON m.workspace_id = g.workspace_id AND m.principal_id = g.principal_id LEFT JOIN role c ON c.id = g.role_id
			WHERE g.principal_id = ?1 AND (g.until = 0 OR g.until > ?2) AND g.workspace_id IN (SELECT workspace_id FROM member WHERE principal_id = ?1)
			ORDER BY w.region, w.name_key, g.role_id`},
		{leaving.EngineAccount, "SELECT " + place + `, e.name, a.account, 0, e.id, 0 FROM account_mapping a JOIN engine e ON e.id = a.engine_id
			JOIN workspace w ON w.id = e.workspace_id WHERE a.principal_id = ?1 AND ?2 > 0 ORDER BY w.region, w.name_key, e.name_key`},
		{leaving.Identity, "SELECT " + place + `, e.name, i.environment, 0, e.id, 0 ` + identitiesOf + ` WHERE ?2 > 0 ORDER BY w.region, w.name_key, e.name_key, i.environment`},
		{leaving.TenantRole, `SELECT g.region, '', 0, 0, coalesce(c.code, ''), coalesce(c.name, ''), g.until, g.role_id, 0 FROM tenant_grant g LEFT JOIN tenant_role c ON c.id = g.role_id
			WHERE g.principal_id = ?1 AND (g.until = 0 OR g.until > ?2) ORDER BY g.region, g.role_id`},
		{leaving.Policy, `SELECT '', '', 0, 0, coalesce(c.name, ''), '', a.until, a.policy_id, 0 FROM policy_attachment a LEFT JOIN policy c ON c.id = a.policy_id
			WHERE a.principal_id = ?1 AND (a.until = 0 OR a.until > ?2) ORDER BY a.policy_id`},
		{leaving.Login, "SELECT '', '', 0, 0, os_user, '', 0, 0, 0 FROM principal WHERE id = ?1 AND os_user IS NOT NULL AND ?2 > 0"},
		{leaving.Key, "SELECT '', '', 0, 0, fingerprint, comment, 0, id, 0 FROM principal_key WHERE principal_id = ?1 AND ?2 > 0 ORDER BY id"},
		{leaving.Contact, `SELECT '', '', 0, 0, 'email', email, 0, 0, source_id <> 0 FROM principal WHERE id = ?1 AND email <> '' AND ?2 > 0
			UNION ALL SELECT '', '', 0, 0, 'phone', phone, 0, 0, source_id <> 0 FROM principal WHERE id = ?1 AND phone <> '' AND ?2 > 0`},
		{leaving.Request, `SELECT region, workspace, 0, 0, CAST(id AS TEXT), CASE WHEN role_name = '' THEN role ELSE role_name END, until, id, 0 FROM access_request
			WHERE requester_id = ?1 AND state = 'pending' AND expires_at > ?2 ORDER BY id`},
		// Tokens keep the name of who made them, which may have been somebody else's before.
		{leaving.Token, `SELECT '', '', 0, 0, t.name, t.used_for, t.until, 0, 0 FROM principal p JOIN token t ON t.created_by = p.name AND t.created_at >= p.created_at
			WHERE p.id = ?1 AND t.until > ?2 ORDER BY t.name_key`},
	}
}

// identitiesOf are the identities of engines that are the principal ?1, as i.environment of the engine e in the workspace w. Engines know
// identities by name alone.
const identitiesOf = `FROM principal p JOIN engine e ON e.dev_identity = p.name COLLATE NOCASE OR e.prod_identity = p.name COLLATE NOCASE
	JOIN (SELECT 'dev' AS environment UNION ALL SELECT 'prod') i
		ON CASE i.environment WHEN 'dev' THEN e.dev_identity ELSE e.prod_identity END = p.name COLLATE NOCASE AND p.id = ?1 AND p.kind <> 'group'
	JOIN workspace w ON w.id = e.workspace_id`

// Holdings are what somebody holds themselves, by grants in force at now, in the order of Kinds and then by place and name.
func (s Leavings) Holdings(ctx context.Context, p access.PrincipalID, now time.Time) (items []leaving.Item, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		for _, h := range holdings() {
			found, err := all(ctx, s.db, "reading what a user holds", func(row scanner) (it leaving.Item, err error) {
				var until int64
				err = row.Scan(&it.Region, &it.Workspace, &it.Place, &it.Binned, &it.Name, &it.Detail, &until, &it.Thing, &it.Upstream)
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
			it.Name = s.builtins.Documents[i].Name
		}
	case leaving.Request: // its number says all
		it.ID = string(it.Kind) + ":" + it.Name
		return
	case leaving.Group, leaving.Membership, leaving.EngineAccount, leaving.Identity, leaving.Login, leaving.Key, leaving.Contact, leaving.Token:
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
	if it.Kind == leaving.Identity {
		it.ID += "/" + it.Detail
	}
}

// Administrator is who was added first among the active people who administer a workspace without an end by a role of their own.
func (s Leavings) Administrator(ctx context.Context, ws access.WorkspaceID, without access.PrincipalID) (access.Principal, bool, error) {
	return one(ctx, s.db, "finding an administrator", scanPrincipal, "SELECT "+principalColumns+` FROM member m JOIN principal p ON p.id = m.principal_id
		WHERE m.workspace_id = ?1 AND p.id <> ?2 AND p.kind <> 'group' AND p.status = 'active' AND p.id NOT IN (SELECT owner_id FROM workspace WHERE id = ?1)
			AND EXISTS (SELECT 1 FROM role_grant g WHERE g.workspace_id = ?1 AND g.principal_id = p.id AND g.until = 0
				AND g.role_id IN (SELECT value FROM json_each(?3)))
		ORDER BY m.added_at, p.id LIMIT 1`, ws, without, set(s.builtins.administering()))
}

// TenantAdministrator is which active person was first made tenant administrator of a region without an end, without the account.
func (s Leavings) TenantAdministrator(ctx context.Context, region string, without access.PrincipalID) (access.Principal, bool, error) {
	return one(ctx, s.db, "finding a tenant administrator", scanPrincipal, "SELECT "+principalColumns+` FROM tenant_grant g JOIN principal p ON p.id = g.principal_id
		WHERE g.region = ? AND p.id <> ? AND p.kind NOT IN ('group', 'account') AND p.status = 'active' AND g.until = 0 AND g.role_id IN (SELECT value FROM json_each(?))
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

// TakeBinned takes somebody out of a workspace that is in the bin, and out of the identities of its engines.
func (s Leavings) TakeBinned(ctx context.Context, ws access.WorkspaceID, p access.Principal) error {
	if _, err := s.db.exec(ctx, "clearing the identities of engines", `UPDATE engine SET version = version + 1,
		dev_identity = CASE WHEN dev_identity = ?2 COLLATE NOCASE THEN '' ELSE dev_identity END,
		prod_identity = CASE WHEN prod_identity = ?2 COLLATE NOCASE THEN '' ELSE prod_identity END
		WHERE workspace_id = ?1 AND ?2 COLLATE NOCASE IN (dev_identity, prod_identity)`, ws, p.Name); err != nil {
		return err
	}
	return Members(s).RemoveAll(ctx, ws, []access.PrincipalID{p.ID})
}
