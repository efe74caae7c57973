package main

import (
	"context"
	"slices"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/engine"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/plan"
	"reeve/core/policy"
	"reeve/core/region"
	"reeve/core/role"
	"reeve/core/tenantrole"
)

// planAreas hands the areas over to plans in the words of plans. Nothing is decided here.
func (s *system) planAreas() plan.Areas {
	return plan.Areas{
		Workspaces: planWorkspaces{s.workspaces}, Roles: planRoles{s.roles, s.engines}, Members: planMembers{s.members},
		TenantRoles: planTenantRoles{s.tenantRoles}, Policies: planPolicies{s.policies}, Users: planUsers{s.users},
		Regions: planRegions{s.regions}, Builtin: s.builtins.Roles,
	}
}

type planRoles struct {
	*role.Service
	engines *engine.Service
}

func (p planRoles) All(ctx context.Context, ref control.Ref) ([]plan.RoleState, error) {
	roles, err := p.List(ctx, ref)
	if err != nil {
		return nil, err
	}
	engines, err := p.engines.List(ctx, ref)
	if err != nil {
		return nil, err
	}
	states := make([]plan.RoleState, len(roles))
	for i, r := range roles {
		states[i] = plan.RoleState{Role: r.Role, Version: r.Version, Engines: map[string]string{}}
		for _, e := range engines {
			for _, m := range e.Roles {
				if m.Role == r.ID && !m.Fixed() {
					states[i].Engines[e.Name] = m.EngineRole
				}
			}
		}
	}
	return states, nil
}

func (p planRoles) Create(ctx context.Context, ref control.Ref, name string, levels access.Levels) error {
	_, err := p.Service.Create(ctx, ref, name, levels)
	return err
}

func (p planRoles) Set(ctx context.Context, ref control.Ref, name string, levels map[access.Module]access.Level, ownLoss bool) error {
	_, err := p.Service.Set(ctx, ref, name, role.Edit{Levels: levels, OwnLoss: ownLoss})
	return err
}

func (p planRoles) MapEngine(ctx context.Context, ref control.Ref, name, engineName, engineRole string) error {
	_, err := p.engines.MapRole(ctx, ref, engine.RoleMap{Engine: engineName, Role: name, EngineRole: engineRole})
	return err
}

func (p planRoles) Delete(ctx context.Context, ref control.Ref, name string, ownLoss bool) error {
	_, err := p.Service.Delete(ctx, ref, name, role.Removal{OwnLoss: ownLoss})
	return err
}

type planMembers struct{ *member.Service }

func (p planMembers) Walk(ctx context.Context, ref control.Ref, page func([]plan.MemberState) error) error {
	q := list.Query{Limit: list.MaxLimit}
	for {
		found, err := p.List(ctx, ref, q)
		if err != nil {
			return err
		}
		states := make([]plan.MemberState, len(found.Items))
		for i, m := range found.Items {
			states[i] = memberState(m)
		}
		if err := page(states); err != nil {
			return err
		}
		if len(found.Items) < q.Limit {
			return nil
		}
		q.From = &found.Keys[len(found.Keys)-1]
	}
}

func memberState(m member.Member) plan.MemberState {
	state := plan.MemberState{Name: m.Name, Version: m.Version}
	for _, h := range m.Roles {
		state.Owner = state.Owner || h.Code == member.OwnerRole
		state.Roles = append(state.Roles, heldState(h.Kind, h.Code, h.Name, h.Until))
	}
	return state
}

func heldState(kind access.RoleKind, code, name string, until *time.Time) plan.Held {
	h := plan.Held{Role: name}
	if kind == access.Builtin {
		h.Role = code
	}
	if until != nil {
		h.Until = *until
	}
	return h
}

// memberBatch is what several members are to hold.
func memberBatch(names []string, roles []plan.Held, ownLoss bool) member.Batch {
	b := member.Batch{Users: names, Ends: map[string]time.Time{}, OwnLoss: ownLoss}
	for _, h := range roles {
		b.Roles = append(b.Roles, h.Role)
		b.Ends[h.Role] = h.Until
	}
	return b
}

func (p planMembers) Add(ctx context.Context, ref control.Ref, names []string, roles []plan.Held, ownLoss bool) error {
	_, err := p.Service.Add(ctx, ref, memberBatch(names, roles, ownLoss))
	return err
}

func (p planMembers) SetRoles(ctx context.Context, ref control.Ref, names []string, roles []plan.Held, ownLoss bool) error {
	_, err := p.Service.SetRoles(ctx, ref, memberBatch(names, roles, ownLoss))
	return err
}

func (p planMembers) Remove(ctx context.Context, ref control.Ref, names []string, ownLoss bool) error {
	_, err := p.Service.Remove(ctx, ref, member.Removal{Users: names, OwnLoss: ownLoss})
	return err
}

type planTenantRoles struct{ *tenantrole.Service }

func (p planTenantRoles) All(ctx context.Context, region string) ([]plan.TenantRoleState, error) {
	roles, err := p.List(ctx, region)
	states := make([]plan.TenantRoleState, len(roles))
	for i, r := range roles {
		states[i] = plan.TenantRoleState{TenantRole: r.TenantRole, Version: r.Version}
	}
	return states, err
}

