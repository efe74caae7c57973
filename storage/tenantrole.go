package storage

import (
	"context"
	"strconv"
	"time"

	"reeve/core/access"
	"reeve/core/tenantrole"
	"reeve/core/text"
)

// TenantRoles keeps the custom tenant roles of regions and who holds tenant roles.
type TenantRoles struct{ states }

var _ tenantrole.Store = TenantRoles{}

// NewTenantRoles makes the store.
func NewTenantRoles(db *DB, builtins Builtins) TenantRoles {
	return TenantRoles{states{Places{db}, builtins}}
}

// customTenantRoles reads the custom tenant roles of a region, or of all if it is empty, by name and without their holders.
func (db *DB) customTenantRoles(ctx context.Context, region string) ([]tenantrole.Role, error) {
	roles, err := all(ctx, db, "reading the tenant roles", scanTenantRole,
		`SELECT r.id, r.code, r.name, r.region, r.created_at, `+everOf+"r.created_by"+orNobody+`, r.modified_at,
			`+everOf+"r.modified_by"+orNobody+`, r.version
		FROM tenant_role r
		WHERE ? IN ('', r.region) ORDER BY r.name_key, r.id`, region)
	if err != nil || len(roles) == 0 {
		return nil, err
	}
	at := make(map[access.TenantRoleID]int, len(roles))
	for i, r := range roles {
		at[r.ID] = i
	}
	err = each(ctx, db, "reading the capabilities of tenant roles", func(row scanner) error {
		var id access.TenantRoleID
		var code string
		if err := row.Scan(&id, &code); err != nil {
			return err
		}
		c, err := access.ParseCapability(code)
		roles[at[id]].Capabilities = roles[at[id]].Capabilities.With(c)
		return err
	}, "SELECT c.role_id, c.capability FROM tenant_role r JOIN tenant_role_capability c ON c.role_id = r.id WHERE ? IN ('', r.region)", region)
	return roles, err
}

func scanTenantRole(row scanner) (r tenantrole.Role, err error) {
	var created, modified int64
	err = row.Scan(&r.ID, &r.Code, &r.Name, &r.Region, &created, &r.CreatedBy, &modified, &r.ModifiedBy, &r.Version)
	r.Kind, r.Assignable, r.GrantedBy = access.Custom, true, access.TenantAdministrators
	r.CreatedAt, r.ModifiedAt = moment(created), moment(modified)
	return r, err
}

// List returns the built-in roles, then the custom ones of the region by name, counting the holders by grants in
// force.
func (s TenantRoles) List(ctx context.Context, region string) (roles []tenantrole.Role, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		roles = nil
		for _, r := range s.builtins.TenantRoles {
			roles = append(roles, tenantrole.Role{TenantRole: r})
		}
		customs, err := s.db.customTenantRoles(ctx, region)
		if err != nil {
			return err
		}
		roles = append(roles, customs...)
		holders := map[access.TenantRoleID]int{}
		if err := each(ctx, s.db, "counting the holders of tenant roles", func(row scanner) error {
			var id access.TenantRoleID
			var n int
			err := row.Scan(&id, &n)
			holders[id] = n
			return err
		}, "SELECT role_id, count(*) FROM tenant_grant WHERE region = ? AND (until = 0 OR until > ?) GROUP BY role_id", region, s.db.now()); err != nil {
			return err
		}
		for i := range roles {
			roles[i].Holders = holders[roles[i].ID]
		}
		return nil
	})
	return roles, err
}

// Holders names up to limit principals and groups that hold the role in the region by a grant in force at now, by name.
func (s TenantRoles) Holders(ctx context.Context, region string, id access.TenantRoleID, now time.Time, limit int) ([]string, error) {
	return all(ctx, s.db, "reading the holders of a tenant role", value[string],
		`SELECT p.name FROM tenant_grant g JOIN principal p ON p.id = g.principal_id
		WHERE g.region = ? AND g.role_id = ? AND (g.until = 0 OR g.until > ?) ORDER BY p.name_key LIMIT ?`, region, id, unix(now), limit)
}

