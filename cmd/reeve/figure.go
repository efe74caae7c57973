package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/figure"
	"reeve/core/message"
)

func runsFields(r *figure.Runs) []field {
	if r == nil {
		return []field{{"succeeded", nil}, {"failed", nil}, {"aborted", nil}, {"running", nil}}
	}
	return []field{{"succeeded", r.Succeeded}, {"failed", r.Failed}, {"aborted", r.Aborted}, {"running", r.Running}}
}

// orNil is a figure, nil where nobody has told it.
func orNil(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

func dayRecord(d figure.Day) record {
	r := append(record{{"date", d.Date.String()}}, runsFields(d.Runs)...)
	var hours []record
	for hour, runs := range d.Hours {
		if runs != (figure.Runs{}) {
			hours = append(hours, append(record{{"hour", hour}}, runsFields(&runs)...))
		}
	}
	return append(r, field{"source", string(d.Source)}, field{string(figure.Issues), orNil(d.Issues)}, field{string(figure.Models), orNil(d.Models)},
		field{string(figure.Metrics), orNil(d.Metrics)}, field{"hours", hours})
}

func daySample() record {
	r := dayRecord(figure.Day{})
	r[len(r)-1].Value = []record{append(record{{"hour", 0}}, runsFields(&figure.Runs{})...)}
	return r
}

func figuresRecord(f figure.Figures) record {
	var last any
	if f.Last != nil {
		last = ingestionRecord(*f.Last)
	}
	return record{{"region", f.Region}, {"workspace", f.Workspace}, {"zone", f.Zone}, {"previous", dayRecord(f.Yesterday())},
		{"today", dayRecord(f.Today)}, {"days", records(f.Days, dayRecord)}, {"last_ingestion", last}}
}

func figuresSample() record {
	f := figuresRecord(figure.Figures{Last: &figure.Ingestion{}})
	f[3].Value, f[4].Value, f[5].Value = daySample(), daySample(), []record{daySample()}
	return f
}

func (c *cli) workspaceFigures() *cobra.Command {
	var days int
	cmd := c.act(action.FigureShow, "NAME", figuresSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.ref(s, args[0])
		if err != nil {
			return answer{}, err
		}
		f, err := s.figures.Show(ctx, ref, days)
		return answer{value: figuresRecord(f), lines: c.figureLines(f)}, err
	})
	cmd.Flags().IntVar(&days, "days", figure.DefaultDays, c.p.Text("cli.figure.days"))
	return cmd
}

// figureLines are the figures of the previous business date against the day before, and a line for each day.
func (c *cli) figureLines(f figure.Figures) []string {
	if f.Empty() {
		return []string{c.p.With("cli.figure.none", message.Args{"Name": f.Workspace}),
			"  reeve ingest openlineage events.jsonl", "  reeve ingest figures figures.csv"}
	}
	lines := []string{c.p.With("cli.figure.previous", message.Args{"Date": f.Yesterday().Date.String(), "Zone": f.Zone}), ""}
	var rows []record
	for i := len(f.Days) - 1; i >= 0; i-- {
		rows = append(rows, dayRecord(f.Days[i]))
	}
	lines = append(lines, c.table(rows, []string{"date", "succeeded", "failed", "running", string(figure.Issues), string(figure.Models), string(figure.Metrics), "source"})...)
	if hours, ok := dayRecord(f.Yesterday()).get("hours").([]record); ok && len(hours) > 0 {
		lines = append(lines, "", c.p.Text("cli.figure.hours"), "")
		lines = append(lines, c.table(hours, []string{"hour", "succeeded", "failed", "aborted", "running"})...)
	}
	last := f.Last
	return append(lines, "", c.p.With("cli.figure.last", message.Args{"ID": last.ID, "Who": last.ByName,
		"When": cell(last.BeganAt), "Lines": last.Lines, "Malformed": last.Malformed}))
}

