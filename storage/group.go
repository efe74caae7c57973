package storage

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/fault"
	"reeve/core/group"
	"reeve/core/message"
	"reeve/core/text"
)

// Groups keeps the resource groups.
type Groups struct{ Places }

var _ group.Store = Groups{}

// NewGroups makes the store.
func NewGroups(db *DB) Groups { return Groups{Places{db}} }

const groupColumns = `g.id, g.region, g.name, g.remark, g.type, g.spec, g.billing, g.size, g.slots, g.status, g.problem, g.vpc, g.vswitch, g.cidr,
	g.expires_at, g.auto_renew, g.busy_until, g.release_at, g.lends, g.used_at, g.reminded_at, g.arrears_since, g.suspended, g.created_at, ` + everOf + "g.created_by" + orNobody + `, g.version`

func scanGroup(row scanner) (g group.Group, err error) {
	var expires, busy, release, used, reminded, arrears, created int64
	err = row.Scan(&g.ID, &g.Region, &g.Name, &g.Remark, &g.Type, &g.Spec, &g.Billing, &g.Size, &g.Slots, &g.Status, &g.Problem, &g.VPC, &g.VSwitch, &g.CIDR,
		&expires, &g.AutoRenew, &busy, &release, &g.Lends, &used, &reminded, &arrears, &g.Suspended, &created, &g.CreatedBy, &g.Version)
	g.ExpiresAt, g.BusyUntil, g.ReleaseAt, g.CreatedAt = momentOf(expires), momentOf(busy), momentOf(release), moment(created)
	g.UsedAt, g.RemindedAt, g.ArrearsSince = moment(used), momentOf(reminded), momentOf(arrears)
	g.Workspaces = []group.Workspace{} // a list in JSON also when there are none
	return g, err
}

// among reads groups by name, with the workspaces they are associated with.
func (s Groups) among(ctx context.Context, w where) (found []group.Group, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		const doing = "reading resource groups"
		if found, err = all(ctx, s.db, doing, scanGroup, "SELECT "+groupColumns+
			" FROM resource_group g"+w.sql()+" ORDER BY g.name_key, g.id", w.args...); err != nil {
			return err
		}
		at := make(map[group.ID]int, len(found))
		ids := make([]group.ID, len(found))
		for i, g := range found {
			at[g.ID], ids[i] = i, g.ID
		}
		these := set(ids)
		if err := s.addShares(ctx, found, at, these); err != nil {
			return err
		}
		if err := s.addNetworks(ctx, found, at, these); err != nil {
			return err
		}
		return each(ctx, s.db, doing, func(row scanner) error {
			var id group.ID
			var w group.Workspace
			err := row.Scan(&id, &w.ID, &w.Name, &w.Default)
			if err == nil {
				found[at[id]].Workspaces = append(found[at[id]].Workspaces, w)
			}
			return err
		}, `SELECT b.group_id, w.id, w.name, coalesce(w.default_group_id = b.group_id, 0) FROM resource_group_workspace b JOIN workspace w ON w.id = b.workspace_id AND w.deleted_at = 0
			WHERE b.group_id IN (SELECT value FROM json_each(?)) ORDER BY w.name_key`, these)
	})
	return found, err
}

// List returns the groups of a region that are not released, by name, with their workspaces that are not in the bin.
func (s Groups) List(ctx context.Context, region string) ([]group.Group, error) {
	return s.among(ctx, where{}.with("g.deleted_at = 0 AND g.region = ?", text.Fold(region)))
}

// OfWorkspace returns the groups associated with a workspace, by name.
func (s Groups) OfWorkspace(ctx context.Context, ws access.WorkspaceID) ([]group.Group, error) {
	return s.among(ctx, where{}.with("g.deleted_at = 0 AND g.id IN (SELECT group_id FROM resource_group_workspace WHERE workspace_id = ?)", ws))
}

// Find finds a group that is not released by name; ok is false if there is none.
func (s Groups) Find(ctx context.Context, region, name string) (g group.Group, ok bool, err error) {
	found, err := s.among(ctx, where{}.with("g.deleted_at = 0 AND g.region = ? AND g.name_key = ?", text.Fold(region), text.Fold(name)))
	if err != nil || len(found) == 0 {
		return g, false, err
	}
	return found[0], true, nil
}

// Get reads a group by id, released or not.
func (s Groups) Get(ctx context.Context, id group.ID) (group.Group, error) {
	found, err := s.among(ctx, where{}.with("g.id = ?", id))
	if err == nil && len(found) == 0 {
		err = errMissing("resource group", id)
	}
	if err != nil {
		return group.Group{}, err
	}
	return found[0], nil
}

