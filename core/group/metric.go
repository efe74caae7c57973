package group

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Metric is one of the metrics of a group, by the name that ListResourceGroupMetricData has for it.
type Metric struct {
	Name string `json:"name"`
	// Unit is CU, % or slot.
	Unit   string `json:"unit"`
	module Module
	of     func(l LimitsAt, m Module, used float64) float64
	slots  bool
}

// Metrics lists the metrics as the API does. It has none of data analysis and of model services.
func Metrics() []Metric {
	usage := func(_ LimitsAt, _ Module, used float64) float64 { return used }
	list := []Metric{
		{Name: "CUSpec", Unit: "CU", of: func(l LimitsAt, _ Module, _ float64) float64 { return float64(l.Size) }},
		{Name: "CUUsage", Unit: "CU", of: usage},
		{Name: "CUUtilization", Unit: "%", of: func(l LimitsAt, _ Module, used float64) float64 {
			if l.Size == 0 {
				return 0
			}
			return 100 * used / float64(l.Size)
		}},
		{Name: "SlotSpec", Unit: "slot", slots: true, of: func(l LimitsAt, _ Module, _ float64) float64 { return float64(l.Slots) }},
		{Name: "SlotUsage", Unit: "slot", slots: true, of: usage},
	}
	for _, m := range []struct {
		prefix string
		module Module
	}{{"Scheduler", Scheduling}, {"DataIntegration", DataIntegration}, {"DataService", DataService}, {"ServerIde", PersonalDev}} {
		list = append(list,
			Metric{Name: m.prefix + "CUMaxSpec", Unit: "CU", module: m.module, of: func(l LimitsAt, m Module, _ float64) float64 { return float64(l.Shares.Of(m).cap(l.Size)) }},
			Metric{Name: m.prefix + "CUUsage", Unit: "CU", module: m.module, of: usage},
			Metric{Name: m.prefix + "CUMinSpec", Unit: "CU", module: m.module, of: func(l LimitsAt, m Module, _ float64) float64 { return float64(l.Shares.Of(m).Min) }})
	}
	return list
}

// MetricQuery asks for metrics by the rules of the API.
type MetricQuery struct {
	// Names are the metrics; all if none is named.
	Names []string
	// Begin and End are the time asked for: the last two hours if they are zero, at most 31 days.
	Begin, End time.Time
	// Period is the step in seconds, a multiple of 60; 60 if 0.
	Period int
	// Length is the most points of one answer, 1 to 1440; 1440 if 0.
	Length int
	// NextToken is that of the answer before, to go on where it ended.
	NextToken string
}

// The bounds of a query.
const (
	metricWindow = 31 * 24 * time.Hour
	metricLength = 1440
	metricPeriod = 60
	metricUsual  = 2 * time.Hour
)

// Point is the mean over a period that begins at a time.
type Point struct {
	Timestamp time.Time `json:"timestamp"`
	Value     float64   `json:"value"`
}

// Series are the points of one metric.
type Series struct {
	Metric
	Points []Point `json:"points"`
	// NextToken goes on where this ends; empty at the end.
	NextToken string `json:"next_token"`
}

// metered finds a group of which it is known what it had and used. What runs in the older types does not come by way of this program.
func (s *Runs) metered(ctx context.Context, t control.Target) (Group, error) {
	g, err := s.find(ctx, Ref{Region: t.Region, Name: t.Name})
	if err == nil && g.Type != Serverless {
		err = &fault.Refused{Reason: message.Text{ID: "fault.group.metric.legacy", Args: message.Args{"Name": g.Name}}}
	}
	return g, err
}

// Metrics answers what a group had and used.
func (s *Runs) Metrics(ctx context.Context, ref Ref, q MetricQuery) ([]Series, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Series]{
		Action: action.GroupMetrics,
		Target: s.on(ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]Series, error) {
			g, err := s.metered(ctx, t)
			if err != nil {
				return nil, err
			}
			now := s.gate.Now()
			metrics, from, bad := q.checked(now)
			if len(bad) > 0 {
				return nil, &fault.Invalid{Fields: bad}
			}
			return s.series(ctx, g, metrics, from, q, now)
		},
	})
}

