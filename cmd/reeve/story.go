package main

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/edition"
	"reeve/core/engine"
	"reeve/core/group"
	"reeve/core/member"
	"reeve/core/policy"
	"reeve/core/region"
	"reeve/core/tenant"
	"reeve/core/tenantrole"
	"reeve/core/workspace"
)

// The places of the sample tenant's story that the walk goes to.
const (
	storyRegion    = "cn-hangzhou"
	storyWorkspace = "sales_dw"
	storyRole      = "finance_reader"
)

// storyClock tells the times of the story: each act a little after the one before, all in the months before today.
type storyClock struct{ at time.Time }

func newStoryClock(today time.Time) *storyClock {
	return &storyClock{at: today.AddDate(0, 0, -120).Truncate(24 * time.Hour).Add(9 * time.Hour)}
}

func (c *storyClock) now() time.Time { return c.at }

func (c *storyClock) pass(d time.Duration) { c.at = c.at.Add(d) }

// act is one sentence of the story.
type act struct {
	after time.Duration
	by    string
	do    func(ctx context.Context) error
}

// story makes the tenant and lets its people do what people do, through the gate like everything else, so that the sample's
// audit is a real one.
func (s *system) story(ctx context.Context, clock *storyClock) error {
	t, err := s.tenants.Init(control.WithActor(ctx, control.Actor{Face: control.FaceSetup}), tenant.Setup{
		Tenant: "acme", Owner: "root", Regions: []tenant.Region{
			{ID: storyRegion, Edition: edition.Enterprise}, {ID: "cn-shanghai", Edition: edition.Standard}, {ID: "ap-southeast-1", Edition: edition.Basic},
		},
	})
	if err != nil {
		return err
	}
	s.tenant = t
	people := map[string]access.PrincipalID{"root": t.OwnerID}
	for _, a := range s.sentences(people) {
		clock.pass(a.after)
		actor := control.Actor{Principal: people[a.by], Name: a.by, Face: control.FaceSetup}
		if err := a.do(control.WithActor(ctx, actor)); err != nil {
			return err
		}
	}
	return nil
}

const day = 24 * time.Hour

// keepWorkspaces is a policy of the story: whoever it is attached to deletes and disables nothing, whatever else allows it.
// #nosec G101 -- a policy, not a secret
const keepWorkspaces = `{"Version": "1", "Statement": [{"Effect": "Deny",
  "Action": ["dataworks:DeleteWorkspace", "dataworks:DisableWorkspace"], "Resource": "acs:dataworks:*:*:workspace/*"}]}`

