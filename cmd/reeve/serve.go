package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/spf13/cobra"
	gossh "golang.org/x/crypto/ssh"

	"reeve/core/fault"
	"reeve/core/message"
	"reeve/storage"
	"reeve/tui/sshd"
)

// serving is how a server is started.
type serving struct {
	listen      string
	monitor     string
	web         webServing
	hostKeys    []string
	authorities []string
	passwords   []string
	record      recordServing
	logs        string
	drain       time.Duration
	limits      sshd.Limits
}

func (c *cli) serveCommand() *cobra.Command {
	how := serving{limits: sshd.DefaultLimits()}
	cmd := &cobra.Command{
		Use: "serve", Short: c.p.Text("cli.serve.about"), Long: c.p.Text("cli.serve.long"), DisableFlagsInUseLine: true,
		Args: func(cmd *cobra.Command, args []string) error { return c.checkArgs(cmd, "", args) },
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := c.checkServing(cmd, how); err != nil {
				return err
			}
			return c.serve(cmd.Context(), how)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&how.listen, "listen", "127.0.0.1:2222", c.p.Text("cli.serve.listen"))
	f.StringArrayVar(&how.hostKeys, "host-key", nil, c.p.Text("cli.serve.host_key"))
	f.StringArrayVar(&how.authorities, "user-ca", nil, c.p.Text("cli.serve.user_ca"))
	f.StringArrayVar(&how.passwords, "password-from", nil, c.p.Text("cli.serve.password_from"))
	f.StringVar(&how.record.folder, "record", "", c.p.Text("cli.serve.record"))
	f.StringArrayVar(&how.record.users, "record-user", nil, c.p.Text("cli.serve.record_user"))
	f.IntVar(&how.record.size, "record-size", recordingSize, c.p.Text("cli.serve.record_size"))
	f.StringVar(&how.web.listen, "http", "", c.p.Text("cli.serve.http"))
	f.StringVar(&how.web.url, "http-url", "", c.p.Text("cli.serve.http_url"))
	f.StringVar(&how.web.certificate, "http-cert", "", c.p.Text("cli.serve.http_cert"))
	f.StringVar(&how.web.key, "http-key", "", c.p.Text("cli.serve.http_key"))
	f.StringVar(&how.monitor, "monitor", "", c.p.Text("cli.serve.monitor"))
	f.StringVar(&how.logs, "log", "text", c.p.Text("cli.serve.log"))
	f.DurationVar(&how.limits.Idle, "idle", how.limits.Idle, c.p.Text("cli.serve.idle"))
	f.DurationVar(&how.limits.Total, "longest", how.limits.Total, c.p.Text("cli.serve.longest"))
	f.DurationVar(&how.drain, "drain", time.Minute, c.p.Text("cli.serve.drain"))
	f.IntVar(&how.limits.Sessions, "sessions", how.limits.Sessions, c.p.Text("cli.serve.sessions"))
	f.IntVar(&how.limits.PerUser, "sessions-per-user", how.limits.PerUser, c.p.Text("cli.serve.per_user"))
	return cmd
}

func (c *cli) checkServing(cmd *cobra.Command, how serving) error {
	wrong := func(flag string) error {
		return c.usage(cmd, message.Text{ID: "cli.serve.wrong", Args: message.Args{"Flag": dashed(flag)}})
	}
	switch {
	case how.logs != "text" && how.logs != "json":
		return wrong("log")
	case how.limits.Idle < time.Second:
		return wrong("idle")
	case how.limits.Total < time.Second:
		return wrong("longest")
	case how.drain < 0:
		return wrong("drain")
	case how.limits.Sessions < 1:
		return wrong("sessions")
	case how.limits.PerUser < 1:
		return wrong("sessions-per-user")
	case c.flags.readOnly:
		return wrong("read-only")
	case how.record.size < 1:
		return wrong("record-size")
	case how.record.folder == "" && len(how.record.users) > 0:
		return c.usage(cmd, message.Text{ID: "cli.serve.http.alone", Args: message.Args{"Flag": dashed("record-user"), "With": dashed("record")}})
	}
	if err := c.checkWeb(cmd, how.web); err != nil || how.listen != listenNone {
		return err
	}
	for _, flag := range []string{"host-key", "user-ca", "password-from", "record"} {
		if cmd.Flags().Changed(flag) {
			return c.usage(cmd, message.Text{ID: "cli.serve.none.flag", Args: message.Args{"Flag": dashed(flag)}})
		}
	}
	if how.web.listen == "" {
		return c.usage(cmd, message.Text{ID: "cli.serve.http.alone", Args: message.Args{"Flag": dashed("listen") + " " + listenNone, "With": dashed("http")}})
	}
	return nil
}