// Insert makes a custom role and returns it with its id and its code.
func (s TenantRoles) Insert(ctx context.Context, region string, r tenantrole.Role, by access.PrincipalID) (tenantrole.Role, error) {
	const doing = "making a tenant role"
	none, key := tenantrole.Role{}, text.Fold(r.Name)
	// The code comes from the id, which is known only afterwards; no code looks like this one in between.
	id, err := s.db.insertRow(ctx, doing,
		`INSERT INTO tenant_role (region, name, name_key, code, created_at, created_by, modified_at, modified_by)
		VALUES (?, ?, ?, 'new/' || ? || '/' || ?, ?, ?, ?, ?)`,
		region, r.Name, key, region, key, unix(r.CreatedAt), by, unix(r.ModifiedAt), by)
	if err != nil {
		return none, err
	}
	if _, err := s.db.exec(ctx, doing, "UPDATE tenant_role SET code = ? WHERE id = ?", "tenant_role_"+strconv.FormatInt(id, 36), id); err != nil {
		return none, err
	}
	if err := s.writeCapabilities(ctx, access.TenantRoleID(id), r.Capabilities); err != nil { // #nosec G115 -- ids count up from 1000
		return none, err
	}
	roles, err := s.db.customTenantRoles(ctx, region)
	for _, made := range roles {
		if int64(made.ID) == id {
			return made, err
		}
	}
	if err == nil {
		err = errMissing("tenant role", id)
	}
	return none, err
}

func (s TenantRoles) writeCapabilities(ctx context.Context, id access.TenantRoleID, c access.Capabilities) error {
	const doing = "writing the capabilities of a tenant role"
	if _, err := s.db.exec(ctx, doing, "DELETE FROM tenant_role_capability WHERE role_id = ?", id); err != nil {
		return err
	}
	for _, one := range c.List() {
		if _, err := s.db.exec(ctx, doing, "INSERT INTO tenant_role_capability (role_id, capability) VALUES (?, ?)", id, one.Code()); err != nil {
			return err
		}
	}
	return nil
}

// SetCapabilities writes what a custom role grants if the version still is version, and raises it; otherwise ok is false.
func (s TenantRoles) SetCapabilities(ctx context.Context, id access.TenantRoleID, c access.Capabilities, version int64, by access.PrincipalID, at time.Time) (ok bool, err error) {
	n, err := s.db.exec(ctx, "changing a tenant role",
		"UPDATE tenant_role SET modified_at = ?, modified_by = ?, version = version + 1 WHERE id = ? AND version = ?", unix(at), by, id, version)
	if err != nil || n == 0 {
		return false, err
	}
	return true, s.writeCapabilities(ctx, id, c)
}

// Delete removes a custom role if the version still is version, with all grants of it; otherwise ok is false.
func (s TenantRoles) Delete(ctx context.Context, id access.TenantRoleID, version int64) (ok bool, err error) {
	const doing = "deleting a tenant role"
	region, found, err := one(ctx, s.db, doing, value[string], "SELECT region FROM tenant_role WHERE id = ? AND version = ?", id, version)
	if err != nil || !found {
		return false, err
	}
	for _, step := range []string{
		"DELETE FROM tenant_grant WHERE region = ?1 AND role_id = ?2",
		"DELETE FROM tenant_role WHERE region = ?1 AND id = ?2",
	} {
		if _, err := s.db.exec(ctx, doing, step, region, id); err != nil {
			return false, err
		}
	}
	return true, nil
}

// Grant gives a role, replacing a grant of the same role to the same principal; a zero until is open ended.
func (s TenantRoles) Grant(ctx context.Context, region string, p access.PrincipalID, r access.TenantRoleID, by access.PrincipalID, at, until time.Time) error {
	_, err := s.db.exec(ctx, "granting a tenant role",
		`INSERT INTO tenant_grant (region, principal_id, role_id, granted_at, granted_by, until) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (region, principal_id, role_id) DO UPDATE SET granted_at = excluded.granted_at, granted_by = excluded.granted_by, until = excluded.until`,
		region, p, r, unix(at), by, unix(until))
	return err
}

// Revoke takes a role away; taking one that is not held does nothing.
func (s TenantRoles) Revoke(ctx context.Context, region string, p access.PrincipalID, r access.TenantRoleID) error {
	_, err := s.db.exec(ctx, "taking a tenant role away",
		"DELETE FROM tenant_grant WHERE region = ? AND principal_id = ? AND role_id = ?", region, p, r)
	return err
}
