package storage

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/directory"
	"reeve/core/tenant"
)

// Tenants keeps the one tenant of the database.
type Tenants struct{ db *DB }

var _ tenant.Store = Tenants{}

// NewTenants makes the store.
func NewTenants(db *DB) Tenants { return Tenants{db} }

// Get returns the tenant; ok is false in a new database.
func (s Tenants) Get(ctx context.Context) (t tenant.Tenant, ok bool, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		t, ok, err = one(ctx, s.db, "reading the tenant", scanTenant,
			"SELECT t.name, t.owner_id, p.name, t.created_at FROM tenant t JOIN principal p ON p.id = t.owner_id")
		if err != nil || !ok {
			return err
		}
		t.Regions, err = all(ctx, s.db, "reading the regions", func(row scanner) (r tenant.Region, err error) {
			err = row.Scan(&r.ID, &r.Edition)
			return r, err
		}, "SELECT id, edition FROM region ORDER BY activated_at, id")
		return err
	})
	return t, ok, err
}

func scanTenant(row scanner) (t tenant.Tenant, err error) {
	var created int64
	err = row.Scan(&t.Name, &t.OwnerID, &t.Owner, &created)
	t.CreatedAt = moment(created)
	return t, err
}

// Init makes the tenant, the account and the regions, and returns the account.
func (s Tenants) Init(ctx context.Context, in tenant.Setup, at time.Time) (access.Principal, error) {
	none := access.Principal{}
	id, err := s.db.insertPrincipal(ctx, directory.User{Name: in.Owner, Kind: directory.Account, OSUser: in.OSUser, CreatedAt: at})
	if err != nil {
		return none, err
	}
	if _, err := s.db.exec(ctx, "making the tenant", "INSERT INTO tenant (id, name, owner_id, created_at) VALUES (1, ?, ?, ?)",
		in.Tenant, id, unix(at)); err != nil {
		return none, err
	}
	for _, r := range in.Regions {
		if _, err := s.db.exec(ctx, "activating a region", "INSERT INTO region (id, edition, activated_at) VALUES (?, ?, ?)",
			r.ID, string(r.Edition), unix(at)); err != nil {
			return none, err
		}
	}
	return s.db.owner(ctx)
}

// Acting finds who acts when nobody says so: the principal mapped to an operating-system user, else the owner.
func (s Tenants) Acting(ctx context.Context, osUser string) (access.Principal, error) {
	if p, ok, err := s.db.mapped(ctx, osUser); err != nil || ok {
		return p, err
	}
	return s.db.owner(ctx)
}

// Rule is how several roles add up in this tenant; the default in a database without one.
func (s Tenants) Rule(ctx context.Context) (access.Policy, error) {
	strict, _, err := one(ctx, s.db, "reading the rule", value[bool], "SELECT policy = 'strict' FROM tenant")
	if strict {
		return access.Strict, err
	}
	return access.Additive, err
}

// SetRule changes it.
func (s Tenants) SetRule(ctx context.Context, rule access.Policy) error {
	name := "additive"
	if rule == access.Strict {
		name = "strict"
	}
	_, err := s.db.exec(ctx, "changing the rule", "UPDATE tenant SET policy = ?, version = version + 1", name)
	return err
}

// Named finds a principal by name; fault.NotFound with near names otherwise.
func (s Tenants) Named(ctx context.Context, name string) (access.Principal, error) {
	return s.db.named(ctx, name)
}
