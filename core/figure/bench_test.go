package figure_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"reeve/core/figure"
	"reeve/storage"
	"reeve/storage/storagetest"
)

// feed writes n events of n/2 runs, in 20 workspaces, the way a scheduler sends them: starts with their ends some hundred lines later.
func feed(n int, to io.Writer) error {
	r := rand.New(rand.NewPCG(1, 1)) // #nosec G404 -- a test is to be repeatable
	w := bufio.NewWriter(to)
	base := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	type begun struct {
		id        string
		namespace int
	}
	var open []begun
	for i := range n {
		at := base.Add(time.Duration(i) * 24 * time.Hour / time.Duration(n)).Format(time.RFC3339Nano)
		kind, run := "START", begun{}
		if len(open) > 500 || i > n-len(open) {
			at := r.IntN(len(open))
			run, kind = open[at], "COMPLETE"
			open[at] = open[len(open)-1]
			open = open[:len(open)-1]
		} else {
			run = begun{fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", r.Uint32(), r.Uint32()&0xffff, r.Uint32()&0xfff, r.Uint32()&0xfff, r.Uint64()&0xffffffffffff), r.IntN(20)}
			open = append(open, run)
		}
		if _, err := fmt.Fprintf(w, `{"eventType": %q, "eventTime": %q, "producer": "https://example.org/scheduler", "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent", `+
			`"run": {"runId": %q, "facets": {"nominalTime": {"_producer": "x", "nominalStartTime": "2026-03-01T%02d:00:00Z"}}}, "job": {"namespace": "ws%d", "name": "daily.load_%d", "facets": {}}, "inputs": [], "outputs": []}`+"\n",
			kind, at, run.id, i*24/n, run.namespace, i%977); err != nil {
			return err
		}
	}
	return w.Flush()
}

// BenchmarkIngest takes in 100,000 events a turn and tells how many a second, and how much memory is held at most.
func BenchmarkIngest(b *testing.B) {
	const lines = 100_000
	for b.Loop() {
		b.StopTimer()
		w := storagetest.Open(b)
		for i := range 20 {
			w.Workspace(fmt.Sprintf("ws%d", i))
		}
		figures := figure.New(w.Gate, storage.NewFigures(w.DB), beijing{})
		from, to := io.Pipe()
		go func() { _ = to.CloseWithError(feed(lines, to)) }()
		var most uint64
		b.StartTimer()
		in, err := figures.IngestEvents(w.As(storagetest.Owner), figure.Input{Source: "-", From: from, Progress: func(figure.Ingestion) {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
		}})
		if err != nil || in.Taken != lines {
			b.Fatalf("%+v (%v)", in.Counts, err)
		}
		b.ReportMetric(float64(most)/1e6, "MB-heap")
	}
	b.ReportMetric(float64(lines)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
