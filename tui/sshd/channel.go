package sshd

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/ssh"
	"github.com/anmitsu/go-shlex"
	gossh "golang.org/x/crypto/ssh"

	"reeve/core/text"
)

// Bounds of what a client may say of itself before its session begins.
const (
	maxVariables = 32
	maxVariable  = 256       // bytes of a name with its value
	maxCommand   = 64 * 1024 // bytes
	maxTerm      = 64
)

// variables are those of a client that are taken: of its language and of what its terminal can show.
var variables = map[string]bool{"LANG": true, "LANGUAGE": true, "COLORTERM": true, "NO_COLOR": true, "TERM_PROGRAM": true, "TERM_PROGRAM_VERSION": true}

func wanted(name string) bool { return variables[name] || strings.HasPrefix(name, "LC_") }

// Size is that of a window, in cells.
type Size struct{ Width, Height int }

// Session is one channel of a connection on which a console or a command was asked for.
type Session struct {
	// ID is random and is what people name the session by.
	ID string
	// Who has proven to be there.
	Who Identity
	// Address is host:port of the client.
	Address string
	// Args is the command line, split like a shell's but never given to one; none for the console.
	Args []string
	// Malformed says why a command line could not be split; nil if it could.
	Malformed error
	// Environ is what the client says of its terminal and language, with TERM, as NAME=value.
	Environ []string

	log     *slog.Logger
	conn    *gossh.ServerConn
	on      *connection
	channel gossh.Channel
	limits  Limits
	began   time.Time
	ctx     context.Context
	cancel  context.CancelCauseFunc
	// terminal says that the client gave a terminal.
	terminal bool
	sizes    chan Size // holds the newest that was not taken yet
	reading  sync.Once
	input    *io.PipeReader // what a command reads; nil before it does

	mu    sync.Mutex
	send  func(tea.Msg) // reaches the console while one runs
	idle  *time.Timer   // runs while something was typed lately
	grace *time.Timer   // runs while the console is locked
}

// channel serves a channel of a connection.
func (s *Server) channel(_ *ssh.Server, conn *gossh.ServerConn, offer gossh.NewChannel, ctx ssh.Context) {
	who, ok := identityIn(conn.Permissions)
	on := s.admission(ctx)
	if !ok || on == nil {
		_ = offer.Reject(gossh.Prohibited, "nobody has signed in")
		return
	}
	// A connection may be older than what is known of its person.
	if reason := s.still(ctx, who); reason != "" {
		s.tell(Event{Kind: EventRefused, Reason: reason, Address: conn.RemoteAddr().String(), Who: who})
		_ = offer.Reject(gossh.Prohibited, "sign in again")
		if reason != ReasonDatabase {
			s.expel(on, reason)
		}
		return
	}
	leave, ok := s.takeChannel(on)
	if !ok {
		_ = offer.Reject(gossh.ResourceShortage, "too many channels on one connection, or it is too old")
		return
	}
	defer leave()
	channel, requests, err := offer.Accept()
	if err != nil {
		return
	}
	one := &Session{
		ID: s.config.NewID(), Who: who, Address: conn.RemoteAddr().String(), log: s.config.Log, conn: conn, on: on, channel: channel, limits: s.config.Limits,
		began: time.Now(), sizes: make(chan Size, 1),
	}
	one.ctx, one.cancel = context.WithCancelCause(ctx)
	defer one.cancel(nil)
	s.answer(one, requests)
}

// answer takes the requests of a channel until the client closes it. The session runs beside, and ends with it.
func (s *Server) answer(one *Session, requests <-chan *gossh.Request) {
	var begun sync.WaitGroup
	defer begun.Wait()
	defer one.End(EndedByClient)
	started := false
	for req := range requests {
		ok := false
		switch req.Type {
		case "pty-req":
			ok = !started && !one.terminal && (one.Who.Terminal || !one.Who.Certified) && one.takeTerminal(req.Payload)
		case "env":
			ok = !started && one.takeVariable(req.Payload)
		case "window-change":
			ok = one.terminal && one.resize(req.Payload)
		case "shell":
			ok = !started
		case "exec":
			ok = !started && one.takeCommand(req.Payload)
		}
		if req.WantReply {
			_ = req.Reply(ok, nil)
		}
		// Only now: a short command would have closed the channel before it was answered.
		if ok && (req.Type == "shell" || req.Type == "exec") {
			started = true
			begun.Go(func() { s.run(one) })
		}
	}
}

