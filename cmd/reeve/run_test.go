//go:build linux

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// inGroup is a tenant whose group rg of 2 CU runs work of sales_dw, at the time of the machine.
func inGroup(t *testing.T) *bench {
	t.Helper()
	b := newTenant(t)
	b.now = time.Now().Add(-time.Hour)
	b.must("group", "create", "rg", "--billing", "subscription", "--size", "2", "--vpc", "v", "--vswitch", "s", "--region", "cn-hangzhou")
	b.now = time.Now()
	b.must("keeper", "run", "--once")
	b.must("group", "associate", "rg", "sales_dw", "--region", "cn-hangzhou")
	return b
}

// worker is a process of this program that takes a command through a group.
type worker struct {
	t      *testing.T
	cmd    *exec.Cmd
	out    *bufio.Reader
	errors *bytes.Buffer
}

// work starts one; args are those of run behind the group and the workspace.
func (b *bench) work(args ...string) *worker {
	b.t.Helper()
	line, err := json.Marshal(append([]string{"--db", b.db, "--as", "root", "run", "-g", "rg", "-w", "sales_dw"}, args...))
	if err != nil {
		b.t.Fatal(err)
	}
	w := &worker{t: b.t, errors: &bytes.Buffer{}}
	w.cmd = exec.CommandContext(b.t.Context(), os.Args[0]) // #nosec G204 G702 -- this test binary itself
	w.cmd.Env = append(os.Environ(), childArgs+"="+string(line), childTime+"="+realTime)
	w.cmd.Stderr = w.errors
	out, err := w.cmd.StdoutPipe()
	if err == nil {
		err = w.cmd.Start()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	w.out = bufio.NewReader(out)
	return w
}

// line is the next line that the command writes.
func (w *worker) line() string {
	w.t.Helper()
	s, err := w.out.ReadString('\n')
	if err != nil {
		w.t.Fatalf("%v after %q, and on the error output %q", err, s, w.errors)
	}
	return strings.TrimSpace(s)
}

func (w *worker) pid() int {
	w.t.Helper()
	pid, err := strconv.Atoi(w.line())
	if err != nil {
		w.t.Fatal(err)
	}
	return pid
}

// code waits for the end.
func (w *worker) code() int {
	w.t.Helper()
	_, _ = io.Copy(io.Discard, w.out)
	_ = w.cmd.Wait()
	status, _ := w.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		return -int(status.Signal())
	}
	return w.cmd.ProcessState.ExitCode()
}

// alive says whether a process runs; one that has ended and is only to be collected does not.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	rest := string(stat[bytes.LastIndexByte(stat, ')')+1:])
	return !strings.HasPrefix(strings.TrimSpace(rest), "Z")
}

// runsOf are the runs of the group, those that ended too, the first that came last.
func (b *bench) runsOf() (used float64, runs []map[string]any) {
	b.t.Helper()
	b.now = time.Now() // by which the others go: a command about groups moves what is due
	var got struct {
		Used float64
		Work []map[string]any
	}
	if err := json.Unmarshal([]byte(b.must("group", "runs", "rg", "--region", "cn-hangzhou", "--ended", "50", "-o", "json")), &got); err != nil {
		b.t.Fatal(err)
	}
	return got.Used, got.Work
}

// lapse lets the leases of silent runs end, and the keeper notice.
func (b *bench) lapse() {
	b.t.Helper()
	b.now = time.Now().Add(10 * time.Minute)
	b.must("keeper", "run", "--once")
	b.now = time.Now()
}

func TestACommandIsItself(t *testing.T) {
	b := inGroup(t)
	script := filepath.Join(t.TempDir(), "badint")
	if err := os.WriteFile(script, []byte("#!/nowhere/at/all\n"), 0o700); err != nil { // #nosec G306 -- it is to be run
		t.Fatal(err)
	}
	why := map[string]string{"a directory": "is a directory", "no interpreter": "first line names", "no program": "may not be run", "no such program": "no program"}
	for name, c := range map[string]struct {
		args   []string
		code   int
		says   string
		ending string
	}{
		"what it writes":     {[]string{"--", "echo", "--cu", "7"}, 0, "--cu 7", "done"},
		"its exit code":      {[]string{"--", "sh", "-c", "exit 7"}, 7, "", "failed"},
		"a signal":           {[]string{"--", "sh", "-c", "kill -TERM $$"}, 143, "", "killed"},
		"no such program":    {[]string{"--", "no-such-program"}, 127, "", "failed"},
		"an empty name":      {[]string{"--", ""}, 127, "", "failed"},
		"a directory":        {[]string{"--", "/tmp"}, 126, "", "failed"},
		"no interpreter":     {[]string{"--", script}, 126, "", "failed"},
		"no program":         {[]string{"--", "/etc/passwd"}, 126, "", "failed"},
		"without the dashes": {[]string{"sh", "-c", "exit 3"}, 3, "", "failed"},
		"not a number":       {[]string{"--cu", "NaN", "--", "true"}, exitUsage, "", ""},
		"far too much":       {[]string{"--cu", "1e300", "--", "true"}, exitUsage, "", ""},
		"more than fits":     {[]string{"--cu", "3", "--", "true"}, exitUsage, "", ""},
	} {
		w := b.work(c.args...)
		said, _ := io.ReadAll(w.out)
		if code := w.code(); code != c.code || strings.TrimSpace(string(said)) != c.says {
			t.Errorf("%s: exit %d and %q, want %d and %q; on the error output %q", name, code, said, c.code, c.says, w.errors)
		}
		if !strings.Contains(w.errors.String(), why[name]) {
			t.Errorf("%s: it says %q, want %q", name, w.errors, why[name])
		}
		if c.ending == "" {
			continue
		}
		if used, runs := b.runsOf(); used != 0 || runs[0]["outcome"] != c.ending {
			t.Errorf("%s: %v CU are in use and it ended %v, want %s", name, used, runs[0]["outcome"], c.ending)
		}
	}
}

