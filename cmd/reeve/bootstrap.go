package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/bootstrap"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

func (c *cli) bootstrapCommands() *cobra.Command {
	return c.group("bootstrap", c.p.Text("cli.group.bootstrap"), c.bootstrapList(), c.bootstrapShow(), c.bootstrapDelete())
}

func (c *cli) runRecord(r bootstrap.Run) record {
	return record{
		{"id", int64(r.ID)}, {"region", r.Spec.Region}, {"workspace", r.Spec.Workspace.Name}, {"state", string(r.State())},
		{"steps", records(r.Steps, func(p bootstrap.Progress) record {
			return record{{"step", p.ID}, {"part", p.Part}, {"kind", string(p.Kind)}, {"name", p.Name}, {"state", string(p.State)}, {"at", p.At},
				{"problem", string(p.Problem)}, {"said", c.sayAll(p.Said)}}
		})},
		{"created_at", r.CreatedAt}, {"created_by", r.CreatedBy}, {"modified_at", r.ModifiedAt}, {"version", r.Version},
	}
}

func (c *cli) runSample() record {
	return c.runRecord(bootstrap.Run{Steps: make([]bootstrap.Progress, 1)})
}

func (c *cli) sayAll(texts []message.Text) []string {
	said := []string{}
	for _, t := range texts {
		said = append(said, c.say(t))
	}
	return said
}

func (c *cli) planRecord(p bootstrap.Plan) record {
	return record{{"region", p.Spec.Region}, {"workspace", p.Spec.Workspace.Name}, {"steps", records(p.Steps, func(s bootstrap.Planned) record {
		ask := s.Ask
		if ask == nil {
			ask = []string{}
		}
		return record{{"step", s.ID}, {"part", s.Part}, {"kind", string(s.Kind)}, {"name", s.Name}, {"will", string(s.Will)}, {"said", c.say(s.Said)}, {"ask", ask}}
	})}}
}

// planLines is a plan for people: the five parts, each with its steps.
func (c *cli) planLines(p bootstrap.Plan) []string {
	lines := []string{}
	for _, s := range p.Steps {
		line := fmt.Sprintf("%d  %s  %s  %s", s.Part, pad(c.partName(s.Part), c.partWidth()), pad(c.p.Text("bootstrap.will."+string(s.Will)), c.wordWidth()), c.say(s.Said))
		if len(s.Ask) > 0 {
			line += " " + c.say((&fault.Denied{Ask: s.Ask}).Next())
		}
		lines = append(lines, line)
	}
	return lines
}

func (c *cli) partName(part int) string { return c.p.Text("bootstrap.part." + strconv.Itoa(part)) }

func (c *cli) partWidth() int {
	width := 0
	for part := 1; part <= bootstrap.Parts; part++ {
		width = max(width, ansi.StringWidth(c.partName(part)))
	}
	return width
}

// wordWidth is as wide as the longest word for what becomes of a step.
func (c *cli) wordWidth() int {
	width := 0
	for _, will := range []bootstrap.Will{bootstrap.WillDo, bootstrap.WillFind, bootstrap.WillLack, bootstrap.WillRefuse} {
		width = max(width, ansi.StringWidth(c.p.Text("bootstrap.will."+string(will))))
	}
	for _, state := range []bootstrap.State{bootstrap.Pending, bootstrap.Running, bootstrap.Done, bootstrap.Failed, bootstrap.Skipped} {
		width = max(width, ansi.StringWidth(c.p.Text("bootstrap.state."+string(state))))
	}
	return width
}

// progressLines is a step of a run for people: how far it is, and below it what it said.
func (c *cli) progressLines(p bootstrap.Progress) []string {
	lines := []string{fmt.Sprintf("%d  %s  %s  %s", p.Part, pad(c.partName(p.Part), c.partWidth()), pad(c.p.Text("bootstrap.state."+string(p.State)), c.wordWidth()),
		c.p.With("bootstrap.step."+string(p.Kind), message.Args{"Name": text.Clean(p.Name)}))}
	for _, said := range c.sayAll(p.Said) {
		lines = append(lines, "   "+said)
	}
	return lines
}

