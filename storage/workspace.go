package storage

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/message"
	"reeve/core/text"
	"reeve/core/workspace"
)

// Workspaces keeps the workspaces of the tenant.
type Workspaces struct{ Places }

var _ workspace.Store = Workspaces{}

// NewWorkspaces makes the store.
func NewWorkspaces(db *DB) Workspaces { return Workspaces{Places{db}} }

const (
	workspaceColumns = `w.id, w.region, w.name, w.display_name, w.description, w.mode, w.template, w.status, coalesce(o.name, ''),
		w.created_at, coalesce(c.name, ''), w.deleted_at, w.purge_at, w.version`
	// The joins are outer ones because those keep the workspaces first, in the order of an index.
	workspaceFrom = "workspace w LEFT JOIN principal o ON o.id = w.owner_id LEFT JOIN principal c ON c.id = w.created_by"
	// administrators are the members holding Workspace Administrator, without the owner.
	administrators = `role_grant g JOIN principal a ON a.id = g.principal_id
		WHERE g.workspace_id = w.id AND g.role_id = 2 AND g.principal_id <> w.owner_id`
	shownStatus = "CASE WHEN w.deleted_at <> 0 THEN 'deleted' ELSE w.status END"
)

func scanWorkspace(row scanner) (w workspace.Workspace, err error) {
	var created, deleted, purge int64
	err = row.Scan(&w.ID, &w.Region, &w.Name, &w.DisplayName, &w.Description, &w.Mode, &w.Template, &w.Status, &w.Owner,
		&created, &w.CreatedBy, &deleted, &purge, &w.Version)
	w.Admins = []string{} // a list in JSON also when there are none
	w.CreatedAt, w.DeletedAt, w.PurgeAt = moment(created), momentOf(deleted), momentOf(purge)
	if deleted != 0 {
		w.RestoresTo, w.Status = w.Status, workspace.Deleted
	}
	return w, err
}

func workspaces() listing[workspace.Workspace] {
	return listing[workspace.Workspace]{
		doing: "listing workspaces", columns: workspaceColumns, from: workspaceFrom, id: "w.id",
		natural: list.Sort{Field: "name"},
		sorts: map[string]string{
			"name": "w.name_key", "display_name": "w.display_key", "mode": "w.mode", "template": "w.template", "status": shownStatus,
			"owner": "coalesce(o.name_key, '')", "admin": "coalesce((SELECT min(a.name_key) FROM " + administrators + "), '')",
			"created": "w.created_at", "deleted": "w.deleted_at",
		},
		matchers: map[string]matcher{
			"":             searches("w.id", "workspace_text", "{name display_name}", "w.name_key", "w.display_key"),
			"name":         searches("w.id", "workspace_text", "{name}", "w.name_key"),
			"display_name": searches("w.id", "workspace_text", "{display_name}", "w.display_key"),
			"mode":         contains("w.mode"),
			"template":     contains("w.template"),
			"status":       contains(shownStatus),
			"owner":        contains("coalesce(o.name_key, '')"),
			"admin": func(word string, _ bool) (string, []any) {
				return "EXISTS (SELECT 1 FROM " + administrators + ` AND a.name_key LIKE ? ESCAPE '\')`, []any{containing(word)}
			},
			"created": day("w.created_at"),
			"deleted": day("w.deleted_at"),
		},
		scan: scanWorkspace,
	}
}

// List lists the workspaces of a view.
func (s Workspaces) List(ctx context.Context, v workspace.View, q list.Query) (page list.Page[workspace.Workspace], err error) {
	base := where{}
	if v.Region != "" {
		base.add("w.region = ?", text.Fold(v.Region))
	}
	if v.Bin {
		base.add("w.deleted_at <> 0 AND w.purge_at > ?", unix(v.Now))
	} else {
		base.add("w.deleted_at = 0")
	}
	if v.Joined != 0 {
		base.add(joined, v.Joined, v.Joined)
	}
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if page, err = workspaces().page(ctx, s.db, base, q); err != nil {
			return err
		}
		return s.addPeople(ctx, page.Items, workspace.ListedAdmins)
	})
	return page, err
}

