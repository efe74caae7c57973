package peers

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"reeve/core/access"
)

// Effort is how long an engine is measured.
type Effort struct {
	// Sample is for how long answers are compared with reeve's; at least
	// LeastSample questions are, whatever they take, and at most all.
	Sample time.Duration
	// Round is how long one round of asking takes, at least, and Rounds how many
	// there are; the best counts, because others use the machine as well, and many
	// short rounds find a quiet moment more surely than a few long ones.
	Round  time.Duration
	Rounds int
}

// LeastSample is how many answers are compared in any case.
const LeastSample = 200

// Result is what an engine was measured to take.
type Result struct {
	Contender  Contender
	Workspaces int
	// Agreed is the number of questions that were answered as reeve does.
	Agreed      int
	NsPerOp     float64
	BytesPerOp  uint64
	AllocsPerOp uint64
	Build       time.Duration
	// Heap is what the built engine keeps in memory, in bytes.
	Heap uint64
}

// Measure builds the engine, compares its answers and then measures it. The
// error is a *Disagreement where it answers in another way than reeve.
func Measure(c Contender, size Size, questions int, effort Effort) (Result, error) {
	if c.Workspaces > 0 {
		size.Workspaces = min(size.Workspaces, c.Workspaces)
	}
	world, err := NewWorld(size, questions)
	if err != nil {
		return Result{}, err
	}
	result := Result{Contender: c, Workspaces: size.Workspaces}
	engine := c.New()
	defer engine.Close()
	before := heap()
	start := time.Now()
	if err := engine.Build(world); err != nil {
		return Result{}, err
	}
	result.Build = time.Since(start)
	if after := heap(); after > before {
		result.Heap = after - before
	}
	ask, err := engine.Prepare(world.Questions)
	if err != nil {
		return Result{}, err
	}
	if result.Agreed, err = compare(world, ask, effort.Sample); err != nil {
		return Result{}, err
	}
	n := 1
	for range effort.Rounds {
		if n, err = result.round(ask, len(world.Questions), n, effort.Round); err != nil {
			return Result{}, err
		}
	}
	runtime.KeepAlive(world)
	return result, nil
}

// compare asks reeve and the engine the same and returns how often.
func compare(w World, ask func(int) (bool, error), enough time.Duration) (int, error) {
	snapshot, err := access.Compile(w.State)
	if err != nil {
		return 0, fmt.Errorf("compile the world: %w", err)
	}
	start := time.Now()
	for i, q := range w.Questions {
		if i >= LeastSample && time.Since(start) > enough {
			return i, nil
		}
		answer, err := ask(i)
		if err != nil {
			return i, err
		}
		if want := snapshot.Decide(q); answer != want {
			return i, &Disagreement{q, want}
		}
	}
	return len(w.Questions), nil
}

// round asks n questions, or as many more as it takes to fill the time, keeps
// the figures if they are the best, and returns how many it asked.
func (r *Result) round(ask func(int) (bool, error), questions, n int, atLeast time.Duration) (int, error) {
	var before, after runtime.MemStats
	for ; ; n *= 2 {
		runtime.ReadMemStats(&before)
		start := time.Now()
		for i := range n {
			if _, err := ask(i % questions); err != nil {
				return n, err
			}
		}
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		if took < atLeast {
			continue
		}
		if ns := float64(took.Nanoseconds()) / float64(n); r.NsPerOp == 0 || ns < r.NsPerOp {
			r.NsPerOp = ns
			r.BytesPerOp = (after.TotalAlloc - before.TotalAlloc) / uint64(n) //nolint:gosec // at least 1
			r.AllocsPerOp = (after.Mallocs - before.Mallocs) / uint64(n)      //nolint:gosec // at least 1
		}
		return n, nil
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC() // what finalizers of the first let go of
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// AgainstMap is how many look-ups in a bare map, with the same key, one decision
// costs: the median of the rounds, in each of which both are asked the same. The
// loops call nothing in between, so that neither is made to look cheaper.
func AgainstMap(size Size, questions int, effort Effort) (float64, error) {
	world, err := NewWorld(size, questions)
	if err != nil {
		return 0, err
	}
	snapshot, err := access.Compile(world.State)
	if err != nil {
		return 0, fmt.Errorf("compile the world: %w", err)
	}
	masks := bareMasks(snapshot, world)
	var ratios []float64
	yes := 0
	for start := time.Now(); len(ratios) < 9 || time.Since(start) < effort.Round*time.Duration(effort.Rounds); {
		begin := time.Now()
		for _, q := range world.Questions {
			if snapshot.Decide(q) {
				yes++
			}
		}
		middle := time.Now()
		for _, q := range world.Questions {
			if masks[bareKey(q.Workspace, q.Principal)]&1 != 0 {
				yes++
			}
		}
		ratios = append(ratios, float64(middle.Sub(begin))/float64(max(time.Since(middle), 1)))
	}
	runtime.KeepAlive(yes)
	slices.Sort(ratios)
	return ratios[len(ratios)/2], nil
}
