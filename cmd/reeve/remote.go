package main

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
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

// recorded says that what the console shows is recorded.
func (r *remote) recorded() bool { return r != nil && r.recordings.of(r.actor.Name) }
