package app_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/edition"
	"reeve/core/member"
	"reeve/core/tenant"
	"reeve/core/workspace"
)

// Names no rule would let in, as they could stand in a database that other programs write: escape sequences, characters that
// turn the direction of text, line breaks, names without end, marks without a letter, wide characters and emoji of several
// characters.
func hostileNames() []string {
	return []string{
		"\x1b[31mred\x1b[2J\x1b]0;title\a", "abc\u202egnirts\u202c", "two\r\nlines\tand a tab", "zero\u200bwidth\u2066x\u2069",
		strings.Repeat("endless-", 40), strings.Repeat("数据仓库", 30), "é́́́́́́combined", "👩‍👩‍👧‍👦 family", "🇩🇪🇨🇳 flags", "1️⃣ key cap",
		"👍🏽 thumb", "\u0301mark", "한국어이름", "العربية", "=1+1", "a\x00b\x7fc\u009bd", "\ufeffbom",
	}
}

// story is the small world: acme with an enterprise region, a basic one and an empty one, the people the tests act as, and the
// workspaces they look at. Every act is done through the gate by whoever would do it.
func story(s *system) error {
	setup := control.WithActor(context.Background(), control.Actor{Face: control.FaceSetup})
	if _, err := s.tenants.Init(setup, tenant.Setup{Tenant: "acme", Owner: "root", Regions: []tenant.Region{
		{ID: "cn-hangzhou", Edition: edition.Enterprise}, {ID: "cn-shanghai", Edition: edition.Basic}, {ID: "ap-southeast-1", Edition: edition.Standard},
	}}); err != nil {
		return err
	}
	hangzhou := func(name string) control.Ref { return control.Ref{Region: "cn-hangzhou", Workspace: name} }
	tell := &telling{system: s}
	by := tell.by
	users := func(full bool, kind directory.Kind, names ...string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := s.services.Users.Add(ctx, directory.Add{Names: names, Kind: kind, FullAccess: full})
			return err
		}
	}
	create := func(in workspace.Create) func(context.Context) error {
		return func(ctx context.Context) error { _, err := s.services.Workspaces.Create(ctx, in); return err }
	}
	add := func(ref control.Ref, roles []string, names ...string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := s.services.Members.Add(ctx, ref, member.Batch{Users: names, Roles: roles})
			return err
		}
	}
	sales := hangzhou("sales_dw")
	by("root", time.Minute, users(true, directory.RAMUser, "lin.chen"))
	by("lin.chen", time.Minute, users(false, directory.RAMUser, "zoe.park", "m.ito", "s.lindqvist", "o.outsider", "a.kaya", "k.nowak", "张伟", "佐藤健"))
	by("lin.chen", time.Minute, users(false, directory.RAMRole, "etl-prod"))
	by("lin.chen", time.Hour, create(workspace.Create{Region: "cn-hangzhou", Name: "sales_dw", DisplayName: "Sales warehouse",
		Description: "Orders and revenue.", Mode: workspace.Standard, Admins: []string{"zoe.park"}}))
	by("lin.chen", time.Hour, create(workspace.Create{Region: "cn-hangzhou", Name: "risk_dw", DisplayName: "风险数据仓库", Mode: workspace.Standard, Admins: []string{"k.nowak"}}))
	by("lin.chen", time.Hour, create(workspace.Create{Region: "cn-hangzhou", Name: "marketing_lab", DisplayName: "Marketing lab", Mode: workspace.Simple, Admins: []string{"a.kaya"}}))
	by("lin.chen", time.Hour, create(workspace.Create{Region: "cn-hangzhou", Name: "frozen_lab", DisplayName: "Frozen lab", Mode: workspace.Simple}))
	by("lin.chen", time.Hour, create(workspace.Create{Region: "cn-hangzhou", Name: "old_reports", DisplayName: "Old reports", Mode: workspace.Simple}))
	by("lin.chen", time.Hour, create(workspace.Create{Region: "cn-hangzhou", Name: "legacy", DisplayName: "Legacy", Mode: workspace.Simple}))
	by("lin.chen", time.Hour, create(workspace.Create{Region: "cn-shanghai", Name: "pilot", DisplayName: "Pilot", Mode: workspace.Simple, Admins: []string{"zoe.park"}}))
	by("zoe.park", 24*time.Hour, func(ctx context.Context) error {
		var levels access.Levels
		for _, m := range []access.Module{access.DataIntegration, access.DataStudio, access.OperationCenter, access.DataService, access.DataQuality, access.DataAnalysis} {
			levels = levels.With(m, access.Read)
		}
		_, err := s.services.Roles.Create(ctx, sales, "finance_reader", levels)
		return err
	})
	by("zoe.park", time.Hour, add(sales, []string{"finance_reader"}, "m.ito", "佐藤健"))
	by("zoe.park", time.Hour, add(sales, []string{"develop", "finance_reader"}, "s.lindqvist"))
	by("zoe.park", time.Hour, add(sales, []string{"o&m", "deploy"}, "etl-prod"))
	by("lin.chen", 24*time.Hour, func(ctx context.Context) error {
		_, err := s.services.Workspaces.Disable(ctx, hangzhou("frozen_lab"), 0)
		return err
	})
	by("lin.chen", 60*24*time.Hour, func(ctx context.Context) error {
		s.clock.nano.Store(today().Add(-72 * time.Hour).UnixNano())
		_, err := s.services.Workspaces.Delete(ctx, hangzhou("old_reports"), 0, "old_reports")
		return err
	})
	rights(tell)
	if tell.failed != nil {
		return tell.failed
	}
	return hostile(s)
}

