package storage

import (
	"context"
	"fmt"
	"time"

	"reeve/core/access"
	"reeve/core/fault"
	"reeve/core/member"
)

// AdministratorsBeside counts the people who are active and hold a role that administers without an end, directly or through a group
// that is active, without the owner, and without what is granted to the given principals themselves.
func (s Members) AdministratorsBeside(ctx context.Context, ws access.WorkspaceID, without []access.PrincipalID) (int, error) {
	n, _, err := one(ctx, s.db, "counting administrators", value[int],
		`WITH administering AS (SELECT g.principal_id AS id FROM role_grant g WHERE g.workspace_id = ?1 AND g.until = 0
			AND g.role_id IN (SELECT value FROM json_each(?2)) AND g.principal_id NOT IN (SELECT value FROM json_each(?3))),
		acting AS (SELECT p.id, p.kind FROM administering a JOIN principal p ON p.id = a.id WHERE `+disabledSince+` = 0)
		SELECT count(*) FROM principal p WHERE p.id IN (
			SELECT id FROM acting WHERE kind <> 'group' UNION
			SELECT m.principal_id FROM acting a JOIN group_member m ON m.group_id = a.id)
		AND p.id NOT IN (SELECT owner_id FROM workspace WHERE id = ?1) AND `+disabledSince+` = 0`,
		ws, set(s.builtins.administering()), set(without))
	return n, err
}

// addMember makes a principal a member with one role, in version 1.
func (db *DB) addMember(ctx context.Context, ws access.WorkspaceID, p access.PrincipalID, role access.RoleID, by access.PrincipalID, at time.Time) error {
	n, err := db.exec(ctx, "adding a member",
		`INSERT INTO member (workspace_id, principal_id, name_key, added_at, added_by)
		SELECT ?, id, name_key, ?, ? FROM principal WHERE id = ?`, ws, unix(at), by, p)
	if err == nil && n == 0 {
		err = errMissing("user", p)
	}
	if err != nil {
		return err
	}
	return db.grantAll(ctx, ws, []member.Assignment{{Member: p, Roles: []member.Hold{{Role: role}}}}, by, at)
}

// AddAll makes principals members who are none.
func (s Members) AddAll(ctx context.Context, ws access.WorkspaceID, added []member.Assignment, by access.PrincipalID, at time.Time) error {
	const doing = "adding members"
	// The people that are named come first: otherwise SQLite may look through all of them for each principal that there is.
	n, err := s.db.exec(ctx, doing, `INSERT INTO member (workspace_id, principal_id, name_key, added_at, added_by, version)
		SELECT ?, p.id, p.name_key, ?, ?, 2 FROM json_each(?) j CROSS JOIN principal p ON p.id = j.value`, ws, unix(at), by, set(assigned(added)))
	if err != nil {
		return err
	}
	if int(n) != len(added) {
		return fmt.Errorf("%s: of %d principals %d are there", doing, len(added), n)
	}
	return s.db.grantAll(ctx, ws, added, by, at)
}

// assigned are the principals of assignments.
func assigned(list []member.Assignment) []access.PrincipalID {
	ids := make([]access.PrincipalID, len(list))
	for i, a := range list {
		ids[i] = a.Member
	}
	return ids
}

// grants are the roles of assignments as one argument: a list of principal, role and end each.
func grants(list []member.Assignment) string {
	var rows [][3]int64
	for _, a := range list {
		for _, r := range a.Roles {
			rows = append(rows, [3]int64{int64(a.Member), int64(r.Role), unix(r.Until)})
		}
	}
	return set(rows)
}

// grantAll gives members their roles, or sets the ends of the grants that are there.
func (db *DB) grantAll(ctx context.Context, ws access.WorkspaceID, list []member.Assignment, by access.PrincipalID, at time.Time) error {
	const doing = "granting roles"
	given := grants(list)
	off, _, err := one(ctx, db, doing, value[bool], `SELECT w.dev_role_disabled AND EXISTS (
			SELECT 1 FROM json_each(?1) j WHERE json_extract(j.value, '$[1]') = ?2 AND NOT EXISTS (SELECT 1 FROM role_grant g
				WHERE g.workspace_id = w.id AND g.principal_id = json_extract(j.value, '$[0]') AND g.role_id = ?2))
		FROM workspace w WHERE w.id = ?3`, given, developRole, ws)
	if err != nil {
		return err
	}
	if off {
		return fault.OneField("role", "fault.member.no_develop", nil)
	}
	_, err = db.exec(ctx, doing, `INSERT INTO role_grant (workspace_id, principal_id, role_id, granted_at, granted_by, until)
		SELECT ?, json_extract(j.value, '$[0]'), json_extract(j.value, '$[1]'), ?, ?, json_extract(j.value, '$[2]') FROM json_each(?) j WHERE true
		ON CONFLICT (workspace_id, principal_id, role_id) DO UPDATE SET until = excluded.until`, ws, unix(at), by, given)
	return err
}

