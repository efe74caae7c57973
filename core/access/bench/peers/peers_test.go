package peers

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"reeve/core/access"
)

// small is a world of the same shape that every engine answers quickly.
func small() Size {
	return Size{Workspaces: 4, Members: 12, People: 30, RolesEach: 3, CustomRoles: 6}
}

func TestEveryEngineAgrees(t *testing.T) {
	for _, c := range Contenders() {
		t.Run(c.Name, func(t *testing.T) {
			result, err := Measure(c, small(), 600, Effort{Sample: time.Hour, Round: 1, Rounds: 1})
			if err != nil {
				t.Fatal(err)
			}
			if result.Agreed != 600 {
				t.Errorf("%d answers compared, not 600", result.Agreed)
			}
		})
	}
}

// TestModulesAreNamed makes sure that the table can tell the versions of peers.
func TestModulesAreNamed(t *testing.T) {
	text, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range Contenders() {
		if !strings.Contains(string(text), "\t"+c.Module+" v") && c.Module != "" {
			t.Errorf("%s: there is no module %q", c.Name, c.Module)
		}
	}
}

// liar answers everything with yes.
type liar struct{ reeve }

func (*liar) Prepare([]access.Question) (func(int) (bool, error), error) {
	return func(int) (bool, error) { return true, nil }, nil
}

func TestDisagreementIsFound(t *testing.T) {
	_, err := Measure(Contender{Name: "liar", New: func() Engine { return &liar{} }}, small(), 100, Effort{})
	var disagreement *Disagreement
	if !errors.As(err, &disagreement) || disagreement.Reeve {
		t.Fatalf("got %v, want a disagreement about what reeve refuses", err)
	}
}

// TestWorldIsMixed makes sure that agreement says something.
func TestWorldIsMixed(t *testing.T) {
	w, err := NewWorld(small(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	snapshot, err := access.Compile(w.State)
	if err != nil {
		t.Fatal(err)
	}
	allowed := 0
	for _, q := range w.Questions {
		if snapshot.Decide(q) {
			allowed++
		}
	}
	if allowed < 300 || allowed > 700 {
		t.Errorf("%d of 1000 allowed", allowed)
	}
}

func TestMissed(t *testing.T) {
	peer := Result{Contender: Contender{Name: "peer", Module: "example.org/peer"}, NsPerOp: 1000}
	slow := Result{Contender: Contender{Name: "slow", Module: "example.org/slow"}, NsPerOp: 90_000}
	for name, test := range map[string]struct {
		reeve   Result
		peers   []Result
		lookups float64
		missed  []string
	}{
		"all kept":   {Result{NsPerOp: 10}, []Result{slow, peer}, 2, nil},
		"allocates":  {Result{NsPerOp: 10, AllocsPerOp: 1}, []Result{peer}, 1, []string{"allocates 1"}},
		"look-ups":   {Result{NsPerOp: 10}, []Result{peer}, 2.1, []string{"2.10 look-ups"}},
		"peers":      {Result{NsPerOp: 11}, []Result{slow, peer}, 1, []string{"91 times faster than peer"}},
		"no peer":    {Result{NsPerOp: 10}, []Result{{NsPerOp: 1}}, 1, []string{"no peer"}},
		"everything": {Result{NsPerOp: 900, AllocsPerOp: 2}, []Result{peer}, 9, []string{"allocates 2", "9.00 look-ups", "1 times"}},
	} {
		missed := Missed(test.reeve, test.peers, test.lookups)
		if len(missed) != len(test.missed) {
			t.Errorf("%s: %q", name, missed)
			continue
		}
		for i := range missed {
			if !strings.Contains(missed[i], test.missed[i]) {
				t.Errorf("%s: %q, want %q in it", name, missed[i], test.missed[i])
			}
		}
	}
}

func TestTable(t *testing.T) {
	text := Table([]Result{
		{Contender: Contender{Name: "reeve"}, Workspaces: 1000, NsPerOp: 17.04, Build: 1500 * time.Microsecond, Heap: 3 << 20},
		{Contender: Contender{Name: "peer"}, Workspaces: 10, Agreed: 16384, NsPerOp: 1_234_567, BytesPerOp: 999},
	})
	for _, row := range []string{
		"| reeve | 1,000 | 0 | 17.0 | 0 | 0 | 2ms | 3.0 MiB | 1.0 |\n",
		"| peer | 10 | 16,384 | 1,234,567 | 999 | 0 | 0s | 0.0 MiB | 72,451 |\n",
	} {
		if !strings.Contains(text, row) {
			t.Errorf("no row %q in\n%s", row, text)
		}
	}
}
