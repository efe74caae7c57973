// Package member is the members of a workspace and the roles they hold in it.
package member

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
)

// Member is one principal in one workspace.
type Member struct {
	Principal access.PrincipalID `json:"id"`
	Name      string             `json:"name"`
	// DisplayName may be empty.
	DisplayName string `json:"display_name"`
	// Kind is account, ram-user, ram-role or group.
	Kind    string     `json:"type"`
	Roles   []Held     `json:"roles"`
	AddedAt time.Time  `json:"added_at"`
	AddedBy string     `json:"added_by"`
	Active  *time.Time `json:"last_active"`
	// Status is active, disabled or vanished, as in the directory. Who is not active keeps the roles and may do nothing.
	Status string `json:"status"`
	// Version counts the changes of this member's roles.
	Version int64 `json:"version"`
}

// Held is a role that a member holds.
type Held struct {
	ID   access.RoleID   `json:"-"`
	Code string          `json:"code"`
	Name string          `json:"name"`
	Kind access.RoleKind `json:"-"`
	At   time.Time       `json:"granted_at"`
	By   string          `json:"granted_by"`
	// Until is when it ends; nil is open ended. A grant that has ended is not listed.
	Until *time.Time `json:"until"`
}

// Assignment is what one member is to hold.
type Assignment struct {
	Member access.PrincipalID
	Roles  []Hold
	// Version is the one that was read of who is a member already.
	Version int64
}

// Hold is a role to be held, until a time; a zero Until is open ended.
type Hold struct {
	Role  access.RoleID
	Until time.Time
}

// Ending is a grant that ends soon: of a role in a workspace, or of what else somebody was granted.
type Ending struct {
	// Grant is the kind of what was granted. A tenant role has no workspace, and a policy no region either; Name is what it is called.
	Grant         fault.GrantKind    `json:"grant"`
	Workspace     access.WorkspaceID `json:"-"`
	WorkspaceName string             `json:"workspace"`
	Region        string             `json:"region"`
	Principal     access.PrincipalID `json:"-"`
	// User is who holds it, a group where a group does.
	User  string          `json:"user"`
	Role  access.RoleID   `json:"-"`
	Code  string          `json:"code"`
	Name  string          `json:"name"`
	Kind  access.RoleKind `json:"-"`
	Until time.Time       `json:"until"`
}

// RoleIDs are the ids of the roles m holds.
func (m Member) RoleIDs() []access.RoleID {
	ids := make([]access.RoleID, len(m.Roles))
	for i, r := range m.Roles {
		ids[i] = r.ID
	}
	return ids
}

// Candidate is somebody of the tenant who could be made a member.
type Candidate struct {
	ID          access.PrincipalID `json:"id"`
	Name        string             `json:"name"`
	DisplayName string             `json:"display_name"`
	Kind        string             `json:"type"`
	Status      string             `json:"status"`
	Email       string             `json:"email"`
	// Source is the directory source that it came from; empty for who was made here.
	Source string `json:"source"`
}

// fields are what lists of members can be filtered and sorted by; unused takes a number of days and is only filtered by.
func fields() []list.Field {
	return append(list.Texts("name", "display_name", "role"), list.PrincipalType(), list.PrincipalStatus(), list.Days("added"), list.Days("active"),
		list.Number("unused", 0, MaxDays))
}

// candidateFields are those of lists of candidates.
func candidateFields() []list.Field {
	return append(list.Texts("name", "display_name", "email", "source"), list.PrincipalType(), list.PrincipalStatus())
}

// Store is what this area needs of storage. Every method takes part in the transaction that its context carries.
type Store interface {
	control.Places
	List(ctx context.Context, ws access.WorkspaceID, q list.Query) (list.Page[Member], error)
	// Get finds a member; fault.NotFound (what: member) with near names otherwise.
	Get(ctx context.Context, ws access.WorkspaceID, name string) (Member, error)
	// Principals finds principals of the tenant by name, in order; fault.NotFound (what: user) for the first unknown one.
	Principals(ctx context.Context, names []string) ([]access.Principal, error)
	// Joined says which of the principals are members already.
	Joined(ctx context.Context, ws access.WorkspaceID, ids []access.PrincipalID) (map[access.PrincipalID]bool, error)
	// Roles are the built-in roles and the custom ones of the workspace.
	Roles(ctx context.Context, ws access.WorkspaceID) ([]access.Role, error)
	// AdministratorsBeside counts the people who are active and hold a role that administers without an end, directly or through a
	// group that is active, without the owner, and without what is granted to the given principals themselves.
	AdministratorsBeside(ctx context.Context, ws access.WorkspaceID, without []access.PrincipalID) (int, error)
	// AddAll makes principals members who are none, in as few statements for many as for one.
	AddAll(ctx context.Context, ws access.WorkspaceID, added []Assignment, by access.PrincipalID, at time.Time) error
	// SetAll makes each of these members hold exactly the roles said, keeping the grants that stay as they are and setting the ends
	// of those that stay but for their end, and raises the versions if all still are what was read; otherwise ok is false and nothing
	// is to be relied on. It takes as few statements for many as for one.
	SetAll(ctx context.Context, ws access.WorkspaceID, changed []Assignment, by access.PrincipalID, at time.Time) (ok bool, err error)
	// RemoveAll takes members out of the workspace, with all roles held in it and the accounts of its engines.
	RemoveAll(ctx context.Context, ws access.WorkspaceID, people []access.PrincipalID) error
	// Known are those of the names that principals of the tenant have, in any order.
	Known(ctx context.Context, names []string) ([]access.Principal, error)
	// Names are the names of all principals of the tenant.
	Names(ctx context.Context) ([]string, error)
	// Among are those of the given principals who are members, with everyone set all members, in any order.
	Among(ctx context.Context, ws access.WorkspaceID, ids []access.PrincipalID, everyone bool) ([]Member, error)
	// Candidates lists principals of the tenant that are not members yet.
	Candidates(ctx context.Context, ws access.WorkspaceID, q list.Query) (list.Page[Candidate], error)
	// Ending lists the grants that end after now and not after before, the earliest first: of one workspace, of one principal
	// (those of its groups included), or both; 0 is any.
	Ending(ctx context.Context, ws access.WorkspaceID, p access.PrincipalID, now, before time.Time) ([]Ending, error)
	// EndingElsewhere is Ending for the tenant roles and policies of a principal.
	EndingElsewhere(ctx context.Context, p access.PrincipalID, now, before time.Time) ([]Ending, error)
	// Dormant lists the roles in force that were granted before a time and not used since, and the members without a role who are as
	// old, the longest unused first, without the owner.
	Dormant(ctx context.Context, ws access.WorkspaceID, since time.Time) ([]Dormant, error)
	Reviews
	// AccessState reads what decisions depend on, to compare before and after within a change.
	AccessState(ctx context.Context, s control.Scope) (access.State, error)
}