// checked fills in what is left out and says everything that is wrong.
func (q *MetricQuery) checked(now time.Time) (metrics []Metric, from time.Time, bad faults) {
	all := Metrics()
	for _, name := range q.Names {
		i := slices.IndexFunc(all, func(m Metric) bool { return text.Fold(m.Name) == text.Fold(name) })
		if i < 0 {
			var known []string
			for _, m := range all {
				known = append(known, m.Name)
			}
			bad.add("metric", message.Text{ID: "fault.group.metric", Args: message.Args{"Name": text.Clean(name), "Known": strings.Join(known, ", ")}})
			continue
		}
		metrics = append(metrics, all[i])
	}
	if len(q.Names) == 0 {
		metrics = all
	}
	if q.Period == 0 {
		q.Period = metricPeriod
	}
	if q.Length == 0 {
		q.Length = metricLength
	}
	if q.End.IsZero() {
		q.End = now
	}
	if q.Begin.IsZero() {
		q.Begin = q.End.Add(-metricUsual)
	}
	if q.Period < metricPeriod || q.Period%metricPeriod != 0 || q.Period > int(metricWindow/time.Second) {
		bad.add("period", message.Text{ID: "fault.group.metric.period", Args: message.Args{"Given": q.Period}})
	}
	if q.Length < 1 || q.Length > metricLength {
		bad.add("length", message.Text{ID: "fault.group.metric.length", Args: message.Args{"Given": q.Length, "Most": metricLength}})
	}
	if !q.Begin.Before(q.End) {
		bad.add("begin", message.Text{ID: "fault.group.metric.order"})
	} else if q.End.Sub(q.Begin) > metricWindow {
		bad.add("begin", message.Text{ID: "fault.group.metric.window"})
	}
	from = q.Begin.Truncate(time.Minute)
	if q.NextToken != "" {
		ms, err := strconv.ParseInt(q.NextToken, 10, 64)
		at := time.UnixMilli(ms).UTC()
		if err != nil || at.Before(from) || at.After(q.End) || len(bad) == 0 && at.Sub(from)%(time.Duration(q.Period)*time.Second) != 0 {
			bad.add("next_token", message.Text{ID: "fault.group.metric.token"})
		}
		from = at
	}
	return metrics, from, bad
}

func (s *Runs) series(ctx context.Context, g Group, metrics []Metric, from time.Time, q MetricQuery, now time.Time) ([]Series, error) {
	period := time.Duration(q.Period) * time.Second
	end := earlier(q.End, now)
	n := 0
	if end.After(from) {
		n = int((end.Sub(from) + period - 1) / period)
	}
	next := ""
	if n > q.Length {
		n, next = q.Length, strconv.FormatInt(from.Add(time.Duration(q.Length)*period).UnixMilli(), 10)
	}
	step := int64(period / time.Minute)
	u, err := s.usage(ctx, g, minuteOf(from), minuteOf(from)+int64(n)*step, step, now)
	if err != nil {
		return nil, err
	}
	limits, err := s.store.LimitsOf(ctx, g.ID, from)
	if err != nil {
		return nil, err
	}
	series := make([]Series, len(metrics))
	for i, m := range metrics {
		series[i] = Series{Metric: m, NextToken: next, Points: make([]Point, n)}
		values := u.total
		switch {
		case m.slots:
			values = u.slots
		case m.module != "":
			values = u.modules[m.module]
		}
		for j := range n {
			at := from.Add(time.Duration(j) * period)
			series[i].Points[j] = Point{Timestamp: at, Value: m.of(inForce(limits, at.Add(period)), m.module, values[j])}
		}
	}
	return series, nil
}

// inForce are the limits that were in force just before a time: none before there was a group.
func inForce(limits []LimitsAt, before time.Time) (l LimitsAt) {
	for _, next := range limits {
		if !next.At.Before(before) {
			break
		}
		l = next
	}
	return l
}

// Gauge is a metric as it is now.
type Gauge struct {
	Metric
	Value float64
}

// Gauges are all metrics of a group as they are now, from what runs in it.
func (l Load) Gauges(g Group) []Gauge {
	at := LimitsAt{Size: g.Size, Slots: g.Slots, Shares: g.Shares}
	var out []Gauge
	for _, m := range Metrics() {
		used := l.Use.Total().CU()
		switch {
		case m.slots:
			used = float64(l.Use.Slots)
		case m.module != "":
			used = l.Use.Modules[m.module].CU()
		}
		out = append(out, Gauge{m, m.of(at, m.module, used)})
	}
	return out
}
