//go:build !linux

package local

import (
	"os"
	"syscall"

	"github.com/shirou/gopsutil/v4/process"

	"reeve/core/run"
)

// live starts the command and stays until it has ended, and what came from it.
func (p *running) live(started chan<- error) {
	if err := p.cage.start(p.cmd); err != nil {
		started <- err
		return
	}
	started <- nil
	err := p.cmd.Wait()
	p.ended(err)
	p.cage.kill()
	close(p.done)
}

// Signal implements run.Process: it passes a signal on to the command.
func (p *running) Signal(number int) { _ = p.cmd.Process.Signal(syscall.Signal(number)) }

func outcome(state *os.ProcessState) (run.How, int) {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return run.Killed, signalled + int(status.Signal())
	}
	return run.Failed, state.ExitCode()
}

func (b Backend) cage(run.Job) cage { return &soft{} }

func (s *soft) family() []*process.Process {
	if s.cmd == nil || s.cmd.Process == nil {
		return nil
	}
	first, err := process.NewProcess(int32(s.cmd.Process.Pid)) // #nosec G115 -- process ids fit
	if err != nil {
		return nil
	}
	return descendants(first, []*process.Process{first})
}

func (s *soft) kill() {
	for _, p := range s.family() {
		_ = p.Kill()
	}
}

// Leftovers ends nothing here: processes cannot be found by the mark of their run.
func (Backend) Leftovers(int64, string) int { return 0 }
