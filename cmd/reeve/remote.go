package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/core/preference"
	"reeve/core/session"
	"reeve/tui/app"
	"reeve/tui/sshd"
)

// remote is what a server knows of somebody for whom the program runs there.
type remote struct {
	// system is the server's own; it is not closed with the session.
	system *system
	// actor is who has signed in.
	actor   control.Actor
	session *sshd.Session
	// recordings is nil where nothing is recorded.
	recordings *recordings
}

// annotationServed marks the commands that are also there over SSH. A command without it is not, so that a new one that does
// something to the machine it runs on cannot be called from another by being forgotten.
const annotationServed = "served"

// local tells of acts that are done on the machine of the database alone.
func local(id action.ID) bool {
	return slices.Contains([]action.ID{action.TenantInit, action.KeeperRun, action.GroupRun}, id)
}

// checkRemote refuses what cannot be done for somebody elsewhere.
func (c *cli) checkRemote(cmd *cobra.Command) error {
	if c.env.Remote == nil {
		return nil
	}
	if one := c.env.Remote.session; c.env.Remote.typed() && cmd.HasParent() { // a command, and not the console
		one.Interruptible()
	}
	for _, flag := range []string{"db", "as"} {
		if cmd.Flags().Changed(flag) {
			return c.usage(cmd, message.Text{ID: "cli.remote.flag", Args: message.Args{"Flag": dashed(flag)}})
		}
	}
	if cmd.Annotations[annotationServed] == "" && cmd.Runnable() && cmd.HasParent() && !cmd.HasSubCommands() {
		return &usageFault{what: message.Text{ID: "cli.remote.command", Args: message.Args{"Command": cmd.CommandPath()}}, next: message.Text{ID: "cli.remote.command.next"}}
	}
	return nil
}

// there says that a command is named to whoever asks for those that there are: it is not hidden, and over SSH it is served, or one
// below it is.
func (c *cli) there(cmd *cobra.Command) bool {
	switch {
	case cmd.Hidden:
		return false
	case c.env.Remote == nil || cmd.Annotations[annotationServed] != "":
		return true
	}
	return slices.ContainsFunc(cmd.Commands(), c.there)
}

// served marks a command that is no act as one that is also there over SSH.
func served(cmd *cobra.Command) *cobra.Command {
	if cmd.Annotations == nil {
		cmd.Annotations = map[string]string{}
	}
	cmd.Annotations[annotationServed] = "yes"
	return cmd
}

// forSession is the server's system for one session: the same services, in the words of the session's language, and acting as
// who has signed in.
func (r *remote) forSession(c *cli) *system {
	s := *r.system
	s.shared, s.printer, s.actor = true, c.p, r.actor
	s.actor.ReadOnly, s.actor.Only = c.flags.readOnly, splitValues(c.flags.onlyRoles)
	return &s
}

// show runs the console in the terminal of the session.
func (r *remote) show(ctx context.Context, model tea.Model) error {
	console := sshd.Console{
		Model:  model,
		Locked: func(ends time.Time) tea.Msg { return app.Locked{Ends: ends} },
		Ending: func(ends time.Time, why sshd.Cause) tea.Msg {
			return ending(string(why), ends)
		},
	}
	if !r.recorded() {
		return r.session.Run(ctx, console)
	}
	return r.recordings.run(ctx, r.session, console, r.recordings.say.Text("session.recorded.first"))
}

// ending says that the session ends, and why.
func ending(why string, ends time.Time) app.Notice {
	return app.Notice{Text: message.Text{ID: "session.ending." + why, Args: message.Args{"At": ends.Format(time.TimeOnly)}}, Ends: ends}
}

// typed says that whoever is elsewhere sits before a terminal.
func (r *remote) typed() bool { return r != nil && r.session != nil && r.session.Terminal() }

// recorded says that what the console shows is recorded.
func (r *remote) recorded() bool { return r != nil && r.recordings.of(r.actor.Name) }

