package overview

import (
	"reeve/tui/paint"
	"reeve/tui/screen"
	"reeve/tui/theme"
)

// row is one line of a section. open is nil for a line that leads nowhere; the cursor passes over it.
type row struct {
	draw func(l *paint.Line)
	open func() []screen.Event
}

// section is a box of rows.
type section struct {
	title, note string
	rows        []row
}

// twoColumns is the width from which sections stand in two columns.
const twoColumns = 108

// drawn is a section as it was drawn last, without the cursor: its lines, with the edges of the box.
type drawn struct {
	lines []string
	// first is the place among all rows that can be opened of the section's first one, and at are the lines of these rows.
	first int
	at    []int
}

// board is the sections laid out in columns, with a cursor over the rows that can be opened.
type board struct {
	sections []section
	cursor   int
	looked   looked
	columns  [][]drawn
	widths   []int
}

// looked is what the drawn sections depend on, beside their content.
type looked struct {
	w      int
	theme  *theme.Theme
	exact  bool
	minute int64
}

// set replaces the sections and keeps the cursor where it can stay.
func (b *board) set(sections []section) {
	b.sections, b.columns = sections, nil
	b.move(0)
}

// rows are those that can be opened, in the order of the cursor.
func (b *board) rows() (open []row) {
	for _, s := range b.sections {
		for _, r := range s.rows {
			if r.open != nil {
				open = append(open, r)
			}
		}
	}
	return open
}

func (b *board) move(by int) {
	b.cursor = max(0, min(b.cursor+by, len(b.rows())-1))
}

// open does what the row under the cursor leads to.
func (b *board) open() []screen.Event {
	if rows := b.rows(); b.cursor < len(rows) {
		return rows[b.cursor].open()
	}
	return nil
}

// layout draws the sections for a width: the first half of them in the left column if there are two.
func (b *board) layout(now looked) {
	if b.columns != nil && b.looked == now {
		return
	}
	b.looked, b.widths = now, []int{now.w}
	if now.w >= twoColumns {
		left := now.w * 11 / 20
		b.widths = []int{left, now.w - left}
	}
	b.columns = make([][]drawn, len(b.widths))
	first, height, total := 0, 0, 0
	for _, s := range b.sections {
		total += len(s.rows) + 3
	}
	for _, s := range b.sections {
		column := 0
		if len(b.widths) == 2 && height > 0 && height+len(s.rows)/2 >= total/2 {
			column = 1
		}
		height += len(s.rows) + 3
		d := s.drawIn(now.theme, b.widths[column])
		d.first = first
		first += len(d.at)
		b.columns[column] = append(b.columns[column], d)
	}
}

// inner is the room for a row in a column: the box stands one cell in, and has an edge and a space on either side.
func inner(column int) int { return column - 6 }

func (s section) drawIn(th *theme.Theme, w int) drawn {
	d := drawn{}
	lines := make([]string, len(s.rows))
	for i, r := range s.rows {
		l := paint.NewLine(th, inner(w)).Gap(2)
		r.draw(l)
		lines[i] = l.String()
		if r.open != nil {
			d.at = append(d.at, i+1)
		}
	}
	d.lines = append(paint.Lines(paint.Box(th, s.title, s.note, lines, w-2)), "")
	for i := range d.lines {
		d.lines[i] = " " + d.lines[i]
	}
	return d
}

// view draws the columns in h lines, scrolled to where the cursor is.
func (b *board) view(now looked, h int) string {
	b.layout(now)
	blocks := make([]string, len(b.columns))
	for i, column := range b.columns {
		var lines []string
		at := -1
		for _, d := range column {
			if n := b.cursor - d.first; n >= 0 && n < len(d.at) {
				at = len(lines) + d.at[n]
			}
			lines = append(lines, d.lines...)
		}
		top := 0
		if at >= 0 {
			top = max(0, min(at-h/2, len(lines)-1-h)) // the last line is the empty one behind the last box
			lines[at] = b.selected(now.theme, b.widths[i])
		}
		blocks[i] = paint.Sized(lines[min(top, len(lines)):], b.widths[i], h)
	}
	if len(blocks) == 1 {
		return blocks[0]
	}
	return paint.Beside(blocks, b.widths)
}

// selected is the line of the row under the cursor, with the edges of its box.
func (b *board) selected(th *theme.Theme, w int) string {
	g := th.Glyphs
	l := paint.NewLine(th, inner(w)).On(theme.Selected).Text(theme.Bar, g.Bar).Gap(1)
	b.rows()[b.cursor].draw(l)
	edge := paint.NewLine(th, 2).Text(theme.Line, g.BoxV).Gap(1).String()
	end := paint.NewLine(th, 2).Gap(1).Text(theme.Line, g.BoxV).String()
	return " " + edge + l.Fill(theme.Blank, " ").String() + end
}
