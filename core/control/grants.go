package control

import (
	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/fault"
)

// What is granted to whoever lacks what an act needs, the least that is enough: codes of built-in roles and names of system
// policies.
const (
	memberGrant     = "role_project_guest" // every role makes a member, and this one adds the least
	administerGrant = "role_project_admin"
	governGrant     = "tenant_admin"
	fullAccessGrant = "AliyunDataWorksFullAccess"
	powerGrant      = "AdministratorAccess"
	orderGrant      = "AliyunBSSOrderAccess"
)

// grants are what somebody who was refused an act for want of what it needs could ask for. Nothing can be asked for where no grant
// would help: what only the account may do, and what a session that is narrowed to some roles goes without.
func grants(s *access.Snapshot, act action.Action, actor Actor, t Target) []fault.Grant {
	if len(actor.Only) > 0 {
		return nil
	}
	in := func(codes ...string) []fault.Grant {
		var all []fault.Grant
		for _, code := range codes {
			all = append(all, fault.Grant{Kind: fault.GrantWorkspaceRole, Region: t.Region, Workspace: t.WorkspaceName, Role: code})
		}
		return all
	}
	policy := func(name string) []fault.Grant { return []fault.Grant{{Kind: fault.GrantPolicy, Role: name}} }
	switch act.Need {
	case action.NeedMember, action.NeedMemberOrOwnAccount:
		if t.Workspace == 0 {
			return policy(fullAccessGrant)
		}
		return in(memberGrant)
	case action.NeedWorkspaceAdmin:
		if t.Workspace != 0 {
			return in(administerGrant)
		}
	case action.NeedWorkspaceRole:
		if t.Workspace != 0 {
			return append(in(act.Roles...), in(administerGrant)...)
		}
	case action.NeedFullAccess:
		return policy(fullAccessGrant)
	case action.NeedPower:
		return policy(powerGrant)
	case action.NeedOrder:
		if s.Power(actor.Principal) != access.PowerNone {
			return policy(orderGrant)
		}
		return policy(powerGrant) // the other policies take two to allow it
	case action.NeedTenantAdmin:
		if t.Region != "" {
			return []fault.Grant{{Kind: fault.GrantTenantRole, Region: t.Region, Role: governGrant}}
		}
	case action.NeedNothing, action.NeedTenant, action.NeedAccount, action.NeedKeeper:
	}
	return nil
}

// GrantOf is the grant that a way out of a refusal is, at the place that was asked about; ok is false if it is none.
func GrantOf(s *access.Snapshot, w access.Way, t Target) (g fault.Grant, ok bool) {
	switch {
	case w.TenantRole != 0:
		r, ok := s.TenantRole(w.TenantRole)
		return fault.Grant{Kind: fault.GrantTenantRole, Region: t.Region, Role: r.Code}, ok
	case w.Policy != 0:
		d, ok := s.Document(w.Policy)
		return fault.Grant{Kind: fault.GrantPolicy, Role: d.Name}, ok
	case w.Role != 0:
		r, ok := s.Role(w.Role)
		return fault.Grant{Kind: fault.GrantWorkspaceRole, Region: t.Region, Workspace: t.WorkspaceName, Role: r.Code}, ok
	}
	return fault.Grant{}, false
}
