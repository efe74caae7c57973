package figure_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"reeve/core/audit"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/figure"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/storage"
	"reeve/storage/storagetest"
)

// beijing is the zone of all regions of these tests.
type beijing struct{}

func (beijing) Zone(string) *time.Location { return time.FixedZone("UTC+8", 8*3600) }

type story struct {
	*storagetest.World
	t       *testing.T
	figures *figure.Service
	sales   control.Ref
	risk    control.Ref
}

// open makes the workspaces sales, which ann administers and bob is in, and risk, which carol administers. It is 2026-03-02, 17:00 in
// the zone of both.
func open(t *testing.T) story {
	t.Helper()
	w := storagetest.Open(t)
	w.Users("ann", "bob", "carol", "dan")
	s := story{w, t, figure.New(w.Gate, storage.NewFigures(w.DB), beijing{}), w.Workspace("sales", "ann"), w.Workspace("risk", "carol")}
	members := member.New(w.Gate, storage.NewMembers(w.DB, w.Builtins))
	if _, err := members.Add(w.As("ann"), s.sales, member.Batch{Users: []string{"bob"}, Roles: []string{"develop"}}); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s story) events(who, input string) figure.Ingestion {
	s.t.Helper()
	in, err := s.figures.IngestEvents(s.As(who), figure.Input{Source: "test", From: strings.NewReader(input)})
	if err != nil {
		s.t.Fatal(err)
	}
	return in
}

func (s story) rows(who, input string) figure.Ingestion {
	s.t.Helper()
	in, err := s.figures.IngestDays(s.As(who), figure.Input{Source: "test", From: strings.NewReader(input)})
	if err != nil {
		s.t.Fatal(err)
	}
	return in
}

