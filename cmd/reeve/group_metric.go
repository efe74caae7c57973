package main

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/fault"
	"reeve/core/group"
	"reeve/core/message"
)

func seriesRecord(s group.Series) record {
	return record{{"metric", s.Name}, {"unit", s.Unit}, {"points", records(s.Points, func(p group.Point) record {
		return record{{"timestamp", p.Timestamp.UnixMilli()}, {"time", p.Timestamp}, {"value", rounded(p.Value)}}
	})}, {"next_token", s.NextToken}}
}

// rounded is a value with as many digits as it is worth.
func rounded(v float64) float64 { return math.Round(v*1000) / 1000 }

// metricInput is what the command line asks of metrics.
type metricInput struct {
	begin, end string
	prometheus bool
	workspaces bool
	q          group.MetricQuery
}

// points says that something was asked that is only about points in time.
func (in metricInput) points() bool {
	return in.q.Period != 0 || in.q.Length != 0 || in.q.NextToken != ""
}

func sumRecord(h group.Held) record {
	return record{{"workspace", h.WorkspaceName}, {"module", string(h.Module)}, {"cu_seconds", h.CUSeconds()}, {"slot_seconds", h.SlotSeconds},
		{"cpu_seconds", rounded(h.CPU.Seconds())}, {"gib_seconds", rounded(float64(h.MiBSeconds) / 1024)}}
}

func (c *cli) groupMetrics() *cobra.Command {
	var in metricInput
	var cmd *cobra.Command
	sample := []record{seriesRecord(group.Series{Points: make([]group.Point, 1)})}
	cmd = c.inRegion(action.GroupMetrics, "[NAME] [METRIC]…", sample, func(ctx context.Context, s *system, region string, args []string) (answer, error) {
		if in.prometheus {
			if len(args) > 1 || in.begin != "" || in.end != "" || in.points() || in.workspaces {
				return answer{}, c.usage(cmd, message.Text{ID: "cli.groups.metrics.now"})
			}
			return c.exposition(ctx, s, region, args)
		}
		if len(args) == 0 {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.groups.metrics.name"})
		}
		var errs []error
		var err error
		if in.q.Begin, err = instant("begin", in.begin); err != nil {
			errs = append(errs, err)
		}
		if in.q.End, err = instant("end", in.end); err != nil {
			errs = append(errs, err)
		}
		if err := joined(errs...); err != nil {
			return answer{}, err
		}
		if in.workspaces {
			if len(args) > 1 || in.points() {
				return answer{}, c.usage(cmd, message.Text{ID: "cli.groups.metrics.sums"})
			}
			held, err := s.runs.Held(ctx, group.Ref{Region: region, Name: args[0]}, in.q.Begin, in.q.End)
			return answer{value: records(held, sumRecord)}, err
		}
		for name, n := range map[string]int{"period": in.q.Period, "length": in.q.Length} {
			if n == 0 && cmd.Flags().Changed(name) {
				return answer{}, fault.OneField(name, "cli.groups.metrics.zero", nil)
			}
		}
		in.q.Names = splitValues(args[1:])
		series, err := s.runs.Metrics(ctx, group.Ref{Region: region, Name: args[0]}, in.q)
		return answer{value: records(series, seriesRecord), lines: c.metricLines(series)}, err
	})
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&in.begin, "begin", "", c.p.Text("cli.groups.metrics.begin"))
	f.StringVar(&in.end, "end", "", c.p.Text("cli.groups.metrics.end"))
	f.IntVar(&in.q.Period, "period", 0, c.p.Text("cli.groups.metrics.period"))
	f.IntVar(&in.q.Length, "length", 0, c.p.Text("cli.groups.metrics.length"))
	f.StringVar(&in.q.NextToken, "next-token", "", c.p.Text("cli.groups.metrics.next_token"))
	f.BoolVar(&in.workspaces, "by-workspace", false, c.p.Text("cli.groups.metrics.by_workspace"))
	f.BoolVar(&in.prometheus, "prometheus", false, c.p.Text("cli.groups.metrics.prometheus"))
	return cmd
}

