// Package local runs jobs as processes of this machine. On Linux they are held to their CPU and memory by control groups where the
// program may make some, of either version; elsewhere, and where it may not, they are only metered.
package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"sync"

	"reeve/core/run"
)

// The ways in which a job is held, in the words of the queue.
const (
	limitsV2   = "cgroup-v2"
	limitsV1   = "cgroup-v1"
	limitsSoft = "soft"
)

// The variables that every job finds in its environment: the number of its run, and what marks its processes.
const (
	envRun  = "REEVE_RUN"
	envMark = "REEVE_RUN_MARK"
)

// Within is the run whose command this program was started by, as its environment says: its number and its mark. The number is 0 outside of
// any run.
func Within(get func(name string) string) (id int64, mark string) {
	id, err := strconv.ParseInt(get(envRun), 10, 64)
	if err != nil || get(envMark) == "" {
		return 0, ""
	}
	return id, get(envMark)
}

// Backend runs jobs as processes of this machine.
type Backend struct {
	// Group is the control group of version 2 that has been delegated to the program, as a path below the mount point; empty for
	// reeve's own below the root, which only root may make.
	Group string
	// Soft lets nothing be held by control groups.
	Soft bool
}

var _ run.Backend = Backend{}

// cage is what a job is held in.
type cage interface {
	limits() string
	// start starts the command in it. The thread that calls it lives as long as the command.
	start(cmd *exec.Cmd) error
	// spent is what was used in it.
	spent() run.Spent
	// most is the most memory that the system says was used, in MiB, now that the command has ended; 0 if that is no better than what was spent.
	most(ended *os.ProcessState) int
	// overran says whether something in it was killed for its memory.
	overran() bool
	// kill ends all that is in it.
	kill()
	// remove takes it away once nothing is in it.
	remove()
}

// Start implements run.Backend.
func (b Backend) Start(_ context.Context, j run.Job) (run.Process, error) {
	if len(j.Command) == 0 || j.Command[0] == "" {
		return nil, &run.StartError{Name: `""`, Code: notFound, Why: run.StartMissing, Err: exec.ErrNotFound}
	}
	p := &running{job: j, cmd: command(j), done: make(chan struct{}), cage: b.cage(j)}
	started := make(chan error)
	go p.live(started)
	if err := <-started; err != nil {
		return nil, startError(j.Command[0], p.cmd.Path, err)
	}
	return p, nil
}

// command is the command of a job, not started yet. The job outlives the context: it ends by itself, by a signal, or with the queue's
// word.
func command(j run.Job) *exec.Cmd {
	cmd := exec.Command(j.Command[0], j.Command[1:]...) //nolint:gosec,noctx // running what it is told to is what it is for
	cmd.Stdin, cmd.Stdout, cmd.Stderr = j.In, j.Out, j.Err
	cmd.Env = append(append(os.Environ(), j.Environ...), envRun+"="+strconv.FormatInt(j.ID, 10), envMark+"="+j.Token)
	return cmd
}

// The exit codes of shells for what could not be started, and what they add to the number of a signal.
const (
	notRunnable = 126
	notFound    = 127
	signalled   = 128
)

// startError says why a program could not be started. The system says the same of one that is not there and of one whose interpreter is
// not, and the same of a directory and of what may not be run; path is where the program was looked for.
func startError(name, path string, err error) error {
	e := &run.StartError{Name: name, Code: notRunnable, Err: err}
	found, missing := os.Stat(path)
	switch there := missing == nil; {
	case there && found.IsDir():
		e.Why = run.StartDirectory
	case there && errors.Is(err, fs.ErrNotExist):
		e.Why = run.StartInterpreter
	case errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist):
		e.Code, e.Why = notFound, run.StartMissing
	case errors.Is(err, fs.ErrPermission):
		e.Why = run.StartDenied
	}
	return e
}

// running is a job that runs.
type running struct {
	job  run.Job
	cmd  *exec.Cmd
	cage cage
	done chan struct{}
	exit run.Exit

	mu   sync.Mutex
	most run.Spent
}

var _ run.Process = (*running)(nil)

// Limits implements run.Process.
func (p *running) Limits() string { return p.cage.limits() }

// Done implements run.Process.
func (p *running) Done() <-chan struct{} { return p.done }

// Exit implements run.Process.
func (p *running) Exit() run.Exit { return p.exit }

// Kill implements run.Process.
func (p *running) Kill() { p.cage.kill() }

// Spent implements run.Process. What was used never becomes less, also when what used it is gone.
func (p *running) Spent() run.Spent {
	now := p.cage.spent()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.most.CPU, p.most.Memory, p.most.Now = max(p.most.CPU, now.CPU), max(p.most.Memory, now.Memory, now.Now), now.Now
	return p.most
}

// ended keeps how the command ended.
func (p *running) ended(err error) {
	spent := p.Spent()
	if state := p.cmd.ProcessState; state != nil {
		spent.CPU = max(spent.CPU, state.UserTime()+state.SystemTime())
		spent.Memory = max(spent.Memory, p.cage.most(state))
	}
	p.exit = run.Exit{How: run.Done, Spent: spent}
	var failed *exec.ExitError
	switch {
	case err == nil:
	case errors.As(err, &failed):
		p.exit.How, p.exit.Code = outcome(failed.ProcessState)
	case p.cmd.ProcessState != nil: // what it wrote could not be passed on
		p.exit.How, p.exit.Code = outcome(p.cmd.ProcessState)
	default:
		p.exit.How, p.exit.Code = run.Failed, 1
	}
	if p.exit.How == run.Killed && p.cage.overran() {
		p.exit.How = run.Memory
	}
}

// name is that of the cage of a job.
func name(j run.Job) string {
	mark := j.Token
	if len(mark) > 8 {
		mark = mark[:8]
	}
	return fmt.Sprintf("run-%d-%s", j.ID, mark)
}
