package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/message"
)

// importing are the flags of an import.
type importing struct {
	format, rejects string
	roles           []string
	exactly, dryRun bool
	preview         bool
	ownLoss         bool
}

func importSample() record {
	return importRecord(member.Plan{Rows: make([]member.Difference, 1)}, false, func(member.Difference) string { return "" })
}

// importRecord is an import row by row. applied tells what was done from what would be.
func importRecord(p member.Plan, applied bool, why func(member.Difference) string) record {
	return record{
		{"applied", applied}, {"exactly", p.Exactly}, {"added", p.Count[member.Adds]}, {"changed", p.Count[member.Changes]},
		{"same", p.Count[member.Same]}, {"removed", p.Count[member.Removes]}, {"rejected", p.Count[member.Rejected]},
		{"kept", p.Count[member.Kept]}, {"held_back", p.HeldBack}, {"fingerprint", p.Fingerprint},
		{"rows", records(p.Rows, func(d member.Difference) record {
			return record{{"line", d.Row.Line}, {"user", d.User}, {"result", string(d.Result)}, {"changes", roleChanges(d)}, {"reason", why(d)}}
		})},
	}
}

func roleChanges(d member.Difference) []record {
	changes := d.Changes
	if changes == nil && d.Result == "" {
		changes = make([]member.RoleChange, 1) // a sample
	}
	return records(changes, func(c member.RoleChange) record {
		return record{{"op", c.Op}, {"role", c.Code}, {"from", c.From}, {"to", c.To}}
	})
}

func (c *cli) memberImport() *cobra.Command {
	var f importing
	cmd := c.inWorkspace(action.MemberImport, "FILE", importSample(), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		data, err := c.readFile(args[0])
		if err != nil {
			return answer{}, err
		}
		rows, format, err := member.ReadRows(data, member.Format(f.format))
		if err != nil {
			return answer{}, err
		}
		if err := c.checkRejects(f.rejects, args[0]); err != nil {
			return answer{}, err
		}
		in := member.Import{Rows: rows, Exactly: f.exactly, Roles: splitValues(f.roles), From: c.env.Now(), OwnLoss: f.ownLoss}
		if f.preview {
			o, err := s.members.PreviewImport(ctx, ref, in)
			return c.effect(o, ref, err)
		}
		plan, err := c.importRows(ctx, s, ref, args[0], in, f.dryRun)
		if err != nil {
			return answer{}, err
		}
		a := c.toImport(plan, ref, !f.dryRun)
		if f.rejects == "" {
			return a, nil
		}
		if err := c.writeRejects(f.rejects, format, plan); err != nil && !f.dryRun && !plan.Empty() {
			return a, stands(err)
		} else if err != nil {
			return a, err
		}
		a.lines = append(a.lines, c.p.With("cli.import.rejects", message.Args{"Count": plan.Count[member.Rejected], "Path": f.rejects}))
		return a, nil
	})
	cmd.Flags().BoolVar(&f.exactly, "exactly", false, c.p.Text("cli.import.exactly"))
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, c.p.Text("cli.import.dry_run"))
	cmd.Flags().StringVar(&f.format, "format", "", c.p.Text("cli.import.format"))
	cmd.Flags().StringArrayVar(&f.roles, "role", nil, c.p.Text("cli.import.role"))
	cmd.Flags().StringVar(&f.rejects, "rejects", "", c.p.Text("cli.import.rejects.flag"))
	c.ownLossFlag(cmd, &f.ownLoss)
	c.previewFlag(cmd, &f.preview, "cli.flag.preview")
	return cmd
}

// importRows carries an import out, or says what it would do. To take people out it asks first, or needs --yes.
func (c *cli) importRows(ctx context.Context, s *system, ref control.Ref, path string, in member.Import, dryRun bool) (member.Plan, error) {
	if !dryRun && (!in.Exactly || c.flags.yes) {
		return s.members.Import(ctx, ref, in)
	}
	plan, err := s.members.Plan(ctx, ref, in)
	if err != nil || dryRun {
		return plan, err
	}
	if plan.LosesRoles() {
		if err := c.confirmImport(ref, path, plan); err != nil {
			return plan, err
		}
	}
	in.Seen = plan.Fingerprint
	return s.members.Import(ctx, ref, in)
}

