// Package request is asking for access: somebody who was refused asks for a grant, with a reason and an end, and whoever may make
// that grant by hand grants or refuses it. What is granted is an ordinary grant, made through the service that makes it by hand,
// with its own checks and its own entry in the audit.
//
// It has nothing to do with control.WithRequest, by which a change is made once however often it is sent. What users call a
// request is what this package keeps.
package request

import (
	"context"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/message"
	"reeve/core/text"
)

// ID is the number of a request, from 1.
type ID int64

// Kind is a kind of grant.
type Kind = fault.GrantKind

// The kinds.
const (
	WorkspaceRole = fault.GrantWorkspaceRole
	TenantRole    = fault.GrantTenantRole
	Policy        = fault.GrantPolicy
)

// State is what became of a request.
type State string

// The states. All but Pending are final.
const (
	Pending   State = "pending"
	Granted   State = "granted"
	Refused   State = "refused"
	Withdrawn State = "withdrawn"
	Expired   State = "expired" // nobody decided in time
)

// Days is how long a request waits before it expires. The number is ours.
const Days = 30

// Role is what is granted: a role by its code, or a policy, whose code is its name.
type Role struct {
	Code string `json:"code"`
	// Name is that of a custom role or of a policy; built-in roles are named by the face that shows them.
	Name    string `json:"name"`
	Builtin bool   `json:"builtin"`
}

// Words is the name of a role of a kind in the language of whoever reads it.
func (r Role) Words(kind Kind) message.Text {
	switch {
	case !r.Builtin:
		return message.Text{ID: "literal", Args: message.Args{"Text": r.Name}}
	case kind == TenantRole:
		return message.Text{ID: "tenantrole." + r.Code}
	}
	return message.Text{ID: "role." + r.Code}
}

// End is when a grant ends: at a time, or so long after it was made; with neither it is open ended.
type End struct {
	At    time.Time
	After time.Duration
}

// From is when a grant made at a time ends; the zero time for never.
func (e End) From(made time.Time) time.Time {
	if e.After > 0 {
		return made.Add(e.After)
	}
	return e.At
}

// Open tells of no end.
func (e End) Open() bool { return e.At.IsZero() && e.After <= 0 }

// Given is what was granted in the end.
type Given struct {
	Role
	// Until is when it ends; nil is open ended.
	Until *time.Time `json:"until"`
}