// SetAll makes each of these members hold exactly the roles said and raises the versions if all still are what was read. A grant that
// was over is a new one.
func (s Members) SetAll(ctx context.Context, ws access.WorkspaceID, changed []member.Assignment, by access.PrincipalID, at time.Time) (ok bool, err error) {
	read := make([][2]int64, len(changed))
	for i, a := range changed {
		read[i] = [2]int64{int64(a.Member), a.Version}
	}
	people := set(assigned(changed))
	n, err := s.db.exec(ctx, "changing members", `UPDATE member SET version = version + 1
		WHERE workspace_id = ? AND principal_id IN (SELECT value FROM json_each(?))
			AND (principal_id, version) IN (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))`, ws, people, set(read))
	if err != nil || int(n) != len(changed) {
		return false, err
	}
	// The grants that stay are found by id: of pairs that are not in a list SQLite looks through all of it for each.
	if _, err := s.db.exec(ctx, "taking roles away",
		`DELETE FROM role_grant WHERE workspace_id = ?1 AND principal_id IN (SELECT value FROM json_each(?2)) AND ((until <> 0 AND until <= ?3)
			OR id NOT IN (SELECT g.id FROM json_each(?4) j CROSS JOIN role_grant g ON g.workspace_id = ?1
				AND g.principal_id = json_extract(j.value, '$[0]') AND g.role_id = json_extract(j.value, '$[1]')))`,
		ws, people, unix(at), grants(changed)); err != nil {
		return false, err
	}
	return true, s.db.grantAll(ctx, ws, changed, by, at)
}

// RemoveAll takes members out of the workspace, with all roles held in it and the accounts of its engines.
func (s Members) RemoveAll(ctx context.Context, ws access.WorkspaceID, people []access.PrincipalID) error {
	const doing = "removing members"
	if _, err := s.db.exec(ctx, doing, `DELETE FROM account_mapping WHERE principal_id IN (SELECT value FROM json_each(?))
		AND engine_id IN (SELECT id FROM engine WHERE workspace_id = ?)`, set(people), ws); err != nil {
		return err
	}
	_, err := s.db.exec(ctx, doing, "DELETE FROM member WHERE workspace_id = ? AND principal_id IN (SELECT value FROM json_each(?))", ws, set(people))
	return err
}

// endings are the grants that end in some time. Grants of workspaces in the bin are out of force and not told.
const endings = `SELECT w.id, w.name, w.region, g.principal_id, coalesce(p.name, ''), g.role_id, coalesce(c.code, ''), coalesce(c.name, ''), g.until
	FROM role_grant g JOIN workspace w ON w.id = g.workspace_id LEFT JOIN principal p ON p.id = g.principal_id LEFT JOIN role c ON c.id = g.role_id`

// Ending lists the grants that end after now and not after before, the earliest first: of one workspace, of one principal
// (those of its groups included), or both; 0 is any.
func (s Members) Ending(ctx context.Context, ws access.WorkspaceID, p access.PrincipalID, now, before time.Time) ([]member.Ending, error) {
	among := where{}
	among.add("g.until <> 0 AND g.until > ? AND g.until <= ? AND w.deleted_at = 0", unix(now), unix(before))
	if ws != 0 {
		among.add("g.workspace_id = ?", ws)
	}
	if p != 0 {
		among.add("(g.principal_id = ? OR g.principal_id IN (SELECT group_id FROM group_member WHERE principal_id = ?))", p, p)
	}
	return all(ctx, s.db, "reading the grants that end", func(row scanner) (e member.Ending, err error) {
		var until int64
		err = row.Scan(&e.Workspace, &e.WorkspaceName, &e.Region, &e.Principal, &e.User, &e.Role, &e.Code, &e.Name, &until)
		e.Until, e.Kind, e.Grant = moment(until), access.Custom, fault.GrantWorkspaceRole
		if err == nil && e.Code == "" {
			var r access.Role
			r, err = s.builtin(e.Role)
			e.Code, e.Name, e.Kind = r.Code, r.Name, access.Builtin
		}
		return e, err
	}, endings+among.sql()+" ORDER BY g.until, g.id", among.args...)
}

// EndingElsewhere lists the tenant roles and policies of a principal, those of its groups included, that end after now and not after before.
func (s Members) EndingElsewhere(ctx context.Context, p access.PrincipalID, now, before time.Time) (ending []member.Ending, err error) {
	const who = "g.principal_id = p.id AND (p.id = ?1 OR p.id IN (SELECT group_id FROM group_member WHERE principal_id = ?1)) AND g.until > ?2 AND g.until <= ?3"
	err = s.db.Read(ctx, func(ctx context.Context) error {
		roles, err := all(ctx, s.db, "reading the tenant roles that end", func(row scanner) (e member.Ending, err error) {
			var until int64
			var id access.TenantRoleID
			err = row.Scan(&e.Region, &e.Principal, &e.User, &id, &e.Code, &e.Name, &until)
			e.Grant, e.Until, e.Kind = fault.GrantTenantRole, moment(until), access.Custom
			for _, r := range s.builtins.TenantRoles {
				if r.ID == id {
					e.Code, e.Name, e.Kind = r.Code, r.Name, access.Builtin
				}
			}
			return e, err
		}, `SELECT g.region, p.id, p.name, g.role_id, coalesce(c.code, ''), coalesce(c.name, ''), g.until
			FROM tenant_grant g JOIN principal p ON `+who+` LEFT JOIN tenant_role c ON c.id = g.role_id ORDER BY g.until, g.id`, p, unix(now), unix(before))
		if err != nil {
			return err
		}
		policies, err := all(ctx, s.db, "reading the policies that end", func(row scanner) (e member.Ending, err error) {
			var until int64
			var id access.PolicyID
			err = row.Scan(&e.Principal, &e.User, &id, &e.Name, &until)
			e.Grant, e.Until, e.Kind = fault.GrantPolicy, moment(until), access.Custom
			for _, d := range s.builtins.Documents {
				if d.ID == id {
					e.Name = d.Name
				}
			}
			return e, err
		}, `SELECT p.id, p.name, g.policy_id, coalesce(y.name, ''), g.until
			FROM policy_attachment g JOIN principal p ON `+who+` LEFT JOIN policy y ON y.id = g.policy_id ORDER BY g.until, g.id`, p, unix(now), unix(before))
		ending = append(roles, policies...)
		return err
	})
	return ending, err
}
