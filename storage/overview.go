package storage

import (
	"context"

	"reeve/core/access"
	"reeve/core/overview"
	"reeve/core/text"
)

// Overviews sees how far workspaces are set up, and who uses which.
type Overviews struct{ Places }

var _ overview.Store = Overviews{}

// NewOverviews makes the store.
func NewOverviews(db *DB) Overviews { return Overviews{Places{db}} }

// progressColumns look at the other areas' rows of the workspace w. A data source counts as tested or reached when it was in every
// environment that the workspace has: two in standard mode.
const progressColumns = `w.id, w.region, w.name, w.display_name, w.status = 'normal',
	(SELECT count(*) FROM resource_group_workspace a WHERE a.workspace_id = w.id),
	(SELECT count(*) FROM resource_group_workspace a JOIN resource_group r ON r.id = a.group_id WHERE a.workspace_id = w.id AND r.status = 'running'),
	(SELECT count(DISTINCT g.principal_id) FROM role_grant g WHERE g.workspace_id = w.id AND g.principal_id <> w.owner_id),
	(SELECT count(*) FROM engine e WHERE e.workspace_id = w.id),
	(SELECT count(*) FROM source s WHERE s.workspace_id = w.id),
	(SELECT count(*) FROM source s WHERE s.workspace_id = w.id AND ` + environments + ` <=
		(SELECT count(*) FROM source_connection c WHERE c.source_id = s.id AND c.tested_at <> 0)),
	(SELECT count(*) FROM source s WHERE s.workspace_id = w.id AND ` + environments + ` <=
		(SELECT count(*) FROM source_connection c WHERE c.source_id = s.id AND c.tested_at <> 0 AND c.connected <> 0))`

const environments = "CASE w.mode WHEN 'standard' THEN 2 ELSE 1 END"

func scanProgress(row scanner) (p overview.Progress, err error) {
	err = row.Scan(&p.Visits, &p.ID, &p.Region, &p.Name, &p.DisplayName, &p.Usable, &p.Groups, &p.Running, &p.Members, &p.Engines,
		&p.Sources, &p.Tested, &p.Reached)
	return p, err
}

// Progress is how far at most limit workspaces of a region (of all if empty) are: those that the viewer visited since a day
// first, most visited first, then the newest. joined, if not 0, leaves out those that it is not a member of.
func (s Overviews) Progress(ctx context.Context, region string, viewer, member access.PrincipalID, since string, limit int) (found []overview.Progress, err error) {
	seen := where{}
	seen.add("w.deleted_at = 0")
	if region != "" {
		seen.add("w.region = ?", text.Fold(region))
	}
	if member != 0 {
		seen.add(joined, member, member)
	}
	const doing = "reading how far workspaces are"
	err = s.db.Read(ctx, func(ctx context.Context) error {
		visited := seen.with("v.visits > 0")
		if found, err = all(ctx, s.db, doing, scanProgress, "SELECT v.visits, "+progressColumns+` FROM
			(SELECT workspace_id, count(*) AS visits FROM visit WHERE principal_id = ? AND day >= ? GROUP BY workspace_id) v
			JOIN workspace w ON w.id = v.workspace_id`+visited.sql()+" ORDER BY v.visits DESC, w.name_key LIMIT ?",
			append(append([]any{viewer, since}, visited.args...), limit)...); err != nil {
			return err
		}
		ids := make([]access.WorkspaceID, len(found))
		for i, p := range found {
			ids[i] = p.ID
		}
		others := seen.with("w.id NOT IN (SELECT value FROM json_each(?))", set(ids))
		newest, err := all(ctx, s.db, doing, scanProgress, "SELECT 0, "+progressColumns+" FROM workspace w"+others.sql()+
			" ORDER BY w.created_at DESC, w.id DESC LIMIT ?", append(others.args, limit-len(found))...)
		found = append(found, newest...)
		return err
	})
	return found, err
}
