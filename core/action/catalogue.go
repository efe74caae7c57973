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
		{ID: TenantSetRule, Need: NeedFullAccess, Danger: TakesAway, Keys: []string{"S"}, Scopes: []Scope{ScopeUsers, ScopeTenantRoles},
			Command: "tenant set-rule", Rank: 60},
		{ID: TenantLinks, Need: NeedTenant, Command: "tenant links"},
		{ID: TenantSetLink, Need: NeedFullAccess, Danger: Changes, Command: "tenant set-link"},
		{ID: TenantRemoveLink, Need: NeedFullAccess, Danger: Changes, Command: "tenant remove-link"},
		{ID: UserList, Need: NeedTenant, Command: "user list"},
		{ID: UserAdd, Need: NeedFullAccess, Danger: Changes, Keys: []string{"a"}, Scopes: []Scope{ScopeUsers}, Command: "user add", Rank: 10},
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
		{ID: UserGroupAdd, Need: NeedFullAccess, Danger: Changes, Keys: []string{"G"}, Scopes: []Scope{ScopeUsers}, Command: "user-group add", Rank: 20},
		{ID: UserGroupSetMembers, Need: NeedFullAccess, Danger: TakesAway, Keys: []string{"m"}, Scopes: []Scope{ScopeUsers},
			Command: "user-group set-members", Rank: 30},
		{ID: RegionList, Need: NeedTenant, Command: "region list"},
		{ID: RegionActivate, Need: NeedFullAccess, Danger: TakesAway, Keys: []string{"A"}, Scopes: []Scope{ScopeRegions}, Command: "region activate", Rank: 10},
		{ID: RegionEnd, Need: NeedFullAccess, Danger: Changes, Keys: []string{"t"}, Scopes: []Scope{ScopeRegions}, Command: "region until", Rank: 20},
		{ID: RegionFallBack, Need: NeedKeeper, Danger: TakesAway},
	}
}

func workspaceActs() []Action {
	list, one, both := []Scope{ScopeWorkspaces}, []Scope{ScopeWorkspace}, []Scope{ScopeWorkspaces, ScopeWorkspace}
	return []Action{
		{ID: WorkspaceList, Need: NeedTenant, Command: "workspace list"},
		{ID: WorkspaceShow, Need: NeedMember, Command: "workspace show", Keys: []string{"i"}, Scopes: list, Rank: 20},
		{ID: WorkspaceCreate, Need: NeedFullAccess, Console: "dataworks:CreateWorkspace", Danger: Changes,
			Keys: []string{"a"}, Scopes: list, Command: "workspace create", Rank: 10},
		{ID: WorkspaceUpdate, Need: NeedWorkspaceAdmin, Console: "dataworks:ModifyWorkspace", Danger: Changes,
			Keys: []string{"m"}, Scopes: both, Command: "workspace update", Rank: 30},
		{ID: WorkspaceDisable, Need: NeedFullAccess, Console: "dataworks:DisableWorkspace", Danger: TakesAway,
			Keys: []string{"d"}, Scopes: both, Command: "workspace disable", Rank: 40},
		{ID: WorkspaceEnable, Need: NeedFullAccess, Console: "dataworks:EnableWorkspace", Danger: Changes,
			Keys: []string{"E"}, Scopes: both, Command: "workspace enable", Rank: 45},
		{ID: WorkspaceDelete, Need: NeedFullAccess, Console: "dataworks:DeleteWorkspace", Danger: Destroys,
			Keys: []string{"x"}, Scopes: both, Command: "workspace delete", Rank: 50},
		{ID: WorkspaceBin, Need: NeedFullAccess, Keys: []string{"B"}, Scopes: list, Command: "workspace bin", Rank: 60},
		{ID: WorkspaceRestore, Need: NeedFullAccess, Danger: Changes, Keys: []string{"r"}, Scopes: []Scope{ScopeBin},
			Command: "workspace restore", Rank: 10},
		{ID: WorkspaceGoTo, Need: NeedMember, Keys: []string{"o"}, Scopes: both, Command: "workspace goto", Rank: 22},
		{ID: WorkspaceManage, Need: NeedMember, Keys: []string{"M"}, Scopes: both, Rank: 24},
		{ID: WorkspaceSource, Need: NeedMember, Keys: []string{"D"}, Scopes: both, Rank: 26},
		{ID: WorkspaceEngine, Need: NeedWorkspaceAdmin, Danger: Changes, Keys: []string{"b"}, Scopes: both, Rank: 28},
		{ID: WorkspaceSettings, Need: NeedMember, Command: "workspace settings get"},
		{ID: WorkspaceSet, Need: NeedWorkspaceAdmin, Console: "dataworks:ModifyWorkspace", Danger: TakesAway,
			Keys: []string{"enter", "m"}, Scopes: []Scope{ScopeSettings}, Command: "workspace settings set", Rank: 10},
		{ID: WorkspaceUpgrade, Need: NeedAccount, Danger: TakesAway, Keys: []string{"U"}, Scopes: []Scope{ScopeSettings, ScopeWorkspace},
			Command: "workspace upgrade", Rank: 35},
		// The bill of the account is not this program's: the platform says when one is overdue, and whoever keeps the account
		// says it here.
		{ID: WorkspaceSuspend, Need: NeedFullAccess, Danger: TakesAway, Command: "workspace suspend"},
		{ID: WorkspaceResume, Need: NeedFullAccess, Danger: Changes, Command: "workspace resume"},
		// Using a workspace changes nothing of the tenant; it is counted, and a session that changes nothing counts nothing.
		{ID: WorkspaceUse, Need: NeedMember, Danger: Changes},
		{ID: WorkspaceEnter, Need: NeedTenant, Danger: Changes},
		{ID: WorkspacePurge, Need: NeedKeeper, Danger: Destroys},
		{ID: MemberList, Need: NeedMember, Keys: []string{"p"}, Scopes: one, Command: "member list", Rank: 10},
		{ID: RoleList, Need: NeedMember, Keys: []string{"r"}, Scopes: one, Command: "role list", Rank: 15},
	}
}

