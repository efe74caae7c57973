// Package sshd is the SSH face: it accepts connections, finds out who is there, holds everybody to the limits, and hands each
// session to whoever runs consoles and commands. It knows nothing of screens, commands or the database: what it needs of them
// it names as small interfaces.
//
// The connection, its authentication and its time limits are the library's. The channels of a connection are our own
// (channel.go): the library keeps as many environment variables as a client sends, stops reading requests when nobody takes a
// change of the window, and tells of the size of a window through a field that two goroutines share.
package sshd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"charm.land/ssh"
	"charm.land/wish/v2"
	gossh "golang.org/x/crypto/ssh"
)

// Version is what the server calls itself before anybody has signed in.
const version = "reeve"

// Handler runs one session, a console or a command, and returns its exit code. The session's context ends when the client has
// gone, and when the server is closed.
type Handler func(ctx context.Context, s *Session) int

// Config is what a server is made of.
type Config struct {
	// HostKeys are the keys by which clients recognise the server.
	HostKeys []gossh.Signer
	// Directory says who may come in.
	Directory Directory
	// Authorities are the keys that certificates of people are signed with; none for no certificates.
	Authorities []gossh.PublicKey
	Limits      Limits
	Handler     Handler
	// Passwords, if set, lets people sign in with passwords; without it nothing asks for one. Prompt is the question, for clients that
	// show it, and Guesses bound wrong ones.
	Passwords Passwords
	Prompt    string
	Guesses   Guesses
	// Explain, if set, puts into words what is wrong with a certificate, for whoever offers it.
	Explain func(Reason) string
	Log     *slog.Logger
	// Watch, if set, is told of every sign-in and refusal, for counting.
	Watch func(Event)
	Now   func() time.Time
	// NewID makes a random id.
	NewID func() string
}

// EventKind is what happened at the door.
type EventKind string

// What happens at the door.
const (
	EventConnected EventKind = "connected" // a connection was taken
	EventDropped   EventKind = "dropped"   // one was closed before its handshake, by a limit
	EventSignedIn  EventKind = "signed_in"
	EventRefused   EventKind = "refused" // somebody was not let in
	EventLeft      EventKind = "left"    // a connection of somebody who had signed in ended
)

// Event is one thing that happened at the door.
type Event struct {
	Kind    EventKind
	Reason  Reason
	Address string
	// Who is set for who has signed in.
	Who Identity
}

// Server serves.
type Server struct {
	config  Config
	inner   *ssh.Server
	door    *door
	guesses *guesses

	mu         sync.Mutex
	sessions   map[*Session]struct{}
	admissions map[*counted]*connection // on which somebody has signed in
	listener   net.Listener
	draining   bool
	running    sync.WaitGroup
}

// New makes a server. It fails without a host key, and where nobody could ever sign in.
func New(c Config) (*Server, error) {
	switch {
	case len(c.HostKeys) == 0:
		return nil, errors.New("an SSH server needs a host key")
	case c.Directory == nil:
		return nil, errors.New("an SSH server needs a directory of who may sign in")
	case c.Handler == nil:
		return nil, errors.New("an SSH server needs a handler")
	}
	kinds := map[string]bool{}
	for _, key := range c.HostKeys {
		kind := key.PublicKey().Type()
		if kinds[kind] {
			return nil, &TwiceError{Kind: kind}
		}
		kinds[kind] = true
	}
	s := &Server{config: c, door: newDoor(c.Limits, c.Now), guesses: newGuesses(c.Guesses, c.Now), sessions: map[*Session]struct{}{}, admissions: map[*counted]*connection{}}
	if c.Passwords != nil && (c.Guesses.PerUser < 1 || c.Guesses.PerAddress < 1 || c.Guesses.UserEvery <= 0 || c.Guesses.AddressEvery <= 0) {
		return nil, errors.New("an SSH server that takes passwords needs bounds for wrong ones")
	}
	inner, err := wish.NewServer(
		wish.WithVersion(version),
		func(inner *ssh.Server) error {
			for _, key := range c.HostKeys {
				inner.AddHostKey(key)
			}
			return nil
		},
	)
	if err != nil {
		return nil, fmt.Errorf("making the SSH server: %w", err)
	}
	inner.HandshakeTimeout = c.Limits.Handshake
	inner.ConnCallback = s.accept
	inner.ServerConfigCallback = s.serverConfig
	inner.ConnectionFailedCallback = s.failed
	inner.ChannelHandlers = map[string]ssh.ChannelHandler{"session": s.channel}
	inner.RequestHandlers = map[string]ssh.RequestHandler{} // no forwarding of anything
	inner.SubsystemHandlers = map[string]ssh.SubsystemHandler{}
	s.inner = inner
	return s, nil
}

// TwiceError says that two host keys are of one kind. A server shows one key of each: the other would never be seen.
type TwiceError struct{ Kind string }

// Error implements error.
func (e *TwiceError) Error() string { return "two host keys are of the kind " + e.Kind }

// Serve accepts connections until the server is shut down or closed.
func (s *Server) Serve(l net.Listener) error {
	s.mu.Lock()
	s.listener = l
	s.mu.Unlock()
	err := s.inner.Serve(l)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining || errors.Is(err, ssh.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serving SSH: %w", err)
}

// Sessions are the sessions that are open, in no order.
func (s *Server) Sessions() []*Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	open := make([]*Session, 0, len(s.sessions))
	for one := range s.sessions {
		open = append(open, one)
	}
	return open
}

// Shutdown takes no more connections, waits until all sessions have ended or ctx ends, and then ends what is left. Whoever
// calls it tells the people before.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	s.draining = true
	if s.listener != nil {
		_ = s.listener.Close()
	}
	s.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		s.running.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-ctx.Done():
		for _, one := range s.Sessions() {
			one.End(EndedByServer)
		}
		select {
		case <-ended:
		case <-time.After(lastWords):
		}
	}
	s.door.shut()
	if err := s.inner.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("closing the SSH server: %w", err)
	}
	return nil
}

// lastWords is how long sessions have for leaving their terminals in order when they are ended.
const lastWords = 2 * time.Second

// track counts a session while it runs; ok is false when no more are taken.
func (s *Server) track(one *Session) (ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	of := 0
	for other := range s.sessions {
		if other.Who.Principal == one.Who.Principal {
			of++
		}
	}
	if s.draining || of >= s.config.Limits.PerUser || len(s.sessions) >= s.config.Limits.Sessions {
		return false
	}
	s.sessions[one] = struct{}{}
	s.running.Add(1)
	return true
}

func (s *Server) untrack(one *Session) {
	s.mu.Lock()
	delete(s.sessions, one)
	s.mu.Unlock()
	s.running.Done()
}

func (s *Server) tell(e Event) {
	if s.config.Watch != nil {
		s.config.Watch(e)
	}
}
