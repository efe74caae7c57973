package access

// TenantRoleID is the database id of a tenant role. Built-in roles have 1 to
// 9, custom roles 1000 and above.
type TenantRoleID uint32

// Authority is who may grant a role.
type Authority uint8

const (
	// Nobody grants the role: it is implied, or comes by itself.
	Nobody Authority = iota
	// TenantAdministrators are the account, holders of AliyunDataWorksFullAccess
	// or AdministratorAccess, and the tenant administrators of the region.
	TenantAdministrators
)

// TenantRole is a set of capabilities that can be granted to the people of the
// tenant, region by region.
type TenantRole struct {
	ID      TenantRoleID
	Code    string
	Name    string
	NameZH  string
	Aliases []string
	Kind    RoleKind
	// Region is where a custom role lives; it is empty for a built-in role.
	Region string
	// Capabilities of a custom role are among CustomCapabilities.
	Capabilities Capabilities
	// Everything says that the role has every capability: the tenant owner's
	// and the tenant administrator's.
	Everything bool
	// Automatic marks the role that everybody in the tenant has without a
	// grant, the tenant member's. There is at most one.
	Automatic bool
	// Assignable says that the role can be granted to somebody.
	Assignable bool
	GrantedBy  Authority
	// Derived says that Capabilities are our reading of prose.
	Derived bool
}

// TenantGrant gives a tenant role to a principal in one region.
type TenantGrant struct {
	ID        GrantID
	Region    string
	Principal PrincipalID
	Role      TenantRoleID
	By        PrincipalID
	At        int64 // Unix seconds
	// Until is when it ends, in Unix seconds; 0 is open ended. At that very
	// second the grant is over.
	Until int64
}

func (g TenantGrant) inForce(now int64) bool { return g.Until == 0 || g.Until > now }

// TenantQuestion asks whether a principal has a capability in a region. A
// question about no region or no capability is answered with no.
//
// It is answered in this order:
//
//  1. Who is disabled, or barred by a policy, may do nothing (Barred).
//  2. The account, and who holds AliyunDataWorksFullAccess or
//     AdministratorAccess, may do everything.
//  3. The capabilities of all tenant roles in force add up; a tenant owner and
//     a tenant administrator have them all.
//  4. Those of the tenant member are added for every principal of the tenant
//     that is no group, unless the principal holds a custom tenant role in the
//     region: a custom role speaks of every module it could speak of and has
//     priority over the tenant member, also downwards.
//
// Under the policy Strict, a module on which a custom tenant role that is held
// grants nothing is closed to its holder, whatever other roles say; step 2 is
// no role and stays.
type TenantQuestion struct {
	Principal  PrincipalID
	Region     string
	Capability Capability
}

// ModuleQuestion asks whether a principal may use a global module in a region
// at a level. Any capability of the module is enough to read; to write, one
// whose own level is Write is needed.
type ModuleQuestion struct {
	Principal PrincipalID
	Region    string
	Module    Module
	Level     Level
}
