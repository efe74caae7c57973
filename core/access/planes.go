package access

import "errors"

// DecideTenant answers the question of the tenant plane.
func (s *Snapshot) DecideTenant(q TenantQuestion) bool { return false }

// CapabilitiesOf is everything the principal may do on the tenant plane of a region.
func (s *Snapshot) CapabilitiesOf(region string, p PrincipalID) Capabilities { return 0 }

// ExplainTenant answers the question as DecideTenant does and says why.
func (s *Snapshot) ExplainTenant(q TenantQuestion) Explanation { return Explanation{Tenant: q} }

// TenantWhoCan lists everybody who has the capability in the region, by id,
// powers included and groups left out.
func (s *Snapshot) TenantWhoCan(region string, c Capability) []Holder { return nil }

// DecideModule answers a question about a global module.
func (s *Snapshot) DecideModule(q ModuleQuestion) bool { return false }

// TenantRole finds a tenant role by id.
func (s *Snapshot) TenantRole(id TenantRoleID) (TenantRole, bool) { return TenantRole{}, false }

// TenantRolesOf lists the tenant roles that the principal holds in the region
// by grants in force, directly or through a group, by id. The tenant member's,
// which nobody grants, is not among them.
func (s *Snapshot) TenantRolesOf(region string, p PrincipalID) []TenantRoleID { return nil }

// TenantHoldersOf lists the people who hold the tenant role by a grant in force
// in the region, directly or through a group, by id.
func (s *Snapshot) TenantHoldersOf(region string, role TenantRoleID) []PrincipalID { return nil }

// AdministersTenant says whether the principal manages tenant roles in the
// region: by a power, or as tenant administrator.
func (s *Snapshot) AdministersTenant(region string, p PrincipalID) bool { return false }

// DecideConsole answers the question of the console plane.
func (s *Snapshot) DecideConsole(q ConsoleQuestion) bool { return false }

// ExplainConsole answers the question as DecideConsole does and says why.
func (s *Snapshot) ExplainConsole(q ConsoleQuestion) Explanation { return Explanation{Console: q} }

// Barred says whether a policy keeps the principal from everything in the
// scope: one that denies dataworks:* on *. The account is never barred. Who is
// barred from pages has no module in any workspace and no capability; who is
// barred from the API alone has them, and only calls are refused.
func (s *Snapshot) Barred(p PrincipalID, scope string) bool { return false }

// Document finds a policy by id.
func (s *Snapshot) Document(id PolicyID) (Document, bool) { return Document{}, false }

// AttachmentsOf lists the attachments in force of the principal and of its
// groups, by id.
func (s *Snapshot) AttachmentsOf(p PrincipalID) []Attachment { return nil }

// AttachedTo lists the attachments of the policy, those that are over included,
// by id.
func (s *Snapshot) AttachedTo(policy PolicyID) []Attachment { return nil }

// EngineRights lists what the principal may do in the engines of a workspace,
// engine by engine and environment by environment, at least one line for each.
// An engine keeps its rights while the workspace is closed. It is nil for no
// workspace and for no principal.
func (s *Snapshot) EngineRights(ws WorkspaceID, p PrincipalID) []EngineRight { return nil }

// NextEnd is when the next grant or attachment ends, in Unix seconds, and 0
// where none of those in force does: from then on the snapshot is out of date,
// and the state has to be compiled anew.
func (s *Snapshot) NextEnd() int64 { return 0 }

// Endings are grants and attachments that will end, each list by end and id.
type Endings struct {
	Grants       []Grant
	TenantGrants []TenantGrant
	Attachments  []Attachment
}

// Ending lists what is in force and ends before the given time, in Unix seconds.
func (s *Snapshot) Ending(before int64) Endings { return Endings{} }

// Place is a workspace in which a principal may do what was asked.
type Place struct {
	Workspace WorkspaceID
	// Level is the level held, which may be above the one asked for.
	Level Level
	// Because are the ways it was got, strongest first, as in Holder.
	Because []Contribution
}

// Where lists the workspaces in which the principal may use the module at the
// level, by id.
func (s *Snapshot) Where(p PrincipalID, m Module, level Level) []Place { return nil }

// Cell is one module of a matrix, with what speaks for and against its level,
// strongest first.
type Cell struct {
	Module  Module
	Level   Level
	Because []Contribution
}

// MatrixOf is the effective matrix of a principal in a workspace: every
// workspace module in the order of WorkspaceModules.
func (s *Snapshot) MatrixOf(ws WorkspaceID, p PrincipalID) []Cell { return nil }

// Row is one member of a workspace in its matrix.
type Row struct {
	Principal   PrincipalID
	Levels      Levels
	Administers bool
}

