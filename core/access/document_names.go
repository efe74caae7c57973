package access

import (
	"errors"
	"slices"
	"strings"
)

// UnknownOperation is an action of a policy that names nothing the console has,
// and where it stands.
type UnknownOperation struct {
	// Line and Column count from 1; the column counts bytes.
	Line, Column int
	Action       string
	Nearest      []string // nearest first; may be empty
}

// UnknownOperations finds, in as much of the text of a policy as can be read, the
// actions that name no operation of the console: they read as if they did
// something, and do nothing. A statement for ScopeOpenAPI alone may name any call,
// for their list is not known here, and so may a pattern that is not for ScopePage
// alone; what other services have is not looked at. It is for what somebody
// writes now: what was stored before the list was known stays readable.
func UnknownOperations(text []byte) []UnknownOperation {
	r := read(text)
	var found []UnknownOperation
	for i, s := range r.statements {
		if !r.places[i].scoped {
			continue // which operations there are depends on it
		}
		for k, action := range s.Actions {
			if near, unknown := s.unknown(action); unknown {
				line, column := position(text, r.places[i].actions[k])
				found = append(found, UnknownOperation{Line: line, Column: column, Action: action, Nearest: near})
			}
		}
	}
	return found
}

// unknown says whether an action of the statement names no operation, and which
// ones come near.
func (s Statement) unknown(action string) (near []string, unknown bool) {
	pageOnly := len(s.Scopes) > 0 && !slices.Contains(s.Scopes, ScopeOpenAPI)
	if strings.ContainsAny(action, "*?") {
		return nil, pageOnly && !coversSome(action)
	}
	scope := ScopePage
	if len(s.Scopes) > 0 && !slices.Contains(s.Scopes, ScopePage) {
		scope = ScopeOpenAPI
	}
	_, err := FindAction(action, scope)
	var name *UnknownError
	if errors.As(err, &name) {
		return name.Nearest, true
	}
	return nil, false
}

// coversSome says whether a pattern covers an operation of the console, or may be
// about another service.
func coversSome(pattern string) bool {
	service, _, named := strings.Cut(pattern, ":")
	if named && !matches(service+":", productPrefix, true) {
		return true
	}
	return matches(pattern, actionListUsers, true) ||
		slices.ContainsFunc(ConsoleActions(), func(a ConsoleAction) bool { return matches(pattern, a.Action, true) })
}

// UnreachableResource is a resource of a policy that no resource name can match,
// and where it stands; lines and columns as in UnknownOperation.
type UnreachableResource struct {
	Line, Column int
	Resource     string
}

// UnreachableResources finds, in as much of the text of a policy as can be read,
// the resources that match nothing whatever there is: names are
// acs:service:region:account:resource, and a statement about anything else reads
// as if it did something. It is for what somebody writes now, as UnknownOperations.
func UnreachableResources(text []byte) []UnreachableResource {
	r := read(text)
	var found []UnreachableResource
	for i, s := range r.statements {
		for k, resource := range s.Resources {
			if !reachable(resource) {
				line, column := position(text, r.places[i].resources[k])
				found = append(found, UnreachableResource{Line: line, Column: column, Resource: resource})
			}
		}
	}
	return found
}

// resourcePrefix begins every resource name; resourceParts is how many colons one has at least.
const (
	resourcePrefix = "acs:"
	resourceParts  = 4
)

// reachable says whether a pattern can match some resource name.
func reachable(pattern string) bool {
	literal := pattern
	if i := strings.IndexAny(pattern, "*?"); i >= 0 {
		literal = pattern[:i]
	}
	begins := strings.HasPrefix(literal, resourcePrefix) || literal != pattern && strings.HasPrefix(resourcePrefix, literal)
	return begins && (strings.Contains(pattern, "*") || strings.Count(pattern, ":")+strings.Count(pattern, "?") >= resourceParts)
}
