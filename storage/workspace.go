package storage

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
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
	workspaceColumns = `w.id, w.region, w.name, w.display_name, w.description, w.mode, w.template, w.status,
		coalesce((SELECT o.name FROM principal o WHERE o.id = w.owner_id), ''),
		w.created_at, ` + everOf + "w.created_by" + orNobody + `, w.deleted_at, w.purge_at, w.version, w.resumes_to, w.is_default, w.aliyun_group,
		w.default_group_id, coalesce((SELECT g.name FROM resource_group g JOIN resource_group_workspace b ON b.group_id = g.id AND b.workspace_id = w.id
			WHERE g.id = w.default_group_id AND g.deleted_at = 0), ''), w.new_data_studio, w.dev_role_disabled, w.pai_scheduling, w.personal_dev_shutdown, w.periodic_scheduling,
		w.time_zone, w.cycle_time, w.rerun_policy, w.reruns, w.rerun_interval, w.auto_parse, w.download_select, w.change_node_owner`
	// Nothing is joined: so an index alone counts the workspaces.
	workspaceFrom = "workspace w"
	// ownerKey is the owner's name for sorting and searching.
	ownerKey = "coalesce((SELECT o.name_key FROM principal o WHERE o.id = w.owner_id), '')"
	// administrators are the members holding Workspace Administrator, without the owner.
	administrators = `role_grant g JOIN principal a ON a.id = g.principal_id
		WHERE g.workspace_id = w.id AND g.role_id = 2 AND g.principal_id <> w.owner_id`
	shownStatus = "CASE WHEN w.deleted_at <> 0 THEN 'deleted' ELSE w.status END"
)

func scanWorkspace(row scanner) (w workspace.Workspace, err error) {
	var created, deleted, purge int64
	var group sql.NullInt64
	err = row.Scan(&w.ID, &w.Region, &w.Name, &w.DisplayName, &w.Description, &w.Mode, &w.Template, &w.Status, &w.Owner,
		&created, &w.CreatedBy, &deleted, &purge, &w.Version, &w.ResumesTo, &w.Default, &w.AliyunGroup,
		&group, &w.DefaultGroup, &w.NewDataStudio, &w.DevRoleDisabled, &w.PaiScheduling, &w.PersonalDevShutdown, &w.PeriodicScheduling,
		&w.TimeZone, &w.CycleTime, &w.RerunPolicy, &w.Reruns, &w.RerunPause, &w.AutoParse, &w.DownloadSelect, &w.ChangeNodeOwner)
	// Lists in JSON also when there are none.
	w.Admins, w.Tags, w.SandboxAllowlist = []string{}, []workspace.Tag{}, []string{}
	w.DefaultGroupID = uint32(group.Int64) // #nosec G115 -- ids count up from 1
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
			"owner": ownerKey, "admin": "coalesce((SELECT min(a.name_key) FROM " + administrators + "), '')",
			"created": "w.created_at", "deleted": "w.deleted_at", "resource_group": "w.aliyun_group",
		},
		matchers: map[string]matcher{
			"":             searches("w.id", "workspace_text", "{name display_name}", "w.name_key", "w.display_key"),
			"name":         searches("w.id", "workspace_text", "{name}", "w.name_key"),
			"display_name": searches("w.id", "workspace_text", "{display_name}", "w.display_key"),
			"mode":         contains("w.mode"),
			"template":     contains("w.template"),
			"status":       contains(shownStatus),
			"owner":        contains(ownerKey),
			"admin": func(word string, _ bool) (string, []any) {
				return "EXISTS (SELECT 1 FROM " + administrators + ` AND a.name_key LIKE ? ESCAPE '\')`, []any{containing(word)}
			},
			"resource_group": contains("w.aliyun_group"),
			"tag":            tagged,
			"created":        day("w.created_at"),
			"deleted":        day("w.deleted_at"),
		},
		scan: scanWorkspace,
	}
}

// tagged matches tags: key=value both as they are, but for case; a word without = anywhere in a key or a value.
func tagged(word string, _ bool) (string, []any) {
	const tags = "EXISTS (SELECT 1 FROM workspace_tag t WHERE t.workspace_id = w.id AND "
	if key, value, ok := strings.Cut(word, "="); ok {
		return tags + "t.tag_key = ? AND t.value_key = ?)", []any{key, value}
	}
	return tags + `(t.tag_key LIKE ? ESCAPE '\' OR t.value_key LIKE ? ESCAPE '\'))`, []any{containing(word), containing(word)}
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
		base.add(openTo, v.Joined, v.Joined)
	}
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if page, err = workspaces().page(ctx, s.db, base, q); err != nil {
			return err
		}
		return s.addPeople(ctx, page.Items, workspace.ListedAdmins)
	})
	return page, err
}

