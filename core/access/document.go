package access

// PolicyID is the database id of a policy of the console plane. System
// policies have 1 to 999, custom policies 1000 and above.
type PolicyID uint32

// Document is a policy of the console plane.
type Document struct {
	ID     PolicyID
	Name   string
	System bool
	// Power is what an attachment of a system policy gives besides its
	// statements; PowerNone for all but two.
	Power      Power
	Statements []Statement
	// Derived says that Statements are our reading of prose.
	Derived bool
}

// Statement allows or denies actions on resources. It applies to a question
// when one of its actions, one of its resources and its scope do.
type Statement struct {
	Deny bool
	// Actions and Resources are patterns: "*" stands for any number of any
	// characters, "?" for exactly one. Actions are compared without regard to
	// case, resources exactly.
	Actions   []string
	Resources []string
	// Scopes are those of the condition dataworks:Scope, ScopePage or
	// ScopeOpenAPI; empty means both.
	Scopes []string
}

// The scopes of an operation: in a page of the console, or by a call of the API.
const (
	ScopePage    = "Page"
	ScopeOpenAPI = "OpenAPI"
)

// Attachment gives a policy to a principal.
type Attachment struct {
	ID        GrantID
	Principal PrincipalID
	Policy    PolicyID
	By        PrincipalID
	At        int64 // Unix seconds
	// Until is when it ends, in Unix seconds; 0 is open ended. At that very
	// second it is over.
	Until int64
}

func (a Attachment) inForce(now int64) bool { return a.Until == 0 || a.Until > now }