func TestSignalsReachTheCommand(t *testing.T) {
	b := inGroup(t)
	w := b.work("--", "sh", "-c", `trap 'echo told; exit 9' INT; echo ready; while :; do sleep 0.05; done`)
	if got := w.line(); got != "ready" {
		t.Fatal(got)
	}
	if err := w.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if got := w.line(); got != "told" {
		t.Errorf("it says %q", got)
	}
	if code := w.code(); code != 9 {
		t.Errorf("exit %d", code)
	}
}

// Whoever presses ctrl-z stops the command and what stands before it, and both go on together.
func TestAStoppedCommandStaysStopped(t *testing.T) {
	b := inGroup(t)
	w := b.work("--", "sh", "-c", `echo $$; while [ ! -e "`+b.db+`.go" ]; do :; done; exit 4`)
	pid := w.pid()
	send := func(s syscall.Signal) {
		if err := w.cmd.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	send(syscall.SIGTSTP)
	for stateOf(w.cmd.Process.Pid) != "T" { //nolint:revive // it is on its way
	}
	for range 100 { // what wakes it wakes it now
		if got := stateOf(pid); got != "T" {
			t.Fatalf("reeve is stopped, and its command is %q", got)
		}
	}
	if err := os.WriteFile(b.db+".go", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	send(syscall.SIGCONT)
	if code := w.code(); code != 4 {
		t.Errorf("exit %d", code)
	}
}

// stateOf is the letter by which the system calls what a process does.
func stateOf(pid int) string {
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	rest := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(rest) == 0 {
		return ""
	}
	return rest[0]
}

func TestOneWaitsForTheOther(t *testing.T) {
	b := inGroup(t)
	holder := b.work("--cu", "2", "--", "sh", "-c", `trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done`)
	holder.line()
	next, given := b.work("--cu", "1", "--", "echo", "in"), b.work("--cu", "1", "--", "echo", "never")
	for _, runs := b.runsOf(); waitingOf(runs) < 2; _, runs = b.runsOf() { //nolint:revive // both are on their way
	}
	if err := given.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := given.code(); code != 143 || !strings.Contains(given.errors.String(), "the resource group is full") {
		t.Errorf("the one given up ends with %d and says %q", code, given.errors)
	}
	if err := holder.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if got := next.line(); got != "in" || next.code() != 0 {
		t.Errorf("the next says %q", got)
	}
	holder.code()
	if got := b.list("member", "list", "-w", "sales_dw", "--filter", "root"); column(got, "last_active") == "" {
		t.Errorf("work that was taken is no use: %v", got)
	}
	if used, runs := b.runsOf(); used != 0 || waitingOf(runs) != 0 {
		t.Errorf("at the end %v CU are in use", used)
	}
}

// What fell due is moved before work is taken, also where neither a console nor a keeper runs.
func TestWorkIsTakenByWhatStandsNow(t *testing.T) {
	b := newTenant(t)
	at := []string{"--region", "cn-hangzhou"}
	b.now = time.Now().Add(-40 * 24 * time.Hour)
	b.must(append([]string{"group", "create", "rg", "--billing", "subscription", "--size", "2", "--vpc", "v", "--vswitch", "s"}, at...)...)
	b.now = b.now.Add(time.Hour)
	b.must(append([]string{"group", "associate", "rg", "sales_dw"}, at...)...)
	b.now = time.Now()
	if w := b.work("--", "echo", "in"); w.code() == 0 || !strings.Contains(w.errors.String(), "Expired") {
		t.Errorf("a subscription that has ended takes work: %s", w.errors)
	}
}

// A group that is to start is started by whoever waits for it, where neither a console nor a keeper runs.
func TestARunThatWaitsStartsItsGroupItself(t *testing.T) {
	b := newTenant(t)
	at := []string{"--region", "cn-hangzhou"}
	do := func(ago time.Duration, args ...string) {
		b.now = time.Now().Add(-ago)
		b.must(append(args, at...)...)
	}
	const day = 24 * time.Hour
	do(30*day, "group", "create", "rg", "--vpc", "v", "--vswitch", "s")
	do(29*day, "keeper", "run", "--once")
	do(29*day, "group", "associate", "rg", "sales_dw")
	do(10*day, "keeper", "run", "--once")
	if got := b.one(append([]string{"group", "show", "rg"}, at...)...)["status"]; got != "frozen" {
		t.Fatalf("after weeks without use it is %v", got)
	}
	b.now = time.Now()
	if w := b.work("--", "echo", "in"); w.code() == 0 || !strings.Contains(w.errors.String(), "Frozen") {
		t.Errorf("a frozen group takes work: %s", w.errors)
	}
	do(time.Hour, "group", "start", "rg")
	if got := b.one(append([]string{"group", "show", "rg"}, at...)...)["status"]; got != "starting" {
		t.Fatalf("with no keeper it is %v", got)
	}
	b.now = time.Now()
	w := b.work("--", "echo", "in")
	guard := time.AfterFunc(time.Minute, func() { _ = w.cmd.Process.Kill() })
	defer guard.Stop()
	if got := w.line(); got != "in" || w.code() != 0 {
		t.Errorf("it says %q, and on the error output %q", got, w.errors)
	}
	if got := b.one(append([]string{"group", "show", "rg"}, at...)...)["status"]; got != "running" {
		t.Errorf("the group is %v", got)
	}
}

func waitingOf(runs []map[string]any) (n int) {
	for _, r := range runs {
		if r["state"] == "waiting" {
			n++
		}
	}
	return n
}

// family is a command that tells the numbers of its own process and of one that leaves its session, and goes on.
const family = `setsid sh -c 'echo $$; exec sleep 1000' & echo $$; wait`

func TestNothingIsLeftOfWhatIsKilled(t *testing.T) {
	for name, kill := range map[string]func(w *worker, child int) []int{
		"the command":             func(_ *worker, child int) []int { return []int{child} },
		"reeve":                   func(w *worker, _ int) []int { return []int{w.cmd.Process.Pid} },
		"both":                    func(w *worker, child int) []int { return []int{w.cmd.Process.Pid, child} },
		"both, the command first": func(w *worker, child int) []int { return []int{child, w.cmd.Process.Pid} },
	} {
		for _, how := range []string{"--soft=false", "--soft"} {
			t.Run(name+" "+how, func(t *testing.T) {
				b := inGroup(t)
				w := b.work("--cu", "2", how, "--", "sh", "-c", family)
				pids := []int{w.pid(), w.pid()}
				for _, pid := range kill(w, parentOf(t, w.cmd.Process.Pid, pids)) {
					if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
						t.Fatal(err)
					}
				}
				code := codeOf(w)
				b.lapse()
				for _, pid := range pids {
					if alive(pid) {
						t.Errorf("process %d is left (exit %d)", pid, code)
					}
				}
				used, runs := b.runsOf()
				if outcome := runs[0]["outcome"]; used != 0 || outcome != "lost" && outcome != "killed" {
					t.Errorf("%v CU are in use, and it ended %v", used, outcome)
				}
				if next := b.work("--cu", "2", "--", "echo", "in"); next.line() != "in" || next.code() != 0 {
					t.Error("the next finds no room")
				}
			})
		}
	}
}

// A place that is taken away by hand is free of what its run started, whether what stands before it is dead, stopped or well.
func TestNothingIsLeftOfWhatIsReleased(t *testing.T) {
	for name, how := range map[string]syscall.Signal{"dead": syscall.SIGKILL, "stopped": syscall.SIGSTOP, "well": 0} {
		for _, soft := range []string{"--soft=false", "--soft"} {
			t.Run(name+" "+soft, func(t *testing.T) {
				b := inGroup(t)
				w := b.work("--cu", "2", soft, "--", "sh", "-c", family)
				pids := []int{w.pid(), w.pid()}
				groups := cagesOf(t, pids)
				_, runs := b.runsOf()
				id := fmt.Sprint(runs[0]["id"])
				release := []string{"group", "release", "rg", id, "--yes", "--region", "cn-hangzhou"}
				signal := func(s syscall.Signal) {
					if err := syscall.Kill(w.cmd.Process.Pid, s); err != nil {
						t.Fatal(err)
					}
				}
				signal(how)
				o := b.run(release...)
				for tries := 0; how == syscall.SIGSTOP && o.code != 0 && tries < 5; tries++ { // it was stopped while it wrote, and holds everybody up
					signal(syscall.SIGCONT)
					time.Sleep(50 * time.Millisecond)
					signal(how)
					o = b.run(release...)
				}
				if o.code != 0 {
					t.Fatalf("the release says %+v", o)
				}
				for _, pid := range pids {
					if alive(pid) {
						t.Errorf("process %d is left", pid)
					}
				}
				if next := b.work("--cu", "2", "--", "echo", "in"); next.line() != "in" || next.code() != 0 {
					t.Error("the next finds no room")
				}
				_ = syscall.Kill(w.cmd.Process.Pid, syscall.SIGCONT)
				if code := codeOf(w); how == 0 && (code != 137 || !strings.Contains(w.errors.String(), "took the place")) {
					t.Errorf("exit %d, and it says %q", code, w.errors)
				}
				for _, group := range groups {
					if _, err := os.Stat(group); err == nil && how == syscall.SIGKILL {
						t.Errorf("%s is left", group)
					}
				}
			})
		}
	}
}

// What a command starts without its environment bears no mark of the run, and is ended with it all the same where there are control groups.
func TestNothingIsLeftOfWhatLostItsEnvironment(t *testing.T) {
	for name, take := range map[string]func(b *bench, id string){
		"released": func(b *bench, id string) {
			if said := b.must("group", "release", "rg", id, "--yes", "--region", "cn-hangzhou"); !strings.Contains(said, "is ended") {
				t.Errorf("the release says %q", said)
			}
		},
		"lost": func(b *bench, _ string) { b.lapse() },
	} {
		t.Run(name, func(t *testing.T) {
			b := inGroup(t)
			w := b.work("--cu", "2", "--", "sh", "-c", `env -i setsid sh -c 'echo $$; exec sleep 1000' & wait`)
			pid := w.pid()
			defer func() { _ = syscall.Kill(pid, syscall.SIGKILL) }()
			groups := cagesOf(t, []int{pid})
			if len(groups) == 0 {
				_ = w.cmd.Process.Signal(syscall.SIGTERM)
				w.code()
				t.Skip("no control groups can be made here")
			}
			if err := w.cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			codeOf(w)
			_, runs := b.runsOf()
			take(b, fmt.Sprint(runs[0]["id"]))
			if alive(pid) {
				t.Errorf("process %d is left", pid)
			}
			for _, group := range groups {
				if _, err := os.Stat(group); err == nil {
					t.Errorf("%s is left", group)
				}
			}
		})
	}
}

// cagesOf are the control groups made for a run that any of some processes is in.
func cagesOf(t *testing.T, pids []int) (groups []string) {
	t.Helper()
	for _, under := range []string{"/sys/fs/cgroup/reeve-run-*", "/sys/fs/cgroup/*/reeve-run-*", "/sys/fs/cgroup/*/*/reeve-run-*", "/sys/fs/cgroup/*/*/*/reeve-run-*"} {
		found, err := filepath.Glob(under)
		if err != nil {
			t.Fatal(err)
		}
		for _, group := range found {
			inside, _ := os.ReadFile(filepath.Join(group, "cgroup.procs")) // #nosec G304 -- a group of control; one of another test may be gone
			for _, pid := range pids {
				if slices.Contains(strings.Fields(string(inside)), strconv.Itoa(pid)) {
					groups = append(groups, group)
					break
				}
			}
		}
	}
	return groups
}

// parentOf is which of two processes was started by another.
func parentOf(t *testing.T, parent int, pids []int) int {
	t.Helper()
	for _, pid := range pids {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if strings.Contains(string(status), fmt.Sprintf("\nPPid:\t%d\n", parent)) {
			return pid
		}
	}
	t.Fatalf("none of %v is a child of %d", pids, parent)
	return 0
}

// codeOf waits for the end of the process alone: what it left may still hold its output.
func codeOf(w *worker) int {
	state, err := w.cmd.Process.Wait()
	if err != nil {
		w.t.Fatal(err)
	}
	return state.ExitCode()
}

func TestControlGroupsHoldTheCommand(t *testing.T) {
	b := inGroup(t)
	w := b.work("--cu", "0.5", "--", "sh", "-c", `echo ready; p=$(sed -n 's/^[0-9]*:cpu\(,cpuacct\)\{0,1\}://p' /proc/self/cgroup | head -n 1);
		for f in /sys/fs/cgroup/cpu$p/cpu.cfs_quota_us /sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)/cpu.max; do [ -r "$f" ] && cat "$f"; done; exit 0`)
	w.line()
	said, _ := io.ReadAll(w.out)
	w.code()
	_, runs := b.runsOf()
	if runs[0]["limits"] == "soft" {
		t.Skip("no control groups can be made here")
	}
	if !strings.Contains(string(said), "50000") {
		t.Errorf("half a CU is held to %q", said)
	}
}
