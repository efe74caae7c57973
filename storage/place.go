package storage

import (
	"context"
	"strings"
	"time"

	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Places finds workspaces by name. The stores of all areas that work in workspaces have it in them.
type Places struct{ db *DB }

var _ control.Places = Places{}

// NewPlaces makes the store.
func NewPlaces(db *DB) Places { return Places{db} }

// Place finds a workspace that is not in the bin. It fails with fault.NotFound, naming near ones that the actor can see,
// or with fault.Invalid on the field region when several regions have the name.
func (s Places) Place(ctx context.Context, ref control.Ref) (control.Target, error) {
	live := where{}
	live.add("w.deleted_at = 0")
	return s.find(ctx, ref, live)
}

// binPlace finds a workspace in the bin that is not due for purging at now.
func (s Places) binPlace(ctx context.Context, ref control.Ref, now time.Time) (control.Target, error) {
	binned := where{}
	binned.add("w.deleted_at <> 0 AND w.purge_at > ?", unix(now))
	return s.find(ctx, ref, binned)
}

func (s Places) find(ctx context.Context, ref control.Ref, among where) (t control.Target, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if region := text.Fold(ref.Region); region != "" {
			among = among.with("w.region = ?", region)
		}
		named := among.with("w.name_key = ?", text.Fold(ref.Workspace))
		found, err := all(ctx, s.db, "finding a workspace", scanTarget,
			"SELECT w.region, w.id, w.name FROM workspace w"+named.sql()+" ORDER BY w.region", named.args...)
		switch {
		case err != nil:
			return err
		case len(found) == 0:
			return s.notFound(ctx, ref, among)
		case len(found) == 1:
			t = found[0]
			return nil
		}
		return whichRegion(found)
	})
	return t, err
}

func scanTarget(row scanner) (t control.Target, err error) {
	err = row.Scan(&t.Region, &t.Workspace, &t.WorkspaceName)
	return t, err
}

func whichRegion(found []control.Target) error {
	regions := make([]string, len(found))
	for i, t := range found {
		regions[i] = t.Region
	}
	return fault.OneField("region", "fault.region.which", message.Args{"Regions": strings.Join(regions, ", ")})
}

// notFound names near workspaces that the actor can see: a name must not leak by being mistyped.
func (s Places) notFound(ctx context.Context, ref control.Ref, among where) error {
	missing := &fault.NotFound{What: "workspace", Name: ref.Workspace}
	actor, known := control.ActorOf(ctx)
	if !known {
		return missing
	}
	sees, known, err := one(ctx, s.db, "reading who is asking", value[bool], seesAll, s.db.now(), actor.Principal)
	if err != nil || !known {
		return orMissing(err, missing)
	}
	if !sees || len(actor.Only) > 0 {
		among = among.with(openTo, actor.Principal, actor.Principal)
	}
	names, err := all(ctx, s.db, "reading the workspaces", value[string], "SELECT DISTINCT w.name FROM workspace w"+among.sql(), among.args...)
	missing.Nearest = text.Nearest(ref.Workspace, names, nearNames)
	return orMissing(err, missing)
}

// seesAll asks whether a principal sees all workspaces: it is the account, or has AliyunDataWorksFullAccess or
// AdministratorAccess attached, itself or through a group.
const seesAll = `SELECT p.kind = 'account' OR EXISTS (SELECT 1 FROM policy_attachment a WHERE a.policy_id IN (1, 2) AND (a.until = 0 OR a.until > ?)
	AND (a.principal_id = p.id OR a.principal_id IN (SELECT group_id FROM group_member WHERE principal_id = p.id))) FROM principal p WHERE p.id = ?`

// joined is the condition that a principal is a member of the workspace w, itself or through a group.
// The principal is given twice.
const joined = `EXISTS (SELECT 1 FROM member j WHERE j.workspace_id = w.id AND (j.principal_id = ?
	OR j.principal_id IN (SELECT group_id FROM group_member WHERE principal_id = ?)))`

// openTo is the condition that a principal sees the workspace w without being asked for it: it has joined it, or it is the
// default workspace of its region. The principal is given twice.
const openTo = "(w.is_default = 1 OR " + joined + ")"

func orMissing(err error, missing *fault.NotFound) error {
	if err != nil {
		return err
	}
	return missing
}
