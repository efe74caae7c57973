// Package group is the resource groups of a region: pools of CU that work runs in. A group is bought by subscription or paid as
// it is used, belongs to no workspace, and has to be associated with one before its work can run there. One CU is 1 vCPU and
// 4 GiB of memory.
//
// In access management, resource group means something else: it groups resources for authorisation.
package group

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/control"
)

// ID is a group's number.
type ID uint32

// Ref names a group. Region may be empty if only one is activated.
type Ref struct{ Region, Name string }

// Type is the kind of a group.
type Type string

// Serverless is the only type that is sold; the others are older and can only be kept.
const Serverless Type = "serverless"

// Billing is how a group is paid.
type Billing string

// The ways to pay. A group that is paid as it is used can become a subscription, never the other way round.
const (
	Subscription Billing = "subscription"
	PayAsYouGo   Billing = "pay-as-you-go"
)

// Workspace is a workspace that a group is associated with.
type Workspace struct {
	ID   access.WorkspaceID `json:"id"`
	Name string             `json:"name"`
	// Default says that its tasks run in the group unless they name another.
	Default bool `json:"default,omitempty"`
}

// Group is one record.
type Group struct {
	ID     ID     `json:"id"`
	Region string `json:"region"`
	Name   string `json:"name"`
	Remark string `json:"remark"`
	Type   Type   `json:"type"`
	// Spec is the size of a group of an older type, as it was sold.
	Spec string `json:"spec,omitempty"`
	// Billing and Size: a subscription has Size CU, pay-as-you-go at most Size CU.
	Billing Billing `json:"billing"`
	Size    int     `json:"size"`
	// Slots is how many scheduling tasks may run at once.
	Slots  int    `json:"slots"`
	Status Status `json:"status"`
	// Problem is what went wrong in a state of failure, as the system below said it.
	Problem string `json:"problem,omitempty"`
	// VPC and VSwitch are the network that the group was made in; CIDR is the vSwitch's block, empty if it was not given.
	VPC     string `json:"vpc"`
	VSwitch string `json:"vswitch"`
	CIDR    string `json:"cidr"`
	// ExpiresAt is the end of a subscription; nil for pay-as-you-go.
	ExpiresAt *time.Time `json:"expires_at"`
	AutoRenew bool       `json:"auto_renew"`
	// BusyUntil is when a state that passes by itself is expected to: starting, updating and deleting.
	BusyUntil *time.Time `json:"busy_until,omitempty"`
	// ReleaseAt is when an expired group is given up unless it is renewed before.
	ReleaseAt *time.Time `json:"release_at,omitempty"`
	// Workspaces are those that the group is associated with, by name.
	Workspaces []Workspace `json:"workspaces"`
	// Shares are the quotas of the modules that have one. Lends says that what is kept for a module and idle may be used by
	// others, who then do not have to give it back before they are done.
	Shares Shares `json:"quota"`
	Lends  bool   `json:"lends"`
	// Networks are the VPC bindings.
	Networks []Network `json:"networks"`
	// UsedAt is when work last ran in it, or it was put into service.
	UsedAt time.Time `json:"used_at"`
	// RemindedAt is when one was last reminded of its end or of arrears.
	RemindedAt *time.Time `json:"reminded_at,omitempty"`
	// ArrearsSince is since when the account owes for pay-as-you-go; Suspended says that it has gone too far, and nothing new starts.
	ArrearsSince *time.Time `json:"arrears_since,omitempty"`
	Suspended    bool       `json:"suspended,omitempty"`
	CreatedAt    time.Time  `json:"created_at"`
	CreatedBy    string     `json:"created_by"`
	Version      int64      `json:"version"`
}

// Names are the names of the workspaces.
func (g Group) Names() []string {
	names := make([]string, len(g.Workspaces))
	for i, w := range g.Workspaces {
		names[i] = w.Name
	}
	return names
}

// Due is work on a group that falls due by itself.
type Due struct {
	Group ID
	What  Event
	At    time.Time
}