// addPeople names the administrators, at most most of each, and counts the members, with one query for all workspaces.
func (s Workspaces) addPeople(ctx context.Context, found []workspace.Workspace, most int) error {
	at := make(map[access.WorkspaceID]int, len(found))
	ids := make([]access.WorkspaceID, len(found))
	for i, w := range found {
		at[w.ID], ids[i] = i, w.ID
	}
	these := set(ids)
	if err := each(ctx, s.db, "reading administrators", func(row scanner) error {
		var id access.WorkspaceID
		var name string
		err := row.Scan(&id, &name)
		if err == nil {
			found[at[id]].Admins = append(found[at[id]].Admins, name)
		}
		return err
	}, `SELECT workspace_id, name FROM (
			SELECT w.id AS workspace_id, a.name, a.name_key, row_number() OVER (PARTITION BY w.id ORDER BY a.name_key) AS place
			FROM workspace w, `+administrators+` AND w.id IN (SELECT value FROM json_each(?)))
		WHERE place <= ? ORDER BY workspace_id, name_key`, these, most); err != nil {
		return err
	}
	return each(ctx, s.db, "counting members", func(row scanner) error {
		var id access.WorkspaceID
		var n int
		err := row.Scan(&id, &n)
		if err == nil {
			found[at[id]].Members = n
		}
		return err
	}, "SELECT workspace_id, count(*) FROM member WHERE workspace_id IN (SELECT value FROM json_each(?)) GROUP BY workspace_id", these)
}

// everyAdmin is more administrators than a workspace has.
const everyAdmin = 1 << 30

// Get reads a workspace, in the bin or not.
func (s Workspaces) Get(ctx context.Context, id access.WorkspaceID) (w workspace.Workspace, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		found, err := all(ctx, s.db, "reading a workspace", scanWorkspace,
			"SELECT "+workspaceColumns+" FROM "+workspaceFrom+" WHERE w.id = ?", id)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return errMissing("workspace", id)
		}
		err = s.addPeople(ctx, found, everyAdmin)
		w = found[0]
		return err
	})
	return w, err
}

// BinPlace finds a workspace in the bin that is not due for purging at now; fault.NotFound otherwise.
func (s Workspaces) BinPlace(ctx context.Context, ref control.Ref, now time.Time) (control.Target, error) {
	return s.binPlace(ctx, ref, now)
}

// NameUse says who has a name in a region, in its own spelling: a live workspace, or one in the bin and until when; purged
// at now does not count.
func (s Workspaces) NameUse(ctx context.Context, region, name string, now time.Time) (use workspace.NameUse, err error) {
	type row struct {
		name  string
		purge int64
	}
	r, found, err := one(ctx, s.db, "looking a name up", func(s scanner) (r row, err error) { return r, s.Scan(&r.name, &r.purge) },
		"SELECT name, purge_at FROM workspace WHERE region = ? AND name_key = ?", text.Fold(region), text.Fold(name))
	switch {
	case err != nil || !found:
		return use, err
	case r.purge == 0:
		return workspace.NameUse{Name: r.name}, nil
	case r.purge > unix(now):
		return workspace.NameUse{Name: r.name, BinnedUntil: momentOf(r.purge)}, nil
	}
	return use, nil
}

