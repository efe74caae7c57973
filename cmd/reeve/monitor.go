package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"reeve/core/fault"
	"reeve/core/message"
	"reeve/tui/sshd"
)

// doorCounts counts what happens at the doors.
type doorCounts struct {
	mu sync.Mutex
	by map[string]int // by the labels of a line

	// answers to other programs by their status, and the decisions made for them.
	answers   [600]atomic.Int64
	decisions atomic.Int64
}

func newDoorCounts() *doorCounts { return &doorCounts{by: map[string]int{}} }

// answered counts an answer to another program.
func (n *doorCounts) answered(status, decisions int) {
	n.answers[status].Add(1)
	n.decisions.Add(int64(decisions))
}

func (n *doorCounts) note(e sshd.Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.by[fmt.Sprintf("{event=%q,reason=%q}", e.Kind, e.Reason)]++
}

// write writes the counts in the text form that Prometheus reads.
func (n *doorCounts) write(w io.Writer, open int) {
	_, _ = fmt.Fprintf(w, "# HELP reeve_ssh_sessions Sessions that are open.\n# TYPE reeve_ssh_sessions gauge\nreeve_ssh_sessions %d\n", open)
	_, _ = io.WriteString(w, "# HELP reeve_ssh_events_total What happened at the door of the SSH server.\n# TYPE reeve_ssh_events_total counter\n")
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, labels := range slices.Sorted(maps.Keys(n.by)) {
		_, _ = fmt.Fprintf(w, "reeve_ssh_events_total%s %d\n", labels, n.by[labels])
	}
	_, _ = io.WriteString(w, "# HELP reeve_authzen_answers_total Answers to other programs.\n# TYPE reeve_authzen_answers_total counter\n")
	for status := range n.answers {
		if count := n.answers[status].Load(); count > 0 {
			_, _ = fmt.Fprintf(w, "reeve_authzen_answers_total{status=\"%d\"} %d\n", status, count)
		}
	}
	_, _ = fmt.Fprintf(w, "# HELP reeve_authzen_decisions_total Decisions in answers to other programs.\n# TYPE reeve_authzen_decisions_total counter\nreeve_authzen_decisions_total %d\n", n.decisions.Load())
}

// health is what a server says of itself beside what it counts.
type health struct {
	stopping <-chan struct{} // closed when no more is taken
	open     func() int      // how many sessions are open
}

// monitor answers /healthz and /metrics until ctx ends. Whoever reaches the address may ask: it is meant to be a loopback one.
func (c *cli) monitor(ctx context.Context, s *system, h health, n *doorCounts, address string) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return &fault.Unavailable{What: message.Text{ID: "cli.serve.listen.failed", Args: message.Args{"Address": address}}, Evidence: err.Error(), Err: err}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-h.stopping:
			http.Error(w, "the server is being stopped", http.StatusServiceUnavailable)
			return
		default:
		}
		if err := s.db.Ping(r.Context()); err != nil {
			http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, "ok\n")
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		n.write(w, h.open())
	})
	web := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	go func() { _ = web.Serve(listener) }()
	context.AfterFunc(ctx, func() { _ = web.Close() })
	c.announce(c.p.With("cli.serve.monitored", message.Args{"Address": listener.Addr().String()}))
	if !onLoopback(listener) {
		c.announce(c.p.Text("cli.serve.monitored.open"))
	}
	return nil
}
