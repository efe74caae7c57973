package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const printed = `goos: linux
BenchmarkDecide-2             	 1000000	        22.5 ns/op	       0 B/op	       0 allocs/op
BenchmarkDecideAgainstMap-2   	     100	   1000000 ns/op	        13.1 ns/decision	         1.31 x_map
BenchmarkPage1M/some-members-2	      50	   1000000 ns/op	         1.1 ratio
PASS
`

func TestReportHoldsWhatWasMeasuredAgainstBounds(t *testing.T) {
	all := measured{}
	if err := all.read(strings.NewReader(printed)); err != nil {
		t.Fatal(err)
	}
	page := budget{"page", "storage", "BenchmarkPage1M/some-members", "ratio", 1.5}
	none := budget{"allocations", "core/access", "BenchmarkDecide", "allocs/op", 0}
	ratio := budget{"ratio", "core/access", "BenchmarkDecideAgainstMap", "x_map", 2}
	tight := budget{"tight", "core/access", "BenchmarkDecideAgainstMap", "x_map", 1.3}
	gone := budget{"gone", "core/access", "BenchmarkGone", "ns/op", 1}
	for name, c := range map[string]struct {
		table []budget
		ok    bool
		says  string
	}{
		"within":      {[]budget{none, page, ratio}, true, "1.31      ≤ 2    x_map      ok"},
		"over":        {[]budget{none, tight}, false, "OVER"},
		"not printed": {[]budget{ratio, gone}, false, "missing"},
	} {
		var out strings.Builder
		ok, err := report(c.table, all, &out)
		if err != nil || ok != c.ok || !strings.Contains(out.String(), c.says) {
			t.Errorf("%s: ok %v, error %v, want %v and %q in\n%s", name, ok, err, c.ok, c.says, out.String())
		}
	}
}

func TestReadRefusesWhatIsNoNumber(t *testing.T) {
	if err := (measured{}).read(strings.NewReader("BenchmarkX-2 10 many ns/op")); err == nil {
		t.Error("a value that is no number was read")
	}
}

func TestEveryBudgetNamesABenchmarkThatIsThere(t *testing.T) {
	for _, b := range budgets() {
		files, err := filepath.Glob(filepath.Join("..", "..", b.Package, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, name := range files {
			found = found || declares(t, name, b.function())
		}
		if !found {
			t.Errorf("%s: no %s in %s", b.What, b.Benchmark, b.Package)
		}
	}
}

func declares(t *testing.T, file, function string) bool {
	t.Helper()
	source, err := os.ReadFile(file) // #nosec G304 -- a file of this repository
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range parsed.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == function {
			return true
		}
	}
	return false
}
