package storage

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/directory"
	"reeve/core/fault"
	"reeve/core/text"
)

// User finds a principal by name; fault.NotFound with near names otherwise.
func (s Directory) User(ctx context.Context, name string) (u directory.User, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		p, err := s.db.named(ctx, name)
		if err != nil {
			return err
		}
		u, err = s.get(ctx, p.ID)
		return err
	})
	return u, err
}

// SetContact changes how a principal is shown and reached if it still is version; otherwise ok is false.
func (s Directory) SetContact(ctx context.Context, id access.PrincipalID, c directory.Contact, version int64) (ok bool, err error) {
	n, err := s.db.exec(ctx, "changing a user", `UPDATE principal SET display_name = ?, display_key = ?, email = ?, email_key = ?, phone = ?, version = version + 1
		WHERE id = ? AND version = ?`, c.DisplayName, text.Fold(c.DisplayName), c.Email, text.Fold(c.Email), c.Phone, id, version)
	if err != nil || n == 0 {
		return false, err
	}
	return true, s.index(ctx, id)
}

// index writes the search text of a principal anew.
func (s Directory) index(ctx context.Context, id access.PrincipalID) error {
	const doing = "indexing a user"
	if _, err := s.db.exec(ctx, doing, "DELETE FROM principal_text WHERE rowid = ?", id); err != nil {
		return err
	}
	_, err := s.db.exec(ctx, doing,
		"INSERT INTO principal_text (rowid, name, display_name, email) SELECT id, name_key, display_key, email_key FROM principal WHERE id = ?", id)
	return err
}

// statusOf is the status as it follows from the columns after an update.
const statusOf = "CASE WHEN vanished_at <> 0 THEN 'vanished' WHEN disabled_at <> 0 THEN 'disabled' ELSE 'active' END"

// SetDisabled disables a principal from a time on, and enables it for the zero time.
func (s Directory) SetDisabled(ctx context.Context, id access.PrincipalID, at time.Time) error {
	const doing = "changing the status of a user"
	if _, err := s.db.exec(ctx, doing, "UPDATE principal SET disabled_at = ?, disabled_upstream = 0, version = version + 1 WHERE id = ?",
		unix(at), id); err != nil {
		return err
	}
	_, err := s.db.exec(ctx, doing, "UPDATE principal SET status = "+statusOf+" WHERE id = ?", id)
	return err
}

// Holdings is what a principal holds, without grants that have ended.
func (s Directory) Holdings(ctx context.Context, id access.PrincipalID) (h directory.Holdings, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		for _, kind := range []struct {
			to    *[]string
			query string
		}{
			{&h.Owns, "SELECT DISTINCT w.region || '/' || w.name FROM workspace w WHERE w.owner_id = ?1 AND ?2 > 0 ORDER BY 1"},
			{&h.Made, "SELECT w.region || '/' || w.name FROM workspace w WHERE w.created_by = ?1 AND ?2 > 0 ORDER BY 1"},
			{&h.Workspaces, "SELECT w.region || '/' || w.name FROM member m JOIN workspace w ON w.id = m.workspace_id WHERE m.principal_id = ?1 AND ?2 > 0 ORDER BY 1"},
			{&h.TenantRoles, "SELECT DISTINCT region FROM tenant_grant WHERE principal_id = ?1 AND (until = 0 OR until > ?2) ORDER BY 1"},
			{&h.Groups, "SELECT p.name FROM group_member m JOIN principal p ON p.id = m.group_id WHERE m.principal_id = ?1 AND ?2 > 0 ORDER BY 1"},
			{&h.Members, "SELECT p.name FROM group_member m JOIN principal p ON p.id = m.principal_id WHERE m.group_id = ?1 AND ?2 > 0 ORDER BY 1"},
			{&h.Requests, "SELECT '#' || q.id FROM access_request q WHERE q.requester_id = ?1 AND q.state = 'pending' AND q.expires_at > ?2 ORDER BY q.id"},
			{&h.Identities, "SELECT w.region || '/' || w.name || '/' || e.name || '/' || i.environment " + identitiesOf + " WHERE ?2 > 0 ORDER BY 1"},
			{&h.Engines, "SELECT e.name FROM account_mapping a JOIN engine e ON e.id = a.engine_id WHERE a.principal_id = ?1 AND ?2 > 0 ORDER BY 1"},
		} {
			found, err := all(ctx, s.db, "reading what a user holds", value[string], kind.query, id, s.db.now())
			if err != nil {
				return err
			}
			*kind.to = append([]string{}, found...)
		}
		h.Policies = []string{}
		customs, err := s.db.customPolicies(ctx, where{})
		if err != nil {
			return err
		}
		builtins, err := LoadBuiltins()
		if err != nil {
			return err
		}
		names := map[access.PolicyID]string{}
		for _, d := range builtins.Documents {
			names[d.ID] = d.Name
		}
		for _, p := range customs {
			names[p.ID] = p.Name
		}
		return each(ctx, s.db, "reading the policies of a user", func(row scanner) error {
			var policy access.PolicyID
			err := row.Scan(&policy)
			h.Policies = append(h.Policies, names[policy])
			return err
		}, "SELECT policy_id FROM policy_attachment WHERE principal_id = ? AND (until = 0 OR until > ?) ORDER BY policy_id", id, s.db.now())
	})
	return h, err
}

