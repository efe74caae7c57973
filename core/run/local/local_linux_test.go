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