// telling is a story being told: after an act that failed nothing more is done.
type telling struct {
	*system
	failed error
}

// by lets some time pass and has somebody do something.
func (s *telling) by(who string, after time.Duration, do func(ctx context.Context) error) {
	if s.failed != nil {
		return
	}
	s.clock.Pass(after)
	actor, err := s.as(who)
	if err == nil {
		actor.Face, actor.Session = control.FaceSetup, ""
		err = do(control.WithActor(context.Background(), actor))
	}
	if err != nil {
		s.failed = fmt.Errorf("by %s: %w", who, err)
	}
}

// hostile writes the hostile names past the gate: accounts that are members of legacy, its display name, and one of its roles.
func hostile(s *system) (err error) {
	db, err := sql.Open("sqlite", s.db.Path())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	exec := func(query string, args ...any) {
		if err == nil {
			_, err = db.ExecContext(context.Background(), query, args...)
		}
	}
	const at = 1775000000 // in April 2026
	for i, name := range hostileNames() {
		id := 9000 + i
		exec("INSERT INTO principal (id, name, name_key, kind, created_at) VALUES (?, ?, ?, 'ram-user', ?)", id, name, strings.ToLower(name), at)
		exec(`INSERT INTO member (workspace_id, principal_id, name_key, added_at, added_by, active_at)
			SELECT id, ?, ?, ?, ?, ? FROM workspace WHERE name = 'legacy'`, id, strings.ToLower(name), at, id, at+i*86400)
		exec("INSERT INTO role_grant (workspace_id, principal_id, role_id, granted_at, granted_by) SELECT id, ?, 5, ?, ? FROM workspace WHERE name = 'legacy'", id, at, id)
	}
	wide := hostileNames()[0] + " 旧数据 👩‍👩‍👧‍👦 " + hostileNames()[1]
	exec("UPDATE workspace SET display_name = ?, display_key = ?, description = ? WHERE name = 'legacy'", wide, wide, strings.Join(hostileNames(), "\n"))
	exec(`INSERT INTO role (workspace_id, name, name_key, code, created_at, created_by, modified_at, modified_by)
		SELECT id, ?, ?, 'base_role_hostile', ?, 9000, ?, 9000 FROM workspace WHERE name = 'legacy'`, wide, wide, at, at)
	return err
}

// crowdSize is how many members the large world's one workspace has beside its owner.
const crowdSize = 4999

// crowd is the large world: one workspace with five thousand members whose names sort as they are counted.
func crowd(s *system) (err error) {
	setup := control.WithActor(context.Background(), control.Actor{Face: control.FaceSetup})
	if _, err := s.tenants.Init(setup, tenant.Setup{Tenant: "acme", Owner: "root", Regions: []tenant.Region{{ID: "cn-hangzhou", Edition: edition.Enterprise}}}); err != nil {
		return err
	}
	root, err := s.as("root")
	if err != nil {
		return err
	}
	if _, err := s.services.Workspaces.Create(control.WithActor(context.Background(), root),
		workspace.Create{Region: "cn-hangzhou", Name: "crowd", DisplayName: "Crowd", Mode: workspace.Simple}); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", s.db.Path())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	const numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
	for _, query := range []string{
		"INSERT INTO principal (id, name, name_key, kind, created_at) SELECT 10000 + i, format('p%05d', i), format('p%05d', i), 'ram-user', 1775000000 FROM n",
		`INSERT INTO member (workspace_id, principal_id, name_key, added_at, added_by)
			SELECT (SELECT id FROM workspace), 10000 + i, format('p%05d', i), 1775000000, 1 FROM n`,
		`INSERT INTO role_grant (workspace_id, principal_id, role_id, granted_at, granted_by)
			SELECT (SELECT id FROM workspace), 10000 + i, 5, 1775000000, 1 FROM n`,
	} {
		if _, err := db.ExecContext(context.Background(), numbers+query, crowdSize); err != nil {
			return err
		}
	}
	return nil
}
