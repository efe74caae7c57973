package storage

import (
	"context"
	"strconv"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/request"
	"reeve/core/text"
)

// AccessRequests keeps what people ask to be granted. The answers to changes that are made once, which the gate keeps, are in
// request.go.
type AccessRequests struct{ Places }

var _ request.Store = AccessRequests{}

// NewAccessRequests makes the store.
func NewAccessRequests(db *DB) AccessRequests { return AccessRequests{Places{db}} }

func noRequest(id request.ID) error {
	return &fault.NotFound{What: "request", Name: strconv.FormatInt(int64(id), 10)}
}

// Where says where a request is about and what it is called; fault.NotFound (what: request) if there is none.
func (s AccessRequests) Where(ctx context.Context, id request.ID) (control.Target, error) {
	t, ok, err := one(ctx, s.db, "finding a request", func(row scanner) (t control.Target, err error) {
		var user string
		err = row.Scan(&t.Region, &t.Workspace, &t.WorkspaceName, &user)
		t.Kind, t.Name = "request", request.Name(id, user)
		return t, err
	}, "SELECT q.region, q.workspace_id, q.workspace, q.requester FROM access_request q WHERE q.id = ?", id)
	if err == nil && !ok {
		err = noRequest(id)
	}
	return t, err
}

const requestColumns = `q.id, q.requester_id, q.requester, q.kind, q.region, q.workspace_id, q.workspace, q.role, q.role_name, q.builtin, q.why, q.until,
	q.lasts, q.state, q.asked_at, q.expires_at, q.decided_at, q.decided_by, q.note, q.given, q.given_name, q.given_builtin, q.given_until, q.version`

func scanRequest(row scanner) (r request.Request, err error) {
	var until, asked, expires, decided, ends int64
	var given request.Given
	err = row.Scan(&r.ID, &r.Requester, &r.User, &r.Kind, &r.Region, &r.WorkspaceID, &r.Workspace, &r.Role.Code, &r.Role.Name, &r.Role.Builtin, &r.Why, &until,
		&r.Lasts, &r.State, &asked, &expires, &decided, &r.DecidedBy, &r.Note, &given.Code, &given.Name, &given.Builtin, &ends, &r.Version)
	r.Until, r.AskedAt, r.ExpiresAt, r.DecidedAt = momentOf(until), moment(asked), moment(expires), momentOf(decided)
	if given.Code != "" {
		given.Until = momentOf(ends)
		r.Given = &given
	}
	return r, err
}

// Get reads a request; fault.NotFound as in Where.
func (s AccessRequests) Get(ctx context.Context, id request.ID) (request.Request, error) {
	r, ok, err := one(ctx, s.db, "reading a request", scanRequest, "SELECT "+requestColumns+" FROM access_request q WHERE q.id = ?", id)
	if err == nil && !ok {
		err = noRequest(id)
	}
	return r, err
}

