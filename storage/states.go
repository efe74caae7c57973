package storage

import (
	"context"
	"slices"

	"reeve/core/access"
)

// states is what the areas have in common that work with the built-in roles: what decisions depend on, and who is who.
type states struct {
	Places
	builtins Builtins
}

// Joined says which of the principals are members already.
func (s states) Joined(ctx context.Context, ws access.WorkspaceID, ids []access.PrincipalID) (map[access.PrincipalID]bool, error) {
	found, err := all(ctx, s.db, "reading the members", value[access.PrincipalID],
		"SELECT principal_id FROM member WHERE workspace_id = ? AND principal_id IN (SELECT value FROM json_each(?))", ws, set(ids))
	joined := make(map[access.PrincipalID]bool, len(found))
	for _, id := range found {
		joined[id] = true
	}
	return joined, err
}

// Roles are the built-in roles and the custom ones of the workspace.
func (s states) Roles(ctx context.Context, ws access.WorkspaceID) ([]access.Role, error) {
	customs, err := s.db.customRoles(ctx, ofWorkspace(ws))
	roles := slices.Clone(s.builtins.Roles)
	for _, r := range customs {
		roles = append(roles, r.Role)
	}
	return roles, err
}

// Principals finds principals by name, in the given order; fault.NotFound for the first unknown one.
func (s states) Principals(ctx context.Context, names []string) ([]access.Principal, error) {
	return s.db.principals(ctx, names)
}
