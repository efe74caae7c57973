// Package control is the gate: every act, from whatever face, passes here and takes the same seven steps.
//
//  1. Who is asking: the Actor in the context.
//  2. May they: decided on the access state read in the same transaction that will change it.
//  3. Does the edition of the region include it.
//  4. Is the input valid: everything wrong with it at once.
//  5. The change, with its version check, in one database transaction,
//  6. and its audit entry in the same one.
//  7. After the commit: the event that refreshes screens and waiting work.
//
// Areas hand the gate what is theirs (how to find the target, what is valid, what to change) and are handed back to. There
// is no other way to change anything, so there is nothing unaudited and no second place that decides.
package control

import (
	"context"
	"fmt"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/audit/chain"
	"reeve/core/edition"
	"reeve/core/fault"
	"reeve/core/message"
)

// Scope narrows what of the access state is read: a decision about one person in one workspace needs a handful of rows,
// however large the tenant.
type Scope struct {
	// Workspace 0 reads no workspace.
	Workspace access.WorkspaceID
	// Region, if not empty, also reads the tenant plane of that region.
	Region string
	// Everything reads all workspaces and the tenant plane of all regions.
	Everything bool
	// Principal 0 reads everybody; otherwise only what this one and its groups hold, and besides those who could help: who
	// administers the workspace, governs the region or has a power. With Everything, who administers is left out.
	Principal access.PrincipalID
}

// Store is what the gate needs of storage. A context given to a callback carries the transaction; every store method called
// with it takes part.
type Store interface {
	// Write runs fn in the one writing transaction; it commits when fn returns nil.
	Write(ctx context.Context, fn func(ctx context.Context) error) error
	// Rehearse runs fn as Write does, and keeps nothing of it whether fn fails or not.
	Rehearse(ctx context.Context, fn func(ctx context.Context) error) error
	// Read runs fn on one consistent state.
	Read(ctx context.Context, fn func(ctx context.Context) error) error
	// AccessState reads what decisions depend on.
	AccessState(ctx context.Context, s Scope) (access.State, error)
	// EditionOf is the edition of a region; ok is false when it is not activated.
	EditionOf(ctx context.Context, region string) (e edition.Edition, ok bool, err error)
	// NextRevision raises and returns the tenant's revision: the number of the state after this change.
	NextRevision(ctx context.Context) (uint64, error)
	// Revision is the number of the current state.
	Revision(ctx context.Context) (uint64, error)
	// AppendAudit chains e to the log and fills Seq, Prev and Hash.
	AppendAudit(ctx context.Context, e *chain.Entry) error
	// SavedRequest finds a request that was applied before.
	SavedRequest(ctx context.Context, id string) (Request, bool, error)
	// SaveRequest remembers one.
	SaveRequest(ctx context.Context, r Request) error
}

// Request is a change that was asked for with a request id.
type Request struct {
	ID     string
	Actor  access.PrincipalID
	Action action.ID
	// Target is the target's printed form: the same id with another target is a mistake, not a repeat.
	Target string
	// Result is the answer, as JSON.
	Result []byte
	At     time.Time
}

// Seam is where time and randomness come in.
type Seam struct {
	// Now is the current time; stored times are cut to the second, in UTC.
	Now func() time.Time
	// ID makes a new random id.
	ID func() string
}

// Gate decides, applies and records.
type Gate struct {
	store    Store
	acts     *action.Catalogue
	editions edition.Catalogue
	seam     Seam
	hub      hub
	// keep, if set, keeps the audit's newest head outside the database after each commit.
	keep func(chain.Head) error
}

// New makes the gate. keep may be nil.
func New(store Store, acts *action.Catalogue, editions edition.Catalogue, seam Seam, keep func(chain.Head) error) *Gate {
	return &Gate{store: store, acts: acts, editions: editions, seam: seam, keep: keep}
}

// Now is the gate's time, cut to the second, in UTC.
func (g *Gate) Now() time.Time { return g.seam.Now().UTC().Truncate(time.Second) }

// NewID makes a random id.
func (g *Gate) NewID() string { return g.seam.ID() }

// Acts is the catalogue the gate works by.
func (g *Gate) Acts() *action.Catalogue { return g.acts }

// Editions says what each edition includes.
func (g *Gate) Editions() edition.Catalogue { return g.editions }

// EditionOf is the edition of a region in the transaction that the context carries, the zero Edition where it is not activated.
func (g *Gate) EditionOf(ctx context.Context, region string) (edition.Edition, error) {
	e, _, err := g.store.EditionOf(ctx, region)
	return e, err
}

// Target is what an act is done to.
type Target struct {
	Region    string
	Workspace access.WorkspaceID
	// WorkspaceName is for people: audit entries stay readable after the workspace is gone.
	WorkspaceName string
	// Kind and Name say which thing: kind "role", name "finance_reader".
	Kind, Name string
	// About is the principal a question is about, if it is about one.
	About access.PrincipalID
}

