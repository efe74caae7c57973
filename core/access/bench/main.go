// Command bench measures core/access beside other engines: it builds the same
// world in each, makes sure that they answer as reeve does, and prints one table.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"reeve/core/access/bench/peers"
)

// options are what the command line says.
type options struct {
	size      peers.Size
	effort    peers.Effort
	questions int
	only      string
	check     bool
}

func main() {
	o, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		os.Exit(2) // the flag set has said why
	}
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse(arguments []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.IntVar(&o.size.Workspaces, "workspaces", 1000, "workspaces")
	flags.IntVar(&o.size.Members, "members", 100, "members of each workspace")
	flags.IntVar(&o.size.People, "people", 20_000, "people of the tenant")
	flags.IntVar(&o.size.RolesEach, "roles", 3, "roles of each member")
	flags.IntVar(&o.size.CustomRoles, "custom", 6, "custom roles of each workspace")
	flags.IntVar(&o.questions, "questions", 1<<14, "questions, asked over and over")
	flags.DurationVar(&o.effort.Sample, "sample", 2*time.Second, "how long the answers of an engine are compared with reeve's")
	flags.DurationVar(&o.effort.Round, "round", 50*time.Millisecond, "how long a round of asking takes")
	flags.IntVar(&o.effort.Rounds, "rounds", 60, "rounds, of which the best counts")
	flags.StringVar(&o.only, "only", "", "only the engines with this in their names, and reeve")
	flags.BoolVar(&o.check, "check", false, "fail where a budget is missed")
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	s := o.size
	if min(s.Workspaces, s.Members, s.People, s.RolesEach, o.questions, o.effort.Rounds) < 1 || s.CustomRoles < 0 || s.Members > s.People {
		err := errors.New("every count must be above zero, and there must be as many people as members")
		fmt.Fprintln(os.Stderr, "bench:", err)
		return o, err
	}
	return o, nil
}

func run(o options) error {
	fmt.Printf("%d workspaces × %d members × %d roles, %d custom roles, %d people\n\n", o.size.Workspaces, o.size.Members,
		o.size.RolesEach, o.size.Workspaces*o.size.CustomRoles, o.size.People)
	var results []peers.Result
	for i, contender := range peers.Contenders() {
		if i > 0 && !strings.Contains(contender.Name, o.only) {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s …\n", contender.Name)
		result, err := peers.Measure(contender, o.size, o.questions, o.effort)
		if err != nil {
			return fmt.Errorf("%s: %w", contender.Name, err)
		}
		results = append(results, result)
	}
	lookups, err := peers.AgainstMap(o.size, o.questions, o.effort)
	if err != nil {
		return err
	}
	fmt.Print(peers.Table(results))
	fmt.Printf("\nA decision of reeve costs %.2f look-ups in a bare map (budget %g)", lookups, peers.MostLookups)
	if fastest, found := peers.Fastest(results); found {
		fmt.Printf(" and is %.0f times faster than the fastest peer (budget %g)", fastest.NsPerOp/results[0].NsPerOp, peers.LeastFaster)
	}
	fmt.Println(".")
	if missed := peers.Missed(results[0], results[1:], lookups); o.check && len(missed) > 0 {
		return fmt.Errorf("budgets missed: %s", strings.Join(missed, "; "))
	}
	return nil
}
