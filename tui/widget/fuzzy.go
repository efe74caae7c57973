package widget

import (
	"sort"
	"strings"
	"unicode"
)

// fuzzyScore tells how well the letters of the query, in their order, are
// found in s. Letters at the beginning of words and runs of letters count
// more, letters skipped before the first count less. ok is false when a
// letter is missing. Case and spaces in the query do not matter.
func fuzzyScore(query, s string) (score int, ok bool) {
	want := make([]rune, 0, len(query))
	for _, r := range query {
		if r != ' ' {
			want = append(want, unicode.ToLower(r))
		}
	}
	next, run, position := 0, 0, 0
	previous := ' '
	for _, r := range s {
		if next == len(want) {
			break
		}
		if unicode.ToLower(r) == want[next] {
			next++
			run++
			score += 2 * run
			if !unicode.IsLetter(previous) && !unicode.IsDigit(previous) {
				score += 8
			}
			if position == 0 {
				score += 4
			}
		} else {
			run = 0
			if next == 0 {
				score--
			}
		}
		previous = r
		position++
	}
	if next < len(want) {
		return score, false
	}
	return score + unbroken(query, s), true
}

// unbroken is what it counts that the query stands in s as it was typed, most
// at the beginning of a word: whoever types three letters of a word means it.
func unbroken(query, s string) int {
	at := strings.Index(strings.ToLower(s), strings.ToLower(strings.TrimSpace(query)))
	switch {
	case at < 0:
		return 0
	case at == 0 || s[at-1] == ' ':
		return 40
	default:
		return 20
	}
}

// fuzzyRank returns the indexes of the items that score finds, in the order
// they have or, when ranked, best first; equal ones stay in their order.
func fuzzyRank(n int, ranked bool, score func(int) (int, bool)) []int {
	type hit struct{ index, score int }
	hits := make([]hit, 0, n)
	for i := range n {
		if score, ok := score(i); ok {
			hits = append(hits, hit{i, score})
		}
	}
	if ranked {
		sort.SliceStable(hits, func(a, b int) bool { return hits[a].score > hits[b].score })
	}
	found := make([]int, len(hits))
	for i, h := range hits {
		found[i] = h.index
	}
	return found
}
