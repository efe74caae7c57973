package screen

import (
	"strings"
	"unicode"
)

// Words splits a list that was typed: names with spaces or commas between them.
func Words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) })
}