// addPeople names the administrators, at most most of each, counts the members and adds the tags, with one query each for all
// workspaces.
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
	if err := each(ctx, s.db, "reading tags", func(row scanner) error {
		var id access.WorkspaceID
		var t workspace.Tag
		err := row.Scan(&id, &t.Key, &t.Value)
		if err == nil {
			found[at[id]].Tags = append(found[at[id]].Tags, t)
		}
		return err
	}, "SELECT workspace_id, tag, value FROM workspace_tag WHERE workspace_id IN (SELECT value FROM json_each(?)) ORDER BY workspace_id, tag", these); err != nil {
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
		if err := s.addPeople(ctx, found, everyAdmin); err != nil {
			return err
		}
		w = found[0]
		allowed, err := all(ctx, s.db, "reading the allow-list", value[string],
			"SELECT address FROM workspace_allowed WHERE workspace_id = ? ORDER BY position", id)
		w.SandboxAllowlist = append(w.SandboxAllowlist, allowed...)
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

// HasDefault says whether the region has its default workspace, in the bin or not.
func (s Workspaces) HasDefault(ctx context.Context, region string) (bool, error) {
	has, _, err := one(ctx, s.db, "looking for the default workspace", value[bool],
		"SELECT EXISTS (SELECT 1 FROM workspace WHERE region = ? AND is_default = 1)", text.Fold(region))
	return has, err
}

// Insert makes the record with its settings and tags, the owner's membership and role, and the administrators' memberships and
// roles, and returns it with its id.
func (s Workspaces) Insert(ctx context.Context, w workspace.Workspace, owner access.PrincipalID, admins []access.PrincipalID, by access.PrincipalID) (workspace.Workspace, error) {
	const doing = "making a workspace"
	none := workspace.Workspace{}
	name, display := text.Fold(w.Name), text.Fold(w.DisplayName)
	row, err := s.db.insertRow(ctx, doing,
		`INSERT INTO workspace (region, name, name_key, display_name, display_key, description, mode, template, status, owner_id, created_at, created_by, is_default, aliyun_group)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce(nullif(?, ''), 'default'))`,
		text.Fold(w.Region), w.Name, name, w.DisplayName, display, w.Description, string(w.Mode), string(w.Template), string(w.Status), owner, unix(w.CreatedAt), by,
		w.Default, w.AliyunGroup)
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
	if err := s.writeSettings(ctx, id, w.Settings); err != nil {
		return none, err
	}
	if err := s.writeTags(ctx, id, w.Tags); err != nil {
		return none, err
	}
	roles := map[access.PrincipalID]access.RoleID{owner: ownerRole}
	for _, p := range append([]access.PrincipalID{owner}, admins...) {
		if roles[p] == 0 {
			roles[p] = adminRole
		}
		if err := s.db.addMember(ctx, id, p, roles[p], by, w.CreatedAt); err != nil {
			return none, err
		}
	}
	return s.Get(ctx, id)
}

// Update writes everything that can change, tags and settings included, if the stored version is still w.Version, and raises
// it; otherwise it changes nothing and ok is false.
func (s Workspaces) Update(ctx context.Context, w workspace.Workspace) (ok bool, err error) {
	const doing = "changing a workspace"
	status, display := w.Status, text.Fold(w.DisplayName)
	if status == workspace.Deleted {
		status = w.RestoresTo
	}
	n, err := s.db.exec(ctx, doing, `UPDATE workspace SET display_name = ?, display_key = ?, description = ?, mode = ?, status = ?,
		resumes_to = ?, deleted_at = ?, purge_at = ?, version = version + 1 WHERE id = ? AND version = ?`,
		w.DisplayName, display, w.Description, string(w.Mode), string(status), string(w.ResumesTo), unixOf(w.DeletedAt), unixOf(w.PurgeAt), w.ID, w.Version)
	if err != nil || n == 0 {
		return false, err
	}
	if _, err = s.db.exec(ctx, doing, "UPDATE workspace_text SET name = ?, display_name = ? WHERE rowid = ?", text.Fold(w.Name), display, w.ID); err != nil {
		return false, err
	}
	if err := s.writeSettings(ctx, w.ID, w.Settings); err != nil {
		return false, err
	}
	return true, s.writeTags(ctx, w.ID, w.Tags)
}

// writeSettings writes all settings of a workspace. What a record that was made without any lacks gets the defaults.
func (s Workspaces) writeSettings(ctx context.Context, id access.WorkspaceID, v workspace.Settings) error {
	const doing = "changing the settings of a workspace"
	if v.RerunPolicy == "" {
		v = workspace.DefaultSettings()
	}
	var group any
	if v.DefaultGroupID != 0 {
		group = v.DefaultGroupID
	}
	if _, err := s.db.exec(ctx, doing, `UPDATE workspace SET default_group_id = ?, new_data_studio = ?, dev_role_disabled = ?, pai_scheduling = ?,
		personal_dev_shutdown = ?, periodic_scheduling = ?, time_zone = ?, cycle_time = ?, rerun_policy = ?, reruns = ?, rerun_interval = ?,
		auto_parse = ?, download_select = ?, change_node_owner = ? WHERE id = ?`,
		group, v.NewDataStudio, v.DevRoleDisabled, v.PaiScheduling, v.PersonalDevShutdown, v.PeriodicScheduling, v.TimeZone, v.CycleTime,
		string(v.RerunPolicy), v.Reruns, v.RerunPause, v.AutoParse, v.DownloadSelect, v.ChangeNodeOwner, id); err != nil {
		return err
	}
	if _, err := s.db.exec(ctx, doing, "DELETE FROM workspace_allowed WHERE workspace_id = ?", id); err != nil {
		return err
	}
	for i, address := range v.SandboxAllowlist {
		if _, err := s.db.exec(ctx, doing, "INSERT INTO workspace_allowed (workspace_id, position, address) VALUES (?, ?, ?)", id, i, address); err != nil {
			return err
		}
	}
	return nil
}

// writeTags replaces the tags of a workspace.
func (s Workspaces) writeTags(ctx context.Context, id access.WorkspaceID, tags []workspace.Tag) error {
	const doing = "changing the tags of a workspace"
	if _, err := s.db.exec(ctx, doing, "DELETE FROM workspace_tag WHERE workspace_id = ?", id); err != nil {
		return err
	}
	for _, t := range tags {
		if _, err := s.db.exec(ctx, doing, "INSERT INTO workspace_tag (workspace_id, tag, tag_key, value, value_key) VALUES (?, ?, ?, ?, ?)",
			id, t.Key, text.Fold(t.Key), t.Value, text.Fold(t.Value)); err != nil {
			return err
		}
	}
	return nil
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

// NextPurge finds the workspace of the bin that is due first, and when that is; the zero time for an empty bin.
func (s Workspaces) NextPurge(ctx context.Context) (t control.Target, at time.Time, err error) {
	var due int64
	t, _, err = one(ctx, s.db, "looking into the bin", func(row scanner) (t control.Target, err error) {
		err = row.Scan(&t.Region, &t.Workspace, &t.WorkspaceName, &due)
		return t, err
	}, "SELECT region, id, name, purge_at FROM workspace WHERE deleted_at <> 0 ORDER BY purge_at LIMIT 1")
	return t, moment(due), err
}

// Strange says whether the workspace is a default one and the principal no member of it, neither itself nor through a group.
func (s Workspaces) Strange(ctx context.Context, ws access.WorkspaceID, p access.PrincipalID) (bool, error) {
	strange, _, err := one(ctx, s.db, "reading who is a member", value[bool],
		"SELECT w.is_default AND NOT "+joined+" FROM workspace w WHERE w.id = ?", p, p, ws)
	return strange, err
}

// Admit makes a principal a member with the role of visitors.
func (s Workspaces) Admit(ctx context.Context, ws access.WorkspaceID, p, by access.PrincipalID, at time.Time) error {
	return s.db.addMember(ctx, ws, p, visitorRole, by, at)
}

// Principals finds principals by name, in the given order; fault.NotFound for the first unknown one.
func (s Workspaces) Principals(ctx context.Context, names []string) ([]access.Principal, error) {
	return s.db.principals(ctx, names)
}

// Owner is the account that owns the tenant.
func (s Workspaces) Owner(ctx context.Context) (access.Principal, error) { return s.db.owner(ctx) }
