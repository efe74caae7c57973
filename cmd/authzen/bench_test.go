package authzen_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"reeve/cmd/authzen"
)

// idle is a handler that decides nothing: it reads what it is asked and says yes.
func idle(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, allow)
}

// BenchmarkLoopback asks over loopback, as other programs do: one question a request against a handler that decides nothing,
// by turns in the same run; and a hundred a request, counted one by one.
func BenchmarkLoopback(b *testing.B) {
	f := newFixture(b)
	address := serve(b, f.face)
	nothing := serve(b, http.HandlerFunc(idle))
	single := question(alice, read, record1)
	hundred := object("subject", alice, "resource", record1, "evaluations", "["+strings.TrimSuffix(strings.Repeat(`{"action":`+read+`},`, 100), ",")+"]")
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	send := func(url, body string) {
		r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url, strings.NewReader(body))
		if err != nil {
			b.Error(err)
			return
		}
		r.Header.Set("Authorization", "Bearer "+f.secret)
		r.Header.Set("Content-Type", "application/json")
		answer, err := client.Do(r)
		if err != nil {
			b.Error(err)
			return
		}
		got, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK || !bytes.Contains(got, []byte(allow)) {
			b.Errorf("%d %s (%v)", answer.StatusCode, got, err)
		}
	}
	// Several callers ask at once, as many as keep the machine busy.
	round := func(url, body string, requests int) time.Duration {
		callers := 2 * runtime.GOMAXPROCS(0)
		begun := time.Now()
		var all sync.WaitGroup
		for range callers {
			all.Go(func() {
				for range requests / callers {
					send(url, body)
				}
			})
		}
		all.Wait()
		return time.Since(begun)
	}
	round(address+authzen.PathEvaluation, single, 200)
	round(nothing, single, 200)
	// The middle of many short rounds by turns: what else the machine does meanwhile hits some of them, on either side.
	const requests, rounds = 200, 41
	var ratios, ours, batches []float64
	for b.Loop() {
		for range rounds {
			mine, theirs := round(address+authzen.PathEvaluation, single, requests), round(nothing, single, requests)
			ratios, ours = append(ratios, mine.Seconds()/theirs.Seconds()), append(ours, mine.Seconds())
			batches = append(batches, round(address+authzen.PathEvaluations, hundred, requests/10).Seconds())
		}
	}
	const decisions = requests / 10 * 100
	b.ReportMetric(middle(ratios), "x_idle")
	b.ReportMetric(requests/middle(ours), "requests/s")
	b.ReportMetric(decisions/middle(batches), "decisions/s")
	b.ReportMetric(middle(batches)*1e6/decisions, "us/decision")
}

func middle(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

func serve(b *testing.B, handler http.Handler) (url string) {
	b.Helper()
	listener, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }()
	b.Cleanup(func() { _ = server.Close(); <-done })
	return fmt.Sprintf("http://%s", listener.Addr())
}