func (c *cli) ingestCommands() *cobra.Command {
	return c.group("ingest", c.p.Text("cli.group.ingest"),
		c.ingest(action.FigureIngestEvents, (*figure.Service).IngestEvents), c.ingest(action.FigureIngestDays, (*figure.Service).IngestDays),
		c.ingestList(), c.ingestShow(), c.ingestMappings(), c.ingestMap(), c.ingestUnmap(), c.ingestKeep())
}

func countsRecord(in figure.Ingestion) record {
	return record{{"lines", in.Lines}, {"taken", in.Taken}, {"repeated", in.Repeated}, {"late", in.Late}, {"not_run_events", in.Other},
		{"malformed", in.Malformed}, {"unknown_workspace", in.Unknown}, {"refused", in.Refused}}
}

func ingestionRecord(in figure.Ingestion) record {
	return append(record{{"id", in.ID}, {"kind", string(in.Kind)}, {"source", in.Source}, {"by", in.ByName}, {"began_at", in.BeganAt},
		{"ended_at", in.EndedAt}, {"stage", string(in.Stage)}}, countsRecord(in)...)
}

// reportRecord is an ingestion with its problems.
func (c *cli) reportRecord(in figure.Ingestion) record {
	return append(ingestionRecord(in), field{"problems", records(in.Problems, c.problemRecord)})
}

func (c *cli) problemRecord(p figure.Problem) record {
	codes, words := make([]string, len(p.Reasons)), make([]string, len(p.Reasons))
	for i, r := range p.Reasons {
		codes[i], words[i] = string(r), c.p.Text("figure.reason."+string(r))
	}
	return record{{"kind", string(p.Kind)}, {"line", p.Line}, {"reasons", codes}, {"messages", words}, {"text", p.Text}, {"count", p.Count}}
}

func (c *cli) reportSample() record {
	return c.reportRecord(figure.Ingestion{Problems: make([]figure.Problem, 1)})
}

// ingest is the command that takes in a file, or what comes through a pipe.
func (c *cli) ingest(id action.ID, take func(*figure.Service, context.Context, figure.Input) (figure.Ingestion, error)) *cobra.Command {
	var strict bool
	var cmd *cobra.Command
	cmd = c.act(id, "[FILE]", c.reportSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		path := "-"
		if len(args) > 0 {
			path = args[0]
		}
		if path == "-" && c.env.Terminal(c.in) {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.ingest.terminal"})
		}
		from, err := c.openFile(path)
		if err != nil {
			return answer{}, err
		}
		defer func() { _ = from.Close() }() // it was only read
		in := figure.Input{Source: path, From: from}
		if c.env.Terminal(c.err) {
			in.Progress = func(in figure.Ingestion) {
				_, _ = fmt.Fprintf(c.err, "\r%s", c.p.With("cli.ingest.progress", message.Args{"Count": in.Lines}))
			}
			defer func() { _, _ = fmt.Fprintln(c.err) }()
		}
		made, err := take(s.figures, ctx, in)
		if err != nil {
			return answer{}, err
		}
		a := answer{value: c.reportRecord(made), lines: c.ingestionLines(made)}
		if strict && made.Lost() > 0 {
			a.code = exitFailed
		}
		return a, nil
	})
	cmd.Flags().BoolVar(&strict, "strict", false, c.p.Text("cli.ingest.strict"))
	return cmd
}

// ingestionLines are the counts of an ingestion and its problems, with what to do about them.
func (c *cli) ingestionLines(in figure.Ingestion) []string {
	var head record
	for _, f := range append(record{{"id", in.ID}, {"source", in.Source}, {"by", in.ByName}, {"began_at", in.BeganAt}, {"stage", c.p.Text("figure.stage." + string(in.Stage))}}, countsRecord(in)...) {
		if n, number := f.Value.(int64); !number || n > 0 || f.Key == "lines" || f.Key == "taken" {
			head = append(head, f)
		}
	}
	lines := c.card(head)
	listed := int64(0)
	for _, p := range in.Problems {
		if p.Kind == figure.ProblemMalformed {
			listed++
		}
	}
	section := figure.ProblemKind("")
	for _, p := range in.Problems {
		if p.Kind != section {
			section = p.Kind
			lines = append(lines, "", c.p.With("cli.ingest.problems."+string(p.Kind), message.Args{"Listed": listed, "Malformed": in.Malformed}))
		}
		words := joinNames(p.Reasons, func(r figure.Reason) string { return c.p.Text("figure.reason." + string(r)) })
		switch p.Kind {
		case figure.ProblemMalformed:
			lines = append(lines, fmt.Sprintf("  %d: %s", p.Line, words), "     "+p.Text)
		case figure.ProblemReason:
			lines = append(lines, fmt.Sprintf("  %d× %s", p.Count, words))
		case figure.ProblemUnknown, figure.ProblemRefused:
			lines = append(lines, fmt.Sprintf("  %d× %s", p.Count, p.Text))
		}
	}
	return lines
}

