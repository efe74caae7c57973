// Package workspace is the workspaces of a tenant: created in a region and a mode, disabled and enabled, deleted into a bin
// and restored from it.
package workspace

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/message"
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

// BinDays is how long a deleted workspace stays in the bin with its name reserved, as the API's documentation of
// DeleteProject has it.
const BinDays = 14

// DefaultAliyunGroup is the resource group of the cloud's resource management that a workspace is in unless another is named.
const DefaultAliyunGroup = "default"

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
	// Default says that it is the default workspace of its region, which every member of the tenant sees.
	Default bool   `json:"default"`
	Owner   string `json:"owner"`
	// AliyunGroup is the id of a resource group of the cloud's resource management; it has nothing to do with the resource
	// groups that tasks run on.
	AliyunGroup string `json:"aliyun_resource_group_id"`
	// Admins are the members holding Workspace Administrator, by name; at most ListedAdmins of them in lists.
	Admins    []string  `json:"admins"`
	Members   int       `json:"members"`
	Tags      []Tag     `json:"tags"`
	CreatedAt time.Time `json:"created_at"`
	CreatedBy string    `json:"created_by"`
	// DeletedAt and PurgeAt are set in the bin only.
	DeletedAt *time.Time `json:"deleted_at,omitempty"`
	PurgeAt   *time.Time `json:"purge_at,omitempty"`
	// RestoresTo is, in the bin only, the status that a restore brings back.
	RestoresTo Status `json:"restores_to,omitempty"`
	// ResumesTo is the status from before the workspace was overdue, set while it is.
	ResumesTo Status `json:"resumes_to,omitempty"`
	// Settings are complete in a single record; in lists the sandbox allow-list is left out.
	Settings
	Version int64 `json:"version"`
}

// Upgradable says nothing if the workspace can become a standard one; otherwise it refuses with what stands in the way.
func (w Workspace) Upgradable() error {
	refuse := func(id string) error {
		return &fault.Refused{Reason: message.Text{ID: id, Args: message.Args{"Name": w.Name}}}
	}
	switch {
	case w.Mode == Standard:
		return refuse("fault.workspace.already.standard")
	case w.NewDataStudio && w.Default:
		return refuse("fault.workspace.upgrade.default")
	case w.NewDataStudio:
		return refuse("fault.workspace.upgrade.studio")
	}
	return w.Allows(EventUpgrade)
}

// ListedAdmins bounds the administrators that a row of a list names.
const ListedAdmins = 4

// fields are what lists of workspaces can be filtered and sorted by.
func fields() []list.Field {
	var statuses []Status
	for _, s := range States() {
		statuses = append(statuses, s.Status)
	}
	return append(list.Texts("name", "display_name", "owner", "admin", "resource_group", "tag"), list.OneOf("mode", Simple, Standard),
		list.OneOf("template", AllFeatures, OpenLake), list.OneOf("status", statuses...), list.Days("created"), list.Days("deleted"))
}

// View is which workspaces a list shows.
type View struct {
	Region string
	// Bin lists deleted workspaces that are still in the bin at Now, otherwise the others.
	Bin bool
	Now time.Time
	// Joined, if not 0, lists only workspaces that this principal is a member of, and default workspaces.
	Joined access.PrincipalID
}

