// Package screen is what the screens of all areas have in common: the interface the console drives them by, the events they
// answer with, and the parts that several of them are made of (lists, forms in a box, previews).
//
// A screen is a plain struct. It draws from memory, does no input or output, and never sends itself a message: it answers a
// key or a result with events, and the console carries them out. Work that waits (a query, a save) is such an event; its
// answer comes back through the function that the screen gave with it.
package screen

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/tui/route"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// Screen is one place of the console.
type Screen interface {
	// Start begins loading; it is called when the place is entered and when it is come back to.
	Start() []Event
	// Refresh loads again because something changed, here or in another process.
	Refresh() []Event
	// Title is the last of the crumbs.
	Title() string
	// Scopes are the scopes of the acts that can be begun here, most specific first; the console adds those that work
	// everywhere.
	Scopes() []action.Scope
	// Verdict says whether an act is possible on what is selected, beyond what the viewer's standing allows.
	Verdict(id action.ID) control.Verdict
	// Act begins an act. The console has asked Verdict before.
	Act(id action.ID) []Event
	// Key takes a key that is no act. handled is false if it means nothing here.
	Key(k tea.KeyPressMsg) (events []Event, handled bool)
	// View draws the screen in exactly w×h cells.
	View(w, h int) string
}

// Typing is a screen that has a text under the cursor: while Typing is true it gets every key before any act does.
type Typing interface {
	Typing() bool
	// Cursor is where the text's cursor stands in the last view.
	Cursor() (x, y int, ok bool)
	Paste(s string) []Event
}

// Marking is a screen with rows that can be marked.
type Marking interface {
	// Marks counts those that are.
	Marks() int
}

// Unsaved is a screen that can hold changes which leaving would lose.
type Unsaved interface{ Unsaved() bool }

// Escaping is a screen that has something to leave (a filter, marks) before esc leaves the screen itself.
type Escaping interface{ Escape() bool }

// Pointed is a screen that knows what to do with the mouse. Coordinates are those of its view.
type Pointed interface {
	Click(x, y int) []Event
	Wheel(lines int) []Event
}

// Asked is a screen that can say which access question the cursor is on.
type Asked interface {
	// Question is about the cell, member or act under the cursor; ok is false if there is none.
	Question() (q Question, ok bool)
}

// Question is a question about access, as far as the place knows it: missing parts are asked for.
type Question struct {
	User   string
	Module string
	Level  string
	// Role, a code, stands for whoever holds the role where no user is known.
	Role string
	// Whole says that nothing is left to ask for: the answer is shown at once.
	Whole bool
}

// Refusing is a screen that may not be able to show what it is about.
type Refusing interface {
	// Refusal is why, nil if it is shown.
	Refusal() error
}

// Event is what a screen wants to happen.
type Event interface{ event() }

// Open goes to a place. Replace puts it in the place of this one in the history.
type Open struct {
	Route   route.Route
	Replace bool
}

// Leave goes back to where one came from.
type Leave struct{}

// Work is something that waits: it runs outside the console's loop, and Then gets its answer, unless the screen was left or
// newer work of the same Key was begun meanwhile.
type Work struct {
	// Key names the work among the screen's own; beginning new work of the same key ends the old.
	Key string
	// Job, if not empty, is shown among the running jobs.
	Job string
	// Do runs beside the loop: it may call services, and reads of the screen and of the environment only what never changes.
	Do   func(ctx context.Context) (any, error)
	Then func(value any, err error) []Event
}

// Say shows a message for a while.
type Say struct {
	Level widget.ToastLevel
	Text  message.Text
}

// Show puts something over the screen.
type Show struct{ Overlay Overlay }

// Copy sends a text to the terminal's clipboard.
type Copy struct{ Text string }

// Browse opens an address of the web beside the terminal.
type Browse struct{ URL string }

// Begin begins an act of the place as its key would.
type Begin struct{ Action action.ID }

// Save writes an exported table where the session keeps files.
type Save struct {
	Name string
	Data []byte
}

// Did tells that a change was made. Undo, if not nil, takes it back.
type Did struct {
	Text message.Text
	Undo func() []Event
}

// Changed tells that the acts possible here may have changed.
type Changed struct{}

func (Open) event()    {}
func (Leave) event()   {}
func (Work) event()    {}
func (Say) event()     {}
func (Show) event()    {}
func (Copy) event()    {}
func (Save) event()    {}
func (Did) event()     {}
func (Changed) event() {}

// Overlay is something over the screen that takes all keys until it closes.
type Overlay interface {
	// Key takes a key pressed at the time now; done closes the overlay.
	Key(k tea.KeyPressMsg, now time.Time) (events []Event, done bool)
	Paste(s string) []Event
	// Box draws the overlay, as large as it needs, within w×h cells.
	Box(th *theme.Theme, w, h int) string
	// Cursor is where a text's cursor stands in the box.
	Cursor() (x, y int, ok bool)
}

// Run is Work with types.
func Run[T any](key, job string, do func(ctx context.Context) (T, error), then func(value T, err error) []Event) Work {
	return Work{
		Key: key, Job: job,
		Do: func(ctx context.Context) (any, error) { return do(ctx) },
		Then: func(value any, err error) []Event {
			v, _ := value.(T)
			return then(v, err)
		},
	}
}

// Hide closes an overlay that work begun from it has finished with.
type Hide struct{ Overlay Overlay }

func (Hide) event()   {}
func (Browse) event() {}
func (Begin) event()  {}
