package sshd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

// Console is a program to be run in the terminal of a session. The functions make the messages by which it learns of the
// session's limits.
type Console struct {
	Model tea.Model
	// Locked says that nothing was typed for long: the screen is to be covered until something is, and the session ends at
	// that time if nothing is.
	Locked func(ends time.Time) tea.Msg
	// Ending says that the session ends at that time, whatever is typed.
	Ending func(ends time.Time, why Cause) tea.Msg
	// Record, if set, begins a recording of the console, in a window of that size. It is told of everything before it is shown.
	Record func(Size) (Recorder, error)
	// First, if not empty, is written to the terminal before the console opens.
	First string
}

// Recorder is told what is written to a terminal and how large its window is, by one goroutine at a time. Nothing that is typed is told.
// One that cannot go on ends the session itself.
type Recorder interface {
	Output(p []byte)
	Resize(Size)
}

// framesPerSecond is how often a console draws at most. More is not seen over a network, and costs the server.
const framesPerSecond = 60

// warned is how long before the end of a session it is announced.
const warned = 5 * time.Minute

// Run runs a console until it ends, or the session does. ctx is the one that the handler was given, or one made from it.
func (one *Session) Run(ctx context.Context, c Console) error {
	size := <-one.sizes
	shown, err := one.shown(c, size)
	if err != nil {
		return err
	}
	defer shown.over()
	if c.First != "" {
		_, _ = io.WriteString(shown, c.First+"\n") // whoever has gone is seen to have gone in a moment
	}
	p := tea.NewProgram(c.Model,
		tea.WithContext(ctx), tea.WithInput(&typed{session: one}), tea.WithOutput(shown), tea.WithEnvironment(one.Environ),
		tea.WithColorProfile(colorprofile.Env(one.Environ)), tea.WithWindowSize(size.Width, size.Height), tea.WithFPS(framesPerSecond),
		tea.WithoutSignalHandler(), tea.WithFilter(newest(stay)))
	running, stop := context.WithCancel(ctx)
	defer stop()
	go one.follow(running, p, shown.resize)
	idle := one.awaitIdle(running, c, p.Send)
	defer idle()
	defer one.warn(c, p.Send)()
	one.reach(p.Send)
	defer one.reach(nil)
	_, err = p.Run()
	if errors.Is(err, tea.ErrProgramPanic) {
		one.log.Error("a session failed", "session", one.ID, "user", one.Who.Name, "panic", err.Error())
	}
	if err != nil && one.ctx.Err() == nil && !errors.Is(err, tea.ErrInterrupted) {
		return fmt.Errorf("running the console: %w", err)
	}
	return nil
}

// stay keeps a console from suspending itself: there is no shell behind it to go to.
func stay(_ tea.Model, msg tea.Msg) tea.Msg {
	if _, suspends := msg.(tea.SuspendMsg); suspends {
		return tea.ResumeMsg{}
	}
	return msg
}

// sized says that the window has got a size. It stands for tea.WindowSizeMsg until its turn comes.
type sized Size

// newest keeps the size that a program begins with from undoing a later one: the program sends it to itself, and when is left to chance.
func newest(filter func(tea.Model, tea.Msg) tea.Msg) func(tea.Model, tea.Msg) tea.Msg {
	later := false
	return func(m tea.Model, msg tea.Msg) tea.Msg {
		switch size := msg.(type) {
		case sized:
			later = true
			return tea.WindowSizeMsg{Width: size.Width, Height: size.Height}
		case tea.WindowSizeMsg:
			if later {
				return nil
			}
		}
		return filter(m, msg)
	}
}

// terminalOf is the terminal of a session as a console writes to it.
type terminalOf struct {
	*Session
	mu     sync.Mutex
	record Recorder // nil for none
}

func (one *Session) shown(c Console, size Size) (t *terminalOf, err error) {
	t = &terminalOf{Session: one}
	if c.Record != nil {
		t.record, err = c.Record(size)
	}
	return t, err
}

// Write implements io.Writer. What is shown is recorded before.
func (t *terminalOf) Write(p []byte) (int, error) {
	p, taken := t.broken(p), len(p)
	t.tell(func(r Recorder) { r.Output(p) })
	if _, err := t.channel.Write(p); err != nil {
		return 0, err
	}
	return taken, nil
}

func (t *terminalOf) resize(size Size) { t.tell(func(r Recorder) { r.Resize(size) }) }

func (t *terminalOf) tell(f func(Recorder)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.record != nil {
		f(t.record)
	}
}

// over says that the console has ended: nothing more is recorded.
func (t *terminalOf) over() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.record = nil
}

// follow hands each new size of the window on.
func (one *Session) follow(ctx context.Context, p *tea.Program, resized func(Size)) {
	for {
		select {
		case <-ctx.Done():
			return
		case size := <-one.sizes:
			resized(size)
			p.Send(sized(size))
		}
	}
}

// typed is what the client types. When it can be read no more, the session ends: a console without a keyboard serves nobody.
type typed struct {
	session *Session
}

// Read implements io.Reader.
func (t *typed) Read(p []byte) (int, error) {
	n, err := t.session.channel.Read(p)
	if n > 0 {
		t.session.touch()
	}
	if err != nil {
		t.session.End(EndedByClient)
	}
	return n, err
}

// touch says that something was typed.
func (one *Session) touch() {
	one.mu.Lock()
	defer one.mu.Unlock()
	if one.idle != nil {
		one.idle.Reset(one.limits.Idle)
	}
	if one.grace != nil {
		one.grace.Stop()
		one.grace = nil
	}
}

// awaitIdle locks the console when nothing is typed, and then ends it. Nothing else wakes while nothing is typed.
func (one *Session) awaitIdle(ctx context.Context, c Console, send func(tea.Msg)) (stop func()) {
	one.mu.Lock()
	defer one.mu.Unlock()
	one.idle = time.AfterFunc(one.limits.Idle, func() {
		one.mu.Lock()
		if ctx.Err() == nil {
			one.grace = time.AfterFunc(one.limits.Grace, func() { one.End(EndedByIdle) })
		}
		one.mu.Unlock()
		ends, _ := one.end()
		if grace := time.Now().Add(one.limits.Grace); grace.Before(ends) {
			ends = grace
		}
		send(c.Locked(ends))
	})
	return func() {
		one.mu.Lock()
		defer one.mu.Unlock()
		one.idle.Stop()
		if one.grace != nil {
			one.grace.Stop()
		}
		one.idle, one.grace = nil, nil
	}
}

// end is when the session ends, whatever is typed, and why: it has lasted as long as one may, or its certificate ends.
func (one *Session) end() (ends time.Time, why Cause) {
	ends, why = one.began.Add(one.limits.Total), EndedByTotal
	if until := one.Who.until(); !until.IsZero() && until.Before(ends) {
		return until, EndedByExpiry
	}
	return ends, why
}

// warn says a while before the session ends that it will.
func (one *Session) warn(c Console, send func(tea.Msg)) (stop func()) {
	ends, why := one.end()
	timer := time.AfterFunc(max(time.Until(ends)-warned, 0), func() { send(c.Ending(ends, why)) })
	return func() { timer.Stop() }
}

func (one *Session) reach(send func(tea.Msg)) {
	one.mu.Lock()
	one.send = send
	one.mu.Unlock()
}

// Send hands a message to the console, if one runs.
func (one *Session) Send(msg tea.Msg) {
	one.mu.Lock()
	send := one.send
	one.mu.Unlock()
	if send != nil {
		go send(msg) // it waits until the console takes it, or has ended
	}
}