func (c *cli) bootstrapList() *cobra.Command {
	return c.act(action.BootstrapList, "", []record{c.runSample()}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		region, err := c.region(s)
		if err != nil {
			return answer{}, err
		}
		runs, err := s.bootstraps.List(ctx, region)
		rows := records(runs, func(r bootstrap.Run) record {
			over := 0
			for _, p := range r.Steps {
				if p.Over() {
					over++
				}
			}
			return record{{"id", int64(r.ID)}, {"region", r.Spec.Region}, {"workspace", r.Spec.Workspace.Name}, {"state", c.p.Text("bootstrap.state." + string(r.State()))},
				{"steps", fmt.Sprintf("%d/%d", over, len(r.Steps))}, {"created_at", r.CreatedAt}, {"created_by", r.CreatedBy}}
		})
		return answer{value: records(runs, c.runRecord), lines: c.table(rows, nil)}, err
	})
}

// runID reads the number of a run.
func runID(word string) (bootstrap.ID, error) {
	n, err := strconv.ParseInt(word, 10, 64)
	if err != nil || n <= 0 {
		return 0, &fault.NotFound{What: "bootstrap", Name: word}
	}
	return bootstrap.ID(n), nil
}

func (c *cli) bootstrapShow() *cobra.Command {
	return c.act(action.BootstrapShow, "ID", c.runSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		id, err := runID(args[0])
		if err != nil {
			return answer{}, err
		}
		run, err := s.bootstraps.Get(ctx, id)
		return answer{value: c.runRecord(run), lines: c.runLines(run)}, err
	})
}

// runLines is a run for people.
func (c *cli) runLines(r bootstrap.Run) []string {
	var lines []string
	for _, p := range r.Steps {
		lines = append(lines, c.progressLines(p)...)
	}
	return append(lines, c.runEnd(r))
}

// runEnd says how a run stands, and how to go on with it.
func (c *cli) runEnd(r bootstrap.Run) string {
	id := "cli.bootstrap.stopped"
	if r.State() == bootstrap.Done {
		id = "cli.bootstrap.done"
	}
	return c.say(message.Text{ID: id, Args: message.Args{"Workspace": r.Spec.Workspace.Name, "Region": r.Spec.Region, "ID": int64(r.ID)}})
}

func (c *cli) bootstrapDelete() *cobra.Command {
	var version int64
	cmd := c.act(action.BootstrapDelete, "ID", c.runSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		id, err := runID(args[0])
		if err != nil {
			return answer{}, err
		}
		run, err := s.bootstraps.Delete(ctx, id, version)
		return answer{value: c.runRecord(run), note: message.Text{ID: "cli.bootstrap.deleted", Args: message.Args{"ID": int64(id)}}}, err
	})
	cmd.Flags().Int64Var(&version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}

func (c *cli) workspaceBootstrap() *cobra.Command {
	var path, resume string
	var dry bool
	var cmd *cobra.Command
	cmd = c.act(action.WorkspaceBootstrap, "", c.runSample(), func(ctx context.Context, s *system, _ []string) (answer, error) {
		switch {
		case path == "" && resume == "":
			return answer{}, c.usage(cmd, message.Text{ID: "cli.bootstrap.which"})
		case resume != "" && dry:
			return answer{}, c.usage(cmd, message.Text{ID: "cli.bootstrap.dry_resume"})
		case path == "":
			id, err := runID(resume)
			if err != nil {
				return answer{}, err
			}
			return c.advance(cmd.Context(), s, id) //nolint:contextcheck // without the request id, which is that of having begun
		}
		file, err := c.specFile(ctx, s, path)
		if err != nil {
			return answer{}, err
		}
		if dry {
			return c.dryRun(ctx, s, file)
		}
		run, err := c.begun(ctx, s, file, resume)
		if err != nil {
			return answer{}, file.Located(err)
		}
		return c.advance(cmd.Context(), s, run.ID) //nolint:contextcheck // as above
	})
	cmd.Flags().StringVarP(&path, "file", "f", "", c.p.Text("cli.flag.file"))
	cmd.Flags().StringVar(&resume, "resume", "", c.p.Text("cli.bootstrap.resume"))
	cmd.Flags().BoolVar(&dry, "dry-run", false, c.p.Text("cli.bootstrap.dry_run"))
	return cmd
}

