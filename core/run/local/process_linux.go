package local

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v4/process"
	"golang.org/x/sys/unix"

	"reeve/core/run"
)

// live starts the command and stays until nothing of it is left. It has a thread of its own: the command is killed when the thread that
// started it ends, which is when this program does, however it ends.
func (p *running) live(started chan<- error) {
	runtime.LockOSThread() // never unlocked: a thread that was in a cage is not used again
	// What outlives the command that started it becomes ours to end.
	_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
	tty := terminalOf(p.job.In)
	if err := p.start(tty); err != nil {
		p.cage.remove()
		started <- err
		return
	}
	started <- nil
	group := p.cmd.Process.Pid
	p.watch(group, tty)
	p.Spent() // while it can still be asked for
	p.cage.kill()
	tty.pass(group, unix.Getpgrp())
	p.ended(p.cmd.Wait())
	p.cage.remove()
	close(p.done)
}

// start starts the command in its cage, or in none where a group could be made but may not be entered. What is wrong with the command
// itself is wrong then as well.
func (p *running) start(tty terminal) error {
	attributes := func() *syscall.SysProcAttr {
		a := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
		if tty.held(unix.Getpgrp()) {
			a.Foreground, a.Ctty = true, int(tty)
		}
		return a
	}
	p.cmd.SysProcAttr = attributes()
	err := p.cage.start(p.cmd)
	if err == nil || p.cage.limits() == limitsSoft {
		return err
	}
	p.cage.remove()
	p.cage, p.cmd = &soft{}, command(p.job)
	p.cmd.SysProcAttr = attributes()
	return p.cage.start(p.cmd)
}

// The codes of a child's change of state (waitid(2)).
const (
	cldStopped = 5
	cldTrapped = 4
)

// watch waits for the end of the command, which is left to be collected. When it is stopped, so is this program, as shells and those
// who press ctrl-z expect; when that goes on, so does the command, and has the terminal if this program was given it.
func (p *running) watch(pid int, tty terminal) {
	for {
		var info unix.Siginfo
		err := unix.Waitid(unix.P_PID, pid, &info, unix.WEXITED|unix.WSTOPPED|unix.WNOWAIT, nil)
		if err == unix.EINTR { //nolint:errorlint // an error number of the system
			continue
		}
		if err != nil || info.Code != cldStopped && info.Code != cldTrapped {
			return
		}
		_ = unix.Waitid(unix.P_PID, pid, &info, unix.WSTOPPED, nil)
		if !tty.held(unix.Getpgrp()) { // else it stopped for want of what it can be given now: it was begun behind a shell's back
			tty.pass(pid, unix.Getpgrp())
			// To this thread itself: what is sent to the program may stop another one first, and this would wake the command meanwhile.
			_ = unix.Tgkill(unix.Getpid(), unix.Gettid(), unix.SIGSTOP)
		}
		tty.pass(unix.Getpgrp(), pid)
		_ = unix.Kill(-pid, unix.SIGCONT)
	}
}

// Signal implements run.Process: it passes a signal on to all of the command's process group.
func (p *running) Signal(number int) {
	_ = unix.Kill(-p.cmd.Process.Pid, unix.Signal(number))
}

func outcome(state *os.ProcessState) (run.How, int) {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return run.Killed, signalled + int(status.Signal())
	}
	return run.Failed, state.ExitCode()
}

// family are the command and all that come from it. What has lost its parent is a child of this program's.
func (s *soft) family() []*process.Process {
	self, err := process.NewProcess(int32(os.Getpid())) // #nosec G115 -- process ids fit
	if err != nil {
		return nil
	}
	return descendants(self, nil)
}

// rounds is how often what is being ended is looked for again: it may have children meanwhile.
const rounds = 20

func (s *soft) kill() {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = unix.Kill(-s.cmd.Process.Pid, unix.SIGKILL)
	for range rounds {
		left := 0
		for _, p := range s.family() {
			if status, err := p.Status(); err == nil && len(status) > 0 && status[0] != process.Zombie {
				left++
				_ = p.Kill()
			}
		}
		if left == 0 {
			return
		}
		time.Sleep(settle)
	}
}

// settle is how long what was killed is given to be gone.
const settle = 5 * time.Millisecond

// Leftovers ends what is on this machine of a run whose own program is gone, and takes its control groups away: the processes that bear its
// mark, and those in its control groups, which may have lost it (env -i, sudo, su -). It says how many it could not end. What belongs to
// others and is in no group of the run it cannot see, and that ends with its program by itself.
func (Backend) Leftovers(id int64, mark string) int {
	if mark == "" {
		return 0
	}
	groups, found := groupsOf(run.Job{ID: id, Token: mark}), map[int]bool{}
	for range rounds * rounds {
		clear(found)
		marked(mark, found)
		caged(groups, found)
		if len(found) == 0 {
			if removed(groups) {
				return 1 // or more: nobody can say
			}
			return 0
		}
		time.Sleep(settle)
	}
	return len(found)
}

// marked adds the processes that bear a mark to those that were found, and kills them.
func marked(mark string, found map[int]bool) {
	want := []byte("\x00" + envMark + "=" + mark + "\x00")
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		environ, err := os.ReadFile("/proc/" + e.Name() + "/environ")
		if err != nil || !bytes.Contains(append([]byte{0}, environ...), want) {
			continue
		}
		found[pid] = true
		_ = unix.Kill(pid, unix.SIGKILL)
	}
}