func (s story) show(who string, ref control.Ref) figure.Figures {
	s.t.Helper()
	f, err := s.figures.Show(s.As(who), ref, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	return f
}

// wire is one event as it is sent.
type wire struct {
	namespace, kind, at, nominal string
	run                          int
}

func (e wire) String() string {
	facets := ""
	if e.nominal != "" {
		facets = fmt.Sprintf(`, "facets": {"nominalTime": {"nominalStartTime": %q}}`, e.nominal)
	}
	return fmt.Sprintf(`{"eventType": %q, "eventTime": %q, "run": {"runId": "00000000-0000-4000-8000-%012x"%s}, "job": {"namespace": %q, "name": "job"}, "producer": "test"}`,
		e.kind, e.at, e.run, facets, e.namespace)
}

func sent(events ...wire) string {
	lines := make([]string, len(events))
	for i, e := range events {
		lines[i] = e.String()
	}
	return strings.Join(lines, "\n")
}

func TestWhatBecomesOfARun(t *testing.T) {
	const at1, at2, at3 = "2026-03-01T01:00:00Z", "2026-03-01T02:00:00Z", "2026-03-01T03:00:00Z" // 09:00 to 11:00
	event := func(kind, at string) wire { return wire{"sales", kind, at, "", 1} }
	for name, c := range map[string]struct {
		events []wire
		want   figure.Runs
		hour   int
	}{
		"begun":                    {[]wire{event("START", at1)}, figure.Runs{Running: 1}, 9},
		"heard of":                 {[]wire{event("OTHER", at2)}, figure.Runs{Running: 1}, 10},
		"done":                     {[]wire{event("START", at1), event("RUNNING", at2), event("COMPLETE", at3)}, figure.Runs{Succeeded: 1}, 9},
		"the end alone":            {[]wire{event("COMPLETE", at3)}, figure.Runs{Succeeded: 1}, 11},
		"the end first":            {[]wire{event("COMPLETE", at3), event("START", at1)}, figure.Runs{Succeeded: 1}, 9},
		"failed after all":         {[]wire{event("START", at1), event("COMPLETE", at2), event("FAIL", at3)}, figure.Runs{Failed: 1}, 9},
		"done after all":           {[]wire{event("COMPLETE", at3), event("START", at1), event("FAIL", at2)}, figure.Runs{Succeeded: 1}, 9},
		"two ends at once":         {[]wire{event("FAIL", at3), event("COMPLETE", at3)}, figure.Runs{Failed: 1}, 11},
		"aborted":                  {[]wire{event("START", at1), event("ABORT", at2)}, figure.Runs{Failed: 1, Aborted: 1}, 9},
		"a start does not restart": {[]wire{event("COMPLETE", at2), event("START", at3)}, figure.Runs{Succeeded: 1}, 11},
		"more is told of the end":  {[]wire{event("START", at1), event("FAIL", at2), event("OTHER", at3)}, figure.Runs{Failed: 1}, 9},
		"scheduled": {[]wire{event("START", at2), {"sales", "COMPLETE", at3, "2026-02-28T16:30:00Z", 1}},
			figure.Runs{Succeeded: 1}, 0},
	} {
		s := open(t)
		for _, e := range c.events { // each in an ingestion of its own
			s.events("ann", e.String())
		}
		day := s.show("bob", s.sales).Yesterday()
		if day.Runs == nil || *day.Runs != c.want || day.Hours[c.hour] != c.want || day.Date.String() != "2026-03-01" {
			t.Errorf("%s: %+v, want %+v at %d", name, day, c.want, c.hour)
		}
	}
}

// world is random events of some runs, in which the same run has events of every kind in every order, and many come twice.
func world(r *rand.Rand, n int) []wire {
	kinds := []string{"START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"}
	base := time.Date(2026, 2, 26, 0, 0, 0, 0, time.UTC)
	events := make([]wire, 0, n)
	for len(events) < n {
		e := wire{namespace: []string{"sales", "cn-hangzhou/sales", "risk", "etl"}[r.IntN(4)], kind: kinds[r.IntN(len(kinds))], run: r.IntN(n / 5)}
		e.at = base.Add(time.Duration(r.IntN(4*24*60)) * time.Minute).Format(time.RFC3339)
		if r.IntN(6) == 0 {
			e.nominal = base.Add(time.Duration(r.IntN(4*24)) * time.Hour).Format(time.RFC3339)
		}
		events = append(events, e)
		if r.IntN(3) == 0 {
			events = append(events, e)
		}
	}
	return events
}

// naive counts events as the documentation says it: all events of a run together, in one place.
func naive(t *testing.T, events []wire) map[string]figure.Runs {
	t.Helper()
	type key struct {
		namespace string
		run       int
	}
	of := map[key][]wire{}
	for _, e := range events {
		of[key{e.namespace, e.run}] = append(of[key{e.namespace, e.run}], e)
	}
	counts := map[string]figure.Runs{}
	for k, all := range of {
		var nominal, starts, any []string
		end, state := "", "running"
		for _, e := range all {
			any = append(any, e.at)
			if e.nominal != "" {
				nominal = append(nominal, e.nominal)
			}
			if e.kind == "START" {
				starts = append(starts, e.at)
			}
			rank := map[string]int{"COMPLETE": 1, "ABORT": 2, "FAIL": 3}
			if rank[e.kind] > 0 && (e.at > end || e.at == end && rank[e.kind] > rank[state]) {
				end, state = e.at, e.kind
			}
		}
		begin := any
		if len(starts) > 0 {
			begin = starts
		}
		if len(nominal) > 0 {
			begin = nominal
		}
		at, err := time.Parse(time.RFC3339, slices.Min(begin))
		if err != nil {
			t.Fatal(err)
		}
		workspace := "sales"
		if k.namespace == "risk" || k.namespace == "etl" {
			workspace = "risk"
		}
		slot := workspace + at.In(beijing{}.Zone("")).Format(" 2006-01-02 15")
		c := counts[slot]
		switch state {
		case "COMPLETE":
			c.Succeeded++
		case "FAIL":
			c.Failed++
		case "ABORT":
			c.Failed++
			c.Aborted++
		default:
			c.Running++
		}
		counts[slot] = c
	}
	return counts
}

// counted is what the figures of both workspaces say, in the form of naive.
func (s story) counted() map[string]figure.Runs {
	s.t.Helper()
	counts := map[string]figure.Runs{}
	for _, ref := range []control.Ref{s.sales, s.risk} {
		f := s.show("root", ref)
		for _, d := range append(slices.Clone(f.Days), f.Today) {
			var sum figure.Runs
			for hour, runs := range d.Hours {
				if runs != (figure.Runs{}) {
					counts[fmt.Sprintf("%s %s %02d", ref.Workspace, d.Date, hour)] = runs
				}
				sum = sum.Add(runs)
			}
			if d.Runs != nil && *d.Runs != sum {
				s.t.Errorf("%s has %+v, its hours %+v", d.Date, *d.Runs, sum)
			}
		}
	}
	return counts
}

func (s story) same(name string, want map[string]figure.Runs) {
	s.t.Helper()
	got := s.counted()
	if a, b := fmt.Sprint(got), fmt.Sprint(want); a != b {
		s.t.Errorf("%s:\ncounted %s\nwant    %s", name, a, b)
	}
}

// TestTheSameEventsMakeTheSameCounts sends random events twice, shuffled, in parts, and from two processes at once.
func TestTheSameEventsMakeTheSameCounts(t *testing.T) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 5)) // #nosec G404 -- a test is to be repeatable
		events := world(r, 3000)
		want := naive(t, events)
		s := open(t)
		if _, err := s.figures.Map(s.As("root"), "etl", s.risk); err != nil {
			t.Fatal(err)
		}
		first := s.events("root", sent(events...))
		s.same("in order", want)
		if first.Taken+first.Repeated != int64(len(events)) || first.Lines != int64(len(events)) {
			t.Errorf("of %d events: %+v", len(events), first.Counts)
		}
		if again := s.events("root", sent(events...)); again.Taken != 0 || again.Repeated != int64(len(events)) {
			t.Errorf("sent again: %+v", again.Counts)
		}
		s.same("twice", want)

		s = open(t)
		if _, err := s.figures.Map(s.As("root"), "etl", s.risk); err != nil {
			t.Fatal(err)
		}
		r.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		var both sync.WaitGroup
		for _, part := range [][]wire{events[:len(events)*2/3], events[len(events)/3:]} { // the middle third comes from both
			other, err := storage.Open(t.Context(), storage.Options{Path: s.DB.Path(), Now: s.Now})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = other.Close() }()
			gate := control.New(storage.NewGateStore(other, s.Builtins), s.Gate.Acts(), s.Gate.Editions(),
				control.Seam{Now: s.Now, ID: func() string { return "id" }}, nil)
			ctx := s.As("root")
			both.Go(func() {
				if _, err := figure.New(gate, storage.NewFigures(other), beijing{}).IngestEvents(ctx, figure.Input{Source: "-", From: strings.NewReader(sent(part...))}); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		s.same("shuffled, from two processes", want)
	}
}

