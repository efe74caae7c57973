// Package run takes one piece of work through a resource group: it asks to be let in, waits for its turn, has it run by a backend,
// says meanwhile that it is alive, and gives everything back at the end. It knows neither groups nor processes: who may run when is a
// Queue's to say, how it runs a Backend's.
package run

import (
	"context"
	"errors"
	"io"
	"time"

	"reeve/core/fault"
	"reeve/core/message"
)

// State says where a run is.
type State string

// The states.
const (
	Waiting State = "waiting"
	Running State = "running"
	Ended   State = "ended"
)

// Standing is how a run stands in its queue.
type Standing struct {
	ID    int64
	State State
	// Reason is why it waits, Ahead how many wait before it in its queue, counted up to some bound.
	Reason message.Text
	Ahead  int
	// Next says that whoever asks might let somebody in by saying that it is alive.
	Next bool
	// Beside is what else is to be known by whoever waits with it; empty for nothing.
	Beside message.Text
	// Stop says that it has to end, and Why that or that it has ended.
	Stop bool
	Why  message.Text
	// CPU is in vCPU and Memory in MiB: what it may use.
	CPU    float64
	Memory int
}

// Queue decides when a run may start.
type Queue interface {
	// Enter asks for room.
	Enter(ctx context.Context) (Standing, error)
	// Look tells how the run stands, and why it waits if that is asked for.
	Look(ctx context.Context, id int64, why bool) (Standing, error)
	// Beat says that the run is alive and what it used. limits is what the backend answered, empty while it waits.
	Beat(ctx context.Context, id int64, spent Spent, limits string) (Standing, error)
	// End gives everything back. why is what else had ended the run before; empty if nothing had.
	End(ctx context.Context, id int64, exit Exit) (why message.Text, err error)
	// Tend gives back what others left who died.
	Tend(ctx context.Context) error
}

// Times are how often a run says that it is alive: while it waits, and while it runs.
type Times struct{ WaitBeat, Beat time.Duration }

// Spent is what a run used: CPU in all, and memory at most and now, in MiB.
type Spent struct {
	CPU         time.Duration
	Memory, Now int
}

// How says how a run ended.
type How string

// The ways.
const (
	Done    How = "done"
	Failed  How = "failed"
	Killed  How = "killed"  // by a signal
	Memory  How = "memory"  // for using more than it may
	Left    How = "left"    // it was given up while it waited
	Dropped How = "dropped" // what it was to run in was given up
)

// Exit is how a run ended.
type Exit struct {
	How How
	// Code is its exit code; 128 and the number of the signal that ended it, as shells say it.
	Code  int
	Spent Spent
}

// Job is what a backend is to run.
type Job struct {
	// ID is the run's number, and Token what marks its processes: nothing else on the machine has it.
	ID    int64
	Token string
	// Command is the program with its arguments.
	Command   []string
	In        io.Reader
	Out, Err  io.Writer
	CPU       float64 // vCPU
	MemoryMiB int
	Environ   []string // what is added to the environment
}

// Backend runs jobs.
type Backend interface {
	// Start begins one. A program that is not there is a StartError.
	Start(ctx context.Context, j Job) (Process, error)
}

// StartError is that a program could not be started, with the exit code that shells have for it: 127 for one that is not there, 126
// for one that cannot be run.
type StartError struct {
	Name string
	Code int
	// Why is what is wrong with the program where that is known, one of the Starts.
	Why string
	Err error
}

// The Starts: why a program could not be started.
const (
	StartMissing     = "missing"     // there is none of the name
	StartInterpreter = "interpreter" // what is to interpret it is not there
	StartDirectory   = "directory"
	StartDenied      = "denied" // it may not be run
)

func (e *StartError) Error() string { return "starting " + e.Name + ": " + e.Err.Error() }

func (e *StartError) Unwrap() error { return e.Err }

// Kind implements fault.Fault.
func (e *StartError) Kind() fault.Kind { return fault.KindFailed }

// Text implements fault.Fault.
func (e *StartError) Text() message.Text {
	id := "fault.run.start"
	if e.Why != "" {
		id = "fault.run." + e.Why
	}
	return message.Text{ID: id, Args: message.Args{"Name": e.Name, "Evidence": errors.Unwrap(e).Error()}}
}

// Next implements fault.Fault.
func (e *StartError) Next() message.Text { return message.Text{} }

// Process is a job that runs.
type Process interface {
	// Limits says how it is held to what it may use, in the words of the queue.
	Limits() string
	// Signal passes a signal on, by its number.
	Signal(number int)
	// Spent is what it has used so far.
	Spent() Spent
	// Kill ends all of it at once.
	Kill()
	// Done is closed when the job has ended and nothing of it is left; Exit is how it ended then.
	Done() <-chan struct{}
	Exit() Exit
}
