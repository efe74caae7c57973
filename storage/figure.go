package storage

import (
	"context"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/figure"
	"reeve/core/text"
)

// Figures keeps the key figures of workspaces, and what became of what was sent.
type Figures struct{ Places }

var _ figure.Store = Figures{}

// NewFigures makes the store.
func NewFigures(db *DB) Figures { return Figures{Places{db}} }

// Namespace finds the workspace of a namespace: the one it is mapped to, else the one that is called so, as NAME or REGION/NAME.
func (s Figures) Namespace(ctx context.Context, namespace string) (figure.Place, error) {
	t, ok, err := one(ctx, s.db, "finding a namespace", scanTarget,
		`SELECT w.region, w.id, w.name FROM figure_mapping m JOIN workspace w ON w.id = m.workspace_id
		WHERE m.namespace = ? AND w.deleted_at = 0`, namespace)
	if err != nil || ok {
		return figure.Place{Target: t}, err
	}
	region, name := "", namespace
	if i := strings.LastIndexByte(namespace, '/'); i >= 0 {
		if region, name = namespace[:i], namespace[i+1:]; strings.TrimSpace(region) == "" {
			return figure.Place{}, nil
		}
	}
	return s.WorkspaceNamed(ctx, region, name)
}

// WorkspaceNamed finds a workspace by name; region may be empty.
func (s Figures) WorkspaceNamed(ctx context.Context, region, name string) (figure.Place, error) {
	among := where{}
	among.add("w.deleted_at = 0 AND w.name_key = ?", text.Fold(name))
	if region = text.Fold(region); region != "" {
		among.add("w.region = ?", region)
	}
	found, err := all(ctx, s.db, "finding a workspace", scanTarget, "SELECT w.region, w.id, w.name FROM workspace w"+among.sql()+" ORDER BY w.region", among.args...)
	var p figure.Place
	if len(found) == 1 {
		p.Target = found[0]
		return p, err
	}
	for _, t := range found {
		p.Regions = append(p.Regions, t.Region)
	}
	return p, err
}

// namespaceID is the number of a namespace; ok is false when no run came from it.
func (s Figures) namespaceID(ctx context.Context, name string) (id int64, ok bool, err error) {
	return one(ctx, s.db, "finding a namespace", value[int64], "SELECT id FROM figure_namespace WHERE name = ?", name)
}

// numbered is namespaceID for a namespace that gets a number if it has none.
func (s Figures) numbered(ctx context.Context, name string) (int64, error) {
	if id, ok, err := s.namespaceID(ctx, name); ok || err != nil {
		return id, err
	}
	return s.db.insertRow(ctx, "keeping a namespace", "INSERT INTO figure_namespace (name) VALUES (?)", name)
}

// byNamespace sorts the ids of runs by their namespaces, each in one order, so that an index is walked and not jumped in.
func byNamespace(ids []figure.RunID) map[string][][16]byte {
	sorted := map[string][][16]byte{}
	for _, id := range ids {
		sorted[id.Namespace] = append(sorted[id.Namespace], id.ID)
	}
	for _, of := range sorted {
		slices.SortFunc(of, func(a, b [16]byte) int { return slices.Compare(a[:], b[:]) })
	}
	return sorted
}