func TestEveryLineIsCountedOnce(t *testing.T) {
	s := open(t)
	good := wire{"sales", "START", "2026-03-01T01:00:00Z", "", 1}
	lines := []string{
		"\ufeff" + good.String(), "", good.String(), "nonsense\x1b[2J", `{"eventTime": "2026-03-01T01:00:00Z", "job": {}}`,
		wire{"risk", "START", "2026-03-01T01:00:00Z", "", 2}.String(), wire{"nobody\u202e", "START", "2026-03-01T01:00:00Z", "", 3}.String(),
		wire{"nobody\u202e", "FAIL", "2026-03-01T01:00:00Z", "", 3}.String(), wire{"sales", "START", "2026-01-01T01:00:00Z", "", 4}.String(),
		strings.Repeat("x", figure.MaxLine+5), wire{"SALES", "BEGIN", "2026-03-01T01:00:00Z", "", 5}.String(), "also nonsense",
	}
	in := s.events("ann", strings.Join(lines, "\n"))
	want := figure.Counts{Lines: 11, Taken: 1, Repeated: 1, Late: 1, Other: 1, Malformed: 4, Unknown: 2, Refused: 1}
	if in.Counts != want || in.Stage != figure.StageDone {
		t.Errorf("counted %+v, want %+v", in.Counts, want)
	}
	kept, err := s.figures.Ingestion(s.As("ann"), 0)
	if err != nil || kept.ID != in.ID || kept.Counts != want || len(kept.Problems) != len(in.Problems) {
		t.Fatalf("kept is %+v (%v), told was %+v", kept, err, in)
	}
	var got []string
	for _, p := range kept.Problems {
		got = append(got, fmt.Sprintf("%s %d %v %.20s x%d", p.Kind, p.Line, p.Reasons, p.Text, p.Count))
	}
	wanted := []string{
		"malformed 4 [json] nonsense<001B>[2J x1", "malformed 10 [long] " + strings.Repeat("x", 20) + " x1", `malformed 11 [type] {"eventType": "BEGIN x1`,
		"malformed 12 [json] also nonsense x1", "reason 4 [json]  x2", "reason 10 [long]  x1", "reason 11 [type]  x1",
		"refused 6 [] cn-hangzhou/risk x1", "unknown 7 [] nobody<202E> x2",
	}
	if !slices.Equal(got, wanted) {
		t.Errorf("problems\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(wanted, "\n"))
	}
	if f := s.show("ann", s.sales); f.Last == nil || f.Last.ID != in.ID || f.Empty() {
		t.Errorf("the last ingestion is %+v", f.Last)
	}
	if f := s.show("root", s.risk); !f.Empty() || f.Last != nil {
		t.Errorf("figures of risk: %+v", f)
	}
}

func TestWhoMaySendAndSee(t *testing.T) {
	s := open(t)
	lines := sent(wire{"sales", "START", "2026-03-01T01:00:00Z", "", 1}, wire{"risk", "START", "2026-03-01T01:00:00Z", "", 1})
	for who, want := range map[string]figure.Counts{
		"dan": {Lines: 2, Refused: 2}, "bob": {Lines: 2, Refused: 2}, "ann": {Lines: 2, Taken: 1, Refused: 1},
		"carol": {Lines: 2, Taken: 1, Refused: 1},
	} {
		if got := s.events(who, lines).Counts; got != want {
			t.Errorf("%s sends %+v, want %+v", who, got, want)
		}
	}
	if got := s.events("root", lines).Counts; got != (figure.Counts{Lines: 2, Repeated: 2}) {
		t.Errorf("root sends %+v", got)
	}
	var denied *fault.Denied
	if _, err := s.figures.Show(s.As("dan"), s.sales, 0); !errors.As(err, &denied) {
		t.Errorf("dan sees the figures of sales: %v", err)
	}
	mine, err := s.figures.Ingestions(s.As("ann"))
	if err != nil || len(mine) != 1 || mine[0].ByName != "ann" {
		t.Errorf("ann sees %+v (%v)", mine, err)
	}
	all, err := s.figures.Ingestions(s.As("root"))
	if err != nil || len(all) != 5 {
		t.Errorf("root sees %d (%v)", len(all), err)
	}
	var missing *fault.NotFound
	for _, in := range all {
		_, err := s.figures.Ingestion(s.As("ann"), in.ID)
		if in.ByName == "ann" && err != nil || in.ByName != "ann" && !errors.As(err, &missing) {
			t.Errorf("ann asks for the ingestion of %s: %v", in.ByName, err)
		}
	}
	if _, err := s.figures.Map(s.As("ann"), "etl", s.sales); !errors.As(err, &denied) {
		t.Errorf("ann maps a namespace: %v", err)
	}
}

func TestNamespaces(t *testing.T) {
	s := open(t)
	at := func(namespace string, run int) wire { return wire{namespace, "START", "2026-03-01T01:00:00Z", "", run} }
	all := sent(at("sales", 1), at("CN-Hangzhou/Sales", 2), at("etl", 3), at("eu-central-1/sales", 4), at("/sales", 5), at("a/b/sales", 6))
	if in := s.events("root", all); in.Taken != 2 || in.Unknown != 4 {
		t.Errorf("before the mapping %+v", in.Counts)
	}
	m, err := s.figures.Map(s.As("root"), "etl", s.sales)
	if err != nil || m.WorkspaceName != "sales" || m.SetBy != "root" {
		t.Fatalf("mapped %+v (%v)", m, err)
	}
	if _, err := s.figures.Map(s.As("root"), "sales", s.risk); err != nil { // a mapping counts before the name
		t.Fatal(err)
	}
	if in := s.events("root", all); in.Taken != 2 || in.Repeated != 1 || in.Unknown != 3 {
		t.Errorf("sent again after the mapping %+v", in.Counts)
	}
	if runs := s.show("root", s.risk).Yesterday().Runs; runs == nil || runs.Running != 1 {
		t.Errorf("risk has %+v", runs)
	}
	if mappings, err := s.figures.Mappings(s.As("root")); err != nil || len(mappings) != 2 || mappings[0].Namespace != "etl" {
		t.Errorf("mapped are %+v (%v)", mappings, err)
	}
	if _, err := s.figures.Unmap(s.As("root"), "etl"); err != nil {
		t.Fatal(err)
	}
	var missing *fault.NotFound
	if _, err := s.figures.Unmap(s.As("root"), "sale"); !errors.As(err, &missing) || !slices.Equal(missing.Nearest, []string{"sales"}) {
		t.Errorf("unmapping what is not mapped: %v", err)
	}
	for _, namespace := range []string{"", "  ", "a\x1bb", strings.Repeat("n", figure.MaxNamespace+1), strings.Repeat("数", 200)} {
		var invalid *fault.Invalid
		if _, err := s.figures.Map(s.As("root"), namespace, s.sales); !errors.As(err, &invalid) || invalid.Fields[0].Name != "namespace" {
			t.Errorf("mapping %q: %v", namespace, err)
		}
	}
}

func TestPlainFigures(t *testing.T) {
	s := open(t)
	in := s.rows("ann", "workspace,date,governance_issues,models,metrics,instance_succeeded,instance_failed\n"+
		"sales,2026-03-01,3,12,40,100,7\nsales,2026-02-28,4,12,,,\nrisk,2026-03-01,1,1,1,1,1\nsales,2026-03-03,1,1,1,1,1\nno_such,2026-03-01,1,1,1,1,1\nsales,soon,1,1,1,1,1")
	if want := (figure.Counts{Lines: 6, Taken: 2, Malformed: 2, Unknown: 1, Refused: 1}); in.Counts != want {
		t.Errorf("counted %+v, want %+v", in.Counts, want)
	}
	day := s.show("bob", s.sales).Yesterday()
	if *day.Issues != 3 || *day.Models != 12 || *day.Metrics != 40 || *day.Runs != (figure.Runs{Succeeded: 100, Failed: 7}) || day.Source != figure.FromSent {
		t.Errorf("yesterday is %+v", day)
	}
	if before := s.show("bob", s.sales).Before(); *before.Issues != 4 || before.Metrics != nil || before.Runs != nil {
		t.Errorf("the day before is %+v", before)
	}
	if in := s.rows("ann", `{"workspace": "sales", "date": "2026-03-01", "governance_issues": 3, "models": 13}`); in.Taken != 1 {
		t.Errorf("replacing %+v", in.Counts)
	}
	if in := s.rows("ann", `{"workspace": "sales", "date": "2026-03-01", "models": 13}`); in.Repeated != 1 || in.Taken != 0 {
		t.Errorf("the same again %+v", in.Counts)
	}
	s.events("ann", wire{"sales", "COMPLETE", "2026-03-01T01:00:00Z", "", 1}.String())
	day = s.show("bob", s.sales).Yesterday()
	if *day.Models != 13 || *day.Metrics != 40 || *day.Runs != (figure.Runs{Succeeded: 1}) || day.Source != figure.FromEvents {
		t.Errorf("with events yesterday is %+v", day)
	}
	in, err := s.figures.IngestDays(s.As("ann"), figure.Input{Source: "x.csv", From: strings.NewReader("workspace,colour\nsales,red")})
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) || len(invalid.Fields) != 3 || in.Stage != figure.StageStopped {
		t.Errorf("a wrong header: %v, %+v", err, in)
	}
}

