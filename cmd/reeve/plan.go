package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
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
		err = c.replace(path, isDocument, func(w io.Writer) error { return s.plans.Export(ctx, scope, w) })
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

// replace writes a file whole or not at all, for its owner alone. One that is there and is not of the kind to be written stays.
func (c *cli) replace(path string, ours func([]byte) bool, write func(io.Writer) error) (err error) {
	if err := c.here("out", path); err != nil {
		return err
	}
	cannot := func(err error) error {
		return fault.OneField("out", "cli.plan.out.cannot", message.Args{"Evidence": err.Error()})
	}
	switch there, err := os.ReadFile(path); { // #nosec G304 -- the path is the user's choice
	case err == nil && !ours(there):
		return fault.OneField("out", "cli.plan.out.other", message.Args{"Path": path})
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return cannot(err)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".reeve-*")
	if err != nil {
		return cannot(err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	if err := errors.Join(write(file), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return cannot(err)
	}
	return nil
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
	document, err := c.readFile(how.path)
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
			err = c.replace(path, isPlan, func(w io.Writer) error {
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
	data, err := c.readFile(path)
	if err != nil {
		return plan.Plan{}, err
	}
	return plan.Parse(data)
}

// agreed is the plan for a document, shown and agreed to unless --yes says so already.
func (c *cli) agreed(ctx context.Context, s *system, cmd *cobra.Command, how planning) (plan.Plan, error) {
	if c.flags.yes {
		document, err := c.readFile(how.path)
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

func stepRecord(s plan.Step) record {
	return record{
		{"verb", string(s.Verb)}, {"kind", string(s.Kind)}, {"region", s.Region}, {"workspace", s.Workspace}, {"name", s.Name}, {"user", s.User},
		{"fields", records(s.Differences, func(d plan.Difference) record {
			return record{{"field", d.Field}, {"before", d.Before}, {"after", d.After}, {"taken", d.Taken}, {"given", d.Given}, {"irreversible", d.Irreversible}}
		})}, {"version", s.Seen.Version},
	}
}

func planRecord(f foreseen) record {
	n := f.plan.Count()
	var effect any
	if f.effect != nil {
		effect = effectRecord(*f.effect, f.at)
	}
	return record{{"add", n.Add}, {"change", n.Change}, {"remove", n.Remove}, {"changes", records(f.plan.Steps, stepRecord)}, {"effect", effect}}
}

func planSample() record {
	r := planRecord(foreseen{plan: plan.Plan{Steps: []plan.Step{{Differences: make([]plan.Difference, 1)}}}})
	r[len(r)-1].Value = "as with --preview"
	return r
}

// planned is the answer to a plan. What is removed comes first, for it is what one has to know.
func (c *cli) planned(f foreseen) answer {
	a := answer{value: planRecord(f), marks: true}
	if len(f.plan.Steps) == 0 {
		a.lines = []string{c.p.Text("cli.plan.same")}
		return a
	}
	for _, verb := range []plan.Verb{plan.Remove, plan.Change, plan.Add} {
		for _, s := range f.plan.Steps {
			if s.Verb == verb {
				a.lines = append(a.lines, c.stepLines(s)...)
			}
		}
	}
	n := f.plan.Count()
	a.lines = append(a.lines, "", c.p.With("cli.plan.count", message.Args{"Add": n.Add, "Change": n.Change, "Remove": n.Remove}))
	if n.Taken > 0 {
		a.lines = append(a.lines, c.p.With("cli.plan.taken", message.Args{"Count": n.Taken}))
	}
	a.lines = append(a.lines, "")
	if f.effect == nil {
		a.lines = append(a.lines, c.p.Text("cli.plan.unseen"))
		return a
	}
	a.lines = append(a.lines, c.effectLines(*f.effect, f.at)...)
	return a
}

// signs are what lines about a verb begin with.
func sign(v plan.Verb) string {
	return map[plan.Verb]string{plan.Add: "+", plan.Change: "~", plan.Remove: "-"}[v]
}

// stepLines are a step with its fields before and after.
func (c *cli) stepLines(s plan.Step) []string {
	lines := []string{sign(s.Verb) + " " + c.p.Text("cli.plan.verb."+string(s.Verb)) + " " + c.say(s.Text())}
	for _, d := range s.Differences {
		switch {
		case strings.Contains(d.Before+d.After, "\n"):
			taken, given := changedLines(d.Before, d.After)
			lines = append(lines, listed(d.Field, taken, given)...)
		case len(d.Taken)+len(d.Given) > 0:
			lines = append(lines, listed(d.Field, d.Taken, d.Given)...)
		case s.Verb == plan.Change:
			line := c.p.With("cli.plan.field", message.Args{"Field": d.Field, "Before": orDash(d.Before), "After": orDash(d.After)})
			if d.Irreversible {
				line += " (" + c.p.Text("setting.one_way") + ")"
			}
			lines = append(lines, line)
		case s.Verb == plan.Remove:
			lines = append(lines, "    - "+d.Field+": "+d.Before)
		default:
			lines = append(lines, "    + "+d.Field+": "+d.After)
		}
	}
	return lines
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// listed are the parts of a list that go and that come.
func listed(field string, taken, given []string) []string {
	lines := []string{"    " + field + ":"}
	for _, t := range taken {
		lines = append(lines, "      - "+t)
	}
	for _, g := range given {
		lines = append(lines, "      + "+g)
	}
	return lines
}

// changedLines are the lines of a text that go and come; all of both where they only change places.
func changedLines(before, after string) (taken, given []string) {
	was, is := strings.Split(strings.TrimSpace(before), "\n"), strings.Split(strings.TrimSpace(after), "\n")
	if before == "" {
		return nil, is
	}
	if after == "" {
		return was, nil
	}
	taken = slices.DeleteFunc(slices.Clone(was), func(l string) bool { return slices.Contains(is, l) })
	given = slices.DeleteFunc(slices.Clone(is), func(l string) bool { return slices.Contains(was, l) })
	if len(taken)+len(given) == 0 {
		return was, is
	}
	return taken, given
}

// marked colours lines by the sign they begin with, on a terminal that shows colours: what comes, changes and goes is told apart
// by the sign everywhere, and at a glance there.
func (c *cli) marked(lines []string) []string {
	if !c.env.Terminal(c.out) || c.env.Get("NO_COLOR") != "" || c.look.theme == "mono" {
		return lines
	}
	colours := map[string]ansi.BasicColor{"+ ": ansi.Green, "~ ": ansi.Yellow, "- ": ansi.Red}
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = line
		text := strings.TrimLeft(line, " ")
		if colour, ok := colours[text[:min(len(text), 2)]]; ok {
			out[i] = line[:len(line)-len(text)] + ansi.NewStyle().ForegroundColor(colour).Styled(text)
		}
	}
	return out
}