// listenNone leaves SSH out: the server answers other programs alone.
const listenNone = "none"

// serve runs the SSH face until ctx ends. Then it takes no more connections, tells everybody, and waits for them.
func (c *cli) serve(ctx context.Context, how serving) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer s.close() //nolint:contextcheck // closing goes on when ctx has ended
	if !s.ready {
		return &fault.Unavailable{What: message.Text{ID: "cli.no_tenant"}, Way: message.Text{ID: "cli.no_tenant.next"}}
	}
	log, counts := c.logger(how.logs), newDoorCounts()
	if how.logs == "json" {
		c.records = log
	}
	if how.listen == listenNone {
		return c.serveProgramsAlone(ctx, s, how, counts, log)
	}
	keys, err := c.hostKeys(how)
	if err != nil {
		return err
	}
	authorities, err := readAuthorities(how.authorities)
	if err != nil {
		return err
	}
	who, err := c.entrance(ctx, s, how.passwords, log)
	if err != nil {
		return err
	}
	if someone, err := who.directory.AnyKey(ctx); err != nil {
		return err
	} else if !someone && len(authorities) == 0 && who.passwords == nil {
		return &fault.Unavailable{What: message.Text{ID: "cli.serve.nobody"}, Way: message.Text{ID: "cli.serve.nobody.next"}}
	}
	kept, err := c.recordings(ctx, s, how.record, log)
	if err != nil {
		return err
	}
	config := sshd.Config{
		HostKeys: keys, Directory: who, Authorities: authorities, Limits: how.limits, Log: log,
		Explain: func(r sshd.Reason) string { return c.p.Text("session.refused." + string(r)) },
		Watch:   counts.note, Now: c.env.Now, NewID: c.env.ID,
		Handler: func(ctx context.Context, one *sshd.Session) int { return c.session(ctx, s, kept, log, one) },
	}
	if who.passwords != nil {
		config.Passwords, config.Prompt, config.Guesses = who, c.p.Text("session.password"), sshd.DefaultGuesses()
	}
	server, err := sshd.New(config)
	var twice *sshd.TwiceError
	if errors.As(err, &twice) {
		return fault.OneField("host-key", "cli.serve.host_key.twice", message.Args{"Kind": twice.Kind})
	}
	if err != nil {
		return err
	}
	held, err := storage.NewSessions(s.db).Hold(s.desk.Holder())
	if err != nil {
		return err
	}
	defer func() { _ = held.Release() }()
	if err := s.desk.Start(ctx, held); err != nil {
		return err
	}
	return c.runServer(ctx, s, server, how, counts, keys, log)
}

// runServer listens, and does what a server does beside.
func (c *cli) runServer(ctx context.Context, s *system, server *sshd.Server, how serving, counts *doorCounts, keys []gossh.Signer, log *slog.Logger) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", how.listen)
	if err != nil {
		return &fault.Unavailable{What: message.Text{ID: "cli.serve.listen.failed", Args: message.Args{"Address": how.listen}}, Evidence: err.Error(), Err: err}
	}
	// What sessions rest on goes on until the last of them has ended; other programs are answered, and what falls due is done, by
	// servers that are not being stopped.
	beside, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if how.monitor != "" {
		if err := c.monitor(beside, s, health{stopping: ctx.Done(), open: func() int { return len(server.Sessions()) }}, counts, how.monitor); err != nil {
			return errors.Join(err, listener.Close())
		}
	}
	if how.web.listen != "" {
		answering, enough := context.WithCancel(ctx)
		defer enough()
		ended, err := c.answerPrograms(answering, s, how.web, counts, log)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		defer func() { enough(); <-ended }()
	}
	s.watch(beside)
	go s.keeper.Run(ctx)
	go s.attend(beside, func(msg tea.Msg) {
		for _, one := range server.Sessions() {
			one.Send(msg)
		}
	}, func(id string) {
		for _, one := range server.Sessions() {
			if one.ID == id {
				one.End(sshd.EndedBySomeone)
			}
		}
	})
	go s.recheck(beside, server)
	c.announceServer(listener.Addr().String(), keys)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	return c.drain(context.WithoutCancel(ctx), server, how.drain)
}

