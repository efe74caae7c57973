package figure

import (
	"cmp"
	"time"
)

// RunID is the id of a run: a UUID, which is the same in any case of its letters, within a namespace.
type RunID struct {
	Namespace string
	ID        [16]byte
}

// State is what has become of a run.
type State uint8

// The states, as they are stored. Of two ends at the same moment the later in this list counts.
const (
	Running State = iota
	Succeeded
	Aborted
	Failed
)

// startBasis is what the start of a run is taken from; the first of the list that there is counts.
type startBasis uint8

const (
	fromNominal startBasis = iota // the time it was scheduled for: nominalStartTime of the facet nominalTime
	fromStart                     // the time of its START event
	fromAny                       // the time of its first event
)

// Run is what is known of a run: all its events together. Adding an event is commutative, associative and idempotent, so the same
// events make the same run in whatever order and however often they come.
//
//   - Its start is the time it was scheduled for, else the earliest START, else its earliest event.
//   - Its state is that of its latest end (COMPLETE, FAIL, ABORT) by the time of the event; without any it is running. Only an end ends
//     a run: a START that comes later does not begin it again, because a run has one start and an id of its own.
type Run struct {
	Basis startBasis
	Start time.Time
	State State
	// End is the time of the end that counts.
	End time.Time
	// Last is the time of the latest event.
	Last time.Time
	// Counted is the hour in which the run is counted; it is kept, so that it can be taken from there again.
	Counted Hour
}

// runOf is a run of which one event is known.
func runOf(e Event) Run {
	r := Run{Basis: fromAny, Start: e.At, State: e.ends(), Last: e.At}
	if r.State != Running {
		r.End = e.At
	}
	switch {
	case !e.Nominal.IsZero():
		r.Basis, r.Start = fromNominal, e.Nominal
	case e.Type == typeStart:
		r.Basis = fromStart
	}
	return r
}

// merge is what both tell of one run.
func (r Run) merge(o Run) Run {
	if c := cmp.Compare(o.Basis, r.Basis); c < 0 || c == 0 && o.Start.Before(r.Start) {
		r.Basis, r.Start = o.Basis, o.Start
	}
	if o.State != Running {
		if c := o.End.Compare(r.End); r.State == Running || c > 0 || c == 0 && o.State > r.State {
			r.State, r.End = o.State, o.End
		}
	}
	if o.Last.After(r.Last) {
		r.Last = o.Last
	}
	return r
}

// same tells whether two say the same, wherever they are counted.
func (r Run) same(o Run) bool {
	return r.Basis == o.Basis && r.State == o.State && r.Start.Equal(o.Start) && r.End.Equal(o.End) && r.Last.Equal(o.Last)
}
