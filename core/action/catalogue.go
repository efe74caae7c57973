package action

import "reeve/core/edition"

// All is the catalogue's content. Within a scope the order is the order of the help.
func All() []Action {
	var acts []Action
	acts = append(acts, consoleActs()...)
	acts = append(acts, listActs()...)
	acts = append(acts, tenantActs()...)
	acts = append(acts, directoryActs()...)
	acts = append(acts, workspaceActs()...)
	acts = append(acts, memberActs()...)
	acts = append(acts, reviewActs()...)
	acts = append(acts, roleActs()...)
	acts = append(acts, accessActs()...)
	acts = append(acts, tenantRoleActs()...)
	acts = append(acts, policyActs()...)
	acts = append(acts, requestActs()...)
	acts = append(acts, engineActs()...)
	acts = append(acts, overviewActs()...)
	acts = append(acts, alertActs()...)
	acts = append(acts, groupActs()...)
	acts = append(acts, keeperActs()...)
	acts = append(acts, sessionActs()...)
	acts = append(acts, preferenceActs()...)
	acts = append(acts, tokenActs()...)
	acts = append(acts, sourceActs()...)
	acts = append(acts, figureActs()...)
	acts = append(acts, planActs()...)
	acts = append(acts, bootstrapActs()...)
	return append(acts, auditActs()...)
}

func consoleActs() []Action {
	everywhere := []Scope{ScopeEverywhere}
	return []Action{
		{ID: Palette, Keys: []string{":"}, Scopes: everywhere, Rank: 900},
		{ID: Help, Keys: []string{"?"}, Scopes: everywhere, Rank: 910},
		{ID: OverviewOpen, Keys: []string{"enter"}, Scopes: []Scope{ScopeOverview}, Rank: 5},
		{ID: Regions, Keys: []string{"R"}, Scopes: everywhere},
		{ID: Workspaces, Keys: []string{"W"}, Scopes: everywhere},
		{ID: Back, Keys: []string{"esc"}, Scopes: everywhere},
		{ID: HistoryBack, Keys: []string{"ctrl+o"}, Scopes: everywhere},
		{ID: HistoryOn, Keys: []string{"ctrl+i", "tab"}, Scopes: everywhere},
		{ID: Messages, Keys: []string{"!"}, Scopes: everywhere},
		{ID: Undo, Keys: []string{"u"}, Scopes: everywhere},
		{ID: Refresh, Keys: []string{"ctrl+r"}, Scopes: everywhere},
		{ID: MouseToggle, Keys: []string{"ctrl+t"}, Scopes: everywhere},
		{ID: Preferences, Need: NeedTenant, Keys: []string{","}, Scopes: everywhere},
		{ID: ThemeNext, Keys: []string{"ctrl+l"}, Scopes: everywhere},
		{ID: Quit, Keys: []string{"q", "ctrl+c"}, Scopes: everywhere},
	}
}

func listActs() []Action {
	lists := []Scope{ScopeLists}
	return []Action{
		{ID: Open, Keys: []string{"enter"}, Scopes: lists, Rank: 5},
		{ID: FilterList, Keys: []string{"/"}, Scopes: lists, Rank: 800},
		{ID: Mark, Keys: []string{"space"}, Scopes: lists, Rank: 810},
		{ID: MarkRange, Keys: []string{"v"}, Scopes: lists},
		{ID: MarkAll, Keys: []string{"*"}, Scopes: lists},
		{ID: SortList, Keys: []string{"s"}, Scopes: lists, Rank: 820},
		{ID: ChooseColumns, Keys: []string{"c"}, Scopes: lists},
		{ID: CopyCell, Keys: []string{"y"}, Scopes: []Scope{ScopeLists, ScopeEntry, ScopeWorkspace, ScopeGroup}},
		{ID: Export, Keys: []string{"e"}, Scopes: lists},
		{ID: ExactTimes, Keys: []string{"ctrl+e"}, Scopes: lists},
	}
}

