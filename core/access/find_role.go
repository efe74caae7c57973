package access

import (
	"slices"
	"strings"
)

// FindRole finds a role by what a person would call it: by its code; a
// built-in role by its English name or an alias in any spelling, or by its
// Chinese name; a custom role by its own name, exactly or else without regard
// to case. A name shared by a custom and a built-in role is ambiguous, so that
// no role can pose as another; its code always works.
// The error is an *UnknownError.
func FindRole(roles []Role, s string) (Role, error) {
	given := strings.TrimSpace(s)
	if i := slices.IndexFunc(roles, func(r Role) bool { return r.Code != "" && r.Code == given }); i >= 0 {
		return roles[i], nil
	}
	var named []Role
	for _, r := range roles {
		if r.isCalled(given) {
			named = append(named, r)
		}
	}
	if len(named) > 1 && !slices.ContainsFunc(named, func(r Role) bool { return r.Kind == Builtin }) {
		named = preferExact(named, given)
	}
	switch len(named) {
	case 0:
		return Role{}, &UnknownError{Kind: "role", Given: s, Nearest: nearestRoles(roles, given)}
	case 1:
		return named[0], nil
	}
	return Role{}, &UnknownError{Kind: "role", Given: s, Ambiguous: true, Nearest: roleCodes(named)}
}

// isCalled says whether the role answers to a name that is not its code.
func (r Role) isCalled(given string) bool {
	if r.Kind == Custom {
		return given != "" && (strings.EqualFold(r.Name, given) || strings.EqualFold(r.Code, given))
	}
	folded := foldName(given)
	if folded == "" {
		return false
	}
	return slices.ContainsFunc(r.names(), func(name string) bool { return foldName(name) == folded })
}

func (r Role) names() []string {
	return append([]string{r.Code, r.Name, r.NameZH}, r.Aliases...)
}

// preferExact narrows roles down to those spelled as given, where there are
// any.
func preferExact(named []Role, given string) []Role {
	var exact []Role
	for _, r := range named {
		if r.Name == given {
			exact = append(exact, r)
		}
	}
	if len(exact) == 0 {
		return named
	}
	return exact
}

func nearestRoles(roles []Role, given string) []string {
	var near nearest
	folded := foldName(given)
	for _, r := range roles {
		for _, name := range r.names() {
			near.consider(folded, name, r.Name)
		}
	}
	return near.labels()
}

func roleCodes(roles []Role) []string {
	codes := make([]string, len(roles))
	for i, r := range roles {
		codes[i] = r.Code
	}
	slices.Sort(codes)
	return codes
}
