package peers

import "fmt"

// The budgets of a decision.
const (
	// MostLookups is how many look-ups in a bare map it may cost.
	MostLookups = 2.0
	// LeastFaster is how many times faster than the fastest peer it must be.
	LeastFaster = 100.0
)

// Missed lists the budgets that were not kept, in words. The results must hold
// one without a module that is reeve's; peers are those with one.
func Missed(reeve Result, peers []Result, lookups float64) []string {
	var missed []string
	if reeve.AllocsPerOp > 0 {
		missed = append(missed, fmt.Sprintf("a decision allocates %d times, not 0", reeve.AllocsPerOp))
	}
	if lookups > MostLookups {
		missed = append(missed, fmt.Sprintf("a decision costs %.2f look-ups, not %g", lookups, MostLookups))
	}
	fastest, found := Fastest(peers)
	if !found {
		return append(missed, "there is no peer to compare with")
	}
	if faster := fastest.NsPerOp / reeve.NsPerOp; faster < LeastFaster {
		missed = append(missed, fmt.Sprintf("a decision is %.0f times faster than %s, not %g", faster, fastest.Contender.Name, LeastFaster))
	}
	return missed
}

// Fastest is the peer with the least time for a question.
func Fastest(results []Result) (fastest Result, found bool) {
	for _, r := range results {
		if r.Contender.Module != "" && (!found || r.NsPerOp < fastest.NsPerOp) {
			fastest, found = r, true
		}
	}
	return fastest, found
}