func tenantActs() []Action {
	users := []Scope{ScopeUsers}
	return []Action{
		{ID: TenantInit, Danger: Changes, Command: "init"},
		{ID: TenantSetRule, Need: NeedFullAccess, Danger: TakesAway, Apart: true, Keys: []string{"S"}, Scopes: []Scope{ScopeUsers, ScopeTenantRoles},
			Command: "tenant set-rule", Rank: 60},
		{ID: TenantLinks, Need: NeedTenant, Command: "tenant links"},
		{ID: TenantSetLink, Need: NeedFullAccess, Danger: Changes, Command: "tenant set-link"},
		{ID: TenantRemoveLink, Need: NeedFullAccess, Danger: Changes, Command: "tenant remove-link"},
		{ID: UserList, Need: NeedTenant, Command: "user list"},
		{ID: UserAdd, Need: NeedFullAccess, Danger: Changes, Apart: true, Keys: []string{"a"}, Scopes: []Scope{ScopeUsers}, Command: "user add", Rank: 10},
		{ID: UserMap, Need: NeedFullAccess, Danger: Changes, Command: "user map"},
		{ID: UserShow, Need: NeedTenant, Keys: []string{"i"}, Scopes: users, Command: "user show", Rank: 15},
		{ID: UserUpdate, Need: NeedFullAccess, Danger: Changes, Keys: []string{"M"}, Scopes: users, Command: "user update", Rank: 32},
		{ID: UserDisable, Need: NeedFullAccess, Danger: TakesAway, Marks: true, Keys: []string{"d"}, Scopes: users, Command: "user disable", Rank: 34},
		{ID: UserEnable, Need: NeedFullAccess, Danger: Changes, Marks: true, Keys: []string{"E"}, Scopes: users, Command: "user enable", Rank: 36},
		{ID: UserDelete, Need: NeedFullAccess, Danger: Destroys, Marks: true, Keys: []string{"x"}, Scopes: users, Command: "user delete", Rank: 38},
		{ID: UserKeyList, Need: NeedTenant, Command: "user key list"},
		{ID: UserKeyAdd, Need: NeedFullAccess, Danger: Changes, Keys: []string{"K"}, Scopes: users, Command: "user key add", Rank: 40},
		{ID: UserKeyImport, Need: NeedFullAccess, Danger: Changes, Command: "user key import"},
		{ID: UserKeyRemove, Need: NeedFullAccess, Danger: TakesAway, Keys: []string{"X"}, Scopes: users, Command: "user key remove", Rank: 42},
		{ID: UserInventory, Need: NeedFullAccess},
		{ID: UserLeave, Need: NeedFullAccess, Danger: TakesAway, Keys: []string{"L"}, Scopes: []Scope{ScopeMembers}, Command: "user leave", Rank: 70},
		{ID: UserGroupList, Need: NeedTenant, Command: "user-group list"},
		{ID: UserGroupAdd, Need: NeedFullAccess, Danger: Changes, Apart: true, Keys: []string{"G"}, Scopes: []Scope{ScopeUsers}, Command: "user-group add", Rank: 20},
		{ID: UserGroupSetMembers, Need: NeedFullAccess, Danger: TakesAway, Keys: []string{"m"}, Scopes: []Scope{ScopeUsers},
			Command: "user-group set-members", Rank: 30},
		{ID: RegionList, Need: NeedTenant, Command: "region list"},
		{ID: RegionActivate, Need: NeedFullAccess, Danger: TakesAway, Keys: []string{"A"}, Scopes: []Scope{ScopeRegions}, Command: "region activate", Rank: 10},
		{ID: RegionEnd, Need: NeedFullAccess, Danger: Changes, Keys: []string{"t"}, Scopes: []Scope{ScopeRegions}, Command: "region until", Rank: 20},
		{ID: RegionFallBack, Need: NeedKeeper, Danger: TakesAway},
	}
}

// accessActs are the questions. What is about several people is asked as a question about whoever of them is not the asker.
func accessActs() []Action {
	return []Action{
		{ID: AccessWhy, Need: NeedMemberOrOwnAccount, Keys: []string{"w"}, Scopes: []Scope{ScopeEverywhere}, Command: "access why", Rank: 40},
		{ID: AccessCheck, Need: NeedMemberOrOwnAccount, Command: "access check"},
		{ID: AccessBatch, Need: NeedMemberOrOwnAccount, Command: "access batch"},
		{ID: AccessWho, Need: NeedMember, Command: "access who"},
		{ID: AccessWhere, Need: NeedMemberOrOwnAccount, Command: "access where"},
		{ID: AccessMatrix, Need: NeedMemberOrOwnAccount, Command: "access matrix"},
		{ID: AccessCompare, Need: NeedMember, Command: "access compare"},
	}
}