// Delete takes a principal who holds nothing away, its keys with it. Its id is never used again.
func (s Directory) Delete(ctx context.Context, id access.PrincipalID, at time.Time) error {
	const doing = "deleting a user"
	for _, step := range []struct {
		query string
		args  []any
	}{
		{"INSERT INTO principal_gone (id, name, deleted_at) SELECT id, name, ? FROM principal WHERE id = ?", []any{unix(at), id}},
		// Grants that have ended give nothing, and hold nobody.
		{"DELETE FROM tenant_grant WHERE principal_id = ? AND until <> 0 AND until <= ?", []any{id, unix(at)}},
		{"DELETE FROM policy_attachment WHERE principal_id = ? AND until <> 0 AND until <= ?", []any{id, unix(at)}},
		{"DELETE FROM principal_text WHERE rowid = ?", []any{id}},
		{"DELETE FROM principal WHERE id = ?", []any{id}},
	} {
		if _, err := s.db.exec(ctx, doing, step.query, step.args...); err != nil {
			return err
		}
	}
	return nil
}

// KeysOf lists the keys of a principal, the oldest first.
func (s Directory) KeysOf(ctx context.Context, id access.PrincipalID) ([]directory.Key, error) {
	return all(ctx, s.db, "reading the keys of a user", func(row scanner) (k directory.Key, err error) {
		var added int64
		err = row.Scan(&k.Type, &k.Key, &k.Fingerprint, &k.Comment, &added, &k.AddedBy)
		k.AddedAt = moment(added)
		return k, err
	}, `SELECT k.type, k.key, k.fingerprint, k.comment, k.added_at, `+everOf+"k.added_by"+orNobody+` FROM principal_key k WHERE k.principal_id = ? ORDER BY k.id`, id)
}

// KeyOwner finds whose a key is, by its fingerprint; ok is false if it is nobody's.
func (s Directory) KeyOwner(ctx context.Context, fingerprint string) (p access.Principal, ok bool, err error) {
	return one(ctx, s.db, "finding the owner of a key", scanPrincipal,
		"SELECT "+principalColumns+" FROM principal p JOIN principal_key k ON k.principal_id = p.id WHERE k.fingerprint = ?", fingerprint)
}

// AnyKey says whether anybody has a key who may use it.
func (s Directory) AnyKey(ctx context.Context) (bool, error) {
	some, _, err := one(ctx, s.db, "looking for keys", value[bool],
		"SELECT EXISTS (SELECT 1 FROM principal_key k JOIN principal p ON p.id = k.principal_id WHERE "+disabledSince+" = 0)")
	return some, err
}

// AddKey gives a principal a key.
func (s Directory) AddKey(ctx context.Context, id access.PrincipalID, k directory.Key, by access.PrincipalID) error {
	_, err := s.db.exec(ctx, "adding a key", `INSERT INTO principal_key (principal_id, type, key, fingerprint, comment, added_at, added_by)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, id, k.Type, k.Key, k.Fingerprint, k.Comment, unix(k.AddedAt), by)
	return err
}

// RemoveKey takes a key from a principal.
func (s Directory) RemoveKey(ctx context.Context, id access.PrincipalID, fingerprint string) error {
	n, err := s.db.exec(ctx, "removing a key", "DELETE FROM principal_key WHERE principal_id = ? AND fingerprint = ?", id, fingerprint)
	if err == nil && n == 0 {
		err = &fault.NotFound{What: "key", Name: fingerprint}
	}
	return err
}
