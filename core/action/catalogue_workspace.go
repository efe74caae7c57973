package action

import "reeve/core/edition"

func workspaceActs() []Action {
	list, one, both := []Scope{ScopeWorkspaces}, []Scope{ScopeWorkspace}, []Scope{ScopeWorkspaces, ScopeWorkspace}
	return []Action{
		{ID: WorkspaceList, Need: NeedTenant, Command: "workspace list"},
		{ID: WorkspaceShow, Need: NeedMember, Command: "workspace show", Keys: []string{"i"}, Scopes: list, Rank: 20},
		{ID: WorkspaceCreate, Need: NeedFullAccess, Console: "dataworks:CreateWorkspace", Danger: Changes, Apart: true,
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
		{ID: MemberAdd, Need: NeedWorkspaceAdmin, Danger: Changes, Apart: true, Keys: []string{"a"}, Scopes: []Scope{ScopeMembers, ScopeJoining}, Command: "member add", Rank: 10},
		{ID: MemberTake, Keys: []string{"enter", "space"}, Scopes: []Scope{ScopeJoining}, Rank: 5},
		{ID: MemberSetRoles, Need: NeedWorkspaceAdmin, Danger: TakesAway, Marks: true, Keys: []string{"r"}, Scopes: members,
			Command: "member set-roles", Rank: 20},
		{ID: MemberRemove, Need: NeedWorkspaceAdmin, Danger: TakesAway, Marks: true, Keys: []string{"x"}, Scopes: members,
			Command: "member remove", Rank: 30},
		{ID: MemberCard, Need: NeedMember, Keys: []string{"i"}, Scopes: members, Rank: 37},
		{ID: MemberUntil, Need: NeedWorkspaceAdmin, Danger: TakesAway, Marks: true, Keys: []string{"t"}, Scopes: members, Rank: 35},
		{ID: MemberPlan, Need: NeedWorkspaceAdmin},
		{ID: MemberImport, Need: NeedWorkspaceAdmin, Danger: TakesAway, Apart: true, Keys: []string{"I"}, Scopes: members, Command: "member import", Rank: 40},
		{ID: MemberExport, Need: NeedMember, Command: "member export"},
		{ID: MemberDormant, Need: NeedWorkspaceAdmin, Keys: []string{"D"}, Scopes: members, Command: "member dormant", Rank: 45},
	}
}

// reviewActs are reviews of access that was not used. What is decided row by row on the screen is carried out by ReviewDecide.
func reviewActs() []Action {
	list, one := []Scope{ScopeReviews}, []Scope{ScopeReview}
	return []Action{
		{ID: ReviewStart, Need: NeedWorkspaceAdmin, Danger: Changes, Apart: true, Keys: []string{"a"}, Scopes: list, Command: "review start", Rank: 10},
		{ID: ReviewList, Need: NeedWorkspaceAdmin, Keys: []string{"V"}, Scopes: []Scope{ScopeMembers}, Command: "review list", Rank: 47},
		{ID: ReviewShow, Need: NeedWorkspaceAdmin, Command: "review show"},
		{ID: ReviewKeep, Danger: Changes, Marks: true, Keys: []string{"K"}, Scopes: one, Rank: 10},
		{ID: ReviewRemove, Danger: Changes, Marks: true, Keys: []string{"x"}, Scopes: one, Rank: 11},
		{ID: ReviewUntil, Danger: Changes, Marks: true, Keys: []string{"t"}, Scopes: one, Rank: 12},
		{ID: ReviewForget, Marks: true, Keys: []string{"u"}, Scopes: one, Rank: 13},
		{ID: ReviewDecide, Need: NeedWorkspaceAdmin, Danger: TakesAway, Apart: true, Keys: []string{"ctrl+s"}, Scopes: one, Command: "review decide", Rank: 9},
	}
}

// engineActs are the engines of a workspace. The documentation lets workspace administrators associate them, and the
// account or an administrator of the engine itself map custom roles, of whom only the account is known here.
func engineActs() []Action {
	engines := []Scope{ScopeEngines}
	return []Action{
		{ID: EngineList, Need: NeedMember, Command: "engine list"},
		{ID: EngineAdd, Need: NeedWorkspaceAdmin, Danger: Changes, Apart: true, Keys: []string{"a"}, Scopes: engines, Command: "engine add", Rank: 10},
		{ID: EngineMapRole, Need: NeedFullAccess, Danger: TakesAway, Keys: []string{"m"}, Scopes: []Scope{ScopeEngines, ScopeRole}, Command: "engine map-role", Rank: 20},
		{ID: EngineMapAccount, Need: NeedWorkspaceAdmin, Danger: TakesAway, Keys: []string{"u"}, Scopes: engines, Command: "engine map-account", Rank: 30},
		{ID: EngineSetIdentity, Need: NeedWorkspaceAdmin, Danger: TakesAway, Keys: []string{"i"}, Scopes: engines, Command: "engine set-identity", Rank: 45},
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
		{ID: SourceAdd, Need: NeedWorkspaceRole, Roles: keep, Danger: Changes, Apart: true, Keys: []string{"a"}, Scopes: sources, Command: "source add", Rank: 10},
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
		{ID: WorkspaceBootstrap, Need: NeedTenant, Danger: Changes, Apart: true, Keys: []string{"N"}, Scopes: []Scope{ScopeWorkspaces, ScopeBootstraps},
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
		{ID: RoleCreate, Need: NeedWorkspaceAdmin, Feature: custom, Danger: Changes, Apart: true, Keys: []string{"a"}, Scopes: list,
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