// directoryActs are the LDAP servers that users come from. Whoever may add users may let them come.
func directoryActs() []Action {
	return []Action{
		{ID: DirectoryList, Need: NeedFullAccess, Command: "directory source list"},
		{ID: DirectoryShow, Need: NeedFullAccess, Command: "directory source show"},
		{ID: DirectoryAdd, Need: NeedFullAccess, Danger: Changes, Command: "directory source add"},
		{ID: DirectoryUpdate, Need: NeedFullAccess, Danger: TakesAway, Command: "directory source update"},
		{ID: DirectoryManage, Need: NeedFullAccess, Keys: []string{"O"}, Scopes: []Scope{ScopeUsers}, Rank: 52},
		{ID: DirectoryRemove, Need: NeedFullAccess, Danger: TakesAway, Command: "directory source remove"},
		{ID: DirectoryTest, Need: NeedFullAccess, Command: "directory test"},
		{ID: DirectoryDryRun, Need: NeedFullAccess},
		{ID: DirectorySync, Need: NeedFullAccess, Danger: TakesAway, Apart: true, Keys: []string{"L"}, Scopes: []Scope{ScopeUsers, ScopeJoining}, Command: "directory sync", Rank: 50},
	}
}

// tenantRoleActs are the acts of the tenant plane of a region. The documentation lets the account, tenant administrators and
// users with AliyunDataWorksFullAccess or AdministratorAccess configure roles and hand them out, and offers custom roles in
// the Enterprise Edition only.
func tenantRoleActs() []Action {
	custom := edition.CustomTenantRoles
	roles, members := []Scope{ScopeTenantRoles}, []Scope{ScopeTenantMembers}
	return []Action{
		{ID: TenantRoleList, Need: NeedTenant, Command: "tenant-role list"},
		{ID: TenantRoleShow, Need: NeedTenant, Command: "tenant-role show"},
		{ID: TenantRoleCreate, Need: NeedTenantAdmin, Feature: custom, Danger: Changes, Apart: true, Keys: []string{"a"}, Scopes: roles,
			Command: "tenant-role create", Rank: 10},
		{ID: TenantRoleSet, Need: NeedTenantAdmin, Feature: custom, Danger: TakesAway, Keys: []string{"m"}, Scopes: roles,
			Command: "tenant-role set", Rank: 20},
		{ID: TenantRoleDelete, Need: NeedTenantAdmin, Danger: TakesAway, Keys: []string{"x"}, Scopes: roles,
			Command: "tenant-role delete", Rank: 40},
		{ID: TenantMemberList, Need: NeedTenant, Command: "tenant-member list"},
		{ID: TenantMemberGrant, Need: NeedTenantAdmin, Danger: Changes, Marks: true, Keys: []string{"a"}, Scopes: members,
			Command: "tenant-member grant", Rank: 10},
		{ID: TenantMemberRevoke, Need: NeedTenantAdmin, Danger: TakesAway, Marks: true, Keys: []string{"x"}, Scopes: members,
			Command: "tenant-member revoke", Rank: 20},
	}
}

// policyActs are the acts of the console plane. They stand above all others, so that only the account and whoever is
// equal to it may change them.
func policyActs() []Action {
	list, one := []Scope{ScopePolicies}, []Scope{ScopePolicies, ScopePolicy}
	return []Action{
		{ID: PolicyList, Need: NeedTenant, Command: "policy list"},
		{ID: PolicyShow, Need: NeedTenant, Command: "policy show"},
		{ID: PolicyCreate, Need: NeedPower, Danger: Changes, Apart: true, Keys: []string{"a"}, Scopes: list, Command: "policy create", Rank: 10},
		{ID: PolicyUpdate, Need: NeedPower, Danger: TakesAway, Keys: []string{"m"}, Scopes: one, Command: "policy update", Rank: 20},
		{ID: PolicyAttach, Need: NeedPower, Danger: TakesAway, Keys: []string{"t"}, Scopes: one, Command: "policy attach", Rank: 30},
		{ID: PolicyDetach, Need: NeedPower, Danger: TakesAway, Keys: []string{"D"}, Scopes: one, Command: "policy detach", Rank: 40},
		{ID: PolicySimulate, Need: NeedTenant, Keys: []string{"S"}, Scopes: one, Command: "policy simulate", Rank: 50},
		{ID: PolicyDelete, Need: NeedPower, Danger: TakesAway, Keys: []string{"x"}, Scopes: list, Command: "policy delete", Rank: 60},
	}
}

