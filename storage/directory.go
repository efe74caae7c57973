package storage

import (
	"context"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/directory"
	"reeve/core/list"
	"reeve/core/text"
)

// Directory keeps the principals of the tenant.
type Directory struct{ db *DB }

var (
	_ directory.Store         = Directory{}
	_ directory.PasswordStore = Directory{}
)

// NewDirectory makes the store.
func NewDirectory(db *DB) Directory { return Directory{db} }

const userColumns = `p.id, p.name, p.display_name, p.kind, coalesce(p.os_user, ''), p.created_at, p.version, p.status,
	CASE p.status WHEN 'vanished' THEN p.vanished_at ELSE p.disabled_at END, p.disabled_upstream, p.email, p.phone, p.external_id,
	coalesce((SELECT f.name FROM directory_source f WHERE f.id = p.source_id), '')`

func scanUser(row scanner) (u directory.User, err error) {
	var created, since int64
	err = row.Scan(&u.ID, &u.Name, &u.DisplayName, &u.Kind, &u.OSUser, &created, &u.Version, &u.Status, &since, &u.Upstream, &u.Email,
		&u.Phone, &u.ExternalID, &u.Source)
	u.CreatedAt, u.Groups = moment(created), []string{} // a list in JSON also when there are none
	u.Since = momentOf(since)
	return u, err
}

// ofSource matches the directory source a principal came from by name; local matches who was made here. The plus keeps SQLite from
// sorting all of a source: they are walked by name.
func ofSource(word string, _ bool) (condition string, args []any) {
	return `+p.source_id IN (SELECT 0 WHERE ? UNION ALL SELECT f.id FROM directory_source f WHERE f.name_key LIKE ? ESCAPE '\')`,
		[]any{strings.HasPrefix("local", word), containing(word)}
}

func users() listing[directory.User] {
	return listing[directory.User]{
		doing: "listing users", columns: userColumns, from: "principal p", id: "p.id",
		natural: list.Sort{Field: "name"},
		sorts: map[string]string{
			"name": "p.name_key", "display_name": "p.display_key", "type": "p.kind", "created": "p.created_at",
			"status": "p.status", "email": "p.email_key",
		},
		matchers: map[string]matcher{
			"":             searches("p.id", "principal_text", "{name display_name email}", "p.name_key", "p.display_key", "p.email_key"),
			"name":         searches("p.id", "principal_text", "{name}", "p.name_key"),
			"display_name": searches("p.id", "principal_text", "{display_name}", "p.display_key"),
			"type":         kinds().matcher("p.kind"),
			"created":      day("p.created_at"),
			"email":        searches("p.id", "principal_text", "{email}", "p.email_key"),
			"status":       statuses().matcher("p.status"),
			"source":       ofSource,
		},
		scan: scanUser,
	}
}

// List lists the principals of the tenant, each with its groups and the number of live workspaces it is a member of.
func (s Directory) List(ctx context.Context, q list.Query) (page list.Page[directory.User], err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if page, err = users().page(ctx, s.db, where{}, q); err != nil {
			return err
		}
		return s.complete(ctx, page.Items)
	})
	return page, err
}

