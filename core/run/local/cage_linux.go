package local

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/containerd/cgroups/v3"
	"github.com/containerd/cgroups/v3/cgroup1"
	"github.com/containerd/cgroups/v3/cgroup2"
	"github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"

	"reeve/core/run"
)

// period is that over which the CPU of a job is rationed, in microseconds; it is the usual one of the system.
const period = 100_000

// cage is the best cage there is here for a job.
func (b Backend) cage(j run.Job) cage {
	if b.Soft {
		return &soft{}
	}
	switch cgroups.Mode() {
	case cgroups.Unified:
		if c, err := newV2(b.path(j), j); err == nil {
			return c
		}
	case cgroups.Legacy, cgroups.Hybrid:
		if c, err := newV1(j); err == nil {
			return c
		}
	case cgroups.Unavailable:
	}
	return &soft{}
}

// emptied takes the control groups of a job away that its program left. They are looked for by their name in all hierarchies: they are
// below that of the program that made them, which is gone.
func emptied(j run.Job) {
	for range rounds {
		if left := removed(j); left == 0 {
			return
		}
		time.Sleep(settle) // what was killed may not have been collected yet
	}
}

// removed takes away the control groups of a job that nothing is in, and answers how many are left.
func removed(j run.Job) (left int) {
	_ = filepath.WalkDir(mount, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() { // one that went meanwhile, or that is not ours to see
			return nil //nolint:nilerr // the others are looked at all the same
		}
		if n := d.Name(); n != name(j) && n != nestedName(j) {
			return nil
		}
		if unix.Rmdir(path) != nil {
			left++
		}
		return fs.SkipDir
	})
	return left
}

// nested is where the group of a job is: below that of this program.
func nested(j run.Job) cgroup1.Path { return cgroup1.NestedPath(nestedName(j)) }

// nestedName is what a group of version 1 is called.
func nestedName(j run.Job) string { return "reeve-" + name(j) }

// path is where the group of a job is below the mount point.
func (b Backend) path(j run.Job) string {
	parent := b.Group
	if parent == "" {
		parent = "/reeve"
	}
	return filepath.Join("/", parent, name(j))
}

// v1 is a control group of version 1 in each of the hierarchies that matter.
type v1 struct {
	soft
	group cgroup1.Cgroup
	home  cgroup1.Cgroup // where this program is
}

// subsystems are the hierarchies of version 1 that a job is held and counted in; it cannot be held without the first three.
func subsystems() ([]cgroup1.Subsystem, error) {
	all, err := cgroup1.Default()
	if err != nil {
		return nil, err
	}
	need := map[cgroup1.Name]bool{cgroup1.Cpu: true, cgroup1.Cpuacct: true, cgroup1.Memory: true}
	var some []cgroup1.Subsystem
	for _, s := range all {
		if need[s.Name()] || s.Name() == cgroup1.Pids {
			some = append(some, s)
			delete(need, s.Name())
		}
	}
	if len(need) > 0 {
		return nil, errors.New("not all of cpu, cpuacct and memory can be controlled")
	}
	return some, nil
}

func newV1(j run.Job) (cage, error) {
	quota, every, memory := int64(j.CPU*period), uint64(period), int64(j.MemoryMiB)<<20
	opts := cgroup1.WithHierarchy(subsystems)
	home, err := cgroup1.Load(cgroup1.NestedPath(""), opts)
	if err != nil {
		return nil, err
	}
	group, err := cgroup1.New(nested(j), &specs.LinuxResources{
		CPU:    &specs.LinuxCPU{Quota: &quota, Period: &every},
		Memory: &specs.LinuxMemory{Limit: &memory},
	}, opts)
	if err != nil {
		return nil, err
	}
	return &v1{group: group, home: home}, nil
}

func (c *v1) limits() string { return limitsV1 }

// start moves the thread into the group for as long as it takes to start the command, which then is in it from its first moment on.
func (c *v1) start(cmd *exec.Cmd) error {
	c.cmd = cmd
	thread := cgroup1.Process{Pid: unix.Gettid()}
	if err := c.group.AddTask(thread); err != nil {
		_ = c.home.AddTask(thread) // from those that it is in already
		return err
	}
	err := cmd.Start()
	return errors.Join(err, c.home.AddTask(thread))
}