// Contents is what goes with a workspace when it is deleted.
type Contents struct {
	Members     int `json:"members"` // without the owner
	CustomRoles int `json:"custom_roles"`
	Grants      int `json:"grants"`
	// Engines are the names of the bound engines, which go on costing.
	Engines []string `json:"engines"`
	// Sources are the names of the data sources, which go with the workspace. None can be shared with another workspace yet.
	Sources []string `json:"sources"`
	// Running counts the instances that run at the moment; nil where that is not known.
	Running *int `json:"running_instances"`
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
	// HasDefault says whether the region has its default workspace, in the bin or not.
	HasDefault(ctx context.Context, region string) (bool, error)
	// Insert makes the record with its settings and tags, the owner's membership and role, and the administrators' memberships and roles, and returns it with its id.
	Insert(ctx context.Context, w Workspace, owner access.PrincipalID, admins []access.PrincipalID, by access.PrincipalID) (Workspace, error)
	// Update writes everything that can change, tags and settings included, if the stored version is still w.Version, and raises
	// it; otherwise it changes nothing and ok is false.
	Update(ctx context.Context, w Workspace) (ok bool, err error)
	Contents(ctx context.Context, id access.WorkspaceID) (Contents, error)
	// Purge removes for good what is in the bin and due at now: in a region, and if name is not empty only that one. It returns how many.
	Purge(ctx context.Context, region, name string, now time.Time) (int, error)
	// NextPurge finds the workspace of the bin that is due first, and when that is; the zero time for an empty bin.
	NextPurge(ctx context.Context) (t control.Target, at time.Time, err error)
	// Strange says whether the workspace is a default one and the principal no member of it, neither itself nor through a group.
	Strange(ctx context.Context, ws access.WorkspaceID, p access.PrincipalID) (bool, error)
	// Admit makes a principal a member with the role of visitors.
	Admit(ctx context.Context, ws access.WorkspaceID, p, by access.PrincipalID, at time.Time) error
	// Links are the templates of addresses of modules, by the code of the module.
	Links(ctx context.Context) (map[string]string, error)
	// SetLink sets the template of a module, or with an empty one takes it away; had says whether there was one, and which.
	SetLink(ctx context.Context, module, url string) (had string, err error)
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
	// Zone is the time zone of a region, as an IANA name.
	Zone(region string) string
	// PersonalDev says whether personal development environments are offered in a region.
	PersonalDev(region string) bool
}

// Near is what this area needs of the areas beside it. What is nil is not known here: it is left out of consequences, and what
// names it is refused.
type Near struct {
	Groups  Groups
	Engines Engines
	Sources Sources
	Running Running
}

// Group is a resource group as a workspace knows it.
type Group struct {
	ID   uint32
	Name string
}

// Groups answers what this area needs to know of resource groups.
type Groups interface {
	// Usable finds a group by its name among those associated with the workspace; fault.NotFound, with near ones, otherwise.
	Usable(ctx context.Context, ws access.WorkspaceID, name string) (Group, error)
	// Offered says nothing if a group of the region takes workspaces; fault.NotFound, with near ones, if there is none of the name.
	Offered(ctx context.Context, region, name string) error
	// Associate associates a group that is offered with a new workspace.
	Associate(ctx context.Context, region, name string, ws access.WorkspaceID, by access.PrincipalID, at time.Time) (Group, error)
}

// EnginePair is an engine that has become one of two environments.
type EnginePair struct {
	Engine string `json:"engine"`
	Type   string `json:"type"`
	// DevProject is the project of development, for engines that have projects.
	DevProject   string `json:"dev_project"`
	DevIdentity  string `json:"dev_identity"`
	ProdIdentity string `json:"prod_identity"`
}

// Engines doubles the engines of a workspace that becomes a standard one.
type Engines interface {
	Double(ctx context.Context, ws access.WorkspaceID) ([]EnginePair, error)
	// Names are the engines bound to the workspace.
	Names(ctx context.Context, ws access.WorkspaceID) ([]string, error)
}

// Sources answers what this area needs to know of data sources.
type Sources interface {
	// Double copies each data source of the workspace to the environment of development, and returns their names.
	Double(ctx context.Context, ws access.WorkspaceID) ([]string, error)
	// Names are the data sources of the workspace.
	Names(ctx context.Context, ws access.WorkspaceID) ([]string, error)
}

// Running counts the instances of a workspace that run at the moment; known is false if nothing was reported yet.
type Running interface {
	RunningInstances(ctx context.Context, ws access.WorkspaceID) (n int, known bool, err error)
}
