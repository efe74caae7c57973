package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"reeve/core/access"
	"reeve/core/group"
	"reeve/core/workspace"
)

// GroupRuns keeps the work that comes to resource groups.
type GroupRuns struct{ Groups }

var _ group.RunStore = GroupRuns{}

// NewGroupRuns makes the store.
func NewGroupRuns(db *DB) GroupRuns { return GroupRuns{NewGroups(db)} }

const runColumns = `k.id, k.group_id, k.workspace_id, coalesce(w.name, ''), k.module, k.half, k.slot, k.name, k.state, k.at, k.by_id, k.by_name, k.machine, k.token,
	k.limits, k.lease_until, k.admitted_at, k.metered_at, k.half_seconds, k.cpu_ms, k.memory_mib, k.ended_at, k.outcome, k.code,
	k.account, k.left_at, k.within`

const runTables = "resource_group_run k LEFT JOIN workspace w ON w.id = k.workspace_id"

func scanGroupRun(row scanner) (r group.Run, err error) {
	var at, lease, admitted, metered, cpu, ended, left int64
	err = row.Scan(&r.ID, &r.Group, &r.Workspace, &r.WorkspaceName, &r.Module, &r.CU, &r.Slot, &r.Name, &r.State, &at, &r.ByID, &r.By, &r.Machine, &r.Token,
		&r.Limits, &lease, &admitted, &metered, &r.HalfSeconds, &cpu, &r.Memory, &ended, &r.Outcome, &r.Code,
		&r.Account, &left, &r.Within)
	r.At, r.Metered, r.Lease, r.Since, r.EndedAt = moment(at), moment(metered), momentOf(lease), momentOf(admitted), momentOf(ended)
	r.LeftAt = momentOf(left)
	r.CPU = time.Duration(cpu) * time.Millisecond
	return r, err
}

// Work is what runs and waits in a group, in the order in which it came.
func (s Groups) Work(ctx context.Context, id group.ID) ([]group.Run, error) {
	return all(ctx, s.db, "reading what runs in a resource group", scanGroupRun,
		"SELECT "+runColumns+" FROM "+runTables+` WHERE k.id IN (SELECT id FROM resource_group_run WHERE group_id = ?1 AND state = 'running'
			UNION ALL SELECT id FROM resource_group_run WHERE group_id = ?1 AND state = 'waiting') ORDER BY k.id`, id)
}