func memberActs() []Action {
	members := []Scope{ScopeMembers}
	return []Action{
		{ID: MemberAdd, Need: NeedWorkspaceAdmin, Danger: Changes, Keys: []string{"a"}, Scopes: []Scope{ScopeMembers, ScopeJoining}, Command: "member add", Rank: 10},
		{ID: MemberTake, Keys: []string{"enter", "space"}, Scopes: []Scope{ScopeJoining}, Rank: 5},
		{ID: MemberSetRoles, Need: NeedWorkspaceAdmin, Danger: TakesAway, Marks: true, Keys: []string{"r"}, Scopes: members,
			Command: "member set-roles", Rank: 20},
		{ID: MemberRemove, Need: NeedWorkspaceAdmin, Danger: TakesAway, Marks: true, Keys: []string{"x"}, Scopes: members,
			Command: "member remove", Rank: 30},
		{ID: MemberCard, Need: NeedMember, Keys: []string{"i"}, Scopes: members, Rank: 37},
		{ID: MemberUntil, Need: NeedWorkspaceAdmin, Danger: TakesAway, Marks: true, Keys: []string{"t"}, Scopes: members, Rank: 35},
		{ID: MemberPlan, Need: NeedWorkspaceAdmin},
		{ID: MemberImport, Need: NeedWorkspaceAdmin, Danger: TakesAway, Keys: []string{"I"}, Scopes: members, Command: "member import", Rank: 40},
		{ID: MemberExport, Need: NeedMember, Command: "member export"},
		{ID: MemberDormant, Need: NeedWorkspaceAdmin, Keys: []string{"D"}, Scopes: members, Command: "member dormant", Rank: 45},
	}
}