// reach is what of the access state an act on the target can change: what is granted in its workspace, or in its region, or
// in the whole tenant.
func (t Target) reach() Scope {
	if t.Workspace == 0 && t.Region == "" {
		return Scope{Everything: true}
	}
	if t.Workspace == 0 {
		return Scope{Region: t.Region}
	}
	return Scope{Workspace: t.Workspace}
}

func (t Target) String() string {
	return fmt.Sprintf("%s/%d/%s/%s", t.Region, t.Workspace, t.Kind, t.Name)
}

// enter takes the first three steps. It must run in the transaction that the act itself uses.
func (g *Gate) enter(ctx context.Context, id action.ID, target Target) (action.Action, Actor, *access.Snapshot, error) {
	act, ok := g.acts.Get(id)
	if !ok {
		return act, Actor{}, nil, fmt.Errorf("act %s is not in the catalogue", id)
	}
	actor, ok := ActorOf(ctx)
	if !ok && act.Need != action.NeedNothing {
		return act, actor, nil, &fault.Denied{Action: string(id), Reason: message.Text{ID: "denied.nobody"}}
	}
	if actor.ReadOnly && act.Danger > action.Reads {
		return act, actor, nil, &fault.Denied{Action: string(id), Reason: message.Text{ID: "denied.read_only"}}
	}
	if act.Need == action.NeedNothing || act.Need == action.NeedKeeper && actor.Face == FaceKeeper {
		return act, actor, nil, nil
	}
	scope := Scope{Workspace: target.Workspace, Principal: actor.Principal}
	if act.Need == action.NeedTenantAdmin || target.Workspace == 0 {
		scope.Region = target.Region
	}
	snap, err := g.seenBy(ctx, actor, scope)
	if err != nil {
		return act, actor, nil, err
	}
	if v := g.verdict(snap, act, actor, target); !v.OK {
		return act, actor, snap, &fault.Denied{Action: string(id), Reason: v.Reason, Ask: v.Ask, Grants: v.Grants}
	}
	if act.Feature != "" {
		if err := g.included(ctx, act, target.Region); err != nil {
			return act, actor, snap, err
		}
	}
	return act, actor, snap, nil
}

// included is the third step.
func (g *Gate) included(ctx context.Context, act action.Action, region string) error {
	have, active, err := g.store.EditionOf(ctx, region)
	if err != nil {
		return err
	}
	if v := g.editionVerdict(act, region, have, active); !v.OK {
		return &fault.Denied{Action: string(act.ID), Reason: v.Reason}
	}
	return nil
}

// Also takes the first three steps of another act that the one under way does as well, such as attaching a policy while
// adding a user. It must be called with the context of the act under way.
func (g *Gate) Also(ctx context.Context, id action.ID, target Target) error {
	_, _, _, err := g.enter(ctx, id, target)
	return err
}

// AccessState reads what decisions depend on, in the transaction that the context carries.
func (g *Gate) AccessState(ctx context.Context, s Scope) (access.State, error) {
	return g.store.AccessState(ctx, s)
}

// Snapshot compiles what is read in a scope, in the transaction that the context carries.
func (g *Gate) Snapshot(ctx context.Context, s Scope) (*access.Snapshot, error) {
	return g.seenBy(ctx, Actor{}, s)
}

// seenBy is Snapshot as it is for somebody whose session may be narrowed to some roles.
func (g *Gate) seenBy(ctx context.Context, actor Actor, s Scope) (*access.Snapshot, error) {
	return once(ctx, remembered{scope: s, narrowed: len(actor.Only) > 0}, func() (*access.Snapshot, error) {
		return g.compile(ctx, actor, s)
	})
}

func (g *Gate) compile(ctx context.Context, actor Actor, s Scope) (*access.Snapshot, error) {
	state, err := g.store.AccessState(ctx, s)
	if err != nil {
		return nil, err
	}
	if len(actor.Only) > 0 {
		state = state.Narrowed(actor.Principal, rolesNamed(state.Roles, actor.Only))
	}
	return Compile(state, g.Now())
}

// Compile makes the snapshot of what was read, as it is at a time.
func Compile(state access.State, now time.Time) (*access.Snapshot, error) {
	state.Now = now.Unix()
	snap, err := access.Compile(state)
	if err != nil {
		return nil, fmt.Errorf("compiling the access state: %w", err)
	}
	return snap, nil
}

// rolesNamed are the roles with these names or codes. A name that means none here gives nothing.
func rolesNamed(roles []access.Role, names []string) []access.RoleID {
	var ids []access.RoleID
	for _, name := range names {
		if r, err := access.FindRole(roles, name); err == nil {
			ids = append(ids, r.ID)
		}
	}
	return ids
}
