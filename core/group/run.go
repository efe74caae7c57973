package group

import (
	"context"
	"time"

	"reeve/core/access"
)

// RunState says where a run is.
type RunState string

// The states of a run.
const (
	RunWaiting RunState = "waiting"
	RunRunning RunState = "running"
	RunEnded   RunState = "ended"
)

// Outcome says how a run ended.
type Outcome string

// The outcomes. A run that never started can only be left, lost, released or dropped. One that ran may be dropped or released as well,
// whatever its process made of being told to end.
const (
	RunDone     Outcome = "done"     // it ended by itself with the exit code 0
	RunFailed   Outcome = "failed"   // it ended with another exit code, or could not be started
	RunKilled   Outcome = "killed"   // a signal ended it
	RunMemory   Outcome = "memory"   // it was killed because it used more memory than it may
	RunLeft     Outcome = "left"     // whoever waited with it gave up
	RunLost     Outcome = "lost"     // nothing was heard of it any more
	RunReleased Outcome = "released" // somebody took its place away
	RunDropped  Outcome = "dropped"  // its resource group was given up
)

// Limits says how a run is held to its CU.
type Limits string

// The ways. Soft limits are none: the run is only metered.
const (
	LimitsV2   Limits = "cgroup-v2"
	LimitsV1   Limits = "cgroup-v1"
	LimitsSoft Limits = "soft"
)

// Spent is what a run really used.
type Spent struct {
	CPU time.Duration `json:"cpu"`
	// Memory is the most it used at once, MemoryNow what it uses now; both in MiB.
	Memory    int `json:"memory_mib"`
	MemoryNow int `json:"-"`
}

// Run is one piece of work that came to a group.
type Run struct {
	ID    int64 `json:"id"`
	Group ID    `json:"group"`
	Demand
	WorkspaceName string `json:"workspace_name"`
	// Name is that of the program it runs, without its arguments, which may hold secrets.
	Name  string   `json:"name"`
	State RunState `json:"state"`
	// At is when it came, Since when it was admitted, EndedAt when it ended.
	At      time.Time          `json:"at"`
	Since   *time.Time         `json:"since,omitempty"`
	EndedAt *time.Time         `json:"ended_at,omitempty"`
	By      string             `json:"by"`
	ByID    access.PrincipalID `json:"-"`
	// Machine is where its process runs; empty for work that no process stands behind, which is held until it is released.
	Machine string `json:"machine"`
	// Account is that of the machine's system as which its process runs.
	Account string `json:"-"`
	// Token is known to the process alone that stands behind the run: whoever has it may say how the run goes.
	Token  string `json:"-"`
	Limits Limits `json:"limits"`
	// Lease is until when it is taken to be alive if nothing is heard of it; nil for work without a process.
	Lease *time.Time `json:"lease_until,omitempty"`
	// Metered is until when HalfSeconds counts what it held: half CU times seconds.
	Metered     time.Time `json:"-"`
	HalfSeconds int64     `json:"-"`
	Spent
	Outcome Outcome `json:"outcome,omitempty"`
	Code    int     `json:"exit_code"`
	// Within is the run whose command asked for it; 0 for one that no run did.
	Within int64 `json:"-"`
	// LeftAt is when what is left of it is to be ended on its machine; nil once that is done, and where nothing is left.
	LeftAt *time.Time `json:"-"`
	// Reason is why it waits now; empty for what does not wait, and for what is about to start.
	Reason Reason `json:"reason,omitempty"`
}

// CUSeconds is what it has held so far.
func (r Run) CUSeconds() float64 { return float64(r.HalfSeconds) / 2 }

// Measure is what was held and used in one minute by the runs of a module and a workspace, or in several added up.
type Measure struct {
	Group     ID
	Module    Module
	Workspace access.WorkspaceID
	// Minute is in minutes since 1970-01-01 00:00 UTC.
	Minute      int64
	HalfSeconds int64
	SlotSeconds int64
	CPU         time.Duration
	// MiBSeconds is memory in MiB times seconds.
	MiBSeconds int64
}

// RunQuery picks runs of a group: those of the states, all if none is named, that came before a run if Before is not 0, the
// newest first, at most Most of them.
type RunQuery struct {
	States []RunState
	Before int64
	Most   int
}

// RunStore is what runs need of storage. Every method takes part in the transaction that its context carries.
type RunStore interface {
	Store
	// InsertRun adds a run and returns its id, higher than that of any that came before.
	InsertRun(ctx context.Context, r Run) (int64, error)
	// Run finds a run; ok is false if there is none.
	Run(ctx context.Context, id int64) (r Run, ok bool, err error)
	// UpdateRun writes all of a run that changes.
	UpdateRun(ctx context.Context, r Run) error
	// Using is what runs in a group take, without a list of them.
	Using(ctx context.Context, id ID) (Use, error)
	// Heads are the first runs that wait for each of some modules, at most most of each, by module and in the order in which they came.
	Heads(ctx context.Context, id ID, of []Module, most int) ([]Run, error)
	// InLine are the runs of a module that wait and came after a run, in the order in which they came, at most most of them.
	InLine(ctx context.Context, id ID, m Module, after int64, most int) ([]Run, error)
	// Ahead is how many of its module wait before a run, counted up to most.
	Ahead(ctx context.Context, r Run, most int) (int, error)
	// Runs are the runs of a group that a query picks.
	Runs(ctx context.Context, id ID, q RunQuery) ([]Run, error)
	// Lapsing is the run whose lease ends first; ok is false if none has one.
	Lapsing(ctx context.Context) (r Run, ok bool, err error)
	// Leaving are the runs whose leftovers are still to be ended, those first that are due first.
	Leaving(ctx context.Context) ([]Run, error)
	// Meter adds measures to their minutes and hours.
	Meter(ctx context.Context, list []Measure) error
	// OldestMinute is the first minute that is kept of any group; ok is false if none is.
	OldestMinute(ctx context.Context) (minute int64, ok bool, err error)
	// DropMinutes forgets the minutes before one, of all groups, and how many runs ended before a time and are forgotten with them.
	DropMinutes(ctx context.Context, before int64, ended time.Time) error
	// Metered are the measures of a group added up: from a minute on, to one that is not counted, in steps of so many minutes that
	// begin with from, for each module in each step that has any. Steps of whole hours are taken from what is kept by the hour.
	Metered(ctx context.Context, id ID, from, to, step int64) ([]Measure, error)
	// Held is what each workspace held in each module of a group, the most first: from a time on that begins a unit, to one, in units
	// that are minutes or hours.
	Held(ctx context.Context, id ID, from, to time.Time, unit time.Duration) ([]Held, error)
	// LimitsOf are the limits that a group had: those in force at a time, and each change after it.
	LimitsOf(ctx context.Context, id ID, since time.Time) ([]LimitsAt, error)
	// Touch keeps when a group was last used. It changes no version: nothing that anybody edits changes.
	Touch(ctx context.Context, id ID, at time.Time) error
	// OpenWorkspace says whether work of a workspace may start: it is not disabled.
	OpenWorkspace(ctx context.Context, ws access.WorkspaceID) (bool, error)
}

// LimitsAt are the limits that a group had from a time on.
type LimitsAt struct {
	At     time.Time
	Size   int
	Slots  int
	Shares Shares
}
