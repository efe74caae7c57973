package group_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"reeve/core/fault"
	"reeve/core/group"
)

func (y *yard) metric(pool string, q group.MetricQuery) group.Series {
	y.t.Helper()
	series, err := y.runs.Metrics(y.As("lin"), y.ref(pool), q)
	if err != nil || len(series) != 1 {
		y.t.Fatalf("%d series: %v", len(series), err)
	}
	return series[0]
}

func values(s group.Series) (out []float64) {
	for _, p := range s.Points {
		out = append(out, p.Value)
	}
	return out
}

func TestMetricsAreNamedAsTheAPINamesThem(t *testing.T) {
	want := []string{"CUSpec", "CUUsage", "CUUtilization", "SlotSpec", "SlotUsage",
		"SchedulerCUMaxSpec", "SchedulerCUUsage", "SchedulerCUMinSpec", "DataIntegrationCUMaxSpec", "DataIntegrationCUUsage", "DataIntegrationCUMinSpec",
		"DataServiceCUMaxSpec", "DataServiceCUUsage", "DataServiceCUMinSpec", "ServerIdeCUMaxSpec", "ServerIdeCUUsage", "ServerIdeCUMinSpec"}
	var got []string
	for _, m := range group.Metrics() {
		got = append(got, m.Name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("they are %v", got)
	}
}

func TestMetricsAreMeansOverTheirPeriods(t *testing.T) {
	y := newYard(t)
	y.pool("rg", 10)
	y.Pass(y.Now().Truncate(time.Hour).Add(time.Hour).Sub(y.Now())) // to a whole hour
	begin := y.Now()
	_, ticket := y.enter("rg", group.Scheduling, 4)
	y.Pass(90 * time.Second)
	y.beat(ticket)
	if _, err := y.groups.SetQuota(y.As("lin"), y.ref("rg"), group.QuotaEdit{Set: group.Shares{{Module: group.Scheduling, Min: 2, Max: most(8)}}}); err != nil {
		t.Fatal(err)
	}
	y.Pass(30 * time.Second)
	y.end(ticket)
	y.Pass(2 * time.Minute)
	for name, want := range map[string][]float64{
		"CUUsage": {4, 4, 0, 0}, "CUSpec": {10, 10, 10, 10}, "CUUtilization": {40, 40, 0, 0}, "SlotUsage": {1, 1, 0, 0}, "SlotSpec": {50, 50, 50, 50},
		"schedulercuusage": {4, 4, 0, 0}, "SchedulerCUMaxSpec": {10, 8, 8, 8}, "SchedulerCUMinSpec": {0, 2, 2, 2}, "DataServiceCUUsage": {0, 0, 0, 0},
	} {
		if got := values(y.metric("rg", group.MetricQuery{Names: []string{name}, Begin: begin})); !slices.Equal(got, want) {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if got := values(y.metric("rg", group.MetricQuery{Names: []string{"CUUsage"}, Begin: begin, Period: 120})); !slices.Equal(got, []float64{4, 0}) {
		t.Errorf("over two minutes it is %v", got)
	}
	// By the hour it is taken from what is kept by the hour: two minutes of the four that have passed.
	if got := values(y.metric("rg", group.MetricQuery{Names: []string{"CUUsage"}, Begin: begin, Period: 3600})); !slices.Equal(got, []float64{2}) {
		t.Errorf("over an hour it is %v", got)
	}
	first := y.metric("rg", group.MetricQuery{Names: []string{"CUUsage"}, Begin: begin, Length: 3})
	next := y.metric("rg", group.MetricQuery{Names: []string{"CUUsage"}, Begin: begin, Length: 3, NextToken: first.NextToken})
	if len(first.Points) != 3 || len(next.Points) != 1 || next.NextToken != "" || !next.Points[0].Timestamp.Equal(begin.Add(3*time.Minute)) {
		t.Errorf("in parts they are %v and %v", first, next)
	}
	if got := y.metric("rg", group.MetricQuery{Names: []string{"CUUsage"}}); len(got.Points) != 120 {
		t.Errorf("without a time there are %d points", len(got.Points))
	}
}

func TestWhatEachWorkspaceHeldIsAddedUp(t *testing.T) {
	y := newYard(t)
	y.pool("rg", 10)
	y.Pass(y.Now().Truncate(time.Hour).Add(time.Hour).Sub(y.Now()))
	begin := y.Now()
	_, long := y.enter("rg", group.Scheduling, 4)
	_, short := y.enter("rg", group.DataService, 0.5)
	y.Pass(61 * time.Second)
	y.end(short)
	y.Pass(59 * time.Second)
	y.end(long)
	check := func(when string, from time.Time, want []float64) {
		t.Helper()
		held, err := y.runs.Held(y.As("lin"), y.ref("rg"), from, time.Time{})
		var got []float64
		for _, h := range held {
			if h.WorkspaceName == "" || h.SlotSeconds != map[group.Module]int64{group.Scheduling: h.HalfSeconds / 8}[h.Module] {
				t.Errorf("%s: %+v", when, h)
			}
			got = append(got, h.CUSeconds())
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s it is %v (%v), want %v", when, got, err, want)
		}
	}
	check("now", begin, []float64{480, 30.5})
	check("without a time", time.Time{}, []float64{480, 30.5})
	check("from a later minute on", begin.Add(time.Minute), []float64{240, 0.5})
	y.Pass(40 * day)
	check("by the hour", begin, []float64{480, 30.5})
	if _, err := y.runs.Held(y.As("lin"), y.ref("rg"), y.Now(), begin); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("backwards: %v", err)
	}
}

func TestWhatRunsIsCountedBeforeItIsMetered(t *testing.T) {
	y := newYard(t)
	y.pool("rg", 10)
	y.Pass(y.Now().Truncate(time.Hour).Add(time.Hour).Sub(y.Now()))
	y.enter("rg", group.DataService, 3)
	y.Pass(45 * time.Second)
	h, err := y.runs.History(y.As("lin"), y.ref("rg"), group.TwoHours)
	if last := len(h.CU) - 1; err != nil || h.CU[last] != 3 || h.Modules[group.DataService][last] != 3 || h.CU[last-1] != 0 {
		t.Errorf("the last steps are %v (%v)", h.CU[len(h.CU)-2:], err)
	}
}

func TestQuestionsAboutMetricsAreChecked(t *testing.T) {
	y := newYard(t)
	y.pool("rg", 4)
	now := y.Now()
	for name, c := range map[string]struct {
		q    group.MetricQuery
		want []string
	}{
		"no such metric":   {group.MetricQuery{Names: []string{"CUUse"}}, []string{"metric"}},
		"half a minute":    {group.MetricQuery{Period: 30}, []string{"period"}},
		"no whole minutes": {group.MetricQuery{Period: 90}, []string{"period"}},
		"far too long":     {group.MetricQuery{Period: 9999999960}, []string{"period"}},
		"too many":         {group.MetricQuery{Length: 1441}, []string{"length"}},
		"too long":         {group.MetricQuery{Begin: now.Add(-32 * day)}, []string{"begin"}},
		"backwards":        {group.MetricQuery{Begin: now, End: now.Add(-time.Hour)}, []string{"begin"}},
		"another token":    {group.MetricQuery{NextToken: "12"}, []string{"next_token"}},
		"everything":       {group.MetricQuery{Names: []string{"x"}, Period: -60, Length: -1, Begin: now, End: now}, []string{"begin", "length", "metric", "period"}},
	} {
		_, err := y.runs.Metrics(y.As("lin"), y.ref("rg"), c.q)
		if !slices.Equal(fieldsOf(err), c.want) {
			t.Errorf("%s: %v with %v", name, err, fieldsOf(err))
		}
	}
	if _, err := y.runs.Metrics(y.As("ann"), y.ref("rg"), group.MetricQuery{}); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("by somebody who may not see it: %v", err)
	}
}

func TestMinutesAreKeptForAMonth(t *testing.T) {
	y := newYard(t)
	y.pool("rg", 4)
	begin := y.Now()
	_, ticket := y.enter("rg", group.Scheduling, 2)
	y.Pass(time.Minute)
	y.end(ticket)
	if due, err := y.runs.NextDue(y.process("ann")); err != nil || due.Before(begin.Add(31*day)) {
		t.Errorf("the next is due %v (%v)", due, err)
	}
	y.Pass(31*day + 2*time.Hour)
	if n := y.tend(); n != 1 {
		t.Errorf("%d were moved", n)
	}
	if n := y.tend(); n != 0 {
		t.Errorf("%d more were moved", n)
	}
	got := y.metric("rg", group.MetricQuery{Names: []string{"CUUsage"}, Begin: begin.Truncate(time.Hour), End: begin.Add(3 * time.Hour), Period: 3600})
	if sum := got.Points[0].Value * 3600; sum != 120 {
		t.Errorf("of the hour %v CU-seconds are left, want 120", sum)
	}
	got = y.metric("rg", group.MetricQuery{Names: []string{"CUUsage"}, Begin: begin.Truncate(time.Hour), End: begin.Add(3 * time.Hour)})
	for _, p := range got.Points {
		if p.Value != 0 {
			t.Errorf("the minute %s is still there", p.Timestamp)
		}
	}
	if all, err := y.runs.List(y.As("lin"), y.ref("rg"), group.RunQuery{}); err != nil || len(all) != 0 {
		t.Errorf("%d runs are still listed (%v)", len(all), err)
	}
}

// What is kept by the hour is what was kept by the minute, whoever adds to it and whenever.
func TestHoursAreTheSumsOfTheirMinutes(t *testing.T) {
	y := newYard(t)
	y.pool("rg", 40)
	r := rand.New(rand.NewPCG(6, 6)) // #nosec G404 -- a test
	begin := y.Now().Truncate(time.Hour)
	var alive []group.Ticket
	for range 120 {
		if len(alive) < 6 {
			_, ticket := y.enter("rg", group.Modules()[r.IntN(4)], float64(1+r.IntN(6))/2)
			alive = append(alive, ticket)
		}
		y.Pass(time.Duration(1+r.IntN(55)) * time.Second)
		i := r.IntN(len(alive))
		for j, ticket := range alive {
			if j != i {
				y.beat(ticket)
			}
		}
		if r.IntN(2) == 0 {
			y.end(alive[i])
			alive = slices.Delete(alive, i, i+1)
		}
	}
	for _, ticket := range alive {
		y.end(ticket)
	}
	y.Pass(time.Hour)
	end := y.Now().Truncate(time.Hour)
	total := 0.0
	for _, m := range []string{"CUUsage", "SlotUsage", "SchedulerCUUsage", "DataIntegrationCUUsage", "DataServiceCUUsage"} {
		q := group.MetricQuery{Names: []string{m}, Begin: begin, End: end, Period: 3600}
		hours := y.metric("rg", q)
		q.Period = 60
		minutes := y.metric("rg", q)
		for i, h := range hours.Points {
			sum := 0.0
			for _, p := range minutes.Points[i*60 : (i+1)*60] {
				sum += p.Value / 60
			}
			if math.Abs(sum-h.Value) > 1e-9 {
				t.Errorf("%s: the hour from %s has %v, its minutes %v", m, h.Timestamp, h.Value, sum)
			}
			total += sum
		}
	}
	if total == 0 {
		t.Error("nothing was metered")
	}
}
