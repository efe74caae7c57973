package access

// EngineType is the kind of a compute engine, which decides how members get
// rights in it.
type EngineType uint8

const (
	// MaxCompute grants by mapping roles to roles of its projects.
	MaxCompute EngineType = iota
	// EMR grants by mapping members to LDAP accounts.
	EMR
	// CDH grants by mapping members to Linux or Kerberos accounts.
	CDH
	// OtherEngine runs everything as one access identity an environment.
	OtherEngine
)

// Engine is a compute engine bound to a workspace.
type Engine struct {
	ID        uint32
	Workspace WorkspaceID
	Name      string
	Type      EngineType
	// DevIdentity and ProdIdentity are the default access identities of the
	// environments. In the simple mode ProdIdentity is that of the only one.
	DevIdentity  string
	ProdIdentity string
}

// EngineMapping gives holders of a custom role a role of an engine. Those of
// built-in roles are fixed.
type EngineMapping struct {
	Role       RoleID
	Engine     uint32
	EngineRole string
}

// AccountMapping says as which account of an engine a principal works.
type AccountMapping struct {
	Engine    uint32
	Principal PrincipalID
	Account   string
}

// EngineRole is what a role of MaxCompute is granted in each environment, as
// the documentation puts it; "" is nothing.
type EngineRole struct {
	Code string
	Dev  string
	Prod string
	// Builtin says that a built-in workspace role comes with it, so that the
	// engine role is granted by itself.
	Builtin bool
	// Mappable says that a custom role can be mapped to it.
	Mappable bool
	// Derived says that sources contradict each other about it.
	Derived bool
}

// Environment is where an engine right holds.
type Environment uint8

const (
	// Dev is the development environment of a standard workspace.
	Dev Environment = iota
	// Prod is the production environment of a standard workspace.
	Prod
	// Only is the one environment of a workspace in the simple mode.
	Only
)

// EngineWay is how a right in an engine was got.
type EngineWay uint8

const (
	// NoWay: there is no right.
	NoWay EngineWay = iota
	// ByRoleMapping is through a role mapped to a role of the engine.
	ByRoleMapping
	// ByAccountMapping is through an account of the engine.
	ByAccountMapping
	// ByIdentity is as the default access identity: everybody runs as it, or,
	// in MaxCompute, the principal itself is it.
	ByIdentity
)

// EngineNote says what else has to be known of an engine right.
type EngineNote string

const (
	// NoteNone is that there is nothing to add.
	NoteNone EngineNote = ""
	// NoteRequest is that rights in production are asked for in Security Center.
	NoteRequest EngineNote = "request"
	// NoteUnmapped is that a custom role is mapped to no role of the engine.
	NoteUnmapped EngineNote = "unmapped"
	// NoteNoAccount is that no account of the engine is mapped to the principal.
	NoteNoAccount EngineNote = "no-account"
	// NoteNoIdentity is that the engine has no identity for the environment.
	NoteNoIdentity EngineNote = "no-identity"
	// NoteShared is that roles grant nothing here: everybody runs as Account.
	NoteShared EngineNote = "shared"
	// NoteDisabled is that the principal is disabled, or vanished from the
	// directory it came from.
	NoteDisabled EngineNote = "disabled"
	// NoteNotMember is that the principal is no member of the workspace.
	NoteNotMember EngineNote = "not-member"
	// NoteUnpublished is that what the engine role is granted is not published.
	NoteUnpublished EngineNote = "unpublished"
)

// EngineRight is what a principal may do in one environment of an engine, by
// one way. It says nothing of modules, as modules say nothing of engines.
type EngineRight struct {
	Engine      uint32
	Environment Environment
	Way         EngineWay
	// Role is the workspace role and EngineRole the role of the engine.
	Role       RoleID
	EngineRole string
	// Account is the account of the engine, or the identity, that is used.
	Account string
	// Grants is what the engine role is granted, in English; "" is nothing.
	Grants string
	Note   EngineNote
}