func (s *system) sentences(people map[string]access.PrincipalID) []act {
	users := func(kind directory.Kind, full bool, names ...string) func(context.Context) error {
		return func(ctx context.Context) error {
			added, err := s.users.Add(ctx, directory.Add{Names: names, Kind: kind, FullAccess: full})
			for _, u := range added {
				people[u.Name] = u.ID
			}
			return err
		}
	}
	sales := control.Ref{Region: storyRegion, Workspace: storyWorkspace}
	risk := control.Ref{Region: storyRegion, Workspace: "risk_dw"}
	create := func(region, name, display, about string, mode workspace.Mode, admins ...string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := s.workspaces.Create(ctx, workspace.Create{Region: region, Name: name, DisplayName: display, Description: about, Mode: mode, Admins: admins})
			return err
		}
	}
	add := func(ref control.Ref, roles []string, names ...string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := s.members.Add(ctx, ref, member.Batch{Users: names, Roles: roles})
			return err
		}
	}
	role := func(ref control.Ref, name string, levels map[access.Module]access.Level) func(context.Context) error {
		return func(ctx context.Context) error {
			var l access.Levels
			for m, level := range levels {
				l = l.With(m, level)
			}
			_, err := s.roles.Create(ctx, ref, name, l)
			return err
		}
	}
	buy := func(in group.Create) func(context.Context) error {
		in.Region, in.VPC, in.VSwitch = storyRegion, "vpc-bp1aevy8sofi8mh1q", "vsw-bp12mw1f8k3jgygk9"
		return func(ctx context.Context) error {
			_, err := s.groups.Create(ctx, in)
			return err
		}
	}
	bind := func(name string, workspaces ...string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := s.groups.Associate(ctx, group.Ref{Region: storyRegion, Name: name}, group.Binding{Workspaces: workspaces})
			return err
		}
	}
	return []act{
		{10 * time.Minute, "root", users(directory.RAMUser, true, "lin.chen")},
		{5 * time.Minute, "lin.chen", users(directory.RAMUser, false, "zoe.park", "m.weber", "m.ito", "a.kaya", "m.sato", "chen.wei", "s.lindqvist", "p.oconnor",
			"ines.rocha", "t.nguyen", "张伟", "佐藤健", "d.okafor", "l.moreau", "r.iyer", "k.nowak")},
		{5 * time.Minute, "lin.chen", users(directory.RAMRole, false, "etl-prod", "bi-gateway", "backup-agent")},
		{2 * time.Hour, "lin.chen", create(storyRegion, storyWorkspace, "Sales warehouse", "Orders, customers and revenue; feeds the board report.", workspace.Standard, "zoe.park", "m.weber")},
		{time.Hour, "lin.chen", create(storyRegion, "risk_dw", "风险数据仓库", "Credit and fraud models.", workspace.Standard, "m.weber")},
		{time.Hour, "lin.chen", func(ctx context.Context) error {
			legacy := false // so that it can be upgraded
			_, err := s.workspaces.Create(ctx, workspace.Create{Region: storyRegion, Name: "marketing_lab", DisplayName: "Marketing lab", Mode: workspace.Simple,
				Admins: []string{"ines.rocha"}, NewDataStudio: &legacy, Tags: []workspace.Tag{{Key: "env", Value: "test"}, {Key: "team", Value: "marketing"}}})
			return err
		}},
		{day, "lin.chen", create("cn-shanghai", "logistics", "Logistics", "Parcels and routes.", workspace.Standard, "m.weber")},
		{day, "lin.chen", create("ap-southeast-1", "pilot", "Pilot", "", workspace.Simple)},
		{day, "zoe.park", role(sales, storyRole, map[access.Module]access.Level{
			access.DataIntegration: access.Read, access.DataStudio: access.Read, access.OperationCenter: access.Read,
			access.DataService: access.Read, access.DataQuality: access.Read, access.DataAnalysis: access.Read})},
		{time.Hour, "zoe.park", add(sales, []string{storyRole}, "m.ito", "m.sato", "chen.wei", "a.kaya", "ines.rocha", "t.nguyen", "张伟", "佐藤健", "d.okafor")},
		{time.Hour, "zoe.park", add(sales, []string{"develop", storyRole}, "s.lindqvist", "p.oconnor", "l.moreau", "r.iyer", "k.nowak")},
		{20 * time.Minute, "zoe.park", add(sales, []string{"o&m", "deploy"}, "etl-prod")},
		{20 * time.Minute, "zoe.park", add(sales, []string{"visitor"}, "bi-gateway")},
		{3 * day, "m.weber", role(risk, "model_reviewer", map[access.Module]access.Level{
			access.DataModeling: access.Read, access.IntelligentModeling: access.Write, access.DataQuality: access.Read})},
		{time.Hour, "m.weber", add(risk, []string{"model designer"}, "r.iyer", "佐藤健")},
		{time.Hour, "m.weber", add(risk, []string{"model_reviewer", "visitor"}, "l.moreau")},
		{time.Hour, "root", buy(group.Create{Name: "rg_prod", Billing: group.Subscription, Size: 32, Duration: 1, Unit: group.Year, AutoRenew: true, CIDR: "192.168.10.0/24"})},
		{time.Minute, "root", buy(group.Create{Name: "rg_reports", Billing: group.Subscription, Size: 8, Duration: 4})},
		{time.Minute, "root", buy(group.Create{Name: "rg_dev"})},
		{10 * time.Minute, "root", s.keepGroups},
		{time.Minute, "root", bind("rg_prod", storyWorkspace, "risk_dw")},
		{time.Minute, "root", bind("rg_reports", storyWorkspace)},
		{time.Minute, "root", bind("rg_dev", "marketing_lab")},
		{20 * day, "zoe.park", func(ctx context.Context) error {
			_, err := s.roles.Clone(ctx, sales, "o&m", "night_operator")
			return err
		}},
		{30 * day, "zoe.park", func(ctx context.Context) error {
			_, err := s.members.SetRoles(ctx, sales, member.Batch{Users: []string{"bi-gateway"}, Roles: []string{"visitor", "data analyst"}})
			return err
		}},
		{time.Hour, "lin.chen", func(ctx context.Context) error {
			groups, err := s.users.AddGroup(ctx, []string{"analysts"})
			if err != nil {
				return err
			}
			_, err = s.users.SetGroupMembers(ctx, directory.GroupMembers{Group: groups[0].Name, Add: []string{"张伟", "ines.rocha", "t.nguyen"}})
			return err
		}},
		{time.Hour, "m.weber", add(risk, []string{"data analyst"}, "analysts")},
		{time.Hour, "lin.chen", func(ctx context.Context) error {
			_, err := s.engines.Add(ctx, sales, engine.Add{Name: "maxcompute_prod", Type: "maxcompute", ProdIdentity: "etl-prod"})
			return err
		}},
		{time.Hour, "root", func(ctx context.Context) error {
			_, err := s.engines.MapRole(ctx, sales, engine.RoleMap{Engine: "maxcompute_prod", Role: storyRole, EngineRole: "Role_Project_Guest"})
			return err
		}},
		{time.Hour, "root", func(ctx context.Context) error {
			_, err := s.tenantRoles.Create(ctx, storyRegion, "map_only", access.CapabilitySet(access.DataMapUse))
			return err
		}},
		{time.Hour, "root", func(ctx context.Context) error {
			_, err := s.tenantRoles.Grant(ctx, storyRegion, tenantrole.Batch{Users: []string{"bi-gateway"}, Roles: []string{"map_only"}})
			return err
		}},
		{time.Hour, "root", func(ctx context.Context) error {
			_, err := s.tenantRoles.Grant(ctx, storyRegion, tenantrole.Batch{Users: []string{"m.weber"}, Roles: []string{"tenant_admin"}})
			return err
		}},
		{time.Hour, "root", func(ctx context.Context) error {
			_, err := s.policies.Create(ctx, "KeepWorkspaces", keepWorkspaces)
			return err
		}},
		{time.Hour, "root", func(ctx context.Context) error {
			_, err := s.policies.Attach(ctx, "KeepWorkspaces", policy.Batch{Users: []string{"analysts"}})
			return err
		}},
		{2 * day, "zoe.park", func(ctx context.Context) error {
			_, err := s.members.SetRoles(ctx, sales, member.Batch{Users: []string{"k.nowak"}, Roles: []string{"develop", storyRole},
				Ends: map[string]time.Time{"develop": s.gate.Now().AddDate(0, 3, 0)}})
			return err
		}},
		{10 * day, "lin.chen", create(storyRegion, "old_reports", "Old reports", "", workspace.Simple, "k.nowak")},
		{20 * day, "lin.chen", func(ctx context.Context) error {
			_, err := s.workspaces.Disable(ctx, control.Ref{Region: storyRegion, Workspace: "old_reports"}, 0)
			return err
		}},
		{time.Hour, "lin.chen", func(ctx context.Context) error {
			_, err := s.regions.Activate(ctx, region.Activation{ID: "eu-central-1", Edition: edition.Basic})
			return err
		}},
		{time.Hour, "lin.chen", func(ctx context.Context) error {
			_, err := s.workspaces.SetLink(ctx, "data-studio", "https://dataworks.example.com/{region}/{workspace_id}/ide")
			return err
		}},
		{time.Hour, "zoe.park", func(ctx context.Context) error {
			_, err := s.workspaces.Set(ctx, sales, workspace.SettingsUpdate{Values: []workspace.SettingValue{{Key: "reruns", Value: "5"},
				{Key: "rerun_policy", Value: "failure-allowed"}, {Key: "sandbox_allowlist", Value: "api.example.com:443,8.8.8.8"}, {Key: "tags", Value: "env=prod,team=sales"}}})
			return err
		}},
	}
}

// keepGroups lets what is due of the resource groups happen.
func (s *system) keepGroups(ctx context.Context) error {
	ctx = control.WithActor(ctx, control.Actor{Name: "keeper", Face: control.FaceKeeper})
	for {
		if moved, err := s.groups.MoveDue(ctx); err != nil || !moved {
			return err
		}
	}
}
