package bootstrap

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// ID is a run's number.
type ID int64

// State is the state of a step.
type State string

// The states. A step that is running when nobody runs it was broken off; it is looked at again.
const (
	Pending State = "pending"
	Running State = "running"
	Done    State = "done"
	Failed  State = "failed"
	Skipped State = "skipped" // it was there already
)

// Progress is a step of a run and how far it is.
type Progress struct {
	Step
	State State `json:"state"`
	// Said are the sentences about it: what was found, or what went wrong and what to do.
	Said []message.Text `json:"-"`
	// Problem is the kind of what went wrong in a failed step.
	Problem fault.Kind `json:"problem,omitempty"`
	At      time.Time  `json:"at"`
}

// Over says that nothing is left to be done of the step.
func (p Progress) Over() bool { return p.State == Done || p.State == Skipped }

// Run is a plan that is being carried out.
type Run struct {
	ID   ID   `json:"id"`
	Spec Spec `json:"spec"`
	// Steps are in the order in which they are done.
	Steps      []Progress `json:"steps"`
	CreatedAt  time.Time  `json:"created_at"`
	CreatedBy  string     `json:"created_by"`
	ModifiedAt time.Time  `json:"modified_at"`
	// Edition counts how often what is wanted was changed.
	Edition int64 `json:"edition"`
	Version int64 `json:"version"`
	// Waits is when the step under way can go on by itself, zero if it waits for nothing. It is not kept.
	Waits time.Time `json:"-"`
	// by is who made it.
	by access.PrincipalID
}

// Of says which principal made a run, for stores.
func (r Run) Of(by access.PrincipalID) Run { r.by = by; return r }

// Next is the first step that is not over; ok is false if all are.
func (r Run) Next() (i int, ok bool) {
	for i, p := range r.Steps {
		if !p.Over() {
			return i, true
		}
	}
	return 0, false
}

// State is pending before the first step was begun, done when all are over, failed when one has failed, and running between.
func (r Run) State() State {
	i, left := r.Next()
	switch {
	case !left:
		return Done
	case r.Steps[i].State == Failed:
		return Failed
	case i == 0 && r.Steps[i].State == Pending:
		return Pending
	}
	return Running
}

// Ref names the workspace of the run.
func (r Run) Ref() control.Ref {
	return control.Ref{Region: r.Spec.Region, Workspace: r.Spec.Workspace.Name}
}

// Store is what this area needs of storage. Every method takes part in the transaction that its context carries.
type Store interface {
	control.Places
	// Where says in which region a run is and what it is called; fault.NotFound (what: bootstrap) if there is none.
	Where(ctx context.Context, id ID) (control.Target, error)
	Get(ctx context.Context, id ID) (Run, error)
	// List returns the runs of a region, of all regions if it is empty, the newest first.
	List(ctx context.Context, region string) ([]Run, error)
	// Insert makes a run with its steps and returns it with its id, in version 1.
	Insert(ctx context.Context, r Run, by access.PrincipalID) (Run, error)
	// Replace writes what is wanted and the steps anew, if the version still is r.Version, and raises it; otherwise ok is false.
	Replace(ctx context.Context, r Run) (ok bool, err error)
	// Note writes how far one step is, if the version still is version, and raises it; otherwise ok is false.
	Note(ctx context.Context, id ID, p Progress, version int64) (ok bool, err error)
	// Delete forgets a run if the version still is version; otherwise ok is false.
	Delete(ctx context.Context, id ID, version int64) (ok bool, err error)
}