// run runs the session. A panic ends the session alone.
func (s *Server) run(one *Session) {
	code := 1
	defer one.cutOff()()
	defer one.lasts()()
	tracked := s.track(one)
	if tracked {
		defer s.untrack(one) // only when it has said how it ended: a server that is stopped waits for that
	}
	defer func() { one.exit(code) }()
	if !tracked {
		s.config.Log.Info("not let in", "address", one.Address, "user", one.Who.Name, "reason", string(ReasonTooManyOpen))
		s.tell(Event{Kind: EventRefused, Reason: ReasonTooManyOpen, Address: one.Address, Who: one.Who})
		_, _ = io.WriteString(one.Stderr(), "Too many sessions are open, or the server is being stopped. Try again later.\n")
		return
	}
	s.tell(Event{Kind: EventSignedIn, Address: one.Address, Who: one.Who})
	defer s.tell(Event{Kind: EventLeft, Address: one.Address, Who: one.Who})
	defer func() {
		if p := recover(); p != nil {
			s.config.Log.Error("a session failed", "session", one.ID, "user", one.Who.Name, "panic", p)
		}
	}()
	code = s.config.Handler(one.ctx, one)
}

// lasts ends the session when it has lasted as long as one may.
func (one *Session) lasts() (stop func()) {
	end := time.AfterFunc(one.limits.Total, func() { one.End(EndedByTotal) })
	return func() { end.Stop() }
}

// cutOff closes the connection of a session that was ended and does not come to its end, because its client takes nothing of what is
// written to it, or sends nothing of what it waits for.
func (one *Session) cutOff() (stop func()) {
	over := make(chan struct{})
	off := context.AfterFunc(one.ctx, func() {
		if one.EndedBy() == EndedByClient {
			return // its channel is closed, so that nothing waits for it
		}
		select {
		case <-over:
		case <-time.After(lastWords):
			_ = one.conn.Close()
		}
	})
	return func() {
		off()
		close(over)
	}
}

// exit says how the session ended, and closes its channel.
func (one *Session) exit(code int) {
	_, _ = one.channel.SendRequest("exit-status", false, gossh.Marshal(struct{ Code uint32 }{uint32(code)})) // #nosec G115 -- codes are small
	_ = one.channel.Close()
}

func (one *Session) takeCommand(payload []byte) bool {
	var command struct{ Line string }
	if len(payload) > maxCommand || gossh.Unmarshal(payload, &command) != nil {
		return false
	}
	one.Args, one.Malformed = shlex.Split(command.Line, true)
	return true
}

func (one *Session) takeVariable(payload []byte) bool {
	var v struct{ Name, Value string }
	if len(payload) > maxVariable || len(one.Environ) >= maxVariables || gossh.Unmarshal(payload, &v) != nil || !wanted(v.Name) {
		return false
	}
	one.Environ = append(one.Environ, v.Name+"="+text.Clean(v.Value))
	return true
}

// takeTerminal reads the request for a terminal: its name, its size, and modes that nobody here needs.
func (one *Session) takeTerminal(payload []byte) bool {
	var t struct {
		Term          string
		Width, Height uint32
		Rest          []byte `ssh:"rest"`
	}
	if gossh.Unmarshal(payload, &t) != nil || len(t.Term) > maxTerm || strings.IndexFunc(t.Term, strange) >= 0 {
		return false
	}
	one.terminal = true
	one.Environ = append(one.Environ, "TERM="+t.Term)
	one.put(t.Width, t.Height)
	return true
}

// strange tells of what is in no name of a terminal.
func strange(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !letter && !strings.ContainsRune("-_.+", r)
}

func (one *Session) resize(payload []byte) bool {
	var w struct {
		Width, Height uint32
		Rest          []byte `ssh:"rest"`
	}
	if gossh.Unmarshal(payload, &w) != nil {
		return false
	}
	one.put(w.Width, w.Height)
	return true
}

