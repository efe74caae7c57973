package screen

import (
	"strconv"
	"strings"
	"unicode"
)

// Words splits a list that was typed: names with spaces, commas or semicolons between them, of either width.
func Words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;，、；", r) || unicode.IsSpace(r) })
}

// someNames bounds the names that one line says.
const someNames = 8

// Some are the first of several names, and how many more there are.
func Some(names []string) string {
	line := strings.Join(names[:min(len(names), someNames)], ", ")
	if more := len(names) - someNames; more > 0 {
		line += " … +" + strconv.Itoa(more)
	}
	return line
}
