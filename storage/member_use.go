package storage

import (
	"context"
	"strconv"
	"time"

	"reeve/core/access"
	"reeve/core/member"
)

// Dormant lists the roles in force that were granted before a time and not used since, and the members without a role who are as old,
// the longest unused first.
func (s Members) Dormant(ctx context.Context, ws access.WorkspaceID, since time.Time) ([]member.Dormant, error) {
	return all(ctx, s.db, "reading what is unused", func(row scanner) (d member.Dormant, err error) {
		var id access.RoleID
		var granted, until, active int64
		if err = row.Scan(&d.Principal, &d.User, &d.Kind, &id, &d.Code, &d.Name, &granted, &until, &active); err != nil {
			return d, err
		}
		d.ID = id
		d.GrantedAt, d.Until, d.Role = moment(granted), momentOf(until), access.Custom
		if active >= granted {
			d.LastUsed = momentOf(active)
		}
		if id != 0 && d.Code == "" {
			var r access.Role
			r, err = s.builtin(id)
			d.Code, d.Name, d.Role = r.Code, r.Name, access.Builtin
		}
		return d, err
	}, `SELECT m.principal_id, coalesce(p.name, ''), coalesce(p.kind, ''), coalesce(g.role_id, 0), coalesce(c.code, ''), coalesce(c.name, ''),
			coalesce(g.granted_at, m.added_at) AS granted, coalesce(g.until, 0), m.active_at
		FROM member m LEFT JOIN role_grant g ON g.workspace_id = m.workspace_id AND g.principal_id = m.principal_id AND (g.until = 0 OR g.until > ?1)
			LEFT JOIN principal p ON p.id = m.principal_id LEFT JOIN role c ON c.id = g.role_id
		WHERE m.workspace_id = ?2 AND m.active_at < ?3 AND coalesce(g.granted_at, m.added_at) < ?3
			AND m.principal_id NOT IN (SELECT owner_id FROM workspace WHERE id = ?2)
		ORDER BY max(m.active_at, coalesce(g.granted_at, m.added_at)), m.name_key, g.role_id`, s.db.now(), ws, unix(since))
}

// unused matches the members with something that Dormant finds for so many days.
func (db *DB) unused(word string, _ bool) (string, []any) {
	days, err := strconv.Atoi(word)
	if err != nil || days < 0 || days > member.MaxDays {
		return "1 = 0", nil
	}
	since := db.now() - int64(days)*24*60*60
	return `(m.active_at < ? AND coalesce((SELECT min(g.granted_at) FROM role_grant g WHERE g.workspace_id = m.workspace_id
			AND g.principal_id = m.principal_id AND (g.until = 0 OR g.until > ?)), m.added_at) < ?
		AND m.principal_id <> (SELECT w.owner_id FROM workspace w WHERE w.id = m.workspace_id))`, []any{since, db.now(), since}
}
