package plan

import (
	"context"
	"slices"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/message"
)

// WorkspaceState is a workspace as it is.
type WorkspaceState struct {
	Region, Name string
	// Facts are all of its facts, by key; one that cannot be said in a document is missing.
	Facts map[string]string
	// Settings are all of its settings, in the order in which they are written.
	Settings []SettingState
	Tags     map[string]string
	Version  int64
}

// SettingState is a setting of a workspace as it is, in words.
type SettingState struct {
	Key, Value string
	// List says that the value is entries with commas between them.
	List bool
	// OneWay says that the setting is a switch which stays on once it is.
	OneWay bool
}

// setting finds a setting.
func (w WorkspaceState) setting(key string) (s SettingState, ok bool) {
	i := slices.IndexFunc(w.Settings, func(s SettingState) bool { return s.Key == key })
	if i < 0 {
		return s, false
	}
	return w.Settings[i], true
}

// WorkspaceDraft is what is to become of a workspace. What is not in it stays as it is, or is what a new one has.
type WorkspaceDraft struct {
	Facts    map[string]string
	Settings map[string]string
	// Tags are set, and those with the keys in Untag taken away.
	Tags  map[string]string
	Untag []string
	// Admins administer a new workspace.
	Admins []string
}

// Ref names it.
func (w WorkspaceState) Ref() control.Ref { return control.Ref{Region: w.Region, Workspace: w.Name} }

// RoleState is a role of a workspace as it is.
type RoleState struct {
	access.Role
	// Engines maps the engines of the workspace to the roles of theirs that a custom role is mapped to.
	Engines map[string]string
	Version int64
}

// Held is a role that somebody holds: a built-in one by its code, a custom one by its name.
type Held struct {
	Role string `json:"role"`
	// Until is when it ends; zero is open ended.
	Until time.Time `json:"until,omitzero"`
}

// MemberState is a member of a workspace as it is.
type MemberState struct {
	Name  string
	Roles []Held
	// Owner says that this is the owner, of whom a document says nothing.
	Owner   bool
	Version int64
}

// TenantRoleState is a tenant role of a region as it is.
type TenantRoleState struct {
	access.TenantRole
	Version int64
}

// TenantMemberState is what somebody holds in a region by grants.
type TenantMemberState struct {
	Name  string
	Roles []Held
}

// PolicyState is a policy as it is.
type PolicyState struct {
	Name   string
	System bool
	// Document is in its canonical form.
	Document string
	Version  int64
}

// AttachmentState is a policy attached to somebody.
type AttachmentState struct {
	Policy, User string
	Until        time.Time
}

// UserGroupState is a user group as it is.
type UserGroupState struct {
	Name    string
	Members []string
	Version int64
}

// Workspaces is what is needed of workspaces. Changes are made as the area makes them, with every check of its own; so it is
// with all of these interfaces.
type Workspaces interface {
	// All lists the workspaces that who asks sees, of a region or of all if it is empty, by region and name.
	All(ctx context.Context, region string) ([]WorkspaceState, error)
	// Find finds one; ok is false if there is none.
	Find(ctx context.Context, ref control.Ref) (w WorkspaceState, ok bool, err error)
	// Contents puts into words how much goes with a workspace that is deleted.
	Contents(ctx context.Context, ref control.Ref) (string, error)
	// Settings are the settings of workspaces by their keys, without values.
	Settings() []SettingState
	// Try tells what a draft makes of a workspace, of a new one if it is not there, and what is wrong with it: by the keys of facts,
	// and by those of settings and tags behind "settings." and "tags.".
	Try(ctx context.Context, ref control.Ref, there bool, d WorkspaceDraft) (w WorkspaceState, wrong map[string][]message.Text, err error)
	Create(ctx context.Context, ref control.Ref, d WorkspaceDraft) error
	// Update changes what is named.
	Update(ctx context.Context, ref control.Ref, d WorkspaceDraft) error
	Delete(ctx context.Context, ref control.Ref) error
}

// Roles is what is needed of the roles of workspaces.
type Roles interface {
	// All lists the roles of a workspace, the built-in ones among them.
	All(ctx context.Context, ref control.Ref) ([]RoleState, error)
	Create(ctx context.Context, ref control.Ref, name string, levels access.Levels) error
	Set(ctx context.Context, ref control.Ref, name string, levels map[access.Module]access.Level, ownLoss bool) error
	// MapEngine maps a role in an engine, or takes the mapping away if engineRole is empty.
	MapEngine(ctx context.Context, ref control.Ref, name, engine, engineRole string) error
	Delete(ctx context.Context, ref control.Ref, name string, ownLoss bool) error
}

// Members is what is needed of the members of workspaces.
type Members interface {
	// Walk hands over the members of a workspace page after page, by name.
	Walk(ctx context.Context, ref control.Ref, page func([]MemberState) error) error
	Add(ctx context.Context, ref control.Ref, names []string, roles []Held, ownLoss bool) error
	SetRoles(ctx context.Context, ref control.Ref, names []string, roles []Held, ownLoss bool) error
	Remove(ctx context.Context, ref control.Ref, names []string, ownLoss bool) error
}

// TenantRoles is what is needed of the tenant roles of regions.
type TenantRoles interface {
	All(ctx context.Context, region string) ([]TenantRoleState, error)
	// Members lists those who hold a role in the region by a grant, by name.
	Members(ctx context.Context, region string) ([]TenantMemberState, error)
	Create(ctx context.Context, region, name string, c access.Capabilities) error
	Set(ctx context.Context, region, name string, c access.Capabilities, ownLoss bool) error
	Delete(ctx context.Context, region, name string, ownLoss bool) error
	Grant(ctx context.Context, region, user string, role Held, ownLoss bool) error
	Revoke(ctx context.Context, region, user string, roles []string, ownLoss bool) error
}

// Policies is what is needed of policies.
type Policies interface {
	All(ctx context.Context) ([]PolicyState, error)
	// Attachments lists what is attached to whom, by policy and user.
	Attachments(ctx context.Context) ([]AttachmentState, error)
	Create(ctx context.Context, name, document string) error
	Update(ctx context.Context, name, document string, ownLoss bool) error
	Delete(ctx context.Context, name string, ownLoss bool) error
	Attach(ctx context.Context, a AttachmentState, ownLoss bool) error
	Detach(ctx context.Context, policy, user string, ownLoss bool) error
}

// Users is what is needed of the directory.
type Users interface {
	Groups(ctx context.Context) ([]UserGroupState, error)
	AddGroup(ctx context.Context, name string) error
	SetGroupMembers(ctx context.Context, name string, add, remove []string, ownLoss bool) error
}

// Regions is what is needed of regions.
type Regions interface {
	// Active are the ids of the activated regions.
	Active(ctx context.Context) ([]string, error)
}

// Areas are the areas that documents speak of.
type Areas struct {
	Workspaces  Workspaces
	Roles       Roles
	Members     Members
	TenantRoles TenantRoles
	Policies    Policies
	Users       Users
	Regions     Regions
	// Builtin are the built-in roles of workspaces, for those that are yet to be made.
	Builtin []access.Role
}

// Store is what this area needs of storage.
type Store interface {
	control.Places
	// Database tells this database from every other one, whatever the tenant is called; a copy of it is the same.
	Database(ctx context.Context) (string, error)
	// Names are the names of all users, roles and groups of the tenant, which everybody in it may know. Lists of users say more
	// of each than a plan of thousands of members has the time for.
	Names(ctx context.Context) ([]string, error)
}