// complete adds what is not in the rows of users, with one query each for all of them.
func (s Directory) complete(ctx context.Context, users []directory.User) error {
	at := make(map[access.PrincipalID]int, len(users))
	ids := make([]access.PrincipalID, len(users))
	for i, u := range users {
		at[u.ID], ids[i] = i, u.ID
	}
	if err := each(ctx, s.db, "reading the groups of users", func(row scanner) error {
		var id access.PrincipalID
		var name string
		err := row.Scan(&id, &name)
		if err == nil {
			users[at[id]].Groups = append(users[at[id]].Groups, name)
		}
		return err
	}, `SELECT m.principal_id, p.name FROM group_member m JOIN principal p ON p.id = m.group_id
		WHERE m.principal_id IN (SELECT value FROM json_each(?)) ORDER BY p.name_key`, set(ids)); err != nil {
		return err
	}
	if err := each(ctx, s.db, "reading who has full access", func(row scanner) error {
		var id access.PrincipalID
		err := row.Scan(&id)
		if err == nil {
			users[at[id]].FullAccess = true
		}
		return err
	}, `SELECT p.value FROM json_each(?1) p WHERE EXISTS (SELECT 1 FROM policy_attachment a WHERE a.policy_id = ?2 AND (a.until = 0 OR a.until > ?3)
		AND (a.principal_id = p.value OR a.principal_id IN (SELECT group_id FROM group_member WHERE principal_id = p.value)))`,
		set(ids), fullAccessPolicy, s.db.now()); err != nil {
		return err
	}
	if err := each(ctx, s.db, "counting the keys of users", func(row scanner) error {
		var id access.PrincipalID
		var n int
		err := row.Scan(&id, &n)
		if err == nil {
			users[at[id]].Keys = n
		}
		return err
	}, "SELECT principal_id, count(*) FROM principal_key WHERE principal_id IN (SELECT value FROM json_each(?)) GROUP BY principal_id", set(ids)); err != nil {
		return err
	}
	return each(ctx, s.db, "counting the workspaces of users", func(row scanner) error {
		var id access.PrincipalID
		var n int
		err := row.Scan(&id, &n)
		if err == nil {
			users[at[id]].Workspaces = n
		}
		return err
	}, `WITH joined (principal, workspace) AS (
			SELECT m.principal_id, m.workspace_id FROM member m WHERE m.principal_id IN (SELECT value FROM json_each(?1)) UNION
			SELECT g.principal_id, m.workspace_id FROM group_member g JOIN member m ON m.principal_id = g.group_id
			WHERE g.principal_id IN (SELECT value FROM json_each(?1)))
		SELECT j.principal, count(*) FROM joined j JOIN workspace w ON w.id = j.workspace AND w.deleted_at = 0 GROUP BY j.principal`, set(ids))
}

// Named finds a principal by name; fault.NotFound with near names otherwise.
func (s Directory) Named(ctx context.Context, name string) (access.Principal, error) {
	return s.db.named(ctx, name)
}

// Known finds a principal by name; ok is false if there is none. Unlike Named it reads nothing else of who is there: a stranger may
// ask it, and learns nothing from how long it takes.
func (s Directory) Known(ctx context.Context, name string) (p access.Principal, ok bool, err error) {
	return one(ctx, s.db, "finding a user", scanPrincipal, "SELECT "+principalColumns+" FROM principal p WHERE p.name_key = ?", text.Fold(name))
}

// Origin finds a principal by name, and what the source it comes from knows it by; ok is false if there is none of that name.
func (s Directory) Origin(ctx context.Context, name string) (p access.Principal, source int64, external string, ok bool, err error) {
	if p, ok, err = s.Known(ctx, name); err != nil || !ok {
		return p, 0, "", false, err
	}
	_, ok, err = one(ctx, s.db, "finding where a user comes from", func(row scanner) (struct{}, error) {
		return struct{}{}, row.Scan(&source, &external)
	}, "SELECT source_id, external_id FROM principal WHERE id = ?", p.ID)
	return p, source, external, ok, err
}

// Mapped finds the principal that an operating-system user is mapped to; ok is false if there is none.
func (s Directory) Mapped(ctx context.Context, osUser string) (p access.Principal, ok bool, err error) {
	return s.db.mapped(ctx, osUser)
}

// Insert makes the record and returns it with its id.
func (s Directory) Insert(ctx context.Context, u directory.User) (directory.User, error) {
	id, err := s.db.insertPrincipal(ctx, u)
	if err != nil {
		return directory.User{}, err
	}
	return s.get(ctx, id)
}

// AttachFullAccess attaches AliyunDataWorksFullAccess without an end and returns who it was attached to.
func (s Directory) AttachFullAccess(ctx context.Context, p, by access.PrincipalID, at time.Time) (directory.User, error) {
	if err := s.db.attach(ctx, fullAccessPolicy, p, by, at, time.Time{}); err != nil {
		return directory.User{}, err
	}
	return s.get(ctx, p)
}

// Map sets the operating-system user of a principal, empty for none.
func (s Directory) Map(ctx context.Context, id access.PrincipalID, osUser string) (directory.User, error) {
	_, err := s.db.exec(ctx, "mapping an operating-system user",
		"UPDATE principal SET os_user = nullif(?, ''), version = version + 1 WHERE id = ?", osUser, id)
	if err != nil {
		return directory.User{}, err
	}
	return s.get(ctx, id)
}

func (s Directory) get(ctx context.Context, id access.PrincipalID) (directory.User, error) {
	u, ok, err := one(ctx, s.db, "reading a user", scanUser, "SELECT "+userColumns+" FROM principal p WHERE p.id = ?", id)
	if err == nil && !ok {
		err = errMissing("user", id)
	}
	if err != nil {
		return u, err
	}
	one := []directory.User{u}
	err = s.complete(ctx, one)
	return one[0], err
}
