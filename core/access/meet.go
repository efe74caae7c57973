package access

import (
	"slices"
	"strings"
)

// meet lists patterns that together match exactly what both of two patterns match.
// No wildcard of b ever stands for a colon or a slash.
// There may be more of them than anybody writes on purpose: of those, the first are
// kept.
func meet(a, b string) []string {
	switch {
	case a == b || a == "*":
		return []string{b}
	case !wild(b):
		if matches(a, b, false) {
			return []string{b}
		}
		return nil
	case strings.ContainsAny(a, separators):
	case b == "*" || !wild(a) && matches(b, a, false):
		return []string{a}
	case !wild(a):
		return nil
	}
	m := meeting{a: []rune(a), b: []rune(b), known: map[[2]int][]string{}}
	return widest(m.from(0, 0))
}

// wild says whether a pattern matches anything but itself.
func wild(pattern string) bool { return strings.ContainsAny(pattern, "*?") }

// separators are what lies between the parts of a name.
const separators = ":/"

// maxMeeting bounds the patterns that two come to.
const maxMeeting = 32

// meeting is meet under way, from both beginnings to both ends.
type meeting struct {
	a, b  []rune
	known map[[2]int][]string
}

// from is what the rests of both have in common.
func (m meeting) from(i, j int) []string {
	at := [2]int{i, j}
	if list, known := m.known[at]; known {
		return list
	}
	list := m.rests(i, j)
	slices.Sort(list)
	list = slices.Compact(list)
	m.known[at] = list[:min(len(list), maxMeeting)]
	return m.known[at]
}

func (m meeting) rests(i, j int) []string {
	a, b := runeAt(m.a, i), runeAt(m.b, j)
	switch {
	case a == ended && b == ended:
		return []string{""}
	case a == '*' && b == '*':
		return append(prefixed("*", m.from(i+1, j)), prefixed("*", m.from(i, j+1))...)
	case a == '*':
		list := slices.Clone(m.from(i+1, j))
		if b != ended {
			list = append(list, prefixed(string(b), m.from(i, j+1))...)
		}
		return list
	case b == '*':
		list := slices.Clone(m.from(i, j+1))
		if a != ended && !strings.ContainsRune(separators, a) {
			list = append(list, prefixed(string(a), m.from(i+1, j))...)
		}
		return list
	case a == ended || b == ended:
		return nil
	case a == '?' || a == b:
		return prefixed(string(b), m.from(i+1, j+1))
	case b == '?' && !strings.ContainsRune(separators, a):
		return prefixed(string(a), m.from(i+1, j+1))
	}
	return nil
}

// ended stands for the end of a pattern.
const ended rune = -1

func runeAt(pattern []rune, i int) rune {
	if i == len(pattern) {
		return ended
	}
	return pattern[i]
}

// prefixed puts something before each; a second star says no more than one.
func prefixed(prefix string, list []string) []string {
	out := make([]string, len(list))
	for i, rest := range list {
		if prefix == "*" && strings.HasPrefix(rest, "*") {
			out[i] = rest
		} else {
			out[i] = prefix + rest
		}
	}
	return out
}

// widest leaves out the patterns that another covers. Where that has question marks
// it cannot be told from a sample, whose stars are never empty, and both are kept.
func widest(list []string) []string {
	var kept []string
	for i, one := range list {
		covered := func(other string) bool { return !strings.Contains(other, "?") && matches(other, sample(one), false) }
		if !slices.ContainsFunc(list[:i], covered) && !slices.ContainsFunc(list[i+1:], covered) {
			kept = append(kept, one)
		}
	}
	return kept
}

// sample is a name that a pattern matches and others only if they cover it: its
// wildcards stand for runes that nobody writes, and a star for more of them than
// anybody writes question marks.
func sample(pattern string) string { return sampled.Replace(pattern) }

var sampled = strings.NewReplacer("*", strings.Repeat("\uE000", 64), "?", "\uE001")
