// Command reeve is the admin center of a data platform in the terminal. This package is the command line and the wiring:
// it parses, builds what it needs, calls one act of core and prints the answer. It decides nothing; core does.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the days of regions begin in their time zones, also on a machine that knows none
)

func main() { os.Exit(start()) }

// start runs the program so that everything deferred has run before the exit code is handed over.
func start() int {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		// A closed terminal sends it; what is temporary must go then as well. Under nohup it stays ignored.
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	defer stop()
	return run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, machine())
}

// run is the whole program with its surroundings handed in. It returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, env environ) int {
	args = foldValues(args)
	c, err := newCLI(args, stdin, stdout, stderr, env)
	if err != nil {
		// Without the catalogues there are no words, so this is the one error that is printed as it is.
		_, _ = io.WriteString(stderr, "reeve: "+err.Error()+"\n")
		return exitFailed
	}
	return c.execute(ctx, args)
}

// execute runs the command that the arguments name, and returns the exit code.
func (c *cli) execute(ctx context.Context, args []string) int {
	root := c.root() //nolint:contextcheck // the commands take the context of their execution
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil && c.then != nil {
		err = c.then()
	}
	if err != nil {
		return c.fail(err)
	}
	return c.code
}
