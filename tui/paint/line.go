// Package paint turns text and roles into lines of an exact cell width. It is
// the only place where text from outside meets escape sequences: every text
// is cleaned, measured in cells and clipped here, so a line can never be
// wider than asked and never carry a sequence that is not ours.
package paint

import (
	"reeve/tui/theme"
)

// Align says where a text stands in its cell.
type Align uint8

// The alignments. Numbers stand right.
const (
	Left Align = iota
	Right
	Center
)

// The ellipsis of every glyph set is one cell wide.
const ellipsisWidth = 1

// Line builds one line of exactly its width in cells. A Line may be reused
// with Reset; what it returned before stays valid. Use by one goroutine.
type Line struct {
	th      *theme.Theme
	buf     []byte
	width   int
	used    int
	surface theme.Surface
	open    string
	// bare tells that a space in the style that is open looks like an empty
	// cell of the surface.
	bare bool
}

// NewLine starts a line w cells wide; a w below zero counts as zero.
func NewLine(th *theme.Theme, w int) *Line {
	l := &Line{th: th}
	l.Reset(w)
	return l
}

// Reset empties the line and gives it a width, keeping its memory.
func (l *Line) Reset(w int) *Line {
	l.buf = l.buf[:0]
	l.start(w)
	return l
}

func (l *Line) start(w int) {
	l.width, l.used = max(w, 0), 0
	l.surface, l.open, l.bare = theme.Plain, theme.Reset, true
}

// On draws what follows on the surface, up to and including the fill.
func (l *Line) On(s theme.Surface) *Line {
	l.surface, l.bare = s, false
	return l
}

// Theme returns the theme the line is drawn with.
func (l *Line) Theme() *theme.Theme { return l.th }

// Room returns how many cells are still free.
func (l *Line) Room() int { return l.width - l.used }

// Used returns how many cells are taken, which is the column of what follows.
func (l *Line) Used() int { return l.used }

// Text adds s, cleaned, and cut with an ellipsis where the line ends.
func (l *Line) Text(r theme.Role, s string) *Line {
	l.fitted(r, s, l.Room())
	return l
}

// Clip adds s like Text, in at most w cells.
func (l *Line) Clip(r theme.Role, s string, w int) *Line {
	l.fitted(r, s, min(w, l.Room()))
	return l
}

// Cell adds s in exactly w cells, or in what is left of the line.
func (l *Line) Cell(r theme.Role, s string, w int, a Align) *Line {
	return l.CellMatch(r, s, w, a, nil)
}

// CellMatch adds s like Cell and draws every part that equals one of the
// terms, without regard to case, as a match.
func (l *Line) CellMatch(r theme.Role, s string, w int, a Align, terms []string) *Line {
	w = min(w, l.Room())
	if w <= 0 {
		return l
	}
	f := fit(s, w)
	free := w - f.width
	if f.cut {
		free -= ellipsisWidth
	}
	before := 0
	switch a {
	case Right:
		before = free
	case Center:
		before = free / 2
	case Left:
	}
	l.Gap(before)
	l.matched(r, f.text, terms)
	l.used += f.width
	if f.cut {
		l.raw(r, l.th.Glyphs.Ellipsis)
		l.used += ellipsisWidth
	}
	return l.Gap(free - before)
}

// Gap adds n empty cells, or fewer where the line ends.
func (l *Line) Gap(n int) *Line {
	if !l.bare {
		return l.Repeat(theme.Blank, " ", n)
	}
	n = min(n, l.Room())
	for range n {
		l.buf = append(l.buf, ' ')
	}
	l.used += max(n, 0)
	return l
}

// To adds empty cells up to the column, counted from 0. It does nothing when
// the line is already there.
func (l *Line) To(column int) *Line { return l.Gap(column - l.used) }

// Repeat adds a glyph of one cell n times, or fewer where the line ends.
func (l *Line) Repeat(r theme.Role, glyph string, n int) *Line {
	n = min(n, l.Room())
	if n <= 0 {
		return l
	}
	l.switchTo(r)
	for range n {
		l.buf = append(l.buf, glyph...)
	}
	l.used += n
	return l
}

// Right puts s at the right end of the line with at least one empty cell
// before it. It cuts s when there is little room and leaves it out when there
// is hardly any.
func (l *Line) Right(r theme.Role, s string) *Line {
	const least = 4
	room := l.Room() - 1
	if l.used == 0 {
		room = l.Room()
	}
	w := Width(s)
	if w > room && room < least {
		return l
	}
	l.To(l.width - min(w, room))
	return l.Text(r, s)
}

// Fill takes what is left of the line with the glyph in the role.
func (l *Line) Fill(r theme.Role, glyph string) *Line { return l.Repeat(r, glyph, l.Room()) }

// String returns the line, filled with empty cells to its width.
func (l *Line) String() string {
	l.finish()
	return string(l.buf)
}

// Append adds the finished line to dst; it saves a copy where many lines make
// one frame.
func (l *Line) Append(dst []byte) []byte {
	l.finish()
	return append(dst, l.buf...)
}

func (l *Line) finish() {
	if l.surface == theme.Plain && l.open != theme.Reset && l.Room() > 0 {
		// The end of a line in no style is what the renderer can clear in one step.
		l.buf = append(l.buf, theme.Reset...)
		l.open, l.bare = theme.Reset, true
	}
	l.Gap(l.Room())
	if l.open != theme.Reset {
		l.buf = append(l.buf, theme.Reset...)
		l.open = theme.Reset
	}
}

// fitted adds s in at most w cells.
func (l *Line) fitted(r theme.Role, s string, w int) {
	if w <= 0 || s == "" {
		return
	}
	f := fit(s, w)
	l.raw(r, f.text)
	l.used += f.width
	if f.cut {
		l.raw(r, l.th.Glyphs.Ellipsis)
		l.used += ellipsisWidth
	}
}

// raw adds text that is clean and fits, without counting its cells.
func (l *Line) raw(r theme.Role, s string) {
	if s == "" {
		return
	}
	l.switchTo(r)
	l.buf = append(l.buf, s...)
}

func (l *Line) switchTo(r theme.Role) {
	open := l.th.Open(r, l.surface)
	if open == l.open {
		l.bare = l.th.Bare(r)
		return
	}
	l.buf = append(l.buf, open...)
	l.open, l.bare = open, l.th.Bare(r)
}

// matched adds clean text with its matches drawn as such.
func (l *Line) matched(r theme.Role, s string, terms []string) {
	for s != "" && len(terms) > 0 {
		from, to := firstMatch(s, terms)
		if from < 0 {
			break
		}
		l.raw(r, s[:from])
		l.raw(theme.Match, s[from:to])
		s = s[to:]
	}
	l.raw(r, s)
}
