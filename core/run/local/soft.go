package local

import (
	"os"
	"os/exec"
	"time"

	"github.com/shirou/gopsutil/v4/process"

	"reeve/core/run"
)

// soft holds nothing: it knows its processes by the command they come from.
type soft struct {
	cmd *exec.Cmd
	// own is the most memory that this program itself had used when it started the command, in MiB.
	own int
}

func (*soft) limits() string { return limitsSoft }

func (*soft) overran() bool { return false }

func (*soft) remove() {}

func (s *soft) start(cmd *exec.Cmd) error {
	s.cmd = cmd
	err := cmd.Start()
	s.own = ownMost()
	return err
}

// most is the most memory of the one process that used the most: what is short is seldom asked for what it uses, and never when it uses the
// most. A command begins as a copy of this program, and where the system counts that as well, what is not more says nothing of the command.
func (s *soft) most(ended *os.ProcessState) int {
	if m := mostOf(ended); m > s.own {
		return m
	}
	return 0
}

func (s *soft) spent() (sum run.Spent) {
	for _, p := range s.family() {
		if t, err := p.Times(); err == nil {
			sum.CPU += time.Duration((t.User + t.System) * float64(time.Second))
		}
		if m, err := p.MemoryInfo(); err == nil && m != nil {
			sum.Now += int(m.RSS >> 20) // #nosec G115 -- MiB fit
		}
	}
	return sum
}

// descendants adds all that come from a process.
func descendants(p *process.Process, list []*process.Process) []*process.Process {
	children, err := p.Children()
	if err != nil {
		return list
	}
	for _, c := range children {
		list = descendants(c, append(list, c))
	}
	return list
}