// begun is a new run of what a file wants, or with the number of one that one, which wants it from now on.
func (c *cli) begun(ctx context.Context, s *system, file bootstrap.File, resume string) (bootstrap.Run, error) {
	if resume == "" {
		return s.bootstraps.Begin(ctx, file.Spec)
	}
	id, err := runID(resume)
	if err != nil {
		return bootstrap.Run{}, err
	}
	return s.bootstraps.Edit(ctx, id, file.Spec, 0)
}

// specFile reads what is wanted from a file, and says everything that is wrong with it: how it is written and what it asks for.
func (c *cli) specFile(ctx context.Context, s *system, path string) (bootstrap.File, error) {
	data, err := c.readFile(path)
	if err != nil {
		return bootstrap.File{}, err
	}
	file, bad := bootstrap.Read(data)
	if file.Spec.Region == "" {
		region, err := c.region(s)
		if err != nil {
			return file, err
		}
		file.Spec.Region = region
	}
	if bad != nil && file.Readable {
		_, asked := s.bootstraps.Plan(ctx, file.Spec)
		bad = bootstrap.Together(bad, file.Located(asked))
	}
	return file, bad
}

func (c *cli) dryRun(ctx context.Context, s *system, file bootstrap.File) (answer, error) {
	plan, err := s.bootstraps.Plan(ctx, file.Spec)
	if err != nil {
		return answer{}, file.Located(err)
	}
	a := answer{value: c.planRecord(plan), lines: append(c.planLines(plan), c.p.Text("cli.bootstrap.nothing_changed"))}
	if _, denied := plan.Denied(); denied {
		a.code = exitDenied
	}
	return a, nil
}

// advance carries a run out, step by step, and says of each how it went. A group that is being made ready is waited for.
func (c *cli) advance(ctx context.Context, s *system, id bootstrap.ID) (answer, error) {
	ctx = s.as(ctx)
	told := map[string]bool{}
	// What the run waited for when it stopped may have fallen due since.
	if _, _, err := s.keeper.Catch(ctx); err != nil {
		return answer{}, err
	}
	for {
		run, err := s.bootstraps.Advance(ctx, id)
		if err != nil {
			return answer{}, err
		}
		c.tellProgress(run, told)
		switch state := run.State(); {
		case !run.Waits.IsZero():
			if err := c.wait(ctx, s, run); err != nil {
				return answer{}, err
			}
		case state == bootstrap.Done:
			return answer{value: c.runRecord(run), lines: []string{c.runEnd(run)}}, nil
		case state == bootstrap.Failed:
			i, _ := run.Next()
			return answer{value: c.runRecord(run), lines: []string{c.runEnd(run)}, code: exitCode(run.Steps[i].Problem)}, nil
		}
	}
}

// tellProgress prints, for people, the steps that have come to something since it was last called.
func (c *cli) tellProgress(run bootstrap.Run, told map[string]bool) {
	if c.flags.output != formTable {
		return
	}
	for _, p := range run.Steps {
		if p.State == bootstrap.Pending || p.State == bootstrap.Running && len(p.Said) == 0 || told[p.ID+string(p.State)] {
			continue
		}
		told[p.ID+string(p.State)] = true
		for _, line := range c.progressLines(p) {
			_, _ = fmt.Fprintln(c.out, line)
		}
	}
}

// wait waits until the run can go on, and moves what has fallen due by then, for there may be nobody else who does.
func (c *cli) wait(ctx context.Context, s *system, run bootstrap.Run) error {
	if err := c.env.Sleep(ctx, max(time.Second, run.Waits.Sub(c.env.Now()))); err != nil {
		return err
	}
	_, _, err := s.keeper.Catch(ctx)
	return err
}
