package main

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reeve/cmd/authzen"
	"reeve/core/decision"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
	"reeve/core/token"
	"reeve/storage"
)

// webServing is how other programs reach the console.
type webServing struct{ listen, url, certificate, key string }

func (w webServing) secure() bool { return w.certificate != "" }

// checkWeb refuses flags that mean nothing together.
func (c *cli) checkWeb(cmd *cobra.Command, w webServing) error {
	alone := func(flag, with string) error {
		return c.usage(cmd, message.Text{ID: "cli.serve.http.alone", Args: message.Args{"Flag": dashed(flag), "With": dashed(with)}})
	}
	switch {
	case w.listen == "" && w.url != "":
		return alone("http-url", "http")
	case w.listen == "" && w.certificate != "":
		return alone("http-cert", "http")
	case w.certificate == "" && w.key != "":
		return alone("http-key", "http-cert")
	case w.certificate != "" && w.key == "":
		return alone("http-cert", "http-key")
	case w.url == "":
		return nil
	}
	u, err := url.Parse(w.url)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.ForceQuery {
		return c.usage(cmd, message.Text{ID: "cli.serve.http_url.bad"})
	}
	return nil
}

// listenWeb opens the address. Whoever could be reached from other machines has to be so by HTTPS: a token is all that is
// needed to ask, and would be read on the way.
func (c *cli) listenWeb(ctx context.Context, w webServing) (net.Listener, error) {
	var secure *tls.Config
	if w.secure() {
		pair, err := tls.LoadX509KeyPair(w.certificate, w.key)
		if err != nil {
			return nil, &fault.Unavailable{What: message.Text{ID: "cli.serve.http_cert.bad", Args: message.Args{"Path": w.certificate}}, Evidence: err.Error(), Err: err}
		}
		secure = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}, NextProtos: []string{"h2", "http/1.1"}}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", w.listen)
	if err != nil {
		return nil, &fault.Unavailable{What: message.Text{ID: "cli.serve.listen.failed", Args: message.Args{"Address": w.listen}}, Evidence: err.Error(), Err: err}
	}
	if secure != nil {
		return tls.NewListener(listener, secure), nil
	}
	if !onLoopback(listener) {
		_ = listener.Close()
		return nil, &fault.Unavailable{What: message.Text{ID: "cli.serve.http.open", Args: message.Args{"Address": w.listen}}, Way: message.Text{ID: "cli.serve.http.open.next"}}
	}
	return listener, nil
}

// onLoopback says that only this machine reaches a listener.
func onLoopback(l net.Listener) bool {
	at, ok := l.Addr().(*net.TCPAddr)
	return ok && at.IP.IsLoopback()
}

// known is the address by which others know the face.
func (w webServing) known(listener net.Listener) string {
	switch {
	case w.url != "":
		return strings.TrimRight(w.url, "/")
	case w.secure():
		return "https://" + listener.Addr().String()
	}
	return "http://" + listener.Addr().String()
}

// Limits of the HTTP server, all of them ours. A request is a mebibyte at most, which takes no ten seconds to arrive.
const (
	webHeaders   = 16 << 10
	webReadHead  = 5 * time.Second
	webRead      = 10 * time.Second
	webWrite     = 30 * time.Second
	webIdle      = 2 * time.Minute
	webStopAfter = 5 * time.Second
)

// answerPrograms answers other programs until ctx ends; ended is closed when the last one has its answer.
func (c *cli) answerPrograms(ctx context.Context, s *system, w webServing, n *doorCounts, log *slog.Logger) (ended <-chan struct{}, err error) {
	live := decision.NewLive(storage.NewDecisions(s.db, s.builtins), s.gate.Now)
	ring := token.NewRing(storage.NewTokens(s.db))
	// Whatever is committed from here on is told, and what was before is read.
	events, unsubscribe := s.gate.Events()
	err = errors.Join(ring.Refresh(ctx), live.Refresh(ctx))
	var listener net.Listener
	if err == nil {
		listener, err = c.listenWeb(ctx, w)
	}
	if err != nil {
		unsubscribe()
		return nil, err
	}
	at := w.known(listener)
	server := &http.Server{
		Handler: authzen.New(authzen.Config{Live: live, Ring: ring, Now: s.gate.Now, URL: at, Reason: c.spokenReason, Language: c.p.Language(),
			Log: log, Watch: n.answered}),
		ReadHeaderTimeout: webReadHead, ReadTimeout: webRead, WriteTimeout: webWrite, IdleTimeout: webIdle, MaxHeaderBytes: webHeaders,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	go func() {
		defer unsubscribe()
		live.Follow(ctx, events, ring.Refresh, c.env.Sleep)
	}()
	go func() { _ = server.Serve(listener) }()
	done := make(chan struct{})
	context.AfterFunc(ctx, func() {
		defer close(done)
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), webStopAfter)
		defer cancel()
		if server.Shutdown(stopping) != nil {
			_ = server.Close()
		}
	})
	c.announce(c.p.With("cli.serve.http.at", message.Args{"URL": at}))
	return done, nil
}

// serveProgramsAlone answers other programs, and nobody over SSH, until ctx ends and the last of them has its answer.
func (c *cli) serveProgramsAlone(ctx context.Context, s *system, how serving, counts *doorCounts, log *slog.Logger) error {
	beside, stop := context.WithCancel(ctx)
	defer stop()
	if how.monitor != "" {
		if err := c.monitor(beside, s, health{stopping: ctx.Done(), open: func() int { return 0 }}, counts, how.monitor); err != nil {
			return err
		}
	}
	ended, err := c.answerPrograms(beside, s, how.web, counts, log)
	if err != nil {
		return err
	}
	s.watch(beside)
	go s.keeper.Run(beside)
	<-ended
	return nil
}

// spokenReason puts why a question is answered as it is into words: all that speaks for and against it, with names, for
// administrators, and for the subject what to do, without any.
func (c *cli) spokenReason(v *decision.View, q decision.Question) (admin, user string) {
	x, unknown := v.Explain(q)
	switch unknown {
	case decision.SubjectPart:
		admin = c.p.With("web.unknown.subject", message.Args{"Type": text.Clean(q.Subject.Type), "ID": text.Clean(q.Subject.ID)})
	case decision.ResourcePart:
		admin = c.p.With("web.unknown.resource", message.Args{"Type": text.Clean(q.Resource.Type), "ID": text.Clean(q.Resource.ID)})
	case decision.ActionPart:
		admin = c.p.With("web.unknown.action", message.Args{"Type": text.Clean(q.Resource.Type), "Action": text.Clean(q.Action)})
	case decision.NoPart:
		because := make([]string, len(x.Because))
		for i, b := range x.Because {
			because[i] = c.reason(v.Snapshot(), b)
		}
		admin = strings.Join(because, "; ")
	}
	if x.Allowed {
		return admin, c.p.Text("web.allowed")
	}
	return admin, c.p.Text("web.denied")
}
