// Package access says who may do what on the modules of a workspace, and why.
//
// It is the heart of the product and is kept pure: values in, values out. No
// clock, no input or output, no SQL and no terminal may enter. The state of a
// region (State) is compiled into an immutable Snapshot; every answer — a
// check, a list, an explanation, a preview — is read from a snapshot, so that
// they can never disagree.
//
// # The rule
//
// A question is asked of one principal, in one workspace, about one workspace
// module, at one level (Read or Write). It is answered in this order:
//
//  0. Who is disabled, or vanished from the directory it came from, may do
//     nothing, in any plane.
//  1. A module of the global plane is never answered for by a workspace.
//  2. Nobody enters a closed workspace.
//  3. The account, and whoever holds AliyunDataWorksFullAccess, may write
//     everywhere.
//  4. Who is no member may do nothing. A member is who is listed as one, or
//     holds a grant in force.
//  5. The grants in force add up: the highest level that any of the roles
//     gives wins.
//  6. Where no role gives anything, a member reads, because a new member can
//     access all modules of the workspace — unless a custom role says None on
//     the module, which takes this default away and nothing else.
//
// Under the policy Strict, a None of a custom role beats whatever the roles
// of the member give, those of the administrator included; step 3 is no role
// and stays.
//
// A grant whose end has been reached counts as no grant at all. A member of a
// user group holds what the group is granted, memberships included.
//
// The tenant plane (TenantQuestion), the console plane (ConsoleQuestion) and
// the rights in compute engines (EngineRights) have rules of their own, told
// with their questions. No plane answers for another, with two exceptions: a
// power stands above the roles of all, and a policy that denies everything of
// the product bars its holder from every module (Barred).
package access

// PrincipalID is the database id of a principal, greater than zero.
type PrincipalID uint32

// WorkspaceID is the database id of a workspace, greater than zero.
type WorkspaceID uint32

// RoleID is the database id of a role. Built-in roles have 1 to 10, custom
// roles 1000 and above.
type RoleID uint32

// GrantID is the database id of a grant, greater than zero.
type GrantID uint64

// Power is what stands above the roles of every workspace.
type Power uint8

const (
	// PowerNone is what nearly everybody has: only roles count.
	PowerNone Power = iota
	// PowerFullAccess is held through the policy AliyunDataWorksFullAccess:
	// such a principal counts as workspace administrator in every workspace.
	PowerFullAccess
	// PowerAccount is the account itself, the owner of the tenant.
	PowerAccount
	// PowerAdministrator is held through the policy AdministratorAccess: like
	// the account in everything but ownership.
	PowerAdministrator
)

// Principal is somebody, or something, that can be a member of a workspace:
// a user, a role that is assumed, or a group of them.
type Principal struct {
	ID   PrincipalID
	Name string
	// Power is PowerAccount for the account. The other powers follow from the
	// attachments in force; one that is set here counts all the same.
	Power Power
	// Group marks a user group. It can be asked about as anybody can, and what
	// it may is what it hands to its members, but lists of people leave it out.
	Group bool
	// Disabled is since when it may do nothing, in Unix seconds; 0 for who is
	// active. What it holds stays held, and counts again when it is enabled. A
	// group that is disabled hands nothing to its members. The account cannot
	// be disabled.
	Disabled int64
	// Vanished says that it is disabled because the directory it came from no
	// longer has it.
	Vanished bool
}

// Workspace is where roles are granted. While it is not open, nobody enters.
type Workspace struct {
	ID   WorkspaceID
	Name string
	Open bool
	// Region is where the workspace lies.
	Region string
	// Standard says that development and production are kept apart; otherwise
	// the workspace is of the simple mode, with one environment.
	Standard bool
}

// RoleKind tells the fixed roles from those made by administrators.
type RoleKind uint8

const (
	// Builtin roles are the same in every workspace and cannot be changed.
	Builtin RoleKind = iota
	// Custom roles belong to one workspace and choose a level for each module.
	Custom
)

// Role is a set of levels that can be granted to members.
type Role struct {
	ID      RoleID
	Code    string
	Name    string
	NameZH  string
	Aliases []string
	Kind    RoleKind
	// Workspace is where a custom role lives; it is 0 for a built-in role.
	Workspace WorkspaceID
	// Levels are the cells of the role. Only the workspace modules count.
	Levels Levels
	// Administers says that holders manage members and roles of the workspace.
	Administers bool
	// Owner marks the role of the workspace owner.
	Owner bool
	// Assignable says that the role can be granted to somebody.
	Assignable bool
	// EngineRole is the role of the compute engine that comes with this one.
	EngineRole string
	// Derived says that Levels are our reading of the published permission
	// points, which are finer than three levels a module.
	Derived bool
}

// Grant gives a role to a principal in a workspace.
type Grant struct {
	ID        GrantID
	Workspace WorkspaceID
	Principal PrincipalID
	Role      RoleID
	// By granted it; it is told in explanations and is not itself checked.
	By PrincipalID
	// At is when it was granted, in Unix seconds.
	At int64
	// Until is when it ends, in Unix seconds; 0 is open ended. At that very
	// second the grant is over.
	Until int64
}

// inForce says whether the grant counts at the given time.
func (g Grant) inForce(now int64) bool { return g.Until == 0 || g.Until > now }

// Member is the membership of a principal in a workspace, with or without
// roles.
type Member struct {
	Workspace WorkspaceID
	Principal PrincipalID
}

// Policy says what a None of a custom role does to what other roles give.
// The sources are silent on it, so that it is a choice, made once a tenant.
type Policy uint8

const (
	// Additive lets None take away only the default of a member.
	Additive Policy = iota
	// Strict lets None beat everything that roles give.
	Strict
)

// State is everything the answers depend on. The order of the slices means
// nothing. Holders of a grant in force are members whether listed or not;
// list every member, so that who loses the last role stays one.
//
// Every plane may be left empty: then it grants nothing.
type State struct {
	Revision   uint64
	Now        int64 // Unix seconds
	Policy     Policy
	Principals []Principal
	Workspaces []Workspace
	Roles      []Role
	Members    []Member
	Grants     []Grant

	// Groups says who belongs to which user group. What a group is granted, in
	// any plane, its members are granted.
	Groups []GroupMember

	// TenantRoles are the built-in ones and the custom ones of every region.
	TenantRoles  []TenantRole
	TenantGrants []TenantGrant

	// Documents are the policies of the console plane, the system ones
	// included; Attachments say who holds which.
	Documents   []Document
	Attachments []Attachment

	// EngineRoles is what the roles of MaxCompute are granted.
	EngineRoles     []EngineRole
	Engines         []Engine
	EngineMappings  []EngineMapping
	AccountMappings []AccountMapping
}

// Question asks whether a principal may use a module of a workspace at a
// level. The level is Read or Write; any other is answered with no.
type Question struct {
	Principal PrincipalID
	Workspace WorkspaceID
	Module    Module
	Level     Level
}