func TestRunsAreForgottenAndNeverCountedTwice(t *testing.T) {
	s := open(t)
	events := sent(wire{"sales", "START", "2026-02-28T15:00:00Z", "", 1}, wire{"sales", "COMPLETE", "2026-02-28T17:00:00Z", "", 1}, // 23:00 to 01:00
		wire{"sales", "START", "2026-03-02T01:00:00Z", "", 2})
	s.events("ann", events)
	for day := range 2 * figure.DefaultKeepDays {
		s.Pass(12*time.Hour + time.Minute)
		in := s.events("ann", events)
		f, err := s.figures.Show(s.As("ann"), s.sales, 60)
		if err != nil {
			t.Fatal(err)
		}
		var sum figure.Runs
		for _, d := range append(f.Days, f.Today) {
			if d.Runs != nil {
				sum = sum.Add(*d.Runs)
			}
		}
		if sum != (figure.Runs{Succeeded: 1, Running: 1}) || in.Taken != 0 || in.Repeated+in.Late != 3 {
			t.Fatalf("after %d half days: %+v, %+v", day+1, sum, in.Counts)
		}
	}
	if in := s.events("ann", events); in.Late != 3 {
		t.Errorf("at the end %+v", in.Counts)
	}
	// A longer time to keep does not open again what is closed.
	if _, err := s.figures.Keep(s.As("root"), 100); err != nil {
		t.Fatal(err)
	}
	if in := s.events("ann", events); in.Late != 3 {
		t.Errorf("kept longer %+v", in.Counts)
	}
	for _, days := range []int{-1, 0, 1, figure.MaxKeepDays + 1} {
		if _, err := s.figures.Keep(s.As("root"), days); err == nil {
			t.Errorf("runs are kept for %d days", days)
		}
	}
	if r, err := s.figures.Rule(s.As("root")); err != nil || r.KeepDays != 100 {
		t.Errorf("the rule is %+v (%v)", r, err)
	}
}

