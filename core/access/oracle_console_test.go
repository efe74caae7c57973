package access

import (
	"strings"
	"unicode"
)

// What the prose says of the console plane.

// naiveMatch tries everything a pattern can mean.
func naiveMatch(pattern, text []rune, fold bool) bool {
	if len(pattern) == 0 {
		return len(text) == 0
	}
	if pattern[0] == '*' {
		return naiveMatch(pattern[1:], text, fold) || len(text) > 0 && naiveMatch(pattern, text[1:], fold)
	}
	if len(text) == 0 {
		return false
	}
	same := pattern[0] == '?' || pattern[0] == text[0] ||
		fold && unicode.ToLower(pattern[0]) == unicode.ToLower(text[0])
	return same && naiveMatch(pattern[1:], text[1:], fold)
}

// about says whether the statement speaks of the operation.
func about(s Statement, action, resource, scope string) bool {
	ofAction, ofResource, ofScope := false, false, len(s.Scopes) == 0
	for _, pattern := range s.Actions {
		ofAction = ofAction || naiveMatch([]rune(pattern), []rune(action), true)
	}
	for _, pattern := range s.Resources {
		ofResource = ofResource || naiveMatch([]rune(pattern), []rune(resource), false)
	}
	for _, one := range s.Scopes {
		ofScope = ofScope || one == scope
	}
	return ofAction && ofResource && ofScope
}

func (o oracle) operates(q ConsoleQuestion) bool {
	scope := q.Scope
	if scope == "" {
		scope = "Page"
	}
	if _, exists := o.find(q.Principal); !exists || q.Action == "" || q.Resource == "" || scope != "Page" && scope != "OpenAPI" {
		return false
	}
	if o.isDisabled(q.Principal) {
		return false
	}
	power := o.power(q.Principal)
	if power == PowerAccount {
		return true
	}
	allowed := power == PowerAdministrator ||
		power == PowerFullAccess && strings.HasPrefix(strings.ToLower(q.Action), "dataworks:")
	for _, d := range o.policies(q.Principal) {
		for _, s := range d.Statements {
			if about(s, q.Action, q.Resource, scope) {
				if s.Deny {
					return false
				}
				allowed = true
			}
		}
	}
	return allowed
}

// isBarred says whether everything of the product is closed or denied in the
// scope. In these worlds, "everything" is written in one of a few ways.
func (o oracle) isBarred(p PrincipalID, scope string) bool {
	if o.isDisabled(p) {
		return true
	}
	if o.power(p) == PowerAccount {
		return false
	}
	for _, d := range o.policies(p) {
		for _, s := range d.Statements {
			// No action and no thing has these names, so that only a pattern that
			// covers everything covers them.
			if s.Deny && about(s, "dataworks:\x01\x02\x03", "acs:dataworks:\x01:\x02:\x03", scope) {
				return true
			}
		}
	}
	return false
}
