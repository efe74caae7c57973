package access

import (
	"slices"
	"strings"
)

// actionListUsers is published in AliyunDataWorksReadOnlyAccess alone, and not
// among what the documentation of custom policies names.
const actionListUsers = productPrefix + "ListUserResources"

// FindAction finds the operation that a question is about by its name, in upper
// or lower case, and spells it as it is published. A question about a pattern
// has no answer, and none about an operation that the console does not have:
// "denied" would hide that the name was misspelt. What other services have, and
// what calls there are under ScopeOpenAPI, is not known here and taken as it is.
// The error is an *UnknownError.
func FindAction(s, scope string) (string, error) {
	given := strings.TrimSpace(s)
	known := []string{actionListUsers}
	for _, a := range ConsoleActions() {
		known = append(known, a.Action)
	}
	if i := slices.IndexFunc(known, func(a string) bool { return strings.EqualFold(a, given) }); i >= 0 {
		return known[i], nil
	}
	service, operation, named := strings.Cut(given, ":")
	if !named {
		service, operation = "", given
	}
	ours := !named || strings.EqualFold(service+":", productPrefix) && scope != ScopeOpenAPI
	if !ours && service != "" && operation != "" && !strings.ContainsAny(given, "*?") {
		return given, nil
	}
	var near nearest
	for _, a := range known {
		near.consider(foldName(operation), strings.TrimPrefix(a, productPrefix), a)
	}
	return "", &UnknownError{Kind: "action", Given: s, Nearest: near.labels()}
}
