package storage

import (
	"context"
	"fmt"
	"slices"

	"reeve/core/access"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/text"
)

// Members keeps the members of workspaces and the roles they hold.
type Members struct{ states }

var _ member.Store = Members{}

// NewMembers makes the store.
func NewMembers(db *DB, builtins Builtins) Members {
	return Members{states{Places{db}, builtins}}
}

const (
	memberColumns = "m.principal_id, coalesce(p.name, ''), coalesce(p.display_name, ''), coalesce(p.kind, ''), coalesce(p.status, ''), m.added_at, " +
		everOf + "m.added_by" + orNobody + ", m.active_at, m.version"
)

// memberJoins are the principals of members. As for workspaces, an outer join keeps the members first, in the order of an index.
func memberJoins() []join {
	return []join{{"p", "principal p ON p.id = m.principal_id"}}
}

func memberFrom() string {
	return listing[member.Member]{from: "member m", joins: memberJoins()}.source(nil)
}

func scanMember(row scanner) (m member.Member, err error) {
	var added, active int64
	err = row.Scan(&m.Principal, &m.Name, &m.DisplayName, &m.Kind, &m.Status, &added, &m.AddedBy, &active, &m.Version)
	m.Roles = []member.Held{} // a list in JSON also when there are none
	m.AddedAt, m.Active = moment(added), momentOf(active)
	return m, err
}

func (s Members) listing(ws access.WorkspaceID) listing[member.Member] {
	return listing[member.Member]{
		doing: "listing members", columns: memberColumns, from: "member m", joins: memberJoins(), id: "m.principal_id",
		natural: list.Sort{Field: "name"},
		sorts: map[string]string{
			"name": "m.name_key", "display_name": "coalesce(p.display_key, '')", "type": inOrder("kind", kinds()),
			"status": inOrder("status", statuses()), "added": "m.added_at", "active": "m.active_at",
			// By the first role held, in the order in which roles are listed.
			"role": "coalesce((SELECT min(g.role_id) " + s.heldRoles() + "), 0)",
		},
		// Names are walked: they are in the index that the list goes by. What the principals say is looked up once.
		matchers: map[string]matcher{
			"":             within("m.name_key"),
			"name":         within("m.name_key"),
			"display_name": once(searches("p.id", "principal_text", "{display_name}", "p.display_key")),
			"type":         of("SELECT id FROM principal WHERE kind", kinds()),
			"status":       of("SELECT id FROM principal WHERE status", statuses()),
			"role":         s.holding(ws),
			"added":        day("m.added_at"),
			"active":       day("m.active_at"),
			"unused":       s.db.unused,
		},
		scan: scanMember,
	}
}

// heldRoles are the roles that the member m holds by grants in force.
func (s Members) heldRoles() string {
	return fmt.Sprintf(`FROM role_grant g LEFT JOIN role c ON c.id = g.role_id
		WHERE g.workspace_id = m.workspace_id AND g.principal_id = m.principal_id AND (g.until = 0 OR g.until > %d)`, s.db.now())
}

// holding matches members of a workspace by a word in the name or the code of a role they hold.
func (s Members) holding(ws access.WorkspaceID) matcher {
	return func(word string, _ bool) (string, []any) {
		ids := called(s.builtins.Roles, word, func(r access.Role) (access.RoleID, string, string) { return r.ID, r.Name, r.Code })
		pattern := containing(word)
		return fmt.Sprintf(`m.principal_id IN (SELECT g.principal_id FROM role_grant g WHERE g.workspace_id = ? AND (g.until = 0 OR g.until > %d)
			AND g.role_id IN (SELECT value FROM json_each(?) UNION ALL
				SELECT id FROM role WHERE name_key LIKE ? ESCAPE '\' OR code LIKE ? ESCAPE '\'))`, s.db.now()), []any{ws, set(ids), pattern, pattern}
	}
}

// once matches members by what a matcher says of principals, which is found out before the list is walked.
func once(of matcher) matcher {
	return func(word string, plain bool) (string, []any) {
		condition, args := of(word, plain)
		return "m.principal_id IN (SELECT id FROM (SELECT p.id FROM principal p WHERE " + condition + " LIMIT -1))", args
	}
}

// of matches members by a part of a value that a column of their principals has, whom people selects by it.
func of(people string, among oftenest) matcher {
	return func(word string, _ bool) (string, []any) {
		values, but := among.matching(word)
		condition := "(m.principal_id IN (" + people + " IN (SELECT value FROM json_each(?))))"
		if but {
			condition = butThose + condition
		}
		return condition, []any{set(values)}
	}
}

// inOrder is the value that a column of the principals of members has, to sort by: found by who has one of the values that few have,
// and not by looking every member up.
func inOrder(column string, among oftenest) string {
	expression := "CASE"
	for _, value := range among.others {
		expression += " WHEN m.principal_id IN (SELECT id FROM principal WHERE " + column + " = '" + value + "') THEN '" + value + "'"
	}
	return expression + " ELSE '" + among.first + "' END"
}

