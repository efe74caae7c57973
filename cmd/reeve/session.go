package main

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/session"
	"reeve/core/text"
	"reeve/storage"
	"reeve/tui/app"
	"reeve/tui/sshd"
)

func (c *cli) sessionCommands() *cobra.Command {
	return c.group("session", c.p.Text("cli.group.session"), c.sessionList(), c.sessionEnd(), c.sessionMessage())
}

func sessionRecord(one session.Session) record {
	return record{
		{"id", one.ID}, {"user", one.User}, {"face", string(one.Face)}, {"address", one.Address}, {"fingerprint", one.Fingerprint},
		{"certificate", one.Certificate}, {"source", one.Source}, {"place", one.Place}, {"begun_at", one.BegunAt}, {"seen_at", one.SeenAt}, {"end_by", one.EndBy},
	}
}

func (c *cli) sessionList() *cobra.Command {
	return c.act(action.SessionList, "", []record{sessionRecord(session.Session{})}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		open, err := s.sessions.List(ctx)
		return answer{value: records(open, sessionRecord), columns: []string{"id", "user", "face", "address", "begun_at", "place", "seen_at"}}, err
	})
}

func (c *cli) sessionEnd() *cobra.Command {
	return c.act(action.SessionEnd, "ID", sessionRecord(session.Session{}), func(ctx context.Context, s *system, args []string) (answer, error) {
		one, err := s.sessions.End(ctx, args[0])
		return answer{value: sessionRecord(one), note: message.Text{ID: "cli.session.ended", Args: message.Args{"ID": one.ID, "User": one.User}}}, err
	})
}

func (c *cli) sessionMessage() *cobra.Command {
	shape := record{{"text", ""}, {"at", time.Time{}}, {"by", ""}}
	return c.act(action.SessionNotify, "TEXT…", shape, func(ctx context.Context, s *system, args []string) (answer, error) {
		n, err := s.sessions.Notify(ctx, strings.Join(args, " "))
		return answer{value: record{{"text", n.Text}, {"at", n.At}, {"by", n.By}}, note: message.Text{ID: "cli.session.said"}}, err
	})
}

// attend tells the sessions of this process what is said to them, and ends those whose end was asked for, until ctx ends. It
// wakes when something changed in the database, and at no other time.
func (s *system) attend(ctx context.Context, tell func(tea.Msg), end func(id string)) {
	events, unsubscribe := s.gate.Events()
	defer unsubscribe()
	for range control.Each(ctx, events) {
		ending, said, err := s.desk.News(ctx)
		if err != nil {
			continue // it is asked again at the next change
		}
		for _, n := range said {
			tell(app.Notice{Text: message.Text{ID: "session.notice", Args: message.Args{"By": n.By, "Text": text.Clean(n.Text)}}})
		}
		for _, one := range ending {
			end(one.ID)
		}
	}
}

// recheckEvery is how often people who have signed in are looked at again at most.
const recheckEvery = time.Second

// recheck has a server look, when something changed, whether those who have signed in could still do so, until ctx ends.
func (s *system) recheck(ctx context.Context, server *sshd.Server) {
	events, unsubscribe := s.gate.Events()
	defer unsubscribe()
	for e := range control.Each(ctx, events) {
		if e.Quiet {
			continue
		}
		server.Recheck(ctx)
		if sleep(ctx, recheckEvery) != nil {
			return
		}
	}
}

// beginHere keeps that a console is open on this machine, until the returned function is called. A session that changes nothing
// is not kept, because keeping it would change something.
func (s *system) beginHere(ctx context.Context) (leave func(), err error) {
	if s.actor.ReadOnly {
		return func() {}, nil
	}
	held, err := storage.NewSessions(s.db).Hold(s.desk.Holder())
	if err != nil {
		return func() {}, nil //nolint:nilerr // a console that nobody can list is better than none
	}
	s.desk.Arrive(s.actor.Session)
	if err = s.desk.Start(ctx, held); err == nil {
		_, err = s.sessions.Begin(s.as(ctx), session.Session{ID: s.actor.Session, Face: session.Console, Holder: s.desk.Holder()}, true)
	}
	if fault.KindOf(err) == fault.KindDenied {
		return nil, errors.Join(err, held.Release())
	}
	return func() {
		_ = s.desk.Leave(context.WithoutCancel(ctx), s.actor.Session)
		_ = held.Release()
	}, nil
}
