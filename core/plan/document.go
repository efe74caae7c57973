// Package plan is configuration as code: a document says what there is to be of workspaces, their roles and members, tenant
// roles, policies and user groups; a plan is the steps from what is to what the document says; to apply a plan is to take
// all of its steps in one transaction, or none. What a document does not name stays as it is, unless the section that would
// name it says that it is exactly so.
package plan

import "time"

// Version is the version of documents, and of plan files.
const Version = 1

// Place is where something stands in a document; both count from 1.
type Place struct{ Line, Column int }

// Word is text of a document with its place.
type Word struct {
	Text string
	At   Place
}

// Section is a list of records of a document. A nil section is not in it.
type Section[T any] struct {
	At    Place
	Items []T
	// Exactly says that there is to be nothing beside the items.
	Exactly bool
}

// Document is what a file says.
type Document struct {
	UserGroups    *Section[UserGroup]
	Policies      *Section[Policy]
	Attachments   *Section[Attachment]
	TenantRoles   *Section[TenantRole]
	TenantMembers *Section[TenantMember]
	Workspaces    *Section[Workspace]
	// Region, if not empty, is the region of records that name none, and the only one of which exact sections speak.
	Region Word
}

// UserGroup is a user group and who is in it.
type UserGroup struct {
	Name    Word
	Members *Section[Word]
}

// Policy is a custom policy.
type Policy struct {
	Name Word
	// Document is what it says, in its canonical form as JSON.
	Document string
	// unknown are the operations in it that there are not, unreachable the resources that no name can match. A policy that is there and
	// says so already may go on saying it.
	unknown     []unknownOperation
	unreachable []Word
}

type unknownOperation struct {
	Word
	nearest []string
}

// Attachment attaches a policy to a user or a user group.
type Attachment struct {
	Policy, User Word
	// Until is when it ends; zero is open ended.
	Until time.Time
}

// TenantRole is a custom tenant role of a region.
type TenantRole struct {
	Region, Name Word
	// Capabilities are the codes of what it grants.
	Capabilities []string
}

// TenantMember is who holds which tenant roles in a region by a grant.
type TenantMember struct {
	Region, Name Word
	Roles        []Grant
}

// Workspace is a workspace with its roles and members.
type Workspace struct {
	Region, Name Word
	// Facts are those of its facts that the document names, by key.
	Facts map[string]Word
	// Settings are those that the document names, by key; entries of a list have commas between them.
	Settings map[string]Setting
	// Tags are all that there are to be, by key, with TagsAt for their place; nil leaves them as they are.
	Tags    map[string]Setting
	TagsAt  Place
	Roles   *Section[Role]
	Members *Section[Member]
}

// Setting is the value of a setting or tag, with the place of its key.
type Setting struct {
	Key, Value Word
}

// The facts of a workspace.
const (
	DisplayName = "display_name"
	Description = "description"
	Mode        = "mode"
	Template    = "template"
	AliyunGroup = "aliyun_resource_group_id"
	Status      = "status"
)

// The statuses that a document can name.
const (
	Normal   = "normal"
	Disabled = "disabled"
)

// Facts lists the facts of a workspace in the order in which they are written.
func Facts() []string { return []string{DisplayName, Description, Mode, Template, AliyunGroup, Status} }

// Role is a custom role of a workspace.
type Role struct {
	Name Word
	// Modules are the levels that the document names, by code of the module; those of a new role that it does not name are none.
	Modules map[string]string
	// Engines maps engines to roles of theirs; nil leaves the mappings as they are.
	Engines map[string]Word
	At      Place
}

// Member is a member of a workspace.
type Member struct {
	Name Word
	// Roles are all that the member is to hold; nil leaves them as they are.
	Roles []Grant
}

// Grant is a role that somebody is to hold.
type Grant struct {
	Role Word
	// Until is when it ends; zero is open ended.
	Until time.Time
}
