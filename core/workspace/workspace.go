// Package workspace is the workspaces of a tenant: created in a region and a mode, disabled and enabled, deleted into a bin
// and restored from it.
package workspace

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/list"
)

// Mode says whether development and production are separate environments.
type Mode string

// The modes. The console's documentation also calls simple mode basic.
const (
	Simple   Mode = "simple"
	Standard Mode = "standard"
)

// Template is what a workspace was made for.
type Template string

// The templates. OpenLake is offered in some regions only.
const (
	AllFeatures Template = "all-features"
	OpenLake    Template = "openlake"
)

// Status is the state of a workspace, in the words of the console (the API's words: Available, Forbidden).
type Status string

// The statuses that can be reached now.
const (
	Normal   Status = "normal"
	Disabled Status = "disabled"
	Deleted  Status = "deleted" // in the bin
)

// BinDays is how long a deleted workspace stays in the bin with its name reserved, as the API's documentation of
// DeleteProject has it.
const BinDays = 14

// Workspace is one record.
type Workspace struct {
	ID          access.WorkspaceID `json:"id"`
	Region      string             `json:"region"`
	Name        string             `json:"name"`
	DisplayName string             `json:"display_name"`
	Description string             `json:"description"`
	Mode        Mode               `json:"mode"`
	Template    Template           `json:"template"`
	Status      Status             `json:"status"`
	Owner       string             `json:"owner"`
	// Admins are the members holding Workspace Administrator, by name; at most ListedAdmins of them in lists.
	Admins    []string  `json:"admins"`
	Members   int       `json:"members"`
	CreatedAt time.Time `json:"created_at"`
	CreatedBy string    `json:"created_by"`
	// DeletedAt and PurgeAt are set in the bin only.
	DeletedAt *time.Time `json:"deleted_at,omitempty"`
	PurgeAt   *time.Time `json:"purge_at,omitempty"`
	// RestoresTo is, in the bin only, the status that a restore brings back.
	RestoresTo Status `json:"restores_to,omitempty"`
	Version    int64  `json:"version"`
}

// ListedAdmins bounds the administrators that a row of a list names.
const ListedAdmins = 4

// Fields are the names that lists of workspaces can be filtered and sorted by.
var fields = []string{"name", "display_name", "mode", "template", "status", "owner", "admin", "created", "deleted"}

// View is which workspaces a list shows.
type View struct {
	Region string
	// Bin lists deleted workspaces that are still in the bin at Now, otherwise the others.
	Bin bool
	Now time.Time
	// Joined, if not 0, lists only workspaces that this principal is a member of.
	Joined access.PrincipalID
}

// Contents is what goes with a workspace when it is deleted.
type Contents struct {
	Members     int `json:"members"` // without the owner
	CustomRoles int `json:"custom_roles"`
	Grants      int `json:"grants"`
}

// Empty reports whether there is nothing but the owner.
func (c Contents) Empty() bool { return c.Members == 0 && c.CustomRoles == 0 }

// NameUse is the workspace that has a name, in its own spelling; the zero one is nobody.
type NameUse struct {
	Name string
	// BinnedUntil is set for a workspace in the bin: until when the name is reserved for it.
	BinnedUntil *time.Time
}

// Store is what this area needs of storage. Every method takes part in the transaction that its context carries.
type Store interface {
	control.Places
	// BinPlace finds a workspace in the bin that is not due for purging at now; fault.NotFound otherwise.
	BinPlace(ctx context.Context, ref control.Ref, now time.Time) (control.Target, error)
	List(ctx context.Context, v View, q list.Query) (list.Page[Workspace], error)
	Get(ctx context.Context, id access.WorkspaceID) (Workspace, error)
	// NameUse says who has a name in a region, in any case; purged at now does not count.
	NameUse(ctx context.Context, region, name string, now time.Time) (NameUse, error)
	// Insert makes the record, the owner's membership and role, and the administrators' memberships and roles, and returns it with its id.
	Insert(ctx context.Context, w Workspace, owner access.PrincipalID, admins []access.PrincipalID, by access.PrincipalID) (Workspace, error)
	// Update writes display name, description, status, and the bin's times if the stored version is still w.Version, and raises it;
	// otherwise it changes nothing and ok is false.
	Update(ctx context.Context, w Workspace) (ok bool, err error)
	Contents(ctx context.Context, id access.WorkspaceID) (Contents, error)
	// Purge removes for good what is in the bin and due at now: in a region, and if name is not empty only that one. It returns how many.
	Purge(ctx context.Context, region, name string, now time.Time) (int, error)
	// Principals finds principals by name, in the given order; fault.NotFound for the first unknown one.
	Principals(ctx context.Context, names []string) ([]access.Principal, error)
	// Owner is the account that owns the tenant.
	Owner(ctx context.Context) (access.Principal, error)
}

// Regions answers what this area needs to know of regions.
type Regions interface {
	// Offers says whether a region is activated and whether a template is offered there.
	Offers(ctx context.Context, region, template string) (active, offered bool, err error)
	// Known fails with fault.NotFound for a region that does not exist, activated or not.
	Known(region string) error
	// Only is the single activated region, empty if there are several.
	Only(ctx context.Context) (string, error)
}