// session runs the program for one session: the console, or a command, as if it were run on this machine by who has signed in.
func (c *cli) session(ctx context.Context, s *system, kept *recordings, log *slog.Logger, one *sshd.Session) int {
	env := c.env
	env.Get = one.Variable
	env.OSUser = ""
	env.Messages = func() (*message.Catalogue, error) { return c.messages, nil }
	env.Terminal = func(any) bool { return false } // there is none that edits a line; the console has its own way
	env.Remote = &remote{system: s, session: one, recordings: kept, actor: control.Actor{
		Principal: one.Who.Principal, Name: one.Who.Name, Face: control.FaceCommand, Address: one.Address, Session: one.ID}}
	log.Info("signed in", "session", one.ID, "user", one.Who.Name, "address", one.Address, "key", one.Who.Fingerprint, "certificate", one.Who.Certificate, "source", one.Who.Source,
		"terminal", one.Terminal())
	code := c.runSession(ctx, s, env, one)
	log.Info("left", "session", one.ID, "user", one.Who.Name, "code", code, "ended_by", string(one.EndedBy()))
	return code
}

// lingering is how long a command goes on before it is listed with the consoles, so that it can be ended as they can. Those that are over
// in a moment write nothing.
const lingering = 5 * time.Second

// attendance keeps that a session is here until it has left: a console at once, a command when it lasts.
func (s *system) attendance(ctx context.Context, one *sshd.Session, begun session.Session) (left func()) {
	leave := func() { _ = s.desk.Leave(ctx, one.ID) }
	if one.Terminal() {
		s.desk.Arrive(one.ID)
		return leave
	}
	listed := make(chan struct{})
	timer := time.AfterFunc(lingering, func() {
		defer close(listed)
		if s.desk.Keep(ctx, begun) == nil {
			_ = s.desk.Look(one.ID, strings.Join(one.Args[:min(len(one.Args), 2)], " "))
		}
	})
	return func() {
		if !timer.Stop() {
			<-listed
			leave()
		}
	}
}

func (c *cli) runSession(ctx context.Context, s *system, env environ, one *sshd.Session) int {
	args := foldValues(one.Args)
	own, err := newCLI(args, one, one, one.Stderr(), env)
	if err != nil {
		return exitFailed
	}
	if one.Malformed != nil {
		return own.fail(&usageFault{what: message.Text{ID: "cli.remote.malformed"}, next: message.Text{ID: "cli.remote.malformed.next"}})
	}
	acting := control.WithActor(ctx, env.Remote.actor)
	begun, err := s.sessions.Begin(acting, session.Session{ID: one.ID, Face: session.SSH, Address: one.Address, Fingerprint: one.Who.Fingerprint,
		Certificate: one.Who.Certificate, Source: one.Who.Source, Holder: s.desk.Holder()}, one.Terminal())
	if err != nil {
		return own.fail(err)
	}
	defer s.attendance(context.WithoutCancel(ctx), one, begun)()
	if list, err := s.preferences.List(acting); err == nil { // without it everything is said in the language of the client
		env.Prefers = app.PreferencesOf(list)[preference.Language]
	}
	if own, err = newCLI(args, one, one, untilEnded{one}, env); err != nil {
		return exitFailed
	}
	code := own.execute(ctx, args)
	switch why := one.EndedBy(); why {
	case "", sshd.EndedByClient, sshd.EndedByKey:
	default:
		_, _ = fmt.Fprintln(one.Stderr(), own.p.Text("session.ended."+string(why)))
		if code != exitDone {
			code = exitFailed
		}
	}
	return code
}

// untilEnded is where a session's errors go: what fails because the session was ended is not worth a word beside that it was.
type untilEnded struct{ one *sshd.Session }

// Write implements io.Writer.
func (w untilEnded) Write(p []byte) (int, error) {
	if why := w.one.EndedBy(); why != "" && why != sshd.EndedByKey {
		return len(p), nil
	}
	return w.one.Stderr().Write(p)
}
