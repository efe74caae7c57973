// Package tenantrole is the tenant roles of a region and who holds them: the built-in ones, which never change, and custom
// ones, which say for each global module what their holders may do there. Everybody of the tenant is tenant member in every
// region without being made one.
package tenantrole

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/list"
)

// Role is a tenant role as people see it in one region.
type Role struct {
	access.TenantRole
	// Holders is how many principals and groups hold it by a grant in force; 0 for tenant owner and tenant member, which are
	// held without one.
	Holders    int
	CreatedAt  time.Time
	CreatedBy  string
	ModifiedAt time.Time
	ModifiedBy string
	// Version counts the changes of a custom role; 0 for a built-in one.
	Version int64
}

// Member is one principal of the tenant in one region.
type Member struct {
	Principal access.PrincipalID `json:"id"`
	Name      string             `json:"name"`
	// Kind is account, ram-user, ram-role or group.
	Kind string `json:"type"`
	// Roles are the roles granted, by id, without tenant owner and tenant member, which nobody is granted; Automatic says
	// which of the two the principal has anyway.
	Roles []Held `json:"roles"`
	// Automatic is the code of the role held without a grant: tenant_owner, tenant_member, or empty for a group.
	Automatic string `json:"automatic"`
}

// Held is a tenant role that a principal holds by a grant.
type Held struct {
	ID   access.TenantRoleID `json:"-"`
	Code string              `json:"code"`
	Name string              `json:"name"`
	Kind access.RoleKind     `json:"-"`
	At   time.Time           `json:"granted_at"`
	By   string              `json:"granted_by"`
	// Until is when it ends; nil is open ended. A grant that has ended is not listed.
	Until *time.Time `json:"until"`
}

// Codes of the roles that everybody, and the account, has without a grant.
const (
	OwnerRole  = "tenant_owner"
	MemberRole = "tenant_member"
)

// fields are what lists of tenant members can be filtered and sorted by.
func fields() []list.Field { return append(list.Texts("name", "role"), list.PrincipalType()) }

// Store is what this area needs of storage. Every method takes part in the transaction that its context carries.
type Store interface {
	// Region finds an activated region as a target; fault.NotFound (what: region) with near ones otherwise.
	Region(ctx context.Context, id string) (control.Target, error)
	// List returns the built-in roles, then the custom ones of the region by name.
	List(ctx context.Context, region string) ([]Role, error)
	// Holders names up to limit principals and groups that hold the role in the region by a grant in force at now, by name.
	Holders(ctx context.Context, region string, id access.TenantRoleID, now time.Time, limit int) ([]string, error)
	// Insert makes a custom role and returns it with its id and its code.
	Insert(ctx context.Context, region string, r Role, by access.PrincipalID) (Role, error)
	// SetCapabilities writes what a custom role grants if the version still is version, and raises it; otherwise ok is false.
	SetCapabilities(ctx context.Context, id access.TenantRoleID, c access.Capabilities, version int64, by access.PrincipalID, at time.Time) (ok bool, err error)
	// Delete removes a custom role if the version still is version, with all grants of it; otherwise ok is false.
	Delete(ctx context.Context, id access.TenantRoleID, version int64) (ok bool, err error)
	// Members lists all principals and groups of the tenant with what they hold in the region by grants in force at now.
	Members(ctx context.Context, region string, now time.Time, q list.Query) (list.Page[Member], error)
	// Member finds one of them; fault.NotFound (what: user) with near names otherwise.
	Member(ctx context.Context, region string, now time.Time, name string) (Member, error)
	// Grant gives a role, replacing a grant of the same role to the same principal that stands or has ended; a zero until is
	// open ended.
	Grant(ctx context.Context, region string, p access.PrincipalID, r access.TenantRoleID, by access.PrincipalID, at, until time.Time) error
	// Revoke takes a role away; taking one that is not held does nothing.
	Revoke(ctx context.Context, region string, p access.PrincipalID, r access.TenantRoleID) error
	AccessState(ctx context.Context, s control.Scope) (access.State, error)
}
