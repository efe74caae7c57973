package screen

import (
	"strings"
	"unicode"
)

// Words splits a list that was typed: names with spaces, commas or semicolons between them, of either width.
func Words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;，、；", r) || unicode.IsSpace(r) })
}
