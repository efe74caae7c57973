package tuitest

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// commandPatience is how long one command may run before the test fails. It
// only bounds a mistake: time itself comes to the model as messages, so no
// command waits for it.
const commandPatience = 5 * time.Second

// mostMessages bounds a model that keeps sending itself messages.
const mostMessages = 10_000

// Driver drives a model as the program would.
type Driver struct {
	t     testing.TB
	model tea.Model
	w, h  int
	quit  bool
	seen  []tea.Msg
}

// New starts a model in a window of w×h cells: Init, its commands, the size.
func New(t testing.TB, model tea.Model, w, h int) *Driver {
	t.Helper()
	d := &Driver{t: t, model: model, w: w, h: h}
	d.settle(d.run(model.Init()))
	return d.Send(tea.WindowSizeMsg{Width: w, Height: h})
}

// Send gives messages to the model, one after the other, and runs what they
// cause until nothing is left.
func (d *Driver) Send(messages ...tea.Msg) *Driver {
	d.t.Helper()
	for _, m := range messages {
		d.settle([]tea.Msg{m})
	}
	return d
}

// Keys presses keys by their names; see ParseKeys.
func (d *Driver) Keys(keys string) *Driver {
	d.t.Helper()
	presses, err := ParseKeys(keys)
	if err != nil {
		d.t.Fatalf("press %q: %v", keys, err)
	}
	for _, k := range presses {
		d.Send(k)
	}
	return d
}

// Resize changes the size of the window.
func (d *Driver) Resize(w, h int) *Driver {
	d.t.Helper()
	d.w, d.h = w, h
	return d.Send(tea.WindowSizeMsg{Width: w, Height: h})
}

// Model returns the model as it is now.
func (d *Driver) Model() tea.Model { return d.model }

// Quit tells whether the model has asked to end.
func (d *Driver) Quit() bool { return d.quit }

// Seen returns the messages commands have sent so far, for tests of what is
// sent to the program itself (the clipboard, the title).
func (d *Driver) Seen() []tea.Msg { return d.seen }

// View returns the view as it is now.
func (d *Driver) View() tea.View { return d.model.View() }

// Screen returns the planes of the view after checking what must hold for
// every frame, the cursor inside the window included.
func (d *Driver) Screen() Planes {
	d.t.Helper()
	v := d.model.View()
	Invariants(d.t, v.Content, d.w, d.h)
	if c := v.Cursor; c != nil && (c.X < 0 || c.Y < 0 || c.X >= d.w || c.Y >= d.h) {
		d.t.Errorf("the cursor is at %d,%d in a window of %d×%d", c.X, c.Y, d.w, d.h)
	}
	return Grid(v.Content, d.w, d.h)
}

// Text returns the text of the screen.
func (d *Driver) Text() string {
	d.t.Helper()
	return strings.Join(d.Screen().Text, "\n")
}

// Golden compares the screen with testdata/<name>.golden.
func (d *Driver) Golden(name string) *Driver {
	d.t.Helper()
	Golden(d.t, name, d.Screen())
	return d
}

// Size is the size of a window in cells.
type Size struct{ W, H int }

// String writes a size as 80x24.
func (s Size) String() string { return fmt.Sprintf("%dx%d", s.W, s.H) }

// Sizes returns the windows every screen is tried in.
func Sizes() []Size { return []Size{{60, 20}, {80, 24}, {120, 40}, {200, 60}} }

// Sweep resizes to every size, checks the frame there and calls f, which may
// be nil, with the size.
func (d *Driver) Sweep(sizes []Size, f func(Size, *Driver)) *Driver {
	d.t.Helper()
	for _, s := range sizes {
		d.Resize(s.W, s.H)
		d.Screen()
		if f != nil {
			f(s, d)
		}
	}
	return d
}

// settle updates the model with messages and those they cause, in order.
func (d *Driver) settle(queue []tea.Msg) {
	d.t.Helper()
	for n := 0; len(queue) > 0; n++ {
		if n > mostMessages {
			d.t.Fatalf("the model does not come to rest: more than %d messages, the last %T", mostMessages, queue[0])
		}
		msg := queue[0]
		queue = queue[1:]
		if _, ok := msg.(tea.QuitMsg); ok {
			d.quit = true
			continue
		}
		var cmd tea.Cmd
		d.model, cmd = d.model.Update(msg)
		caused := d.run(cmd)
		d.seen = append(d.seen, caused...)
		queue = append(queue, caused...)
	}
}

// run runs a command and those it stands for and returns their messages.
func (d *Driver) run(cmd tea.Cmd) []tea.Msg {
	d.t.Helper()
	if cmd == nil {
		return nil
	}
	done := make(chan tea.Msg, 1)
	go func() { done <- cmd() }()
	patience := time.NewTimer(commandPatience)
	defer patience.Stop()
	var msg tea.Msg
	select {
	case msg = <-done:
	case <-patience.C:
		d.t.Fatalf("a command still runs after %v: commands must not wait for time", commandPatience)
	}
	if msg == nil {
		return nil
	}
	commands, ok := commandsOf(msg)
	if !ok {
		return []tea.Msg{msg}
	}
	var all []tea.Msg
	for _, c := range commands {
		all = append(all, d.run(c)...)
	}
	return all
}

// commandsOf returns the commands of a batch or a sequence. The type of a
// sequence is the library's own, so its shape is looked at instead.
func commandsOf(msg tea.Msg) ([]tea.Cmd, bool) {
	if batch, ok := msg.(tea.BatchMsg); ok {
		return batch, true
	}
	v := reflect.ValueOf(msg)
	if v.Kind() != reflect.Slice || v.Type().Elem() != reflect.TypeFor[tea.Cmd]() {
		return nil, false
	}
	commands := make([]tea.Cmd, v.Len())
	for i := range commands {
		commands[i], _ = v.Index(i).Interface().(tea.Cmd)
	}
	return commands, true
}
