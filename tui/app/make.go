package app

import (
	"reeve/core/fault"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/screen/audit"
	"reeve/tui/screen/bootstrap"
	"reeve/tui/screen/directory"
	"reeve/tui/screen/engine"
	"reeve/tui/screen/figure"
	"reeve/tui/screen/group"
	"reeve/tui/screen/member"
	"reeve/tui/screen/overview"
	"reeve/tui/screen/point"
	"reeve/tui/screen/policy"
	"reeve/tui/screen/region"
	"reeve/tui/screen/request"
	"reeve/tui/screen/role"
	"reeve/tui/screen/session"
	"reeve/tui/screen/source"
	"reeve/tui/screen/tenantrole"
	"reeve/tui/screen/token"
	"reeve/tui/screen/workspace"
)

// make is the one list of which screen a kind of place has.
func (a *App) make(r route.Route) screen.Screen {
	switch r.Kind {
	case route.Overview:
		return overview.New(a.env, a.region())
	case route.Workspaces:
		return workspace.NewList(a.env, r)
	case route.Bin:
		return workspace.NewBin(a.env, r)
	case route.Details:
		return workspace.NewDetails(a.env, r)
	case route.Settings:
		return workspace.NewSettings(a.env, r)
	case route.Members:
		return member.NewList(a.env, r)
	case route.Joining:
		return member.NewJoining(a.env, r)
	case route.Member:
		return member.NewEffective(a.env, r)
	case route.Reviews:
		return member.NewReviews(a.env, r)
	case route.Review:
		return member.NewReview(a.env, r)
	case route.Engines:
		return engine.NewList(a.env, r)
	case route.Bootstraps:
		return bootstrap.NewList(a.env, r)
	case route.Bootstrap:
		return bootstrap.NewRun(a.env, r)
	case route.Sources:
		return source.NewList(a.env, r)
	case route.Figures:
		return figure.New(a.env, r)
	case route.Points:
		return point.New(a.env, r)
	case route.Roles:
		return role.NewList(a.env, r)
	case route.Role:
		return role.NewEditor(a.env, r)
	case route.Admin:
		return directory.NewList(a.env, r)
	case route.TenantMembers:
		return tenantrole.NewMembers(a.env, r)
	case route.TenantRoles:
		return tenantrole.NewRoles(a.env, r)
	case route.Policies:
		return policy.NewList(a.env, r)
	case route.Policy:
		return policy.NewDetails(a.env, r)
	case route.Requests:
		return request.NewList(a.env, r)
	case route.Request:
		return request.NewDetails(a.env, r)
	case route.Sessions:
		return session.NewList(a.env, r)
	case route.Tokens:
		return token.NewList(a.env, r)
	case route.Groups:
		return group.NewList(a.env, r)
	case route.Runs:
		return group.NewRuns(a.env, r)
	case route.Group:
		return group.NewDetails(a.env, r)
	case route.Regions:
		return region.NewList(a.env, r)
	case route.Audit:
		return audit.NewList(a.env, r)
	case route.Entry:
		return audit.NewEntry(a.env, r)
	}
	return nil
}

func errNoPlace(r route.Route) error {
	return &fault.NotFound{What: "place", Name: string(r.Kind)}
}
