package storage

import (
	"context"

	"reeve/core/access"
	"reeve/core/list"
	"reeve/core/question"
)

// Questions is what questions of access need.
type Questions struct{ states }

var _ question.Store = Questions{}

// NewQuestions makes the store.
func NewQuestions(db *DB, builtins Builtins) Questions {
	return Questions{states{Places{db}, builtins}}
}

// Named finds a principal by name; fault.NotFound with near names otherwise.
func (s Questions) Named(ctx context.Context, name string) (access.Principal, error) {
	return s.db.named(ctx, name)
}

func asked() listing[access.Principal] {
	return listing[access.Principal]{
		doing: "listing members", columns: "m.principal_id, coalesce(p.name, ''), coalesce(p.kind, ''), 0, 0",
		from: "member m LEFT JOIN principal p ON p.id = m.principal_id", id: "m.principal_id",
		natural: list.Sort{Field: "name"}, sorts: map[string]string{"name": "m.name_key"},
		matchers: map[string]matcher{"": contains("m.name_key"), "name": contains("m.name_key")},
		scan:     scanPrincipal,
	}
}

// Members lists the members of a workspace; filter and sort know the field name.
func (s Questions) Members(ctx context.Context, ws access.WorkspaceID, q list.Query) (list.Page[access.Principal], error) {
	return asked().page(ctx, s.db, where{}.with("m.workspace_id = ?", ws), q)
}