// stopper is a source that ends the context, or fails, when so much has been read.
type stopper struct {
	from  io.Reader
	after int
	do    func() error
}

func (r *stopper) Read(p []byte) (int, error) {
	if r.after <= 0 {
		if err := r.do(); err != nil {
			return 0, err
		}
	}
	n, err := r.from.Read(p[:min(len(p), 4096)])
	r.after -= n
	return n, err
}

func TestWhatWasTakenStaysWhenItIsStopped(t *testing.T) {
	var events []wire
	for i := range 20_000 {
		events = append(events, wire{"sales", "START", "2026-03-01T01:00:00Z", "", i})
	}
	input := sent(events...)
	for name, stop := range map[string]func(cancel func()) error{
		"interrupted": func(cancel func()) error { cancel(); return nil },
		"broken":      func(func()) error { return errors.New("the disk is gone") },
	} {
		s := open(t)
		ctx, cancel := context.WithCancel(s.As("ann"))
		defer cancel()
		var told figure.Ingestion
		in, err := s.figures.IngestEvents(ctx, figure.Input{Source: "big.jsonl", Progress: func(in figure.Ingestion) { told = in },
			From: &stopper{strings.NewReader(input), len(input) / 2, func() error { return stop(cancel) }}})
		var unavailable *fault.Unavailable
		if !errors.As(err, &unavailable) || in.Stage != figure.StageStopped || in.Lines >= 20_000 || told.Lines != in.Lines {
			t.Errorf("%s: %v, %+v, told %d", name, err, in, told.Lines)
		}
		runs := s.show("ann", s.sales).Yesterday().Runs
		if in.Lines > 0 && (runs == nil || runs.Running != in.Taken) {
			t.Errorf("%s: counted are %+v, taken %d", name, runs, in.Taken)
		}
		if kept, err := s.figures.Ingestion(s.As("ann"), in.ID); err != nil || kept.Stage != figure.StageStopped || kept.Lines != in.Lines {
			t.Errorf("%s: kept is %+v (%v)", name, kept, err)
		}
		if again := s.events("ann", input); again.Taken != 20_000-in.Taken || again.Repeated != in.Taken {
			t.Errorf("%s: sent again %+v after %+v", name, again.Counts, in.Counts)
		}
	}
}

