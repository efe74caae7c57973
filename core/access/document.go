package access

import (
	"slices"
)

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

// clone shares nothing with the statement.
func (s Statement) clone() Statement {
	s.Actions, s.Resources, s.Scopes = slices.Clone(s.Actions), slices.Clone(s.Resources), slices.Clone(s.Scopes)
	return s
}

// problem is what is wrong with the statement, or "".
func (s Statement) problem() string {
	switch {
	case len(s.Actions) == 0:
		return "it names no action"
	case len(s.Resources) == 0:
		return "it names no resource"
	case slices.Contains(s.Actions, ""):
		return "an action is empty"
	case slices.Contains(s.Resources, ""):
		return "a resource is empty"
	case slices.ContainsFunc(s.Scopes, func(scope string) bool { return !isScope(scope) }):
		return "a scope is neither Page nor OpenAPI"
	}
	return ""
}

// isScope says whether it is one of the two.
func isScope(scope string) bool { return scope == ScopePage || scope == ScopeOpenAPI }

func (s Statement) inScope(scope string) bool {
	return len(s.Scopes) == 0 || slices.Contains(s.Scopes, scope)
}

// applies says whether the statement is about the action on the resource.
func (s Statement) applies(action, resource, scope string) bool {
	return s.inScope(scope) && anyMatches(s.Actions, action, true) && anyMatches(s.Resources, resource, false)
}

// bars says whether the policy denies everything of the product in the scope.
func (d Document) bars(scope string) bool {
	return slices.ContainsFunc(d.Statements, func(s Statement) bool {
		return s.Deny && s.inScope(scope) &&
			slices.ContainsFunc(s.Actions, everyAction) && slices.ContainsFunc(s.Resources, everyResource)
	})
}

// Verdict is what a policy alone says to an operation.
type Verdict uint8

const (
	// Silent: no statement applies.
	Silent Verdict = iota
	// Allows: a statement allows, and none denies.
	Allows
	// Denies: a statement denies.
	Denies
)

// Simulate is what the policy alone says to an action on a resource in a scope,
// where "" is ScopePage. The power of a system policy is not part of it.
func (d Document) Simulate(action, resource, scope string) Verdict {
	if scope == "" {
		scope = ScopePage
	}
	verdict := Silent
	for _, s := range d.Statements {
		if !s.applies(action, resource, scope) {
			continue
		}
		if s.Deny {
			return Denies
		}
		verdict = Allows
	}
	return verdict
}

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
