package access

// EngineRights lists what the principal may do in the engines of a workspace,
// engine by engine and environment by environment, at least one line for each.
// An engine keeps its rights while the workspace is closed. It is nil for no
// workspace and for no principal.
func (s *Snapshot) EngineRights(ws WorkspaceID, p PrincipalID) []EngineRight { return nil }

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
