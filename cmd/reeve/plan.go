package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/core/plan"
)

func (c *cli) exportCommand() *cobra.Command {
	var workspace, path string
	var cmd *cobra.Command
	cmd = c.act(action.PlanExport, "", nil, func(ctx context.Context, s *system, _ []string) (answer, error) {
		if c.flags.output == formJSON || c.flags.output == formCSV {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.plan.export.form", Args: message.Args{"Form": c.flags.output}})
		}
		var scope plan.Scope
		var err error
		if workspace != "" {
			scope.Workspace, err = c.ref(s, workspace)
		} else {
			scope.Region, err = c.region(s)
		}
		if err != nil {
			return answer{}, err
		}
		if path == "" {
			return answer{silent: true}, s.plans.Export(ctx, scope, c.out)
		}
		err = c.replace("out", path, isDocument, func(w io.Writer) error { return s.plans.Export(ctx, scope, w) })
		return answer{value: record{{"file", path}}, note: message.Text{ID: "cli.plan.exported", Args: message.Args{"Path": path}}}, err
	})
	cmd.Flags().StringVarP(&workspace, "workspace", "w", "", c.p.Text("cli.plan.workspace"))
	cmd.Flags().StringVar(&path, "out", "", c.p.Text("cli.plan.export.out"))
	return cmd
}

// isDocument tells files that an export may replace: those that it wrote, with or without comments above.
func isDocument(data []byte) bool {
	for line := range bytes.Lines(data) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			return bytes.HasPrefix(line, []byte("version:"))
		}
	}
	return true
}

// isPlan tells plan files.
func isPlan(data []byte) bool {
	_, err := plan.Parse(data)
	return err == nil || len(data) == 0
}

// planning are the flags of what makes a plan.
type planning struct {
	path  string
	prune bool
}

func (c *cli) planFlags(cmd *cobra.Command, p *planning) {
	cmd.Flags().StringVarP(&p.path, "file", "f", "", c.p.Text("cli.plan.file"))
	cmd.Flags().BoolVar(&p.prune, "prune", false, c.p.Text("cli.plan.prune"))
	c.allFlag(cmd)
}

// foreseen is a plan with what it would do to access; effect is nil where that was not asked.
type foreseen struct {
	plan   plan.Plan
	effect *control.Outcome
	at     places
}

// foresee makes a plan and tries it out. A plan that would be refused is returned with the refusal.
func (c *cli) foresee(ctx context.Context, s *system, how planning) (f foreseen, err error) {
	document, err := c.readPlanned(how.path)
	if err != nil {
		return f, err
	}
	region, err := c.region(s)
	if err != nil {
		return f, err
	}
	if f.plan, err = s.plans.Make(ctx, document, plan.Reading{Prune: how.prune, Region: region}); err != nil {
		return f, err
	}
	f.plan.Tenant = s.tenant.Name
	if len(f.plan.Steps) == 0 || s.actor.ReadOnly {
		return f, nil
	}
	there, err := s.placeNames(ctx)
	if err != nil {
		return f, err
	}
	seen, err := s.plans.Preview(ctx, f.plan)
	if err != nil {
		return f, err
	}
	f.effect = &seen.Outcome
	f.at = func(id access.WorkspaceID) string {
		if ref, made := seen.Made[id]; made {
			return ref.Region + "/" + ref.Workspace
		}
		return there(id)
	}
	return f, nil
}