func (p planTenantRoles) Members(ctx context.Context, region string) ([]plan.TenantMemberState, error) {
	all, err := walk(listing{}, func(q list.Query) (list.Page[tenantrole.Member], error) { return p.Service.Members(ctx, region, q) })
	var states []plan.TenantMemberState
	for _, m := range all {
		if len(m.Roles) == 0 {
			continue
		}
		state := plan.TenantMemberState{Name: m.Name}
		for _, h := range m.Roles {
			state.Roles = append(state.Roles, heldState(h.Kind, h.Code, h.Name, h.Until))
		}
		states = append(states, state)
	}
	return states, err
}

func (p planTenantRoles) Create(ctx context.Context, region, name string, c access.Capabilities) error {
	_, err := p.Service.Create(ctx, region, name, c)
	return err
}

func (p planTenantRoles) Set(ctx context.Context, region, name string, c access.Capabilities, ownLoss bool) error {
	_, err := p.Service.Set(ctx, region, name, tenantrole.Edit{Capabilities: c, OwnLoss: ownLoss})
	return err
}

func (p planTenantRoles) Delete(ctx context.Context, region, name string, ownLoss bool) error {
	_, err := p.Service.Delete(ctx, region, name, tenantrole.Removal{OwnLoss: ownLoss})
	return err
}

func (p planTenantRoles) Grant(ctx context.Context, region, user string, r plan.Held, ownLoss bool) error {
	_, err := p.Service.Grant(ctx, region, tenantrole.Batch{Users: []string{user}, Roles: []string{r.Role}, Until: r.Until, OwnLoss: ownLoss})
	return err
}

func (p planTenantRoles) Revoke(ctx context.Context, region, user string, roles []string, ownLoss bool) error {
	_, err := p.Service.Revoke(ctx, region, tenantrole.Batch{Users: []string{user}, Roles: roles, OwnLoss: ownLoss})
	return err
}

type planPolicies struct{ *policy.Service }

func (p planPolicies) All(ctx context.Context) ([]plan.PolicyState, error) {
	policies, err := p.List(ctx)
	states := make([]plan.PolicyState, len(policies))
	for i, one := range policies {
		states[i] = plan.PolicyState{Name: one.Name, System: one.System, Version: one.Version, Document: string(access.FormatDocument(one.Document))}
	}
	return states, err
}

func (p planPolicies) Attachments(ctx context.Context) ([]plan.AttachmentState, error) {
	policies, err := p.List(ctx)
	if err != nil {
		return nil, err
	}
	var states []plan.AttachmentState
	for _, one := range policies {
		if one.Attached == 0 {
			continue
		}
		attached, err := p.Service.Attachments(ctx, one.Name)
		if err != nil {
			return nil, err
		}
		for _, a := range attached {
			state := plan.AttachmentState{Policy: a.Name, User: a.User}
			if a.Until != nil {
				state.Until = *a.Until
			}
			states = append(states, state)
		}
	}
	return states, nil
}

func (p planPolicies) Create(ctx context.Context, name, document string) error {
	_, err := p.Service.Create(ctx, name, document)
	return err
}

func (p planPolicies) Update(ctx context.Context, name, document string, ownLoss bool) error {
	_, err := p.Service.Update(ctx, name, policy.Edit{Document: document, OwnLoss: ownLoss})
	return err
}

func (p planPolicies) Delete(ctx context.Context, name string, ownLoss bool) error {
	_, err := p.Service.Delete(ctx, name, policy.Removal{OwnLoss: ownLoss})
	return err
}

func (p planPolicies) Attach(ctx context.Context, a plan.AttachmentState, ownLoss bool) error {
	_, err := p.Service.Attach(ctx, a.Policy, policy.Batch{Users: []string{a.User}, Until: a.Until, OwnLoss: ownLoss})
	return err
}

func (p planPolicies) Detach(ctx context.Context, name, user string, ownLoss bool) error {
	_, err := p.Service.Detach(ctx, name, policy.Batch{Users: []string{user}, OwnLoss: ownLoss})
	return err
}

type planUsers struct{ *directory.Service }

func (p planUsers) Groups(ctx context.Context) ([]plan.UserGroupState, error) {
	groups, err := walk(listing{}, func(q list.Query) (list.Page[directory.Group], error) { return p.Service.Groups(ctx, q) })
	states := make([]plan.UserGroupState, len(groups))
	for i, g := range groups {
		states[i] = plan.UserGroupState{Name: g.Name, Members: slices.Clone(g.Members), Version: g.Version}
	}
	return states, err
}

func (p planUsers) AddGroup(ctx context.Context, name string) error {
	_, err := p.Service.AddGroup(ctx, []string{name})
	return err
}

func (p planUsers) SetGroupMembers(ctx context.Context, name string, add, remove []string, ownLoss bool) error {
	_, err := p.Service.SetGroupMembers(ctx, directory.GroupMembers{Group: name, Add: add, Remove: remove, OwnLoss: ownLoss})
	return err
}

type planRegions struct{ *region.Service }

func (p planRegions) Active(ctx context.Context) ([]string, error) {
	regions, err := p.List(ctx)
	var ids []string
	for _, r := range regions {
		if r.Active {
			ids = append(ids, r.ID)
		}
	}
	return ids, err
}
