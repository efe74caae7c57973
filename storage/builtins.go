package storage

import (
	"strings"

	"reeve/assets"
	"reeve/core/access"
	"reeve/core/text"
)

// Builtins is what decisions depend on beside the rows of the database: the data of the program.
type Builtins struct {
	Roles       []access.Role
	TenantRoles []access.TenantRole
	// Documents are the system policies.
	Documents   []access.Document
	EngineRoles []access.EngineRole
}

// LoadBuiltins reads what the program is shipped with.
func LoadBuiltins() (b Builtins, err error) {
	if b.Roles, err = access.LoadBuiltins(assets.Roles()); err != nil {
		return b, err
	}
	if b.TenantRoles, err = access.LoadTenantBuiltins(assets.TenantRoles()); err != nil {
		return b, err
	}
	if b.Documents, err = access.LoadPolicies(assets.Policies()); err != nil {
		return b, err
	}
	b.EngineRoles, err = access.LoadEngineRoles(assets.EngineRoles())
	return b, err
}

// administering are the roles whose holders manage a workspace.
func (b Builtins) administering() []access.RoleID {
	var ids []access.RoleID
	for _, r := range b.Roles {
		if r.Administers {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// governing are the tenant roles whose holders manage the tenant plane of a region.
func (b Builtins) governing() []access.TenantRoleID {
	var ids []access.TenantRoleID
	for _, r := range b.TenantRoles {
		if r.Everything {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// powerful are the system policies that stand above all roles.
func (b Builtins) powerful() []access.PolicyID {
	var ids []access.PolicyID
	for _, d := range b.Documents {
		if d.Power != access.PowerNone {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

// fullAccessPolicy is the id of AliyunDataWorksFullAccess, as the data of system policies has it.
const fullAccessPolicy access.PolicyID = 1

// called are the ids of those whose code or one of whose names contains a folded word.
func called[R any, ID any](roles []R, word string, facts func(R) (ID, string, string)) []ID {
	var ids []ID
	for _, r := range roles {
		id, name, code := facts(r)
		if strings.Contains(text.Fold(name), word) || strings.Contains(text.Fold(code), word) {
			ids = append(ids, id)
		}
	}
	return ids
}