// Insert makes a request and returns it with its id, in version 1.
func (s AccessRequests) Insert(ctx context.Context, r request.Request) (request.Request, error) {
	id, err := s.db.insertRow(ctx, "asking for access", `INSERT INTO access_request (requester_id, requester, requester_key, kind, region, workspace_id,
		workspace, workspace_key, role, role_name, role_key, builtin, why, until, lasts, state, asked_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.Requester, r.User, text.Fold(r.User), string(r.Kind), r.Region, r.WorkspaceID, r.Workspace, text.Fold(r.Workspace), r.Role.Code, r.Role.Name,
		text.Fold(r.Role.Code+" "+r.Role.Name), r.Role.Builtin, r.Why, unixOf(r.Until), r.Lasts, string(r.State), unix(r.AskedAt), unix(r.ExpiresAt))
	if err != nil {
		return request.Request{}, err
	}
	return s.Get(ctx, request.ID(id))
}

// Decide writes the state, who decided what when, and what was given, if the request is still pending in that version, and raises
// it; otherwise ok is false.
func (s AccessRequests) Decide(ctx context.Context, r request.Request, version int64) (ok bool, err error) {
	var given request.Given
	if r.Given != nil {
		given = *r.Given
	}
	n, err := s.db.exec(ctx, "deciding a request", `UPDATE access_request SET state = ?, decided_at = ?, decided_by = ?, note = ?, given = ?, given_name = ?,
		given_builtin = ?, given_until = ?, version = version + 1 WHERE id = ? AND version = ? AND state = 'pending'`,
		string(r.State), unixOf(r.DecidedAt), r.DecidedBy, r.Note, given.Code, given.Name, given.Builtin, unixOf(given.Until), r.ID, version)
	return n == 1, err
}

// Same finds the request of the same person for the same grant that waits at now.
func (s AccessRequests) Same(ctx context.Context, r request.Request, now time.Time) (request.ID, bool, error) {
	return one(ctx, s.db, "looking for the same request", value[request.ID], `SELECT id FROM access_request
		WHERE requester_id = ? AND kind = ? AND region = ? AND workspace_id = ? AND role = ? AND state = 'pending' AND expires_at > ?`,
		r.Requester, string(r.Kind), r.Region, r.WorkspaceID, r.Role.Code, unix(now))
}

// accessRequests lists requests.
func accessRequests() listing[request.Request] {
	return listing[request.Request]{
		doing: "listing requests", columns: requestColumns, from: "access_request q", id: "q.id",
		natural: list.Sort{Field: "id", Desc: true},
		sorts: map[string]string{
			"id": "q.id", "user": "q.requester_key", "role": "q.role_key", "where": "q.region || '/' || q.workspace_key", "kind": "q.kind",
			"state": "q.state", "asked": "q.asked_at",
		},
		matchers: map[string]matcher{
			"":     contains("q.requester_key", "q.role_key", "q.workspace_key", "q.region"),
			"user": contains("q.requester_key"), "role": contains("q.role_key"), "where": contains("q.region", "q.workspace_key"),
			"kind": contains("q.kind"),
			// What is pending is shown as waiting, and is found by both words.
			"state": contains("CASE q.state WHEN 'pending' THEN 'pending waiting' ELSE q.state END"), "asked": day("q.asked_at"),
			"id": func(word string, _ bool) (string, []any) { return "CAST(q.id AS TEXT) = ?", []any{word} },
		},
		scan: scanRequest,
	}
}

// List lists requests, the newest first unless asked otherwise.
func (s AccessRequests) List(ctx context.Context, among request.Among, q list.Query) (list.Page[request.Request], error) {
	base := where{}
	if !among.Everywhere {
		var workspaces []access.WorkspaceID
		var regions []string
		policies := false
		for _, p := range among.At {
			switch p.Kind {
			case request.WorkspaceRole:
				workspaces = append(workspaces, p.Target.Workspace)
			case request.TenantRole:
				regions = append(regions, p.Target.Region)
			case request.Policy:
				policies = true
			}
		}
		base.add(`(q.requester_id = ? OR q.workspace_id <> 0 AND q.workspace_id IN (SELECT value FROM json_each(?))
			OR q.kind = 'tenant-role' AND q.region IN (SELECT value FROM json_each(?)) OR q.kind = 'policy' AND ?)`,
			among.Requester, set(workspaces), set(regions), policies)
	}
	if among.NoPolicies {
		base.add("q.kind <> 'policy'")
	}
	if among.Not != 0 {
		base.add("q.requester_id <> ?", among.Not)
	}
	if !among.Waiting.IsZero() {
		base.add("q.state = 'pending' AND q.expires_at > ?", unix(among.Waiting))
	}
	return accessRequests().page(ctx, s.db, base, q)
}

// PlacesAsked are the places that requests are about, each once: those at tenant roles and policies, and the workspaces that who has
// joined. With waiting set only those that wait.
func (s AccessRequests) PlacesAsked(ctx context.Context, who access.PrincipalID, waiting bool) ([]request.Place, error) {
	among := where{}.with("(q.workspace_id = 0 OR EXISTS (SELECT 1 FROM workspace w WHERE w.id = q.workspace_id AND "+joined+"))", who, who)
	if waiting {
		among.add("q.state = 'pending'")
	}
	return all(ctx, s.db, "reading the places of requests", func(row scanner) (p request.Place, err error) {
		err = row.Scan(&p.Kind, &p.Target.Region, &p.Target.Workspace, &p.Target.WorkspaceName)
		return p, err
	}, "SELECT q.kind, q.region, q.workspace_id, max(q.workspace) FROM access_request q"+among.sql()+
		" GROUP BY q.kind, q.region, q.workspace_id ORDER BY q.kind, q.region, q.workspace_id", among.args...)
}

// Next is the pending request that expires first; ok is false if none is pending.
func (s AccessRequests) Next(ctx context.Context) (request.Request, bool, error) {
	return one(ctx, s.db, "finding what expires", scanRequest, "SELECT "+requestColumns+
		" FROM access_request q WHERE q.state = 'pending' ORDER BY q.expires_at, q.id LIMIT 1")
}

// Requester finds who asked as they are now; ok is false if they are gone.
func (s AccessRequests) Requester(ctx context.Context, id access.PrincipalID) (access.Principal, bool, error) {
	return one(ctx, s.db, "finding who asked", scanPrincipal, "SELECT "+principalColumns+" FROM principal p WHERE p.id = ?", id)
}

// There tells whether a workspace is there and not in the bin.
func (s AccessRequests) There(ctx context.Context, ws access.WorkspaceID) (bool, error) {
	_, there, err := one(ctx, s.db, "finding a workspace", value[int], "SELECT 1 FROM workspace WHERE id = ? AND deleted_at = 0", ws)
	return there, err
}
