package local

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
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

// groupsOf are the control groups of a job, as their paths in all hierarchies. They are looked for by their name: they are below that of the
// program that made them, which may be gone.
func groupsOf(j run.Job) (groups []string) {
	_ = filepath.WalkDir(mount, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() { // one that went meanwhile, or that is not ours to see
			return nil //nolint:nilerr // the others are looked at all the same
		}
		if n := d.Name(); n != name(j) && n != nestedName(j) {
			return nil
		}
		groups = append(groups, path)
		return fs.SkipDir
	})
	return groups
}

// below are a control group and all below it, each behind that which it is in.
func below(group string) (all []string) {
	_ = filepath.WalkDir(group, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			all = append(all, path)
		}
		return nil //nolint:nilerr // as above
	})
	return all
}

// foreign is what stands for a process of another pid namespace where processes are listed: it is seen to be there, and cannot be named.
const foreign = 0

// inside are the processes in a control group and in those below it.
func inside(group string) (pids []int) {
	for _, g := range below(group) {
		list, err := os.ReadFile(filepath.Join(g, "cgroup.procs")) // #nosec G304 -- a control group
		if err != nil {
			continue // it went meanwhile
		}
		for line := range strings.Lines(string(list)) {
			if pid, err := strconv.Atoi(strings.TrimSpace(line)); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

// caged adds the processes in the control groups of a job to those that were found, and kills them. Whatever is in a group of that name
// is the job's, also when it has another environment, session or user by now, and what was begun from within it, as at its usual end.
// Only this program is spared: it may have been started by the job to look after what is left.
func caged(groups []string, found map[int]bool) {
	for _, g := range groups {
		pids := inside(g)
		if self := slices.Index(pids, os.Getpid()); self >= 0 {
			pids = slices.Delete(pids, self, self+1)
		} else if len(pids) > 0 {
			all(g)
		}
		for _, pid := range pids {
			found[pid] = true
			if pid != foreign { // to a kill that would be this program's own process group
				_ = unix.Kill(pid, unix.SIGKILL)
			}
		}
	}
}

// all kills all that is in a control group of version 2 at once, what cannot be named too. Others, and those of systems before Linux 5.14,
// have no such file.
func all(group string) {
	file, err := os.OpenFile(filepath.Join(group, "cgroup.kill"), os.O_WRONLY, 0) // #nosec G304 -- a control group
	if err != nil {
		return
	}
	_, _ = file.WriteString("1")
	_ = file.Close()
}

// removed takes control groups away that no processes are found in any more. busy says that there are some in one nevertheless: version
// 1 does not list those of another pid namespace at all.
func removed(groups []string) (busy bool) {
	for range rounds {
		busy = false
		for _, g := range groups {
			busy = remains(g) || busy
		}
		if !busy {
			return false
		}
		time.Sleep(settle) // what was killed may not have been collected yet
	}
	return busy
}

// remains says whether something is in a control group, which is taken away if not. This program does not count.
func remains(group string) bool {
	var err error
	for _, g := range slices.Backward(below(group)) {
		err = unix.Rmdir(g)
	}
	return errors.Is(err, unix.EBUSY) && !slices.Contains(inside(group), os.Getpid())
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

// most is nothing: the group knows it better, of all that is in it together.
func (*v1) most(*os.ProcessState) int { return 0 }

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

// most is nothing: the group knows it better, of all that is in it together.
func (*v2) most(*os.ProcessState) int { return 0 }

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
