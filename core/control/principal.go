package control

import (
	"strings"
	"unicode"

	"reeve/core/text"
)

// PrincipalName is the rule for the names of principals: 1 to 64 letters, digits and . - _ @, a letter or digit first. The
// vendor's directory takes ASCII only; letters of other scripts are ours, because directories that people bring have them.
func PrincipalName() text.Rule {
	letterOrDigit := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return text.Rule{Key: true, Min: 1, Max: 64, First: letterOrDigit, Form: "fault.user.name.form", Rest: func(r rune) bool {
		return letterOrDigit(r) || unicode.Is(unicode.Mn, r) || strings.ContainsRune(".-_@", r)
	}}
}