// Store is what this area needs of storage. Every method takes part in the transaction that its context carries.
type Store interface {
	control.Places
	// List returns the groups of a region that are not released, by name, with their workspaces that are not in the bin.
	List(ctx context.Context, region string) ([]Group, error)
	// OfWorkspace returns the groups associated with a workspace, by name.
	OfWorkspace(ctx context.Context, ws access.WorkspaceID) ([]Group, error)
	// Find finds a group that is not released by name; ok is false if there is none.
	Find(ctx context.Context, region, name string) (g Group, ok bool, err error)
	// Get reads a group by id, released or not.
	Get(ctx context.Context, id ID) (Group, error)
	// Insert makes a group and returns it with its id, in version 1.
	Insert(ctx context.Context, g Group, by access.PrincipalID) (Group, error)
	// Update writes everything of a group but its workspaces and networks if the stored version still is g.Version, and raises it; otherwise
	// ok is false. A group of the status Deleted is released at that time: its name is free.
	Update(ctx context.Context, g Group, at time.Time) (ok bool, err error)
	// Associate adds workspaces and Dissociate takes them away, and both raise the version if it still is version; otherwise
	// ok is false.
	Associate(ctx context.Context, id ID, ws []access.WorkspaceID, by access.PrincipalID, at time.Time, version int64) (ok bool, err error)
	Dissociate(ctx context.Context, id ID, ws []access.WorkspaceID, version int64) (ok bool, err error)
	// InsertNetwork adds a binding and returns it with its id; UpdateNetwork writes its status, and removes it where that is empty.
	InsertNetwork(ctx context.Context, id ID, n Network) (Network, error)
	UpdateNetwork(ctx context.Context, n Network) error
	InsertRoute(ctx context.Context, network int64, cidr string) (Route, error)
	DeleteRoute(ctx context.Context, id int64) error
	// InsertOrder adds an order and returns its id; UpdateOrder writes its state and when it was done.
	InsertOrder(ctx context.Context, o Order) (int64, error)
	UpdateOrder(ctx context.Context, o Order) error
	// OpenOrder is the order of a group that is not done yet; ok is false if there is none.
	OpenOrder(ctx context.Context, id ID) (o Order, ok bool, err error)
	// Orders are the orders of a group, newest first, at most most of them.
	Orders(ctx context.Context, id ID, most int) ([]Order, error)
	// AsUsed are the groups of all regions that are paid as they are used and not released.
	AsUsed(ctx context.Context) ([]Group, error)
	// Arrears is since when the account owes; the zero time for not. SetArrears keeps it.
	Arrears(ctx context.Context) (time.Time, error)
	SetArrears(ctx context.Context, since time.Time) error
	// DefaultWorkspace is the default workspace of a region; ok is false for a region without one, or with one in the bin.
	DefaultWorkspace(ctx context.Context, region string) (w Workspace, ok bool, err error)
	// Work is what runs and waits in a group, in the order in which it came.
	Work(ctx context.Context, id ID) ([]Run, error)
	// Plan sets when something falls due, in place of when it did before; the zero time takes it away.
	Plan(ctx context.Context, d Due) error
	// Next is what falls due first of all groups; ok is false if nothing will.
	Next(ctx context.Context) (d Due, ok bool, err error)
}

// Regions answers what this area needs to know of regions.
type Regions interface {
	// Sells says whether a region is activated, and whether serverless groups are sold there.
	Sells(ctx context.Context, region string) (active, sold bool, err error)
	// Only is the single activated region, empty if there are several.
	Only(ctx context.Context) (string, error)
}

// Host is what makes the groups real: the system in which work runs. Each method is called in the transaction that then keeps
// the new state, may be called again after it succeeded, and what it answers is what the group becomes: a failure puts the
// group in the state of failure of what was asked for. context.DeadlineExceeded means that there was no answer.
type Host interface {
	// Provide makes a group ready to take work, or changes it to what it is now.
	Provide(ctx context.Context, g Group) error
	// Release gives up what a group had.
	Release(ctx context.Context, g Group) error
}

// Ledger is the host that nothing runs in: it takes every group as it is written down.
type Ledger struct{}

// Provide implements Host.
func (Ledger) Provide(context.Context, Group) error { return nil }

// Release implements Host.
func (Ledger) Release(context.Context, Group) error { return nil }