// List lists the members of a workspace.
func (s Members) List(ctx context.Context, ws access.WorkspaceID, q list.Query) (page list.Page[member.Member], err error) {
	base := where{}
	base.add("m.workspace_id = ?", ws)
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if page, err = s.listing(ws).page(ctx, s.db, base, q); err != nil {
			return err
		}
		return s.addRoles(ctx, ws, page.Items)
	})
	return page, err
}

// addRoles reads the roles that members hold by grants in force, with one query for all of them.
func (s Members) addRoles(ctx context.Context, ws access.WorkspaceID, found []member.Member) error {
	at := make(map[access.PrincipalID]int, len(found))
	ids := make([]access.PrincipalID, len(found))
	for i, m := range found {
		at[m.Principal], ids[i] = i, m.Principal
	}
	return each(ctx, s.db, "reading the roles of members", func(row scanner) error {
		var id access.PrincipalID
		var h member.Held
		var granted, until int64
		if err := row.Scan(&id, &h.ID, &h.Code, &h.Name, &granted, &h.By, &until); err != nil {
			return err
		}
		h.At, h.Until, h.Kind = moment(granted), momentOf(until), access.Custom
		if h.Code == "" {
			r, err := s.builtin(h.ID)
			if err != nil {
				return err
			}
			h.Code, h.Name, h.Kind = r.Code, r.Name, access.Builtin
		}
		found[at[id]].Roles = append(found[at[id]].Roles, h)
		return nil
	}, `SELECT g.principal_id, g.role_id, coalesce(c.code, ''), coalesce(c.name, ''), g.granted_at, `+everOf+"g.granted_by"+orNobody+`, g.until
		FROM role_grant g LEFT JOIN role c ON c.id = g.role_id
		WHERE g.workspace_id = ? AND g.principal_id IN (SELECT value FROM json_each(?)) AND (g.until = 0 OR g.until > ?)
		ORDER BY g.principal_id, g.role_id`, ws, set(ids), s.db.now())
}

func (s Members) builtin(id access.RoleID) (access.Role, error) {
	i := slices.IndexFunc(s.builtins.Roles, func(r access.Role) bool { return r.ID == id })
	if i < 0 {
		return access.Role{}, errMissing("role", id)
	}
	return s.builtins.Roles[i], nil
}

// Get finds a member; fault.NotFound (what: member) with near names otherwise.
func (s Members) Get(ctx context.Context, ws access.WorkspaceID, name string) (m member.Member, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		found, err := all(ctx, s.db, "reading a member", scanMember,
			"SELECT "+memberColumns+" FROM "+memberFrom()+" WHERE m.workspace_id = ? AND m.name_key = ?", ws, text.Fold(name))
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

// Known are those of the names that principals of the tenant have, in any order.
func (s Members) Known(ctx context.Context, names []string) ([]access.Principal, error) {
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = text.Fold(name)
	}
	return all(ctx, s.db, "finding users", scanPrincipal,
		"SELECT "+principalColumns+" FROM principal p WHERE p.name_key IN (SELECT value FROM json_each(?))", set(keys))
}

// Names are the names of all principals of the tenant.
func (s Members) Names(ctx context.Context) ([]string, error) {
	return all(ctx, s.db, "reading the users", value[string], "SELECT name FROM principal")
}

// Among are those of the given principals who are members, with everyone set all members, in any order.
func (s Members) Among(ctx context.Context, ws access.WorkspaceID, ids []access.PrincipalID, everyone bool) (found []member.Member, err error) {
	among := where{}
	among.add("m.workspace_id = ?", ws)
	if !everyone {
		among.add("m.principal_id IN (SELECT value FROM json_each(?))", set(ids))
	}
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if found, err = all(ctx, s.db, "reading members", scanMember, "SELECT "+memberColumns+" FROM "+memberFrom()+among.sql(), among.args...); err != nil {
			return err
		}
		return s.addRoles(ctx, ws, found)
	})
	return found, err
}

func candidates() listing[member.Candidate] {
	u := users()
	return listing[member.Candidate]{
		doing: "listing users", from: u.from, id: u.id, natural: u.natural, sorts: u.sorts, matchers: u.matchers,
		columns: "p.id, p.name, p.display_name, p.kind, p.status, p.email, coalesce((SELECT f.name FROM directory_source f WHERE f.id = p.source_id), '')",
		scan: func(row scanner) (c member.Candidate, err error) {
			err = row.Scan(&c.ID, &c.Name, &c.DisplayName, &c.Kind, &c.Status, &c.Email, &c.Source)
			return c, err
		},
	}
}

// Candidates lists principals of the tenant that are not members yet.
func (s Members) Candidates(ctx context.Context, ws access.WorkspaceID, q list.Query) (list.Page[member.Candidate], error) {
	base := where{}
	base.add("NOT EXISTS (SELECT 1 FROM member m WHERE m.workspace_id = ? AND m.principal_id = p.id)", ws)
	l := candidates()
	l.total = func(ctx context.Context) (int, error) {
		n, _, err := one(ctx, s.db, l.doing, value[int],
			"SELECT (SELECT count(*) FROM principal) - (SELECT count(*) FROM member WHERE workspace_id = ?)", ws)
		return n, err
	}
	return l.page(ctx, s.db, base, q)
}