// overviewActs are those of the first screen.
func overviewActs() []Action {
	overview := []Scope{ScopeOverview}
	return []Action{
		{ID: OverviewNext, Keys: []string{"n"}, Scopes: overview, Rank: 6},
		{ID: OverviewTurn, Keys: []string{"o"}, Scopes: overview, Rank: 7},
		{ID: OverviewShow, Need: NeedTenant, Command: "overview"},
	}
}

// alertActs are the alert resources of a region, which the documentation keeps on the level of the tenant. Who may set limits
// there is not said: it is whoever governs the region.
func alertActs() []Action {
	return []Action{
		{ID: AlertBudget, Need: NeedTenant, Command: "alert budget"},
		{ID: AlertLimit, Need: NeedTenantAdmin, Danger: Changes, Keys: []string{"l"}, Scopes: []Scope{ScopeOverview}, Command: "alert limit", Rank: 60},
		{ID: AlertSpend, Need: NeedTenantAdmin, Danger: Changes, Command: "alert spend"},
	}
}

// keeperActs are about what falls due by itself. Making it happen early by hand is no way around any check: only what is
// due is moved.
func keeperActs() []Action {
	return []Action{
		{ID: KeeperStatus, Need: NeedFullAccess, Command: "keeper status"},
		{ID: KeeperRun, Need: NeedFullAccess, Danger: Changes, Command: "keeper run"},
		{ID: KeeperDue, Need: NeedKeeper},
	}
}

// sessionActs are about consoles that are open. Everybody may end their own; to end another's does no lasting harm, and is for
// who may disable its user.
func sessionActs() []Action {
	sessions := []Scope{ScopeSessions}
	return []Action{
		{ID: SessionBegin, Need: NeedTenant, Danger: Changes},
		{ID: SessionList, Need: NeedTenant, Command: "session list"},
		{ID: SessionEnd, Need: NeedTenant, Danger: Changes, Marks: true, Keys: []string{"x"}, Scopes: sessions, Command: "session end", Rank: 10},
		{ID: SessionRecord, Need: NeedKeeper, Danger: Changes},
		{ID: SessionRecorded, Need: NeedKeeper, Danger: Changes},
		{ID: SessionEndOther, Need: NeedFullAccess, Danger: Changes},
		{ID: SessionNotify, Need: NeedFullAccess, Danger: Changes, Apart: true, Keys: []string{"n"}, Scopes: sessions, Command: "session message", Rank: 20},
		{ID: SessionAudit, Need: NeedTenant, Keys: []string{"i"}, Scopes: sessions, Rank: 30},
	}
}

// preferenceActs are about what one wants of the console oneself.
func preferenceActs() []Action {
	return []Action{
		{ID: PreferenceList, Need: NeedTenant, Command: "preference list"},
		{ID: PreferenceSet, Need: NeedTenant, Danger: Changes, Command: "preference set"},
	}
}

// tokenActs are about what other programs ask with. A token tells about everybody, so it is for who may ask about everybody.
func tokenActs() []Action {
	tokens := []Scope{ScopeTokens}
	return []Action{
		{ID: TokenCreate, Need: NeedFullAccess, Danger: Changes, Apart: true, Keys: []string{"a"}, Scopes: tokens, Command: "token create", Rank: 10},
		{ID: TokenList, Need: NeedFullAccess, Command: "token list"},
		{ID: TokenRevoke, Need: NeedFullAccess, Danger: TakesAway, Keys: []string{"x"}, Scopes: tokens, Command: "token revoke", Rank: 20},
	}
}

// planActs are configuration as code. To apply a plan is no right by itself: each of its steps is an act of its area, with the
// need and the danger of that one.
func planActs() []Action {
	return []Action{
		{ID: PlanExport, Need: NeedTenant, Command: "export"},
		{ID: PlanMake, Need: NeedTenant, Command: "plan"},
		{ID: PlanApply, Need: NeedTenant, Danger: Changes, Command: "apply"},
	}
}

func auditActs() []Action {
	audit := []Scope{ScopeAudit}
	return []Action{
		{ID: AuditList, Need: NeedTenant, Command: "audit list"},
		{ID: AuditShow, Need: NeedTenant, Command: "audit show"},
		{ID: AuditVerify, Need: NeedTenant, Keys: []string{"V"}, Scopes: audit, Command: "audit verify", Rank: 20},
		{ID: AuditExport, Need: NeedTenant, Command: "audit export"},
		{ID: AuditCheckpoint, Need: NeedTenant, Command: "audit checkpoint"},
	}
}
