package local_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"reeve/core/run"
	"reeve/core/run/local"
)

// Few machines that tests run on let them make control groups of version 2. So these tests run once more in a kernel of their own, as
// its first process: User Mode Linux (linux.uml, the Debian package user-mode-linux) is a program like any other.

// inKernel is set in the environment of the tests that run in a kernel of their own.
const inKernel = "REEVE_TEST_KERNEL"

// booted and ended frame what the tests write there.
const (
	booted = "tests in a kernel of their own"
	ended  = "tests in a kernel ended with "
)

func TestMain(m *testing.M) {
	other()
	if os.Getenv(inKernel) == "" {
		os.Exit(m.Run())
	}
	fmt.Println(booted)
	err := errors.Join(unix.Mount("proc", "/proc", "proc", 0, ""), unix.Mount("sysfs", "/sys", "sysfs", 0, ""),
		unix.Mount("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, ""), unix.Mount("tmpfs", "/mnt", "tmpfs", 0, ""), os.Setenv("TMPDIR", "/mnt"))
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(ended + strconv.Itoa(m.Run()))
	_ = unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF)
}

func TestVersionTwoInAKernelOfItsOwn(t *testing.T) {
	if os.Getenv(inKernel) != "" {
		t.Skip("it is the one")
	}
	uml, err := exec.LookPath("linux.uml")
	if err != nil {
		t.Skip("linux.uml is not installed")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), uml, "rootfstype=hostfs", "rootflags=/", "ro", "mem=256M", "quiet", "con=null", "con0=fd:0,fd:1", // #nosec G204 -- as found
		"uml_dir="+dir, "init="+self, inKernel+"=1", "PATH=/usr/local/bin:/usr/bin:/bin", "--", "-test.v")
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	out, err := cmd.CombinedOutput()
	said := string(out)
	switch {
	case !strings.Contains(said, booted):
		t.Skipf("no kernel can be started here: %v\n%s", err, said)
	case !strings.Contains(said, ended+"0") || strings.Contains(said, "no control groups can be made here"):
		t.Errorf("in a kernel of their own the tests say\n%s", said)
	}
}

// unified is where control groups of version 2 are in a kernel of our own; elsewhere the test is skipped.
func unified(t *testing.T) string {
	t.Helper()
	if os.Getenv(inKernel) == "" {
		t.Skip("only in a kernel of its own")
	}
	return "/sys/fs/cgroup"
}

func TestNothingIsLeftOfAGroupOfVersionTwo(t *testing.T) {
	root := unified(t)
	p, _ := start(t, local.Backend{}, "token-e", "sleep 1000 & setsid sleep 1000 & exit 0")
	if p.Limits() != "cgroup-v2" {
		t.Fatalf("it is held by %s", p.Limits())
	}
	<-p.Done()
	if left, _ := filepath.Glob(root + "/reeve/run-*"); len(left) > 0 {
		t.Errorf("left are %v", left)
	}
}

// A group can be made and not be entered: another owner's, or one that is full.
func TestWhatMayNotBeEnteredIsSoft(t *testing.T) {
	root := unified(t)
	full := filepath.Join(root, "full")
	write := func(name, what string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(what), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(full, 0o700); err != nil {
		t.Fatal(err)
	}
	write(root+"/cgroup.subtree_control", "+pids")
	write(full+"/pids.max", "0")
	p, out := start(t, local.Backend{Group: "full"}, "token-f", "echo in")
	<-p.Done()
	if p.Limits() != "soft" || p.Exit().How != run.Done || out.String() != "in\n" {
		t.Errorf("held by %s it ends with %+v and writes %q", p.Limits(), p.Exit(), out)
	}
	if _, err := (local.Backend{Group: "full"}).Start(t.Context(), run.Job{ID: 2, Token: "token-g", Command: []string{"no-such-program"}, CPU: 1, MemoryMiB: 64}); err == nil {
		t.Error("what is not there was started")
	}
	if left, _ := filepath.Glob(full + "/run-*"); len(left) > 0 {
		t.Errorf("left are %v", left)
	}
}
