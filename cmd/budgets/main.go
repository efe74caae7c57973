// Command budgets runs the benchmarks that bound how fast and how small the program must be, and prints each with what was
// measured, its bound and whether it holds. It exits with 1 when one does not. Run it from the root of the repository.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
)

func main() {
	benchtime := flag.String("benchtime", "300ms", "how long each benchmark runs, as for go test")
	flag.Parse()
	ok, err := run(context.Background(), budgets(), *benchtime, os.Stdout, os.Stderr)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	case !ok:
		os.Exit(1)
	}
}

func run(ctx context.Context, table []budget, benchtime string, out, log io.Writer) (ok bool, err error) {
	all := measured{}
	packages, names := byPackage(table)
	for _, pkg := range packages {
		if err := all.measure(ctx, pkg, names[pkg], benchtime, log); err != nil {
			return false, err
		}
	}
	return report(table, all, out)
}

// report prints the table. A budget whose benchmark printed no such metric does not hold.
func report(table []budget, all measured, out io.Writer) (ok bool, err error) {
	ok = true
	var rows strings.Builder
	rows.WriteString("BUDGET\tMEASURED\tBOUND\tUNIT\tOK\n")
	for _, b := range table {
		value, found := all[[2]string{b.Benchmark, b.Metric}]
		shown, verdict := "-", "missing"
		if found {
			shown, verdict = number(value), "ok"
		}
		if found && value > b.Bound {
			verdict = "OVER"
		}
		ok = ok && verdict == "ok"
		fmt.Fprintf(&rows, "%s\t%s\t%s\t%s\t%s\n", b.What, shown, "≤ "+number(b.Bound), b.Metric, verdict)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	if _, err := io.WriteString(w, rows.String()); err != nil {
		return ok, err
	}
	return ok, w.Flush()
}

// number keeps three digits, or all of a whole number.
func number(v float64) string {
	if v >= 100 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}