// Request is one request.
type Request struct {
	ID   ID     `json:"id"`
	User string `json:"user"`
	Kind Kind   `json:"kind"`
	// Region is empty for a policy, Workspace for all but a role in one.
	Region    string `json:"region"`
	Workspace string `json:"workspace"`
	Role      Role   `json:"role"`
	Why       string `json:"because"`
	// Until is the end asked for, or Lasts how long the grant is to last, in seconds; neither is open ended.
	Until     *time.Time `json:"until"`
	Lasts     int64      `json:"lasts_seconds"`
	State     State      `json:"state"`
	AskedAt   time.Time  `json:"asked_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	DecidedAt *time.Time `json:"decided_at"`
	DecidedBy string     `json:"decided_by"`
	// Note is what whoever decided said.
	Note string `json:"note"`
	// Given is nil unless it was granted.
	Given   *Given `json:"given"`
	Version int64  `json:"version"`

	// Requester and WorkspaceID are who and where by id.
	Requester   access.PrincipalID `json:"-"`
	WorkspaceID access.WorkspaceID `json:"-"`
}

// End is the end asked for.
func (r Request) End() End {
	e := End{After: time.Duration(r.Lasts) * time.Second}
	if r.Until != nil {
		e.At = *r.Until
	}
	return e
}

// Words is what is asked for: the role and where.
func (r Request) Words() message.Text {
	return what(r.Kind, r.Role, r.Workspace, r.Region)
}

func what(kind Kind, role Role, workspace, region string) message.Text {
	args := message.Args{"Role": role.Words(kind), "Workspace": workspace, "Region": region}
	return message.Text{ID: "request.what." + string(kind), Args: args}
}

// at is the request as it is at a time: one whose time is over has expired, moved or not.
func (r Request) at(now time.Time) Request {
	if r.State == Pending && !now.Before(r.ExpiresAt) {
		r.State = Expired
	}
	return r
}

func (r Request) place() Place {
	return Place{Kind: r.Kind, Target: control.Target{Region: r.Region, Workspace: r.WorkspaceID, WorkspaceName: r.Workspace}}
}

// Place is where grants of a kind are made: a workspace, a region, or the tenant.
type Place struct {
	Kind   Kind
	Target control.Target
}

// Among narrows a list of requests.
type Among struct {
	// Requester, if not 0, is whose requests are wanted.
	Requester access.PrincipalID
	// Not, if not 0, is whose are not.
	Not access.PrincipalID
	// At says at which places requests are wanted as well; with Everywhere at all, with NoPolicies but those for policies.
	At         []Place
	Everywhere bool
	NoPolicies bool
	// Waiting, unless it is the zero time, leaves only those that wait to be decided at that time.
	Waiting time.Time
}

// fields are what lists of requests can be filtered and sorted by. What is pending is shown as waiting, and is found by both words.
func fields() []list.Field {
	return append(list.Texts("user", "role", "where"), list.OneOf("kind", WorkspaceRole, TenantRole, Policy),
		list.OneOf("state", "waiting", Pending, Granted, Refused, Withdrawn, Expired), list.Numbered("id"), list.Days("asked"))
}

// Store is what this area needs of storage. Every method takes part in the transaction that its context carries.
type Store interface {
	control.Places
	// Region finds an activated region as a target; fault.NotFound (what: region) with near ones otherwise.
	Region(ctx context.Context, id string) (control.Target, error)
	// Where says where a request is about and what it is called; fault.NotFound (what: request) if there is none.
	Where(ctx context.Context, id ID) (control.Target, error)
	// Get reads a request; fault.NotFound as in Where.
	Get(ctx context.Context, id ID) (Request, error)
	// Insert makes a request and returns it with its id, in version 1.
	Insert(ctx context.Context, r Request) (Request, error)
	// Decide writes the state, who decided what when, and what was given, if the request is still pending in that version, and
	// raises it; otherwise ok is false.
	Decide(ctx context.Context, r Request, version int64) (ok bool, err error)
	// Same finds the request of the same person for the same grant that waits at now.
	Same(ctx context.Context, r Request, now time.Time) (id ID, ok bool, err error)
	// List lists requests, the newest first unless asked otherwise.
	List(ctx context.Context, among Among, q list.Query) (list.Page[Request], error)
	// PlacesAsked are the places that requests are about, each once: those at tenant roles and policies, and the workspaces that who has
	// joined. With waiting set only those that wait.
	PlacesAsked(ctx context.Context, who access.PrincipalID, waiting bool) ([]Place, error)
	// Next is the pending request that expires first; ok is false if none is pending.
	Next(ctx context.Context) (r Request, ok bool, err error)
	// Requester finds who asked as they are now; ok is false if they are gone.
	Requester(ctx context.Context, id access.PrincipalID) (p access.Principal, ok bool, err error)
	// There tells whether a workspace is there and not in the bin.
	There(ctx context.Context, ws access.WorkspaceID) (bool, error)
}

// Giver is what this area needs of an area that makes grants of a kind.
type Giver interface {
	// Offers are what can be asked for at a place. Whoever is not within it is offered only what is the same everywhere.
	Offers(ctx context.Context, at control.Target, within bool) ([]Role, error)
	// Find finds one of the offers by what a person would call it; fault.NotFound with near names otherwise.
	Find(ctx context.Context, at control.Target, name string, within bool) (Role, error)
	// Held says whether a user holds the very same by a grant in force, and until when; zero is never.
	Held(ctx context.Context, at control.Target, user string, role Role) (until time.Time, held bool, err error)
	// Give makes the grant as somebody would by hand; what the user holds besides stays.
	Give(ctx context.Context, at control.Target, user string, role Role, until time.Time) error
}

// Givers are the areas that make the grants.
type Givers map[Kind]Giver

// Words is the end in words; when writes a time down as the face does. An open end has no words.
func (e End) Words(when func(time.Time) string) message.Text {
	length := func(id string, unit time.Duration) message.Text {
		return message.Text{ID: "request.lasts." + id, Args: message.Args{"Count": int(e.After / unit)}}
	}
	const day = 24 * time.Hour
	switch {
	case e.Open():
		return message.Text{}
	case e.After <= 0:
		return message.Text{ID: "literal", Args: message.Args{"Text": when(e.At)}}
	case e.After%day == 0:
		return length("days", day)
	case e.After%time.Hour == 0:
		return length("hours", time.Hour)
	case e.After%time.Minute == 0:
		return length("minutes", time.Minute)
	}
	return length("seconds", time.Second)
}

// ParseEnd reads an end as people type it: a length such as 8h or 90d, which is counted from the grant, or what text.ParseEnd reads.
// Empty is open ended.
func ParseEnd(s string, now time.Time) (End, bool) {
	if strings.TrimSpace(s) == "" {
		return End{}, true
	}
	if length, ok := text.ParseLength(s); ok {
		return End{After: length}, true
	}
	at, ok := text.ParseEnd(s, now)
	return End{At: at}, ok
}
