package access

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// UnknownError says that a name leads to nothing, or to more than one thing.
type UnknownError struct {
	Kind  string // what was looked for: "module", "level" or "role"
	Given string // what was asked for, as it was given
	// Ambiguous says that several have this name; Nearest then tells them apart.
	Ambiguous bool
	Nearest   []string // what may have been meant, nearest first; may be empty
}

func (e *UnknownError) Error() string {
	if e.Ambiguous {
		return fmt.Sprintf("%s %q is ambiguous: it may be %s", e.Kind, e.Given, strings.Join(e.Nearest, ", "))
	}
	if len(e.Nearest) == 0 {
		return fmt.Sprintf("unknown %s %q", e.Kind, e.Given)
	}
	return fmt.Sprintf("unknown %s %q: did you mean %s?", e.Kind, e.Given, strings.Join(e.Nearest, ", "))
}

// foldName reduces a name to what its spellings have in common: its letters
// and digits, in lower case. "Workspace-Manager" and "workspace manager" are
// one, and so are "O&M" and "om".
func foldName(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

const (
	maxSuggestions = 3
	// Names are short; what is longer than this resembles none of them, and
	// the distance costs the product of both lengths.
	maxCompared = 64
)

// nearest collects the labels whose names are most like a given one.
type nearest struct{ found []suggestion }

type suggestion struct {
	label    string
	distance int
}

// consider offers a name under a label. given is folded already.
func (n *nearest) consider(given, name, label string) {
	a, b := []rune(given), []rune(foldName(name))
	if len(a) == 0 || len(a) > maxCompared || len(b) > maxCompared {
		return
	}
	distance := editDistance(a, b)
	if strings.HasPrefix(string(b), given) {
		distance = 0
	}
	if distance <= max(1, len(a)/3) {
		n.found = append(n.found, suggestion{label, distance})
	}
}

// labels are the best few, each once, nearest first.
func (n *nearest) labels() []string {
	slices.SortFunc(n.found, func(a, b suggestion) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.label, b.label))
	})
	var list []string
	for _, s := range n.found {
		if len(list) < maxSuggestions && !slices.Contains(list, s.label) {
			list = append(list, s.label)
		}
	}
	return list
}

// editDistance is the number of letters to insert, delete or replace.
func editDistance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			replaced := diagonal
			if x != y {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
