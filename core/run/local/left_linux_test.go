package local_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"reeve/core/run"
	"reeve/core/run/local"
)

// Something is left by programs that were killed, and others end it. So these tests start themselves as such programs: with asOwner or
// asEnder set to the token of a job, to run it or to end what is left of it.
const (
	asOwner = "REEVE_TEST_OWNER"
	asEnder = "REEVE_TEST_ENDER"
)

// other does what this program was started for by one of its tests, if it was.
func other() {
	switch owner, ender := os.Getenv(asOwner), os.Getenv(asEnder); {
	case owner != "":
		p, err := local.Backend{}.Start(context.Background(), run.Job{ID: 1, Token: owner, Command: []string{"sh", "-c", losing}, Out: os.Stdout, CPU: 0.5, MemoryMiB: 32})
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		<-p.Done()
		os.Exit(0)
	case ender != "":
		fmt.Println("left", local.Backend{}.Leftovers(1, ender))
		os.Exit(0)
	}
}

// losing starts two processes without any environment, the second in a control group below that of the job, and tells their numbers and
// the group.
const losing = `g=$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)
	if [ -n "$g" ]; then d=/sys/fs/cgroup/memory$g; else d=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup); fi
	case $d in */*run-1-*) ;; *) echo soft; exit;; esac
	mkdir "$d/below"
	env -i setsid sleep 1000 >/dev/null & one=$!
	env -i setsid sh -c "echo \$\$ >$d/below/cgroup.procs; exec sleep 1000" >/dev/null & two=$!
	until grep -q "^$two\$" "$d/below/cgroup.procs" && ! grep -q . /proc/$one/environ; do sleep 0.05; done
	echo $one; echo $two; echo $d; wait`

// orphans are what is left of a job whose program was killed: processes without their mark, and the control group that they are in.
func orphans(t *testing.T) (token string, pids []int, group string) {
	t.Helper()
	token = rand.Text()
	cmd := exec.CommandContext(t.Context(), os.Args[0]) // #nosec G204 G702 -- this test binary itself
	cmd.Env = append(os.Environ(), asOwner+"="+token)
	pipe, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewReader(pipe)
	line := func() string {
		s, err := out.ReadString('\n')
		if s == "soft\n" {
			_ = cmd.Wait()
			t.Skip("no control groups can be made here")
		}
		if err != nil {
			t.Fatalf("%v after %q", err, s)
		}
		return strings.TrimSpace(s)
	}
	for range 2 {
		pid, err := strconv.Atoi(line())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = unix.Kill(pid, unix.SIGKILL) })
		pids = append(pids, pid)
	}
	group = line()
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	for _, pid := range pids {
		if !alive(pid) {
			t.Fatalf("process %d ended with its program", pid)
		}
	}
	return token, pids, group
}

// alive says whether a process runs; one that has ended and is only to be collected does not.
func alive(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	_, rest, _ := strings.Cut(string(stat), ") ")
	return err == nil && !strings.HasPrefix(rest, "Z")
}

// What was started without its environment bears no mark of its run. It is in the control group all the same.
func TestWhatLostItsMarkIsEndedInItsControlGroup(t *testing.T) {
	token, pids, group := orphans(t)
	if left := (local.Backend{}).Leftovers(1, token); left != 0 {
		t.Errorf("%d processes are left", left)
	}
	for _, pid := range pids {
		if alive(pid) {
			t.Errorf("process %d runs on", pid)
		}
	}
	if left, _ := filepath.Glob(group + "*"); len(left) > 0 {
		t.Errorf("left are %v", left)
	}
}

// A console or a keeper that the job started may be what ends the rest of it.
func TestWhoeverEndsWhatIsLeftStays(t *testing.T) {
	token, pids, group := orphans(t)
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `echo $$ >"$1/cgroup.procs" && exec "$2"`, "sh", group, os.Args[0]) // #nosec G204 G702 -- this test binary itself
	cmd.Env = append(os.Environ(), asEnder+"="+token)
	if said, err := cmd.CombinedOutput(); err != nil || string(said) != "left 0\n" {
		t.Errorf("it ends with %v and says %q", err, said)
	}
	for _, pid := range pids {
		if alive(pid) {
			t.Errorf("process %d runs on", pid)
		}
	}
	if left := (local.Backend{}).Leftovers(1, token); left != 0 {
		t.Errorf("%d processes are left", left)
	}
	if left, _ := filepath.Glob(group + "*"); len(left) > 0 {
		t.Errorf("left are %v", left)
	}
}

// What is in another pid namespace has no number to be killed by, and is left unless its group can be killed at once.
func TestWhatCannotBeNamedIsLeft(t *testing.T) {
	token, pids, _ := orphans(t)
	cmd := exec.CommandContext(t.Context(), os.Args[0]) // #nosec G204 G702 -- this test binary itself
	cmd.Env = append(os.Environ(), asEnder+"="+token)
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID}
	said, err := cmd.Output()
	if strings.HasPrefix(fmt.Sprint(err), "fork/exec") {
		t.Skip("no pid namespace can be made here")
	}
	want := "left 0\n"
	for _, pid := range pids {
		if alive(pid) {
			want = "left 1\n" // or more: nobody can say
		}
	}
	if string(said) != want {
		t.Errorf("it ends with %v and says %q, want %q", err, said, want)
	}
	if left := (local.Backend{}).Leftovers(1, token); left != 0 {
		t.Errorf("%d processes are left", left)
	}
}