func (c *v1) spent() run.Spent {
	m, err := c.group.Stat(cgroup1.IgnoreNotExist)
	if err != nil {
		return run.Spent{}
	}
	return run.Spent{
		CPU:    time.Duration(m.GetCPU().GetUsage().GetTotal()), // #nosec G115 -- nanoseconds fit
		Memory: int(m.GetMemory().GetUsage().GetMax() >> 20),    // #nosec G115 -- MiB fit
		Now:    int(m.GetMemory().GetUsage().GetUsage() >> 20),  // #nosec G115 -- MiB fit
	}
}

func (c *v1) overran() bool {
	m, err := c.group.Stat(cgroup1.IgnoreNotExist)
	return err == nil && m.GetMemoryOomControl().GetOomKill() > 0
}

func (c *v1) kill() {
	for range rounds {
		list, err := c.group.Processes(cgroup1.Memory, true)
		if err != nil || len(list) == 0 {
			break
		}
		alive := 0
		for _, p := range list {
			if !zombie(p.Pid) {
				alive++
				_ = unix.Kill(p.Pid, unix.SIGKILL)
			}
		}
		if alive == 0 {
			break
		}
		time.Sleep(settle)
	}
	c.soft.kill() // what was started while its thread was elsewhere
}

// zombie says whether a process has ended and is only to be collected.
func zombie(pid int) bool {
	var info unix.Siginfo
	return unix.Waitid(unix.P_PID, pid, &info, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil) == nil && info.Signo != 0
}

func (c *v1) remove() {
	for range rounds {
		if c.group.Delete() == nil {
			return
		}
		collect(c.cmd)
		time.Sleep(settle)
	}
}

// collect takes in what has ended and became this program's child: a group is not empty before.
func collect(cmd *exec.Cmd) {
	for {
		var status unix.WaitStatus
		if pid, err := unix.Wait4(-1, &status, unix.WNOHANG, nil); err != nil || pid <= 0 {
			return
		}
	}
}

// v2 is a control group of version 2.
type v2 struct {
	soft
	group *cgroup2.Manager
	path  string
}

// mount is where control groups of version 2 are.
const mount = "/sys/fs/cgroup"

func newV2(path string, j run.Job) (cage, error) {
	quota, every, memory, swap := int64(j.CPU*period), uint64(period), int64(j.MemoryMiB)<<20, int64(0)
	group, err := cgroup2.NewManager(mount, path, &cgroup2.Resources{
		CPU: &cgroup2.CPU{Max: cgroup2.NewCPUMax(&quota, &every)}, Memory: &cgroup2.Memory{Max: &memory, Swap: &swap}})
	if err != nil {
		return nil, err
	}
	return &v2{group: group, path: filepath.Join(mount, path)}, nil
}

func (c *v2) limits() string { return limitsV2 }

// start begins the command within the group.
func (c *v2) start(cmd *exec.Cmd) error {
	c.cmd = cmd
	dir, err := os.OpenFile(c.path, unix.O_DIRECTORY|unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.UseCgroupFD, cmd.SysProcAttr.CgroupFD = true, int(dir.Fd()) // #nosec G115 -- descriptors are small
	return cmd.Start()
}

func (c *v2) spent() run.Spent {
	m, err := c.group.Stat()
	if err != nil {
		return run.Spent{}
	}
	return run.Spent{
		CPU:    time.Duration(m.GetCPU().GetUsageUsec()) * time.Microsecond, // #nosec G115 -- microseconds fit
		Memory: int(m.GetMemory().GetMaxUsage() >> 20),                      // #nosec G115 -- MiB fit
		Now:    int(m.GetMemory().GetUsage() >> 20),                         // #nosec G115 -- MiB fit
	}
}

func (c *v2) overran() bool {
	m, err := c.group.Stat()
	return err == nil && m.GetMemoryEvents().GetOomKill() > 0
}

func (c *v2) kill() {
	_ = c.group.Kill()
	c.soft.kill()
}

func (c *v2) remove() {
	for range rounds {
		if c.group.Delete() == nil {
			return
		}
		collect(c.cmd)
		time.Sleep(settle)
	}
}
