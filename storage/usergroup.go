package storage

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/directory"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/text"
)

const userGroupColumns = `p.id, p.name, (SELECT count(*) FROM policy_attachment a WHERE a.principal_id = p.id),
	(SELECT count(*) FROM member m JOIN workspace w ON w.id = m.workspace_id AND w.deleted_at = 0 WHERE m.principal_id = p.id), p.created_at, p.version`

func scanUserGroup(row scanner) (g directory.Group, err error) {
	var created int64
	err = row.Scan(&g.ID, &g.Name, &g.Policies, &g.Workspaces, &created, &g.Version)
	g.CreatedAt, g.Members = moment(created), []string{} // a list in JSON also when there are none
	return g, err
}

func userGroups() listing[directory.Group] {
	return listing[directory.Group]{
		doing: "listing groups", columns: userGroupColumns, from: "principal p", id: "p.id",
		natural:  list.Sort{Field: "name"},
		sorts:    map[string]string{"name": "p.name_key", "created": "p.created_at"},
		matchers: map[string]matcher{"": contains("p.name_key"), "name": contains("p.name_key"), "created": day("p.created_at")},
		scan:     scanUserGroup,
	}
}

// onlyUserGroups are the conditions for user groups.
func onlyUserGroups() where { return where{}.with("p.kind = 'group'") }

// Groups lists the user groups.
func (s Directory) Groups(ctx context.Context, q list.Query) (page list.Page[directory.Group], err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if page, err = userGroups().page(ctx, s.db, onlyUserGroups(), q); err != nil {
			return err
		}
		return s.addMembers(ctx, page.Items)
	})
	return page, err
}

func (s Directory) addMembers(ctx context.Context, found []directory.Group) error {
	at := make(map[access.PrincipalID]int, len(found))
	ids := make([]access.PrincipalID, len(found))
	for i, g := range found {
		at[g.ID], ids[i] = i, g.ID
	}
	return each(ctx, s.db, "reading the members of groups", func(row scanner) error {
		var id access.PrincipalID
		var name string
		err := row.Scan(&id, &name)
		if err == nil {
			found[at[id]].Members = append(found[at[id]].Members, name)
		}
		return err
	}, `SELECT m.group_id, p.name FROM group_member m JOIN principal p ON p.id = m.principal_id
		WHERE m.group_id IN (SELECT value FROM json_each(?)) ORDER BY p.name_key`, set(ids))
}

// Group finds a group by name; fault.NotFound (what: group) with near names otherwise.
func (s Directory) Group(ctx context.Context, name string) (g directory.Group, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		const doing = "reading a group"
		w := onlyUserGroups().with("p.name_key = ?", text.Fold(name))
		found, err := all(ctx, s.db, doing, scanUserGroup, "SELECT "+userGroupColumns+" FROM principal p"+w.sql(), w.args...)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			names, err := all(ctx, s.db, doing, value[string], "SELECT p.name FROM principal p"+onlyUserGroups().sql())
			return orMissing(err, &fault.NotFound{What: "user_group", Name: name, Nearest: text.Nearest(name, names, nearNames)})
		}
		err = s.addMembers(ctx, found)
		g = found[0]
		return err
	})
	return g, err
}

// SetGroupMembers takes some out of a group and puts others in, and raises its version if it still is version; otherwise ok
// is false.
func (s Directory) SetGroupMembers(ctx context.Context, id access.PrincipalID, add, remove []access.PrincipalID, by access.PrincipalID, at time.Time, version int64) (ok bool, err error) {
	const doing = "changing the members of a group"
	n, err := s.db.exec(ctx, doing, "UPDATE principal SET version = version + 1 WHERE id = ? AND kind = 'group' AND version = ?", id, version)
	if err != nil || n == 0 {
		return false, err
	}
	if _, err := s.db.exec(ctx, doing,
		"DELETE FROM group_member WHERE group_id = ? AND principal_id IN (SELECT value FROM json_each(?))", id, set(remove)); err != nil {
		return false, err
	}
	_, err = s.db.exec(ctx, doing, `INSERT INTO group_member (group_id, principal_id, added_at, added_by)
		SELECT ?, value, ?, ? FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`, id, unix(at), by, set(add))
	return err == nil, err
}
