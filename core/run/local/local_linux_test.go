package local_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"reeve/core/run"
	"reeve/core/run/local"
)

// start begins a job that may use half a CPU and 32 MiB.
func start(t *testing.T, b local.Backend, token, script string) (run.Process, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	p, err := b.Start(t.Context(), run.Job{ID: 1, Token: token, Command: []string{"sh", "-c", script}, Out: &out, CPU: 0.5, MemoryMiB: 32})
	if err != nil {
		t.Fatal(err)
	}
	return p, &out
}

func TestAJobKnowsItsRunAndEndsAsItEnds(t *testing.T) {
	for name, b := range map[string]local.Backend{"held": {}, "soft": {Soft: true}} {
		p, out := start(t, b, "token-a-"+name, `echo $REEVE_RUN; (sleep 1000 &) ; exit 4`)
		<-p.Done()
		if got := p.Exit(); got.Code != 4 || got.How != run.Failed || strings.TrimSpace(out.String()) != "1" {
			t.Errorf("%s: it ends with %+v and writes %q", name, got, out)
		}
		if left := b.Leftovers(1, "token-a-"+name); left != 0 {
			t.Errorf("%s: %d processes are left", name, left)
		}
	}
}

func TestMemoryIsHeld(t *testing.T) {
	p, _ := start(t, local.Backend{}, "token-b", "exec tail /dev/zero")
	if p.Limits() == "soft" {
		p.Kill()
		t.Skip("no control groups can be made here")
	}
	<-p.Done()
	if got := p.Exit(); got.How != run.Memory || got.Code != 137 || got.Spent.Memory > 33 {
		t.Errorf("it ends with %+v", got)
	}
}

// What holds a job stands in its own control group: half a CU for each tenth of a second, and 32 MiB without any swap.
func TestCPUAndMemoryAreHeldAsAsked(t *testing.T) {
	p, out := start(t, local.Backend{}, "token-d", `g=$(sed -n 's/^0:://p' /proc/self/cgroup); cd /sys/fs/cgroup$g && cat cpu.max memory.max memory.swap.max && exit
		c=$(sed -n 's/^[0-9]*:cpu\(,cpuacct\)\{0,1\}://p' /proc/self/cgroup | head -n 1); m=$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)
		cat /sys/fs/cgroup/cpu$c/cpu.cfs_quota_us /sys/fs/cgroup/memory$m/memory.limit_in_bytes`)
	<-p.Done()
	switch p.Limits() {
	case "cgroup-v2":
		if got := out.String(); got != "50000 100000\n33554432\n0\n" {
			t.Errorf("it is held to %q", got)
		}
	case "cgroup-v1":
		if got := out.String(); got != "50000\n33554432\n" {
			t.Errorf("it is held to %q", got)
		}
	default:
		t.Skip("no control groups can be made here")
	}
	if got := p.Exit().Spent; got.CPU <= 0 {
		t.Errorf("it used %+v", got)
	}
}

func TestAStoppedJobIsKilled(t *testing.T) {
	out, in := io.Pipe()
	p, err := local.Backend{Soft: true}.Start(t.Context(), run.Job{ID: 1, Token: "token-c", Out: in,
		Command: []string{"sh", "-c", `trap "" TERM INT; echo deaf; while :; do sleep 0.05; done`}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	p.Signal(15)
	p.Kill()
	<-p.Done()
	if got := p.Exit(); got.How != run.Killed || got.Code != 137 {
		t.Errorf("it ends with %+v", got)
	}
}
