package text

import (
	"math/bits"
	"slices"
	"strings"
)

// Names finds the nearest of a fixed set of names, for many questions one after the other: what Nearest works out for each of
// them is worked out once.
type Names struct {
	names []indexed
}

type indexed struct {
	name, folded string
	runes        []rune
	letters      uint64
}

// NewNames makes the set.
func NewNames(names []string) *Names {
	n := &Names{names: make([]indexed, 0, len(names))}
	for _, name := range names {
		if folded := Fold(name); folded != "" {
			n.names = append(n.names, indexed{name, folded, []rune(folded), letters(folded)})
		}
	}
	return n
}

// letters is a set of the characters in s, each as one of 64 bits.
func letters(s string) (set uint64) {
	for _, r := range s {
		set |= 1 << (uint64(uint32(r)) % 64) // #nosec G115 -- a rune is never negative here, and only its lowest bits count
	}
	return set
}

// Nearest answers what the function Nearest would, for the names of the set.
func (n *Names) Nearest(typed string, most int) []string {
	want := Fold(typed)
	if want == "" || most <= 0 {
		return nil
	}
	q := question{want: want, runes: []rune(want), letters: letters(want), row: make([]int, 0, 64)}
	limit := slips(len(q.runes))
	type candidate struct {
		name string
		cost int
	}
	var best []candidate
	for i := range n.names {
		cost := q.cost(&n.names[i], limit)
		if cost > limit {
			continue
		}
		c := candidate{n.names[i].name, cost}
		at, _ := slices.BinarySearchFunc(best, c, func(a, b candidate) int {
			if a.cost != b.cost {
				return a.cost - b.cost
			}
			return strings.Compare(a.name, b.name)
		})
		best = slices.Insert(best, at, c)
		if len(best) > most {
			best = best[:most]
		}
		if len(best) == most {
			limit = best[most-1].cost // only what is as near as the farthest of them can still take a place
		}
	}
	var out []string
	for _, c := range best {
		out = append(out, c.name)
	}
	return out
}

// question is a name that was typed, with the memory to compare it in.
type question struct {
	want    string
	runes   []rune
	letters uint64
	row     []int
}

// cost is how far a name is from what was typed, or anything above limit if it is farther than that.
func (q *question) cost(name *indexed, limit int) int {
	if strings.Contains(name.folded, q.want) || strings.Contains(q.want, name.folded) {
		if name.folded == q.want {
			return 0
		}
		return 1
	}
	if d := len(q.runes) - len(name.runes); d > limit || -d > limit {
		return limit + 1
	}
	// Every letter that one name has and the other has not takes a slip of its own.
	if bits.OnesCount64(q.letters&^name.letters) > limit || bits.OnesCount64(name.letters&^q.letters) > limit {
		return limit + 1
	}
	return q.within(name.runes, limit)
}

// within is the Levenshtein distance, given up where it is above limit: only what lies within limit of the diagonal is looked at.
func (q *question) within(b []rune, limit int) int {
	far := limit + 1
	row := q.row[:0]
	for j := 0; j <= len(b); j++ {
		row = append(row, min(j, far))
	}
	q.row = row
	for i := range q.runes {
		from, to := max(0, i-limit), min(len(b), i+limit+1)
		diagonal := row[from]
		if from == 0 {
			row[0] = min(i+1, far)
		} else {
			row[from] = far
		}
		least := row[from]
		for j := from; j < to; j++ {
			change := diagonal
			if q.runes[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			above := row[j+1]
			if j == i+limit { // the last of the band has nothing above it
				above = far
			}
			row[j+1] = min(change, above+1, row[j]+1, far)
			least = min(least, row[j+1])
		}
		if least >= far {
			return far
		}
	}
	return row[len(b)]
}