// micro is the time of an event as it is stored; 0 for none.
func micro(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func microOf(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// Runs finds those of the runs that are known.
func (s Figures) Runs(ctx context.Context, ws access.WorkspaceID, ids []figure.RunID) (map[figure.RunID]figure.Run, error) {
	known := make(map[figure.RunID]figure.Run, len(ids))
	for name, of := range byNamespace(ids) {
		namespace, ok, err := s.namespaceID(ctx, name)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if err := each(ctx, s.db, "reading runs", func(row scanner) error {
			id := figure.RunID{Namespace: name}
			var raw []byte
			var r figure.Run
			var start, end, last int64
			err := row.Scan(&raw, &r.Basis, &start, &r.State, &end, &last, &r.Counted)
			copy(id.ID[:], raw)
			r.Start, r.End, r.Last = microOf(start), microOf(end), microOf(last)
			known[id] = r
			return err
		}, `SELECT run_id, basis, start_at, state, end_at, last_at, hour FROM figure_run
			WHERE workspace_id = ? AND namespace_id = ? AND run_id IN (SELECT unhex(value) FROM json_each(?))`, ws, namespace, hexes(of)); err != nil {
			return nil, err
		}
	}
	return known, nil
}

// hexes is a set of ids as one argument, like set.
func hexes(ids [][16]byte) string {
	list := make([]byte, 0, len(ids)*35+2)
	for i := range ids {
		list = append(hex.AppendEncode(append(list, ',', '"'), ids[i][:]), '"')
	}
	list = append(list, ']')
	list[0] = '['
	return string(list)
}

// SaveRuns keeps runs as they are now.
func (s Figures) SaveRuns(ctx context.Context, ws access.WorkspaceID, runs map[figure.RunID]figure.Run) (err error) {
	const doing = "keeping runs"
	if len(runs) == 0 {
		return nil
	}
	save, err := s.db.transaction(ctx).PrepareContext(ctx, `INSERT INTO figure_run (workspace_id, namespace_id, run_id, basis, start_at, state, end_at, last_at, hour)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (workspace_id, namespace_id, run_id) DO UPDATE SET basis = excluded.basis,
		start_at = excluded.start_at, state = excluded.state, end_at = excluded.end_at, last_at = excluded.last_at, hour = excluded.hour`)
	if err != nil {
		return s.db.fail(doing, err)
	}
	defer func() { err = errors.Join(err, s.db.fail(doing, save.Close())) }()
	for name, of := range byNamespace(slices.Collect(maps.Keys(runs))) {
		namespace, err := s.numbered(ctx, name)
		if err != nil {
			return err
		}
		for i := range of {
			r := runs[figure.RunID{Namespace: name, ID: of[i]}]
			if _, err := save.ExecContext(ctx, ws, namespace, of[i][:], r.Basis, micro(r.Start), r.State, micro(r.End), micro(r.Last), r.Counted); err != nil {
				return s.db.fail(doing, err)
			}
		}
	}
	return nil
}

// AddRuns adds to the counts of hours; what is added may be negative.
func (s Figures) AddRuns(ctx context.Context, ws access.WorkspaceID, hours []figure.HourRuns) error {
	for _, h := range hours {
		if _, err := s.db.exec(ctx, "counting runs", `INSERT INTO figure_hour (workspace_id, hour, succeeded, failed, aborted, running) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (workspace_id, hour) DO UPDATE SET succeeded = figure_hour.succeeded + excluded.succeeded, failed = figure_hour.failed + excluded.failed,
			aborted = figure_hour.aborted + excluded.aborted, running = figure_hour.running + excluded.running`,
			ws, h.Hour, h.Runs.Succeeded, h.Runs.Failed, h.Runs.Aborted, h.Runs.Running); err != nil {
			return err
		}
	}
	return nil
}

// ForgetRuns forgets up to limit runs whose last event came before a time, but not their counts.
func (s Figures) ForgetRuns(ctx context.Context, before time.Time, limit int) error {
	_, err := s.db.exec(ctx, "forgetting runs",
		"DELETE FROM figure_run WHERE id IN (SELECT id FROM figure_run WHERE last_at < ? ORDER BY last_at LIMIT ?)", micro(before), limit)
	return err
}

// SaveValues keeps plain figures in place of those that are there, and tells how many are new or different.
func (s Figures) SaveValues(ctx context.Context, ws access.WorkspaceID, values []figure.Value, at time.Time) (changed int, err error) {
	for _, v := range values {
		n, err := s.db.exec(ctx, "keeping figures", `INSERT INTO figure_value (workspace_id, day, metric, value, sent_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (workspace_id, day, metric) DO UPDATE SET value = excluded.value, sent_at = excluded.sent_at WHERE figure_value.value <> excluded.value`,
			ws, v.Date, string(v.Metric), v.Value, unix(at))
		if err != nil {
			return changed, err
		}
		changed += int(n)
	}
	return changed, nil
}

// Hours are the counts of the hours that have any, from one hour to before another.
func (s Figures) Hours(ctx context.Context, ws access.WorkspaceID, from, before figure.Hour) ([]figure.HourRuns, error) {
	return all(ctx, s.db, "reading the runs", func(row scanner) (h figure.HourRuns, err error) {
		err = row.Scan(&h.Hour, &h.Runs.Succeeded, &h.Runs.Failed, &h.Runs.Aborted, &h.Runs.Running)
		return h, err
	}, "SELECT hour, succeeded, failed, aborted, running FROM figure_hour WHERE workspace_id = ? AND hour >= ? AND hour < ? ORDER BY hour", ws, from, before)
}

// Values are the plain figures of the days from one to before another.
func (s Figures) Values(ctx context.Context, ws access.WorkspaceID, from, before figure.Date) ([]figure.Value, error) {
	return all(ctx, s.db, "reading the figures", func(row scanner) (v figure.Value, err error) {
		err = row.Scan(&v.Date, &v.Metric, &v.Value)
		return v, err
	}, "SELECT day, metric, value FROM figure_value WHERE workspace_id = ? AND day >= ? AND day < ? ORDER BY day, metric", ws, from, before)
}

// Rule is for how long runs are known one by one.
func (s Figures) Rule(ctx context.Context) (figure.Rule, error) {
	r, ok, err := one(ctx, s.db, "reading the rule of figures", func(row scanner) (r figure.Rule, err error) {
		var cutoff int64
		err = row.Scan(&r.KeepDays, &cutoff)
		r.Cutoff = moment(cutoff)
		return r, err
	}, "SELECT keep_days, cutoff FROM figure_rule")
	if err == nil && !ok {
		r.KeepDays = figure.DefaultKeepDays
	}
	return r, err
}

// SaveRule keeps the rule.
func (s Figures) SaveRule(ctx context.Context, r figure.Rule) error {
	_, err := s.db.exec(ctx, "keeping the rule of figures", `INSERT INTO figure_rule (id, keep_days, cutoff) VALUES (1, ?, ?)
		ON CONFLICT (id) DO UPDATE SET keep_days = excluded.keep_days, cutoff = excluded.cutoff`, r.KeepDays, unix(r.Cutoff))
	return err
}

// Mappings lists the namespaces that are mapped, by name; those of workspaces in the bin are left out.
func (s Figures) Mappings(ctx context.Context) ([]figure.Mapping, error) {
	return all(ctx, s.db, "reading the namespaces", func(row scanner) (m figure.Mapping, err error) {
		var at int64
		err = row.Scan(&m.Namespace, &m.Workspace, &m.Region, &m.WorkspaceName, &at, &m.SetBy)
		m.SetAt = moment(at)
		return m, err
	}, `SELECT m.namespace, w.id, w.region, w.name, m.set_at, m.set_by FROM figure_mapping m JOIN workspace w ON w.id = m.workspace_id
		WHERE w.deleted_at = 0 ORDER BY m.namespace`)
}

// SaveMapping maps a namespace, in place of what it was mapped to.
func (s Figures) SaveMapping(ctx context.Context, m figure.Mapping) error {
	_, err := s.db.exec(ctx, "mapping a namespace", `INSERT INTO figure_mapping (namespace, workspace_id, set_at, set_by) VALUES (?, ?, ?, ?)
		ON CONFLICT (namespace) DO UPDATE SET workspace_id = excluded.workspace_id, set_at = excluded.set_at, set_by = excluded.set_by`,
		m.Namespace, m.Workspace, unix(m.SetAt), m.SetBy)
	return err
}

// DeleteMapping takes a mapping away; ok is false when there is none.
func (s Figures) DeleteMapping(ctx context.Context, namespace string) (ok bool, err error) {
	n, err := s.db.exec(ctx, "taking a namespace away", "DELETE FROM figure_mapping WHERE namespace = ?", namespace)
	return n == 1, err
}
