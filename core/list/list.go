// Package list is the one shape in which every area is listed: a filter as people type it, a sort, and pages that go by
// key and never by offset, so that a page costs the same wherever it stands.
package list

import "strings"

// Page sizes, in rows.
const (
	DefaultLimit = 50
	MaxLimit     = 1000
)

// Key is the place of a row in a sorted list: the value sorted by (a string, or an int64 for numbers and times) and the
// row's id, which breaks ties.
type Key struct {
	Value any
	ID    int64
}

// Sort names the column sorted by; an empty Field is the area's own order.
type Sort struct {
	Field string
	Desc  bool
}

// Query asks for one page.
type Query struct {
	Filter Filter
	Sort   Sort
	// From is the row to go on after, nil for the first page (with Backward: the last). Inclusive keeps that row.
	From      *Key
	Inclusive bool
	// Backward walks towards the start of the list; the page still comes in the list's order.
	Backward bool
	// Limit is the number of rows, 1 to MaxLimit; 0 means DefaultLimit.
	Limit int
	// Count also asks for Total and Start, which cost a walk over the index.
	Count bool
}

// Size is the limit to use.
func (q Query) Size() int {
	switch {
	case q.Limit <= 0:
		return DefaultLimit
	case q.Limit > MaxLimit:
		return MaxLimit
	}
	return q.Limit
}

// Page is a run of rows in the list's order. Keys has one key for each item.
type Page[T any] struct {
	Items []T
	Keys  []Key
	// Total is how many rows pass the filter and Start how many of them stand before the first item; both are -1 unless
	// the query asked for a count.
	Total, Start int
}

// Term is one condition of a filter. Field is empty for "anywhere in the row".
type Term struct {
	Field string
	Value string
	Not   bool
}

// Filter is a conjunction of terms.
type Filter []Term

// ParseFilter reads a filter as typed: words that must all occur, `field:value` to narrow to a column, `!` before a word to
// exclude, quotes around words with spaces. Any text is a filter; there are no syntax errors.
func ParseFilter(s string) Filter {
	var f Filter
	for _, word := range splitWords(s) {
		t := Term{}
		if rest, ok := strings.CutPrefix(word, "!"); ok && rest != "" {
			t.Not, word = true, rest
		}
		if field, value, ok := strings.Cut(word, ":"); ok && field != "" && value != "" && !strings.ContainsAny(field, `" `) {
			t.Field, word = strings.ToLower(field), value
		}
		t.Value = strings.ReplaceAll(word, `"`, "")
		if t.Value != "" {
			f = append(f, t)
		}
	}
	return f
}

// String is the filter as it would be typed.
func (f Filter) String() string {
	parts := make([]string, len(f))
	for i, t := range f {
		s := t.Value
		// Quotes keep spaces together and take away what ! and : mean.
		if strings.ContainsAny(s, " \t") || t.Field == "" && (strings.HasPrefix(s, "!") || strings.Contains(s, ":")) {
			s = `"` + s + `"`
		}
		if t.Field != "" {
			s = t.Field + ":" + s
		}
		if t.Not {
			s = "!" + s
		}
		parts[i] = s
	}
	return strings.Join(parts, " ")
}

func splitWords(s string) []string {
	var words []string
	var b strings.Builder
	quoted := false
	for _, r := range s {
		switch {
		case r == '"':
			quoted = !quoted
			b.WriteRune(r)
		case !quoted && (r == ' ' || r == '\t'):
			if b.Len() > 0 {
				words = append(words, b.String())
				b.Reset()
			}
		default:
			b.WriteRune(r)
		}
	}
	if b.Len() > 0 {
		words = append(words, b.String())
	}
	return words
}
