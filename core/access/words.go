package access

// String is the outcome's name in answers to other programs, and the last part of the ids of its messages.
func (o Outcome) String() string {
	switch o {
	case Decides:
		return "decides"
	case Weaker:
		return "weaker"
	case Removes:
		return "removes"
	case Overridden:
		return "overridden"
	case Expired:
		return "expired"
	case Also:
		return "also"
	}
	return "unknown"
}

// String is the kind's name in answers to other programs.
func (k ContributionKind) String() string {
	switch k {
	case Account:
		return "account"
	case FullAccess:
		return "full_access"
	case BuiltinRole:
		return "builtin_role"
	case CustomRole:
		return "custom_role"
	case MemberDefault:
		return "member_default"
	case NotMember:
		return "not_member"
	case WorkspaceClosed:
		return "workspace_closed"
	case WrongPlane:
		return "wrong_plane"
	case AdministratorAccess:
		return "administrator_access"
	case PolicyDeny:
		return "policy_deny"
	case PolicyAllow:
		return "policy_allow"
	case NoPolicy:
		return "no_policy"
	case TenantMember:
		return "tenant_member"
	case BuiltinTenantRole:
		return "builtin_tenant_role"
	case CustomTenantRole:
		return "custom_tenant_role"
	case NotInTenant:
		return "not_in_tenant"
	case Disabled:
		return "disabled"
	case Vanished:
		return "vanished"
	}
	return "unknown"
}
