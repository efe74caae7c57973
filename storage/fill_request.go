package storage

import (
	"context"
	"math/rand/v2"
	"time"

	"reeve/core/access"
	"reeve/core/request"
)

// sampleRequest is a request of the sample.
type sampleRequest struct {
	kind     request.Kind
	role     request.Role
	why      string
	lasts    time.Duration
	until    int // days until the end asked for; 0 for none
	ago      int // hours since it was made
	state    request.State
	note     string
	givenFor time.Duration
}

func sampleRequests() []sampleRequest {
	const day = 24 * time.Hour
	builtin := func(code, name string) request.Role { return request.Role{Code: code, Name: name, Builtin: true} }
	policy := func(name string) request.Role { return request.Role{Code: name, Name: name} }
	return []sampleRequest{
		{kind: request.WorkspaceRole, role: builtin("role_project_dev", "Develop"), why: "I take over the nightly load", ago: 3, state: request.Pending},
		{kind: request.WorkspaceRole, role: builtin("role_project_pe", "O&M"), why: "on call this week", lasts: 7 * day, ago: 20, state: request.Pending},
		{kind: request.WorkspaceRole, role: builtin("role_project_guest", "Visitor"), why: "to read the reports of the quarter", until: 45, ago: 30, state: request.Pending},
		{kind: request.TenantRole, role: builtin("tenant_security_admin", "Security Administrator"), why: "the audit begins next week", until: 21, ago: 50, state: request.Pending},
		{kind: request.Policy, role: policy("AliyunDataWorksFullAccess"), why: "I set up the workspaces of the new team", lasts: 30 * day, ago: 70, state: request.Pending},
		{kind: request.WorkspaceRole, role: builtin("role_project_deploy", "Deploy"), why: "a hot fix for the price feed", lasts: 8 * time.Hour, ago: 200, state: request.Granted,
			note: "back to Develop afterwards", givenFor: 8 * time.Hour},
		{kind: request.WorkspaceRole, role: builtin("role_project_admin", "Workspace Administrator"), why: "to add a colleague", ago: 400, state: request.Refused,
			note: "ask me, I add them"},
		{kind: request.Policy, role: policy("AliyunDataWorksFullAccess"), why: "curious what is there", ago: 800, state: request.Withdrawn},
		{kind: request.WorkspaceRole, role: builtin("role_project_data_analyst", "Data Analyst"), why: "a chart for the board", ago: 24 * 40, state: request.Expired},
	}
}

// addRequests makes a few requests for access, in the first workspaces of the region, from a stream of its own.
func (w *filler) addRequests(ctx context.Context) error {
	random := rand.New(rand.NewPCG(w.Seed, 15)) // #nosec G404 -- a sample is to be repeatable, not secret
	type spot struct {
		id   access.WorkspaceID
		name string
	}
	spots, err := all(ctx, w.tables.db, "reading the workspaces", func(row scanner) (s spot, err error) {
		err = row.Scan(&s.id, &s.name)
		return s, err
	}, "SELECT id, name FROM workspace WHERE region = ? AND deleted_at = 0 AND status = 'normal' ORDER BY id LIMIT 3", w.Region)
	if err != nil || len(spots) == 0 {
		return err
	}
	people, err := all(ctx, w.tables.db, "reading the users", func(row scanner) (s spot, err error) {
		err = row.Scan(&s.id, &s.name)
		return s, err
	}, "SELECT id, name FROM principal WHERE kind = 'ram-user' AND status = 'active' ORDER BY id LIMIT 200")
	if err != nil || len(people) == 0 {
		return err
	}
	owner, _, err := one(ctx, w.tables.db, "reading the owner", value[string], "SELECT name FROM principal WHERE id = ?", w.Owner)
	if err != nil {
		return err
	}
	store := NewAccessRequests(w.tables.db)
	requests := sampleRequests()
	for i := len(requests) - 1; i >= 0; i-- { // the oldest first
		a, who := requests[i], people[random.IntN(len(people))]
		at := w.At.Add(-time.Duration(a.ago)*time.Hour - time.Duration(random.IntN(3600))*time.Second)
		r := request.Request{Requester: access.PrincipalID(who.id), User: who.name, Kind: a.kind, Role: a.role, Why: a.why, Lasts: int64(a.lasts / time.Second),
			State: request.Pending, AskedAt: at, ExpiresAt: at.AddDate(0, 0, request.Days)}
		if a.kind != request.Policy {
			r.Region = w.Region
		}
		if a.kind == request.WorkspaceRole {
			here := spots[i%len(spots)]
			r.WorkspaceID, r.Workspace = here.id, here.name
		}
		if a.until > 0 {
			until := w.At.AddDate(0, 0, a.until)
			r.Until = &until
			if until.Before(r.ExpiresAt) {
				r.ExpiresAt = until
			}
		}
		made, err := store.Insert(ctx, r)
		if err != nil {
			return err
		}
		if err := w.decideSample(ctx, store, made, a, owner); err != nil {
			return err
		}
	}
	return nil
}

// decideSample gives a request of the sample the end that it came to. What was granted has ended since.
func (w *filler) decideSample(ctx context.Context, store AccessRequests, r request.Request, a sampleRequest, owner string) error {
	if a.state == request.Pending {
		return nil
	}
	at := r.AskedAt.Add(2 * time.Hour)
	r.State, r.Note, r.DecidedBy = a.state, a.note, owner
	switch a.state {
	case request.Granted:
		ends := at.Add(a.givenFor)
		r.Given = &request.Given{Role: a.role, Until: &ends}
	case request.Withdrawn:
		r.DecidedBy = r.User
	case request.Expired:
		at, r.DecidedBy = r.ExpiresAt, ""
	case request.Refused, request.Pending:
	}
	r.DecidedAt = &at
	_, err := store.Decide(ctx, r, r.Version)
	return err
}
