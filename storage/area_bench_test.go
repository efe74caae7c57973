package storage

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/list"
	"reeve/core/workspace"
)

// BenchmarkPage1M reads pages of 50 out of a database of 1,000,000 memberships and holds each against the same SQL written
// out by hand: the metric "ratio" is the one through the other, measured in turns in the same run.
func BenchmarkPage1M(b *testing.B) {
	db := openTenant(b, filepath.Join(b.TempDir(), "a.db"))
	fill(b, db, Fill{Workspaces: 10_000, Memberships: 1_000_000, Principals: 20_000, Seed: 1})
	builtins := builtins(b)
	ws, _, err := one(b.Context(), db, "finding the largest workspace", value[access.WorkspaceID],
		"SELECT workspace_id FROM member GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
	if err != nil {
		b.Fatal(err)
	}
	members, workspaces, questions := NewMembers(db, builtins), NewWorkspaces(db), NewQuestions(db, builtins)
	b.Run("members", func(b *testing.B) {
		q := list.Query{Filter: list.ParseFilter("chen"), From: &list.Key{Value: "chen.j", ID: 1}}
		against(b, func(ctx context.Context) error {
			_, err := members.List(ctx, ws, q)
			return err
		}, func(ctx context.Context) error { return membersByHand(ctx, db, ws) })
	})
	b.Run("workspaces", func(b *testing.B) {
		q := list.Query{Filter: list.ParseFilter("owner:acme !lab"), From: &list.Key{Value: "m", ID: 1}}
		against(b, func(ctx context.Context) error {
			_, err := workspaces.List(ctx, workspace.View{Region: home}, q)
			return err
		}, func(ctx context.Context) error { return workspacesByHand(ctx, db) })
	})
	for name, scope := range map[string]control.Scope{"access state of one": {Workspace: ws, Principal: 77}, "access state of all": {Workspace: ws}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := questions.AccessState(b.Context(), scope); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// against measures two ways to do the same.
func against(b *testing.B, ours, byHand func(ctx context.Context) error) {
	b.Helper()
	var spent [2]time.Duration
	for b.Loop() {
		for i, do := range []func(context.Context) error{ours, byHand} {
			start := time.Now()
			if err := do(b.Context()); err != nil {
				b.Fatal(err)
			}
			spent[i] += time.Since(start)
		}
	}
	b.ReportMetric(float64(spent[0])/float64(spent[1]), "ratio")
}

// readAll scans every row into the same places and calls then, if given, after each.
func readAll(ctx context.Context, q querier, dest []any, then func(), query string, args ...any) (err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if then != nil {
			then()
		}
	}
	return rows.Err()
}

func membersByHand(ctx context.Context, db *DB, ws access.WorkspaceID) error {
	return db.Read(ctx, func(ctx context.Context) error {
		var id, added, active, version, role int64
		var key, name, kind, by, code string
		err := readAll(ctx, db.q(ctx), []any{&key, &id, &name, &kind, &added, &by, &active, &version}, nil,
			`SELECT m.name_key, m.principal_id, p.name, p.kind, m.added_at, b.name, m.active_at, m.version
			FROM member m LEFT JOIN principal p ON p.id = m.principal_id LEFT JOIN principal b ON b.id = m.added_by
			WHERE m.workspace_id = ? AND m.name_key LIKE '%chen%' AND (m.name_key, m.principal_id) > ('chen.j', 1)
			ORDER BY m.name_key, m.principal_id LIMIT 50`, ws)
		if err != nil {
			return err
		}
		return readAll(ctx, db.q(ctx), []any{&id, &role, &code, &name, &added, &by}, nil,
			`SELECT g.principal_id, g.role_id, coalesce(c.code, ''), coalesce(c.name, ''), g.granted_at, b.name
			FROM role_grant g LEFT JOIN role c ON c.id = g.role_id LEFT JOIN principal b ON b.id = g.granted_by
			WHERE g.workspace_id = ? AND g.principal_id IN (
				SELECT principal_id FROM (SELECT m.principal_id, m.name_key FROM member m
				WHERE m.workspace_id = ? AND m.name_key LIKE '%chen%' AND (m.name_key, m.principal_id) > ('chen.j', 1)
				ORDER BY m.name_key, m.principal_id LIMIT 50))`, ws, ws)
	})
}

func workspacesByHand(ctx context.Context, db *DB) error {
	return db.Read(ctx, func(ctx context.Context) error {
		var id, created, deleted, purge, version, count, standard, reruns, pause, shutdown int64
		var flags [7]bool
		var group sql.NullInt64
		var resumes, cloud, groupName, zone, cycle, rerun, tag string
		var key, region, name, display, description, mode, template, status, owner, by string
		var ids []int64
		if err := readAll(ctx, db.q(ctx), []any{&key, &id, &region, &name, &display, &description, &mode, &template, &status, &owner, &created, &by, &deleted, &purge, &version,
			&resumes, &standard, &cloud, &group, &groupName, &flags[0], &flags[1], &flags[2], &shutdown, &flags[3], &zone, &cycle, &rerun, &reruns, &pause, &flags[4], &flags[5], &flags[6]},
			func() { ids = append(ids, id) }, `SELECT w.name_key, w.id, w.region, w.name, w.display_name, w.description, w.mode, w.template, w.status, o.name,
			w.created_at, c.name, w.deleted_at, w.purge_at, w.version,
			w.resumes_to, w.is_default, w.aliyun_group, w.default_group_id, coalesce((SELECT g.name FROM resource_group g JOIN resource_group_workspace b
				ON b.group_id = g.id AND b.workspace_id = w.id WHERE g.id = w.default_group_id AND g.deleted_at = 0), ''),
			w.new_data_studio, w.dev_role_disabled, w.pai_scheduling, w.personal_dev_shutdown, w.periodic_scheduling, w.time_zone, w.cycle_time,
			w.rerun_policy, w.reruns, w.rerun_interval, w.auto_parse, w.download_select, w.change_node_owner
			FROM workspace w LEFT JOIN principal o ON o.id = w.owner_id LEFT JOIN principal c ON c.id = w.created_by
			WHERE w.region = 'cn-hangzhou' AND w.deleted_at = 0 AND o.name_key LIKE '%acme%' AND NOT (w.name_key LIKE '%lab%' OR w.display_key LIKE '%lab%')
				AND (w.name_key, w.id) > ('m', 1) ORDER BY w.name_key, w.id LIMIT 50`); err != nil {
			return err
		}
		if err := readAll(ctx, db.q(ctx), []any{&id, &name}, nil, `SELECT g.workspace_id, p.name FROM role_grant g JOIN principal p ON p.id = g.principal_id
			WHERE g.role_id = 2 AND g.workspace_id IN (SELECT value FROM json_each(?)) ORDER BY g.workspace_id, p.name_key`, set(ids)); err != nil {
			return err
		}
		if err := readAll(ctx, db.q(ctx), []any{&id, &name, &tag}, nil,
			"SELECT workspace_id, tag, value FROM workspace_tag WHERE workspace_id IN (SELECT value FROM json_each(?)) ORDER BY workspace_id, tag", set(ids)); err != nil {
			return err
		}
		return readAll(ctx, db.q(ctx), []any{&id, &count}, nil,
			"SELECT workspace_id, count(*) FROM member WHERE workspace_id IN (SELECT value FROM json_each(?)) GROUP BY workspace_id", set(ids))
	})
}