func (c *cli) ingestList() *cobra.Command {
	return c.act(action.FigureIngestions, "", []record{ingestionRecord(figure.Ingestion{})}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		all, err := s.figures.Ingestions(ctx)
		return answer{value: records(all, ingestionRecord), columns: []string{"id", "kind", "source", "by", "began_at", "stage", "lines", "taken", "malformed", "unknown_workspace", "refused"}}, err
	})
}

func (c *cli) ingestShow() *cobra.Command {
	var cmd *cobra.Command
	cmd = c.act(action.FigureIngestion, "[ID]", c.reportSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		var id int64
		if len(args) > 0 {
			n, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || n < 1 {
				return answer{}, c.usage(cmd, message.Text{ID: "cli.ingest.id", Args: message.Args{"ID": args[0]}})
			}
			id = n
		}
		in, err := s.figures.Ingestion(ctx, id)
		return answer{value: c.reportRecord(in), lines: c.ingestionLines(in)}, err
	})
	return cmd
}

func mappingRecord(m figure.Mapping) record {
	return record{{"namespace", m.Namespace}, {"region", m.Region}, {"workspace", m.WorkspaceName}, {"set_at", m.SetAt}, {"set_by", m.SetBy}}
}

func (c *cli) ingestMappings() *cobra.Command {
	return c.act(action.FigureMappings, "", []record{mappingRecord(figure.Mapping{})}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		all, err := s.figures.Mappings(ctx)
		return answer{value: records(all, mappingRecord)}, err
	})
}

func mapped(note string, m figure.Mapping) answer {
	return answer{value: mappingRecord(m), note: message.Text{ID: note, Args: message.Args{"Namespace": m.Namespace, "Name": m.Region + "/" + m.WorkspaceName}}}
}

func (c *cli) ingestMap() *cobra.Command {
	return c.act(action.FigureMap, "NAMESPACE WORKSPACE", mappingRecord(figure.Mapping{}), func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.ref(s, args[1])
		if err != nil {
			return answer{}, err
		}
		m, err := s.figures.Map(ctx, args[0], ref)
		return mapped("cli.ingest.mapped", m), err
	})
}

func (c *cli) ingestUnmap() *cobra.Command {
	return c.act(action.FigureUnmap, "NAMESPACE", mappingRecord(figure.Mapping{}), func(ctx context.Context, s *system, args []string) (answer, error) {
		m, err := s.figures.Unmap(ctx, args[0])
		return mapped("cli.ingest.unmapped", m), err
	})
}

func (c *cli) ingestKeep() *cobra.Command {
	var cmd *cobra.Command
	ruleRecord := func(r figure.Rule) record { return record{{"keep_days", r.KeepDays}, {"cutoff", r.Cutoff}} }
	cmd = c.act(action.FigureKeep, "DAYS", ruleRecord(figure.Rule{}), func(ctx context.Context, s *system, args []string) (answer, error) {
		days, err := strconv.Atoi(args[0])
		if err != nil {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.ingest.days", Args: message.Args{"Days": args[0]}})
		}
		r, err := s.figures.Keep(ctx, days)
		return answer{value: ruleRecord(r), note: message.Text{ID: "cli.ingest.kept", Args: message.Args{"Count": r.KeepDays}}}, err
	})
	return cmd
}
