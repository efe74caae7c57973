package handover

import (
	"context"
	"errors"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/member"
	"reeve/core/policy"
	"reeve/core/request"
	"reeve/core/tenantrole"
	"reeve/core/text"
	"reeve/storage"
)

// Grants are the services and stores that what is asked for is found and granted with.
type Grants struct {
	Gate            *control.Gate
	Members         *member.Service
	MemberStore     storage.Members
	TenantRoles     *tenantrole.Service
	TenantRoleStore storage.TenantRoles
	Policies        *policy.Service
	PolicyStore     storage.Policies
}

// Givers are the areas as requests know them.
func (g Grants) Givers() request.Givers {
	return request.Givers{request.WorkspaceRole: workspaceRoles{g}, request.TenantRole: tenantRoles{g}, request.Policy: policies{g}}
}

// nearest is how many near names are offered for one that is not there.
const nearest = 3

type workspaceRoles struct{ Grants }

// assignable are the roles that can be given in a workspace.
func (w workspaceRoles) assignable(ctx context.Context, at control.Target, within bool) ([]access.Role, error) {
	all, err := w.MemberStore.Roles(ctx, at.Workspace)
	var found []access.Role
	for _, r := range all {
		if r.Assignable && (within || r.Kind == access.Builtin) {
			found = append(found, r)
		}
	}
	return found, err
}

func workspaceRole(r access.Role) request.Role {
	return request.Role{Code: r.Code, Name: r.Name, Builtin: r.Kind == access.Builtin}
}

func (w workspaceRoles) Offers(ctx context.Context, at control.Target, within bool) ([]request.Role, error) {
	found, err := w.assignable(ctx, at, within)
	offers := make([]request.Role, len(found))
	for i, r := range found {
		offers[i] = workspaceRole(r)
	}
	return offers, err
}

func (w workspaceRoles) Find(ctx context.Context, at control.Target, name string, within bool) (request.Role, error) {
	found, err := w.assignable(ctx, at, within)
	if err != nil {
		return request.Role{}, err
	}
	r, err := access.FindRole(found, name)
	var unknown *access.UnknownError
	if errors.As(err, &unknown) {
		err = &fault.NotFound{What: "role", Name: name, Nearest: unknown.Nearest}
	}
	return workspaceRole(r), err
}

// membership is somebody's in a workspace; ok is false for who is no member.
func (w workspaceRoles) membership(ctx context.Context, at control.Target, user string) (m member.Member, ok bool, err error) {
	m, err = w.MemberStore.Get(ctx, at.Workspace, user)
	gone, err := missing(err)
	return m, err == nil && !gone, err
}

func (w workspaceRoles) Held(ctx context.Context, at control.Target, user string, role request.Role) (time.Time, bool, error) {
	m, _, err := w.membership(ctx, at, user)
	for _, h := range m.Roles {
		if h.Code == role.Code {
			return ending(h.Until), true, err
		}
	}
	return time.Time{}, false, err
}

func (w workspaceRoles) Give(ctx context.Context, at control.Target, user string, role request.Role, until time.Time) error {
	m, member, err := w.membership(ctx, at, user)
	if err != nil {
		return err
	}
	ref := control.Ref{Region: at.Region, Workspace: at.WorkspaceName}
	return join(ctx, w.Members, ref, user, m, member, []string{role.Code}, until)
}

// ending is an end as a time; zero is never.
func ending(until *time.Time) time.Time {
	if until == nil {
		return time.Time{}
	}
	return *until
}

type tenantRoles struct{ Grants }

func tenantRole(r tenantrole.Role) request.Role {
	return request.Role{Code: r.Code, Name: r.Name, Builtin: r.Kind == access.Builtin}
}

func (t tenantRoles) Offers(ctx context.Context, at control.Target, _ bool) ([]request.Role, error) {
	all, err := t.TenantRoleStore.List(ctx, at.Region)
	var offers []request.Role
	for _, r := range all {
		if r.Assignable && r.GrantedBy != access.Nobody {
			offers = append(offers, tenantRole(r))
		}
	}
	return offers, err
}

func (t tenantRoles) Find(ctx context.Context, at control.Target, name string, _ bool) (request.Role, error) {
	r, err := t.TenantRoles.Get(ctx, at.Region, name)
	if err == nil && (!r.Assignable || r.GrantedBy == access.Nobody) {
		err = &fault.NotFound{What: "tenant_role", Name: name}
	}
	return tenantRole(r), err
}

func (t tenantRoles) Held(ctx context.Context, at control.Target, user string, role request.Role) (time.Time, bool, error) {
	m, err := t.TenantRoleStore.Member(ctx, at.Region, t.Gate.Now(), user)
	for _, h := range m.Roles {
		if h.Code == role.Code {
			return ending(h.Until), true, err
		}
	}
	return time.Time{}, false, err
}

func (t tenantRoles) Give(ctx context.Context, at control.Target, user string, role request.Role, until time.Time) error {
	_, err := t.TenantRoles.Grant(ctx, at.Region, tenantrole.Batch{Users: []string{user}, Roles: []string{role.Code}, Until: until})
	return err
}

type policies struct{ Grants }

func (p policies) Offers(ctx context.Context, _ control.Target, _ bool) ([]request.Role, error) {
	all, err := p.PolicyStore.List(ctx, p.Gate.Now())
	var offers []request.Role
	for _, one := range all {
		offers = append(offers, request.Role{Code: one.Name, Name: one.Name})
	}
	return offers, err
}

func (p policies) Find(ctx context.Context, at control.Target, name string, _ bool) (request.Role, error) {
	offers, err := p.Offers(ctx, at, true)
	if err != nil {
		return request.Role{}, err
	}
	names := make([]string, len(offers))
	for i, o := range offers {
		if text.Fold(o.Name) == text.Fold(name) {
			return o, nil
		}
		names[i] = o.Name
	}
	return request.Role{}, &fault.NotFound{What: "policy", Name: name, Nearest: text.Nearest(name, names, nearest)}
}

func (p policies) Held(ctx context.Context, _ control.Target, user string, role request.Role) (time.Time, bool, error) {
	people, err := p.PolicyStore.Principals(ctx, []string{user})
	if err != nil {
		return time.Time{}, false, err
	}
	attached, err := p.PolicyStore.Attachments(ctx, 0, people[0].ID, p.Gate.Now())
	for _, a := range attached {
		if text.Fold(a.Name) == text.Fold(role.Name) {
			return ending(a.Until), true, err
		}
	}
	return time.Time{}, false, err
}

func (p policies) Give(ctx context.Context, _ control.Target, user string, role request.Role, until time.Time) error {
	_, err := p.Policies.Attach(ctx, role.Name, policy.Batch{Users: []string{user}, Until: until})
	return err
}
