// Package role is the roles of a workspace: the built-in ones, which never change, and custom ones, which say None, Read or
// Write for each workspace module.
package role

import (
	"context"
	"encoding/json"
	"time"

	"reeve/core/access"
	"reeve/core/control"
)

// Role is a role as people see it in one workspace.
type Role struct {
	access.Role
	// Holders is how many members of the workspace hold it.
	Holders    int
	CreatedAt  time.Time
	CreatedBy  string
	ModifiedAt time.Time
	ModifiedBy string
	// Version counts the changes of a custom role; 0 for a built-in one.
	Version int64
}

// record is a role as JSON.
type record struct {
	ID        uint32            `json:"id"`
	Code      string            `json:"code"`
	Name      string            `json:"name"`
	Kind      string            `json:"type"`
	Levels    map[string]string `json:"modules"`
	Holders   int               `json:"members"`
	CreatedAt *time.Time        `json:"created_at"`
	CreatedBy string            `json:"created_by"`
	Modified  *time.Time        `json:"modified_at"`
	By        string            `json:"modified_by"`
	Version   int64             `json:"version"`
}

// MarshalJSON writes the role with its levels by module code, for the audit and for commands.
func (r Role) MarshalJSON() ([]byte, error) {
	levels := map[string]string{}
	for _, m := range access.WorkspaceModules() {
		levels[m.Code()] = r.Levels.Get(m).String()
	}
	kind := "custom"
	if r.Kind == access.Builtin {
		kind = "built-in"
	}
	return json.Marshal(record{uint32(r.ID), r.Code, r.Name, kind, levels, r.Holders, orNil(r.CreatedAt), r.CreatedBy, orNil(r.ModifiedAt), r.ModifiedBy, r.Version})
}

// UnmarshalJSON reads what MarshalJSON wrote, for answers kept under a request id.
func (r *Role) UnmarshalJSON(data []byte) error {
	var v record
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	*r = Role{Role: access.Role{ID: access.RoleID(v.ID), Code: v.Code, Name: v.Name, Kind: access.Custom, Assignable: true},
		Holders: v.Holders, CreatedBy: v.CreatedBy, ModifiedBy: v.By, Version: v.Version}
	if v.Kind == "built-in" {
		r.Kind = access.Builtin
	}
	if v.CreatedAt != nil {
		r.CreatedAt = *v.CreatedAt
	}
	if v.Modified != nil {
		r.ModifiedAt = *v.Modified
	}
	for code, level := range v.Levels {
		m, err := access.ParseModule(access.PlaneWorkspace, code)
		if err != nil {
			return err
		}
		l, err := access.ParseLevel(level)
		if err != nil {
			return err
		}
		r.Levels = r.Levels.With(m, l)
	}
	return nil
}

func orNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Store is what this area needs of storage. Every method takes part in the transaction that its context carries.
type Store interface {
	control.Places
	// List returns the built-in roles, then the custom ones of the workspace by name.
	List(ctx context.Context, ws access.WorkspaceID) ([]Role, error)
	// Holders names up to limit members holding the role.
	Holders(ctx context.Context, ws access.WorkspaceID, id access.RoleID, limit int) ([]string, error)
	Insert(ctx context.Context, ws access.WorkspaceID, r Role, by access.PrincipalID) (Role, error)
	// SetLevels writes levels if the version still is version, and raises it; otherwise ok is false.
	SetLevels(ctx context.Context, id access.RoleID, levels access.Levels, version int64, by access.PrincipalID, at time.Time) (ok bool, err error)
	// Delete removes the role if the version still is version, with all grants of it; otherwise ok is false.
	Delete(ctx context.Context, id access.RoleID, version int64) (ok bool, err error)
	// AccessState reads the workspace's whole access state, for previews that are computed while one paints.
	AccessState(ctx context.Context, s control.Scope) (access.State, error)
}
