package sshd

import (
	"context"
	"errors"
	"time"

	"charm.land/ssh"
)

// connection is one on which somebody has signed in. Its sessions rest on it: when its person may not come in any more, or the
// certificate has ended, they end, and it is closed.
type connection struct {
	conn  *counted
	who   Identity
	begun time.Time
	open  int         // channels
	spare *time.Timer // runs while no channel is open
	until *time.Timer // nil where no certificate ends
}

// admitted says that somebody has proven who they are on a connection, and fails where the connection has ended meanwhile.
func (s *Server) admitted(ctx ssh.Context, who Identity) error {
	conn, ok := ctx.Value(connKey{}).(*counted)
	if !ok {
		return errGone
	}
	c := &connection{conn: conn, who: who, begun: s.config.Now()}
	s.mu.Lock()
	defer s.mu.Unlock()
	if conn.gone {
		return errGone
	}
	s.admissions[conn] = c
	s.door.signedIn(conn.Conn)
	// Nobody is warned of the end of a connection on which nothing was asked for.
	c.spare = time.AfterFunc(s.config.Limits.Idle, func() { _ = conn.Close() })
	if until := who.until(); !until.IsZero() {
		c.until = time.AfterFunc(until.Sub(s.config.Now()), func() { s.expel(c, ReasonExpired) })
	}
	s.config.Log.Info("let in", "address", conn.RemoteAddr().String(), "user", who.Name, "key", who.Fingerprint, "certificate", who.Certificate, "source", who.Source)
	return nil
}

// errGone says that a connection has ended.
var errGone = errors.New("the connection has ended")

// closed says that a connection has ended.
func (s *Server) closed(conn *counted) {
	s.door.closed(conn.Conn)
	s.mu.Lock()
	conn.gone = true
	c := s.admissions[conn]
	delete(s.admissions, conn)
	s.mu.Unlock()
	if c == nil {
		return
	}
	c.spare.Stop()
	if c.until != nil {
		c.until.Stop()
	}
	s.config.Log.Info("gone", "address", conn.RemoteAddr().String(), "user", c.who.Name)
}

// admission is what is kept of a connection, nil where nobody has signed in.
func (s *Server) admission(ctx ssh.Context) *connection {
	conn, _ := ctx.Value(connKey{}).(*counted)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.admissions[conn]
}

// takeChannel counts a channel of a connection, until leave is called. One that has lasted as long as a session may takes no more.
func (s *Server) takeChannel(c *connection) (leave func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.open >= s.config.Limits.PerConnection || s.config.Now().Sub(c.begun) >= s.config.Limits.Total {
		return nil, false
	}
	c.open++
	c.spare.Stop()
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if c.open--; c.open == 0 && s.admissions[c.conn] == c {
			c.spare.Reset(s.config.Limits.Idle)
		}
	}, true
}

// still says why somebody who has signed in could not do so now; empty if they could.
func (s *Server) still(ctx context.Context, who Identity) Reason {
	if until := who.until(); !until.IsZero() && !s.config.Now().Before(until) {
		return ReasonExpired
	}
	var p Person
	var found bool
	var err error
	unknown := ReasonUnknownUser
	if who.Fingerprint == "" || who.Certified {
		p, found, err = s.config.Directory.Named(ctx, who.Name)
	} else {
		p, found, err = s.config.Directory.Keyholder(ctx, who.Fingerprint)
		unknown = ReasonUnknownKey
	}
	switch {
	case err != nil:
		return ReasonDatabase
	case !found || p.ID != who.Principal:
		return unknown
	}
	return p.Barred
}

// Recheck ends what rests on connections of people who could not sign in any more: their key was removed, or they were disabled.
func (s *Server) Recheck(ctx context.Context) {
	s.mu.Lock()
	all := make([]*connection, 0, len(s.admissions))
	for _, c := range s.admissions {
		all = append(all, c)
	}
	s.mu.Unlock()
	for _, c := range all {
		if reason := s.still(ctx, c.who); reason != "" && reason != ReasonDatabase {
			s.expel(c, reason)
		}
	}
}

// expel ends the sessions of a connection and then closes it.
func (s *Server) expel(c *connection, reason Reason) {
	s.config.Log.Info("not let in any more", "address", c.conn.RemoteAddr().String(), "user", c.who.Name, "key", c.who.Fingerprint, "reason", string(reason))
	why := EndedByRevoking
	if reason == ReasonExpired {
		why = EndedByExpiry
	}
	told := false
	for _, one := range s.Sessions() {
		if one.on == c {
			told = true
			one.End(why)
		}
	}
	if !told {
		_ = c.conn.Close()
		return
	}
	time.AfterFunc(lastWords, func() { _ = c.conn.Close() })
}