// put makes a size, held to the limits, the newest: one that was not taken yet is forgotten, so that a storm of sizes costs
// the console one.
func (one *Session) put(width, height uint32) {
	size := Size{bounded(width, usualWidth, one.limits.Width), bounded(height, usualHeight, one.limits.Height)}
	select {
	case <-one.sizes:
	default:
	}
	one.sizes <- size // only this goroutine puts, so there is room
}

// The size of a window of which the client says nothing.
const usualWidth, usualHeight = 80, 24

// bounded is a number of cells up to most. 0 says nothing of a size (RFC 4254, 6.2): it is the usual one then.
func bounded(n uint32, usual, most int) int {
	if n > uint32(most) { // #nosec G115 -- most is a small number
		return most
	}
	if n == 0 {
		return min(usual, most)
	}
	return int(n)
}

// Variable is a variable of the environment, empty if the client set none.
func (one *Session) Variable(name string) string {
	for _, v := range one.Environ {
		if value, found := strings.CutPrefix(v, name+"="); found {
			return value
		}
	}
	return ""
}

// Terminal says that the client gave a terminal.
func (one *Session) Terminal() bool { return one.terminal }

// Read implements io.Reader: what the client sends, until the session is ended, which is the error then. A command that waits for
// its client can so come to its end and say why.
func (one *Session) Read(p []byte) (int, error) {
	one.reading.Do(func() {
		from, to := io.Pipe()
		one.input = from
		go func() {
			_, err := io.Copy(to, one.channel)
			_ = to.CloseWithError(err)
		}()
		context.AfterFunc(one.ctx, func() { _ = to.CloseWithError(context.Cause(one.ctx)) })
	})
	return one.input.Read(p)
}

// Interruptible has ctrl+c end a command on a terminal, which has nothing in between here that would turn the key into a signal. What
// is typed beside goes nowhere: nothing there edits lines or says where they end, so that a command reads nothing from it.
func (one *Session) Interruptible() {
	go func() {
		typed := make([]byte, 256)
		for {
			n, err := one.channel.Read(typed)
			if bytes.IndexByte(typed[:n], ctrlC) >= 0 {
				one.End(EndedByKey)
			}
			if err != nil {
				return
			}
		}
	}()
}

const ctrlC = 3

// Write implements io.Writer. With a terminal, lines end as terminals without modes want them.
func (one *Session) Write(p []byte) (int, error) { return one.lines(one.channel, p) }

// Stderr is where a command says what is wrong.
func (one *Session) Stderr() io.Writer {
	return writerFunc(func(p []byte) (int, error) { return one.lines(one.channel.Stderr(), p) })
}

func (one *Session) lines(w io.Writer, p []byte) (int, error) {
	if _, err := w.Write(one.broken(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// broken is p with its lines broken as the terminal wants them, in one piece, because each write is a packet.
func (one *Session) broken(p []byte) []byte {
	if !one.terminal {
		return p
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(p, []byte("\r\n"), []byte{'\n'}), []byte{'\n'}, []byte("\r\n"))
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// Cause is why a session was ended from outside.
type Cause string

// Error implements error.
func (c Cause) Error() string { return "the session was ended: " + string(c) }

// The causes.
const (
	EndedByClient   Cause = "client" // it went away
	EndedByKey      Cause = "ctrl+c" // of a command on a terminal
	EndedByServer   Cause = "server" // which is stopped
	EndedByIdle     Cause = "idle"
	EndedByTotal    Cause = "total" // it lasted as long as a session may
	EndedByExpiry   Cause = "certificate"
	EndedBySomeone  Cause = "administrator"
	EndedByRevoking Cause = "revoked"        // its person could not sign in any more
	EndedByRecord   Cause = "recording"      // which cannot be written any more
	EndedByLength   Cause = "recording_full" // which is as long as one may be
)

// End ends the session. The console leaves the terminal in order first; a command has its context ended.
func (one *Session) End(c Cause) { one.cancel(c) }

// EndedBy is why the session was ended, empty while it goes on or when it ended by itself.
func (one *Session) EndedBy() Cause {
	var c Cause
	if errors.As(context.Cause(one.ctx), &c) {
		return c
	}
	return ""
}