// confirmImport shows who would lose what and asks for the name of the workspace.
func (c *cli) confirmImport(ref control.Ref, path string, plan member.Plan) error {
	args := message.Args{"Name": ref.Workspace, "Removed": plan.Count[member.Removes], "Changed": plan.Count[member.Changes]}
	refusal := fault.OneField("exactly", "cli.import.confirm", args)
	if path == "-" || !c.env.Terminal(c.in) {
		return refusal
	}
	if _, err := fmt.Fprintln(c.err, strings.Join(c.importLines(plan), "\n")); err != nil {
		return fmt.Errorf("asking: %w", err)
	}
	given, err := c.ask(message.Text{ID: "cli.import.ask", Args: args})
	if err != nil {
		return err
	}
	if !strings.EqualFold(given, ref.Workspace) {
		return refusal
	}
	return nil
}

// toImport is the answer to an import. It is a no if rows were handed back.
func (c *cli) toImport(plan member.Plan, ref control.Ref, applied bool) answer {
	a := answer{value: importRecord(plan, applied, func(d member.Difference) string { return d.Why(c.say) }), lines: c.importLines(plan)}
	id := "cli.import.done"
	if !applied {
		id = "cli.import.would"
	}
	a.lines = append(a.lines, c.p.With(id, message.Args{"Workspace": ref.Workspace, "Added": plan.Count[member.Adds], "Changed": plan.Count[member.Changes],
		"Removed": plan.Count[member.Removes], "Same": plan.Count[member.Same], "Rejected": plan.Count[member.Rejected]}))
	if plan.HeldBack > 0 {
		a.lines = append(a.lines, c.p.With("import.held_back", message.Args{"Count": plan.HeldBack}))
	}
	if plan.Count[member.Rejected] > 0 {
		a.code = exitFailed
	}
	return a
}

// importLines are the rows that do something or are handed back.
func (c *cli) importLines(plan member.Plan) []string {
	grid := [][]string{}
	for _, d := range plan.Rows {
		if d.Result == member.Same {
			continue
		}
		var what []string
		for _, change := range d.Changes {
			what = append(what, c.say(change.Text(func(t time.Time) string { return cell(t) })))
		}
		if why := d.Why(c.say); why != "" {
			what = append(what, why)
		}
		line := ""
		if d.Row.Line > 0 {
			line = fmt.Sprint(d.Row.Line)
		}
		grid = append(grid, []string{line, c.p.Text("import.result." + string(d.Result)), cell(d.User), strings.Join(what, ", ")})
	}
	if len(grid) == 0 {
		return nil
	}
	return append(align(append([][]string{{c.heading("line"), c.heading("result"), c.heading("user"), c.heading("changes")}}, grid...)), "")
}

// checkRejects refuses, before anything is imported, to hand rows back in a file that has something else in it, or in the one that is
// imported.
func (c *cli) checkRejects(path, imported string) error {
	if path == "" {
		return nil
	}
	if err := c.replaceable("rejects", path, member.HandedBack); err != nil {
		return err
	}
	to, err := os.Stat(path)
	from, unread := os.Stat(imported)
	if err == nil && unread == nil && os.SameFile(to, from) {
		return fault.OneField("rejects", "cli.import.rejects.same", message.Args{"Path": path})
	}
	return nil
}

// writeRejects writes the rows that were handed back, to be mended and imported; without any, the file says so by being empty.
func (c *cli) writeRejects(path string, format member.Format, plan member.Plan) error {
	data, err := member.WriteRows(plan.Written(c.say), format)
	if err == nil {
		err = c.replace("rejects", path, member.HandedBack, func(w io.Writer) error { _, err := w.Write(data); return err })
	}
	if err == nil {
		return nil
	}
	var known fault.Fault
	if errors.As(err, &known) {
		return err
	}
	return &fault.Unavailable{What: message.Text{ID: "cli.import.rejects.failed", Args: message.Args{"Path": path}}, Evidence: err.Error(), Err: err}
}

func exportSample() record {
	return record{{"user", ""}, {"roles", []record{{{"name", ""}, {"until", nil}}}}, {"until", nil}}
}

func (c *cli) memberExport() *cobra.Command {
	var format, filter string
	cmd := c.inWorkspace(action.MemberExport, "", []record{exportSample()}, func(ctx context.Context, s *system, ref control.Ref, _ []string) (answer, error) {
		if format == "" && c.flags.output == formJSON {
			format = string(member.JSON)
		}
		rows, err := s.members.Export(ctx, ref, list.ParseFilter(filter))
		if err != nil {
			return answer{}, err
		}
		written := make([]member.Written, len(rows))
		for i, r := range rows {
			written[i].Row = r
		}
		data, err := member.WriteRows(written, member.Format(format))
		if err == nil {
			_, err = c.out.Write(data)
		}
		return answer{silent: true}, err
	})
	cmd.Flags().StringVar(&format, "format", "", c.p.Text("cli.export.format"))
	c.filterFlag(cmd, &filter, "name")
	return cmd
}
