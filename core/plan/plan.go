package plan

import (
	"time"

	"reeve/core/message"
)

// Verb is what a step does to its record.
type Verb string

// The verbs.
const (
	Add    Verb = "add"
	Change Verb = "change"
	Remove Verb = "remove"
)

// Kind is the kind of record that a step is about.
type Kind string

// The kinds.
const (
	KindUserGroup    Kind = "user_group"
	KindPolicy       Kind = "policy"
	KindAttachment   Kind = "attachment"
	KindTenantRole   Kind = "tenant_role"
	KindTenantMember Kind = "tenant_member"
	KindWorkspace    Kind = "workspace"
	KindRole         Kind = "role"
	KindMember       Kind = "member"
)

// Difference is one field of a record before and after. A list says what of it goes and what comes.
type Difference struct {
	Field  string   `json:"field"`
	Before string   `json:"before,omitempty"`
	After  string   `json:"after,omitempty"`
	Taken  []string `json:"taken,omitempty"`
	Given  []string `json:"given,omitempty"`
	// Irreversible says that there is no way back from what comes.
	Irreversible bool `json:"irreversible,omitempty"`
}

// Seen is a record as it was when the plan was made.
type Seen struct {
	// Version is 0 for a record that was not there, and for those that have none.
	Version int64 `json:"version"`
	// State is a fingerprint of what the record said; empty for one that was not there.
	State string `json:"state,omitempty"`
}

// Step is one change of one record.
type Step struct {
	Verb      Verb   `json:"verb"`
	Kind      Kind   `json:"kind"`
	Region    string `json:"region,omitempty"`
	Workspace string `json:"workspace,omitempty"`
	// Name is that of the record; of an attachment it is the policy's, and User whom it is attached to.
	Name string `json:"name"`
	User string `json:"user,omitempty"`
	// Differences are what people see of the step.
	Differences []Difference `json:"differences,omitempty"`
	Seen        Seen         `json:"seen"`

	// What follows is what the step does; which of it is set depends on the kind.

	Facts        map[string]string `json:"facts,omitempty"`
	Settings     map[string]string `json:"settings,omitempty"`
	Tags         map[string]string `json:"tags,omitempty"`
	Untag        []string          `json:"untag,omitempty"`
	Admins       []string          `json:"admins,omitempty"`
	Modules      map[string]string `json:"modules,omitempty"`
	Engines      map[string]string `json:"engine_roles,omitempty"`
	Roles        []Held            `json:"roles,omitempty"`
	TakenRoles   []string          `json:"taken_roles,omitempty"`
	Capabilities []string          `json:"capabilities,omitempty"`
	Document     string            `json:"document,omitempty"`
	Until        time.Time         `json:"until,omitzero"`
	Enter        []string          `json:"enter,omitempty"`
	Leave        []string          `json:"leave,omitempty"`
}

// Text names the record of the step.
func (s Step) Text() message.Text {
	return message.Text{ID: "plan.record." + string(s.Kind), Args: message.Args{"Name": s.Name, "User": s.User, "Region": s.Region, "Workspace": s.Workspace}}
}

// Plan is the steps to what a document says, in the order in which they are taken.
type Plan struct {
	Steps []Step `json:"steps"`
	// Rests are the custom roles and policies that steps hand out and do not change: if one says something else by the time the
	// plan is applied, it would do something else. They have a record and what was seen of it, and nothing that they do.
	Rests []Step `json:"rests,omitempty"`
	// Document is the hash of the document's text.
	Document string `json:"document"`
	// Database tells for which database the plan was made.
	Database string    `json:"database"`
	Tenant   string    `json:"tenant,omitempty"`
	MadeBy   string    `json:"made_by"`
	MadeAt   time.Time `json:"made_at"`
}

// Count is how many steps a plan has of each verb.
type Count struct {
	Add, Change, Remove int
	// Taken is how much of what records list (the roles of a member, the members of a group) the changes take away.
	Taken int
}

// Count counts the steps.
func (p Plan) Count() (c Count) {
	for _, s := range p.Steps {
		switch s.Verb {
		case Add:
			c.Add++
		case Change:
			c.Change++
			for _, d := range s.Differences {
				c.Taken += len(d.Taken)
			}
		case Remove:
			c.Remove++
		}
	}
	return c
}
