package storage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/text"
)

// Members keeps the members of workspaces and the roles they hold.
type Members struct{ states }

var _ member.Store = Members{}

// NewMembers makes the store. builtins are the built-in roles.
func NewMembers(db *DB, builtins []access.Role) Members {
	return Members{states{Places{db}, builtins}}
}

const (
	memberColumns = "m.principal_id, coalesce(p.name, ''), coalesce(p.kind, ''), m.added_at, coalesce(b.name, ''), m.active_at, m.version"
	// As for workspaces, outer joins keep the members first, in the order of an index.
	memberFrom = "member m LEFT JOIN principal p ON p.id = m.principal_id LEFT JOIN principal b ON b.id = m.added_by"
	heldRoles  = "FROM role_grant g LEFT JOIN role c ON c.id = g.role_id WHERE g.workspace_id = m.workspace_id AND g.principal_id = m.principal_id"
)

func scanMember(row scanner) (m member.Member, err error) {
	var added, active int64
	err = row.Scan(&m.Principal, &m.Name, &m.Kind, &added, &m.AddedBy, &active, &m.Version)
	m.Roles = []member.Held{} // a list in JSON also when there are none
	m.AddedAt, m.Active = moment(added), momentOf(active)
	return m, err
}

func (s Members) listing() listing[member.Member] {
	return listing[member.Member]{
		doing: "listing members", columns: memberColumns, from: memberFrom, id: "m.principal_id",
		natural: list.Sort{Field: "name"},
		sorts: map[string]string{
			"name": "m.name_key", "type": "coalesce(p.kind, '')", "added": "m.added_at", "active": "m.active_at",
			// By the first role held, in the order in which roles are listed.
			"role": "coalesce((SELECT min(g.role_id) " + heldRoles + "), 0)",
		},
		matchers: map[string]matcher{
			"":       contains("m.name_key"),
			"name":   contains("m.name_key"),
			"type":   contains("coalesce(p.kind, '')"),
			"role":   s.holding,
			"added":  day("m.added_at"),
			"active": day("m.active_at"),
		},
		scan: scanMember,
	}
}

// holding matches members by a word in the name or the code of a role they hold.
func (s Members) holding(word string, _ bool) (string, []any) {
	var ids []access.RoleID
	for _, r := range s.builtins {
		if strings.Contains(text.Fold(r.Name), word) || strings.Contains(text.Fold(r.Code), word) {
			ids = append(ids, r.ID)
		}
	}
	pattern := containing(word)
	return "EXISTS (SELECT 1 " + heldRoles + ` AND (g.role_id IN (SELECT value FROM json_each(?))
		OR c.name_key LIKE ? ESCAPE '\' OR c.code LIKE ? ESCAPE '\'))`, []any{set(ids), pattern, pattern}
}

// List lists the members of a workspace.
func (s Members) List(ctx context.Context, ws access.WorkspaceID, q list.Query) (page list.Page[member.Member], err error) {
	base := where{}
	base.add("m.workspace_id = ?", ws)
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if page, err = s.listing().page(ctx, s.db, base, q); err != nil {
			return err
		}
		return s.addRoles(ctx, ws, page.Items)
	})
	return page, err
}

// addRoles reads the roles of members, with one query for all of them.
func (s Members) addRoles(ctx context.Context, ws access.WorkspaceID, found []member.Member) error {
	at := make(map[access.PrincipalID]int, len(found))
	ids := make([]access.PrincipalID, len(found))
	for i, m := range found {
		at[m.Principal], ids[i] = i, m.Principal
	}
	return each(ctx, s.db, "reading the roles of members", func(row scanner) error {
		var id access.PrincipalID
		var h member.Held
		var granted int64
		if err := row.Scan(&id, &h.ID, &h.Code, &h.Name, &granted, &h.By); err != nil {
			return err
		}
		h.At, h.Kind = moment(granted), access.Custom
		if h.Code == "" {
			if err := s.nameBuiltin(&h); err != nil {
				return err
			}
		}
		found[at[id]].Roles = append(found[at[id]].Roles, h)
		return nil
	}, `SELECT g.principal_id, g.role_id, coalesce(c.code, ''), coalesce(c.name, ''), g.granted_at, coalesce(b.name, '')
		FROM role_grant g LEFT JOIN role c ON c.id = g.role_id LEFT JOIN principal b ON b.id = g.granted_by
		WHERE g.workspace_id = ? AND g.principal_id IN (SELECT value FROM json_each(?)) ORDER BY g.principal_id, g.role_id`, ws, set(ids))
}

func (s Members) nameBuiltin(h *member.Held) error {
	i := slices.IndexFunc(s.builtins, func(r access.Role) bool { return r.ID == h.ID })
	if i < 0 {
		return fmt.Errorf("there is no role %d", h.ID)
	}
	h.Code, h.Name, h.Kind = s.builtins[i].Code, s.builtins[i].Name, access.Builtin
	return nil
}

// Get finds a member; fault.NotFound (what: member) with near names otherwise.
func (s Members) Get(ctx context.Context, ws access.WorkspaceID, name string) (m member.Member, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		found, err := all(ctx, s.db, "reading a member", scanMember,
			"SELECT "+memberColumns+" FROM "+memberFrom+" WHERE m.workspace_id = ? AND m.name_key = ?", ws, text.Fold(name))
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return s.missing(ctx, ws, name)
		}
		err = s.addRoles(ctx, ws, found)
		m = found[0]
		return err
	})
	return m, err
}

