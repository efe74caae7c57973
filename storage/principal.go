package storage

import (
	"context"

	"reeve/core/access"
	"reeve/core/directory"
	"reeve/core/fault"
	"reeve/core/text"
)

// nearNames is how many names an error for an unknown one offers.
const nearNames = 3

const (
	// disabledSince is since when a principal may do nothing, 0 for never. Who vanished counts as disabled unless the source says otherwise.
	disabledSince = `CASE p.status WHEN 'active' THEN 0 WHEN 'disabled' THEN p.disabled_at ELSE
	CASE WHEN p.disabled_at = 0 AND EXISTS (SELECT 1 FROM directory_source f WHERE f.id = p.source_id AND f.vanished_may_act = 1) THEN 0
	ELSE p.vanished_at END END`
	principalColumns = "p.id, p.name, p.kind, " + disabledSince + ", p.status = 'vanished'"
)

func scanPrincipal(row scanner) (p access.Principal, err error) {
	var kind directory.Kind
	err = row.Scan(&p.ID, &p.Name, &kind, &p.Disabled, &p.Vanished)
	p.Group = kind == directory.UserGroup
	if kind == directory.Account {
		p.Power = access.PowerAccount // the other powers come from policies that are attached
	}
	return p, err
}

// named finds a principal by name; fault.NotFound with near names otherwise.
func (db *DB) named(ctx context.Context, name string) (access.Principal, error) {
	p, ok, err := one(ctx, db, "finding a user", scanPrincipal,
		"SELECT "+principalColumns+" FROM principal p WHERE p.name_key = ?", text.Fold(name))
	if err != nil || ok {
		return p, err
	}
	names, err := all(ctx, db, "reading the users", value[string], "SELECT name FROM principal")
	if err != nil {
		return p, err
	}
	return p, &fault.NotFound{What: "user", Name: name, Nearest: text.Nearest(name, names, nearNames)}
}

// principals finds principals by name, in the given order; fault.NotFound for the first unknown one.
func (db *DB) principals(ctx context.Context, names []string) ([]access.Principal, error) {
	var found []access.Principal
	for _, name := range names {
		p, err := db.named(ctx, name)
		if err != nil {
			return nil, err
		}
		found = append(found, p)
	}
	return found, nil
}

// owner is the account that owns the tenant; fault.NotFound in a database without a tenant.
func (db *DB) owner(ctx context.Context) (access.Principal, error) {
	p, ok, err := one(ctx, db, "finding the owner", scanPrincipal,
		"SELECT "+principalColumns+" FROM principal p JOIN tenant t ON t.owner_id = p.id")
	if err == nil && !ok {
		err = &fault.NotFound{What: "user"}
	}
	return p, err
}

// mapped finds the principal that an operating-system user is mapped to.
func (db *DB) mapped(ctx context.Context, osUser string) (access.Principal, bool, error) {
	if osUser == "" {
		return access.Principal{}, false, nil
	}
	return one(ctx, db, "finding the user of an operating-system user", scanPrincipal,
		"SELECT "+principalColumns+" FROM principal p WHERE p.os_user = ?", osUser)
}

// nextPrincipal is the id of the next principal: one that nobody has or had.
const nextPrincipal = "1 + max(coalesce((SELECT max(id) FROM principal), 0), coalesce((SELECT max(id) FROM principal_gone), 0))"

// insertPrincipal makes the record and its search text.
func (db *DB) insertPrincipal(ctx context.Context, u directory.User) (access.PrincipalID, error) {
	name, display, email := text.Fold(u.Name), text.Fold(u.DisplayName), text.Fold(u.Email)
	id, err := db.insertRow(ctx, "adding a user",
		`INSERT INTO principal (id, name, name_key, display_name, display_key, kind, os_user, email, email_key, phone, created_at, version)
		VALUES (`+nextPrincipal+`, ?, ?, ?, ?, ?, nullif(?, ''), ?, ?, ?, ?, 1)`,
		u.Name, name, u.DisplayName, display, string(u.Kind), u.OSUser, u.Email, email, u.Phone, unix(u.CreatedAt))
	if err != nil {
		return 0, err
	}
	_, err = db.exec(ctx, "adding a user", "INSERT INTO principal_text (rowid, name, display_name, email) VALUES (?, ?, ?, ?)", id, name, display, email)
	return access.PrincipalID(id), err // #nosec G115 -- ids count up from 1
}