// WorkspaceMatrix is the effective matrix of a workspace: its members by id,
// groups left out, and after them nobody: a power alone makes no member.
func (s *Snapshot) WorkspaceMatrix(ws WorkspaceID) []Row { return nil }

// Difference is a module on which two principals, or two roles, differ.
type Difference struct {
	Module Module
	A, B   Level
}

// ComparePrincipals lists the modules on which two principals differ in a
// workspace, in the order of WorkspaceModules.
func (s *Snapshot) ComparePrincipals(ws WorkspaceID, a, b PrincipalID) []Difference { return nil }

// CompareRoles lists the modules on which the levels of two roles differ, in the
// order of WorkspaceModules. An unknown role has no levels.
func (s *Snapshot) CompareRoles(a, b RoleID) []Difference { return nil }

// Raises says whether the principal may do anything after that it may not
// before: a level in any workspace, administering one, a capability in any
// region, or a console operation. Of policies it is cautious: a statement more
// that allows, or one less that denies, counts even where it changes nothing.
func Raises(before, after *Snapshot, p PrincipalID) bool { return true }

// ExceedsGrantor says whether the role gives more in the workspace than the
// grantor holds there, open or not: a higher level on some module, or
// administering. A role that does not exist exceeds everybody.
func (s *Snapshot) ExceedsGrantor(ws WorkspaceID, grantor PrincipalID, role RoleID) bool { return true }

// TenantExceedsGrantor says whether the tenant role gives a capability in the
// region that the grantor lacks.
func (s *Snapshot) TenantExceedsGrantor(region string, grantor PrincipalID, role TenantRoleID) bool {
	return true
}

// Narrowed is the state in which the principal acts with only these of its
// workspace roles: its other grants, its power, its tenant roles and what its
// policies allow are left out. Nothing is widened by it: what a custom role or
// a policy takes away stays away.
func (st State) Narrowed(p PrincipalID, workspaceRoles []RoleID) State { return st }

// Touched is where a state may differ from the one before. What is not named
// must be the same in both.
type Touched struct {
	// Roles were changed, added or deleted.
	Roles []RoleID
	// Workspaces were changed, added or deleted, or their members, grants or
	// roles were.
	Workspaces []WorkspaceID
	// Tenant: tenant roles or tenant grants.
	Tenant bool
	// Console: documents or attachments.
	Console bool
	// Engines: engines, their roles or mappings.
	Engines bool
	// Everything: principals, groups, the policy, or who knows what.
	Everything bool
}

// Update is Compile(after), made from s by computing anew only what was
// touched. Both may be used afterwards. It fails where Compile would, as far
// as what was touched goes. A clock that passed an end or went back makes it
// compile everything.
func (s *Snapshot) Update(after State, touched Touched) (*Snapshot, error) { return Compile(after) }

// GroupsOf lists the user groups the principal belongs to, by id.
func (s *Snapshot) GroupsOf(p PrincipalID) []PrincipalID { return nil }

// PeopleOf lists the members of a user group, by id.
func (s *Snapshot) PeopleOf(group PrincipalID) []PrincipalID { return nil }

// ParseDocument reads the statements of a policy from its JSON: Version "1" and
// Statement, a list of Effect, Action, Resource and, if need be, Condition with
// StringEquals of dataworks:Scope. Nothing else is taken. The error is a
// *DocumentError with line and column. ID and Name are left to the caller.
func ParseDocument(text []byte) (Document, error) { return Document{}, &DocumentError{} }

// FormatDocument writes the statements in their one canonical form, which
// ParseDocument reads back as they are.
func FormatDocument(d Document) []byte { return nil }

// DocumentError is what is wrong with the text of a policy, and where.
type DocumentError struct {
	// Line and Column count from 1; the column counts bytes.
	Line, Column int
	Problem      string
}

func (e *DocumentError) Error() string { return e.Problem }

// Verdict is what a policy alone says to an operation.
type Verdict uint8

const (
	// Silent: no statement applies.
	Silent Verdict = iota
	// Allows: a statement allows, and none denies.
	Allows
	// Denies: a statement denies.
	Denies
)

// Simulate is what the policy alone says to an action on a resource in a scope.
func (d Document) Simulate(action, resource, scope string) Verdict { return Silent }

// LoadTenantBuiltins reads the built-in tenant roles from their YAML file.
// Everything wrong with it is told at once.
func LoadTenantBuiltins(text []byte) ([]TenantRole, error) { return nil, errUnwritten }

// LoadPolicies reads the system policies from their YAML file. Everything wrong
// with it is told at once.
func LoadPolicies(text []byte) ([]Document, error) { return nil, errUnwritten }

// LoadEngineRoles reads the roles of MaxCompute from their YAML file.
// Everything wrong with it is told at once.
func LoadEngineRoles(text []byte) ([]EngineRole, error) { return nil, errUnwritten }

var errUnwritten = errors.New("not readable yet")