// instant reads a time as RFC 3339 or in milliseconds; the zero time of nothing.
func instant(field, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if ms, err := strconv.ParseInt(s, 10, 64); err == nil {
		return time.UnixMilli(ms).UTC(), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fault.OneField(field, "cli.groups.metrics.time", message.Args{"Given": s})
	}
	return t.UTC(), nil
}

// metricLines are metrics for people: the points of one, and of several the last, the mean and the most of each.
func (c *cli) metricLines(series []group.Series) []string {
	var rows []record
	for _, s := range series {
		last, most, sum := 0.0, 0.0, 0.0
		for _, p := range s.Points {
			last, most, sum = p.Value, max(most, p.Value), sum+p.Value
			if len(series) == 1 {
				rows = append(rows, record{{"time", p.Timestamp}, {"value", rounded(p.Value)}})
			}
		}
		if len(series) > 1 {
			rows = append(rows, record{{"metric", s.Name}, {"unit", s.Unit}, {"last", rounded(last)}, {"mean", rounded(sum / float64(max(1, len(s.Points))))}, {"most", rounded(most)}})
		}
	}
	lines := c.table(rows, nil)
	if len(series) > 0 && series[0].NextToken != "" {
		lines = append(lines, c.p.With("cli.groups.metrics.more", message.Args{"Token": series[0].NextToken}))
	}
	return lines
}

// exposition is what groups have and use now in the text format of Prometheus, version 0.0.4.
func (c *cli) exposition(ctx context.Context, s *system, region string, args []string) (answer, error) {
	var groups []group.Group
	var err error
	if len(args) == 1 {
		var g group.Group
		g, err = s.groups.Get(ctx, group.Ref{Region: region, Name: args[0]})
		groups = []group.Group{g}
	} else {
		groups, err = s.groups.List(ctx, region)
	}
	if err != nil {
		return answer{}, err
	}
	var lines []string
	families := map[string][]string{}
	for _, g := range groups {
		if g.Type != group.Serverless {
			continue
		}
		l, err := s.groups.Load(ctx, group.Ref{Region: g.Region, Name: g.Name})
		if err != nil {
			return answer{}, err
		}
		labels := `region="` + labelValue(g.Region) + `",group="` + labelValue(g.Name) + `"`
		for _, m := range l.Gauges(g) {
			families[m.Name] = append(families[m.Name], prometheusName(m.Name)+"{"+labels+"} "+strconv.FormatFloat(m.Value, 'g', -1, 64))
		}
		for _, n := range l.Reasons {
			families["Waiting"] = append(families["Waiting"], prometheusName("Waiting")+"{"+labels+`,reason="`+string(n.Reason)+`"} `+strconv.Itoa(n.Count))
		}
	}
	add := func(name, help string) {
		if len(families[name]) > 0 {
			lines = append(append(lines, "# HELP "+prometheusName(name)+" "+help, "# TYPE "+prometheusName(name)+" gauge"), families[name]...)
		}
	}
	for _, m := range group.Metrics() {
		add(m.Name, c.p.With("cli.groups.metrics.help", message.Args{"Metric": m.Name, "Unit": m.Unit}))
	}
	add("Waiting", c.p.Text("cli.groups.metrics.waiting"))
	if len(lines) > 0 {
		_, err = c.out.Write([]byte(strings.Join(lines, "\n") + "\n"))
	}
	return answer{silent: true}, err
}

// prometheusName is the name of a metric as Prometheus names are: CUMaxSpec is reeve_group_cu_max_spec.
func prometheusName(name string) string {
	var b strings.Builder
	b.WriteString("reeve_group")
	runes := []rune(name)
	for i, r := range runes {
		begins := unicode.IsUpper(r) && (i == 0 || !unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if begins {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// labelValue escapes what stands in the value of a label.
func labelValue(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s)
}
