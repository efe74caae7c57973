package widget

import (
	"time"

	"reeve/tui/theme"
)

// ToastLevel is how much a toast matters.
type ToastLevel uint8

// The levels.
const (
	ToastInfo ToastLevel = iota
	ToastGood
	ToastWarning
	ToastDanger
)

// Toast is a short message that goes away by itself.
type Toast struct {
	ID      uint64
	Level   ToastLevel
	Text    string
	Expires time.Time
}

// Toasts is a queue of messages. Every one has an id of its own and is taken
// away by that id only, so a timer set for an old message cannot take a newer
// one away.
type Toasts struct {
	queue []Toast
	last  uint64
}

// Push adds a message that lasts from now for the time given and returns its
// id, for the timer that will call Expire.
func (t *Toasts) Push(level ToastLevel, text string, now time.Time, lasts time.Duration) uint64 {
	t.last++
	t.queue = append(t.queue, Toast{ID: t.last, Level: level, Text: text, Expires: now.Add(lasts)})
	return t.last
}

// Expire takes away the message of the id if its time has come, and tells
// whether it did.
func (t *Toasts) Expire(id uint64, now time.Time) bool {
	for i, toast := range t.queue {
		if toast.ID == id && !now.Before(toast.Expires) {
			t.queue = append(t.queue[:i], t.queue[i+1:]...)
			return true
		}
	}
	return false
}

// Dismiss takes away all messages, when a key was pressed.
func (t *Toasts) Dismiss() { t.queue = nil }

// Current returns the newest message; ok is false without one.
func (t *Toasts) Current() (toast Toast, ok bool) {
	if len(t.queue) == 0 {
		return Toast{}, false
	}
	return t.queue[len(t.queue)-1], true
}

// All returns the messages, oldest first.
func (t *Toasts) All() []Toast { return append([]Toast(nil), t.queue...) }

// Label returns the newest message as the footer says it, with a sign that
// tells its level without colour. It is empty without one.
func (t *Toasts) Label(th *theme.Theme) (text string, role theme.Role) {
	toast, ok := t.Current()
	if !ok {
		return "", theme.Muted
	}
	switch toast.Level {
	case ToastGood:
		return th.Glyphs.Check + " " + toast.Text, theme.Good
	case ToastWarning:
		return th.Glyphs.Warn + " " + toast.Text, theme.Warning
	case ToastDanger:
		return th.Glyphs.Cross + " " + toast.Text, theme.Danger
	case ToastInfo:
		return toast.Text, theme.Muted
	default:
		return toast.Text, theme.Muted
	}
}