// InsertRun adds a run and returns its id, higher than that of any that came before.
func (s GroupRuns) InsertRun(ctx context.Context, r group.Run) (int64, error) {
	return s.db.insertRow(ctx, "keeping a run", `INSERT INTO resource_group_run (group_id, workspace_id, module, half, slot, name, state, at, by_id, by_name, machine, token,
		limits, lease_until, admitted_at, metered_at, half_seconds, cpu_ms, memory_mib, ended_at, outcome, code, account, left_at, within)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.Group, r.Workspace, string(r.Module), int(r.CU), r.Slot, r.Name, string(r.State), unix(r.At), r.ByID, r.By, r.Machine, r.Token,
		string(r.Limits), unixOf(r.Lease), unixOf(r.Since), unix(r.Metered), r.HalfSeconds, r.CPU.Milliseconds(), r.Memory, unixOf(r.EndedAt), string(r.Outcome), r.Code,
		r.Account, unixOf(r.LeftAt), r.Within)
}

// Run finds a run; ok is false if there is none.
func (s GroupRuns) Run(ctx context.Context, id int64) (group.Run, bool, error) {
	return one(ctx, s.db, "reading a run", scanGroupRun, "SELECT "+runColumns+" FROM "+runTables+" WHERE k.id = ?", id)
}

// UpdateRun writes all of a run that changes.
func (s GroupRuns) UpdateRun(ctx context.Context, r group.Run) error {
	_, err := s.db.exec(ctx, "changing a run", `UPDATE resource_group_run SET state = ?, limits = ?, lease_until = ?, admitted_at = ?, metered_at = ?,
		half_seconds = ?, cpu_ms = ?, memory_mib = ?, ended_at = ?, outcome = ?, code = ?, left_at = ? WHERE id = ?`,
		string(r.State), string(r.Limits), unixOf(r.Lease), unixOf(r.Since), unix(r.Metered), r.HalfSeconds, r.CPU.Milliseconds(), r.Memory,
		unixOf(r.EndedAt), string(r.Outcome), r.Code, unixOf(r.LeftAt), r.ID)
	return err
}

// Using is what runs in a group take, without a list of them.
func (s GroupRuns) Using(ctx context.Context, id group.ID) (group.Use, error) {
	use := group.Use{Modules: map[group.Module]group.Half{}}
	err := each(ctx, s.db, "adding up what runs in a resource group", func(row scanner) error {
		var m group.Module
		var half, slots int
		err := row.Scan(&m, &half, &slots)
		use.Modules[m] = group.Half(half)
		use.Slots += slots
		return err
	}, "SELECT module, sum(half), sum(slot) FROM resource_group_run WHERE group_id = ? AND state = 'running' GROUP BY module", id)
	return use, err
}

// Heads are the first runs that wait for each of some modules, at most most of each, by module and in the order in which they came.
func (s GroupRuns) Heads(ctx context.Context, id group.ID, of []group.Module, most int) ([]group.Run, error) {
	names := make([]string, len(of))
	for i, m := range of {
		names[i] = string(m)
	}
	return all(ctx, s.db, "reading who is next", scanGroupRun, "SELECT "+runColumns+` FROM json_each(?1) m JOIN resource_group_run k ON k.id IN (
			SELECT id FROM resource_group_run WHERE group_id = ?2 AND module = m.value AND state = 'waiting' ORDER BY id`+atMost(most)+`)
		LEFT JOIN workspace w ON w.id = k.workspace_id ORDER BY k.module, k.id`, set(names), id)
}

// InLine are the runs of a module that wait and came after a run, in the order in which they came, at most most of them.
func (s GroupRuns) InLine(ctx context.Context, id group.ID, m group.Module, after int64, most int) ([]group.Run, error) {
	return all(ctx, s.db, "reading who waits", scanGroupRun, "SELECT "+runColumns+" FROM "+runTables+
		" WHERE k.group_id = ? AND k.module = ? AND k.state = 'waiting' AND k.id > ? ORDER BY k.id"+atMost(most), id, string(m), after)
}

// Ahead is how many of its module wait before a run, counted up to most.
func (s GroupRuns) Ahead(ctx context.Context, r group.Run, most int) (int, error) {
	n, _, err := one(ctx, s.db, "counting who waits", value[int], `SELECT count(*) FROM (SELECT 1 FROM resource_group_run
		WHERE group_id = ? AND module = ? AND state = 'waiting' AND id < ?`+atMost(most)+`) AS ahead`, r.Group, string(r.Module), r.ID)
	return n, err
}

// Runs are the runs of a group that a query picks.
func (s GroupRuns) Runs(ctx context.Context, id group.ID, q group.RunQuery) ([]group.Run, error) {
	w := where{}.with("k.group_id = ?", id)
	if q.Before != 0 {
		w = w.with("k.id < ?", q.Before)
	}
	if len(q.States) > 0 {
		states := make([]string, len(q.States))
		for i, one := range q.States {
			states[i] = string(one)
		}
		w = w.with("k.state IN (SELECT value FROM json_each(?))", set(states))
	}
	return all(ctx, s.db, "listing runs", scanGroupRun, "SELECT "+runColumns+" FROM "+runTables+w.sql()+" ORDER BY k.id DESC LIMIT ?", append(w.args, q.Most)...)
}

// Lapsing is the run whose lease ends first; ok is false if none has one.
func (s GroupRuns) Lapsing(ctx context.Context) (group.Run, bool, error) {
	return one(ctx, s.db, "reading leases of runs", scanGroupRun, "SELECT "+runColumns+" FROM "+runTables+
		" WHERE k.state <> 'ended' AND k.lease_until <> 0 ORDER BY k.lease_until, k.id LIMIT 1")
}

// Leaving are the runs that left something to end, those first that are due first.
func (s GroupRuns) Leaving(ctx context.Context) ([]group.Run, error) {
	return all(ctx, s.db, "reading what runs left", scanGroupRun, "SELECT "+runColumns+" FROM "+runTables+" WHERE k.left_at <> 0 ORDER BY k.left_at, k.id")
}

// Meter adds measures to their minutes and hours.
func (s GroupRuns) Meter(ctx context.Context, list []group.Measure) error {
	for _, m := range list {
		for _, to := range []struct {
			table, unit string
			at          int64
		}{{"resource_group_minute", "minute", m.Minute}, {"resource_group_hour", "hour", m.Minute / 60}} {
			if _, err := s.db.exec(ctx, "metering", fmt.Sprintf(`INSERT INTO %[1]s (group_id, %[2]s, module, workspace_id, half_seconds, slot_seconds, cpu_ms, mib_seconds)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (group_id, %[2]s, module, workspace_id) DO UPDATE SET half_seconds = %[1]s.half_seconds + excluded.half_seconds,
				slot_seconds = %[1]s.slot_seconds + excluded.slot_seconds, cpu_ms = %[1]s.cpu_ms + excluded.cpu_ms, mib_seconds = %[1]s.mib_seconds + excluded.mib_seconds`,
				to.table, to.unit), m.Group, to.at, string(m.Module), m.Workspace, m.HalfSeconds, m.SlotSeconds, m.CPU.Milliseconds(), m.MiBSeconds); err != nil {
				return err
			}
		}
	}
	return nil
}

// OldestMinute is the first minute that is kept of any group; ok is false if none is. It looks once into the index for each group.
func (s GroupRuns) OldestMinute(ctx context.Context) (int64, bool, error) {
	n, _, err := one(ctx, s.db, "reading the oldest minute", value[int64],
		"SELECT coalesce(min((SELECT min(m.minute) FROM resource_group_minute m WHERE m.group_id = g.id)), 0) FROM resource_group g")
	return n, n != 0, err
}

// DropMinutes forgets the minutes before one, of all groups, and the runs that ended before a time.
func (s GroupRuns) DropMinutes(ctx context.Context, before int64, ended time.Time) error {
	const doing = "forgetting old minutes"
	if _, err := s.db.exec(ctx, doing, "DELETE FROM resource_group_minute WHERE group_id IN (SELECT id FROM resource_group) AND minute < ?", before); err != nil {
		return err
	}
	_, err := s.db.exec(ctx, doing, "DELETE FROM resource_group_run WHERE state = 'ended' AND ended_at < ?", unix(ended))
	return err
}

// Metered are the measures of a group added up in steps.
func (s GroupRuns) Metered(ctx context.Context, id group.ID, from, to, step int64) ([]group.Measure, error) {
	table, unit, size := "resource_group_minute", "minute", int64(1)
	if from%60 == 0 && step%60 == 0 {
		table, unit, size = "resource_group_hour", "hour", 60
	}
	return all(ctx, s.db, "adding up what was held", func(row scanner) (m group.Measure, err error) {
		var cpu int64
		err = row.Scan(&m.Minute, &m.Module, &m.HalfSeconds, &m.SlotSeconds, &cpu, &m.MiBSeconds)
		m.Group, m.Minute, m.CPU = id, from+m.Minute*step, time.Duration(cpu)*time.Millisecond
		return m, err
	}, fmt.Sprintf(`SELECT (%[2]s - ?1) / ?2 AS at, module, sum(half_seconds), sum(slot_seconds), sum(cpu_ms), sum(mib_seconds) FROM %[1]s
		WHERE group_id = ?3 AND %[2]s >= ?1 AND %[2]s < ?4 GROUP BY at, module ORDER BY at, module`, table, unit), from/size, step/size, id, (to+size-1)/size)
}

// Held is what each workspace held in each module of a group, the most first, in units that are minutes or hours.
func (s GroupRuns) Held(ctx context.Context, id group.ID, from, to time.Time, unit time.Duration) ([]group.Held, error) {
	table, column := "resource_group_minute", "minute"
	if unit == time.Hour {
		table, column = "resource_group_hour", "hour"
	}
	seconds := int64(unit / time.Second)
	return all(ctx, s.db, "adding up what was held", func(row scanner) (h group.Held, err error) {
		var cpu int64
		err = row.Scan(&h.Workspace, &h.WorkspaceName, &h.Module, &h.HalfSeconds, &h.SlotSeconds, &cpu, &h.MiBSeconds)
		h.CPU = time.Duration(cpu) * time.Millisecond
		return h, err
	}, fmt.Sprintf(`SELECT m.workspace_id, coalesce(w.name, ''), m.module, sum(m.half_seconds) AS held, sum(m.slot_seconds), sum(m.cpu_ms), sum(m.mib_seconds)
		FROM %[1]s m LEFT JOIN workspace w ON w.id = m.workspace_id WHERE m.group_id = ?1 AND m.%[2]s >= ?2 AND m.%[2]s < ?3
		GROUP BY m.workspace_id, w.name, m.module ORDER BY held DESC, m.workspace_id, m.module`, table, column),
		id, from.Unix()/seconds, (to.Unix()+seconds-1)/seconds)
}

// Touch keeps when a group was last used. It changes no version.
func (s GroupRuns) Touch(ctx context.Context, id group.ID, at time.Time) error {
	_, err := s.db.exec(ctx, "keeping when a resource group was used", "UPDATE resource_group SET used_at = ? WHERE id = ?", unix(at), id)
	return err
}

// OpenWorkspace says whether work of a workspace may start: it is not disabled.
func (s GroupRuns) OpenWorkspace(ctx context.Context, ws access.WorkspaceID) (bool, error) {
	status, _, err := one(ctx, s.db, "reading a workspace", value[string], "SELECT status FROM workspace WHERE id = ? AND deleted_at = 0", ws)
	return status == string(workspace.Normal), err
}

// saveLimits keeps the limits of a group from a time on, if they are others than before.
func (s Groups) saveLimits(ctx context.Context, g group.Group, at time.Time) error {
	const doing = "keeping the limits of a resource group"
	shares := g.Shares
	if shares == nil {
		shares = group.Shares{}
	}
	quota, err := json.Marshal(shares)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	_, err = s.db.exec(ctx, doing, `INSERT INTO resource_group_limits (group_id, at, size, slots, quota) SELECT ?1, ?2, ?3, ?4, ?5
		WHERE NOT EXISTS (SELECT 1 FROM (SELECT size, slots, quota FROM resource_group_limits WHERE group_id = ?1 ORDER BY at DESC LIMIT 1) AS last
			WHERE last.size = ?3 AND last.slots = ?4 AND last.quota = ?5)
		ON CONFLICT (group_id, at) DO UPDATE SET size = excluded.size, slots = excluded.slots, quota = excluded.quota`,
		g.ID, unix(at), g.Size, g.Slots, string(quota))
	return err
}

// LimitsOf are the limits that a group had: those in force at a time, and each change after it.
func (s GroupRuns) LimitsOf(ctx context.Context, id group.ID, since time.Time) ([]group.LimitsAt, error) {
	return all(ctx, s.db, "reading the limits of a resource group", func(row scanner) (l group.LimitsAt, err error) {
		var at int64
		var quota string
		if err = row.Scan(&at, &l.Size, &l.Slots, &quota); err == nil {
			err = json.Unmarshal([]byte(quota), &l.Shares)
		}
		l.At = moment(at)
		return l, err
	}, `SELECT at, size, slots, quota FROM resource_group_limits WHERE group_id = ?1
		AND at >= coalesce((SELECT max(at) FROM resource_group_limits WHERE group_id = ?1 AND at <= ?2), 0) ORDER BY at`, id, unix(since))
}
