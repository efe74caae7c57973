// Package cast records what a terminal shows, in the form asciicast v2, which every player of such recordings reads: a line of JSON
// that says how large the terminal is, and a line for each thing that was written to it. It records what is shown and how large the
// window is, and never what is typed, because that is where secrets are.
package cast

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"
)

// version is that of the form.
const version = 2

// Header is what a recording says of itself.
type Header struct {
	Width, Height int
	Begun         time.Time
	Title         string
	// Term is the name of the terminal.
	Term string
}

// The kinds of events.
const (
	output = "o"
	resize = "r"
	marker = "m"
)

// ErrFull is a recording that would be longer than one may be.
var ErrFull = errors.New("the recording is as long as one may be")

// Writer writes a recording, a line at a time and each at once, so that what was shown is there even if nothing can be written any
// more in the next moment. It is for one goroutine.
type Writer struct {
	to   io.Writer
	now  func() time.Time
	from time.Time
	last float64
	most int64
	size int64
	// carried are the first bytes of a letter of which the rest has not come yet.
	carried []byte
}

// NewWriter begins a recording of at most so many bytes; now is the clock that times are counted by.
func NewWriter(to io.Writer, h Header, now func() time.Time, most int64) (*Writer, error) {
	w := &Writer{to: to, now: now, from: now(), most: most}
	return w, w.line(struct {
		Version   int               `json:"version"`
		Width     int               `json:"width"`
		Height    int               `json:"height"`
		Timestamp int64             `json:"timestamp"`
		Title     string            `json:"title,omitempty"`
		Env       map[string]string `json:"env,omitempty"`
	}{version, h.Width, h.Height, h.Begun.Unix(), h.Title, map[string]string{"TERM": h.Term}}, most)
}

// Output records what was written to the terminal. Writes may end within a letter; a recording has whole ones.
func (w *Writer) Output(p []byte) error {
	p = append(w.carried, p...)
	whole := len(p) - unfinished(p)
	w.carried = bytes.Clone(p[whole:])
	if whole == 0 {
		return nil
	}
	return w.event(output, string(p[:whole]), w.most)
}

// unfinished is how many bytes at the end are the beginning of a letter.
func unfinished(p []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(p); n++ {
		if b := p[len(p)-n]; utf8.RuneStart(b) {
			if b >= utf8.RuneSelf && !utf8.FullRune(p[len(p)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// Resize records that the window has another size.
func (w *Writer) Resize(width, height int) error {
	return w.event(resize, fmt.Sprintf("%dx%d", width, height), w.most)
}

// Mark records a note; one is short enough to have room even in a recording that is full.
func (w *Writer) Mark(note string) error { return w.event(marker, note, w.most+reserve) }

// reserve is the room for notes beyond the bound, in bytes.
const reserve = 4096

// Size is how many bytes were written.
func (w *Writer) Size() int64 { return w.size }

func (w *Writer) event(kind, data string, most int64) error {
	// A clock that is put back does not take the recording back.
	w.last = max(w.last, float64(w.now().Sub(w.from).Microseconds())/1e6)
	return w.line([]any{json.Number(fmt.Sprintf("%.6f", w.last)), kind, data}, most)
}

func (w *Writer) line(v any, most int64) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("recording: %w", err)
	}
	if w.size+int64(b.Len()) > most {
		return ErrFull
	}
	n, err := w.to.Write(b.Bytes())
	if err == nil && n < b.Len() {
		err = io.ErrShortWrite
	}
	if err != nil {
		return fmt.Errorf("recording: %w", err)
	}
	w.size += int64(n)
	return nil
}

// Event is one thing of a recording.
type Event struct {
	// At is how long after the beginning it was, in seconds.
	At float64
	// Kind is o for output, r for another size of the window, m for a note.
	Kind, Data string
}

// Read reads a recording, and says what of it is not as it should be.
func Read(from io.Reader) (h Header, events []Event, err error) {
	d := json.NewDecoder(from)
	var head struct {
		Version, Width, Height int
		Timestamp              int64
		Title                  string
		Env                    map[string]string
	}
	if err := d.Decode(&head); err != nil {
		return h, nil, fmt.Errorf("reading a recording: %w", err)
	}
	if head.Version != version || head.Width < 1 || head.Height < 1 {
		return h, nil, fmt.Errorf("reading a recording: version %d of %d×%d", head.Version, head.Width, head.Height)
	}
	h = Header{Width: head.Width, Height: head.Height, Begun: time.Unix(head.Timestamp, 0), Title: head.Title, Term: head.Env["TERM"]}
	for {
		var e Event
		parts := []any{&e.At, &e.Kind, &e.Data}
		switch err := d.Decode(&parts); {
		case errors.Is(err, io.EOF):
			return h, events, nil
		case err != nil:
			return h, events, fmt.Errorf("reading a recording: %w", err)
		case len(parts) != 3 || len(events) > 0 && e.At < events[len(events)-1].At:
			return h, events, fmt.Errorf("reading a recording: event %d is none", len(events))
		}
		events = append(events, e)
	}
}
