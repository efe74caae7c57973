package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reeve/cmd/handover"
	"reeve/core/action"
	"reeve/core/group"
	"reeve/core/keeper"
	"reeve/core/message"
	work "reeve/core/run"
	process "reeve/core/run/local"
	"reeve/core/text"
	"reeve/storage"
)

// runInput is what the command line says of a run.
type runInput struct {
	group, workspace, module, name string
	cu                             float64
	soft                           bool
}

func (c *cli) runCommand() *cobra.Command {
	var in runInput
	cmd := c.act(action.GroupRun, "COMMAND…", nil, func(ctx context.Context, s *system, args []string) (answer, error) {
		code, err := c.runIn(ctx, s, in, args)
		return answer{silent: true, code: code}, err
	})
	cmd.Long = c.p.Text("cli.run.long")
	f := cmd.Flags()
	f.SetInterspersed(false) // what follows the command is its own
	f.SortFlags = false
	f.StringVarP(&in.group, "group", "g", "", c.p.Text("cli.run.group"))
	f.StringVarP(&in.workspace, "workspace", "w", "", c.p.Text("cli.run.workspace"))
	f.StringVar(&in.module, "module", string(group.Scheduling), c.p.Text("cli.run.module"))
	f.Float64Var(&in.cu, "cu", 0.5, c.p.Text("cli.run.cu"))
	f.StringVar(&in.name, "name", "", c.p.Text("cli.run.name"))
	f.BoolVar(&in.soft, "soft", false, c.p.Text("cli.run.soft"))
	c.need(cmd, "group", "GROUP")
	c.need(cmd, "workspace", "WORKSPACE")
	return cmd
}

// runIn takes a command through a resource group and answers its exit code.
func (c *cli) runIn(ctx context.Context, s *system, in runInput, args []string) (int, error) {
	ref, err := c.ref(s, in.workspace)
	if err != nil {
		return 0, err
	}
	name := in.name
	if name == "" {
		name = filepath.Base(args[0])
	}
	token := c.env.ID()
	// Signals are the command's: they end it, and with it this program, so that the queue is told.
	ctx = context.WithoutCancel(ctx)
	eye := s.db.Eye()
	defer eye.Close() //nolint:contextcheck // closing goes on when ctx has ended
	signals, stop := c.signals()
	defer stop()
	backend := c.backend()
	backend.Soft = in.soft
	// Groups as well: what waits for one that is starting would wait for good where no console and no keeper runs.
	tending := keeper.New(s.gate, storage.NewKeepers(s.db), token, []keeper.Area{{Name: "group", Mover: s.groups}, {Name: "run", Mover: s.runs}})
	_, _, _ = tending.Catch(ctx) // so that work is taken by what stands now; what fails is kept for keepers to try again
	r := work.Runner{
		Queue: handover.Queue{Runs: s.runs, Terms: s.terms.Runs, Actor: s.actor,
			Entry: group.Entry{Group: in.group, Workspace: ref, Module: in.module, CU: in.cu, Name: shortened(text.Clean(name)), Machine: c.env.Machine,
				Account: c.env.Account, Token: token, Within: c.within()},
			Used:   func(ctx context.Context) { _ = s.uses.Note(ctx, ref) }, // the work is taken, whether or not it is noted
			Keeper: tending},
		Backend: sayLimits{backend, c},
		Times:   handover.Times(s.terms.Runs), Say: c.remark, After: c.after(), Changed: eye.Look, Signals: signals,
	}
	code, err := r.Run(ctx, work.Job{Token: token, Command: args, In: c.in, Out: c.out, Err: c.err})
	var start *work.StartError
	if errors.As(err, &start) { // the exit code is that of shells
		c.remark(start.Text())
		return code, nil
	}
	return code, err
}

// within is the run by whose command this program was started.
func (c *cli) within() group.Ticket {
	id, mark := process.Within(c.env.Get)
	return group.Ticket{ID: id, Token: mark}
}

// backend runs commands on this machine, in the control group that REEVE_CGROUP names if one has been delegated.
func (c *cli) backend() process.Backend { return process.Backend{Group: c.env.Get("REEVE_CGROUP")} }

// longestName bounds the name of a run.
const longestName = 64

func shortened(s string) string {
	if r := []rune(s); len(r) > longestName {
		return string(r[:longestName-1]) + "…"
	}
	return s
}

// remark says something about the run beside what its command says: on the error output, marked as ours.
func (c *cli) remark(t message.Text) {
	if t.ID != "" {
		_, _ = c.err.Write([]byte(program + ": " + strings.TrimRight(c.say(t), "\n") + "\n"))
	}
}

// after is the clock of a run: that of the machine.
func (c *cli) after() func(time.Duration) <-chan time.Time { return handover.After }

// signals are the signals that are passed on to a command.
func (c *cli) signals() (<-chan int, func()) {
	raw, numbers := make(chan os.Signal, 16), make(chan int, 16)
	signal.Notify(raw, passedOn()...)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case s := <-raw:
				select {
				case numbers <- numberOf(s):
				case <-done:
					return
				}
			case <-done:
				return
			}
		}
	}()
	return numbers, func() { signal.Stop(raw); close(done) }
}

// sayLimits tells whoever runs a command that it is not held to what it was given.
type sayLimits struct {
	work.Backend
	c *cli
}

// Start implements work.Backend.
func (b sayLimits) Start(ctx context.Context, j work.Job) (work.Process, error) {
	p, err := b.Backend.Start(ctx, j)
	if err == nil && p.Limits() == string(group.LimitsSoft) {
		b.c.remark(message.Text{ID: "run.soft", Args: message.Args{"ID": j.ID}})
	}
	return p, err
}