// Insert makes a group and returns it with its id, in version 1.
func (s Groups) Insert(ctx context.Context, g group.Group, by access.PrincipalID) (group.Group, error) {
	id, err := s.db.insertRow(ctx, "making a resource group", `INSERT INTO resource_group (region, name, name_key, remark, type, spec, billing, size, slots,
		status, problem, vpc, vswitch, cidr, expires_at, auto_renew, busy_until, release_at, lends, used_at, arrears_since, created_at, created_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		text.Fold(g.Region), g.Name, text.Fold(g.Name), g.Remark, string(g.Type), g.Spec, string(g.Billing), g.Size, g.Slots, string(g.Status), g.Problem,
		g.VPC, g.VSwitch, g.CIDR, unixOf(g.ExpiresAt), g.AutoRenew, unixOf(g.BusyUntil), unixOf(g.ReleaseAt), g.Lends, unix(g.UsedAt),
		unixOf(g.ArrearsSince), unix(g.CreatedAt), by)
	if err != nil {
		return group.Group{}, groupTaken(err, g)
	}
	made, err := s.Get(ctx, group.ID(id)) // #nosec G115 -- ids count up from 1
	if err != nil {
		return group.Group{}, err
	}
	return made, s.saveLimits(ctx, made, g.CreatedAt)
}

func groupTaken(err error, g group.Group) error {
	if violatesUnique(err) {
		return fault.OneField("name", "fault.group.name.taken", message.Args{"Name": g.Name, "Region": g.Region})
	}
	return err
}

// Update writes everything of a group but its workspaces and networks if the stored version still is g.Version, and raises it; otherwise
// ok is false. A group of the status Deleted is released at that time: its name is free.
func (s Groups) Update(ctx context.Context, g group.Group, at time.Time) (ok bool, err error) {
	var gone int64
	if g.Status == group.Deleted {
		gone = unix(at)
	}
	n, err := s.db.exec(ctx, "changing a resource group", `UPDATE resource_group SET name = ?, name_key = ?, remark = ?, billing = ?, size = ?, slots = ?,
		status = ?, problem = ?, vpc = ?, vswitch = ?, cidr = ?, expires_at = ?, auto_renew = ?, busy_until = ?, release_at = ?,
		lends = ?, used_at = ?, reminded_at = ?, arrears_since = ?, suspended = ?, deleted_at = ?,
		version = version + 1 WHERE id = ? AND version = ?`,
		g.Name, text.Fold(g.Name), g.Remark, string(g.Billing), g.Size, g.Slots, string(g.Status), g.Problem, g.VPC, g.VSwitch, g.CIDR,
		unixOf(g.ExpiresAt), g.AutoRenew, unixOf(g.BusyUntil), unixOf(g.ReleaseAt),
		g.Lends, unix(g.UsedAt), unixOf(g.RemindedAt), unixOf(g.ArrearsSince), g.Suspended, gone, g.ID, g.Version)
	if err != nil || n == 0 {
		return false, groupTaken(err, g)
	}
	if err := s.saveShares(ctx, g); err != nil {
		return false, err
	}
	return true, s.saveLimits(ctx, g, at)
}

// raise raises the version of a group if it still is version.
func (s Groups) raise(ctx context.Context, id group.ID, version int64) (ok bool, err error) {
	n, err := s.db.exec(ctx, "changing a resource group", "UPDATE resource_group SET version = version + 1 WHERE id = ? AND version = ?", id, version)
	return n == 1, err
}

// Associate adds workspaces and raises the version if it still is version; otherwise ok is false.
func (s Groups) Associate(ctx context.Context, id group.ID, ws []access.WorkspaceID, by access.PrincipalID, at time.Time, version int64) (ok bool, err error) {
	if ok, err = s.raise(ctx, id, version); err != nil || !ok {
		return false, err
	}
	_, err = s.db.exec(ctx, "associating a resource group", `INSERT INTO resource_group_workspace (group_id, workspace_id, at, by)
		SELECT ?, value, ?, ? FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`, id, unix(at), by, set(ws))
	return err == nil, err
}

// Dissociate takes workspaces away and raises the version if it still is version; otherwise ok is false.
func (s Groups) Dissociate(ctx context.Context, id group.ID, ws []access.WorkspaceID, version int64) (ok bool, err error) {
	if ok, err = s.raise(ctx, id, version); err != nil || !ok {
		return false, err
	}
	_, err = s.db.exec(ctx, "dissociating a resource group",
		"DELETE FROM resource_group_workspace WHERE group_id = ? AND workspace_id IN (SELECT value FROM json_each(?))", id, set(ws))
	return err == nil, err
}

// DefaultWorkspace is the default workspace of a region; ok is false for a region without one, or with one in the bin.
func (s Groups) DefaultWorkspace(ctx context.Context, region string) (group.Workspace, bool, error) {
	return one(ctx, s.db, "looking for the default workspace", func(row scanner) (w group.Workspace, err error) {
		return w, row.Scan(&w.ID, &w.Name)
	}, "SELECT id, name FROM workspace WHERE region = ? AND is_default = 1 AND deleted_at = 0", text.Fold(region))
}

// Plan sets when something falls due, in place of when it did before; the zero time takes it away.
func (s Groups) Plan(ctx context.Context, d group.Due) error {
	const doing = "planning what falls due of a resource group"
	if d.At.IsZero() {
		_, err := s.db.exec(ctx, doing, "DELETE FROM resource_group_due WHERE group_id = ? AND what = ?", d.Group, string(d.What))
		return err
	}
	_, err := s.db.exec(ctx, doing, `INSERT INTO resource_group_due (group_id, what, at) VALUES (?, ?, ?)
		ON CONFLICT (group_id, what) DO UPDATE SET at = excluded.at`, d.Group, string(d.What), unix(d.At))
	return err
}

// Next is what falls due first of all groups; ok is false if nothing will.
func (s Groups) Next(ctx context.Context) (group.Due, bool, error) {
	return one(ctx, s.db, "reading what falls due of resource groups", func(row scanner) (d group.Due, err error) {
		var at int64
		err = row.Scan(&d.Group, &d.What, &at)
		d.At = moment(at)
		return d, err
	}, "SELECT group_id, what, at FROM resource_group_due ORDER BY at, group_id, what LIMIT 1")
}