// reviewActs are reviews of access that was not used. What is decided row by row on the screen is carried out by ReviewDecide.
func reviewActs() []Action {
	list, one := []Scope{ScopeReviews}, []Scope{ScopeReview}
	return []Action{
		{ID: ReviewStart, Need: NeedWorkspaceAdmin, Danger: Changes, Keys: []string{"a"}, Scopes: list, Command: "review start", Rank: 10},
		{ID: ReviewList, Need: NeedWorkspaceAdmin, Keys: []string{"V"}, Scopes: []Scope{ScopeMembers}, Command: "review list", Rank: 47},
		{ID: ReviewShow, Need: NeedWorkspaceAdmin, Command: "review show"},
		{ID: ReviewKeep, Danger: Changes, Marks: true, Keys: []string{"K"}, Scopes: one, Rank: 10},
		{ID: ReviewRemove, Danger: Changes, Marks: true, Keys: []string{"x"}, Scopes: one, Rank: 11},
		{ID: ReviewUntil, Danger: Changes, Marks: true, Keys: []string{"t"}, Scopes: one, Rank: 12},
		{ID: ReviewForget, Marks: true, Keys: []string{"u"}, Scopes: one, Rank: 13},
		{ID: ReviewDecide, Need: NeedWorkspaceAdmin, Danger: TakesAway, Keys: []string{"ctrl+s"}, Scopes: one, Command: "review decide", Rank: 9},
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
		{ID: DirectorySync, Need: NeedFullAccess, Danger: TakesAway, Keys: []string{"L"}, Scopes: []Scope{ScopeUsers, ScopeJoining}, Command: "directory sync", Rank: 50},
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
		{ID: TenantRoleCreate, Need: NeedTenantAdmin, Feature: custom, Danger: Changes, Keys: []string{"a"}, Scopes: roles,
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
		{ID: PolicyCreate, Need: NeedPower, Danger: Changes, Keys: []string{"a"}, Scopes: list, Command: "policy create", Rank: 10},
		{ID: PolicyUpdate, Need: NeedPower, Danger: TakesAway, Keys: []string{"m"}, Scopes: one, Command: "policy update", Rank: 20},
		{ID: PolicyAttach, Need: NeedPower, Danger: TakesAway, Keys: []string{"t"}, Scopes: one, Command: "policy attach", Rank: 30},
		{ID: PolicyDetach, Need: NeedPower, Danger: TakesAway, Keys: []string{"D"}, Scopes: one, Command: "policy detach", Rank: 40},
		{ID: PolicySimulate, Need: NeedTenant, Keys: []string{"S"}, Scopes: one, Command: "policy simulate", Rank: 50},
		{ID: PolicyDelete, Need: NeedPower, Danger: TakesAway, Keys: []string{"x"}, Scopes: list, Command: "policy delete", Rank: 60},
	}
}

// engineActs are the engines of a workspace. The documentation lets workspace administrators associate them, and the
// account or an administrator of the engine itself map custom roles, of whom only the account is known here.
func engineActs() []Action {
	engines := []Scope{ScopeEngines}
	return []Action{
		{ID: EngineList, Need: NeedMember, Command: "engine list"},
		{ID: EngineAdd, Need: NeedWorkspaceAdmin, Danger: Changes, Keys: []string{"a"}, Scopes: engines, Command: "engine add", Rank: 10},
		{ID: EngineMapRole, Need: NeedFullAccess, Danger: TakesAway, Keys: []string{"m"}, Scopes: []Scope{ScopeEngines, ScopeRole}, Command: "engine map-role", Rank: 20},
		{ID: EngineMapAccount, Need: NeedWorkspaceAdmin, Danger: TakesAway, Keys: []string{"u"}, Scopes: engines, Command: "engine map-account", Rank: 30},
		{ID: EngineRemove, Need: NeedWorkspaceAdmin, Danger: TakesAway, Keys: []string{"x"}, Scopes: engines, Command: "engine remove", Rank: 40},
	}
}

// sourceActs are the acts on data sources. The OpenAPI's table of permission points says which roles may: every role lists
// them, Development and Deployment look into and test them, and O&M also makes, changes and deletes them.
func sourceActs() []Action {
	sources := []Scope{ScopeSources}
	keep, use := []string{"role_project_pe"}, []string{"role_project_dev", "role_project_pe", "role_project_deploy"}
	return []Action{
		{ID: SourceList, Need: NeedMember, Command: "source list"},
		{ID: SourceShow, Need: NeedWorkspaceRole, Roles: use, Command: "source show", Keys: []string{"i"}, Scopes: sources, Rank: 40},
		{ID: SourceAdd, Need: NeedWorkspaceRole, Roles: keep, Danger: Changes, Keys: []string{"a"}, Scopes: sources, Command: "source add", Rank: 10},
		{ID: SourceUpdate, Need: NeedWorkspaceRole, Roles: keep, Danger: Changes, Keys: []string{"m"}, Scopes: sources, Command: "source update", Rank: 20},
		{ID: SourceTest, Need: NeedWorkspaceRole, Roles: use, Danger: Changes, Keys: []string{"t"}, Scopes: sources, Command: "source test", Rank: 15},
		{ID: SourceDelete, Need: NeedWorkspaceRole, Roles: keep, Danger: Destroys, Keys: []string{"x"}, Scopes: sources, Command: "source delete", Rank: 30},
	}
}

// figureActs are the key figures of workspaces. The documentation lets members see them; who may send them is ours: anybody may hand
// over an input, and each line of it is taken only from who administers its workspace (FigureIngest). Namespaces are of the whole
// tenant, so only those who see all workspaces map them.
func figureActs() []Action {
	return []Action{
		{ID: FigureShow, Need: NeedMember, Keys: []string{"f"}, Scopes: []Scope{ScopeWorkspace}, Command: "workspace figures", Rank: 17},
		{ID: FigureIngest, Need: NeedWorkspaceAdmin, Danger: Changes},
		{ID: FigureIngestEvents, Need: NeedTenant, Danger: Changes, Command: "ingest openlineage"},
		{ID: FigureIngestDays, Need: NeedTenant, Danger: Changes, Command: "ingest figures"},
		{ID: FigureIngestions, Need: NeedTenant, Keys: []string{"i"}, Scopes: []Scope{ScopeFigures}, Command: "ingest list", Rank: 10},
		{ID: FigureIngestion, Need: NeedTenant, Command: "ingest show"},
		{ID: FigureMappings, Need: NeedFullAccess, Command: "ingest mappings"},
		{ID: FigureMap, Need: NeedFullAccess, Danger: Changes, Command: "ingest map"},
		{ID: FigureUnmap, Need: NeedFullAccess, Danger: Changes, Command: "ingest unmap"},
		{ID: FigureKeep, Need: NeedFullAccess, Danger: Changes, Command: "ingest keep"},
	}
}

// bootstrapActs set a workspace up in one go. Anybody may plan and begin: what each step needs is asked of whoever carries it
// out, and a run is seen by who made it and by who administers its workspace.
func bootstrapActs() []Action {
	one, both := []Scope{ScopeBootstrap}, []Scope{ScopeBootstraps, ScopeBootstrap}
	return []Action{
		{ID: WorkspaceBootstrap, Need: NeedTenant, Danger: Changes, Keys: []string{"N"}, Scopes: []Scope{ScopeWorkspaces, ScopeBootstraps},
			Command: "workspace bootstrap", Rank: 62},
		{ID: BootstrapList, Need: NeedTenant, Command: "bootstrap list", Keys: []string{"P"}, Scopes: []Scope{ScopeWorkspaces}, Rank: 65},
		{ID: BootstrapShow, Need: NeedTenant, Command: "bootstrap show"},
		{ID: BootstrapPlan, Need: NeedTenant},
		{ID: BootstrapResume, Need: NeedTenant, Danger: Changes, Keys: []string{"r"}, Scopes: one, Rank: 10},
		{ID: BootstrapEdit, Need: NeedTenant, Danger: Changes, Keys: []string{"m"}, Scopes: one, Rank: 20},
		{ID: BootstrapDelete, Need: NeedTenant, Danger: Changes, Keys: []string{"x"}, Scopes: both, Command: "bootstrap delete", Rank: 30},
	}
}

func roleActs() []Action {
	list, editor, both := []Scope{ScopeRoles}, []Scope{ScopeRole}, []Scope{ScopeRoles, ScopeRole}
	custom := edition.CustomWorkspaceRoles
	return []Action{
		{ID: RoleCreate, Need: NeedWorkspaceAdmin, Feature: custom, Danger: Changes, Keys: []string{"a"}, Scopes: list,
			Command: "role create", Rank: 10},
		{ID: RoleShow, Need: NeedMember, Command: "role show"},
		{ID: RoleHolders, Need: NeedMember, Keys: []string{"p"}, Scopes: list, Rank: 45},
		{ID: RoleNone, Keys: []string{"n"}, Scopes: editor, Danger: Changes, Rank: 10},
		{ID: RoleRead, Keys: []string{"r"}, Scopes: editor, Danger: Changes, Rank: 11},
		{ID: RoleWrite, Keys: []string{"w"}, Scopes: editor, Danger: Changes, Rank: 12},
		{ID: RoleNoneAll, Keys: []string{"N"}, Scopes: editor, Danger: Changes},
		{ID: RoleReadAll, Keys: []string{"R"}, Scopes: editor, Danger: Changes},
		{ID: RoleAll, Keys: []string{"W"}, Scopes: editor, Danger: Changes},
		{ID: RoleUndo, Keys: []string{"u"}, Scopes: editor, Rank: 15},
		{ID: RolePreview, Keys: []string{"p"}, Scopes: editor, Need: NeedWorkspaceAdmin, Feature: custom, Rank: 14},
		{ID: RoleSet, Need: NeedWorkspaceAdmin, Feature: custom, Danger: TakesAway, Keys: []string{"ctrl+s"}, Scopes: editor,
			Command: "role set", Rank: 13},
		{ID: RoleClone, Need: NeedWorkspaceAdmin, Feature: custom, Danger: Changes, Keys: []string{"c"}, Scopes: both,
			Command: "role clone", Rank: 30},
		// To copy a role is no right by itself: what it makes and changes in other workspaces are acts of their own there.
		{ID: RoleCopy, Need: NeedMember, Danger: Changes, Keys: []string{"C"}, Scopes: both, Command: "role copy", Rank: 32},
		{ID: RoleCompare, Need: NeedMember, Keys: []string{"d"}, Scopes: both, Command: "role compare", Rank: 28},
		{ID: RoleText, Need: NeedMember, Keys: []string{"t"}, Scopes: editor, Rank: 35},
		{ID: RoleDelete, Need: NeedWorkspaceAdmin, Danger: TakesAway, Keys: []string{"x"}, Scopes: list, Command: "role delete", Rank: 40},
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
		{ID: SessionNotify, Need: NeedFullAccess, Danger: Changes, Keys: []string{"n"}, Scopes: sessions, Command: "session message", Rank: 20},
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
		{ID: TokenCreate, Need: NeedFullAccess, Danger: Changes, Keys: []string{"a"}, Scopes: tokens, Command: "token create", Rank: 10},
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
