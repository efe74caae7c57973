package local_test

import (
	"os"
	"testing"

	"reeve/core/run/local"
)

// anyKernel skips what needs no kernel of its own, where much memory is slow.
func anyKernel(t *testing.T) {
	t.Helper()
	if os.Getenv(inKernel) != "" {
		t.Skip("not in a kernel of its own")
	}
}

// A soft job is asked for what it uses every now and then, and a short one never while it uses the most.
func TestTheMostMemoryOfAShortJobIsKnown(t *testing.T) {
	anyKernel(t)
	p, _ := start(t, local.Backend{Soft: true}, "token-h", `head -c 120m /dev/zero | tail -c 120m >/dev/null`)
	<-p.Done()
	if got := p.Exit().Spent.Memory; got < 120 || got > 240 {
		t.Errorf("it used %d MiB", got)
	}
}

// A command begins as a copy of this program, whose memory is not the command's.
func TestTheMemoryOfThisProgramIsNotThatOfTheJob(t *testing.T) {
	anyKernel(t)
	much := make([]byte, 64<<20)
	for i := 0; i < len(much); i += os.Getpagesize() {
		much[i] = 1
	}
	p, _ := start(t, local.Backend{Soft: true}, "token-i", "exit 0")
	<-p.Done()
	if got := p.Exit().Spent.Memory; got >= 60 || much[0] == 0 {
		t.Errorf("it used %d MiB", got)
	}
}
