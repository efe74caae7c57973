// Package engine is the compute engines bound to a workspace and how its roles and members are known to them. What an
// engine lets its users do is the engine's own matter and apart from the modules of the workspace.
package engine

import (
	"context"

	"reeve/core/access"
	"reeve/core/control"
)

// Engine is a compute engine as people see it in one workspace.
type Engine struct {
	access.Engine
	// Roles are the mappings of roles: the fixed ones of the built-in roles first, then those of custom roles by name.
	Roles []RoleMapping
	// Accounts are the mappings of members to accounts of the engine, by name of the member.
	Accounts []AccountMapping
	// Version counts the changes of the engine and its mappings.
	Version int64
}

// RoleMapping makes holders of a role of the workspace holders of a role of the engine.
type RoleMapping struct {
	Role access.RoleID   `json:"-"`
	Code string          `json:"code"`
	Name string          `json:"name"`
	Kind access.RoleKind `json:"-"`
	// EngineRole is the role in the engine.
	EngineRole string `json:"engine_role"`
}

// Fixed says that the mapping is that of a built-in role, which nobody changes.
func (m RoleMapping) Fixed() bool { return m.Kind == access.Builtin }

// AccountMapping makes a member work in the engine as an account of it.
type AccountMapping struct {
	Principal access.PrincipalID `json:"-"`
	User      string             `json:"user"`
	Account   string             `json:"account"`
}

// Store is what this area needs of storage. Every method takes part in the transaction that its context carries.
type Store interface {
	control.Places
	// List returns the engines of the workspace by name, with the mappings of custom roles and of accounts.
	List(ctx context.Context, ws access.WorkspaceID) ([]Engine, error)
	// Insert binds an engine and returns it with its id, in version 1.
	Insert(ctx context.Context, ws access.WorkspaceID, e Engine) (Engine, error)
	// Delete removes an engine if the version still is version, with its mappings; otherwise ok is false.
	Delete(ctx context.Context, id uint32, version int64) (ok bool, err error)
	// MapRole maps a custom role, or with an empty engine role takes its mapping away, and raises the engine's version if it
	// still is version; otherwise ok is false.
	MapRole(ctx context.Context, id uint32, r access.RoleID, engineRole string, version int64) (ok bool, err error)
	// MapAccount maps a member, or with an empty account takes the mapping away; ok as in MapRole.
	MapAccount(ctx context.Context, id uint32, p access.PrincipalID, account string, version int64) (ok bool, err error)
	// SetIdentities sets the access identities of an engine, empty for none; ok as in MapRole.
	SetIdentities(ctx context.Context, id uint32, dev, prod string, version int64) (ok bool, err error)
	// Roles are the built-in roles and the custom ones of the workspace.
	Roles(ctx context.Context, ws access.WorkspaceID) ([]access.Role, error)
	// Principals finds principals by name, in order; fault.NotFound (what: user) for the first unknown one.
	Principals(ctx context.Context, names []string) ([]access.Principal, error)
	// Joined says which of the principals are members of the workspace.
	Joined(ctx context.Context, ws access.WorkspaceID, ids []access.PrincipalID) (map[access.PrincipalID]bool, error)
	// AccessState reads what decisions depend on, the roles of engines among it.
	AccessState(ctx context.Context, s control.Scope) (access.State, error)
}