func TestLinesOfASlowPipeDoNotWait(t *testing.T) {
	s := open(t)
	from, to := io.Pipe()
	told := make(chan int64, 10)
	go func() {
		line := wire{"sales", "START", "2026-03-01T01:00:00Z", "", 1}.String() + "\n"
		_, err := io.WriteString(to, line+line+`{"half": `) // half a line must not hold the whole ones back
		for err == nil && <-told < 2 {
			continue
		}
		_, err2 := io.WriteString(to, `"done"}`)
		_ = to.CloseWithError(errors.Join(err, err2))
	}()
	in, err := s.figures.IngestEvents(s.As("ann"), figure.Input{Source: "-", From: from, Progress: func(in figure.Ingestion) { told <- in.Lines }})
	if err != nil || in.Counts != (figure.Counts{Lines: 3, Taken: 1, Repeated: 1, Malformed: 1}) {
		t.Errorf("%+v (%v)", in.Counts, err)
	}
}

func TestTheAuditHasTheBeginningAndTheEnd(t *testing.T) {
	s := open(t)
	log := audit.New(s.Gate, storage.NewAudit(s.DB), nil)
	count := func() (entries []string) {
		page, err := log.List(s.As("root"), audit.Search{Query: list.Query{Limit: 100}})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Items {
			if strings.HasPrefix(e.Action, "figure.") {
				entries = append(entries, string(e.After))
			}
		}
		return entries
	}
	var events []wire
	for i := range 9000 {
		events = append(events, wire{"sales", "START", "2026-03-01T01:00:00Z", "", i})
	}
	s.events("ann", sent(events...))
	entries := count()
	if len(entries) != 2 {
		t.Fatalf("%d entries: %q", len(entries), entries)
	}
	var end struct {
		Source, Stage string
		Counts        figure.Counts
	}
	if err := json.Unmarshal([]byte(entries[0]), &end); err != nil || end.Stage != "done" || end.Source != "test" || end.Counts.Taken != 9000 {
		t.Errorf("the end is %s (%v)", entries[0], err)
	}
	if strings.Contains(entries[1], "counts") || !strings.Contains(entries[1], "running") {
		t.Errorf("the beginning is %s", entries[1])
	}
}