// drain takes no more connections, tells everybody, and waits for them. Whoever asks a second time to stop does not want to wait.
func (c *cli) drain(ctx context.Context, server *sshd.Server, wait time.Duration) error {
	again, heard := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer heard()
	c.announce(c.p.With("cli.serve.draining", message.Args{"Sessions": len(server.Sessions()), "Wait": wait.String()}))
	for _, one := range server.Sessions() {
		one.Send(ending("server", c.env.Now().Add(wait)))
	}
	waiting, done := context.WithTimeout(again, wait)
	defer done()
	return server.Shutdown(waiting)
}

// announce says something of the server itself, as lines for people or as records of a log for programs.
func (c *cli) announce(lines ...string) {
	for _, line := range lines {
		if c.records != nil {
			c.records.Info(line)
			continue
		}
		_, _ = fmt.Fprintln(c.err, line)
	}
}

// announceServer says where the server is and how people recognise it.
func (c *cli) announceServer(address string, keys []gossh.Signer) {
	lines := []string{c.p.With("cli.serve.at", message.Args{"Address": address})}
	for _, key := range keys {
		lines = append(lines, c.p.With("cli.serve.fingerprint", message.Args{"Fingerprint": gossh.FingerprintSHA256(key.PublicKey())}))
		lines = append(lines, c.p.With("cli.serve.known_hosts", message.Args{"Line": sshd.KnownHosts(c.reachedAs(address), key.PublicKey())}))
	}
	c.announce(lines...)
}

// reachedAs is how clients write an address. One that stands for all addresses of the machine is nobody's: it has a name.
func (c *cli) reachedAs(address string) string {
	host, port, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort(c.env.Machine, port)
	}
	return address
}

// hostKeys reads the server's keys, and makes one beside the database where none is named and none is there.
func (c *cli) hostKeys(how serving) ([]gossh.Signer, error) {
	paths := how.hostKeys
	if len(paths) == 0 {
		paths = []string{hostKeyPath(c.databasePath())}
	}
	keys := make([]gossh.Signer, len(paths))
	for i, path := range paths {
		key, made, err := sshd.LoadHostKey(path)
		var loose *sshd.OpenKeyError
		switch {
		case errors.As(err, &loose):
			return nil, &fault.Unavailable{What: message.Text{ID: "cli.serve.host_key.open", Args: message.Args{"Path": path}},
				Way: message.Text{ID: "cli.serve.host_key.open.next", Args: message.Args{"Path": path}}, Err: err}
		case err != nil:
			return nil, &fault.Unavailable{What: message.Text{ID: "cli.serve.host_key.bad", Args: message.Args{"Path": path}}, Evidence: err.Error(), Err: err,
				Way: message.Text{ID: "cli.serve.host_key.bad.next", Args: message.Args{"Path": path}}}
		case made:
			c.announce(c.p.With("cli.serve.host_key.made", message.Args{"Path": path}))
		}
		keys[i] = key
	}
	return keys, nil
}

// hostKeyPath is where the key of a server is that names none.
func hostKeyPath(database string) string {
	return filepath.Join(filepath.Dir(database), "reeve_host_ed25519_key")
}

// readAuthorities reads the public keys, in the form of authorized_keys, that certificates of people are signed with. A line that is none
// is refused: an authority that is passed over would be missed only when somebody cannot sign in.
func readAuthorities(paths []string) ([]gossh.PublicKey, error) {
	var all []gossh.PublicKey
	for _, path := range paths {
		cannot := func(err error) error {
			return fault.OneField("user-ca", "cli.serve.user_ca.bad", message.Args{"Path": path, "Evidence": err.Error()})
		}
		data, err := os.ReadFile(path) // #nosec G304 -- whoever starts the server names it
		if err != nil {
			return nil, cannot(err)
		}
		some := false
		for i, line := range strings.Split(string(data), "\n") {
			if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			key, _, options, _, err := gossh.ParseAuthorizedKey([]byte(line))
			_, certificate := key.(*gossh.Certificate)
			switch {
			case err != nil:
			case certificate:
				err = errors.New("this is a certificate")
			case slices.ContainsFunc(options, func(o string) bool { return o != "cert-authority" }):
				// What restricts an authority there would not restrict it here, and is not to be passed over.
				err = errors.New("it begins with options, which have no effect here; give the key without them")
			}
			if err != nil {
				return nil, cannot(fmt.Errorf("line %d: %w", i+1, err))
			}
			all, some = append(all, key), true
		}
		if !some {
			return nil, cannot(errors.New("it has none"))
		}
	}
	return all, nil
}

func (c *cli) logger(form string) *slog.Logger {
	if form == "json" {
		return slog.New(slog.NewJSONHandler(c.err, nil))
	}
	return slog.New(slog.NewTextHandler(c.err, nil))
}