func (s Members) missing(ctx context.Context, ws access.WorkspaceID, name string) error {
	names, err := all(ctx, s.db, "reading the members", value[string],
		"SELECT p.name FROM member m JOIN principal p ON p.id = m.principal_id WHERE m.workspace_id = ?", ws)
	if err != nil {
		return err
	}
	return &fault.NotFound{What: "member", Name: name, Nearest: text.Nearest(name, names, nearNames)}
}

// Principals finds principals of the tenant by name, in order; fault.NotFound (what: user) for the first unknown one.
func (s Members) Principals(ctx context.Context, names []string) ([]access.Principal, error) {
	return s.db.principals(ctx, names)
}

// Joined says which of the principals are members already.
func (s Members) Joined(ctx context.Context, ws access.WorkspaceID, ids []access.PrincipalID) (map[access.PrincipalID]bool, error) {
	found, err := all(ctx, s.db, "reading the members", value[access.PrincipalID],
		"SELECT principal_id FROM member WHERE workspace_id = ? AND principal_id IN (SELECT value FROM json_each(?))", ws, set(ids))
	joined := make(map[access.PrincipalID]bool, len(found))
	for _, id := range found {
		joined[id] = true
	}
	return joined, err
}

// Roles are the built-in roles and the custom ones of the workspace.
func (s Members) Roles(ctx context.Context, ws access.WorkspaceID) ([]access.Role, error) {
	customs, err := s.db.customRoles(ctx, ws)
	roles := slices.Clone(s.builtins)
	for _, r := range customs {
		roles = append(roles, r.Role)
	}
	return roles, err
}

// AdministratorsBeside counts the holders of a role that administers, without the owner and without the given principals.
func (s Members) AdministratorsBeside(ctx context.Context, ws access.WorkspaceID, without []access.PrincipalID) (int, error) {
	n, _, err := one(ctx, s.db, "counting administrators", value[int],
		`SELECT count(DISTINCT g.principal_id) FROM workspace w JOIN role_grant g ON g.workspace_id = w.id
		WHERE w.id = ? AND g.role_id IN (SELECT value FROM json_each(?)) AND g.principal_id <> w.owner_id
			AND g.principal_id NOT IN (SELECT value FROM json_each(?))`, ws, set(s.administering()), set(without))
	return n, err
}

// Add makes a principal a member without roles, in version 1.
func (s Members) Add(ctx context.Context, ws access.WorkspaceID, p access.PrincipalID, by access.PrincipalID, at time.Time) error {
	return s.db.addMember(ctx, ws, p, by, at)
}

func (db *DB) addMember(ctx context.Context, ws access.WorkspaceID, p access.PrincipalID, by access.PrincipalID, at time.Time) error {
	n, err := db.exec(ctx, "adding a member",
		`INSERT INTO member (workspace_id, principal_id, name_key, added_at, added_by)
		SELECT ?, id, name_key, ?, ? FROM principal WHERE id = ?`, ws, unix(at), by, p)
	if err == nil && n == 0 {
		err = errMissing("user", p)
	}
	return err
}

func (db *DB) grant(ctx context.Context, ws access.WorkspaceID, p access.PrincipalID, r access.RoleID, by access.PrincipalID, at time.Time) error {
	_, err := db.exec(ctx, "granting a role",
		"INSERT INTO role_grant (workspace_id, principal_id, role_id, granted_at, granted_by) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		ws, p, r, unix(at), by)
	return err
}

// SetRoles makes the member hold exactly these roles, keeping the grants that stay as they are, and raises the version if
// it still is version; otherwise ok is false.
func (s Members) SetRoles(ctx context.Context, ws access.WorkspaceID, p access.PrincipalID, roles []access.RoleID, by access.PrincipalID, at time.Time, version int64) (ok bool, err error) {
	n, err := s.db.exec(ctx, "changing a member",
		"UPDATE member SET version = version + 1 WHERE workspace_id = ? AND principal_id = ? AND version = ?", ws, p, version)
	if err != nil || n == 0 {
		return false, err
	}
	if _, err := s.db.exec(ctx, "taking roles away",
		`DELETE FROM role_grant WHERE workspace_id = ? AND principal_id = ? AND role_id NOT IN (SELECT value FROM json_each(?))`,
		ws, p, set(roles)); err != nil {
		return false, err
	}
	for _, r := range roles {
		if err := s.db.grant(ctx, ws, p, r, by, at); err != nil {
			return false, err
		}
	}
	return true, nil
}

// Remove takes a member out of the workspace, with all roles held in it.
func (s Members) Remove(ctx context.Context, ws access.WorkspaceID, p access.PrincipalID) error {
	_, err := s.db.exec(ctx, "removing a member", "DELETE FROM member WHERE workspace_id = ? AND principal_id = ?", ws, p)
	return err
}

func candidates() listing[access.Principal] {
	u := users()
	return listing[access.Principal]{
		doing: "listing users", columns: principalColumns, from: u.from, id: u.id, natural: u.natural,
		sorts: u.sorts, matchers: u.matchers, scan: scanPrincipal,
	}
}

// Candidates lists principals of the tenant that are not members yet.
func (s Members) Candidates(ctx context.Context, ws access.WorkspaceID, q list.Query) (list.Page[access.Principal], error) {
	base := where{}
	base.add("NOT EXISTS (SELECT 1 FROM member m WHERE m.workspace_id = ? AND m.principal_id = p.id)", ws)
	return candidates().page(ctx, s.db, base, q)
}