// Insert makes the record, the owner's membership and role, and the administrators' memberships and roles, and returns it
// with its id.
func (s Workspaces) Insert(ctx context.Context, w workspace.Workspace, owner access.PrincipalID, admins []access.PrincipalID, by access.PrincipalID) (workspace.Workspace, error) {
	const doing = "making a workspace"
	none := workspace.Workspace{}
	name, display := text.Fold(w.Name), text.Fold(w.DisplayName)
	row, err := s.db.insertRow(ctx, doing,
		`INSERT INTO workspace (region, name, name_key, display_name, display_key, description, mode, template, status, owner_id, created_at, created_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		text.Fold(w.Region), w.Name, name, w.DisplayName, display, w.Description, string(w.Mode), string(w.Template), string(w.Status), owner, unix(w.CreatedAt), by)
	if err != nil {
		if violatesUnique(err) {
			return none, fault.OneField("name", "fault.workspace.name.taken", message.Args{"Name": w.Name, "Region": w.Region})
		}
		return none, err
	}
	if _, err := s.db.exec(ctx, doing, "INSERT INTO workspace_text (rowid, name, display_name) VALUES (?, ?, ?)", row, name, display); err != nil {
		return none, err
	}
	id := access.WorkspaceID(row) // #nosec G115 -- ids count up from 1
	roles := map[access.PrincipalID]access.RoleID{owner: ownerRole}
	for _, p := range append([]access.PrincipalID{owner}, admins...) {
		if roles[p] == 0 {
			roles[p] = adminRole
		}
		if err := s.db.addMember(ctx, id, p, by, w.CreatedAt); err != nil {
			return none, err
		}
		if err := s.db.grant(ctx, id, p, member.Hold{Role: roles[p]}, by, w.CreatedAt); err != nil {
			return none, err
		}
	}
	return s.Get(ctx, id)
}

// Update writes display name, description, status, and the bin's times if the stored version is still w.Version, and
// raises it; otherwise it changes nothing and ok is false.
func (s Workspaces) Update(ctx context.Context, w workspace.Workspace) (ok bool, err error) {
	const doing = "changing a workspace"
	status, display := w.Status, text.Fold(w.DisplayName)
	if status == workspace.Deleted {
		status = w.RestoresTo
	}
	n, err := s.db.exec(ctx, doing, `UPDATE workspace SET display_name = ?, display_key = ?, description = ?, status = ?,
		deleted_at = ?, purge_at = ?, version = version + 1 WHERE id = ? AND version = ?`,
		w.DisplayName, display, w.Description, string(status), unixOf(w.DeletedAt), unixOf(w.PurgeAt), w.ID, w.Version)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = s.db.exec(ctx, doing, "UPDATE workspace_text SET name = ?, display_name = ? WHERE rowid = ?", text.Fold(w.Name), display, w.ID)
	return true, err
}

// Contents counts what goes with a workspace when it is deleted: members and their grants without the owner, and custom
// roles.
func (s Workspaces) Contents(ctx context.Context, id access.WorkspaceID) (workspace.Contents, error) {
	c, _, err := one(ctx, s.db, "counting what is in a workspace", func(row scanner) (c workspace.Contents, err error) {
		err = row.Scan(&c.Members, &c.CustomRoles, &c.Grants)
		return c, err
	}, `SELECT (SELECT count(*) FROM member m WHERE m.workspace_id = w.id AND m.principal_id <> w.owner_id),
		(SELECT count(*) FROM role r WHERE r.workspace_id = w.id),
		(SELECT count(*) FROM role_grant g WHERE g.workspace_id = w.id AND g.principal_id <> w.owner_id)
		FROM workspace w WHERE w.id = ?`, id)
	return c, err
}

// Purge removes for good what is in the bin and due at now: in a region (in all if it is empty), and if name is not empty
// only that one. It returns how many.
func (s Workspaces) Purge(ctx context.Context, region, name string, now time.Time) (int, error) {
	const doing = "emptying the bin"
	due := where{}
	due.add("deleted_at <> 0 AND purge_at <= ?", unix(now))
	if region != "" {
		due.add("region = ?", text.Fold(region))
	}
	if name != "" {
		due.add("name_key = ?", text.Fold(name))
	}
	ids, err := all(ctx, s.db, doing, value[access.WorkspaceID], "SELECT id FROM workspace"+due.sql(), due.args...)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	if _, err := s.db.exec(ctx, doing, "DELETE FROM workspace_text WHERE rowid IN (SELECT value FROM json_each(?))", set(ids)); err != nil {
		return 0, err
	}
	n, err := s.db.exec(ctx, doing, "DELETE FROM workspace WHERE id IN (SELECT value FROM json_each(?))", set(ids))
	return int(n), err
}

// Principals finds principals by name, in the given order; fault.NotFound for the first unknown one.
func (s Workspaces) Principals(ctx context.Context, names []string) ([]access.Principal, error) {
	return s.db.principals(ctx, names)
}

// Owner is the account that owns the tenant.
func (s Workspaces) Owner(ctx context.Context) (access.Principal, error) { return s.db.owner(ctx) }
