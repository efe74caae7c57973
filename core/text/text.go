// Package text keeps text that came from outside (names, errors of other systems, files) harmless and readable.
//
// Everything a face prints that a person or another system once typed passes Clean; everything a person types into
// reeve passes Check before it is stored. Neither replaces the other: old data, imports and other systems' answers reach
// the screen without ever having been checked.
package text

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Clean returns s with every rune that a terminal or a log reader could act on, or that a person could not see, replaced
// by a visible mark such as <001B>: control and format characters (which include the bidirectional overrides), line and
// paragraph separators, private use, surrogates, tag characters, and bytes that are not UTF-8. It allocates nothing
// when there is nothing to replace.
func Clean(s string) string {
	i := firstUnsafe(s)
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	b.WriteString(s[:i])
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size <= 1:
			writeMark(&b, rune(s[i]))
			size = 1
		case Unsafe(r):
			writeMark(&b, r)
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

// Unsafe reports whether r must not reach a terminal as it is. A zero-width joiner is format (Cf) and counts: joined
// emoji in a name are rarely worth the names that look alike because of it.
func Unsafe(r rune) bool {
	switch {
	case r < 0x20 || r >= 0x7f && r < 0xa0:
		return true
	case r < 0x7f:
		return false
	case r == utf8.RuneError, r == '\u2028', r == '\u2029', r == '\u115f', r == '\u1160', r == '\u3164', r == '\uffa0':
		return true
	case r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef:
		return true // variation selectors change widths from terminal to terminal
	}
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) || unicode.Is(unicode.Cs, r)
}

// FirstUnsafe returns the first rune of s that Clean would replace.
func FirstUnsafe(s string) (rune, bool) {
	i := firstUnsafe(s)
	if i < 0 {
		return 0, false
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	if r == utf8.RuneError && size <= 1 {
		return rune(s[i]), true
	}
	return r, true
}

// Mark is how Clean shows r.
func Mark(r rune) string {
	var b strings.Builder
	writeMark(&b, r)
	return b.String()
}

// EscapeJSON writes the unsafe characters that JSON allows as they are, which stand in strings only, as escapes.
func EscapeJSON(data []byte) []byte {
	var out []byte
	for _, r := range string(data) {
		if r == '\n' || !Unsafe(r) {
			out = utf8.AppendRune(out, r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			out = fmt.Appendf(out, "\\u%04x", unit)
		}
	}
	return out
}

// Fold is the form under which two names count as the same: lower case, without surrounding space.
func Fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// Normal is text in the form NFKC, in which what is typed in several ways is the same: letters with their marks, letters of full width.
func Normal(s string) string { return norm.NFKC.String(s) }

// Once are names without those that stand a second time, in any case, as the first of them is spelled.
func Once(names []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, n := range names {
		if key := Fold(n); !seen[key] {
			seen[key] = true
			out = append(out, n)
		}
	}
	return out
}

func firstUnsafe(s string) int {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c < 0x20 || c == 0x7f {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size <= 1 || Unsafe(r) {
			return i
		}
		i += size
	}
	return -1
}

func writeMark(b *strings.Builder, r rune) {
	hex := strings.ToUpper(strconv.FormatInt(int64(r), 16))
	b.WriteByte('<')
	for n := len(hex); n < 4; n++ {
		b.WriteByte('0')
	}
	b.WriteString(hex)
	b.WriteByte('>')
}

// Quoted is a name as it stands in a sentence: in quotation marks if one could not see otherwise where it begins and ends.
func Quoted(s string) string {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;:()", r) }) {
		return "“" + s + "”"
	}
	return s
}
