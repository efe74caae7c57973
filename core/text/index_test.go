package text_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"reeve/core/text"
)

// TestASetOfNamesAnswersAsTheFunctionDoes compares both on words that are near, far, part of one another and empty.
func TestASetOfNamesAnswersAsTheFunctionDoes(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7)) // #nosec G404 -- the same words every time
	var names []string
	for i := range 400 {
		names = append(names, fmt.Sprintf("%c%c.%c%d", 'a'+random.IntN(6), 'a'+random.IntN(6), 'k'+random.IntN(4), i%30))
	}
	names = append(names, "", "ÄÖ", "äö.long", "李雷", "李雷.dev", "  Zoe  ")
	set := text.NewNames(names)
	for _, typed := range append(slices.Clone(names), "", "zo", "zoe", "zeo", "李", "ab.k", "ba.l1", "nothing at all like it") {
		if got, want := set.Nearest(typed, 3), text.Nearest(typed, names, 3); !slices.Equal(got, want) {
			t.Errorf("%q: the set finds %v, the function %v", typed, got, want)
		}
	}
}