func (c *cli) planCommand() *cobra.Command {
	var how planning
	var path string
	var detailed bool
	cmd := c.act(action.PlanMake, "", planSample(), func(ctx context.Context, s *system, _ []string) (answer, error) {
		f, err := c.foresee(ctx, s, how)
		if f.plan.MadeAt.IsZero() {
			return answer{}, err
		}
		if err == nil && path != "" {
			err = c.replace("out", path, isPlan, func(w io.Writer) error {
				data, err := plan.Format(f.plan)
				if err == nil {
					_, err = w.Write(append(data, '\n'))
				}
				return err
			})
		}
		a := c.planned(f)
		if err != nil {
			return answer{}, errors.Join(c.print(a), err)
		}
		if path != "" {
			a.lines = append(a.lines, c.p.With("cli.plan.written", message.Args{"Path": path}))
		}
		if detailed && len(f.plan.Steps) > 0 {
			a.code = exitDiffers
		}
		return a, nil
	})
	c.planFlags(cmd, &how)
	c.need(cmd, "file", "FILE")
	cmd.Flags().StringVar(&path, "out", "", c.p.Text("cli.plan.out"))
	cmd.Flags().BoolVar(&detailed, flagDetailed, false, c.p.Text("cli.plan.detailed"))
	return cmd
}

// flagDetailed makes plan answer with its exit code whether anything differs.
const flagDetailed = "detailed-exitcode"

func (c *cli) applyCommand() *cobra.Command {
	var how planning
	var ownLoss bool
	var cmd *cobra.Command
	sample := doneRecord(plan.Done{})
	cmd = c.act(action.PlanApply, "[PLANFILE]", sample, func(ctx context.Context, s *system, args []string) (answer, error) {
		if (how.path != "") == (len(args) > 0) {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.plan.which"})
		}
		if how.prune && how.path == "" {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.plan.prune.file"})
		}
		var p plan.Plan
		var err error
		if how.path == "" {
			p, err = c.readPlan(args[0])
		} else {
			p, err = c.agreed(ctx, s, cmd, how)
		}
		if err != nil {
			return answer{}, err
		}
		if len(p.Steps) == 0 {
			return answer{value: sample, note: message.Text{ID: "cli.plan.same"}}, nil
		}
		done, err := s.plans.Apply(ctx, p, plan.Applying{OwnLoss: ownLoss})
		return answer{value: doneRecord(done), note: message.Text{ID: "cli.plan.applied", Args: message.Args{
			"Add": done.Add, "Change": done.Change, "Remove": done.Remove}}}, err
	})
	c.planFlags(cmd, &how)
	c.ownLossFlag(cmd, &ownLoss)
	return cmd
}

func doneRecord(d plan.Done) record {
	return record{{"added", d.Add}, {"changed", d.Change}, {"removed", d.Remove}, {"document", d.Document}}
}

func (c *cli) readPlan(path string) (plan.Plan, error) {
	data, err := c.readPlanned(path)
	if err != nil {
		return plan.Plan{}, err
	}
	return plan.Parse(data)
}

// agreed is the plan for a document, shown and agreed to unless --yes says so already.
func (c *cli) agreed(ctx context.Context, s *system, cmd *cobra.Command, how planning) (plan.Plan, error) {
	if c.flags.yes {
		document, err := c.readPlanned(how.path)
		if err != nil {
			return plan.Plan{}, err
		}
		region, err := c.region(s)
		if err != nil {
			return plan.Plan{}, err
		}
		return s.plans.Make(ctx, document, plan.Reading{Prune: how.prune, Region: region})
	}
	if !c.env.Terminal(c.in) || how.path == "-" {
		return plan.Plan{}, c.usage(cmd, message.Text{ID: "cli.plan.yes"})
	}
	f, err := c.foresee(ctx, s, how)
	if err != nil || len(f.plan.Steps) == 0 {
		return f.plan, err
	}
	if _, err := fmt.Fprintln(c.err, strings.Join(c.shown(c.planned(f)), "\n")); err != nil {
		return plan.Plan{}, fmt.Errorf("showing the plan: %w", err)
	}
	n := f.plan.Count()
	said, err := c.ask(message.Text{ID: "cli.plan.ask", Args: message.Args{"Remove": n.Remove, "Yes": c.p.Text("cli.yes")}})
	if err == nil && !strings.EqualFold(said, c.p.Text("cli.yes")) {
		err = &usageFault{what: message.Text{ID: "cli.plan.declined"}}
	}
	return f.plan, err
}
