package text

import (
	"math/bits"
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
	if want == "" {
		return nil
	}
	runes, has := []rune(want), letters(want)
	limit := max(2, len(runes)/3)
	var near []string
	for i := range n.names {
		if n.names[i].within(want, runes, has, limit) {
			near = append(near, n.names[i].name)
		}
	}
	return Nearest(typed, near, most)
}

// within tells of names that can be near enough; it may say yes to some that are not. Every letter that one name has and the
// other has not takes a slip of its own.
func (i *indexed) within(want string, runes []rune, has uint64, limit int) bool {
	if strings.Contains(i.folded, want) || strings.Contains(want, i.folded) {
		return true
	}
	if d := len(runes) - len(i.runes); d > limit || -d > limit {
		return false
	}
	return bits.OnesCount64(has&^i.letters) <= limit && bits.OnesCount64(i.letters&^has) <= limit
}
