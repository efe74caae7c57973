package app_test

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/bootstrap"
	"reeve/core/directory"
	"reeve/core/engine"
	"reeve/core/member"
	"reeve/core/policy"
	"reeve/core/source"
	"reeve/core/tenantrole"
)

// keepWorkspaces is a policy that takes two operations away from whoever it is attached to.
//
//nolint:gosec // no credentials
const keepWorkspaces = `{"Version": "1", "Statement": [
  {"Effect": "Deny", "Action": ["dataworks:DeleteWorkspace", "dataworks:DisableWorkspace"], "Resource": "acs:dataworks:*:*:workspace/*"},
  {"Effect": "Allow", "Action": "dataworks:CreateWorkspace", "Resource": "*"}]}`

// developEnds is when s.lindqvist ceases to be a developer of sales_dw: three days after the tests look at the world.
func developEnds() time.Time { return today().Add(72 * time.Hour) }

// rights is what the story tells last, in the three days before the tests look: a group that is a member, a role that ends,
// roles of the tenant, a policy that denies, and two engines.
func rights(s *telling) {
	sales := refOf("sales_dw")
	s.by("lin.chen", time.Hour, func(ctx context.Context) error {
		if _, err := s.services.Users.AddGroup(ctx, []string{"analysts"}); err != nil {
			return err
		}
		_, err := s.services.Users.SetGroupMembers(ctx, directory.GroupMembers{Group: "analysts", Add: []string{"张伟", "a.kaya"}})
		return err
	})
	s.by("zoe.park", time.Hour, func(ctx context.Context) error {
		_, err := s.services.Members.Add(ctx, sales, member.Batch{Users: []string{"analysts"}, Roles: []string{"data analyst"}})
		return err
	})
	s.by("zoe.park", time.Hour, func(ctx context.Context) error {
		_, err := s.services.Members.SetRoles(ctx, sales, member.Batch{Users: []string{"s.lindqvist"}, Roles: []string{"develop", "finance_reader"},
			Ends: map[string]time.Time{"develop": developEnds()}})
		return err
	})
	s.by("lin.chen", time.Hour, func(ctx context.Context) error {
		_, err := s.services.TenantRoles.Create(ctx, "cn-hangzhou", "guard_reader", access.CapabilitySet(access.DataSecurityGuardRead))
		return err
	})
	grant := func(user, role string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := s.services.TenantRoles.Grant(ctx, "cn-hangzhou", tenantrole.Batch{Users: []string{user}, Roles: []string{role}})
			return err
		}
	}
	s.by("lin.chen", time.Hour, grant("佐藤健", "guard_reader"))
	s.by("lin.chen", time.Hour, grant("k.nowak", "tenant_admin"))
	s.by("root", time.Hour, func(ctx context.Context) error {
		if _, err := s.services.Policies.Create(ctx, "KeepWorkspaces", keepWorkspaces); err != nil {
			return err
		}
		_, err := s.services.Policies.Attach(ctx, "KeepWorkspaces", policy.Batch{Users: []string{"analysts"}})
		return err
	})
	s.by("lin.chen", time.Hour, func(ctx context.Context) error {
		if _, err := s.services.Engines.Add(ctx, sales, engine.Add{Name: "warehouse_mc", Type: "maxcompute", ProdIdentity: "etl-prod"}); err != nil {
			return err
		}
		_, err := s.services.Engines.Add(ctx, sales, engine.Add{Name: "spark_emr", Type: "emr"})
		return err
	})
	s.by("root", time.Hour, func(ctx context.Context) error {
		if _, err := s.services.Engines.MapRole(ctx, sales, engine.RoleMap{Engine: "warehouse_mc", Role: "finance_reader", EngineRole: "Role_Project_Guest"}); err != nil {
			return err
		}
		_, err := s.services.Engines.MapAccount(ctx, sales, engine.AccountMap{Engine: "spark_emr", User: "s.lindqvist", Account: "spark_lindqvist"})
		return err
	})
	s.by("zoe.park", time.Hour, func(ctx context.Context) error {
		for _, in := range []source.Create{
			{Name: "crm", Type: "mysql", Description: "Customers as the CRM has them", Connections: map[source.Environment]source.Properties{
				source.Prod: {"address": "crm-1.internal:3306,crm-2.internal:3306", "database": "crm", "username": "reader"},
				source.Dev:  {"address": "crm-dev.internal:3306", "database": "crm", "username": "reader"}}},
			{Name: "sessions", Type: "redis", Connections: map[source.Environment]source.Properties{
				source.Prod: {"address": "closed.internal:6379"}, source.Dev: {"address": "sessions-dev.internal:6379"}}},
		} {
			if _, err := s.services.Sources.Create(ctx, sales, in); err != nil {
				return err
			}
		}
		_, err := s.services.Sources.Test(ctx, sales, "sessions", "")
		return err
	})
	s.by("lin.chen", time.Hour, func(ctx context.Context) error {
		run, err := s.services.Bootstraps.Begin(ctx, bootstrap.Spec{Region: "cn-hangzhou", Workspace: bootstrap.Workspace{Name: "sales_dw"},
			Source: &bootstrap.Source{Name: "archive", Type: "ftp", Prod: map[string]string{"protocol": "ftp", "host": "closed.internal", "port": "21", "username": "reader"},
				Dev: map[string]string{"protocol": "ftp", "host": "archive.internal", "port": "21", "username": "reader"}}})
		for err == nil && (run.State() == bootstrap.Pending || run.State() == bootstrap.Running) {
			run, err = s.services.Bootstraps.Advance(ctx, run.ID)
		}
		return err
	})
}
