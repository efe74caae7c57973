package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strconv"
	"strings"
)

// measured is a value by benchmark and metric.
type measured map[[2]string]float64

// measure runs the benchmarks of one package for the given time each and adds what they print to all.
func (all measured) measure(ctx context.Context, pkg string, names []string, benchtime string, log io.Writer) error {
	pattern := "^(" + strings.Join(names, "|") + ")$"
	// #nosec G204 -- the arguments are the table above and a flag of whoever runs this
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", pattern, "-benchtime", benchtime, "-benchmem", "./"+pkg)
	cmd.Stderr = log
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("running the benchmarks of %s: %w\n%s", pkg, err, out)
	}
	return all.read(strings.NewReader(string(out)))
}

// read takes the lines of benchmarks out of what go test printed: the name with the number of processors, the rounds, then
// pairs of value and unit.
func (all measured) read(r io.Reader) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) < 4 || !strings.HasPrefix(words[0], "Benchmark") {
			continue
		}
		name := words[0]
		if i := strings.LastIndex(name, "-"); i > 0 {
			name = name[:i]
		}
		for i := 2; i+1 < len(words); i += 2 {
			value, err := strconv.ParseFloat(words[i], 64)
			if err != nil {
				return fmt.Errorf("reading %q: %w", lines.Text(), err)
			}
			all[[2]string{name, words[i+1]}] = value
		}
	}
	return lines.Err()
}

// byPackage lists the functions of the benchmarks of each package, each once, packages in the order of the table.
func byPackage(table []budget) (packages []string, names map[string][]string) {
	names = map[string][]string{}
	for _, b := range table {
		if !slices.Contains(packages, b.Package) {
			packages = append(packages, b.Package)
		}
		if !slices.Contains(names[b.Package], b.function()) {
			names[b.Package] = append(names[b.Package], b.function())
		}
	}
	return packages, names
}
