// Package policy is the documents of the console plane, in the form of the vendor's access management, and to whom they are
// attached: the system ones, which never change, and custom ones.
package policy

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/control"
)

// Policy is a document as people see it.
type Policy struct {
	access.Document
	// Attached is how many principals and groups it is attached to, attachments in force only.
	Attached   int
	CreatedAt  time.Time
	CreatedBy  string
	ModifiedAt time.Time
	ModifiedBy string
	// Version counts the changes of a custom document; 0 for a system one.
	Version int64
}

// Attachment is a document attached to somebody.
type Attachment struct {
	ID        access.GrantID     `json:"-"`
	Policy    access.PolicyID    `json:"-"`
	Name      string             `json:"policy"`
	Principal access.PrincipalID `json:"-"`
	User      string             `json:"user"`
	// Kind is account, ram-user, ram-role or group.
	Kind string    `json:"type"`
	At   time.Time `json:"attached_at"`
	By   string    `json:"attached_by"`
	// Until is when it ends; nil is open ended.
	Until *time.Time `json:"until"`
}

// Store is what this area needs of storage. Every method takes part in the transaction that its context carries.
type Store interface {
	// List returns the system documents, then the custom ones by name; attachments are counted as of now.
	List(ctx context.Context, now time.Time) ([]Policy, error)
	// Insert makes a custom document and returns it with its id.
	Insert(ctx context.Context, p Policy, by access.PrincipalID) (Policy, error)
	// SetStatements writes what a custom document says if the version still is version, and raises it; otherwise ok is false.
	SetStatements(ctx context.Context, id access.PolicyID, s []access.Statement, version int64, by access.PrincipalID, at time.Time) (ok bool, err error)
	// Delete removes a custom document if the version still is version, with all attachments of it; otherwise ok is false.
	Delete(ctx context.Context, id access.PolicyID, version int64) (ok bool, err error)
	// Attachments lists the attachments in force at now by name of the principal, then of the document: of one document, or
	// of one principal, or with both of the one; 0 is any.
	Attachments(ctx context.Context, id access.PolicyID, p access.PrincipalID, now time.Time) ([]Attachment, error)
	// Principals finds principals and groups by name, in order; fault.NotFound (what: user) for the first unknown one.
	Principals(ctx context.Context, names []string) ([]access.Principal, error)
	// Attach attaches a document, replacing an attachment of it to the same principal; a zero until is open ended.
	Attach(ctx context.Context, id access.PolicyID, p, by access.PrincipalID, at, until time.Time) error
	// Detach takes a document away from a principal; one that is not attached does nothing.
	Detach(ctx context.Context, id access.PolicyID, p access.PrincipalID) error
	AccessState(ctx context.Context, s control.Scope) (access.State, error)
}
