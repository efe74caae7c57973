package text

import (
	"slices"
	"strings"
)

// Nearest returns up to n of names that come nearest to what was typed, best first: those that contain it or are contained
// in it, then those a few slips of the finger away. Case does not count.
func Nearest(typed string, names []string, n int) []string {
	type candidate struct {
		name string
		cost int
	}
	want := []rune(Fold(typed))
	if len(want) == 0 {
		return nil
	}
	limit := slips(len(want))
	var found []candidate
	for _, name := range names {
		have := Fold(name)
		if have == "" {
			continue
		}
		cost := distance(want, []rune(have))
		if strings.Contains(have, string(want)) || strings.Contains(string(want), have) {
			cost = min(cost, 1)
		}
		if cost <= limit {
			found = append(found, candidate{name, cost})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		if a.cost != b.cost {
			return a.cost - b.cost
		}
		return strings.Compare(a.name, b.name)
	})
	var out []string
	for _, c := range found[:min(n, len(found))] {
		out = append(out, c.name)
	}
	return out
}

// slips is how many slips of the finger a name of so many letters may be away. With two of them every name of two letters would be near.
func slips(letters int) int {
	if letters <= 2 {
		return 1
	}
	return max(2, letters/3)
}

// distance is the Levenshtein distance of a and b.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
